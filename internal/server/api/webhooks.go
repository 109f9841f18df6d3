package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// webhooks are the operations on webhooks.
type webhooks struct{ *api }

// mount registers them.
func (a webhooks) mount() {
	const right = sellerdesk.RightWebhooks
	tags := []string{"webhooks"}
	register(a.api, right, huma.Operation{
		OperationID: "listWebhooks", Method: http.MethodGet, Path: "/v1/webhooks", Tags: tags,
		Summary: "List the webhooks", Description: "In the order in which they were made.",
	}, a.list)
	register(a.api, right, huma.Operation{
		OperationID: "createWebhook", Method: http.MethodPost, Path: "/v1/webhooks", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Send events to an address",
		Description: "From now on, signed after the Standard Webhooks specification. The secret is told in this answer only. " +
			"A webhook tells what its person may see at the moment. Addresses of this machine and of private networks are refused unless the operator allows them.",
	}, a.create)
	register(a.api, right, huma.Operation{
		OperationID: "getWebhook", Method: http.MethodGet, Path: "/v1/webhooks/{id}", Tags: tags,
		Summary: "Get a webhook",
	}, a.get)
	register(a.api, right, huma.Operation{
		OperationID: "changeWebhook", Method: http.MethodPatch, Path: "/v1/webhooks/{id}", Tags: tags,
		Summary:     "Change a webhook",
		Description: "Fields left out stay as they are. Whoever changes the address or what it tells becomes the person whose rights bound it.",
	}, a.change)
	register(a.api, right, huma.Operation{
		OperationID: "removeWebhook", Method: http.MethodDelete, Path: "/v1/webhooks/{id}", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Remove a webhook with all that is on its way",
	}, a.remove)
	register(a.api, right, huma.Operation{
		OperationID: "actOnWebhook", Method: http.MethodPost, Path: "/v1/webhooks/{id}/actions", Tags: tags,
		Summary: "Pause, resume or test a webhook, or give it another secret",
		Description: "resume goes on where it stopped. rotate tells the new secret in this answer only; the one before stays good for 24 hours. " +
			"test sends a notice of the type webhook.test once, also while the webhook is paused; the delivery tells what came of it.",
	}, a.act)
	register(a.api, right, huma.Operation{
		OperationID: "listDeliveries", Method: http.MethodGet, Path: "/v1/webhooks/{id}/deliveries", Tags: tags,
		Summary: "List what was sent and what waits", Description: "Newest first. What is done is kept for seven days, and at most 50,000 of it for each webhook.",
	}, a.deliveries)
	register(a.api, right, huma.Operation{
		OperationID: "getDelivery", Method: http.MethodGet, Path: "/v1/webhooks/{id}/deliveries/{delivery}", Tags: tags,
		Summary: "Get a delivery with request and answer of its last try",
	}, a.delivery)
	register(a.api, right, huma.Operation{
		OperationID: "redeliver", Method: http.MethodPost, Path: "/v1/webhooks/{id}/redeliver", Tags: tags,
		Summary:     "Send deliveries again",
		Description: "Those that were delivered or given up: by their ids, or those of a range of events by their seq, both ends included, as far as they are kept. Each keeps its webhook-id.",
	}, a.redeliver)
}

// WebhookPath names a webhook.
type WebhookPath struct {
	ID sellerdesk.WebhookID `path:"id" minimum:"1"`
}

// WebhookAnswer is a webhook in the answer to a write.
type WebhookAnswer struct {
	sellerdesk.Webhook
	Secret   sellerdesk.Optional  `json:"secret" doc:"Only when it was made just now, and never again: an answer that is repeated for its Idempotency-Key leaves it out"`
	Delivery *sellerdesk.Delivery `json:"delivery" doc:"Of a test"`
}

func answeredHook(hook sellerdesk.Webhook, secret sellerdesk.Secret) *output[WebhookAnswer] {
	return &output[WebhookAnswer]{Body: WebhookAnswer{Webhook: hook, Secret: sellerdesk.Optional(secret.Reveal())}}
}

func (a webhooks) list(ctx context.Context, _ *PageQuery) (*pageOutput[sellerdesk.Webhook], error) {
	list, err := a.desk.Webhooks.List(ctx)
	return paged(list, ""), err
}

type createWebhookInput struct {
	Body struct {
		Name     string                 `json:"name" minLength:"1" maxLength:"100" doc:"As people here see it"`
		URL      string                 `json:"url" minLength:"1" maxLength:"2000" doc:"Where events are sent, with https"`
		Kinds    []sellerdesk.EventKind `json:"kinds,omitempty" maxItems:"50" doc:"The events to tell; message.* stands for every kind of a noun; none for all"`
		Accounts []sellerdesk.AccountID `json:"accounts,omitempty" maxItems:"500" doc:"The cabinets to tell of; none for all"`
	} `nameHint:"NewWebhook"`
}

func (a webhooks) create(ctx context.Context, in *createWebhookInput) (*output[WebhookAnswer], error) {
	hook, secret, err := a.desk.Webhooks.Create(ctx, desk.NewWebhook{
		Name: in.Body.Name, URL: in.Body.URL, Kinds: in.Body.Kinds, Accounts: in.Body.Accounts,
	})
	return answeredHook(hook, secret), err
}

func (a webhooks) get(ctx context.Context, in *WebhookPath) (*output[sellerdesk.Webhook], error) {
	hook, err := a.desk.Webhooks.Get(ctx, in.ID)
	return &output[sellerdesk.Webhook]{Body: hook}, err
}

type changeWebhookInput struct {
	WebhookPath
	Body struct {
		Name     *string                 `json:"name,omitempty" minLength:"1" maxLength:"100"`
		URL      *string                 `json:"url,omitempty" minLength:"1" maxLength:"2000"`
		Kinds    *[]sellerdesk.EventKind `json:"kinds,omitempty" maxItems:"50"`
		Accounts *[]sellerdesk.AccountID `json:"accounts,omitempty" maxItems:"500"`
	} `nameHint:"WebhookChange"`
}

func (a webhooks) change(ctx context.Context, in *changeWebhookInput) (*output[sellerdesk.Webhook], error) {
	hook, err := a.desk.Webhooks.Change(ctx, in.ID, desk.WebhookChange{
		Name: in.Body.Name, URL: in.Body.URL, Kinds: in.Body.Kinds, Accounts: in.Body.Accounts,
	})
	return &output[sellerdesk.Webhook]{Body: hook}, err
}

func (a webhooks) remove(ctx context.Context, in *WebhookPath) (*struct{}, error) {
	return nil, a.desk.Webhooks.Remove(ctx, in.ID)
}

type webhookActionInput struct {
	WebhookPath
	Body struct {
		Action string `json:"action" enum:"pause,resume,rotate,test"`
	} `nameHint:"WebhookAction"`
}

func (a webhooks) act(ctx context.Context, in *webhookActionInput) (*output[WebhookAnswer], error) {
	var hook sellerdesk.Webhook
	var secret sellerdesk.Secret
	var err error
	switch in.Body.Action {
	case "pause":
		hook, err = a.desk.Webhooks.Pause(ctx, in.ID)
	case "resume":
		hook, err = a.desk.Webhooks.Resume(ctx, in.ID)
	case "rotate":
		hook, secret, err = a.desk.Webhooks.Rotate(ctx, in.ID)
	default:
		return a.test(ctx, in.ID)
	}
	return answeredHook(hook, secret), err
}

func (a webhooks) test(ctx context.Context, id sellerdesk.WebhookID) (*output[WebhookAnswer], error) {
	delivery, err := a.desk.Webhooks.Test(ctx, id)
	if err != nil {
		return nil, err
	}
	hook, err := a.desk.Webhooks.Get(ctx, id)
	out := answeredHook(hook, "")
	out.Body.Delivery = &delivery
	return out, err
}

type deliveriesInput struct {
	WebhookPath
	PageQuery
	State sellerdesk.DeliveryState `query:"state" doc:"Only those of this state"`
}

func (a webhooks) deliveries(ctx context.Context, in *deliveriesInput) (*pageOutput[sellerdesk.Delivery], error) {
	list, next, err := a.desk.Webhooks.Deliveries(ctx, store.DeliveryQuery{Webhook: in.ID, State: in.State, Cursor: in.Cursor, Limit: in.Limit})
	return paged(list, next), err
}

type deliveryInput struct {
	WebhookPath
	Delivery sellerdesk.DeliveryID `path:"delivery" minimum:"1"`
}

func (a webhooks) delivery(ctx context.Context, in *deliveryInput) (*output[sellerdesk.Delivery], error) {
	d, err := a.desk.Webhooks.Delivery(ctx, in.ID, in.Delivery)
	return &output[sellerdesk.Delivery]{Body: d}, err
}

type redeliverInput struct {
	WebhookPath
	Body struct {
		Deliveries []sellerdesk.DeliveryID `json:"deliveries,omitempty" maxItems:"500" doc:"Their ids; or from and to"`
		From       int64                   `json:"from,omitempty" minimum:"0" doc:"seq of the first event"`
		To         int64                   `json:"to,omitempty" minimum:"0" doc:"seq of the last event"`
	} `nameHint:"Redelivery"`
}

type redeliverOutput struct {
	Body struct {
		Count int `json:"count" doc:"How many are sent again"`
	} `nameHint:"Redelivered"`
}

func (a webhooks) redeliver(ctx context.Context, in *redeliverInput) (*redeliverOutput, error) {
	n, err := a.desk.Webhooks.Redeliver(ctx, in.ID, desk.Redelivery{Deliveries: in.Body.Deliveries, From: in.Body.From, To: in.Body.To})
	out := &redeliverOutput{}
	out.Body.Count = n
	return out, err
}
