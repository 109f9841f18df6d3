package sellerdesk

import "time"

// Kind is the kind of a conversation.
type Kind string

// The kinds of conversations.
const (
	KindChat     Kind = "chat"
	KindQuestion Kind = "question"
	KindReview   Kind = "review"
	KindClaim    Kind = "claim"
)

// Kinds lists all kinds in the order of the screens.
func Kinds() []Kind { return []Kind{KindChat, KindQuestion, KindReview, KindClaim} }

// ConversationStatus is where a conversation lies on our desk.
type ConversationStatus string

// The statuses of a conversation.
const (
	ConversationOpen     ConversationStatus = "open"
	ConversationSnoozed  ConversationStatus = "snoozed"
	ConversationClosed   ConversationStatus = "closed"
	ConversationArchived ConversationStatus = "archived"
)

// Conversation is one thread with one buyer.
type Conversation struct {
	ID        ConversationID     `json:"id"`
	Account   AccountID          `json:"account"`
	Channel   ChannelKind        `json:"channel"`
	Kind      Kind               `json:"kind"`
	RemoteID  *RemoteID          `json:"remote_id"` // nil while the remote side has not confirmed it
	Contact   *ContactID         `json:"contact"`
	BuyerName Optional           `json:"buyer_name"`
	Product   *Product           `json:"product"`
	Order     Optional           `json:"order"`
	Rating    *int               `json:"rating"` // 1 to 5; nil but for reviews
	Status    ConversationStatus `json:"status"`
	// NeedsAnswer: the buyer waits for us. It is not "unread": reading does not change it.
	NeedsAnswer  bool         `json:"needs_answer"`
	WaitingSince *Time        `json:"waiting_since"` // first unanswered word of the buyer; nil: nobody waits
	DueAt        *Time        `json:"due_at"`        // until when an answer is due; nil: nothing is due
	Unread       bool         `json:"unread"`        // for the person who asks
	HasPhoto     bool         `json:"has_photo"`     // the buyer sent a picture
	LastMessage  *LastMessage `json:"last_message"`
	CreatedAt    Time         `json:"created_at"`
	UpdatedAt    Time         `json:"updated_at"` // last change at the remote side; changes of ours move Rev only
	Rev          int64        `json:"rev"`        // grows with every change
	Can          []Ability    `json:"can"`

	// Assignee is who of us answers it, Team which team; nil: nobody does.
	Assignee *UserID  `json:"assignee"`
	Team     *TeamID  `json:"team"`
	Priority Priority `json:"priority"`
	// Snooze is when it comes back to the desk; nil unless the status is snoozed.
	Snooze *Snooze `json:"snooze"`
	// Woke is why it came back last; nil when it never slept, or somebody has dealt
	// with it since.
	Woke   *Woke        `json:"woke"`
	Tags   []Tag        `json:"tags"`
	Fields []FieldValue `json:"fields"` // those that have a value, in the order of the house

	// Window bounds what may be said now; nil where the channel bounds nothing.
	Window *Window `json:"window"`

	Chat     *Chat     `json:"chat"`     // nil but for chats of channels that tell more about them
	Review   *Review   `json:"review"`   // nil but for reviews
	Question *Question `json:"question"` // nil but for questions
	Claim    *Claim    `json:"claim"`    // nil but for return claims

	// Remote is private to the adapter: kept beside the conversation, handed
	// back to it, shown to nobody.
	Remote []byte `json:"-"`
}

// Product is what a conversation is about.
type Product struct {
	ID    RemoteID `json:"id"`
	Name  Optional `json:"name"`
	Image Optional `json:"image"` // address of a picture on our side, or absent
	Price Optional `json:"price"` // with its currency, as "1 299 RUB"
	Size  Optional `json:"size"`
}

// LastMessage is the newest line of a conversation, cut for a list.
type LastMessage struct {
	Text   string `json:"text"` // at most 200 characters
	At     Time   `json:"at"`
	Author Author `json:"author"`
	// Files is how many files it carries, so that a list can say "photo" for an empty text.
	Files  int           `json:"files"`
	Status MessageStatus `json:"status"`
}

// Target is how long a buyer of each kind of conversation may wait before an
// answer is overdue. A missing kind is never due.
type Target map[Kind]time.Duration

// DefaultTarget is the house target until a person sets another.
func DefaultTarget() Target {
	return Target{
		KindChat:     time.Hour,
		KindQuestion: 4 * time.Hour,
		KindReview:   24 * time.Hour,
		KindClaim:    48 * time.Hour,
	}
}

// Due is when an answer is due to a buyer who waits since the given moment;
// nil when nobody waits or the kind has no target.
func (t Target) Due(k Kind, waitingSince *Time) *Time {
	d, ok := t[k]
	if !ok || waitingSince == nil {
		return nil
	}
	due := At(waitingSince.Add(d))
	return &due
}
