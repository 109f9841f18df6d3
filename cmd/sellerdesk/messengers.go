package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
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
			server, err := dial(c)
			if err != nil {
				return err
			}
			account, err := server.Accounts.Get(c.Context(), id)
			if err != nil {
				return unreachable(err)
			}
			sources := append([]sellerdesk.Source{}, account.Identity.Sources...)
			if asJSON, _ := c.Flags().GetBool("json"); asJSON {
				return printJSON(c.OutOrStdout(), sources)
			}
			return printSources(c.OutOrStdout(), sources)
		},
	}
}

func printSources(w io.Writer, sources []sellerdesk.Source) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "SOURCE\tNAME\tMESSENGER\tSTARTED BY\tTEMPLATES")
	for _, s := range sources {
		by := make([]string, len(s.By))
		for i, way := range s.By {
			by[i] = string(way)
		}
		templates := "no"
		if s.Templates {
			templates = "yes"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", s.ID, cmp.Or(s.Name, "-"), s.Network, cmp.Or(strings.Join(by, ", "), "the buyer"), templates)
	}
	return t.Flush()
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
			server, err := dial(c)
			if err != nil {
				return err
			}
			list, err := server.Accounts.Templates(c.Context(), id, sellerdesk.RemoteID(source), anew)
			if err != nil {
				return unreachable(err)
			}
			if asJSON, _ := c.Flags().GetBool("json"); asJSON {
				return printJSON(c.OutOrStdout(), list)
			}
			return printTemplates(c.OutOrStdout(), list)
		},
	}
	c.Flags().StringVar(&source, "source", "", "only those of this source, see sellerdesk accounts sources")
	c.Flags().BoolVar(&anew, "anew", false, "ask the messenger first")
	return c
}

func printTemplates(w io.Writer, list []sellerdesk.RemoteTemplate) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "TEMPLATE\tLANGUAGE\tSOURCE\tSTATUS\tVARIABLES\tTEXT")
	for _, one := range list {
		first, _, _ := strings.Cut(one.Body, "\n")
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%.60s\n", one.Name, one.Language, one.Source, one.Status, len(one.Variables), first)
	}
	return t.Flush()
}

func newConversationsReply() *cobra.Command {
	var n client.NewMessage
	var template sellerdesk.TemplateUse
	c := &cobra.Command{
		Use:   "reply ID",
		Short: "Answer a buyer, with a text or with a template that the messenger approved",
		Example: "  sellerdesk conversations reply 7 --text \"It is on its way\"\n" +
			"  sellerdesk conversations reply 7 --template order_ready --language ru --variable Анна --variable 12345",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a conversation.", args[0])
			}
			if template.Name != "" {
				n.Template = &template
			}
			server, err := dial(c)
			if err != nil {
				return err
			}
			m, err := server.Messages.Post(c.Context(), sellerdesk.ConversationID(id), n)
			if err != nil {
				return unreachable(err)
			}
			if asJSON, _ := c.Flags().GetBool("json"); asJSON {
				return printJSON(c.OutOrStdout(), m)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "Message %d is %s:\n%s\n", m.ID, m.Status, m.Text)
			return err
		},
	}
	c.Flags().StringVar(&n.Text, "text", "", "what to say")
	c.Flags().StringVar(&template.Name, "template", "", "name of a template, see sellerdesk accounts templates")
	c.Flags().StringVar(&template.Language, "language", "", "language of the template, where it has several")
	c.Flags().StringArrayVar(&template.Variables, "variable", nil, "value of a variable of the template, in their order")
	c.MarkFlagsOneRequired("text", "template")
	c.MarkFlagsMutuallyExclusive("text", "template")
	return c
}
