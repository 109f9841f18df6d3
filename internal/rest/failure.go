package rest

import (
	"errors"
	"fmt"
	"net/url"
)

// Outcome says what is proved about a request.
type Outcome int

// The outcomes. The zero value is the careful one.
const (
	Unknown  Outcome = iota // it may have arrived
	NotSent                 // it is proved never to have left
	Answered                // an answer came
)

// Failure is a call that got no answer. Its text is one line without address and secrets.
type Failure struct {
	Op      string
	Outcome Outcome
	err     error
	text    string
}

func (c *Client) failure(call Call, outcome Outcome, err error) *Failure {
	err = plain(err)
	return &Failure{Op: call.Op, Outcome: outcome, err: err, text: c.redact(err.Error())}
}

// plain drops the wrapper of net/http, which repeats the method and spells out the address with its query.
func plain(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// Error returns the operation, what is known of the request, and the cause.
func (f *Failure) Error() string {
	switch f.Outcome {
	case NotSent:
		return fmt.Sprintf("%s: request did not leave: %s", f.Op, f.text)
	default:
		return fmt.Sprintf("%s: no answer: %s", f.Op, f.text)
	}
}

// Reason returns the cause alone, as one line.
func (f *Failure) Reason() string { return f.text }

// Unwrap returns the cause, for errors.Is with context.Canceled and the like.
func (f *Failure) Unwrap() error { return f.err }
