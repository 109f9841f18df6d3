package reference_test

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/server/reference"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// get asks the server for an address.
func get(t *testing.T, h *servertest.House, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", h.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+servertest.Key)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

func TestEveryOperationAndSchemaStandsOnThePage(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	var doc struct {
		Paths      map[string]map[string]struct{ OperationID, Summary string }
		Components struct{ Schemas map[string]any }
	}
	_, b := get(t, h, "/v1/openapi.json")
	if err := json.Unmarshal([]byte(b), &doc); err != nil {
		t.Fatal(err)
	}
	res, page := get(t, h, "/docs")
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if !strings.Contains(page, `id="`+op.OperationID+`"`) {
				t.Errorf("%s %s has no place on the page: is its group among the tags?", method, path)
			}
		}
	}
	for name := range doc.Components.Schemas {
		if !strings.Contains(page, `id="schema-`+name+`"`) {
			t.Errorf("the schema %s has no place on the page", name)
		}
	}
	anchors := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if anchors[m[1]] {
			t.Errorf("two places are named %s", m[1])
		}
		anchors[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !anchors[m[1]] {
			t.Errorf("a link leads nowhere: #%s", m[1])
		}
	}
}

func TestThePageLoadsNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	res, page := get(t, h, "/docs")
	if policy := res.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy: %s", policy)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"#]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "?") || strings.HasPrefix(m[1], "//") {
			t.Errorf("it names an address elsewhere: %s", m[1])
		}
	}
	if m := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script>|javascript:`).FindString(page); m != "" {
		t.Errorf("it has %q inside, which the policy forbids", m)
	}
	for _, m := range regexp.MustCompile(`"(/docs/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		res, body := get(t, h, m[1])
		if res.StatusCode != http.StatusOK || body == "" || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s answers %d", m[1], res.StatusCode)
		}
		if strings.Contains(body, "://") {
			t.Errorf("%s names an address elsewhere", m[1])
		}
	}
	if res, _ := get(t, h, "/docs/none.css"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is not there answers %d", res.StatusCode)
	}
}

func TestThePageSpeaksTheLanguageOfItsReader(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	for _, w := range []struct{ path, accept, says string }{
		{"/docs", "", "API reference"},
		{"/docs", "ru-RU,ru;q=0.9,en;q=0.8", "Справочник API"},
		{"/docs", "de,en;q=0.5,ru;q=0.1", "API reference"},
		{"/docs?language=ru", "en", "Справочник API"},
		{"/docs?language=en", "ru", "API reference"},
		{"/docs?language=xx", "ru", "Справочник API"},
	} {
		res, page := get(t, h, w.path, "Accept-Language", w.accept)
		if !strings.Contains(page, w.says) {
			t.Errorf("%s for %q does not say %s", w.path, w.accept, w.says)
		}
		again, _ := get(t, h, w.path, "Accept-Language", w.accept, "If-None-Match", res.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s is sent again: %d", w.path, again.StatusCode)
		}
	}
}

// TestWordsOfADocumentAreNoMarkup: what stands in a document is text.
func TestWordsOfADocumentAreNoMarkup(t *testing.T) {
	t.Parallel()
	const evil = "<script>alert(1)</script>"
	p, err := reference.New([]byte(`{"info":{"title":"`+evil+`","description":"`+evil+"\\n\\n## "+evil+"\\n\\n- `"+evil+"`"+`"},
		"tags":[{"name":"`+evil+`","description":"`+evil+`"}],
		"paths":{"/`+evil+`":{"get":{"operationId":"`+evil+`","summary":"`+evil+`","description":"`+evil+`","tags":["`+evil+`"],
			"parameters":[{"name":"`+evil+`","in":"query","description":"`+evil+`","schema":{"type":"`+evil+`","enum":["`+evil+`"]}}],
			"responses":{"200":{"description":"`+evil+`","content":{"application/json":{"schema":{"$ref":"#/components/schemas/`+evil+`"}}}}}}}},
		"components":{"schemas":{"`+evil+`":{"description":"`+evil+`","properties":{"`+evil+`":{"type":["`+evil+`","null"]}}}}}}`), "/docs")
	if err != nil {
		t.Fatal(err)
	}
	w := recorder{header: http.Header{}}
	r, err := http.NewRequestWithContext(t.Context(), "GET", "/docs", nil)
	if err != nil {
		t.Fatal(err)
	}
	p.ServeHTTP(&w, r)
	if page := w.body.String(); strings.Contains(page, "<script>") || !strings.Contains(page, "&lt;script&gt;") {
		t.Errorf("words became markup: %.2000s", page)
	}
}

type recorder struct {
	header http.Header
	body   strings.Builder
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(int)             {}
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
