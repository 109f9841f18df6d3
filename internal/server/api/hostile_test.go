package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// hostile are texts that somebody puts where a text belongs to see what breaks.
func hostile() []string {
	return []string{
		"a\x00b", "\xff\xfe\xed\xa0\x80", `../..%2f..%2fetc/passwd\..\windows`, "x\r\nSet-Cookie: owned=1%0d%0aX-Owned: 1",
		`' OR 1=1 --"; DROP TABLE accounts; -- ${jndi:ldap://127.0.0.1/a} {{7*7}} <script>alert(1)</script>`,
		"\u202e\u2066\ufeff" + strings.Repeat("ﷺ", 2000), "9223372036854775808", "-1", "%zz $1 ?1 1e309 NaN",
	}
}

func TestHostileTextsAreRefusedAndBreakNothing(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		besiege(t, "")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		besiege(t, storetest.Postgres(t))
	})
}

// besiege puts hostile texts into every place of every operation that takes one.
func besiege(t *testing.T, database string) {
	h := servertest.NewOn(t, database, nil)
	h.Chat(t, "Anna", servertest.Start(), "Hello")
	b, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(b)
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range doc.Paths.Map() {
		if strings.Contains(path, "stream") {
			continue // it has no end
		}
		for method, op := range item.Operations() {
			if method == http.MethodDelete && path == "/v1/accounts/{id}" {
				continue // there would be nothing left to ask for
			}
			s := siege{t, h, method, path, op, item.Parameters}
			for _, text := range hostile() {
				s.parameters(text)
				s.body(text)
			}
		}
	}
}

type siege struct {
	t      *testing.T
	h      *servertest.House
	method string
	path   string
	op     *openapi3.Operation
	shared openapi3.Parameters
}

// parameters sends the text in each parameter by itself.
func (s siege) parameters(text string) {
	all := slices.Concat(s.op.Parameters, s.shared)
	for _, p := range all {
		path, query, header := s.path, url.Values{}, http.Header{}
		for _, q := range all {
			value := "1"
			if q.Value.Name == p.Value.Name {
				value = text
			}
			switch {
			case q.Value.In == "path":
				path = strings.ReplaceAll(path, "{"+q.Value.Name+"}", url.PathEscape(value))
			case q.Value.Name == p.Value.Name && q.Value.In == "query":
				query.Set(q.Value.Name, value)
			case q.Value.Name == p.Value.Name && q.Value.In == "header" && !strings.ContainsAny(value, "\r\n\x00"):
				header.Set(q.Value.Name, value)
			}
		}
		s.send(path+"?"+query.Encode(), header, []byte("{}"))
	}
}

// body sends a body whose every text is the text.
func (s siege) body(text string) {
	if s.op.RequestBody == nil {
		return
	}
	media := s.op.RequestBody.Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		return
	}
	path := s.path
	for _, p := range slices.Concat(s.op.Parameters, s.shared) {
		path = strings.ReplaceAll(path, "{"+p.Value.Name+"}", "1")
	}
	b, err := json.Marshal(stuffed(media.Schema.Value, text, 0))
	if err != nil {
		s.t.Fatal(err)
	}
	s.send(path, http.Header{}, b)
	// As JSON has it the bytes are made valid; once more as they are.
	raw := bytes.ReplaceAll(b, []byte(`\ufffd`), []byte("\xff"))
	s.send(path, http.Header{}, raw)
}

// stuffed makes a value of a schema with a text wherever one may stand.
func stuffed(schema *openapi3.Schema, text string, depth int) any {
	if len(schema.Enum) > 0 {
		return schema.Enum[0]
	}
	switch {
	case depth > 5:
		return nil
	case schema.Type.Includes("object"):
		out := map[string]any{}
		for name, p := range schema.Properties {
			out[name] = stuffed(p.Value, text, depth+1)
		}
		if schema.AdditionalProperties.Schema != nil {
			out[text] = stuffed(schema.AdditionalProperties.Schema.Value, text, depth+1)
		}
		return out
	case schema.Type.Includes("array"):
		return []any{stuffed(schema.Items.Value, text, depth+1)}
	case schema.Type.Includes("string"):
		return text
	case schema.Type.Includes("boolean"):
		return true
	}
	return 1
}

// send checks that the answer is no mistake of ours, and gives nothing back that
// a browser would obey.
func (s siege) send(path string, header http.Header, body []byte) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), s.method, s.h.URL+path, bytes.NewReader(body))
	if err != nil {
		return // no client sends such an address
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.Header.Set("Authorization", "Bearer "+servertest.Key)
	r.Header.Set("Content-Type", "application/json")
	res, err := s.h.Client().Do(r)
	if err != nil {
		if !strings.Contains(err.Error(), "invalid header field value") {
			s.t.Errorf("%s %s: %v", s.method, path, err)
		}
		return
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		s.t.Errorf("%s %s: %v", s.method, path, err)
	}
	if res.StatusCode >= 500 && res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("X-Owned") != "" || strings.Contains(res.Header.Get("Set-Cookie"), "owned") {
		s.t.Errorf("%s %s with %.200q answers %d: %.300s", s.method, path, body, res.StatusCode, said)
	}
	if kind := res.Header.Get("Content-Type"); strings.HasPrefix(kind, "text/html") {
		s.t.Errorf("%s %s answers a page", s.method, path)
	}
}
