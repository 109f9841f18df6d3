package yandexmarket

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// ProductionURL is where the API is.
const ProductionURL = "https://api.partner.market.yandex.ru"

// Client speaks with one key. It is safe for concurrent use and holds no
// goroutines. Printing it shows no token.
type Client struct {
	// Campaigns are the shops of the key.
	Campaigns *CampaignsService
	// Business are the settings of a cabinet.
	Business *BusinessService
	// Auth tells what a key may do.
	Auth *AuthService
	// Chats are the talks with buyers, disputes included.
	Chats *ChatsService
	// Reviews are the goods feedback with its comments.
	Reviews *ReviewsService
	// Questions are what buyers ask about goods.
	Questions *QuestionsService

	rest  *rest.Client
	files *files
	clock rest.Clock
	log   *slog.Logger
	base  string
	oauth bool
}

// Limiter keeps the cabinet inside its quotas. Wait blocks until a request of
// the bucket may leave; Observe follows every Wait that returned nil exactly
// once, with a nil resp when no answer came. *Budget is one.
type Limiter interface {
	Wait(ctx context.Context, bucket string) error
	Observe(bucket string, resp *http.Response)
}

// Option changes how a Client is made.
type Option func(*settings)

type settings struct {
	base      string
	http      *http.Client
	limiter   Limiter
	userAgent string
	log       *slog.Logger
	clock     rest.Clock
	oauth     bool
	business  int64
	attempts  int
	patience  time.Duration
	fileToken string
}

// WithBaseURL calls another address than [ProductionURL], as that of an
// emulator; "" means the real one.
func WithBaseURL(base string) Option { return func(s *settings) { s.base = base } }

// WithHTTPClient sends through h. Its redirect rule is replaced: a redirect to
// another host is never followed.
func WithHTTPClient(h *http.Client) Option { return func(s *settings) { s.http = h } }

// WithLimiter replaces the client's own budget, which is that of [NewBudget].
// Clients of one cabinet must share one, because the quotas are counted per
// cabinet.
func WithLimiter(l Limiter) Option { return func(s *settings) { s.limiter = l } }

// WithUserAgent sets the User-Agent header; the default is "sellerdesk".
func WithUserAgent(name string) Option { return func(s *settings) { s.userAgent = name } }

// WithLog writes one debug line per attempt, and a warning when items of a list
// could not be decoded, without texts, addresses and tokens.
func WithLog(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

// WithClock makes quotas and pauses follow another clock, for programs that run
// on simulated time. newTimer returns the channel of a timer and the function
// that stops it. Nil functions mean the system clock.
func WithClock(now func() time.Time, newTimer func(time.Duration) (<-chan time.Time, func() bool)) Option {
	return func(s *settings) { s.clock = rest.Clock{Now: now, NewTimer: newTimer} }
}

// WithOAuth says that the token is one of OAuth, which belongs to a person and
// sees every shop of that person, instead of an Api-Key.
func WithOAuth() Option { return func(s *settings) { s.oauth = true } }

// WithBusiness sends the number of the cabinet as X-Business-Id, without which a
// token of OAuth gets the quotas of cabinets without subscription.
func WithBusiness(id int64) Option { return func(s *settings) { s.business = id } }

// WithAttempts sets how often a read is tried in all; the default is 3, and 1
// switches repetition off. Writes are always sent once.
func WithAttempts(n int) Option { return func(s *settings) { s.attempts = n } }

// WithFileToken opens the files of chats with a token of OAuth of a user of the
// cabinet, instead of the token of the client: the files of buyers were seen
// (2026) to be given to users only. "" means the token of the client.
func WithFileToken(token string) Option {
	return func(s *settings) { s.fileToken = strings.TrimSpace(token) }
}

// WithPatience bounds how long a call waits for a quota: what it waits in all
// after answers 420, and for its turn at the client's own budget. What would
// take longer ends at once with [ErrThrottled] and Error.RetryAfter, below 0
// whatever would have to wait at all. Without it a read sits out a minute of
// 420, and waits for its turn as long as its context lets. A budget given by
// [WithLimiter] has a patience of its own: see [BudgetOptions].
func WithPatience(d time.Duration) Option { return func(s *settings) { s.patience = d } }

// longestToken bounds what can be a key or a token.
const longestToken = 4096

// New makes a client of an Api-Key or, with [WithOAuth], of a token of OAuth. It
// does no I/O. A token that cannot be one is an *Error that is [ErrUnauthorized].
func New(token string, options ...Option) (*Client, error) {
	s := settings{userAgent: "sellerdesk"}
	for _, o := range options {
		o(&s)
	}
	token = strings.TrimSpace(token)
	if token == "" || !isToken(token) || !isToken(s.fileToken) {
		return nil, localError("", errors.New("the token is empty or has characters that no token has"), ErrUnauthorized)
	}
	base, err := checkBase(s.base)
	if err != nil {
		return nil, err
	}
	clock := s.clock.OrSystem()
	if s.limiter == nil {
		s.limiter = NewBudget(BudgetOptions{Clock: clock, Patience: s.patience})
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	c := &Client{base: base, oauth: s.oauth, clock: clock, log: s.log}
	c.rest = rest.NewClient(rest.Options{
		HTTP: s.http, Clock: clock, Limiter: s.limiter, Read: refusedForLimit, Secrets: []string{token, s.fileToken},
		Authorize: authorization(token, s.oauth, s.business), UserAgent: s.userAgent, Log: s.log, Attempts: s.attempts,
		Patience: s.patience,
	})
	c.files = newFiles(c, token, s)
	c.Campaigns, c.Business, c.Auth = &CampaignsService{c}, &BusinessService{c}, &AuthService{c}
	c.Chats, c.Reviews, c.Questions = &ChatsService{c}, &ReviewsService{c}, &QuestionsService{c}
	return c, nil
}

// CloseIdleConnections closes kept connections that are not in use.
func (c *Client) CloseIdleConnections() {
	c.rest.CloseIdleConnections()
	c.files.client.CloseIdleConnections()
}

// String tells the kind of the token, never the token.
func (c *Client) String() string {
	if c.oauth {
		return "yandexmarket client with a token of OAuth"
	}
	return "yandexmarket client with an Api-Key"
}

// isToken tells whether a text may stand in a header.
func isToken(token string) bool {
	return len(token) <= longestToken && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}

// authorization keeps the token inside a function, where no print verb finds it.
func authorization(token string, oauth bool, business int64) func(*http.Request) {
	return func(r *http.Request) {
		if oauth {
			r.Header.Set("Authorization", "Bearer "+token)
		} else {
			r.Header.Set("Api-Key", token)
		}
		if business > 0 {
			r.Header.Set("X-Business-Id", strconv.FormatInt(business, 10))
		}
	}
}

func checkBase(base string) (string, error) {
	if base == "" {
		return ProductionURL, nil
	}
	u, err := url.Parse(base)
	switch {
	case err != nil:
		// The error of url.Parse repeats its input, which may hold a password.
		return "", errors.New("yandexmarket: base URL is not a URL")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return "", errors.New("yandexmarket: base URL must start with http:// or https:// and name a host")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return "", errors.New("yandexmarket: base URL must have no user, query or fragment")
	}
	return strings.TrimRight(base, "/"), nil
}

// ofBusiness is the path of something in a cabinet. version is "v1" or "v2".
func ofBusiness(version string, business int64, rest string) string {
	return fmt.Sprintf("/%s/businesses/%d/%s", version, business, rest)
}
