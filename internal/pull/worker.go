package pull

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// worker reads one account: each stream in a goroutine of its own, so that one
// that waits for its budget holds back no other, and one more for what is
// looked at out of turn.
type worker struct {
	deps    Deps
	account sellerdesk.AccountID
	kind    sellerdesk.ChannelKind
	opened  *channel.Opened
	log     *slog.Logger
	cancel  context.CancelFunc
	history chan struct{} // a place for each reading of old history, shared by all accounts
	streams []*stream
	looks   *looks
	// rereader and pushes read what was named, and what names it.
	rereader *rereader
	pushes   *pushReader

	// mending: the account is marked broken by a mistake of ours; the first
	// pull that works clears it.
	mending atomic.Bool
	// failed: the account can no longer be read, whatever is asked for.
	failed atomic.Bool
}

func newWorker(d Deps, a sellerdesk.Account, opened *channel.Opened, history chan struct{}, cancel context.CancelFunc) *worker {
	w := &worker{
		deps:    d,
		account: a.ID,
		kind:    a.Channel,
		opened:  opened,
		log:     d.Log.With("account", a.ID, "channel", a.Channel),
		cancel:  cancel,
		history: history,
		looks:   newLooks(),
	}
	w.rereader, w.pushes = newRereader(w), newPushReader(w)
	w.mending.Store(a.State != sellerdesk.AccountOK)
	for _, s := range opened.Streams {
		i := slices.IndexFunc(a.Streams, func(p sellerdesk.StreamProgress) bool { return p.Stream == s.Name })
		w.streams = append(w.streams, newStream(w, s, i >= 0 && a.Streams[i].CaughtUp))
	}
	return w
}

// fits tells whether the worker still does what is wanted.
func (w *worker) fits(a sellerdesk.Account, opened *channel.Opened) bool {
	return opened == w.opened && works(a)
}

// run reads until ctx ends or the account can no longer be read. It tells
// whether its end was asked for.
func (w *worker) run(ctx context.Context) (asked bool) {
	ctx = channel.WithAccount(ctx, w.account)
	var group sync.WaitGroup
	for _, s := range w.streams {
		group.Go(func() { w.guard(ctx, func() { s.follow(ctx) }) })
	}
	for _, work := range []func(context.Context){w.lookOut, w.rereader.run, w.pushes.run} {
		group.Go(func() { w.guard(ctx, func() { work(ctx) }) })
	}
	for _, e := range (errands{w}).list() {
		group.Go(func() { w.guard(ctx, func() { errands{w}.follow(ctx, e) }) })
	}
	group.Wait()
	return !w.failed.Load()
}

// guard does a part of the work. Its panic ends the work on the account, and no
// other.
func (w *worker) guard(ctx context.Context, work func()) {
	defer func() {
		if p := recover(); p != nil {
			w.panicked(ctx, p)
			w.fail()
		}
	}()
	work()
}

// fail ends the work on the account.
func (w *worker) fail() {
	w.failed.Store(true)
	w.cancel()
}

// hurry lets the streams be read at their quickest pace again, because somebody
// works on the account or something came.
func (w *worker) hurry() {
	for _, s := range w.streams {
		s.wake(false)
	}
}

// restart reads a stream at once, because somebody wants all of it again.
func (w *worker) restart(name string) {
	for _, s := range w.streams {
		if s.Name == name {
			s.wake(true)
		}
	}
}

// behind tells whether some history is still to be read.
func (w *worker) behind() bool {
	return slices.ContainsFunc(w.streams, func(s *stream) bool { return !s.caughtUp.Load() })
}

// panicked records a mistake of ours on the account.
func (w *worker) panicked(ctx context.Context, p any) {
	w.log.Error("reading an account ended in a panic", "op", "pull", "err", panicText(p), "stack", string(debug.Stack()))
	why := sellerdesk.Why{Code: ReasonPanic, Text: "A mistake in Sellerdesk stopped the reading of this account; it is tried again by itself."}
	err := w.deps.setState(context.WithoutCancel(ctx), w.account, sellerdesk.AccountBroken, why, sellerdesk.AccountOK)
	if err != nil {
		w.log.Error("a stopped account could not be marked", "op", "pull", "err", err)
	}
}

// panicText is what may be logged of a panic: the runtime speaks of indexes and
// types, anybody else might quote what a buyer wrote.
func panicText(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}
