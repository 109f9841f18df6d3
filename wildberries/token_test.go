package wildberries_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

func TestInspectToken(t *testing.T) {
	t.Parallel()
	expiry := time.Unix(1800000000, 0).UTC()
	cases := []struct {
		name   string
		claims map[string]any
		want   wildberries.Token
	}{
		{"personal", map[string]any{"exp": 1800000000, "s": chatScope | feedbackScope, "sid": sellerUUID, "oid": 4012345, "acc": 3, "for": "self", "id": "t-1", "t": false},
			wildberries.Token{Kind: wildberries.TokenPersonal, Categories: chatScope | feedbackScope, ScopeKnown: true, Expiry: expiry, SellerID: sellerUUID, SellerNumber: 4012345, ID: "t-1"}},
		{"basic and read-only", map[string]any{"acc": 1, "s": chatScope | readOnlyScope},
			wildberries.Token{Kind: wildberries.TokenBasic, Categories: chatScope, ScopeKnown: true, ReadOnly: true}},
		{"test", map[string]any{"t": true, "acc": 2, "s": 0}, wildberries.Token{Kind: wildberries.TokenTest, ScopeKnown: true, Sandbox: true}},
		{"service", map[string]any{"acc": 4, "for": "asid:abc", "s": 2}, wildberries.Token{Kind: wildberries.TokenService, Categories: 2, ScopeKnown: true, ServiceID: "abc"}},
		{"old, without kind and mask", map[string]any{"exp": 1800000000}, wildberries.Token{Kind: wildberries.TokenUnknown, Expiry: expiry}},
		{"numbers in quotes", map[string]any{"exp": "1800000000", "oid": "77", "s": "512"},
			wildberries.Token{Kind: wildberries.TokenUnknown, Categories: chatScope, ScopeKnown: true, Expiry: expiry, SellerNumber: 77}},
		{"odd claims do not hide the rest", map[string]any{"exp": []int{1}, "sid": map[string]int{}, "oid": -1, "acc": 99, "t": "yes", "id": strings.Repeat("x", 999), "s": 512},
			wildberries.Token{Kind: wildberries.TokenUnknown, Categories: chatScope, ScopeKnown: true}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			token := makeToken(c.claims)
			for _, form := range []string{token, "  bearer " + token + "\n"} {
				got, err := wildberries.InspectToken(form)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("token (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestNewRefusesBadTokens(t *testing.T) {
	t.Parallel()
	good := chatToken()
	cases := []struct {
		name, token string
		want        error
	}{
		{"nothing", "", wildberries.ErrBadToken},
		{"two parts", "a.b", wildberries.ErrBadToken},
		{"an empty part", "a..b", wildberries.ErrBadToken},
		{"a password", "hunter2hunter2", wildberries.ErrBadToken},
		{"a line end inside", good[:20] + "\r\nX-Evil: 1" + good[20:], wildberries.ErrBadToken},
		{"a cut payload", strings.Join([]string{"aaaa", "eyJ", "cccc"}, "."), wildberries.ErrBadToken},
		{"a mile of token", strings.Repeat("a", 9000) + ".b.c", wildberries.ErrBadToken},
		{"expired", makeToken(map[string]any{"exp": 1000, "s": chatScope}), wildberries.ErrTokenExpired},
		{"a test token for the real hosts", makeToken(map[string]any{"t": true, "s": chatScope}), wildberries.ErrTestToken},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := wildberries.New(c.token)
			if !errors.Is(err, c.want) || !errors.Is(err, wildberries.ErrUnauthorized) || !errors.Is(err, wildberries.ErrNotSent) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if c.token != "" && strings.Contains(err.Error(), c.token) || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("the error repeats the token: %v", err)
			}
		})
	}
}

func TestNewRefusesBadAddresses(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"ftp://x", "127.0.0.1:80", "http://", "http://me:secret@x", "http://x?y=1", "http://x#y", "http://\x00:secret@"} {
		_, err := wildberries.New(chatToken(), wildberries.WithBaseURL(base))
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q gave %v", base, err)
		}
	}
}

func TestCallsAreRefusedByWhatTheTokenLacks(t *testing.T) {
	t.Parallel()
	now := time.Unix(1784790000, 0)
	r := newRemote(t, repliesFile(t, "chats.json"))
	feedbacksOnly := clientOf(t, makeToken(map[string]any{"s": feedbackScope, "acc": 3}), r)
	readOnly := clientOf(t, makeToken(map[string]any{"s": chatScope | readOnlyScope, "acc": 3}), r)
	clock := now
	expiring := clientOf(t, makeToken(map[string]any{"s": chatScope, "exp": now.Unix() + 60}), r, wildberries.WithClock(func() time.Time { return clock }, nil))
	clock = now.Add(time.Hour)
	send := func(c *wildberries.Client) error {
		_, err := c.Chats.Send(t.Context(), "s", "x")
		return err
	}
	list := func(c *wildberries.Client) error {
		_, err := c.Chats.List(t.Context())
		return err
	}
	cases := []struct {
		name string
		err  error
		want []error
		text string
	}{
		{"the category is missing", list(feedbacksOnly), []error{wildberries.ErrMissingCategory, wildberries.ErrUnauthorized}, `lacks the category "buyer chat"`},
		{"a read-only token writes", send(readOnly), []error{wildberries.ErrReadOnly, wildberries.ErrForbidden}, "read-only"},
		{"the token expired meanwhile", list(expiring), []error{wildberries.ErrTokenExpired, wildberries.ErrUnauthorized}, "expired on 2026-07-23 07:01 UTC"},
	}
	for _, c := range cases {
		for _, want := range append(c.want, wildberries.ErrNotSent) {
			if !errors.Is(c.err, want) {
				t.Errorf("%s: got %v, want %v", c.name, c.err, want)
			}
		}
		if c.err != nil && !strings.Contains(c.err.Error(), c.text) {
			t.Errorf("%s: %q does not say %q", c.name, c.err, c.text)
		}
	}
	if r.arrived.Load() != 0 {
		t.Errorf("%d calls arrived", r.arrived.Load())
	}
	if err := list(readOnly); err != nil {
		t.Errorf("a read-only token reads: %v", err)
	}
	if err := list(clientOf(t, makeToken(map[string]any{"oid": 5}), r)); err != nil {
		t.Errorf("a token that does not tell its categories is tried: %v", err)
	}
}

func TestNoPrintShowsTheToken(t *testing.T) {
	t.Parallel()
	c, err := wildberries.New(chatToken())
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		text := fmt.Sprintf(verb+verb, c, *c)
		if strings.Contains(text, chatToken()) || strings.Contains(text, strings.Split(chatToken(), ".")[1]) {
			t.Errorf("%s shows the token", verb)
		}
	}
}

func TestCategories(t *testing.T) {
	t.Parallel()
	set := wildberries.Categories(chatScope | feedbackScope | 1<<40)
	if diff := cmp.Diff([]wildberries.Category{wildberries.CategoryFeedbacks, wildberries.CategoryChat, 40}, set.List()); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	if got := fmt.Sprint(set.List()); got != "[questions and feedbacks buyer chat category 40]" {
		t.Errorf("printed as %s", got)
	}
}

func TestBucketsByKindOfToken(t *testing.T) {
	t.Parallel()
	size := func(kind wildberries.TokenKind) map[string]string {
		got := map[string]string{}
		for _, l := range wildberries.Buckets(wildberries.Token{Kind: kind}) {
			got[l.Bucket] = fmt.Sprintf("%d per %v, burst %d", l.Limit, l.Period, l.Burst)
		}
		return got
	}
	shared := map[string]string{
		"seller-info": "1 per 1m0s, burst 10", "ping-chat": "3 per 30s, burst 3", "ping-common": "3 per 30s, burst 3",
		"ping-feedbacks": "3 per 30s, burst 3", "ping-returns": "3 per 30s, burst 3",
	}
	full := map[string]string{
		"questions-feedbacks": "3 per 1s, burst 6", "chat-list": "10 per 10s, burst 10", "chat-events": "10 per 10s, burst 10",
		"chat-message": "10 per 10s, burst 10", "chat-download": "10 per 10s, burst 10", "claim-list": "20 per 1m0s, burst 10", "claim-answer": "20 per 1m0s, burst 10",
	}
	basic := map[string]string{
		"questions-feedbacks": "5 per 1h0m0s, burst 1", "chat-list": "1 per 1h0m0s, burst 1", "chat-events": "1 per 1h0m0s, burst 1",
		"chat-message": "1 per 1h0m0s, burst 1", "chat-download": "10 per 1h0m0s, burst 1", "claim-list": "1 per 1h0m0s, burst 1", "claim-answer": "1 per 1h0m0s, burst 1",
	}
	for name, limit := range shared {
		full[name], basic[name] = limit, limit
	}
	rated := maps.Clone(full)
	rated["rating"] = "1 per 1m0s, burst 1"
	for kind, want := range map[wildberries.TokenKind]map[string]string{
		wildberries.TokenPersonal: full, wildberries.TokenService: rated, wildberries.TokenTest: full, wildberries.TokenUnknown: rated, wildberries.TokenBasic: basic,
	} {
		if diff := cmp.Diff(want, size(kind)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}
