package yandexmarket_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
	"github.com/sellerdesk/sellerdesk/yandexmarket"
)

// transport answers without a network.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// says is an answer; header has names and values in turn.
func says(r *http.Request, status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}
}

// scripted makes a client whose remote side is f.
func scripted(t testing.TB, f transport, options ...yandexmarket.Option) *yandexmarket.Client {
	t.Helper()
	c, err := yandexmarket.New(someKey, append([]yandexmarket.Option{
		yandexmarket.WithHTTPClient(&http.Client{Transport: f}), yandexmarket.WithLimiter(noLimit{}),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// always gives the same answer.
func always(status int, body string, header ...string) transport {
	return func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		return says(r, status, body, header...), nil
	}
}

func wrong(code, message string) string {
	return fmt.Sprintf(`{"status":"ERROR","errors":[{"code":%q,"message":%q}]}`, code, message)
}

func TestErrorsOfTheRemoteSideKeepItsWords(t *testing.T) {
	t.Parallel()
	until := start.Add(30 * time.Minute).Format(http.TimeFormat)
	cases := []struct {
		name          string
		status        int
		body          string
		read, write   []error // what the error is
		not           []error
		code, message string
		retry         time.Duration
		header        []string
	}{
		{"a revoked key", 401, wrong("UNAUTHORIZED", "Api-Key token is revoked"), []error{yandexmarket.ErrUnauthorized}, []error{yandexmarket.ErrUnauthorized}, nil, "UNAUTHORIZED", "Api-Key token is revoked", 0, nil},
		{"another cabinet", 403, wrong("FORBIDDEN", "Access denied"), []error{yandexmarket.ErrForbidden}, []error{yandexmarket.ErrForbidden}, []error{yandexmarket.ErrDisabled}, "FORBIDDEN", "Access denied", 0, nil},
		{"a cabinet that is switched off", 403, wrong("API_DISABLED", "API for business '5' disabled because it has only disabled partners"), []error{yandexmarket.ErrForbidden, yandexmarket.ErrDisabled}, []error{yandexmarket.ErrForbidden, yandexmarket.ErrDisabled}, nil, "API_DISABLED", "API for business '5' disabled because it has only disabled partners", 0, nil},
		{"a cabinet that is switched off, said second", 403, `{"errors":[{"code":"FORBIDDEN"},{"code":"API_DISABLED","message":"x"}]}`, []error{yandexmarket.ErrDisabled}, []error{yandexmarket.ErrDisabled}, nil, "FORBIDDEN", "", 0, nil},
		{"a chat that is not there", 404, wrong("NOT_FOUND", "Can't find chat by id: '7'"), []error{yandexmarket.ErrNotFound}, []error{yandexmarket.ErrNotFound}, nil, "NOT_FOUND", "Can't find chat by id: '7'", 0, nil},
		{"a used up quota", 420, wrong("LIMIT_EXCEEDED", "Hit rate limit of '1000' requests per 'hour'"), []error{yandexmarket.ErrThrottled}, []error{yandexmarket.ErrThrottled}, []error{yandexmarket.ErrTemporary, yandexmarket.ErrOutcomeUnknown}, "LIMIT_EXCEEDED", "Hit rate limit of '1000' requests per 'hour'", 30*time.Minute + time.Second, []string{"X-RateLimit-Resource-Until", until, "X-RateLimit-Resource-Remaining", "0"}},
		{"too many at once, though the quota lasts", 420, wrong("LIMIT_EXCEEDED", "Hit rate limit of 4 parallel requests for businessId 5"), []error{yandexmarket.ErrThrottled}, []error{yandexmarket.ErrThrottled}, nil, "LIMIT_EXCEEDED", "Hit rate limit of 4 parallel requests for businessId 5", time.Second, []string{"X-RateLimit-Resource-Until", until, "X-RateLimit-Resource-Remaining", "900"}},
		{"a pause of years", 420, "{}", []error{yandexmarket.ErrThrottled}, []error{yandexmarket.ErrThrottled}, nil, "", "", 24 * time.Hour, []string{"X-RateLimit-Resource-Until", "Fri, 31 Dec 9999 23:59:59 GMT"}},
		{"a pause that is no date", 420, "{}", []error{yandexmarket.ErrThrottled}, []error{yandexmarket.ErrThrottled}, nil, "", "", 0, []string{"X-RateLimit-Resource-Until", "soon"}},
		{"a wrong request", 400, wrong("BAD_REQUEST", "Limit exceeded"), []error{yandexmarket.ErrRefused}, []error{yandexmarket.ErrRefused}, []error{yandexmarket.ErrNotSent}, "BAD_REQUEST", "Limit exceeded", 0, nil},
		{"a wrong request, said with a good status", 200, wrong("BAD_REQUEST", "Limit exceeded"), []error{yandexmarket.ErrRefused}, []error{yandexmarket.ErrRefused}, nil, "BAD_REQUEST", "Limit exceeded", 0, nil},
		{"a cabinet that moves", 423, wrong("LOCKED", "Business is in migration"), []error{yandexmarket.ErrTemporary}, []error{yandexmarket.ErrTemporary}, nil, "LOCKED", "Business is in migration", 0, nil},
		{"a failing server", 500, wrong("INTERNAL_ERROR", "oops"), []error{yandexmarket.ErrTemporary}, []error{yandexmarket.ErrOutcomeUnknown}, []error{yandexmarket.ErrRefused}, "INTERNAL_ERROR", "oops", 0, nil},
		{"a server that is away", 503, "<html>", []error{yandexmarket.ErrTemporary}, []error{yandexmarket.ErrOutcomeUnknown}, nil, "", "", 0, nil},
		{"errors that are null", 400, `{"status":"ERROR","errors":null}`, []error{yandexmarket.ErrRefused}, []error{yandexmarket.ErrRefused}, nil, "", "", 0, nil},
		{"errors that are something else", 404, `{"errors":"no"}`, []error{yandexmarket.ErrNotFound}, []error{yandexmarket.ErrNotFound}, nil, "", "", 0, nil},
		{"no body at all", 403, "", []error{yandexmarket.ErrForbidden}, []error{yandexmarket.ErrForbidden}, nil, "", "", 0, nil},
		{"a redirect", 302, "", []error{yandexmarket.ErrMalformed}, []error{yandexmarket.ErrMalformed, yandexmarket.ErrOutcomeUnknown}, nil, "", "", 0, []string{"Location", "https://passport.yandex.ru/"}},
		{"a page for people", 200, "<html>", []error{yandexmarket.ErrMalformed}, []error{yandexmarket.ErrMalformed, yandexmarket.ErrOutcomeUnknown}, nil, "", "", 0, nil},
		{"half an answer", 200, `{"status":"OK","result":{`, []error{yandexmarket.ErrMalformed, yandexmarket.ErrTemporary}, []error{yandexmarket.ErrOutcomeUnknown}, nil, "", "", 0, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			still := yandexmarket.WithClock(func() time.Time { return start }, nil)
			client := scripted(t, always(c.status, c.body, c.header...), still, yandexmarket.WithAttempts(1))
			_, readErr := client.Chats.List(t.Context(), 5, yandexmarket.ListChats{})
			writeErr := client.Chats.Send(t.Context(), 5, 7, "привет")
			for err, wants := range map[error][]error{readErr: c.read, writeErr: c.write} {
				var e *yandexmarket.Error
				if !errors.As(err, &e) || e.Status != c.status || e.Code != c.code || e.Message != c.message || e.RetryAfter != c.retry {
					t.Errorf("got %#v", err)
					continue
				}
				if !strings.Contains(err.Error(), c.code) || !strings.Contains(err.Error(), c.message) || !strings.HasPrefix(err.Error(), "POST /v2/") {
					t.Errorf("the error does not say what happened: %v", err)
				}
				for _, want := range wants {
					if !errors.Is(err, want) {
						t.Errorf("%v is not %v", err, want)
					}
				}
				for _, other := range c.not {
					if errors.Is(err, other) {
						t.Errorf("%v is %v", err, other)
					}
				}
			}
			var e *yandexmarket.Error
			if errors.As(writeErr, &e) && (e.Outcome == yandexmarket.OutcomeUnknown) != errors.Is(writeErr, yandexmarket.ErrOutcomeUnknown) {
				t.Errorf("outcome %q of %v", e.Outcome, writeErr)
			}
			if errors.Is(writeErr, yandexmarket.ErrTemporary) && errors.Is(writeErr, yandexmarket.ErrOutcomeUnknown) {
				t.Error("a write that may have been done is called temporary: somebody would repeat it")
			}
		})
	}
}

// The emulator says the same in its own words.
func TestTheEmulatorsRefusalsAreUnderstood(t *testing.T) {
	t.Parallel()
	m := newMarket(t, emulator.Options{})
	chat, _ := m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "Где заказ?"})
	good, ctx := m.client(), t.Context()
	reading := m.as(emulator.Token(m.account, emulator.TokenOptions{Scopes: []emulator.Scope{emulator.ScopeReadOnly}}))
	for _, c := range []struct {
		name string
		err  error
		want error
		code string
	}{
		{"a key that was never made", drop(m.as(someKey).Campaigns.List(ctx, yandexmarket.ListCampaigns{})), yandexmarket.ErrUnauthorized, "UNAUTHORIZED"},
		{"another cabinet", drop(good.Chats.List(ctx, 777, yandexmarket.ListChats{})), yandexmarket.ErrForbidden, "FORBIDDEN"},
		{"a key that may only read writes", reading.Chats.Send(ctx, m.business, chat, "да"), yandexmarket.ErrForbidden, "FORBIDDEN"},
		{"a key that may only read reads", drop(reading.Chats.Get(ctx, m.business, chat)), nil, ""},
		{"an unknown chat", drop(good.Chats.Get(ctx, m.business, 5)), yandexmarket.ErrNotFound, "NOT_FOUND"},
		{"an unknown message", drop(good.Chats.Message(ctx, m.business, chat, 5)), yandexmarket.ErrNotFound, "NOT_FOUND"},
		{"an unknown order", drop(good.Chats.Create(ctx, m.business, yandexmarket.ChatSubject{Type: yandexmarket.ContextOrder, ID: 5})), yandexmarket.ErrNotFound, "NOT_FOUND"},
		{"a page that is too large", drop(good.Chats.List(ctx, m.business, yandexmarket.ListChats{Limit: 20, Page: "!"})), yandexmarket.ErrRefused, "BAD_REQUEST"},
	} {
		var e *yandexmarket.Error
		if !errors.Is(c.err, c.want) || c.want != nil && (!errors.As(c.err, &e) || e.Code != c.code || e.Message == "") {
			t.Errorf("%s: %v", c.name, c.err)
		}
	}
	m.control("yandexmarket/cabinet", `{"disabled":true}`)
	if err := good.Chats.Send(ctx, m.business, chat, "да"); !errors.Is(err, yandexmarket.ErrDisabled) {
		t.Errorf("a cabinet that is switched off: %v", err)
	}
	if _, err := good.Campaigns.List(ctx, yandexmarket.ListCampaigns{}); err != nil {
		t.Errorf("its list of shops: %v", err)
	}
}

// What the document forbids is refused before anything leaves.
func TestWhatCannotBeTakenDoesNotLeave(t *testing.T) {
	t.Parallel()
	var left atomic.Int64
	c := scripted(t, func(r *http.Request) (*http.Response, error) {
		left.Add(1)
		return says(r, 200, `{"status":"OK"}`), nil
	})
	ctx := t.Context()
	file := func(name string, size int64) error {
		return c.Chats.SendFile(ctx, 5, 7, yandexmarket.Upload{Name: name, Size: size, Content: bytes.NewReader(nil)})
	}
	question := yandexmarket.Entity{ID: 1, Type: yandexmarket.EntityQuestion}
	for name, err := range map[string]error{
		"a text of 4,097 characters":            c.Chats.Send(ctx, 5, 7, strings.Repeat("ж", 4097)),
		"a text of blanks":                      c.Chats.Send(ctx, 5, 7, " \n\t"),
		"a text that is no text":                c.Chats.Send(ctx, 5, 7, "\xff"),
		"a comment of 4,097 characters":         drop(c.Reviews.Comment(ctx, 5, yandexmarket.NewComment{ReviewID: 1, Text: strings.Repeat("ж", 4097)})),
		"an answer of 5,001 characters":         drop(c.Questions.Create(ctx, 5, question, strings.Repeat("ж", 5001))),
		"an empty change of an answer":          c.Questions.Update(ctx, 5, question, ""),
		"a file of one byte too many":           file("a.png", 5<<20+1),
		"an empty file":                         file("a.png", 0),
		"a file without a name":                 file("", 5),
		"a file name with a line end":           file("a\r\nX: y.png", 5),
		"a file without content":                c.Chats.SendFile(ctx, 5, 7, yandexmarket.Upload{Name: "a.png", Size: 5}),
		"a chat about nothing":                  drop(c.Chats.Create(ctx, 5, yandexmarket.ChatSubject{Type: yandexmarket.ContextOrder})),
		"a chat that only buyers can start":     drop(c.Chats.Create(ctx, 5, yandexmarket.ChatSubject{Type: yandexmarket.ContextDirect, ID: 5})),
		"nothing to skip":                       c.Reviews.SkipReaction(ctx, 5),
		"51 reviews to skip":                    c.Reviews.SkipReaction(ctx, 5, make([]int64, 51)...),
		"a file from an address that is no web": drop(c.Chats.Download(ctx, "file:///etc/passwd")),
	} {
		if !errors.Is(err, yandexmarket.ErrRefused) || !errors.Is(err, yandexmarket.ErrNotSent) || errors.Is(err, yandexmarket.ErrTemporary) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left.Load() != 0 {
		t.Errorf("%d requests left", left.Load())
	}
	if err := c.Chats.Send(ctx, 5, 7, strings.Repeat("ж", 4096)); err != nil || left.Load() != 1 {
		t.Errorf("4,096 characters of two bytes: %v", err)
	}
}

func TestALargeFileStreamsAndArrivesWhole(t *testing.T) {
	t.Parallel()
	m := newMarket(t, emulator.Options{})
	c := m.client()
	chat, first := m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "Покажите"})
	content := bytes.Repeat([]byte("%PDF-1.4 "), 5<<20/9)
	err := c.Chats.SendFile(t.Context(), m.business, chat, yandexmarket.Upload{Name: "a.pdf", Size: int64(len(content)), Content: bytes.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := collect(c.Chats.Since(t.Context(), m.business, chat, first))
	if err != nil || len(lines) != 1 || len(lines[0].Files) != 1 || lines[0].Files[0].Size != int64(len(content)) {
		t.Errorf("%+v, %v", lines, err)
	}
}

// A write leaves once, whatever becomes of it; a read is asked for again, with
// its filter.
func TestWritesAreNeverRepeatedAndReadsAre(t *testing.T) {
	t.Parallel()
	for _, fail := range []struct {
		name string
		how  func(*http.Request) (*http.Response, error)
	}{
		{"a failing server", func(r *http.Request) (*http.Response, error) { return says(r, 500, "{}"), nil }},
		{"a broken line", func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }},
		{"half an answer", func(r *http.Request) (*http.Response, error) { return says(r, 200, `{"status":`), nil }},
		{"a 420", func(r *http.Request) (*http.Response, error) { return says(r, 420, "{}"), nil }},
	} {
		t.Run(fail.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var bodies []string
				c := scripted(t, func(r *http.Request) (*http.Response, error) {
					body, err := io.ReadAll(r.Body)
					if err != nil {
						t.Error(err)
					}
					bodies = append(bodies, string(body))
					if len(bodies) < 3 {
						return fail.how(r)
					}
					return says(r, 200, `{"status":"OK","result":{"chats":[],"feedbacks":[],"messages":[]}}`), nil
				})
				_, err := c.Chats.List(t.Context(), 5, yandexmarket.ListChats{Statuses: []yandexmarket.ChatStatus{yandexmarket.StatusNew}})
				if want := `{"statuses":["NEW"]}`; err != nil || len(bodies) != 3 || bodies[0] != want || bodies[1] != want || bodies[2] != want {
					t.Errorf("a list: %v after %q", err, bodies)
				}
				bodies = nil
				err = c.Chats.Send(t.Context(), 5, 7, "да")
				if err == nil || len(bodies) != 1 || fail.name != "a 420" && !errors.Is(err, yandexmarket.ErrOutcomeUnknown) {
					t.Errorf("a line: %v after %q", err, bodies)
				}
				bodies = nil
				err = c.Chats.SendFile(t.Context(), 5, 7, yandexmarket.Upload{Name: "a", Size: 1, Content: strings.NewReader("a")})
				if err == nil || len(bodies) != 1 {
					t.Errorf("a file: %v after %d requests", err, len(bodies))
				}
			})
		})
	}
}

// The emulator has done it although no answer came: the message is there once.
func TestAWriteWithoutAnAnswerIsFoundInTheHistory(t *testing.T) {
	t.Parallel()
	m := newMarket(t, emulator.Options{})
	c := m.client(yandexmarket.WithAttempts(3))
	chat, first := m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "Где заказ?"})
	m.fault(sandbox.Fault{Operation: "POST /v2/businesses/{b}/chats/message", Effect: sandbox.EffectDropAfter})
	if err := c.Chats.Send(t.Context(), m.business, chat, "В пути"); !errors.Is(err, yandexmarket.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
	lines, err := collect(c.Chats.Since(t.Context(), m.business, chat, first))
	if err != nil || len(lines) != 1 || lines[0].Text != "В пути" || m.world.State().Duplicates != 0 {
		t.Errorf("%+v, %v", lines, err)
	}
}

func TestAFileOfAnotherLengthThanAnnounced(t *testing.T) {
	t.Parallel()
	c := newMarket(t, emulator.Options{}).client()
	for name, size := range map[string]int64{"shorter": 10, "longer": 3} {
		err := c.Chats.SendFile(t.Context(), 5, 7, yandexmarket.Upload{Name: "a", Size: size, Content: strings.NewReader("12345")})
		if !errors.Is(err, yandexmarket.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "not as long as announced") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAReadSitsOutA420AsLongAsItsCallerAllows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		patience time.Duration
		deadline time.Duration
		works    bool
		least    time.Duration
		most     time.Duration
	}{
		{"by default it waits as told", 0, time.Hour, true, 40 * time.Second, 43 * time.Second},
		{"with less patience it says so at once", 10 * time.Second, time.Hour, false, 0, 0},
		{"without patience too", -1, time.Hour, false, 0, 0},
		{"with a context that ends it ends", 0, 5 * time.Second, false, 5 * time.Second, 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				free := time.Now().Add(40 * time.Second)
				client := scripted(t, func(r *http.Request) (*http.Response, error) {
					if time.Now().Before(free) {
						return says(r, 420, wrong("LIMIT_EXCEEDED", "Hit rate limit"), "X-RateLimit-Resource-Until", free.UTC().Format(http.TimeFormat)), nil
					}
					return says(r, 200, `{"status":"OK","result":{"chats":[]}}`), nil
				}, yandexmarket.WithPatience(c.patience))
				ctx, cancel := context.WithTimeout(t.Context(), c.deadline)
				defer cancel()
				began := time.Now()
				_, err := client.Chats.List(ctx, 5, yandexmarket.ListChats{})
				took := time.Since(began)
				if took < c.least || took > c.most {
					t.Errorf("it took %v", took)
				}
				if c.works {
					if err != nil {
						t.Error(err)
					}
					return
				}
				// A context that ends in a pause leaves no answer to tell of.
				var e *yandexmarket.Error
				if c.deadline == time.Hour && (!errors.Is(err, yandexmarket.ErrThrottled) || !errors.As(err, &e) || e.Code != "LIMIT_EXCEEDED" || e.RetryAfter < 40*time.Second) || err == nil {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestNoPrintAndNoLogShowsAToken(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := scripted(t, always(403, wrong("FORBIDDEN", "the key "+someKey+" and y0_secret")), yandexmarket.WithFileToken("y0_secret"),
		yandexmarket.WithLog(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	_, err := c.Chats.Get(t.Context(), 5, 7)
	_, err2 := c.Chats.Download(t.Context(), "https://files.messenger.yandex.net/private-name")
	texts := fmt.Sprintf("%v %+v %#v %v %+v %s", err, err, err, c, *c, log.String())
	texts += fmt.Sprintf("%v %+v %#v", err2, err2, err2)
	if strings.Contains(texts, someKey) || strings.Contains(texts, "y0_secret") || strings.Contains(texts, "private-name") {
		t.Errorf("it is shown: %s", texts)
	}
	if !strings.Contains(log.String(), "GET /v2/businesses/{businessId}/chat") || !strings.Contains(log.String(), "GET file") {
		t.Errorf("the log misses the operations: %s", log.String())
	}
}

func TestTokensAndAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", " ", "a b", "a\nb", "ключ", strings.Repeat("a", 5000)} {
		if _, err := yandexmarket.New(token); !errors.Is(err, yandexmarket.ErrUnauthorized) {
			t.Errorf("%.10q: %v", token, err)
		}
	}
	if _, err := yandexmarket.New(someKey, yandexmarket.WithFileToken("a b")); !errors.Is(err, yandexmarket.ErrUnauthorized) {
		t.Errorf("a token for files with a blank: %v", err)
	}
	for _, base := range []string{"ftp://x", "x", "http://", "http://u:p@x", "http://x?a", "http://x#a", "http://x\x00"} {
		if _, err := yandexmarket.New(someKey, yandexmarket.WithBaseURL(base)); err == nil || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%q: %v", base, err)
		}
	}
}

func TestCredentialsOfBothKinds(t *testing.T) {
	t.Parallel()
	m := newMarket(t, emulator.Options{})
	m.control("yandexmarket/cabinet", `{"subscription":"MEDIUM"}`)
	oauth := emulator.Token(m.account, emulator.TokenOptions{OAuth: true})
	c := m.as(oauth, yandexmarket.WithOAuth(), yandexmarket.WithBusiness(m.business))
	settings, err := c.Business.Settings(t.Context(), m.business)
	if err != nil || settings.Subscription != yandexmarket.TierMedium || settings.Info.ID != m.business {
		t.Errorf("%+v, %v", settings, err)
	}
	if _, err := m.as(oauth, yandexmarket.WithOAuth(), yandexmarket.WithBusiness(777)).Business.Settings(t.Context(), m.business); !errors.Is(err, yandexmarket.ErrForbidden) {
		t.Errorf("a business that does not match: %v", err)
	}
	info, err := m.client().Auth.Token(t.Context())
	if err != nil || info.Name == "" || len(info.Scopes) != 1 || info.Scopes[0] != yandexmarket.ScopeAllMethods {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestWhatIsProvedNotToHaveLeft(t *testing.T) {
	t.Parallel()
	c, err := yandexmarket.New(someKey, yandexmarket.WithBaseURL("http://127.0.0.1:1"), yandexmarket.WithUserAgent("shop/1"))
	if err != nil {
		t.Fatal(err)
	}
	err = c.Chats.Send(t.Context(), 5, 7, "да")
	if !errors.Is(err, yandexmarket.ErrNotSent) || !errors.Is(err, yandexmarket.ErrTemporary) || errors.Is(err, yandexmarket.ErrOutcomeUnknown) {
		t.Errorf("nobody listens: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	err = c.Chats.Send(ended, 5, 7, "да")
	if !errors.Is(err, yandexmarket.ErrNotSent) || !errors.Is(err, context.Canceled) {
		t.Errorf("its caller had gone before: %v", err)
	}
	var e *yandexmarket.Error
	if !errors.As(err, &e) || e.Outcome != yandexmarket.OutcomeNotSent || e.Status != 0 {
		t.Errorf("%#v", err)
	}
}

func TestAnErrorIsOneLineWhateverItSays(t *testing.T) {
	t.Parallel()
	c := scripted(t, func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("User-Agent") != "shop/1" {
			t.Errorf("User-Agent %q", r.Header.Get("User-Agent"))
		}
		return says(r, 400, `{"errors":[{"code":"BAD_REQUEST","message":"a\r\nb\u202e c\u001b[31m`+strings.Repeat("ж", 500)+`"}]}`), nil
	}, yandexmarket.WithUserAgent("shop/1"))
	err := c.Chats.Send(t.Context(), 5, 7, "да")
	if text := err.Error(); strings.ContainsAny(text, "\r\n\x1b\u202e") || len([]rune(text)) > 400 || !strings.Contains(text, "a b c") {
		t.Errorf("%q", text)
	}
	if text := fmt.Sprint(c); text != "yandexmarket client with an Api-Key" {
		t.Error(text)
	}
}
