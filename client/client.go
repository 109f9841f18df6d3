package client

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

const (
	// callTime bounds a call that is neither a transfer nor a stream.
	callTime = time.Minute
	// transferTime bounds the transfer of a file.
	transferTime = 10 * time.Minute
	// maxAnswer bounds an answer that is read whole, in bytes.
	maxAnswer = 64 << 20
)

// Client speaks to one server as one key. It is safe for concurrent use.
type Client struct {
	Accounts      *Accounts
	Conversations *Conversations
	Messages      *Messages
	Products      *Products
	Files         *Files
	Contacts      *Contacts
	Counters      *Counters
	Events        *Events
	Exports       *Exports
	Search        *Search
	Jobs          *Jobs
	Me            *Me
	House         *House
	Users         *Users
	Roles         *Roles
	Sessions      *Sessions
	Keys          *Keys
	Audit         *Audit
	Webhooks      *Webhooks
	Templates     *Templates
	Notes         *Notes
	Tasks         *Tasks
	Notifications *Notifications
	Drafts        *Drafts
	Presence      *Presence

	Tags   *Tags
	Fields *Fields
	Views  *Views
	Teams  *Teams

	base  *url.URL
	key   string
	http  *http.Client
	agent string
	clock sellerdesk.Clock
}

// Option changes how a client speaks.
type Option func(*Client)

// WithHTTPClient makes calls with c. Its Timeout must be zero, else it ends
// streams; redirects are never followed.
func WithHTTPClient(c *http.Client) Option {
	return func(cl *Client) {
		own := *c
		cl.http = &own
	}
}

// WithUserAgent names the program that calls.
func WithUserAgent(name string) Option { return func(c *Client) { c.agent = name } }

// WithClock waits by another clock than that of the system.
func WithClock(clock sellerdesk.Clock) Option { return func(c *Client) { c.clock = clock } }

// New makes a client for the server at an address as "http://127.0.0.1:8484"
// that acts with an API key. It makes no call.
func New(server, key string, opts ...Option) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(server, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the address of a server, as http://127.0.0.1:8484.", server)
	}
	c := &Client{base: base, key: key, http: &http.Client{}, agent: "sellerdesk-client"}
	for _, opt := range opts {
		opt(c)
	}
	// A key must not follow a redirect to somebody else.
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.Accounts = &Accounts{c}
	c.Conversations = &Conversations{c}
	c.Messages = &Messages{c}
	c.Products = &Products{c}
	c.Files = &Files{c}
	c.Contacts = &Contacts{c}
	c.Counters = &Counters{c}
	c.Events = &Events{c: c}
	c.Exports = &Exports{c}
	c.Search = &Search{c: c}
	c.Jobs = &Jobs{c}
	c.Me = &Me{c}
	c.House = &House{c}
	c.Users, c.Roles, c.Sessions = &Users{c}, &Roles{c}, &Sessions{c}
	c.Keys, c.Audit = &Keys{c}, &Audit{c}
	c.Webhooks = &Webhooks{c}
	c.Templates = &Templates{c}
	c.Teams = &Teams{c}
	c.Tags, c.Fields, c.Views = &Tags{c}, &Fields{c}, &Views{c}
	c.Notes, c.Tasks, c.Notifications, c.Drafts, c.Presence = &Notes{c}, &Tasks{c}, &Notifications{c}, &Drafts{c}, &Presence{c}
	return c, nil
}

// Error is what the server refused.
type Error struct {
	Op        string          // what was asked, as "post message"
	Status    int             // HTTP status
	Code      sellerdesk.Code // internal when the answer was not understood
	Title     string
	Detail    string // one sentence for a person
	Field     string // name of the request field that is wrong, "" when none is
	RequestID string // names the request in the log of the server
	// RetryAfter is how long the server asks to wait; zero when it did not.
	RetryAfter time.Duration
}

// Error gives the operation and the sentence.
func (e *Error) Error() string { return e.Op + ": " + e.Detail }

// Unwrap gives the error as the vocabulary has it, for [sellerdesk.CodeOf].
func (e *Error) Unwrap() error {
	return &sellerdesk.Error{Code: e.Code, Message: e.Detail, Field: e.Field}
}

// Page is one page of a list. Next is the cursor of the next one; "" at the end.
type Page[T any] struct {
	Items []T                 `json:"items"`
	Next  sellerdesk.Optional `json:"next"`
}

// all walks through pages.
func all[T any](page func(cursor string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for cursor := ""; ; {
			p, err := page(cursor)
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
			if cursor = string(p.Next); cursor == "" {
				return
			}
		}
	}
}

// call is one request.
type call struct {
	op     string // in words, for errors
	method string
	path   string // with its parts escaped
	query  url.Values
	key    string // of the intent; "" takes a random one, for writes
	body   any    // JSON; nil for none
	raw    io.Reader
	kind   string // media type of raw
	accept string
	header map[string]string
	once   bool // never tried again: the caller does that itself
}

// Reads are tried again when the server does not answer or asks to wait, as
// nothing happens twice by that. Writes are not: whether to repeat one, under
// the same key, is up to who knows what it means.
const (
	tries     = 3
	firstWait = 250 * time.Millisecond
	// longestWait bounds how long a read waits for its next try; one that is asked
	// to wait longer fails at once.
	longestWait = 15 * time.Second
)

// again tells whether a call that failed is worth another try, and when.
func (in call) again(try int, err error) (time.Duration, bool) {
	if in.method != http.MethodGet || in.once || try >= tries {
		return 0, false
	}
	wait := firstWait << (try - 1)
	var refused *Error
	if !errors.As(err, &refused) {
		return wait, true // it did not arrive, or its answer did not
	}
	switch refused.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		wait = max(wait, refused.RetryAfter)
		return wait, wait <= longestWait
	}
	return 0, false
}

// do makes a call and decodes the answer into out, unless that is nil.
func (c *Client) do(ctx context.Context, in call, out any) error {
	limit := callTime
	if in.raw != nil {
		limit = transferTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	res, err := c.send(ctx, in)
	if err != nil {
		return err
	}
	defer drain(res.Body)
	if out == nil {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("%s: read the answer: %w", in.op, err)
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("%s: understand the answer: %w", in.op, err)
	}
	return nil
}

// send makes a call, again where that is safe, and gives an answer of success,
// whose body the caller closes.
func (c *Client) send(ctx context.Context, in call) (*http.Response, error) {
	for try := 1; ; try++ {
		res, err := c.sendOnce(ctx, in)
		if err == nil || ctx.Err() != nil {
			return res, err
		}
		wait, worth := in.again(try, err)
		if !worth || c.clock.Sleep(ctx, wait) != nil {
			return nil, err
		}
	}
}

// sendOnce makes a call.
func (c *Client) sendOnce(ctx context.Context, in call) (*http.Response, error) {
	body, kind := in.raw, in.kind
	if in.body != nil {
		b, err := json.Marshal(in.body)
		if err != nil {
			return nil, fmt.Errorf("%s: encode the request: %w", in.op, err)
		}
		body, kind = bytes.NewReader(b), "application/json"
	}
	target := *c.base
	target.RawPath = c.base.EscapedPath() + in.path
	path, err := url.PathUnescape(target.RawPath)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.op, err)
	}
	target.Path = path
	target.RawQuery = in.query.Encode()
	req, err := http.NewRequestWithContext(ctx, in.method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.op, err)
	}
	c.dress(req, in, kind)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.op, unwrapURL(err))
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		defer drain(res.Body)
		return nil, refusal(in.op, res)
	}
	return res, nil
}

type intentKey struct{}

// WithIntent gives a context whose write carries a key of its intent: the same
// write repeated under the same key, of 1 to 255 printable ASCII characters,
// happens once. It is for one write; a field named Key goes before it.
func WithIntent(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, intentKey{}, key)
}

// dress sets the headers of a request.
func (c *Client) dress(req *http.Request, in call, kind string) {
	h := req.Header
	h.Set("User-Agent", c.agent)
	h.Set("Accept", "application/json")
	if in.accept != "" {
		h.Set("Accept", in.accept)
	}
	if c.key != "" {
		h.Set("Authorization", "Bearer "+c.key)
	}
	if kind != "" {
		h.Set("Content-Type", kind)
	}
	if in.method != http.MethodGet {
		given, _ := req.Context().Value(intentKey{}).(string)
		h.Set("Idempotency-Key", cmp.Or(in.key, given, rand.Text()))
	}
	for name, value := range in.header {
		h.Set(name, value)
	}
}

// unwrapURL takes the address out of an error: it says nothing that the name
// of the operation does not.
func unwrapURL(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// refusal reads what the server refused.
func refusal(op string, res *http.Response) error {
	e := &Error{Op: op, Status: res.StatusCode, Code: sellerdesk.CodeInternal, RequestID: res.Header.Get("X-Request-Id")}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
		e.RetryAfter = time.Duration(seconds) * time.Second
	}
	var p struct {
		Code   sellerdesk.Code     `json:"code"`
		Title  string              `json:"title"`
		Detail string              `json:"detail"`
		Field  sellerdesk.Optional `json:"field"`
	}
	b, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // what is there may be enough
	if json.Unmarshal(b, &p) == nil && p.Code != "" {
		e.Code, e.Title, e.Detail, e.Field = p.Code, p.Title, p.Detail, string(p.Field)
		return e
	}
	e.Title = http.StatusText(res.StatusCode)
	e.Detail = fmt.Sprintf("The server answered %d and nothing of ours; is this the address of Sellerdesk?", res.StatusCode)
	return e
}

// drain lets the connection be used again.
func drain(body io.ReadCloser) {
	_, _ = io.Copy(io.Discard, io.LimitReader(body, 64<<10)) // the answer is read; this is a courtesy
	_ = body.Close()
}

func itoa[T ~int64](id T) string { return strconv.FormatInt(int64(id), 10) }
