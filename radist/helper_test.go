package radist_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/radist"
)

// start is when the worlds of the tests begin.
var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

const someKey = "rk-0123456789abcdef"

// noLimit lets every request go at once.
type noLimit struct{}

func (noLimit) Wait(ctx context.Context, _ string) error { return ctx.Err() }

func (noLimit) Observe(string, *http.Response) {}

// transport answers without a network.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// says is an answer; header has names and values in turn.
func says(r *http.Request, status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}
}

// scripted makes a client whose remote side is f.
func scripted(t testing.TB, f transport, options ...radist.Option) *radist.Client {
	t.Helper()
	c, err := radist.New(someKey, append([]radist.Option{
		radist.WithHTTPClient(&http.Client{Transport: f}), radist.WithLimiter(noLimit{}),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// always gives the same answer.
func always(status int, body string, header ...string) transport {
	return func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		return says(r, status, body, header...), nil
	}
}

// drop forgets a result: tables look at errors only.
func drop[T any](_ T, err error) error { return err }

// collect reads a sequence to its end or its error.
func collect[T any](items iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for item, err := range items {
		if err != nil {
			return out, err
		}
		out = append(out, item)
	}
	return out, nil
}

// gateway is the service as its specification describes it, no further than the
// tests need: what it takes is written down here from there, not from the client.
type gateway struct {
	t      testing.TB
	server *httptest.Server

	mu   sync.Mutex
	asks []ask
	// answers are the bodies by method and path; of several the last one stays.
	answers map[string][]string
}

// ask is a request as it came.
type ask struct {
	method, path, query string
	body                string
}

func newGateway(t testing.TB, answers map[string][]string) *gateway {
	t.Helper()
	g := &gateway{t: t, answers: answers}
	g.server = httptest.NewServer(g)
	t.Cleanup(g.server.Close)
	return g
}

func (g *gateway) client(options ...radist.Option) *radist.Client {
	g.t.Helper()
	c, err := radist.New(someKey, append([]radist.Option{radist.WithBaseURL(g.server.URL + "/v2"), radist.WithLimiter(noLimit{}), radist.WithAttempts(1)}, options...)...)
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(c.CloseIdleConnections)
	return c
}

// ServeHTTP answers 404 with the words of the service to whatever was not foreseen.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		g.t.Error(err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/v2")
	g.asks = append(g.asks, ask{r.Method, path, r.URL.RawQuery, string(body)})
	w.Header().Set("Content-Type", "application/json")
	if r.Header.Get("X-Api-Key") != someKey {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"detail":"Invalid API key"}`)
		return
	}
	name := r.Method + " " + path
	left := g.answers[name]
	if len(left) == 0 {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"detail":"Not Found"}`)
		return
	}
	if len(left) > 1 {
		g.answers[name] = left[1:]
	}
	if r.Method == http.MethodDelete {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	fmt.Fprint(w, left[0])
}

// last is what was asked last.
func (g *gateway) last() ask {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.asks) == 0 {
		g.t.Fatal("nothing was asked")
	}
	return g.asks[len(g.asks)-1]
}

// same compares JSON by its meaning.
func same(t testing.TB, got, want string) bool {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(g) == fmt.Sprint(w)
}
