package console

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
)

// completionTime bounds how long the shell waits for what a server knows.
const completionTime = 2 * time.Second

// completeFilters lets the shell offer the values of flags.
func completeFilters(c *cobra.Command) {
	words := map[string][]string{"status": {"open", "snoozed", "closed", "archived"}}
	for _, k := range sellerdesk.Kinds() {
		words["kind"] = append(words["kind"], string(k))
	}
	for flag, values := range words {
		_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // it is defined
	}
	_ = c.RegisterFlagCompletionFunc("account", completeAccounts)
}

// completeAccounts offers the cabinets of the server that the flags and
// variables name; nothing when it does not answer.
func completeAccounts(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	ctx, cancel := context.WithTimeout(cmp.Or(c.Context(), context.Background()), completionTime)
	defer cancel()
	server, err := Dial(c)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	accounts, err := server.Accounts.List(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, a := range accounts {
		out = append(out, fmt.Sprintf("%d\t%s, %s", a.ID, Cell(a.Name, 40), a.Channel))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// oneAccount offers cabinets for the only argument of a command.
func oneAccount(c *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeAccounts(c, args, toComplete)
}
