package rest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

type laneKey struct{}

func inLane(ctx context.Context, l rest.Lane) context.Context {
	return context.WithValue(ctx, laneKey{}, l)
}

func laneOf(ctx context.Context) rest.Lane {
	l, ok := ctx.Value(laneKey{}).(rest.Lane)
	if !ok {
		return rest.LanePoll
	}
	return l
}

func oneBucket(period time.Duration, limit, burst int, fresh bool) *rest.Budget {
	limits := []rest.BucketLimit{{Bucket: "b", Period: period, Limit: limit, Burst: burst}}
	return rest.NewBudget(limits, rest.BudgetOptions{Lane: laneOf, Fresh: fresh})
}

func answered(status int, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h}
}

// take waits for one request and has it answered at once.
func take(t *testing.T, b *rest.Budget) time.Duration {
	t.Helper()
	start := time.Now()
	if err := b.Wait(t.Context(), "b"); err != nil {
		t.Fatalf("Wait: %v", err)
	}
	b.Observe("b", answered(200))
	return time.Since(start)
}

func TestFreshBudgetLetsTheBurstGoAndThenPaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := oneBucket(10*time.Second, 10, 10, true)
		for i := range 10 {
			if took := take(t, b); took != 0 {
				t.Fatalf("request %d of the burst waited %v", i, took)
			}
		}
		for range 5 {
			if took := take(t, b); took < time.Second || took > 1100*time.Millisecond {
				t.Errorf("a request after the burst waited %v, want a second and a hair", took)
			}
		}
	})
}

func TestStartAssumesThatAKilledProcessSpentEverything(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := oneBucket(10*time.Second, 10, 10, false)
		if took := take(t, b); took < time.Second {
			t.Errorf("the first request waited %v, want an interval", took)
		}
		slow := oneBucket(time.Hour, 1, 1, false)
		if took := take(t, slow); took != 0 {
			t.Errorf("the first request of an hourly bucket waited %v, want none", took)
		}
		if took := take(t, slow); took < time.Hour {
			t.Errorf("the second request of an hourly bucket waited %v", took)
		}
	})
}

func TestRemainingOfALoneAnswerRaisesTheEstimate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := oneBucket(10*time.Second, 10, 10, false)
		if err := b.Wait(t.Context(), "b"); err != nil {
			t.Fatal(err)
		}
		b.Observe("b", answered(200, "X-Ratelimit-Remaining", "9"))
		if got := b.Snapshot()[0].Remaining; got != 9 {
			t.Errorf("remaining %d after the remote side said 9", got)
		}
	})
}

func TestRemainingOfOverlappingAnswersNeverRaises(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := oneBucket(10*time.Second, 10, 10, false)
		time.Sleep(3 * time.Second)
		for range 2 {
			if err := b.Wait(t.Context(), "b"); err != nil {
				t.Fatal(err)
			}
		}
		b.Observe("b", answered(200, "X-Ratelimit-Remaining", "9"))
		b.Observe("b", answered(200, "X-Ratelimit-Remaining", "9"))
		if got := b.Snapshot()[0].Remaining; got > 1 {
			t.Errorf("remaining %d, raised by an answer that may not have counted the other request", got)
		}
	})
}

func TestRemainingLowersWhenSomebodyElseSpends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := oneBucket(10*time.Second, 10, 10, true)
		if err := b.Wait(t.Context(), "b"); err != nil {
			t.Fatal(err)
		}
		b.Observe("b", answered(200, "X-Ratelimit-Remaining", "2"))
		if got := b.Snapshot()[0].Remaining; got != 2 {
			t.Errorf("remaining %d after the remote side said 2", got)
		}
	})
}

func TestUnansweredRequestsHoldTheirPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := oneBucket(time.Second, 1, 1, true)
		if err := b.Wait(t.Context(), "b"); err != nil {
			t.Fatal(err)
		}
		// The answer takes a minute: the remote side may have counted the request at its very end.
		go func() {
			time.Sleep(time.Minute)
			b.Observe("b", nil)
		}()
		if took := take(t, b); took < time.Minute+time.Second {
			t.Errorf("the next request left after %v, before the slow one was surely counted and refilled", took)
		}
	})
}

func TestAPauseOfTheRemoteSideIsKept(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		header []string
		want   time.Duration
	}{
		{"retry comes first", []string{"X-Ratelimit-Retry", "7", "X-Ratelimit-Reset", "29", "X-Ratelimit-Limit", "10"}, 7 * time.Second},
		{"reset alone is better than nothing", []string{"X-Ratelimit-Reset", "29"}, 29 * time.Second},
		{"retry-after in seconds", []string{"Retry-After", "3"}, 3 * time.Second},
		{"nothing told means an interval", nil, time.Second},
		{"a senseless value counts as nothing", []string{"X-Ratelimit-Retry", "soon"}, time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := oneBucket(10*time.Second, 10, 10, true)
				if err := b.Wait(t.Context(), "b"); err != nil {
					t.Fatal(err)
				}
				b.Observe("b", answered(429, c.header...))
				if got, least := b.Snapshot()[0].NextFreeAt, time.Now().Add(c.want); got.Before(least) {
					t.Errorf("next free at %v, before %v", got, least)
				}
				took := take(t, b)
				if took < c.want || took > c.want+100*time.Millisecond {
					t.Errorf("waited %v, want %v", took, c.want)
				}
				if again := take(t, b); again < time.Second {
					t.Errorf("the second request after the pause waited %v, want an interval", again)
				}
			})
		})
	}
}

func TestASmallerBurstOnA429IsBelieved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := oneBucket(10*time.Second, 10, 10, true)
		take(t, b)
		if err := b.Wait(t.Context(), "b"); err != nil {
			t.Fatal(err)
		}
		b.Observe("b", answered(429, "X-Ratelimit-Retry", "1", "X-Ratelimit-Limit", "1"))
		time.Sleep(time.Hour)
		want := []rest.BucketState{{Bucket: "b", Limit: 1, Remaining: 1, Every: 1011 * time.Millisecond}} // a second and the margin
		if diff := cmp.Diff(want, b.Snapshot()); diff != "" {
			t.Errorf("bucket (-want +got):\n%s", diff)
		}
	})
}

func TestHigherLanesGoFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := oneBucket(time.Second, 1, 1, false)
		var (
			mu    sync.Mutex
			order []string
			group sync.WaitGroup
		)
		start := func(name string, l rest.Lane) {
			group.Go(func() {
				if err := b.Wait(inLane(t.Context(), l), "b"); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				mu.Lock()
				order = append(order, name)
				mu.Unlock()
				b.Observe("b", answered(200))
			})
			synctest.Wait()
		}
		start("old history", rest.LaneBackfill)
		start("poll 1", rest.LanePoll)
		start("poll 2", rest.LanePoll)
		start("nonsense", rest.Lane(77))
		time.Sleep(500 * time.Millisecond)
		start("person 1", rest.LanePerson)
		start("person 2", rest.LanePerson)
		if got := b.Snapshot()[0].Waiting; got != 6 {
			t.Errorf("%d waiting, want 6", got)
		}
		group.Wait()
		want := []string{"person 1", "person 2", "poll 1", "poll 2", "old history", "nonsense"}
		if diff := cmp.Diff(want, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestCancelledWaitLosesNothingAndPassesItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := oneBucket(time.Second, 1, 1, false)
		ctx, cancel := context.WithCancel(inLane(t.Context(), rest.LanePerson))
		gone := make(chan error)
		go func() { gone <- b.Wait(ctx, "b") }()
		synctest.Wait()
		start := time.Now()
		left := make(chan time.Duration)
		go func() {
			if err := b.Wait(t.Context(), "b"); err != nil {
				t.Errorf("Wait: %v", err)
			}
			left <- time.Since(start)
		}()
		synctest.Wait()
		time.Sleep(500 * time.Millisecond)
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled Wait returned %v", err)
		}
		if took := <-left; took > 1100*time.Millisecond {
			t.Errorf("the one behind left after %v: the token went with the cancelled one", took)
		}
		if err := b.Wait(ctx, "b"); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait with an ended context returned %v", err)
		}
	})
}

func TestPatienceEndsALongWaitAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limits := []rest.BucketLimit{{Bucket: "b", Period: time.Minute, Limit: 1, Burst: 1}}
		b := rest.NewBudget(limits, rest.BudgetOptions{Fresh: true, Patience: 10 * time.Second})
		take(t, b)
		start := time.Now()
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				var busy *rest.BusyError
				if err := b.Wait(t.Context(), "b"); !errors.As(err, &busy) || busy.After < time.Minute {
					t.Errorf("got %v", err)
				}
			})
		}
		group.Wait()
		if took := time.Since(start); took != 0 {
			t.Errorf("it waited %v", took)
		}
		if got := b.Snapshot()[0].Waiting; got != 0 {
			t.Errorf("%d still stand in line", got)
		}
		time.Sleep(55 * time.Second)
		if took := take(t, b); took > 7*time.Second {
			t.Errorf("a wait inside the patience took %v", took)
		}
	})
}

func TestWaitFollowsTheGivenClockThroughAJump(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newJumpClock()
		limits := []rest.BucketLimit{{Bucket: "b", Period: time.Hour, Limit: 1, Burst: 1}}
		b := rest.NewBudget(limits, rest.BudgetOptions{Clock: clock.clock(), Fresh: true})
		take(t, b)
		done := make(chan struct{})
		go func() {
			defer close(done)
			if err := b.Wait(t.Context(), "b"); err != nil {
				t.Errorf("Wait: %v", err)
			}
		}()
		synctest.Wait()
		start := time.Now()
		clock.advance(30 * time.Minute)
		synctest.Wait()
		select {
		case <-done:
			t.Error("half an interval was enough")
		default:
		}
		clock.advance(time.Hour)
		<-done
		if waited := time.Since(start); waited != 0 {
			t.Errorf("it waited %v on the system clock", waited)
		}
		b.Observe("b", nil)
		clock.advance(-24 * time.Hour)
		if got := b.Snapshot()[0].Remaining; got != 0 {
			t.Errorf("a clock going backwards gave %d requests", got)
		}
	})
}

func TestUndeclaredBucketIsAnError(t *testing.T) {
	t.Parallel()
	b := oneBucket(time.Second, 1, 1, true)
	if err := b.Wait(t.Context(), "other"); err == nil {
		t.Error("Wait let a request go to a bucket without a limit")
	}
	b.Observe("other", answered(200))
}

// reference is an exact token bucket as the remote side keeps it. Counting in nanoseconds, it has no rounding to hide behind.
type reference struct {
	interval   time.Duration
	burst      int
	credit     time.Duration
	at         time.Time
	violations int
	served     int
}

func (r *reference) arrive() *http.Response {
	now := time.Now()
	r.credit = min(r.credit+now.Sub(r.at), r.interval*time.Duration(r.burst))
	r.at = now
	if r.credit < r.interval {
		r.violations++
		return answered(429, "X-Ratelimit-Retry", "1", "X-Ratelimit-Limit", strconv.Itoa(r.burst))
	}
	r.credit -= r.interval
	r.served++
	return answered(200, "X-Ratelimit-Remaining", strconv.Itoa(int(r.credit/r.interval)))
}

// Whatever the delays on both ways, losses and concurrency, an exact bucket on the other side never sees one request too many, and most
// of what it would allow is used.
func TestNoViolationOfAnExactBucket(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { driveAgainstReference(t, rand.New(rand.NewPCG(seed, 1))) })
		})
	}
}

func driveAgainstReference(t *testing.T, random *rand.Rand) {
	interval := []time.Duration{333 * time.Millisecond, time.Second, 3 * time.Second, time.Minute}[random.IntN(4)]
	burst := 1 + random.IntN(10)
	drained := random.IntN(2) == 0 && interval <= 3*time.Second
	ref := &reference{interval: interval, burst: burst, at: time.Now()}
	if !drained {
		ref.credit = interval * time.Duration(burst)
	}
	var mu sync.Mutex // guards ref and random
	upTo := func(d time.Duration) time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return time.Duration(random.Int64N(int64(d)))
	}
	lives := 1
	if interval <= 3*time.Second {
		lives = 1 + random.IntN(30)
	}
	slowest := []time.Duration{time.Millisecond, 100 * time.Millisecond, 5 * time.Second}[random.IntN(3)]
	lazy := random.IntN(2) == 0
	for life := range lives {
		// A later life follows a process that died the moment it had spent what there was.
		b := oneBucket(interval, 1, burst, life == 0 && !drained && random.IntN(2) == 0)
		ctx, cancel := context.WithTimeout(t.Context(), 200*interval/time.Duration(lives))
		var group sync.WaitGroup
		for range 1 + random.IntN(12) {
			group.Go(func() {
				for b.Wait(ctx, "b") == nil {
					time.Sleep(upTo(slowest))
					mu.Lock()
					resp := ref.arrive()
					mu.Unlock()
					time.Sleep(upTo(slowest))
					if upTo(10) == 0 {
						resp = nil
					}
					b.Observe("b", resp)
					if lazy {
						time.Sleep(upTo(20 * interval))
					}
				}
			})
		}
		group.Wait()
		cancel()
	}
	if ref.violations > 0 {
		t.Errorf("%d violations at interval %v, burst %d, delays to %v", ref.violations, interval, burst, slowest)
	}
	if lives == 1 && !lazy && slowest < interval && ref.served < 150 {
		t.Errorf("only %d of about 200 possible requests were used", ref.served)
	}
}
