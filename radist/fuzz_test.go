package radist_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/radist"
)

// odd are bodies of which some decoder might think too well.
var odd = []string{
	``, `null`, `{}`, `[]`, `17`, `1e999`, `"x"`, `<html>`, "\xff", `[null]`, `[7,{},[]]`, `{"detail":null}`, `{"detail":[null,{"loc":[1,"a",null],"msg":7}]}`,
	`[{"message_id":"a","message_type":"text","text":{"text":"\ud800"},"created_at":7}]`, `[{"message_id":7}]`, `[{"message_id":"a","chat_id":[],"message_type":""}]`,
	`[{"message_id":"a","message_type":"message_id"},{"message_id":"b","message_type":"image","image":{"size":1e30}}]`,
	`[{"message_id":"a","message_type":"waba_interactive","waba_interactive":{"action":{"sections":[null]}}}]`,
	`[{"message_id":"a","message_type":"waba_template","waba_template":{"components":[{"type":"button","index":-1,"parameters":[{}]}]}}]`,
	`{"data":[{"contact_id":1,"chats":[null,{"chat_id":1,"last_message":[]}],"last_chat_updated_at":{}}],"response_metadata":null}`,
	`{"data":[{"contact_id":9223372036854775808}],"response_metadata":{"next_cursor":7}}`, `{"data":null}`, `{"data":[],"response_metadata":{"next_cursor":"a"}}`,
	`{"companies":[{"id":-1}]}`, `{"available":"yes"}`, `{"balance_sufficient":false}`, `{"message_id":""}`, `{"message_id":"u","chat_id":1,"id":1,"url":"x"}`,
	`[{"name":"a","components":[{"type":"BODY","text":"{{{{1}}}}{{"},{"type":"BUTTONS","buttons":[{"url":"{{1}}"}]}]}]`, `{"templates":[{"name":"a","status":"PAUSED","components":[null]}]}`,
	written,
}

// sentinels are all that an answer can become.
func sentinels() []error {
	return []error{
		radist.ErrThrottled, radist.ErrUnauthorized, radist.ErrForbidden, radist.ErrNotFound, radist.ErrRefused, radist.ErrOutcomeUnknown,
		radist.ErrMalformed, radist.ErrTemporary,
	}
}

// checkError holds what is true of every error after an answer.
func checkError(t *testing.T, err error, write bool) {
	t.Helper()
	if err == nil {
		return
	}
	var e *radist.Error
	if !errors.As(err, &e) || e.Outcome == radist.OutcomeNotSent || !utf8.ValidString(e.Error()) || strings.ContainsAny(e.Error(), "\n\r") || len(e.Body) > 2<<10 || e.RetryAfter < 0 {
		t.Errorf("error %#v", err)
	}
	known := false
	for _, s := range sentinels() {
		known = known || errors.Is(err, s)
	}
	if !known || errors.Is(err, radist.ErrOutcomeUnknown) && (!write || errors.Is(err, radist.ErrTemporary)) {
		t.Errorf("class of %#v", err)
	}
}

// usual brings a fuzzed status to those that net/http hands out as an answer.
func usual(status int) int {
	if status < 200 || status > 599 {
		return http.StatusOK
	}
	return status
}

func seed(f *testing.F) {
	f.Helper()
	for _, body := range odd {
		for _, status := range []int{200, 409, 422, 429, 500} {
			f.Add(status, body)
		}
	}
}

func FuzzReads(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, status int, body string) {
		c := scripted(t, always(usual(status), body), radist.WithAttempts(1))
		ctx := t.Context()
		messages, err := c.Messages.List(ctx, 3, radist.ListMessages{Chat: 37})
		checkError(t, err, false)
		if err != nil && len(messages.Items)+len(messages.Malformed) > 0 {
			t.Error("an error with a result")
		}
		for _, m := range messages.Items {
			if m.ID == "" || m.Content == nil || m.Content.Type() != m.Type || m.CreatedAt.Raw != "" && !m.CreatedAt.IsZero() {
				t.Errorf("message %+v", m)
			}
			_ = m.WABACode()
		}
		walked, err := collect(c.Messages.All(ctx, 3, radist.Walk{Chat: 37, Limit: 2}))
		checkError(t, err, false)
		had := map[string]bool{}
		for _, m := range walked {
			if had[m.ID] {
				t.Errorf("%q comes twice", m.ID)
			}
			had[m.ID] = true
		}
		contacts, err := collect(c.Chats.All(ctx, 3))
		checkError(t, err, false)
		for _, contact := range contacts {
			for _, chat := range contact.Chats {
				if contact.ContactID == 0 || chat.ID == 0 {
					t.Errorf("contact %+v", contact)
				}
			}
		}
		templates, err := c.Templates.List(ctx, 3, 0)
		checkError(t, err, false)
		for _, template := range templates.Items {
			checkFilling(t, template)
		}
		for _, err := range []error{
			drop(c.Companies.List(ctx, radist.ListCompanies{})), drop(c.Connections.List(ctx, 3)), drop(c.Connections.Get(ctx, 3, 10)),
			drop(c.Contacts.List(ctx, 3, radist.ListContacts{})), drop(c.Chats.Sources(ctx, 3)), drop(c.Chats.Availability(ctx, 3, 37)),
			drop(c.Webhooks.List(ctx, 3)), drop(c.Users.Me(ctx)),
		} {
			checkError(t, err, false)
		}
	})
}

// checkFilling fills a foreign template with as much as it wants.
func checkFilling(t *testing.T, template radist.Template) {
	t.Helper()
	wants := template.Variables()
	values := radist.Values{Header: wants.Header, Body: wants.Body, Buttons: make([]string, len(wants.Buttons))}
	for i := range values.Buttons {
		values.Buttons[i] = "x"
	}
	if wants.HeaderMedia != "" {
		values.HeaderMedia = "https://f/1"
	}
	m, err := template.Fill(values)
	if err == nil && (m.Name != template.Name || len(m.Body) != len(wants.Body) || len(m.Buttons) != len(wants.Buttons)) {
		t.Errorf("%+v becomes %+v", template, m)
	}
	if empty := template.Preview(radist.Values{}); len(empty.Buttons) != len(template.Buttons) {
		t.Errorf("%+v is shown as %+v", template, empty)
	}
}

func FuzzWrites(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, status int, body string) {
		c := scripted(t, always(usual(status), body), radist.WithAttempts(1))
		ctx := t.Context()
		sent, err := c.Messages.Send(ctx, 3, hello())
		checkError(t, err, true)
		if (err == nil) != (sent.MessageID != "") {
			t.Errorf("%+v, %v", sent, err)
		}
		chat, err := c.Chats.Create(ctx, 3, radist.CreateChat{ConnectionID: 10, UserName: "anna"})
		checkError(t, err, true)
		if (err == nil) != (chat.ChatID != 0) {
			t.Errorf("%+v, %v", chat, err)
		}
		file, err := c.Files.Upload(ctx, 3, radist.Upload{Name: "a", Size: 1, Content: strings.NewReader("a")})
		checkError(t, err, true)
		if (err == nil) != (file.URL != "") {
			t.Errorf("%+v, %v", file, err)
		}
		id, err := c.Contacts.Create(ctx, 3, radist.NewContact{Name: "Анна"})
		checkError(t, err, true)
		if (err == nil) != (id != 0) {
			t.Errorf("%d, %v", id, err)
		}
		_, err = c.Webhooks.Create(ctx, 3, radist.NewSubscription{URL: "https://x/y"})
		checkError(t, err, true)
		checkError(t, c.Webhooks.Delete(ctx, 3, 8), true)
	})
}

func FuzzEvent(f *testing.F) {
	for _, body := range odd {
		f.Add(body)
	}
	f.Add(`{"event_type":"chats.sung","event":{"chat_id":"","contact_id":null,"message":{"message_id":"a","message_type":"x"}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		e, err := radist.ParseEvent([]byte(body))
		switch {
		case err != nil && (!errors.Is(err, radist.ErrEvent) || e.Type != "" || e.Raw != nil || strings.Contains(err.Error(), "\n")):
			t.Errorf("%+v, %v", e, err)
		case err == nil && (e.Type == "" || string(e.Raw) != body || e.Message != nil && (e.Message.ID == "" || e.Message.Content == nil)):
			t.Errorf("%+v", e)
		}
		taken := 0
		h := &radist.Receiver{Secret: secret, Take: func(*http.Request, radist.Event) error { taken++; return nil }}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/in/"+secret, strings.NewReader(body)))
		if (rec.Code == http.StatusNoContent) != (err == nil) || (taken == 1) != (err == nil) || rec.Code != http.StatusNoContent && rec.Code != http.StatusBadRequest {
			t.Errorf("%d %s, %d taken", rec.Code, rec.Body, taken)
		}
	})
}

func FuzzPhone(f *testing.F) {
	for _, text := range []string{"+7 (999) 000-00-01", "", "８９", "+", "12345", "1234567890123456", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		digits, err := radist.PhoneDigits(text)
		if err != nil {
			return
		}
		if again, err := radist.PhoneDigits(digits); err != nil || again != digits || len(digits) < 5 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
			t.Errorf("%q is %q and then %q, %v", text, digits, again, err)
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, text := range []string{`"2026-11-20T12:00:00.5+03:00"`, `"2026-11-20"`, `"2026-11-20T09:00:00.250000"`, `""`, `null`, `17`, `{}`, `"9999-12-31T23:59:59-12:00"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !json.Valid([]byte(raw)) {
			return
		}
		var at, again radist.Time
		if err := json.Unmarshal([]byte(raw), &at); err != nil {
			t.Fatalf("%s is refused: %v", raw, err)
		}
		if len(at.Raw) > 100 || at.Raw != "" && !at.IsZero() {
			t.Errorf("kept %+v", at)
		}
		written, err := json.Marshal(at)
		if err != nil {
			t.Fatalf("cannot write %+v: %v", at, err)
		}
		if err := json.Unmarshal(written, &again); err != nil || at.Raw == "" && at.Year() <= 9999 && !again.Equal(at.Time) {
			t.Errorf("%s became %s and then %+v, %v", raw, written, again, err)
		}
	})
}
