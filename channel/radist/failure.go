package radist

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// call tells whether an error ended a reading or a writing.
type call bool

const (
	reading call = false
	writing call = true
)

// defaultPause is waited when the gateway refuses for its limit and does not say
// until when.
const defaultPause = 2 * time.Second

// classify gives an error of the client its class and its sentence. A write that
// was answered with 5xx may have been done all the same, so it is unknown like
// one that was not answered.
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
		return say(channel.Throttled, sellerdesk.ReasonThrottled, "Radist.Online asks to wait: its limit is used up.")
	case errors.Is(err, api.ErrOutcomeUnknown):
		out.Raw = []byte(e.Body)
		return say(channel.Unknown, sellerdesk.ReasonOutcomeUnknown, "It left, and Radist.Online did not confirm it.")
	case errors.Is(err, api.ErrUnauthorized):
		return say(channel.Unauthorized, sellerdesk.ReasonCredentials, "Radist.Online does not accept the key: it was revoked, or not copied whole.")
	case errors.Is(err, api.ErrForbidden) && how == writing:
		return say(channel.Refused, sellerdesk.ReasonScope, "Radist.Online does not allow this to the key of this account: it lacks a scope.")
	case errors.Is(err, api.ErrForbidden):
		return say(channel.Unauthorized, sellerdesk.ReasonScope, "The key of this account lacks the scope messaging, or does not open this company.")
	case errors.Is(err, api.ErrNotFound):
		return say(channel.Gone, sellerdesk.ReasonGone, "Radist.Online no longer has it.")
	case errors.Is(err, api.ErrShut):
		out.Class, out.Why = channel.Refused, shut(e)
		return out
	case errors.Is(err, api.ErrRefused):
		out.Class, out.Why = channel.Refused, refusal(e)
		return out
	case errors.Is(err, api.ErrTemporary):
		return say(channel.Temporary, sellerdesk.ReasonUnreachable, "Radist.Online does not answer at the moment.")
	case errors.Is(err, api.ErrMalformed):
		out.Raw = []byte(e.Body)
		return say(channel.Malformed, sellerdesk.ReasonMalformed, "The answer of Radist.Online was not understood.")
	case how == reading:
		return say(channel.Temporary, sellerdesk.ReasonUnreachable, "Radist.Online cannot be reached at the moment.")
	default:
		return say(channel.Unknown, sellerdesk.ReasonOutcomeUnknown, "It may have left, and Radist.Online did not confirm it.")
	}
}

// written classes the error of a write; nil stays nil.
func written(err error) error {
	if err == nil {
		return nil
	}
	return classify(err, writing)
}

// asWrite makes the error of a reading that came before a write say that nothing
// was sent.
func asWrite(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && (e.Class == channel.Malformed || e.Class == channel.Unknown) {
		safe := *e
		safe.Class = channel.Temporary
		return &safe
	}
	return err
}

// refusal says a known refusal in our words and any other in theirs.
func refusal(e *api.Error) sellerdesk.Why {
	if w, ok := whyOfCode(api.Message{ErrorText: e.Message}.WABACode()); ok {
		return w
	}
	switch words := firstText(e.Message, causeOf(e)); {
	case errors.Is(e, api.ErrTooLarge):
		return why(sellerdesk.ReasonFileTooLarge, "The file is larger than %d MB.", maxFile>>20)
	case words != "":
		return why(sellerdesk.ReasonRefused, "Radist.Online refuses it: %s.", strings.TrimSuffix(cut(words, 300), "."))
	default:
		return why(sellerdesk.ReasonRefused, "Radist.Online refuses it and does not say why.")
	}
}

// causeOf is the sentence of a refusal of the client, which never left.
func causeOf(e *api.Error) string {
	if cause := errors.Unwrap(e); cause != nil && errors.Is(e, api.ErrNotSent) {
		return cause.Error()
	}
	return ""
}

// shut says which of the two things that close a chat did, by the words of the
// answer; [connector.shutNow] asks.
func shut(e *api.Error) sellerdesk.Why {
	if w, ok := whyOfCode(api.Message{ErrorText: e.Message}.WABACode()); ok {
		return w
	}
	return windowShut()
}

func windowShut() sellerdesk.Why {
	return why(sellerdesk.ReasonWindowShut, "The window is closed: only an approved template can be sent.")
}

func balanceUsed() sellerdesk.Why {
	return why(sellerdesk.ReasonBalance, "The balance of the messenger is used up: nothing can be sent until it is topped up.")
}

// whyOfCode says what a number of WhatsApp means; ok is false for 0 and numbers
// without a sentence.
func whyOfCode(code api.WABACode) (w sellerdesk.Why, ok bool) {
	switch code {
	case api.CodeWindowClosed:
		return windowShut(), true
	case api.CodePayment:
		return balanceUsed(), true
	case api.CodeUndeliverable:
		return why(sellerdesk.ReasonNoMessenger, "The messenger could not deliver it: the number has no such messenger, or cannot get this message."), true
	case api.CodeMediaDownload, api.CodeMediaUpload:
		return why(sellerdesk.ReasonFileRefused, "The messenger does not take this file: it is too large for it, or of another type."), true
	case api.CodeUnsupportedType:
		return why(sellerdesk.ReasonRefused, "The messenger does not take messages of this type."), true
	case api.CodeParameterCount, api.CodeParameterFormat, api.CodeTextTooLong:
		return why(sellerdesk.ReasonTemplate, "The template is not filled in as it was approved (%d).", code), true
	case api.CodeTemplateMissing:
		return why(sellerdesk.ReasonTemplate, "There is no such approved template in this language."), true
	case api.CodeTemplatePaused:
		return why(sellerdesk.ReasonTemplate, "WhatsApp has paused this template."), true
	case api.CodeTemplateDisabled:
		return why(sellerdesk.ReasonTemplate, "WhatsApp has switched this template off."), true
	case api.CodePolicy:
		return why(sellerdesk.ReasonTemplate, "WhatsApp holds that this breaks its policy."), true
	case api.CodeWithheld, api.CodeStoppedMarketing:
		return why(sellerdesk.ReasonRefused, "WhatsApp withheld it: this person gets no advertising now."), true
	case api.CodeThroughput, api.CodeTooManyToOne, api.CodeSpamLimit:
		return why(sellerdesk.ReasonThrottled, "WhatsApp holds that too many messages were sent. Send it again later."), true
	case api.CodeAccountLocked, api.CodeBlocked, api.CodeTokenExpired:
		return why(sellerdesk.ReasonCredentials, "WhatsApp has locked the number of this connection, or lost its access (%d).", code), true
	default:
		return sellerdesk.Why{}, false
	}
}

func why(code sellerdesk.ReasonCode, format string, args ...any) sellerdesk.Why {
	return sellerdesk.Why{Code: code, Text: sellerdesk.Optional(fmt.Sprintf(format, args...))}
}

func refuse(code sellerdesk.ReasonCode, text string, cause error) *channel.Error {
	return &channel.Error{Class: channel.Refused, Why: sellerdesk.Why{Code: code, Text: sellerdesk.Optional(text)}, Err: cause}
}

func unauthorized(code sellerdesk.ReasonCode, format string, args ...any) *channel.Error {
	return &channel.Error{Class: channel.Unauthorized, Why: why(code, format, args...)}
}

func lost(text string) *channel.Error {
	return &channel.Error{Class: channel.Gone, Why: sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: sellerdesk.Optional(text)}}
}
