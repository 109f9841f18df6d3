package pull_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/pull"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// clockScale makes the pauses short on the wall.
const clockScale = 200

// quick is a clock that runs faster than the world.
func quick() sellerdesk.Clock { return faster(clockScale) }

func faster(scale time.Duration) sellerdesk.Clock {
	start := time.Now()
	return sellerdesk.Clock{
		NowFunc: func() time.Time { return start.Add(time.Since(start) * scale) },
		TimerFunc: func(d time.Duration) (<-chan time.Time, func() bool) {
			t := time.NewTimer(d / scale)
			return t.C, t.Stop
		},
	}
}

// far is the far end of an account: it answers as the test says and remembers
// how it was asked.
type far struct {
	clock   sellerdesk.Clock
	streams []channel.Stream
	pull    func(n int, c call) (sellerdesk.Batch, error) // the nth call, from 0
	fetch   func(n int) (sellerdesk.Fetched, error)

	mu      sync.Mutex // guards what follows
	calls   []call
	fetches int
	most    int // fetches at once
	now     int
}

type call struct {
	stream string
	from   sellerdesk.Cursor
	lane   sellerdesk.Lane
	at     time.Time
}

func (f *far) Check(context.Context) (sellerdesk.Identity, error) { return sellerdesk.Identity{}, nil }

func (f *far) Streams() []channel.Stream {
	if f.streams == nil {
		return []channel.Stream{{Name: "events", Every: time.Second, Echo: true}}
	}
	return f.streams
}

func (f *far) Pull(ctx context.Context, stream string, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	c := call{stream, from, sellerdesk.LaneOf(ctx), f.clock.Now()}
	f.mu.Lock()
	n := len(f.calls)
	f.calls = append(f.calls, c)
	f.mu.Unlock()
	if f.pull == nil {
		return sellerdesk.Batch{}, nil
	}
	return f.pull(n, c)
}

func (f *far) Send(context.Context, sellerdesk.Action) (sellerdesk.Receipt, error) {
	return sellerdesk.Receipt{}, nil
}

func (f *far) Rewind(_ string, since time.Time) (sellerdesk.Cursor, error) {
	return sellerdesk.Cursor(fmt.Sprint("rewound to ", since.Unix())), nil
}

func (f *far) Fetch(_ context.Context, r sellerdesk.RemoteFile) (sellerdesk.Fetched, error) {
	f.mu.Lock()
	n := f.fetches
	f.fetches++
	f.now++
	f.most = max(f.most, f.now)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.now--
		f.mu.Unlock()
	}()
	return f.fetch(n)
}

func (f *far) asked() []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]call(nil), f.calls...)
}

// house is a store with the workers that read.
type house struct {
	store  *store.Store
	roster *channel.Roster
	engine *pull.Engine
	media  *media.Dir
	clock  sellerdesk.Clock
	path   string // of the database
	stop   func() // ends the workers
}

// open starts the workers over a fresh store.
func open(t *testing.T, clock sellerdesk.Clock) *house {
	t.Helper()
	return openWith(t, clock, nil)
}

// openWith starts them with a public address.
func openWith(t *testing.T, clock sellerdesk.Clock, address func() string) *house {
	t.Helper()
	return openAll(t, clock, filepath.Join(t.TempDir(), "sellerdesk.db"), address)
}

// openAt starts the workers over the store in a file.
func openAt(t *testing.T, clock sellerdesk.Clock, path string) *house {
	t.Helper()
	return openAll(t, clock, path, nil)
}

func openAll(t *testing.T, clock sellerdesk.Clock, path string, address func() string) *house {
	t.Helper()
	hub := live.New(live.Options{Clock: clock})
	h := &house{clock: clock, roster: channel.NewRoster(), path: path}
	h.store = storetest.Open(t, store.Options{Path: path, Clock: clock, Announce: hub.Announce})
	var err error
	if h.media, err = media.New(filepath.Join(t.TempDir(), "blobs")); err != nil {
		t.Fatal(err)
	}
	deps := pull.Deps{Store: h.store, Roster: h.roster, Live: hub, Clock: clock, Address: address}
	h.engine = pull.New(deps)
	fetcher := pull.NewFetcher(deps, h.media)
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { _ = hub.Run(ctx, h.store) })
	group.Go(func() { _ = h.engine.Run(ctx) })
	group.Go(func() { _ = fetcher.Run(ctx) })
	h.stop = func() { cancel(); group.Wait() }
	t.Cleanup(h.stop)
	return h
}

// add makes an account for a far end.
func (h *house) add(t *testing.T, f channel.Connector) (id sellerdesk.AccountID) {
	t.Helper()
	h.write(t, func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(t.Context(), store.NewAccount{
			Channel: "test", Name: "Cabinet", Identity: sellerdesk.Identity{Seller: sellerdesk.RemoteID(fmt.Sprintf("%p", f))},
		})
		if err == nil {
			h.roster.Put(a.ID, f)
		}
		id = a.ID
		return err
	})
	return id
}

func (h *house) write(t *testing.T, do func(*store.Tx) error) {
	t.Helper()
	if err := h.store.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func (h *house) account(t *testing.T, id sellerdesk.AccountID) (a sellerdesk.Account) {
	t.Helper()
	h.read(t, func(tx *store.Tx) (err error) {
		a, err = tx.Accounts.Get(t.Context(), id)
		return err
	})
	return a
}

func (h *house) read(t *testing.T, do func(*store.Tx) error) {
	t.Helper()
	if err := h.store.Read(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// setState does what a person does to an account.
func (h *house) setState(t *testing.T, id sellerdesk.AccountID, s sellerdesk.AccountState) {
	t.Helper()
	h.write(t, func(tx *store.Tx) error { return tx.Accounts.SetState(t.Context(), id, s, sellerdesk.Why{}) })
}

// patience is how long something may take that happens by itself.
const patience = 15 * time.Second

func eventually(t *testing.T, check func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Millisecond)
	}
}

// atLeast waits until the far end was asked n times.
func (f *far) atLeast(t *testing.T, n int) []call {
	t.Helper()
	eventually(t, func() error {
		if got := len(f.asked()); got < n {
			return fmt.Errorf("asked %d times, want %d", got, n)
		}
		return nil
	})
	return f.asked()
}

func said(class channel.Class, wait time.Duration) error {
	return &channel.Error{Class: class, Why: sellerdesk.Why{Code: "told", Text: "Told so."}, RetryAfter: wait}
}

// word is a batch with one message of a buyer.
func word(id sellerdesk.RemoteID, files ...sellerdesk.RemoteFile) sellerdesk.Batch {
	at := sellerdesk.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return sellerdesk.Batch{
		Messages: []sellerdesk.MessagePatch{{
			Kind: sellerdesk.KindChat, Conversation: "chat", RemoteID: id, Author: sellerdesk.AuthorBuyer, Text: string(id), At: at, Files: files,
		}},
		Next: sellerdesk.Cursor(id), Reached: &at,
	}
}
