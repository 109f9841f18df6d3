package pull

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// pullWait bounds one pull with its waiting for the budget, on the wall. The
	// slowest published budget is one request an hour.
	pullWait = 2 * time.Hour
	// longestPause bounds what a remote side or an adapter may ask us to wait.
	longestPause = time.Hour
	// lookPages bounds one look for a lost send.
	lookPages = 500
	// recalled is how long ago a send of unknown outcome may have left to be
	// looked for when reading of its account begins. Older ones were looked for.
	recalled = time.Hour
)

// worker reads one account. Only its own goroutine touches streams.
type worker struct {
	deps    Deps
	account sellerdesk.AccountID
	opened  *channel.Opened
	log     *slog.Logger
	cancel  context.CancelFunc
	streams []*stream
	// mending: the account is marked broken by a mistake of ours; the first
	// pull that works clears it.
	mending bool

	asked chan struct{} // holds one signal: look is set

	mu   sync.Mutex // guards look
	look *look
}

// look is a reading again of what happened since a moment, not before at.
type look struct{ since, at time.Time }

// stream is where the reading of one stream stands.
type stream struct {
	channel.Stream
	due      time.Time
	failures int // in a row
	caughtUp bool
	told     sellerdesk.Why // the failure that is recorded
}

func newWorker(d Deps, a sellerdesk.Account, opened *channel.Opened, cancel context.CancelFunc) *worker {
	w := &worker{
		deps:    d,
		account: a.ID,
		opened:  opened,
		log:     d.Log.With("account", a.ID, "channel", a.Channel),
		cancel:  cancel,
		mending: a.State != sellerdesk.AccountOK,
		asked:   make(chan struct{}, 1),
	}
	for _, s := range opened.Streams {
		i := slices.IndexFunc(a.Streams, func(p sellerdesk.StreamProgress) bool { return p.Stream == s.Name })
		w.streams = append(w.streams, &stream{Stream: s, caughtUp: i >= 0 && a.Streams[i].CaughtUp})
	}
	return w
}

// fits tells whether the worker still does what is wanted.
func (w *worker) fits(a sellerdesk.Account, opened *channel.Opened) bool {
	return opened == w.opened && works(a)
}

// askLook asks for a look. Several are one: the earliest, as far back as any.
func (w *worker) askLook(l look) {
	w.mu.Lock()
	if w.look == nil {
		w.look = &l
	} else {
		w.look = &look{since: earlier(w.look.since, l.since), at: earlier(w.look.at, l.at)}
	}
	w.mu.Unlock()
	select {
	case w.asked <- struct{}{}:
	default:
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// nextLook tells when a look is due; ok is false when none is asked for.
func (w *worker) nextLook() (at time.Time, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.look == nil {
		return at, false
	}
	return w.look.at, true
}

// takeLook gives the look that is due; nil when there is none.
func (w *worker) takeLook() *look {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.look == nil || w.look.at.After(w.deps.Clock.Now()) {
		return nil
	}
	l := w.look
	w.look = nil
	return l
}

// run reads until ctx ends or the account can no longer be read. It tells
// whether its end was asked for.
func (w *worker) run(ctx context.Context) (asked bool) {
	defer func() {
		if p := recover(); p != nil {
			w.panicked(ctx, p)
			asked = false
		}
	}()
	if len(w.streams) == 0 {
		<-ctx.Done()
		return true
	}
	w.recallDoubts(ctx)
	for {
		s := w.next()
		if err := w.wait(ctx, s); err != nil {
			return true
		}
		if l := w.takeLook(); l != nil {
			w.lookBack(ctx, l.since)
			continue
		}
		if s.due.After(w.deps.Clock.Now()) {
			continue // a look was asked for that is not due yet
		}
		if !w.pull(ctx, s) {
			return ctx.Err() != nil
		}
	}
}

// recallDoubts asks for a look for sends of unknown outcome that the last run
// left behind a short while ago.
func (w *worker) recallDoubts(ctx context.Context) {
	now := w.deps.Clock.Now()
	err := w.deps.Store.Read(ctx, func(tx *store.Tx) error {
		items, err := tx.Outbox.Unknown(ctx, w.account)
		for _, item := range items {
			if item.SentAt != nil && now.Sub(item.SentAt.Time) < recalled {
				w.askLook(look{since: item.SentAt.Add(-doubtBack), at: now.Add(doubtPause)})
			}
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		w.log.Error("sends of unknown outcome could not be listed", "op", "look", "err", err)
	}
}

// next is the stream that is due first.
func (w *worker) next() *stream {
	return slices.MinFunc(w.streams, func(a, b *stream) int { return a.due.Compare(b.due) })
}

// wait returns when s or a look is due, or when a look is asked for.
func (w *worker) wait(ctx context.Context, s *stream) error {
	until := s.due
	if at, ok := w.nextLook(); ok {
		until = earlier(until, at)
	}
	pause := until.Sub(w.deps.Clock.Now())
	if pause <= 0 {
		return ctx.Err()
	}
	due, stop := w.deps.Clock.NewTimer(pause)
	defer stop()
	select {
	case <-due:
	case <-w.asked:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// pull reads s once and saves what came. It tells whether to go on.
func (w *worker) pull(ctx context.Context, s *stream) bool {
	lane := sellerdesk.LanePoll
	if !s.caughtUp {
		lane = sellerdesk.LaneBackfill
	}
	batch, from, err := w.read(sellerdesk.WithLane(ctx, lane), s)
	if err == nil {
		err = w.apply(ctx, s, batch)
	}
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		return w.failed(ctx, s, err)
	}
	s.failures, s.told = 0, sellerdesk.Why{}
	s.caughtUp = s.caughtUp || !batch.More
	s.due = w.deps.Clock.Now()
	// An adapter that says "more" and stays where it is would spin.
	if !batch.More || batch.Next == "" || batch.Next == from {
		s.due = s.due.Add(max(s.Every, min(batch.After, longestPause)))
	}
	return true
}

// read asks the remote side for what comes after the saved place.
func (w *worker) read(ctx context.Context, s *stream) (sellerdesk.Batch, sellerdesk.Cursor, error) {
	var from sellerdesk.Cursor
	err := w.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		from, err = tx.Streams.Cursor(ctx, w.account, s.Name)
		return err
	})
	if err != nil {
		return sellerdesk.Batch{}, "", fmt.Errorf("read the place of stream %s: %w", s.Name, err)
	}
	batch, err := w.call(ctx, s, from)
	return batch, from, err
}

func (w *worker) call(ctx context.Context, s *stream, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	ctx, cancel := context.WithTimeout(ctx, pullWait)
	defer cancel()
	batch, err := w.opened.Connector.Pull(ctx, s.Name, from)
	if err != nil {
		return sellerdesk.Batch{}, fmt.Errorf("pull %s: %w", s.Name, err)
	}
	return batch, nil
}

// apply saves a batch with its place in one transaction.
func (w *worker) apply(ctx context.Context, s *stream, batch sellerdesk.Batch) error {
	err := w.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: w.account, Stream: s.Name, Batch: batch}); err != nil {
			return err
		}
		if !w.mending {
			return nil
		}
		a, err := tx.Accounts.Get(ctx, w.account)
		if err != nil || a.ReasonCode != ReasonPanic {
			return err
		}
		return tx.Accounts.SetState(ctx, w.account, sellerdesk.AccountOK, sellerdesk.Why{})
	})
	if err != nil {
		return fmt.Errorf("save a batch of stream %s: %w", s.Name, err)
	}
	w.mending = false
	for _, skipped := range batch.Skipped {
		w.log.Warn("something was not understood and left out", "op", "pull", "stream", s.Name,
			"what", skipped.What, "bytes", len(skipped.Raw))
	}
	return nil
}

// lookBack reads the streams that show what we sent, from before a moment to
// their end, without moving the saved places.
func (w *worker) lookBack(ctx context.Context, since time.Time) {
	for _, s := range w.streams {
		if !s.Echo {
			continue
		}
		if w.opened.Rewind == nil {
			s.due = w.deps.Clock.Now()
			continue
		}
		if err := w.reread(sellerdesk.WithLane(ctx, sellerdesk.LanePerson), s, since); err != nil && ctx.Err() == nil {
			w.log.Warn("a look for a lost message did not come to its end", "op", "look", "stream", s.Name, "err", err)
		}
	}
}

func (w *worker) reread(ctx context.Context, s *stream, since time.Time) error {
	from, err := w.opened.Rewind(s.Name, since)
	if err != nil {
		return fmt.Errorf("rewind %s: %w", s.Name, err)
	}
	for range lookPages {
		batch, err := w.call(ctx, s, from)
		if err != nil {
			return err
		}
		err = w.deps.Store.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: w.account, Stream: s.Name, Batch: batch, KeepCursor: true})
			return err
		})
		if err != nil {
			return fmt.Errorf("save a batch of stream %s: %w", s.Name, err)
		}
		if !batch.More || batch.Next == "" || batch.Next == from {
			return nil
		}
		from = batch.Next
	}
	return nil
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
