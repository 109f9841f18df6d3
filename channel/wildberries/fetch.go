package wildberries

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// Fetch gets the bytes of a file, through the API where the message named it
// for that, else from the address that stood in the message.
func (c *connector) Fetch(ctx context.Context, f sellerdesk.RemoteFile) (sellerdesk.Fetched, error) {
	var at link
	if json.Unmarshal(f.Remote, &at) != nil {
		at = link{Download: string(f.ID)}
	}
	if at.Download == "" {
		return c.links.fetch(ctx, at.URL)
	}
	d, err := c.client.Chats.Download(ctx, at.Download)
	if err != nil {
		return sellerdesk.Fetched{}, c.failure(err, reading, api.BucketChatDownload)
	}
	switch d.State {
	case api.DownloadReady:
		return sellerdesk.Fetched{State: sellerdesk.FetchReady, Body: d.Body, Type: d.ContentType, Size: d.Size, Name: d.Name}, nil
	case api.DownloadPending:
		return sellerdesk.Fetched{
			State: sellerdesk.FetchPending, RetryAfter: d.RetryAfter, Size: -1,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonModeration, Text: "Wildberries is still checking this file."},
		}, nil
	default:
		return sellerdesk.Fetched{
			State: sellerdesk.FetchRefused, Size: -1,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonModeration, Text: "The moderation of Wildberries does not give this file out."},
		}, nil
	}
}

// links fetches files by the addresses that stand in messages, reviews and claims. The address is
// foreign data: only hosts of Wildberries and that of the base address are
// asked, and they never get the token.
type links struct {
	client *http.Client
	scheme string // of the base address
	host   string // of the base address, "" for the real remote side
}

const (
	linkTimeout = 2 * time.Minute
	largestLink = 64 << 20
)

func newLinks(s channel.Settings) links {
	own := http.Client{Timeout: linkTimeout}
	if s.Client != nil {
		own.Transport = s.Client.Transport
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	l := links{client: &own}
	if base, err := url.Parse(s.BaseURL); err == nil {
		l.scheme, l.host = base.Scheme, base.Host
	}
	return l
}

// allowed tells whether an address may be asked.
func (l links) allowed(u *url.URL) bool {
	if u.User != nil || u.Host == "" {
		return false
	}
	if l.host != "" && u.Host == l.host && u.Scheme == l.scheme {
		return true
	}
	host := strings.ToLower(u.Hostname())
	ours := slices.ContainsFunc(mediaHosts(), func(of string) bool { return strings.HasSuffix(host, of) })
	return u.Scheme == "https" && u.Port() == "" && ours
}

// mediaHosts are the ends of the hosts that stood in messages, reviews and
// claims.
func mediaHosts() []string { return []string{".wbbasket.ru", ".wildberries.ru", ".wbstatic.net"} }

// parse reads an address. Claims name theirs without a scheme, which the
// client takes for https; the base address knows better about its own host.
func (l links) parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err == nil && l.host != "" && u.Host == l.host {
		u.Scheme = l.scheme
	}
	return u, err
}

func (l links) fetch(ctx context.Context, address string) (sellerdesk.Fetched, error) {
	u, err := l.parse(address)
	if err != nil || address == "" || !l.allowed(u) {
		return sellerdesk.Fetched{
			State: sellerdesk.FetchRefused, Size: -1,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonFileRefused, Text: "Nothing names a place at Wildberries where this file could be."},
		}, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return sellerdesk.Fetched{}, gone(err)
	}
	resp, err := l.client.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the wrapper repeats the address
		}
		return sellerdesk.Fetched{}, unreachable(err)
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return sellerdesk.Fetched{}, noFile(resp.StatusCode)
	}
	if resp.ContentLength > largestLink {
		_ = resp.Body.Close()
		return sellerdesk.Fetched{
			State: sellerdesk.FetchRefused, Size: resp.ContentLength,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonFileTooLarge, Text: "The file is too large to be kept."},
		}, nil
	}
	body := struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, largestLink+1), resp.Body}
	return sellerdesk.Fetched{State: sellerdesk.FetchReady, Body: body, Type: resp.Header.Get("Content-Type"), Size: resp.ContentLength}, nil
}

// noFile classes the answer of a file host that gives no file.
func noFile(status int) *channel.Error {
	cause := fmt.Errorf("file host answers %d", status)
	if status >= 500 || status == http.StatusTooManyRequests {
		return unreachable(cause)
	}
	return gone(cause)
}

func unreachable(cause error) *channel.Error {
	return &channel.Error{
		Class: channel.Temporary, Err: cause,
		Why: sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "The file host of Wildberries does not answer at the moment."},
	}
}

func gone(cause error) *channel.Error {
	return &channel.Error{
		Class: channel.Gone, Err: cause,
		Why: sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: "Wildberries no longer has this file."},
	}
}
