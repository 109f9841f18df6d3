package radist

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// Lane is the priority of a call, highest first: LanePerson, LanePoll, LaneBackfill.
type Lane = rest.Lane

// The lanes.
const (
	LanePerson   = rest.LanePerson
	LanePoll     = rest.LanePoll
	LaneBackfill = rest.LaneBackfill
)

// BucketState is one limit at a moment.
type BucketState = rest.BucketState

// Clock is where time comes from; the zero value is the system clock.
type Clock = rest.Clock

// The names of the limits. A request of BucketChats counts in both.
const (
	BucketGeneral = "general" // every request: five a second
	BucketChats   = "chats"   // those about chats and contacts: one a second
)

// bucketOf tells the limit of a path.
func bucketOf(path string) string {
	if strings.Contains(path, "/chats/") || strings.Contains(path, "/contacts/") {
		return BucketChats
	}
	return BucketGeneral
}

// BudgetOptions say how a Budget behaves. The zero value works.
type BudgetOptions struct {
	// Clock is what the limits and waiting follow.
	Clock Clock
	// Lane tells the lane of a call from its context. Nil: everything is LanePoll.
	Lane func(context.Context) Lane
	// Patience is the longest wait for a turn that Wait sits out; what would
	// take longer fails with [ErrThrottled]. 0: as long as the context lets;
	// below 0: none.
	Patience time.Duration
	// Fresh says that nobody has used the key within the last second. Without it
	// the first request waits for its share, since a process that was just killed
	// may have spent everything.
	Fresh bool
}

// Budget keeps a key inside its limits. It is safe for concurrent use and starts
// no goroutines.
type Budget struct {
	general, chats *rest.Budget
}

// NewBudget makes the budget of a key. All clients of one key share one.
func NewBudget(o BudgetOptions) *Budget {
	if o.Patience < 0 {
		o.Patience = time.Nanosecond
	}
	one := func(l rest.BucketLimit) *rest.Budget {
		// Each limit has its own pause.
		growing := &growingPause{}
		return rest.NewBudget([]rest.BucketLimit{l}, rest.BudgetOptions{
			Clock: o.Clock, Lane: o.Lane, Read: growing.read, Patience: o.Patience, Fresh: o.Fresh,
		})
	}
	return &Budget{
		general: one(rest.BucketLimit{Bucket: BucketGeneral, Period: time.Second, Limit: generalLimit, Burst: generalBurst}),
		chats:   one(rest.BucketLimit{Bucket: BucketChats, Period: time.Second, Limit: chatsLimit, Burst: chatsBurst}),
	}
}

// Wait blocks until a request of the bucket may leave.
func (b *Budget) Wait(ctx context.Context, bucket string) error {
	if bucket != BucketChats {
		return b.general.Wait(ctx, bucket)
	}
	if err := b.chats.Wait(ctx, bucket); err != nil {
		return err
	}
	if err := b.general.Wait(ctx, BucketGeneral); err != nil {
		b.chats.Observe(bucket, nil)
		return err
	}
	return nil
}

// Observe ends the request that Wait let go and learns from its answer.
func (b *Budget) Observe(bucket string, resp *http.Response) {
	if bucket != BucketChats {
		b.general.Observe(bucket, resp)
		return
	}
	b.chats.Observe(bucket, resp)
	// Which of its two limits refused it is not told; the narrow one is taken for
	// guilty, so that sending goes on.
	b.general.Observe(BucketGeneral, nil)
}

// Snapshot returns the present state of both limits.
func (b *Budget) Snapshot() []BucketState { return append(b.general.Snapshot(), b.chats.Snapshot()...) }

// refusedForLimit tells whether an answer refuses for a limit. No header with
// the pause was ever seen; a standard one is believed.
func refusedForLimit(resp *http.Response, now time.Time) rest.Hint {
	if resp.StatusCode != http.StatusTooManyRequests {
		return rest.Hint{}
	}
	pause := rest.ReadStandardHeaders(resp, now).RetryAfter
	if pause <= 0 {
		pause = firstPause
	}
	return rest.Hint{Throttled: true, RetryAfter: min(pause, longestPause)}
}

// growingPause doubles the pause while answers go on refusing. A budget calls it
// one answer at a time.
type growingPause struct {
	last  time.Duration
	until time.Time // the present pause ends
}

func (g *growingPause) read(resp *http.Response, now time.Time) rest.Hint {
	h := refusedForLimit(resp, now)
	switch {
	case !h.Throttled:
		g.last = 0
		return rest.Hint{}
	case now.Before(g.until):
		// It left before the pause began, and says nothing new.
		return rest.Hint{Throttled: true, RetryAfter: g.until.Sub(now)}
	}
	g.last = min(max(h.RetryAfter, 2*g.last), longestPause)
	g.until = now.Add(g.last)
	return rest.Hint{Throttled: true, RetryAfter: g.last}
}
