package wildberries_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

func (b *bench) with(token, path string) answer {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, b.server.URL+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", token)
	a, err := b.do(r)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

func TestOfficialDocumentJudgesTheAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	if b.contract == nil {
		t.Skip("the official document is absent; SELLERDESK_TEST_SPECS names its folder")
	}
	witness := &testing.T{}
	judge := *b
	judge.TB = witness
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, b.server.URL+"/wildberries/chat/api/v1/seller/events", nil)
	judge.compare(r, answer{status: 200, header: http.Header{"Content-Type": {"application/json"}}, body: []byte(`{"result":{"next":"soon"}}`)})
	if !witness.Failed() {
		t.Error("a wrong answer was let through")
	}
}

func TestTokensAreJudged(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	mint := func(o wildberries.TokenOptions) string { return wildberries.Token(b.account, o) }
	good := mint(wildberries.TokenOptions{})
	parts := strings.Split(good, ".")
	strange, err := sandbox.New(99, sandbox.Options{Start: start})
	if err != nil {
		t.Fatal(err)
	}
	wildberries.Mount(strange, wildberries.Options{})
	cases := []struct {
		name, token, detail string
		status              int
	}{
		{"full scope, raw", good, "", 200},
		{"full scope, Bearer", "Bearer " + good, "", 200},
		{"service", mint(wildberries.TokenOptions{Kind: wildberries.Service}), "", 200},
		{"read-only, for reading", mint(wildberries.TokenOptions{ReadOnly: true}), "", 200},
		{"chat only", mint(wildberries.TokenOptions{Categories: []int{wildberries.CategoryChat}}), "", 200},
		{"no token", " ", "empty Authorization header", 401},
		{"no JWT", "abc", "token problem; token is malformed: token contains an invalid number of segments", 401},
		{"cut signature", good[:len(good)-1] + "!", "token problem; token is malformed: could not base64 decode signature: illegal base64 data at input byte 85", 401},
		{"claims that are no JSON", parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte("{")) + "." + parts[2], "token problem; token is malformed: could not JSON decode claim", 401},
		{"expired", mint(wildberries.TokenOptions{Expires: start}), "token expired", 401},
		{"test token", mint(wildberries.TokenOptions{Kind: wildberries.Test}), "token scope not allowed", 401},
		{"foreign category", mint(wildberries.TokenOptions{Categories: []int{wildberries.CategoryFeedbacks}}), "token scope not allowed", 401},
		{"unknown seller", strange.State().Accounts[0].Token, "token problem; token is withdrawn", 401},
	}
	for _, c := range cases {
		a := b.with(c.token, "/wildberries/chat/api/v1/seller/events")
		if c.status == 200 {
			if a.status != 200 {
				t.Errorf("%s: %d %s", c.name, a.status, a.body)
			}
			continue
		}
		if got := detail(t, a, c.status); got != c.detail {
			t.Errorf("%s: %q, want %q", c.name, got, c.detail)
		}
		var p struct{ Title, Code, RequestID, Origin, StatusText, Timestamp string }
		a.decode(t, &p)
		if p.Title != "unauthorized" || p.StatusText != "Unauthorized" || p.Origin != "s2s-api-auth-catalog" || p.RequestID == "" || p.Timestamp != "2026-11-20T09:00:00Z" {
			t.Errorf("%s: %s", c.name, a.body)
		}
	}
}

func TestReadOnlyTokenMayNotWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	r := b.request(b.chats()[0].ReplySign, "a")
	r.Header.Set("Authorization", wildberries.Token(b.account, wildberries.TokenOptions{ReadOnly: true}))
	a, err := b.do(r)
	if err != nil {
		t.Fatal(err)
	}
	detail(t, a, http.StatusForbidden)
}

func TestTokenExpiresByTheWorldsClock(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	b.world.Clock().Advance(180*24*time.Hour - time.Second)
	if a := b.get("/wildberries/chat/api/v1/seller/events"); a.status != 200 {
		t.Errorf("in the last second: %d", a.status)
	}
	b.world.Clock().Advance(time.Second)
	if got := detail(t, b.get("/wildberries/chat/api/v1/seller/events"), 401); got != "token expired" {
		t.Error(got)
	}
}

func TestPingIsLimitedOnEachHostByItself(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	want := regexp.MustCompile(`^\{"Status":"OK","TS":"2026-11-20T12:00:0\d\+03:00"\}\n$`)
	for _, host := range []string{"chat", "feedbacks", "returns", "common"} {
		for i, status := range []int{200, 200, 200, 429} {
			a := b.get("/wildberries/" + host + "/ping")
			if a.status != status || status == 200 && !want.Match(a.body) {
				t.Errorf("%s, call %d: %d %s", host, i, a.status, a.body)
			}
		}
	}
	if got := b.world.State().Violations["wildberries"]; got != 4 {
		t.Errorf("%d violations", got)
	}
	b.world.Clock().Advance(10 * time.Second)
	if a := b.get("/wildberries/chat/ping"); a.status != 200 {
		t.Errorf("after ten seconds: %d", a.status)
	}
}

func TestSellerInfoNamesTheCabinet(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	var got struct{ Name, Sid, Tin, TradeMark string }
	narrow := wildberries.Token(b.account, wildberries.TokenOptions{Categories: []int{2}})
	b.with(narrow, "/wildberries/common/api/v1/seller-info").decode(t, &got)
	if got.Sid != b.account.Seller || got.TradeMark != b.account.Name || got.Name == "" || len(got.Tin) != 10 {
		t.Errorf("%+v", got)
	}
}

func TestRealHostNamesWork(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	for host, path := range map[string]string{
		"buyer-chat-api.wildberries.ru": "/api/v1/seller/events", "feedbacks-api.wildberries.ru:443": "/ping",
		"returns-api.wildberries.ru": "/ping", "common-api.wildberries.ru": "/api/v1/seller-info",
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, b.server.URL+path, nil)
		r.Host = host
		a, err := b.do(r)
		if err != nil || a.status != 200 {
			t.Errorf("%s: %d %v", host, a.status, err)
		}
		if host == "buyer-chat-api.wildberries.ru" && !strings.Contains(string(a.body), `"url":"https://chat-basket-01.wbbasket.ru/vol0/`) {
			t.Error("no link to the real host of links")
		}
	}
}

func TestWhatIsNotServedAnswers404(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	for _, path := range []string{"/wildberries/feedbacks/api/v1/templates", "/wildberries/returns/api/v1/claims/1", "/wildberries/chat/api/v1/seller", "/wildberries/chat//ping"} {
		if a := b.get(path); a.status != 404 || a.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", path, a.status, a.header.Get("Content-Type"))
		}
	}
}

// reference is the limit as the remote side words it, kept the slow way: a count that is filled up by one each interval.
type reference struct {
	interval time.Duration
	burst    int
	tokens   float64
	at       time.Time
}

func (r *reference) take(now time.Time) bool {
	r.tokens = min(float64(r.burst), r.tokens+float64(now.Sub(r.at))/float64(r.interval))
	r.at = now
	if r.tokens < 1-1e-9 {
		return false
	}
	r.tokens--
	return true
}

func TestLimitsFollowTheReference(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, path string
		kind       wildberries.TokenKind
		interval   time.Duration
		burst      int
	}{
		{"personal events", "/wildberries/chat/api/v1/seller/events?next=1890000000000", wildberries.Personal, time.Second, 10},
		{"basic events", "/wildberries/chat/api/v1/seller/events?next=1890000000000", wildberries.Basic, time.Hour, 1},
		{"basic download", "/wildberries/chat/api/v1/seller/download/x", wildberries.Basic, 6 * time.Minute, 1},
		{"personal download", "/wildberries/chat/api/v1/seller/download/x", wildberries.Personal, time.Second, 10},
		{"personal questions and reviews", "/wildberries/feedbacks/api/v1/feedback?id=x", wildberries.Personal, 333 * time.Millisecond, 6},
		{"basic questions and reviews", "/wildberries/feedbacks/api/v1/questions/count", wildberries.Basic, 12 * time.Minute, 1},
		{"personal pins", "/wildberries/feedbacks/api/feedbacks/v1/pins/count", wildberries.Personal, 333 * time.Millisecond, 6},
		{"personal claims", "/wildberries/returns/api/v1/claims?is_archive=true", wildberries.Personal, 3 * time.Second, 10},
		{"basic claims", "/wildberries/returns/api/v1/claims?is_archive=true", wildberries.Basic, time.Hour, 1},
		{"rating", "/wildberries/feedbacks/api/common/v1/rating", wildberries.Service, time.Minute, 1},
		{"seller info", "/wildberries/common/api/v1/seller-info", wildberries.Personal, time.Minute, 10},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sandbox.Options{}, wildberries.Options{})
			token := wildberries.Token(b.account, wildberries.TokenOptions{Kind: c.kind})
			ref := reference{interval: c.interval, burst: c.burst, tokens: float64(c.burst), at: start}
			dice, refused := rand.New(rand.NewPCG(1, 2)), 0
			for i := range 200 {
				b.world.Clock().Advance(time.Duration(dice.Int64N(int64(c.interval) * 3 / 2)))
				want := ref.take(b.world.Clock().Now())
				a := b.with(token, c.path)
				if (a.status != 429) != want {
					t.Fatalf("call %d: %d, the reference says %v", i, a.status, want)
				}
				if !want {
					refused++
					b.checkRefusal(a, c.interval, c.burst)
				} else if got, want := a.header.Get("X-Ratelimit-Remaining"), strconv.Itoa(int(ref.tokens+1e-9)); got != want {
					t.Fatalf("call %d: remaining %s, want %s", i, got, want)
				}
			}
			if got := b.world.State().Violations["wildberries"]; got != refused {
				t.Errorf("%d violations counted, %d refused", got, refused)
			}
		})
	}
}

func (b *bench) checkRefusal(a answer, interval time.Duration, burst int) {
	b.Helper()
	retry, _ := strconv.Atoi(a.header.Get("X-Ratelimit-Retry"))
	reset, _ := strconv.Atoi(a.header.Get("X-Ratelimit-Reset"))
	if retry < 1 || time.Duration(retry)*time.Second > max(interval, time.Second) || reset < retry || a.header.Get("X-Ratelimit-Limit") != fmt.Sprint(burst) {
		b.Errorf("headers %v", a.header)
	}
	if a.header.Get("Retry-After") != "" || a.header.Get("X-Ratelimit-Remaining") != "" {
		b.Errorf("headers that the remote side does not send: %v", a.header)
	}
	if !strings.HasPrefix(detail(b, a, 429), "limited by ") {
		b.Errorf("body %s", a.body)
	}
}

func TestWaitingAsToldIsEnough(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	b.world.Clock().Advance(137 * time.Millisecond)
	for range 25 {
		a := b.get("/wildberries/chat/api/v1/seller/events?next=1890000000000")
		if a.status != 429 {
			continue
		}
		retry, _ := strconv.Atoi(a.header.Get("X-Ratelimit-Retry"))
		b.world.Clock().Advance(time.Duration(retry) * time.Second)
		if a := b.get("/wildberries/chat/api/v1/seller/events?next=1890000000000"); a.status != 200 {
			t.Fatalf("after the wait: %d", a.status)
		}
	}
}

func TestClientErrorCostsTenWhereTheSwitchSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{ClientErrorCost: 10})
	detail(t, b.get("/wildberries/chat/api/v1/seller/events?next=0"), 400)
	if a := b.get("/wildberries/chat/api/v1/seller/events"); a.status != 429 {
		t.Errorf("status %d", a.status)
	}
	if a := b.get("/wildberries/chat/api/v1/seller/chats"); a.status != 200 {
		t.Errorf("another bucket: %d", a.status)
	}
}
