package radist

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

// operation is one call.
type operation struct {
	method string
	path   string // with its numbers still named
	// company and other fill the path; other is the chat or whatever it names.
	company, other int64
	query          url.Values
	body           any // sent as JSON; nil sends none
	form           *rest.Form
}

// name is how errors and logs show it.
func (o operation) name() string { return o.method + " " + o.path }

func (o operation) write() bool { return o.method != http.MethodGet }

const (
	// largestAnswer bounds answers; pages have at most 100 items.
	largestAnswer = 16 << 20
	readTimeout   = 30 * time.Second
	sendTimeout   = time.Minute
	// uploadTimeout leaves a file of 100 MB time on a line of 1.4 Mbit/s.
	uploadTimeout = 10 * time.Minute
)

// do performs an operation and decodes its answer into out; nil expects none.
// Every error is an *Error.
func (c *Client) do(ctx context.Context, o operation, out any) error {
	path := place(o.path, o.company, o.other)
	call := rest.Call{
		Op: o.name(), Method: o.method, URL: c.base + path, Bucket: bucketOf(path), Write: o.write(), Timeout: readTimeout, Accept: "application/json",
	}
	if len(o.query) > 0 {
		call.URL += "?" + o.query.Encode()
	}
	switch {
	case o.form != nil:
		call.Body = func() io.ReadCloser { return o.form } // a write: asked for once
		call.Length, call.ContentType, call.Timeout = o.form.Length(), o.form.ContentType(), uploadTimeout
	case o.body != nil:
		body, err := encode(o.body)
		if err != nil {
			return localError(o.name(), err, ErrRefused)
		}
		call.Body = func() io.ReadCloser { return io.NopCloser(bytes.NewReader(body)) }
		call.Length, call.ContentType, call.Timeout = int64(len(body)), "application/json", sendTimeout
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
		if err == nil && out != nil {
			err = rest.DecodeJSON(resp.Header, body, out)
		}
		if err != nil {
			return misunderstood(o, resp.StatusCode, c.rest.Redact(string(body[:min(len(body), longestErrorBody)])), err)
		}
		return nil
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

// Page is a part of a list. Next is the cursor of the next page, "" at the end
// and for lists that have none.
type Page[T any] struct {
	Items []T
	Next  string
	// Malformed are items that could not be decoded.
	Malformed []Malformed
}

// whole is how many items came, readable or not.
func (p Page[T]) whole() int { return len(p.Items) + len(p.Malformed) }

// Malformed is an item that is not what was ever seen.
type Malformed struct {
	Raw json.RawMessage // may hold personal data
	Err error
}

// list is an answer that is an array, bare or in the first object field that has
// one of the names.
type list struct {
	names []string
	found bool
	items []json.RawMessage
}

func (l *list) UnmarshalJSON(raw []byte) error {
	if raw[0] == '[' {
		l.found = true
		return json.Unmarshal(raw, &l.items)
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	for _, name := range l.names {
		if inner, ok := fields[name]; ok {
			l.found = true
			return json.Unmarshal(inner, &l.items)
		}
	}
	return nil
}

// listed performs an operation whose answer is a list.
func listed[T any](ctx context.Context, c *Client, o operation, names ...string) (Page[T], error) {
	answer := list{names: names}
	if err := c.do(ctx, o, &answer); err != nil {
		return Page[T]{}, err
	}
	if !answer.found {
		// Taking this for an empty list would hide that something is wrong over there.
		return Page[T]{}, misunderstood(o, http.StatusOK, "", fmt.Errorf("%w: there is no list", rest.ErrMalformed))
	}
	return page[T](ctx, c, answer.items), nil
}

// page decodes the items of a list one by one, so that an odd one costs itself
// only. The log is told, since whoever goes through all pages does not see it.
func page[T any](ctx context.Context, c *Client, items []json.RawMessage) Page[T] {
	out := Page[T]{}
	out.Items, out.Malformed = decoded[T](items)
	if n := len(out.Malformed); n > 0 {
		var kind T
		c.log.WarnContext(ctx, "items of a list are not understood", "kind", fmt.Sprintf("%T", kind), "items", n)
	}
	return out
}

func decoded[T any](items []json.RawMessage) (good []T, bad []Malformed) {
	good = make([]T, 0, len(items))
	for _, raw := range items {
		var item T
		err := json.Unmarshal(raw, &item)
		if err == nil && nameless(item) {
			err = fmt.Errorf("%w: the item has no id", rest.ErrMalformed)
		}
		if err != nil {
			bad = append(bad, Malformed{Raw: raw, Err: err})
			continue
		}
		good = append(good, item)
	}
	return good, bad
}

// identified are things that must have an id: nobody could ask for them or
// answer them without.
type identified interface{ remoteID() string }

func (c Company) remoteID() string      { return idText(c.ID) }
func (c Connection) remoteID() string   { return idText(c.ID) }
func (c Contact) remoteID() string      { return idText(c.ID) }
func (s Source) remoteID() string       { return idText(s.ConnectionID) }
func (c ContactChats) remoteID() string { return idText(c.ContactID) }
func (c Chat) remoteID() string         { return idText(c.ID) }
func (c CreatedChat) remoteID() string  { return idText(c.ChatID) }
func (m Message) remoteID() string      { return m.ID }
func (s Sent) remoteID() string         { return s.MessageID }
func (t Template) remoteID() string     { return t.Name }
func (s Subscription) remoteID() string { return idText(s.ID) }
func (f UploadedFile) remoteID() string { return f.URL }

func nameless(v any) bool {
	i, ok := v.(identified)
	return ok && i.remoteID() == ""
}

// idText writes a number, which is none when it is 0.
func idText(n int64) string {
	if n == 0 {
		return ""
	}
	return decimal(n)
}

// single performs an operation whose answer is one thing.
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

// paged goes through a list by offset, each thing once. It ends with the first
// error and with a page that brings nothing new: how long pages may be is not
// known, so that a short one need not be the last.
func paged[T identified](list func(offset int) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen := map[string]bool{}
		for offset := 0; ; {
			p, err := list(offset)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			news := 0
			for _, item := range p.Items {
				if seen[item.remoteID()] {
					continue
				}
				seen[item.remoteID()] = true
				news++
				if !yield(item, nil) {
					return
				}
			}
			if news == 0 {
				return
			}
			offset += p.whole()
		}
	}
}

// defaultLimit is the size of pages, and the largest that was ever asked for.
const defaultLimit = 100

// byOffset makes the parameters of a page.
func byOffset(limit, offset int) url.Values {
	q := url.Values{}
	if limit > 0 {
		q.Set("limit", strconv.Itoa(limit))
	}
	if offset > 0 {
		q.Set("offset", strconv.Itoa(offset))
	}
	return q
}
