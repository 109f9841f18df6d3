package desk

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// lookBack is how much earlier than the send a check starts to read: the clock
// of the remote side may differ from ours.
const lookBack = 5 * time.Minute

// Messages are the verbs on a line of ours.
type Messages struct {
	deps    Deps
	windows *windows
}

// Resend sends a refused or unknown message again because a person says so.
func (m *Messages) Resend(ctx context.Context, user sellerdesk.UserID, id sellerdesk.MessageID) (sellerdesk.Message, error) {
	if err := m.deps.permitLine(ctx, sellerdesk.RightWork, id); err != nil {
		return sellerdesk.Message{}, err
	}
	m.windows.beforeResend(ctx, user, id)
	return m.change(ctx, id, sellerdesk.ActionResend, func(tx *store.Tx) (sellerdesk.Message, error) {
		msg, err := tx.Messages.Get(ctx, id)
		if err != nil {
			return msg, err
		}
		conv, err := tx.Conversations.Get(ctx, msg.Conversation, user)
		if err != nil {
			return msg, err
		}
		item, err := tx.Outbox.ByMessage(ctx, id)
		switch {
		case err == nil:
			// Sending again needs what sending needs.
			_, err = allowed(conv.Can, item.Action)
		case sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound:
			err = nil // the outbox says what is the matter
		}
		if err != nil {
			return msg, err
		}
		return tx.Outbox.Resend(ctx, id, user)
	})
}

// Withdraw takes a message back that has not left, or accepts that the fate of
// one is not known.
func (m *Messages) Withdraw(ctx context.Context, user sellerdesk.UserID, id sellerdesk.MessageID) (sellerdesk.Message, error) {
	if err := m.deps.permitLine(ctx, sellerdesk.RightWork, id); err != nil {
		return sellerdesk.Message{}, err
	}
	return m.change(ctx, id, sellerdesk.ActionWithdraw, func(tx *store.Tx) (sellerdesk.Message, error) {
		return tx.Outbox.Withdraw(ctx, id, user)
	})
}

// Check asks to look for a message of unknown outcome at the remote side. What
// is found arrives as an event; the message is given as it stands now.
func (m *Messages) Check(ctx context.Context, id sellerdesk.MessageID) (sellerdesk.Message, error) {
	if err := m.deps.permitLine(ctx, sellerdesk.RightWork, id); err != nil {
		return sellerdesk.Message{}, err
	}
	var msg sellerdesk.Message
	var item sellerdesk.OutboxItem
	err := m.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if msg, err = tx.Messages.Get(ctx, id); err != nil {
			return err
		}
		if _, err = allowed(msg.Can, sellerdesk.ActionCheck); err != nil {
			return err
		}
		item, err = tx.Outbox.ByMessage(ctx, id)
		return err
	})
	if err != nil {
		return sellerdesk.Message{}, err
	}
	if m.deps.Look == nil {
		return sellerdesk.Message{}, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "Nothing is read from this channel now.")
	}
	since := item.CreatedAt
	if item.SentAt != nil {
		since = *item.SentAt
	}
	m.deps.Look(item.Account, since.Add(-lookBack))
	return msg, nil
}

// change does something to a message when it can be done now, and gives the
// message afterwards.
func (m *Messages) change(ctx context.Context, id sellerdesk.MessageID, action sellerdesk.ActionKind, do func(*store.Tx) (sellerdesk.Message, error)) (sellerdesk.Message, error) {
	var msg sellerdesk.Message
	err := m.deps.Store.Write(ctx, func(tx *store.Tx) error {
		before, err := tx.Messages.Get(ctx, id)
		if err != nil {
			return err
		}
		if _, err := allowed(before.Can, action); err != nil {
			return err
		}
		msg, err = do(tx)
		return err
	})
	return msg, err
}

func (m *Messages) get(ctx context.Context, id sellerdesk.MessageID) (sellerdesk.Message, error) {
	var msg sellerdesk.Message
	err := m.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		msg, err = tx.Messages.Get(ctx, id)
		return err
	})
	return msg, err
}

// act does an action on a message of a conversation by its name.
func (m *Messages) act(ctx context.Context, in ActInput) error {
	if in.Message <= 0 {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Say which message is meant.").InField("message")
	}
	msg, err := m.get(ctx, in.Message)
	if err != nil {
		return err
	}
	if msg.Conversation != in.Conversation {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such message in this conversation.").InField("message")
	}
	switch in.Action {
	case sellerdesk.ActionResend:
		_, err = m.Resend(ctx, in.User, in.Message)
	case sellerdesk.ActionWithdraw:
		_, err = m.Withdraw(ctx, in.User, in.Message)
	default:
		_, err = m.Check(ctx, in.Message)
	}
	return err
}
