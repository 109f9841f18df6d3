package sellerdesk

import (
	"encoding/json"
	"fmt"
)

// Action is something we do at the remote side. The set is closed: one struct
// for each kind.
type Action interface {
	// Kind names the action.
	Kind() ActionKind
	sealed()
}

// Reply says a line in a chat.
type Reply struct {
	Conversation RemoteRef `json:"-"` // filled in by DecodeAction
	Text         string    `json:"text"`
	Files        []Blob    `json:"files"`
	// Interactive makes the line one with buttons or a menu; nil: a plain one.
	// Text is its body then.
	Interactive *Interactive `json:"interactive,omitempty"`
}

// SendTemplate says a text in a chat that the messenger approved in advance.
type SendTemplate struct {
	Conversation RemoteRef   `json:"-"`
	Template     TemplateUse `json:"template"`
	// Text is the template filled in, as the buyer reads it.
	Text string `json:"text"`
}

// Kind names the action.
func (Reply) Kind() ActionKind { return ActionReply }
func (Reply) sealed()          {}

// Answer answers a question or a review in public.
type Answer struct {
	Conversation RemoteRef `json:"-"`
	// Parent is the comment that is answered; empty: the question or review itself.
	Parent RemoteID `json:"parent,omitempty"`
	Text   string   `json:"text"`
}

// Edit replaces the text of an answer that was given.
type Edit struct {
	Conversation RemoteRef `json:"-"`
	// Message is the answer that is replaced; empty where there can be one only.
	Message RemoteID `json:"message,omitempty"`
	Text    string   `json:"text"`
}

// Open starts a conversation with a buyer, about what is set. Its conversation
// has no remote id yet; [Receipt].Conversation brings it. Where one exists at
// the remote side, that one is opened.
type Open struct {
	Conversation RemoteRef `json:"-"`
	Order        string    `json:"order,omitempty"`
	Return       string    `json:"return,omitempty"`
	// Source is the way through which a person is written to, as [Source].ID,
	// with the Phone (digits) or the Username of that person.
	Source   RemoteID `json:"source,omitempty"`
	Phone    string   `json:"phone,omitempty"`
	Username string   `json:"username,omitempty"`
	// Contact is the person as the account keeps them, where that is known.
	Contact RemoteID `json:"contact,omitempty"`
	// Named is the person as somebody here named them; 0: nobody did. It is for us:
	// no remote side knows it.
	Named ContactID `json:"named,omitempty"`
}

// Reject declines a question with a text.
type Reject struct {
	Conversation RemoteRef `json:"-"`
	Text         string    `json:"text"`
}

// Decide decides a return claim by one of the options that it offers.
type Decide struct {
	Conversation RemoteRef `json:"-"`
	Decision     string    `json:"decision"`
	Comment      string    `json:"comment"`
}

// View tells the remote side that a question was seen.
type View struct {
	Conversation RemoteRef `json:"-"`
}

// OrderReturn asks the buyer's goods back.
type OrderReturn struct {
	Conversation RemoteRef `json:"-"`
}

// Pin puts a review on top of those of its product.
type Pin struct {
	Conversation RemoteRef `json:"-"`
}

// Unpin takes a pinned review down.
type Unpin struct {
	Conversation RemoteRef `json:"-"`
}

// Kind names the action.
func (SendTemplate) Kind() ActionKind { return ActionTemplate }

// Kind names the action.
func (Open) Kind() ActionKind { return ActionOpen }

// Kind names the action.
func (Answer) Kind() ActionKind { return ActionAnswer }

// Kind names the action.
func (Edit) Kind() ActionKind { return ActionEdit }

// Kind names the action.
func (Reject) Kind() ActionKind { return ActionReject }

// Kind names the action.
func (Decide) Kind() ActionKind { return ActionDecide }

// Kind names the action.
func (View) Kind() ActionKind { return ActionView }

// Kind names the action.
func (OrderReturn) Kind() ActionKind { return ActionOrderReturn }

// Kind names the action.
func (Pin) Kind() ActionKind { return ActionPin }

// Kind names the action.
func (Unpin) Kind() ActionKind { return ActionUnpin }

func (SendTemplate) sealed() {}
func (Open) sealed()         {}
func (Answer) sealed()       {}
func (Edit) sealed()         {}
func (Reject) sealed()       {}
func (Decide) sealed()       {}
func (View) sealed()         {}
func (OrderReturn) sealed()  {}
func (Pin) sealed()          {}
func (Unpin) sealed()        {}

// RemoteRef names a conversation to its adapter.
type RemoteRef struct {
	Kind   Kind
	ID     RemoteID
	Remote []byte // what the adapter keeps on the conversation, as it last left it
}

// EncodeAction turns an action into what the outbox stores.
func EncodeAction(a Action) ([]byte, error) {
	b, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encode action %s: %w", a.Kind(), err)
	}
	return b, nil
}

// DecodeAction is the inverse of [EncodeAction], with the conversation that the
// action is about.
func DecodeAction(kind ActionKind, b []byte, about RemoteRef) (Action, error) {
	switch kind {
	case ActionReply:
		return decode(kind, b, func(a *Reply) { a.Conversation = about })
	case ActionTemplate:
		return decode(kind, b, func(a *SendTemplate) { a.Conversation = about })
	case ActionOpen:
		return decode(kind, b, func(a *Open) { a.Conversation = about })
	case ActionAnswer:
		return decode(kind, b, func(a *Answer) { a.Conversation = about })
	case ActionEdit:
		return decode(kind, b, func(a *Edit) { a.Conversation = about })
	case ActionReject:
		return decode(kind, b, func(a *Reject) { a.Conversation = about })
	case ActionDecide:
		return decode(kind, b, func(a *Decide) { a.Conversation = about })
	case ActionView:
		return decode(kind, b, func(a *View) { a.Conversation = about })
	case ActionOrderReturn:
		return decode(kind, b, func(a *OrderReturn) { a.Conversation = about })
	case ActionPin:
		return decode(kind, b, func(a *Pin) { a.Conversation = about })
	case ActionUnpin:
		return decode(kind, b, func(a *Unpin) { a.Conversation = about })
	default:
		return nil, fmt.Errorf("decode action %q: unknown kind", kind)
	}
}

// decode reads one kind of action and completes it.
func decode[A Action](kind ActionKind, b []byte, complete func(*A)) (Action, error) {
	var a A
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, fmt.Errorf("decode action %s: %w", kind, err)
	}
	complete(&a)
	return a, nil
}
