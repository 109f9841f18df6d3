package wildberries_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/channel/wildberries"
	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// open opens a connector on the world with a token of a kind.
func (w *world) open(t *testing.T, o emulator.TokenOptions) channel.Connector {
	t.Helper()
	c, err := wildberries.Driver().Open(channel.Settings{
		Credentials: map[string]sellerdesk.Secret{"token": sellerdesk.Secret(w.token(o))},
		BaseURL:     w.base, Client: w.client, Clock: w.clock(), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return c
}

// openOn opens a connector on a server of the test's own, on a clock as fast as the world's.
func openOn(t *testing.T, handler http.HandlerFunc) channel.Connector {
	t.Helper()
	return openAs(t, `{"acc":3,"for":"self","oid":77,"s":512,"sid":"AB-CD","exp":4102444800}`, handler)
}

// openAs does so with a token of claims.
func openAs(t *testing.T, claims string, handler http.HandlerFunc) channel.Connector {
	t.Helper()
	server, clock := httptest.NewServer(handler), sandbox.NewClock(time.Time{}, speed)
	t.Cleanup(server.Close)
	c, err := wildberries.Driver().Open(channel.Settings{
		Credentials: map[string]sellerdesk.Secret{"token": token(claims)},
		BaseURL:     server.URL, Client: server.Client(), Log: slog.New(slog.DiscardHandler),
		Clock: sellerdesk.Clock{NowFunc: clock.Now, TimerFunc: clock.NewTimer},
	})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return c
}

// token makes a token of claims.
func token(claims string) sellerdesk.Secret {
	encode := base64.RawURLEncoding.EncodeToString
	return sellerdesk.Secret(encode([]byte(`{"alg":"ES256"}`)) + "." + encode([]byte(claims)) + "." + encode([]byte("signature")))
}

// classed gives class and reason of an error that must be classed.
func classed(t *testing.T, err error) (channel.Class, sellerdesk.ReasonCode) {
	t.Helper()
	class, e := channel.ClassOf(err)
	if e == nil {
		t.Fatalf("the error has no class: %v", err)
	}
	if e.Why.Text == "" {
		t.Errorf("the error has no sentence: %v", err)
	}
	return class, e.Why.Code
}

func TestTokensThatCanNeverWorkAreRefusedWithoutACall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		claims string
		base   string
		want   sellerdesk.ReasonCode
	}{
		{"an expired token", `{"acc":3,"s":512,"exp":1600000000}`, "", sellerdesk.ReasonExpired},
		{"a token with none of the three categories", `{"acc":3,"s":1073750018,"exp":4102444800}`, "", sellerdesk.ReasonScope},
		{"a test token on the real hosts", `{"acc":2,"t":true,"s":512,"exp":4102444800}`, "", sellerdesk.ReasonCredentials},
		{"claims that are no claims", `[]`, "", sellerdesk.ReasonCredentials},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := wildberries.Driver().Open(channel.Settings{
				Credentials: map[string]sellerdesk.Secret{"token": token(c.claims)}, BaseURL: c.base, Log: slog.New(slog.DiscardHandler),
			})
			if class, code := classed(t, err); class != channel.Unauthorized || code != c.want {
				t.Errorf("got %s, %s; want unauthorized, %s: %v", class, code, c.want, err)
			}
		})
	}
}

func TestABaseAddressThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"ftp://somewhere", "http://", "http://user:secret@host", "\x00"} {
		_, err := wildberries.Driver().Open(channel.Settings{
			Credentials: map[string]sellerdesk.Secret{"token": token(`{"acc":3,"s":512,"exp":4102444800}`)},
			BaseURL:     base, Log: slog.New(slog.DiscardHandler),
		})
		if class, _ := classed(t, err); class != channel.Refused || strings.Contains(err.Error(), "secret") {
			t.Errorf("the address %q: %s, %v", base, class, err)
		}
	}
}

func TestAnOldTokenWithoutScopesIsGivenAChance(t *testing.T) {
	t.Parallel()
	_, err := wildberries.Driver().Open(channel.Settings{
		Credentials: map[string]sellerdesk.Secret{"token": token(`{"oid":5}`)}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Errorf("Open: %v", err)
	}
}

func TestAReadOnlyTokenReadsAndIsRefusedToWrite(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	c := w.open(t, emulator.TokenOptions{ReadOnly: true})
	who, err := c.Check(t.Context())
	if err != nil || !who.ReadOnly {
		t.Fatalf("Check says read-only %v, %v", who.ReadOnly, err)
	}
	for _, stream := range c.Streams() {
		if _, err := c.Pull(t.Context(), stream.Name, ""); err != nil {
			t.Errorf("pull %s: %v", stream.Name, err)
		}
	}
	chat := w.remote().Buyer(t, lineOf("hello"))
	_, err = c.Send(t.Context(), sellerdesk.Reply{Conversation: sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: chat}, Text: "hi"})
	// Unauthorized would stop the reading of the account as well.
	if class, code := classed(t, err); class != channel.Refused || code != sellerdesk.ReasonReadOnly {
		t.Errorf("got %s, %s; want refused for a read-only token: %v", class, code, err)
	}
}

func TestCheckNamesTheCabinet(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	who, err := w.open(t, emulator.TokenOptions{}).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := w.account()
	until := sellerdesk.At(a.TokenUntil)
	want := sellerdesk.Identity{
		Seller: sellerdesk.RemoteID(a.Seller), Name: a.Name, Legal: sellerdesk.Optional(a.TaxID), Token: "personal", Expires: &until,
		Scopes: who.Scopes,
	}
	if diff := cmp.Diff(want, who); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(who.Scopes, ","); !strings.Contains(got, "buyer chat") {
		t.Errorf("the scopes are %q", got)
	}
}

func TestCheckFallsBackToTheTokenWhereItMayNotAsk(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusForbidden, http.StatusPaymentRequired} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			who, err := openOn(t, answer(status, `{"title":"forbidden","detail":"base token is not allowed"}`)).Check(t.Context())
			if err != nil || who.Seller != "ab-cd" || who.Name != "Wildberries 77" {
				t.Errorf("Check says %+v, %v", who, err)
			}
		})
	}
}

func answer(status int, body string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(status)
		_, _ = io.WriteString(rw, body)
	}
}

func TestABasicTokenIsPolledOnceAnHourAndNeverBeforeItsTurn(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	c := w.open(t, emulator.TokenOptions{Kind: emulator.Basic})
	calls := map[string]float64{} // in an hour, by bucket; one request in each pull
	buckets := map[string]string{"events": "events", "chats": "chats", "claims": "claims", "claims.archive": "claims"}
	for _, stream := range c.Streams() {
		if bucket := buckets[stream.Name]; bucket != "" {
			calls[bucket] += float64(time.Hour) / float64(stream.Every)
		} else if !stream.Backfill {
			calls["questions and reviews"] += float64(time.Hour) / float64(stream.Every)
		}
	}
	want := map[string]float64{"events": 1, "chats": 1, "claims": 0.6, "questions and reviews": 3}
	for bucket, most := range want {
		if calls[bucket] == 0 || calls[bucket] > most+1e-9 {
			t.Errorf("%s are read %.2f times an hour, want %.2f at most", bucket, calls[bucket], most)
		}
	}
	if _, err := c.Pull(t.Context(), "events", ""); err != nil {
		t.Fatalf("the first pull: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := c.Pull(ctx, "events", "")
	class, e := channel.ClassOf(err)
	if class != channel.Throttled || e.RetryAfter < 30*time.Minute || e.RetryAfter > 2*time.Hour {
		t.Errorf("the second pull is %s and says to wait %v: %v", class, e, err)
	}
	if n := w.State().Violations[emulator.API]; n != 0 {
		t.Errorf("%d requests went over the limit", n)
	}
}

func TestAnswersOfAllKindsAreClassed(t *testing.T) {
	t.Parallel()
	const html = "<html><body>Bad gateway</body></html>"
	for _, c := range []struct {
		name       string
		status     int
		body       string
		read, send channel.Class
	}{
		{"a revoked token", 401, `{"title":"unauthorized","detail":"token problem; token is withdrawn"}`, channel.Unauthorized, channel.Unauthorized},
		{"a missing category", 401, `{"title":"unauthorized","detail":"token scope not allowed"}`, channel.Unauthorized, channel.Unauthorized},
		{"payment", 402, `{"title":"payment required"}`, channel.Unauthorized, channel.Unauthorized},
		{"a right that is missing", 403, `{"title":"forbidden"}`, channel.Unauthorized, channel.Refused},
		{"a wrong request", 400, `{"title":"Bad Request","detail":"Invalid value for \"message\""}`, channel.Refused, channel.Refused},
		{"a refusal without words", 422, ``, channel.Refused, channel.Refused},
		{"a thing that is gone", 404, `{"title":"path not found"}`, channel.Gone, channel.Gone},
		{"a broken server", 500, html, channel.Temporary, channel.Unknown},
		{"a busy server", 503, ``, channel.Temporary, channel.Unknown},
		{"a page instead of an answer", 200, html, channel.Malformed, channel.Unknown},
		{"JSON of another shape", 200, `{"result":"surprise"}`, channel.Malformed, channel.Unknown},
		{"nothing at all", 200, ``, channel.Malformed, channel.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn := openOn(t, answer(c.status, c.body))
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			_, err := conn.Pull(ctx, "events", "")
			if class, _ := classed(t, err); class != c.read {
				t.Errorf("reading: %s, want %s: %v", class, c.read, err)
			}
			_, err = conn.Send(ctx, sellerdesk.Reply{Conversation: refOf("1:chat", "1:chat:sign"), Text: "hello"})
			if class, _ := classed(t, err); class != c.send {
				t.Errorf("sending: %s, want %s: %v", class, c.send, err)
			}
		})
	}
}

// refOf is a conversation with a signature kept on it.
func refOf(chat, sign string) sellerdesk.RemoteRef {
	return sellerdesk.RemoteRef{
		Kind: sellerdesk.KindChat, ID: sellerdesk.RemoteID(chat), Remote: fmt.Appendf(nil, `{"chat":%q,"sign":%q}`, chat, sign),
	}
}
