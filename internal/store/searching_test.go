package store_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// asking is a question for words in accounts.
func asking(words string, accounts ...sellerdesk.AccountID) store.SearchQuery {
	q := store.SearchQuery{Limit: 200}
	q.Words = []sellerdesk.SearchWord{}
	for _, w := range strings.Fields(words) {
		q.Words = append(q.Words, sellerdesk.SearchWord{Text: w})
	}
	for _, a := range accounts {
		q.Cabinets = append(q.Cabinets, fmt.Sprint(a))
	}
	return q
}

// found gives the ids that a question finds.
func found(ctx context.Context, tx *store.Tx, q store.SearchQuery) ([]sellerdesk.MessageID, error) {
	page, err := tx.Search.Find(ctx, q)
	ids := []sellerdesk.MessageID{}
	for _, r := range page.Rows {
		ids = append(ids, r.Message)
	}
	return ids, err
}
