package radist_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/radist"
)

func TestLinksAreForeignData(t *testing.T) {
	t.Parallel()
	var asked []string
	c := scripted(t, func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("X-Api-Key") != "" {
			t.Errorf("%s gets the key", r.URL)
		}
		asked = append(asked, r.URL.Host)
		return says(r, 200, "bytes", "Content-Type", "image/png", "Content-Disposition", `attachment; filename="../a.png"`), nil
	}, radist.WithFileHosts("store.example", ".cdn.example"), radist.WithBaseURL("http://127.0.0.1:8/v2"))
	for link, good := range map[string]bool{
		"https://files.radist.online/f/1": true, "https://STORE.example/1": true, "https://a.cdn.example/1": true, "http://127.0.0.1:8/radist/files/1": true,
		"http://files.radist.online/f/1": false, "https://radist.online.evil.example/1": false, "https://evilradist.online/1": false, "https://127.0.0.1/1": false,
		"https://u@files.radist.online/1": false, "https://files.radist.online:8443/1": false, "http://127.0.0.1:9/1": false, "https://a.store.example/1": false,
		"https://cdn.example/1": false, "file:///etc/passwd": false, "//files.radist.online/1": false, "": false, "https://files.radist.online/\x7f": false,
	} {
		before := len(asked)
		file, err := c.Files.Download(t.Context(), link)
		if !good {
			if !errors.Is(err, radist.ErrRefused) || !errors.Is(err, radist.ErrNotSent) || len(asked) != before {
				t.Errorf("%s: %v, asked %v", link, err, asked[before:])
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", link, err)
			continue
		}
		content, err := io.ReadAll(file.Body)
		if string(content) != "bytes" || err != nil || file.Name != "a.png" || file.ContentType != "image/png" || file.Size != 5 {
			t.Errorf("%s: %+v %q, %v", link, file, content, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	const link = "https://files.radist.online/f/1"
	for _, c := range []struct {
		name string
		f    transport
		want error
	}{
		{"one that is gone", always(404, "{}"), radist.ErrNotFound},
		{"one that is not for us", always(403, "{}"), radist.ErrForbidden},
		{"a page for people", always(200, "<html>", "Content-Type", "text/html"), radist.ErrMalformed},
		{"a redirect elsewhere", always(302, "", "Location", "https://evil.example/"), radist.ErrMalformed},
		{"a broken line", func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }, radist.ErrTemporary},
		{"one that says that it is too large", func(r *http.Request) (*http.Response, error) {
			resp := says(r, 200, "x")
			resp.ContentLength = radist.MaxFileSize + 1
			return resp, nil
		}, radist.ErrTooLarge},
	} {
		if _, err := scripted(t, c.f).Files.Download(t.Context(), link); !errors.Is(err, c.want) || strings.Contains(err.Error(), "/f/1") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	endless := scripted(t, func(r *http.Request) (*http.Response, error) {
		resp := says(r, 200, "")
		resp.Body, resp.ContentLength = io.NopCloser(zeros{}), -1
		return resp, nil
	})
	file, err := endless.Files.Download(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, file.Body); !errors.Is(err, radist.ErrTooLarge) || n != radist.MaxFileSize {
		t.Errorf("one without end: %d bytes, %v", n, err)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}
