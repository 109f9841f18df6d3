package sellerdesk

// Author is who wrote a message.
type Author string

// The authors of messages.
const (
	AuthorBuyer     Author = "buyer"
	AuthorAgent     Author = "agent"     // a person here
	AuthorRule      Author = "rule"      // automation here
	AuthorPlatform  Author = "platform"  // the marketplace itself
	AuthorElsewhere Author = "elsewhere" // our side, but not from here: the seller's own cabinet or another program
)

// Ours tells whether the author speaks for the seller.
func (a Author) Ours() bool {
	return a == AuthorAgent || a == AuthorRule || a == AuthorElsewhere
}

// MessageStatus is how far a message is. Messages from outside are received;
// ours follow their outbox item.
type MessageStatus string

// The statuses of messages.
const (
	MessageReceived  MessageStatus = "received"
	MessageQueued    MessageStatus = "queued"
	MessageSending   MessageStatus = "sending"
	MessageSent      MessageStatus = "sent"
	MessageDelivered MessageStatus = "delivered"
	MessageRead      MessageStatus = "read"
	MessageRefused   MessageStatus = "refused"
	MessageUnknown   MessageStatus = "unknown"
	MessageWithdrawn MessageStatus = "withdrawn"
)

// Answers tells whether a message of ours in this status counts as an answer.
// An unknown one does not: as long as nobody knows whether the buyer has it,
// the buyer waits, and the conversation stands where a person sees it.
func (s MessageStatus) Answers() bool {
	return s != MessageRefused && s != MessageWithdrawn && s != MessageUnknown
}

// Message is one line of a conversation.
type Message struct {
	ID           MessageID      `json:"id"`
	Conversation ConversationID `json:"conversation"`
	Author       Author         `json:"author"`
	User         *UserID        `json:"user"` // who of us; nil for everybody else
	Text         string         `json:"text"`
	Files        []File         `json:"files"`
	Status       MessageStatus  `json:"status"`
	Reason       Optional       `json:"reason"` // why it is refused, unknown or still here, for a person
	ReasonCode   ReasonCode     `json:"reason_code"`
	At           Time           `json:"at"`
	EditedAt     *Time          `json:"edited_at"`
	// Versions are what it said before, the oldest first; empty when it was never changed.
	Versions []Version `json:"versions"`
	// Can is what may be done with this message now: resend, withdraw, check.
	Can []Ability `json:"can"`

	// Form is what it carries beyond text and files; nil: nothing.
	Form *Form `json:"form"`

	// Parent is the message that this one answers; nil for a line of its own.
	Parent *MessageID `json:"parent"`
	// AuthorName is who wrote it, where that is not the buyer of the
	// conversation: another buyer, a brand, a member of the staff there.
	AuthorName Optional `json:"author_name"`

	RemoteID RemoteID `json:"-"`
	Remote   []byte   `json:"-"` // private to the adapter
}

// FileState tells whether we have the bytes of a file.
type FileState string

// The states of files.
const (
	FileWanted  FileState = "wanted"  // to be fetched
	FileFetched FileState = "fetched" // kept here
	FileGone    FileState = "gone"    // the remote side no longer has it
	FileRefused FileState = "refused" // the remote side does not give it out, or it is unfit
)

// File is an attachment.
type File struct {
	ID     FileID   `json:"id"`
	Name   Optional `json:"name"`
	Size   *int64   `json:"size"`  // bytes; nil until known
	Type   Optional `json:"type"`  // media type by content, by the remote side's word until fetched
	Width  *int     `json:"width"` // pixels, of pictures and films as a person sees them
	Height *int     `json:"height"`
	// Duration is how long a recording or a film plays, in milliseconds; nil for
	// everything else and where its head does not tell.
	Duration *int64 `json:"duration_ms"`

	State  FileState `json:"state"`
	Reason Optional  `json:"reason"` // why it is gone or refused, for a person

	ReasonCode ReasonCode `json:"reason_code"`

	// Hash names the kept bytes: lower-case hex SHA-256; "" until fetched.
	Hash string `json:"-"`
	// Thumbnail names the bytes of the small picture; "" when there is none.
	Thumbnail string `json:"-"`
	// Bars tell how loud a recording is along the way: for each of up to 64 equal
	// parts a digit, 9 for the loudest; "" where that is not known.
	Bars string `json:"-"`
}
