package wildberries

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// envelope is what the answers about questions, feedbacks and pins come in. Those of pins have data only.
type envelope struct {
	Data             json.RawMessage `json:"data"`
	Error            looseText       `json:"error"`
	ErrorText        looseText       `json:"errorText"`
	AdditionalErrors looseTexts      `json:"additionalErrors"`
	RequestID        looseText       `json:"requestId"`
	Next             json.RawMessage `json:"next"` // pins
}

// failed tells that the answer is an error although its status is good.
func (e envelope) failed() bool {
	return e.Error != "" && e.Error != "false" && e.Error != "null" && e.Error != "0"
}

// refusal is the Error of such an answer.
func (e envelope) refusal(o operation) *Error {
	failure := &Error{Op: o.name, Status: http.StatusOK, RequestID: string(e.RequestID), Outcome: OutcomeAnswered}
	failure.Detail = errorBody{Error: e.Error, ErrorText: e.ErrorText, AdditionalErrors: e.AdditionalErrors}.detail()
	failure.kinds = failure.classifyRefused(o)
	return failure
}

// enveloped performs an operation and decodes the data of its answer into out.
func (c *Client) enveloped(ctx context.Context, o operation, body *upload, out any) (envelope, error) {
	var e envelope
	if err := c.json(ctx, o, body, &e); err != nil {
		return e, err
	}
	if e.failed() {
		return e, e.refusal(o)
	}
	if isNull(e.Data) {
		if o.single {
			return e, &Error{Op: o.name, Status: http.StatusOK, Outcome: OutcomeAnswered, kinds: []error{ErrRefused, ErrNotFound}}
		}
		// Taking this for an empty list or a zero would hide that something is wrong over there.
		return e, misunderstood(o, http.StatusOK, nil, fmt.Errorf("%w: there is no data", rest.ErrMalformed))
	}
	if err := rest.DecodeJSON(nil, e.Data, out); err != nil {
		return e, misunderstood(o, http.StatusOK, []byte(c.rest.Redact(string(e.Data[:min(len(e.Data), longestErrorBody)]))), err)
	}
	return e, nil
}

// perform sends a write whose good answer is empty or an envelope without data.
func (c *Client) perform(ctx context.Context, o operation, body *upload) error {
	o.accept, o.timeout = acceptJSON, readTimeout
	return c.send(ctx, o, body, func(resp *http.Response) error {
		answer, err := rest.ReadBody(resp, longestErrorBody)
		var e envelope
		if err == nil && len(bytes.TrimSpace(answer)) > 0 {
			err = rest.DecodeJSON(resp.Header, answer, &e)
		}
		if err != nil {
			return misunderstood(o, resp.StatusCode, []byte(c.rest.Redact(string(answer))), err)
		}
		if e.failed() {
			return e.refusal(o)
		}
		return nil
	})
}

// jsonBody makes the body of a write.
func jsonBody(v any) (*upload, error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return &upload{
		ReadCloser: io.NopCloser(bytes.NewReader(encoded)), length: int64(len(encoded)), contentType: "application/json",
	}, nil
}

// warn tells the log that an answer was good only in part. Texts of the answer stay out.
func (c *Client) warn(ctx context.Context, o operation, said []string, bad []Malformed) {
	if len(said)+len(bad) > 0 {
		c.log.WarnContext(ctx, "answer is good only in part", "op", o.name, "errors", len(said), "malformed", len(bad))
	}
}
