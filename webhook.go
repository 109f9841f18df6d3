package sellerdesk

// WebhookState tells whether a webhook is delivered to.
type WebhookState string

// The states of a webhook. Reason says why it is not active.
const (
	WebhookActive WebhookState = "active"
	WebhookPaused WebhookState = "paused" // by a person; what happens meanwhile is kept for later
	WebhookFailed WebhookState = "failed" // by itself, because nothing was taken for long; a person starts it again
)

// Webhook sends events to an address as they happen.
type Webhook struct {
	ID   WebhookID `json:"id"`
	Name string    `json:"name"`
	URL  string    `json:"url"`
	User UserID    `json:"user"` // whose rights bound what it tells
	// Kinds are the events it tells; empty: all. "message.*" stands for every
	// kind of a noun.
	Kinds    []EventKind  `json:"kinds"`
	Accounts []AccountID  `json:"accounts"` // empty: all that the person sees
	State    WebhookState `json:"state"`
	Reason   Optional     `json:"reason"`
	// Waiting is how many deliveries are on their way.
	Waiting int `json:"waiting"`
	// OldSecretUntil: signatures with the secret before the present one are sent
	// too until then; nil: there is one secret.
	OldSecretUntil *Time `json:"old_secret_until"`
	DeliveredAt    *Time `json:"delivered_at"` // the newest that was taken
	FailingSince   *Time `json:"failing_since"`
	CreatedAt      Time  `json:"created_at"`
	Rev            int64 `json:"rev"`
}

// DeliveryState is how far one event is on its way to a webhook.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryWaiting   DeliveryState = "waiting"   // for its turn, or for its next try
	DeliveryDelivered DeliveryState = "delivered" // the receiver took it
	DeliveryFailed    DeliveryState = "failed"    // given up after a day; it can be sent again by hand
)

// Delivery is one event on its way to a webhook.
type Delivery struct {
	ID      DeliveryID    `json:"id"`
	Webhook WebhookID     `json:"webhook"`
	Event   int64         `json:"event"`  // its seq
	Kind    EventKind     `json:"kind"`   // of the event
	MsgID   string        `json:"msg_id"` // header webhook-id: the same at every try
	Key     string        `json:"key"`    // deliveries of one key arrive in their order
	State   DeliveryState `json:"state"`
	Attempt int           `json:"attempt"` // tries so far
	DueAt   *Time         `json:"due_at"`  // of the next try; nil: none is due
	At      Time          `json:"at"`      // when the event happened
	DoneAt  *Time         `json:"done_at"`
	// Status is the receiver's answer to the last try; nil: none came.
	Status *int     `json:"status"`
	Error  Optional `json:"error"` // why the last try did not work, for a person
	// Request and Response are of the last try, in the answer about one delivery
	// only: bodies cut to 4 KB, signatures left out.
	Request  Optional `json:"request"`
	Response Optional `json:"response"`
	TookMS   *int64   `json:"took_ms"` // of the last try
}
