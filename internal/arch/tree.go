package arch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// Breach is one place where the law does not hold.
type Breach struct {
	File string // below the root, or the folder of a package
	Line int    // 0 when the whole file or package is meant
	What string
}

// String gives the breach as a compiler would.
func (b Breach) String() string {
	if b.Line == 0 {
		return b.File + ": " + b.What
	}
	return fmt.Sprintf("%s:%d: %s", b.File, b.Line, b.What)
}

// source is one parsed Go file.
type source struct {
	path      string // below the root
	dir       string // package folder, "." for the root
	ast       *ast.File
	fset      *token.FileSet
	lines     int
	test      bool
	generated bool
}

func (s *source) at(pos token.Pos) int { return s.fset.Position(pos).Line }

// tree is a repository as read: Go files by package, other texts by path.
type tree struct {
	packages map[string][]*source
	texts    map[string]string // templates and scripts of the screens, documents
}

// read parses every file below root. Folders that git ignores, hidden ones and
// testdata are not ours to judge.
func read(root fs.FS) (*tree, error) {
	skip, err := ignored(root)
	if err != nil {
		return nil, err
	}
	t := &tree{packages: map[string][]*source{}, texts: map[string]string{}}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			base := d.Name()
			if name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "tools" || skip[name]) {
				return fs.SkipDir
			}
			return nil
		}
		return t.add(root, name)
	})
	if err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	return t, nil
}

func (t *tree) add(root fs.FS, name string) error {
	switch path.Ext(name) {
	case ".go", ".templ", ".md":
	default:
		return nil
	}
	b, err := fs.ReadFile(root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // gone since the folder was listed
	}
	if err != nil {
		return err
	}
	if path.Ext(name) != ".go" {
		t.texts[name] = string(b)
		return nil
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, b, parser.ParseComments)
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	t.packages[dir] = append(t.packages[dir], &source{
		path: name, dir: dir, ast: f, fset: fset,
		lines:     bytes.Count(b, []byte("\n")),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(f),
	})
	return nil
}

// ignored lists the folders named in the root's .gitignore.
func ignored(root fs.FS) (map[string]bool, error) {
	b, err := fs.ReadFile(root, ".gitignore")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read .gitignore: %w", err)
	}
	dirs := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		if l := lines.Text(); strings.HasPrefix(l, "/") && strings.HasSuffix(l, "/") {
			dirs[strings.Trim(l, "/")] = true
		}
	}
	return dirs, nil
}

// matches tells whether a package or a file of it is meant by one of the
// patterns.
func matches(patterns []string, dir, file string) bool {
	for _, p := range patterns {
		below, star := strings.CutSuffix(p, "/*")
		if p == dir || p == file || star && path.Dir(dir) == below {
			return true
		}
	}
	return false
}
