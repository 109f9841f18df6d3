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
	r.Host = "buyer-chat-api.wildberries.ru"
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
