package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// generatedRequests says how many requests are generated from the contract:
// SELLERDESK_TEST_CONTRACT, else so few that nobody waits.
func generatedRequests(t *testing.T) int {
	t.Helper()
	if s := os.Getenv("SELLERDESK_TEST_CONTRACT"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("SELLERDESK_TEST_CONTRACT is %q, not a number of requests", s)
		}
		return n
	}
	if raceDetector {
		return 150
	}
	return 1000
}

// perHouse is how many requests one house takes, before what they removed is
// missed.
const perHouse = 500

// TestWhateverIsAskedForIsAnsweredByTheContract sends requests that are made of
// the document to every operation, as every role: valid ones, borderline ones and
// hostile ones. No answer may be a fault of ours, or one that the document does
// not tell of: by its status, its type, or its shape. The same number of requests
// makes the same requests.
func TestWhateverIsAskedForIsAnsweredByTheContract(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	worked := map[string]bool{} // guarded by mu
	t.Run("seeds", func(t *testing.T) {
		for round := range (generatedRequests(t) + perHouse - 1) / perHouse {
			t.Run(fmt.Sprint(round), func(t *testing.T) {
				t.Parallel()
				g := newGenerator(t, uint64(round))
				for n := range min(perHouse, generatedRequests(t)) {
					g.once(n)
				}
				mu.Lock()
				defer mu.Unlock()
				maps.Copy(worked, g.worked)
			})
		}
	})
	if all := len(operations(t)); generatedRequests(t) >= 2*perHouse && len(worked) < all/2 {
		t.Errorf("only %d of %d operations did something: the requests do not reach them", len(worked), all)
	}
}

// generator makes requests of the document.
type generator struct {
	caller
	random *rand.Rand
	doc    *openapi3.T
	all    []operation
	keys   []string // of who asks
	known  map[string][]any
	tame   bool            // the request at hand is to be a valid one
	worked map[string]bool // the operations that succeeded once
}

func newGenerator(t *testing.T, seed uint64) *generator {
	t.Helper()
	doc := document(t)
	g := &generator{caller: call(t, healthy), worked: map[string]bool{}, random: rand.New(rand.NewPCG(seed, 7)), doc: doc, all: operations(t)}
	slices.SortFunc(g.all, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	here := furnish(t, g.h, "Here")
	at := servertest.Start()
	g.h.Review(t, "Olga", at.Add(-25*time.Hour), 1, "It broke")
	g.h.Question(t, "Ivan", at, "Is it blue?")
	g.h.Claim(t, "Petr", at, "Take it back")
	otherCabinet(t, g.h, "There")
	furnish(t, g.h, "There")
	for _, w := range askers(t, g.h, here.account) {
		g.keys = append(g.keys, w.key)
	}
	g.keys = append(g.keys, "", "no such key")
	g.known = known()
	return g
}

// healthy lets a house tell that nothing is wrong with it.
func healthy(d *server.Deps) {
	d.Status = func(context.Context) ([]sellerdesk.Finding, error) { return nil, nil }
}

// known are values that fit fields of a name, so that requests reach further
// than their decoding.
func known() map[string][]any {
	return map[string][]any{
		"action": {"close", "reopen", "read", "unread", "answer", "edit", "reject", "pin", "unpin", "view", "decide", "order_return", "resend", "withdraw", "check",
			"archive", "unarchive", "pause", "resume", "rename", "credentials", "repair", "rotate", "test", "stop", "undo", "no_answer_needed",
			"assign", "snooze", "priority", "tag", "field", "follow", "unfollow"},
		"channel":     {"box", "none"},
		"credentials": {map[string]any{"token": "third"}, map[string]any{"token": "bad"}, map[string]any{"token": ""}, map[string]any{}},
		"decision":    {"agree", "refuse"},
		"role":        {"owner", "lead", "operator", "read-only", "taker", "none"},
		"rights":      {[]any{"see"}, []any{"see", "work"}, []any{"everything"}, []any{}},
		"kinds":       {[]any{"message.*"}, []any{"message.created"}, []any{"nothing.happens"}, []any{}},
		"url":         {"https://erp.example/in", "http://127.0.0.1/", "http://[::1]:80/x", "file:///etc/passwd", "https://user:pass@host/"},
		"cursor":      {"MA", "bjE3MDAwMDAwMDAwMDAuMQ", "ZDE3MDAwMDAwMDAwMDAuMQ"},
		"q":           {"hello", `"is it" blue`, "kind:review", "stars:1..3", "AND OR NOT * (", "ё"},
		"filter":      {"", "kind:review", "waiting", "kind:letter", "stars:9", "\"open"},
		"query":       {"", "kind:review", "tag:urgent", "stars:9", "\"open"},
		"until":       {"2036-11-02T09:00:00.000Z", "2027-06-02T09:00:00.000Z", "2020-11-02T09:00:00.000Z"},
		"user":        {1, 2, 3, nil, 999999},
		"team":        {1, 2, nil, 999999},
		"members":     {[]any{1}, []any{1, 2}, []any{}, []any{999999}},
		"options":     {[]any{"Broken", "Size"}, []any{}, []any{"", ""}},
		"password":    {"a long enough password"},
		"code":        {"000000", "123456"},
		"phone":       {"+7 999 000-00-01", "12"},
	}
}

// once sends one request and judges the answer.
func (g *generator) once(n int) {
	g.t.Helper()
	op := g.all[g.random.IntN(len(g.all))]
	g.tame = g.chance(45)
	item := g.doc.Paths.Value(op.path).GetOperation(op.method)
	path, query := op.path, url.Values{}
	header := http.Header{}
	for _, p := range item.Parameters {
		v := p.Value
		switch v.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+v.Name+"}", url.PathEscape(g.text(g.id(v.Schema.Value))))
		case "query":
			if g.chance(12) || !g.tame && g.chance(25) || v.Required {
				query.Set(v.Name, g.listed(v.Name, v.Schema.Value))
			}
		case "header":
			if !g.tame && g.chance(40) {
				header.Set(v.Name, g.pick("one", "two", "three", "", strings.Repeat("k", 256), "ключ", "a\tb").(string))
			}
		}
	}
	if !g.tame && g.chance(3) {
		query.Set("no_such_parameter", "1")
	}
	body, kind := g.body(item)
	target := g.h.URL + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(g.t.Context(), op.method, target, bytes.NewReader(body))
	if err != nil {
		return // not even a request
	}
	for name, values := range header {
		if values[0] = strings.Map(printable, values[0]); values[0] != "" {
			r.Header[name] = values
		}
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	key := servertest.Key
	if g.chance(50) {
		key = g.keys[g.random.IntN(len(g.keys))]
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	g.send(n, r, item, body)
}

func printable(r rune) rune {
	if r < ' ' {
		return -1
	}
	return r
}

// send asks and holds the answer against the contract.
func (g *generator) send(n int, r *http.Request, item *openapi3.Operation, body []byte) {
	g.t.Helper()
	res, err := g.h.Client().Do(r)
	if err != nil {
		g.t.Errorf("request %d, %s %s: %v", n, r.Method, r.URL, err)
		return
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		g.t.Errorf("request %d, %s %s: %v", n, r.Method, r.URL, err)
		return
	}
	failed := g.t.Failed()
	if res.StatusCode < 300 {
		g.worked[item.OperationID] = true
	}
	status := strconv.Itoa(res.StatusCode)
	if res.StatusCode >= 500 && res.StatusCode != http.StatusServiceUnavailable || item.Responses.Value(status) == nil {
		g.t.Errorf("request %d: %s answers %d, which it does not tell of", n, item.OperationID, res.StatusCode)
	}
	if r.URL.Path != "/" && !strings.Contains(r.URL.Path, "//") && !strings.HasSuffix(r.URL.Path, "/") {
		g.hold(r, answer{res.StatusCode, res.Header, got})
	}
	if res.StatusCode >= 400 {
		var p server.Problem
		if err := json.Unmarshal(got, &p); err != nil || p.Status != res.StatusCode || p.Code == "" || p.Title == "" || p.Detail == "" {
			g.t.Errorf("request %d: %s refuses without a problem: %v", n, item.OperationID, err)
		}
	}
	if !failed && g.t.Failed() {
		g.t.Logf("request %d: %s %s\n%v\n%.2000q\n\nanswer %d: %.2000s", n, r.Method, r.URL, r.Header, body, res.StatusCode, got)
	}
}

func (g *generator) chance(percent int) bool { return g.random.IntN(100) < percent }

func (g *generator) pick(values ...any) any { return values[g.random.IntN(len(values))] }

// text writes a value as addresses have it, which net/http itself bounds.
func (g *generator) text(v any) string {
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	s := fmt.Sprint(v)
	return s[:min(len(s), 4000)]
}

// id is a number of something that may be there.
func (g *generator) id(s *openapi3.Schema) any {
	switch {
	case s.Type.Is("string") && g.tame:
		return g.pick("4711", "taker")
	case g.tame:
		return g.random.IntN(2) + 1
	case s.Type.Is("string"):
		return g.pick("4711", "operator", "taker", "x", "a/b", "..", "%2e%2e", strings.Repeat("x", 501), "\x00", "Ы", "-")
	case g.chance(80):
		return g.random.IntN(6) + 1
	}
	return g.pick(0, -1, 999999, "9223372036854775807", "9223372036854775808", "one", "1.5", "1e3", "0x1", " ", "\u0661")
}

// listed writes the value of a parameter, several between commas.
func (g *generator) listed(name string, s *openapi3.Schema) string {
	if !s.Type.Is("array") {
		return g.text(g.value(name, s, 0))
	}
	var parts []string
	for range g.random.IntN(3) + 1 {
		parts = append(parts, g.text(g.value(name, s.Items.Value, 1)))
	}
	return strings.Join(parts, ",")
}

// table makes a table of templates, some of whose rows are bad.
func (g *generator) table() ([]byte, string) {
	var b strings.Builder
	b.WriteString("name;text;kinds\n")
	for range g.random.IntN(4) {
		fmt.Fprintf(&b, "Name %d;{name|you};%s\n", g.random.IntN(5), []string{"", "chat", "letter", "\""}[g.random.IntN(4)])
	}
	return []byte(b.String()), "text/csv"
}

// body makes the body of a request and its type.
func (g *generator) body(op *openapi3.Operation) ([]byte, string) {
	if op.RequestBody == nil {
		if g.chance(5) {
			return []byte(`{"a":1}`), "application/json"
		}
		return nil, ""
	}
	if op.RequestBody.Value.Content["multipart/form-data"] != nil {
		return g.form()
	}
	if op.RequestBody.Value.Content["text/csv"] != nil {
		return g.table()
	}
	media := op.RequestBody.Value.Content["application/json"]
	v := g.value("", media.Schema.Value, 0)
	if media.Example != nil && g.chance(60) {
		v = g.changed(media.Example)
	}
	b, err := json.Marshal(v)
	if err != nil {
		g.t.Fatal(err)
	}
	if g.tame {
		return b, "application/json"
	}
	switch g.random.IntN(40) {
	case 0:
		b = b[:g.random.IntN(len(b)+1)]
	case 1:
		return b, "text/plain"
	case 2:
		b = []byte(strings.Repeat(`{"text":[`, 5000))
	case 3:
		b = append(b, []byte(`{"second":1}`)...)
	case 4:
		b = bytes.ReplaceAll(b, []byte("e"), []byte("\xff"))
	case 5:
		return b, ""
	case 6:
		b = []byte(`"\ud800"`)
	case 7:
		b = nil
	}
	return b, "application/json"
}

// changed is an example with one field that is another.
func (g *generator) changed(example any) any {
	o, ok := example.(map[string]any)
	if !ok {
		return example
	}
	out := map[string]any{}
	names := make([]string, 0, len(o))
	for name, v := range o {
		out[name] = v
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) > 0 && !g.tame && g.chance(60) {
		name := names[g.random.IntN(len(names))]
		out[name] = g.hostile()
		if known := g.known[name]; known != nil && g.chance(70) {
			out[name] = g.pick(known...)
		}
	}
	return out
}

func (g *generator) form() ([]byte, string) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if g.tame {
		part, err := form.CreateFormFile("file", "a.png")
		if err != nil {
			g.t.Fatal(err)
		}
		_, _ = io.WriteString(part, png)
		_ = form.Close()
		return b.Bytes(), form.FormDataContentType()
	}
	part, err := form.CreateFormFile(g.pick("file", "file", "other").(string), g.pick("a.png", "../../x", "a\r\nb", "", strings.Repeat("я", 300), "nul\x00").(string))
	if err != nil {
		g.t.Fatal(err)
	}
	_, _ = io.WriteString(part, g.pick(png, "%PDF-1.4", "", "<svg onload=x>", "MZ").(string))
	if g.chance(90) {
		_ = form.Close()
	}
	return b.Bytes(), form.FormDataContentType()
}

// value makes a value for a field: mostly one that fits, else one at a bound, or
// a hostile one.
func (g *generator) value(name string, s *openapi3.Schema, depth int) any {
	if !g.tame && g.chance(12) {
		return g.hostile()
	}
	if known := g.known[name]; known != nil && (g.tame || g.chance(60)) {
		return g.pick(known...)
	}
	for _, several := range []openapi3.SchemaRefs{s.AnyOf, s.OneOf} {
		if len(several) > 0 {
			return g.value(name, several[g.random.IntN(len(several))].Value, depth)
		}
	}
	if len(s.Enum) > 0 {
		return g.pick(s.Enum...)
	}
	switch {
	case s.Type == nil || s.Type.Includes("null") && g.chance(20):
		return nil
	case s.Type.Includes("object"):
		return g.object(s, depth)
	case s.Type.Includes("array"):
		list := []any{}
		for range g.random.IntN(3) {
			if depth < 5 {
				list = append(list, g.value(name, s.Items.Value, depth+1))
			}
		}
		return list
	case g.tame && (s.Type.Includes("integer") || s.Type.Includes("number")):
		return g.random.IntN(3) + 1
	case s.Type.Includes("integer"), s.Type.Includes("number"):
		return g.pick(1, 2, 3, 0, -1, 200, 201, 1<<31, float64(1<<53), 1.5)
	case s.Type.Includes("boolean"):
		return g.chance(50)
	case s.Format == "date-time" && g.tame:
		return "2026-11-02T09:00:00.000Z"
	case s.Format == "date-time":
		return g.pick("2026-11-02T09:00:00.000Z", "2026-11-01T00:00:00+03:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "today")
	}
	if g.tame {
		return "Hello, how do you do?"
	}
	return g.pick("Hello", "Здравствуйте!", "x", strings.Repeat("я", 300), "=1+1", "12")
}

func (g *generator) object(s *openapi3.Schema, depth int) any {
	o := map[string]any{}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if (slices.Contains(s.Required, name) && (g.tame || g.chance(93)) || g.chance(35)) && depth < 5 {
			o[name] = g.value(name, s.Properties[name].Value, depth+1)
		}
	}
	if !g.tame && g.chance(4) {
		o["no_such_field"] = 1
	}
	return o
}

func (g *generator) hostile() any {
	return g.pick(nil, "", " ", "\x00", "\u202e", "\ufeff", "'; DROP TABLE users; --", "../../etc/passwd", "<script>alert(1)</script>", "%s%n%x", "\r\nSet-Cookie: a=b",
		strings.Repeat("x", 3000), strings.Repeat("я", 70000), 0, -1, 1e308, int64(1)<<62, 0.1, true, []any{}, []any{[]any{[]any{}}}, map[string]any{}, map[string]any{"$ref": "#"})
}

// TestAddressesAndMethodsThatAreNotThere are refused as a problem.
func TestAddressesAndMethodsThatAreNotThere(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	doc := document(t)
	ask := func(method, path string, want int) http.Header {
		r, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+servertest.Key)
		r.Header.Set("Content-Type", "application/json")
		res, err := h.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var p server.Problem
		if err := json.NewDecoder(res.Body).Decode(&p); err != nil || res.StatusCode != want || p.Status != want || p.Detail == "" ||
			res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s answers %d, want %d: %+v, %v", method, path, res.StatusCode, want, p, err)
		}
		return res.Header
	}
	for path, item := range doc.Paths.Map() {
		address := path
		for strings.Contains(address, "{") {
			begin, end := strings.Index(address, "{"), strings.Index(address, "}")
			address = address[:begin] + "1" + address[end+1:]
		}
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "PURGE"} {
			if item.Operations()[method] != nil {
				continue
			}
			allow := ask(method, address, http.StatusMethodNotAllowed).Values("Allow")
			for other := range item.Operations() {
				if !slices.Contains(allow, other) {
					t.Errorf("%s %s: Allow is %v, without %s", method, path, allow, other)
				}
			}
		}
		ask("GET", address+"/nowhere/at/all", http.StatusNotFound)
	}
	for _, path := range []string{"/v1", "/v1/", "/v1/nothing", "/v1/conversations/1/nothing"} {
		ask("GET", path, http.StatusNotFound)
	}
}
