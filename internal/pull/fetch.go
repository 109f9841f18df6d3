package pull

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Bounds of fetching.
const (
	// MaxFile is how large a file of a buyer may be to be kept, in bytes.
	MaxFile = 20 << 20

	fetchesEach = 2 // at once in one account
	// fetchesSeen is of how many due files of an account the newest go first: a
	// picture that has just come is worth more than one of last year.
	fetchesSeen = 500
	// lookPause keeps a burst of messages from asking the store for each.
	lookPause = 50 * time.Millisecond

	firstFetchPause   = 5 * time.Second
	longestFetchPause = 6 * time.Hour
	// fetchTries end after about four days of backing off.
	fetchTries = 24
	// fetchWaits is how often a remote side may ask us to wait for one file.
	fetchWaits = 200
)

// Fetcher gets the bytes of the files that buyers sent.
type Fetcher struct {
	deps  Deps
	media *media.Dir
	done  chan sellerdesk.FileID
	// busy has the files being fetched; only Run touches it.
	busy map[sellerdesk.FileID]sellerdesk.AccountID
}

// NewFetcher makes a fetcher that keeps what it gets in m.
func NewFetcher(d Deps, m *media.Dir) *Fetcher {
	return &Fetcher{
		deps:  d.orDefaults(),
		media: m,
		done:  make(chan sellerdesk.FileID),
		busy:  map[sellerdesk.FileID]sellerdesk.AccountID{},
	}
}

// Run fetches until ctx ends, and returns when all fetching has stopped.
func (f *Fetcher) Run(ctx context.Context) error {
	var group sync.WaitGroup
	defer f.drain(&group)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	woken, stop := f.deps.Live.Wake(live.Kinds(sellerdesk.EventMessageCreated, sellerdesk.EventMessageUpdated,
		sellerdesk.EventFileUpdated, sellerdesk.EventAccountCreated, sellerdesk.EventAccountChanged))
	defer stop()
	for {
		looked := f.deps.Clock.Now()
		next, err := f.startDue(ctx, &group)
		if err != nil && ctx.Err() == nil {
			f.deps.Log.Error("the wanted files could not be listed", "op", "fetch", "err", err)
		}
		due, stopTimer := f.deps.Clock.NewTimer(next)
		select {
		case <-woken:
			if early := lookPause - f.deps.Clock.Now().Sub(looked); early > 0 {
				_ = f.deps.Clock.Sleep(ctx, early) // its end is seen in the next turn
			}
		case id := <-f.done:
			delete(f.busy, id)
		case <-due:
		case <-ctx.Done():
			stopTimer()
			return nil
		}
		stopTimer()
	}
}

// drain waits for what is under way, which its cancelled context ends.
func (f *Fetcher) drain(group *sync.WaitGroup) {
	ended := make(chan struct{})
	go func() { group.Wait(); close(ended) }()
	for {
		select {
		case <-f.done:
		case <-ended:
			return
		}
	}
}

// startDue begins to fetch what is due and tells when to look again.
func (f *Fetcher) startDue(ctx context.Context, group *sync.WaitGroup) (time.Duration, error) {
	var wanted []store.WantedFile
	var next *sellerdesk.Time
	now := f.deps.now()
	err := f.deps.Store.Read(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts.List(ctx)
		if err != nil {
			return err
		}
		// Each account is asked for by itself, so that a long backlog of one does
		// not hide the files of another.
		for _, id := range f.free(accounts) {
			of, err := tx.Files.Wanted(ctx, now, fetchesSeen, []sellerdesk.AccountID{id})
			if err != nil {
				return err
			}
			slices.SortFunc(of, func(a, b store.WantedFile) int { return cmp.Compare(b.File, a.File) })
			wanted = append(wanted, of...)
		}
		next, err = tx.Files.NextWanted(ctx)
		return err
	})
	if err != nil {
		return safety, fmt.Errorf("list the wanted files: %w", err)
	}
	for _, w := range wanted {
		f.start(ctx, group, w)
	}
	// What is due already and was not started waits for an end or an event.
	if next == nil || !next.After(now.Time) {
		return safety, nil
	}
	return min(next.Sub(now.Time), safety), nil
}

// start begins to fetch a file when its account has room.
func (f *Fetcher) start(ctx context.Context, group *sync.WaitGroup, w store.WantedFile) {
	if _, under := f.busy[w.File]; under || f.running(w.Account) >= fetchesEach {
		return
	}
	opened := f.deps.Roster.Get(w.Account)
	if opened == nil || opened.Fetch == nil {
		return
	}
	f.busy[w.File] = w.Account
	group.Go(func() {
		f.fetch(ctx, opened, w)
		f.done <- w.File
	})
}

// free lists the accounts that may fetch one more file.
func (f *Fetcher) free(accounts []sellerdesk.Account) []sellerdesk.AccountID {
	var ids []sellerdesk.AccountID
	for _, a := range accounts {
		o := f.deps.Roster.Get(a.ID)
		if a.State == sellerdesk.AccountOK && o != nil && o.Fetch != nil && f.running(a.ID) < fetchesEach {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func (f *Fetcher) running(id sellerdesk.AccountID) int {
	n := 0
	for _, account := range f.busy {
		if account == id {
			n++
		}
	}
	return n
}

// fetch gets one file and records what became of it.
func (f *Fetcher) fetch(ctx context.Context, opened *channel.Opened, w store.WantedFile) {
	o := f.try(ctx, opened, w)
	if ctx.Err() != nil && o.state == sellerdesk.FileWanted {
		return // shutting down says nothing about the file
	}
	err := f.deps.Store.Write(ctx, func(tx *store.Tx) error {
		switch o.state {
		case sellerdesk.FileFetched:
			return tx.Files.Fetched(ctx, w.File, o.facts)
		case sellerdesk.FileWanted:
			return tx.Files.Postpone(ctx, w.File, sellerdesk.At(f.deps.Clock.Now().Add(o.pause)), o.why)
		default:
			return tx.Files.Dropped(ctx, w.File, o.state, o.why)
		}
	})
	if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound { // its account may be gone by now
		f.deps.Log.Error("the outcome of a fetch could not be recorded", "op", "fetch", "account", w.Account, "err", err)
	}
}

// outcome is what became of a fetch. A file that stays wanted is asked for
// again after a pause.
type outcome struct {
	state sellerdesk.FileState
	pause time.Duration
	why   sellerdesk.Why
	facts store.FileFacts
}

func (f *Fetcher) try(ctx context.Context, opened *channel.Opened, w store.WantedFile) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			f.deps.Log.Error("a fetch ended in a panic", "op", "fetch", "account", w.Account,
				"err", panicText(p), "stack", string(debug.Stack()))
			o = later(w, longestPause, sellerdesk.Why{Code: ReasonPanic, Text: "A mistake in Sellerdesk kept the file from being fetched."})
		}
	}()
	ctx, cancel := context.WithTimeout(sellerdesk.WithLane(ctx, sellerdesk.LanePoll), pullWait)
	defer cancel()
	got, err := opened.Fetch(ctx, w.Remote)
	if err != nil {
		return f.failed(w, err)
	}
	if got.Body != nil {
		defer got.Body.Close()
	}
	switch {
	case got.State == sellerdesk.FetchPending:
		return postponed(w, got.RetryAfter, got.Why)
	case got.State == sellerdesk.FetchRefused:
		return outcome{state: sellerdesk.FileRefused, why: got.Why}
	case got.Body == nil:
		return later(w, 0, whyOf(channel.Malformed, nil))
	}
	blob, err := f.media.Put(ctx, got.Body, MaxFile)
	if err != nil {
		return f.notKept(w, err)
	}
	return outcome{state: sellerdesk.FileFetched, facts: store.FileFacts{
		Name: got.Name, Type: blob.Type, Size: blob.Size, Width: blob.Width, Height: blob.Height,
		Hash: blob.Hash, Thumbnail: blob.Thumbnail, Why: blob.Why,
		Playing: store.FilePlaying{Duration: blob.Milliseconds(), Bars: blob.Bars},
	}}
}

// failed decides by the class of what the remote side said.
func (f *Fetcher) failed(w store.WantedFile, err error) outcome {
	class, remote := channel.ClassOf(err)
	f.deps.Log.Debug("a file could not be fetched", "op", "fetch", "account", w.Account, "class", class, "err", err)
	why := whyOf(class, remote)
	switch class {
	case channel.Gone:
		return outcome{state: sellerdesk.FileGone, why: why}
	case channel.Refused:
		return outcome{state: sellerdesk.FileRefused, why: why}
	case channel.Throttled:
		return postponed(w, remote.RetryAfter, why)
	case "":
		return later(w, 0, whyOf(channel.Temporary, nil))
	default:
		return later(w, 0, why)
	}
}

// notKept decides what follows when the bytes did not reach the folder.
func (f *Fetcher) notKept(w store.WantedFile, err error) outcome {
	var told *sellerdesk.Error
	switch {
	case errors.Is(err, media.ErrTooLarge):
		return outcome{state: sellerdesk.FileRefused, why: sellerdesk.Why{
			Code: sellerdesk.ReasonFileTooLarge, Text: sellerdesk.Optional("The file is larger than " + media.Size(MaxFile) + "."),
		}}
	case errors.As(err, &told):
		f.deps.Log.Error("a file could not be kept", "op", "fetch", "account", w.Account, "err", err)
		return postponed(w, time.Minute, sellerdesk.Why{Text: sellerdesk.Optional(told.Message)})
	default:
		return later(w, 0, whyOf(channel.Temporary, nil))
	}
}

// postponed asks again after the pause that was asked for.
func postponed(w store.WantedFile, pause time.Duration, why sellerdesk.Why) outcome {
	if w.Attempt >= fetchWaits {
		return gaveUp()
	}
	if pause <= 0 {
		pause = fetchPause(w.Attempt)
	}
	return outcome{state: sellerdesk.FileWanted, pause: min(max(pause, firstBackoff), longestFetchPause), why: why}
}

// later asks again after backing off for at least the given time, a limited
// number of times.
func later(w store.WantedFile, least time.Duration, why sellerdesk.Why) outcome {
	if w.Attempt >= fetchTries {
		return gaveUp()
	}
	return outcome{state: sellerdesk.FileWanted, pause: max(least, fetchPause(w.Attempt)), why: why}
}

func gaveUp() outcome {
	return outcome{state: sellerdesk.FileGone, why: sellerdesk.Why{
		Code: sellerdesk.ReasonUnreachable, Text: "The file could not be fetched for days and was given up.",
	}}
}

func fetchPause(attempt int) time.Duration {
	d := longestFetchPause
	if attempt < 12 {
		d = firstFetchPause << max(attempt, 0)
	}
	return d/2 + rand.N(d/2)
}
