package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// contract reads the document once for all tests.
var contract = sync.OnceValues(func() (routers.Router, error) {
	b, err := api.Document()
	if err != nil {
		return nil, err
	}
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(b)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(loader.Context); err != nil {
		return nil, fmt.Errorf("the document itself: %w", err)
	}
	openapi3filter.RegisterBodyDecoder("application/jsonl", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.PlainBodyDecoder)
	return gorillamux.NewRouter(doc)
})

// caller asks the server and holds every answer against the contract.
type caller struct {
	t    *testing.T
	h    *servertest.House
	spec routers.Router
}

func call(t *testing.T, change func(*server.Deps)) caller {
	t.Helper()
	spec, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	return caller{t, servertest.New(t, change), spec}
}

// answer is a response that was read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends body (nil, a string, or what becomes JSON) and checks the answer.
func (c caller) ask(method, path string, body any, headers ...string) answer {
	c.t.Helper()
	var b []byte
	switch body := body.(type) {
	case nil:
	case string:
		b = []byte(body)
	case []byte:
		b = body
	default:
		var err error
		if b, err = json.Marshal(body); err != nil {
			c.t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.h.URL+path, bytes.NewReader(b))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+servertest.Key)
	if b != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := c.h.Client().Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	a := answer{res.StatusCode, res.Header, got}
	c.hold(r, a)
	return a
}

// hold validates an answer against the contract.
func (c caller) hold(r *http.Request, a answer) {
	c.t.Helper()
	r = r.Clone(c.t.Context())
	r.URL.Host, r.Host, r.URL.Scheme = "", "", ""
	route, params, err := c.spec.FindRoute(r)
	if err != nil {
		c.t.Errorf("%s %s is not in the contract: %v", r.Method, r.URL.Path, err)
		return
	}
	err = openapi3filter.ValidateResponse(c.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 a.status,
		Header:                 a.header,
		Body:                   io.NopCloser(bytes.NewReader(a.body)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	if err != nil {
		c.t.Errorf("%s %s answered %d against the contract: %v\n%s", r.Method, r.URL.Path, a.status, err, a.body)
	}
}

// want checks the status and decodes the answer.
func (a answer) want(t *testing.T, status int, out any) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("got %d, want %d: %s", a.status, status, a.body)
	}
	if out != nil {
		if err := json.Unmarshal(a.body, out); err != nil {
			t.Fatalf("%v in %s", err, a.body)
		}
	}
	return a
}

// problem checks status, code and field of a refusal.
func (a answer) problem(t *testing.T, status int, code, field string) server.Problem {
	t.Helper()
	var p server.Problem
	a.want(t, status, &p)
	if string(p.Code) != code || string(p.Field) != field || p.Status != status || p.Detail == "" || p.Title == "" {
		t.Errorf("got %s, want code %q and field %q", a.body, code, field)
	}
	return p
}

// upload makes the body of an upload.
func upload(t *testing.T, name string, content []byte) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), form.FormDataContentType()
}

type thing map[string]any

// list is the answer of every list.
type list struct {
	Items []thing `json:"items"`
	Next  *string `json:"next"`
}

func (t thing) id() string { return fmt.Sprintf("%.0f", t["id"]) }

func TestAnswersToWrongRequests(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := "/v1/conversations/1"
	c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	for _, w := range []struct {
		name, method, path string
		body               any
		status             int
		code, field        string
	}{
		{"a conversation that is not there", "GET", "/v1/conversations/999", nil, 404, "not_found", ""},
		{"messages of one that is not there", "GET", "/v1/conversations/999/messages", nil, 404, "not_found", ""},
		{"an answer to one that is not there", "POST", "/v1/conversations/999/messages", thing{"text": "x"}, 404, "not_found", ""},
		{"an id that is no number", "GET", "/v1/conversations/first", nil, 422, "invalid", "id"},
		{"a limit of nothing", "GET", "/v1/conversations?limit=0", nil, 422, "invalid", "limit"},
		{"a limit too large", "GET", "/v1/conversations?limit=201", nil, 422, "invalid", "limit"},
		{"a cursor of nobody", "GET", "/v1/conversations?cursor=~abc", nil, 422, "invalid", "cursor"},
		{"a cursor of another list", "GET", "/v1/accounts?cursor=abc", nil, 422, "invalid", "cursor"},
		{"a kind that is none", "GET", "/v1/conversations?kind=letter", nil, 422, "invalid", "kind"},
		{"a filter that is neither", "GET", "/v1/conversations?needs_answer=maybe", nil, 422, "invalid", "needs_answer"},
		{"a filter that is mistyped", "GET", "/v1/conversations?need_answer=true", nil, 422, "invalid", "need_answer"},
		{"no JSON", "POST", chat + "/messages", "text=hello", 400, "invalid", ""},
		{"another type of body", "POST", chat + "/messages", `["text"]`, 422, "invalid", ""},
		{"an unknown field", "POST", chat + "/messages", thing{"text": "x", "txt": "y"}, 422, "invalid", "txt"},
		{"text that is no text", "POST", chat + "/messages", thing{"text": 5}, 422, "invalid", "text"},
		{"no body", "POST", chat + "/messages", nil, 400, "invalid", ""},
		{"nothing to say", "POST", chat + "/messages", thing{"text": "  "}, 422, "invalid", "text"},
		{"1,001 characters", "POST", chat + "/messages", thing{"text": strings.Repeat("ы", 1001)}, 422, "invalid", "text"},
		{"a file that is not there", "POST", chat + "/messages", thing{"text": "x", "files": []int{77}}, 422, "invalid", "files"},
		{"a body over a megabyte", "POST", chat + "/messages", `{"text":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "invalid", ""},
		{"an action that nobody knows", "POST", chat + "/actions", thing{"action": "dance"}, 409, "unsupported", "action"},
		{"an action of nobody", "POST", chat + "/actions", thing{"action": "juggle"}, 409, "unsupported", "action"},
		{"a moment that is over", "POST", chat + "/actions", thing{"action": "snooze", "until": "2020-01-01T00:00:00Z"}, 422, "invalid", "until"},
		{"somebody there is not", "POST", chat + "/actions", thing{"action": "assign", "user": 9999}, 422, "invalid", "user"},
		{"an action of another kind", "POST", chat + "/actions", thing{"action": "pin"}, 409, "unsupported", ""},
		{"an answer where lines are said", "POST", chat + "/actions", thing{"action": "answer", "text": "x"}, 409, "unsupported", ""},
		{"no action", "POST", chat + "/actions", thing{}, 422, "invalid", "action"},
		{"a message that is not named", "POST", chat + "/actions", thing{"action": "resend"}, 422, "invalid", "message"},
		{"starting about what the channel does not know", "POST", "/v1/conversations", thing{"account": 1, "return": "55"}, 409, "unsupported", "return"},
		{"starting about two things", "POST", "/v1/conversations", thing{"account": 1, "order": "55", "return": "5"}, 422, "invalid", "return"},
		{"starting about nothing", "POST", "/v1/conversations", thing{"account": 1, "order": "  "}, 422, "invalid", "order"},
		{"starting by phone where that cannot be", "POST", "/v1/conversations", thing{"account": 1, "phone": "+79"}, 409, "unsupported", "phone"},
		{"starting from nowhere", "POST", "/v1/conversations", thing{"account": 99, "order": "55"}, 404, "not_found", ""},
		{"a channel that nobody has", "POST", "/v1/accounts", thing{"channel": "pigeon", "credentials": thing{}}, 422, "invalid", "channel"},
		{"a token that is refused", "POST", "/v1/accounts", thing{"channel": "box", "credentials": thing{"token": "bad"}}, 422, "invalid", "credentials"},
		{"a missing token", "POST", "/v1/accounts", thing{"channel": "box", "credentials": thing{}}, 422, "invalid", "credentials.token"},
		{"the same cabinet twice", "POST", "/v1/accounts", thing{"channel": "box", "credentials": thing{"token": "shop"}}, 409, "conflict", ""},
		{"an account action that nobody knows", "POST", "/v1/accounts/1/actions", thing{"action": "dance"}, 422, "invalid", "action"},
		{"a file that is not there", "GET", "/v1/files/99", nil, 404, "not_found", ""},
		{"an upload that is none", "POST", "/v1/files", thing{}, 422, "invalid", "file"},
		{"a number of an event that is none", "GET", "/v1/events?after=x", nil, 422, "invalid", "after"},
	} {
		t.Run(w.name, func(t *testing.T) {
			a := caller{t, c.h, c.spec}.ask(w.method, w.path, w.body)
			p := a.problem(t, w.status, w.code, w.field)
			if strings.Contains(p.Detail, "ыыыы") || strings.Contains(p.Detail, "xxxx") {
				t.Errorf("the answer repeats the request: %.200s", p.Detail)
			}
		})
	}
}

func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	a := c.ask("POST", "/v1/accounts", thing{"channel": "box", "name": "Second", "credentials": thing{"token": "very-secret"}})
	a.want(t, 201, nil)
	for _, path := range []string{"/v1/accounts", "/v1/accounts/2", "/v1/events?limit=200"} {
		if a := c.ask("GET", path, nil); strings.Contains(string(a.body), "***") {
			t.Errorf("%s has a field for a secret: %s", path, a.body)
		}
	}
	// The connector of the tests names the seller by its token, so that is all
	// that may be seen of it.
	got := c.ask("POST", "/v1/accounts", `{"channel":"box","credentials":{"token":["very-secret-too"]}}`)
	if strings.Contains(string(got.body), "very-secret-too") {
		t.Errorf("a refusal repeats the secret: %s", got.body)
	}
}
