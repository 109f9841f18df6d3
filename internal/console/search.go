package console

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/search"
)

func newSearch() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "search WORDS...",
		Short: "Find messages and conversations",
		Long: `Find messages that have all words, in all their forms, newest first; names of
buyers and articles too. "Side by side" in quotes, -without, begin* from four
letters; put -- before words that begin with a minus. Filters are typed among them:
channel: cabinet: kind: stars: article: state: from: to: author: has:photo, in
Russian канал: кабинет: вид: звёзд: артикул: статус: с: по: автор: есть:фото.
Filters alone find conversations.`,
		Example: "  sellerdesk search вернуть деньги звёзд:1-3\n  sellerdesk search '\"не подошёл размер\"' kind:review from:2026-11-01",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			q, err := search.Parse(strings.Join(args, " "))
			if err != nil {
				return err
			}
			return printList(c, server.Search.All(c.Context(), q), limit, []string{"CONVERSATION", "AT", "KIND", "BUYER", "TEXT"}, hitCells)
		},
	}
	clientFlags(c)
	c.Flags().IntVar(&limit, "limit", 20, "how many at most; 0 for all")
	return c
}

func hitCells(h sellerdesk.Hit) []string {
	found := strings.NewReplacer(sellerdesk.FoundMark, "", sellerdesk.FoundEnd, "").Replace(h.Snippet)
	return []string{digits(h.Conversation.ID), day(&h.At), fmt.Sprint(h.Conversation.Kind), Cell(string(h.Conversation.BuyerName), 20), Cell(found, 80)}
}
