package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/config"
)

// maxCredential bounds a credential that is read from the standard input.
const maxCredential = 64 << 10

func newAccounts(drivers []channel.Driver) *cobra.Command {
	c := &cobra.Command{
		Use:   "accounts",
		Short: "Add, list, pause and remove seller cabinets of a running server",
		Args:  cobra.NoArgs,
		RunE:  ShowHelp,
	}
	clientFlags(c)
	c.AddCommand(newAccountsAdd(drivers), newAccountsList(),
		newAccountChange("pause", "Stop reading and sending of a cabinet until resume", (*client.Accounts).Pause),
		newAccountChange("resume", "Let a cabinet go on", (*client.Accounts).Resume),
		newAccountsRepair(), newAccountsSources(), newAccountsTemplates(), newAccountsRemove())
	return c
}

// clientFlags gives a group of commands the flags of those that ask a running
// server.
func clientFlags(c *cobra.Command) {
	for _, s := range []string{config.Server, config.APIKey} {
		set := config.Find(s)
		c.PersistentFlags().String(set.Flag(), set.Default, fmt.Sprintf("%s (%s)", ClientUsage(set), set.Variable()))
	}
	c.PersistentFlags().Bool("json", false, "answer in JSON")
}

// ClientUsage says what a setting is to a command that asks a server.
func ClientUsage(s config.Setting) string {
	if s.Name == config.APIKey {
		return "key of the running Sellerdesk"
	}
	return s.Usage
}

// Dial makes the client of the server that the flags name.
func Dial(c *cobra.Command) (*client.Client, error) {
	set, err := Load(c)
	if err != nil {
		return nil, err
	}
	if set.APIKey == "" {
		key := config.Find(config.APIKey)
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The key of the server is needed: --%s or %s.", key.Flag(), key.Variable())
	}
	return client.New(set.Server, set.APIKey.Reveal(), client.WithUserAgent("sellerdesk/"+ThisBuild().Version))
}

// newAccountsAdd has a command for each channel, with the fields of its form
// as flags.
func newAccountsAdd(drivers []channel.Driver) *cobra.Command {
	add := &cobra.Command{Use: "add", Short: "Add a cabinet; its credentials are proved first", Args: cobra.NoArgs, RunE: ShowHelp}
	for _, d := range drivers {
		add.AddCommand(newAddTo(d))
	}
	return add
}

func newAddTo(d channel.Driver) *cobra.Command {
	var name, base string
	values := map[string]*string{}
	c := &cobra.Command{
		Use:   string(d.Kind),
		Short: "Add a cabinet of " + d.Title,
		Long:  "Add a cabinet of " + d.Title + ". A secret given as - is read from the standard input, so that it stays out of the history of the shell.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			credentials := map[string]sellerdesk.Secret{}
			for field, value := range values {
				secret, err := credential(*value, c.InOrStdin())
				if err != nil {
					return err
				}
				credentials[field] = secret
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			a, err := server.Accounts.Add(c.Context(), client.NewAccount{Channel: d.Kind, Name: name, BaseURL: base, Credentials: credentials})
			if err != nil {
				return Unreachable(err)
			}
			if err := printAccounts(c, a); err != nil {
				return err
			}
			return printPushAddress(c, server, a)
		},
	}
	for _, f := range d.Fields {
		values[f.Name] = c.Flags().String(f.Name, "", f.Title["en"]+". "+f.Help["en"])
	}
	c.Flags().StringVar(&name, "name", "", "name of the cabinet as people here see it (default: its own name)")
	c.Flags().StringVar(&base, "base-url", "", "base address in place of the real one, as of the sandbox")
	return c
}

// credential gives the value of a flag, or what stands on the standard input
// for "-".
func credential(value string, stdin io.Reader) (sellerdesk.Secret, error) {
	if value != "-" {
		return sellerdesk.Secret(value), nil
	}
	b, err := io.ReadAll(io.LimitReader(stdin, maxCredential))
	if err != nil {
		return "", fmt.Errorf("read the secret: %w", err)
	}
	return sellerdesk.Secret(strings.TrimSpace(string(b))), nil
}

func newAccountsList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the cabinets",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			accounts, err := server.Accounts.List(c.Context())
			if err != nil {
				return Unreachable(err)
			}
			return printAccounts(c, accounts...)
		},
	}
}

func newAccountChange(name, short string, change func(*client.Accounts, context.Context, sellerdesk.AccountID) (sellerdesk.Account, error)) *cobra.Command {
	return &cobra.Command{
		Use:   name + " ID",
		Short: short,
		Args:  cobra.ExactArgs(1),

		ValidArgsFunction: oneAccount,
		RunE: func(c *cobra.Command, args []string) error {
			id, err := accountID(args[0])
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			a, err := change(server.Accounts, c.Context(), id)
			if err != nil {
				return Unreachable(err)
			}
			return printAccounts(c, a)
		},
	}
}

func newAccountsRemove() *cobra.Command {
	var sure bool
	c := &cobra.Command{
		ValidArgsFunction: oneAccount,

		Use:   "remove ID",
		Short: "Forget a cabinet with all its conversations; it cannot be undone",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := accountID(args[0])
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			a, err := server.Accounts.Get(c.Context(), id)
			if err != nil {
				return Unreachable(err)
			}
			if !sure && !agreed(c, a) {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Nothing was removed.")
			}
			return Unreachable(server.Accounts.Remove(c.Context(), id))
		},
	}
	c.Flags().BoolVar(&sure, "yes", false, "do not ask")
	return c
}

// agreed asks a person who sits before a terminal; a script has decided.
func agreed(c *cobra.Command, a sellerdesk.Account) bool {
	if !Terminal(c.InOrStdin()) {
		return true
	}
	fmt.Fprintf(c.ErrOrStderr(), "Forget %s with all its conversations? Type its name to agree: ", a.Name)
	line, err := bufio.NewReader(c.InOrStdin()).ReadString('\n')
	return err == nil && strings.TrimSpace(line) == a.Name
}

func accountID(text string) (sellerdesk.AccountID, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is no number of a cabinet; see sellerdesk accounts list.", text)
	}
	return sellerdesk.AccountID(id), nil
}

func printAccounts(c *cobra.Command, accounts ...sellerdesk.Account) error {
	return printList(c, each(accounts), forever, []string{"ID", "CHANNEL", "NAME", "STATE", "TOKEN", "UNTIL", "NOTE"}, func(a sellerdesk.Account) []string {
		until, token := "-", a.Identity.Token
		if a.Identity.Expires != nil {
			until = a.Identity.Expires.Format(time.DateOnly)
		}
		if a.Identity.ReadOnly {
			token += ", read-only"
		}
		return []string{digits(a.ID), string(a.Channel), a.Name, string(a.State), token, until, string(a.Reason)}
	})
}

// printPushAddress tells a person where the remote side is to push; a program finds
// it in the account. The answer to a write may have left it out.
func printPushAddress(c *cobra.Command, server *client.Client, a sellerdesk.Account) error {
	if asJSON, _ := c.Flags().GetBool("json"); asJSON || a.Push == nil {
		return nil
	}
	set, err := Load(c)
	if err != nil {
		return err
	}
	if a, err = server.Accounts.Get(c.Context(), a.ID); err != nil || a.Push == nil {
		return Unreachable(err)
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "\nPush address (a secret of this account): %s%s\n", strings.TrimRight(set.Server, "/"), a.Push.Address)
	return err
}

func digits[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// Unreachable makes a sentence of a server that does not answer; refusals have
// their own.
func Unreachable(err error) error {
	var refused *client.Error
	if err == nil || sellerdesk.CodeOf(err) != sellerdesk.CodeInternal || errors.As(err, &refused) || errors.Is(err, context.Canceled) {
		return err
	}
	return sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The server does not answer (%v). Is it running, and is --server its address?", Cause(err)).Because(err)
}
