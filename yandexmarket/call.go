package yandexmarket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// operation is one method of the document.
type operation struct {
	name   string // as errors and logs show it
	method string
	path   string // escaped
	query  url.Values
	bucket string
	write  bool
	body   any // sent as JSON; nil sends none
	form   *rest.Form
}

const (
	// largestAnswer bounds answers; pages have at most 100 items.
	largestAnswer = 16 << 20
	// readTimeout is above the ten seconds after which the Market itself gives up.
	readTimeout = 30 * time.Second
	// sendTimeout leaves a file of 5 MB time on a slow line.
	sendTimeout = 2 * time.Minute
)

// do performs an operation and decodes its result into out; nil expects none.
// Every error is an *Error.
func (c *Client) do(ctx context.Context, o operation, out any) error {
	call := rest.Call{
		Op: o.name, Method: o.method, URL: c.base + o.path, Bucket: o.bucket, Write: o.write, Timeout: readTimeout, Accept: "application/json",
	}
	if len(o.query) > 0 {
		call.URL += "?" + o.query.Encode()
	}
	switch {
	case o.form != nil:
		call.Body = func() io.ReadCloser { return o.form } // a write: asked for once
		call.Length, call.ContentType, call.Timeout = o.form.Length(), o.form.ContentType(), sendTimeout
	case o.body != nil:
		body, err := encode(o.body)
		if err != nil {
			return localError(o.name, err, ErrRefused)
		}
		// Lists are asked for by POST: a repeated one needs its filter again.
		call.Body = func() io.ReadCloser { return io.NopCloser(bytes.NewReader(body)) }
		call.Length, call.ContentType = int64(len(body)), "application/json"
	}
	return c.finish(ctx, o, call, out)
}

func (c *Client) finish(ctx context.Context, o operation, call rest.Call, out any) error {
	err := c.rest.Do(ctx, call, func(resp *http.Response) error {
		if resp.StatusCode < 200 || resp.StatusCode > 299 {
			// What is broken about the body of an error does not matter: the status says enough.
			body, _ := rest.ReadBody(resp, longestErrorBody)
			return refusal(o, resp.StatusCode, refusedForLimit(resp, c.clock.Now()).RetryAfter, c.rest.Redact(string(body)))
		}
		body, err := rest.ReadBody(resp, largestAnswer)
		if err == nil {
			err = decode(resp.Header, body, out)
		}
		if err == nil {
			return nil
		}
		said := c.rest.Redact(string(body[:min(len(body), longestErrorBody)]))
		if errors.Is(err, errSaysError) {
			e := refusal(o, http.StatusBadRequest, 0, said)
			e.Status = resp.StatusCode
			return e
		}
		return misunderstood(o, resp.StatusCode, said, err)
	})
	var failure *rest.Failure
	if errors.As(err, &failure) {
		return noAnswer(o, failure)
	}
	return err
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// errSaysError is an answer of good status that says it is none.
var errSaysError = errors.New("the answer says that it is an error")

// decode takes the result out of its envelope. The list of campaigns has none:
// it asks for the whole body by implementing bare.
func decode(header http.Header, body []byte, out any) error {
	if whole, ok := out.(bare); ok {
		return rest.DecodeJSON(header, body, whole)
	}
	var envelope struct {
		Status string          `json:"status"`
		Result json.RawMessage `json:"result"`
	}
	if err := rest.DecodeJSON(header, body, &envelope); err != nil {
		return err
	}
	if envelope.Status == "ERROR" {
		return errSaysError
	}
	if out == nil {
		return nil
	}
	if isNull(envelope.Result) {
		// Taking this for an empty list would hide that something is wrong over there.
		return fmt.Errorf("%w: there is no result", rest.ErrMalformed)
	}
	return rest.DecodeJSON(header, envelope.Result, out)
}

// isNull tells that there is no value.
func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// bare marks answers without an envelope.
type bare interface{ withoutEnvelope() }

// Page is a part of a list. Next is the token of the next page, "" at the end;
// keep the limit the same from page to page.
type Page[T any] struct {
	Items []T
	Next  string
	// Malformed are items that could not be decoded.
	Malformed []Malformed
}

// Malformed is an item that is not what the document promises.
type Malformed struct {
	Raw json.RawMessage // may hold personal data
	Err error
}

// paging tells where the next page begins; it may be absent, empty or null.
type paging struct {
	Next string `json:"nextPageToken"`
}

// page decodes the items of a list one by one, so that an odd one costs itself
// only. The log is told, since whoever goes through all pages does not see it.
func page[T any](ctx context.Context, c *Client, items []json.RawMessage, p *paging) Page[T] {
	out := Page[T]{Items: make([]T, 0, len(items))}
	if p != nil {
		out.Next = p.Next
	}
	for _, raw := range items {
		var item T
		err := json.Unmarshal(raw, &item)
		if err == nil && nameless(item) {
			err = fmt.Errorf("%w: the item has no id", rest.ErrMalformed)
		}
		if err != nil {
			out.Malformed = append(out.Malformed, Malformed{Raw: raw, Err: err})
			continue
		}
		out.Items = append(out.Items, item)
	}
	if n := len(out.Malformed); n > 0 {
		var kind T
		c.log.WarnContext(ctx, "items of a list are not understood", "kind", fmt.Sprintf("%T", kind), "items", n)
	}
	return out
}

// identified are things that the document promises an id of.
type identified interface{ remoteID() int64 }

func (c Chat) remoteID() int64     { return c.ID }
func (m Message) remoteID() int64  { return m.ID }
func (r Review) remoteID() int64   { return r.ID }
func (c Comment) remoteID() int64  { return c.ID }
func (q Question) remoteID() int64 { return q.Identifiers.ID }
func (a Answer) remoteID() int64   { return a.ID }
func (e Entity) remoteID() int64   { return e.ID }

// nameless tells that a thing lacks its id: nobody could ask for it or answer it.
func nameless(v any) bool {
	i, ok := v.(identified)
	return ok && i.remoteID() == 0
}

// single performs an operation whose result is one thing.
func single[T any](ctx context.Context, c *Client, o operation) (T, error) {
	var out, none T
	if err := c.do(ctx, o, &out); err != nil {
		return none, err
	}
	if nameless(out) {
		return none, misunderstood(o, http.StatusOK, "", fmt.Errorf("%w: it has no id", rest.ErrMalformed))
	}
	return out, nil
}

// all goes through a list page by page. It ends with the first error.
func all[T any](from string, list func(token string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen := map[string]bool{"": true, from: true}
		for token := from; ; {
			p, err := list(token)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if seen[p.Next] {
				return // it is the last, or names one before, which would never end
			}
			token = p.Next
			seen[token] = true
		}
	}
}

// query makes the parameters of a page; 0 leaves the limit to the remote side.
func query(limit int, token string) url.Values {
	q := url.Values{}
	if limit > 0 {
		q.Set("limit", strconv.Itoa(limit))
	}
	if token != "" {
		q.Set("pageToken", token)
	}
	return q
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
