package yandexmarket_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/yandexmarket"
)

// odd are bodies of which some decoder might think too well.
var odd = []string{
	``, `null`, `{}`, `[]`, `17`, `1e999`, `"x"`, `{"status":"OK"}`, `{"status":"OK","result":null}`, `{"status":"ERROR","errors":null}`, `<html>`, "\xff",
	`{"status":"ERROR","errors":[{"code":"API_DISABLED","message":"x"}]}`, `{"errors":[null,{"code":7}]}`, `{"status":7}`,
	`{"status":"OK","result":{"chats":[null,1,{"chatId":9223372036854775808},{"chatId":1,"context":[]}],"paging":{"nextPageToken":"a"}}}`,
	`{"status":"OK","result":{"chats":[{"chatId":1,"createdAt":7,"updatedAt":"\ud800"}]}}`, `{"status":"OK","result":{"chatId":1}}`,
	`{"status":"OK","result":{"messages":[{"messageId":1,"payload":[null,{"size":-1}]}],"context":null,"paging":{"nextPageToken":5}}}`,
	`{"status":"OK","result":{"feedbacks":[{"feedbackId":1,"media":{"photos":[null]},"statistics":{"rating":-1}}]}}`,
	`{"status":"OK","result":{"questions":[{"questionIdentifiers":{"id":1}}],"totalCount":-5}}`, `{"status":"OK","result":{"entity":{"id":1,"type":"ANSWER"}}}`,
	`{"campaigns":[{"id":1,"business":null},[]],"paging":null}`, `{"campaign":{"id":"x"}}`,
}

// sentinels are all that an answer can become.
func sentinels() []error {
	return []error{
		yandexmarket.ErrThrottled, yandexmarket.ErrUnauthorized, yandexmarket.ErrForbidden, yandexmarket.ErrNotFound, yandexmarket.ErrRefused,
		yandexmarket.ErrOutcomeUnknown, yandexmarket.ErrMalformed, yandexmarket.ErrTemporary,
	}
}

// checkError holds what is true of every error after an answer.
func checkError(t *testing.T, err error, write bool) {
	t.Helper()
	if err == nil {
		return
	}
	var e *yandexmarket.Error
	if !errors.As(err, &e) || e.Outcome == yandexmarket.OutcomeNotSent || !utf8.ValidString(e.Error()) || strings.ContainsAny(e.Error(), "\n\r") || len(e.Body) > 2<<10 {
		t.Errorf("error %#v", err)
	}
	known := false
	for _, s := range sentinels() {
		known = known || errors.Is(err, s)
	}
	if !known || errors.Is(err, yandexmarket.ErrOutcomeUnknown) && (!write || errors.Is(err, yandexmarket.ErrTemporary)) {
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
		for _, status := range []int{200, 403, 420, 500} {
			f.Add(status, body)
		}
	}
}

func FuzzChats(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, status int, body string) {
		c := scripted(t, always(usual(status), body), yandexmarket.WithAttempts(1))
		page, err := c.Chats.List(t.Context(), 5, yandexmarket.ListChats{})
		checkError(t, err, false)
		if err != nil && len(page.Items)+len(page.Malformed) > 0 {
			t.Error("an error with a result")
		}
		for _, chat := range page.Items {
			if chat.ID == 0 || chat.CreatedAt.Raw != "" && !chat.CreatedAt.IsZero() {
				t.Errorf("chat %+v", chat)
			}
		}
		if _, err := json.Marshal(page.Items); err != nil {
			t.Errorf("cannot be stored: %v", err)
		}
		one, err := c.Chats.Get(t.Context(), 5, 7)
		checkError(t, err, false)
		if err == nil && one.ID == 0 {
			t.Error("a chat without an id")
		}
		lines, err := c.Chats.History(t.Context(), 5, 7, yandexmarket.ListMessages{})
		checkError(t, err, false)
		if _, err := json.Marshal(lines); err != nil {
			t.Errorf("cannot be stored: %v", err)
		}
		for _, err := range c.Chats.All(t.Context(), 5, yandexmarket.ListChats{}) {
			checkError(t, err, false)
		}
		id, err := c.Chats.Create(t.Context(), 5, yandexmarket.ChatSubject{Type: yandexmarket.ContextOrder, ID: 5})
		checkError(t, err, true)
		if (err == nil) != (id > 0) {
			t.Errorf("chat %d, %v", id, err)
		}
		checkError(t, c.Chats.Send(t.Context(), 5, 7, "да"), true)
	})
}

func FuzzPosts(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, status int, body string) {
		c := scripted(t, always(usual(status), body), yandexmarket.WithAttempts(1))
		reviews, err := c.Reviews.List(t.Context(), 5, yandexmarket.ListReviews{})
		checkError(t, err, false)
		comments, err := c.Reviews.Comments(t.Context(), 5, yandexmarket.ListComments{ReviewID: 1})
		checkError(t, err, false)
		questions, err := c.Questions.List(t.Context(), 5, yandexmarket.ListQuestions{})
		checkError(t, err, false)
		answers, err := c.Questions.Answers(t.Context(), 5, yandexmarket.ListAnswers{QuestionID: 1})
		checkError(t, err, false)
		for _, v := range []any{reviews.Items, comments.Items, questions.Items, answers.Items} {
			if _, err := json.Marshal(v); err != nil {
				t.Errorf("cannot be stored: %v", err)
			}
		}
		made, err := c.Reviews.Comment(t.Context(), 5, yandexmarket.NewComment{ReviewID: 1, Text: "да"})
		checkError(t, err, true)
		if (err == nil) != (made.ID != 0) {
			t.Errorf("comment %+v, %v", made, err)
		}
		entity, err := c.Questions.Create(t.Context(), 5, yandexmarket.Entity{ID: 1, Type: yandexmarket.EntityQuestion}, "да")
		checkError(t, err, true)
		if (err == nil) != (entity.ID != 0) {
			t.Errorf("entity %+v, %v", entity, err)
		}
		_, err = c.Campaigns.List(t.Context(), yandexmarket.ListCampaigns{})
		checkError(t, err, false)
		_, err = c.Business.Settings(t.Context(), 5)
		checkError(t, err, false)
		_, err = c.Auth.Token(t.Context())
		checkError(t, err, false)
	})
}

// FuzzError looks at the headers of a refusal too.
func FuzzError(f *testing.F) {
	for _, body := range odd {
		f.Add(420, body, "0", "Fri, 20 Nov 2026 10:00:00 GMT", "Fri, 20 Nov 2026 09:00:00 GMT")
		f.Add(403, body, "x", "", "")
	}
	f.Add(420, "{}", "-1", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")
	f.Fuzz(func(t *testing.T, status int, body, left, until, date string) {
		answer := always(max(usual(status), 300), body, "X-RateLimit-Resource-Remaining", left, "X-RateLimit-Resource-Until", until, "Date", date)
		err := scripted(t, answer, yandexmarket.WithAttempts(1)).Chats.Send(t.Context(), 5, 7, "да")
		checkError(t, err, true)
		var e *yandexmarket.Error
		if !errors.As(err, &e) || e.RetryAfter < 0 || e.RetryAfter.Hours() > 24 || e.RetryAfter > 0 && !errors.Is(err, yandexmarket.ErrThrottled) {
			t.Errorf("error %#v", err)
		}
	})
}

func FuzzNotification(f *testing.F) {
	for _, body := range odd {
		f.Add(body)
	}
	f.Add(`{"notificationType":"CHAT_MESSAGE_SENT","chatId":7,"messageId":"9","businessId":5,"sentAt":"2026-11-20T09:00:00Z"}`)
	f.Add(`{"notificationType":"CHAT_SUNG","chatId":"","messageId":null,"time":{},"createdAt":[1]}`)
	f.Fuzz(func(t *testing.T, body string) {
		n, err := yandexmarket.ParseNotification([]byte(body))
		switch {
		case err != nil && (!errors.Is(err, yandexmarket.ErrNotification) || n.Type != "" || n.Raw != nil):
			t.Errorf("%+v, %v", n, err)
		case err == nil && (n.Type == "" || string(n.Raw) != body || n.At.Raw != "" && !n.At.IsZero()):
			t.Errorf("%+v", n)
		}
		taken := 0
		h := &yandexmarket.Receiver{Name: "a", Version: "1", Take: func(*http.Request, yandexmarket.Notification) error { taken++; return nil }}
		rec := push(h, nil, body)
		ping := n.Type == yandexmarket.NotificationPing
		if (rec.Code == 200) != (err == nil) || (taken == 1) != (err == nil && !ping) || rec.Code != 200 && rec.Code != 400 || !json.Valid(rec.Body.Bytes()) {
			t.Errorf("%d %s, %d taken", rec.Code, rec.Body, taken)
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, text := range []string{`"2026-11-20T12:00:00.5+03:00"`, `"2026-11-20"`, `"2026-11-20T09:00+0300"`, `""`, `null`, `17`, `{}`, `"9999-12-31T23:59:59-12:00"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !json.Valid([]byte(raw)) {
			return
		}
		var at, again yandexmarket.Time
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
