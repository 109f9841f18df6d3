package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// caller speaks to a product the way a foreign program does.
type caller struct {
	base string
	key  sellerdesk.Secret
	http *http.Client
}

func newCaller(base string, key sellerdesk.Secret, connections int) *caller {
	return &caller{base: base, key: key, http: &http.Client{
		Timeout:   20 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: connections},
	}}
}

func (c *caller) close() { c.http.CloseIdleConnections() }

// call sends one request and reads the answer into out, which may be nil. It
// gives the status; the error is for no answer at all, or one that is no JSON.
func (c *caller) call(ctx context.Context, method, path, idempotency string, in, out any) (int, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return 0, fmt.Errorf("encode the request: %w", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return 0, fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key.Reveal())
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if idempotency != "" {
		req.Header.Set("Idempotency-Key", idempotency)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return res.StatusCode, fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	if out != nil && res.StatusCode < 300 {
		if err := json.Unmarshal(b, out); err != nil {
			return res.StatusCode, fmt.Errorf("decode the answer to %s %s: %w", method, path, err)
		}
	}
	return res.StatusCode, nil
}

// must is call for requests that have to succeed.
func (c *caller) must(ctx context.Context, method, path, idempotency string, in, out any) error {
	status, err := c.call(ctx, method, path, idempotency, in, out)
	if err != nil {
		return err
	}
	if status >= 300 {
		return fmt.Errorf("%s %s answered %d", method, path, status)
	}
	return nil
}

// page is one page of a list of the API.
type page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// await asks until the condition holds or the patience ends.
func await(ctx context.Context, patience, every time.Duration, holds func() bool) bool {
	for end := time.Now().Add(patience); ; {
		if holds() {
			return true
		}
		if time.Now().After(end) || ctx.Err() != nil {
			return false
		}
		time.Sleep(every)
	}
}
