package wildberries

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// operation is one method of the document.
type operation struct {
	name     string // as errors and logs show it
	method   string
	family   Family
	path     string // escaped
	query    url.Values
	bucket   string
	category Category // 0: any token
	write    bool
	once     bool // not even a read is repeated
	single   bool // asks for one thing, which may not exist
	timeout  time.Duration
	accept   string
}

const (
	// largestAnswer bounds JSON answers. The chat list comes in one piece: about 600 bytes for each of the seller's chats.
	largestAnswer = 64 << 20
	readTimeout   = time.Minute
	acceptJSON    = "application/json, application/problem+json"
)

// send performs an operation and hands a successful answer to accept, which closes the body or keeps it. Every error is an *Error.
func (c *Client) send(ctx context.Context, o operation, body *upload, accept func(*http.Response) error) error {
	if err := c.allow(o); err != nil {
		return err
	}
	address := c.address(o.family, o.path)
	if len(o.query) > 0 {
		address += "?" + o.query.Encode()
	}
	call := rest.Call{
		Op: o.name, Method: o.method, URL: address, Bucket: o.bucket, Write: o.write, Once: o.once, Timeout: o.timeout,
		Accept: o.accept,
	}
	if body != nil {
		// Only writes have bodies, which are sent once.
		call.Body = func() io.ReadCloser { return body }
		call.Length, call.ContentType = body.length, body.contentType
	}
	err := c.rest.Do(ctx, call, func(resp *http.Response) error {
		if resp.StatusCode >= 200 && resp.StatusCode < 300 {
			return accept(resp)
		}
		return c.refused(o, resp)
	})
	var failure *rest.Failure
	if errors.As(err, &failure) {
		return noAnswer(o, failure)
	}
	return err
}

// refused reads the body of an error. What is broken about it does not matter: the status says enough.
func (c *Client) refused(o operation, resp *http.Response) error {
	body, _ := rest.ReadBody(resp, longestErrorBody)
	return refusal(o, resp.StatusCode, resp.Header, []byte(c.rest.Redact(string(body))))
}

// json performs an operation whose answer is decoded into out.
func (c *Client) json(ctx context.Context, o operation, body *upload, out any) error {
	o.accept = acceptJSON
	if o.timeout == 0 && !o.write {
		o.timeout = readTimeout
	}
	return c.send(ctx, o, body, func(resp *http.Response) error {
		answer, err := rest.ReadBody(resp, largestAnswer)
		if err == nil {
			err = rest.DecodeJSON(resp.Header, answer, out)
		}
		if err != nil {
			return misunderstood(o, resp.StatusCode, []byte(c.rest.Redact(string(answer[:min(len(answer), longestErrorBody)]))), err)
		}
		return nil
	})
}

// upload is a streamed body of known length.
type upload struct {
	io.ReadCloser
	length      int64
	contentType string
}
