package counts

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Word is the newest new word of a buyer in a conversation.
type Word struct {
	Conversation sellerdesk.ConversationID
	Account      sellerdesk.AccountID
	Kind         sellerdesk.Kind
	At           int64 // milliseconds
}

// MarkUnread marks conversations with new words of the buyer for everybody whose
// work began before and has not ended.
func (c *Counts) MarkUnread(ctx context.Context, words []Word) error {
	if len(words) == 0 {
		return nil
	}
	rows, err := c.w.Query(ctx, `SELECT id, read_floor FROM users WHERE disabled_at IS NULL`)
	type reader struct{ id, floor int64 }
	readers, err := engine.Collect(rows, err, func(s engine.Scanner) (r reader, err error) {
		err = s.Scan(&r.id, &r.floor)
		return r, err
	})
	if err != nil {
		return fmt.Errorf("look who reads: %w", err)
	}
	byID := make(map[int64]Word, len(words))
	for _, w := range words {
		byID[int64(w.Conversation)] = w
	}
	for _, r := range readers {
		var values []any
		for _, w := range words {
			if w.At > r.floor {
				values = append(values, r.id, int64(w.Conversation), int64(w.Account), string(w.Kind))
			}
		}
		marked, err := c.w.InsertMany(ctx, `INSERT INTO unread (user_id, conversation_id, account_id, kind)`, 4, ` ON CONFLICT DO NOTHING RETURNING conversation_id`, values)
		if err != nil {
			return fmt.Errorf("mark as unread: %w", err)
		}
		for _, id := range marked {
			c.Add(sellerdesk.UserID(r.id), byID[id].Account, byID[id].Kind, 1)
		}
	}
	return nil
}
