package wildberries_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

// every is all sentinels of outcome, so that a case also says what an error is not.
var every = map[string]error{
	"throttled": wildberries.ErrThrottled, "unauthorized": wildberries.ErrUnauthorized, "forbidden": wildberries.ErrForbidden,
	"not found": wildberries.ErrNotFound, "refused": wildberries.ErrRefused, "unknown": wildberries.ErrOutcomeUnknown,
	"not sent": wildberries.ErrNotSent, "malformed": wildberries.ErrMalformed, "temporary": wildberries.ErrTemporary,
	"scope": wildberries.ErrMissingCategory, "expired": wildberries.ErrTokenExpired,
}

func kinds(err error) map[string]bool {
	got := map[string]bool{}
	for name, sentinel := range every {
		if errors.Is(err, sentinel) {
			got[name] = true
		}
	}
	return got
}

func is(names ...string) map[string]bool {
	want := map[string]bool{}
	for _, name := range names {
		want[name] = true
	}
	return want
}

func TestEveryErrorShape(t *testing.T) {
	t.Parallel()
	const problem, plain, jsonType = "application/problem+json", "text/plain", "application/json"
	gateway := `{"title":"unauthorized","detail":"%","code":"07e4-1","requestId":"r-1","origin":"s2s-api-auth-catalog","status":401,"statusText":"Unauthorized","timestamp":"2026-07-23T06:52:38Z"}`
	cases := []struct {
		name, kind, body string
		status           int
		want             wildberries.Error
		kinds            map[string]bool
		text             string
	}{
		{"gateway 401, malformed token", problem, strings.Replace(gateway, "%", "token problem; token is malformed", 1), 401,
			wildberries.Error{Code: "07e4-1", Title: "unauthorized", Detail: "token problem; token is malformed", RequestID: "r-1", Origin: "s2s-api-auth-catalog"},
			is("unauthorized"), "GET /api/v1/seller/chats: 401 Unauthorized: token problem; token is malformed"},
		{"gateway 401, missing category", problem, strings.Replace(gateway, "%", "token scope not allowed", 1), 401,
			wildberries.Error{Code: "07e4-1", Title: "unauthorized", Detail: "token scope not allowed", RequestID: "r-1", Origin: "s2s-api-auth-catalog"},
			is("unauthorized", "scope"), "GET /api/v1/seller/chats: 401 Unauthorized: token scope not allowed"},
		{"gateway 401, expired", problem, strings.Replace(gateway, "%", "token expired", 1), 401,
			wildberries.Error{Code: "07e4-1", Title: "unauthorized", Detail: "token expired", RequestID: "r-1", Origin: "s2s-api-auth-catalog"},
			is("unauthorized", "expired"), "GET /api/v1/seller/chats: 401 Unauthorized: token expired"},
		{"402 has two fields", problem, `{"title":"payment required","detail":"top up the balance"}`, 402,
			wildberries.Error{Title: "payment required", Detail: "top up the balance"}, is("forbidden"), "GET /api/v1/seller/chats: 402 Payment Required: top up the balance"},
		{"gateway 403", problem, `{"title":"forbidden","detail":"base token is not allowed","origin":"x","status":403}`, 403,
			wildberries.Error{Title: "forbidden", Detail: "base token is not allowed", Origin: "x"}, is("forbidden"), "GET /api/v1/seller/chats: 403 Forbidden: base token is not allowed"},
		{"questions envelope", jsonType, `{"data":null,"error":true,"errorText":"Something went wrong","additionalErrors":["id","text"],"requestId":"r-2"}`, 422,
			wildberries.Error{Detail: "Something went wrong; id; text", RequestID: "r-2"}, is("refused"), "GET /api/v1/seller/chats: 422 Unprocessable Entity: Something went wrong; id; text"},
		{"feedback answer 400", jsonType, `{"title":"bad request","requestId":"r-3","origin":"fbapi","detail":"Неверный синтаксис JSON"}`, 400,
			wildberries.Error{Title: "bad request", Detail: "Неверный синтаксис JSON", RequestID: "r-3", Origin: "fbapi"}, is("refused"), "GET /api/v1/seller/chats: 400 Bad Request: Неверный синтаксис JSON"},
		{"pins 400", jsonType, `{"status":400,"title":"Bad Request","detail":"invalid request body","requestId":"r-4","origin":"pin-open-api"}`, 400,
			wildberries.Error{Title: "Bad Request", Detail: "invalid request body", RequestID: "r-4", Origin: "pin-open-api"}, is("refused"), "GET /api/v1/seller/chats: 400 Bad Request: invalid request body"},
		{"chat 400 says it twice", jsonType, `{"status":400,"title":"Bad Request","origin":"proxy-chats","detail":"Invalid number","requestId":"r-5","error":"Invalid number"}`, 400,
			wildberries.Error{Title: "Bad Request", Detail: "Invalid number", RequestID: "r-5", Origin: "proxy-chats"}, is("refused"), "GET /api/v1/seller/chats: 400 Bad Request: Invalid number"},
		{"claims 400 has neither status nor origin", problem, `{"title":"Validation error","detail":"The Action field is required.","requestId":"r-6"}`, 400,
			wildberries.Error{Title: "Validation error", Detail: "The Action field is required.", RequestID: "r-6"}, is("refused"), "GET /api/v1/seller/chats: 400 Bad Request: The Action field is required."},
		{"only a title", problem, `{"title":"gone fishing"}`, 404, wildberries.Error{Title: "gone fishing"}, is("not found"), "GET /api/v1/seller/chats: 404 Not Found: gone fishing"},
		{"text", plain, "upstream connect\r\n error", 502, wildberries.Error{Detail: "upstream connect error"}, is("temporary"), "GET /api/v1/seller/chats: 502 Bad Gateway: upstream connect error"},
		{"nothing", "", "", 503, wildberries.Error{}, is("temporary"), "GET /api/v1/seller/chats: 503 Service Unavailable"},
		{"a page", "text/html", "<html><body>secret</body></html>", 500, wildberries.Error{Detail: "a page instead of an answer"}, is("temporary"), "GET /api/v1/seller/chats: 500 Internal Server Error: a page instead of an answer"},
		{"broken JSON", jsonType, `{"title":"ba`, 400, wildberries.Error{}, is("refused"), "GET /api/v1/seller/chats: 400 Bad Request"},
		{"fields of other types", jsonType, `{"title":7,"detail":{"a":1},"errors":[{"title":"x"},3,null]}`, 409, wildberries.Error{Title: "7", Detail: "x; 3"}, is("refused"), "GET /api/v1/seller/chats: 409 Conflict: x; 3"},
		{"a redirect to nowhere", plain, "", 302, wildberries.Error{}, is("malformed"), "GET /api/v1/seller/chats: 302 Found"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, newRemote(t, replies(c.status, c.kind, c.body)), wildberries.WithAttempts(1))
			_, err := client.Chats.List(t.Context())
			var got *wildberries.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			c.want.Op, c.want.Status, c.want.Body, c.want.Outcome = "GET /api/v1/seller/chats", c.status, c.body, wildberries.OutcomeAnswered
			if diff := cmp.Diff(c.want, *got, cmpopts.IgnoreUnexported(wildberries.Error{})); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.kinds, kinds(err)); diff != "" {
				t.Errorf("matches (-want +got):\n%s", diff)
			}
			if err.Error() != c.text {
				t.Errorf("text %q, want %q", err, c.text)
			}
		})
	}
}

func TestThrottledTellsHowLong(t *testing.T) {
	t.Parallel()
	r := newRemote(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Ratelimit-Retry", "120")
		w.Header().Set("X-Ratelimit-Reset", "900")
		replies(429, "application/problem+json", `{"title":"too many requests","detail":"limited by c122"}`)(w, nil)
	})
	_, err := newClient(t, r).Chats.List(t.Context())
	var e *wildberries.Error
	if !errors.As(err, &e) || !errors.Is(err, wildberries.ErrThrottled) || e.RetryAfter != 2*time.Minute {
		t.Fatalf("got %v", err)
	}
	if got := err.Error(); got != "GET /api/v1/seller/chats: 429 Too Many Requests: limited by c122: again in 2m0s" {
		t.Errorf("text %q", got)
	}
}

func TestAnImpatientBudgetThrottlesBeforeAnythingLeaves(t *testing.T) {
	t.Parallel()
	r := newRemote(t, repliesFile(t, "chats.json"))
	basic := makeToken(map[string]any{"s": chatScope, "acc": 1})
	inspected, err := wildberries.InspectToken(basic)
	if err != nil {
		t.Fatal(err)
	}
	budget := wildberries.NewBudget(inspected, wildberries.BudgetOptions{Patience: time.Minute})
	client := clientOf(t, basic, r, wildberries.WithLimiter(budget))
	if _, err := client.Chats.List(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = client.Chats.List(t.Context())
	var e *wildberries.Error
	if !errors.As(err, &e) || !errors.Is(err, wildberries.ErrThrottled) || !errors.Is(err, wildberries.ErrNotSent) || e.RetryAfter < 59*time.Minute {
		t.Errorf("got %v", err)
	}
	if r.arrived.Load() != 1 {
		t.Errorf("%d calls arrived", r.arrived.Load())
	}
}

// The remote side may repeat the token in its complaint, and at any length.
func TestErrorsAreOneShortLineWithoutTheToken(t *testing.T) {
	t.Parallel()
	body := `{"title":"x","detail":"bad token ` + chatToken() + ` \u202e\u0000\r\n` + strings.Repeat("длинно ", 5000) + `"}`
	_, err := newClient(t, newRemote(t, replies(401, "application/problem+json", body))).Chats.List(t.Context())
	var e *wildberries.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	for what, text := range map[string]string{"text": err.Error(), "detail": e.Detail, "body": e.Body} {
		if strings.Contains(text, chatToken()) {
			t.Errorf("the %s holds the token", what)
		}
	}
	if n := utf8.RuneCountInString(err.Error()); n > 400 || strings.ContainsAny(err.Error(), "\r\n\x00\u202e") {
		t.Errorf("%d characters: %q", n, err)
	}
	if len(e.Body) > 2<<10 || len(e.Detail) > 8<<10 {
		t.Errorf("kept %d bytes of the body and %d of the detail", len(e.Body), len(e.Detail))
	}
}

func TestReadsRecoverFromOneFailure(t *testing.T) {
	t.Parallel()
	failed := false
	r := newRemote(t, func(w http.ResponseWriter, r *http.Request) {
		if !failed {
			failed = true
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		repliesFile(t, "chats.json")(w, r)
	})
	list, err := newClient(t, r, at(time.Unix(1784790000, 0)), wildberries.WithLimiter(noLimit{})).Chats.List(t.Context())
	if err != nil || len(list.Chats) != 2 {
		t.Errorf("%v, %d chats", err, len(list.Chats))
	}
}

func TestACancelledCallSaysSo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newClient(t, newRemote(t, repliesFile(t, "chats.json"))).Chats.List(ctx)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, wildberries.ErrNotSent) {
		t.Errorf("got %v", err)
	}
}
