package console

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newContacts() *cobra.Command {
	c := &cobra.Command{
		Use:   "contacts",
		Short: "Look at the people behind conversations, merge and unmerge them",
		Args:  cobra.NoArgs,
		RunE:  ShowHelp,
	}
	clientFlags(c)
	c.AddCommand(newContactsList(), newContactsShow(), newContactsExport(),
		newContactsPair("merge INTO FROM", "Say that FROM is the same person as INTO; unmerge takes it back whole", (*client.Contacts).Merge),
		newContactsPair("unmerge PERSON CONTACT", "Take a contact out of a person again", (*client.Contacts).Unmerge))
	return c
}

func contactID(s string) (sellerdesk.ContactID, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a person, as sellerdesk contacts list tells it.", s)
	}
	return sellerdesk.ContactID(id), nil
}

func newContactsList() *cobra.Command {
	var q client.ContactQuery
	var limit int
	c := &cobra.Command{
		Use:   "list",
		Short: "List people: those who wait for us first, then by the newest word",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			q.Limit = 200
			if limit > forever && limit < q.Limit {
				q.Limit = limit
			}
			return printList(c, server.Contacts.All(c.Context(), q), limit,
				[]string{"PERSON", "NAME", "WAITS", "CONVERSATIONS", "LAST WORD", "KNOWN BY"}, contactCells)
		},
	}
	c.Flags().BoolVar(&q.Waiting, "waiting", false, "only those who wait for us")
	c.Flags().StringVar(&q.Phone, "phone", "", "only the one it belongs to, in any spelling")
	c.Flags().IntVar(&limit, "limit", 50, "how many at most; 0 for all")
	return c
}

func contactCells(p sellerdesk.Contact) []string {
	return []string{
		digits(p.ID), Cell(string(p.Name), 40), strconv.Itoa(p.Unanswered), strconv.Itoa(p.ConversationCount), day(p.LastAt), known(p),
	}
}

// known says what a person is known by, the first few.
func known(p sellerdesk.Contact) string {
	const few = 3
	var said []string
	for _, i := range p.Identities[:min(few, len(p.Identities))] {
		said = append(said, identity(i))
	}
	if len(p.Identities) > few {
		said = append(said, "…")
	}
	return cmp.Or(strings.Join(said, ", "), "-")
}

func identity(i sellerdesk.ContactIdentity) string {
	switch i.Kind {
	case sellerdesk.IdentityPhone:
		return "+" + i.Value
	case sellerdesk.IdentityUsername:
		return "@" + i.Value + " (" + string(i.Network) + ")"
	default:
		return string(i.Kind) + " " + i.Value
	}
}

func newContactsShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show PERSON",
		Short: "Show one person with conversations and suggestions",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := contactID(args[0])
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			p, err := server.Contacts.Get(c.Context(), id)
			if err != nil {
				return Unreachable(err)
			}
			return showContact(c, p)
		},
	}
}

func showContact(c *cobra.Command, p sellerdesk.Contact) error {
	return PrintOne(c, p, func(w io.Writer) error { return describeContact(w, p) })
}

func describeContact(out io.Writer, p sellerdesk.Contact) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "person\t%d\t%s\n", p.ID, Cell(string(p.Name), 0))
	for _, i := range p.Identities {
		fmt.Fprintf(w, "known by\t%s\t\n", Cell(identity(i), 0))
	}
	for _, m := range p.Merged {
		fmt.Fprintf(w, "merged in\t%d\t%s\n", m.ID, Cell(string(m.Name), 0))
	}
	for _, s := range p.Suggestions {
		fmt.Fprintf(w, "may be\t%d\t%s: %s\n", s.Contact, Cell(string(s.Name), 0), Cell(fmt.Sprint(s.Evidence), 0))
	}
	for _, v := range p.Conversations {
		fmt.Fprintf(w, "conversation\t%d\t%s, %s\n", v.ID, v.Channel, v.Kind)
	}
	if more := p.ConversationCount - len(p.Conversations); more > 0 {
		fmt.Fprintf(w, "\t\tand %d older\n", more)
	}
	return w.Flush()
}

func newContactsPair(use, short string, verb func(*client.Contacts, context.Context, sellerdesk.ContactID, sellerdesk.ContactID) (sellerdesk.Contact, error)) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			first, err := contactID(args[0])
			if err != nil {
				return err
			}
			second, err := contactID(args[1])
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			p, err := verb(server.Contacts, c.Context(), first, second)
			if err != nil {
				return Unreachable(err)
			}
			return showContact(c, p)
		},
	}
}

func newContactsExport() *cobra.Command {
	return &cobra.Command{
		Use:   "export PERSON",
		Short: "Write all that is kept of one contact as JSON",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := contactID(args[0])
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			return Unreachable(server.Contacts.Export(c.Context(), id, c.OutOrStdout()))
		},
	}
}
