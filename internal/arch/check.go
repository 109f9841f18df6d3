package arch

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Check judges the repository in root, whose top folder holds go.mod, and gives
// every breach of the law in the order of files.
func Check(root fs.FS, law Law) ([]Breach, error) {
	t, err := read(root)
	if err != nil {
		return nil, err
	}
	var found []Breach
	for dir, files := range t.packages {
		found = append(found, law.checkPackage(dir, files)...)
		for _, f := range files {
			found = append(found, law.checkImports(f)...)
			found = append(found, law.checkCode(f)...)
		}
	}
	for name, text := range t.texts {
		found = append(found, law.checkText(name, text)...)
	}
	undocumented, err := checkDependencies(root, t)
	if err != nil {
		return nil, err
	}
	found = append(found, undocumented...)
	slices.SortFunc(found, func(a, b Breach) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.What, b.What))
	})
	return found, nil
}

// suite tells whether a file belongs to a package that tests are made of.
func (l Law) suite(f *source) bool { return matches(l.Suites, f.dir, f.path) }

// row finds the level of a package. A name beats a pattern, so that a package
// below a starred one can have its own row.
func (l Law) row(dir string) (int, bool) {
	for _, exact := range []bool{true, false} {
		for _, r := range l.Rows {
			for _, p := range r.Packages {
				if exact == (p == dir) && matches([]string{p}, dir, "") {
					return r.Level, true
				}
			}
		}
	}
	return 0, false
}

func (l Law) checkPackage(dir string, files []*source) []Breach {
	var found []Breach
	breach := func(format string, args ...any) {
		found = append(found, Breach{File: dir, What: fmt.Sprintf(format, args...)})
	}
	if _, ok := l.row(dir); !ok {
		breach("the package has no row in the layout")
	}
	name, lines, documented := "", 0, false
	methods := map[string]int{}
	for _, f := range files {
		if f.test || f.generated {
			continue
		}
		name = f.ast.Name.Name
		documented = documented || strings.HasSuffix("/"+f.path, "/doc.go") && f.ast.Doc.Text() != ""
		if !l.suite(f) {
			lines += f.lines
			countMethods(f, methods)
		}
	}
	if name == "" {
		return found // nothing but tests
	}
	if slices.Contains(l.PackageNames, name) {
		breach("the name %q says nothing; name the package after its thing", name)
	}
	if !documented {
		breach("doc.go with the package's comment is missing")
	}
	if lines > l.Limits.Package {
		breach("%d lines, more than %d; split it by topic", lines, l.Limits.Package)
	}
	for typ, n := range methods {
		if n > l.Limits.Methods {
			breach("type %s has %d methods, more than %d", typ, n, l.Limits.Methods)
		}
	}
	return found
}

// checkText judges what is no Go: templates of the screens.
func (l Law) checkText(name, text string) []Breach {
	if !strings.HasSuffix(name, ".templ") {
		return nil
	}
	var found []Breach
	lines := strings.Split(text, "\n")
	if len(lines) > l.Limits.File {
		found = append(found, Breach{File: name, What: fmt.Sprintf("%d lines, more than %d; split it by topic", len(lines), l.Limits.File)})
	}
	for i, line := range lines {
		if strings.Contains(line, "templ.Raw") {
			found = append(found, Breach{name, i + 1, "templ.Raw writes foreign text unescaped"})
		}
		if brand := l.brand(line); brand != "" && !strings.HasPrefix(strings.TrimSpace(line), "//") {
			found = append(found, Breach{name, i + 1, fmt.Sprintf("names %q outside the packages of that channel", brand)})
		}
	}
	return found
}

// brand finds a brand in a text; "" when there is none.
func (l Law) brand(text string) string {
	low := strings.ToLower(text)
	for _, b := range l.Brands {
		if strings.Contains(low, b) {
			return b
		}
	}
	return ""
}

// checkDependencies wants a line in docs/dependencies.md for each module that
// go.mod requires directly.
func checkDependencies(root fs.FS, t *tree) ([]Breach, error) {
	mod, err := fs.ReadFile(root, "go.mod")
	if err != nil {
		return nil, fmt.Errorf("read go.mod: %w", err)
	}
	const page = "docs/dependencies.md"
	var found []Breach
	for i, line := range strings.Split(string(mod), "\n") {
		words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(words) != 2 || !strings.Contains(words[0], ".") || !strings.HasPrefix(words[1], "v") {
			continue // no requirement, or one with a comment behind it: indirect
		}
		if !strings.Contains(t.texts[page], "`"+words[0]+"`") {
			found = append(found, Breach{"go.mod", i + 1, fmt.Sprintf("%s has no line in %s", words[0], page)})
		}
	}
	return found, nil
}
