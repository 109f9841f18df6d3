package wildberries_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

const (
	chatScope     = 1 << 9
	feedbackScope = 1 << 7
	returnsScope  = 1 << 11
	readOnlyScope = 1 << 30
	sellerUUID    = "6f1c7f0a-5e7d-4a2b-9f3e-7d6c5b4a3f21"
)

// makeToken signs nothing: nobody checks signatures here.
func makeToken(claims map[string]any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"ES256","typ":"JWT"}`)) + "." + part(payload) + "." + part([]byte("signature"))
}

// chatToken is a personal token for the chat until 2096.
func chatToken() string {
	return makeToken(map[string]any{"exp": 4000000000, "s": chatScope, "sid": sellerUUID, "oid": 4012345, "acc": 3, "for": "self", "id": "t-1"})
}

// deskToken is a personal token for everything this package speaks of.
func deskToken() string {
	return makeToken(map[string]any{
		"exp": 4000000000, "s": chatScope | feedbackScope | returnsScope, "sid": sellerUUID, "oid": 4012345, "acc": 3, "for": "self", "id": "t-2",
	})
}

// deskClient may do everything and keeps no limits.
func deskClient(t testing.TB, r *remote, options ...wildberries.Option) *wildberries.Client {
	t.Helper()
	return clientOf(t, deskToken(), r, append([]wildberries.Option{wildberries.WithLimiter(noLimit{}), wildberries.WithAttempts(1)}, options...)...)
}

// remote is a server with the host families under /chat, /common and so on. Whatever arrives is held against the official document.
type remote struct {
	URL      string
	arrived  atomic.Int64
	mu       sync.Mutex // guards requests
	requests []*http.Request
}

func newRemote(t testing.TB, h http.HandlerFunc) *remote {
	t.Helper()
	r := &remote{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err == nil {
			checkContract(t, req, body)
		}
		r.arrived.Add(1)
		// A copy, because the server still works on the request when the test looks at it.
		kept := req.Clone(context.WithoutCancel(req.Context()))
		kept.Body, req.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
		r.mu.Lock()
		r.requests = append(r.requests, kept)
		r.mu.Unlock()
		h(w, req)
	}))
	t.Cleanup(s.Close)
	r.URL = s.URL
	return r
}

// last returns the last request that arrived.
func (r *remote) last() *http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests[len(r.requests)-1]
}

func newClient(t testing.TB, r *remote, options ...wildberries.Option) *wildberries.Client {
	t.Helper()
	return clientOf(t, chatToken(), r, options...)
}

func clientOf(t testing.TB, token string, r *remote, options ...wildberries.Option) *wildberries.Client {
	t.Helper()
	inspected, err := wildberries.InspectToken(token)
	if err != nil {
		t.Fatal(err)
	}
	budget := wildberries.NewBudget(inspected, wildberries.BudgetOptions{Fresh: true})
	c, err := wildberries.New(token, append([]wildberries.Option{wildberries.WithBaseURL(r.URL), wildberries.WithLimiter(budget)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// replies answers everything alike.
func replies(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func repliesFile(t testing.TB, name string) http.HandlerFunc {
	t.Helper()
	return replies(http.StatusOK, "application/json", canned(t, name))
}

func canned(t testing.TB, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// document is the official OpenAPI document, nil when it is not there.
var document = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openDocument()
	if doc == nil || err != nil {
		return nil, err
	}
	return legacy.NewRouter(doc)
})

// openDocument reads the document anew, nil when it is not there.
func openDocument() (*openapi3.T, error) {
	folder := os.Getenv("SELLERDESK_TEST_SPECS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "specs")
	}
	path := filepath.Join(folder, "wildberries-communications.yaml")
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	// The answers about pins contradict themselves: data is an object by this schema, a list or number by the one beside it.
	doc.Components.Schemas["respond.SuccessResponse"].Value.Properties["data"].Value.Type = nil
	// The servers of the document would have to match the test's address.
	doc.Servers = nil
	for _, item := range doc.Paths.Map() {
		item.Servers = nil
		for _, operation := range item.Operations() {
			operation.Servers = nil
		}
	}
	return doc, nil
}

// operations returns those of the document by "METHOD /path".
func operations(t testing.TB) map[string]*openapi3.Operation {
	t.Helper()
	doc, err := openDocument()
	if err != nil || doc == nil {
		t.Fatalf("official document: %v", err)
	}
	all := map[string]*openapi3.Operation{}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			all[method+" "+path] = operation
		}
	}
	if len(all) != 25 {
		t.Errorf("the document has %d operations, 25 are known", len(all))
	}
	return all
}

// contract returns the document, nil when it is absent and nobody requires it.
func contract(t testing.TB) routers.Router {
	t.Helper()
	router, err := document()
	if err != nil {
		t.Fatalf("official document: %v", err)
	}
	if router == nil && slices.Contains(strings.Split(os.Getenv("SELLERDESK_TEST_REQUIRE"), ","), "specs") {
		t.Fatal("the official document is required and absent: see SELLERDESK_TEST_SPECS")
	}
	return router
}

// route finds the operation of a request, without the family's prefix.
func route(router routers.Router, req *http.Request) (*openapi3filter.RequestValidationInput, error) {
	bare := req.Clone(req.Context())
	// Escaped, so that a slash inside a parameter stays inside.
	_, path, _ := strings.Cut(strings.TrimPrefix(req.URL.EscapedPath(), "/"), "/")
	bare.URL.Path, bare.URL.RawPath = "/"+path, ""
	found, params, err := router.FindRoute(bare)
	if err != nil {
		return nil, err
	}
	return &openapi3filter.RequestValidationInput{
		Request: bare, PathParams: params, Route: found,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}, nil
}

// checkContract fails the test when a request breaks the document, or for the three operations that the document lacks, when it has
// anything but its path.
func checkContract(t testing.TB, req *http.Request, body []byte) {
	t.Helper()
	if len(req.Header.Values("Authorization")) != 1 || req.Header.Get("Authorization") == "" {
		t.Errorf("%s %s has no authorization", req.Method, req.URL.Path)
	}
	family, path, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/")
	switch {
	case path == "ping", family == "common" && path == "api/v1/seller-info", family == "feedbacks" && path == "api/common/v1/rating":
		if req.Method != http.MethodGet || req.URL.RawQuery != "" || len(body) > 0 {
			t.Errorf("%s %s takes neither query nor body", req.Method, req.URL)
		}
		return
	}
	// The tests of contract_test.go say what an absent document means; this runs on the server's goroutine and may not end the test.
	router, err := document()
	if router == nil || err != nil {
		return
	}
	input, err := route(router, req)
	if err != nil {
		t.Errorf("%s %s is not in the document: %v", req.Method, req.URL, err)
		return
	}
	if want := familyOf(input.Route.Operation); family != want {
		t.Errorf("%s %s: this is under /%s", req.Method, req.URL, want)
	}
	for name := range req.URL.Query() {
		if input.Route.Operation.Parameters.GetByInAndName("query", name) == nil {
			t.Errorf("%s %s: the document has no parameter %q", req.Method, req.URL, name)
		}
	}
	input.Request.Body = io.NopCloser(bytes.NewReader(body))
	if err := openapi3filter.ValidateRequest(req.Context(), input); err != nil {
		t.Errorf("%s %s breaks the document: %v", req.Method, req.URL, err)
	}
}

// familyOf tells by the category of the document on which host an operation lives.
func familyOf(o *openapi3.Operation) string {
	families := map[any]string{"questionsandfeedback": "feedbacks", "buyerchat": "chat", "returns": "returns"}
	return families[o.Extensions["x-category"]]
}

// parts lists a multipart body as "name|file name|type|content".
func parts(t testing.TB, req *http.Request) []string {
	t.Helper()
	reader, err := req.MultipartReader()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for {
		var part *multipart.Part
		if part, err = reader.NextRawPart(); err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, strings.Join([]string{part.FormName(), part.FileName(), part.Header.Get("Content-Type"), string(content)}, "|"))
	}
}

// at returns a clock that stands still; its timers fire at once.
func at(now time.Time) wildberries.Option {
	return wildberries.WithClock(func() time.Time { return now }, func(time.Duration) (<-chan time.Time, func() bool) {
		fired := make(chan time.Time, 1)
		fired <- now
		return fired, func() bool { return false }
	})
}
