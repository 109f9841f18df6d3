package api_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const idem = "Idempotency-Key"

func TestTheSameKeyHappensOnce(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	path := fmt.Sprint("/v1/conversations/", chat.ID, "/messages")

	first := c.ask("POST", path, thing{"text": "It is on its way."}, idem, "one").want(t, 202, nil)
	again := c.ask("POST", path, thing{"text": "It is on its way."}, idem, "one").want(t, 202, nil)
	if string(first.body) != string(again.body) {
		t.Errorf("the answers differ:\n%s\n%s", first.body, again.body)
	}
	if again.header.Get("Idempotent-Replayed") != "true" || first.header.Get("Idempotent-Replayed") != "" {
		t.Error("only the second answer is one that was given before")
	}
	c.ask("POST", path, thing{"text": "Another text."}, idem, "one").problem(t, 409, "conflict", idem)
	c.ask("POST", fmt.Sprint("/v1/conversations/", chat.ID, "/actions"), thing{"action": "close"}, idem, "one").problem(t, 409, "conflict", idem)
	c.ask("POST", path, thing{"text": "It is on its way."}, idem, "two").want(t, 202, nil)
	if n := messages(t, c, path); n != 3 {
		t.Errorf("there are %d messages, want the buyer's and two of ours", n)
	}
}

func messages(t *testing.T, c caller, path string) int {
	t.Helper()
	var l list
	c.ask("GET", path, nil).want(t, 200, &l)
	return len(l.Items)
}

func TestARefusalIsJudgedAnew(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	path := fmt.Sprint("/v1/conversations/", chat.ID, "/messages")
	c.ask("POST", path, thing{"text": strings.Repeat("x", 1001)}, idem, "one").problem(t, 422, "invalid", "text")
	c.ask("POST", path, thing{"text": "shorter"}, idem, "one").want(t, 202, nil)
}

func TestAKeyOutlivesACrashBeforeItsAnswerWasKept(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	path := fmt.Sprint("/v1/conversations/", chat.ID, "/messages")
	var first, again thing
	c.ask("POST", path, thing{"text": " It is on its way. "}, idem, "one").want(t, 202, &first)
	forget(t, c.h)
	c.ask("POST", path, thing{"text": " It is on its way. "}, idem, "one").want(t, 202, &again)
	if first.id() != again.id() {
		t.Errorf("the message was queued twice: %v and %v", first, again)
	}
	forget(t, c.h)
	c.ask("POST", path, thing{"text": "Another text."}, idem, "one").problem(t, 409, "conflict", idem)
	if n := messages(t, c, path); n != 2 {
		t.Errorf("there are %d messages, want two", n)
	}
}

func TestAFileThatWasSentBeforeIsTheSameFileUnderAKey(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	path := fmt.Sprint("/v1/conversations/", chat.ID, "/messages")
	var cup, tea, m, again thing
	body, kind := upload(t, "cup.png", []byte(png))
	c.ask("POST", "/v1/files", body, "Content-Type", kind).want(t, 201, &cup)
	body, kind = upload(t, "tea.png", []byte(png+" "))
	c.ask("POST", "/v1/files", body, "Content-Type", kind).want(t, 201, &tea)
	c.ask("POST", path, thing{"files": []any{cup["id"]}}).want(t, 202, nil)
	c.ask("POST", path, thing{"files": []any{cup["id"]}}, idem, "one").want(t, 202, &m)
	forget(t, c.h)
	c.ask("POST", path, thing{"files": []any{cup["id"]}}, idem, "one").want(t, 202, &again)
	if m.id() != again.id() {
		t.Errorf("the message was queued twice: %v and %v", m, again)
	}
	forget(t, c.h)
	c.ask("POST", path, thing{"files": []any{tea["id"]}}, idem, "one").problem(t, 409, "conflict", idem)
}

// forget lets the kept answers expire, as if they never had been kept.
func forget(t *testing.T, h *servertest.House) {
	t.Helper()
	h.Later(72 * time.Hour)
	err := h.Store.Read(t.Context(), func(tx *store.Tx) error {
		_, found, err := tx.Idempotency.Get(t.Context(), 1, api.KeptAs("one"))
		if found {
			t.Fatal("the answer is still kept")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestManyAtOnceHappenOnce(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	path := fmt.Sprint("/v1/conversations/", chat.ID, "/messages")
	bodies := make([]string, 12)
	var all sync.WaitGroup
	for i := range bodies {
		all.Go(func() {
			a := c.ask("POST", path, thing{"text": "Hello"}, idem, "one")
			bodies[i] = fmt.Sprint(a.status, string(a.body))
		})
	}
	all.Wait()
	for _, b := range bodies {
		if b != bodies[0] {
			t.Errorf("answers differ:\n%s\n%s", bodies[0], b)
		}
	}
	if n := messages(t, c, path); n != 2 {
		t.Errorf("there are %d messages, want two", n)
	}
}

func TestAnUploadHappensOnce(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	send := func(name, content, key string) answer {
		body, kind := upload(t, name, []byte(content))
		return c.ask("POST", "/v1/files", body, "Content-Type", kind, idem, key)
	}
	var first, again, other thing
	send("cup.png", png, "one").want(t, 201, &first)
	send("cup.png", png, "one").want(t, 201, &again)
	if first.id() != again.id() {
		t.Errorf("kept twice: %v and %v", first, again)
	}
	send("cup.png", png+" ", "one").problem(t, 409, "conflict", idem)
	send("tea.png", png, "one").problem(t, 409, "conflict", idem)
	send("cup.png", png, "two").want(t, 201, &other)
	if other.id() == first.id() {
		t.Error("another intent is another file")
	}
}

func TestKeysAreBounded(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	for _, key := range []string{strings.Repeat("k", 256), "ключ"} {
		c.ask("PATCH", "/v1/me", thing{"theme": "dark"}, idem, key).problem(t, 422, "invalid", idem)
	}
}

func TestAKeyThatMayLessDoesNotHearWhatAnotherOfThePersonWasTold(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	path := fmt.Sprint("/v1/conversations/", chat.ID, "/messages")
	var wide, narrow thing
	c.ask("POST", "/v1/keys", thing{"name": "wide", "rights": []string{"see", "work"}}).want(t, 201, &wide)
	c.ask("POST", "/v1/keys", thing{"name": "narrow", "rights": []string{"see"}}).want(t, 201, &narrow)
	use := func(key thing) answer {
		return c.ask("POST", path, thing{"text": "It is on its way."}, idem, "one", "Authorization", "Bearer "+key["secret"].(string))
	}
	use(wide).want(t, 202, nil)
	use(wide).want(t, 202, nil)
	use(narrow).problem(t, 403, "forbidden", "")
}

func TestWhoLostARightDoesNotHearWhatWasToldWithIt(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	ctx := asOwner(t, c.h)
	in, err := c.h.Desk.Users.Invite(ctx, desk.InviteInput{Name: "p", Grants: []sellerdesk.Grant{{Role: sellerdesk.RoleOperator}}})
	if err != nil {
		t.Fatal(err)
	}
	key, err := c.h.Desk.Keys.Create(ctx, desk.CreateKey{User: in.User.ID, Name: "test", Rights: sellerdesk.AllRights()})
	if err != nil {
		t.Fatal(err)
	}
	say := func() answer {
		return c.ask("POST", fmt.Sprint("/v1/conversations/", chat.ID, "/messages"), thing{"text": "It is on its way."}, idem, "one", "Authorization", "Bearer "+key.Text)
	}
	say().want(t, 202, nil)
	say().want(t, 202, nil)
	if _, err := c.h.Desk.Users.Change(ctx, in.User.ID, desk.ChangeUser{Grants: &[]sellerdesk.Grant{{Role: sellerdesk.RoleReadOnly}}}); err != nil {
		t.Fatal(err)
	}
	say().problem(t, 403, "forbidden", "")
}
