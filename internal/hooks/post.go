package hooks

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/reach"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// callTime is how long a call may take as a whole, on the wall.
const callTime = 15 * time.Second

// agent is what we call ourselves.
const agent = "Sellerdesk-Webhooks/1"

// poster makes the calls. It is safe for concurrent use.
type poster struct {
	http  *http.Client
	reach reach.Guard
	clock sellerdesk.Clock
}

func newPoster(d Deps) *poster {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	transport := &http.Transport{
		Proxy:                  nil, // the environment must not send buyers' business elsewhere
		DialContext:            d.Reach.DialContext,
		TLSClientConfig:        d.TLS,
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  callTime,
		MaxResponseHeaderBytes: 16 << 10,
		MaxIdleConnsPerHost:    flightsEach,
		MaxIdleConns:           200,
		IdleConnTimeout:        30 * time.Second,
		DisableCompression:     true, // what is read is bounded as it travels
		Protocols:              protocols,
	}
	if transport.TLSClientConfig == nil {
		transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return &poster{reach: d.Reach, clock: d.Clock, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// report is what came of one call.
type report struct {
	taken    bool
	gone     bool // the receiver wants nothing more, ever
	withheld bool // it was not sent: its person may not see it any more
	lost     bool // the program stopped before an answer came
	status   *int
	err      string        // one sentence; "" when it was taken
	wait     time.Duration // what the receiver asked for
	request  string
	response string
	took     time.Duration
}

// post makes one call. It never fails: what went wrong stands in the report.
func (p *poster) post(ctx context.Context, l store.WebhookLine, i store.DeliveryItem) report {
	began := time.Now()
	r := report{}
	signatures, err := p.call(ctx, l, i, &r)
	r.took = time.Since(began)
	if err != nil {
		r.err, r.lost = sentence(err), ctx.Err() != nil
	}
	for _, s := range signatures { // a receiver that repeats what it got
		r.response = strings.ReplaceAll(r.response, strings.TrimPrefix(s, "v1,"), "***")
	}
	return r
}

func (p *poster) call(ctx context.Context, l store.WebhookLine, i store.DeliveryItem, r *report) (signatures []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	target, err := p.reach.Parse(l.URL)
	if err != nil {
		return nil, err
	}
	now := p.clock.Now()
	if signatures, err = sign(l.Secrets, i.MsgID, now, i.Body); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(i.Body))
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Webhook-Id", i.MsgID)
	req.Header.Set("Webhook-Timestamp", stamp)
	req.Header.Set("Webhook-Signature", strings.Join(signatures, " "))
	r.request = fmt.Sprintf("POST %s\ncontent-type: application/json\nwebhook-id: %s\nwebhook-timestamp: %s", l.URL, i.MsgID, stamp)
	res, err := p.http.Do(req)
	if err != nil {
		return signatures, err
	}
	defer func() { _ = res.Body.Close() }() // what is read is read
	answered(res, now, r)
	return signatures, nil
}

// after does something once so much time has passed on the wall, which is what
// calls take, unless it is told not to.
func after(d time.Duration, do func()) (leave func() bool) { return time.AfterFunc(d, do).Stop }

// answered reads an answer.
func answered(res *http.Response, now time.Time, r *report) {
	body, _ := io.ReadAll(io.LimitReader(res.Body, store.ShownBody)) // what came is enough
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", res.StatusCode, http.StatusText(res.StatusCode))
	for _, name := range []string{"Content-Type", "Retry-After", "Location"} {
		if v := res.Header.Get(name); v != "" {
			fmt.Fprintf(&b, "\n%s: %s", strings.ToLower(name), text.Cut(v, 500))
		}
	}
	if len(body) > 0 {
		b.WriteString("\n\n")
		b.WriteString(strings.ToValidUTF8(string(body), "\uFFFD"))
	}
	r.response = strings.ReplaceAll(b.String(), "\x00", "\uFFFD") // PostgreSQL takes no NUL
	r.status = &res.StatusCode
	switch {
	case res.StatusCode >= 200 && res.StatusCode <= 299:
		r.taken = true
		return
	case res.StatusCode >= 300 && res.StatusCode <= 399:
		r.err = fmt.Sprintf("The receiver answered %d; redirects are not followed.", res.StatusCode)
		return
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode == http.StatusServiceUnavailable:
		r.wait = retryAfter(res.Header, now)
	}
	r.gone = res.StatusCode == http.StatusGone
	r.err = strings.TrimSpace(fmt.Sprintf("The receiver answered %d %s", res.StatusCode, http.StatusText(res.StatusCode))) + "."
}

// sentence says for a person why no answer came.
func sentence(err error) string {
	var known *sellerdesk.Error
	var where *url.Error
	var untrusted *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	switch {
	case errors.As(err, &known):
		return known.Message
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &where) && where.Timeout():
		return "No answer came within 15 seconds."
	case errors.As(err, &untrusted), errors.As(err, &authority):
		return "The certificate of the receiver is not trusted."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "The receiver refuses the connection."
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "The receiver broke the connection off."
	case errors.As(err, &where):
		err = where.Err // without the address
	}
	return "The receiver cannot be reached (" + text.Cut(text.Clean(err.Error()), 200) + ")."
}
