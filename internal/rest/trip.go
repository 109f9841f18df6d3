package rest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// trip is one attempt on the wire.
type trip struct {
	c    *Client
	call Call
	body io.ReadCloser // nil until the request was made, or when there is none
	// asked and got tell whether the transport wanted a connection and had one; denied that the budget has let go no request that
	// is still to be observed. They are set from the transport's goroutines.
	asked, got, denied atomic.Bool
}

// send makes the round trip. On error it also says what is proved about the request.
func (t *trip) send(ctx context.Context) (*http.Response, Outcome, error) {
	ctx, cancel := context.WithCancel(ctx)
	req, err := t.request(ctx, cancel)
	if err != nil {
		cancel()
		return nil, NotSent, err
	}
	client := t.c.reads
	if t.call.Write || t.call.Once {
		client = t.c.writes
	}
	resp, err := client.Do(req)
	if err == nil {
		// The context must live until the body is read.
		resp.Body = &endingBody{ReadCloser: resp.Body, end: cancel}
		return resp, Answered, nil
	}
	cancel()
	// A transport that asked for a connection and never got one has sent nothing. One that never asked is not ours to judge.
	if t.asked.Load() && !t.got.Load() {
		return nil, NotSent, err
	}
	return nil, Unknown, err
}

func (t *trip) request(ctx context.Context, cancel context.CancelFunc) (*http.Request, error) {
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.onGetConn(ctx, cancel) },
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true) },
	})
	req, err := http.NewRequestWithContext(traced, t.call.Method, t.call.URL, nil)
	if err != nil {
		return nil, err
	}
	if t.call.Body != nil {
		// Set by hand there is no GetBody, without which net/http can never replay a write by itself.
		t.body = t.call.Body()
		req.Body, req.ContentLength = t.body, t.call.Length
		req.Header.Set("Content-Type", t.call.ContentType)
	}
	if t.call.Accept != "" {
		req.Header.Set("Accept", t.call.Accept)
	}
	if t.c.userAgent != "" {
		req.Header.Set("User-Agent", t.c.userAgent)
	}
	t.c.authorize(req)
	return req, nil
}

// close ends the reading of the body, which a transport may go on with after an early answer.
func (t *trip) close() {
	if t.body != nil {
		_ = t.body.Close()
	}
}

// onGetConn runs before every request that really goes out. The second one of a trip is a redirect, or net/http sending a read again
// because a kept connection was closed under it: the remote side counts that one too, so it has to wait for the budget too.
func (t *trip) onGetConn(ctx context.Context, cancel context.CancelFunc) {
	if !t.asked.Swap(true) {
		return
	}
	t.c.limiter.Observe(t.call.Bucket, nil)
	if t.c.limiter.Wait(ctx, t.call.Bucket) != nil {
		t.denied.Store(true)
		cancel()
	}
}

// endingBody ends the context of its request when it is closed.
type endingBody struct {
	io.ReadCloser
	end context.CancelFunc
}

func (b *endingBody) Close() error {
	err := b.ReadCloser.Close()
	b.end()
	return err
}
