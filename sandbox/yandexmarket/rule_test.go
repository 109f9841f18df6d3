package yandexmarket_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
)

func TestBadRequestsAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	chat := b.chat()
	review := b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Text: "Плохо"}).Conversation
	for name, tt := range map[string]struct {
		method, path string
		body         any
		status       int
		part         string
	}{
		"a limit above the greatest":           {"POST", chats + "?limit=21", "{}", 400, "Limit exceeded"},
		"a limit of nought":                    {"POST", reviews + "?limit=0", "{}", 400, "limit"},
		"no body where one is needed":          {"POST", chats, nil, 400, "Unexpected end of content"},
		"null where a body is optional":        {"POST", reviews, "null", 200, ""},
		"an empty filter":                      {"POST", chats, `{"statuses":[]}`, 400, "must not be empty"},
		"null as a filter":                     {"POST", chats, `{"statuses":null}`, 200, ""},
		"a filter that was switched off":       {"POST", chats, `{"orderIds":[1]}`, 400, "orderIds"},
		"ids of reviews and another filter":    {"POST", reviews, `{"feedbackIds":[1],"paid":true}`, 400, "mixed"},
		"the other name of the page's token":   {"POST", chats + "?page_token=%21", "{}", 400, "pageToken"},
		"an unknown name in the query":         {"POST", chats + "?x=1", "{}", 200, ""},
		"the chat in the body":                 {"POST", chats + "/message", `{"chatId":` + chat + `,"message":"a"}`, 400, "chatId"},
		"a text of 4097":                       {"POST", chats + "/message?chatId=" + chat, `{"message":"` + strings.Repeat("я", 4097) + `"}`, 400, "4096"},
		"a text of 4096":                       {"POST", chats + "/message?chatId=" + chat, `{"message":"` + strings.Repeat("я", 4096) + `"}`, 200, ""},
		"an empty text":                        {"POST", chats + "/message?chatId=" + chat, `{"message":""}`, 400, "1"},
		"an unknown chat":                      {"GET", "/v2/businesses/{b}/chat?chatId=5", nil, 404, "Can't find chat by id: '5'"},
		"an unknown message":                   {"GET", chats + "/message?messageId=5&chatId=" + chat, nil, 404, "Can't find message by id"},
		"an unknown order":                     {"POST", chats + "/new", `{"context":{"type":"ORDER","id":5}}`, 404, "Order not found: '5'"},
		"a new chat without an order":          {"POST", chats + "/new", `{"context":{"type":"DIRECT","id":5}}`, 400, "ORDER or RETURN"},
		"another cabinet":                      {"POST", "/v2/businesses/1/chats", "{}", 403, "Access denied"},
		"another shop":                         {"GET", "/v2/campaigns/1", nil, 403, "Access denied"},
		"an unknown path":                      {"GET", "/v2/nothing", nil, 404, "Resource not found"},
		"another method":                       {"DELETE", "/v2/campaigns", nil, 405, "not supported"},
		"JSON where a file is wanted":          {"POST", chats + "/file/send?chatId=" + chat, "{}", 415, "not supported"},
		"a link out of Market":                 {"POST", reviews + "/comments/update", `{"feedbackId":` + review + `,"comment":{"text":"см. example.com"}}`, 400, "Illegal url in comment text."},
		"a link to Market":                     {"POST", reviews + "/comments/update", `{"feedbackId":` + review + `,"comment":{"text":"см. market.yandex.ru"}}`, 200, ""},
		"a comment on a comment of a question": {"POST", questions + "/update", `{"operationType":"CREATE","parentEntityId":{"id":1,"type":"COMMENT"},"text":"a"}`, 400, "Cannot create a comment on another comment."},
		"a new answer without its question":    {"POST", questions + "/update", `{"operationType":"CREATE","text":"a"}`, 400, "parentEntityId required"},
		"a changed question":                   {"POST", questions + "/update", `{"operationType":"UPDATE","entityId":{"id":1,"type":"QUESTION"},"text":"a"}`, 400, "cannot be updated"},
		"a deletion of nothing":                {"POST", questions + "/update", `{"operationType":"DELETE"}`, 400, "entityId required"},
		"a body over 512 KB":                   {"POST", chats, strings.Repeat(" ", 513<<10), 400, "too big"},
	} {
		if a := b.ask(tt.method, tt.path, tt.body); a.status != tt.status || !strings.Contains(string(a.body), tt.part) {
			t.Errorf("%s: %d %s, want %d with %q", name, a.status, a.body, tt.status, tt.part)
		}
	}
	if a := b.file(chat, "attachment", 10); a.status != 400 {
		t.Errorf("a part of another name: %d %s", a.status, a.body)
	}
	if a := b.file(chat, "file", 5<<20); a.status != 400 {
		t.Errorf("a file over 5 MB: %d %s", a.status, a.body)
	}
}

func TestCredentialsDecideWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	chat := b.chat()
	write := func() answer { return b.ask("POST", chats+"/message?chatId="+chat, `{"message":"a"}`) }
	b.as(yandexmarket.TokenOptions{Scopes: []yandexmarket.Scope{yandexmarket.ScopeReadOnly}})
	if a := write(); a.status != 403 || !strings.Contains(string(a.body), "Token does not have any of the scopes") {
		t.Errorf("read-only: %d %s", a.status, a.body)
	}
	if a := b.ask("POST", chats, "{}"); a.status != 200 {
		t.Errorf("read-only reads: %d", a.status)
	}
	for _, o := range []yandexmarket.TokenOptions{{OAuth: true}, {Scopes: []yandexmarket.Scope{yandexmarket.ScopeCommunication}}} {
		b.as(o)
		if a := write(); a.status != 200 {
			t.Errorf("%+v: %d %s", o, a.status, a.body)
		}
	}
	for header, want := range map[string]string{"": "not specified", "x": "prefix invalid", "ACMA:x": "length invalid", "ACMA:" + strings.Repeat("0", 40) + ":00000000": "is invalid"} {
		b.header = http.Header{"Api-Key": {header}}
		if a := write(); a.status != 401 || !strings.Contains(string(a.body), want) {
			t.Errorf("%q: %d %s", header, a.status, a.body)
		}
	}
	b.as(yandexmarket.TokenOptions{})
	b.control("yandexmarket/cabinet", `{"disabled":true}`)
	if a := write(); a.status != 403 || !strings.Contains(string(a.body), "API_DISABLED") {
		t.Errorf("a disabled cabinet: %d %s", a.status, a.body)
	}
	if a := b.ask("GET", "/v2/campaigns", nil); a.status != 200 || !strings.Contains(string(a.body), `"campaigns":[]`) {
		t.Errorf("shops of a disabled cabinet: %d %s", a.status, a.body)
	}
}

func TestAChatGoesThroughItsStates(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	state := b.world.State()
	order := state.Orders[0].Order
	open := func() string {
		var got struct{ Result struct{ ChatID int64 } }
		b.ask("POST", chats+"/new", `{"context":{"type":"ORDER","id":`+order+`}}`).decode(t, &got)
		return fmt.Sprint(got.Result.ChatID)
	}
	chat := open()
	if again := open(); again != chat {
		t.Errorf("a second chat %s about the order of %s", again, chat)
	}
	want := func(status, kind string) {
		t.Helper()
		if s, k := b.status(chat); s != status || k != kind {
			t.Errorf("%s %s, want %s %s", s, k, status, kind)
		}
	}
	want("NEW", "CHAT")
	say := func() int {
		return b.ask("POST", chats+"/message?chatId="+chat, `{"message":"Здравствуйте"}`).status
	}
	if s := say(); s != 200 {
		t.Fatal(s)
	}
	want("WAITING_FOR_CUSTOMER", "CHAT")
	b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Conversation: chat, Text: "Да"})
	want("WAITING_FOR_PARTNER", "CHAT")
	do := func(what string) {
		t.Helper()
		if a := b.control("yandexmarket/chat", `{"conversation":"`+chat+`","do":"`+what+`"}`); a.status != 200 {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	do("sticker")
	var got struct {
		Result struct {
			Messages []struct {
				MessageID int64
				Sender    string
				Message   *string
				Payload   []any
			}
		}
	}
	b.ask("POST", chats+"/history?chatId="+chat, "{}").decode(t, &got)
	if n := len(got.Result.Messages); n != 3 || got.Result.Messages[2].Message != nil || got.Result.Messages[2].Payload != nil {
		t.Fatalf("%+v", got.Result.Messages)
	}
	b.ask("POST", fmt.Sprintf("%s/history?chatId=%s", chats, chat), fmt.Sprintf(`{"messageIdFrom":%d}`, got.Result.Messages[1].MessageID)).decode(t, &got)
	if n := len(got.Result.Messages); n != 2 {
		t.Errorf("%d messages from the second on, want it and the third", n)
	}
	do("dispute")
	want("WAITING_FOR_ARBITER", "ARBITRAGE")
	do("market")
	want("WAITING_FOR_MARKET", "ARBITRAGE")
	do("resolve")
	want("FINISHED", "ARBITRAGE")
	if s := say(); s != 400 {
		t.Errorf("a finished chat took a message: %d", s)
	}
}

func TestQuotasAndParallelRequestsAreLimited(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	for i := range 101 {
		a := b.ask("POST", "/v2/auth/token", nil)
		if i < 100 && a.status != 200 || i == 100 && a.status != 420 {
			t.Fatalf("request %d: %d %s", i, a.status, a.body)
		}
		if i == 100 && a.header.Get("X-RateLimit-Resource-Until") != start.Add(time.Hour).Format(http.TimeFormat) {
			t.Errorf("until %s", a.header.Get("X-RateLimit-Resource-Until"))
		}
	}
	if v := b.world.State().Violations[yandexmarket.API]; v != 1 {
		t.Errorf("%d violations", v)
	}
	b.world.Clock().Advance(time.Hour)
	if a := b.ask("POST", "/v2/auth/token", nil); a.status != 200 || a.header.Get("X-RateLimit-Resource-Remaining") != "99" {
		t.Errorf("after an hour: %d, remaining %s", a.status, a.header.Get("X-RateLimit-Resource-Remaining"))
	}
	b.control("yandexmarket/cabinet", `{"subscription":"MEDIUM"}`)
	if a := b.ask("POST", questions, nil); a.header.Get("X-RateLimit-Resource-Limit") != "5000" {
		t.Errorf("limit of the subscription: %s", a.header.Get("X-RateLimit-Resource-Limit"))
	}
}

func TestAFifthRequestAtOnceIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	address := b.server.URL + "/yandexmarket" + b.path(chats)
	var open []*io.PipeWriter
	results := make(chan int, 4)
	for range 4 { // four whose bodies do not end
		r, w := io.Pipe()
		open = append(open, w)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, r)
		if err != nil {
			t.Fatal(err)
		}
		request.Header = b.header.Clone()
		request.Header.Set("Content-Type", "application/json")
		go func() {
			got, err := b.server.Client().Do(request)
			if err != nil {
				results <- 0
				return
			}
			_ = got.Body.Close()
			results <- got.StatusCode
		}()
		_, _ = w.Write([]byte("{"))
	}
	until(t, "the refusal", func() bool { return b.ask("POST", chats, "{}").status == 420 })
	for _, w := range open {
		_, _ = w.Write([]byte("}"))
		_ = w.Close()
	}
	for range open {
		if status := <-results; status != 200 {
			t.Errorf("one of the four: %d", status)
		}
	}
	until(t, "the next request", func() bool { return b.ask("POST", chats, "{}").status == 200 })
}

func TestCommentsAreModeratedAndMayBeAnsweredByTheBuyer(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	review := b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Text: "Плохо"}).Conversation
	list := func() (found []struct {
		ID, ParentID int64
		Status       string
		Author       struct{ Type string }
	}) {
		var in struct {
			Result struct {
				Comments []struct {
					ID, ParentID int64
					Status       string
					Author       struct{ Type string }
				}
			}
		}
		b.ask("POST", reviews+"/comments", `{"feedbackId":`+review+`}`).decode(t, &in)
		return in.Result.Comments
	}
	say := func(text string) answer {
		return b.ask("POST", reviews+"/comments/update", `{"feedbackId":`+review+`,"comment":{"text":"`+text+`"}}`)
	}
	say("Очень жаль")
	if a := say("Очень жаль"); a.status != 400 || !strings.Contains(string(a.body), "Duplicate comment.") {
		t.Errorf("twice: %d %s", a.status, a.body)
	}
	say("Сам дурак")
	if got := list(); len(got) != 2 || got[0].Status != "UNMODERATED" || got[1].Status != "UNMODERATED" {
		t.Fatalf("%+v", got)
	}
	b.world.Clock().Advance(2 * time.Second)
	if got := list(); got[0].Status != "PUBLISHED" || got[1].Status != "BANNED" {
		t.Fatalf("%+v", got)
	}
	b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Conversation: review, Text: "И что теперь?"})
	if got := list(); len(got) != 3 || got[2].ParentID != got[0].ID || got[2].Author.Type != "USER" {
		t.Fatalf("%+v", got)
	}
	three := 3
	need := func() bool {
		return strings.Contains(string(b.ask("POST", reviews, `{"feedbackIds":[`+review+`]}`).body), `"needReaction":true`)
	}
	if need() {
		t.Error("an answered review needs a reaction")
	}
	b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Conversation: review, Rating: &three})
	if !need() {
		t.Error("a changed review needs no reaction")
	}
	b.ask("POST", reviews+"/skip-reaction", `{"feedbackIds":[`+review+`]}`)
	if need() {
		t.Error("a skipped review needs a reaction")
	}
}

func TestAttachmentsNeedCredentialsAndExpire(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	chat := b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Files: []sandbox.NewPart{{Name: "a.jpg"}}}).Conversation
	var got struct {
		Result struct {
			Messages []struct{ Payload []struct{ URL string } }
		}
	}
	b.ask("POST", chats+"/history?chatId="+chat, "{}").decode(t, &got)
	get := func(key string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, got.Result.Messages[0].Payload[0].URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if key != "" {
			r.Header.Set("Api-Key", key)
		}
		a, err := b.server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		return a.StatusCode
	}
	key := b.header.Get("Api-Key")
	if plain, with := get(""), get(key); plain != 403 || with != 200 {
		t.Errorf("without credentials %d, with them %d", plain, with)
	}
	b.world.Clock().Advance(25 * time.Hour)
	if late := get(key); late != 410 {
		t.Errorf("a day later %d", late)
	}
}

func TestEqualSeedsMakeEqualBytes(t *testing.T) {
	t.Parallel()
	read := func() string {
		b := newBench(t, yandexmarket.Options{})
		all := ""
		for _, path := range []string{chats + "?limit=20", reviews, questions} {
			all += strings.ReplaceAll(string(b.ask("POST", path, "{}").body), b.server.URL, "")
		}
		return all
	}
	if first, second := read(), read(); first != second {
		t.Error("two worlds of one seed differ")
	}
}

// held is a client that does not take the answer until it is let go.
type held struct {
	*httptest.ResponseRecorder
	began chan<- struct{}
	free  <-chan struct{}
}

func (h held) Write(p []byte) (int, error) {
	h.began <- struct{}{}
	<-h.free
	return h.ResponseRecorder.Write(p)
}

func TestWhatIsBeingAnsweredIsNoLongerUnderWay(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	began, free := make(chan struct{}, 100), make(chan struct{})
	var group sync.WaitGroup
	for range 4 {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/yandexmarket"+b.path(chats), strings.NewReader("{}"))
		request.Header = b.header.Clone()
		request.Header.Set("Content-Type", "application/json")
		request.RemoteAddr = "127.0.0.1:1"
		group.Go(func() {
			b.world.Handler().ServeHTTP(held{httptest.NewRecorder(), began, free}, request)
		})
		<-began
	}
	// Whoever has read an answer asks again before the handler of the first has returned.
	if a := b.ask("POST", chats, "{}"); a.status != 200 {
		t.Errorf("a fifth request while four are being answered: %d %s", a.status, a.body)
	}
	close(free)
	group.Wait()
}
