package health

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// Monitor gathers what the parts of the program tell while they work. It is safe
// for concurrent use and never blocks for long.
type Monitor struct {
	metrics *Metrics
	clock   sellerdesk.Clock
	real    func() time.Time

	mu      sync.Mutex // guards what follows
	remotes map[sellerdesk.AccountID]*standing
	writes  writes
	parts   map[string]bool // by name, whether it runs
	ended   []string        // names of parts that ended while the program went on
}

// NewMonitor makes a monitor on the clock of the program.
func NewMonitor(m *Metrics, clock sellerdesk.Clock) *Monitor {
	return &Monitor{
		metrics: m, clock: clock, real: time.Now,
		remotes: map[sellerdesk.AccountID]*standing{}, parts: map[string]bool{},
	}
}

// writes are how long the last transactions that write took with their wait.
type writes struct {
	took  [128]time.Duration
	at    [128]time.Time
	count int
}

// recent is what counts as now when writes are judged.
const recent = 2 * time.Minute

// typical is the time that nine of ten recent writes did not need; 0 when there
// are too few to tell.
func (w *writes) typical(now time.Time) time.Duration {
	var some []time.Duration
	for i, at := range w.at {
		if !at.IsZero() && now.Sub(at) < recent {
			some = append(some, w.took[i])
		}
	}
	if len(some) < 10 {
		return 0
	}
	slices.Sort(some)
	return some[len(some)*9/10]
}

// Transaction notes how long a transaction of the store waited and took.
func (m *Monitor) Transaction(write bool, waited, took time.Duration) {
	m.metrics.Transaction(write, waited, took)
	if !write {
		return
	}
	now := m.real()
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.writes.count % len(m.writes.took)
	m.writes.took[i], m.writes.at[i] = waited+took, now
	m.writes.count++
}

// slowWrites is how long writing takes now; 0 when nothing tells.
func (m *Monitor) slowWrites() time.Duration {
	now := m.real()
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.writes.typical(now)
}

// Alive gives run with a watch over it: a part of the program that ends before
// its context does is told of as stopped.
func (m *Monitor) Alive(name string, run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		m.part(name, true)
		defer func() {
			m.part(name, ctx.Err() != nil)
		}()
		return run(ctx)
	}
}

func (m *Monitor) part(name string, runs bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.parts[name] = runs
	if !runs {
		m.ended = append(m.ended, name)
	}
}

// stopped names the parts that ended.
func (m *Monitor) stopped() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.ended)
}

// newsKept is how many moments of news are remembered of an account.
const newsKept = 16

// Pulled notes one reading of a stream.
func (m *Monitor) Pulled(p channel.Pulled) {
	m.metrics.pulled(p.Channel, p.Stream, string(p.Class), p.Took)
	now := m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.of(p.Account)
	if s.classes == nil {
		s.classes = map[string]channel.Class{}
	}
	s.classes[p.Stream] = p.Class
	if p.CaughtUp && p.Messages > 0 {
		s.news = lastOf(append(s.news, now), newsKept)
	}
}

// Found notes that looking at a conversation again found something new.
func (m *Monitor) Found(id sellerdesk.AccountID) {
	now := m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.of(id)
	s.news = lastOf(append(s.news, now), newsKept)
}

// of gives what is known of an account; the caller holds mu.
func (m *Monitor) of(id sellerdesk.AccountID) *standing {
	s := m.remotes[id]
	if s == nil {
		s = &standing{}
		m.remotes[id] = s
	}
	return s
}

// newsSince counts how often reading found new words in an account after a
// moment.
func (m *Monitor) newsSince(id sellerdesk.AccountID, after time.Time) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.remotes[id]
	if s == nil {
		return 0
	}
	for _, at := range s.news {
		if at.After(after) {
			n++
		}
	}
	return n
}

// failing tells why a stream was not read the last time; "" when it was, and
// while nothing is known.
func (m *Monitor) failing(id sellerdesk.AccountID, stream string) channel.Class {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.remotes[id]; s != nil {
		return s.classes[stream]
	}
	return ""
}
