package sellerdesk

// ChatState is whose move it is in a chat by the word of the remote side.
type ChatState string

// The states of chats.
const (
	ChatNew             ChatState = "new" // nobody wrote yet
	ChatWaitsForSeller  ChatState = "waits_for_seller"
	ChatWaitsForBuyer   ChatState = "waits_for_buyer"
	ChatWaitsForArbiter ChatState = "waits_for_arbiter"
	ChatWaitsForMarket  ChatState = "waits_for_platform"
	ChatFinished        ChatState = "finished"
)

// ChatSubject is what a chat is about.
type ChatSubject string

// The subjects of chats.
const (
	ChatAboutOrder  ChatSubject = "order"
	ChatAboutReturn ChatSubject = "return"
	ChatDirect      ChatSubject = "direct" // the buyer wrote without an order
	// Of the option of [ActionOpen] only: such a chat is about nothing yet, and is
	// known by whom it is with.
	ChatWithPhone    ChatSubject = "phone"
	ChatWithUsername ChatSubject = "username"
)

// Chat is what only a chat has, where the channel tells it.
type Chat struct {
	// State is empty when the remote side does not tell; an unknown one is kept
	// in its own words.
	State ChatState `json:"state"`
	// Dispute: the buyer called an arbiter.
	Dispute bool        `json:"dispute"`
	Subject ChatSubject `json:"subject"`
	// Return is the remote side's id of the return it is about.
	Return Optional `json:"return"`
	// Shop is the shop of the cabinet that sold the thing, by its name or id.
	Shop Optional `json:"shop"`
	// Network is the messenger that it is in, as "whatsapp"; empty for chats of
	// the channel itself.
	Network Optional `json:"network"`
	// Source is the way through which it goes, as [Source].ID.
	Source Optional `json:"source"`
	// Phone (digits) and Username are of the buyer.
	Phone    Optional `json:"phone"`
	Username Optional `json:"username"`
	// Profile is the address of the buyer's page in the messenger.
	Profile Optional `json:"profile"`
}

// Source is one way into a messenger through which people can be written to: a
// number or an account of the seller.
type Source struct {
	ID      RemoteID `json:"id"`
	Name    string   `json:"name"`
	Network string   `json:"network"` // the messenger, as "whatsapp"
	// By is how a person can be named to start a chat: phone, username; empty
	// when the buyer always begins.
	By []ChatSubject `json:"by"`
	// Templates: the messenger approves texts for it.
	Templates bool `json:"templates"`
}
