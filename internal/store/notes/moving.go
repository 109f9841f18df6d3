package notes

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// Move brings everything of a conversation into another one that it turned out to
// be. Where a person has a draft in both, the one of the other stays.
func (t Talk) Move(ctx context.Context, from, into sellerdesk.ConversationID) error {
	for _, statement := range []string{
		`UPDATE notes SET conversation_id = $1 WHERE conversation_id = $2`,
		`UPDATE tasks SET conversation_id = $1 WHERE conversation_id = $2`,
		`UPDATE notifications SET conversation_id = $1 WHERE conversation_id = $2`,
		`UPDATE followers SET conversation_id = $1 WHERE conversation_id = $2
			AND NOT EXISTS (SELECT 1 FROM followers f WHERE f.conversation_id = $1 AND f.user_id = followers.user_id)`,
		`UPDATE drafts SET conversation_id = $1 WHERE conversation_id = $2
			AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.conversation_id = $1 AND d.user_id = drafts.user_id)`,
	} {
		if _, err := t.Notes.w.Exec(ctx, statement, int64(into), int64(from)); err != nil {
			return fmt.Errorf("move what people said of a conversation: %w", err)
		}
	}
	for _, table := range []string{"followers", "drafts"} {
		if _, err := t.Notes.w.Exec(ctx, `DELETE FROM `+table+` WHERE conversation_id = $1`, int64(from)); err != nil {
			return fmt.Errorf("move what people said of a conversation: %w", err)
		}
	}
	return nil
}
