package server_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// quiet answers a request without a network, so that addresses can be chosen.
type quiet struct {
	t *testing.T
	h http.Handler
}

func (q quiet) ask(method, target string, change func(*http.Request)) *httptest.ResponseRecorder {
	q.t.Helper()
	r := httptest.NewRequestWithContext(q.t.Context(), method, target, nil)
	r.Host, r.RemoteAddr = "localhost:8484", "127.0.0.1:50000"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	q.h.ServeHTTP(w, r)
	return w
}

func start(t *testing.T, change func(*server.Deps)) (quiet, *servertest.House) {
	t.Helper()
	h := servertest.New(t, change)
	h.HTTP.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		user, ok := server.Actor(r.Context())
		w.Header().Set("Content-Type", "text/html")
		if ok && user.Owner {
			_, _ = io.WriteString(w, "owner")
		}
	})
	h.HTTP.Handle("GET /private", h.HTTP.RequirePerson(http.NotFoundHandler()))
	h.HTTP.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("the token is 12345") })
	h.HTTP.HandleFunc("GET /long", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, strings.Repeat("long ", 1000))
	})
	h.HTTP.HandleFunc("POST /change", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return quiet{t, h.HTTP.Handler()}, h
}

func withKey(key string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) }
}

// own makes the house have an owner and gives a session of theirs.
func own(t *testing.T, h *servertest.House) string {
	t.Helper()
	ctx := t.Context()
	link, err := h.Desk.Users.OwnerLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	owner, err := h.Desk.Users.UseLink(ctx, desk.LinkInput{Token: link, Login: "anna", Password: "long enough to pass"})
	if err != nil {
		t.Fatal(err)
	}
	token, err := h.Desk.Users.OpenSession(ctx, owner.ID)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func withSession(token string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "sellerdesk_session", Value: token}) }
}

func problemOf(t *testing.T, w *httptest.ResponseRecorder) server.Problem {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("content type %q with body %s", got, w.Body)
	}
	var p server.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != w.Code {
		t.Errorf("the body says %d, the answer is %d", p.Status, w.Code)
	}
	return p
}

func TestWhoMayEnter(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	session := own(t, h)
	for _, c := range []struct {
		name   string
		path   string
		change func(*http.Request)
		want   int
	}{
		{"nobody gets no data", "/v1/me", nil, 401},
		{"the key lets in", "/v1/me", withKey(servertest.Key), 200},
		{"a scheme in small letters is a scheme", "/v1/me", func(r *http.Request) { r.Header.Set("Authorization", "bearer "+servertest.Key) }, 200},
		{"a wrong key is told at once", "/v1/me", withKey("another-key-of-length"), 401},
		{"a beginning of the key is a wrong key", "/v1/me", withKey(servertest.Key[:10]), 401},
		{"an empty key is a wrong key", "/v1/me", withKey(""), 401},
		{"basic sign-in is not the key", "/v1/me", func(r *http.Request) { r.SetBasicAuth("owner", servertest.Key) }, 401},
		{"a session lets in", "/v1/me", withSession(session), 200},
		{"an ended session is nobody", "/v1/me", withSession("gone"), 401},
		{"a page sends nobody to the sign-in", "/private", nil, 303},
		{"health needs nobody", "/healthz", nil, 200},
		{"readiness needs nobody", "/readyz", nil, 200},
		{"the contract needs nobody", "/v1/openapi.json", nil, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := q.ask("GET", c.path, c.change)
			if w.Code != c.want {
				t.Errorf("got %d, want %d: %s", w.Code, c.want, w.Body)
			}
			if w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Error("a 401 must say how to sign in")
			}
		})
	}
}

func TestNoKeyMeansNoProgramEnters(t *testing.T) {
	t.Parallel()
	q, _ := start(t, func(d *server.Deps) { d.APIKey = "" })
	if w := q.ask("GET", "/v1/me", withKey("")); w.Code != 401 {
		t.Errorf("an empty key entered: %d", w.Code)
	}
}

func TestKeyMayHoldSpacesAndSigns(t *testing.T) {
	t.Parallel()
	const key = "a key, of (several) words: \"+=~\""
	q, _ := start(t, func(d *server.Deps) { d.APIKey = key })
	if w := q.ask("GET", "/v1/me", withKey(key)); w.Code != 200 {
		t.Errorf("the key is refused: %d %s", w.Code, w.Body)
	}
	if w := q.ask("GET", "/v1/me", withKey("a key,")); w.Code != 401 {
		t.Errorf("its first words entered: %d", w.Code)
	}
}

func TestSignInComesBackToThePage(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	own(t, h)
	w := q.ask("GET", "/private?page=2", nil)
	if got, want := w.Header().Get("Location"), server.SignInPath+"?next=%2Fprivate%3Fpage%3D2"; got != want {
		t.Errorf("sent to %q, want %q", got, want)
	}
	w = q.ask("GET", "/private", func(r *http.Request) { r.Header.Set("HX-Request", "true") })
	if w.Code != 401 || w.Header().Get("HX-Redirect") != server.SignInPath {
		t.Errorf("a fragment got %d and %q", w.Code, w.Header().Get("HX-Redirect"))
	}
}

func TestBeforeThereIsAnOwner(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	if w := q.ask("GET", "/", nil); w.Code != 303 || w.Header().Get("Location") != server.WelcomePath {
		t.Errorf("a page answered %d", w.Code)
	}
	if p := problemOf(t, q.ask("GET", "/v1/me", nil)); p.Code != sellerdesk.CodeForbidden || !strings.Contains(p.Detail, "link") {
		t.Errorf("the API answered %+v", p)
	}
	if w := q.ask("GET", "/v1/me", withKey(servertest.Key)); w.Code != 200 {
		t.Errorf("the key must work without an owner, got %d", w.Code)
	}
	if w := q.ask("GET", "/healthz", nil); w.Code != 200 {
		t.Errorf("health answered %d", w.Code)
	}
	own(t, h)
	if w := q.ask("GET", "/", nil); w.Code != 200 {
		t.Errorf("after the owner came a page answered %d", w.Code)
	}
}

func TestTheDemoLetsThisMachineIn(t *testing.T) {
	t.Parallel()
	q, _ := start(t, func(d *server.Deps) { d.LoopbackSession = true })
	w := q.ask("GET", "/", nil)
	if w.Code != 200 || w.Body.String() != "owner" {
		t.Fatalf("got %d %q", w.Code, w.Body)
	}
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure {
		t.Errorf("the cookie is %v", cookie)
	}
	if w := q.ask("GET", "/v1/me", withSession(cookie.Value)); w.Code != 200 {
		t.Errorf("the session did not work: %d", w.Code)
	}
	if w := q.ask("GET", "/private", nil); w.Code != 404 || len(w.Result().Cookies()) != 1 {
		t.Errorf("another page first: got %d", w.Code)
	}
	for _, path := range []string{"/v1/me", "/v1"} {
		if w := q.ask("GET", path, nil); len(w.Result().Cookies()) != 0 {
			t.Errorf("only pages give sessions, %s answered %d", path, w.Code)
		}
	}
	if w := q.ask("GET", "/", withSession(cookie.Value)); len(w.Result().Cookies()) != 0 {
		t.Error("who has a session gets no other")
	}
	for name, change := range map[string]func(*http.Request){
		"a name that points here":    func(r *http.Request) { r.Host = "evil.example:8484" },
		"a name that looks like one": func(r *http.Request) { r.Host = "localhost.evil.example" },
		"no name":                    func(r *http.Request) { r.Host = "" },
		"another machine":            func(r *http.Request) { r.RemoteAddr = "192.0.2.7:1234" },
	} {
		if w := q.ask("GET", "/", change); w.Code != 403 || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: got %d", name, w.Code)
		}
	}
	for _, host := range []string{"127.0.0.1:8484", "[::1]:8484", "LOCALHOST", "127.0.0.2"} {
		if w := q.ask("GET", "/", func(r *http.Request) { r.Host = host }); w.Code != 200 {
			t.Errorf("host %s: got %d", host, w.Code)
		}
	}
}

func TestAnotherSiteChangesNothing(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	own(t, h)
	w := q.ask("POST", "/change", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if p := problemOf(t, w); p.Code != sellerdesk.CodeForbidden || p.Status != 403 {
		t.Errorf("got %+v", p)
	}
	if w := q.ask("POST", "/change", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }); w.Code != 204 {
		t.Errorf("our own page got %d", w.Code)
	}
}

func TestWhatProgramsAskIsAnsweredForPrograms(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	own(t, h)
	h.HTTP.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") })
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/v1", 404, ""},
		{"GET", "/v1/nothing", 404, ""},
		{"PATCH", "/healthz", 405, "GET"},
		{"DELETE", "/readyz", 405, "GET"},
	} {
		w := q.ask(c.method, c.path, withKey(servertest.Key))
		if p := problemOf(t, w); p.Status != c.status || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow %q", c.method, c.path, p.Status, w.Header().Get("Allow"))
		}
	}
}

func TestTheAddressOfAClientIsToldByAProxyHere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		remote string
		hops   []string
		want   string
	}{
		"nobody between":               {"192.0.2.7:1234", nil, "192.0.2.7"},
		"a proxy on this machine":      {"127.0.0.1:1234", []string{"192.0.2.9"}, "192.0.2.9"},
		"a chain, whose last hop saw":  {"127.0.0.1:1234", []string{"10.0.0.1, 192.0.2.9"}, "192.0.2.9"},
		"several headers":              {"[::1]:1234", []string{"10.0.0.1", "192.0.2.9"}, "192.0.2.9"},
		"an address with a port":       {"[::1]:1234", []string{"[2001:db8::1]:99"}, "2001:db8::1"},
		"a stranger who says anything": {"192.0.2.7:1234", []string{"127.0.0.1"}, "192.0.2.7"},
		"no address":                   {"127.0.0.1:1234", []string{"unknown"}, "127.0.0.1"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.hops
		if got := server.ClientAddress(r); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestAPanicIsOneProblemAndNoMore(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	q, h := start(t, func(d *server.Deps) { d.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	own(t, h)
	w := q.ask("GET", "/panic", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	p := problemOf(t, w)
	if p.Code != sellerdesk.CodeInternal || strings.Contains(p.Detail, "12345") {
		t.Errorf("got %+v", p)
	}
	if id := w.Header().Get("X-Request-Id"); !strings.Contains(p.Detail, id) || !strings.Contains(log.String(), id) {
		t.Errorf("the id %q is not in the answer and the log", id)
	}
}

func TestAddressesAreNotLogged(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	q, _ := start(t, func(d *server.Deps) {
		d.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	q.ask("GET", "/link/one-time-secret?key=another-secret", nil)
	if strings.Contains(log.String(), "secret") {
		t.Errorf("the log tells a secret: %s", log.String())
	}
	if !strings.Contains(log.String(), "status=404") {
		t.Errorf("the log misses the request: %q", log.String())
	}
}

func TestTextsArePacked(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	own(t, h)
	w := q.ask("GET", "/long", func(r *http.Request) { r.Header.Set("Accept-Encoding", "br, gzip") })
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > 500 {
		t.Fatalf("got %q with %d bytes", w.Header().Get("Content-Encoding"), w.Body.Len())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || len(b) != 5000 {
		t.Errorf("unpacked %d bytes, %v", len(b), err)
	}
	for name, accept := range map[string]string{"a client that does not": "", "a client that forbids it": "gzip;q=0"} {
		if w := q.ask("GET", "/long", func(r *http.Request) { r.Header.Set("Accept-Encoding", accept) }); w.Header().Get("Content-Encoding") != "" || w.Body.Len() != 5000 {
			t.Errorf("%s got %q", name, w.Header().Get("Content-Encoding"))
		}
	}
	if w := q.ask("GET", "/healthz", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }); w.Header().Get("Content-Encoding") != "" {
		t.Error("a short answer was packed")
	}
}

func TestEveryCodeHasItsStatus(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	for code, want := range map[sellerdesk.Code]int{
		sellerdesk.CodeInvalid: 422, sellerdesk.CodeNotFound: 404, sellerdesk.CodeConflict: 409, sellerdesk.CodeForbidden: 403,
		sellerdesk.CodeUnsupported: 409, sellerdesk.CodeLimited: 429, sellerdesk.CodeUnavailable: 503, sellerdesk.CodeInternal: 500,
	} {
		h.HTTP.HandleFunc("GET /v1/fails/"+string(code), func(w http.ResponseWriter, r *http.Request) {
			h.HTTP.Problem(w, r, sellerdesk.Errorf(code, "So it is.").InField("text").Because(errors.New("password is secret")))
		})
		w := q.ask("GET", "/v1/fails/"+string(code), withKey(servertest.Key))
		p := problemOf(t, w)
		if p.Status != want || p.Code != code || p.Field != "text" || p.Title == "" {
			t.Errorf("%s: got %+v", code, p)
		}
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: the cause was told", code)
		}
		if later := w.Header().Get("Retry-After") != ""; later != (want == 429 || want == 503) {
			t.Errorf("%s: Retry-After is there: %v", code, later)
		}
	}
}

func TestUnknownAddresses(t *testing.T) {
	t.Parallel()
	q, _ := start(t, nil)
	if p := problemOf(t, q.ask("GET", "/v1/nothing", withKey(servertest.Key))); p.Code != sellerdesk.CodeNotFound {
		t.Errorf("got %+v", p)
	}
	w := q.ask("DELETE", "/v1/counters", withKey(servertest.Key))
	if problemOf(t, w); w.Code != 405 || w.Header().Get("Allow") != "GET" {
		t.Errorf("got %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestPagesRunOnlyOurScripts(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	own(t, h)
	first, second := q.ask("GET", "/", nil).Header(), q.ask("GET", "/", nil).Header()
	policy := first.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self' 'nonce-", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy misses %q: %s", part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || policy == second.Get("Content-Security-Policy") {
		t.Errorf("the policy is loose or its nonce is used twice: %s", policy)
	}
	if first.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("the browser may guess types")
	}
}

// FuzzLoopbackHost looks for a host that the demo takes for this machine and a
// browser takes for another.
func FuzzLoopbackHost(f *testing.F) {
	for _, host := range []string{"localhost", "127.0.0.1:80", "[::1]:80", "localhost.evil.example", "127.0.0.1.evil.example", "[localhost", "::ffff:127.0.0.1", "localhost:80:90", "0"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if !server.LoopbackHost(host) {
			return
		}
		bare := strings.ToLower(host)
		if name, _, err := net.SplitHostPort(bare); err == nil {
			bare = name
		}
		bare = strings.TrimSuffix(strings.Trim(bare, "[]"), ".")
		if ip := net.ParseIP(strings.SplitN(bare, "%", 2)[0]); bare != "localhost" && (ip == nil || !ip.IsLoopback()) {
			t.Errorf("%q is taken for this machine", host)
		}
	})
}
