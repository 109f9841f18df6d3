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
	var conv sellerdesk.Conversation
	var ref sellerdesk.RemoteRef
	err := c.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if conv, err = tx.Conversations.Get(ctx, id, user); err == nil {
			ref, err = tx.Conversations.Remote(ctx, id)
		}
		return err
	})
	if err != nil {
		return sellerdesk.Window{}, err
	}
	now, kept := sellerdesk.At(c.deps.Clock.Now()), conv.Window
	if kept != nil && now.Sub(kept.CheckedAt.Time) < windowFresh {
		return kept.Seen(now), nil
	}
	opened := c.deps.Roster.Get(conv.Account)
	if opened != nil && opened.Window != nil && ref.ID != "" {
		w, err := c.deps.askWindow(ctx, conv, ref, opened.Window)
		if err == nil {
			return w, nil
		}
		c.deps.Log.Info("a window could not be asked for", "op", "window", "account", conv.Account, "conversation", id, "err", err)
		if kept == nil {
			return w, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The channel does not say now whether this chat takes messages.").Because(err)
		}
	}
	if kept != nil {
		return kept.Seen(now), nil
	}
	return sellerdesk.Window{Unbounded: true, CheckedAt: now}.Seen(now), nil
}

// askWindow asks the remote side and keeps what it says.
func (d Deps) askWindow(ctx context.Context, conv sellerdesk.Conversation, ref sellerdesk.RemoteRef, ask func(context.Context, sellerdesk.RemoteRef) (sellerdesk.Window, error)) (sellerdesk.Window, error) {
	asking, cancel := context.WithTimeout(sellerdesk.WithLane(ctx, sellerdesk.LanePerson), windowWait)
	defer cancel()
	w, err := ask(asking, ref)
	if err != nil {
		return w, err
	}
	now := sellerdesk.At(d.Clock.Now())
	if w.CheckedAt.IsZero() {
		w.CheckedAt = now
	}
	if w.Unbounded && w.Balance == nil && conv.Window == nil {
		return w.Seen(now), nil // nothing is bounded, so that there is nothing to keep
	}
	err = d.Store.Write(ctx, func(tx *store.Tx) error { return tx.Conversations.SetWindow(ctx, conv.ID, w) })
	return w.Seen(now), err
}
