package channel

import (
	"errors"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Class is what the answer of a remote side means for the work that asked.
type Class string

// The classes. The table in the architecture tells what pull and send do.
const (
	Throttled    Class = "throttled"    // budget spent; wait RetryAfter
	Temporary    Class = "temporary"    // 5xx, or the request never left: safe to repeat
	Unknown      Class = "unknown"      // the request left and no answer came
	Unauthorized Class = "unauthorized" // credentials bad, ended, or without the right
	Refused      Class = "refused"      // understood, and no
	Gone         Class = "gone"         // the thing no longer exists
	Malformed    Class = "malformed"    // the answer is not understood
)

// Error is what a remote side said, classed by the adapter. Nobody else looks
// at statuses.
type Error struct {
	Class Class
	// Why is for a person: one clear sentence, without secrets.
	Why sellerdesk.Why
	// RetryAfter is how long the remote side asks to wait; zero when it did not.
	RetryAfter time.Duration
	// Raw is the answer as it came, at most 4 KB, kept for malformed ones.
	Raw []byte
	Err error // cause, for the log
}

// Error gives the sentence and the cause.
func (e *Error) Error() string {
	s := string(e.Class) + ": " + strings.TrimSuffix(string(e.Why.Text), ".")
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf tells the class of err and gives the classed error; "" and nil when
// no adapter classed it. Reading takes such an error as temporary, sending as
// unknown.
func ClassOf(err error) (Class, *Error) {
	var e *Error
	if errors.As(err, &e) {
		return e.Class, e
	}
	return "", nil
}
