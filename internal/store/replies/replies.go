package replies

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// To is what a message answers and who wrote it, where either is unusual.
type To struct {
	parent string // remote id; "" for a line of its own
	name   string // "" for the buyer of the conversation and for us
}

// Of takes it from what a remote side told.
func Of(m sellerdesk.MessagePatch) To {
	return To{gate.RemoteID(m.Parent), text.Cut(text.Clean(m.AuthorName), 200)}
}

// Values is the row of a message; none where nothing is unusual.
func (t To) Values(id sellerdesk.MessageID) []any {
	if t == (To{}) {
		return nil
	}
	return []any{int64(id), t.parent, t.name}
}

// Replies are the rows of messages that answer others.
type Replies struct{ w *engine.Work }

// New makes the handle of a transaction.
func New(w *engine.Work) Replies { return Replies{w} }

// Write writes rows, one after the other as [To.Values] gives them.
func (r Replies) Write(ctx context.Context, values []any) error {
	if _, err := r.w.InsertMany(ctx, `INSERT INTO message_replies (message_id, parent, author_name)`, 3, "", values); err != nil {
		return fmt.Errorf("write what messages answer: %w", err)
	}
	return nil
}

// Fill says what messages of one page answer, in them. A parent that is not here yet
// shows once it is.
func (r Replies) Fill(ctx context.Context, items []sellerdesk.Message) error {
	byID := make(map[sellerdesk.MessageID]*sellerdesk.Message, len(items))
	ids := make([]int64, len(items))
	for i := range items {
		byID[items[i].ID], ids[i] = &items[i], int64(items[i].ID)
	}
	for _, piece := range engine.Padded(ids) {
		rows, err := r.w.Query(ctx, `SELECT r.message_id, r.author_name, p.id FROM message_replies r JOIN messages m ON m.id = r.message_id
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
