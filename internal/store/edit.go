package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/messages"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// edited finds the answer whose text an edit replaces: the one that is named, or
// the newest that the remote side has.
func (o settler) edited(ctx context.Context, t *thread, named sellerdesk.RemoteID) (id sellerdesk.MessageID, err error) {
	var status sellerdesk.MessageStatus
	err = o.tx.one(ctx, `SELECT id, status FROM messages WHERE conversation_id = $1 AND author IN ('agent', 'rule', 'elsewhere')
		AND status IN ('received', 'sent', 'delivered', 'read', 'refused') AND (remote_id IS NOT NULL OR status <> 'refused')
		AND ($2 = '' OR remote_id = $2) ORDER BY at DESC, id DESC LIMIT 1`, []any{int64(t.id), gate.RemoteID(named)}, &id, &status)
	if errors.Is(err, engine.ErrNoRow) {
		return 0, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "There is no answer that could be changed.")
	}
	if err != nil {
		return 0, fmt.Errorf("look for the answer: %w", err)
	}
	return id, o.tx.Messages.Mark(ctx, t.account, id, status, sellerdesk.Why{Code: sellerdesk.ReasonEditing, Text: "A new text is on its way."})
}

// edit lets the message that an item edits follow the item: it keeps its text
// and its standing until the remote side took the new text, and says how that
// goes.
func (o settler) edit(ctx context.Context, i item) error {
	if i.Edits == nil {
		return nil
	}
	m, err := o.tx.Messages.Get(ctx, *i.Edits)
	if err != nil {
		return err
	}
	why := i.Why
	switch i.State {
	case sellerdesk.OutboxSent:
		return o.replace(ctx, i, m)
	case sellerdesk.OutboxWithdrawn:
		why = sellerdesk.Why{}
	case sellerdesk.OutboxQueued, sellerdesk.OutboxSending:
		why.Code = sellerdesk.ReasonEditing
		if why.Text == "" {
			why.Text = "A new text is on its way."
		}
	}
	return o.tx.Messages.Mark(ctx, i.Account, m.ID, m.Status, why)
}

// replace gives a message the text that the remote side took, and keeps the one
// before. What others see is not known before the next look.
func (o settler) replace(ctx context.Context, i item, m sellerdesk.Message) error {
	action, err := sellerdesk.DecodeAction(i.Action, i.Payload, sellerdesk.RemoteRef{})
	if err != nil {
		return err
	}
	change, ok := action.(sellerdesk.Edit)
	if !ok {
		return fmt.Errorf("item %d edits a message by the action %s", i.ID, i.Action)
	}
	body, at := text.Clean(change.Text), o.tx.now().Millis()
	if i.Receipt != nil {
		at = *i.Receipt
	}
	if body != m.Text {
		since := m.At.Millis()
		if m.EditedAt != nil {
			since = m.EditedAt.Millis()
		}
		at = max(at, since)
		if err := o.tx.Messages.KeepVersions(ctx, messages.Version(m.ID, since, m.Text, nil)); err != nil {
			return err
		}
		// Whoever answered before, these words are ours.
		author := sellerdesk.AuthorRule
		if i.User != nil {
			author = sellerdesk.AuthorAgent
		}
		if _, err := o.tx.exec(ctx, `UPDATE messages SET body = $2, edited_at = $3, author = $4, user_id = $5 WHERE id = $1`,
			int64(m.ID), body, at, string(author), (*int64)(i.User)); err != nil {
			return fmt.Errorf("change a message: %w", err)
		}
		if err := o.tx.Search.Forget(ctx, []sellerdesk.MessageID{m.ID}); err != nil {
			return err
		}
		t, err := o.tx.thread(ctx, i.Conversation)
		if err != nil {
			return err
		}
		if err := o.tx.Search.Put(ctx, []engine.SearchRow{o.tx.words(t, m.ID, author, m.At.Millis(), body)}); err != nil {
			return err
		}
	}
	return o.tx.Messages.Mark(ctx, i.Account, m.ID, sellerdesk.MessageSent, sellerdesk.Why{})
}
