package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// closing counts how often bodies were made and closed.
type closing struct {
	io.Reader
	closed *atomic.Int64
}

func (c closing) Close() error {
	c.closed.Add(1)
	return nil
}

// A list that is asked for by POST is a read with a body.
func TestARepeatedReadSendsItsBodyAgain(t *testing.T) {
	t.Parallel()
	const filter = `{"statuses":["NEW"]}`
	cases := []struct {
		name string
		fail http.HandlerFunc
	}{
		{"after a 5xx", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }},
		{"after a dropped connection", func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }},
		{"after a 429", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var bodies []string
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				bodies = append(bodies, string(body))
				n := len(bodies)
				mu.Unlock()
				if n < 3 {
					c.fail(w, r)
					return
				}
				_, _ = io.WriteString(w, `{"n":7}`)
			})
			var made, closed atomic.Int64
			call := read(url)
			call.Method, call.Length, call.ContentType = http.MethodPost, int64(len(filter)), "application/json"
			call.Body = func() io.ReadCloser {
				made.Add(1)
				return closing{strings.NewReader(filter), &closed}
			}
			var got struct{ N int }
			if err := newClient(&open{}).Do(t.Context(), call, into(&got)); err != nil || got.N != 7 {
				t.Fatalf("%v, %+v", err, got)
			}
			mu.Lock()
			defer mu.Unlock()
			for i, body := range bodies {
				if body != filter {
					t.Errorf("attempt %d had the body %q", i+1, body)
				}
			}
			if len(bodies) != 3 || made.Load() != 3 || closed.Load() < 3 {
				t.Errorf("%d attempts made %d bodies and closed %d times", len(bodies), made.Load(), closed.Load())
			}
		})
	}
}

// Whoever follows a redirect of a POST makes a GET without a body of it, which is another question.
func TestAReadWithABodyFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect} {
		var arrived atomic.Int64
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			arrived.Add(1)
			http.Redirect(w, r, "/elsewhere", status)
		})
		call := write(url, "{}")
		call.Write = false
		if err := newClient(&open{}).Do(t.Context(), call, into(&struct{}{})); err == nil || arrived.Load() != 1 {
			t.Errorf("%d: %v after %d requests", status, err, arrived.Load())
		}
	}
}

// refusing answers every request with a refusal that ends after the pause.
func refusing(pause string) (*http.Client, *atomic.Int64) {
	var calls atomic.Int64
	return &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		calls.Add(1)
		return &http.Response{
			StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {pause}}, Body: http.NoBody, Request: r,
		}, nil
	})}, &calls
}

func TestTheCallerBoundsHowLongAThrottledReadWaits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		told           string
		patience, most time.Duration
		calls          int64
	}{
		{"by default a minute in all", "40", 0, time.Minute, 2},
		{"as long as was set", "40", 2 * time.Minute, 2 * time.Minute, 3},
		{"not at all", "1", -1, 0, 1},
		{"not for a pause that is longer", "40", 30 * time.Second, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				httpClient, calls := refusing(c.told)
				client := rest.NewClient(rest.Options{Limiter: &open{}, HTTP: httpClient, Patience: c.patience})
				start := time.Now()
				err := client.Do(t.Context(), read("http://127.0.0.1/"), into(&struct{}{}))
				if err == nil || calls.Load() != c.calls || time.Since(start) > c.most {
					t.Errorf("%v after %v and %d calls", err, time.Since(start), calls.Load())
				}
			})
		})
	}
}

// Whoever stops waiting has not been answered: an empty result would look like an empty list.
func TestACallThatEndsBetweenTwoAttemptsIsAnError(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusBadGateway} {
		synctest.Test(t, func(t *testing.T) {
			client := rest.NewClient(rest.Options{Limiter: &open{}, Backoff: time.Minute, HTTP: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("why")), Request: r}, nil
			})}})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			err := client.Do(ctx, read("http://127.0.0.1/"), func(resp *http.Response) error {
				body, err := rest.ReadBody(resp, 100)
				return fmt.Errorf("%d %s %w", resp.StatusCode, body, err)
			})
			if want := fmt.Sprintf("%d why", status); err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

// Nobody waits longer than the patience, wherever in the line he stands.
func TestPatienceEndsTheWaitOfTheLastInLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limits := []rest.BucketLimit{{Bucket: "b", Period: 10 * time.Second, Limit: 1, Burst: 1}}
		b := rest.NewBudget(limits, rest.BudgetOptions{Fresh: true, Patience: 25 * time.Second})
		take(t, b)
		start := time.Now()
		var group sync.WaitGroup
		var served, refused atomic.Int64
		for range 5 {
			group.Go(func() {
				err := b.Wait(t.Context(), "b")
				var busy *rest.BusyError
				switch {
				case err == nil:
					served.Add(1)
					b.Observe("b", answered(200))
				case errors.As(err, &busy) && busy.After > 0:
					refused.Add(1)
				default:
					t.Errorf("got %v", err)
				}
			})
		}
		group.Wait()
		if took := time.Since(start); took > 25*time.Second {
			t.Errorf("the last one waited %v", took)
		}
		if served.Load() != 2 || refused.Load() != 3 || b.Snapshot()[0].Waiting != 0 {
			t.Errorf("%d were served and %d refused, %d still wait", served.Load(), refused.Load(), b.Snapshot()[0].Waiting)
		}
	})
}

// What is left of an hour is no allowance to send it all at once, since the next hour could not be spent evenly then.
func TestWhatIsLeftOfAPeriodOnlyLowersTheEstimate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		left := 1000
		b := rest.NewBudget([]rest.BucketLimit{{Bucket: "b", Period: time.Hour, Limit: 900, Burst: 100}}, rest.BudgetOptions{
			Fresh: true, Read: func(*http.Response, time.Time) rest.Hint {
				left--
				return rest.Hint{HasRemaining: true, Remaining: left, Window: true}
			},
		})
		start := time.Now()
		for range 500 {
			take(t, b)
		}
		if took := time.Since(start); took < 1600*time.Second || took > 1700*time.Second {
			t.Errorf("500 of 1,000 went in %v, of which 100 may go at once and 900 in an hour", took)
		}
		left = 3
		take(t, b) // tells that two are left: somebody else has used them
		if got := b.Snapshot()[0].Remaining; got > 2 {
			t.Errorf("%d may go, 2 are left", got)
		}
	})
}
