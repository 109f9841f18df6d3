package radist

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

const (
	// downloadTimeout bounds a file with the reading of its body.
	downloadTimeout = 10 * time.Minute
	downloadName    = "GET file"
)

// Download is a file on its way.
type Download struct {
	// Body is the file. The caller closes it. Reading it fails when the file
	// breaks off, and with [ErrTooLarge] when it is longer than MaxFileSize.
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

// Download fetches what a message shows, by [Media.URL]. Links are foreign data:
// only the service's own hosts, that of the base address and those of
// [WithFileHosts] are asked, else it is ErrRefused and ErrNotSent. The key is not
// sent along, and redirects to other hosts are not followed.
//
// It is asked for once and counts for no limit.
func (s *FilesService) Download(ctx context.Context, link string) (*Download, error) {
	u, err := url.Parse(link)
	if err != nil || !slices.ContainsFunc(s.c.hosts, func(h string) bool { return leadsTo(u, h) }) {
		// The error of url.Parse repeats the link.
		return nil, localError(downloadName, errors.New("the link leads to a host that keeps no files of the service"), ErrRefused)
	}
	ctx, cancel := context.WithTimeout(ctx, downloadTimeout)
	o := operation{method: http.MethodGet, path: "file"}
	var d *Download
	err = s.c.open.Do(ctx, rest.Call{Op: downloadName, Method: http.MethodGet, URL: u.String()}, func(resp *http.Response) (err error) {
		d, err = accept(o, resp)
		return err
	})
	if err != nil {
		cancel()
		var failure *rest.Failure
		if errors.As(err, &failure) {
			return nil, noAnswer(o, failure)
		}
		return nil, err
	}
	d.Body = &cappedBody{body: d.Body, left: MaxFileSize, end: cancel}
	return d, nil
}

// accept looks whether an answer is a file.
func accept(o operation, resp *http.Response) (*Download, error) {
	if resp.StatusCode != http.StatusOK {
		// What is broken about the body of an error does not matter: the status says enough.
		body, _ := rest.ReadBody(resp, longestErrorBody)
		return nil, refusal(o, resp.StatusCode, 0, string(body))
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	name := fileName(resp.Header)
	switch {
	case resp.ContentLength > MaxFileSize:
		_ = resp.Body.Close()
		return nil, tooLarge(fmt.Errorf("the file has %d bytes, %d are allowed", resp.ContentLength, MaxFileSize))
	case kind == "text/html" && name == "":
		_ = resp.Body.Close()
		return nil, misunderstood(o, resp.StatusCode, "", fmt.Errorf("%w: a page for people instead of a file", rest.ErrMalformed))
	}
	return &Download{Body: resp.Body, ContentType: kind, Name: name, Size: resp.ContentLength}, nil
}

func tooLarge(cause error) *Error {
	return &Error{Op: downloadName, Status: http.StatusOK, Outcome: OutcomeAnswered, kinds: []error{ErrTooLarge, ErrRefused}, cause: cause}
}

// fileHosts are those that may be asked; the first is the whole address of the base.
func fileHosts(base string, further []string) []string {
	u, _ := url.Parse(base) // checkBase has parsed it
	return slices.Concat([]string{u.Scheme + "://" + u.Host}, ownFileHosts[:], further)
}

// leadsTo tells whether a link is one of a host.
func leadsTo(u *url.URL, host string) bool {
	switch {
	case u.User != nil || u.Host == "":
		return false
	case strings.Contains(host, "://"):
		return u.Scheme+"://"+u.Host == host
	case u.Scheme != "https" || u.Port() != "":
		return false
	}
	name := strings.ToLower(u.Hostname())
	return name == host || strings.HasPrefix(host, ".") && strings.HasSuffix(name, host)
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
		return 0, tooLarge(fmt.Errorf("the file has more than %d bytes", MaxFileSize))
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

// unlimited lets every request go: files count for no limit.
type unlimited struct{}

func (unlimited) Wait(ctx context.Context, _ string) error { return ctx.Err() }

func (unlimited) Observe(string, *http.Response) {}
