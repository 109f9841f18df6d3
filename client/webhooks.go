package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/sellerdesk/sellerdesk"
)

// Webhooks send events elsewhere. All calls need the right webhooks.
type Webhooks struct{ c *Client }

// List gives all webhooks.
func (s *Webhooks) List(ctx context.Context) ([]sellerdesk.Webhook, error) {
	var p Page[sellerdesk.Webhook]
	err := s.c.do(ctx, call{op: "list webhooks", method: http.MethodGet, path: "/v1/webhooks"}, &p)
	return p.Items, err
}

// Get gives one webhook.
func (s *Webhooks) Get(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Webhook, error) {
	var h sellerdesk.Webhook
	err := s.c.do(ctx, call{op: "get webhook", method: http.MethodGet, path: webhookPath(id)}, &h)
	return h, err
}

func webhookPath(id sellerdesk.WebhookID) string { return "/v1/webhooks/" + itoa(id) }

// NewWebhook is a webhook to be made.
type NewWebhook struct {
	Name     string                 `json:"name"`
	URL      string                 `json:"url"`
	Kinds    []sellerdesk.EventKind `json:"kinds,omitempty"`    // empty: all; "message.*" stands for every kind of a noun
	Accounts []sellerdesk.AccountID `json:"accounts,omitempty"` // empty: all that the person sees
	Key      string                 `json:"-"`                  // of the intent; "" takes a random one
}

// webhookAnswer is what writes answer.
type webhookAnswer struct {
	sellerdesk.Webhook
	Secret   string               `json:"secret"`
	Delivery *sellerdesk.Delivery `json:"delivery"`
}

// Create makes a webhook and gives its secret, which is told once: it is empty
// where the webhook was made by an earlier call with the same key.
func (s *Webhooks) Create(ctx context.Context, n NewWebhook) (sellerdesk.Webhook, sellerdesk.Secret, error) {
	var out webhookAnswer
	err := s.c.do(ctx, call{op: "create webhook", method: http.MethodPost, path: "/v1/webhooks", key: n.Key, body: n}, &out)
	return out.Webhook, sellerdesk.Secret(out.Secret), err
}

// WebhookChange changes a webhook; nil leaves a field as it is.
type WebhookChange struct {
	Name     *string                 `json:"name,omitempty"`
	URL      *string                 `json:"url,omitempty"`
	Kinds    *[]sellerdesk.EventKind `json:"kinds,omitempty"`
	Accounts *[]sellerdesk.AccountID `json:"accounts,omitempty"`
}

// Change changes a webhook and gives it afterwards.
func (s *Webhooks) Change(ctx context.Context, id sellerdesk.WebhookID, c WebhookChange) (sellerdesk.Webhook, error) {
	var h sellerdesk.Webhook
	err := s.c.do(ctx, call{op: "change webhook", method: http.MethodPatch, path: webhookPath(id), body: c}, &h)
	return h, err
}

// Remove forgets a webhook with all that is on its way.
func (s *Webhooks) Remove(ctx context.Context, id sellerdesk.WebhookID) error {
	return s.c.do(ctx, call{op: "remove webhook", method: http.MethodDelete, path: webhookPath(id)}, nil)
}

// Pause stops a webhook until Resume; what happens meanwhile is kept for later.
func (s *Webhooks) Pause(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Webhook, error) {
	out, err := s.act(ctx, id, "pause")
	return out.Webhook, err
}

// Resume starts a webhook again where it stopped.
func (s *Webhooks) Resume(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Webhook, error) {
	out, err := s.act(ctx, id, "resume")
	return out.Webhook, err
}

// Rotate gives a webhook another secret, which is told once. The one before is
// good for 24 hours.
func (s *Webhooks) Rotate(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Webhook, sellerdesk.Secret, error) {
	out, err := s.act(ctx, id, "rotate")
	return out.Webhook, sellerdesk.Secret(out.Secret), err
}

// Test sends a notice and gives its delivery, which tells later what came of it.
func (s *Webhooks) Test(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Delivery, error) {
	out, err := s.act(ctx, id, "test")
	if err != nil || out.Delivery == nil {
		return sellerdesk.Delivery{}, err
	}
	return *out.Delivery, nil
}

func (s *Webhooks) act(ctx context.Context, id sellerdesk.WebhookID, action string) (out webhookAnswer, err error) {
	err = s.c.do(ctx, call{
		op: action + " webhook", method: http.MethodPost, path: webhookPath(id) + "/actions", body: map[string]any{"action": action},
	}, &out)
	return out, err
}

// DeliveryQuery asks for deliveries of a webhook, the newest first.
type DeliveryQuery struct {
	State  sellerdesk.DeliveryState // "": any
	Cursor string
	Limit  int // items in a page, 1 to 200; 0 means 50
}

// Deliveries gives a page of what was sent and what waits.
func (s *Webhooks) Deliveries(ctx context.Context, id sellerdesk.WebhookID, q DeliveryQuery) (Page[sellerdesk.Delivery], error) {
	query := url.Values{}
	place(query, q.Cursor, q.Limit)
	if q.State != "" {
		query.Set("state", string(q.State))
	}
	var p Page[sellerdesk.Delivery]
	err := s.c.do(ctx, call{op: "list deliveries", method: http.MethodGet, path: webhookPath(id) + "/deliveries", query: query}, &p)
	return p, err
}

// AllDeliveries walks through the pages of [Webhooks.Deliveries].
func (s *Webhooks) AllDeliveries(ctx context.Context, id sellerdesk.WebhookID, q DeliveryQuery) iter.Seq2[sellerdesk.Delivery, error] {
	return all(func(cursor string) (Page[sellerdesk.Delivery], error) {
		if cursor != "" {
			q.Cursor = cursor
		}
		return s.Deliveries(ctx, id, q)
	})
}

// Delivery gives one delivery with request and answer of its last try.
func (s *Webhooks) Delivery(ctx context.Context, id sellerdesk.WebhookID, delivery sellerdesk.DeliveryID) (sellerdesk.Delivery, error) {
	var d sellerdesk.Delivery
	err := s.c.do(ctx, call{op: "get delivery", method: http.MethodGet, path: webhookPath(id) + "/deliveries/" + itoa(delivery)}, &d)
	return d, err
}

// Redeliver sends deliveries again that were taken or given up, up to 500, and
// tells how many there were.
func (s *Webhooks) Redeliver(ctx context.Context, id sellerdesk.WebhookID, deliveries ...sellerdesk.DeliveryID) (int, error) {
	return s.redeliver(ctx, id, map[string]any{"deliveries": deliveries})
}

// RedeliverRange is [Webhooks.Redeliver] for the events from one number to
// another, both included.
func (s *Webhooks) RedeliverRange(ctx context.Context, id sellerdesk.WebhookID, from, to int64) (int, error) {
	return s.redeliver(ctx, id, map[string]any{"from": from, "to": to})
}

func (s *Webhooks) redeliver(ctx context.Context, id sellerdesk.WebhookID, body map[string]any) (int, error) {
	var out struct {
		Count int `json:"count"`
	}
	err := s.c.do(ctx, call{op: "redeliver", method: http.MethodPost, path: webhookPath(id) + "/redeliver", body: body}, &out)
	return out.Count, err
}
