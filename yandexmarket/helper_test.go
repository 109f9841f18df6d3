package yandexmarket_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
	"github.com/sellerdesk/sellerdesk/yandexmarket"
)

// start is when the worlds of the tests begin.
var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// someKey looks like a key.
const someKey = "ACMA:0123456789012345678901234567890123456789:01234567"

// noLimit lets every request go at once.
type noLimit struct{}

func (noLimit) Wait(ctx context.Context, _ string) error { return ctx.Err() }

func (noLimit) Observe(string, *http.Response) {}

// market is a world with the emulator, reached under its real host names over
// TLS. Whatever passes is held against the official document.
type market struct {
	testing.TB
	world    *sandbox.World
	account  *sandbox.Account
	business int64
	http     *http.Client

	mu     sync.Mutex
	called map[string]int // by "METHOD /path" of the document
}

func newMarket(t testing.TB, o emulator.Options) *market {
	t.Helper()
	world, err := sandbox.New(7, sandbox.Options{Start: start, Scale: -1, Messages: 140})
	if err != nil {
		t.Fatal(err)
	}
	emulator.Mount(world, o)
	server := httptest.NewTLSServer(world.Handler())
	trusted := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	transport := &http.Transport{
		// All names lead to the world; its certificate is that of another name.
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
		TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: "example.com"},
	}
	m := &market{TB: t, world: world, account: world.Accounts(emulator.API)[0], called: map[string]int{}}
	m.business = emulator.Business(m.account)
	m.http = &http.Client{Transport: &checked{m: m, next: transport, router: document(t, communication)}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return m
}

// client speaks to the world with a key for everything, on its clock.
func (m *market) client(options ...yandexmarket.Option) *yandexmarket.Client {
	m.Helper()
	return m.as(emulator.Token(m.account, emulator.TokenOptions{}), options...)
}

func (m *market) as(token string, options ...yandexmarket.Option) *yandexmarket.Client {
	m.Helper()
	clock := m.world.Clock()
	c, err := yandexmarket.New(token, append([]yandexmarket.Option{
		yandexmarket.WithHTTPClient(m.http), yandexmarket.WithLimiter(noLimit{}), yandexmarket.WithAttempts(1),
		yandexmarket.WithClock(clock.Now, clock.NewTimer),
	}, options...)...)
	if err != nil {
		m.Fatal(err)
	}
	return c
}

// buyer writes as a buyer; message is that of a chat.
func (m *market) buyer(in sandbox.BuyerMessage) (conversation, message int64) {
	m.Helper()
	in.API = emulator.API
	got, err := m.world.BuyerWrites(m.Context(), in)
	if err != nil {
		m.Fatal(err)
	}
	if in.Kind == sandbox.KindChat {
		message = number(m, got.Message)
	}
	return number(m, got.Conversation), message
}

// control makes a call of the control API.
func (m *market) control(path, body string) {
	m.Helper()
	rec := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/_sandbox/"+path, strings.NewReader(body))
	req.RemoteAddr = "127.0.0.1:1"
	req.Header.Set("Content-Type", "application/json")
	m.world.Handler().ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		m.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
	}
}

func (m *market) fault(faults ...sandbox.Fault) {
	m.Helper()
	for i := range faults {
		faults[i].API = emulator.API
	}
	if err := m.world.SetFaults(faults); err != nil {
		m.Fatal(err)
	}
}

// number reads an id of the wire.
func number(t testing.TB, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// The official documents.
const (
	communication = "yandex-market-communication-openapi.yaml"
	notification  = "yandex-market-notification-openapi.yaml"
)

var documents = map[string]func() (*openapi3.T, error){
	communication: sync.OnceValues(func() (*openapi3.T, error) { return openDocument(communication) }),
	notification:  sync.OnceValues(func() (*openapi3.T, error) { return openDocument(notification) }),
}

// openDocument reads a document, nil when it is absent.
func openDocument(name string) (*openapi3.T, error) {
	folder := os.Getenv("SELLERDESK_TEST_SPECS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "specs")
	}
	file := filepath.Join(folder, name)
	if _, err := os.Stat(file); err != nil {
		return nil, nil
	}
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
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
	return doc, nil
}

// opened returns a document, nil when it is absent and nobody requires it.
func opened(t testing.TB, name string) *openapi3.T {
	t.Helper()
	doc, err := documents[name]()
	if err != nil {
		t.Fatalf("official document: %v", err)
	}
	if doc == nil && slices.Contains(strings.Split(os.Getenv("SELLERDESK_TEST_REQUIRE"), ","), "specs") {
		t.Fatal("the official document is required and absent: see SELLERDESK_TEST_SPECS")
	}
	return doc
}

// document is the router of a document, nil as that is.
func document(t testing.TB, name string) routers.Router {
	t.Helper()
	doc := opened(t, name)
	if doc == nil {
		return nil
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// checked holds requests to the API and their answers against the document.
type checked struct {
	m      *market
	next   http.RoundTripper
	router routers.Router
}

func (c *checked) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "api.partner.market.yandex.ru" {
		return c.next.RoundTrip(r)
	}
	body, err := drained(r)
	if err != nil {
		return nil, err
	}
	sent := r.Clone(r.Context())
	if r.Body != nil {
		sent.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := c.next.RoundTrip(sent)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(answer), failing{err}))
	if err == nil && resp.StatusCode < 500 {
		c.m.mu.Lock()
		defer c.m.mu.Unlock()
		if name := checkExchange(c.m, c.router, r, body, resp, answer); name != "" {
			c.m.called[name]++
		}
	}
	return resp, nil
}

// drained reads the body of a request, which a transport has to close.
func drained(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// failing repeats how the reading of an answer ended.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// checkExchange fails the test when a request or its answer breaks the
// document. It returns the operation, "" without a document.
func checkExchange(t testing.TB, router routers.Router, r *http.Request, body []byte, resp *http.Response, answer []byte) string {
	t.Helper()
	if router == nil {
		return ""
	}
	input, err := routed(router, r)
	if err != nil {
		t.Errorf("%s %s is not in the document: %v", r.Method, r.URL, err)
		return ""
	}
	if r.Header.Get("Api-Key") == "" && r.Header.Get("Authorization") == "" {
		t.Errorf("%s %s has no credentials", r.Method, r.URL.Path)
	}
	for name := range r.URL.Query() {
		if input.Route.Operation.Parameters.GetByInAndName("query", name) == nil && input.Route.PathItem.Parameters.GetByInAndName("query", name) == nil {
			t.Errorf("%s %s: the document has no parameter %q", r.Method, r.URL, name)
		}
	}
	input.Request.Body = io.NopCloser(bytes.NewReader(body))
	if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
		t.Errorf("%s %s breaks the document: %v", r.Method, r.URL, err)
	}
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: resp.StatusCode, Header: resp.Header,
		Body: io.NopCloser(bytes.NewReader(answer)), Options: input.Options,
	})
	if err != nil {
		t.Errorf("the answer %d to %s %s breaks the document: %v", resp.StatusCode, r.Method, r.URL, err)
	}
	return r.Method + " " + input.Route.Path
}

// routed finds the operation of a request.
func routed(router routers.Router, r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	bare := r.Clone(r.Context())
	bare.URL.Host, bare.URL.Scheme, bare.Host = "", "", ""
	found, params, err := router.FindRoute(bare)
	if err != nil {
		return nil, err
	}
	return &openapi3filter.RequestValidationInput{
		Request: bare, PathParams: params, Route: found,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}, nil
}
