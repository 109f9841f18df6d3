package wildberries_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

// Every request of every test is held against the official document by newRemote. Here all operations are called once on purpose, with
// everything they can carry, so that none can drop out of that net; and the net is shown to hold.
func TestEveryOperationKeepsToTheDocument(t *testing.T) {
	t.Parallel()
	router := contract(t)
	if router == nil {
		t.Skip("the official document is not beside the repository: see SELLERDESK_TEST_SPECS")
	}
	called := map[string]bool{}
	r := newRemote(t, func(w http.ResponseWriter, req *http.Request) {
		if input, err := route(router, req); err == nil {
			called[req.Method+" "+input.Route.Path] = true
		}
		switch {
		case strings.HasSuffix(req.URL.Path, "/message"):
			repliesFile(t, "sent.json")(w, req)
		case strings.HasSuffix(req.URL.Path, "/chats"):
			repliesFile(t, "chats.json")(w, req)
		case strings.HasSuffix(req.URL.Path, "/events"):
			repliesFile(t, "events_last.json")(w, req)
		default:
			replies(202, "application/json", `{"moderationState":"pending","retrySeconds":30}`)(w, req)
		}
	})
	c := newClient(t, r)
	errs := []error{}
	note := func(err error) { errs = append(errs, err) }
	_, err := c.Chats.List(t.Context())
	note(err)
	_, err = c.Chats.Events(t.Context(), 0)
	note(err)
	_, err = c.Chats.Events(t.Context(), 1784790060000)
	note(err)
	_, err = c.Chats.Send(t.Context(), strings.Repeat("s", 255), strings.Repeat("ж", 1000), wildberries.FileFromBytes("a.png", pngBytes),
		wildberries.FileFromBytes("b.pdf", pdfBytes), wildberries.FileFromBytes("c.jpg", jpegBytes))
	note(err)
	_, err = c.Chats.Download(t.Context(), "ecaeb056-a4ee-45b4-ae45-666811755d38")
	note(err)
	for i, err := range errs {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	for _, operation := range []string{
		"GET /api/v1/seller/chats", "GET /api/v1/seller/events", "POST /api/v1/seller/message", "GET /api/v1/seller/download/{id}",
	} {
		if !called[operation] {
			t.Errorf("%s was not called", operation)
		}
	}
}

func TestTheContractCheckSeesABreach(t *testing.T) {
	t.Parallel()
	if contract(t) == nil {
		t.Skip("the official document is not beside the repository: see SELLERDESK_TEST_SPECS")
	}
	form := "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi\r\n--b--\r\n"
	breaches := map[string]*http.Request{
		"a cursor that is no number":   httptest.NewRequest(http.MethodGet, "/chat/api/v1/seller/events?next=soon", nil),
		"a parameter of our own":       httptest.NewRequest(http.MethodGet, "/chat/api/v1/seller/events?after=1", nil),
		"a path of our own":            httptest.NewRequest(http.MethodGet, "/chat/api/v1/seller/history", nil),
		"another method":               httptest.NewRequest(http.MethodPut, "/chat/api/v1/seller/chats", nil),
		"another family":               httptest.NewRequest(http.MethodGet, "/returns/api/v1/seller/chats", nil),
		"a message without signature":  httptest.NewRequest(http.MethodPost, "/chat/api/v1/seller/message", strings.NewReader(form)),
		"a ping with a query":          httptest.NewRequest(http.MethodGet, "/chat/ping?x=1", nil),
		"a call without authorization": httptest.NewRequest(http.MethodGet, "/chat/api/v1/seller/chats", nil),
	}
	for name, req := range breaches {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(name, "authorization") {
				req.Header.Set("Authorization", "token")
			}
			var body []byte
			if strings.Contains(name, "signature") {
				req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
				body = []byte(form)
			}
			probe := &recorder{TB: t}
			checkContract(probe, req, body)
			if !probe.failed {
				t.Error("it went through")
			}
		})
	}
}

// recorder takes the place of a test that is expected to fail.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

// The answers that other tests decode are what the document promises, so that decoding them means something. events.json differs on purpose:
// it holds values the document does not know.
func TestCannedAnswersKeepToTheDocument(t *testing.T) {
	t.Parallel()
	router := contract(t)
	if router == nil {
		t.Skip("the official document is not beside the repository: see SELLERDESK_TEST_SPECS")
	}
	for file, target := range map[string]string{
		"chats.json": "GET /chat/api/v1/seller/chats", "sent.json": "POST /chat/api/v1/seller/message",
		"sent_without_a_file.json": "POST /chat/api/v1/seller/message",
	} {
		method, path, _ := strings.Cut(target, " ")
		input, err := route(router, httptest.NewRequest(method, path, nil))
		if err != nil {
			t.Fatal(err)
		}
		err = openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(bytes.NewReader([]byte(canned(t, file)))), Options: input.Options,
		})
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
