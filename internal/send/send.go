package send

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// sendWait bounds one call with its wait for the budget, on the wall.
	sendWait = 90 * time.Second
	// leaseFor is how long an item counts as being sent, on the clock of the
	// program. It bounds where in the feed the echo of a lost answer may stand,
	// and is so much longer than sendWait because that clock may run faster.
	leaseFor = 30 * time.Minute
	// leased is how many items are taken at once, and sendsEach how many of
	// one account are under way.
	leased    = 20
	sendsEach = 4
	// safety is how long an item may wait when its event was missed.
	safety = 5 * time.Second
	// grace is how long calls under way may take once the program stops, on the
	// wall.
	grace = 5 * time.Second
)

// Deps is what sending stands on. Log may be nil, the rest is needed.
type Deps struct {
	Store  *store.Store
	Roster *channel.Roster
	Media  *media.Dir
	Live   *live.Hub
	Clock  sellerdesk.Clock
	Log    *slog.Logger
}

// Sender sends what waits in the outbox.
type Sender struct {
	deps Deps
	done chan sellerdesk.AccountID

	uploads uploads
	// running counts the calls under way by account; only Run touches it.
	running map[sellerdesk.AccountID]int
}

// New makes a sender; it sends nothing until Run.
func New(d Deps) *Sender {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Sender{deps: d, done: make(chan sellerdesk.AccountID), running: map[sellerdesk.AccountID]int{}}
}

// Run sends until ctx ends. First it marks as unknown what was being sent when
// the process ended before. At the end it lets calls under way finish for a few
// seconds, then cuts them off; it returns when all are settled.
func (s *Sender) Run(ctx context.Context) error {
	ctx = sellerdesk.WithLane(ctx, sellerdesk.LanePerson) // what is written down here is waited for
	if err := s.recover(ctx); err != nil {
		return err
	}
	woken, stop := s.deps.Live.Wake(live.Kinds(sellerdesk.EventOutboxQueued, sellerdesk.EventOutboxSettled,
		sellerdesk.EventAccountCreated, sellerdesk.EventAccountChanged))
	defer stop()
	calls, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var group sync.WaitGroup
	defer s.drain(&group, cut)
	for {
		next, err := s.startDue(ctx, calls, &group)
		if err != nil && ctx.Err() == nil {
			s.deps.Log.Error("the outbox could not be read", "op", "send", "err", err)
		}
		due, stopTimer := s.deps.Clock.NewTimer(next)
		select {
		case <-woken:
		case account := <-s.done:
			s.running[account]--
		case <-due:
		case <-ctx.Done():
			stopTimer()
			return nil
		}
		stopTimer()
	}
}

func (s *Sender) recover(ctx context.Context) error {
	var n int
	err := s.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.Outbox.Recover(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("recover the outbox: %w", err)
	}
	if n > 0 {
		s.deps.Log.Warn("the last run ended while messages were being sent: their outcome is unknown", "op", "send", "count", n)
	}
	return nil
}

// drain lets calls under way finish, cuts them off after the grace and waits
// until all are settled.
func (s *Sender) drain(group *sync.WaitGroup, cut context.CancelFunc) {
	ended := make(chan struct{})
	go func() { group.Wait(); close(ended) }()
	over, stop := sellerdesk.Clock{}.NewTimer(grace)
	defer stop()
	for {
		select {
		case <-s.done:
		case <-over:
			cut()
		case <-ended:
			return
		}
	}
}

// startDue begins to send what is due and tells when to look again.
func (s *Sender) startDue(ctx, calls context.Context, group *sync.WaitGroup) (time.Duration, error) {
	accounts, due, err := s.free(ctx)
	if err != nil {
		return safety, err
	}
	now := sellerdesk.At(s.deps.Clock.Now())
	if len(accounts) == 0 || due == nil {
		return safety, nil
	}
	if wait := due.Sub(now.Time); wait > 0 {
		return min(wait, safety), nil
	}
	items, err := s.lease(ctx, now, accounts)
	if err != nil {
		return safety, err
	}
	for _, item := range items {
		s.running[item.Account]++
		group.Add(1)
		go func() {
			defer group.Done()
			s.work(ctx, calls, item)
			s.done <- item.Account
		}()
	}
	if len(items) > 0 {
		return 0, nil // look at once what is left
	}
	return safety, nil // what is due waits behind an earlier one or for its account
}

// free lists the accounts that may send one more item, and tells when the next
// item of any account is due.
func (s *Sender) free(ctx context.Context) (ids []sellerdesk.AccountID, due *sellerdesk.Time, err error) {
	err = s.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if due, err = tx.Outbox.Next(ctx); err != nil || due == nil {
			return err
		}
		accounts, err := tx.Accounts.List(ctx)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if a.State == sellerdesk.AccountOK && s.deps.Roster.Get(a.ID) != nil && s.running[a.ID] < sendsEach {
				ids = append(ids, a.ID)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("look for due items: %w", err)
	}
	return ids, due, nil
}

// lease takes due items, of each account no more than there is room for.
func (s *Sender) lease(ctx context.Context, now sellerdesk.Time, accounts []sellerdesk.AccountID) ([]sellerdesk.OutboxItem, error) {
	var items []sellerdesk.OutboxItem
	err := s.deps.Store.Write(ctx, func(tx *store.Tx) error {
		items = nil
		for _, id := range accounts {
			room := min(sendsEach-s.running[id], leased-len(items))
			if room <= 0 {
				continue
			}
			more, err := tx.Outbox.Lease(ctx, now, leaseFor, room, []sellerdesk.AccountID{id})
			if err != nil {
				return err
			}
			items = append(items, more...)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lease due items: %w", err)
	}
	return items, nil
}
