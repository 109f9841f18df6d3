package sellerdesk

// Review is what only a review has.
type Review struct {
	// Tags are the buyer's own short marks, in the words of the channel.
	Tags []string `json:"tags"`
	// Size tells how the thing fits: "ok", "smaller", "bigger"; absent when the
	// buyer did not say.
	Size Optional `json:"matching_size"`
	// OrderStatus is what became of the order, in the words of the channel.
	OrderStatus Optional `json:"order_status"`
	// Supplemented: the buyer wrote a second part later.
	Supplemented bool `json:"supplemented"`
	// Pinned: it stands on top of the reviews of the product.
	Pinned bool `json:"pinned"`
	// ReturnOrdered is when a return was asked for by us; nil when it was not.
	ReturnOrdered *Time `json:"return_ordered"`
	// Video is the address of the buyer's video at the remote side.
	Video *Video `json:"video"`
}

// Video is a film at the remote side, which we do not keep.
type Video struct {
	Link    string   `json:"link"`
	Poster  Optional `json:"poster"`
	Seconds int      `json:"seconds"`
}

// Question is what only a question has.
type Question struct {
	// Warned: the channel finds it suspicious; it stays published.
	Warned bool `json:"warned"`
	// Rejected: we declined to answer it publicly.
	Rejected bool `json:"rejected"`
}

// Claim is what only a return claim has.
type Claim struct {
	Price    Optional `json:"price"` // with its currency
	Decided  bool     `json:"decided"`
	Status   string   `json:"status"`   // in the words of the channel
	Decision Optional `json:"decision"` // what was decided, in the words of the channel
	Ordered  *Time    `json:"ordered_at"`
	Received *Time    `json:"delivered_at"`
	Note     Optional `json:"note"` // remarks of the channel, as a check of the serial number
	Video    *Video   `json:"video"`
}

// Version is what an edited message said before.
type Version struct {
	Text   string `json:"text"`
	Rating *int   `json:"rating"` // of a review at that time
	At     Time   `json:"at"`     // since when it said so
}

// ProductSummary is what is known about a product from its reviews.
type ProductSummary struct {
	Product Product        `json:"product"`
	Reviews int            `json:"reviews"`
	Average *float64       `json:"average"` // of all reviews known here; nil without any
	Months  []ProductMonth `json:"months"`  // the last twelve, oldest first
	Answers []ProductReply `json:"answers"` // the newest three answers about it
}

// ProductMonth is one month of stars.
type ProductMonth struct {
	Month   string   `json:"month"` // "2026-11"
	Reviews int      `json:"reviews"`
	Average *float64 `json:"average"`
}

// ProductReply is one answer about a product.
type ProductReply struct {
	Conversation ConversationID `json:"conversation"`
	Kind         Kind           `json:"kind"`
	Text         string         `json:"text"`
	At           Time           `json:"at"`
}
