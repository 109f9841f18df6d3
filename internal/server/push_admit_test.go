package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// signed lets the channel of the house want the name of the account as a signature.
func signed(d *server.Deps) {
	driver := servertest.Driver()
	driver.Admit = func(credentials map[string]sellerdesk.Secret, p sellerdesk.Push) error {
		switch {
		case p.Signature.Value != credentials["token"].Reveal() || p.Signature.ID == "" || p.Signature.Timestamp != "1":
			return &channel.Error{Class: channel.Unauthorized, Why: sellerdesk.Why{Code: sellerdesk.ReasonSignature, Text: "It is not signed."}}
		case string(p.Body) == "odd":
			return &channel.Error{Class: channel.Refused, Why: sellerdesk.Why{Text: "This account takes nothing odd."}}
		default:
			return nil
		}
	}
	d.Desk = desk.New(desk.Deps{Store: d.Store, Roster: d.Roster, Drivers: []channel.Driver{driver}, Media: d.Media, Clock: d.Clock,
		Look: func(sellerdesk.AccountID, time.Time) {}})
}

func TestOnlySignedPushesAreKept(t *testing.T) {
	t.Parallel()
	q, h, address := door(t, signed)
	for _, c := range []struct {
		name    string
		change  func(*http.Request)
		body    string
		status  int
		says    string
		waiting int
		blocked bool
	}{
		{"without a signature", nil, "chat", http.StatusUnauthorized, "It is not signed.", 0, true},
		{"with that of another account", sign("a", "market"), "chat", http.StatusUnauthorized, "It is not signed.", 0, true},
		{"one that makes no sense anyway", nil, "", http.StatusBadRequest, "", 0, true},
		{"signed, and not taken", sign("a", "shop"), "odd", http.StatusUnprocessableEntity, "takes nothing odd", 0, true},
		{"signed", sign("a", "shop"), "chat", http.StatusOK, "thanks", 1, false},
		{"the same again", sign("a", "shop"), "chat", http.StatusOK, "thanks", 1, false},
		{"another one", sign("b", "shop"), "chat", http.StatusOK, "thanks", 2, false},
		{"forged afterwards", sign("c", "market"), "chat", http.StatusUnauthorized, "It is not signed.", 2, true},
	} {
		w := q.push(address, c.body, c.change)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: it is answered with %d %s", c.name, w.Code, w.Body)
		}
		list, health := waiting(t, h)
		if len(list) != c.waiting || (health.Blocked != nil) != c.blocked || c.blocked && health.ReasonCode != sellerdesk.ReasonSignature {
			t.Errorf("%s: %d wait, health %+v", c.name, len(list), health)
		}
	}
}

// sign gives a push its three headers.
func sign(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("webhook-id", name)
		r.Header.Set("webhook-timestamp", "1")
		r.Header.Set("webhook-signature", value)
	}
}
