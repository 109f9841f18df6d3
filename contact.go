package sellerdesk

// Contact is a person who writes to us, in one conversation or in many.
type Contact struct {
	ID   ContactID `json:"id"`
	Name Optional  `json:"name"`
	// Identities are what the person is known by; each belongs to one person only.
	Identities []ContactIdentity `json:"identities"`
	// Unanswered counts the conversations in which the person waits for us.
	Unanswered int `json:"unanswered"`
	// LastAt is when anything was last said; nil before.
	LastAt *Time `json:"last_at"`
	// Conversations are the person's, the newest first; in a list the first few.
	Conversations []Conversation `json:"conversations"`
	// ConversationCount counts all of them.
	ConversationCount int `json:"conversation_count"`
	// Merged are the people that were put into this one by hand, newest first;
	// each can be taken out again.
	Merged []MergedContact `json:"merged"`
	// Suggestions are others who may be the same person; never decided by itself.
	Suggestions []ContactSuggestion `json:"suggestions"`
	CreatedAt   Time                `json:"created_at"`

	Tags   []Tag        `json:"tags"`
	Fields []FieldValue `json:"fields"` // those that have a value, in the order of the house
}

// IdentityKind is what kind of thing a person is known by.
type IdentityKind string

// The kinds of identities.
const (
	IdentityPhone    IdentityKind = "phone"    // digits, without +
	IdentityUser     IdentityKind = "user"     // the messenger's own name for a user, valid through every connection to it
	IdentityUsername IdentityKind = "username" // chosen by the person in a messenger, without @
	IdentityContact  IdentityKind = "contact"  // a contact as one account of a channel keeps it
)

// ContactIdentity is one thing that a person is known by.
type ContactIdentity struct {
	Kind IdentityKind `json:"kind"`
	// Network is the messenger that it is valid in; empty for phones.
	Network Optional `json:"network"`
	// Account is the account that it is valid in; nil when it is valid everywhere.
	Account *AccountID `json:"account"`
	Value   string     `json:"value"`
	// Contact is the one it was first seen with, which another may have taken in since.
	Contact ContactID `json:"contact"`
}

// MergedContact is a person who was put into another by hand.
type MergedContact struct {
	ID   ContactID `json:"id"`
	Name Optional  `json:"name"`
	At   Time      `json:"at"`
	User *UserID   `json:"user"`
}

// ContactSuggestion is another person who may be the same.
type ContactSuggestion struct {
	Contact ContactID `json:"contact"`
	Name    Optional  `json:"name"`
	// Evidence says what points to both, as "phone 79990000001".
	Evidence string `json:"evidence"`
	At       Time   `json:"at"`
}

// ContactEntryKind is what kind of thing stands in the history of a person.
type ContactEntryKind string

// The kinds of entries.
const (
	EntryConversation ContactEntryKind = "conversation" // a conversation was begun
	EntryOrder        ContactEntryKind = "order"        // an order was named for the first time
	EntryFile         ContactEntryKind = "file"         // a file was sent, by either side
	EntryNote         ContactEntryKind = "note"         // one of us wrote something down
)

// ContactEntry is one thing in the history of a person.
type ContactEntry struct {
	Kind ContactEntryKind `json:"kind"`
	At   Time             `json:"at"`
	// Contact is whose it was at first; another may have taken them in since.
	Contact ContactID `json:"contact"`
	// Conversation is the one that was begun, that named the order first, or in
	// which the file was sent; nil for notes.
	Conversation *Conversation `json:"conversation"`
	Order        Optional      `json:"order"` // null but for orders
	File         *File         `json:"file"`  // nil but for files
	// Message and Author are of the line that carries the file; nil but for files.
	Message *MessageID   `json:"message"`
	Author  *Author      `json:"author"`
	Note    *ContactNote `json:"note"` // nil but for notes
}

// ContactNote is what one of us wrote down about a person; buyers never see it.
type ContactNote struct {
	ID   int64   `json:"id"`
	Text string  `json:"text"`
	User *UserID `json:"user"` // who wrote it; nil when nobody knows any more
}

// Buyer is what a remote side tells of who writes. Everything may be empty.
type Buyer struct {
	// Contact is the person as the account keeps them: its conversations with
	// the same one are one person's.
	Contact RemoteID
	Phone   string // in any spelling; without digits it counts as empty
	// Network is the messenger of User and Username, as "telegram".
	Network  string
	User     RemoteID // the messenger's own id of the person
	Username string   // with or without @
}

// NormalPhone gives the digits of a phone number, by which people are compared:
// without + or 00, spaces, brackets and hyphens, and with a Russian 8 in front of
// ten digits as 7. ok is false for what is no phone number: fewer than 7 digits or
// more than 15, or other signs than are used in writing one.
func NormalPhone(s string) (digits string, ok bool) {
	plus := false
	out := make([]byte, 0, 16)
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			out = append(out, byte(r))
		case r == '+' && len(out) == 0 && !plus:
			plus = true
		case r == ' ' || r == '\u00a0' || r == '-' || r == '\u2010' || r == '\u2011' || r == '\u2013' || r == '(' || r == ')' || r == '.' || r == '/':
		default:
			return "", false
		}
		if len(out) > 15 || i > 60 {
			return "", false
		}
	}
	if len(out) > 2 && out[0] == '0' && out[1] == '0' && !plus {
		out, plus = out[2:], true // as + is dialled in most countries
	}
	if len(out) == 11 && out[0] == '8' && !plus {
		out[0] = '7'
	}
	if len(out) == 10 && out[0] == '9' && !plus {
		out = append([]byte{'7'}, out...) // a Russian mobile without its country
	}
	return string(out), len(out) >= 7
}
