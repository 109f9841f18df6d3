package pull_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/pull"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func TestHistoryIsReadInItsLaneUntilCaughtUp(t *testing.T) {
	t.Parallel()
	const every = 3 * time.Minute
	f := &far{clock: quick(), streams: []channel.Stream{{Name: "events", Every: every}}}
	f.pull = func(n int, c call) (sellerdesk.Batch, error) {
		b := word(sellerdesk.RemoteID(fmt.Sprint("m", min(n, 2))))
		b.More = n < 2
		return b, nil
	}
	h := open(t, f.clock)
	id := h.add(t, f)
	calls := f.atLeast(t, 4)
	var lanes []sellerdesk.Lane
	var places []sellerdesk.Cursor
	for _, c := range calls[:4] {
		lanes, places = append(lanes, c.lane), append(places, c.from)
	}
	if diff := cmp.Diff([]sellerdesk.Lane{sellerdesk.LaneBackfill, sellerdesk.LaneBackfill, sellerdesk.LaneBackfill, sellerdesk.LanePoll}, lanes); diff != "" {
		t.Errorf("lanes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]sellerdesk.Cursor{"", "m0", "m1", "m2"}, places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if gap := calls[2].at.Sub(calls[0].at); gap >= every {
		t.Errorf("there was more, and reading on took %s", gap)
	}
	if gap := calls[3].at.Sub(calls[2].at); gap < every {
		t.Errorf("nothing was left, and the next pull came after %s", gap)
	}
	if a := h.account(t, id); len(a.Streams) != 1 || !a.Streams[0].CaughtUp {
		t.Errorf("progress %+v, want caught up", a.Streams)
	}
}

func TestWhatFollowsFromAFailedPull(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		err   error
		state sellerdesk.AccountState
		again time.Duration // no sooner than
		told  sellerdesk.Optional
	}{
		{"asked to wait", said(channel.Throttled, 20*time.Second), sellerdesk.AccountOK, 20 * time.Second, "Told so."},
		{"out of order for a moment", said(channel.Temporary, 0), sellerdesk.AccountOK, 500 * time.Millisecond, "Told so."},
		{"no answer", said(channel.Unknown, 0), sellerdesk.AccountOK, 500 * time.Millisecond, "Told so."},
		{"an answer that is not understood", said(channel.Malformed, 0), sellerdesk.AccountOK, 500 * time.Millisecond, "Told so."},
		{"refused", said(channel.Refused, 0), sellerdesk.AccountOK, 500 * time.Millisecond, "Told so."},
		{"an error without a class", errors.New("odd"), sellerdesk.AccountOK, 500 * time.Millisecond, "What came could not be saved; it is tried again."},
		{"credentials are refused", said(channel.Unauthorized, 0), sellerdesk.AccountExpired, 0, "Told so."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			release := make(chan struct{})
			f := &far{clock: quick()}
			f.pull = func(n int, _ call) (sellerdesk.Batch, error) {
				if n == 0 {
					return sellerdesk.Batch{}, tt.err
				}
				<-release
				return sellerdesk.Batch{}, nil
			}
			h := open(t, f.clock)
			t.Cleanup(func() { close(release) }) // runs before the house closes
			id := h.add(t, f)
			eventually(t, func() error {
				a := h.account(t, id)
				if len(a.Streams) != 1 || a.Streams[0].Error != tt.told || a.State != tt.state {
					return fmt.Errorf("account %s %+v, want %s with %q", a.State, a.Streams, tt.state, tt.told)
				}
				return nil
			})
			if tt.state == sellerdesk.AccountExpired {
				time.Sleep(50 * time.Millisecond) // ten seconds of the clock
				if n := len(f.asked()); n != 1 {
					t.Errorf("asked %d times, want once", n)
				}
				return
			}
			calls := f.atLeast(t, 2)
			if gap := calls[1].at.Sub(calls[0].at); gap < tt.again {
				t.Errorf("asked again after %s, want %s at least", gap, tt.again)
			}
		})
	}
}

func TestPauseStopsReadingAndItsEndStartsIt(t *testing.T) {
	t.Parallel()
	f := &far{clock: quick()}
	h := open(t, f.clock)
	id := h.add(t, f)
	f.atLeast(t, 2)
	h.setState(t, id, sellerdesk.AccountPaused)
	eventually(t, func() error {
		before := len(f.asked())
		time.Sleep(50 * time.Millisecond) // ten seconds of the clock
		if after := len(f.asked()); after != before {
			return fmt.Errorf("still read: %d, %d", before, after)
		}
		return nil
	})
	before := len(f.asked())
	h.setState(t, id, sellerdesk.AccountOK)
	f.atLeast(t, before+2)
}

func TestReplacedConnectorTakesOver(t *testing.T) {
	t.Parallel()
	old := &far{clock: quick()}
	h := open(t, old.clock)
	id := h.add(t, old)
	old.atLeast(t, 1)
	fresh := &far{clock: h.clock}
	h.roster.Put(id, fresh)
	h.write(t, func(tx *store.Tx) error { return tx.Accounts.Rename(t.Context(), id, "renewed") })
	fresh.atLeast(t, 2)
	n := len(old.asked())
	fresh.atLeast(t, len(fresh.asked())+3)
	if got := len(old.asked()); got != n {
		t.Errorf("the old connector was asked %d more times", got-n)
	}
}

func TestNewCredentialsAreReadWithAtOnce(t *testing.T) {
	t.Parallel()
	old := &far{clock: quick(), pull: func(int, call) (sellerdesk.Batch, error) {
		return sellerdesk.Batch{}, said(channel.Unauthorized, 0)
	}}
	h := open(t, old.clock)
	id := h.add(t, old)
	eventually(t, func() error {
		if a := h.account(t, id); a.State != sellerdesk.AccountExpired {
			return fmt.Errorf("account is %s, want expired", a.State)
		}
		return nil
	})
	fresh := &far{clock: h.clock}
	h.roster.Put(id, fresh)
	h.setState(t, id, sellerdesk.AccountOK)
	renewed := h.clock.Now()
	if pause := fresh.atLeast(t, 1)[0].at.Sub(renewed); pause > time.Minute {
		t.Errorf("reading began only after %s", pause)
	}
}

func TestCredentialsThatWereReplacedWhileReadingDoNotStopTheAccount(t *testing.T) {
	t.Parallel()
	old := &far{clock: quick()}
	h := open(t, old.clock)
	fresh := &far{clock: h.clock}
	ids := make(chan sellerdesk.AccountID, 1)
	old.pull = func(int, call) (sellerdesk.Batch, error) {
		id := <-ids
		h.roster.Put(id, fresh)
		return sellerdesk.Batch{}, said(channel.Unauthorized, 0)
	}
	id := h.add(t, old)
	ids <- id
	old.atLeast(t, 1)
	h.write(t, func(tx *store.Tx) error { return tx.Accounts.Rename(t.Context(), id, "renewed") })
	fresh.atLeast(t, 2)
	if a := h.account(t, id); a.State != sellerdesk.AccountOK {
		t.Errorf("account is %s: %s", a.State, a.Reason)
	}
}

func TestPanicStopsOneAccountForAWhile(t *testing.T) {
	t.Parallel()
	bad, good := &far{clock: quick()}, &far{clock: quick()}
	bad.pull = func(n int, _ call) (sellerdesk.Batch, error) {
		if n == 0 {
			panic("a mistake")
		}
		return sellerdesk.Batch{}, nil
	}
	h := open(t, bad.clock)
	id := h.add(t, bad)
	h.add(t, good)
	eventually(t, func() error {
		if a := h.account(t, id); a.State != sellerdesk.AccountBroken || a.ReasonCode != pull.ReasonPanic {
			return fmt.Errorf("account %s %q, want broken", a.State, a.ReasonCode)
		}
		return nil
	})
	good.atLeast(t, len(good.asked())+3)
	eventually(t, func() error { // two minutes later on the clock
		if a := h.account(t, id); a.State != sellerdesk.AccountOK {
			return fmt.Errorf("account %s %q, want ok again", a.State, a.Reason)
		}
		return nil
	})
}

func TestStreamsTakeTurns(t *testing.T) {
	t.Parallel()
	f := &far{clock: quick(), streams: []channel.Stream{{Name: "history", Every: time.Second}, {Name: "list", Every: time.Second}}}
	f.pull = func(n int, c call) (sellerdesk.Batch, error) {
		// The first stream never ends.
		return sellerdesk.Batch{Next: sellerdesk.Cursor(fmt.Sprint(n)), More: c.stream == "history"}, nil
	}
	h := open(t, f.clock)
	h.add(t, f)
	eventually(t, func() error {
		n := 0
		for _, c := range f.asked() {
			if c.stream == "list" {
				n++
			}
		}
		if n < 3 {
			return fmt.Errorf("the list was read %d times, want 3", n)
		}
		return nil
	})
}

func TestStreamThatWaitsForItsBudgetHoldsNoOtherBack(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	f := &far{clock: quick(), streams: []channel.Stream{
		{Name: "history", Every: time.Hour, Backfill: true}, {Name: "archive", Every: time.Hour}, {Name: "list", Every: time.Second},
	}}
	f.pull = func(_ int, c call) (sellerdesk.Batch, error) {
		if c.stream != "list" {
			<-release
		}
		return sellerdesk.Batch{}, nil
	}
	h := open(t, f.clock)
	t.Cleanup(func() { close(release) }) // runs before the house closes
	h.add(t, f)
	f.atLeast(t, 7)
	for _, c := range f.asked() {
		if want := sellerdesk.LaneBackfill; c.stream == "history" && c.lane != want {
			t.Errorf("history is read in lane %d, want %d", c.lane, want)
		}
	}
}

func TestPersonWhoWritesMakesACalmAccountHot(t *testing.T) {
	t.Parallel()
	const every = 10 * time.Second
	f := &far{clock: quick(), streams: []channel.Stream{{Name: "events", Every: every, Calm: time.Hour}}}
	f.pull = func(n int, _ call) (sellerdesk.Batch, error) {
		if n == 0 {
			return word("m1"), nil
		}
		return sellerdesk.Batch{}, nil
	}
	h := open(t, f.clock)
	id := h.add(t, f)
	calls := f.atLeast(t, 7)
	if gap := calls[6].at.Sub(calls[5].at); gap < 4*every {
		t.Errorf("after quiet pulls the next came after %s", gap)
	}
	h.write(t, func(tx *store.Tx) error {
		conversation, _, err := tx.Conversations.ByRemote(t.Context(), id, sellerdesk.KindChat, "chat")
		if err != nil {
			return err
		}
		_, err = tx.Outbox.Queue(t.Context(), store.NewItem{
			Account: id, Conversation: conversation, Key: "k", Action: sellerdesk.Reply{Text: "hi"}, Text: "hi",
		})
		return err
	})
	asked := f.clock.Now()
	if pause := f.atLeast(t, 8)[7].at.Sub(asked); pause > 4*every {
		t.Errorf("the account was read only %s after a person wrote", pause)
	}
}

func TestReadingIsNoQuickerThanItSays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		batch sellerdesk.Batch
		least time.Duration
	}{
		{"at the pace of the stream", sellerdesk.Batch{}, time.Second},
		{"slower when a reading costs much", sellerdesk.Batch{After: 5 * time.Second}, 5 * time.Second},
		{"more without a step forward does not spin", sellerdesk.Batch{More: true, Next: "same"}, time.Second},
		{"more without a place does not spin", sellerdesk.Batch{More: true}, time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := &far{clock: quick()}
			f.pull = func(int, call) (sellerdesk.Batch, error) { return tt.batch, nil }
			h := open(t, f.clock)
			h.add(t, f)
			calls := f.atLeast(t, 4)
			for i := 2; i < 4; i++ { // the place is the same from the second pull on
				if gap := calls[i].at.Sub(calls[i-1].at); gap < tt.least {
					t.Errorf("pull %d came after %s, want %s at least", i, gap, tt.least)
				}
			}
		})
	}
}

func TestLookReadsAgainFromTheMomentWithoutMovingThePlace(t *testing.T) {
	t.Parallel()
	f := &far{clock: quick(), streams: []channel.Stream{
		{Name: "events", Every: time.Hour, Echo: true}, {Name: "list", Every: time.Hour},
	}}
	f.pull = func(_ int, c call) (sellerdesk.Batch, error) {
		switch c.from {
		case "rewound to 1000":
			b := word("again 1")
			b.More = true
			return b, nil
		case "again 1":
			return word("again 2"), nil
		case "":
			return word("first"), nil
		}
		return sellerdesk.Batch{}, nil
	}
	h := open(t, f.clock)
	id := h.add(t, f)
	f.atLeast(t, 2)
	eventually(t, func() error {
		if a := h.account(t, id); len(a.Streams) != 2 {
			return fmt.Errorf("streams %+v", a.Streams)
		}
		return nil
	})
	h.engine.Look(id, time.Unix(1000, 0))
	calls := f.atLeast(t, 4)[2:]
	for i, from := range []sellerdesk.Cursor{"rewound to 1000", "again 1"} {
		if c := calls[i]; c.stream != "events" || c.from != from || c.lane != sellerdesk.LanePerson {
			t.Errorf("call %d was %+v, want events from %q for a person", i, c, from)
		}
	}
	eventually(t, func() error {
		return h.store.Read(t.Context(), func(tx *store.Tx) error {
			conversation, _, err := tx.Conversations.ByRemote(t.Context(), id, sellerdesk.KindChat, "chat")
			if err != nil {
				return err
			}
			messages, _, err := tx.Messages.List(t.Context(), conversation, "", 0)
			if err == nil && len(messages) < 3 {
				got := slices.Collect(func(yield func(string) bool) {
					for _, m := range messages {
						yield(m.Text)
					}
				})
				err = fmt.Errorf("messages %v", got)
			}
			if err != nil {
				return err
			}
			place, err := tx.Streams.Cursor(t.Context(), id, "events")
			if err == nil && place != "first" {
				t.Errorf("the place moved to %q", place)
			}
			return err
		})
	})
	h.engine.Look(sellerdesk.AccountID(999), time.Now()) // nobody reads it: no harm
}

func TestDoubtAboutASendIsLookedUpByItself(t *testing.T) {
	t.Parallel()
	f := &far{clock: quick(), streams: []channel.Stream{{Name: "events", Every: time.Hour, Echo: true}}}
	f.pull = func(n int, _ call) (sellerdesk.Batch, error) {
		if n == 0 {
			return word("m1"), nil
		}
		return sellerdesk.Batch{}, nil
	}
	h := open(t, f.clock)
	id := h.add(t, f)
	f.atLeast(t, 1)
	var left time.Time
	eventually(t, func() error {
		return h.store.Write(t.Context(), func(tx *store.Tx) error {
			conversation, _, err := tx.Conversations.ByRemote(t.Context(), id, sellerdesk.KindChat, "chat")
			if err != nil {
				return err
			}
			_, err = tx.Outbox.Queue(t.Context(), store.NewItem{
				Account: id, Conversation: conversation, Key: "k", Action: sellerdesk.Reply{Text: "hi"}, Text: "hi",
			})
			if err != nil {
				return err
			}
			left = f.clock.Now()
			items, err := tx.Outbox.Lease(t.Context(), sellerdesk.At(left.Add(time.Minute)), time.Minute, 1, nil)
			if err != nil || len(items) != 1 {
				return fmt.Errorf("leased %d: %w", len(items), err)
			}
			return tx.Outbox.Settle(t.Context(), items[0].ID, store.Settlement{State: sellerdesk.OutboxUnknown})
		})
	})
	again := f.atLeast(t, 2)[1]
	if pause := again.at.Sub(left); pause < 30*time.Second || again.lane != sellerdesk.LanePerson {
		t.Errorf("looked %+v after %s, want for a person, a while later", again, pause)
	}
	var since int64
	if _, err := fmt.Sscanf(string(again.from), "rewound to %d", &since); err != nil || time.Unix(since, 0).After(left.Add(-time.Minute)) {
		t.Errorf("looked from %q, want well before %s", again.from, left)
	}

	// Whoever reads the account next looks once more.
	fresh := &far{clock: h.clock, streams: f.streams}
	h.roster.Put(id, fresh)
	h.write(t, func(tx *store.Tx) error { return tx.Accounts.Rename(t.Context(), id, "renewed") })
	calls := fresh.atLeast(t, 2)
	if calls[1].from != again.from {
		t.Errorf("the next reader looked from %q, want %q", calls[1].from, again.from)
	}
}

func TestScreensAreToldWhenCredentialsAreAboutToEnd(t *testing.T) {
	t.Parallel()
	f := &far{clock: quick()}
	h := open(t, f.clock)
	id := h.add(t, f)
	soon := sellerdesk.At(f.clock.Now().Add(7*24*time.Hour + time.Minute))
	h.write(t, func(tx *store.Tx) error {
		return tx.Accounts.SetIdentity(t.Context(), id, sellerdesk.Identity{Seller: "s", Expires: &soon})
	})
	rev := h.account(t, id).Rev
	eventually(t, func() error {
		if got := h.account(t, id).Rev; got == rev {
			return errors.New("nothing was told")
		}
		return nil
	})
	told := f.clock.Now()
	if told.Before(soon.Add(-7 * 24 * time.Hour)) {
		t.Errorf("told at %s, which is more than a week before %s", told, soon)
	}
	rev = h.account(t, id).Rev
	time.Sleep(100 * time.Millisecond) // twenty seconds of the clock
	if got := h.account(t, id).Rev; got != rev {
		t.Errorf("told again: %d, %d", rev, got)
	}
}
