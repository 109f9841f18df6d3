package live

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// page is how many events are read at once.
	page = 500
	// safety is how long an event may wait for a hint that got lost.
	safety = 2 * time.Second
	// trimEvery is how often old events are forgotten.
	trimEvery = time.Hour
	// DefaultKeep is how many events stay in the log. Who comes back after so
	// many has to look at everything again.
	DefaultKeep = 500_000
	// DefaultBuffer is how many events a subscription holds back for its reader.
	DefaultBuffer = 256
)

// Options of a hub. The zero value works.
type Options struct {
	Clock sellerdesk.Clock
	Log   *slog.Logger // nil: nothing is logged
	Keep  int64        // events that stay in the log; 0 means [DefaultKeep]
}

// Hub passes events on. Its methods are safe for concurrent use.
type Hub struct {
	clock sellerdesk.Clock
	log   *slog.Logger
	keep  int64
	hint  chan struct{} // holds one signal

	mu      sync.Mutex // guards what follows
	seq     int64      // number of the last event passed on
	stopped bool       // Run has returned
	subs    map[*Subscription]struct{}
	signals map[*signal]struct{}
}

// signal wakes a worker.
type signal struct {
	wanted func(sellerdesk.Event) bool
	c      chan struct{} // holds one
}

// New makes a hub; it passes nothing on until Run.
func New(o Options) *Hub {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Keep <= 0 {
		o.Keep = DefaultKeep
	}
	return &Hub{
		keep:    o.Keep,
		clock:   o.Clock,
		log:     o.Log,
		hint:    make(chan struct{}, 1),
		subs:    map[*Subscription]struct{}{},
		signals: map[*signal]struct{}{},
	}
}

// Announce hints that events were committed. It never blocks; give it to the
// store.
func (h *Hub) Announce([]sellerdesk.Event) {
	select {
	case h.hint <- struct{}{}:
	default:
	}
}

// Run follows the log of s from its present end until ctx ends, and forgets
// what has become old in it. It may be called once. All subscriptions end with
// it.
func (h *Hub) Run(ctx context.Context, s *store.Store) error {
	defer h.endAll()
	var trimming sync.WaitGroup
	defer trimming.Wait()
	trimming.Go(func() { h.trim(ctx, s) })
	started := false
	for {
		var err error
		if !started {
			if err = h.start(ctx, s); err == nil {
				started = true
			}
		} else {
			err = h.follow(ctx, s)
		}
		if err != nil && ctx.Err() == nil {
			h.log.Error("the event log could not be read; trying again", "op", "live", "err", err)
		}
		if err := h.wait(ctx); err != nil {
			return nil
		}
	}
}

// trim keeps the log from growing without end, in small steps with room for
// other writers between them.
func (h *Hub) trim(ctx context.Context, s *store.Store) {
	for h.clock.Sleep(ctx, trimEvery) == nil {
		for forgotten := 1; forgotten > 0 && ctx.Err() == nil; {
			err := s.Write(ctx, func(tx *store.Tx) (err error) {
				forgotten, err = tx.Events.Trim(ctx, h.keep)
				return err
			})
			if err != nil {
				h.log.Error("the event log could not be trimmed", "op", "live", "err", err)
				break
			}
		}
	}
}

// start sets the place to the end of the log and wakes every worker, because
// what happened before is theirs to look up.
func (h *Hub) start(ctx context.Context, s *store.Store) error {
	var last int64
	err := s.Read(ctx, func(tx *store.Tx) (err error) {
		last, err = tx.Events.Last(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("find the end of the event log: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	// Subscriptions that came earlier were told the place zero; nothing between
	// it and the present end was passed to them.
	for sub := range h.subs {
		h.lose(sub)
	}
	h.seq = last
	for sig := range h.signals {
		sig.ring()
	}
	return nil
}

// follow passes on everything that is new.
func (h *Hub) follow(ctx context.Context, s *store.Store) error {
	for {
		h.mu.Lock()
		after := h.seq
		h.mu.Unlock()
		var events []sellerdesk.Event
		err := s.Read(ctx, func(tx *store.Tx) (err error) {
			events, err = tx.Events.After(ctx, after, page)
			return err
		})
		if err != nil {
			return fmt.Errorf("read events after %d: %w", after, err)
		}
		h.pass(events)
		if len(events) < page {
			return nil
		}
	}
}

func (h *Hub) pass(events []sellerdesk.Event) {
	if len(events) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, e := range events {
		for sub := range h.subs {
			if sub.wanted != nil && !sub.wanted(e) {
				continue
			}
			select {
			case sub.c <- &events[i]:
			default:
				h.lose(sub)
			}
		}
		for sig := range h.signals {
			if sig.wanted(e) {
				sig.ring()
			}
		}
	}
	h.seq = events[len(events)-1].Seq
}

// wait returns at the next hint or when the safety net is due.
func (h *Hub) wait(ctx context.Context) error {
	due, stop := h.clock.NewTimer(safety)
	defer stop()
	select {
	case <-h.hint:
	case <-due:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// Wake gives a channel that holds one signal after events that are wanted, and
// a function that ends it. Many events may be one signal. The signal is set at
// the start, so that a worker looks once without any event.
func (h *Hub) Wake(wanted func(sellerdesk.Event) bool) (woken <-chan struct{}, stop func()) {
	sig := &signal{wanted: wanted, c: make(chan struct{}, 1)}
	sig.ring()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.signals[sig] = struct{}{}
	return sig.c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.signals, sig)
	}
}

func (s *signal) ring() {
	select {
	case s.c <- struct{}{}:
	default:
	}
}

// Kinds is a filter for [Hub.Wake] and [Hub.Subscribe] that wants events of
// the given kinds.
func Kinds(kinds ...sellerdesk.EventKind) func(sellerdesk.Event) bool {
	set := make(map[sellerdesk.EventKind]bool, len(kinds))
	for _, k := range kinds {
		set[k] = true
	}
	return func(e sellerdesk.Event) bool { return set[e.Kind] }
}
