package server_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// wire sends bytes as they are and gives the status of the answer; 0 when the
// connection ends without one.
func wire(t *testing.T, h *servertest.House, raw string) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", h.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(conn, raw) }() // a server that refuses reads no further
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	return res.StatusCode, string(b)
}

func TestRequestsThatProgramsInTheMiddleReadDifferentlyAreRefused(t *testing.T) {
	t.Parallel()
	_, h := start(t, nil)
	own(t, h)
	const auth = "Authorization: Bearer " + servertest.Key + "\r\n"
	post := "POST /change HTTP/1.1\r\nHost: localhost\r\n" + auth
	get := "GET /v1/accounts HTTP/1.1\r\nHost: localhost\r\n" + auth
	for name, tt := range map[string]struct {
		raw  string
		want []int // any of these
	}{
		"two lengths that differ":             {post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", []int{400}},
		"a length that is no number":          {post + "Content-Length: +5\r\n\r\nabcde", []int{400}},
		"a length below nought":               {post + "Content-Length: -1\r\n\r\n", []int{400}},
		"an encoding nobody knows":            {post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", []int{400, 501}},
		"two encodings":                       {post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", []int{400, 501}},
		"an encoding behind a space":          {post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", []int{400}},
		"a line that goes on":                 {post + "X-A: 1\r\n b: 2\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n", []int{400, 501, 204}},
		"no host":                             {"GET /v1/accounts HTTP/1.1\r\n" + auth + "\r\n", []int{400}},
		"two hosts":                           {"GET /v1/accounts HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + auth + "\r\n", []int{400}},
		"a host that is no name":              {"GET /v1/accounts HTTP/1.1\r\nHost: a b\r\n" + auth + "\r\n", []int{400}},
		"a zero byte in a header":             {get + "X-A: a\x00b\r\n\r\n", []int{400}},
		"a bare return in a header":           {get + "X-A: a\rX-B: b\r\n\r\n", []int{400}},
		"a header without a name":             {get + ": a\r\n\r\n", []int{400}},
		"a zero byte in the address":          {"GET /v1/accounts\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n", []int{400}},
		"a zero byte written in the address":  {"GET /v1/products/1/a%00b HTTP/1.1\r\nHost: localhost\r\n" + auth + "\r\n", []int{400}},
		"no text in the query":                {"GET /v1/conversations?channel=%ff%fe HTTP/1.1\r\nHost: localhost\r\n" + auth + "\r\n", []int{400}},
		"an escape that is none":              {"GET /v1/products/1/%zz HTTP/1.1\r\nHost: localhost\r\n" + auth + "\r\n", []int{400}},
		"a version of tomorrow":               {"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", []int{505}},
		"no HTTP at all":                      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", []int{400, 0}},
		"TRACE, which would show the headers": {"TRACE /v1/accounts HTTP/1.1\r\nHost: localhost\r\n" + auth + "\r\n", []int{405, 501}},
		"CONNECT, as to a proxy":              {"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n" + auth + "\r\n", []int{400, 404, 405, 301}},
		"the address of another host":         {"GET http://example.org/v1/nothing HTTP/1.1\r\nHost: example.org\r\n" + auth + "\r\n", []int{404}},
		"headers without end":                 {get + "X-A: " + strings.Repeat("a", 100<<10) + "\r\n\r\n", []int{431}},
		"thousands of headers":                {get + strings.Repeat("X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", 3000) + "\r\n", []int{431}},
		"an address without end":              {"GET /" + strings.Repeat("a", 100<<10) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", []int{431}},
		"thousands of parameters":             {"GET /v1/conversations?" + strings.Repeat("a=1&", 5000) + " HTTP/1.1\r\nHost: localhost\r\n" + auth + "\r\n", []int{400}},
		"a chunk longer than everything":      {post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", []int{400, 204}},
		"a cookie without end":                {"GET /v1/accounts HTTP/1.1\r\nHost: localhost\r\nCookie: sellerdesk_session=" + strings.Repeat("a", 50<<10) + "\r\n\r\n", []int{401}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, body := wire(t, h, tt.raw)
			for _, want := range tt.want {
				if status == want {
					if strings.Contains(body, servertest.Key) {
						t.Errorf("the answer shows the key: %s", body)
					}
					return
				}
			}
			t.Errorf("answered %d, want %v: %.300s", status, tt.want, body)
		})
	}
}

func TestWhatHidesBehindARequestThatCanBeReadInTwoWaysIsNobodys(t *testing.T) {
	t.Parallel()
	_, h := start(t, nil)
	own(t, h)
	conn, err := net.Dial("tcp", h.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	// net/http goes by the chunks, as RFC 9112 has it, and forgets the length. A
	// proxy that went by the length would have sent both as one.
	const hidden = "GET /v1/accounts HTTP/1.1\r\nHost: localhost\r\n\r\n"
	_, err = fmt.Fprintf(conn, "POST /change HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer %s\r\n\r\n0\r\n\r\n%s",
		5+len(hidden), servertest.Key, hidden)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	for n := 0; ; n++ {
		res, err := http.ReadResponse(in, nil)
		if err != nil || n == 2 {
			return
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if n == 1 && res.StatusCode != http.StatusUnauthorized {
			t.Errorf("what hides is answered with %d", res.StatusCode)
		}
		if res.Close || n == 1 {
			return
		}
	}
}

func TestOtherMethodsChangeNothing(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	own(t, h)
	for _, method := range []string{"OPTIONS", "TRACE", "PROPFIND", "PUT", "BREW"} {
		w := q.ask(method, "/v1/accounts", withKey(servertest.Key))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" || w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is answered with %d %v", method, w.Code, w.Header())
		}
	}
	if w := q.ask("HEAD", "/v1/accounts", withKey(servertest.Key)); w.Code != http.StatusOK {
		t.Errorf("HEAD is answered with %d", w.Code)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if w := q.ask("DELETE", path, nil); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("DELETE %s is answered with %d", path, w.Code)
		}
	}
}

func TestBodiesThatAreTooMuchAreRefused(t *testing.T) {
	t.Parallel()
	_, h := start(t, nil)
	conv := h.Chat(t, "Anna", servertest.Start(), "Hello")
	messages := fmt.Sprintf("/v1/conversations/%d/messages", conv.ID)
	deep := func(n int) string {
		return `{"text":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}`
	}
	var parts bytes.Buffer
	form := multipart.NewWriter(&parts)
	for i := range 5000 {
		_ = form.WriteField(fmt.Sprint("field", i), "x")
	}
	_ = form.Close()
	for name, tt := range map[string]struct {
		path, kind, body string
		want             []int
	}{
		"10 MB of JSON":                    {messages, "application/json", `{"text":"` + strings.Repeat("a", 10<<20) + `"}`, []int{413}},
		"10 MB of nothing":                 {messages, "application/json", strings.Repeat(" ", 10<<20), []int{413}},
		"JSON a hundred thousand deep":     {messages, "application/json", deep(100_000), []int{400, 422}},
		"JSON nine thousand deep":          {messages, "application/json", deep(9_000), []int{400, 422}},
		"objects a hundred thousand deep":  {messages, "application/json", strings.Repeat(`{"text":`, 100_000), []int{400, 422}},
		"a hundred thousand fields":        {messages, "application/json", `{` + strings.Repeat(`"a":1,`, 100_000) + `"text":"x"}`, []int{400, 422}},
		"a number of a million digits":     {messages, "application/json", `{"text":"x","files":[` + strings.Repeat("9", 900_000) + `]}`, []int{400, 422}},
		"one field twice":                  {messages, "application/json", `{"text":"a","text":5}`, []int{400, 422}},
		"JSON that ends early":             {messages, "application/json", `{"text":"a`, []int{400}},
		"JSON with more behind it":         {messages, "application/json", `{"text":"a"}{"text":"b"}`, []int{400, 422}},
		"no JSON":                          {messages, "application/xml", `<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>`, []int{415}},
		"packed bytes":                     {messages, "application/json", "\x1f\x8b\x08\x00\x00\x00\x00\x00", []int{400}},
		"a form of five thousand fields":   {"/v1/files", form.FormDataContentType(), parts.String(), []int{400, 413, 422}},
		"a form without a boundary":        {"/v1/files", "multipart/form-data", "x", []int{400, 415, 422}},
		"a boundary without end":           {"/v1/files", "multipart/form-data; boundary=" + strings.Repeat("a", 5000), "x", []int{400, 415, 422}},
		"a text of a million characters":   {messages, "application/json", `{"text":"` + strings.Repeat("ы", 400_000) + `"}`, []int{422}},
		"a text with a zero byte":          {messages, "application/json", `{"text":"a\u0000b"}`, []int{202, 422}},
		"a text with half a character":     {messages, "application/json", `{"text":"a\ud800b"}`, []int{202, 422}},
		"an idempotency key without end":   {messages + "?", "application/json", `{"text":"x","files":["` + strings.Repeat("a", 100) + `"]}`, []int{422}},
		"a list of two hundred thousand":   {messages, "application/json", `{"text":"x","files":[` + strings.Repeat("1,", 200_000) + `1]}`, []int{400, 413, 422}},
		"a place of a person that is none": {"/v1/conversations/999999999999999999999/messages", "application/json", `{"text":"x"}`, []int{404, 422}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+servertest.Key)
			r.Header.Set("Content-Type", tt.kind)
			began := time.Now()
			res, err := h.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			said, _ := io.ReadAll(io.LimitReader(res.Body, 4<<10))
			for _, want := range tt.want {
				if res.StatusCode == want {
					if took := time.Since(began); took > 20*time.Second {
						t.Errorf("the refusal took %s", took)
					}
					return
				}
			}
			t.Errorf("answered %d, want %v: %.500s", res.StatusCode, tt.want, said)
		})
	}
}

func TestSlowClientsAreLeftBehind(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	h.HTTP.HandleFunc("POST /taking", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	usual := h.HTTP.HTTPServer()
	for name, limit := range map[string]time.Duration{
		"headers": usual.ReadHeaderTimeout, "requests": usual.ReadTimeout, "answers": usual.WriteTimeout, "idle connections": usual.IdleTimeout,
	} {
		if limit <= 0 || limit > 2*time.Minute {
			t.Errorf("%s may take %s", name, limit)
		}
	}
	if usual.MaxHeaderBytes <= 0 || usual.MaxHeaderBytes > 1<<20 {
		t.Errorf("headers may have %d bytes", usual.MaxHeaderBytes)
	}
	quick := httptest.NewUnstartedServer(nil)
	quick.Config = h.HTTP.HTTPServer()
	quick.Config.ReadHeaderTimeout, quick.Config.ReadTimeout = 200*time.Millisecond, 400*time.Millisecond
	quick.Start()
	defer quick.Close()
	for name, raw := range map[string]string{
		"one that sends its headers slowly": "GET /v1/accounts HTTP/1.1\r\nHost: localhost\r\n",
		"one that sends its body slowly":    "POST /taking HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nAuthorization: Bearer " + servertest.Key + "\r\n\r\n{",
		"a stranger who uploads slowly":     "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=a\r\nContent-Length: 1000\r\n\r\n--a",
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", quick.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, raw); err != nil {
				t.Fatal(err)
			}
			if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
				t.Fatal(err)
			}
			// Whatever is answered, the connection ends.
			_, err = io.Copy(io.Discard, conn)
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				t.Error("the connection is held")
			}
		})
	}
}

func TestMetricsAreForThisMachineAndForWhoMayChangeTheHouse(t *testing.T) {
	t.Parallel()
	figures := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "figures") })
	q, h := start(t, func(d *server.Deps) { d.Metrics = figures; d.Log = slog.New(slog.DiscardHandler) })
	own(t, h)
	from := func(remote string, headers ...string) func(*http.Request) {
		return func(r *http.Request) {
			r.RemoteAddr = remote
			for i := 0; i+1 < len(headers); i += 2 {
				r.Header.Set(headers[i], headers[i+1])
			}
		}
	}
	for name, tt := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"a program here":                       {from("127.0.0.1:5000"), 200},
		"a program elsewhere":                  {from("192.0.2.7:5000"), 401},
		"a program elsewhere with the key":     {from("192.0.2.7:5000", "Authorization", "Bearer "+servertest.Key), 200},
		"a program elsewhere with another key": {from("192.0.2.7:5000", "Authorization", "Bearer wrong"), 401},
		"somebody behind a proxy here":         {from("127.0.0.1:5000", "X-Forwarded-For", "192.0.2.7"), 401},
		"somebody behind a quiet proxy here":   {from("127.0.0.1:5000", "Via", "1.1 x"), 401},
		"a page of another name":               {func(r *http.Request) { r.Host = "inbox.example.org" }, 401},
	} {
		if w := q.ask("GET", "/metrics", tt.change); w.Code != tt.want {
			t.Errorf("%s is answered with %d", name, w.Code)
		}
	}
	if w := q.ask("POST", "/metrics", nil); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST is answered with %d", w.Code)
	}
	proxied, h := start(t, func(d *server.Deps) { d.Metrics = figures; d.Proxied = true })
	own(t, h)
	if w := proxied.ask("GET", "/metrics", nil); w.Code != http.StatusUnauthorized {
		t.Errorf("with a public address a program here is answered with %d", w.Code)
	}
}
