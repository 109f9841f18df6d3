package radist

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// The two hosts of the API, which have the same paths.
const (
	ProductionURL = "https://api.radist.online/v2"
	RussianURL    = "https://api-ru.radist.online/v2"
)

// Client speaks with one key. It is safe for concurrent use and holds no
// goroutines. Printing it shows no key.
type Client struct {
	// Users tells whether the key is good.
	Users *UsersService
	// Companies are those of the key; nearly everything belongs to one.
	Companies *CompaniesService
	// Connections are the messengers of a company.
	Connections *ConnectionsService
	// Contacts are the people a company knows.
	Contacts *ContactsService
	// Chats are the talks, grouped by contact.
	Chats *ChatsService
	// Messages are what is said in chats.
	Messages *MessagesService
	// Files are uploaded before a message names them.
	Files *FilesService
	// Templates are the WhatsApp texts approved in advance.
	Templates *TemplatesService
	// Webhooks are the subscriptions to events.
	Webhooks *WebhooksService

	rest  *rest.Client
	open  *rest.Client // without the key, for files
	hosts []string     // that keep files
	clock rest.Clock
	log   *slog.Logger
	base  string
	paths Paths
}

// Limiter keeps a key inside its limits. Wait blocks until a request of the
// bucket may leave; Observe follows every Wait that returned nil exactly once,
// with a nil resp when no answer came. *Budget is one.
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
	attempts  int
	patience  time.Duration
	paths     Paths
	links     Links
	fileHosts []string
}

// WithBaseURL calls another address than [ProductionURL], as [RussianURL] or
// that of an emulator; "" means the default one.
func WithBaseURL(base string) Option { return func(s *settings) { s.base = base } }

// WithHTTPClient sends through h. Its redirect rule is replaced: a redirect to
// another host is never followed.
func WithHTTPClient(h *http.Client) Option { return func(s *settings) { s.http = h } }

// WithLimiter replaces the client's own budget, which is that of [NewBudget].
// Clients of one key must share one, because the limits count per key.
func WithLimiter(l Limiter) Option { return func(s *settings) { s.limiter = l } }

// WithUserAgent sets the User-Agent header; the default is "sellerdesk".
func WithUserAgent(name string) Option { return func(s *settings) { s.userAgent = name } }

// WithLog writes one debug line per attempt, and a warning when items of a list
// could not be decoded or a walk through messages may have a gap, without texts,
// addresses and keys.
func WithLog(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

// WithClock makes limits and pauses follow another clock, for programs that run
// on simulated time. newTimer returns the channel of a timer and the function
// that stops it. Nil functions mean the system clock.
func WithClock(now func() time.Time, newTimer func(time.Duration) (<-chan time.Time, func() bool)) Option {
	return func(s *settings) { s.clock = rest.Clock{Now: now, NewTimer: newTimer} }
}

// WithAttempts sets how often a read is tried in all; the default is 3, and 1
// switches repetition off. Writes are always sent once.
func WithAttempts(n int) Option { return func(s *settings) { s.attempts = n } }

// WithPatience bounds how long a call waits for a limit: what it waits in all
// after answers 429, and for its turn at the client's own budget. What would
// take longer ends at once with [ErrThrottled] and Error.RetryAfter, below 0
// whatever would have to wait at all. Without it a read sits out a minute of
// 429, and waits for its turn as long as its context lets. A budget given by
// [WithLimiter] has a patience of its own: see [BudgetOptions].
func WithPatience(d time.Duration) Option { return func(s *settings) { s.patience = d } }

// WithLinks remembers the links of uploaded files for [FilesService.UploadOnce].
// Without it a client remembers the last thousand by itself, until it is gone.
func WithLinks(l Links) Option { return func(s *settings) { s.links = l } }

// WithFileHosts lets [FilesService.Download] fetch from further hosts over https,
// each a name, or with a leading dot a domain with all its names. Those of the
// service and that of the base address are always asked.
func WithFileHosts(hosts ...string) Option {
	return func(s *settings) { s.fileHosts = append(s.fileHosts, hosts...) }
}

// longestKey bounds what can be a key.
const longestKey = 4096

// New makes a client of a key, which needs the scope messaging, for connections
// and webhooks also these. It does no I/O. A key that cannot be one is an *Error
// that is [ErrUnauthorized].
func New(key string, options ...Option) (*Client, error) {
	s := settings{userAgent: "sellerdesk"}
	for _, o := range options {
		o(&s)
	}
	key = strings.TrimSpace(key)
	if !isKey(key) {
		return nil, localError("", errors.New("the key is empty or has characters that no key has"), ErrUnauthorized)
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
	if s.links == nil {
		s.links = NewLinks(0)
	}
	c := &Client{base: base, clock: clock, log: s.log, paths: s.paths.orDefault()}
	c.rest = rest.NewClient(rest.Options{
		HTTP: s.http, Clock: clock, Limiter: s.limiter, Read: refusedForLimit, Secrets: []string{key},
		// The key lives in this function only, where no print verb finds it.
		Authorize: func(r *http.Request) { r.Header.Set("X-Api-Key", key) },
		UserAgent: s.userAgent, Log: s.log, Attempts: s.attempts, Patience: s.patience,
	})
	c.open = rest.NewClient(rest.Options{HTTP: s.http, Clock: clock, Limiter: unlimited{}, UserAgent: s.userAgent, Log: s.log, Attempts: 1})
	c.hosts = fileHosts(base, s.fileHosts)
	c.Users, c.Companies, c.Connections = &UsersService{c}, &CompaniesService{c}, &ConnectionsService{c}
	c.Contacts, c.Chats, c.Messages = &ContactsService{c}, &ChatsService{c}, &MessagesService{c}
	c.Templates, c.Webhooks = &TemplatesService{c}, &WebhooksService{c}
	c.Files = &FilesService{c: c, links: s.links, flights: map[LinkKey]*flight{}}
	return c, nil
}

// CloseIdleConnections closes kept connections that are not in use.
func (c *Client) CloseIdleConnections() {
	c.rest.CloseIdleConnections()
	c.open.CloseIdleConnections()
}

// String tells the address, never the key.
func (c *Client) String() string { return "radist client of " + c.base }

// isKey tells whether a text may stand in a header.
func isKey(key string) bool {
	return key != "" && len(key) <= longestKey && !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' })
}

func checkBase(base string) (string, error) {
	if base == "" {
		return ProductionURL, nil
	}
	u, err := url.Parse(base)
	switch {
	case err != nil:
		// The error of url.Parse repeats its input, which may hold a password.
		return "", errors.New("radist: base URL is not a URL")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return "", errors.New("radist: base URL must start with http:// or https:// and name a host")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return "", errors.New("radist: base URL must have no user, query or fragment")
	}
	return strings.TrimRight(base, "/"), nil
}

// place fills the numbers into a path as the documents write it.
func place(path string, company, other int64) string {
	return strings.NewReplacer("{company_id}", decimal(company), "{chat_id}", decimal(other), "{id}", decimal(other)).Replace(path)
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
