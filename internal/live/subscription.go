package live

import (
	"sync/atomic"

	"github.com/sellerdesk/sellerdesk"
)

// Subscription is a stream of events. Its owner reads C until it is closed and
// calls Close when it no longer reads.
type Subscription struct {
	// C gives the wanted events in order, which all who follow share: nobody changes
	// one. It is closed by Close, by the end of the hub, and when the reader was too
	// slow: then Lost tells so.
	C <-chan *sellerdesk.Event
	// From is the number of the last event before the subscription: C has every
	// wanted event after it. Older ones are read from the log.
	From int64

	c      chan *sellerdesk.Event // closed by the hub, under its mutex
	wanted func(sellerdesk.Event) bool
	lost   atomic.Bool
	hub    *Hub
}

// Subscribe starts a stream of the events that wanted accepts (nil: all), with
// a buffer of the given size ([DefaultBuffer] when not positive). The filter
// runs for every event: it must be quick and must not call the hub.
func (h *Hub) Subscribe(wanted func(sellerdesk.Event) bool, buffer int) *Subscription {
	if buffer <= 0 {
		buffer = DefaultBuffer
	}
	c := make(chan *sellerdesk.Event, buffer)
	h.mu.Lock()
	defer h.mu.Unlock()
	sub := &Subscription{C: c, From: h.seq, c: c, wanted: wanted, hub: h}
	h.subs[sub] = struct{}{}
	if h.stopped {
		h.end(sub)
	}
	return sub
}

// Lost tells that events were dropped because the reader was too slow: the
// reader has to look at everything again. It is settled once C is closed.
func (s *Subscription) Lost() bool { return s.lost.Load() }

// Passed is the number of the last event that passed, wanted or not, while none
// waits for the reader; 0 while some do.
func (s *Subscription) Passed() int64 {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if len(s.c) > 0 {
		return 0
	}
	return s.hub.seq
}

// Close ends the subscription. It may be called more than once.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.end(s)
}

// lose ends a subscription whose reader missed something. The caller holds mu.
func (h *Hub) lose(s *Subscription) {
	s.lost.Store(true)
	h.end(s)
}

// end closes a subscription once. The caller holds mu.
func (h *Hub) end(s *Subscription) {
	if _, there := h.subs[s]; !there {
		return
	}
	delete(h.subs, s)
	close(s.c)
}

// endAll ends what is left when the hub stops.
func (h *Hub) endAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopped = true
	for sub := range h.subs {
		h.end(sub)
	}
}
