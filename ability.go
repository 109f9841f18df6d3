package sellerdesk

import "slices"

// ActionKind names something that can be done with a conversation or message.
type ActionKind string

// Actions at the remote side; they leave through the outbox.
const (
	ActionReply  ActionKind = "reply"  // a line of a chat
	ActionAnswer ActionKind = "answer" // the public answer to a question or review
)

// Changes of ours only; no remote side hears of them.
const (
	ActionMarkRead       ActionKind = "read"
	ActionNoAnswerNeeded ActionKind = "no_answer_needed"
	ActionClose          ActionKind = "close"
	ActionReopen         ActionKind = "reopen"
	ActionResend         ActionKind = "resend"   // of a refused or unknown message: a person repeats it
	ActionWithdraw       ActionKind = "withdraw" // of a message that has not left, or whose fate a person accepts
	ActionCheck          ActionKind = "check"    // of an unknown message: read the remote side again
)

// Ability is one thing that may be done, with its limits. Where Reason is set
// it may not be done now, and Reason says why, for a person.
type Ability struct {
	Action    ActionKind  `json:"action"`
	MaxLength *int        `json:"max_length"` // characters of text; nil: no text or no limit
	Files     *FileLimits `json:"files"`      // nil: no files
	Until     *Time       `json:"until"`
	Reason    Optional    `json:"reason"`
	// ReasonCode lets a screen say Reason in its own language.
	ReasonCode ReasonCode `json:"reason_code"`
}

// FileLimits bounds the files of one message.
type FileLimits struct {
	Max       int      `json:"max"`        // how many
	MaxSize   int64    `json:"max_size"`   // bytes each
	TotalSize int64    `json:"total_size"` // bytes together
	Types     []string `json:"types"`      // media types by content
}

// KindAbilities is what a channel can do with one kind of conversation.
type KindAbilities struct {
	Kind Kind      `json:"kind"`
	Can  []Ability `json:"can"`
}

// Facts narrow what a channel can do to what may be done now.
type Facts struct {
	AccountState  AccountState
	AccountReason Why
	ReadOnly      bool // the credentials may only read
	Status        ConversationStatus
	NeedsAnswer   bool
	Unread        bool
	// Shut says why the remote side takes nothing for this conversation; empty when it does.
	Shut Why
}

// Abilities is what may be done now with a conversation of a channel whose
// table for the kind is given. It is the only place that decides this: screens
// draw from it and desk refuses what it does not allow.
func Abilities(table []Ability, f Facts) []Ability {
	out := make([]Ability, 0, len(table)+4)
	why := refusal(f)
	for _, a := range table {
		a.Reason, a.ReasonCode = why.Text, why.Code
		out = append(out, a)
	}
	if f.Unread {
		out = append(out, Ability{Action: ActionMarkRead})
	}
	if f.NeedsAnswer {
		out = append(out, Ability{Action: ActionNoAnswerNeeded})
	}
	if f.Status == ConversationOpen || f.Status == ConversationSnoozed {
		out = append(out, Ability{Action: ActionClose})
	} else {
		out = append(out, Ability{Action: ActionReopen})
	}
	return out
}

// refusal says why nothing can leave for the remote side now. A paused account
// is no reason: what is written waits until the account goes on.
func refusal(f Facts) Why {
	switch {
	case f.AccountState == AccountExpired && f.AccountReason.Text != "":
		return f.AccountReason
	case f.AccountState == AccountExpired:
		return Why{Code: ReasonCredentials, Text: "The credentials of this account are no longer accepted."}
	case f.ReadOnly:
		return Why{Code: ReasonReadOnly, Text: "The token of this account may only read."}
	default:
		return f.Shut
	}
}

// MessageAbilities is what may be done now with one message of ours.
func MessageAbilities(s MessageStatus) []Ability {
	switch s {
	case MessageQueued:
		return []Ability{{Action: ActionWithdraw}}
	case MessageUnknown:
		return []Ability{{Action: ActionCheck}, {Action: ActionResend}, {Action: ActionWithdraw}}
	case MessageRefused:
		return []Ability{{Action: ActionResend}, {Action: ActionWithdraw}}
	default:
		return []Ability{}
	}
}

// Find gives the ability for an action; ok is false when it is not listed.
func Find(can []Ability, action ActionKind) (a Ability, ok bool) {
	i := slices.IndexFunc(can, func(a Ability) bool { return a.Action == action })
	if i < 0 {
		return Ability{}, false
	}
	return can[i], true
}
