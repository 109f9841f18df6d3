package yandexmarket

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// call tells whether an error ended a reading or a writing.
type call bool

const (
	reading call = false
	writing call = true
)

// defaultPause is waited when the remote side refuses for its limit and does
// not say until when.
const defaultPause = time.Minute

// written classes the error of a write; nil stays nil.
func (c *cabinet) written(err error) error {
	if err == nil {
		return nil
	}
	return c.failure(err, writing)
}

// failure classes an error of a call.
func (c *cabinet) failure(err error, how call) *channel.Error {
	return classify(err, how)
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
		if out.RetryAfter = e.RetryAfter; out.RetryAfter <= 0 {
			out.RetryAfter = defaultPause
		}
		return say(channel.Throttled, sellerdesk.ReasonThrottled, "Yandex Market asks to wait: the quota of this hour is used up.")
	case errors.Is(err, api.ErrOutcomeUnknown):
		out.Raw = []byte(e.Body)
		return say(channel.Unknown, sellerdesk.ReasonOutcomeUnknown, "It left, and Yandex Market did not confirm it.")
	case errors.Is(err, api.ErrUnauthorized), errors.Is(err, api.ErrForbidden):
		return credentials(out, e, how)
	case errors.Is(err, api.ErrNotFound):
		return say(channel.Gone, sellerdesk.ReasonGone, "Yandex Market no longer has it.")
	case errors.Is(err, api.ErrRefused):
		out.Class, out.Why = channel.Refused, refusal(e)
		return out
	case errors.Is(err, api.ErrTemporary):
		return say(channel.Temporary, sellerdesk.ReasonUnreachable, "Yandex Market does not answer at the moment.")
	case errors.Is(err, api.ErrMalformed):
		out.Raw = []byte(e.Body)
		return say(channel.Malformed, sellerdesk.ReasonMalformed, "The answer of Yandex Market was not understood.")
	case how == reading:
		return say(channel.Temporary, sellerdesk.ReasonUnreachable, "Yandex Market cannot be reached at the moment.")
	default:
		return say(channel.Unknown, sellerdesk.ReasonOutcomeUnknown, "It may have left, and Yandex Market did not confirm it.")
	}
}

// credentials is the class of what a key may not do. A key that may read and
// not write goes on reading, so that only its writes are refused: calling it
// unauthorized would stop the whole account.
func credentials(out *channel.Error, e *api.Error, how call) *channel.Error {
	out.Class = channel.Unauthorized
	say := func(code sellerdesk.ReasonCode, text string) *channel.Error {
		out.Why = sellerdesk.Why{Code: code, Text: sellerdesk.Optional(text)}
		return out
	}
	message := strings.ToLower(e.Message)
	switch {
	case errors.Is(e, api.ErrDisabled):
		return say(sellerdesk.ReasonRefused, apiDisabled)
	case strings.Contains(message, "scope") && how == writing:
		out.Class = channel.Refused
		return say(sellerdesk.ReasonReadOnly, "The key of this account may only read. Make one with the right \"Общение с покупателями\".")
	case strings.Contains(message, "scope"):
		return say(sellerdesk.ReasonScope, "The key of this account lacks the right \"Общение с покупателями\" (communication).")
	case strings.Contains(message, "no access to comment modifying"), strings.Contains(message, "no access to feedback modifying"):
		out.Class = channel.Refused
		return say(sellerdesk.ReasonRefused, "Yandex Market does not let this cabinet change these words.")
	case strings.Contains(message, "deprecated"):
		out.Class = channel.Refused
		return say(sellerdesk.ReasonRefused, "Yandex Market no longer offers this.")
	case errors.Is(e, api.ErrForbidden) && how == writing:
		out.Class = channel.Refused
		return say(sellerdesk.ReasonRefused, "Yandex Market does not allow this to the key of this account.")
	case errors.Is(e, api.ErrForbidden):
		return say(sellerdesk.ReasonScope, "Yandex Market does not let this key into the cabinet: it belongs to another one, or its rights were taken away.")
	default:
		return say(sellerdesk.ReasonCredentials, "Yandex Market does not accept the key: it was revoked, or not copied whole.")
	}
}

const apiDisabled = "Yandex Market has switched the API of this cabinet off, because all of its shops are switched off. Switch a shop on in the cabinet."

// refusal says a known refusal in our words and any other in theirs.
func refusal(e *api.Error) sellerdesk.Why {
	say := func(code sellerdesk.ReasonCode, format string, args ...any) sellerdesk.Why {
		return sellerdesk.Why{Code: code, Text: sellerdesk.Optional(fmt.Sprintf(format, args...))}
	}
	message := strings.ToLower(e.Message)
	switch {
	case strings.Contains(message, "duplicate comment"):
		return say(sellerdesk.ReasonRefused, "The same words stand there already.")
	case strings.Contains(message, "illegal url"):
		return say(sellerdesk.ReasonModeration, "Yandex Market takes no links to other sites and no contacts of the shop.")
	case e.Status == http.StatusRequestEntityTooLarge, strings.Contains(message, "too big"):
		return say(sellerdesk.ReasonFileTooLarge, "The file is larger than %d MB.", maxFile>>20)
	case strings.Contains(message, "cannot create a comment on another comment"):
		return say(sellerdesk.ReasonRefused, "Yandex Market takes no comment on a comment here.")
	case firstText(e.Message, e.Code) != "":
		return say(sellerdesk.ReasonRefused, "Yandex Market refuses it: %s", cut(firstText(e.Message, e.Code), 300))
	default:
		return say(sellerdesk.ReasonRefused, "Yandex Market refuses it and does not say why.")
	}
}

func refuse(code sellerdesk.ReasonCode, text string, cause error) *channel.Error {
	return &channel.Error{Class: channel.Refused, Why: sellerdesk.Why{Code: code, Text: sellerdesk.Optional(text)}, Err: cause}
}

func unauthorized(code sellerdesk.ReasonCode, format string, args ...any) *channel.Error {
	return &channel.Error{Class: channel.Unauthorized, Why: sellerdesk.Why{Code: code, Text: sellerdesk.Optional(fmt.Sprintf(format, args...))}}
}

func lost(text string) *channel.Error {
	return &channel.Error{Class: channel.Gone, Why: sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: sellerdesk.Optional(text)}}
}

func misunderstood(what string) *channel.Error {
	return &channel.Error{
		Class: channel.Malformed, Err: errors.New(what),
		Why: sellerdesk.Why{Code: sellerdesk.ReasonMalformed, Text: "The answer of Yandex Market was not understood."},
	}
}

// class is that of an error, "" for nil.
func class(err error) channel.Class {
	if err == nil {
		return ""
	}
	c, _ := channel.ClassOf(err)
	return c
}

// gone tells that a thing went away between two calls.
func gone(err error) bool { return class(err) == channel.Gone }
