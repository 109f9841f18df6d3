package live_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// house is a store with a hub that follows it.
type house struct {
	store   *store.Store
	hub     *live.Hub
	account sellerdesk.AccountID
}

// open starts a hub. Deaf ones get no hints from the store, so that only the
// safety net wakes them.
func open(t *testing.T, deaf bool) *house {
	t.Helper()
	h := &house{hub: live.New(live.Options{})}
	o := store.Options{Announce: h.hub.Announce}
	if deaf {
		o.Announce = nil
	}
	h.store = storetest.Open(t, o)
	h.write(t, func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(t.Context(), store.NewAccount{Channel: "test", Name: "first"})
		h.account = a.ID
		return err
	})
	started, stop := h.hub.Wake(func(sellerdesk.Event) bool { return false })
	defer stop()
	<-started // the signal every worker gets before any event
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		if err := h.hub.Run(ctx, h.store); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(func() { cancel(); group.Wait() })
	<-started // the hub knows where the log ends
	return h
}

func (h *house) write(t *testing.T, do func(*store.Tx) error) {
	t.Helper()
	if err := h.store.Write(t.Context(), do); err != nil {
		t.Error(err)
	}
}

// rename makes n events, each in a transaction of its own.
func (h *house) rename(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		h.write(t, func(tx *store.Tx) error {
			return tx.Accounts.Rename(t.Context(), h.account, fmt.Sprintf("name %d %p", i, &i))
		})
	}
}

// log reads the numbers of all events after seq.
func (h *house) log(t *testing.T, seq int64) []int64 {
	t.Helper()
	var all []int64
	err := h.store.Read(t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events.After(t.Context(), seq, 1000)
		for _, e := range events {
			all = append(all, e.Seq)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func next(t *testing.T, s *live.Subscription) sellerdesk.Event {
	t.Helper()
	select {
	case e, ok := <-s.C:
		if !ok {
			t.Fatal("the subscription ended")
		}
		return *e
	case <-time.After(10 * time.Second):
		t.Fatal("no event came")
	}
	return sellerdesk.Event{}
}

func TestEventsOfConcurrentWritersComeInOrderWithNoneLeftOut(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	sub := h.hub.Subscribe(nil, 1000)
	defer sub.Close()
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() { h.rename(t, 20) })
	}
	writers.Wait()
	want := h.log(t, sub.From)
	if len(want) < 80 {
		t.Fatalf("the log has %d events, want at least 80", len(want))
	}
	var got []int64
	for range want {
		got = append(got, next(t, sub).Seq)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what came differs from the log (-log +came):\n%s", diff)
	}
}

func TestSlowReaderIsToldThatItLostSomethingAndOthersAreNot(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	slow, quick := h.hub.Subscribe(nil, 2), h.hub.Subscribe(nil, 100)
	defer slow.Close()
	defer quick.Close()
	h.rename(t, 10)
	for range h.log(t, quick.From) {
		next(t, quick)
	}
	for range slow.C { // ends although the hub lives
	}
	if !slow.Lost() {
		t.Error("the slow reader was not told")
	}
	if quick.Lost() {
		t.Error("the quick reader lost something")
	}
}

func TestMissedHintCostsSecondsOnly(t *testing.T) {
	t.Parallel()
	h := open(t, true)
	sub := h.hub.Subscribe(live.Kinds(sellerdesk.EventAccountChanged), 0)
	defer sub.Close()
	h.rename(t, 1)
	if e := next(t, sub); e.Kind != sellerdesk.EventAccountChanged {
		t.Errorf("got %s", e.Kind)
	}
}

func TestManyEventsAreOneSignalForAWorker(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	woken, stop := h.hub.Wake(live.Kinds(sellerdesk.EventAccountChanged))
	defer stop()
	other, stopOther := h.hub.Wake(live.Kinds(sellerdesk.EventFileUpdated))
	defer stopOther()
	<-woken
	<-other
	sub := h.hub.Subscribe(nil, 100)
	defer sub.Close()
	h.rename(t, 10)
	for range h.log(t, sub.From) {
		next(t, sub)
	}
	<-woken
	select {
	case <-woken:
		t.Error("two signals lie there")
	case <-other:
		t.Error("a worker was woken by what it does not want")
	default:
	}
}

func TestSubscriptionEndsWithTheHub(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{})
	hub := live.New(live.Options{})
	sub := hub.Subscribe(nil, 0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := hub.Run(ctx, s); err != nil {
		t.Fatal(err)
	}
	if _, open := <-sub.C; open {
		t.Error("an event came instead of the end")
	}
	if _, open := <-hub.Subscribe(nil, 0).C; open {
		t.Error("a subscription after the end is open")
	}
	sub.Close() // once more is no harm
}

func TestTwoHundredReadersGetEverything(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	var readers sync.WaitGroup
	subs := make([]*live.Subscription, 200)
	for i := range subs {
		subs[i] = h.hub.Subscribe(nil, 0)
	}
	h.rename(t, 50)
	want := len(h.log(t, subs[0].From))
	for _, s := range subs {
		readers.Go(func() {
			defer s.Close()
			for range want {
				select {
				case _, ok := <-s.C:
					if !ok {
						t.Error("a reader lost something")
						return
					}
				case <-time.After(10 * time.Second):
					t.Error("an event did not come")
					return
				}
			}
		})
	}
	readers.Wait()
}

func TestOldEventsAreForgotten(t *testing.T) {
	t.Parallel()
	const scale = 20_000 // an hour takes 180 ms
	start := time.Now()
	clock := sellerdesk.Clock{
		NowFunc: func() time.Time { return start.Add(time.Since(start) * scale) },
		TimerFunc: func(d time.Duration) (<-chan time.Time, func() bool) {
			timer := time.NewTimer(d / scale)
			return timer.C, timer.Stop
		},
	}
	h := &house{hub: live.New(live.Options{Clock: clock, Keep: 3}), store: storetest.Open(t, store.Options{})}
	h.write(t, func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(t.Context(), store.NewAccount{Channel: "test", Name: "first"})
		h.account = a.ID
		return err
	})
	h.rename(t, 10)
	all := h.log(t, 0)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { _ = h.hub.Run(ctx, h.store) })
	t.Cleanup(func() { cancel(); group.Wait() })
	deadline := time.Now().Add(10 * time.Second)
	for !cmp.Equal(h.log(t, 0), all[len(all)-3:]) {
		if time.Now().After(deadline) {
			t.Fatalf("the log has %v, want the last three of %v", h.log(t, 0), all)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
