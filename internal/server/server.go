package server

import (
	"context"
	"crypto/sha256"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/presence"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Paths that the chain itself must know. The pages behind them are those of
// server/web.
const (
	SignInPath  = "/sign-in"
	WelcomePath = "/welcome" // says how to get the owner's link while there is no owner
	LinkPath    = "/link/"   // the one-time link of the owner
	StaticPath  = "/static/" // styles, scripts, pictures of the screens
	apiPath     = "/v1/"
)

// maxBody is how large the body of a request may be, in bytes, unless its route
// says otherwise.
const maxBody = 1 << 20

// Deps is what a server works with.
type Deps struct {
	Store  *store.Store
	Desk   *desk.Desk
	Live   *live.Hub
	Roster *channel.Roster // tells budgets
	Media  *media.Dir
	Clock  sellerdesk.Clock
	Log    *slog.Logger // nil discards
	// APIKey lets programs act as the owner; empty lets none.
	APIKey sellerdesk.Secret
	// LoopbackSession is the way of the demo: whoever opens the first page from
	// this machine is signed in as the owner, and no other host is answered.
	LoopbackSession bool
	Version         string
	// Served hears of every request that was answered: the pattern of its route
	// without the method ("" when none took it), whether the answer was a stream,
	// and how long it took. Nil: nobody measures.
	Served func(route, method string, status int, stream bool, took time.Duration)
	// Unready lists what keeps the program from working well, for /readyz. Nil asks
	// the database only.
	Unready func(context.Context) []sellerdesk.Finding
	// Status tells how the house and the cabinets fare that whoever asks may see.
	// Nil: nobody looks.
	Status func(context.Context) ([]sellerdesk.Finding, error)
	// Metrics answers with the figures at /metrics. Nil: there is no such address.
	Metrics http.Handler
	// Trial lets the first steps be taken with made-up buyers. Nil: they are not offered.
	Trial *Trial
	// Proxied: others reach the server through a proxy, so that a request from
	// this machine may be anybody's.
	Proxied bool
}

// Server is the mux with everything around it. It is safe for concurrent use
// once all routes are mounted.
type Server struct {
	deps   Deps
	log    *slog.Logger
	mux    *http.ServeMux
	routes []string // the patterns of the mux
	fixed  methods
	people *people
	guard  *http.CrossOriginProtection
	now    func() time.Time // real time: what a request takes is not the demo's time

	beat      time.Duration
	streams   streams // the clients that follow now
	closeOnce sync.Once
	closing   chan struct{} // closed by Close: streams end
	// Presence tells who has which conversation in front of them.
	Presence *presence.Board
}

// New makes a server without pages and operations; those are mounted with
// [Server.Handle] before the first request.
func New(d Deps) *Server {
	s := &Server{
		deps:    d,
		log:     d.Log,
		mux:     http.NewServeMux(),
		fixed:   methods{},
		guard:   http.NewCrossOriginProtection(),
		now:     time.Now,
		beat:    heartbeat,
		closing: make(chan struct{}),
		// Real time: people sit before their screens in no other.
		Presence: presence.New(sellerdesk.Clock{}),
		people: &people{
			desk:  d.Desk,
			store: d.Store,
			key:   sha256.Sum256([]byte(strings.TrimSpace(d.APIKey.Reveal()))), // as a header arrives
			keyed: strings.TrimSpace(d.APIKey.Reveal()) != "",
		},
	}
	if s.log == nil {
		s.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	s.guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Not the way of Problem, which sends those who are not signed in there.
		writeProblem(w, http.StatusForbidden, sellerdesk.CodeForbidden, "The request comes from another site.", "")
	}))
	vitals{s}.mount()
	for _, forPrograms := range []string{apiPath, strings.TrimSuffix(apiPath, "/"), "/healthz", "/readyz", metricsPath} {
		s.mux.HandleFunc(forPrograms, s.noRoute)
	}
	s.mountPushes()
	return s
}

// Deps gives what the server works with to the packages that mount routes.
func (s *Server) Deps() Deps { return s.deps }

// Log is the logger of the server, never nil.
func (s *Server) Log() *slog.Logger { return s.log }

// Routes lists the patterns that were mounted, so that tests forget none.
func (s *Server) Routes() []string { return slices.Clone(s.routes) }

// Handle mounts a route by a pattern of [http.ServeMux]. The body of its
// requests may have 1 MB.
func (s *Server) Handle(pattern string, h http.Handler) {
	s.HandleBody(pattern, maxBody, h)
}

// HandleFunc is [Server.Handle] for a function.
func (s *Server) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	s.Handle(pattern, http.HandlerFunc(h))
}

// transferTime is how long a large body may be on its way.
const transferTime = 10 * time.Minute

// HandleBody mounts a route whose requests may have a body of limit bytes.
// Where that is more than usual, the body has ten minutes to arrive.
func (s *Server) HandleBody(pattern string, limit int64, h http.Handler) {
	s.routes = append(s.routes, pattern)
	s.fixed.add(pattern)
	s.mux.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, limit)
		}
		if _, known := Actor(r.Context()); known && limit > maxBody {
			s.Unhurried(w) // strangers are not waited for
		}
		h.ServeHTTP(w, r)
	}))
}

// Unhurried gives a request ten minutes from now, for the transfer of a file
// over a slow line.
func (s *Server) Unhurried(w http.ResponseWriter) {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(s.now().Add(transferTime)) // not every writer has deadlines
	_ = c.SetWriteDeadline(s.now().Add(transferTime))
}

// Handler is the mux inside the whole chain.
func (s *Server) Handler() http.Handler {
	h := http.Handler(http.HandlerFunc(s.route))
	h = s.ownerGate(h)
	h = s.identify(h)
	h = s.guard.Handler(h)
	if s.deps.LoopbackSession {
		h = s.loopbackOnly(h)
	}
	h = plainAddress(h)
	h = compress(h)
	h = s.headers(h)
	return s.observe(h)
}

// HTTPServer is the handler with the time limits it needs. Streams and uploads
// move their own deadlines. The caller calls [Server.Close] before Shutdown.
func (s *Server) HTTPServer() *http.Server {
	return &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// Close ends all streams, so that a shutdown need not wait for them.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		close(s.closing)
		s.Presence.Close()
	})
}

// route hands the request to the mux and remembers which route it took.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if s.fixed.refuses(w, r) {
		return
	}
	s.mux.ServeHTTP(w, r)
	if i := infoOf(r.Context()); i != nil {
		i.pattern = r.Pattern
	}
}

// noRoute answers what no operation took: 405 where another method would do.
func (s *Server) noRoute(w http.ResponseWriter, r *http.Request) {
	var known []string
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE", "PUT"} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := s.mux.Handler(probe); pattern != r.Pattern && pattern != "" {
			known = append(known, method)
		}
	}
	if known != nil {
		noMethod(w, known)
		return
	}
	s.Problem(w, r, sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such address."))
}
