package radist

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

// Sentinels for errors.Is. An error may match several.
var (
	// ErrThrottled: a limit is used up: a 429, or a wait beyond the patience of
	// the budget. Error.RetryAfter says for how long.
	ErrThrottled = errors.New("too many requests")
	// ErrUnauthorized: the key is missing, wrong or revoked (401).
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the key is good and may not do this (403): it lacks the scope
	// or the company.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound: there is no such thing (404).
	ErrNotFound = errors.New("not found")
	// ErrShut: the chat takes no such message now (409): its window is closed, or
	// the balance is used up. [ChatsService.Availability] tells which. It is also
	// ErrRefused.
	ErrShut = errors.New("the chat takes no such message now")
	// ErrTooLarge: a file is larger than allowed (413, or found out before it
	// left). It is also ErrRefused.
	ErrTooLarge = errors.New("too large")
	// ErrRefused: the request was understood and turned down, by the remote
	// side or by a check before it left.
	ErrRefused = errors.New("refused")
	// ErrOutcomeUnknown: a write left, and there is no answer that tells whether
	// it worked. It must not be repeated blindly.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrNotSent: the request is proved not to have left this machine.
	ErrNotSent = errors.New("not sent")
	// ErrMalformed: an answer came that is not what was ever seen.
	ErrMalformed = errors.New("answer not understood")
	// ErrTemporary: trying again later may help and can do no harm. A write is
	// only this when it did not leave.
	ErrTemporary = errors.New("temporary failure")
)

// Error is every failure of a call. Fields hold what the remote side said and
// are empty where it said nothing.
type Error struct {
	// Op is the operation as "POST /companies/{company_id}/messaging/messages/",
	// "" for errors of New.
	Op string
	// Status is the HTTP status, 0 when no answer came.
	Status int
	// Message is what the body says, if anything readable was found in it. It is
	// for people and logs: tell errors apart by the sentinels.
	Message string
	// RetryAfter is how long to pause after ErrThrottled; 0 when not told.
	RetryAfter time.Duration
	// Body is the start of the answer, at most 2 KiB, without the key. It may
	// hold personal data: keep it out of logs.
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

// Error returns one line: operation, status and message.
func (e *Error) Error() string {
	parts := []string{e.Op}
	if e.Op == "" {
		parts[0] = "radist"
	}
	if e.Status != 0 {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	switch {
	case e.Message != "":
		parts = append(parts, oneLine(e.Message, longestErrorText))
	case e.cause != nil:
		parts = append(parts, oneLine(e.cause.Error(), longestErrorText))
	}
	switch {
	case slices.Contains(e.kinds, ErrOutcomeUnknown):
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
	e := &Error{Op: o.name(), cause: causeOf{f}, Outcome: OutcomeUnknown}
	var busy *rest.BusyError
	switch {
	case errors.As(f, &busy):
		e.Outcome, e.kinds, e.RetryAfter = OutcomeNotSent, []error{ErrNotSent, ErrThrottled}, busy.After
	case f.Outcome == rest.NotSent:
		e.Outcome, e.kinds = OutcomeNotSent, []error{ErrNotSent, ErrTemporary}
	case o.write():
		e.kinds = []error{ErrOutcomeUnknown}
	default:
		e.kinds = []error{ErrTemporary}
	}
	return e
}

// causeOf shows the reason of a failure without its operation, which the Error
// names already.
type causeOf struct{ failure *rest.Failure }

func (c causeOf) Error() string {
	if c.failure.Outcome == rest.NotSent {
		return "the request did not leave: " + c.failure.Reason()
	}
	return "no answer: " + c.failure.Reason()
}

func (c causeOf) Unwrap() error { return c.failure }

// misunderstood is an answer of good status whose body is broken.
func misunderstood(o operation, status int, body string, cause error) *Error {
	e := &Error{Op: o.name(), Status: status, Body: excerpt(body), Outcome: OutcomeAnswered, cause: cause}
	switch {
	case o.write():
		e.Outcome, e.kinds = OutcomeUnknown, []error{ErrOutcomeUnknown, ErrMalformed}
	case errors.Is(cause, rest.ErrTruncated):
		e.kinds = []error{ErrTemporary, ErrMalformed}
	default:
		e.kinds = []error{ErrMalformed}
	}
	return e
}

// refusal makes the Error of an answer that is no success. It never fails,
// whatever the body is.
func refusal(o operation, status int, retry time.Duration, body string) *Error {
	e := &Error{Op: o.name(), Status: status, Message: wordsOf(body), Body: excerpt(body), Outcome: OutcomeAnswered, RetryAfter: retry}
	e.kinds = classify(o, status)
	if slices.Contains(e.kinds, ErrOutcomeUnknown) {
		e.Outcome = OutcomeUnknown
	}
	return e
}

func classify(o operation, status int) []error {
	switch {
	case status == http.StatusTooManyRequests:
		return []error{ErrThrottled}
	case status == http.StatusUnauthorized:
		return []error{ErrUnauthorized}
	case status == http.StatusForbidden:
		return []error{ErrForbidden}
	case status == http.StatusNotFound, status == http.StatusGone:
		return []error{ErrNotFound}
	case status == statusShut:
		return []error{ErrShut, ErrRefused}
	case status == http.StatusRequestEntityTooLarge:
		return []error{ErrTooLarge, ErrRefused}
	// 408 and 499 come from proxies in between, which do not know how far a write got.
	case status >= 499, status == http.StatusRequestTimeout:
		if o.write() {
			return []error{ErrOutcomeUnknown}
		}
		return []error{ErrTemporary}
	case status >= 400:
		return []error{ErrRefused}
	case o.write():
		return []error{ErrMalformed, ErrOutcomeUnknown}
	default:
		return []error{ErrMalformed}
	}
}

// excerpt keeps the start of a body as valid text.
func excerpt(body string) string {
	return strings.ToValidUTF8(body[:min(len(body), keptErrorBody)], "")
}

// oneLine makes a foreign text fit for one line of a log or screen: blanks for
// line ends and control characters, no marks that turn the direction of
// writing, at most limit runes.
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
