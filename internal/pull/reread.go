package pull

import (
	"context"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/rereads"
)

const (
	// rereadsAtOnce is how many conversations of an account are read again at
	// once. Some channels take four calls at a time, of which one is a person's.
	rereadsAtOnce = 3
	// rereadTries is how often a reading whose answer makes no sense is put off
	// before it is given up. All other failures pass, and nothing else may ever
	// name the conversation again.
	rereadTries = 20
)

// rereader reads conversations of one account again: those that something asked
// to look at after a while, and those that a push or a sweep named. A slow one
// holds up no other.
type rereader struct {
	*worker
	woken chan struct{} // holds one signal: something may be due, or a reading ended

	mu   sync.Mutex // guards what follows
	busy map[rereadKey]bool
	// ended are those whose reading ended since the list of what is due was asked
	// for: it may still name them.
	ended map[rereadKey]bool
}

type rereadKey struct {
	kind sellerdesk.Kind
	id   sellerdesk.RemoteID
}

// rereading is a conversation to be read again.
type rereading struct {
	conversation sellerdesk.ConversationID // 0 while it is not here yet
	ref          sellerdesk.RemoteRef
	attempt      int
	done         func(context.Context, *store.Tx) error
	later        func(context.Context, *store.Tx, sellerdesk.Time) error
}

func (r rereading) key() rereadKey { return rereadKey{r.ref.Kind, r.ref.ID} }

func newRereader(w *worker) *rereader {
	return &rereader{worker: w, woken: make(chan struct{}, 1), busy: map[rereadKey]bool{}, ended: map[rereadKey]bool{}}
}

// wake lets it look what is due.
func (r *rereader) wake() {
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

// run reads what is due until ctx ends.
func (r *rereader) run(ctx context.Context) {
	if r.opened.History == nil {
		return
	}
	var group sync.WaitGroup
	defer group.Wait()
	for ctx.Err() == nil {
		fired, stop := r.deps.Clock.NewTimer(min(r.begin(ctx, &group), safety))
		select {
		case <-fired:
		case <-r.woken:
		case <-ctx.Done():
		}
		stop()
	}
}

// begin starts to read what is due, as far as there is room, and tells when to
// look again; the end of a reading wakes it before.
func (r *rereader) begin(ctx context.Context, group *sync.WaitGroup) time.Duration {
	r.mu.Lock()
	clear(r.ended)
	r.mu.Unlock()
	due, next, err := r.list(ctx)
	if err != nil {
		if ctx.Err() == nil {
			r.log.Error("conversations to be read again could not be listed", "op", "look", "err", err)
		}
		return safety
	}
	for _, d := range due {
		if !r.take(d.key()) {
			continue
		}
		group.Go(func() {
			defer r.wake()
			defer r.release(d.key())
			r.guard(ctx, func() { r.one(ctx, d) })
		})
	}
	if len(due) > 0 || next == nil {
		return safety
	}
	return max(next.Sub(r.deps.Clock.Now()), 0)
}

// take gives a conversation a place, unless it is being read or there is none.
func (r *rereader) take(k rereadKey) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[k] || r.ended[k] || len(r.busy) >= rereadsAtOnce {
		return false
	}
	r.busy[k] = true
	return true
}

func (r *rereader) release(k rereadKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.busy, k)
	r.ended[k] = true
}

// list gives what is due, looks and what was named by turns, and when nothing
// is, the moment of the next; nil when there is none.
func (r *rereader) list(ctx context.Context) (due []rereading, next *sellerdesk.Time, err error) {
	err = r.deps.Store.Read(ctx, func(tx *store.Tx) error {
		now := r.deps.now()
		named, err := tx.Rereads.Asked(ctx, r.account, now, 2*rereadsAtOnce)
		if err != nil {
			return err
		}
		looks, err := tx.Rereads.Due(ctx, r.account, now, 2*rereadsAtOnce)
		if err != nil {
			return err
		}
		for i := range max(len(named), len(looks)) {
			if i < len(looks) {
				due = append(due, ofLook(looks[i]))
			}
			if i < len(named) {
				due = append(due, r.ofNamed(named[i]))
			}
		}
		if len(due) > 0 {
			return nil
		}
		look, err := tx.Rereads.Next(ctx, r.account)
		if err != nil {
			return err
		}
		if next, err = tx.Rereads.AskedNext(ctx, r.account); next == nil || look != nil && look.Before(next.Time) {
			next = look
		}
		return err
	})
	return due, next, err
}

func (r *rereader) ofNamed(a rereads.Asked) rereading {
	return rereading{
		conversation: a.Conversation, ref: a.Ref, attempt: a.Attempt,
		done: func(ctx context.Context, tx *store.Tx) error { return tx.Rereads.AskedDone(ctx, r.account, a) },
		later: func(ctx context.Context, tx *store.Tx, due sellerdesk.Time) error {
			return tx.Rereads.AskedLater(ctx, r.account, a, due)
		},
	}
}

func ofLook(l store.Reread) rereading {
	return rereading{
		conversation: l.Conversation, ref: l.Ref, attempt: l.Attempt,
		done: func(ctx context.Context, tx *store.Tx) error { return tx.Rereads.Done(ctx, l.Conversation) },
		later: func(ctx context.Context, tx *store.Tx, due sellerdesk.Time) error {
			return tx.Rereads.Later(ctx, l.Conversation, due)
		},
	}
}

// one reads a conversation again, or notes what becomes of a reading that failed.
func (r *rereader) one(ctx context.Context, d rereading) {
	_, err := r.reread(sellerdesk.WithLane(ctx, sellerdesk.LanePoll), d.ref, d.done)
	if ctx.Err() != nil || err == nil {
		return
	}
	class, remote := channel.ClassOf(err)
	later := pauseAfter(class, remote, d.attempt)
	level := r.log.Debug
	if later == 0 && class != channel.Gone {
		level = r.log.Warn
	}
	level("a conversation could not be read again", "op", "look", "conversation", d.conversation, "again", later > 0, "err", err)
	err = r.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Accounts.Lock(ctx, r.account); err != nil {
			return err
		}
		if later == 0 {
			return d.done(ctx, tx)
		}
		return d.later(ctx, tx, sellerdesk.At(r.deps.Clock.Now().Add(later)))
	})
	if err != nil && ctx.Err() == nil {
		r.log.Error("a reading could not be noted", "op", "look", "conversation", d.conversation, "err", err)
		_ = r.deps.Clock.Sleep(ctx, safety) // or it would be read again and again
	}
}

// pauseAfter tells after how long to try a reading again that ended in an error
// of a class; zero when it is given up.
func pauseAfter(class channel.Class, remote *channel.Error, attempt int) time.Duration {
	switch {
	case class == channel.Gone, class == channel.Refused, class == channel.Malformed && attempt >= rereadTries:
		return 0
	case class == channel.Throttled && remote.RetryAfter > 0:
		return min(remote.RetryAfter, longestPause)
	default:
		return backoff(attempt + 1)
	}
}
