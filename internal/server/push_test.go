package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// door starts a house without an owner and gives the address of its account.
func door(t *testing.T, change func(*server.Deps)) (quiet, *servertest.House, string) {
	t.Helper()
	q, h := start(t, change)
	if h.Account.Push == nil {
		t.Fatal("the account has no door")
	}
	return q, h, h.Account.Push.Address
}

func (q quiet) push(address, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	return q.ask(http.MethodPost, address, func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if change != nil {
			change(r)
		}
	})
}

func waiting(t *testing.T, h *servertest.House) (list []sellerdesk.Push, health sellerdesk.PushHealth) {
	t.Helper()
	err := h.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		if list, err = tx.Pushes.Next(t.Context(), h.Account.ID, 0, 10); err != nil {
			return err
		}
		a, err := tx.Accounts.Get(t.Context(), h.Account.ID)
		health = *a.Push
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, health
}

func TestAPushIsKeptBeforeItIsAnswered(t *testing.T) {
	t.Parallel()
	q, h, address := door(t, nil)
	for _, path := range []string{"", "/notification"} {
		if w := q.push(address+path, "chat"+path, nil); w.Code != http.StatusOK || w.Body.String() != "thanks" {
			t.Fatalf("%s answers %d %s", path, w.Code, w.Body)
		}
	}
	list, health := waiting(t, h)
	if len(list) != 2 || string(list[0].Body) != "chat" || list[0].Path != "" || list[1].Path != "/notification" || list[1].Type != "application/json" {
		t.Errorf("kept %+v", list)
	}
	if health.Waiting != 2 || health.Last == nil {
		t.Errorf("health %+v", health)
	}
}

func TestATestOfTheAddressIsAnsweredAndNotKept(t *testing.T) {
	t.Parallel()
	q, h, address := door(t, nil)
	if w := q.push(address, "", nil); w.Code != http.StatusBadRequest {
		t.Errorf("a body without words gets %d", w.Code)
	}
	if list, health := waiting(t, h); len(list) != 0 || health.Last != nil {
		t.Errorf("it counts as a sign of life: %+v", health)
	}
	if w := q.push(address, "ping", nil); w.Code != http.StatusOK {
		t.Errorf("a test gets %d", w.Code)
	}
	if list, health := waiting(t, h); len(list) != 0 || health.Last == nil {
		t.Errorf("kept %d, last %v", len(list), health.Last)
	}
}

func TestForgedPushesLookAlike(t *testing.T) {
	t.Parallel()
	q, h, address := door(t, nil)
	key := address[strings.LastIndexByte(address, '/')+1:]
	var first string
	for _, c := range []struct{ name, address string }{
		{"a wrong key", "/in/1/" + strings.Repeat("A", len(key))},
		{"half of the key", address[:len(address)-3]},
		{"another account", "/in/77/" + key},
		{"an account that is no number", "/in/first/" + key},
		{"an account below all", "/in/-1/" + key},
		{"no account can have the number", "/in/99999999999999999999/" + key},
	} {
		w := q.push(c.address, "chat", nil)
		if first == "" {
			first = w.Body.String()
		}
		if w.Code != http.StatusNotFound || w.Body.String() != first || !strings.Contains(first, "There is no such address.") {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
	if list, health := waiting(t, h); len(list) != 0 || health.Last != nil {
		t.Errorf("something was kept: %+v", health)
	}
}

func TestPushesAreBounded(t *testing.T) {
	t.Parallel()
	q, h, address := door(t, nil)
	if w := q.push(address, strings.Repeat("x", sellerdesk.MaxPush), nil); w.Code != http.StatusOK {
		t.Errorf("the largest gets %d", w.Code)
	}
	if w := q.push(address, strings.Repeat("x", sellerdesk.MaxPush+1), nil); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "131072 bytes") {
		t.Errorf("one larger gets %d %s", w.Code, w.Body)
	}
	for _, method := range []string{http.MethodGet, http.MethodPut} {
		if w := q.ask(method, address, nil); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "POST" {
			t.Errorf("%s gets %d, Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
	if list, _ := waiting(t, h); len(list) != 1 {
		t.Errorf("kept %d", len(list))
	}
}

func TestAPushNeedsNoOwnerAndNoPermissionOfABrowser(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	q, _, address := door(t, func(d *server.Deps) {
		d.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	w := q.push(address, "chat", func(r *http.Request) {
		r.Header.Set("Origin", "https://elsewhere.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Authorization", "Bearer something of theirs")
		r.Host, r.RemoteAddr = "desk.example", "203.0.113.9:1000"
	})
	if w.Code != http.StatusOK || len(w.Result().Cookies()) > 0 {
		t.Errorf("gets %d %s", w.Code, w.Body)
	}
	if key := address[strings.LastIndexByte(address, '/')+1:]; strings.Contains(log.String(), key) || !strings.Contains(log.String(), "/in/{account}/{key}") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestAPushThatCannotBeKeptIsToComeAgain(t *testing.T) {
	t.Parallel()
	q, h, address := door(t, nil)
	block := make(chan struct{})
	held := make(chan struct{})
	go func() {
		_ = h.Store.Write(context.WithoutCancel(t.Context()), func(*store.Tx) error {
			close(held)
			<-block
			return errors.New("nothing is written")
		})
	}()
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan *httptest.ResponseRecorder)
	go func() {
		answered <- q.push(address, "chat", func(r *http.Request) { *r = *r.WithContext(ctx) })
	}()
	cancel()
	if w := <-answered; w.Code != http.StatusServiceUnavailable {
		t.Errorf("gets %d %s", w.Code, w.Body)
	}
	close(block)
}
