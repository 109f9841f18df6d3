package wildberries_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// serve answers a request without a network; the limits are fresh each time.
func serve(t *testing.T, b *bench, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	b.world.Clock().Advance(1e10)
	if !strings.HasSuffix(r.Host, ".wildberries.ru") {
		r.Host = "buyer-chat-api.wildberries.ru"
	}
	if r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", b.token)
	}
	rw := httptest.NewRecorder()
	b.world.Handler().ServeHTTP(rw, r)
	if strings.Contains(rw.Header().Get("Content-Type"), "json") && !json.Valid(rw.Body.Bytes()) {
		t.Fatalf("answer that is no JSON: %q", rw.Body)
	}
	return rw
}

func FuzzMessageBody(f *testing.F) {
	b := newBench(f, sandbox.Options{Messages: 50}, wildberries.Options{})
	sign := b.chats()[0].ReplySign
	part := func(head, body string) string {
		return "--x\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + body + "\r\n"
	}
	for _, body := range []string{
		part(`name="replySign"`, sign) + part(`name="message"`, "Добрый день") + "--x--\r\n",
		part(`name="replySign"`, sign) + part(`name="file"; filename="a.pdf"`, "%PDF-1.4") + "--x--\r\n",
		part(`name="replySign"`, sign) + part(`name="file"; filename="../../a"`, "\xff\xd8\xff"), "--x--", "", "--x\r\n\r\n\r\n--x--",
	} {
		f.Add("multipart/form-data; boundary=x", []byte(body))
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		before := len(b.world.State().Received)
		r := httptest.NewRequest(http.MethodPost, "/api/v1/seller/message", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		rw := serve(t, b, r)
		after := len(b.world.State().Received)
		if rw.Code != 200 && (rw.Code != 400 || after != before) {
			t.Fatalf("status %d, %d received", rw.Code, after-before)
		}
	})
}

func FuzzCursorAndFileID(f *testing.F) {
	b := newBench(f, sandbox.Options{Messages: 50}, wildberries.Options{})
	for _, s := range []string{"0", "1795165200000", "-1", "1e3", "", "9223372036854775807", "../x", "00000000-0000-0000-0000-000000000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, path := range []string{"/api/v1/seller/events?next=" + url.QueryEscape(s), "/api/v1/seller/download/" + url.PathEscape(s)} {
			r, err := http.NewRequest(http.MethodGet, "http://localhost"+path, nil)
			if err != nil {
				t.Skip(err)
			}
			r.RequestURI = path
			switch rw := serve(t, b, r); rw.Code {
			case 200, 400, 404:
			default:
				t.Fatalf("%s: %d", path, rw.Code)
			}
		}
	})
}

func FuzzToken(f *testing.F) {
	b := newBench(f, sandbox.Options{Messages: 50}, wildberries.Options{})
	for _, s := range []string{b.token, "Bearer " + b.token, "a.b.c", "..", "Bearer ", strings.Repeat("a", 9000), strings.Replace(b.token, ".", ".e30", 1)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s == "" {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "/api/v1/seller/events", nil)
		r.Header["Authorization"] = []string{s}
		if rw := serve(t, b, r); rw.Code != 200 && rw.Code != 401 && rw.Code != 429 {
			t.Fatalf("status %d", rw.Code)
		}
	})
}

func FuzzBodiesOfAnswersPinsAndClaims(f *testing.F) {
	b := newBench(f, sandbox.Options{Messages: 50, Reviews: 30}, wildberries.Options{})
	question := b.write(sandbox.KindQuestion, sandbox.BuyerMessage{Text: "a"}).Conversation
	review := b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "a"}).Conversation
	claim := b.write(sandbox.KindClaim, sandbox.BuyerMessage{Text: "a"}).Conversation
	calls := []struct{ method, host, path string }{
		{"PATCH", "feedbacks", "/api/v1/questions"}, {"POST", "feedbacks", "/api/v1/feedbacks/answer"}, {"PATCH", "feedbacks", "/api/v1/feedbacks/answer"}, {"POST", "feedbacks", "/api/v1/feedbacks/order/return"},
		{"POST", "feedbacks", "/api/feedbacks/v1/pins"}, {"DELETE", "feedbacks", "/api/feedbacks/v1/pins"}, {"PATCH", "returns", "/api/v1/claim"},
	}
	for i := range calls {
		for _, body := range []string{
			`{"id":"` + question + `","wasViewed":true}`, `{"id":"` + question + `","answer":{"text":"a"},"state":"wbRu"}`, `{"id":"` + review + `","text":"Спасибо"}`, `{"feedbackId":"` + review + `"}`,
			`[{"pinMethod":"subscription","pinOn":"nm","feedbackId":"` + review + `"}]`, `[1,2]`, `{"id":"` + claim + `","action":"rejectcustom","comment":"0123456789"}`, `null`, `{}{}`, `[`, "",
		} {
			f.Add(byte(i), body)
		}
	}
	f.Fuzz(func(t *testing.T, call byte, body string) {
		c := calls[int(call)%len(calls)]
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(body))
		r.Host = c.host + "-api.wildberries.ru"
		r.Header.Set("Content-Type", "application/json")
		switch rw := serve(t, b, r); rw.Code {
		case 200, 204, 400, 404, 422:
		default:
			t.Fatalf("%s %s: %d", c.method, c.path, rw.Code)
		}
	})
}

func FuzzQueriesOfLists(f *testing.F) {
	b := newBench(f, sandbox.Options{Messages: 50, Reviews: 30, Claims: 5}, wildberries.Options{})
	paths := []string{
		"feedbacks /api/v1/questions", "feedbacks /api/v1/questions/count", "feedbacks /api/v1/question", "feedbacks /api/v1/feedbacks", "feedbacks /api/v1/feedbacks/count", "feedbacks /api/v1/feedback",
		"feedbacks /api/v1/feedbacks/archive", "feedbacks /api/feedbacks/v1/pins", "feedbacks /api/feedbacks/v1/pins/count", "returns /api/v1/claims",
	}
	for i := range paths {
		for _, query := range []string{
			"isAnswered=true&take=5&skip=0&order=dateAsc&nmId=1&dateFrom=0&dateTo=1", "isAnswered=false&take=99999&skip=-1", "id=AAAAAAAAAAAAAAAAAAAAAA", "is_archive=true&limit=5&offset=1&nm_id=5&id=x",
			"state=pinned&pinOn=nm&next=5&limit=1&dateFrom=2020-01-01T15:04:05Z", "dateTo=1099511627776", "dateTo=1", "%zz", "a;b",
		} {
			f.Add(byte(i), query)
		}
	}
	f.Fuzz(func(t *testing.T, call byte, query string) {
		host, path, _ := strings.Cut(paths[int(call)%len(paths)], " ")
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.URL.RawQuery, r.Host = query, host+"-api.wildberries.ru"
		switch rw := serve(t, b, r); rw.Code {
		case 200, 400, 422:
		default:
			t.Fatalf("%s?%s: %d", path, query, rw.Code)
		}
	})
}
