package wildberries

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// call tells whether an error ended a reading or a writing.
type call bool

const (
	reading call = false
	writing call = true
)

// defaultPause is waited when the remote side refuses for its limit and does
// not say for how long.
const defaultPause = 5 * time.Second

// failure classes an error of a call that was counted in a bucket.
func (c *cabinet) failure(err error, how call, bucket string) *channel.Error {
	e := classify(err, how)
	if e.Class == channel.Unauthorized && e.Why.Code == sellerdesk.ReasonScope && c.hasOther(categoryOf(bucket)) {
		e.Class = channel.Refused // the rest of the account goes on
	}
	ended := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	if e.Class != channel.Temporary || !ended {
		return e
	}
	// The call ended before it left. When its bucket is empty, it was waiting for its turn.
	for _, b := range c.budget.Snapshot() {
		if pause := b.NextFreeAt.Sub(c.clock.Now()); b.Bucket == bucket && b.Remaining == 0 && pause > 0 {
			e.Class, e.RetryAfter = channel.Throttled, pause
			e.Why = sellerdesk.Why{Code: sellerdesk.ReasonThrottled, Text: "The request limit of Wildberries is used up for the moment."}
		}
	}
	return e
}

// hasOther tells whether the token may have another category than this; false
// for the calls that need none.
func (c *cabinet) hasOther(category api.Category) bool {
	return category != 0 && slices.ContainsFunc(categories(), func(other api.Category) bool { return other != category && c.may(other) })
}

// classify gives an error of the client its class and its sentence. A write
// that was answered with 5xx may have been done all the same, so it is unknown
// like one that was not answered.
func classify(err error, how call) *channel.Error {
	out := &channel.Error{Err: err}
	say := func(class channel.Class, code sellerdesk.ReasonCode, text string) *channel.Error {
		out.Class, out.Why = class, sellerdesk.Why{Code: code, Text: sellerdesk.Optional(text)}
		return out
	}
	var e *api.Error
	if !errors.As(err, &e) {
		e = &api.Error{}
	}
	switch {
	case errors.Is(err, api.ErrThrottled):
		out.RetryAfter = e.RetryAfter
		if out.RetryAfter <= 0 {
			out.RetryAfter = defaultPause
		}
		return say(channel.Throttled, sellerdesk.ReasonThrottled, "Wildberries asks to wait.")
	case errors.Is(err, api.ErrOutcomeUnknown):
		out.Raw = []byte(e.Body)
		return say(channel.Unknown, sellerdesk.ReasonOutcomeUnknown, "It left, and Wildberries did not confirm it.")
	case errors.Is(err, api.ErrUnauthorized), errors.Is(err, api.ErrForbidden):
		return credentials(out, err, e, how)
	case errors.Is(err, api.ErrNotFound):
		return say(channel.Gone, sellerdesk.ReasonGone, "Wildberries no longer has it.")
	case errors.Is(err, api.ErrRefused):
		out.Class, out.Why = channel.Refused, refusal(err, e)
		return out
	case errors.Is(err, api.ErrTemporary):
		return say(channel.Temporary, sellerdesk.ReasonUnreachable, "Wildberries does not answer at the moment.")
	case errors.Is(err, api.ErrMalformed):
		out.Raw = []byte(e.Body)
		return say(channel.Malformed, sellerdesk.ReasonMalformed, "The answer of Wildberries was not understood.")
	case how == writing:
		return say(channel.Unknown, sellerdesk.ReasonOutcomeUnknown, "It may have left, and Wildberries did not confirm it.")
	default:
		return say(channel.Temporary, sellerdesk.ReasonUnreachable, "Wildberries cannot be reached at the moment.")
	}
}

// credentials is the class of what a token may not do. A token that may read
// and not write goes on reading, so that only its writes are refused: calling
// it unauthorized would stop the whole account.
func credentials(out *channel.Error, err error, e *api.Error, how call) *channel.Error {
	out.Class = channel.Unauthorized
	say := func(code sellerdesk.ReasonCode, text string) *channel.Error {
		out.Why = sellerdesk.Why{Code: code, Text: sellerdesk.Optional(text)}
		return out
	}
	switch {
	case errors.Is(err, api.ErrReadOnly):
		out.Class = channel.Refused
		return say(sellerdesk.ReasonReadOnly, "The token may only read. Make one that may also write.")
	case errors.Is(err, api.ErrTokenExpired):
		return say(sellerdesk.ReasonExpired, "The token has expired. Make a new one in the seller portal.")
	case errors.Is(err, api.ErrMissingCategory):
		return say(sellerdesk.ReasonScope, "Wildberries does not let this token in here: its category is missing, or it is a test token.")
	case errors.Is(err, api.ErrBadToken):
		return say(sellerdesk.ReasonCredentials, "This is not a Wildberries token: copy it whole, it has three parts with dots between.")
	case errors.Is(err, api.ErrNoSubscription):
		out.Class = channel.Refused
		return say(sellerdesk.ReasonRefused, noSubscription)
	case errors.Is(err, api.ErrForbidden) && e.Status == 402:
		return say(sellerdesk.ReasonScope, "Wildberries asks for payment before it lets this token in.")
	case errors.Is(err, api.ErrForbidden) && how == writing:
		out.Class = channel.Refused
		return say(sellerdesk.ReasonReadOnly, "Wildberries does not let this token write.")
	case errors.Is(err, api.ErrForbidden):
		return say(sellerdesk.ReasonScope, "Wildberries does not let this token in.")
	default:
		return say(sellerdesk.ReasonCredentials, "Wildberries does not accept the token: it was revoked, or not copied whole.")
	}
}

// refusal says a known refusal in our words and any other in theirs.
func refusal(err error, e *api.Error) sellerdesk.Why {
	say := func(code sellerdesk.ReasonCode, format string, args ...any) sellerdesk.Why {
		return sellerdesk.Why{Code: code, Text: sellerdesk.Optional(fmt.Sprintf(format, args...))}
	}
	switch {
	case errors.Is(err, api.ErrNothingSaid):
		return say(sellerdesk.ReasonRefused, "There is nothing to send.")
	case errors.Is(err, api.ErrTextTooLong):
		return say(sellerdesk.ReasonRefused, "The text is longer than %d characters.", api.MaxTextLength)
	case errors.Is(err, api.ErrFileTooBig):
		return say(sellerdesk.ReasonFileTooLarge, "A file is larger than %d MB.", api.MaxFileSize>>20)
	case errors.Is(err, api.ErrFilesTooBig):
		return say(sellerdesk.ReasonFileTooLarge, "The files are larger than %d MB together.", api.MaxFilesSize>>20)
	case errors.Is(err, api.ErrFileType):
		return say(sellerdesk.ReasonFileRefused, "Wildberries takes JPEG, PNG and PDF files only.")
	case errors.Is(err, api.ErrFile):
		return say(sellerdesk.ReasonFileUnreadable, "A file cannot be read.")
	case errors.Is(err, api.ErrReplySign):
		return say(sellerdesk.ReasonRefused, "Wildberries refuses the signature of this chat. Try again in a minute.")
	case errors.Is(err, api.ErrNotOffered), strings.Contains(e.Detail, "Запрос на возврат покупок недоступен"):
		return say(sellerdesk.ReasonRefused, "Wildberries does not allow this any more.")
	case strings.Contains(e.Detail, "Не удалось отредактировать вопрос"):
		return say(sellerdesk.ReasonRefused, "Wildberries does not change this answer: it can be edited once, within 60 days.")
	case strings.Contains(e.Detail, "Не удалось выполнить запрос на возврат покупок"):
		return say(sellerdesk.ReasonRefused, "Wildberries could not ask the goods back.")
	case strings.Contains(e.Detail, "is not allowed for this claim"):
		return say(sellerdesk.ReasonRefused, "This claim does not allow this decision any more.")
	case strings.Contains(e.Detail, `Invalid value for "message"`):
		return say(sellerdesk.ReasonRefused, "Wildberries does not accept this text. It may hold %d characters.", api.MaxTextLength)
	case firstText(e.Detail, e.Title) != "":
		return say(sellerdesk.ReasonRefused, "Wildberries refuses it: %s", cut(firstText(e.Detail, e.Title), 300))
	default:
		return say(sellerdesk.ReasonRefused, "Wildberries refuses it and does not say why.")
	}
}

func unauthorized(code sellerdesk.ReasonCode, format string, args ...any) *channel.Error {
	text := sellerdesk.Optional(fmt.Sprintf(format, args...))
	return &channel.Error{Class: channel.Unauthorized, Why: sellerdesk.Why{Code: code, Text: text}}
}

// cut shortens a foreign text to limit characters.
func cut(s string, limit int) string {
	runes := 0
	for i := range s {
		if runes == limit {
			return s[:i] + "…"
		}
		runes++
	}
	return s
}
