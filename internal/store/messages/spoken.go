package messages

import (
	"context"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

const (
	newestAnswer = `SELECT at FROM messages WHERE conversation_id = $1 AND author IN ('agent', 'rule', 'elsewhere')
		AND status NOT IN ('refused', 'withdrawn', 'unknown') ORDER BY at DESC LIMIT 1`
	newestBuyer = `SELECT at FROM messages WHERE conversation_id = $1 AND author = 'buyer' ORDER BY at DESC LIMIT 1`
	firstBuyer  = `SELECT at FROM messages WHERE conversation_id = $1 AND author = 'buyer' AND at > $2 ORDER BY at LIMIT 1`
	// Words that were changed are words of the moment of the change.
	newestEdit = `SELECT edited_at FROM messages WHERE conversation_id = $1 AND author = 'buyer' AND edited_at IS NOT NULL ORDER BY edited_at DESC LIMIT 1`
	firstEdit  = `SELECT MIN(COALESCE((SELECT MIN(v.at) FROM message_versions v WHERE v.message_id = m.id AND v.at > $2), m.edited_at)) FROM messages m
		WHERE m.conversation_id = $1 AND m.author = 'buyer' AND m.edited_at IS NOT NULL AND m.edited_at > $2 HAVING COUNT(*) > 0`
	editedAnswer = `SELECT edited_at FROM messages WHERE conversation_id = $1 AND author IN ('agent', 'rule', 'elsewhere')
		AND status NOT IN ('refused', 'withdrawn', 'unknown') AND edited_at IS NOT NULL ORDER BY edited_at DESC LIMIT 1`
	// An action that has no line of its own answers as well.
	newestDeed = `SELECT created_at FROM outbox WHERE conversation_id = $1 AND message_id IS NULL AND action IN ('decide', 'edit')
		AND state NOT IN ('refused', 'withdrawn', 'unknown') ORDER BY id DESC LIMIT 1`
	newestLine = `SELECT body, author, files, status, at FROM messages WHERE conversation_id = $1 ORDER BY at DESC, id DESC LIMIT 1`
)

// Line is the newest line of a conversation. At is in milliseconds.
type Line struct {
	Text   string
	Author sellerdesk.Author
	Files  int
	Status sellerdesk.MessageStatus
	At     int64
}

// Spoken tells when a conversation was last answered and when the buyer last
// spoke, in milliseconds; nil: never.
func (m Messages) Spoken(ctx context.Context, id sellerdesk.ConversationID) (answered, buyer *int64, err error) {
	if answered, err = m.newest(ctx, id, newestAnswer, editedAnswer, newestDeed); err != nil {
		return nil, nil, err
	}
	buyer, err = m.newest(ctx, id, newestBuyer, newestEdit)
	return answered, buyer, err
}

// Since tells when the buyer first spoke behind a moment; nil: not since.
func (m Messages) Since(ctx context.Context, id sellerdesk.ConversationID, floor int64) (*int64, error) {
	since, err := m.moment(ctx, firstBuyer, int64(id), floor)
	if err != nil {
		return nil, err
	}
	edited, err := m.moment(ctx, firstEdit, int64(id), floor)
	if since == nil || edited != nil && *edited < *since {
		since = edited
	}
	return since, err
}

// Last gives the newest line; nil while there is none.
func (m Messages) Last(ctx context.Context, id sellerdesk.ConversationID) (*Line, error) {
	l := &Line{}
	err := m.w.One(ctx, newestLine, []any{int64(id)}, &l.Text, &l.Author, &l.Files, &l.Status, &l.At)
	switch {
	case errors.Is(err, engine.ErrNoRow):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look for the last message: %w", err)
	}
	return l, nil
}

// newest gives the latest of what several statements find.
func (m Messages) newest(ctx context.Context, id sellerdesk.ConversationID, statements ...string) (last *int64, err error) {
	for _, s := range statements {
		at, err := m.moment(ctx, s, int64(id))
		if err != nil {
			return nil, err
		}
		if at != nil && (last == nil || *at > *last) {
			last = at
		}
	}
	return last, nil
}

func (m Messages) moment(ctx context.Context, query string, args ...any) (*int64, error) {
	at, err := m.w.Moment(ctx, query, args...)
	if err != nil || at == nil {
		return nil, err
	}
	ms := at.Millis()
	return &ms, nil
}
