package sellerdesk

import "slices"

// ActionKind names something that can be done with a conversation or message.
type ActionKind string

// Actions at the remote side; they leave through the outbox.
const (
	ActionOpen  ActionKind = "open"  // starts a conversation; listed with the account, its options tell about what (see [ChatSubject])
	ActionReply ActionKind = "reply" // a line of a chat
	// ActionTemplate is a line of a chat that the messenger approved in advance.
	ActionTemplate ActionKind = "template"

	ActionAnswer ActionKind = "answer" // the public answer to a question or review
	ActionEdit   ActionKind = "edit"   // of an answer that was given
	ActionReject ActionKind = "reject" // of a question, which is declined with a text
	ActionView   ActionKind = "view"   // tells the remote side that it was seen
	ActionDecide ActionKind = "decide" // of a return claim

	ActionOrderReturn ActionKind = "order_return" // asks the buyer's goods back
	ActionPin         ActionKind = "pin"          // puts a review on top of those of its product
	ActionUnpin       ActionKind = "unpin"
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
	ActionArchive        ActionKind = "archive"
	ActionUnarchive      ActionKind = "unarchive"
	ActionSnooze         ActionKind = "snooze"
	ActionAssign         ActionKind = "assign"   // to a person, a team, both or nobody
	ActionTag            ActionKind = "tag"      // puts tags on and takes tags off
	ActionPriority       ActionKind = "priority" // sets how much it matters
	ActionField          ActionKind = "field"    // sets a field of the house
	ActionFollow         ActionKind = "follow"   // the person hears of what happens in it
	ActionUnfollow       ActionKind = "unfollow"
)

// Ability is one thing that may be done, with its limits. Where Reason is set
// it may not be done now, and Reason says why, for a person.
type Ability struct {
	Action    ActionKind  `json:"action"`
	MinLength *int        `json:"min_length"` // characters of text; nil: none are needed
	MaxLength *int        `json:"max_length"` // characters of text; nil: no text or no limit
	Files     *FileLimits `json:"files"`      // nil: no files
	// Interactive bounds buttons and menus; nil: the channel has none.
	Interactive *InteractiveLimits `json:"interactive,omitempty"`
	Until       *Time              `json:"until"`
	Options     []Option           `json:"options,omitempty"` // what can be chosen; nil: nothing is to be chosen
	Reason      Optional           `json:"reason"`
	// ReasonCode lets a screen say Reason in its own language.
	ReasonCode ReasonCode `json:"reason_code"`
}

// Option is one thing to choose in an action, as one way to decide a claim.
type Option struct {
	Value string `json:"value"` // in the words of the channel
	// Title is what it means, by language.
	Title map[Language]string `json:"title"`
	// Comment bounds the text that goes with it, in characters; nil: it takes none.
	Comment *TextLimits `json:"comment"`
}

// TextLimits bounds a text in characters.
type TextLimits struct {
	Min int `json:"min"` // 0: it may be left out
	Max int `json:"max"`
}

// Offer is one action that the remote side allows now for one conversation.
type Offer struct {
	Action  ActionKind `json:"action"`
	Until   *Time      `json:"until"`
	Options []Option   `json:"options"`
	// Plain: without buttons and menus, which other conversations of the channel have.
	Plain bool `json:"plain,omitempty"`
	// Why says why it is not allowed although a person may expect it; empty when it is.
	Why Why `json:"why"`
}

// FileLimits bounds the files of one message.
type FileLimits struct {
	Max       int      `json:"max"`        // how many
	MaxSize   int64    `json:"max_size"`   // bytes each
	TotalSize int64    `json:"total_size"` // bytes together
	Types     []string `json:"types"`      // media types by content
	// Apart: each file goes as a message of its own, behind the text.
	Apart bool `json:"apart"`
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
	// Offers are what the remote side allows now for this conversation; nil
	// when it allows all that the channel can do.
	Offers []Offer
	// Window bounds what may be said at Now; nil: nothing does.
	Window *Window
	Now    Time
}

// Abilities is what may be done now with a conversation of a channel whose
// table for the kind is given. It is the only place that decides this: screens
// draw from it and desk refuses what it does not allow.
func Abilities(table []Ability, f Facts) []Ability {
	out := make([]Ability, 0, len(table)+4)
	why := refusal(f)
	for _, a := range table {
		if a.Action == ActionOpen {
			continue // there is one already
		}
		a.Reason, a.ReasonCode = why.Text, why.Code
		if f.Offers == nil {
			out = append(out, framed(a, f))
			continue
		}
		if o, ok := offer(f.Offers, a.Action); ok {
			out = append(out, framed(narrowed(a, o), f))
		}
	}
	if f.Unread {
		out = append(out, Ability{Action: ActionMarkRead})
	}
	if f.NeedsAnswer {
		out = append(out, Ability{Action: ActionNoAnswerNeeded})
	}
	switch f.Status {
	case ConversationOpen:
		out = append(out, Ability{Action: ActionClose}, Ability{Action: ActionArchive}, Ability{Action: ActionSnooze})
	case ConversationSnoozed:
		out = append(out, Ability{Action: ActionReopen}, Ability{Action: ActionClose}, Ability{Action: ActionArchive}, Ability{Action: ActionSnooze})
	case ConversationArchived:
		out = append(out, Ability{Action: ActionUnarchive})
	default:
		out = append(out, Ability{Action: ActionReopen}, Ability{Action: ActionArchive})
	}
	for _, action := range held() {
		out = append(out, Ability{Action: action})
	}
	return out
}

// held lists what we alone say of a conversation, wherever it lies.
func held() []ActionKind {
	return []ActionKind{ActionAssign, ActionPriority, ActionTag, ActionField}
}

// Watching is what somebody may do who may see a conversation but not work in
// it: mark it as read. What could be said or done there carries the reason why
// they may not; changes of ours are left out.
func Watching(can []Ability) []Ability {
	out := make([]Ability, 0, len(can))
	for _, a := range can {
		switch a.Action {
		case ActionMarkRead:
			out = append(out, a)
		case ActionNoAnswerNeeded, ActionClose, ActionReopen, ActionArchive, ActionUnarchive, ActionSnooze,
			ActionAssign, ActionPriority, ActionTag, ActionField:
		default:
			a.Reason, a.ReasonCode = "You may read here, but not answer or change anything.", ReasonRight
			out = append(out, a)
		}
	}
	return out
}

// offer gives what is offered of an action.
func offer(offers []Offer, action ActionKind) (Offer, bool) {
	i := slices.IndexFunc(offers, func(o Offer) bool { return o.Action == action })
	if i < 0 {
		return Offer{}, false
	}
	return offers[i], true
}

// narrowed is an ability as far as it is offered. What already stands in the
// way of everything is said first.
func narrowed(a Ability, o Offer) Ability {
	a.Until, a.Options = o.Until, o.Options
	if o.Plain {
		a.Interactive = nil
	}
	if a.Reason == "" {
		a.Reason, a.ReasonCode = o.Why.Text, o.Why.Code
	}
	return a
}

// framed is an ability as far as the window lets it through now.
func framed(a Ability, f Facts) Ability {
	if f.Window == nil || a.Action != ActionReply && a.Action != ActionTemplate {
		return a
	}
	w := f.Window.Seen(f.Now)
	if a.Reason == "" {
		why := w.refusal(a.Action)
		a.Reason, a.ReasonCode = why.Text, why.Code
	}
	if w.Open && !w.Unbounded && a.Action == ActionReply {
		a.Until = w.Until
	}
	return a
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

// Starting is the ability of an account to start chats, with the reason when it
// cannot be done now; ok is false when the channel gives no way to start one.
func Starting(a Account) (can Ability, ok bool) {
	i := slices.IndexFunc(a.Abilities, func(k KindAbilities) bool { return k.Kind == KindChat })
	if i < 0 {
		return Ability{}, false
	}
	if can, ok = Find(a.Abilities[i].Can, ActionOpen); !ok {
		return Ability{}, false
	}
	why := refusal(Facts{AccountState: a.State, AccountReason: Why{Code: a.ReasonCode, Text: a.Reason}, ReadOnly: a.Identity.ReadOnly})
	can.Reason, can.ReasonCode = why.Text, why.Code
	return can, true
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
