package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newConversations() *cobra.Command {
	c := &cobra.Command{
		Use:   "conversations",
		Short: "Start conversations and answer on a running server",
		Args:  cobra.NoArgs,
		RunE:  showHelp,
	}
	clientFlags(c)
	c.AddCommand(newConversationsStart(), newConversationsReply())
	return c
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
			server, err := dial(c)
			if err != nil {
				return err
			}
			conversation, err := server.Conversations.Start(c.Context(), n)
			if err != nil {
				return unreachable(err)
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
	if asJSON, _ := c.Flags().GetBool("json"); asJSON {
		return printJSON(c.OutOrStdout(), conversation)
	}
	said := "Conversation %d is being started.\n"
	if conversation.RemoteID != nil {
		said = "Conversation %d is there already.\n"
	}
	_, err := fmt.Fprintf(c.OutOrStdout(), said, conversation.ID)
	return err
}
