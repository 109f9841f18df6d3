package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Conversations are the threads with buyers.
type Conversations struct{ tx *Tx }

// Get gives one conversation as a person sees it.
func (c Conversations) Get(ctx context.Context, id sellerdesk.ConversationID, user sellerdesk.UserID) (sellerdesk.Conversation, error) {
	rows, err := c.tx.query(ctx, `SELECT `+listColumns+` FROM conversations c WHERE c.id = $2`, int64(user), int64(id))
	found, err := c.views(ctx, rows, err)
	if err != nil {
		return sellerdesk.Conversation{}, fmt.Errorf("read a conversation: %w", err)
	}
	if len(found) == 0 {
		return sellerdesk.Conversation{}, sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such conversation.")
	}
	return found[0], nil
}

// Counters are the exact figures of the list for a person; accounts narrow
// them, none means all.
func (c Conversations) Counters(ctx context.Context, user sellerdesk.UserID, accounts []sellerdesk.AccountID) (sellerdesk.Counters, error) {
	return c.tx.counts.Of(ctx, user, accounts)
}

// SetStatus puts a conversation somewhere else on our desk. Closing or
// archiving also says that no answer is needed.
func (c Conversations) SetStatus(ctx context.Context, id sellerdesk.ConversationID, status sellerdesk.ConversationStatus) error {
	t, err := c.tx.lockThread(ctx, id)
	if err != nil || t.status == status {
		return err
	}
	t.status = status
	t.held.Dealt()
	if status == sellerdesk.ConversationClosed || status == sellerdesk.ConversationArchived {
		c.dismiss(t)
	}
	return c.tx.save(ctx, t)
}

// NoAnswerNeeded says that what the buyer wrote until now needs no answer.
// Where nobody waits it changes nothing.
func (c Conversations) NoAnswerNeeded(ctx context.Context, id sellerdesk.ConversationID) error {
	t, err := c.tx.lockThread(ctx, id)
	if err != nil || !t.needs {
		return err
	}
	c.dismiss(t)
	t.held.Dealt()
	return c.tx.save(ctx, t)
}

// Handle changes what we alone say of a conversation: what is held of it, and where
// it lies. Where the change changes nothing, nothing is told.
func (c Conversations) Handle(ctx context.Context, id sellerdesk.ConversationID, change func(h *Held, status *sellerdesk.ConversationStatus) error) error {
	t, err := c.tx.lockThread(ctx, id)
	if err != nil {
		return err
	}
	if err := change(&t.held, &t.status); err != nil || t.status == t.was.status && t.held.Same(t.hadHeld) {
		return err
	}
	return c.tx.save(ctx, t)
}

// dismiss sets the mark at the newest word we know of, not at the present: what
// the buyer wrote a moment ago and is still on its way has not been seen.
func (c Conversations) dismiss(t *thread) {
	if t.needs {
		t.dismissed = latest(t.dismissed, t.buyerAt)
		t.wait(c.tx.store.target, nil)
	}
}

// MarkRead takes the unread mark of a person away. Who waits does not change,
// and rev does not move: it is a matter of that person only.
func (c Conversations) MarkRead(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	t, err := c.tx.thread(ctx, id)
	if err != nil {
		return err
	}
	_, err = c.tx.clearUnread(ctx, user, t)
	return err
}

// clearUnread takes the unread mark of a person away and tells about it if
// there was one.
func (tx *Tx) clearUnread(ctx context.Context, user sellerdesk.UserID, t *thread) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM unread WHERE user_id = $1 AND conversation_id = $2`, int64(user), int64(t.id))
	if err != nil {
		return false, fmt.Errorf("mark as read: %w", err)
	}
	if n > 0 {
		tx.count(user, t, -1)
		tx.journal.AddConversation(sellerdesk.EventConversationUpdated, t.account, t.id, t.event())
	}
	return n > 0, nil
}

// MarkUnread puts the unread mark of a person back.
func (c Conversations) MarkUnread(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	t, err := c.tx.lockThread(ctx, id)
	if err != nil {
		return err
	}
	n, err := c.tx.exec(ctx, `INSERT INTO unread (user_id, conversation_id, account_id, kind) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		int64(user), int64(id), int64(t.account), string(t.kind))
	if err != nil {
		return fmt.Errorf("mark as unread: %w", err)
	}
	if n > 0 {
		c.tx.count(user, t, 1)
		c.tx.journal.AddConversation(sellerdesk.EventConversationUpdated, t.account, t.id, t.event())
	}
	return nil
}

// SetWindow keeps what a remote side said of what bounds our words in a
// conversation. That it was asked again is no news.
func (c Conversations) SetWindow(ctx context.Context, id sellerdesk.ConversationID, w sellerdesk.Window) error {
	t, err := c.tx.lockThread(ctx, id)
	if err != nil {
		return err
	}
	changed, err := t.frame(w)
	if err != nil {
		return err
	}
	if changed {
		t.told = true
		return c.tx.save(ctx, t)
	}
	if _, err := c.tx.exec(ctx, `UPDATE conversations SET open_until = $2 WHERE id = $1`, int64(id), t.window); err != nil {
		return fmt.Errorf("keep a window: %w", err)
	}
	return nil
}

// ByRemote finds a conversation by the id of the remote side.
func (c Conversations) ByRemote(ctx context.Context, account sellerdesk.AccountID, kind sellerdesk.Kind, remote sellerdesk.RemoteID) (id sellerdesk.ConversationID, found bool, err error) {
	err = c.tx.one(ctx, `SELECT id FROM conversations WHERE account_id = $1 AND kind = $2 AND remote_id = $3`,
		[]any{int64(account), string(kind), string(remote)}, &id)
	if errors.Is(err, engine.ErrNoRow) {
		return 0, false, nil
	}
	return id, err == nil, err
}

// Remote names a conversation to its adapter.
func (c Conversations) Remote(ctx context.Context, id sellerdesk.ConversationID) (sellerdesk.RemoteRef, error) {
	var ref sellerdesk.RemoteRef
	var remote *sellerdesk.RemoteID
	err := c.tx.one(ctx, `SELECT kind, remote_id, remote FROM conversations WHERE id = $1`, []any{int64(id)}, &ref.Kind, &remote, &ref.Remote)
	if err != nil {
		return ref, found(err, "conversation")
	}
	if remote != nil {
		ref.ID = *remote
	}
	return ref, nil
}
