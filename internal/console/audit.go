package console

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newAudit() *cobra.Command {
	var kinds []string
	var q client.AuditQuery
	var limit int
	var since time.Duration
	var user, account, conversation int64
	c := &cobra.Command{
		Use: "audit", Short: "List who did what, the newest first", Args: cobra.NoArgs,
		Example: "  sellerdesk audit --kind text.sent --since 24h --json",
		RunE: func(c *cobra.Command, _ []string) error {
			for _, k := range kinds {
				q.Kinds = append(q.Kinds, sellerdesk.AuditKind(k))
			}
			q.User, q.Account, q.Conversation = sellerdesk.UserID(user), sellerdesk.AccountID(account), sellerdesk.ConversationID(conversation)
			if since > 0 {
				q.From = time.Now().Add(-since)
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			q.Limit = 200
			if limit > forever && limit < q.Limit {
				q.Limit = limit
			}
			return printList(c, server.Audit.All(c.Context(), q), limit, []string{"ID", "WHEN", "WHAT", "PERSON", "KEY", "FROM", "ACCOUNT", "IN WORDS"}, auditCells)
		},
	}
	clientFlags(c)
	c.Flags().StringSliceVar(&kinds, "kind", nil, "only these, as person.signed_in")
	c.Flags().Int64Var(&user, "user", 0, "only what this person did")
	c.Flags().Int64Var(&account, "account", 0, "only in this account")
	c.Flags().Int64Var(&conversation, "conversation", 0, "only in this conversation")
	c.Flags().DurationVar(&since, "since", 0, "only the last, as 24h")
	c.Flags().IntVar(&limit, "limit", 50, "how many at most; 0 for all")
	_ = c.RegisterFlagCompletionFunc("account", completeAccounts)
	return c
}

func auditCells(e sellerdesk.AuditEntry) []string {
	return []string{digits(e.ID), day(&e.At), string(e.Kind), number(e.User), number(e.Key), string(e.Address), number(e.Account), Cell(e.Text, 80)}
}

// number gives an id for a table; "-" for none.
func number[T ~int64](id *T) string {
	if id == nil {
		return "-"
	}
	return digits(*id)
}
