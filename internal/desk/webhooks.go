package desk

import "github.com/sellerdesk/sellerdesk/internal/desk/telling"

// The verbs on webhooks and their words, which have a package of their own.
type (
	Webhooks      = telling.Webhooks
	NewWebhook    = telling.New        // a webhook to be made
	WebhookChange = telling.Change     // changes of a webhook; nil leaves a field as is
	Redelivery    = telling.Redelivery // what to send again
)
