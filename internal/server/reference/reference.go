package reference

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"sync"
	"time"
)

//go:embed page.html reference.css reference.js
var files embed.FS

// Page serves the reference. It is safe for concurrent use.
type Page struct {
	pages  map[string]func() (rendered, error) // by language; each is made when it is first asked for
	styles map[string]asset                    // by address
}

type rendered struct {
	body []byte
	tag  string
}

type asset struct {
	kind string
	body []byte
}

// New makes the page of an OpenAPI document in JSON. At is the address it is
// served under, as "/docs"; its style and script stand below that.
func New(doc []byte, at string) (*Page, error) {
	d, err := read(doc)
	if err != nil {
		return nil, err
	}
	look, err := template.New("page.html").Funcs(template.FuncMap{"fields": listed}).ParseFS(files, "page.html")
	if err != nil {
		return nil, fmt.Errorf("read the template of the reference: %w", err)
	}
	p := &Page{pages: map[string]func() (rendered, error){}, styles: map[string]asset{}}
	var style, script string
	if style, err = p.add(at, "reference.css", "text/css; charset=utf-8"); err == nil {
		script, err = p.add(at, "reference.js", "text/javascript; charset=utf-8")
	}
	if err != nil {
		return nil, err
	}
	for _, t := range []texts{english(), russian()} {
		p.pages[t.Language] = sync.OnceValues(func() (rendered, error) {
			m := d.model(t)
			m.Style, m.Script = style, script
			var b bytes.Buffer
			if err := look.Execute(&b, m); err != nil {
				return rendered{}, fmt.Errorf("render the reference: %w", err)
			}
			return rendered{b.Bytes(), `"` + digest(b.Bytes()) + `"`}, nil
		})
	}
	return p, nil
}

// fieldList is what the part of the template for fields takes.
type fieldList struct {
	T      texts
	Fields []field
}

func listed(t texts, fields []field) fieldList { return fieldList{t, fields} }

// add serves a file under a name that changes with it.
func (p *Page) add(at, name, kind string) (string, error) {
	b, err := files.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	address := at + "/" + digest(b) + "-" + name
	p.styles[address] = asset{kind, b}
	return address, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// ServeHTTP answers with the page, its style or its script.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if a, ok := p.styles[r.URL.Path]; ok {
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
		return
	}
	if r.PathValue("file") != "" {
		http.NotFound(w, r)
		return
	}
	one, err := p.pages[language(r)]()
	if err != nil {
		http.Error(w, "The reference cannot be shown.", http.StatusInternalServerError) // its test renders both
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Language")
	h.Set("ETag", one.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(one.body))
}
