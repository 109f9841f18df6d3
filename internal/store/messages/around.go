package messages

import (
	"context"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
)

// Passage is a stretch of a conversation.
type Passage struct {
	Items []sellerdesk.Message // newest first
	// Older is the cursor of [Messages.List] for what was before it, Newer that of
	// [Messages.Newer] for what came after it; "" at the ends of the conversation.
	Older, Newer string
}

// Around gives the messages around one of a conversation, itself included: half
// of the limit before it and half of it behind. Limit is 2 to 200; 0 means 50.
// A message that is not in the conversation is not found.
func (m Messages) Around(ctx context.Context, conversation sellerdesk.ConversationID, at sellerdesk.MessageID, limit int) (p Passage, err error) {
	if _, err := m.held(ctx, conversation); err != nil {
		return p, err
	}
	var moment int64
	if err := m.w.One(ctx, `SELECT at FROM messages WHERE id = $1 AND conversation_id = $2`, []any{int64(at), int64(conversation)}, &moment); err != nil {
		return p, engine.Found(err, "message")
	}
	half := max(engine.PageSize(limit)/2, 1)
	newer, err := m.Newer(ctx, conversation, spot(moment, at), half)
	if err != nil {
		return p, err
	}
	// The page of those before begins behind the message: one id further on it
	// holds the message too.
	older, next, err := m.List(ctx, conversation, spot(moment, at+1), half+1)
	if err != nil {
		return p, err
	}
	return Passage{Items: slices.Concat(newer.Items, older), Older: next, Newer: newer.Newer}, nil
}

// Newer gives the page that comes behind a cursor of a passage, newest first
// too, with the cursor of the one behind it. Limit is 1 to 200; 0 means 50.
func (m Messages) Newer(ctx context.Context, conversation sellerdesk.ConversationID, cursor string, limit int) (p Passage, err error) {
	works, err := m.held(ctx, conversation)
	if err != nil {
		return p, err
	}
	from, err := listing.ParseSpot(cursor, phase)
	if err != nil {
		return p, err
	}
	limit = engine.PageSize(limit)
	rows, err := m.w.Query(ctx, `SELECT `+columns+` FROM messages m WHERE m.conversation_id = $1 AND (m.at, m.id) > ($2, $3) ORDER BY m.at, m.id LIMIT $4`,
		int64(conversation), from.At, from.ID, limit+1)
	items, err := engine.Collect(rows, err, scan)
	if err != nil {
		return p, fmt.Errorf("list newer messages: %w", err)
	}
	if len(items) > limit {
		items = items[:limit]
		last := items[limit-1]
		p.Newer = spot(last.At.Millis(), last.ID)
	}
	slices.Reverse(items)
	p.Items = items
	return p, m.complete(ctx, items, works)
}

func spot(at int64, id sellerdesk.MessageID) string {
	return listing.Spot{Phase: phase, At: at, ID: int64(id)}.String()
}
