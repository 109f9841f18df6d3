package arch_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sellerdesk/sellerdesk/internal/arch"
)

func TestTheRepositoryKeepsItsShape(t *testing.T) {
	t.Parallel()
	found, err := arch.Check(os.DirFS("../.."), arch.Sellerdesk())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range found {
		t.Error(b)
	}
}

const module = "github.com/sellerdesk/sellerdesk"

// sound is a tree without a breach; each case below breaks one thing in it.
func sound() fstest.MapFS {
	files := map[string]string{
		"go.mod":               "module " + module + "\n\nrequire (\n\tgithub.com/spf13/cobra v1.0.0\n\tgolang.org/x/sys v0.1.0 // indirect\n)\n",
		"docs/dependencies.md": "| Commands | `github.com/spf13/cobra` |\n",
		".gitignore":           "/internal/scratch/\n",
	}
	for _, p := range []string{"internal/store", "internal/desk", "internal/pull", "cmd/sellerdesk", "channel/wildberries", "wildberries"} {
		name := p[strings.LastIndex(p, "/")+1:]
		files[p+"/doc.go"] = "// Package " + name + " is for the test.\npackage " + name + "\n"
	}
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return tree
}

func importing(pkg, path string) string { return fmt.Sprintf("package %s\n\nimport _ %q\n", pkg, path) }

func using(pkg, path string) string {
	return fmt.Sprintf("package %s\n\nimport x %q\n\nconst y = x.Z\n", pkg, path)
}

func TestEachRuleIsNoticedWhenBroken(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file, text string
		want       string // part of the only breach; "" when the tree stays sound
	}{
		"a lower row may be imported":                  {"internal/pull/a.go", using("pull", module+"/internal/desk"), ""},
		"a higher row may not":                         {"internal/desk/a.go", using("desk", module+"/internal/pull"), "against the rows"},
		"a neighbour may not":                          {"internal/pull/a.go", using("pull", module+"/internal/send"), "against the rows"},
		"a test may climb":                             {"internal/desk/a_test.go", using("desk", module+"/internal/pull"), ""},
		"a client takes nothing from outside":          {"wildberries/a.go", using("wildberries", "golang.org/x/time/rate"), "against the rows"},
		"a client does not know the vocabulary":        {"wildberries/a.go", using("wildberries", module), "against the rows"},
		"an adapter knows its own client":              {"channel/wildberries/a.go", using("wildberries", module+"/wildberries"), ""},
		"an adapter does not know the store":           {"channel/wildberries/a.go", using("wildberries", module+"/internal/store"), "against the rows"},
		"the list of channels names adapters":          {"cmd/sellerdesk/drivers.go", using("sellerdesk", module+"/channel/wildberries"), ""},
		"another file of the command does not":         {"cmd/sellerdesk/a.go", using("sellerdesk", module+"/channel/wildberries"), "stays in its own places"},
		"a test elsewhere does not know adapters":      {"internal/pull/a_test.go", using("pull", module+"/channel/wildberries"), "stays in its own places"},
		"SQL stays in the store":                       {"internal/desk/a.go", using("desk", "database/sql"), "stays in its own places"},
		"SQL is at home in the store":                  {"internal/store/a.go", using("store", "database/sql"), ""},
		"the driver's parts stay in the store":         {"internal/pull/a.go", using("pull", "github.com/jackc/pgx/v5/stdlib"), "stays in its own places"},
		"the REST library stays in its package":        {"internal/pull/a.go", using("pull", "github.com/danielgtaylor/huma/v2"), "stays in its own places"},
		"the template library stays in its package":    {"internal/pull/a.go", using("pull", "github.com/a-h/templ"), "stays in its own places"},
		"a worker speaks no HTTP":                      {"internal/pull/a.go", using("pull", "net/http"), "stays in its own places"},
		"an import for its effect":                     {"internal/pull/a.go", importing("pull", "image/png"), "for its effect"},
		"a database driver is imported for its effect": {"internal/store/a.go", importing("store", "github.com/jackc/pgx/v5/stdlib"), ""},
		"an import without a name":                     {"internal/pull/a.go", "package pull\n\nimport . \"fmt\"\n", "without a name"},
		"registration in init":                         {"internal/pull/a.go", "package pull\n\nfunc init() {}\n", "init hides"},
		"a package-level lock":                         {"internal/pull/a.go", "package pull\n\nimport \"sync\"\n\nvar mu sync.Mutex\n", "package-level state"},
		"a package-level variable that changes":        {"internal/pull/a.go", "package pull\n\nvar n int\n\nfunc f() { n++ }\n", "changes package-level n"},
		"a package-level map that changes":             {"internal/pull/a.go", "package pull\n\nvar m = map[int]int{}\n\nfunc f() { m[1] = 2 }\n", "changes package-level m"},
		"a local variable may change":                  {"internal/pull/a.go", "package pull\n\nfunc f() { n := 1; n++; var m []int; m[0] = n }\n", ""},
		"a field may change":                           {"internal/pull/a.go", "package pull\n\ntype s struct{ n int }\n\nfunc (x *s) f() { x.n++ }\n", ""},
		"the machine's clock":                          {"internal/pull/a.go", "package pull\n\nimport \"time\"\n\nfunc f() { _ = time.Now() }\n", "passes the clock"},
		"the machine's clock as a default":             {"internal/pull/a.go", "package pull\n\nimport \"time\"\n\nfunc f() func() time.Time { return time.Now }\n", ""},
		"waiting on the machine's clock":               {"internal/pull/a.go", "package pull\n\nimport \"time\"\n\nfunc f() { time.Sleep(1) }\n", "passes the clock"},
		"a brand in a condition":                       {"internal/pull/a.go", "package pull\n\nfunc f(k string) bool { return k == \"Wildberries\" }\n", "names \"wildberries\""},
		"a brand in a name":                            {"internal/pull/a.go", "package pull\n\nconst isOzon = true\n", "names \"ozon\""},
		"a brand in a comment":                         {"internal/pull/a.go", "package pull\n\n// As with Ozon.\n", ""},
		"a brand in a template":                        {"internal/pull/a.templ", "<b>Wildberries</b>\n", "names \"wildberries\""},
		"raw text in a template":                       {"internal/pull/a.templ", "@templ.Raw(text)\n", "unescaped"},
		"failed to":                                    {"internal/pull/a.go", "package pull\n\nimport \"errors\"\n\nfunc f() error { return errors.New(\"failed to read\") }\n", "says nothing"},
		"a file of 601 lines":                          {"internal/pull/a.go", "package pull\n" + strings.Repeat("\n", 600), "601 lines, more than 600"},
		"a test of 601 lines":                          {"internal/pull/a_test.go", "package pull\n" + strings.Repeat("\n", 600), ""},
		"a generated file of 601 lines":                {"internal/pull/a.go", "// Code generated by hand. DO NOT EDIT.\n\npackage pull\n" + strings.Repeat("\n", 600), ""},
		"a template of 601 lines":                      {"internal/pull/a.templ", strings.Repeat("\n", 601), "602 lines, more than 600"},
		"a function of 71 lines":                       {"internal/pull/a.go", "package pull\n\nfunc f() {" + strings.Repeat("\n", 70) + "}\n", "71 lines, more than 70"},
		"a table of 71 lines":                          {"internal/pull/a.go", "package pull\n\nfunc f() []int { return []int{" + strings.Repeat("\n", 70) + "} }\n", ""},
		"a suite may be as long as tests":              {"internal/store/storetest/a.go", "package storetest\n" + strings.Repeat("\n", 600), "doc.go"},
		"an exported type without a sentence":          {"internal/pull/a.go", "package pull\n\ntype Engine struct{}\n", "no comment"},
		"an exported function about something else":    {"internal/pull/a.go", "package pull\n\n// It runs.\nfunc Run() {}\n", "no comment"},
		"an exported function with its sentence":       {"internal/pull/a.go", "package pull\n\n// Run runs.\nfunc Run() {}\n", ""},
		"a group of types with one sentence":           {"internal/pull/a.go", "package pull\n\n// Numbers of things.\ntype (\n\tA int\n\tB int\n)\n", ""},
		"an interface of six methods":                  {"internal/pull/a.go", "package pull\n\ntype i interface { A(); B(); C(); D(); E(); F() }\n", "6 methods"},
		"a type of 26 methods":                         {"internal/pull/a.go", "package pull\n\ntype s struct{}\n" + methods(26), "26 methods"},
		"a package nobody placed":                      {"internal/novelty/doc.go", "// Package novelty is new.\npackage novelty\n", "no row"},
		"a package without doc.go":                     {"internal/send/a.go", "// Package send is documented elsewhere.\npackage send\n", "doc.go"},
		"a package named for nothing":                  {"internal/send/doc.go", "// Package util is vague.\npackage util\n", "says nothing"},
		"a dependency without a reason":                {"go.mod", "module x\n\nrequire example.com/new v1.2.3\n", "has no line"},
		"an ignored folder is not ours":                {"internal/scratch/a.go", "package util\n", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tree := sound()
			tree[tt.file] = &fstest.MapFile{Data: []byte(tt.text)}
			found, err := arch.Check(tree, arch.Sellerdesk())
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case tt.want == "" && len(found) > 0:
				t.Fatalf("the tree is sound, yet: %v", found)
			case tt.want != "" && (len(found) != 1 || !strings.Contains(found[0].String(), tt.want)):
				t.Fatalf("want one breach with %q, got %v", tt.want, found)
			}
		})
	}
}

func TestAPackageMayNotPassFourThousandLines(t *testing.T) {
	t.Parallel()
	tree := sound()
	for i := range 8 {
		tree[fmt.Sprintf("internal/pull/a%d.go", i)] = &fstest.MapFile{Data: []byte("package pull\n" + strings.Repeat("\n", 550))}
	}
	found, err := arch.Check(tree, arch.Sellerdesk())
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || !strings.Contains(found[0].String(), "more than 4000") {
		t.Fatalf("want one breach about the package, got %v", found)
	}
}

func methods(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\nfunc (s) m%d() {}\n", i)
	}
	return b.String()
}
