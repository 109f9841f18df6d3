package bulk

import (
	"context"
	"log/slog"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/live"
)

const (
	// pause is what others have between two transactions of jobs.
	pause = 2 * time.Millisecond
	// safety is how long a job may wait when an event was missed; answers that
	// leave make room for others.
	safety = time.Second
	// trouble is how long to wait after something failed.
	trouble = 5 * time.Second
)

// Deps is what jobs stand on. Jobs and Live are needed, the rest has a zero value
// that works.
type Deps struct {
	Jobs  *desk.Jobs
	Live  *live.Hub
	Clock sellerdesk.Clock
	Log   *slog.Logger // nil: nothing is logged
}

// Worker lets jobs go on.
type Worker struct{ deps Deps }

// New makes a worker; nothing goes on until Run.
func New(d Deps) *Worker {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Worker{d}
}

// Run lets jobs go on until ctx ends.
func (w *Worker) Run(ctx context.Context) error {
	woken, stop := w.deps.Live.Wake(live.Kinds(sellerdesk.EventJobChanged, sellerdesk.EventOutboxSettled))
	defer stop()
	if err := w.deps.Jobs.Tidy(ctx); err != nil {
		w.deps.Log.Error("jobs that never began could not be dropped", "op", "bulk", "err", err)
	}
	for ctx.Err() == nil {
		more, err := w.deps.Jobs.Work(ctx)
		wait := safety
		switch {
		case err != nil:
			w.deps.Log.Error("a job could not go on", "op", "bulk", "err", err)
			wait = trouble
		case more:
			wait = pause
		}
		fired, stopTimer := w.deps.Clock.NewTimer(wait)
		select {
		case <-woken:
		case <-fired:
		case <-ctx.Done():
		}
		stopTimer()
	}
	return nil
}
