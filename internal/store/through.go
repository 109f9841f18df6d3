package store

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
)

// Through gives a page of all that a query names behind an id, in the order of
// ids: its order and cursor do not count. An empty page is the end.
func (c Conversations) Through(ctx context.Context, q ConversationQuery, after sellerdesk.ConversationID) ([]sellerdesk.Conversation, error) {
	q, none, err := q.Seen(ctx)
	if err != nil || none {
		return nil, err
	}
	query, args := listing.Through(listColumns, q, int64(after), engine.PageSize(q.Limit))
	rows, err := c.tx.query(ctx, query, args...)
	items, err := c.views(ctx, rows, err)
	if err != nil {
		return nil, fmt.Errorf("walk through conversations: %w", err)
	}
	return items, nil
}
