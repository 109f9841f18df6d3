package store

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// replyTo is what a message answers and who wrote it, where either is unusual.
type replyTo struct {
	parent string // remote id; "" for a line of its own
	name   string // "" for the buyer of the conversation and for us
}

func replyOf(m sellerdesk.MessagePatch) replyTo {
	return replyTo{gate.RemoteID(m.Parent), text.Cut(text.Clean(m.AuthorName), 200)}
}

const (
	replyInsert = `INSERT INTO message_replies (message_id, parent, author_name)`
	replyWidth  = 3
)

func (r replyTo) values(id sellerdesk.MessageID) []any {
	if r == (replyTo{}) {
		return nil
	}
	return []any{int64(id), r.parent, r.name}
}

func (tx *Tx) writeReplies(ctx context.Context, values []any) error {
	if _, err := tx.insertMany(ctx, replyInsert, replyWidth, "", values); err != nil {
		return fmt.Errorf("write what messages answer: %w", err)
	}
	return nil
}

// replies fills what messages of one page answer. A parent that is not here yet
// shows once it is.
func (m Messages) replies(ctx context.Context, items []sellerdesk.Message) error {
	byID := make(map[sellerdesk.MessageID]*sellerdesk.Message, len(items))
	ids := make([]int64, len(items))
	for i := range items {
		byID[items[i].ID], ids[i] = &items[i], int64(items[i].ID)
	}
	for _, piece := range engine.Padded(ids) {
		rows, err := m.tx.query(ctx, `SELECT r.message_id, r.author_name, p.id FROM message_replies r JOIN messages m ON m.id = r.message_id
			LEFT JOIN messages p ON r.parent <> '' AND p.conversation_id = m.conversation_id AND p.remote_id = r.parent
			WHERE r.message_id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.MessageID, err error) {
			var name sellerdesk.Optional
			var parent *sellerdesk.MessageID
			err = s.Scan(&id, &name, &parent)
			if item := byID[id]; item != nil {
				item.AuthorName, item.Parent = name, parent
			}
			return id, err
		})
		if err != nil {
			return fmt.Errorf("read what messages answer: %w", err)
		}
	}
	return nil
}
