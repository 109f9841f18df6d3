package pull

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// ReasonPanic is the code of an account that our own mistake stopped. Such
	// an account is tried again by itself.
	ReasonPanic sellerdesk.ReasonCode = "internal"

	// safety is how long a change of an account may go unnoticed when its event
	// was missed.
	safety = 10 * time.Second
	// rest is the pause before an account that ended badly is tried again.
	rest = 2 * time.Minute
	// doubtPause is when, after a send of unknown outcome, the feed is read again
	// from before the send: long enough for a remote side that shows things late.
	// doubtBack is how much before; clocks differ.
	doubtPause = 30 * time.Second
	doubtBack  = 10 * time.Minute
	// historyPages is how many pages of old history are read at once.
	historyPages = 8
	// endsSoon is how long before their end a person is warned of credentials.
	endsSoon = 7 * 24 * time.Hour
)

// Deps is what reading stands on. Store, Roster and Live are needed.
type Deps struct {
	Store  *store.Store
	Roster *channel.Roster
	Live   *live.Hub
	Clock  sellerdesk.Clock
	Log    *slog.Logger // nil: nothing is logged
	// Address gives the public address of this program, without a slash at the
	// end, for those who can be asked to push there; "" and nil: there is none.
	Address func() string
	// Pulled hears of every reading of a stream. Nil: nobody watches.
	Pulled func(channel.Pulled)
	// Found hears when something new was found by looking at a conversation again,
	// in an account whose history is read. Nil: nobody watches.
	Found func(sellerdesk.AccountID)
}

func (d Deps) orDefaults() Deps {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return d
}

func (d Deps) now() sellerdesk.Time { return sellerdesk.At(d.Clock.Now()) }

// Engine reads the streams of all accounts that work.
type Engine struct {
	deps  Deps
	ended chan struct{} // holds one signal: the work on some account ended
	// history has a place for each page of old history that is read at once, in
	// all accounts: a page may be large, and those of many waiting to be saved
	// would fill the memory.
	history chan struct{}

	mu      sync.Mutex // guards what follows
	workers map[sellerdesk.AccountID]*worker
	resting map[sellerdesk.AccountID]resting // after an end that was not asked for

	noticed time.Time // up to when ends of credentials were noticed; only Run touches it
}

// resting keeps a connector that ended badly from being used before a moment. A
// new one of the same account, with other credentials, need not wait.
type resting struct {
	opened *channel.Opened
	until  time.Time
}

// New makes an engine; it reads nothing until Run.
func New(d Deps) *Engine {
	return &Engine{
		deps:    d.orDefaults(),
		ended:   make(chan struct{}, 1),
		history: make(chan struct{}, historyPages),
		workers: map[sellerdesk.AccountID]*worker{},
		resting: map[sellerdesk.AccountID]resting{},
	}
}

// Run reads until ctx ends, and returns when all reading has stopped.
func (e *Engine) Run(ctx context.Context) error {
	var group sync.WaitGroup
	defer group.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	changed, stop := e.deps.Live.Wake(live.Kinds(
		sellerdesk.EventAccountCreated, sellerdesk.EventAccountChanged, sellerdesk.EventAccountRemoved))
	defer stop()
	group.Go(func() { e.followDoubts(ctx) })
	group.Go(func() { e.followPeople(ctx) })
	for {
		if err := e.reconcile(ctx, &group); err != nil && ctx.Err() == nil {
			e.deps.Log.Error("the accounts could not be kept in step", "op", "pull", "err", err)
		}
		due, stopTimer := e.deps.Clock.NewTimer(safety)
		select {
		case <-changed:
		case <-e.ended:
		case <-due:
		case <-ctx.Done():
			stopTimer()
			return nil
		}
		stopTimer()
	}
}

// Look reads again what happened in an account since a moment, to find a send
// of unknown outcome. It returns at once; what is found is saved and told by
// events. An account that is not read now is left alone.
func (e *Engine) Look(account sellerdesk.AccountID, since time.Time) {
	e.lookAt(account, look{since: since, at: e.deps.Clock.Now()})
}

func (e *Engine) lookAt(account sellerdesk.AccountID, l look) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if w := e.workers[account]; w != nil {
		w.looks.ask(l)
	}
}

// followDoubts reads the feed again some time after each send of unknown
// outcome, so that a person is asked only when nothing was found.
func (e *Engine) followDoubts(ctx context.Context) {
	for ctx.Err() == nil {
		doubts := e.deps.Live.Subscribe(doubtful, 0)
		for event := range untilDone(ctx, doubts.C) {
			e.lookAt(*event.Account, look{since: e.leftAt(ctx, event).Add(-doubtBack), at: e.deps.Clock.Now().Add(doubtPause)})
		}
		doubts.Close()
		if !doubts.Lost() {
			return
		}
	}
}

// followPeople lets an account be read at its quickest pace when somebody works
// on it: writes, or opens what was not read yet. While history is read, its
// news are no sign of that. A stream whose place was taken away is read at once,
// and so is what was pushed.
func (e *Engine) followPeople(ctx context.Context) {
	wanted := live.Kinds(sellerdesk.EventOutboxQueued, sellerdesk.EventOutboxSettled, sellerdesk.EventConversationUpdated, sellerdesk.EventSyncProgress, sellerdesk.EventPushReceived)
	for ctx.Err() == nil {
		signs := e.deps.Live.Subscribe(wanted, 0)
		for event := range untilDone(ctx, signs.C) {
			e.sign(event)
		}
		signs.Close()
		if !signs.Lost() {
			return
		}
	}
}

func (e *Engine) sign(event sellerdesk.Event) {
	if event.Account == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	w := e.workers[*event.Account]
	if w == nil {
		return
	}
	switch event.Kind {
	case sellerdesk.EventOutboxSettled:
		w.rereader.wake() // a receipt may ask for a look
	case sellerdesk.EventPushReceived:
		w.pushes.wake()
	case sellerdesk.EventOutboxQueued:
		w.hurry()
	case sellerdesk.EventSyncProgress:
		var p sellerdesk.StreamProgress
		if json.Unmarshal(event.Data, &p) == nil && p.ReadAt == nil && p.Error == "" {
			w.restart(p.Stream)
		}
	default:
		if !w.behind() {
			w.hurry()
		}
	}
}

// leftAt tells when the send of an event left, the present when that is not
// known.
func (e *Engine) leftAt(ctx context.Context, event sellerdesk.Event) time.Time {
	var data sellerdesk.OutboxEvent
	left := e.deps.Clock.Now()
	err := json.Unmarshal(event.Data, &data)
	if err == nil {
		err = e.deps.Store.Read(ctx, func(tx *store.Tx) error {
			item, err := tx.Outbox.Get(ctx, data.Outbox)
			if err == nil && item.SentAt != nil {
				left = item.SentAt.Time
			}
			return err
		})
	}
	if err != nil && ctx.Err() == nil {
		e.deps.Log.Warn("it could not be read when a send left", "op", "look", "outbox", data.Outbox, "err", err)
	}
	return left
}

func untilDone(ctx context.Context, c <-chan *sellerdesk.Event) iter.Seq[sellerdesk.Event] {
	return func(yield func(sellerdesk.Event) bool) {
		for {
			select {
			case event, open := <-c:
				if !open || !yield(*event) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// doubtful tells whether an event is a send whose outcome became unknown.
func doubtful(event sellerdesk.Event) bool {
	if event.Kind != sellerdesk.EventOutboxSettled || event.Account == nil {
		return false
	}
	var data sellerdesk.OutboxEvent
	return json.Unmarshal(event.Data, &data) == nil && data.State == sellerdesk.OutboxUnknown
}

// reconcile starts and stops the work on accounts so that it fits what the
// store says.
func (e *Engine) reconcile(ctx context.Context, group *sync.WaitGroup) error {
	var accounts []sellerdesk.Account
	err := e.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		accounts, err = tx.Accounts.List(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("list the accounts: %w", err)
	}
	if err := e.noticeEnds(ctx, accounts); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, w := range e.workers {
		i := slices.IndexFunc(accounts, func(a sellerdesk.Account) bool { return a.ID == id })
		if i < 0 || !w.fits(accounts[i], e.deps.Roster.Get(id)) {
			w.cancel()
		}
	}
	for _, a := range accounts {
		opened := e.deps.Roster.Get(a.ID)
		if opened == nil || !works(a) || e.workers[a.ID] != nil {
			continue
		}
		if r := e.resting[a.ID]; r.opened == opened && e.deps.Clock.Now().Before(r.until) {
			continue
		}
		e.start(ctx, group, a, opened)
	}
	return nil
}

// noticeEnds tells open screens that credentials end within a week, or have
// ended, at the moment that becomes so: they draw it from the identity and need
// an event to look.
func (e *Engine) noticeEnds(ctx context.Context, accounts []sellerdesk.Account) error {
	before, now := e.noticed, e.deps.Clock.Now()
	e.noticed = now
	if before.IsZero() {
		return nil // screens of this run were drawn after now
	}
	for _, a := range accounts {
		if a.Identity.Expires == nil {
			continue
		}
		end := a.Identity.Expires.Time
		if !within(end.Add(-endsSoon), before, now) && !within(end, before, now) {
			continue
		}
		err := e.deps.Store.Write(ctx, func(tx *store.Tx) error {
			same, err := tx.Accounts.Get(ctx, a.ID) // the credentials may be new by now
			if err != nil {
				return err
			}
			return tx.Accounts.SetIdentity(ctx, a.ID, same.Identity)
		})
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return fmt.Errorf("tell the end of the credentials of account %d: %w", a.ID, err)
		}
	}
	return nil
}

func within(t, after, until time.Time) bool { return t.After(after) && !t.After(until) }

// works tells whether an account is to be read: one that is ok, or that a
// mistake of ours stopped.
func works(a sellerdesk.Account) bool {
	return a.State == sellerdesk.AccountOK || a.State == sellerdesk.AccountBroken && a.ReasonCode == ReasonPanic
}

// start begins the work on an account. The caller holds mu.
func (e *Engine) start(ctx context.Context, group *sync.WaitGroup, a sellerdesk.Account, opened *channel.Opened) {
	ctx, cancel := context.WithCancel(ctx)
	w := newWorker(e.deps, a, opened, e.history, cancel)
	e.workers[a.ID] = w
	group.Add(1)
	go func() {
		defer group.Done()
		defer cancel()
		asked := w.run(ctx)
		e.mu.Lock()
		delete(e.workers, a.ID)
		delete(e.resting, a.ID)
		if !asked {
			e.resting[a.ID] = resting{opened, e.deps.Clock.Now().Add(rest)}
		}
		e.mu.Unlock()
		select {
		case e.ended <- struct{}{}:
		default:
		}
	}()
}

// setState changes the state of an account unless a person changed it
// meanwhile: only an account in one of the states from moves.
func (d Deps) setState(ctx context.Context, id sellerdesk.AccountID, to sellerdesk.AccountState, why sellerdesk.Why, from ...sellerdesk.AccountState) error {
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.Accounts.Get(ctx, id)
		if err != nil || !slices.Contains(from, a.State) {
			return err
		}
		return tx.Accounts.SetState(ctx, id, to, why)
	})
	if err != nil {
		return fmt.Errorf("set account %d to %s: %w", id, to, err)
	}
	return nil
}
