package yandexmarket

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestSendIsRefusedOnceWithTheRemoteCode(t *testing.T) {
	t.Parallel()
	calls := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		if r.Header.Get("Api-Key") != "secret" || r.URL.Query().Get("chatId") != "7" {
			t.Errorf("wrong request: %s", r.URL)
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"status":"ERROR","errors":[{"code":"API_DISABLED","message":"off"}]}`)
	}))
	defer srv.Close()
	c, err := New("secret", WithBaseURL(srv.URL), WithLimiter(NewBudget(TierNone, BudgetOptions{Fresh: true})))
	if err != nil {
		t.Fatal(err)
	}
	err = c.Chats.Send(t.Context(), 1, 7, "hello")
	var e *Error
	if !errors.As(err, &e) || e.Code != "API_DISABLED" || !errors.Is(err, ErrDisabled) || calls != 1 {
		t.Errorf("got %v after %d calls", err, calls)
	}
}

func TestNotificationIDsComeAsNumberOrString(t *testing.T) {
	t.Parallel()
	n, err := ParseNotification([]byte(`{"notificationType":"NEW_KIND","chatId":5,"messageId":"6"}`))
	if err != nil || n.ChatID != 5 || n.MessageID != 6 || n.Type != "NEW_KIND" {
		t.Errorf("got %+v, %v", n, err)
	}
}
