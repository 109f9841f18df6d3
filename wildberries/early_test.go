package wildberries_test

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// newEarlyServer answers 400 after the first bytes and never reads the rest.
func newEarlyServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1024))
			_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	return "http://" + listener.Addr().String()
}

// watchedReader notes reads after returned is closed.
type watchedReader struct {
	from     io.Reader
	returned chan struct{}
	late     atomic.Bool
}

func (r *watchedReader) Read(p []byte) (int, error) {
	select {
	case <-r.returned:
		r.late.Store(true)
	default:
	}
	return r.from.Read(p)
}

// patternReader never ends.
type patternReader struct{}

func (*patternReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
