package sandbox

import (
	"bytes"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

// router sends a request to a service by its host name, by its prefix, or to the control API.
type router struct {
	world   *World
	control http.Handler
}

func newRouter(w *World) http.Handler { return router{w, newControl(w)} }

// ServeHTTP routes one request.
func (t router) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	t.world.mu.RLock()
	apis := t.world.apis
	t.world.mu.RUnlock()
	for _, m := range apis {
		for _, s := range m.Services {
			if strings.EqualFold(host, s.Host) {
				t.serve(rw, r, target{m.API, "", r.URL.Path, s.Handler})
				return
			}
			if rest, ok := strings.CutPrefix(r.URL.Path, s.Prefix); ok && (rest == "" || rest[0] == '/') {
				base := scheme(r) + "://" + r.Host + s.Prefix[:strings.LastIndexByte(s.Prefix, '/')]
				t.serve(rw, r, target{m.API, base, rest, http.StripPrefix(s.Prefix, s.Handler)})
				return
			}
		}
	}
	if !local(r, host) {
		problem(rw, http.StatusForbidden, "the sandbox is played from this machine only")
		return
	}
	t.control.ServeHTTP(rw, r)
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// local tells whether a request comes from this machine and names it: a page of another site that points its own name here is refused.
func local(r *http.Request, host string) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().Unmap().IsLoopback() {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	named, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && named.Unmap().IsLoopback()
}

// target is the service that a request is for: its API, the address of its sisters, the path as it sees it.
type target struct {
	api, base, path string
	handler         http.Handler
}

// serve plays the faults that strike a request around the emulator's answer.
func (t router) serve(rw http.ResponseWriter, r *http.Request, to target) {
	play := script{serving: serving{base: to.base}}
	for _, f := range t.world.faults.hit(to.api, r.Method, to.path) {
		play.add(f)
	}
	r = r.WithContext(withServing(r.Context(), play.serving))
	if play.before {
		panic(http.ErrAbortHandler)
	}
	if play.slow > 0 && t.world.clock.Sleep(r.Context(), seconds(play.slow)) != nil {
		return
	}
	rw.Header().Set("Date", t.world.Now(r).UTC().Format(http.TimeFormat))
	switch {
	case play.broken:
		http.Error(rw, "Internal Server Error", http.StatusInternalServerError)
	case play.after:
		to.handler.ServeHTTP(&recorder{header: http.Header{}}, r)
		panic(http.ErrAbortHandler)
	case play.truncate:
		answer := &recorder{header: rw.Header()}
		to.handler.ServeHTTP(answer, r)
		answer.half(rw)
	default:
		to.handler.ServeHTTP(rw, r)
	}
}

// script is the sum of the faults that strike one request.
type script struct {
	serving
	slow                            float64
	before, after, broken, truncate bool
}

func (s *script) add(f Fault) {
	switch f.Effect {
	case Effect429:
		s.effects.Limited, s.effects.RetryAfter = true, max(1, int(math.Ceil(f.Seconds)))
		if f.Seconds == 0 {
			s.effects.RetryAfter = 2
		}
	case Effect500:
		s.broken = true
	case EffectSlow:
		s.slow += f.Seconds
		if f.Seconds == 0 {
			s.slow += 3
		}
	case EffectDropBefore:
		s.before = true
	case EffectDropAfter:
		s.after = true
	case EffectTruncate:
		s.truncate = true
	case EffectDuplicate:
		s.effects.Duplicate = true
	case EffectReorder:
		s.effects.Reorder = true
	case EffectExpireLink:
		s.effects.ExpireLink = true
	case EffectSkew:
		s.skew += seconds(f.Seconds)
	}
}

// recorder keeps an answer instead of sending it.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is the answer's header.
func (c *recorder) Header() http.Header { return c.header }

// WriteHeader keeps the first status.
func (c *recorder) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

// Write keeps a part of the body.
func (c *recorder) Write(p []byte) (int, error) { return c.body.Write(p) }

// half promises the whole answer, sends half of it and cuts the connection.
func (c *recorder) half(rw http.ResponseWriter) {
	rw.Header().Set("Content-Length", strconv.Itoa(max(c.body.Len(), 2)))
	rw.WriteHeader(max(c.status, http.StatusOK))
	_, _ = rw.Write(c.body.Bytes()[:c.body.Len()/2]) // the connection is cut anyway
	_ = http.NewResponseController(rw).Flush()
	panic(http.ErrAbortHandler)
}
