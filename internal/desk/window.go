package desk

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// windowFresh is how long what was said of a window counts as now, and
	// windowWait how long the remote side may take to say it anew.
	windowFresh = 30 * time.Second
	windowWait  = 3 * time.Second
)

// Window tells whether we may write freely in a conversation now, and until
// when. What is kept is given while it is fresh, or when the remote side does not
// tell; where the channel bounds nothing, the window is open without an end. It
// is unavailable when nothing is known and the remote side does not tell.
func (c *Conversations) Window(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) (sellerdesk.Window, error) {
	conv, err := c.windows.read(ctx, user, id)
	if err != nil {
		return sellerdesk.Window{}, err
	}
	if conv.Window == nil || c.windows.old(*conv.Window) {
		switch err := c.windows.ask(ctx, conv, 0); {
		case err != nil && conv.Window == nil:
			return sellerdesk.Window{}, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The channel does not say now whether this chat takes messages.").Because(err)
		case err == nil:
			if conv, err = c.windows.read(ctx, user, id); err != nil {
				return sellerdesk.Window{}, err
			}
		}
	}
	now := sellerdesk.At(c.deps.Clock.Now())
	if conv.Window == nil {
		return sellerdesk.Window{Unbounded: true, CheckedAt: now}.Seen(now), nil
	}
	return conv.Window.Seen(now), nil
}

// windows ask remote sides what bounds our words, and keep what they say.
type windows struct {
	deps  Deps
	asked inquiries[sellerdesk.ConversationID]
}

func newWindows(d Deps) *windows {
	return &windows{deps: d, asked: inquiries[sellerdesk.ConversationID]{clock: d.Clock}}
}

func (w *windows) read(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) (conv sellerdesk.Conversation, err error) {
	err = w.deps.Store.Read(ctx, func(tx *store.Tx) error {
		conv, err = tx.Conversations.Get(ctx, id, user)
		return err
	})
	return conv, err
}

// old tells whether it is some time ago that the remote side said so.
func (w *windows) old(kept sellerdesk.Window) bool {
	return w.deps.Clock.Now().Sub(kept.CheckedAt.Time) >= windowFresh
}

// beforeReply is [windows.before] for a line that is to be said. What was
// queued under its key already is not judged again.
func (w *windows) beforeReply(ctx context.Context, in ReplyInput) {
	again := false
	conv, err := w.read(ctx, in.User, in.Conversation)
	if err == nil && in.Key != "" {
		err = w.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
			_, again, err = tx.Outbox.ByKey(ctx, in.Key)
			return err
		})
	}
	if err == nil && !again {
		w.before(ctx, conv, in.pick(conv.Can))
	}
}

// beforeResend is [windows.before] for a message that is to be sent again.
func (w *windows) beforeResend(ctx context.Context, user sellerdesk.UserID, id sellerdesk.MessageID) {
	var conv sellerdesk.Conversation
	var item sellerdesk.OutboxItem
	err := w.deps.Store.Read(ctx, func(tx *store.Tx) error {
		msg, err := tx.Messages.Get(ctx, id)
		if err == nil {
			conv, err = tx.Conversations.Get(ctx, msg.Conversation, user)
		}
		if err == nil {
			item, err = tx.Outbox.ByMessage(ctx, id)
		}
		return err
	})
	if err == nil {
		w.before(ctx, conv, item.Action)
	}
}

// before asks anew where an action would be refused by what the remote side said
// some time ago: the balance may have been topped up since, and a word of the
// buyer not have reached us. Whatever comes of it, the action is judged by what
// is kept then. A word of the buyer tells nothing of the balance, so that only
// our own asking counts for that.
func (w *windows) before(ctx context.Context, conv sellerdesk.Conversation, action sellerdesk.ActionKind) {
	if conv.Window == nil {
		return
	}
	can, _ := sellerdesk.Find(conv.Can, action)
	if can.ReasonCode == sellerdesk.ReasonBalance || can.ReasonCode == sellerdesk.ReasonWindowShut && w.old(*conv.Window) {
		_ = w.ask(ctx, conv, windowFresh) // said in the log
	}
}

// ask asks the remote side and keeps what it says, where there is somebody to
// ask, unless that was done less than fresh ago.
func (w *windows) ask(ctx context.Context, conv sellerdesk.Conversation, fresh time.Duration) error {
	opened := w.deps.Roster.Get(conv.Account)
	if opened == nil || opened.Window == nil || conv.RemoteID == nil {
		return nil
	}
	return w.asked.once(ctx, conv.ID, fresh, func(ctx context.Context) error {
		err := w.askNow(ctx, conv, opened.Window)
		if err != nil {
			w.deps.Log.Info("a window could not be asked for", "op", "window", "account", conv.Account, "conversation", conv.ID, "err", err)
		}
		return err
	})
}

func (w *windows) askNow(ctx context.Context, conv sellerdesk.Conversation, window func(context.Context, sellerdesk.RemoteRef) (sellerdesk.Window, error)) error {
	asking, cancel := context.WithTimeout(sellerdesk.WithLane(ctx, sellerdesk.LanePerson), windowWait)
	defer cancel()
	var ref sellerdesk.RemoteRef
	err := w.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		ref, err = tx.Conversations.Remote(ctx, conv.ID)
		return err
	})
	if err != nil {
		return err
	}
	said, err := window(asking, ref)
	if err != nil {
		return err
	}
	if said.CheckedAt.IsZero() {
		said.CheckedAt = sellerdesk.At(w.deps.Clock.Now())
	}
	if said.Unbounded && said.Balance == nil && conv.Window == nil {
		return nil // nothing is bounded, so that there is nothing to keep
	}
	return w.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Conversations.SetWindow(ctx, conv.ID, said) })
}
