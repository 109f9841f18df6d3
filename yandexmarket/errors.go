package yandexmarket

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// Outcome says what is proved about a request that ended in an error.
type Outcome string

// The outcomes.
const (
	OutcomeNotSent  Outcome = "not_sent"
	OutcomeAnswered Outcome = "answered"
	OutcomeUnknown  Outcome = "unknown"
)

// Sentinels for errors.Is.
var (
	ErrThrottled      = errors.New("too many requests")
	ErrUnauthorized   = errors.New("unauthorized")
	ErrForbidden      = errors.New("forbidden")
	ErrDisabled       = errors.New("the API is disabled for the cabinet")
	ErrNotFound       = errors.New("not found")
	ErrRefused        = errors.New("refused")
	ErrOutcomeUnknown = errors.New("outcome unknown")
	ErrNotSent        = errors.New("not sent")
	ErrMalformed      = errors.New("answer not understood")
	ErrTemporary      = errors.New("temporary failure")
)

// Error is every failure of a call. Code and Message are those of the remote side.
type Error struct {
	Op            string
	Status        int
	Code, Message string
	RetryAfter    time.Duration
	Outcome       Outcome
	kinds         []error
	cause         error
}

type remoteError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Error returns one line.
func (e *Error) Error() string {
	if e.Status == 0 || e.cause != nil {
		return fmt.Sprintf("%s: %v", e.Op, e.cause)
	}
	return fmt.Sprintf("%s: %d %.100q: %.300q", e.Op, e.Status, e.Code, e.Message)
}

// Is matches the sentinels.
func (e *Error) Is(target error) bool { return slices.Contains(e.kinds, target) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

func noAnswer(op string, write bool, f *rest.Failure) *Error {
	e := &Error{Op: op, Outcome: OutcomeUnknown, cause: errors.Unwrap(f), kinds: []error{ErrTemporary}}
	if e.cause == nil {
		e.cause = errors.New(f.Reason())
	}
	var busy *rest.BusyError
	switch {
	case errors.As(f, &busy):
		e.Outcome, e.RetryAfter, e.kinds = OutcomeNotSent, busy.After, []error{ErrNotSent, ErrThrottled}
	case f.Outcome == rest.NotSent:
		e.Outcome, e.kinds = OutcomeNotSent, []error{ErrNotSent, ErrTemporary}
	case write:
		e.kinds = []error{ErrOutcomeUnknown}
	}
	return e
}

func (c *Client) refusal(op string, write bool, resp *http.Response, body []byte) *Error {
	e := &Error{Op: op, Status: resp.StatusCode, Outcome: OutcomeAnswered}
	var env struct {
		Errors []remoteError `json:"errors"`
	}
	if json.Unmarshal(body, &env) == nil && len(env.Errors) > 0 {
		e.Code, e.Message = c.rest.Redact(env.Errors[0].Code), c.rest.Redact(env.Errors[0].Message)
	}
	switch {
	case e.Status == statusThrottled, e.Status == http.StatusTooManyRequests:
		e.kinds, e.RetryAfter = []error{ErrThrottled}, readHint(resp, time.Now()).RetryAfter
	case e.Status == http.StatusUnauthorized:
		e.kinds = []error{ErrUnauthorized}
	case e.Status == http.StatusForbidden:
		e.kinds = []error{ErrForbidden}
		if e.Code == "API_DISABLED" {
			e.kinds = append(e.kinds, ErrDisabled)
		}
	case e.Status == http.StatusNotFound:
		e.kinds = []error{ErrNotFound}
	case e.Status >= 500 && write:
		e.Outcome, e.kinds = OutcomeUnknown, []error{ErrOutcomeUnknown}
	case e.Status >= 500:
		e.kinds = []error{ErrTemporary}
	default:
		e.kinds = []error{ErrRefused}
	}
	return e
}
