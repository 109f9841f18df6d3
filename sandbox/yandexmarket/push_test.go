package yandexmarket_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
)

// receiver takes pushes and compares them with the official document.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []string // types
	answer func(kind string, rw http.ResponseWriter)
}

func good(_ string, rw http.ResponseWriter) {
	rw.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(rw, `{"version":"1","name":"test","time":"2026-11-20T09:00:00Z"}`)
}

func newReceiver(t *testing.T) *receiver {
	v := &receiver{answer: good}
	document := contract(t, "yandex-market-notification-openapi.yaml")
	v.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var in struct{ NotificationType string }
		_ = json.Unmarshal(raw, &in)
		if document != nil {
			r.Body = io.NopCloser(strings.NewReader(string(raw)))
			asked := r.Clone(r.Context())
			asked.URL.Path = strings.TrimPrefix(asked.URL.Path, "/in/1")
			asked.Host, asked.URL.Host = "", ""
			route, params, err := document.FindRoute(asked)
			if err == nil {
				err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route})
			}
			if err != nil {
				t.Errorf("%s is not as the official document says: %v", raw, err)
			}
		}
		v.mu.Lock()
		v.got = append(v.got, in.NotificationType)
		reply := v.answer
		v.mu.Unlock()
		reply(in.NotificationType, rw)
	}))
	t.Cleanup(v.Close)
	return v
}

func (v *receiver) set(f func(string, http.ResponseWriter)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.answer = f
}

func (v *receiver) types() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return strings.Join(v.got, " ")
}

// until waits for a condition of machine time.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	for range 500 {
		if f() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s did not happen", what)
}

func pushing(t *testing.T, o yandexmarket.Options) (*bench, *receiver) {
	b, v := newBench(t, o), newReceiver(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = b.world.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	if a := b.control("push", `{"api":"yandexmarket","address":"`+v.URL+`/in/1"}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	until(t, "PING", func() bool { return v.types() == "PING" && b.push().Queued == 0 })
	return b, v
}

func (b *bench) push() *sandbox.PushState { return b.world.State().Accounts[0].Push }

func TestEverythingNewIsPushedInOrder(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, yandexmarket.Options{})
	chat := b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "a"}).Conversation
	b.control("yandexmarket/chat", `{"conversation":"`+chat+`","do":"sticker"}`)
	review := b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Text: "a"}).Conversation
	b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Conversation: review, Text: "b"})
	question := b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Text: "a"}).Conversation
	if _, err := b.world.SellerWrites(t.Context(), sandbox.SellerMessage{API: yandexmarket.API, Kind: sandbox.KindQuestion, Conversation: question, Text: "b"}); err != nil {
		t.Fatal(err)
	}
	b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Conversation: question, Text: "c"})
	const want = "PING CHAT_CREATED CHAT_MESSAGE_SENT GOODS_FEEDBACK_CREATED GOODS_FEEDBACK_COMMENT_CREATED QUESTION_CREATED QUESTION_ANSWER_CREATED QUESTION_COMMENT_CREATED"
	until(t, want, func() bool { return v.types() == want })
}

func TestAFailingPushHoldsUpAllOthers(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, yandexmarket.Options{})
	v.set(func(_ string, rw http.ResponseWriter) { rw.WriteHeader(http.StatusInternalServerError) })
	b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Text: "a"})
	b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Text: "a"})
	until(t, "the first failure", func() bool { return b.push().State == "blocked" })
	b.world.Clock().Advance(time.Minute)
	until(t, "the second failure", func() bool { return b.push().Failed == 2 })
	if got := v.types(); strings.Contains(got, "FEEDBACK") || b.push().Queued != 2 {
		t.Errorf("%s passed, %+v", got, b.push())
	}
	b.world.Clock().Advance(time.Hour) // then every quarter of an hour
	until(t, "the third failure", func() bool { return b.push().Failed == 3 })
	if next := b.push().NextAt.Sub(b.world.Clock().Now()); next != 15*time.Minute {
		t.Errorf("next attempt in %v", next)
	}
	v.set(good)
	b.world.Clock().Advance(15 * time.Minute)
	until(t, "both", func() bool { return b.push().Delivered == 3 && b.push().State == "ok" })
	v.set(func(_ string, rw http.ResponseWriter) { rw.WriteHeader(http.StatusServiceUnavailable) })
	b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Text: "b"})
	until(t, "another failure", func() bool { return b.push().State == "blocked" })
	b.world.Clock().Advance(14 * 24 * time.Hour)
	until(t, "the end of the integration", func() bool { return b.push().State == "off" })
}

func TestAnswersToPushesAreChecked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer  string
		kind    string
		status  int
		trouble string
		again   bool
	}{
		"not JSON":                    {"ok", "text/plain", 200, "UNSUPPORTED_MEDIA_TYPE", true},
		"not JSON but called so":      {"ok", "application/json", 200, "CANT_PARSE_RESPONSE", true},
		"without a name":              {`{"version":"1","time":"2026-11-20T09:00:00Z"}`, "application/json", 200, "INVALID_DATA", true},
		"refused as a wrong one":      {`{"error":{"type":"DUPLICATED_EVENT"}}`, "application/json", 400, "HTTP 400", false},
		"no content":                  {"", "application/json", 202, "HTTP 202", true},
		"a name of 101 letters":       {`{"version":"1","name":"` + strings.Repeat("a", 101) + `","time":"2026-11-20T09:00:00Z"}`, "application/json", 200, "INVALID_DATA", true},
		"a redirection to the answer": {"", "", 302, "HTTP 302", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, v := pushing(t, yandexmarket.Options{})
			v.set(func(_ string, rw http.ResponseWriter) {
				rw.Header().Set("Content-Type", tt.kind)
				rw.WriteHeader(tt.status)
				_, _ = io.WriteString(rw, tt.answer)
			})
			b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Text: "a"})
			until(t, "the answer", func() bool { return b.push().Failed+b.push().Refused == 1 })
			if got := b.push(); got.Trouble != tt.trouble || (got.State == "blocked") != tt.again {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestAPingHasAShorterDeadline(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, yandexmarket.Options{PingDeadline: 30 * time.Millisecond, PushDeadline: 5 * time.Second})
	v.set(func(kind string, rw http.ResponseWriter) { time.Sleep(100 * time.Millisecond); good(kind, rw) })
	b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Text: "a"})
	until(t, "the slow answer", func() bool { return b.push().Delivered == 2 })
	b.control("push", `{"api":"yandexmarket","address":"`+v.URL+`/in/1"}`)
	until(t, "the late PING", func() bool { return b.push().Trouble == "READ_TIMED_OUT" })
}

func TestPushesAreLostDoubledAndReorderedOnOrder(t *testing.T) {
	t.Parallel()
	for effect, want := range map[string]string{
		"drop_before": "PING GOODS_FEEDBACK_CREATED", "duplicate": "PING QUESTION_CREATED QUESTION_CREATED GOODS_FEEDBACK_CREATED",
		"reorder": "PING GOODS_FEEDBACK_CREATED QUESTION_CREATED",
	} {
		t.Run(effect, func(t *testing.T) {
			t.Parallel()
			b, v := pushing(t, yandexmarket.Options{})
			if a := b.control("faults", fmt.Sprintf(`[{"api":"yandexmarket","operation":"POST /notification","nth":1,"effect":%q}]`, effect)); a.status != 200 {
				t.Fatalf("%s", a.body)
			}
			b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Text: "a"})
			b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Text: "a"})
			until(t, "the review", func() bool { return strings.Contains(v.types(), "FEEDBACK") })
			b.world.Clock().Advance(3 * time.Second)
			until(t, want, func() bool { return v.types() == want })
		})
	}
}
