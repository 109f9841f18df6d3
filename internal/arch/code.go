package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// checkCode judges the code of one file. Generated files are judged by what
// generates them.
func (l Law) checkCode(f *source) []Breach {
	if f.generated || f.test || l.suite(f) {
		return nil
	}
	j := &judge{law: l, file: f}
	if f.lines > l.Limits.File {
		j.breach(token.NoPos, "%d lines, more than %d; split it by topic", f.lines, l.Limits.File)
	}
	for _, d := range f.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			j.function(d)
			if d.Recv == nil {
				j.documented(d.Name, d.Doc)
			}
		case *ast.GenDecl:
			j.variables(d)
			j.types(d)
		}
	}
	ast.Inspect(f.ast, j.visit)
	return j.found
}

// judge gathers the breaches of one file.
type judge struct {
	law   Law
	file  *source
	found []Breach
}

func (j *judge) breach(pos token.Pos, format string, args ...any) {
	line := 0
	if pos.IsValid() {
		line = j.file.at(pos)
	}
	j.found = append(j.found, Breach{j.file.path, line, fmt.Sprintf(format, args...)})
}

func (j *judge) function(d *ast.FuncDecl) {
	if n := j.file.at(d.End()) - j.file.at(d.Pos()) + 1; n > j.law.Limits.Function && !isTable(d) {
		j.breach(d.Pos(), "function %s has %d lines, more than %d", d.Name.Name, n, j.law.Limits.Function)
	}
	if d.Recv == nil && d.Name.Name == "init" {
		j.breach(d.Pos(), "init hides what happens at the start")
	}
	if d.Body != nil {
		ast.Inspect(d.Body, j.changes)
	}
}

// types wants a comment on every exported type; a group may share one.
func (j *judge) types(d *ast.GenDecl) {
	for _, s := range d.Specs {
		t, ok := s.(*ast.TypeSpec)
		switch {
		case !ok:
		case !d.Lparen.IsValid():
			j.documented(t.Name, d.Doc)
		case t.Doc != nil || d.Doc == nil:
			j.documented(t.Name, t.Doc)
		}
	}
}

// documented wants a sentence that starts with the name of an exported thing.
func (j *judge) documented(name *ast.Ident, doc *ast.CommentGroup) {
	if !name.IsExported() {
		return
	}
	words := strings.Fields(doc.Text())
	if len(words) > 1 && (words[0] == "A" || words[0] == "An" || words[0] == "The") {
		words = words[1:]
	}
	if len(words) == 0 || strings.TrimRight(words[0], ",.:") != name.Name {
		j.breach(name.Pos(), "%s has no comment that starts with its name", name.Name)
	}
}

// isTable tells whether a function does nothing but return a literal: it is
// data, as the texts of the screens are, and as long as there is data.
func isTable(d *ast.FuncDecl) bool {
	if d.Body == nil || len(d.Body.List) != 1 {
		return false
	}
	r, ok := d.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return false
	}
	x := r.Results[0]
	if u, ok := x.(*ast.UnaryExpr); ok {
		x = u.X
	}
	_, ok = x.(*ast.CompositeLit)
	return ok
}

// variables refuses package-level variables that are made to be changed.
func (j *judge) variables(d *ast.GenDecl) {
	if d.Tok != token.VAR {
		return
	}
	for _, s := range d.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if sel, ok := v.Type.(*ast.SelectorExpr); ok {
			if p, ok := sel.X.(*ast.Ident); ok && (p.Name == "sync" || p.Name == "atomic") {
				j.breach(v.Pos(), "package-level state: %s", v.Names[0].Name)
			}
		}
	}
}

// changes finds assignments to package-level variables inside functions. A name
// that the parser could not resolve inside the file, and that no package is
// called, is package-level in another file.
func (j *judge) changes(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			for _, left := range n.Lhs {
				j.changed(left)
			}
		}
	case *ast.IncDecStmt:
		j.changed(n.X)
	}
	return true
}

func (j *judge) changed(e ast.Expr) {
	pos := e.Pos()
	for {
		switch x := e.(type) {
		case *ast.IndexExpr:
			e = x.X
			continue
		case *ast.SelectorExpr:
			e = x.X
			continue
		case *ast.Ident:
			if x.Name != "_" && j.packageLevel(x) {
				j.breach(pos, "changes package-level %s", x.Name)
			}
		}
		return
	}
}

func (j *judge) packageLevel(x *ast.Ident) bool {
	if x.Obj == nil {
		return true
	}
	spec, ok := x.Obj.Decl.(*ast.ValueSpec)
	if !ok {
		return false
	}
	for _, d := range j.file.ast.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			if s == spec {
				return true
			}
		}
	}
	return false
}

func (j *judge) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false // judged with the imports
	case *ast.InterfaceType:
		if m := n.Methods.NumFields(); m > j.law.Limits.Interface {
			j.breach(n.Pos(), "an interface of %d methods, more than %d", m, j.law.Limits.Interface)
		}
	case *ast.CallExpr:
		j.call(n)
	case *ast.SelectorExpr:
		if name := selected(n); name == "templ.Raw" {
			j.breach(n.Pos(), "templ.Raw writes foreign text unescaped")
		}
	case *ast.Ident:
		j.word(n.Pos(), n.Name)
	case *ast.BasicLit:
		if n.Kind == token.STRING {
			j.word(n.Pos(), n.Value)
		}
	}
	return true
}

// word looks for brands in names and texts of the code; comments may give
// examples.
func (j *judge) word(pos token.Pos, text string) {
	if matches(j.law.BrandHomes, j.file.dir, j.file.path) || j.file.dir == "internal/arch" {
		return
	}
	if b := j.law.brand(text); b != "" {
		j.breach(pos, "names %q outside the packages of that channel", b)
	}
}

func (j *judge) call(c *ast.CallExpr) {
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	switch name := selected(sel); name {
	case "time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.AfterFunc",
		"time.Tick", "time.NewTicker", "time.NewTimer":
		if !matches(j.law.Clocks, j.file.dir, j.file.path) {
			j.breach(c.Pos(), "%s passes the clock that was given", name)
		}
	case "fmt.Errorf", "errors.New":
		if lit, ok := c.Args[0].(*ast.BasicLit); ok && strings.Contains(strings.ToLower(lit.Value), "failed to") {
			j.breach(c.Pos(), `"failed to" says nothing; say what was done`)
		}
	}
}

// selected gives "package.Name" of a selection on a plain name.
func selected(s *ast.SelectorExpr) string {
	if p, ok := s.X.(*ast.Ident); ok && p.Obj == nil {
		return p.Name + "." + s.Sel.Name
	}
	return ""
}

// countMethods adds the methods of a file to those of its types.
func countMethods(f *source, methods map[string]int) {
	for _, d := range f.ast.Decls {
		m, ok := d.(*ast.FuncDecl)
		if !ok || m.Recv == nil || len(m.Recv.List) != 1 {
			continue
		}
		t := m.Recv.List[0].Type
		if p, ok := t.(*ast.StarExpr); ok {
			t = p.X
		}
		if g, ok := t.(*ast.IndexExpr); ok {
			t = g.X
		}
		if id, ok := t.(*ast.Ident); ok {
			methods[id.Name]++
		}
	}
}
