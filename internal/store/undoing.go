package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Standing is where a conversation stands on our desk, as far as we alone decide.
type Standing struct {
	Status    sellerdesk.ConversationStatus `json:"status"`
	Dismissed *int64                        `json:"dismissed,omitempty"` // up to when no answer is needed
	Unread    bool                          `json:"unread,omitempty"`    // for the person
	Held      Held                          `json:"held"`
}

// Standing tells where a conversation stands for a person.
func (c Conversations) Standing(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) (Standing, error) {
	t, err := c.tx.thread(ctx, id)
	if err != nil {
		return Standing{}, err
	}
	s := Standing{Status: t.status, Dismissed: t.dismissed, Held: t.held}
	err = c.tx.one(ctx, `SELECT EXISTS (SELECT 1 FROM unread WHERE user_id = $1 AND conversation_id = $2)`, []any{int64(user), int64(id)}, &s.Unread)
	return s, err
}

// Restore puts a conversation back to where it stood before, as far as it still
// stands as it did after: what somebody, or the buyer, changed since stays.
func (c Conversations) Restore(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID, before, after Standing) error {
	t, err := c.tx.lockThread(ctx, id)
	if err != nil {
		return err
	}
	was := *t
	if t.status == after.Status {
		t.status = before.Status
	}
	t.held.Restore(before.Held, after.Held)
	if sameValue(t.dismissed, after.Dismissed) && !sameValue(before.Dismissed, after.Dismissed) {
		t.dismissed = before.Dismissed
		if err := c.tx.recheck(ctx, t); err != nil {
			return err
		}
	}
	if t.standing() != was.standing() || !t.held.Same(was.held) {
		if err := c.tx.save(ctx, t); err != nil {
			return err
		}
	}
	if before.Unread && !after.Unread {
		return c.MarkUnread(ctx, user, id)
	}
	return nil
}
