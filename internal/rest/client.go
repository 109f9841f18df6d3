package rest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"
)

// Limiter is what a Client asks before every attempt and tells afterwards. Observe follows every Wait that returned nil exactly
// once; resp is nil when no answer came, and its body must not be touched. *Budget is one.
type Limiter interface {
	Wait(ctx context.Context, bucket string) error
	Observe(bucket string, resp *http.Response)
}

// Options of a Client. Limiter must be set; the rest has defaults.
type Options struct {
	// HTTP sends the requests. Its redirect rule is replaced. Nil: DefaultHTTPClient().
	HTTP *http.Client
	// Clock is what waiting between attempts follows.
	Clock   Clock
	Limiter Limiter
	// Read tells a throttled answer and its pause. Nil: ReadStandardHeaders.
	Read func(resp *http.Response, now time.Time) Hint
	// Authorize puts the credentials into a request. The secret lives in this function only, never in a field.
	Authorize func(*http.Request)
	// Secrets are replaced by *** in every text that leaves this package.
	Secrets   []string
	UserAgent string
	// Log gets one debug line per attempt: operation, status, time taken. Nil: silence.
	Log *slog.Logger
	// Attempts is how often a read is tried in all, 0 meaning 3. Backoff is the first pause between two, 0 meaning 500 ms;
	// it doubles up to 10 s, and half of each pause is random.
	Attempts int
	Backoff  time.Duration
	// Patience bounds what a read waits in all after answers that refuse for the limit, on Clock; 0 means a minute, below 0 it waits for
	// none of them. What would take longer is handed out as the answer, so that the caller decides.
	Patience time.Duration
}

const (
	defaultAttempts  = 3
	defaultBackoff   = 500 * time.Millisecond
	longestBackoff   = 10 * time.Second
	defaultPatience  = time.Minute
	redirectsAllowed = 3
)

// Client sends calls. It is safe for concurrent use. Printing it with any verb shows no secret.
type Client struct {
	reads, writes *http.Client
	clock         Clock
	limiter       Limiter
	read          func(*http.Response, time.Time) Hint
	authorize     func(*http.Request)
	redact        func(string) string
	userAgent     string
	log           *slog.Logger
	attempts      int
	backoff       time.Duration
	patience      time.Duration
}

// Call is one operation.
type Call struct {
	// Op names the operation in errors and logs, as "GET /api/v1/things".
	Op     string
	Method string
	// URL is complete, with its query.
	URL    string
	Bucket string
	// Write marks a call that changes something over there. It is sent once, whatever happens.
	Write bool
	// Once forbids repeating a read as well, and following redirects.
	Once bool
	// Timeout bounds one attempt with its answer, 0 meaning only ctx does. It runs on the system clock, as networks do.
	Timeout time.Duration
	// Body makes the body of an attempt, anew for each; nil sends none. What it made is read once and closed before Do returns, possibly
	// more than once. Length must be exact. A read with a body follows no redirects.
	Body        func() io.ReadCloser
	Length      int64
	ContentType string
	Accept      string
}

// DefaultHTTPClient returns a client whose every stage is bounded: dialling and TLS 10 s each, the wait for an answer 60 s,
// all together 10 min.
func DefaultHTTPClient() *http.Client {
	return &http.Client{
		Timeout: 10 * time.Minute,
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           20,
			MaxConnsPerHost:        20,
			IdleConnTimeout:        60 * time.Second,
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  60 * time.Second,
			MaxResponseHeaderBytes: 256 << 10,
		},
	}
}

// NewClient makes a client. It does no I/O.
func NewClient(o Options) *Client {
	c := &Client{
		clock: o.Clock.OrSystem(), limiter: o.Limiter, read: o.Read, authorize: o.Authorize, redact: redactor(o.Secrets),
		userAgent: o.UserAgent, log: o.Log, attempts: o.Attempts, backoff: o.Backoff, patience: o.Patience,
	}
	if c.read == nil {
		c.read = ReadStandardHeaders
	}
	if c.authorize == nil {
		c.authorize = func(*http.Request) {}
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.attempts <= 0 {
		c.attempts = defaultAttempts
	}
	if c.backoff <= 0 {
		c.backoff = defaultBackoff
	}
	if c.patience == 0 {
		c.patience = defaultPatience
	}
	if o.HTTP == nil {
		o.HTTP = DefaultHTTPClient()
	}
	c.reads, c.writes = readClient(o.HTTP), writeClient(o.HTTP)
	return c
}

// CloseIdleConnections closes kept connections that are not in use.
func (c *Client) CloseIdleConnections() {
	c.reads.CloseIdleConnections()
	c.writes.CloseIdleConnections()
}

// Redact replaces the client's secrets in s.
func (c *Client) Redact(s string) string { return c.redact(s) }

func readClient(base *http.Client) *http.Client {
	own := *base
	own.CheckRedirect = sameHost
	return &own
}

// writeClient never follows a redirect and, where it can, opens a new connection for every write. On a kept connection that the
// other side has just closed, one cannot tell whether the request arrived, and the answer would be Unknown for nothing. A transport
// around another is asked to do so by its method WithoutKeepAlives.
func writeClient(base *http.Client) *http.Client {
	own := *base
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	transport, ok := base.Transport.(*http.Transport)
	if base.Transport == nil {
		transport, ok = http.DefaultTransport.(*http.Transport)
	}
	if ok {
		transport = transport.Clone()
		transport.DisableKeepAlives = true
		own.Transport = transport
	}
	if wrapped, ok := base.Transport.(interface{ WithoutKeepAlives() http.RoundTripper }); ok {
		own.Transport = wrapped.WithoutKeepAlives()
	}
	return &own
}

// sameHost lets a read follow a few redirects that stay on scheme and host. Any other redirect is handed out as the answer, also that of a
// POST, of which net/http would make a GET without its body.
func sameHost(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if len(via) > redirectsAllowed || via[0].ContentLength != 0 || req.URL.Host != first.Host || req.URL.Scheme != first.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

// Do sends the call and gives every answer, whatever its status, to handle, which must close the body, or keep that of a success. A
// read is repeated after network errors, 5xx, 429 and when handle returns ErrTruncated. The error is that of the last attempt, also
// when ctx ends in the pause after it: that of handle, or a *Failure when there was no answer to handle.
func (c *Client) Do(ctx context.Context, call Call, handle func(*http.Response) error) error {
	attempts, patience := c.attempts, c.patience
	if call.Write || call.Once {
		attempts = 1
	}
	for attempt := 1; ; attempt++ {
		// Each attempt gets its own body: the one before has read its.
		pause, err := c.attempt(ctx, call, attempt == attempts, &patience, handle)
		if pause < 0 || attempt == attempts {
			return err
		}
		pause = max(pause, c.jittered(attempt))
		if c.clock.Sleep(ctx, pause) != nil {
			// The error of the last attempt tells more than that the caller stopped waiting.
			return err
		}
	}
}

// final says that an attempt must not be followed by another.
const final time.Duration = -1

// attempt returns the least pause before another attempt, or final. What is waited for a limit is taken from patience.
func (c *Client) attempt(ctx context.Context, call Call, last bool, patience *time.Duration, handle func(*http.Response) error) (time.Duration, error) {
	if err := c.limiter.Wait(ctx, call.Bucket); err != nil {
		return final, c.failure(call, NotSent, err)
	}
	// The wait for the budget is not part of the attempt: the timeout starts here.
	sendCtx, cancel := ctx, context.CancelFunc(func() {})
	if call.Timeout > 0 {
		sendCtx, cancel = context.WithTimeout(ctx, call.Timeout)
	}
	defer cancel()
	started := c.clock.Now()
	trip := &trip{c: c, call: call}
	defer trip.close()
	resp, outcome, err := trip.send(sendCtx)
	if !trip.denied.Load() {
		c.limiter.Observe(call.Bucket, resp)
	}
	c.note(ctx, call, resp, c.clock.Now().Sub(started), err)
	if err != nil {
		if ctx.Err() != nil {
			return final, c.failure(call, outcome, err)
		}
		return 0, c.failure(call, outcome, err)
	}
	pause := c.again(resp, *patience)
	err = handle(resp)
	if pause >= 0 && !last {
		*patience -= pause
		return pause, err
	}
	if errors.Is(err, ErrTruncated) && ctx.Err() == nil {
		return 0, err
	}
	return final, err
}

// again tells whether the status of an answer is worth another attempt, and after what pause at least; patience bounds the pause for a limit.
func (c *Client) again(resp *http.Response, patience time.Duration) time.Duration {
	if hint := c.read(resp, c.clock.Now()); hint.Throttled {
		if patience < 0 || hint.RetryAfter > patience {
			return final
		}
		return hint.RetryAfter
	}
	if resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented {
		return 0
	}
	return final
}

// jittered returns the pause after the nth attempt.
func (c *Client) jittered(attempt int) time.Duration {
	d := min(c.backoff<<(attempt-1), longestBackoff)
	return d/2 + rand.N(d/2+1)
}

func (c *Client) note(ctx context.Context, call Call, resp *http.Response, took time.Duration, err error) {
	attrs := []slog.Attr{slog.String("op", call.Op), slog.Duration("took", took)}
	if resp != nil {
		attrs = append(attrs, slog.Int("status", resp.StatusCode))
	}
	if err != nil {
		attrs = append(attrs, slog.String("err", c.redact(plain(err).Error())))
	}
	c.log.LogAttrs(ctx, slog.LevelDebug, "remote call", attrs...)
}

func redactor(secrets []string) func(string) string {
	var pairs []string
	for _, s := range secrets {
		if s != "" {
			pairs = append(pairs, s, "***")
		}
	}
	return strings.NewReplacer(pairs...).Replace
}
