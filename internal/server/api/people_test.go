package api_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const strong = "a password of the test"

// browser is a person who is signed in.
type browser struct {
	caller
	token string
}

// cheap is the hash of a password that is quickly checked.
func cheap(password string) string {
	salt := make([]byte, 16)
	key := argon2.IDKey([]byte(password), salt, 1, 64, 1, 32)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=64,t=1,p=1$%s$%s", argon2.Version, encode(salt), encode(key))
}

// browse signs an invited person in, who asks without a key from then on.
func (c caller) browse(t *testing.T, invitation thing, login string) *browser {
	t.Helper()
	id := sellerdesk.UserID(invitation["user"].(map[string]any)["id"].(float64))
	err := c.h.Store.Write(t.Context(), func(tx *store.Tx) error {
		// Before the owner has come nobody is let in.
		return errors.Join(tx.Users.SetPassword(t.Context(), 1, "anna", "Anna", cheap(strong)), tx.Users.SetPassword(t.Context(), id, login, "", cheap(strong)))
	})
	if err != nil {
		t.Fatal(err)
	}
	session, err := c.h.Desk.Users.OpenSession(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{c, session}
}

// ask sends the cookie instead of the key, and takes another one as browsers do.
func (b *browser) ask(method, path string, body any) answer {
	b.t.Helper()
	a := b.caller.ask(method, path, body, "Authorization", "", "Cookie", "sellerdesk_session="+b.token)
	for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
		if cookie.Name == "sellerdesk_session" {
			b.token = cookie.Value
		}
	}
	return a
}

func TestPeopleAreInvitedChangedAndDisabled(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	var invitation, user thing
	var l list
	c.ask("POST", "/v1/users", thing{"name": "Olga", "grants": []thing{{"role": "operator", "account": 1}, {"role": "read-only", "channel": "box"}}}).want(t, 201, &invitation)
	if !regexp.MustCompile(`^/link/[A-Za-z0-9_-]{43}$`).MatchString(invitation["link"].(string)) || invitation["expires_at"] != "2026-11-05T09:00:00.000Z" {
		t.Errorf("invited %v", invitation)
	}
	c.ask("GET", "/v1/users", nil).want(t, 200, &l)
	if len(l.Items) != 2 || l.Items[0]["owner"] != true || l.Items[1]["name"] != "Olga" || l.Items[1]["login"] != nil {
		t.Errorf("listed %v", l.Items)
	}
	c.ask("GET", "/v1/users/2", nil).want(t, 200, &user)
	// What was read can be sent back.
	c.ask("PATCH", "/v1/users/2", thing{"name": "Ольга", "grants": user["grants"]}).want(t, 200, &user)
	if user["name"] != "Ольга" || len(user["grants"].([]any)) != 2 {
		t.Errorf("changed to %v", user)
	}
	c.ask("POST", "/v1/users/2/link", nil).want(t, 200, &invitation)
	c.ask("DELETE", "/v1/users/2", nil).want(t, 204, nil)
	c.ask("POST", "/v1/users/2/link", nil).problem(t, 409, "conflict", "")
	c.ask("PATCH", "/v1/users/2", thing{"disabled": false, "second_factor": false}).want(t, 200, &user)
	c.ask("GET", "/v1/users/99", nil).problem(t, 404, "not_found", "")
	c.ask("DELETE", "/v1/users/1", nil).problem(t, 409, "conflict", "")
	c.ask("PATCH", "/v1/users/2", thing{"second_factor": true}).problem(t, 422, "invalid", "second_factor")
	c.ask("PATCH", "/v1/users/2", thing{"grants": []thing{{"role": "emperor"}}}).problem(t, 422, "invalid", "grants")
	c.ask("POST", "/v1/users", thing{"name": " ", "grants": []thing{}}).problem(t, 422, "invalid", "name")
}

func TestRolesAreMade(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	var role thing
	var l list
	c.ask("PUT", "/v1/roles/night-shift", thing{"title": "Night", "rights": []string{"work", "see"}}).want(t, 200, &role)
	if diff := cmp.Diff(thing{"name": "night-shift", "title": "Night", "rights": []any{"see", "work"}, "built_in": false}, role); diff != "" {
		t.Error(diff)
	}
	c.ask("GET", "/v1/roles", nil).want(t, 200, &l)
	if len(l.Items) != 5 {
		t.Errorf("listed %v", l.Items)
	}
	c.ask("PUT", "/v1/roles/owner", thing{"rights": []string{"see"}}).problem(t, 409, "conflict", "name")
	c.ask("PUT", "/v1/roles/x", thing{"rights": []string{"fly"}}).problem(t, 422, "invalid", "rights[0]")
	c.ask("PUT", "/v1/roles/x", thing{"rights": []string{}}).problem(t, 422, "invalid", "rights")
	c.ask("DELETE", "/v1/roles/night-shift", nil).want(t, 204, nil)
	c.ask("DELETE", "/v1/roles/night-shift", nil).problem(t, 404, "not_found", "")
}

func TestAKeyIsToldOnceAndSlowedDown(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	var made, again thing
	body := thing{"name": "ERP", "rights": []string{"see"}, "limit": 2, "expires_at": "2026-11-03T09:00:00Z"}
	c.ask("POST", "/v1/keys", body, "Idempotency-Key", "one").want(t, 201, &made)
	c.ask("POST", "/v1/keys", body, "Idempotency-Key", "one").want(t, 201, &again)
	if again["secret"] != nil || again["id"] != made["id"] {
		t.Errorf("repeated: %v", again)
	}
	secret := made["secret"].(string)
	use := func(method, path string, body any) answer {
		return c.ask(method, path, body, "Authorization", "Bearer "+secret)
	}
	a := use("GET", "/v1/me", nil)
	var me thing
	a.want(t, 200, &me)
	if diff := cmp.Diff(map[string]any{"rights": []any{"see"}, "accounts": map[string]any{}}, me["access"]); diff != "" {
		t.Error(diff)
	}
	if a.header.Get("RateLimit-Policy") != `"minute";q=2;w=60` || a.header.Get("RateLimit") != `"minute";r=1;t=60` {
		t.Errorf("limits %q %q", a.header.Get("RateLimit-Policy"), a.header.Get("RateLimit"))
	}
	c.h.Later(20 * time.Second)
	use("GET", "/v1/users", nil).problem(t, 403, "forbidden", "")
	a = use("GET", "/v1/me", nil)
	a.problem(t, 429, "limited", "")
	if a.header.Get("Retry-After") != "40" || a.header.Get("RateLimit") != `"minute";r=0;t=40` {
		t.Errorf("refused with Retry-After %q, RateLimit %q", a.header.Get("Retry-After"), a.header.Get("RateLimit"))
	}
	if a := c.ask("GET", "/v1/me", nil); a.header.Get("RateLimit") != "" {
		t.Error("the key of the house is limited")
	}
	c.h.Later(24 * time.Hour)
	a = use("GET", "/v1/me", nil)
	if p := a.problem(t, 401, "forbidden", ""); !strings.Contains(p.Detail, "expired") {
		t.Errorf("an expired key: %s", p.Detail)
	}
	var l list
	c.ask("GET", "/v1/keys?every=true", nil).want(t, 200, &l)
	if len(l.Items) != 1 || l.Items[0]["used_at"] == nil || strings.Contains(string(c.ask("GET", "/v1/keys", nil).body), secret[3:]) {
		t.Errorf("listed %v", l.Items)
	}
	c.ask("DELETE", "/v1/keys/"+made.id(), nil).want(t, 204, nil)
	use("GET", "/v1/me", nil).problem(t, 401, "forbidden", "")
	c.ask("DELETE", "/v1/keys/99", nil).problem(t, 404, "not_found", "")
}

func TestRightsThatChangeCountFromTheNextRequestOn(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	var invitation thing
	c.ask("POST", "/v1/users", thing{"name": "Olga", "grants": []thing{{"role": "read-only", "account": 1}}}).want(t, 201, &invitation)
	b := c.browse(t, invitation, "olga")
	before := b.token
	var me thing
	b.ask("GET", "/v1/me", nil).want(t, 200, &me)
	if diff := cmp.Diff(map[string]any{"rights": []any{}, "accounts": map[string]any{"1": []any{"see"}}}, me["access"]); diff != "" {
		t.Error(diff)
	}
	chat := c.h.Chat(t, "Max", servertest.Start(), "Hello")
	path := "/v1/conversations/" + thing{"id": float64(chat.ID)}.id()
	b.ask("POST", path+"/messages", thing{"text": "Hello"}).problem(t, 403, "forbidden", "")
	c.ask("PATCH", "/v1/users/2", thing{"grants": []thing{{"role": "operator", "account": 1}}}).want(t, 200, nil)
	if b.ask("POST", path+"/messages", thing{"text": "Hello"}).want(t, 202, nil); b.token == before {
		t.Error("the browser keeps the token from before it might more")
	}
	c.ask("PATCH", "/v1/users/2", thing{"grants": []thing{}}).want(t, 200, nil)
	b.ask("GET", path, nil).problem(t, 403, "forbidden", "")
	c.ask("DELETE", "/v1/users/2", nil).want(t, 204, nil)
	b.ask("GET", "/v1/me", nil).problem(t, 401, "forbidden", "")
}

func TestAPersonChangesHowTheySignIn(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	var invitation, factor, done thing
	c.ask("POST", "/v1/users", thing{"name": "Olga", "grants": []thing{}}).want(t, 201, &invitation)
	b := c.browse(t, invitation, "olga")
	b.ask("POST", "/v1/me/second-factor", thing{"password": "wrong"}).problem(t, 403, "forbidden", "password")
	b.ask("POST", "/v1/me/second-factor", thing{"password": strong}).want(t, 200, &factor)
	code, err := totp.GenerateCode(factor["secret"].(string), servertest.Start())
	if err != nil {
		t.Fatal(err)
	}
	b.ask("POST", "/v1/me/second-factor/confirm", thing{"code": "000000"}).problem(t, 403, "forbidden", "code")
	b.ask("POST", "/v1/me/second-factor/confirm", thing{"code": code}).want(t, 200, &done)
	if len(done["recovery_codes"].([]any)) != 10 {
		t.Errorf("confirmed with %v", done)
	}
	var me thing
	b.ask("GET", "/v1/me", nil).want(t, 200, &me)
	if me["second_factor"] != true || me["recovery_left"] != 10.0 {
		t.Errorf("it is %v", me)
	}
	b.ask("DELETE", "/v1/me/second-factor", thing{"password": strong}).problem(t, 403, "forbidden", "code")
	b.ask("DELETE", "/v1/me/second-factor", thing{"password": strong, "code": done["recovery_codes"].([]any)[0]}).want(t, 204, nil)
	b.ask("POST", "/v1/me/password", thing{"old": strong, "new": "short"}).problem(t, 422, "invalid", "password")
	b.ask("POST", "/v1/me/password", thing{"old": strong, "new": "another strong one"}).want(t, 204, nil)
	b.ask("GET", "/v1/me", nil).want(t, 200, nil)
	var l list
	b.ask("GET", "/v1/sessions", nil).want(t, 200, &l)
	if len(l.Items) != 1 || l.Items[0]["current"] != true {
		t.Errorf("sessions %v", l.Items)
	}
	b.ask("GET", "/v1/sessions?user=1", nil).problem(t, 403, "forbidden", "")
	b.ask("GET", "/v1/keys?every=true", nil).problem(t, 403, "forbidden", "")
	var ended thing
	c.ask("DELETE", "/v1/sessions?user=2", nil).want(t, 200, &ended)
	if ended["revoked"] != 1.0 {
		t.Errorf("ended %v", ended)
	}
	b.ask("GET", "/v1/me", nil).problem(t, 401, "forbidden", "")
}

func TestTheAuditIsNarrowedAndHoldsNoSecret(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	c.ask("POST", "/v1/accounts", thing{"channel": "box", "name": "Second", "credentials": thing{"token": "second"}}).want(t, 201, nil)
	c.ask("PUT", "/v1/roles/auditor", thing{"rights": []string{"see", "audit"}}).want(t, 200, nil)
	var invitation, key thing
	c.ask("POST", "/v1/users", thing{"name": "Olga", "grants": []thing{{"role": "auditor", "account": 2}}}).want(t, 201, &invitation)
	c.ask("POST", "/v1/keys", thing{"name": "ERP", "rights": []string{"see"}}).want(t, 201, &key)
	b := c.browse(t, invitation, "olga")
	var all, some list
	a := c.ask("GET", "/v1/audit?limit=200", nil).want(t, 200, &all)
	for _, secret := range []string{key["secret"].(string)[3:], strong, strings.TrimPrefix(invitation["link"].(string), "/link/"), b.token} {
		if strings.Contains(string(a.body), secret) {
			t.Errorf("the audit tells a secret: %s", a.body)
		}
	}
	b.ask("GET", "/v1/audit", nil).want(t, 200, &some)
	if len(some.Items) != 1 || some.Items[0]["kind"] != "account.added" || some.Items[0]["account"] != 2.0 {
		t.Errorf("of %d entries Olga reads %v", len(all.Items), some.Items)
	}
	// Pages hold what one list holds.
	var paged []thing
	for path := "/v1/audit?limit=2"; ; {
		var l list
		c.ask("GET", path, nil).want(t, 200, &l)
		paged = append(paged, l.Items...)
		if l.Next == nil {
			break
		}
		path = "/v1/audit?limit=2&cursor=" + *l.Next
	}
	if diff := cmp.Diff(all.Items, paged); diff != "" {
		t.Error(diff)
	}
	var invited list
	c.ask("GET", "/v1/audit?kind="+string(sellerdesk.AuditPersonInvited)+"&user=1&from=2026-11-02T09:00:00Z&to=2026-11-02T09:00:00Z", nil).want(t, 200, &invited)
	if len(invited.Items) != 1 {
		t.Errorf("filtered to %v", invited.Items)
	}
	c.ask("GET", "/v1/audit?cursor=abc", nil).problem(t, 422, "invalid", "cursor")
}

// A key may hold less than its person: it learns and changes nothing of the rest.
func TestAKeyIsNotItsPerson(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	c.ask("POST", "/v1/accounts", thing{"channel": "box", "name": "Second", "credentials": thing{"token": "second"}}).want(t, 201, nil)
	var invitation, factor, key, me thing
	c.ask("POST", "/v1/users", thing{"name": "Olga", "grants": []thing{{"role": "operator", "account": 1}, {"role": "operator", "account": 2}}}).want(t, 201, &invitation)
	b := c.browse(t, invitation, "olga")
	b.ask("POST", "/v1/me/second-factor", thing{"password": strong}).want(t, 200, &factor)
	code, err := totp.GenerateCode(factor["secret"].(string), servertest.Start())
	if err != nil {
		t.Fatal(err)
	}
	b.ask("POST", "/v1/me/second-factor/confirm", thing{"code": code}).want(t, 200, nil)
	b.ask("POST", "/v1/keys", thing{"name": "ERP", "rights": []string{"see"}, "accounts": []int{1}}).want(t, 201, &key)
	use := func(method, path string, body any) answer {
		return c.ask(method, path, body, "Authorization", "Bearer "+key["secret"].(string))
	}
	use("GET", "/v1/me", nil).want(t, 200, &me)
	if diff := cmp.Diff([]any{[]any{}, 0.0}, []any{me["grants"], me["recovery_left"]}); diff != "" {
		t.Error(diff)
	}
	use("PATCH", "/v1/me", thing{"name": "Max"}).problem(t, 403, "forbidden", "")
	b.ask("GET", "/v1/me", nil).want(t, 200, &me)
	if me["name"] != "Olga" || len(me["grants"].([]any)) != 2 || me["recovery_left"] != 10.0 {
		t.Errorf("the person is %v", me)
	}
	use("GET", "/v1/sessions", nil).problem(t, 403, "forbidden", "")
}
