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
}
