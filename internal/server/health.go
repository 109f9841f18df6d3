package server

import (
	"encoding/json"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
)

// vitals are the addresses that tell how the server itself fares.
type vitals struct{ *Server }

func (s vitals) mount() {
	s.mux.HandleFunc("GET /healthz", s.health)
	s.mux.HandleFunc("GET /readyz", s.ready)
	if s.deps.Metrics != nil {
		s.mux.HandleFunc("GET "+metricsPath, s.metrics)
	}
}

// health tells that the process answers. It touches nothing, so that a slow
// disk does not get the process killed.
func (s vitals) health(w http.ResponseWriter, _ *http.Request) {
	tell(w, "ok", s.deps.Version)
}

// Streams is how many clients follow what happens now.
func (s *Server) Streams() int { return s.streams.count() }

// ready tells that requests can be answered: the database gives an answer, the
// data folder takes what is written, all parts of the program work. Else it
// lists what is the matter.
func (s vitals) ready(w http.ResponseWriter, r *http.Request) {
	if s.deps.Unready != nil {
		if wrong := s.deps.Unready(r.Context()); len(wrong) > 0 {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Retry-After", retryAfter)
			w.WriteHeader(http.StatusServiceUnavailable)
			_ = json.NewEncoder(w).Encode(struct { // the client is gone: nobody to tell
				Status  string    `json:"status"`
				Version string    `json:"version"`
				Wrong   []unready `json:"wrong"`
			}{"unready", s.deps.Version, unreadyOf(wrong)})
			return
		}
		tell(w, "ready", s.deps.Version)
		return
	}
	if _, err := s.people.owner(r.Context()); err != nil {
		s.Problem(w, r, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The database does not answer.").Because(err))
		return
	}
	tell(w, "ready", s.deps.Version)
}

// unready is one thing that is the matter, without what strangers need not know.
type unready struct {
	ID    string           `json:"id"`
	Cause sellerdesk.Cause `json:"cause"`
}

func unreadyOf(findings []sellerdesk.Finding) []unready {
	all := make([]unready, 0, len(findings))
	for _, f := range findings {
		all = append(all, unready{f.ID, f.Cause})
	}
	return all
}

func tell(w http.ResponseWriter, status, version string) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(struct { // the client is gone: nobody to tell
		Status  string `json:"status"`
		Version string `json:"version"`
	}{status, version})
}
