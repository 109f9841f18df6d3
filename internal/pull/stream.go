package pull

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"slices"
	"sync/atomic"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// pullWait bounds one pull with its waiting for the budget, on the wall. The
	// slowest published budget is one request an hour.
	pullWait = 2 * time.Hour
	// historyWait is the same for old history, of which only so many pages are
	// read at once.
	historyWait = 5 * time.Minute
	// longestPause bounds what a remote side or an adapter may ask us to wait.
	longestPause = time.Hour
	// unsaved is how long a stream that brings nothing new may go without its
	// reading being written down, which costs more than the reading.
	unsaved = 10 * time.Second
)

// stream is where the reading of one stream stands. Only its own goroutine
// touches what is not atomic.
type stream struct {
	worker *worker
	channel.Stream
	caughtUp atomic.Bool
	woken    chan struct{} // holds one signal: somebody wants it to be read sooner
	atOnce   atomic.Bool   // and now, whatever its pace

	pace     time.Duration // from Every while things come to Calm while nothing does
	due      time.Time
	soonest  time.Time // it may not be read before, also when woken
	failures int       // in a row
	told     sellerdesk.Why
	from     sellerdesk.Cursor // where the last pull started
	seed     maphash.Seed
	last     uint64 // fingerprint of what was saved last, 0 when it was news
	saved    time.Time
	fresh    int              // new messages of the last pull
	real     func() time.Time // a pull is measured on the wall
}

func newStream(w *worker, s channel.Stream, caughtUp bool) *stream {
	out := &stream{worker: w, Stream: s, woken: make(chan struct{}, 1), pace: s.Every, seed: maphash.MakeSeed(), real: time.Now}
	out.caughtUp.Store(caughtUp)
	return out
}

// wake asks for a reading sooner than the pace says, or at once.
func (s *stream) wake(atOnce bool) {
	if atOnce {
		s.atOnce.Store(true)
	}
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// lane is where its calls stand in line.
func (s *stream) lane() sellerdesk.Lane {
	if s.Backfill || !s.caughtUp.Load() {
		return sellerdesk.LaneBackfill
	}
	return sellerdesk.LanePoll
}

// follow reads s until ctx ends or the account can no longer be read.
func (s *stream) follow(ctx context.Context) {
	for s.wait(ctx) == nil {
		if !s.pull(ctx) {
			return
		}
	}
}

// wait returns when s is due.
func (s *stream) wait(ctx context.Context) error {
	for {
		pause := s.due.Sub(s.worker.deps.Clock.Now())
		if pause <= 0 {
			return ctx.Err()
		}
		due, stop := s.worker.deps.Clock.NewTimer(pause)
		select {
		case <-due:
		case <-s.woken:
			s.sooner(s.worker.deps.Clock.Now())
		case <-ctx.Done():
		}
		stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// sooner is what follows from being woken: a stream that reads old history, or
// that could not be read, keeps its turn.
func (s *stream) sooner(now time.Time) {
	switch {
	case s.atOnce.Swap(false):
		s.due, s.last = now, 0
	case s.Backfill || s.failures > 0:
	default:
		s.pace = s.Every
		s.due = earlier(s.due, s.soonest)
	}
}

// pull reads s once and saves what came. It tells whether to go on.
func (s *stream) pull(ctx context.Context) bool {
	if s.Backfill {
		select {
		case s.worker.history <- struct{}{}:
			defer func() { <-s.worker.history }()
		case <-ctx.Done():
			return false
		}
	}
	began, caughtUp := s.real(), s.caughtUp.Load()
	batch, from, err := s.read(sellerdesk.WithLane(ctx, s.lane()))
	changed := false
	s.fresh = 0
	if err == nil {
		changed, err = s.save(ctx, from, batch)
	}
	if ctx.Err() != nil {
		return false
	}
	s.observe(err, caughtUp, s.real().Sub(began))
	if err != nil {
		return s.notRead(ctx, err)
	}
	s.failures, s.told = 0, sellerdesk.Why{}
	s.schedule(s.worker.deps.Clock.Now(), batch, from, changed)
	return true
}

// observe tells whoever watches how a pull ended.
func (s *stream) observe(err error, caughtUp bool, took time.Duration) {
	if s.worker.deps.Pulled == nil {
		return
	}
	class, _ := channel.ClassOf(err)
	if err != nil && class == "" {
		class = channel.Class(ReasonPanic)
	}
	s.worker.deps.Pulled(channel.Pulled{
		Account: s.worker.account, Channel: s.worker.kind, Stream: s.Name,
		Class: class, CaughtUp: caughtUp, Messages: s.fresh, Took: took,
	})
}

// schedule says when s is due after a pull that worked.
func (s *stream) schedule(now time.Time, batch sellerdesk.Batch, from sellerdesk.Cursor, changed bool) {
	if !batch.More {
		s.caughtUp.Store(true)
	}
	s.due, s.soonest = now, now
	// An adapter that says "more" and stays where it is would spin.
	if batch.More && batch.Next != "" && batch.Next != from {
		return
	}
	if changed {
		s.pace = s.Every
	}
	after := min(batch.After, longestPause)
	s.due = now.Add(max(s.pace, after))
	s.soonest = now.Add(max(s.Every, after))
	s.pace = max(s.Every, min(s.pace+s.pace/2, s.Calm))
}

// read asks the remote side for what comes after the saved place.
func (s *stream) read(ctx context.Context) (sellerdesk.Batch, sellerdesk.Cursor, error) {
	var from sellerdesk.Cursor
	err := s.worker.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		from, err = tx.Streams.Cursor(ctx, s.worker.account, s.Name)
		return err
	})
	if err != nil {
		return sellerdesk.Batch{}, "", fmt.Errorf("read the place of stream %s: %w", s.Name, err)
	}
	if from == "" && s.from != "" {
		s.restart() // everything is to be read again
	}
	s.from = from
	batch, err := s.call(ctx, from)
	return batch, from, err
}

// restart is what follows from the place being taken away.
func (s *stream) restart() {
	s.caughtUp.Store(false)
	s.last, s.pace = 0, s.Every
}

func (s *stream) call(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	wait := pullWait
	if s.Backfill {
		wait = historyWait
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	batch, err := s.worker.opened.Connector.Pull(ctx, s.Name, from)
	if err != nil {
		return sellerdesk.Batch{}, fmt.Errorf("pull %s: %w", s.Name, err)
	}
	return batch, nil
}

// save saves a batch, with its place in the last transaction, and tells whether
// it brought something new. What is the same as before is not saved each time:
// applying a batch twice changes nothing.
func (s *stream) save(ctx context.Context, from sellerdesk.Cursor, batch sellerdesk.Batch) (changed bool, err error) {
	now, was := s.worker.deps.Clock.Now(), s.last
	s.last = 0
	if s.caughtUp.Load() && s.told == (sellerdesk.Why{}) && !s.worker.mending.Load() && !batch.More && len(batch.Reread) == 0 && (batch.Next == "" || batch.Next == from) {
		s.last = s.fingerprint(batch)
	}
	if s.last != 0 && s.last == was && now.Sub(s.saved) < unsaved {
		return false, nil
	}
	for piece := range pieces(batch, mostAtOnce, s.caughtUp.Load()) {
		applied, err := s.apply(ctx, from, piece)
		if err != nil {
			s.last = 0
			return false, fmt.Errorf("save a batch of stream %s: %w", s.Name, err)
		}
		changed = changed || applied.Changed
		s.fresh += applied.NewMessages
	}
	s.saved = now
	s.worker.mending.Store(false)
	for _, skipped := range batch.Skipped {
		s.worker.log.Warn("something was not understood and left out", "op", "pull", "stream", s.Name,
			"what", skipped.What, "bytes", len(skipped.Raw))
	}
	if asksReread(batch) {
		s.worker.rereader.wake()
	}
	return changed, nil
}

// fingerprint tells batches apart.
func (s *stream) fingerprint(batch sellerdesk.Batch) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	if err := json.NewEncoder(&h).Encode(batch); err != nil {
		return 0 // plain values: it cannot fail
	}
	return h.Sum64()
}

func asksReread(batch sellerdesk.Batch) bool {
	return len(batch.Reread) > 0 ||
		slices.ContainsFunc(batch.Conversations, func(c sellerdesk.ConversationPatch) bool { return c.Reread != nil })
}

// apply saves a batch. When the place was taken away while it was read, so that
// everything is read again, the new place stays.
func (s *stream) apply(ctx context.Context, from sellerdesk.Cursor, batch sellerdesk.Batch) (applied store.Applied, err error) {
	err = s.worker.deps.Store.Write(ctx, func(tx *store.Tx) error {
		place, err := tx.Streams.Cursor(ctx, s.worker.account, s.Name)
		if err != nil {
			return err
		}
		in := store.ApplyInput{Account: s.worker.account, Stream: s.Name, Batch: batch, KeepCursor: place != from}
		if applied, err = tx.Inbox.Apply(ctx, in); err != nil || !s.worker.mending.Load() {
			return err
		}
		a, err := tx.Accounts.Get(ctx, s.worker.account)
		if err != nil || a.ReasonCode != ReasonPanic {
			return err
		}
		return tx.Accounts.SetState(ctx, s.worker.account, sellerdesk.AccountOK, sellerdesk.Why{})
	})
	return applied, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
