package day

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/bench"
)

// asker asks the product as a program of somebody would.
type asker struct {
	base string
	key  string
	http *http.Client
}

func newAsker(p *bench.Program) *asker {
	return &asker{base: p.URL, key: p.Key.Reveal(), http: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}}
}

// longest bounds an answer in bytes.
const longest = 8 << 20

// get asks for a path and tells how long the whole answer took.
func (a *asker) get(ctx context.Context, path string) (body []byte, took time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path, nil)
	if err != nil {
		return nil, 0, fmt.Errorf("make the request: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+a.key)
	began := time.Now()
	res, err := a.http.Do(r)
	if err != nil {
		return nil, 0, fmt.Errorf("ask for %s: %w", path, err)
	}
	defer res.Body.Close()
	if body, err = io.ReadAll(io.LimitReader(res.Body, longest)); err != nil {
		return nil, 0, fmt.Errorf("read the answer to %s: %w", path, err)
	}
	took = time.Since(began)
	if res.StatusCode != http.StatusOK {
		return nil, took, fmt.Errorf("%s answered %d: %.200s", path, res.StatusCode, body)
	}
	return body, took, nil
}

// follow hears of everything that happens, as an open screen does, until the
// function that it gives is called.
func (a *asker) follow(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+"/v1/events", nil)
		if err != nil {
			return
		}
		r.Header.Set("Authorization", "Bearer "+a.key)
		r.Header.Set("Accept", "text/event-stream")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			return
		}
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body) // until the stream ends
	}()
	return func() { cancel(); <-ended }
}

// waits are measured times.
type waits []time.Duration

// at gives the smallest wait that a share of all do not pass; 0 for none.
func (w waits) at(share float64) time.Duration {
	if len(w) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(w))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// in gives a wait in milliseconds.
func in(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// rows gives the lines of a table for the shares that have a bound; bound 0 makes
// no promise.
func (w waits) rows(name, note string, bounds map[float64]float64) (out []bench.Row) {
	for _, share := range []float64{.50, .95, .99} {
		bound, ok := bounds[share]
		if !ok {
			continue
		}
		out = append(out, bench.Row{Name: fmt.Sprintf("%s, p%.0f", name, share*100), Unit: "ms", Value: in(w.at(share)), Bound: bound, Note: note})
	}
	return out
}
