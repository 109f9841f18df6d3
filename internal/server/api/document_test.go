package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/server/api"
)

var update = flag.Bool("update", false, "write docs/openapi.yaml anew")

// TestDocumentIsFresh takes two steps with -update where the comments of types of
// the root package changed: they are compiled in, so that a second run writes
// them into the document.
func TestDocumentIsFresh(t *testing.T) {
	t.Parallel()
	root, words := filepath.Join("..", "..", ".."), comments(t, filepath.Join("..", "..", ".."))
	if got, err := os.ReadFile("words.json"); err != nil || !bytes.Equal(got, words) {
		if *update {
			if err := os.WriteFile("words.json", words, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		t.Fatal("the comments of types changed: run go test ./internal/server/api -run Document -update once to write them down, and once more for the document")
	}
	file := filepath.Join(root, "docs", "openapi.yaml")
	want, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/openapi.yaml is stale: run go test ./internal/server/api -run Document -update and review the difference")
	}
}

// comments gives what the types of the root package say of themselves and their
// fields, by "Type" and "Type.field" as JSON names it.
func comments(t *testing.T, root string) []byte {
	t.Helper()
	words := map[string]string{}
	files, err := filepath.Glob(filepath.Join(root, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				for _, spec := range g.Specs {
					note(words, g, spec.(*ast.TypeSpec))
				}
			}
		}
	}
	b, err := json.MarshalIndent(words, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

func note(words map[string]string, g *ast.GenDecl, spec *ast.TypeSpec) {
	body, ok := spec.Type.(*ast.StructType)
	if !ok || !spec.Name.IsExported() {
		return
	}
	if said := plain(g.Doc); said != "" {
		words[spec.Name.Name] = said
	}
	for _, f := range body.Fields.List {
		if f.Tag == nil || len(f.Names) == 0 {
			continue
		}
		name, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
		said := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(plain(f.Doc)+" "+plain(f.Comment)), f.Names[0].Name+": "), f.Names[0].Name+" is ")
		if name != "-" && name != "" && said != "" {
			words[spec.Name.Name+"."+name] = strings.ToUpper(said[:1]) + said[1:] // comments of ours begin with ASCII
		}
	}
}

// plain gives a comment on one line, without the marks of links.
func plain(c *ast.CommentGroup) string {
	if c == nil {
		return ""
	}
	return strings.NewReplacer("[", "", "]", "", "nil", "null").Replace(strings.Join(strings.Fields(c.Text()), " "))
}
