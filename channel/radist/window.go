package radist

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// Window asks what a chat takes now. Only WhatsApp for business closes chats, so
// that of the others nobody is asked.
func (c *connector) Window(ctx context.Context, ref sellerdesk.RemoteRef) (sellerdesk.Window, error) {
	id := number(ref.ID)
	if id == 0 {
		return sellerdesk.Window{}, lost("Nothing at Radist.Online has this id.")
	}
	h, err := c.home(ctx)
	if err != nil {
		return sellerdesk.Window{}, err
	}
	now := sellerdesk.At(c.clock.Now())
	s, known := h.source(c.connection(id, ref))
	if known && !s.waba() {
		return sellerdesk.Window{Unbounded: true, CheckedAt: now}.Seen(now), nil
	}
	a, err := c.client.Chats.Availability(ctx, h.id, id)
	if err != nil {
		return sellerdesk.Window{}, classify(err, reading)
	}
	if s.waba() {
		c.book.writesFirst(s.id, a.FirstWithoutTemplate)
	}
	return windowOf(a, now), nil
}

// windowOf says in the vocabulary what a chat takes.
func windowOf(a api.Availability, now sellerdesk.Time) sellerdesk.Window {
	balance := a.BalanceSufficient
	w := sellerdesk.Window{Balance: &balance, CheckedAt: now}
	if !a.SessionExpiresAt.IsZero() {
		until := sellerdesk.At(a.SessionExpiresAt.Time)
		w.Until = &until
	}
	// Without an end it is open because the connection knows none, or may write
	// first.
	w.Unbounded = a.FirstWithoutTemplate || w.Until == nil && a.Available && !a.TemplateOnly
	return w.Seen(now)
}

// connection is that of a chat by what is remembered, or kept on it; 0 when
// nothing tells.
func (c *office) connection(chat int64, ref sellerdesk.RemoteRef) int64 {
	if f := c.book.get(chat); f.connection > 0 {
		return f.connection
	}
	k, _ := keptOf(ref)
	return k.Connection
}
