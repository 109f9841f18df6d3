package yandexmarket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

const (
	defaultBase   = "https://api.partner.market.yandex.ru"
	longestAnswer = 16 << 20
	callTimeout   = 30 * time.Second
	parallelCalls = 4
)

// Client calls the API for one cabinet. It is safe for concurrent use.
type Client struct {
	Campaigns *CampaignsService
	Business  *BusinessService
	Tokens    *TokensService
	Chats     *ChatsService
	Reviews   *ReviewsService
	Questions *QuestionsService

	rest  *rest.Client
	base  string
	slots chan struct{}
}

type settings struct {
	base, agent string
	oauth       bool
	business    int64
	http        *http.Client
	limiter     rest.Limiter
	log         *slog.Logger
}

// Option changes how New makes a client.
type Option func(*settings)

// WithBaseURL sets the address of the API, without a path.
func WithBaseURL(base string) Option { return func(s *settings) { s.base = base } }

// WithHTTPClient sets the client that sends requests.
func WithHTTPClient(h *http.Client) Option { return func(s *settings) { s.http = h } }

// WithLimiter shares a budget between the clients of one cabinet; see NewBudget.
func WithLimiter(l rest.Limiter) Option { return func(s *settings) { s.limiter = l } }

// WithUserAgent sets the User-Agent header.
func WithUserAgent(agent string) Option { return func(s *settings) { s.agent = agent } }

// WithLog logs one debug line per attempt.
func WithLog(log *slog.Logger) Option { return func(s *settings) { s.log = log } }

// WithOAuth sends the token as an OAuth token; businessID over 0 is sent as X-Business-Id.
func WithOAuth(businessID int64) Option {
	return func(s *settings) { s.oauth, s.business = true, businessID }
}

// New makes a client for an Api-Key token. It does no I/O.
func New(token string, opts ...Option) (*Client, error) {
	s := settings{base: defaultBase}
	for _, o := range opts {
		o(&s)
	}
	if token == "" || strings.ContainsAny(token, "\r\n\x00") {
		return nil, &Error{Op: "new client", Outcome: OutcomeNotSent, cause: errors.New("the token is empty or malformed"), kinds: []error{ErrUnauthorized}}
	}
	u, err := url.Parse(s.base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, &Error{Op: "new client", Outcome: OutcomeNotSent, cause: errors.New("the base address is malformed"), kinds: []error{ErrRefused}}
	}
	if s.limiter == nil {
		s.limiter = NewBudget(TierNone, BudgetOptions{})
	}
	if s.http == nil {
		s.http = rest.DefaultHTTPClient()
	}
	c := &Client{base: strings.TrimRight(s.base, "/"), slots: make(chan struct{}, parallelCalls)}
	c.rest = rest.NewClient(rest.Options{HTTP: s.http, Limiter: s.limiter, Read: readHint, Secrets: []string{token},
		UserAgent: s.agent, Log: s.log, Authorize: func(r *http.Request) {
			if !s.oauth {
				r.Header.Set("Api-Key", token)
				return
			}
			r.Header.Set("Authorization", "Bearer "+token)
			if s.business > 0 {
				r.Header.Set("X-Business-Id", strconv.FormatInt(s.business, 10))
			}
		}})
	c.Campaigns, c.Business, c.Tokens = &CampaignsService{c}, &BusinessService{c}, &TokensService{c}
	c.Chats, c.Reviews, c.Questions = &ChatsService{c}, &ReviewsService{c}, &QuestionsService{c}
	return c, nil
}

type request struct {
	method, path, bucket string
	query                url.Values
	write                bool
	body                 any
	stream               io.ReadCloser
	length               int64
	contentType          string
}

// call sends r and decodes the member result of the answer into out; with bare, the whole answer.
func (c *Client) call(ctx context.Context, r request, out any, bare bool) error {
	op := r.method + " " + r.bucket
	call := rest.Call{Op: op, Method: r.method, URL: c.base + r.path, Bucket: r.bucket, Write: r.write, Timeout: callTimeout, Accept: "application/json"}
	if len(r.query) > 0 {
		call.URL += "?" + r.query.Encode()
	}
	switch {
	case r.stream != nil:
		call.Body, call.Length, call.ContentType, call.Timeout = r.stream, r.length, r.contentType, 0
	case r.body != nil:
		raw, err := json.Marshal(r.body)
		if err != nil {
			return fmt.Errorf("encoding %s: %w", op, err)
		}
		call.Body, call.Length, call.ContentType = io.NopCloser(bytes.NewReader(raw)), int64(len(raw)), "application/json"
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		if call.Body != nil {
			_ = call.Body.Close()
		}
		return &Error{Op: op, Outcome: OutcomeNotSent, cause: ctx.Err(), kinds: []error{ErrNotSent}}
	}
	err := c.rest.Do(ctx, call, func(resp *http.Response) error { return c.answer(op, r.write, resp, out, bare) })
	var f *rest.Failure
	if errors.As(err, &f) {
		return noAnswer(op, r.write, f)
	}
	return err
}

func (c *Client) answer(op string, write bool, resp *http.Response, out any, bare bool) error {
	body, err := rest.ReadBody(resp, longestAnswer)
	if resp.StatusCode/100 != 2 {
		return c.refusal(op, write, resp, body)
	}
	var env struct {
		Status string          `json:"status"`
		Result json.RawMessage `json:"result"`
		Errors []remoteError   `json:"errors"`
	}
	if err == nil {
		err = rest.DecodeJSON(resp.Header, body, &env)
	}
	if err == nil && env.Status == "ERROR" {
		return c.refusal(op, write, resp, body)
	}
	if err == nil && out != nil {
		raw := []byte(env.Result)
		if bare {
			raw = body
		}
		if len(raw) == 0 {
			err = rest.ErrMalformed
		} else if json.Unmarshal(raw, out) != nil {
			err = rest.ErrMalformed
		}
	}
	if err == nil {
		return nil
	}
	e := &Error{Op: op, Status: resp.StatusCode, Outcome: OutcomeAnswered, cause: err, kinds: []error{ErrMalformed}}
	if write {
		e.Outcome, e.kinds = OutcomeUnknown, []error{ErrMalformed, ErrOutcomeUnknown}
	}
	return e
}
