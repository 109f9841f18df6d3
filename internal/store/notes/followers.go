package notes

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Followers are who wants to hear of what happens in conversations.
type Followers struct{ w *engine.Work }

// Add lets a person follow a conversation. Doing so again changes nothing.
func (f Followers) Add(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	_, err := f.w.Exec(ctx, `INSERT INTO followers (conversation_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, int64(id), int64(user))
	if err != nil {
		return fmt.Errorf("follow a conversation: %w", err)
	}
	return nil
}

// Remove lets a person no longer follow a conversation.
func (f Followers) Remove(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	_, err := f.w.Exec(ctx, `DELETE FROM followers WHERE conversation_id = $1 AND user_id = $2`, int64(id), int64(user))
	if err != nil {
		return fmt.Errorf("follow a conversation no longer: %w", err)
	}
	return nil
}

// Of gives who follows a conversation, at most 200, in growing order.
func (f Followers) Of(ctx context.Context, id sellerdesk.ConversationID) ([]sellerdesk.UserID, error) {
	rows, err := f.w.Query(ctx, `SELECT user_id FROM followers WHERE conversation_id = $1 ORDER BY user_id LIMIT 200`, int64(id))
	list, err := engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.UserID, err error) {
		err = s.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("read who follows a conversation: %w", err)
	}
	return list, nil
}
