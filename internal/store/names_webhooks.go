package store

import (
	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/hooks"
)

// The words of package hooks.
type (
	NewWebhook    = hooks.New     // a webhook to be kept
	WebhookBy     = hooks.By      // who sets a webhook up
	WebhookChange = hooks.Change  // changes of a webhook; nil leaves a field as is
	WebhookLine   = hooks.Line    // a webhook as the one sees it who sends
	WebhookHealth = hooks.Health  // how a webhook fares
	DeliveryItem  = hooks.Item    // a delivery as the one sees it who sends
	Outcome       = hooks.Outcome // what came of a try
	DeliveryQuery = hooks.Query   // asks for a page of deliveries
)

// The bounds of deliveries.
const (
	TryFor      = hooks.TryFor      // how long a delivery is tried again
	MostWaiting = hooks.MostWaiting // how many wait for one webhook
	ShownBody   = hooks.Cut         // how much of a body is shown, in bytes
)

// NewNotice makes a delivery of an event, due at once.
func NewNotice(e sellerdesk.Event, now sellerdesk.Time) (DeliveryItem, error) {
	return hooks.NewNotice(e, now)
}
