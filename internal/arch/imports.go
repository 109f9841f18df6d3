package arch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// checkImports judges what one file imports. Tests may climb rows, since they
// put parts together; reserved imports hold for them too where the law says so.
func (l Law) checkImports(f *source) []Breach {
	var found []Breach
	for _, spec := range f.ast.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has accepted it
		}
		breach := func(format string, args ...any) {
			found = append(found, Breach{f.path, f.at(spec.Pos()), fmt.Sprintf(format, args...)})
		}
		if spec.Name != nil && spec.Name.Name == "_" && imported != "embed" && !matches(l.Blank, f.dir, f.path) {
			breach("imports %s for its effect only", imported)
		}
		if spec.Name != nil && spec.Name.Name == "." {
			breach("imports %s without a name", imported)
		}
		if !l.mayReserve(f, imported) {
			breach("imports %s, which stays in its own places", imported)
		}
		if !f.test && !l.suite(f) && !l.mayImport(f.dir, imported) {
			breach("imports %s against the rows of the layout", imported)
		}
	}
	return found
}

// ours gives the folder of a package of this module.
func (l Law) ours(imported string) (string, bool) {
	if imported == l.Module {
		return ".", true
	}
	return strings.CutPrefix(imported, l.Module+"/")
}

func (l Law) mayReserve(f *source, imported string) bool {
	for _, r := range l.Reserved {
		if imported != r.Import && !strings.HasPrefix(imported, r.Import+"/") {
			continue
		}
		// A package of ours is reserved alone: what is below it has its own line.
		if _, ours := l.ours(imported); ours && imported != r.Import {
			continue
		}
		if r.Tests && f.test || matches(r.In, f.dir, f.path) {
			continue
		}
		return false
	}
	return true
}

func (l Law) mayImport(dir, imported string) bool {
	target, ours := l.ours(imported)
	for _, c := range l.Closed {
		if !matches([]string{c.From}, dir, "") {
			continue
		}
		if ours {
			return slices.Contains(c.To, target)
		}
		return !strings.Contains(strings.Split(imported, "/")[0], ".") // the standard library has no dots
	}
	if !ours {
		return true
	}
	for _, a := range l.Arrows {
		if matches([]string{a.From}, dir, "") && slices.Contains(a.To, target) {
			return true
		}
	}
	from, known := l.row(dir)
	to, knownTo := l.row(target)
	return known && knownTo && to < from
}
