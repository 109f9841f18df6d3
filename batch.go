package sellerdesk

import "time"

// Batch is what one pull brought, oldest first. The store applies it together
// with its cursor in one transaction; applying it twice changes nothing.
type Batch struct {
	Conversations []ConversationPatch
	Messages      []MessagePatch
	// Next is where the next pull of this stream starts; empty keeps the place.
	Next Cursor
	// More asks to be called again at once: there is more to read.
	More bool
	// Reached is the moment of the newest thing read, for progress; nil when
	// the batch is empty.
	Reached *Time
	// Newest is the moment of the newest thing there is to read as far as the
	// remote side told; nil when it did not.
	Newest *Time
	// Done and Total count the things of the stream, read so far and there to
	// read; zero when the remote side does not tell. They show the progress
	// better than moments, since history is not spread evenly over time.
	Done, Total int64
	// After asks to be called again no sooner than this; zero means the pace of
	// the stream. A reading that costs much (all chats at once) slows itself so.
	After time.Duration
	// Reread are conversations to read again at once, because a push named them
	// without saying what is new. They are read through the history of the
	// channel after the batch is applied, each once however often it is named.
	Reread []RemoteRef
	// Skipped are things that were not understood; they are recorded, and
	// reading goes on.
	Skipped []Skipped
}

// Skipped is a thing of a batch that was not understood.
type Skipped struct {
	What string // in words, without the buyer's text
	Raw  []byte // at most 4 KB, as it came
}

// ConversationPatch is what a remote side told about one conversation. Nil
// means "not known, leave as is".
type ConversationPatch struct {
	Kind      Kind
	RemoteID  RemoteID
	BuyerName *string
	// Buyer is who writes, where the remote side tells more than a name: what it
	// says joins conversations of one person, and never parts them.
	Buyer     *Buyer
	Product   *Product
	Order     *string
	CreatedAt *Time
	UpdatedAt *Time
	Remote    []byte // nil leaves what is kept
	// Shut says why nothing can be sent here; nil leaves it, an empty Why opens it.
	Shut *Why
	// Window bounds what may be said; nil leaves it, and so does one that was
	// checked before the one that is known. Where it tells no Balance, the one that
	// is known stays.
	Window *Window
	// Offers are what the remote side allows now; nil leaves them.
	Offers *[]Offer
	Rating *int
	// Chat, Review, Question and Claim replace the part of their kind; nil leaves it.
	Chat     *Chat
	Review   *Review
	Question *Question
	Claim    *Claim
	// Settled: the remote side waits for nothing more, so that the buyer's words
	// until now need no answer; nil leaves it to the words themselves.
	Settled *bool
	// Reread asks to look at this conversation again after a while, as when an
	// answer is still being moderated; nil leaves it, zero means no more.
	Reread *time.Duration
}

// MessagePatch is what a remote side told about one line of a conversation.
// The conversation is named by kind and id and made when it is not there yet.
type MessagePatch struct {
	Kind         Kind
	Conversation RemoteID
	RemoteID     RemoteID
	// Author is buyer, platform or elsewhere. Elsewhere means "our side": the
	// store matches it against what is on its way and keeps agent or rule when
	// it was ours.
	Author Author
	// Foreign: surely not sent through our program's interface (typed in the
	// seller's cabinet), so that it is never taken for an echo of ours.
	Foreign bool
	// Parent is the message of the same conversation that this one answers;
	// empty for a line of its own. It may come later, or never.
	Parent RemoteID
	// AuthorName is who wrote it where that is not the buyer of the conversation.
	AuthorName string
	Text       string
	Files      []RemoteFile
	At         Time
	EditedAt   *Time
	// Rating goes with the text of a review. Another rating or text under the
	// same RemoteID is a new version, and the one before is kept.
	Rating *int
	// Status is how the remote side treats a message of ours: sent, delivered
	// (others see it), read or refused; empty when it does not tell. Why says
	// more. Marks may come late and in any order: what was read stays read, and
	// what was delivered is not refused.
	Status MessageStatus
	Why    Why
	// Mark: nothing else is told of the message than its Status and Why, as in a
	// push that says that it was read. It changes a line of ours that is here; of
	// another it is kept until the line is here, and no line is made of it.
	Mark bool
	// Form is what a message of our side carries beyond text and files; nil: nothing.
	Form   *Form
	Remote []byte
}
