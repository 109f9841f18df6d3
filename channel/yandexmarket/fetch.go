package yandexmarket

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
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// Fetch gets the bytes of a file from the address that stood in the message or
// review. The link of a chat may have ended; then the message is read again for
// a fresh one.
func (c *connector) Fetch(ctx context.Context, f sellerdesk.RemoteFile) (sellerdesk.Fetched, error) {
	var at link
	if json.Unmarshal(f.Remote, &at) != nil {
		at = link{}
	}
	got, err := c.links.fetch(ctx, at.URL)
	if !at.mayEnd() || !ended(got, err) {
		return got, err
	}
	fresh, why := c.chats.freshLink(ctx, at)
	switch {
	case why != nil && class(why) != channel.Gone:
		return sellerdesk.Fetched{}, why
	case fresh == "" || fresh == at.URL:
		return got, err
	}
	return c.links.fetch(ctx, fresh)
}

// mayEnd tells whether there is a message in which a fresh link may stand.
func (l link) mayEnd() bool { return l.Chat > 0 && l.Message > 0 && l.Place >= 0 }

// ended tells that a link no longer leads to its file, as far as anybody can tell.
func ended(got sellerdesk.Fetched, err error) bool {
	return gone(err) || err == nil && got.State != sellerdesk.FetchReady && got.Why.Code == sellerdesk.ReasonCredentials
}

// freshLink reads the link of a file again, "" when its message has it no more.
func (c *chats) freshLink(ctx context.Context, at link) (string, error) {
	who, err := c.business(ctx)
	if err != nil {
		return "", err
	}
	got, err := c.client.Chats.History(ctx, who.id, at.Chat, api.ListMessages{From: at.Message, Limit: 1})
	if err != nil {
		return "", c.failure(err, reading)
	}
	i := slices.IndexFunc(got.Items, func(m api.Message) bool { return m.ID == at.Message })
	if i < 0 || at.Place >= len(got.Items[i].Files) {
		return "", nil
	}
	return got.Items[i].Files[at.Place].URL, nil
}

// links fetches files by the addresses that stand in messages and reviews. An
// address is foreign data: only hosts of Yandex and that of the base address
// are asked, and only those that keep the files of chats get the credentials.
type links struct {
	client *http.Client
	scheme string // of the base address
	host   string // of the base address, "" for the real remote side
	// admit puts in what opens the files of chats. It keeps the token where no
	// print verb finds it.
	admit func(http.Header)
	// lent: that is the token of the account, since none for files was given.
	lent bool
}

const (
	linkTimeout = 2 * time.Minute
	largestLink = 64 << 20
	// askForToken is when a file is asked for again that needs a token which a
	// person has to give.
	askForToken = 6 * time.Hour
)

func newLinks(s channel.Settings, key bool) links {
	own := http.Client{Timeout: linkTimeout}
	if s.Client != nil {
		own.Transport = s.Client.Transport
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	l := links{client: &own}
	if base, err := url.Parse(s.BaseURL); err == nil {
		l.scheme, l.host = base.Scheme, base.Host
	}
	token, files := trimmed(s, fieldToken), trimmed(s, fieldFiles)
	switch {
	case files != "":
		// Seen live (2026): files of buyers are given to a user's token only.
		l.admit = func(h http.Header) { h.Set("Authorization", "OAuth "+files) }
	case key:
		l.admit, l.lent = func(h http.Header) { h.Set("Api-Key", token) }, true
	default:
		l.admit, l.lent = func(h http.Header) { h.Set("Authorization", "OAuth "+token) }, true
	}
	return l
}

// allowed tells whether an address may be asked, and whether it may have the
// credentials.
func (l links) allowed(u *url.URL) (ask, trust bool) {
	if u.User != nil || u.Host == "" {
		return false, false
	}
	if l.host != "" && u.Host == l.host && u.Scheme == l.scheme {
		return true, true
	}
	host := strings.ToLower(u.Hostname())
	within := func(hosts []string) bool {
		return slices.ContainsFunc(hosts, func(of string) bool { return strings.HasSuffix(host, of) })
	}
	ask = u.Scheme == "https" && u.Port() == "" && within([]string{".yandex.net", ".yandex.ru"})
	return ask, ask && within([]string{".messenger.yandex.net", ".market.yandex.ru"})
}

func (l links) fetch(ctx context.Context, address string) (sellerdesk.Fetched, error) {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return nowhere(), nil
	}
	ask, trust := l.allowed(u)
	if !ask {
		return nowhere(), nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nowhere(), nil
	}
	if trust {
		l.admit(req.Header)
	}
	resp, err := l.client.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the wrapper repeats the address
		}
		return sellerdesk.Fetched{}, hostDown(err)
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return l.without(resp)
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

// nowhere is the answer for an address that must not be asked.
func nowhere() sellerdesk.Fetched {
	return sellerdesk.Fetched{
		State: sellerdesk.FetchRefused, Size: -1,
		Why: sellerdesk.Why{Code: sellerdesk.ReasonFileRefused, Text: "Nothing names a place at Yandex where this file could be."},
	}
}

// without is the answer of a file host that gives no file. Where only a token
// is missing the file is asked for again: a person may give one meanwhile.
func (l links) without(resp *http.Response) (sellerdesk.Fetched, error) {
	cause := fmt.Errorf("file host answers %d", resp.StatusCode)
	switch status := resp.StatusCode; {
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		if l.lent {
			return sellerdesk.Fetched{
				State: sellerdesk.FetchPending, RetryAfter: askForToken, Size: -1,
				Why: sellerdesk.Why{
					Code: sellerdesk.ReasonCredentials,
					Text: "Yandex gives this file to a user's token only. Add a token for files to the account.",
				},
			}, nil
		}
		return sellerdesk.Fetched{
			State: sellerdesk.FetchRefused, Size: -1,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonCredentials, Text: "Yandex does not give this file to the token for files of the account."},
		}, nil
	case status == statusEnhanceYourCalm || status == http.StatusTooManyRequests:
		e := hostDown(cause)
		e.Class, e.RetryAfter = channel.Throttled, defaultPause
		e.Why.Code = sellerdesk.ReasonThrottled
		return sellerdesk.Fetched{}, e
	case status >= 500:
		return sellerdesk.Fetched{}, hostDown(cause)
	default:
		return sellerdesk.Fetched{}, &channel.Error{
			Class: channel.Gone, Err: cause,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: "Yandex Market no longer has this file."},
		}
	}
}

// statusEnhanceYourCalm is what Yandex Market answers over a limit.
const statusEnhanceYourCalm = 420

func hostDown(cause error) *channel.Error {
	return &channel.Error{
		Class: channel.Temporary, Err: cause,
		Why: sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "The file host of Yandex does not answer at the moment."},
	}
}
