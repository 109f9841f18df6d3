package wildberries

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentinels of what can be wrong with a call. Errors of the checks before sending are also ErrRefused and ErrNotSent; the remote side's own
// words for the same things match them too, where they can be told.
var (
	// ErrTextTooShort: the text is empty, blank or shorter than the document wants.
	ErrTextTooShort = errors.New("the text is too short")
	// ErrOutOfRange: a number, date or choice is outside of what the document allows.
	ErrOutOfRange = errors.New("a value is out of its range")
	// ErrNotOffered: this cannot be done with it now: the claim does not offer the action, the review no return.
	ErrNotOffered = errors.New("this is not offered")
	// ErrComment: a claim's decision lacks a comment, or has one where none is taken.
	ErrComment = errors.New("the comment does not fit the decision")
	// ErrNoSubscription: pinning needs a subscription or a tariff option that the seller has not bought (403).
	ErrNoSubscription = errors.New("there is no subscription or tariff option for this")
	// ErrServiceToken: the operation is for service tokens.
	ErrServiceToken = errors.New("this is for service tokens only")
	// ErrTooDense: more items share one second than the API lets anybody page through, so a list cannot be read completely.
	ErrTooDense = errors.New("too many items within one second")
)

// refuse is the answer of a check before anything left.
func refuse(o operation, cause error) error { return localError(o.name, cause, ErrRefused) }

// outOfRange says what is wrong with a value.
func outOfRange(format string, args ...any) error {
	return reason{ErrOutOfRange, fmt.Sprintf(format, args...)}
}

// checkID refuses what cannot be an id. Real ids are opaque; the remote side takes unknown ones without an error (quirk 2), so an empty one
// would look like success.
func checkID(o operation, id string) error {
	if id == "" || len(id) > longestID || !utf8.ValidString(id) || strings.ContainsFunc(id, notInIDs) {
		return localError(o.name, errors.New("this cannot be an id"), ErrNotFound, ErrRefused)
	}
	return nil
}

func notInIDs(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// checkText holds a text against its bounds in characters (runes); most 0 means none. Blanks around it do not count for the lower bound.
func checkText(o operation, text string, least, most int) error {
	switch n := utf8.RuneCountInString(text); {
	case !utf8.ValidString(text):
		return refuse(o, errors.New("the text is not valid UTF-8"))
	case strings.TrimSpace(text) == "":
		return refuse(o, reason{ErrTextTooShort, "there is no text"})
	case utf8.RuneCountInString(strings.TrimSpace(text)) < least:
		return refuse(o, reason{ErrTextTooShort, fmt.Sprintf("the text is shorter than %d characters", least)})
	case most > 0 && n > most:
		return refuse(o, reason{ErrTextTooLong, fmt.Sprintf("the text has %d characters, %d are allowed", n, most)})
	}
	return nil
}
