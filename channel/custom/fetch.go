package custom

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// maxIncoming bounds a file of a buyer, in bytes.
const maxIncoming = 50 << 20

// place is what is kept of a file for the fetch.
type place struct {
	URL string `json:"url"`
}

// fileAddress reads where a file is.
func fileAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || len(text) > longestURL || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return nil, complaint("This is no address of a file.")
	}
	return u, nil
}

// remote names a file of a message.
func (f file) remote() sellerdesk.RemoteFile {
	kept, err := json.Marshal(place{f.URL})
	if err != nil {
		kept = nil
	}
	return sellerdesk.RemoteFile{ID: sellerdesk.RemoteID(f.URL), Name: cut(f.Name, longestName), Type: cut(f.Type, 100), Size: f.Size, Remote: kept}
}

// Fetch gets the bytes of a file: from the host of the script, or from a public
// one. Redirects are not followed.
func (c *connector) Fetch(ctx context.Context, f sellerdesk.RemoteFile) (sellerdesk.Fetched, error) {
	var at place
	if json.Unmarshal(f.Remote, &at) != nil {
		at = place{}
	}
	u, err := fileAddress(at.URL)
	if err != nil {
		return withoutFile(sellerdesk.ReasonFileRefused, "Nothing names a place where this file could be."), nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return withoutFile(sellerdesk.ReasonFileRefused, "Nothing names a place where this file could be."), nil
	}
	client := c.public
	for _, own := range []*url.URL{c.options.reply, c.options.list} {
		if own != nil && u.Scheme == own.Scheme && u.Host == own.Host {
			client = c.hook
		}
	}
	res, err := client.Do(req)
	switch {
	case barred(err) != nil:
		return withoutFile(sellerdesk.ReasonFileRefused, "The file is at a private address other than that of the script."), nil
	case err != nil:
		return sellerdesk.Fetched{}, &channel.Error{Class: channel.Temporary, Err: bare(err),
			Why: sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "The place of this file does not answer at the moment."}}
	case res.StatusCode != http.StatusOK:
		defer discard(res)
		return noFile(res, c)
	case res.ContentLength > maxIncoming:
		discard(res)
		return withoutFile(sellerdesk.ReasonFileTooLarge, "The file is larger than 50 MB."), nil
	}
	kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	return sellerdesk.Fetched{
		State: sellerdesk.FetchReady, Body: &bounded{body: res.Body, left: maxIncoming}, Type: kind, Size: res.ContentLength, Name: nameOf(f, u),
	}, nil
}

func nameOf(f sellerdesk.RemoteFile, u *url.URL) string {
	if n := path.Base(u.Path); f.Name == "" && n != "/" && n != "." && strings.Contains(n, ".") {
		return cut(n, longestName)
	}
	return f.Name
}

// noFile tells what an answer without a file means.
func noFile(res *http.Response, c *connector) (sellerdesk.Fetched, error) {
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return sellerdesk.Fetched{}, throttled(res, c.clock.Now())
	case res.StatusCode >= http.StatusInternalServerError || res.StatusCode == http.StatusRequestTimeout:
		return sellerdesk.Fetched{}, &channel.Error{Class: channel.Temporary,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "The place of this file fails at the moment."}}
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return sellerdesk.Fetched{}, &channel.Error{Class: channel.Gone, Why: sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: "The file is no longer there."}}
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return withoutFile(sellerdesk.ReasonFileRefused, "The file is somewhere else than its address says, and redirects are not followed."), nil
	default:
		return withoutFile(sellerdesk.ReasonFileRefused, "The place of this file does not give it out."), nil
	}
}

func withoutFile(code sellerdesk.ReasonCode, text sellerdesk.Optional) sellerdesk.Fetched {
	return sellerdesk.Fetched{State: sellerdesk.FetchRefused, Size: -1, Why: sellerdesk.Why{Code: code, Text: text}}
}

// bounded gives a body up to a size, and an error beyond it, so that no cut file is
// taken for a whole one.
type bounded struct {
	body io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errors.New("the file is larger than 50 MB")
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errors.New("the file is larger than 50 MB")
	}
	return n, err
}

func (b *bounded) Close() error { return b.body.Close() }
