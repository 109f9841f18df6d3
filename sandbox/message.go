package sandbox

import (
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

// Person is a buyer as a remote side may show one.
type Person = scene.Person

// Product is one article of a shop.
type Product = scene.Product

// Author says whose words a message holds.
type Author = scene.Author

// The authors.
const (
	Buyer    = scene.Buyer
	Seller   = scene.Seller
	Platform = scene.Platform
)

// Source says through which program a message came; empty where nobody told.
type Source string

// The sources.
const (
	SourceWeb     Source = "web"
	SourceGlobal  Source = "global"
	SourceIOS     Source = "ios"
	SourceAndroid Source = "android"
	SourceCabinet Source = "cabinet" // typed in the seller's own cabinet
	SourceAPI     Source = "api"     // sent by a program of the seller
)

// Kind is what sort of conversation one is.
type Kind string

// The kinds. Chats are made of messages, the others of one Post each.
const (
	KindChat     Kind = "chat"
	KindQuestion Kind = "question"
	KindReview   Kind = "review"
	KindClaim    Kind = "claim"
)

// Message is one event of a conversation.
type Message struct {
	ID           ID
	Conversation ID
	// Position counts the messages of a conversation from 0; 0 opens it.
	Position int
	// At is when the remote side took it: whole milliseconds, growing within an account.
	At     time.Time
	Author Author
	Source Source
	// Buyer is the name of the conversation's buyer, whoever wrote.
	Buyer string
	Text  string
	Files []File
	// Card tells that the product card is attached.
	Card bool
	// Empty marks an event that carries no message at all.
	Empty bool
}

// Conversation is one thread with a buyer.
type Conversation struct {
	ID      ID
	Buyer   Person
	Product Product
	Size    string
	// Order is the remote side's identity of the bought thing.
	Order string
	// Messages is how many events there are; Last is the newest of them.
	Messages int
	Last     Message
}
