package pull

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// lookPages bounds one look for a lost send.
	lookPages = 500
	// recalled is how long ago a send of unknown outcome may have left to be
	// looked for when reading of its account begins. Older ones were looked for.
	recalled = time.Hour
)

// look is a reading again of what happened since a moment, not before at.
type look struct{ since, at time.Time }

// looks are what is to be read out of turn in one account.
type looks struct {
	woken chan struct{} // holds one signal: something may be due sooner

	mu   sync.Mutex // guards next
	next *look
}

func newLooks() *looks { return &looks{woken: make(chan struct{}, 1)} }

// wake lets the account look what is due.
func (l *looks) wake() {
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

// ask asks for a look. Several are one: the earliest, as far back as any.
func (l *looks) ask(n look) {
	l.mu.Lock()
	if l.next == nil {
		l.next = &n
	} else {
		l.next = &look{since: earlier(l.next.since, n.since), at: earlier(l.next.at, n.at)}
	}
	l.mu.Unlock()
	l.wake()
}

// take gives the look that is due, nil when there is none, and how long it is
// until the next.
func (l *looks) take(now time.Time) (*look, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.next == nil:
		return nil, safety
	case l.next.at.After(now):
		return nil, l.next.at.Sub(now)
	}
	n := l.next
	l.next = nil
	return n, 0
}

// lookOut reads out of turn what is due, until ctx ends.
func (w *worker) lookOut(ctx context.Context) {
	w.recallDoubts(ctx)
	for ctx.Err() == nil {
		due, pause := w.looks.take(w.deps.Clock.Now())
		if due != nil {
			w.lookBack(ctx, due.since)
			continue
		}
		fired, stop := w.deps.Clock.NewTimer(min(pause, safety))
		select {
		case <-fired:
		case <-w.looks.woken:
		case <-ctx.Done():
		}
		stop()
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
				w.looks.ask(look{since: item.SentAt.Add(-doubtBack), at: now.Add(doubtPause)})
			}
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		w.log.Error("sends of unknown outcome could not be listed", "op", "look", "err", err)
	}
}

// lookBack looks for sends of unknown outcome: their conversations are read
// again, or, where the channel cannot do that, the streams that show what we
// sent, from before a moment to their end, without moving the saved places.
func (w *worker) lookBack(ctx context.Context, since time.Time) {
	ctx = sellerdesk.WithLane(ctx, sellerdesk.LanePerson)
	if w.lookAtDoubts(ctx, since) {
		return
	}
	for _, s := range w.streams {
		if !s.Echo {
			continue
		}
		if w.opened.Rewind == nil {
			s.wake(true)
			continue
		}
		if err := w.rewind(ctx, s, since); err != nil && ctx.Err() == nil {
			w.log.Warn("a look for a lost message did not come to its end", "op", "look", "stream", s.Name, "err", err)
		}
	}
}

// doubt is a conversation with actions of unknown outcome.
type doubt struct {
	conversation sellerdesk.ConversationID
	ref          sellerdesk.RemoteRef
	// mute are those that no line of the conversation shows, so that nobody can
	// be asked about them.
	mute []sellerdesk.OutboxID
}

// doubts lists the conversations with actions of unknown outcome that left
// after a moment.
func (w *worker) doubts(ctx context.Context, since time.Time) (list []*doubt, err error) {
	err = w.deps.Store.Read(ctx, func(tx *store.Tx) error {
		items, err := tx.Outbox.Unknown(ctx, w.account)
		if err != nil {
			return err
		}
		seen := map[sellerdesk.ConversationID]*doubt{}
		for _, item := range items {
			if item.SentAt == nil || item.SentAt.Before(since) {
				continue
			}
			d := seen[item.Conversation]
			if d == nil {
				d = &doubt{conversation: item.Conversation}
				if d.ref, err = tx.Conversations.Remote(ctx, item.Conversation); err != nil {
					return err
				}
				seen[item.Conversation] = d
				list = append(list, d)
			}
			if item.Message == nil && item.Action != sellerdesk.ActionEdit {
				d.mute = append(d.mute, item.ID)
			}
		}
		return nil
	})
	return list, err
}

// lookAtDoubts reads the conversations again that have an action of unknown
// outcome, and tells whether that was done for all of them.
func (w *worker) lookAtDoubts(ctx context.Context, since time.Time) bool {
	if w.opened.History == nil {
		return false
	}
	list, err := w.doubts(ctx, since)
	if err != nil {
		if ctx.Err() == nil {
			w.log.Error("actions of unknown outcome could not be listed", "op", "look", "err", err)
		}
		return false
	}
	all := len(list) > 0
	for _, d := range list {
		shown, err := w.reread(ctx, d.ref, func(ctx context.Context, tx *store.Tx) error { return tx.Rereads.Done(ctx, d.conversation) })
		if err == nil && shown {
			err = w.settleMute(ctx, d.mute)
		}
		if err != nil && ctx.Err() == nil {
			w.log.Warn("a conversation could not be read again", "op", "look", "conversation", d.conversation, "err", err)
		}
		all = all && shown
	}
	return all
}

// settleMute gives up the doubt about actions that no line shows, as a pin: the
// conversation was read again and shows how it stands.
func (w *worker) settleMute(ctx context.Context, ids []sellerdesk.OutboxID) error {
	if len(ids) == 0 {
		return nil
	}
	why := sellerdesk.Why{Code: sellerdesk.ReasonOutcomeUnknown, Text: "No answer came. It was looked at again: it stands as it is shown."}
	err := w.deps.Store.Write(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			item, err := tx.Outbox.Get(ctx, id)
			if err != nil {
				return err
			}
			if item.State != sellerdesk.OutboxUnknown {
				continue // settled by what was read
			}
			if err := tx.Outbox.Settle(ctx, id, store.Settlement{State: sellerdesk.OutboxWithdrawn, Why: why}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("settle actions that were looked at: %w", err)
	}
	return nil
}

// reread reads one conversation again and saves what came, and with it that
// this is done, so that what came may ask for another look. It tells whether the
// remote side showed anything.
func (w *worker) reread(ctx context.Context, ref sellerdesk.RemoteRef, done func(context.Context, *store.Tx) error) (shown bool, err error) {
	var from sellerdesk.Cursor
	for page := 1; ; page++ {
		batch, err := w.recall(ctx, ref, from)
		if err != nil {
			return false, err
		}
		more := batch.More && batch.Next != "" && batch.Next != from
		err = w.deps.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.Accounts.Lock(ctx, w.account); err != nil {
				return err
			}
			if !more {
				if err := done(ctx, tx); err != nil {
					return err
				}
			}
			return w.keep(ctx, tx, "history", batch)
		})
		if err != nil {
			return false, fmt.Errorf("save conversation %s: %w", ref.ID, err)
		}
		if asksReread(batch) {
			w.rereader.wake()
		}
		shown = shown || len(batch.Conversations)+len(batch.Messages) > 0
		switch {
		case !more:
			return shown, nil
		case page == lookPages:
			// What was read is kept, and the next try goes on from there.
			return false, &channel.Error{Class: channel.Malformed, Why: sellerdesk.Why{
				Code: sellerdesk.ReasonMalformed, Text: "The history of a conversation does not come to its end; it is tried again."}}
		}
		from = batch.Next
	}
}

func (w *worker) recall(ctx context.Context, ref sellerdesk.RemoteRef, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	ctx, cancel := context.WithTimeout(ctx, historyWait)
	defer cancel()
	batch, err := w.opened.History(ctx, ref, from)
	if err != nil {
		return sellerdesk.Batch{}, fmt.Errorf("read a conversation again: %w", err)
	}
	return batch, nil
}

// keep saves what was read out of turn.
func (w *worker) keep(ctx context.Context, tx *store.Tx, stream string, batch sellerdesk.Batch) error {
	applied, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: w.account, Stream: stream, Batch: batch, KeepCursor: true})
	if err == nil && applied.NewMessages > 0 && stream != pushed && w.deps.Found != nil && !w.behind() {
		w.deps.Found(w.account)
	}
	return err
}

// rewind reads a stream again from before a moment to its end.
func (w *worker) rewind(ctx context.Context, s *stream, since time.Time) error {
	from, err := w.opened.Rewind(s.Name, since)
	if err != nil {
		return fmt.Errorf("rewind %s: %w", s.Name, err)
	}
	for range lookPages {
		batch, err := s.call(ctx, from)
		if err != nil {
			return err
		}
		err = w.deps.Store.Write(ctx, func(tx *store.Tx) error { return w.keep(ctx, tx, s.Name, batch) })
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
