package wildberries

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// Family is a group of operations that live on one host.
type Family string

// The host families.
const (
	FamilyFeedbacks Family = "feedbacks" // questions, feedbacks, pins
	FamilyChat      Family = "chat"
	FamilyReturns   Family = "returns"
	FamilyCommon    Family = "common"
)

// Families returns all host families.
func Families() []Family {
	return []Family{FamilyFeedbacks, FamilyChat, FamilyReturns, FamilyCommon}
}

func (f Family) productionHost() string {
	switch f {
	case FamilyFeedbacks:
		return "https://feedbacks-api.wildberries.ru"
	case FamilyChat:
		return "https://buyer-chat-api.wildberries.ru"
	case FamilyReturns:
		return "https://returns-api.wildberries.ru"
	case FamilyCommon:
		return "https://common-api.wildberries.ru"
	default:
		return ""
	}
}

// Client speaks for one seller. It is safe for concurrent use and holds no goroutines. Printing it shows no token.
type Client struct {
	// Chats is the buyer chat: list, event feed, messages, files.
	Chats *ChatsService
	// Questions are what buyers ask about products.
	Questions *QuestionsService
	// Reviews are what buyers write after buying; the API calls them feedbacks.
	Reviews *ReviewsService
	// Pins are reviews pinned to product cards.
	Pins *PinsService
	// Claims are the buyers' claims for return.
	Claims *ClaimsService
	// Seller tells whose token it is.
	Seller *SellerService

	rest  *rest.Client
	clock rest.Clock
	token Token
	base  string // "" means the production hosts
	log   *slog.Logger
}

// Limiter keeps the account inside its request limits. Wait blocks until a request of the bucket may leave; Observe follows
// every Wait that returned nil exactly once, with a nil resp when no answer came. *Budget is one.
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
	bearer    bool
	attempts  int
}

// WithBaseURL sends everything to one address: /feedbacks, /chat, /returns and /common are appended to base. It is meant for an
// emulator or a gateway, as "http://127.0.0.1:8485/wildberries". Without it the production hosts are called.
func WithBaseURL(base string) Option { return func(s *settings) { s.base = base } }

// WithHTTPClient sends through h. Its redirect rule is replaced: a redirect to another host is never followed.
func WithHTTPClient(h *http.Client) Option { return func(s *settings) { s.http = h } }

// WithLimiter replaces the client's own budget, which is that of NewBudget. Clients of one seller account must share one,
// because the limits are counted per account.
func WithLimiter(l Limiter) Option { return func(s *settings) { s.limiter = l } }

// WithUserAgent sets the User-Agent header; the default is "sellerdesk".
func WithUserAgent(name string) Option { return func(s *settings) { s.userAgent = name } }

// WithLog writes one debug line per attempt, without texts, addresses and tokens, and a warning when an answer carries errors.
func WithLog(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

// WithClock makes expiry, limits and pauses follow another clock, for programs that run on simulated time. newTimer returns the
// channel of a timer and the function that stops it. Nil functions mean the system clock.
func WithClock(now func() time.Time, newTimer func(time.Duration) (<-chan time.Time, func() bool)) Option {
	return func(s *settings) { s.clock = rest.Clock{Now: now, NewTimer: newTimer} }
}

// WithBearer sends the token as "Bearer <token>". Without it the bare token is sent, as the OpenAPI document has it; the
// knowledge base shows the other form and both work.
func WithBearer() Option { return func(s *settings) { s.bearer = true } }

// WithAttempts sets how often a read is tried in all; the default is 3, and 1 switches repetition off. Writes are always sent
// once.
func WithAttempts(n int) Option { return func(s *settings) { s.attempts = n } }

// New makes a client of a token. It does no I/O: the token is inspected, and one that cannot be read (ErrBadToken) or has expired
// (ErrTokenExpired) is refused, as is a test token for the production hosts (ErrTestToken).
func New(token string, options ...Option) (*Client, error) {
	s := settings{userAgent: "sellerdesk"}
	for _, o := range options {
		o(&s)
	}
	inspected, err := InspectToken(token)
	if err != nil {
		return nil, err
	}
	clock := s.clock.OrSystem()
	if err := inspected.check(clock.Now()); err != nil {
		return nil, err
	}
	base, err := checkBase(s.base)
	if err != nil {
		return nil, err
	}
	if inspected.Sandbox && base == "" {
		return nil, localError("", ErrTestToken, ErrUnauthorized)
	}
	if s.limiter == nil {
		s.limiter = NewBudget(inspected, BudgetOptions{Clock: clock})
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	bare := trimScheme(token)
	c := &Client{clock: clock, token: inspected, base: base, log: s.log}
	c.rest = rest.NewClient(rest.Options{
		HTTP: s.http, Clock: clock, Limiter: s.limiter, Authorize: authorization(bare, s.bearer), Secrets: []string{bare},
		UserAgent: s.userAgent, Log: s.log, Attempts: s.attempts,
	})
	c.Chats, c.Seller = &ChatsService{c: c}, &SellerService{c: c}
	c.Questions, c.Reviews, c.Pins, c.Claims = &QuestionsService{c: c}, &ReviewsService{c: c}, &PinsService{c: c}, &ClaimsService{c: c}
	return c, nil
}

// CloseIdleConnections closes kept connections that are not in use. A client that is no longer needed needs nothing else.
func (c *Client) CloseIdleConnections() { c.rest.CloseIdleConnections() }

// Token returns what the client's token says about itself.
func (c *Client) Token() Token { return c.token }

// String names the seller, never the token.
func (c *Client) String() string {
	return fmt.Sprintf("wildberries client of seller %d", c.token.SellerNumber)
}

// authorization keeps the token inside a function, where no print verb finds it.
func authorization(token string, bearer bool) func(*http.Request) {
	return func(r *http.Request) {
		if bearer {
			r.Header.Set("Authorization", "Bearer "+token)
			return
		}
		r.Header.Set("Authorization", token)
	}
}

func checkBase(base string) (string, error) {
	if base == "" {
		return "", nil
	}
	u, err := url.Parse(base)
	switch {
	case err != nil:
		// The error of url.Parse repeats its input, which may hold a password.
		return "", errors.New("wildberries: base URL is not a URL")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return "", errors.New("wildberries: base URL must start with http:// or https:// and name a host")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return "", errors.New("wildberries: base URL must have no user, query or fragment")
	}
	return strings.TrimRight(base, "/"), nil
}

// address returns the URL of a path that is escaped already.
func (c *Client) address(f Family, path string) string {
	if c.base == "" {
		return f.productionHost() + path
	}
	return c.base + "/" + string(f) + path
}
