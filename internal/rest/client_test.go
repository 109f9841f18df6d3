package rest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

const secret = "very-secret-token"

// open is a limiter without limits that counts.
type open struct{ waits, observed, unanswered atomic.Int64 }

func (o *open) Wait(ctx context.Context, _ string) error {
	o.waits.Add(1)
	return ctx.Err()
}

func (o *open) Observe(_ string, resp *http.Response) {
	o.observed.Add(1)
	if resp == nil {
		o.unanswered.Add(1)
	}
}

func newClient(limiter rest.Limiter) *rest.Client {
	return rest.NewClient(rest.Options{
		Limiter: limiter, Secrets: []string{secret}, Backoff: time.Millisecond,
		Authorize: func(r *http.Request) { r.Header.Set("Authorization", secret) },
	})
}

func read(url string) rest.Call {
	return rest.Call{Op: "GET /x", Method: http.MethodGet, URL: url, Bucket: "b"}
}

// write makes a call with a body that must not be replayed.
func write(url, body string) rest.Call {
	return rest.Call{
		Op: "POST /x", Method: http.MethodPost, URL: url, Bucket: "b", Write: true,
		Body: func() io.ReadCloser { return io.NopCloser(strings.NewReader(body)) }, Length: int64(len(body)), ContentType: "text/plain",
	}
}

// into decodes the answer, with the status as error when it is not a success.
func into(out any) func(*http.Response) error {
	return func(resp *http.Response) error {
		body, err := rest.ReadBody(resp, 1<<10)
		if err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("status %d", resp.StatusCode)
		}
		return rest.DecodeJSON(resp.Header, body, out)
	}
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func TestReadsAreRepeatedAndWritesAreNot(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		fail http.HandlerFunc
	}{
		{"a 5xx", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }},
		{"a dropped connection", func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }},
		{"a body that breaks off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"n":`)
		}},
		{"JSON that ends early", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"n":`)
		}},
		{"a 429", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if calls.Add(1) < 3 {
					c.fail(w, r)
					return
				}
				_, _ = io.WriteString(w, `{"n":7}`)
			})
			limiter := &open{}
			client := newClient(limiter)
			var got struct{ N int }
			if err := client.Do(t.Context(), read(url), into(&got)); err != nil || got.N != 7 {
				t.Errorf("read: %v, %+v", err, got)
			}
			if calls.Load() != 3 || limiter.waits.Load() != 3 || limiter.observed.Load() != 3 {
				t.Errorf("%d calls, %d waits, %d observed, want 3 each", calls.Load(), limiter.waits.Load(), limiter.observed.Load())
			}
			calls.Store(0)
			if err := client.Do(t.Context(), write(url, "hello"), into(&got)); err == nil {
				t.Error("a failed write reported success")
			}
			if calls.Load() != 1 {
				t.Errorf("the write arrived %d times", calls.Load())
			}
			calls.Store(0)
			once := read(url)
			once.Once = true
			if err := client.Do(t.Context(), once, into(&got)); err == nil || calls.Load() != 1 {
				t.Errorf("a read marked Once: %v after %d calls", err, calls.Load())
			}
		})
	}
}

func TestOutcomeOfAWriteWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + closed.Addr().String()
	_ = closed.Close()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	dropped := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		hangUp(w)
	})
	silent := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	slow := write(silent, "hello")
	slow.Timeout = 50 * time.Millisecond
	cases := []struct {
		name string
		ctx  context.Context
		call rest.Call
		want rest.Outcome
	}{
		{"nobody listens: not sent", t.Context(), write(nobody, "hello"), rest.NotSent},
		{"the caller had gone before: not sent", ended, write(dropped, "hello"), rest.NotSent},
		{"an address that makes no request: not sent", t.Context(), write("http://bad host/", "x"), rest.NotSent},
		{"the connection was dropped: unknown", t.Context(), write(dropped, "hello"), rest.Unknown},
		{"the answer took too long: unknown", t.Context(), slow, rest.Unknown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			limiter := &open{}
			err := newClient(limiter).Do(c.ctx, c.call, into(&struct{}{}))
			var failure *rest.Failure
			if !errors.As(err, &failure) || failure.Outcome != c.want {
				t.Fatalf("got %v, want outcome %v", err, c.want)
			}
			if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "127.0.0.1:0") {
				t.Errorf("error tells too much: %v", err)
			}
			if limiter.observed.Load() != limiter.unanswered.Load() {
				t.Error("an unanswered call was observed with an answer")
			}
		})
	}
}

// A transport of somebody else may send without telling httptrace, so that silence there proves nothing.
func TestAForeignTransportProvesNothing(t *testing.T) {
	t.Parallel()
	client := rest.NewClient(rest.Options{Limiter: &open{}, HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("lost " + secret)
	})}, Secrets: []string{secret}})
	err := client.Do(t.Context(), write("http://127.0.0.1/", "x"), into(&struct{}{}))
	var failure *rest.Failure
	if !errors.As(err, &failure) || failure.Outcome != rest.Unknown {
		t.Errorf("got %v, want an unknown outcome", err)
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the secret is in %q", err)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The connection of the first write is closed by the server while idle. A client that kept it would lose the second write and call it
// unknown, or worse, net/http would replay it.
func TestWritesNeverUseAKeptConnection(t *testing.T) {
	t.Parallel()
	for _, version := range []int{1, 2} {
		t.Run(fmt.Sprintf("HTTP/%d", version), func(t *testing.T) {
			t.Parallel()
			var connections atomic.Int64
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				_, _ = io.WriteString(w, fmt.Sprintf(`{"n":%d}`, r.ProtoMajor))
			}))
			s.EnableHTTP2 = version == 2
			s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					connections.Add(1)
				}
			}
			s.StartTLS()
			t.Cleanup(s.Close)
			client := rest.NewClient(rest.Options{Limiter: &open{}, HTTP: s.Client()})
			for range 3 {
				var got struct{ N int }
				if err := client.Do(t.Context(), write(s.URL, "hello"), into(&got)); err != nil || got.N != version {
					t.Fatalf("%v over HTTP/%d", err, got.N)
				}
			}
			if connections.Load() != 3 {
				t.Errorf("3 writes used %d connections", connections.Load())
			}
		})
	}
}

func TestRequestsCannotBeReplayedByNetHTTP(t *testing.T) {
	t.Parallel()
	var got *http.Request
	client := rest.NewClient(rest.Options{Limiter: &open{}, HTTP: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		got = r
		return nil, errors.New("enough")
	})}})
	_ = client.Do(t.Context(), write("http://127.0.0.1/", "hello"), into(&struct{}{}))
	if got.GetBody != nil || got.Header.Get("Idempotency-Key") != "" || got.Header.Get("X-Idempotency-Key") != "" {
		t.Error("net/http may replay this write by itself")
	}
	if got.ContentLength != 5 {
		t.Errorf("length %d", got.ContentLength)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var leaked atomic.Bool
	elsewhere := serve(t, func(_ http.ResponseWriter, r *http.Request) { leaked.Store(r.Header.Get("Authorization") != "") })
	var arrived atomic.Int64
	here := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, elsewhere, http.StatusFound)
		case "/near":
			http.Redirect(w, r, "/end", http.StatusTemporaryRedirect)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			arrived.Add(1)
			_, _ = io.WriteString(w, `{}`)
		}
	})
	client := newClient(&open{})
	cases := []struct {
		name string
		call rest.Call
		ok   bool
	}{
		{"a read stays on its host", read(here + "/away"), false},
		{"a read follows on the same host", read(here + "/near"), true},
		{"a read does not follow for ever", read(here + "/loop"), false},
		{"a write follows nowhere", write(here+"/near", "x"), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if err := client.Do(t.Context(), c.call, into(&struct{}{})); (err == nil) != c.ok {
				t.Errorf("got %v", err)
			}
		})
	}
	if leaked.Load() {
		t.Error("the token went to another host")
	}
	if arrived.Load() != 1 {
		t.Errorf("%d requests arrived, want that of the followed read alone", arrived.Load())
	}
}

func TestAThrottledReadWaitsAsTold(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.Header().Set("X-Ratelimit-Retry", "20")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = io.WriteString(w, `{}`)
	})
	clock := newJumpClock()
	client := rest.NewClient(rest.Options{Limiter: &open{}, Clock: clock.clock()})
	done := make(chan error)
	go func() { done <- client.Do(t.Context(), read(url), into(&struct{}{})) }()
	var asleep time.Duration
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Do: %v", err)
			}
			if asleep < 20*time.Second {
				t.Errorf("it came back after %v on its clock, want 20 s", asleep)
			}
			return
		case <-time.After(time.Millisecond):
			if calls.Load() == 1 && clock.waiting() {
				clock.advance(time.Second)
				asleep += time.Second
			}
		}
	}
}

func TestALongPauseIsLeftToTheCaller(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.Header().Set("X-Ratelimit-Retry", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	err := newClient(&open{}).Do(t.Context(), read(url), into(&struct{}{}))
	if err == nil || calls.Load() != 1 {
		t.Errorf("%v after %d calls, want the 429 at once", err, calls.Load())
	}
}

func TestNoPrintAndNoLogShowsTheSecret(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	client := rest.NewClient(rest.Options{
		Limiter: &open{}, Secrets: []string{secret}, Attempts: 1,
		Log:       slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Authorize: func(r *http.Request) { r.Header.Set("Authorization", secret) },
		HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
			return nil, errors.New("cannot send Authorization: " + secret)
		})},
	})
	err := client.Do(t.Context(), read("http://127.0.0.1/?key="+secret), into(&struct{}{}))
	for what, text := range map[string]string{
		"error": fmt.Sprintf("%v", err), "error in detail": fmt.Sprintf("%+v", err), "client": fmt.Sprintf("%v %+v", client, *client), "log": log.String(),
	} {
		if strings.Contains(text, secret) {
			t.Errorf("the %s shows the secret: %s", what, text)
		}
	}
	if !strings.Contains(log.String(), "GET /x") {
		t.Errorf("the log misses the operation: %s", log.String())
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	var out struct{ N int }
	cases := []struct {
		name, kind, body string
		want             error
	}{
		{"a good body", "application/json; charset=utf-8", `{"n":1}`, nil},
		{"an empty body", "application/json", " ", rest.ErrMalformed},
		{"JSON that ends early", "application/json", `{"n":`, rest.ErrTruncated},
		{"broken JSON", "application/json", `{"n":1]`, rest.ErrMalformed},
		{"two values", "application/json", `{"n":1} {}`, rest.ErrMalformed},
		{"a wrong type", "application/json", `{"n":"very private text"}`, rest.ErrMalformed},
		{"a page for browsers", "text/html", `<html>very private text</html>`, rest.ErrNotJSON},
		{"text without a type", "", `upstream very private text`, rest.ErrNotJSON},
		{"JSON under a wrong type", "text/plain", `{"n":1}`, nil},
		{"a body over the cap", "application/json", `{"n":` + strings.Repeat(" ", 200) + `1}`, rest.ErrTooLarge},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			header := http.Header{"Content-Type": {c.kind}}
			body, err := rest.ReadBody(&http.Response{Body: io.NopCloser(strings.NewReader(c.body))}, 100)
			if err == nil {
				err = rest.DecodeJSON(header, body, &out)
			}
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "private") {
				t.Errorf("the error quotes the body: %v", err)
			}
		})
	}
}

func TestReadHints(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 23, 12, 0, 0, 0, time.UTC)
	cases := []struct {
		name string
		resp *http.Response
		want rest.Hint
	}{
		{"no answer", nil, rest.Hint{}},
		{"remaining on success", answered(200, "X-Ratelimit-Remaining", "4"), rest.Hint{HasRemaining: true, Remaining: 4}},
		{"a fraction of a request is none", answered(200, "X-Ratelimit-Remaining", "0.9"), rest.Hint{HasRemaining: true}},
		{"remaining that is nonsense", answered(200, "X-Ratelimit-Remaining", "-3"), rest.Hint{}},
		{"a huge number is nonsense", answered(200, "X-Ratelimit-Remaining", "1e300"), rest.Hint{}},
		{"retry, reset and size", answered(429, "X-Ratelimit-Retry", "2", "X-Ratelimit-Reset", "29", "X-Ratelimit-Limit", "10"),
			rest.Hint{Throttled: true, RetryAfter: 2 * time.Second, Burst: 10}},
		{"a date", answered(429, "Retry-After", now.Add(time.Minute).Format(http.TimeFormat)), rest.Hint{Throttled: true, RetryAfter: time.Minute}},
		{"a pause of weeks is cut", answered(429, "X-Ratelimit-Retry", strconv.Itoa(900_000)), rest.Hint{Throttled: true, RetryAfter: 24 * time.Hour}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, rest.ReadStandardHeaders(c.resp, now)); diff != "" {
				t.Errorf("hint (-want +got):\n%s", diff)
			}
		})
	}
}

// net/http sends a read again by itself when a kept connection closes under it. The remote side counts both.
func TestReplaysOfNetHTTPAndRedirectsAreCountedInTheBudget(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch n := calls.Add(1); {
		case n == 2:
			hangUp(w)
		case r.URL.Path == "/far":
			http.Redirect(w, r, "/near", http.StatusFound)
		default:
			_, _ = io.WriteString(w, `{}`)
		}
	})
	limiter := &open{}
	client := newClient(limiter)
	for range 2 {
		if err := client.Do(t.Context(), read(url), into(&struct{}{})); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Do(t.Context(), read(url+"/far"), into(&struct{}{})); err != nil {
		t.Fatal(err)
	}
	if calls.Load() != 5 {
		t.Fatalf("%d requests arrived: this test no longer provokes a replay", calls.Load())
	}
	if limiter.waits.Load() != 5 || limiter.observed.Load() != 5 {
		t.Errorf("5 requests arrived, %d waited and %d were observed", limiter.waits.Load(), limiter.observed.Load())
	}
}
