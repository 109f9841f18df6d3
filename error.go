package sellerdesk

import (
	"errors"
	"fmt"
)

// Code classes an error for programs. One table in package server maps codes to
// HTTP statuses.
type Code string

// The codes, as programs outside see them.
const (
	CodeInvalid     Code = "invalid"     // the request makes no sense as it stands
	CodeNotFound    Code = "not_found"   // there is no such thing, or it may not be seen
	CodeConflict    Code = "conflict"    // it changed meanwhile, or exists already
	CodeForbidden   Code = "forbidden"   // no right to do this
	CodeUnsupported Code = "unsupported" // the remote side does not allow it now
	CodeLimited     Code = "limited"     // too much at once; later it will do
	CodeUnavailable Code = "unavailable" // something we need does not answer
	CodeInternal    Code = "internal"    // our fault
)

// Error is an expected outcome in words for a person. The wrapped cause is for
// the log and never shown.
type Error struct {
	Code    Code
	Message string // one clear sentence for a person, without secrets
	Field   string // name of the request field that is wrong, "" when none is
	Err     error  // cause, may be nil
}

// Errorf makes an Error with a sentence for a person.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// InField names the request field that is wrong.
func (e *Error) InField(name string) *Error { e.Field = name; return e }

// Because keeps the cause for the log.
func (e *Error) Because(err error) *Error { e.Err = err; return e }

// Error gives the sentence, with the cause behind it for the log.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf tells the code of err: that of the first Error in its chain, else
// [CodeInternal]; "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
