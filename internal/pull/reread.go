package pull

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// rereadsEach is how many conversations are read again before other looks of
	// the account have their turn.
	rereadsEach = 20
	// rereadTries is how often a look that fails is put off before it is given
	// up; the streams still tell what changes.
	rereadTries = 20
)

// rereadDue reads again the conversations that are due, and tells how long it
// is until the next.
func (w *worker) rereadDue(ctx context.Context) time.Duration {
	if w.opened.History == nil {
		return safety
	}
	var due []store.Reread
	var next *sellerdesk.Time
	err := w.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if due, err = tx.Rereads.Due(ctx, w.account, w.deps.now(), rereadsEach); err != nil || len(due) > 0 {
			return err
		}
		next, err = tx.Rereads.Next(ctx, w.account)
		return err
	})
	switch {
	case err != nil:
		if ctx.Err() == nil {
			w.log.Error("conversations to be read again could not be listed", "op", "look", "err", err)
		}
		return safety
	case len(due) > 0:
		for _, r := range due {
			w.rereadOne(ctx, r)
		}
		return 0
	case next == nil:
		return safety
	default:
		return max(next.Sub(w.deps.Clock.Now()), 0)
	}
}

// rereadOne reads a conversation again, or notes what becomes of a look that
// failed.
func (w *worker) rereadOne(ctx context.Context, r store.Reread) {
	_, err := w.reread(sellerdesk.WithLane(ctx, sellerdesk.LanePoll), r.Conversation, r.Ref)
	if ctx.Err() != nil {
		return
	}
	if err == nil {
		return
	}
	later := w.rereadAgain(r, err)
	w.log.Debug("a conversation could not be read again", "op", "look", "conversation", r.Conversation, "again", later > 0, "err", err)
	err = w.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if later > 0 {
			return tx.Rereads.Later(ctx, r.Conversation, sellerdesk.At(w.deps.Clock.Now().Add(later)))
		}
		return tx.Rereads.Done(ctx, r.Conversation)
	})
	if err != nil && ctx.Err() == nil {
		w.log.Error("a look could not be noted", "op", "look", "conversation", r.Conversation, "err", err)
		_ = w.deps.Clock.Sleep(ctx, safety) // or it would be read again and again
	}
}

// rereadAgain tells after how long to try a look again that ended in err; zero
// when it is given up.
func (w *worker) rereadAgain(r store.Reread, err error) time.Duration {
	class, remote := channel.ClassOf(err)
	switch {
	case class == channel.Gone, class == channel.Refused, r.Attempt >= rereadTries:
		return 0
	case class == channel.Throttled && remote.RetryAfter > 0:
		return min(remote.RetryAfter, longestPause)
	default:
		return backoff(r.Attempt + 1)
	}
}
