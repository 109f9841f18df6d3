package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
)

// Problem is an error as RFC 9457 has it, with our code and the request field
// that is wrong.
type Problem struct {
	Status int                 `json:"status" doc:"HTTP status"`
	Code   sellerdesk.Code     `json:"code" doc:"Class of the error, for programs"`
	Title  string              `json:"title" doc:"What the code means; the same for every error of the code"`
	Detail string              `json:"detail" doc:"One sentence for a person"`
	Field  sellerdesk.Optional `json:"field" doc:"Name of the request field that is wrong"`
}

// outcome is how a code travels.
type outcome struct {
	status int
	title  string
}

// outcomeOf is the table from codes to statuses. An unsupported action is a
// conflict with the state of the thing: the same request may be right later,
// while an invalid one never is.
func outcomeOf(c sellerdesk.Code) outcome {
	switch c {
	case sellerdesk.CodeInvalid:
		return outcome{http.StatusUnprocessableEntity, "The request is not valid"}
	case sellerdesk.CodeNotFound:
		return outcome{http.StatusNotFound, "Not found"}
	case sellerdesk.CodeConflict:
		return outcome{http.StatusConflict, "Conflict"}
	case sellerdesk.CodeForbidden:
		return outcome{http.StatusForbidden, "Not allowed"}
	case sellerdesk.CodeUnsupported:
		return outcome{http.StatusConflict, "Not possible now"}
	case sellerdesk.CodeLimited:
		return outcome{http.StatusTooManyRequests, "Too many requests"}
	case sellerdesk.CodeUnavailable:
		return outcome{http.StatusServiceUnavailable, "Not available"}
	default:
		return outcome{http.StatusInternalServerError, "Internal error"}
	}
}

// retryAfter is when to come back after limited or unavailable, in seconds.
const retryAfter = "5"

// Problem answers with err. What is not for the person (causes, and errors
// without a code) goes to the log under the request id and no further.
func (s *Server) Problem(w http.ResponseWriter, r *http.Request, err error) {
	p := s.Describe(r.Context(), err)
	for name, values := range p.Headers() {
		w.Header()[name] = values
	}
	p.write(w)
}

// Describe is the problem that an error is to the one who asks. Internal
// errors are logged here.
func (s *Server) Describe(ctx context.Context, err error) Problem {
	code, detail, field := sellerdesk.CodeOf(err), "", ""
	var told *sellerdesk.Error
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return NewProblem(http.StatusRequestEntityTooLarge, sellerdesk.CodeInvalid, "The request is too large.", "")
	case errors.As(err, &told):
		detail, field = told.Message, told.Field
	}
	if told == nil && ctx.Err() != nil {
		code, detail = sellerdesk.CodeUnavailable, "The request was cancelled."
	}
	status := outcomeOf(code).status
	switch {
	case code == sellerdesk.CodeInternal:
		s.log.ErrorContext(ctx, "request failed", slog.String("request", RequestID(ctx)), slog.Any("err", err))
		detail = "Something went wrong on our side; the log tells more under request " + RequestID(ctx) + "."
	case told != nil && told.Err != nil:
		s.log.DebugContext(ctx, "request refused", slog.String("request", RequestID(ctx)), slog.Any("err", err))
	}
	if _, known := Actor(ctx); code == sellerdesk.CodeForbidden && !known {
		status = http.StatusUnauthorized
	}
	return NewProblem(status, code, detail, field)
}

// NewProblem makes a problem whose status is not that of its code, as one that
// is found before an operation is asked.
func NewProblem(status int, code sellerdesk.Code, detail, field string) Problem {
	return Problem{
		Status: status, Code: code, Title: outcomeOf(code).title,
		Detail: detail, Field: sellerdesk.Optional(field),
	}
}

// Headers are those that go with the status; it may be nil.
func (p Problem) Headers() http.Header {
	switch p.Status {
	case http.StatusUnauthorized:
		return http.Header{"Www-Authenticate": {`Bearer realm="sellerdesk"`}}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return http.Header{"Retry-After": {retryAfter}}
	default:
		return nil
	}
}

func (p Problem) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Length")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client is gone: nobody to tell
}

func writeProblem(w http.ResponseWriter, status int, code sellerdesk.Code, detail, field string) {
	NewProblem(status, code, detail, field).write(w)
}
