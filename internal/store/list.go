package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/held"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// listColumns are a conversation and whether it is unread for the person $1. The
// marks are counted: of an EXISTS PostgreSQL would read all that the person has, for
// each page.
const listColumns = threadColumns + `, (SELECT COUNT(*) FROM unread n WHERE n.user_id = $1 AND n.conversation_id = c.id) > 0`

// previewLength is how many characters of a message the list shows.
const previewLength = 200

func preview(body string) string { return text.Cut(body, previewLength) }

// List gives a page and the cursor of the next, "" at the end.
func (c Conversations) List(ctx context.Context, q ConversationQuery) (items []sellerdesk.Conversation, next string, err error) {
	var from *listing.Spot
	if q.Cursor != "" {
		s, err := listing.ParseSpot(q.Cursor, q.Sort.Phases()...)
		if err != nil {
			return nil, "", err
		}
		from = &s
	}
	q, none, err := q.Seen(ctx)
	if err != nil || none {
		return nil, "", err
	}
	if q, err = c.since(ctx, q); err != nil {
		return nil, "", err
	}
	few, err := c.few(ctx, q)
	if err != nil {
		return nil, "", err
	}
	return c.page(ctx, q, from, few)
}

// page reads a page behind a row; few is the probe that named few rows or nil.
func (c Conversations) page(ctx context.Context, q ConversationQuery, from *listing.Spot, few *listing.Probe) (items []sellerdesk.Conversation, next string, err error) {
	limit := engine.PageSize(q.Limit)
	items = make([]sellerdesk.Conversation, 0, limit+1)
	for _, p := range q.Sort.Phases() {
		if from != nil && from.Phase != p || len(items) > limit {
			continue
		}
		query, args := listing.Statement(listColumns, q, p, from, limit+1-len(items), few)
		rows, err := c.tx.query(ctx, query, args...)
		page, err := c.views(ctx, rows, err)
		if err != nil {
			return nil, "", fmt.Errorf("list conversations: %w", err)
		}
		items, from = append(items, page...), nil
	}
	if len(items) > limit {
		items = items[:limit]
		next = listing.SpotOf(items[limit-1], q.Sort).String()
	}
	return items, next, nil
}

// since gives a query for what was made until a moment its beginning.
func (c Conversations) since(ctx context.Context, q ConversationQuery) (ConversationQuery, error) {
	if q.To == nil || q.From != nil {
		return q, nil
	}
	oldest, err := c.tx.w.Moment(ctx, listing.Oldest)
	if err != nil {
		return q, fmt.Errorf("look for the first conversation: %w", err)
	}
	if oldest != nil {
		q.From = oldest
	}
	return q, nil
}

// few finds a condition of a list that names few rows; nil when none does.
func (c Conversations) few(ctx context.Context, q ConversationQuery) (*listing.Probe, error) {
	for _, p := range listing.Probes(q) {
		var n int
		if err := c.tx.one(ctx, p.Count, p.Args, &n); err != nil {
			return nil, fmt.Errorf("look how long the list is: %w", err)
		}
		if n <= listing.Few {
			return &p, nil
		}
	}
	return nil, nil
}

// views reads rows of listColumns with what their accounts allow.
func (c Conversations) views(ctx context.Context, rows *sql.Rows, err error) ([]sellerdesk.Conversation, error) {
	type line struct {
		thread
		unread bool
	}
	var ids []int64
	seen := map[sellerdesk.AccountID]bool{}
	lines, err := engine.Collect(rows, err, func(s engine.Scanner) (*line, error) {
		l := &line{}
		err := s.Scan(append(l.fields(), &l.unread)...)
		if !seen[l.account] {
			seen[l.account] = true
			ids = append(ids, int64(l.account))
		}
		return l, err
	})
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	holders, err := c.tx.Accounts.Holders(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]sellerdesk.Conversation, 0, len(lines))
	access := sellerdesk.AccessOf(ctx)
	for _, l := range lines {
		if !access.MayIn(sellerdesk.RightSee, l.account) {
			continue
		}
		v, err := l.view(l.unread, holders[l.account], c.tx.now())
		if err != nil {
			return nil, err
		}
		if !access.MayIn(sellerdesk.RightWork, l.account) {
			v.Can = sellerdesk.Watching(v.Can)
		}
		out = append(out, v)
	}
	return out, held.NewNames(c.tx.w).Fill(ctx, out)
}
