package console

import (
	"cmp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
)

func newAccountsSources() *cobra.Command {
	return &cobra.Command{
		Use:   "sources ID",
		Short: "List the ways of a cabinet into messengers",
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
			account, err := server.Accounts.Get(c.Context(), id)
			if err != nil {
				return Unreachable(err)
			}
			sources := account.Identity.Sources
			return printList(c, each(sources), forever, []string{"SOURCE", "NAME", "MESSENGER", "STARTED BY", "TEMPLATES"}, sourceCells)
		},
	}
}

func sourceCells(s sellerdesk.Source) []string {
	by := make([]string, len(s.By))
	for i, way := range s.By {
		by[i] = string(way)
	}
	templates := "no"
	if s.Templates {
		templates = "yes"
	}
	return []string{string(s.ID), s.Name, string(s.Network), cmp.Or(strings.Join(by, ", "), "the buyer"), templates}
}

func newAccountsTemplates() *cobra.Command {
	var source string
	var anew bool
	c := &cobra.Command{
		Use:   "templates ID",
		Short: "List the texts that the messengers of a cabinet approved",
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
			list, err := server.Accounts.Templates(c.Context(), id, sellerdesk.RemoteID(source), anew)
			if err != nil {
				return Unreachable(err)
			}
			return printList(c, each(list), forever, templateHeads(), templateCells)
		},
	}
	c.Flags().StringVar(&source, "source", "", "only those of this source, see sellerdesk accounts sources")
	c.Flags().BoolVar(&anew, "anew", false, "ask the messenger first")
	return c
}
