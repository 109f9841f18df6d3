package pull_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/rest"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// reader is a far end that shows one conversation again.
type reader struct {
	*far
	history func(n int, ref sellerdesk.RemoteRef) (sellerdesk.Batch, error)

	mu    sync.Mutex // guards shown
	shown []call
}

func (r *reader) History(ctx context.Context, ref sellerdesk.RemoteRef, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	r.mu.Lock()
	n := len(r.shown)
	r.shown = append(r.shown, call{string(ref.ID), from, sellerdesk.LaneOf(ctx), r.clock.Now()})
	r.mu.Unlock()
	return r.history(n, ref)
}

func (r *reader) looked(t *testing.T, least int) []call {
	t.Helper()
	var calls []call
	eventually(t, func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.shown) < least {
			return fmt.Errorf("looked %d times, want %d", len(r.shown), least)
		}
		calls = append(calls[:0], r.shown...)
		return nil
	})
	return calls
}

// answered is a question with an answer of ours in a status, to be looked at
// again after a while.
func answered(status sellerdesk.MessageStatus, again time.Duration) sellerdesk.Batch {
	at := sellerdesk.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	m := func(id sellerdesk.RemoteID, author sellerdesk.Author, status sellerdesk.MessageStatus) sellerdesk.MessagePatch {
		return sellerdesk.MessagePatch{
			Kind: sellerdesk.KindQuestion, Conversation: "q1", RemoteID: id, Author: author, Text: string(id), At: at, Status: status,
		}
	}
	return sellerdesk.Batch{
		Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindQuestion, RemoteID: "q1", Reread: &again}},
		Messages:      []sellerdesk.MessagePatch{m("words", sellerdesk.AuthorBuyer, ""), m("answer", sellerdesk.AuthorElsewhere, status)},
		Next:          "end",
	}
}

// newest gives the newest message of a conversation.
func (h *house) newest(t *testing.T, account sellerdesk.AccountID, kind sellerdesk.Kind, remote sellerdesk.RemoteID) (m sellerdesk.Message) {
	t.Helper()
	h.read(t, func(tx *store.Tx) error {
		id, found, err := tx.Conversations.ByRemote(t.Context(), account, kind, remote)
		if err != nil || !found {
			return err
		}
		all, _, err := tx.Messages.List(t.Context(), id, "", 1)
		if len(all) > 0 {
			m = all[0]
		}
		return err
	})
	return m
}

func TestAnswerIsLookedAtUntilItIsModerated(t *testing.T) {
	t.Parallel()
	const again = 5 * time.Second
	f := &far{clock: quick(), streams: []channel.Stream{{Name: "questions", Every: time.Hour}}}
	f.pull = func(int, call) (sellerdesk.Batch, error) { return answered(sellerdesk.MessageSent, again), nil }
	r := &reader{far: f, history: func(n int, _ sellerdesk.RemoteRef) (sellerdesk.Batch, error) {
		switch n {
		case 0:
			return answered(sellerdesk.MessageSent, again), nil
		case 1:
			return sellerdesk.Batch{}, said(channel.Throttled, 2*again)
		}
		return answered(sellerdesk.MessageDelivered, 0), nil
	}}
	h := open(t, f.clock)
	id := h.add(t, r)
	read := f.atLeast(t, 1)[0].at
	looks := r.looked(t, 3)
	for i, pause := range []time.Duration{looks[0].at.Sub(read), looks[1].at.Sub(looks[0].at), looks[2].at.Sub(looks[1].at)} {
		if least := []time.Duration{again, again, 2 * again}[i]; pause < least {
			t.Errorf("look %d came after %s, want %s at least", i, pause, least)
		}
	}
	eventually(t, func() error {
		if m := h.newest(t, id, sellerdesk.KindQuestion, "q1"); m.Status != sellerdesk.MessageDelivered {
			return fmt.Errorf("the answer is %s, want delivered", m.Status)
		}
		return nil
	})
	time.Sleep(100 * time.Millisecond) // twenty seconds of the clock
	if n := len(r.looked(t, 3)); n != 3 {
		t.Errorf("looked %d times, want 3", n)
	}
}

func TestLookThatCannotSucceedIsGivenUp(t *testing.T) {
	t.Parallel()
	f := &far{clock: quick(), streams: []channel.Stream{{Name: "questions", Every: time.Hour}}}
	f.pull = func(int, call) (sellerdesk.Batch, error) { return answered(sellerdesk.MessageSent, time.Second), nil }
	r := &reader{far: f, history: func(int, sellerdesk.RemoteRef) (sellerdesk.Batch, error) {
		return sellerdesk.Batch{}, said(channel.Gone, 0)
	}}
	h := open(t, f.clock)
	h.add(t, r)
	r.looked(t, 1)
	time.Sleep(150 * time.Millisecond) // thirty seconds of the clock
	if n := len(r.looked(t, 1)); n != 1 {
		t.Errorf("looked %d times, want once", n)
	}
}

// doubt lets an action leave on the conversation of a question, and no answer
// come.
func (h *house) doubt(t *testing.T, account sellerdesk.AccountID, action sellerdesk.Action, text string) (id sellerdesk.OutboxID) {
	t.Helper()
	eventually(t, func() error {
		return h.store.Write(t.Context(), func(tx *store.Tx) error {
			conversation, found, err := tx.Conversations.ByRemote(t.Context(), account, sellerdesk.KindQuestion, "q1")
			if err != nil || !found {
				return errors.Join(err, errors.New("the question is not there"))
			}
			if _, err = tx.Outbox.Queue(t.Context(), store.NewItem{
				Account: account, Conversation: conversation, Key: "k", Action: action, Text: text,
			}); err != nil {
				return err
			}
			items, err := tx.Outbox.Lease(t.Context(), sellerdesk.At(h.clock.Now().Add(time.Minute)), 30*time.Minute, 1, nil)
			if err != nil || len(items) != 1 {
				return fmt.Errorf("leased %d: %w", len(items), err)
			}
			id = items[0].ID
			return tx.Outbox.Settle(t.Context(), id, store.Settlement{State: sellerdesk.OutboxUnknown})
		})
	})
	return id
}

func TestDoubtIsEndedByReadingTheConversation(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		action sellerdesk.Action
		text   string
		want   sellerdesk.OutboxState
	}{
		{"an answer that turns up", sellerdesk.Answer{Text: "answer"}, "answer", sellerdesk.OutboxSent},
		{"an answer that does not", sellerdesk.Answer{Text: "another"}, "another", sellerdesk.OutboxUnknown},
		{"a view, which no line shows", sellerdesk.View{}, "", sellerdesk.OutboxWithdrawn},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := &far{clock: quick(), streams: []channel.Stream{{Name: "questions", Every: time.Hour, Echo: true}}}
			question := answered("", 0)
			question.Messages = question.Messages[:1]
			f.pull = func(int, call) (sellerdesk.Batch, error) { return question, nil }
			r := &reader{far: f}
			h := open(t, f.clock)
			r.history = func(int, sellerdesk.RemoteRef) (sellerdesk.Batch, error) {
				if tt.want != sellerdesk.OutboxSent {
					return question, nil
				}
				b := answered(sellerdesk.MessageDelivered, 0)
				b.Messages[1].At = sellerdesk.At(h.clock.Now())
				return b, nil
			}
			id := h.add(t, r)
			item := h.doubt(t, id, tt.action, tt.text)
			if look := r.looked(t, 1)[0]; look.stream != "q1" || look.lane != sellerdesk.LanePerson {
				t.Errorf("looked at %q in lane %d, want the question, for a person", look.stream, look.lane)
			}
			eventually(t, func() error {
				return h.store.Read(t.Context(), func(tx *store.Tx) error {
					i, err := tx.Outbox.Get(t.Context(), item)
					if err == nil && i.State != tt.want {
						err = fmt.Errorf("it is %s, want %s", i.State, tt.want)
					}
					return err
				})
			})
			for _, c := range f.asked() {
				if c.lane == sellerdesk.LanePerson {
					t.Error("the whole stream was read again although its conversation told enough")
				}
			}
		})
	}
}

// pages serves a history of reviews in pages; the place is the number of the
// next page.
func pages(count, size int) func(from sellerdesk.Cursor) sellerdesk.Batch {
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return func(from sellerdesk.Cursor) sellerdesk.Batch {
		page, _ := strconv.Atoi(string(from))
		b := sellerdesk.Batch{Next: from, Done: int64(page * size), Total: int64(count * size)}
		if page >= count {
			return b
		}
		for i := range size {
			n := page*size + i
			at := sellerdesk.At(began.Add(time.Duration(n) * time.Minute))
			id := sellerdesk.RemoteID(fmt.Sprint("r", n))
			b.Messages = append(b.Messages, sellerdesk.MessagePatch{
				Kind: sellerdesk.KindReview, Conversation: id, RemoteID: id, Author: sellerdesk.AuthorBuyer, Text: string(id), At: at,
			})
			b.Reached = &at
		}
		b.Next, b.More = sellerdesk.Cursor(strconv.Itoa(page+1)), page+1 < count
		return b
	}
}

// reviews counts the reviews and their messages.
func (h *house) reviews(t *testing.T, account sellerdesk.AccountID) (conversations, messages int) {
	t.Helper()
	seen := map[sellerdesk.RemoteID]bool{}
	h.read(t, func(tx *store.Tx) error {
		for cursor := ""; ; {
			page, next, err := tx.Conversations.List(t.Context(), store.ConversationQuery{
				Accounts: []sellerdesk.AccountID{account}, Kinds: []sellerdesk.Kind{sellerdesk.KindReview}, Cursor: cursor, Limit: 200,
			})
			if err != nil {
				return err
			}
			for _, c := range page {
				if seen[*c.RemoteID] {
					t.Errorf("review %s is there twice", *c.RemoteID)
				}
				seen[*c.RemoteID] = true
				conversations++
				all, _, err := tx.Messages.List(t.Context(), c.ID, "", 0)
				if err != nil {
					return err
				}
				messages += len(all)
			}
			if cursor = next; cursor == "" {
				return nil
			}
		}
	})
	return conversations, messages
}

func (h *house) caughtUp(t *testing.T, account sellerdesk.AccountID) {
	t.Helper()
	eventually(t, func() error {
		a := h.account(t, account)
		if len(a.Streams) == 0 || !a.Streams[0].CaughtUp {
			return fmt.Errorf("streams %+v, want caught up", a.Streams)
		}
		return nil
	})
}

func TestHistoryGoesOnWhereAKillLeftIt(t *testing.T) {
	t.Parallel()
	const count, size, killed = 50, 8, 20
	path, history := filepath.Join(t.TempDir(), "sellerdesk.db"), pages(count, size)
	streams := []channel.Stream{{Name: "history", Every: time.Hour, Backfill: true}}
	f := &far{clock: quick(), streams: streams}
	reached, release := make(chan struct{}), make(chan struct{})
	f.pull = func(n int, c call) (sellerdesk.Batch, error) {
		if n == killed {
			close(reached)
			<-release
		}
		return history(c.from), nil
	}
	h := openAt(t, f.clock, path)
	id := h.add(t, f)
	<-reached
	if s := h.account(t, id).Streams[0]; s.CaughtUp || s.Done < 0.3 || s.Done > 0.5 {
		t.Errorf("at the kill %+v, want two fifths done", s)
	}
	time.AfterFunc(20*time.Millisecond, func() { close(release) }) // the page comes while everything ends
	h.stop()
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}

	next := &far{clock: f.clock, streams: streams, pull: func(_ int, c call) (sellerdesk.Batch, error) { return history(c.from), nil }}
	h = openAt(t, f.clock, path)
	h.roster.Put(id, next)
	h.write(t, func(tx *store.Tx) error { return tx.Accounts.Rename(t.Context(), id, "again") })
	calls := next.atLeast(t, 1)
	if page, _ := strconv.Atoi(string(calls[0].from)); page != killed && page != killed+1 {
		t.Errorf("reading goes on from page %q, want %d or the one after", calls[0].from, killed)
	}
	h.caughtUp(t, id)
	if conversations, messages := h.reviews(t, id); conversations != count*size || messages != count*size {
		t.Errorf("%d reviews with %d messages, want %d of each", conversations, messages, count*size)
	}
}

func TestRepairBringsBackWhatWasLost(t *testing.T) {
	t.Parallel()
	const count, size, lost = 6, 10, 20
	history := pages(count, size)
	f := &far{clock: quick(), streams: []channel.Stream{{Name: "history", Every: time.Hour, Backfill: true}}}
	f.pull = func(_ int, c call) (sellerdesk.Batch, error) { return history(c.from), nil }
	h := open(t, f.clock)
	id := h.add(t, f)
	h.caughtUp(t, id)
	if n := storetest.Lose(t, h.path, lost); n != lost {
		t.Fatalf("lost %d messages, want %d", n, lost)
	}
	if _, messages := h.reviews(t, id); messages != count*size-lost {
		t.Fatalf("%d messages are left, want %d", messages, count*size-lost)
	}
	before := len(f.asked())
	h.write(t, func(tx *store.Tx) error { return tx.Streams.Reset(t.Context(), id, "history") })
	asked := h.clock.Now()
	calls := f.atLeast(t, before+count)[before:]
	for _, c := range calls {
		if c.lane != sellerdesk.LaneBackfill {
			t.Errorf("the repair reads in lane %d, want that of old history", c.lane)
		}
	}
	if pause := calls[0].at.Sub(asked); calls[0].from != "" || pause > time.Minute {
		t.Errorf("the repair began after %s from %q", pause, calls[0].from)
	}
	h.caughtUp(t, id)
	if conversations, messages := h.reviews(t, id); conversations != count*size || messages != count*size {
		t.Errorf("%d reviews with %d messages, want %d of each", conversations, messages, count*size)
	}
}

func TestPageThatCameWhileARepairBeganDoesNotEndIt(t *testing.T) {
	t.Parallel()
	const count, size = 4, 5
	history := pages(count, size)
	f := &far{clock: quick(), streams: []channel.Stream{{Name: "history", Every: time.Hour, Backfill: true}}}
	reached, release := make(chan struct{}), make(chan struct{})
	f.pull = func(n int, c call) (sellerdesk.Batch, error) {
		if n == count-1 { // the last page
			close(reached)
			<-release
		}
		return history(c.from), nil
	}
	h := open(t, f.clock)
	id := h.add(t, f)
	<-reached
	h.write(t, func(tx *store.Tx) error { return tx.Streams.Reset(t.Context(), id, "history") })
	close(release)
	calls := f.atLeast(t, 2*count)
	if from := calls[count].from; from != "" {
		t.Errorf("reading goes on from %q, want from the beginning", from)
	}
	h.caughtUp(t, id)
}

// budgeted is a far end behind a budget of a few requests a second, as that of
// reviews and questions. It notes in which order calls were let go.
type budgeted struct {
	*far
	budget *rest.Budget

	mu   sync.Mutex // guards gone
	gone []sellerdesk.Lane
}

func (b *budgeted) turn(ctx context.Context) error {
	if err := b.budget.Wait(ctx, "feedbacks"); err != nil {
		return err
	}
	b.mu.Lock()
	b.gone = append(b.gone, sellerdesk.LaneOf(ctx))
	b.mu.Unlock()
	b.budget.Observe("feedbacks", nil)
	return nil
}

func (b *budgeted) left() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.gone)
}

func (b *budgeted) Pull(ctx context.Context, stream string, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	if err := b.turn(ctx); err != nil {
		return sellerdesk.Batch{}, err
	}
	return b.far.Pull(ctx, stream, from)
}

func (b *budgeted) Send(ctx context.Context, _ sellerdesk.Action) (sellerdesk.Receipt, error) {
	return sellerdesk.Receipt{}, b.turn(ctx)
}

func TestPersonWaitsForOneTurnAtMostWhileHistoryIsRead(t *testing.T) {
	t.Parallel()
	clock := quick()
	b := &budgeted{
		far: &far{clock: clock, streams: []channel.Stream{
			{Name: "reviews.history", Every: time.Hour, Backfill: true}, {Name: "reviews.archive", Every: time.Hour, Backfill: true},
			{Name: "questions.history", Every: time.Hour, Backfill: true}, {Name: "reviews", Every: 3 * time.Second},
		}},
		budget: rest.NewBudget([]rest.BucketLimit{{Bucket: "feedbacks", Period: time.Second, Limit: 3, Burst: 6}}, rest.BudgetOptions{
			Clock: rest.Clock{Now: clock.Now, NewTimer: clock.NewTimer},
			Lane:  func(ctx context.Context) rest.Lane { return rest.Lane(sellerdesk.LaneOf(ctx)) },
		}),
	}
	b.pull = func(n int, c call) (sellerdesk.Batch, error) {
		return sellerdesk.Batch{Next: sellerdesk.Cursor(fmt.Sprint(n)), More: c.stream != "reviews"}, nil
	}
	h := open(t, clock)
	h.add(t, b)
	b.atLeast(t, 10)
	for range 15 {
		before := b.left()
		if _, err := b.Send(sellerdesk.WithLane(t.Context(), sellerdesk.LanePerson), sellerdesk.Answer{}); err != nil {
			t.Fatal(err)
		}
		b.mu.Lock()
		between := 0
		for b.gone[before+between] != sellerdesk.LanePerson {
			between++
		}
		b.mu.Unlock()
		if between > 1 { // one may have had its turn as the person came
			t.Errorf("%d others went before a person", between)
		}
		b.atLeast(t, len(b.asked())+2) // history goes on meanwhile
	}
}
