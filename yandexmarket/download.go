package yandexmarket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// MaxDownload bounds a file that is fetched, in bytes. Those of chats have
// [MaxFileSize] at most; the media of reviews have no published bound.
const MaxDownload = 64 << 20

const (
	// downloadTimeout bounds a file with the reading of its body.
	downloadTimeout   = 5 * time.Minute
	downloadRedirects = 3
	downloadName      = "GET file"
)

// Download is a file on its way.
type Download struct {
	// Body is the file. The caller closes it. Reading it fails when the file
	// breaks off, and with [ErrTooLarge] when it is longer than MaxDownload.
	Body io.ReadCloser
	// ContentType is what the remote side says, "" when it does not. Do not trust it.
	ContentType string
	// Name is the name without folders, "" when not told.
	Name string
	// Size is in bytes, -1 when not told.
	Size int64
}

// Close closes Body.
func (d *Download) Close() error { return d.Body.Close() }

// Download fetches what a message or a review shows, by [File.URL] or a link of
// [ReviewMedia]. Links are foreign data: only hosts of Yandex over https and the
// host of the base address are asked, else it is ErrRefused and ErrNotSent; only
// the base address and the hosts that keep the files of chats get credentials,
// and never after a redirect to another host. Which credentials open the files
// of buyers is not documented: see [WithFileToken]. A file that wants others is
// ErrForbidden or ErrUnauthorized, a link that has ended ErrNotFound; the
// history of the chat has a fresh one.
//
// It is asked for once and counts for no quota.
func (s *ChatsService) Download(ctx context.Context, address string) (*Download, error) {
	return s.c.files.fetch(ctx, address)
}

// files fetches files by addresses that others wrote.
type files struct {
	client *http.Client
	base   *url.URL
	// admit puts in what opens the files of chats. It keeps the token where no
	// print verb finds it.
	admit     func(http.Header)
	redact    func(string) string
	clock     rest.Clock
	log       *slog.Logger
	userAgent string
}

func newFiles(c *Client, token string, s settings) *files {
	given := s.http
	if given == nil {
		given = rest.DefaultHTTPClient()
	}
	own := *given
	own.Jar = nil                // its cookies are of no use here, and might be credentials
	base, _ := url.Parse(c.base) // checkBase has parsed it
	f := &files{client: &own, base: base, redact: c.rest.Redact, clock: c.clock, log: s.log, userAgent: s.userAgent}
	own.CheckRedirect = f.follow
	switch {
	case s.fileToken != "":
		f.admit = func(h http.Header) { h.Set("Authorization", "OAuth "+s.fileToken) }
	case s.oauth:
		f.admit = func(h http.Header) { h.Set("Authorization", "OAuth "+token) }
	default:
		f.admit = func(h http.Header) { h.Set("Api-Key", token) }
	}
	return f
}

// allowed tells whether an address may be asked, and whether it may have the
// credentials.
func (f *files) allowed(u *url.URL) (ask, trust bool) {
	switch {
	case u.User != nil || u.Host == "":
		return false, false
	case u.Host == f.base.Host && u.Scheme == f.base.Scheme:
		return true, true
	case u.Scheme != "https" || u.Port() != "":
		return false, false
	}
	return within(u, ".yandex.net", ".yandex.ru"), within(u, ".messenger.yandex.net", ".market.yandex.ru")
}

func within(u *url.URL, domains ...string) bool {
	host := strings.ToLower(u.Hostname())
	return slices.ContainsFunc(domains, func(d string) bool { return strings.HasSuffix(host, d) })
}

// follow lets a file host send on to a store of files, which needs no
// credentials: the address itself opens it. net/http would hand an Api-Key on,
// to whomever. Any other redirect is handed out as the answer; most lead to a
// page for people.
func (f *files) follow(req *http.Request, via []*http.Request) error {
	left := slices.ContainsFunc(via, func(before *http.Request) bool {
		return before.URL.Host != req.URL.Host || before.URL.Scheme != req.URL.Scheme
	})
	ask, _ := f.allowed(req.URL)
	if len(via) > downloadRedirects || !ask || left && !within(req.URL, ".yandex.net") {
		return http.ErrUseLastResponse
	}
	req.Header.Del("Referer") // the address before may be all that guards the file
	if left {
		req.Header.Del("Api-Key")
		req.Header.Del("Authorization")
	}
	return nil
}

func (f *files) fetch(ctx context.Context, address string) (*Download, error) {
	ctx, cancel := context.WithTimeout(ctx, downloadTimeout)
	d, err := f.ask(ctx, address)
	if err != nil {
		cancel()
		return nil, err
	}
	d.Body = &cappedBody{body: d.Body, left: MaxDownload, end: cancel}
	return d, nil
}

func (f *files) ask(ctx context.Context, address string) (*Download, error) {
	u, err := url.Parse(address)
	if err != nil {
		// The error of url.Parse repeats the address.
		return nil, localError(downloadName, errors.New("the link is no address"), ErrRefused)
	}
	ask, trust := f.allowed(u)
	if !ask {
		return nil, localError(downloadName, errors.New("the link leads to a host that keeps no files of the Market"), ErrRefused)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, localError(downloadName, errors.New("the link is no address"), ErrRefused)
	}
	if trust {
		f.admit(req.Header)
	}
	if f.userAgent != "" {
		req.Header.Set("User-Agent", f.userAgent)
	}
	started := f.clock.Now()
	resp, err := f.client.Do(req)
	f.note(ctx, resp, f.clock.Now().Sub(started))
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the wrapper repeats the address
		}
		return nil, &Error{Op: downloadName, Outcome: OutcomeUnknown, kinds: []error{ErrTemporary}, cause: err}
	}
	return f.accept(resp)
}

// accept looks whether an answer is a file.
func (f *files) accept(resp *http.Response) (*Download, error) {
	o := operation{name: downloadName}
	if resp.StatusCode != http.StatusOK {
		// What is broken about the body of an error does not matter: the status says enough.
		body, _ := rest.ReadBody(resp, longestErrorBody)
		return nil, refusal(o, resp.StatusCode, refusedForLimit(resp, f.clock.Now()).RetryAfter, f.redact(string(body)))
	}
	if resp.ContentLength > MaxDownload {
		_ = resp.Body.Close()
		return nil, tooLarge(fmt.Errorf("the file has %d bytes, %d are allowed", resp.ContentLength, MaxDownload))
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	name := fileName(resp.Header)
	if kind == "text/html" && name == "" {
		_ = resp.Body.Close()
		return nil, misunderstood(o, resp.StatusCode, "", fmt.Errorf("%w: a page for people instead of a file", rest.ErrMalformed))
	}
	return &Download{Body: resp.Body, ContentType: kind, Name: name, Size: resp.ContentLength}, nil
}

func tooLarge(cause error) *Error {
	return &Error{Op: downloadName, Status: http.StatusOK, Outcome: OutcomeAnswered, kinds: []error{ErrTooLarge}, cause: cause}
}

func (f *files) note(ctx context.Context, resp *http.Response, took time.Duration) {
	attrs := []slog.Attr{slog.String("op", downloadName), slog.Duration("took", took)}
	if resp != nil {
		attrs = append(attrs, slog.Int("status", resp.StatusCode))
	}
	f.log.LogAttrs(ctx, slog.LevelDebug, "remote call", attrs...)
}

// fileName takes the last part of the name that Content-Disposition gives.
func fileName(header http.Header) string {
	_, params, err := mime.ParseMediaType(header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	name := path.Base(strings.ReplaceAll(oneLine(params["filename"], longestFileName), `\`, "/"))
	if name == "." || name == "/" || name == ".." {
		return ""
	}
	return name
}

// cappedBody fails instead of reading without end, and ends its request when it
// is closed.
type cappedBody struct {
	body io.ReadCloser
	left int64
	end  context.CancelFunc
}

func (b *cappedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		var one [1]byte
		if n, err := b.body.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, tooLarge(fmt.Errorf("the file has more than %d bytes", MaxDownload))
	}
	n, err := b.body.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

func (b *cappedBody) Close() error {
	err := b.body.Close()
	b.end()
	return err
}
