package wildberries

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// DownloadState is what became of a request for a file.
type DownloadState string

// The states.
const (
	DownloadReady   DownloadState = "ready"   // Body is the file
	DownloadPending DownloadState = "pending" // still in moderation: ask again after RetryAfter
	DownloadRefused DownloadState = "refused" // moderation said no, for good
)

// Download is the answer to a request for a file.
type Download struct {
	State DownloadState
	// Body is the file, nil unless State is DownloadReady. The caller closes it. Reading it fails when the file breaks off or
	// is longer than 64 MiB.
	Body io.ReadCloser
	// ContentType is what the remote side says: application/pdf, image/jpeg or image/png by the document. Do not trust it.
	ContentType string
	// Name is the file's name without folders, "" when not told.
	Name string
	// Size is in bytes, -1 when not told.
	Size int64
	// RetryAfter is set for DownloadPending, 1 s to 1 h.
	RetryAfter time.Duration
	// Reason is the remote side's text for DownloadRefused.
	Reason string
}

// Close closes Body, if there is one.
func (d *Download) Close() error {
	if d.Body == nil {
		return nil
	}
	return d.Body.Close()
}

const (
	largestDownload = 64 << 20
	defaultPending  = 30 * time.Second
	longestPending  = time.Hour
	longestID       = 256
)

// Download asks for the file of a message by FileInfo.DownloadID. Moderation is a result, not an error: look at State. An unknown
// id is ErrNotFound.
//
// Operation: GET /api/v1/seller/download/{id}. Limit: 10 per 10 s, burst 10; basic tokens 10 per hour, burst 1. Document of 2026-07-23.
func (s *ChatsService) Download(ctx context.Context, id string) (*Download, error) {
	o := chatOperation(http.MethodGet, "/api/v1/seller/download/"+url.PathEscape(id), BucketChatDownload)
	o.name = "GET /api/v1/seller/download/{id}"
	// "." and ".." would change the path, which escaping does not prevent.
	if id == "" || len(id) > longestID || strings.Trim(id, ".") == "" {
		return nil, localError(o.name, errors.New("this cannot be a download id"), ErrNotFound, ErrRefused)
	}
	var d *Download
	err := s.c.send(ctx, o, nil, func(resp *http.Response) (err error) {
		if resp.StatusCode == http.StatusAccepted {
			d, err = s.pending(o, resp)
			return err
		}
		d, err = ready(o, resp)
		return err
	})
	var refused *Error
	if errors.As(err, &refused) && refused.Status == http.StatusUnavailableForLegalReasons {
		return &Download{State: DownloadRefused, Reason: refused.Detail, Size: -1}, nil
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (s *ChatsService) pending(o operation, resp *http.Response) (*Download, error) {
	body, err := rest.ReadBody(resp, longestErrorBody)
	var answer struct {
		RetrySeconds claimNumber `json:"retrySeconds"`
	}
	if err == nil {
		err = rest.DecodeJSON(resp.Header, body, &answer)
	}
	if err != nil {
		return nil, misunderstood(o, resp.StatusCode, body, err)
	}
	wait := defaultPending
	if n := answer.RetrySeconds; n > 0 {
		wait = time.Duration(min(int64(n), int64(longestPending/time.Second))) * time.Second
	}
	return &Download{State: DownloadPending, RetryAfter: wait, Size: -1}, nil
}

func ready(o operation, resp *http.Response) (*Download, error) {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind == "text/html" || strings.HasSuffix(kind, "json") {
		body, _ := rest.ReadBody(resp, longestErrorBody)
		return nil, misunderstood(o, resp.StatusCode, body, fmt.Errorf("%w: %s instead of a file", rest.ErrMalformed, kind))
	}
	if resp.ContentLength > largestDownload {
		_ = resp.Body.Close()
		return nil, misunderstood(o, resp.StatusCode, nil, fmt.Errorf("%w: a file of %d bytes", rest.ErrTooLarge, resp.ContentLength))
	}
	return &Download{
		State: DownloadReady, Body: &cappedBody{body: resp.Body, left: largestDownload}, ContentType: kind,
		Name: fileName(resp.Header), Size: resp.ContentLength,
	}, nil
}

// fileName takes the last part of the name that Content-Disposition gives.
func fileName(header http.Header) string {
	_, params, err := mime.ParseMediaType(header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	name := path.Base(strings.ReplaceAll(oneLine(params["filename"], longestName), `\`, "/"))
	if name == "." || name == "/" || name == ".." {
		return ""
	}
	return name
}

// cappedBody fails instead of reading without end.
type cappedBody struct {
	body io.ReadCloser
	left int64
}

func (b *cappedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		var one [1]byte
		if n, err := b.body.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, rest.ErrTooLarge
	}
	n, err := b.body.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

func (b *cappedBody) Close() error { return b.body.Close() }
