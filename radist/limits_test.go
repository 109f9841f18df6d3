package radist_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk/radist"
)

type personKey struct{}

// asPerson puts a call into the lane of persons.
func asPerson(ctx context.Context) context.Context { return context.WithValue(ctx, personKey{}, true) }

func lane(ctx context.Context) radist.Lane {
	if ctx.Value(personKey{}) != nil {
		return radist.LanePerson
	}
	return radist.LanePoll
}

// counted remembers when requests came, and takes its time for each.
type counted struct {
	mu           sync.Mutex
	all, narrow  []time.Time
	took, before time.Duration
}

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(c.before)
	c.mu.Lock()
	c.all = append(c.all, time.Now())
	body := `[]`
	if r.URL.Path == "/v2/companies/3/messaging/chats/with_contacts/" {
		c.narrow = append(c.narrow, time.Now())
		body = `{"data":[]}`
	}
	c.mu.Unlock()
	time.Sleep(c.took)
	return says(r, 200, body), nil
}

// most is how many came within any second.
func most(moments []time.Time) int {
	out := 0
	for i := range moments {
		n := 0
		for _, at := range moments[i:] {
			if at.Sub(moments[i]) < time.Second {
				n++
			}
		}
		out = max(out, n)
	}
	return out
}

// Programs that ask as fast as they may, over lines of every length, never pass
// five requests in any second, nor one about chats, and get close to both.
func TestGreedyProgramsKeepToTheLimits(t *testing.T) {
	t.Parallel()
	for _, line := range []struct {
		name         string
		before, took time.Duration
		least, chats int // requests in a minute
	}{
		{"a quick line", 0, time.Millisecond, 220, 25},
		{"a usual one", 30 * time.Millisecond, 70 * time.Millisecond, 200, 25},
		{"a slow one", 400 * time.Millisecond, 300 * time.Millisecond, 100, 15},
	} {
		t.Run(line.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				there := &counted{before: line.before, took: line.took}
				c, err := radist.New(someKey, radist.WithHTTPClient(&http.Client{Transport: there}))
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				var group sync.WaitGroup
				for range 4 {
					group.Go(func() {
						greedily(ctx, t, func() error { return drop(c.Messages.List(ctx, 3, radist.ListMessages{Chat: 37})) })
					})
					group.Go(func() { greedily(ctx, t, func() error { return drop(c.Chats.List(ctx, 3, radist.ListChats{})) }) })
				}
				group.Wait()
				if n := most(there.all); n > 5 || len(there.all) < line.least {
					t.Errorf("%d within a second, %d in all", n, len(there.all))
				}
				if n := most(there.narrow); n > 1 || len(there.narrow) < line.chats {
					t.Errorf("%d about chats within a second, %d in all", n, len(there.narrow))
				}
			})
		})
	}
}

func greedily(ctx context.Context, t *testing.T, ask func() error) {
	for ctx.Err() == nil {
		if err := ask(); err != nil && ctx.Err() == nil {
			t.Error(err)
			return
		}
	}
}

// What goes on in the background never keeps a person waiting for long.
func TestAPersonGoesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		there := &counted{took: 50 * time.Millisecond}
		c, err := radist.New(someKey, radist.WithHTTPClient(&http.Client{Transport: there}), radist.WithLimiter(radist.NewBudget(radist.BudgetOptions{Lane: lane})))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				greedily(ctx, t, func() error { return drop(c.Messages.List(ctx, 3, radist.ListMessages{Chat: 37})) })
			})
		}
		time.Sleep(5 * time.Second)
		began := time.Now()
		if err := drop(c.Messages.List(asPerson(ctx), 3, radist.ListMessages{Chat: 37})); err != nil || time.Since(began) > 400*time.Millisecond {
			t.Errorf("a person waited %v, %v", time.Since(began), err)
		}
		cancel()
		group.Wait()
	})
}

// Answers 429 without a pause are waited out longer and longer, and forgotten
// with the first good one.
func TestThePauseGrowsWhileItIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := radist.NewBudget(radist.BudgetOptions{Fresh: true})
		ctx := t.Context()
		ask := func(status int) time.Duration {
			began := time.Now()
			if err := b.Wait(ctx, radist.BucketGeneral); err != nil {
				t.Fatal(err)
			}
			b.Observe(radist.BucketGeneral, &http.Response{StatusCode: status, Header: http.Header{}})
			return time.Since(began).Round(time.Second)
		}
		for n, want := range []time.Duration{0, 2, 4, 8, 16, 32, 60, 60} {
			if got := ask(429); got != want*time.Second {
				t.Errorf("pause %d is %v, not %d s", n, got, want)
			}
		}
		ask(200)
		ask(429)
		if got := ask(200); got != 2*time.Second {
			t.Errorf("after a good answer it begins with %v", got)
		}
	})
}

// Requests that left together are refused together: that is one pause, not many.
func TestRefusalsOfOneMomentAreOnePause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := radist.NewBudget(radist.BudgetOptions{Fresh: true})
		for range 2 {
			if err := b.Wait(t.Context(), radist.BucketGeneral); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			b.Observe(radist.BucketGeneral, &http.Response{StatusCode: 429, Header: http.Header{}})
		}
		began := time.Now()
		if err := b.Wait(t.Context(), radist.BucketGeneral); err != nil || time.Since(began) > 2100*time.Millisecond {
			t.Errorf("%v, %v", time.Since(began), err)
		}
	})
}

// A refusal about chats does not keep anybody from sending.
func TestSendingGoesOnWhileChatsWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := radist.NewBudget(radist.BudgetOptions{Fresh: true})
		ctx := t.Context()
		if err := b.Wait(ctx, radist.BucketChats); err != nil {
			t.Fatal(err)
		}
		b.Observe(radist.BucketChats, &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"30"}}})
		began := time.Now()
		if err := b.Wait(ctx, radist.BucketGeneral); err != nil || time.Since(began) > 300*time.Millisecond {
			t.Errorf("sending waited %v, %v", time.Since(began), err)
		}
		ended, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if err := b.Wait(ended, radist.BucketChats); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("chats went on: %v", err)
		}
		if states := b.Snapshot(); len(states) != 2 || states[1].Bucket != radist.BucketChats || states[1].NextFreeAt.IsZero() {
			t.Errorf("%+v", states)
		}
	})
}

func TestPatienceBoundsTheWait(t *testing.T) {
	t.Parallel()
	for _, patience := range []time.Duration{-1, 5 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			c, err := radist.New(someKey, radist.WithHTTPClient(&http.Client{Transport: always(429, "{}", "Retry-After", "50")}), radist.WithLimiter(radist.NewBudget(radist.BudgetOptions{Fresh: true, Patience: patience})), radist.WithPatience(patience))
			if err != nil {
				t.Fatal(err)
			}
			for n := range 2 { // the second one is not even sent
				began := time.Now()
				_, err := c.Chats.List(t.Context(), 3, radist.ListChats{})
				var e *radist.Error
				if !errors.Is(err, radist.ErrThrottled) || errors.Is(err, radist.ErrNotSent) != (n == 1) || !errors.As(err, &e) || e.RetryAfter < 49*time.Second {
					t.Errorf("%v", err)
				}
				if time.Since(began) > 0 {
					t.Errorf("it took %v", time.Since(began))
				}
			}
		})
	}
	// A wait that is given up leaves no trace in either limit.
	synctest.Test(t, func(t *testing.T) {
		b := radist.NewBudget(radist.BudgetOptions{Fresh: true})
		for range 2 {
			if err := b.Wait(t.Context(), radist.BucketGeneral); err != nil {
				t.Fatal(err)
			}
		}
		ended, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.Wait(ended, radist.BucketChats); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("two are on their way: %v", err)
		}
		for range 2 {
			b.Observe(radist.BucketGeneral, nil)
		}
		began := time.Now()
		if err := b.Wait(t.Context(), radist.BucketChats); err != nil || time.Since(began) > 1100*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}
