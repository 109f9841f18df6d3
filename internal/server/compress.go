package server

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// worthwhile is the size in bytes from which compression pays.
const worthwhile = 1 << 10

// compress packs texts for clients that take it. Streams of events, parts of
// files and what is packed already pass as they are.
func compress(next http.Handler) http.Handler {
	var pool sync.Pool // of *gzip.Writer; making one costs 800 KB
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead || !takesGzip(r.Header.Get("Accept-Encoding")) {
			next.ServeHTTP(w, r)
			return
		}
		p := &packer{ResponseWriter: w, pool: &pool}
		next.ServeHTTP(p, r)
		p.close() // not deferred: after a panic what is held back must not leave
	})
}

// takesGzip tells whether the client said gzip and did not weigh it to nothing.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == "gzip" {
			weight = strings.ReplaceAll(weight, " ", "")
			return weight != "q=0" && weight != "q=0.0" && weight != "q=0.00" && weight != "q=0.000"
		}
	}
	return false
}

// packer holds back the beginning of an answer until it knows whether to pack
// it.
type packer struct {
	http.ResponseWriter
	pool    *sync.Pool
	status  int
	held    []byte
	decided bool
	zip     *gzip.Writer // nil when the answer passes as it is
}

// WriteHeader notes the status; it leaves with the first bytes.
func (p *packer) WriteHeader(status int) {
	if p.decided || p.status != 0 {
		return
	}
	if status < http.StatusOK { // an interim answer, as 103
		p.ResponseWriter.WriteHeader(status)
		return
	}
	p.status = status
	if !p.packable() {
		p.decide(false)
	}
}

// Write packs, holds or passes b.
func (p *packer) Write(b []byte) (int, error) {
	if p.status == 0 {
		if p.Header().Get("Content-Type") == "" {
			p.Header().Set("Content-Type", http.DetectContentType(b))
		}
		p.WriteHeader(http.StatusOK)
	}
	if !p.decided {
		if len(p.held)+len(b) < worthwhile {
			p.held = append(p.held, b...)
			return len(b), nil
		}
		p.decide(true)
		if err := p.release(); err != nil {
			return 0, err
		}
	}
	if p.zip != nil {
		return p.zip.Write(b)
	}
	return p.ResponseWriter.Write(b)
}

// FlushError sends what there is; [http.ResponseController] calls it.
func (p *packer) FlushError() error {
	if p.status == 0 {
		p.WriteHeader(http.StatusOK)
	}
	if !p.decided {
		p.decide(false)
	}
	if err := p.release(); err != nil {
		return err
	}
	if p.zip != nil {
		if err := p.zip.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(p.ResponseWriter).Flush()
}

// Unwrap lets [http.ResponseController] reach the connection.
func (p *packer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// packable tells by the headers whether the answer is a whole text.
func (p *packer) packable() bool {
	h := p.Header()
	if p.status == http.StatusNoContent || p.status == http.StatusNotModified || p.status == http.StatusPartialContent {
		return false
	}
	if h.Get("Content-Encoding") != "" || h.Get("Content-Range") != "" {
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch kind {
	case "text/event-stream", "":
		return false
	case "application/json", "application/problem+json", "application/openapi+json", "application/javascript", "image/svg+xml":
		return true
	default:
		return strings.HasPrefix(kind, "text/")
	}
}

// decide sends the headers, once.
func (p *packer) decide(pack bool) {
	p.decided = true
	h := p.Header()
	if p.packable() {
		h.Add("Vary", "Accept-Encoding")
	}
	if pack {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		h.Del("Accept-Ranges")
		if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
			h.Set("ETag", "W/"+tag) // the bytes differ from those of the tag
		}
		p.zip = p.writer()
	}
	p.ResponseWriter.WriteHeader(p.status)
}

// writer takes a packer of bytes from the pool. The fastest level: a list of
// fifty conversations shrinks tenfold in a fifth of a millisecond.
func (p *packer) writer() *gzip.Writer {
	if z, ok := p.pool.Get().(*gzip.Writer); ok {
		z.Reset(p.ResponseWriter)
		return z
	}
	z, _ := gzip.NewWriterLevel(p.ResponseWriter, gzip.BestSpeed) // the level is valid
	return z
}

// release sends what was held back.
func (p *packer) release() error {
	held := p.held
	p.held = nil
	if len(held) == 0 {
		return nil
	}
	var err error
	if p.zip != nil {
		_, err = p.zip.Write(held)
	} else {
		_, err = p.ResponseWriter.Write(held)
	}
	return err
}

// close ends the answer: a short one leaves as it is.
func (p *packer) close() {
	if p.status == 0 {
		return // nothing was written: net/http answers 200, or a panic is on its way
	}
	if !p.decided {
		p.decide(false)
	}
	_ = p.release() // the client is gone: nobody to tell
	if p.zip != nil {
		_ = p.zip.Close()
		p.zip.Reset(nil)
		p.pool.Put(p.zip)
		p.zip = nil
	}
}
