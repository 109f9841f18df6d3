package wildberries_test

import (
	"bytes"
	"context"
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
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// bench is a world with its emulator behind a real server. Its clock stands still unless a test moves it.
type bench struct {
	testing.TB
	world    *sandbox.World
	emulator *wildberries.Emulator
	server   *httptest.Server
	account  *sandbox.Account
	token    string
	contract routers.Router  // nil: answers are not compared with the official document
	compared map[string]bool // operations and statuses that were
}

func newBench(t testing.TB, world sandbox.Options, o wildberries.Options) *bench {
	t.Helper()
	if world.Start.IsZero() {
		world.Start = start
	}
	world.Scale = -1
	w, err := sandbox.New(7, world)
	if err != nil {
		t.Fatal(err)
	}
	emulator := wildberries.Mount(w, o)
	b := &bench{TB: t, world: w, emulator: emulator, server: httptest.NewServer(w.Handler()), account: w.Accounts(wildberries.API)[0]}
	t.Cleanup(b.server.Close)
	b.token = wildberries.Token(b.account, wildberries.TokenOptions{})
	b.contract, b.compared = contract(t), map[string]bool{}
	return b
}

var contractOnce = sync.OnceValues(loadContract)

// contract is the official document, or nil where it is absent and nobody requires it.
func contract(t testing.TB) routers.Router {
	t.Helper()
	r, err := contractOnce()
	if os.IsNotExist(err) && !strings.Contains(","+os.Getenv("SELLERDESK_TEST_REQUIRE")+",", ",specs,") {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// specs is where the official document may lie.
func specs() string {
	folder := os.Getenv("SELLERDESK_TEST_SPECS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "specs")
	}
	return filepath.Join(folder, "wildberries-communications.yaml")
}

func loadContract() (routers.Router, error) {
	file := specs()
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	// Every answer of the pins is an array or a number inside an envelope that calls its data an object; the document contradicts itself.
	doc.Components.Schemas["respond.SuccessResponse"].Value.Properties["data"].Value.Type = nil
	doc.Servers = nil
	for _, path := range doc.Paths.Map() {
		path.Servers = nil
		for _, op := range path.Operations() {
			op.Servers = nil
		}
	}
	for _, kind := range []string{"application/pdf", "image/jpeg", "image/png"} {
		openapi3filter.RegisterBodyDecoder(kind, openapi3filter.FileBodyDecoder)
	}
	return gorillamux.NewRouter(doc)
}

// answer is a response that was read to its end.
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

// do sends a request and compares the answer with the official document.
func (b *bench) do(r *http.Request) (answer, error) {
	b.Helper()
	if r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", b.token)
	}
	got, err := b.server.Client().Do(r)
	if err != nil {
		return answer{}, err
	}
	defer got.Body.Close()
	a := answer{status: got.StatusCode, header: got.Header}
	if a.body, err = io.ReadAll(got.Body); err != nil {
		return a, err
	}
	if len(b.world.Faults()) == 0 {
		b.compare(r, a)
	}
	return a, nil
}

// compare fails the test for an answer that the official document does not allow.
func (b *bench) compare(r *http.Request, a answer) {
	b.Helper()
	path, ours := r.URL.Path, false
	for _, host := range []string{"chat", "feedbacks", "returns"} {
		if rest, ok := strings.CutPrefix(r.URL.Path, "/wildberries/"+host); ok {
			path, ours = rest, true
		}
	}
	if b.contract == nil || !ours || path == "/ping" {
		return
	}
	asked := r.Clone(r.Context())
	asked.URL.Path = path
	asked.URL.Host, asked.Host, asked.URL.Scheme = "", "", ""
	route, params, err := b.contract.FindRoute(asked)
	if err != nil {
		return // not an operation of the document
	}
	b.compared[fmt.Sprintf("%s %s %d", r.Method, route.Path, a.status)] = true
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route},
		Status:                 a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	undocumented := a.status == http.StatusForbidden || // stands in the general part of the documents
		a.status == http.StatusBadRequest && path == "/api/v1/feedbacks/answer" && r.Method == http.MethodPatch // only the POST documents one
	if err != nil && !undocumented {
		b.Errorf("%s %s: answer %d is not as the official document says: %v", r.Method, path, a.status, err)
	}
}

func (b *bench) get(path string) answer {
	b.Helper()
	a, err := b.try(path)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

func (b *bench) try(path string) (answer, error) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, b.server.URL+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	return b.do(r)
}

// upload is a file of a message.
type upload struct {
	name    string
	content []byte
}

func (b *bench) request(sign, text string, files ...upload) *http.Request {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("replySign", sign)
	if text != "" {
		_ = form.WriteField("message", text)
	}
	for _, f := range files {
		part, _ := form.CreateFormFile("file", f.name)
		_, _ = part.Write(f.content)
	}
	_ = form.Close()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.server.URL+"/wildberries/chat/api/v1/seller/message", &body)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}

func (b *bench) send(sign, text string, files ...upload) answer {
	b.Helper()
	a, err := b.do(b.request(sign, text, files...))
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// feed is an answer of the events method, read loosely.
type feed struct {
	Result struct {
		Next            *int64
		NewestEventTime *string
		OldestEventTime *string
		TotalEvents     int
		Events          []event
	}
	Errors []string
}

type event struct {
	ChatID, EventID, Source, AddTime, ReplySign, Sender, ClientName string
	IsNewChat                                                       bool
	AddTimestamp                                                    int64
	Message                                                         *struct {
		Text        string
		Attachments struct {
			GoodCard      map[string]any
			Files, Images []struct{ DownloadID, URL, Name string }
		}
	}
}

func (b *bench) page(query string) feed {
	b.Helper()
	var f feed
	b.get("/wildberries/chat/api/v1/seller/events"+query).decode(b, &f)
	return f
}

// drain reads the whole feed, with the clock moved on so that no limit is met.
func (b *bench) drain() []event {
	b.Helper()
	var all []event
	query := ""
	for {
		f := b.page(query)
		if f.Result.TotalEvents == 0 {
			return all
		}
		all = append(all, f.Result.Events...)
		query = fmt.Sprintf("?next=%d", *f.Result.Next)
		b.world.Clock().Advance(time.Second)
	}
}

type chat struct{ ChatID, ReplySign, ClientName string }

func (b *bench) chats() []chat {
	b.Helper()
	var got struct{ Result []chat }
	b.get("/wildberries/chat/api/v1/seller/chats").decode(b, &got)
	return got.Result
}

func (b *bench) buyer(in sandbox.BuyerMessage) sandbox.Written {
	b.Helper()
	in.API, in.Kind = wildberries.API, sandbox.KindChat
	got, err := b.world.BuyerWrites(context.Background(), in)
	if err != nil {
		b.Fatal(err)
	}
	return got
}

func (b *bench) faults(f ...sandbox.Fault) {
	b.Helper()
	for i := range f {
		f[i].API = wildberries.API
	}
	if err := b.world.SetFaults(f); err != nil {
		b.Fatal(err)
	}
}

// detail checks the status of a refusal and returns its detail.
func detail(t testing.TB, a answer, status int) string {
	t.Helper()
	var p struct{ Detail string }
	a.decode(t, &p)
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return p.Detail
}
