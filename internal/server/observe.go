package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// info is what the chain knows of one request. Only the goroutine that serves
// the request writes it, before the handler runs.
type info struct {
	id      string
	nonce   string
	pattern string
	user    sellerdesk.User
	known   bool // user is somebody
	byKey   bool // and came with a key, that of the house or one of a person
	access  sellerdesk.Access
}

type infoKey struct{}

func infoOf(ctx context.Context) *info {
	i, _ := ctx.Value(infoKey{}).(*info)
	return i
}

// RequestID names the request in the log and in the header X-Request-Id; ""
// outside a request.
func RequestID(ctx context.Context) string {
	if i := infoOf(ctx); i != nil {
		return i.id
	}
	return ""
}

// Nonce is the random word that the content security policy of this answer
// allows scripts with; "" outside a request.
func Nonce(ctx context.Context) string {
	if i := infoOf(ctx); i != nil {
		return i.nonce
	}
	return ""
}

// newInfo makes the names of a request. They are random, so that no name tells
// how many requests there are.
func newInfo() *info {
	var b [24]byte
	_, _ = rand.Read(b[:]) // never fails, see its documentation
	return &info{
		id:    hex.EncodeToString(b[:8]),
		nonce: base64.RawURLEncoding.EncodeToString(b[8:]),
	}
}

// observe is the outermost layer: it names the request, turns a panic into a
// problem and writes one line to the log. Addresses are logged as the pattern
// of their route: the real ones hold one-time links and keys.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.now()
		i := newInfo()
		// Whoever asks waits for the answer: a person, a program, a remote side.
		ctx := sellerdesk.WithLane(r.Context(), sellerdesk.LanePerson)
		r = r.WithContext(context.WithValue(ctx, infoKey{}, i))
		rec := &recorder{ResponseWriter: w}
		rec.Header().Set("X-Request-Id", i.id)
		defer func() {
			s.recovered(rec, r, recover())
			served(s.deps, i.pattern, r.Method, rec, s.now().Sub(start))
			level := slog.LevelDebug
			if rec.status >= http.StatusInternalServerError {
				level = slog.LevelWarn
			}
			s.log.Log(r.Context(), level, "request",
				slog.String("request", i.id), slog.String("method", r.Method), slog.String("route", i.pattern),
				slog.Int("status", rec.status), slog.Int64("bytes", rec.bytes), slog.Duration("took", s.now().Sub(start)))
		}()
		next.ServeHTTP(rec, r)
	})
}

// served tells whoever measures.
func served(d Deps, pattern, method string, rec *recorder, took time.Duration) {
	if d.Served == nil {
		return
	}
	if _, route, ok := strings.Cut(pattern, " "); ok {
		pattern = route
	}
	stream := strings.HasPrefix(rec.Header().Get("Content-Type"), "text/event-stream")
	d.Served(pattern, method, rec.status, stream, took)
}

// recovered answers a panic of a handler. Where the answer has begun, the
// connection is broken off, so that nobody takes half an answer for a whole one.
func (s *Server) recovered(rec *recorder, r *http.Request, p any) {
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.log.ErrorContext(r.Context(), "panic in a request", slog.String("request", RequestID(r.Context())),
		slog.String("err", panicText(p)), slog.String("stack", string(debug.Stack())))
	if rec.status != 0 {
		panic(http.ErrAbortHandler)
	}
	rec.Header().Del("Content-Encoding")
	writeProblem(rec, http.StatusInternalServerError, sellerdesk.CodeInternal,
		"Something went wrong on our side; the log tells more under request "+RequestID(r.Context())+".", "")
}

// panicText is what may be logged of a panic: the runtime speaks of indexes and
// types, anybody else might quote a secret or what a buyer wrote.
func panicText(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}

// headers sets what every answer carries; a handler may replace them. Pages
// load nothing from elsewhere and run no script but ours.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if strings.HasPrefix(r.URL.Path, apiPath) {
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
			h.Set("Cache-Control", "no-store")
		} else {
			h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self' 'nonce-"+Nonce(r.Context())+"'; "+
				"style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "+
				"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
			h.Set("Cache-Control", "private, no-cache")
		}
		next.ServeHTTP(w, r)
	})
}

// recorder remembers status and size for the log.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
