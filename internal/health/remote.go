package health

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// trouble is how calls to a remote side fail.
type trouble string

const (
	troubleNone    trouble = ""
	troubleName    trouble = "name"    // the name of the host is not found
	troubleRefused trouble = "refused" // nobody listens there, or a firewall says so
	troubleTimeout trouble = "timeout" // no answer in time
	troubleTLS     trouble = "tls"     // the connection cannot be sealed
	troubleCut     trouble = "cut"     // the connection is broken off
	troubleDenied  trouble = "denied"  // everything is answered with 403
	troubleServer  trouble = "server"  // everything is answered with 5xx
	troubleOther   trouble = "other"
)

// standing is how the calls of one account fare.
type standing struct {
	answered time.Time // last answer that was neither 403 nor 5xx
	trouble  trouble   // of the last call; none when it was answered
	since    time.Time // of the first of the failures in a row
	failures int       // in a row

	skews     []time.Duration          // of the remote clock against ours, the last few
	throttled []time.Time              // the last refusals for the limit
	news      []time.Time              // when reading found new words
	classes   map[string]channel.Class // why each stream was not read the last time
}

const (
	skewsKept     = 5
	throttlesKept = 16
	// longCall is from when on a call tells nothing of the clock of its remote side.
	longCall = 5 * time.Second
	// manyFailures in a row, over troubleLasts, are more than bad luck.
	manyFailures = 3
	troubleLasts = 20 * time.Second
)

// Client gives an HTTP client for the connector of a channel whose calls are
// watched; it sends as base does, and as the API clients do by themselves when
// base is nil.
func (m *Monitor) Client(kind sellerdesk.ChannelKind, base *http.Client) *http.Client {
	if base == nil {
		base = rest.DefaultHTTPClient()
	}
	own := *base
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.Transport = watched{m, kind, own.Transport}
	return &own
}

// watched is a transport whose calls the monitor hears of.
type watched struct {
	m    *Monitor
	kind sellerdesk.ChannelKind
	base http.RoundTripper
}

// WithoutKeepAlives gives a transport that opens a connection for each call, as
// package rest wants for writes.
func (t watched) WithoutKeepAlives() http.RoundTripper {
	if base, ok := t.base.(*http.Transport); ok {
		base = base.Clone()
		base.DisableKeepAlives = true
		t.base = base
	}
	return t
}

// CloseIdleConnections closes kept connections that are not in use.
func (t watched) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// RoundTrip sends and takes note.
func (t watched) RoundTrip(r *http.Request) (*http.Response, error) {
	began, before := t.m.real(), t.m.clock.Now()
	res, err := t.base.RoundTrip(r)
	took, after := t.m.real().Sub(began), t.m.clock.Now()
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return res, err // ended by ourselves: it tells nothing
	}
	status := 0
	if err == nil {
		status = res.StatusCode
	}
	t.m.metrics.called(t.kind, status, took)
	if id := channel.AccountOf(r.Context()); id != 0 {
		t.m.note(id, outcome{err: err, status: status, before: before, after: after, date: dateOf(res)})
	}
	return res, err
}

func dateOf(res *http.Response) time.Time {
	if res == nil {
		return time.Time{}
	}
	at, _ := http.ParseTime(res.Header.Get("Date")) // zero when it is not told
	return at
}

// outcome is one call as it ended, on the clock of the program.
type outcome struct {
	err           error
	status        int
	before, after time.Time
	date          time.Time // by the remote clock; zero when it was not told
}

func (o outcome) trouble() trouble {
	switch {
	case o.err != nil:
		return troubleOf(o.err)
	case o.status == http.StatusForbidden, o.status == http.StatusUnavailableForLegalReasons:
		return troubleDenied
	case o.status >= 500:
		return troubleServer
	}
	return troubleNone
}

func (m *Monitor) note(id sellerdesk.AccountID, o outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.of(id)
	if !o.date.IsZero() && o.after.Sub(o.before) < longCall {
		middle := o.before.Add(o.after.Sub(o.before) / 2)
		// The header has whole seconds, cut off: half of one is missing on average.
		s.skews = lastOf(append(s.skews, o.date.Add(time.Second/2).Sub(middle)), skewsKept)
	}
	if o.status == http.StatusTooManyRequests {
		s.throttled = lastOf(append(s.throttled, o.after), throttlesKept)
	}
	t := o.trouble()
	switch {
	case t == troubleNone:
		s.answered, s.trouble, s.failures = o.after, t, 0
	default:
		if s.failures == 0 {
			s.since = o.before
		}
		s.trouble = t
		s.failures++
	}
}

func lastOf[T any](all []T, n int) []T { return all[max(len(all)-n, 0):] }

// troubleOf classes the error of a call.
func troubleOf(err error) trouble {
	var dns *net.DNSError
	var timeout net.Error
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &dns):
		return troubleName
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return troubleRefused
	case errors.As(err, &certificate), errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &record), errors.As(err, &alert):
		return troubleTLS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return troubleTimeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return troubleCut
	case strings.Contains(err.Error(), "tls: "): // alerts of older sides have no type
		return troubleTLS
	}
	return troubleOther
}

// reach tells how an account can be reached: what keeps failing, and since when.
// Trouble is none while nothing is known, and while a few failures may be luck.
func (m *Monitor) reach(id sellerdesk.AccountID) (t trouble, since time.Time) {
	now := m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.remotes[id]
	if s == nil || s.failures < manyFailures || now.Sub(s.since) < troubleLasts {
		return troubleNone, time.Time{}
	}
	return s.trouble, s.since
}

// answers tells whether any of some accounts was answered lately.
func (m *Monitor) answers(ids []sellerdesk.AccountID) bool {
	now := m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(ids, func(id sellerdesk.AccountID) bool {
		s := m.remotes[id]
		return s != nil && s.failures == 0 && now.Sub(s.answered) < time.Hour
	})
}

// waits counts the refusals for the limit of an account in the last ten minutes.
func (m *Monitor) waits(id sellerdesk.AccountID) (n int) {
	now := m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.remotes[id]; s != nil {
		for _, at := range s.throttled {
			if now.Sub(at) < 10*time.Minute {
				n++
			}
		}
	}
	return n
}

// skews gives by how much the clock of each remote side is ahead of ours.
func (m *Monitor) skews() map[sellerdesk.AccountID]time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[sellerdesk.AccountID]time.Duration{}
	for id, s := range m.remotes {
		if len(s.skews) > 0 {
			out[id] = middle(s.skews)
		}
	}
	return out
}

// middle is the median.
func middle(some []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(some))
	return sorted[len(sorted)/2]
}

// clockWrong is by how much our clock is behind those of the remote sides, when
// all that were asked agree that it is; 0 when it is right or nothing tells.
func clockWrong(skews map[sellerdesk.AccountID]time.Duration) time.Duration {
	var all []time.Duration
	ahead, behind := 0, 0
	for _, skew := range skews {
		all = append(all, skew)
		if skew > clockOff {
			ahead++
		} else if skew < -clockOff {
			behind++
		}
	}
	if len(all) == 0 || ahead != len(all) && behind != len(all) {
		return 0
	}
	return middle(all)
}
