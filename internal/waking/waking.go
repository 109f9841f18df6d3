package waking

import (
	"context"
	"log/slog"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/handling"
	"github.com/sellerdesk/sellerdesk/internal/live"
)

const (
	// safety is how late something wakes at most.
	safety = 5 * time.Second
	// relief is how often it is looked whether somebody left something, unless an event
	// says so before.
	relief = time.Minute
	// pause is what others have between two transactions.
	pause = 20 * time.Millisecond
)

// Deps is what waking stands on. Handling, Live and Clock are needed.
type Deps struct {
	Handling *handling.Handling
	Live     *live.Hub
	Clock    sellerdesk.Clock
	Log      *slog.Logger // nil: nothing is logged
}

// Worker wakes conversations.
type Worker struct{ deps Deps }

// New makes a worker; nothing wakes until Run.
func New(d Deps) *Worker {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Worker{d}
}

// Run wakes conversations until ctx ends.
func (w *Worker) Run(ctx context.Context) error {
	changed, stop := w.deps.Live.Wake(live.Kinds(sellerdesk.EventAccessChanged))
	defer stop()
	var looked time.Time
	for ctx.Err() == nil {
		more, err := w.deps.Handling.Wake(ctx)
		if err != nil {
			w.deps.Log.Error("what is put off could not be woken", "op", "wake", "err", err)
		}
		if now := w.deps.Clock.Now(); now.Sub(looked) >= relief {
			looked = now
			if err := w.deps.Handling.Relieve(ctx); err != nil {
				w.deps.Log.Error("what somebody left could not be handed back", "op", "hand back", "err", err)
			}
		}
		wait := safety
		if more && err == nil {
			wait = pause
		}
		fired, stopTimer := w.deps.Clock.NewTimer(wait)
		select {
		case <-changed:
			looked = time.Time{}
		case <-fired:
		case <-ctx.Done():
		}
		stopTimer()
	}
	return nil
}
