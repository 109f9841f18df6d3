package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// member makes a person of the house who is signed in.
func member(t *testing.T, h *servertest.House, grants ...sellerdesk.Grant) (id sellerdesk.UserID, session string) {
	t.Helper()
	i, err := h.Desk.Users.Invite(t.Context(), desk.InviteInput{Name: "Olga", Grants: grants})
	if err != nil {
		t.Fatal(err)
	}
	if session, err = h.Desk.Users.OpenSession(t.Context(), i.User.ID); err != nil {
		t.Fatal(err)
	}
	return i.User.ID, session
}

// cookieOf is the session cookie of an answer; nil when it sets none.
func cookieOf(w *httptest.ResponseRecorder) *http.Cookie {
	for _, c := range w.Result().Cookies() {
		if c.Name == "sellerdesk_session" {
			return c
		}
	}
	return nil
}

// A token that somebody else planted in the browser is no session, and it does
// not become one: each sign-in makes its own.
func TestAPlantedTokenBecomesNoSession(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	mine := own(t, h)
	const planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for range 2 {
		if w := q.ask("GET", "/v1/me", withSession(planted)); w.Code != http.StatusUnauthorized || cookieOf(w) != nil {
			t.Errorf("a planted token: %d, cookie %v", w.Code, cookieOf(w))
		}
		if token, err := h.Desk.Users.OpenSession(t.Context(), 1); err != nil || token == planted || token == mine {
			t.Errorf("signed in with a token from before, %v", err)
		}
	}
}

func TestTheCookieIsKeptFromScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		proto  string
		secure bool
	}{"in the clear": {"", false}, "over TLS": {"https", true}} {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/sign-in", nil)
		if c.proto != "" {
			r.Header.Set("X-Forwarded-Proto", c.proto)
		}
		in, out := httptest.NewRecorder(), httptest.NewRecorder()
		server.SignIn(in, r, "token")
		server.SignOut(out, r)
		for _, cookie := range []*http.Cookie{cookieOf(in), cookieOf(out)} {
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure != c.secure || cookie.Path != "/" || cookie.Domain != "" {
				t.Errorf("%s: %v", name, cookie)
			}
		}
		if got := cookieOf(out); got.MaxAge != -1 || got.Value != "" {
			t.Errorf("signing out leaves %v", got)
		}
	}
}

func TestABrowserGetsAnotherTokenWhenRightsChange(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	own(t, h)
	id, session := member(t, h)
	if w := q.ask("GET", "/v1/me", withSession(session)); w.Code != 200 || cookieOf(w) != nil {
		t.Fatalf("before: %d, cookie %v", w.Code, cookieOf(w))
	}
	if _, err := h.Desk.Users.Change(t.Context(), id, desk.ChangeUser{Grants: &[]sellerdesk.Grant{{Role: sellerdesk.RoleOperator}}}); err != nil {
		t.Fatal(err)
	}
	w := q.ask("GET", "/v1/conversations", withSession(session))
	cookie := cookieOf(w)
	if w.Code != 200 || cookie == nil || cookie.Value == session || !cookie.HttpOnly {
		t.Fatalf("after: %d, cookie %v", w.Code, cookie)
	}
	h.Later(2 * time.Minute)
	if w := q.ask("GET", "/v1/me", withSession(session)); w.Code != 401 {
		t.Errorf("the token before: %d", w.Code)
	}
	if w := q.ask("GET", "/v1/me", withSession(cookie.Value)); w.Code != 200 {
		t.Errorf("the new token: %d", w.Code)
	}
}

func TestWhoKeepsAConnectionOpenIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	own(t, h)
	var current func() (sellerdesk.Access, bool)
	h.HTTP.HandleFunc("GET /v1/hold", func(_ http.ResponseWriter, r *http.Request) {
		current = func() (sellerdesk.Access, bool) { return h.HTTP.CurrentAccess(r.Context()) }
	})
	id, session := member(t, h, sellerdesk.Grant{Role: sellerdesk.RoleReadOnly})
	key, err := h.Desk.Keys.Create(t.Context(), desk.CreateKey{User: id, Name: "ERP", Rights: sellerdesk.RightsOf(sellerdesk.RightSee)})
	if err != nil {
		t.Fatal(err)
	}
	q.ask("GET", "/v1/hold", withSession(session))
	bySession := current
	q.ask("GET", "/v1/hold", withKey(key.Text))
	byKey := current
	q.ask("GET", "/v1/hold", withKey(servertest.Key))
	byHouse := current
	for name, look := range map[string]func() (sellerdesk.Access, bool){"session": bySession, "key": byKey, "house": byHouse} {
		if a, there := look(); !there || !a.May(sellerdesk.RightSee) || a.May(sellerdesk.RightPeople) != (name == "house") {
			t.Errorf("%s: there %t with %+v", name, there, a)
		}
	}
	if _, err := h.Desk.Users.Change(t.Context(), id, desk.ChangeUser{Grants: &[]sellerdesk.Grant{}}); err != nil {
		t.Fatal(err)
	}
	for name, look := range map[string]func() (sellerdesk.Access, bool){"session": bySession, "key": byKey} {
		if a, there := look(); !there || a.May(sellerdesk.RightSee) {
			t.Errorf("%s without rights: there %t with %+v", name, there, a)
		}
	}
	if _, err := h.Desk.Sessions.RevokeOthers(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := h.Desk.Keys.Revoke(t.Context(), key.Key.ID); err != nil {
		t.Fatal(err)
	}
	for name, look := range map[string]func() (sellerdesk.Access, bool){"session": bySession, "key": byKey} {
		if _, there := look(); there {
			t.Errorf("%s: still there", name)
		}
	}
}
