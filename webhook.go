package sellerdesk

import (
	"slices"
	"strconv"
	"strings"
)

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

// The kinds of notices that are no events: they are sent whatever a webhook
// wants to hear.
const (
	NoticeTest   EventKind = "webhook.test" // a person asked for it
	NoticeResync EventKind = "resync"       // events were forgotten before they could be sent: load everything again
)

// Notice is the body of what a webhook sends.
type Notice struct {
	Type EventKind  `json:"type"`
	At   Time       `json:"timestamp"` // when it happened
	Data NoticeData `json:"data"`
}

// NoticeData is an event together with the key by which notices are ordered.
type NoticeData struct {
	Event
	Key string `json:"key"`
}

// ResyncEvent is the data of [NoticeResync]: the numbers of the first and the
// last event that are missing.
type ResyncEvent struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// OrderKey is what an event is about, as far as its order matters: its
// conversation, else its account, else its kind.
func (e Event) OrderKey() string {
	switch {
	case e.Conversation != nil:
		return "conversation:" + strconv.FormatInt(int64(*e.Conversation), 10)
	case e.Account != nil:
		return "account:" + strconv.FormatInt(int64(*e.Account), 10)
	default:
		return string(e.Kind)
	}
}

// Wants tells whether a webhook is to tell an event, as far as it was asked to;
// what it may tell is for [Access.Sees].
func (h Webhook) Wants(e Event) bool {
	if len(h.Accounts) > 0 && (e.Account == nil || !slices.Contains(h.Accounts, *e.Account)) {
		return false
	}
	return len(h.Kinds) == 0 || slices.ContainsFunc(h.Kinds, func(k EventKind) bool { return k.covers(e.Kind) })
}

// covers tells whether a kind is another, or stands for all of its noun.
func (k EventKind) covers(other EventKind) bool {
	noun, all := strings.CutSuffix(string(k), "*")
	return k == other || all && strings.HasSuffix(noun, ".") && strings.HasPrefix(string(other), noun)
}

// Known tells whether there is such a kind of events, or, with "noun.*", some of
// such a noun.
func (k EventKind) Known() bool { return slices.ContainsFunc(EventKinds(), k.covers) }
