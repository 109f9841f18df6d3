package web_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// visitor is a browser without scripts.
type visitor struct {
	tb    testing.TB
	house *servertest.House
	http  *http.Client
}

func visit(tb testing.TB, h *servertest.House) *visitor {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &visitor{tb: tb, house: h, http: &http.Client{Jar: jar}}
}

// answer is a page as it came.
type answer struct {
	status int
	body   string
	header http.Header
	path   string // where redirects ended
}

func (v *visitor) do(method, path string, values url.Values, headers ...string) answer {
	v.tb.Helper()
	var body io.Reader
	if values != nil {
		body = strings.NewReader(values.Encode())
	}
	r, err := http.NewRequestWithContext(v.tb.Context(), method, v.house.URL+path, body)
	if err != nil {
		v.tb.Fatal(err)
	}
	if values != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := v.http.Do(r)
	if err != nil {
		v.tb.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.tb.Fatal(err)
	}
	return answer{status: resp.StatusCode, body: string(b), header: resp.Header, path: resp.Request.URL.Path}
}

func (v *visitor) get(path string, headers ...string) answer {
	v.tb.Helper()
	return v.do(http.MethodGet, path, nil, headers...)
}

func (v *visitor) post(path string, values url.Values) answer {
	v.tb.Helper()
	if values == nil {
		values = url.Values{}
	}
	return v.do(http.MethodPost, path, values, "HX-Request", "true")
}

// has fails unless the page is there and holds every text.
func (a answer) has(tb testing.TB, status int, texts ...string) {
	tb.Helper()
	if a.status != status {
		tb.Fatalf("status %d, want %d: %.300s", a.status, status, a.body)
	}
	for _, s := range texts {
		if !strings.Contains(a.body, s) {
			tb.Errorf("the page lacks %q", s)
		}
	}
}

func (a answer) lacks(tb testing.TB, texts ...string) {
	tb.Helper()
	for _, s := range texts {
		if strings.Contains(a.body, s) {
			tb.Errorf("the page holds %q", s)
		}
	}
}

func TestInboxOfTheDemoOpensAtOnce(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	a := visit(t, h).get("/")
	a.has(t, 200, "Anna", "Where is my cup?", "Needs answer", "Post office box")
	csp := a.header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "script-src 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("content security policy %q", csp)
	}
}
