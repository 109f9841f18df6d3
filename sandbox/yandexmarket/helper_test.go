package yandexmarket_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// bench is a world with its emulator behind a real server. Its clock stands still unless a test moves it.
type bench struct {
	testing.TB
	world    *sandbox.World
	server   *httptest.Server
	account  *sandbox.Account
	header   http.Header // credentials
	contract routers.Router
	mu       sync.Mutex
	compared map[string]bool
}

func newBench(t testing.TB, o yandexmarket.Options) *bench {
	t.Helper()
	w, err := sandbox.New(7, sandbox.Options{Start: start, Scale: -1})
	if err != nil {
		t.Fatal(err)
	}
	yandexmarket.Mount(w, o)
	b := &bench{TB: t, world: w, server: httptest.NewServer(w.Handler()), account: w.Accounts(yandexmarket.API)[0], compared: map[string]bool{}}
	t.Cleanup(b.server.Close)
	b.as(yandexmarket.TokenOptions{})
	b.contract = contract(t, "yandex-market-communication-openapi.yaml")
	return b
}

func (b *bench) as(o yandexmarket.TokenOptions) *bench {
	b.header = http.Header{}
	if o.OAuth {
		b.header.Set("Authorization", "Bearer "+yandexmarket.Token(b.account, o))
	} else {
		b.header.Set("Api-Key", yandexmarket.Token(b.account, o))
	}
	return b
}

var documents sync.Map

// contract is an official document, or nil where it is absent and nobody requires it.
func contract(t testing.TB, name string) routers.Router {
	t.Helper()
	if have, ok := documents.Load(name); ok {
		return have.(routers.Router)
	}
	folder := os.Getenv("SELLERDESK_TEST_SPECS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "specs")
	}
	file := filepath.Join(folder, name)
	if _, err := os.Stat(file); err != nil {
		if strings.Contains(","+os.Getenv("SELLERDESK_TEST_REQUIRE")+",", ",specs,") {
			t.Fatal(err)
		}
		return nil
	}
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil
	for _, schema := range doc.Components.Schemas {
		schema.Value.Pattern = "" // lookaheads, which Go does not have
	}
	for _, path := range doc.Paths.Map() {
		path.Servers = nil
		for _, op := range path.Operations() {
			op.Servers = nil
		}
	}
	made, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	documents.Store(name, made)
	return made
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) decode(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		t.Fatalf("answer %d %q: %v", a.status, a.body, err)
	}
}

func (b *bench) path(rest string) string {
	return strings.ReplaceAll(rest, "{b}", fmt.Sprint(yandexmarket.Business(b.account)))
}

// ask sends JSON (a string, nil for no body) and compares the answer with the official document.
func (b *bench) ask(method, path string, body any) answer {
	b.Helper()
	var reader io.Reader
	kind := ""
	if s, ok := body.(string); ok {
		reader, kind = strings.NewReader(s), "application/json"
	}
	return b.send(method, path, kind, reader)
}

func (b *bench) send(method, path, kind string, body io.Reader) answer {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, b.server.URL+"/yandexmarket"+b.path(path), body)
	if err != nil {
		b.Fatal(err)
	}
	for k, v := range b.header {
		r.Header[k] = v
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	got, err := b.server.Client().Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		b.Fatal(err)
	}
	a := answer{got.StatusCode, got.Header, raw}
	if got.Header.Get("X-RateLimit-Resource-Limit") == "" || got.Header.Get("X-RateLimit-Resource-Remaining") == "" || got.Header.Get("X-RateLimit-Resource-Until") == "" {
		b.Errorf("%s %s: answer %d without the headers of the quota", method, path, a.status)
	}
	b.compare(r, a)
	return a
}

func (b *bench) compare(r *http.Request, a answer) {
	b.Helper()
	if b.contract == nil {
		return
	}
	asked := r.Clone(r.Context())
	asked.URL.Path = strings.TrimPrefix(asked.URL.Path, "/yandexmarket")
	asked.URL.Host, asked.Host, asked.URL.Scheme = "", "", ""
	route, params, err := b.contract.FindRoute(asked)
	if err != nil {
		return // not of the document
	}
	b.mu.Lock()
	b.compared[r.Method+" "+route.Path] = true
	b.mu.Unlock()
	if a.status == http.StatusUnsupportedMediaType {
		return // stands in the general part of the documents
	}
	if err := openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route},
		Status:                 a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}); err != nil {
		b.Errorf("%s %s: answer %d is not as the official document says: %v", r.Method, asked.URL.Path, a.status, err)
	}
}

func (b *bench) file(chat string, part string, size int) answer {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	w, err := form.CreateFormFile(part, "чек.pdf")
	if err != nil {
		b.Fatal(err)
	}
	_, _ = w.Write(append([]byte("%PDF-1.4\n"), make([]byte, size)...)) // into memory
	_ = form.Close()
	return b.send("POST", "/v2/businesses/{b}/chats/file/send?chatId="+chat, form.FormDataContentType(), &body)
}

// control makes a call of the control API.
func (b *bench) control(path, body string) answer {
	b.Helper()
	got, err := b.server.Client().Post(b.server.URL+"/_sandbox/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, raw}
}

// buyer writes as a buyer and returns the conversation.
func (b *bench) buyer(m sandbox.BuyerMessage) sandbox.Written {
	b.Helper()
	m.API = yandexmarket.API
	got, err := b.world.BuyerWrites(b.Context(), m)
	if err != nil {
		b.Fatal(err)
	}
	return got
}

func (b *bench) chat() string {
	return b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "Здравствуйте!"}).Conversation
}

func (b *bench) status(chat string) (status, kind string) {
	b.Helper()
	var got struct{ Result struct{ Status, Type string } }
	b.ask("GET", "/v2/businesses/{b}/chat?chatId="+chat, nil).decode(b, &got)
	return got.Result.Status, got.Result.Type
}
