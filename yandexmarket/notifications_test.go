package yandexmarket_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
	"github.com/sellerdesk/sellerdesk/yandexmarket"
)

func TestNotificationsAreRead(t *testing.T) {
	t.Parallel()
	at := yandexmarket.Time{Time: time.Date(2026, 11, 20, 9, 0, 0, 213e6, time.UTC)}
	for _, c := range []struct {
		name, body string
		want       yandexmarket.Notification
	}{
		{"a PING", `{"notificationType":"PING","time":"2026-11-20T09:00:00.213Z"}`, yandexmarket.Notification{Type: yandexmarket.NotificationPing, At: at}},
		{"a PING without a time", `{"notificationType":"PING"}`, yandexmarket.Notification{Type: yandexmarket.NotificationPing}},
		{
			"a message, whose number is a text", `{"notificationType":"CHAT_MESSAGE_SENT","chatId":9007199254740993,"messageId":"9223372036854775807","businessId":5,"sentAt":"2026-11-20T12:00:00.213+03:00"}`,
			yandexmarket.Notification{Type: yandexmarket.NotificationChatMessageSent, ChatID: 9007199254740993, MessageID: 9223372036854775807, BusinessID: 5, At: at},
		},
		{
			"a message, whose number is a number", `{"notificationType":"CHAT_MESSAGE_SENT","chatId":"7","messageId":9,"businessId":5,"sentAt":"2026-11-20T09:00:00.213Z"}`,
			yandexmarket.Notification{Type: yandexmarket.NotificationChatMessageSent, ChatID: 7, MessageID: 9, BusinessID: 5, At: at},
		},
		{
			"a comment on an answer", `{"notificationType":"QUESTION_COMMENT_CREATED","answerId":1,"commentId":2,"businessId":5,"createdAt":"2026-11-20T09:00:00.213Z"}`,
			yandexmarket.Notification{Type: yandexmarket.NotificationQuestionCommentCreated, AnswerID: 1, CommentID: 2, BusinessID: 5, At: at},
		},
		{
			"a review, by the date of the event", `{"notificationType":"GOODS_FEEDBACK_CREATED","feedbackId":3,"businessId":5,"createdAt":"2026-11-20T09:00:00.213Z","publishedAt":"2026-11-20T10:00:00Z"}`,
			yandexmarket.Notification{Type: yandexmarket.NotificationGoodsFeedbackCreated, FeedbackID: 3, BusinessID: 5, At: at},
		},
		{
			"a return", `{"notificationType":"ORDER_RETURN_STATUS_UPDATED","orderId":1,"returnId":2,"campaignId":3,"statuses":{"refundStatus":"X"},"updatedAt":"2026-11-20T09:00:00.213Z"}`,
			yandexmarket.Notification{Type: yandexmarket.NotificationOrderReturnStatusUpdated, OrderID: 1, ReturnID: 2, CampaignID: 3, At: at},
		},
		{
			"a type of tomorrow, with fields of tomorrow", `{"notificationType":"CHAT_SUNG","chatId":7,"song":{"verses":[1]},"createdAt":"2026-11-20T09:00:00.213Z"}`,
			yandexmarket.Notification{Type: "CHAT_SUNG", ChatID: 7, At: at},
		},
		{"a date that is none", `{"notificationType":"PING","time":"soon"}`, yandexmarket.Notification{Type: yandexmarket.NotificationPing, At: yandexmarket.Time{Raw: "soon"}}},
		{"ids that are null or empty", `{"notificationType":"CHAT_CREATED","chatId":null,"messageId":""}`, yandexmarket.Notification{Type: yandexmarket.NotificationChatCreated}},
	} {
		got, err := yandexmarket.ParseNotification([]byte(c.body))
		if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(yandexmarket.Notification{}, "Raw")); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
		}
		if string(got.Raw) != c.body {
			t.Errorf("%s: the body became %s", c.name, got.Raw)
		}
	}
	for _, body := range []string{
		``, `null`, `17`, `[]`, `{}`, `{"notificationType":null}`, `{"notificationType":7}`, `{"notificationType":"CHAT_CREATED","chatId":"seven"}`,
		`{"notificationType":"CHAT_CREATED","chatId":7.5}`, `{"notificationType":"CHAT_CREATED","chatId":9223372036854775808}`, `{"notificationType":"PING"}x`,
	} {
		if n, err := yandexmarket.ParseNotification([]byte(body)); !errors.Is(err, yandexmarket.ErrNotification) {
			t.Errorf("%s: %+v, %v", body, n, err)
		}
	}
}

// pushing makes the world send its notifications to h.
func (m *market) pushing(h http.Handler) {
	m.Helper()
	s := httptest.NewServer(h)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = m.world.Run(ctx)
	}()
	m.Cleanup(func() {
		cancel()
		<-done
		s.Close()
	})
	m.control("push", `{"api":"yandexmarket","address":"`+s.URL+`/in/5"}`)
}

// checkNotification holds a notification and the answer to it against the
// document, where there is one.
func checkNotification(t testing.TB, h http.Handler) http.Handler {
	t.Helper()
	router := document(t, notification)
	if router == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked := r.Clone(r.Context())
		asked.URL.Path = strings.TrimPrefix(asked.URL.Path, "/in/5")
		asked.Body = io.NopCloser(strings.NewReader(string(body)))
		input, err := routed(router, asked)
		if err == nil {
			input.Request.Body = asked.Body
			err = openapi3filter.ValidateRequest(r.Context(), input)
		}
		if err != nil {
			t.Errorf("%s: %v", body, err)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: rec.Code, Header: rec.Header(), Body: io.NopCloser(strings.NewReader(rec.Body.String())), Options: input.Options,
		})
		if err != nil {
			t.Errorf("the answer %s: %v", rec.Body, err)
		}
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

// Whatever the emulator pushes keeps to the document of notifications, is
// answered as it wants, and names what can be read.
func TestEveryNotificationKeepsToTheDocument(t *testing.T) {
	t.Parallel()
	m := newMarket(t, emulator.Options{Moderation: -1})
	var mu sync.Mutex
	var got []yandexmarket.Notification
	m.pushing(checkNotification(t, &yandexmarket.Receiver{Name: "test", Version: "1", Take: func(_ *http.Request, n yandexmarket.Notification) error {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, n)
		return nil
	}}))
	chat, message := m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "Где заказ?"})
	review, _ := m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Text: "Плохо"})
	question, _ := m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Text: "Есть?"})
	m.control("yandexmarket/chat", `{"conversation":"`+decimal(chat)+`","do":"dispute"}`)
	m.control("yandexmarket/chat", `{"conversation":"`+decimal(chat)+`","do":"resolve"}`)
	c, ctx := m.client(), t.Context()
	comment, err := c.Reviews.Comment(ctx, m.business, yandexmarket.NewComment{ReviewID: review, Text: "Жаль"})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := c.Questions.Create(ctx, m.business, yandexmarket.Entity{ID: question, Type: yandexmarket.EntityQuestion}, "Есть")
	if err != nil {
		t.Fatal(err)
	}
	remark, err := c.Questions.Create(ctx, m.business, answer, "Много")
	if err != nil {
		t.Fatal(err)
	}
	want := []yandexmarket.Notification{
		{Type: yandexmarket.NotificationChatCreated, ChatID: chat},
		{Type: yandexmarket.NotificationChatMessageSent, ChatID: chat, MessageID: message},
		{Type: yandexmarket.NotificationGoodsFeedbackCreated, FeedbackID: review},
		{Type: yandexmarket.NotificationQuestionCreated, QuestionID: question},
		{Type: yandexmarket.NotificationChatArbitrageStarted, ChatID: chat},
		{Type: yandexmarket.NotificationChatArbitrageFinished, ChatID: chat},
		{Type: yandexmarket.NotificationGoodsFeedbackCommentCreated, CommentID: comment.ID},
		{Type: yandexmarket.NotificationQuestionAnswerCreated, AnswerID: answer.ID},
		{Type: yandexmarket.NotificationQuestionCommentCreated, AnswerID: answer.ID, CommentID: remark.ID},
	}
	for i := range want {
		want[i].BusinessID, want[i].At = m.business, yandexmarket.Time{Time: start}
	}
	arrived := func() []yandexmarket.Notification {
		mu.Lock()
		defer mu.Unlock()
		return append([]yandexmarket.Notification(nil), got...)
	}
	for range 1000 {
		if len(arrived()) >= len(want) {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	if diff := cmp.Diff(want, arrived(), cmpopts.IgnoreFields(yandexmarket.Notification{}, "Raw")); diff != "" {
		t.Errorf("notifications (-want +got):\n%s", diff)
	}
	if push := m.world.State().Accounts[0].Push; push == nil || push.State != "ok" || push.Refused+push.Failed != 0 {
		t.Errorf("the emulator says %+v", push)
	}
}

// push posts a notification to a receiver.
func push(h http.Handler, change func(*http.Request), body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/in/5/notification", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	if change != nil {
		change(r)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func TestAPingIsAnsweredWithNameVersionAndTime(t *testing.T) {
	t.Parallel()
	taken := 0
	h := &yandexmarket.Receiver{
		Name: "Лавка", Version: "1.2", Now: func() time.Time { return start.In(time.FixedZone("", 10800)) },
		Take: func(*http.Request, yandexmarket.Notification) error { taken++; return nil },
	}
	rec := push(h, nil, `{"notificationType":"PING","time":"2026-11-20T09:00:00Z"}`)
	var got struct{ Version, Name, Time string }
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if rec.Code != 200 || got.Version != "1.2" || got.Name != "Лавка" || got.Time != "2026-11-20T09:00:00Z" || rec.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if taken != 0 {
		t.Error("a PING is nothing to keep")
	}
	if rec := push(&yandexmarket.Receiver{Name: "a", Version: "1"}, nil, `{"notificationType":"CHAT_CREATED","chatId":1}`); rec.Code != 200 {
		t.Errorf("without Take: %d %s", rec.Code, rec.Body)
	}
}

func TestWhatAReceiverTurnsDown(t *testing.T) {
	t.Parallel()
	const good = `{"notificationType":"CHAT_CREATED","chatId":1,"businessId":5,"createdAt":"2026-11-20T09:00:00Z"}`
	from := func(address string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = address } }
	market := yandexmarket.SourceNetworks()
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		body   string
		take   error
		from   []netip.Prefix
		status int
		kind   string
		taken  int
	}{
		{"a good one", nil, good, nil, nil, 200, "", 1},
		{"an unknown type", nil, `{"notificationType":"CHAT_SUNG"}`, nil, nil, 200, "", 1},
		{"one with a GET", func(r *http.Request) { r.Method = http.MethodGet }, good, nil, nil, 405, "", 0},
		{"one that is not JSON by its header", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, good, nil, nil, 400, "WRONG_EVENT_FORMAT", 0},
		{"one without a header", func(r *http.Request) { r.Header.Del("Content-Type") }, good, nil, nil, 400, "WRONG_EVENT_FORMAT", 0},
		{"one that is not JSON", nil, "<xml>", nil, nil, 400, "WRONG_EVENT_FORMAT", 0},
		{"one without a type", nil, "{}", nil, nil, 400, "WRONG_EVENT_FORMAT", 0},
		{"an empty one", nil, "", nil, nil, 400, "WRONG_EVENT_FORMAT", 0},
		{"one over a megabyte", nil, `{"notificationType":"PING","x":"` + strings.Repeat("a", yandexmarket.MaxNotification) + `"}`, nil, nil, 400, "WRONG_EVENT_FORMAT", 0},
		{"one that breaks off", func(r *http.Request) { r.Body = io.NopCloser(failing{io.ErrUnexpectedEOF}) }, "", nil, nil, 400, "WRONG_EVENT_FORMAT", 0},
		{"one that cannot be kept", nil, good, errors.New("disk full at /var"), nil, 500, "UNKNOWN", 1},
		{"one from anywhere", from("203.0.113.9:1234"), good, nil, market, 403, "", 0},
		{"one from the Market", from("141.8.142.7:1234"), good, nil, market, 200, "", 1},
		{"one from the Market, as IPv6 writes it", from("[::ffff:141.8.142.7]:1234"), good, nil, market, 200, "", 1},
		{"one from nowhere", from("?"), good, nil, market, 403, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			taken := 0
			h := &yandexmarket.Receiver{Name: "a", Version: "1", From: c.from, Take: func(*http.Request, yandexmarket.Notification) error {
				taken++
				return c.take
			}}
			rec := push(h, c.change, c.body)
			if rec.Code != c.status || taken != c.taken {
				t.Errorf("%d %s, %d taken", rec.Code, rec.Body, taken)
			}
			var got struct {
				Error struct{ Type, Message string }
			}
			if c.kind != "" && (json.Unmarshal(rec.Body.Bytes(), &got) != nil || got.Error.Type != c.kind || got.Error.Message == "") {
				t.Errorf("%s", rec.Body)
			}
			if strings.Contains(rec.Body.String(), "/var") {
				t.Errorf("it tells too much: %s", rec.Body)
			}
		})
	}
}

func TestBehindAProxyTheAddressIsItsWord(t *testing.T) {
	t.Parallel()
	h := &yandexmarket.Receiver{
		Name: "a", Version: "1", From: yandexmarket.SourceNetworks(),
		Address: func(r *http.Request) netip.Addr { a, _ := netip.ParseAddr(r.Header.Get("X-Real-Ip")); return a },
	}
	for address, want := range map[string]int{"5.45.207.3": 200, "5.45.207.200": 403, "": 403} {
		if rec := push(h, func(r *http.Request) { r.Header.Set("X-Real-Ip", address) }, `{"notificationType":"PING"}`); rec.Code != want {
			t.Errorf("%q: %d", address, rec.Code)
		}
	}
}

// The Market appends to the address that it was given.
func TestAReceiverAnswersBelowItsAddress(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/in/5/", &yandexmarket.Receiver{Name: "a", Version: "1"})
	mux.Handle("/in/5", &yandexmarket.Receiver{Name: "a", Version: "1"})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	for _, path := range []string{"/in/5", "/in/5/notification"} {
		resp, err := s.Client().Post(s.URL+path, "application/json", strings.NewReader(`{"notificationType":"PING"}`))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
}
