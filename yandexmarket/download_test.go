package yandexmarket_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
	"github.com/sellerdesk/sellerdesk/yandexmarket"
)

// kept tells what a request for a file carried.
type kept struct{ host, key, authorization, referer string }

func TestCredentialsGoToHostsOfFilesOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address      string
		asked, trust bool
	}{
		{"https://files.messenger.yandex.net/a", true, true},
		{"https://FILES.Messenger.Yandex.Net/a", true, true},
		{"https://api.partner.market.yandex.ru/file/a", true, true},
		{"https://partner.market.yandex.ru/file/a", true, true},
		{"https://avatars.mds.yandex.net/a", true, false},
		{"https://yandex.ru/a", false, false},
		{"http://files.messenger.yandex.net/a", false, false},
		{"https://files.messenger.yandex.net:8443/a", false, false},
		{"https://files.messenger.yandex.net./a", false, false},
		{"https://user:pass@files.messenger.yandex.net/a", false, false},
		{"https://files.messenger.yandex.net@evil.example/a", false, false},
		{"https://messenger.yandex.net.evil.example/a", false, false},
		{"https://evilmessenger.yandex.net.evil/a", false, false},
		{"https://evilyandex.net/a", false, false},
		{"http://127.0.0.1/a", false, false}, {"//files.messenger.yandex.net/a", false, false},
		{"file:///etc/passwd", false, false}, {"", false, false}, {"https://x\x00/", false, false}, {"%", false, false},
	} {
		t.Run(c.address, func(t *testing.T) {
			t.Parallel()
			var got []kept
			client := scripted(t, func(r *http.Request) (*http.Response, error) {
				got = append(got, kept{r.URL.Host, r.Header.Get("Api-Key"), r.Header.Get("Authorization"), ""})
				return says(r, 200, "bytes", "Content-Type", "image/png"), nil
			})
			file, err := client.Chats.Download(t.Context(), c.address)
			if !c.asked {
				if !errors.Is(err, yandexmarket.ErrRefused) || !errors.Is(err, yandexmarket.ErrNotSent) || len(got) != 0 {
					t.Errorf("%v after %+v", err, got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			if body, err := io.ReadAll(file.Body); string(body) != "bytes" || err != nil || file.Size != 5 || file.ContentType != "image/png" {
				t.Errorf("%q of %+v, %v", body, file, err)
			}
			if len(got) != 1 || (got[0].key == someKey) != c.trust || got[0].authorization != "" {
				t.Errorf("it was asked with %+v", got)
			}
		})
	}
}

func TestWhichCredentialsOpenFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		options []yandexmarket.Option
		want    kept
	}{
		{"the key", nil, kept{key: someKey}},
		{"a token of OAuth, in the words of the file host", []yandexmarket.Option{yandexmarket.WithOAuth()}, kept{authorization: "OAuth " + someKey}},
		{"a token for files instead of the key", []yandexmarket.Option{yandexmarket.WithFileToken(" y0_user ")}, kept{authorization: "OAuth y0_user"}},
	} {
		var got kept
		client := scripted(t, func(r *http.Request) (*http.Response, error) {
			got = kept{key: r.Header.Get("Api-Key"), authorization: r.Header.Get("Authorization")}
			return says(r, 200, "bytes"), nil
		}, c.options...)
		file, err := client.Chats.Download(t.Context(), "https://files.messenger.yandex.net/a")
		if err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
		if got != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// net/http hands a header of its own on to wherever a redirect leads.
func TestNoCredentialsFollowARedirect(t *testing.T) {
	t.Parallel()
	const shut = "https://files.messenger.yandex.net/a?sign=secret"
	for _, c := range []struct {
		name  string
		hops  map[string]string // from an address to the next
		hosts []kept
		works bool
	}{
		{
			"on the same host they stay", map[string]string{shut: "https://files.messenger.yandex.net/b"},
			[]kept{{host: "files.messenger.yandex.net", key: someKey}, {host: "files.messenger.yandex.net", key: someKey}}, true,
		},
		{
			"to a store of files nothing goes along", map[string]string{shut: "https://s3.mds.yandex.net/b"},
			[]kept{{host: "files.messenger.yandex.net", key: someKey}, {host: "s3.mds.yandex.net"}}, true,
		},
		{
			"back on the first host they do not come again",
			map[string]string{shut: "https://s3.mds.yandex.net/b", "https://s3.mds.yandex.net/b": "https://files.messenger.yandex.net/c"},
			[]kept{{host: "files.messenger.yandex.net", key: someKey}, {host: "s3.mds.yandex.net"}, {host: "files.messenger.yandex.net"}}, true,
		},
		{"elsewhere is not gone to", map[string]string{shut: "https://evil.example/b"}, []kept{{host: "files.messenger.yandex.net", key: someKey}}, false},
		{"nor over plain HTTP", map[string]string{shut: "http://files.messenger.yandex.net/b"}, []kept{{host: "files.messenger.yandex.net", key: someKey}}, false},
		{"nor to a page where people sign in", map[string]string{shut: "https://passport.yandex.ru/auth"}, []kept{{host: "files.messenger.yandex.net", key: someKey}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []kept
			client := scripted(t, func(r *http.Request) (*http.Response, error) {
				got = append(got, kept{r.URL.Host, r.Header.Get("Api-Key"), r.Header.Get("Authorization"), r.Header.Get("Referer")})
				if to := c.hops[r.URL.String()]; to != "" {
					return says(r, 302, "", "Location", to), nil
				}
				return says(r, 200, "bytes"), nil
			})
			file, err := client.Chats.Download(t.Context(), shut)
			if err == nil {
				_ = file.Close()
			}
			if (err == nil) != c.works || !c.works && !errors.Is(err, yandexmarket.ErrMalformed) {
				t.Errorf("got %v", err)
			}
			if len(got) != len(c.hosts) {
				t.Fatalf("asked %+v", got)
			}
			for i := range got {
				if got[i] != c.hosts[i] {
					t.Errorf("request %d was %+v, want %+v", i+1, got[i], c.hosts[i])
				}
			}
		})
	}
}

func TestARedirectWithoutEndEnds(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	client := scripted(t, func(r *http.Request) (*http.Response, error) {
		asked.Add(1)
		return says(r, 302, "", "Location", "/a"), nil
	})
	if _, err := client.Chats.Download(t.Context(), "https://files.messenger.yandex.net/a"); err == nil || asked.Load() > 5 {
		t.Errorf("%v after %d requests", err, asked.Load())
	}
}

// endless gives bytes without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestADownloadIsBounded(t *testing.T) {
	t.Parallel()
	const address = "https://files.messenger.yandex.net/a"
	told := scripted(t, func(r *http.Request) (*http.Response, error) {
		resp := says(r, 200, "")
		resp.ContentLength = yandexmarket.MaxDownload + 1
		return resp, nil
	})
	if _, err := told.Chats.Download(t.Context(), address); !errors.Is(err, yandexmarket.ErrTooLarge) {
		t.Errorf("a size over the bound: %v", err)
	}
	silent := scripted(t, func(r *http.Request) (*http.Response, error) {
		resp := says(r, 200, "", "Content-Type", "image/png")
		resp.ContentLength, resp.Body = -1, io.NopCloser(endless{})
		return resp, nil
	})
	file, err := silent.Chats.Download(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n, err := io.Copy(io.Discard, file.Body)
	if n != yandexmarket.MaxDownload || !errors.Is(err, yandexmarket.ErrTooLarge) || file.Size != -1 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestWhatComesInsteadOfAFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer transport
		want   error
	}{
		{"credentials that do not open it", always(403, wrong("FORBIDDEN", "no")), yandexmarket.ErrForbidden},
		{"no credentials", always(401, ""), yandexmarket.ErrUnauthorized},
		{"nothing", always(404, ""), yandexmarket.ErrNotFound},
		{"a link that has ended", always(410, ""), yandexmarket.ErrNotFound},
		{"a limit", always(420, ""), yandexmarket.ErrThrottled},
		{"a failing host", always(502, "<html>"), yandexmarket.ErrTemporary},
		{"a page for people", always(200, "<html>", "Content-Type", "text/html; charset=utf-8"), yandexmarket.ErrMalformed},
		{"part of a file", always(206, "by"), yandexmarket.ErrMalformed},
		{"a broken line", func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }, yandexmarket.ErrTemporary},
	} {
		_, err := scripted(t, c.answer).Chats.Download(t.Context(), "https://files.messenger.yandex.net/a")
		var e *yandexmarket.Error
		if !errors.Is(err, c.want) || !errors.As(err, &e) || e.Op != "GET file" || strings.Contains(err.Error(), "messenger") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestADownloadThatBreaksOffIsNoWholeFile(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Header().Set("Content-Disposition", `attachment; filename="..\\..\\a/b.png"`)
		_, _ = io.WriteString(w, "bytes")
	}))
	t.Cleanup(s.Close)
	c, err := yandexmarket.New(someKey, yandexmarket.WithBaseURL(s.URL+"/market"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	file, err := c.Chats.Download(t.Context(), s.URL+"/files/a")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if body, err := io.ReadAll(file.Body); !errors.Is(err, io.ErrUnexpectedEOF) || file.Name != "b.png" {
		t.Errorf("%q of %+v, %v", body, file, err)
	}
}

// The picture of a review is open to everybody, and gets no key.
func TestThePictureOfAReview(t *testing.T) {
	t.Parallel()
	m := newMarket(t, emulator.Options{})
	id, _ := m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Text: "Плохо", Files: []sandbox.NewPart{{Name: "a.jpg"}}})
	c := m.client()
	got, err := c.Reviews.List(t.Context(), m.business, yandexmarket.ListReviews{IDs: []int64{id}})
	if err != nil || len(got.Items) != 1 || len(got.Items[0].Media.Photos) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	file, err := c.Chats.Download(t.Context(), got.Items[0].Media.Photos[0])
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if n, err := io.Copy(io.Discard, file.Body); n == 0 || n != file.Size || err != nil {
		t.Errorf("%d bytes of %+v, %v", n, file, err)
	}
}
