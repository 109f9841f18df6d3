package console

import (
	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
)

// accountTemplate is a template and the cabinet it is of.
type accountTemplate struct {
	Account sellerdesk.AccountID `json:"account"`
	sellerdesk.RemoteTemplate
}

func newTemplates() *cobra.Command {
	var accounts []int64
	var source string
	var anew bool
	c := &cobra.Command{
		Use:   "templates",
		Short: "List the texts that messengers approved, of all cabinets",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			ids := accountIDs(accounts)
			if len(ids) == 0 {
				all, err := server.Accounts.List(c.Context())
				if err != nil {
					return Unreachable(err)
				}
				for _, a := range all {
					ids = append(ids, a.ID)
				}
			}
			var list []accountTemplate
			for _, id := range ids {
				some, err := server.Accounts.Templates(c.Context(), id, sellerdesk.RemoteID(source), anew)
				if err != nil {
					return Unreachable(err)
				}
				for _, t := range some {
					list = append(list, accountTemplate{id, t})
				}
			}
			return printList(c, each(list), forever, append([]string{"CABINET"}, templateHeads()...), func(t accountTemplate) []string {
				return append([]string{digits(t.Account)}, templateCells(t.RemoteTemplate)...)
			})
		},
	}
	clientFlags(c)
	c.Flags().Int64SliceVar(&accounts, "account", nil, "only those of these cabinets")
	c.Flags().StringVar(&source, "source", "", "only those of this source, see sellerdesk accounts sources")
	c.Flags().BoolVar(&anew, "anew", false, "ask the messenger first")
	_ = c.RegisterFlagCompletionFunc("account", completeAccounts)
	return c
}

func templateHeads() []string {
	return []string{"TEMPLATE", "LANGUAGE", "SOURCE", "STATUS", "VARIABLES", "TEXT"}
}

func templateCells(t sellerdesk.RemoteTemplate) []string {
	return []string{t.Name, t.Language, string(t.Source), string(t.Status), digits(int64(len(t.Variables))), Cell(t.Body, 60)}
}
