package wildberries

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// Outcome says what is proved about a request that ended in an error.
type Outcome string

// The outcomes.
const (
	OutcomeNotSent  Outcome = "not_sent" // it never left: sending it again is safe
	OutcomeAnswered Outcome = "answered" // the remote side answered
	OutcomeUnknown  Outcome = "unknown"  // it left, and nobody knows what became of it
)

// Sentinels for errors.Is. An error often matches several: a text that is too long is ErrTextTooLong, ErrRefused and ErrNotSent.
var (
	// ErrThrottled: the limit is spent: a 429, or a wait beyond the patience of the budget. Error.RetryAfter says for how long.
	ErrThrottled = errors.New("too many requests")
	// ErrUnauthorized: the token is bad, expired, lacks the category or is a test token (401).
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the token is good but may not do this (402, 403), read-only tokens included.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound: there is no such thing (404, an unknown file id).
	ErrNotFound = errors.New("not found")
	// ErrRefused: the request was understood and turned down, by the remote side or by a check before it left.
	ErrRefused = errors.New("refused")
	// ErrOutcomeUnknown: a write left, and there is no answer that tells whether it worked. It must not be repeated blindly.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrNotSent: the request is proved not to have left this machine.
	ErrNotSent = errors.New("not sent")
	// ErrMalformed: an answer came that is not what the document promises.
	ErrMalformed = errors.New("answer not understood")
	// ErrTemporary: trying again later may help and can do no harm. A write is only this when it did not leave.
	ErrTemporary = errors.New("temporary failure")
)

// Error is every failure of this package. Fields hold what the remote side said and are empty where it said nothing.
type Error struct {
	// Op is the operation as "GET /api/v1/seller/chats", "" for errors of New.
	Op string
	// Status is the HTTP status, 0 when no answer came.
	Status int
	// Code, Title, Detail, RequestID and Origin come from the body, whichever of its shapes it had. Detail also takes
	// errorText, additionalErrors and error of the older shapes.
	Code, Title, Detail, RequestID, Origin string
	// RetryAfter is how long to pause after ErrThrottled; 0 when not told.
	RetryAfter time.Duration
	// Body is the start of the answer, at most 2 KiB, without the token. It may hold personal data: keep it out of logs.
	Body string
	// Outcome tells whether the request left and was answered.
	Outcome Outcome

	kinds []error
	cause error
}

const (
	longestErrorBody = 64 << 10 // what is read of the body of an error
	keptErrorBody    = 2 << 10  // what is kept of it
	longestErrorText = 300      // what is shown of one field, in runes
)

// Error returns one line: operation, status, and what was said.
func (e *Error) Error() string {
	var parts []string
	if e.Op != "" {
		parts = append(parts, e.Op)
	} else {
		parts = append(parts, "wildberries")
	}
	if e.Status != 0 {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	switch {
	case e.Detail != "":
		parts = append(parts, oneLine(e.Detail, longestErrorText))
	case e.cause != nil:
		parts = append(parts, oneLine(e.cause.Error(), longestErrorText))
	case e.Title != "":
		parts = append(parts, oneLine(e.Title, longestErrorText))
	}
	switch {
	case e.Outcome == OutcomeUnknown && slices.Contains(e.kinds, ErrOutcomeUnknown):
		parts = append(parts, "whether it was done is unknown")
	case e.RetryAfter > 0:
		parts = append(parts, "again in "+e.RetryAfter.String())
	}
	return strings.Join(parts, ": ")
}

// Is matches the sentinels of this package.
func (e *Error) Is(target error) bool { return slices.Contains(e.kinds, target) }

// Unwrap returns the cause, so that context.Canceled and the like are found.
func (e *Error) Unwrap() error { return e.cause }

// localError is a refusal of our own, before anything left. Op may be "".
func localError(op string, cause error, kinds ...error) *Error {
	return &Error{Op: op, Outcome: OutcomeNotSent, cause: cause, kinds: append(kinds, ErrNotSent)}
}

// noAnswer turns a failure of the plumbing into an Error.
func noAnswer(o operation, f *rest.Failure) *Error {
	e := &Error{Op: o.name, cause: causeOf{f}, Outcome: OutcomeUnknown}
	var busy *rest.BusyError
	switch {
	case errors.As(f, &busy):
		e.Outcome, e.kinds, e.RetryAfter = OutcomeNotSent, []error{ErrNotSent, ErrThrottled}, busy.After
	case f.Outcome == rest.NotSent:
		e.Outcome, e.kinds = OutcomeNotSent, []error{ErrNotSent, ErrTemporary}
	case o.write:
		e.kinds = []error{ErrOutcomeUnknown}
	default:
		e.kinds = []error{ErrTemporary}
	}
	if errors.Is(f, rest.ErrFileLength) {
		e.kinds = append(e.kinds, ErrFile)
	}
	return e
}

// causeOf shows the reason of a failure without its operation, which the Error names already.
type causeOf struct{ failure *rest.Failure }

func (c causeOf) Error() string {
	if c.failure.Outcome == rest.NotSent {
		return "the request did not leave: " + c.failure.Reason()
	}
	return "no answer: " + c.failure.Reason()
}

func (c causeOf) Unwrap() error { return c.failure }

// misunderstood is an answer of good status whose body is broken.
func misunderstood(o operation, status int, body []byte, cause error) *Error {
	e := &Error{Op: o.name, Status: status, Body: excerpt(body), Outcome: OutcomeAnswered, cause: cause}
	truncated := errors.Is(cause, rest.ErrTruncated)
	switch {
	case o.write:
		e.Outcome, e.kinds = OutcomeUnknown, []error{ErrOutcomeUnknown, ErrMalformed}
	case truncated:
		e.kinds = []error{ErrTemporary, ErrMalformed}
	default:
		e.kinds = []error{ErrMalformed}
	}
	return e
}

// refusal makes the Error of an answer whose status is not a success. It never fails, whatever the body is.
func refusal(o operation, status int, header http.Header, body []byte) *Error {
	e := &Error{Op: o.name, Status: status, Body: excerpt(body), Outcome: OutcomeAnswered}
	e.read(header, body)
	e.kinds = e.classify(o)
	if slices.Contains(e.kinds, ErrOutcomeUnknown) {
		e.Outcome = OutcomeUnknown
	}
	return e
}

func (e *Error) classify(o operation) []error {
	switch {
	case e.Status == http.StatusTooManyRequests:
		return []error{ErrThrottled}
	case e.Status == http.StatusUnauthorized:
		return e.classifyToken()
	case e.Status == http.StatusPaymentRequired, e.Status == http.StatusForbidden:
		return e.classifyForbidden()
	case e.Status == http.StatusNotFound, e.Status == http.StatusGone:
		return []error{ErrNotFound}
	// 408 comes from proxies in between, which do not know how far the write got.
	case e.Status >= 500, e.Status == http.StatusRequestTimeout:
		if o.write {
			return []error{ErrOutcomeUnknown}
		}
		return []error{ErrTemporary}
	case e.Status >= 400:
		return e.classifyRefused(o)
	case o.write:
		return []error{ErrMalformed, ErrOutcomeUnknown}
	default:
		return []error{ErrMalformed}
	}
}

// classifyToken reads the detail, because a missing category answers 401 as a bad token does (quirk 7).
func (e *Error) classifyToken() []error {
	kinds := []error{ErrUnauthorized}
	switch detail := strings.ToLower(e.Detail); {
	case strings.Contains(detail, "scope not allowed"):
		kinds = append(kinds, ErrMissingCategory)
	case strings.Contains(detail, "expired"):
		kinds = append(kinds, ErrTokenExpired)
	}
	return kinds
}

func (e *Error) classifyForbidden() []error {
	kinds := []error{ErrForbidden}
	if strings.Contains(strings.ToLower(e.Title), "no active subscription") {
		kinds = append(kinds, ErrNoSubscription)
	}
	return kinds
}

func (e *Error) classifyRefused(o operation) []error {
	kinds := []error{ErrRefused}
	detail := strings.ToLower(e.Detail)
	switch {
	case o.bucket == BucketChatDownload && e.Status == http.StatusBadRequest:
		// An unknown file id answers 400 "invalid fileID".
		kinds = append(kinds, ErrNotFound)
	case o.single && (e.Status == http.StatusUnprocessableEntity || strings.Contains(detail, "невозможно получить")):
		// One question or review that does not exist answers 422.
		kinds = append(kinds, ErrNotFound)
	case strings.Contains(detail, "неправильный id"), strings.Contains(detail, "не удалось получить отзыв"):
		kinds = append(kinds, ErrNotFound)
	case strings.Contains(detail, "запрос на возврат покупок недоступен"):
		kinds = append(kinds, ErrNotOffered)
	case strings.Contains(detail, "invalid signature"):
		kinds = append(kinds, ErrReplySign)
	case strings.Contains(detail, "attachment too big"):
		kinds = append(kinds, ErrFileTooBig)
	case strings.Contains(detail, "unsupported mime type"):
		kinds = append(kinds, ErrFileType)
	}
	return kinds
}

// excerpt keeps the start of a body as valid text.
func excerpt(body []byte) string {
	if len(body) > keptErrorBody {
		body = body[:keptErrorBody]
	}
	return strings.ToValidUTF8(string(body), "")
}

// oneLine makes a foreign text fit for one line of a log or screen: blanks for line ends and control characters, no marks that
// turn the direction of writing, at most limit runes.
func oneLine(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		default:
			return r
		}
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit-1]) + "…"
	}
	return s
}
