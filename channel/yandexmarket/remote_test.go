package yandexmarket

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// scripted is a remote side that says what a test wants.
type scripted struct {
	server *httptest.Server

	mu     sync.Mutex        // guards what follows
	says   map[string]string // by method and end of the path: "200 {...}"
	asked  []string
	header http.Header // of the last request
}

// script starts a remote side that knows its one cabinet, number 1.
func script(t *testing.T, says map[string]string) *scripted {
	t.Helper()
	s := &scripted{says: map[string]string{
		"GET /v2/campaigns": `200 {"campaigns":[{"id":5,"domain":"Лавка","business":{"id":1,"name":"Лавка"}},{"id":6,"domain":"Вторая","business":{"id":1,"name":"Лавка"}}],"paging":{}}`,
	}}
	for k, v := range says {
		s.says[k] = v
	}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

func (s *scripted) say(call, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says[call] = answer
}

func (s *scripted) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	call := r.Method + " " + strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/v2/businesses/1"), "/v1/businesses/1")
	answer := s.says[call]
	s.asked, s.header = append(s.asked, call), r.Header.Clone()
	s.mu.Unlock()
	if answer == "" {
		answer = `404 {"status":"ERROR","errors":[{"code":"NOT_FOUND","message":"Resource not found"}]}`
	}
	var status int
	_, _ = fmt.Sscan(answer, &status)
	_, body, _ := strings.Cut(answer, " ")
	rw.Header().Set("Content-Type", "application/json")
	if status == 420 {
		rw.Header().Set("X-RateLimit-Resource-Until", time.Now().Add(40*time.Second).UTC().Format(http.TimeFormat))
	}
	if body == "cut" {
		rw.Header().Set("Content-Length", "1000")
		body = `{"status":"OK"`
	}
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, body)
}

func (s *scripted) count(call string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.asked {
		if c == call {
			n++
		}
	}
	return n
}

// open opens a connector on the remote side.
func (s *scripted) open(t *testing.T, credentials ...string) *connector {
	t.Helper()
	with := map[string]sellerdesk.Secret{fieldToken: someKey}
	for i := 0; i+1 < len(credentials); i += 2 {
		with[credentials[i]] = sellerdesk.Secret(credentials[i+1])
	}
	c, err := open(channel.Settings{Credentials: with, BaseURL: s.server.URL, Client: s.server.Client(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return c.(*connector)
}

func wrongAnswer(status int, code, message string) string {
	return fmt.Sprintf(`%d {"status":"ERROR","errors":[{"code":%q,"message":%q}]}`, status, code, message)
}

func TestFailuresOfReadingAndWriting(t *testing.T) {
	t.Parallel()
	const none = channel.Class("")
	for _, c := range []struct {
		name, answer string
		read, write  channel.Class
		code         sellerdesk.ReasonCode // of the write
	}{
		{"all is well", `200 {"status":"OK","result":{"chats":[],"paging":{}}}`, none, none, ""},
		{"the key is revoked", wrongAnswer(401, "UNAUTHORIZED", "Api-Key token is revoked"), channel.Unauthorized, channel.Unauthorized, sellerdesk.ReasonCredentials},
		{"the key lacks the scope", wrongAnswer(403, "FORBIDDEN", "Token does not have any of the scopes to access the API method"), channel.Unauthorized, channel.Refused, sellerdesk.ReasonReadOnly},
		{"the cabinet is switched off", wrongAnswer(403, "API_DISABLED", "API for business '1' disabled because it has only disabled partners"), channel.Unauthorized, channel.Unauthorized, sellerdesk.ReasonRefused},
		{"the cabinet is another one", wrongAnswer(403, "FORBIDDEN", "Access denied"), channel.Unauthorized, channel.Refused, sellerdesk.ReasonRefused},
		{"it is not there", wrongAnswer(404, "NOT_FOUND", "Can't find chat by id: '7'"), channel.Gone, channel.Gone, sellerdesk.ReasonGone},
		{"the quota is used up", wrongAnswer(420, "LIMIT_EXCEEDED", "Hit rate limit"), channel.Throttled, channel.Throttled, sellerdesk.ReasonThrottled},
		{"it is refused", wrongAnswer(400, "BAD_REQUEST", "Value / length of field"), channel.Refused, channel.Refused, sellerdesk.ReasonRefused},
		{"it is refused without a word", `400 `, channel.Refused, channel.Refused, sellerdesk.ReasonRefused},
		{"the cabinet moves", wrongAnswer(423, "LOCKED", "Business is in migration"), channel.Temporary, channel.Temporary, sellerdesk.ReasonUnreachable},
		{"the server fails", wrongAnswer(500, "INTERNAL_ERROR", "x"), channel.Temporary, channel.Unknown, sellerdesk.ReasonOutcomeUnknown},
		{"the server is away", `503 <html>`, channel.Temporary, channel.Unknown, sellerdesk.ReasonOutcomeUnknown},
		{"the answer is no JSON", `200 <html>`, channel.Malformed, channel.Unknown, sellerdesk.ReasonOutcomeUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := script(t, map[string]string{"POST /chats": c.answer, "POST /chats/message": c.answer})
			conn := s.open(t)
			_, err := conn.Pull(t.Context(), streamChats, "")
			expect(t, "reading", err, c.read, "")
			_, err = conn.Send(t.Context(), sellerdesk.Reply{Conversation: sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: "7"}, Text: "привет"})
			expect(t, "writing", err, c.write, c.code)
			if n := s.count("POST /chats/message"); n != 1 {
				t.Errorf("the message left %d times", n)
			}
		})
	}
}

func expect(t *testing.T, what string, err error, class channel.Class, code sellerdesk.ReasonCode) {
	t.Helper()
	got, e := channel.ClassOf(err)
	if got != class || err != nil && e == nil {
		t.Errorf("%s is %q, want %q: %v", what, got, class, err)
		return
	}
	if err == nil {
		return
	}
	if e.Why.Text == "" || code != "" && e.Why.Code != code {
		t.Errorf("%s says %+v, want the code %q", what, e.Why, code)
	}
	if class == channel.Throttled && (e.RetryAfter <= 0 || e.RetryAfter > time.Minute) {
		t.Errorf("%s asks to wait %s", what, e.RetryAfter)
	}
	if strings.Contains(err.Error(), someKey) || strings.Contains(err.Error(), "привет") {
		t.Errorf("%s tells a secret: %v", what, err)
	}
}

func TestOpenInspectsTheCredentials(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, token, business string
		good                  bool
	}{
		{"a key", someKey, "", true},
		{"a key with blanks around it", " " + someKey + "\n", "", true},
		{"a token of OAuth", "y0_" + strings.Repeat("a", 40), "1", true},
		{"nothing", "", "", false},
		{"a part of a key", someKey[:10], "", false},
		{"a key without its end", "ACMA:0123456789012345678901234567890123456789:", "", false},
		{"a key with a line end inside", "ACMA:0123456789\n012345678901234567890123456789:01234567", "", false},
		{"words", "это не ключ, а какие-то слова", "", false},
		{"a cabinet that is no number", someKey, "Лавка", false},
		{"a cabinet below zero", someKey, "-1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := open(channel.Settings{
				Credentials: map[string]sellerdesk.Secret{fieldToken: sellerdesk.Secret(c.token), fieldBusiness: sellerdesk.Secret(c.business)},
				Log:         slog.New(slog.DiscardHandler),
			})
			if c.good {
				expect(t, "opening", err, "", "")
			} else {
				expect(t, "opening", err, channel.Unauthorized, sellerdesk.ReasonCredentials)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const token, settings = "POST /v2/auth/token", "POST /settings"
	keyOf := func(scopes string) string {
		return `200 {"status":"OK","result":{"apiKey":{"name":"desk","authScopes":[` + scopes + `]}}}`
	}
	two := `200 {"campaigns":[{"id":5,"business":{"id":1,"name":"A"}},{"id":6,"business":{"id":2,"name":"B"}}],"paging":{}}`
	good := `200 {"status":"OK","result":{"info":{"id":1,"name":"Моя лавка"},"settings":{"currency":"RUR"},"subscriptionLevel":"NONE"}}`
	for _, c := range []struct {
		name     string
		says     map[string]string
		with     []string
		class    channel.Class
		code     sellerdesk.ReasonCode
		readOnly bool
	}{
		{"a good key", nil, nil, "", "", false},
		{"a key that may only read", map[string]string{token: keyOf(`"ALL_METHODS_READ_ONLY"`)}, nil, "", "", true},
		{"a key of many rights", map[string]string{token: keyOf(`"PRICING","COMMUNICATION","SOMETHING_NEW"`)}, nil, "", "", false},
		{"a key for prices", map[string]string{token: keyOf(`"PRICING"`)}, nil, channel.Unauthorized, sellerdesk.ReasonScope, false},
		{"a key that is no more", map[string]string{token: wrongAnswer(401, "UNAUTHORIZED", "Api-Key token is revoked")}, nil, channel.Unauthorized, sellerdesk.ReasonCredentials, false},
		{"no shop at all", map[string]string{"GET /v2/campaigns": `200 {"campaigns":[],"paging":{}}`}, nil, channel.Unauthorized, sellerdesk.ReasonRefused, false},
		{"two cabinets and no number", map[string]string{"GET /v2/campaigns": two}, nil, channel.Unauthorized, sellerdesk.ReasonCredentials, false},
		{"two cabinets and a number", map[string]string{"GET /v2/campaigns": two}, []string{fieldBusiness, "1"}, "", "", false},
		{"the number of another cabinet", nil, []string{fieldBusiness, "9"}, channel.Unauthorized, sellerdesk.ReasonCredentials, false},
		{"a cabinet that is switched off", map[string]string{settings: wrongAnswer(403, "API_DISABLED", "x")}, nil, channel.Unauthorized, sellerdesk.ReasonRefused, false},
		{"a server that fails", map[string]string{settings: `500 `}, nil, channel.Temporary, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			says := map[string]string{token: keyOf(`"ALL_METHODS"`), settings: good}
			for k, v := range c.says {
				says[k] = v
			}
			who, err := script(t, says).open(t, c.with...).Check(t.Context())
			expect(t, "the check", err, c.class, c.code)
			if err == nil && (who.Seller != "1" || who.Name != "Моя лавка" || who.ReadOnly != c.readOnly || len(who.Scopes) == 0) {
				t.Errorf("%+v", who)
			}
		})
	}
}

func TestReceive(t *testing.T) {
	t.Parallel()
	s := script(t, map[string]string{
		"POST /goods-feedback/comments": `200 {"status":"OK","result":{"comments":[{"id":4,"text":"x","status":"PUBLISHED","feedbackId":44}],"paging":{}}}`,
		"POST /goods-questions/answers": `200 {"status":"OK","result":{"answers":[{"id":6,"text":"x","canModify":false,"status":"PUBLISHED","questionId":66,"createdAt":"2026-11-21T10:00:00Z","votes":{"likes":0,"dislikes":0}}]}}`,
	})
	conn := s.open(t)
	for _, c := range []struct {
		name, body string
		kind       sellerdesk.Kind
		id         sellerdesk.RemoteID
		class      channel.Class
	}{
		{"a test", `{"notificationType":"PING"}`, "", "", ""},
		{"an order", `{"notificationType":"ORDER_CREATED","orderId":1,"campaignId":5,"items":[],"createdAt":"2026-11-21T10:00:00Z"}`, "", "", ""},
		{"a new chat", `{"notificationType":"CHAT_CREATED","chatId":7,"businessId":1,"createdAt":"2026-11-21T10:00:00Z"}`, sellerdesk.KindChat, "7", ""},
		{"a message", `{"notificationType":"CHAT_MESSAGE_SENT","chatId":7,"messageId":"9","businessId":1,"sentAt":"2026-11-21T10:00:00Z"}`, sellerdesk.KindChat, "7", ""},
		{"the begin of a dispute", `{"notificationType":"CHAT_ARBITRAGE_STARTED","chatId":8,"businessId":1,"startedAt":"2026-11-21T10:00:00Z"}`, sellerdesk.KindChat, "8", ""},
		{"the end of a dispute", `{"notificationType":"CHAT_ARBITRAGE_FINISHED","chatId":8,"businessId":1,"finishedAt":"2026-11-21T10:00:00Z"}`, sellerdesk.KindChat, "8", ""},
		{"a review", `{"notificationType":"GOODS_FEEDBACK_CREATED","feedbackId":3,"businessId":1,"createdAt":"2026-11-21T10:00:00Z","publishedAt":"2026-11-21T10:00:00Z"}`, sellerdesk.KindReview, "3", ""},
		{"a comment", `{"notificationType":"GOODS_FEEDBACK_COMMENT_CREATED","commentId":4,"businessId":1,"createdAt":"2026-11-21T10:00:00Z"}`, sellerdesk.KindReview, "44", ""},
		{"a comment that is gone", `{"notificationType":"GOODS_FEEDBACK_COMMENT_CREATED","commentId":5,"businessId":1,"createdAt":"2026-11-21T10:00:00Z"}`, "", "", ""},
		{"a question", `{"notificationType":"QUESTION_CREATED","questionId":5,"businessId":1,"createdAt":"2026-11-21T10:00:00Z"}`, sellerdesk.KindQuestion, "5", ""},
		{"an answer", `{"notificationType":"QUESTION_ANSWER_CREATED","answerId":6,"businessId":1,"createdAt":"2026-11-21T10:00:00Z"}`, sellerdesk.KindQuestion, "66", ""},
		{"a comment on an answer", `{"notificationType":"QUESTION_COMMENT_CREATED","answerId":6,"commentId":1,"businessId":1,"createdAt":"2026-11-21T10:00:00Z"}`, sellerdesk.KindQuestion, "66", ""},
		{"an unknown kind", `{"notificationType":"SOMETHING_NEW","businessId":1}`, "", "", ""},
		{"of another cabinet", `{"notificationType":"CHAT_CREATED","chatId":7,"businessId":2,"createdAt":"2026-11-21T10:00:00Z"}`, "", "", channel.Malformed},
		{"without its thing", `{"notificationType":"CHAT_CREATED","businessId":1,"createdAt":"2026-11-21T10:00:00Z"}`, "", "", channel.Malformed},
		{"with a thing that cannot be", `{"notificationType":"CHAT_CREATED","chatId":-7,"businessId":1,"createdAt":"2026-11-21T10:00:00Z"}`, "", "", channel.Malformed},
		{"no JSON", `{`, "", "", channel.Malformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := conn.Receive(t.Context(), push(c.body))
			expect(t, "the push", err, c.class, "")
			var want []sellerdesk.RemoteRef
			if c.id != "" {
				want = []sellerdesk.RemoteRef{{Kind: c.kind, ID: c.id}}
			}
			if diff := cmp.Diff(want, got.Reread); diff != "" || len(got.Messages)+len(got.Conversations) > 0 {
				t.Errorf("%s%+v", diff, got.Messages)
			}
		})
	}
}

const chatSeven = `200 {"status":"OK","result":{"chatId":7,"context":{"type":"ORDER","orderId":42},"type":"CHAT","status":"WAITING_FOR_PARTNER","createdAt":"2026-11-20T10:00:00Z","updatedAt":"2026-11-21T10:00:00Z"}}`

func TestHistoryOfAChatGoesOnFromWhatWasRead(t *testing.T) {
	t.Parallel()
	line := func(id int, sender, at string) string {
		return fmt.Sprintf(`{"messageId":%d,"createdAt":%q,"sender":%q,"message":"x"}`, id, at, sender)
	}
	thread := func(lines ...string) string {
		return `200 {"status":"OK","result":{"context":{"type":"ORDER","orderId":42},"messages":[` + strings.Join(lines, ",") + `],"paging":{}}}`
	}
	s := script(t, map[string]string{
		"GET /chat": chatSeven, "POST /chats/history": thread(line(3, "CUSTOMER", "2026-11-21T10:00:00Z"), line(2, "MARKET", "2026-11-20T10:00:00Z")),
	})
	conn := s.open(t)
	ref := sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: "7"}
	read := func() sellerdesk.Batch {
		t.Helper()
		b, err := conn.History(t.Context(), ref, "")
		if err != nil || len(b.Conversations) != 1 {
			t.Fatalf("%v, %+v", err, b)
		}
		ref.Remote = b.Conversations[0].Remote
		return b
	}
	b := read()
	if len(b.Messages) != 2 || b.Messages[0].RemoteID != "2" || b.Conversations[0].Chat == nil || b.Conversations[0].Chat.State != sellerdesk.ChatWaitsForSeller {
		t.Errorf("%+v", b)
	}
	s.say("POST /chats/history", thread(line(3, "CUSTOMER", "2026-11-21T10:00:00Z"), line(4, "CUSTOMER", "2026-11-21T11:00:00Z")))
	b = read()
	if len(b.Messages) != 1 || b.Messages[0].RemoteID != "4" {
		t.Errorf("the second time %+v came", b.Messages)
	}
	if b.Conversations[0].Chat != nil {
		t.Error("how the chat stood before the newest line is said again")
	}
	if n := s.count("GET /chat"); n != 1 {
		t.Errorf("the chat was asked for %d times", n)
	}
	// A dispute makes what is known worthless.
	if _, err := conn.Receive(t.Context(), push(`{"notificationType":"CHAT_ARBITRAGE_STARTED","chatId":7,"businessId":1,"startedAt":"2026-11-21T12:00:00Z"}`)); err != nil {
		t.Fatal(err)
	}
	s.say("GET /chat", strings.ReplaceAll(strings.ReplaceAll(chatSeven, "WAITING_FOR_PARTNER", "WAITING_FOR_ARBITER"), "21T10", "21T11"))
	s.say("POST /chats/history", thread(line(4, "CUSTOMER", "2026-11-21T11:00:00Z")))
	b = read()
	if len(b.Messages) != 0 || b.Conversations[0].Shut == nil || b.Conversations[0].Shut.Code != sellerdesk.ReasonArbitration {
		t.Errorf("a dispute shows as %+v", b.Conversations)
	}
}

func TestASentLineIsLookedForUntilItShows(t *testing.T) {
	t.Parallel()
	const empty = `200 {"status":"OK","result":{"context":{"type":"ORDER"},"messages":[],"paging":{}}}`
	s := script(t, map[string]string{"POST /chats/message": `200 {"status":"OK"}`, "POST /chats/history": empty, "GET /chat": chatSeven})
	conn := s.open(t)
	ref := sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: "7", Remote: kept{Of: "7", Last: 3}.bytes()}
	receipt, err := conn.Send(t.Context(), sellerdesk.Reply{Conversation: ref, Text: "да"})
	if err != nil || receipt.Reread == nil || receipt.RemoteID != "" {
		t.Fatalf("%+v, %v", receipt, err)
	}
	ref.Remote = receipt.Remote
	var pauses []time.Duration
	for range 6 {
		b, err := conn.History(t.Context(), ref, "")
		if err != nil {
			t.Fatal(err)
		}
		ref.Remote = b.Conversations[0].Remote
		pauses = append(pauses, *b.Conversations[0].Reread)
	}
	if !slices.IsSorted(pauses[:4]) || pauses[0] <= 0 || pauses[4] != 0 {
		t.Errorf("the looks are after %v", pauses)
	}
	ref.Remote = receipt.Remote
	s.say("POST /chats/history", `200 {"status":"OK","result":{"context":{"type":"ORDER"},"messages":[{"messageId":4,"createdAt":"2026-11-21T11:00:00Z","sender":"PARTNER","message":"да"}]}}`)
	b, err := conn.History(t.Context(), ref, "")
	if err != nil || *b.Conversations[0].Reread != 0 || len(b.Messages) != 1 || b.Messages[0].Author != sellerdesk.AuthorElsewhere {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestWhatIsRefusedBeforeItLeaves(t *testing.T) {
	t.Parallel()
	s := script(t, nil)
	conn := s.open(t)
	ref := func(kind sellerdesk.Kind, id sellerdesk.RemoteID) sellerdesk.RemoteRef {
		return sellerdesk.RemoteRef{Kind: kind, ID: id}
	}
	chat, review, question := ref(sellerdesk.KindChat, "7"), ref(sellerdesk.KindReview, "3"), ref(sellerdesk.KindQuestion, "5")
	file := sellerdesk.Blob{Name: "a.jpg", Size: 3}
	for _, c := range []struct {
		name   string
		action sellerdesk.Action
	}{
		{"words with a file", sellerdesk.Reply{Conversation: chat, Text: "вот", Files: []sellerdesk.Blob{file}}},
		{"two files", sellerdesk.Reply{Conversation: chat, Files: []sellerdesk.Blob{file, file}}},
		{"a file that is too large", sellerdesk.Reply{Conversation: chat, Files: []sellerdesk.Blob{{Name: "a.jpg", Size: maxFile + 1}}}},
		{"nothing", sellerdesk.Reply{Conversation: chat}},
		{"blanks", sellerdesk.Reply{Conversation: chat, Text: " \n"}},
		{"a reply that is too long", sellerdesk.Reply{Conversation: chat, Text: strings.Repeat("ж", maxText+1)}},
		{"a reply to a review", sellerdesk.Reply{Conversation: review, Text: "да"}},
		{"an answer to a chat", sellerdesk.Answer{Conversation: chat, Text: "да"}},
		{"an answer that is too long", sellerdesk.Answer{Conversation: review, Text: strings.Repeat("ж", maxComment+1)}},
		{"an answer to a line that is none", sellerdesk.Answer{Conversation: question, Parent: "answer:x", Text: "да"}},
		{"an edit of nothing", sellerdesk.Edit{Conversation: review, Text: "да"}},
		{"an edit of the buyer's words", sellerdesk.Edit{Conversation: review, Message: lineReview, Text: "да"}},
		{"a view of a question", sellerdesk.View{Conversation: question}},
		{"a pin", sellerdesk.Pin{Conversation: review}},
		{"a chat about nothing", sellerdesk.Open{}},
		{"a chat about two things", sellerdesk.Open{Order: "1", Return: "2"}},
		{"a chat about words", sellerdesk.Open{Order: "мой заказ"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := conn.Send(t.Context(), c.action)
			expect(t, "it", err, channel.Refused, "")
		})
	}
	for _, call := range s.asked {
		if call != "GET /v2/campaigns" {
			t.Errorf("%s left", call)
		}
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	s := script(t, map[string]string{"GET /files/a": "200 bytes"})
	at := func(path string) sellerdesk.RemoteFile {
		return sellerdesk.RemoteFile{ID: "9/1", Remote: link{URL: s.server.URL + path, Chat: 7, Message: 9}.bytes()}
	}
	conn := s.open(t)
	read := func(conn *connector, f sellerdesk.RemoteFile) (sellerdesk.Fetched, string, error) {
		t.Helper()
		got, err := conn.Fetch(t.Context(), f)
		if err != nil || got.Body == nil {
			return got, "", err
		}
		defer got.Body.Close()
		body, err := io.ReadAll(got.Body)
		return got, string(body), err
	}
	if _, body, err := read(conn, at("/files/a")); err != nil || body != "bytes" || s.header.Get("Api-Key") != someKey {
		t.Errorf("%q %v", body, err)
	}
	s.say("POST /chats/history", `200 {"status":"OK","result":{"context":{"type":"ORDER"},"messages":[{"messageId":9,"createdAt":"2026-11-21T11:00:00Z","sender":"CUSTOMER","payload":[{"name":"a","url":"`+s.server.URL+`/files/a","size":5}]}]}}`)
	if _, body, err := read(conn, at("/files/old")); err != nil || body != "bytes" {
		t.Errorf("a fresh link gives %q, %v", body, err)
	}
	s.say("GET /files/shut", "403 no")
	got, _, err := read(conn, sellerdesk.RemoteFile{Remote: link{URL: s.server.URL + "/files/shut"}.bytes()})
	if err != nil || got.State != sellerdesk.FetchPending || got.RetryAfter != askForToken || got.Why.Code != sellerdesk.ReasonCredentials || got.Why.Text == "" {
		t.Errorf("%+v, %v", got, err)
	}
	own := s.open(t, fieldFiles, "y0_user")
	got, _, err = read(own, sellerdesk.RemoteFile{Remote: link{URL: s.server.URL + "/files/shut"}.bytes()})
	if err != nil || got.State != sellerdesk.FetchRefused || got.Why.Code != sellerdesk.ReasonCredentials || s.header.Get("Authorization") != "OAuth y0_user" {
		t.Errorf("%+v, %v", got, err)
	}
	_, _, err = read(conn, sellerdesk.RemoteFile{Remote: link{URL: s.server.URL + "/files/none"}.bytes()})
	expect(t, "a file that is gone", err, channel.Gone, sellerdesk.ReasonGone)
	s.say("GET /files/bad", "500 no")
	_, _, err = read(conn, sellerdesk.RemoteFile{Remote: link{URL: s.server.URL + "/files/bad"}.bytes()})
	expect(t, "a host that fails", err, channel.Temporary, "")
}

func TestLinksAskNobodyElse(t *testing.T) {
	t.Parallel()
	never := roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Scheme != "https" || !strings.HasSuffix(r.URL.Host, ".yandex.net") && !strings.HasSuffix(r.URL.Host, ".yandex.ru") {
			t.Errorf("%s is asked", r.URL.Host)
		}
		if secret := r.Header.Get("Api-Key"); (secret != "") != (r.URL.Host == "files.messenger.yandex.net") {
			t.Errorf("%s gets the key: %v", r.URL.Host, secret != "")
		}
		return nil, errors.New("down")
	})
	opened, err := open(channel.Settings{
		Credentials: map[string]sellerdesk.Secret{fieldToken: someKey}, Client: &http.Client{Transport: never}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	l := opened.(*connector).links
	for _, address := range []string{
		"https://files.messenger.yandex.net/a", "https://avatars.mds.yandex.net/a", "https://evil.example/a", "http://files.messenger.yandex.net/a",
		"https://yandex.net.evil.example/a", "https://u:p@files.messenger.yandex.net/a", "https://files.messenger.yandex.net:8443/a", "//x", "", "http://127.0.0.1/a", "file:///etc/passwd", "https://eviyandex.net/",
	} {
		if got, err := l.fetch(t.Context(), address); err == nil && (got.State != sellerdesk.FetchRefused || got.Why.Text == "") {
			t.Errorf("%s gives %+v", address, got)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
