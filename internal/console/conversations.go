package console

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newConversations() *cobra.Command {
	c := &cobra.Command{
		Use:   "conversations",
		Short: "List, show and start conversations",
		Args:  cobra.NoArgs,
		RunE:  ShowHelp,
	}
	clientFlags(c)
	reply := newReply()
	reply.Hidden = true // where it stood before
	c.AddCommand(newConversationsList(), newConversationsShow(), newConversationsStart(), reply)
	return c
}

// forever is the limit of a list that has none.
const forever = 0

func newConversationsList() *cobra.Command {
	var f filters
	var labels labelFlags
	var sort string
	var limit int
	c := &cobra.Command{
		Use:   "list",
		Short: "List conversations",
		Example: "  sellerdesk conversations list --overdue --kind review\n" +
			"  sellerdesk conversations list --needs-answer --account 2 --json",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			q, err := f.query(c)
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			if err := labels.narrow(c, server, &q); err != nil {
				return Unreachable(err)
			}
			q.Sort, q.Limit = sort, 200
			if limit > forever && limit < q.Limit {
				q.Limit = limit
			}
			return printList(c, server.Conversations.All(c.Context(), q), limit,
				[]string{"ID", "KIND", "CHANNEL", "BUYER", "STARS", "WAITS SINCE", "DUE", "LAST WORD"}, conversationCells)
		},
	}
	f.offer(c)
	labels.offer(c)
	c.Flags().StringVar(&sort, "sort", "updated", "updated: newest last message first; waiting: nearest deadline first")
	c.Flags().IntVar(&limit, "limit", 50, "how many at most; 0 for all")
	_ = c.RegisterFlagCompletionFunc("sort", cobra.FixedCompletions([]string{"updated", "waiting"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func conversationCells(v sellerdesk.Conversation) []string {
	stars, last := "-", "-"
	if v.Rating != nil {
		stars = strconv.Itoa(*v.Rating)
	}
	if m := v.LastMessage; m != nil {
		last = Cell(m.Text, 60)
	}
	return []string{
		digits(v.ID), string(v.Kind), string(v.Channel), Cell(string(v.BuyerName), 30), stars, day(v.WaitingSince), day(v.DueAt), last,
	}
}

// conversationID reads the number of a conversation.
func conversationID(s string) (sellerdesk.ConversationID, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a conversation, as sellerdesk conversations list tells it.", s)
	}
	return sellerdesk.ConversationID(id), nil
}

// shownConversation is a conversation and its newest messages, the oldest first.
type shownConversation struct {
	Conversation sellerdesk.Conversation `json:"conversation"`
	Messages     []sellerdesk.Message    `json:"messages"`
}

func newConversationsShow() *cobra.Command {
	var most int
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show a conversation with its newest messages",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := conversationID(args[0])
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			shown := shownConversation{Messages: []sellerdesk.Message{}}
			if shown.Conversation, err = server.Conversations.Get(c.Context(), id); err != nil {
				return Unreachable(err)
			}
			for m, err := range server.Messages.All(c.Context(), id) {
				if err != nil {
					return Unreachable(err)
				}
				if len(shown.Messages) == most && most > forever {
					break
				}
				shown.Messages = append(shown.Messages, m)
			}
			slices.Reverse(shown.Messages)
			return PrintOne(c, shown, shown.print)
		},
	}
	c.Flags().IntVar(&most, "messages", 20, "how many of the newest messages; 0 for all")
	return c
}

func (s shownConversation) print(w io.Writer) error {
	v := s.Conversation
	fmt.Fprintf(w, "%s %d, %s, cabinet %d, buyer %s\n", v.Kind, v.ID, v.Channel, v.Account, Cell(string(v.BuyerName), 60))
	if v.Product != nil {
		fmt.Fprintf(w, "about %s (%s)\n", Cell(string(v.Product.Name), 100), Cell(string(v.Product.ID), 60))
	}
	if v.Order != "" {
		fmt.Fprintf(w, "order %s\n", Cell(string(v.Order), 60))
	}
	if v.Rating != nil {
		fmt.Fprintf(w, "%d stars\n", *v.Rating)
	}
	if v.NeedsAnswer {
		fmt.Fprintf(w, "waits since %s, due %s\n", day(v.WaitingSince), day(v.DueAt))
	}
	can := make([]string, 0, len(v.Can))
	for _, a := range v.Can {
		if a.Reason == "" {
			can = append(can, string(a.Action))
		}
	}
	fmt.Fprintf(w, "can: %s\n", Cell(strings.Join(can, ", "), 0))
	for _, m := range s.Messages {
		at := m.At
		fmt.Fprintf(w, "\n%s  %s  %s\n%s\n", day(&at), m.Author, m.Status, safe(m.Text))
		for _, file := range m.Files {
			fmt.Fprintf(w, "[file %d %s]\n", file.ID, Cell(string(file.Name), 100))
		}
	}
	return nil
}

func newConversationsStart() *cobra.Command {
	var n client.NewConversation
	c := &cobra.Command{
		Use:   "start",
		Short: "Start a conversation with a buyer, or find the one there is",
		Long: "Start a conversation with the buyer of an order or a return, or with a person in a messenger, where the channel lets sellers begin. " +
			"One that is there already is found instead.",
		Example: "  sellerdesk conversations start --account 2 --order 7206821\n" +
			"  sellerdesk conversations start --account 3 --source 10 --phone \"+7 999 000-00-01\"",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			conversation, err := server.Conversations.Start(c.Context(), n)
			if err != nil {
				return Unreachable(err)
			}
			return printStarted(c, conversation)
		},
	}
	c.Flags().Int64Var((*int64)(&n.Account), "account", 0, "number of the cabinet, see sellerdesk accounts list")
	c.Flags().StringVar(&n.Order, "order", "", "number of the order")
	c.Flags().StringVar(&n.Return, "return", "", "number of the return")
	_ = c.MarkFlagRequired("account") // it is defined above
	c.Flags().StringVar((*string)(&n.Source), "source", "", "number of the source in a messenger, see sellerdesk accounts sources")
	c.Flags().StringVar(&n.Phone, "phone", "", "phone number of the person, with --source")
	c.Flags().StringVar(&n.Username, "username", "", "user name of the person, with --source")
	c.Flags().Int64Var((*int64)(&n.Contact), "contact", 0, "number of the person here, where it is known who that is")
	c.MarkFlagsOneRequired("order", "return", "phone", "username")
	c.MarkFlagsMutuallyExclusive("order", "return", "phone", "username")
	c.MarkFlagsMutuallyExclusive("order", "source")
	c.MarkFlagsMutuallyExclusive("return", "source")
	return c
}

func printStarted(c *cobra.Command, conversation sellerdesk.Conversation) error {
	return PrintOne(c, conversation, func(w io.Writer) error {
		said := "Conversation %d is being started.\n"
		if conversation.RemoteID != nil {
			said = "Conversation %d is there already.\n"
		}
		_, err := fmt.Fprintf(w, said, conversation.ID)
		return err
	})
}
