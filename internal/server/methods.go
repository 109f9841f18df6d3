package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// methods are those of the operations whose address has no parameters, by their
// path. The mux alone would give the other methods to a neighbour whose parameter
// fits: an {id} takes any word.
type methods map[string][]string

// add remembers a pattern of the mux.
func (m methods) add(pattern string) {
	method, path, found := strings.Cut(pattern, " ")
	if found && strings.HasPrefix(path, apiPath) && !strings.Contains(path, "{") {
		m[path] = append(m[path], method)
	}
}

// refuses answers a request that no operation of its address takes.
func (m methods) refuses(w http.ResponseWriter, r *http.Request) bool {
	known := m[r.URL.Path]
	if len(known) == 0 || slices.Contains(known, r.Method) || r.Method == http.MethodHead && slices.Contains(known, http.MethodGet) {
		return false
	}
	noMethod(w, known)
	return true
}

// noMethod tells which methods there are instead.
func noMethod(w http.ResponseWriter, known []string) {
	w.Header()["Allow"] = slices.Clone(known)
	writeProblem(w, http.StatusMethodNotAllowed, sellerdesk.CodeInvalid, "There is no such operation on this address; the header Allow lists those there are.", "")
}
