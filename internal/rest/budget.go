package rest

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Lane is the priority of a waiting request. A request of a higher lane always goes before one of a lower lane.
type Lane int

// The lanes, highest first. Any other value is treated as LaneBackfill.
const (
	LanePerson   Lane = iota // somebody looks at the screen and waits
	LanePoll                 // regular reading of what is new
	LaneBackfill             // old history, repairs: whatever is left
	laneCount
)

const (
	// shortestInterval keeps a mistyped limit from meaning "no limit".
	shortestInterval = time.Millisecond
	// trustedStart is the longest interval for which a new bucket starts empty. See BudgetOptions.Fresh.
	trustedStart = 5 * time.Second
	// longestPause bounds what a remote side may ask for.
	longestPause = 24 * time.Hour
	// shortestTimer keeps a clock that rounds from spinning the wait loop.
	shortestTimer = time.Millisecond
)

// BucketLimit is the published limit of one bucket: Limit requests per Period, at most Burst at once.
// One request comes back every Period/Limit. A Limit or Burst under 1 is taken as 1, a Period under 1 as a second.
type BucketLimit struct {
	Bucket string
	Period time.Duration
	Limit  int
	Burst  int
}

// BudgetOptions says how a Budget behaves. The zero value works.
type BudgetOptions struct {
	// Clock is what refilling and waiting follow.
	Clock Clock
	// Lane tells the lane of a call from its context. Nil: everything is LanePoll.
	Lane func(context.Context) Lane
	// Read takes the rate facts out of an answer; now is the moment on Clock. Nil: ReadStandardHeaders.
	Read func(resp *http.Response, now time.Time) Hint
	// Patience is the longest wait for a turn that Wait sits out. When the first in line would have to wait longer, it gets a
	// *BusyError at once, so that a caller with a queue of its own can come back later; who stands further back gets one when it is
	// over. 0: as long as the context lets.
	Patience time.Duration
	// Fresh says that nobody has used the account lately, so all buckets start full. Without it a bucket that refills
	// within five seconds starts empty and a slower one with a single request, because a process that was just
	// killed may have spent everything a moment ago; the first answer that tells what remains corrects the guess.
	Fresh bool
}

// Hint is what an answer says about the bucket it was counted in.
type Hint struct {
	// HasRemaining says that Remaining is known: how many requests may go now without a pause.
	HasRemaining bool
	Remaining    int
	// Window says that Remaining counts a whole period and not what may go at once: it can only tell that there is less than thought.
	Window bool
	// Throttled says that the request was refused for the limit, RetryAfter when one may be tried again (0: not told).
	Throttled  bool
	RetryAfter time.Duration
	// Burst is the size of the bucket, 0 when not told. Only a smaller one than declared is believed.
	Burst int
}

// BucketState is one bucket as the account page shows it.
type BucketState struct {
	Bucket string
	// Limit is the size of the bucket, Remaining how many requests could leave now.
	Limit, Remaining int
	// NextFreeAt is when the next request could leave; zero when one could leave now.
	NextFreeAt time.Time
	// Waiting counts the calls that wait in all lanes.
	Waiting int
	// Every is how long one request takes to come back.
	Every time.Duration
}

// Budget is the request budget of one seller account. Clients that get the same Budget share its buckets. It is safe for
// concurrent use and starts no goroutines.
//
// Its estimate never exceeds the real bucket, whatever the delays on the way. A request is spent when Wait lets it go, but
// the remote side counts it some time before the answer; until then the bucket may be full over there, so that
// refilling of it is lost. Therefore a bucket with n unanswered requests fills up to Burst-n only. It also refills one
// percent slower than published, for clocks that differ.
//
// Every Wait that returns nil must be followed by exactly one Observe.
type Budget struct {
	clock    Clock
	lane     func(context.Context) Lane
	read     func(*http.Response, time.Time) Hint
	patience time.Duration

	mu      sync.Mutex // guards what the buckets hold; map and order never change
	buckets map[string]*bucket
	order   []string
}

// NewBudget makes a budget of the given buckets. Of two limits with one name the last one counts.
func NewBudget(limits []BucketLimit, o BudgetOptions) *Budget {
	b := &Budget{
		clock: o.Clock.OrSystem(), lane: o.Lane, read: o.Read, patience: o.Patience, buckets: make(map[string]*bucket, len(limits)),
	}
	if b.lane == nil {
		b.lane = func(context.Context) Lane { return LanePoll }
	}
	if b.read == nil {
		b.read = ReadStandardHeaders
	}
	now := b.clock.Now()
	for _, l := range limits {
		if _, known := b.buckets[l.Bucket]; !known {
			b.order = append(b.order, l.Bucket)
		}
		b.buckets[l.Bucket] = newBucket(l, o.Fresh, now)
	}
	return b
}

// BusyError says that a request would have to wait longer than the budget's patience.
type BusyError struct {
	Bucket string
	// After is the pause until a request may leave.
	After time.Duration
}

// Error returns one line.
func (e *BusyError) Error() string {
	return fmt.Sprintf("the limit of %s is spent for another %v", e.Bucket, e.After.Round(time.Second))
}

// Wait blocks until a request of the bucket may leave, in the lane of ctx. It returns the error of ctx when that ends first, or a
// *BusyError; nothing is spent then. A bucket that was not declared is an error: an unknown limit is not "no limit".
func (b *Budget) Wait(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	k, ok := b.buckets[name]
	if !ok {
		return fmt.Errorf("rest: no limit is declared for bucket %q", name)
	}
	w := &waiter{bucket: name, lane: b.lane(ctx), changed: make(chan struct{}, 1)}
	if w.lane < 0 || w.lane >= laneCount {
		w.lane = LaneBackfill
	}
	b.mu.Lock()
	k.push(w)
	until := b.clock.Now().Add(b.patience)
	b.mu.Unlock()
	for {
		pause, granted := b.try(k, w)
		if granted {
			return nil
		}
		if err := b.stand(ctx, k, w, pause, until); err != nil {
			b.mu.Lock()
			k.remove(w)
			k.wake()
			b.mu.Unlock()
			return err
		}
	}
}

// try spends a request for w if its turn has come. Otherwise it returns how long to wait at most, 0 meaning until woken.
func (b *Budget) try(k *bucket, w *waiter) (time.Duration, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if k.head() != w {
		return 0, false
	}
	k.refill(b.clock.Now())
	if pause, free := k.free(); !free {
		return pause, false
	}
	k.spend()
	k.remove(w)
	k.wake()
	return 0, true
}

// stand waits in the line until it is worth trying again, or gives up. pause is what the first in line has to wait, 0 for the others.
func (b *Budget) stand(ctx context.Context, k *bucket, w *waiter, pause time.Duration, until time.Time) error {
	if b.patience <= 0 {
		return b.pause(ctx, w, pause)
	}
	left := until.Sub(b.clock.Now())
	switch {
	case pause > left:
		return b.busy(k, w, pause)
	case left <= 0:
		return b.busy(k, w, 0)
	case pause <= 0:
		pause = left
	}
	return b.pause(ctx, w, pause)
}

// busy tells when to come back at the earliest: whoever did not stand first waits for one request more at least.
func (b *Budget) busy(k *bucket, w *waiter, pause time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if pause <= 0 {
		k.refill(b.clock.Now())
		pause, _ = k.free()
		pause += k.token
	}
	return &BusyError{Bucket: w.bucket, After: pause}
}

func (b *Budget) pause(ctx context.Context, w *waiter, d time.Duration) error {
	var fired <-chan time.Time
	if d > 0 {
		var stop func() bool
		fired, stop = b.clock.NewTimer(max(d, shortestTimer))
		defer stop()
	}
	select {
	case <-ctx.Done():
	case <-fired:
	case <-w.changed:
	}
	return ctx.Err()
}

// Observe ends the request that Wait let go and learns from its answer. A nil resp means that no answer came: the request
// stays spent, since it may have been counted. A bucket that was not declared is ignored.
func (b *Budget) Observe(name string, resp *http.Response) {
	k, ok := b.buckets[name]
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	k.refill(now)
	if k.flying > 0 {
		k.flying--
	}
	if resp != nil {
		k.learn(b.read(resp, now))
	}
	k.wake()
}

// Change gives a bucket another limit while calls go on, as when a seller buys
// a subscription. A bucket that was not declared is ignored.
func (b *Budget) Change(l BucketLimit) {
	k, ok := b.buckets[l.Bucket]
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	k.refill(b.clock.Now())
	k.change(l)
	k.wake()
}

// Snapshot returns the present state of all buckets in the order of their declaration.
func (b *Budget) Snapshot() []BucketState {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	states := make([]BucketState, 0, len(b.order))
	for _, name := range b.order {
		k := b.buckets[name]
		k.refill(now)
		s := BucketState{Bucket: name, Limit: k.burst, Remaining: int(max(0, k.credit/k.token)), Every: k.token}
		for _, q := range k.queues {
			s.Waiting += len(q)
		}
		if s.Remaining == 0 {
			s.NextFreeAt = now.Add(k.token - k.credit)
		}
		states = append(states, s)
	}
	return states
}
