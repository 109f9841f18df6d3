package health

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/vitals"
)

// What a person should hear of.
const (
	clockOff    = 30 * time.Second    // no remote side judges finer
	clockFails  = 5 * time.Minute     // signatures and ends of tokens no longer fit
	tokenEnds   = 14 * 24 * time.Hour // time to make a new one
	lateReading = 5 * time.Minute     // beyond three of its usual pauses
	slowWrite   = time.Second
	quietPush   = 15 * time.Minute
	missedNews  = 3 // times that reading found what was not pushed
	manyWaits   = 8 // refusals for the limit within ten minutes
	// askStore bounds what is asked of the store, in real time.
	askStore = 5 * time.Second
)

// Checker looks at everything together and says how it fares.
type Checker struct {
	*Monitor
	store  *store.Store
	roster *channel.Roster
	disk   *Disk
}

// NewChecker makes a checker of a store and the folder of its data.
func NewChecker(m *Monitor, s *store.Store, r *channel.Roster, disk *Disk) *Checker {
	return &Checker{Monitor: m, store: s, roster: r, disk: disk}
}

// Ready lists what keeps requests from being answered well; nothing when the
// program is ready.
func (c *Checker) Ready(ctx context.Context) []sellerdesk.Finding {
	all := []sellerdesk.Finding{c.database(ctx), c.disk.Look(c.real()), c.workers()}
	return slices.DeleteFunc(all, func(f sellerdesk.Finding) bool { return f.State != sellerdesk.FindingFail })
}

// Status tells how the house and its cabinets fare, as far as whoever asks may
// see them: first the house, then the cabinets in the order in which they were
// added. A cabinet with nothing wrong has one finding that says so.
func (c *Checker) Status(ctx context.Context) ([]sellerdesk.Finding, error) {
	access := sellerdesk.AccessOf(ctx)
	var all []sellerdesk.Finding
	seen, err := c.see(ctx)
	if err != nil {
		if access.May(sellerdesk.RightSee) {
			return []sellerdesk.Finding{Find("database", sellerdesk.FindingFail, sellerdesk.CauseDatabaseDown), c.disk.Look(c.real())}, nil
		}
		return nil, err
	}
	if access.May(sellerdesk.RightSee) {
		all = append(all, c.house(ctx, seen.everybody)...)
	}
	if access.May(sellerdesk.RightWebhooks) {
		all = append(all, c.webhooks(ctx)...)
	}
	for _, a := range seen.accounts {
		if access.MayIn(sellerdesk.RightSee, a.ID) {
			all = append(all, c.account(a, seen)...)
		}
	}
	return all, nil
}

// seen is what the store tells at once.
type seen struct {
	accounts  []sellerdesk.Account
	everybody []sellerdesk.AccountID // of all accounts that work, also those that may not be seen
	outbox    vitals.Outbox
}

func (c *Checker) see(ctx context.Context) (s seen, err error) {
	bounded, cancel := context.WithTimeout(ctx, askStore)
	defer cancel()
	// What belongs to nobody in particular is counted by the program itself.
	whole := sellerdesk.WithAccess(bounded, sellerdesk.FullAccess(0))
	err = c.store.Read(bounded, func(tx *store.Tx) error {
		if s.accounts, err = tx.Accounts.List(bounded); err != nil {
			return err
		}
		all, err := tx.Accounts.List(whole)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.State != sellerdesk.AccountPaused {
				s.everybody = append(s.everybody, a.ID)
			}
		}
		s.outbox, err = tx.Vitals.Outbox(whole)
		return err
	})
	if err != nil {
		return s, fmt.Errorf("look how the cabinets fare: %w", err)
	}
	return s, nil
}

// house tells of what belongs to no cabinet.
func (c *Checker) house(ctx context.Context, accounts []sellerdesk.AccountID) []sellerdesk.Finding {
	all := []sellerdesk.Finding{c.database(ctx), c.disk.Look(c.real()), c.ourClock(), c.network(accounts), c.workers(), c.disk.Backup(c.real())}
	if c.store.Resealing() {
		all = append(all, Find("secrets", sellerdesk.FindingWarn, sellerdesk.CauseSecretsUnsealed))
	}
	return all
}

func (c *Checker) database(ctx context.Context) sellerdesk.Finding {
	bounded, cancel := context.WithTimeout(ctx, askStore)
	defer cancel()
	err := c.store.Read(bounded, func(tx *store.Tx) error {
		_, err := tx.Events.Last(bounded)
		return err
	})
	if err != nil {
		return Find("database", sellerdesk.FindingFail, sellerdesk.CauseDatabaseDown)
	}
	if took := c.slowWrites(); took > slowWrite {
		return Find("database", sellerdesk.FindingWarn, sellerdesk.CauseDatabaseSlow, span(took))
	}
	return Fine("database", "База данных отвечает", "The database answers")
}

func (c *Checker) ourClock() sellerdesk.Finding {
	off := clockWrong(c.skews())
	if off == 0 {
		return Fine("clock", "Часы идут верно", "The clock is right")
	}
	word := sellerdesk.Sentence{RU: "отстают", EN: "slow"}
	if off < 0 {
		word = sellerdesk.Sentence{RU: "спешат", EN: "fast"}
	}
	state := sellerdesk.FindingWarn
	if off.Abs() > clockFails {
		state = sellerdesk.FindingFail
	}
	return Find("clock", state, sellerdesk.CauseClockWrong, word, span(off))
}

// network tells whether any remote side can be reached, where there are several.
func (c *Checker) network(accounts []sellerdesk.AccountID) sellerdesk.Finding {
	lost := 0
	for _, id := range accounts {
		switch t, _ := c.reach(id); t {
		case troubleNone, troubleDenied, troubleServer:
		default:
			lost++
		}
	}
	if lost > 1 && lost == len(accounts) {
		return Find("network", sellerdesk.FindingFail, sellerdesk.CauseNetworkDown)
	}
	return Fine("network", "Каналы отвечают", "The channels answer")
}

func (c *Checker) workers() sellerdesk.Finding {
	if ended := c.stopped(); len(ended) > 0 {
		return Find("workers", sellerdesk.FindingFail, sellerdesk.CauseWorkerStopped, strings.Join(ended, ", "))
	}
	return Fine("workers", "Все части программы работают", "All parts of the program work")
}

// account tells of one cabinet; every line begins with its name.
func (c *Checker) account(a sellerdesk.Account, s seen) []sellerdesk.Finding {
	base := "account/" + strconv.FormatInt(int64(a.ID), 10)
	v := visit{checker: c, Account: a, base: base, now: c.clock.Now(), others: slices.DeleteFunc(slices.Clone(s.everybody),
		func(id sellerdesk.AccountID) bool { return id == a.ID })}
	v.state()
	v.token()
	if a.State == sellerdesk.AccountOK {
		v.reach()
		v.throttled()
		v.streams()
		v.pushes()
		v.clock()
	}
	if n := s.outbox.Unknown[a.ID]; n > 0 {
		v.add("outbox", sellerdesk.FindingWarn, sellerdesk.CauseOutcomeUnknown, n)
	}
	if len(v.found) == 0 {
		fine := Fine(base, a.Name+": всё в порядке", a.Name+": everything is fine")
		fine.Account = &a.ID
		v.found = append(v.found, fine)
	}
	return v.found
}

// AtRest tells what shows without a program that works: the backup, and of the
// cabinets what is kept of them.
func (c *Checker) AtRest(ctx context.Context) ([]sellerdesk.Finding, error) {
	s, err := c.see(ctx)
	if err != nil {
		return nil, err
	}
	all := []sellerdesk.Finding{c.disk.Backup(c.real())}
	for _, a := range s.accounts {
		a.Streams, a.Push = nil, nil // nobody reads now: how late it is tells nothing
		all = append(all, c.account(a, s)...)
	}
	return all, nil
}
