package server

import (
	"encoding/json"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
)

// health tells that the process answers. It touches nothing, so that a slow
// disk does not get the process killed.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	tell(w, "ok", s.deps.Version)
}

// ready tells that requests can be answered: the database gives an answer.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if _, err := s.people.owner(r.Context()); err != nil {
		s.Problem(w, r, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The database does not answer.").Because(err))
		return
	}
	tell(w, "ready", s.deps.Version)
}

func tell(w http.ResponseWriter, status, version string) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(struct { // the client is gone: nobody to tell
		Status  string `json:"status"`
		Version string `json:"version"`
	}{status, version})
}
