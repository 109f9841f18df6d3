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
	var sort string
	c := &cobra.Command{
		Use:   "search WORDS...",
		Short: "Find messages and conversations",
		Long: `Find messages that have all words, in all their forms, newest first or by
relevance; names of buyers and articles too. "Side by side" in quotes, -without,
begin* from four letters; put -- before words that begin with a minus. Filters are
typed among them:
channel: cabinet: kind: stars: article: state: from: to: author: assignee: team:
priority: tag: field: has:photo, in Russian канал: кабинет: вид: звёзд: артикул:
статус: с: по: автор: ответственный: команда: важность: метка: поле: есть:фото.
Filters alone find conversations.`,
		Example: "  sellerdesk search вернуть деньги звёзд:1-3\n  sellerdesk search '\"не подошёл размер\"' kind:review from:2026-11-01",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if sort != "newest" && sort != "relevance" {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "--sort is newest or relevance, not %q.", sort)
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			q, err := search.Parse(strings.Join(args, " "))
			if err != nil {
				return err
			}
			find := server.Search
			if sort == "relevance" {
				find = find.ByRelevance()
			}
			return printList(c, find.All(c.Context(), q), limit, []string{"CONVERSATION", "AT", "KIND", "BUYER", "TEXT"}, hitCells)
		},
	}
	clientFlags(c)
	c.Flags().IntVar(&limit, "limit", 20, "how many at most; 0 for all")
	c.Flags().StringVar(&sort, "sort", "newest", "newest: newest message first; relevance: the typed forms, side by side, new and short, first")
	_ = c.RegisterFlagCompletionFunc("sort", cobra.FixedCompletions([]string{"newest", "relevance"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func hitCells(h sellerdesk.Hit) []string {
	found := strings.NewReplacer(sellerdesk.FoundMark, "", sellerdesk.FoundEnd, "").Replace(h.Snippet)
	return []string{digits(h.Conversation.ID), day(&h.At), fmt.Sprint(h.Conversation.Kind), Cell(string(h.Conversation.BuyerName), 20), Cell(found, 80)}
}
