package client_test

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func aboutWebhooks() map[string]func(context.Context, *client.Client) error {
	kinds, accounts := []sellerdesk.EventKind{"message.*"}, []sellerdesk.AccountID{1}
	name, address := "ERP", "https://erp.example.org/in"
	return map[string]func(context.Context, *client.Client) error{
		"listWebhooks": func(ctx context.Context, c *client.Client) error { _, err := c.Webhooks.List(ctx); return err },
		"createWebhook": func(ctx context.Context, c *client.Client) error {
			_, _, err := c.Webhooks.Create(ctx, client.NewWebhook{Name: name, URL: address, Kinds: kinds, Accounts: accounts})
			return err
		},
		"getWebhook": func(ctx context.Context, c *client.Client) error { _, err := c.Webhooks.Get(ctx, 1); return err },
		"changeWebhook": func(ctx context.Context, c *client.Client) error {
			_, err := c.Webhooks.Change(ctx, 1, client.WebhookChange{Name: &name, URL: &address, Kinds: &kinds, Accounts: &accounts})
			return err
		},
		"removeWebhook": func(ctx context.Context, c *client.Client) error { return c.Webhooks.Remove(ctx, 1) },
		"actOnWebhook": func(ctx context.Context, c *client.Client) error {
			if _, err := c.Webhooks.Pause(ctx, 1); err != nil {
				return err
			}
			if _, err := c.Webhooks.Resume(ctx, 1); err != nil {
				return err
			}
			if _, err := c.Webhooks.Test(ctx, 1); err != nil {
				return err
			}
			_, _, err := c.Webhooks.Rotate(ctx, 1)
			return err
		},
		"listDeliveries": func(ctx context.Context, c *client.Client) error {
			return walk(c.Webhooks.AllDeliveries(ctx, 1, client.DeliveryQuery{State: sellerdesk.DeliveryFailed, Cursor: "5", Limit: 9}))
		},
		"getDelivery": func(ctx context.Context, c *client.Client) error {
			_, err := c.Webhooks.Delivery(ctx, 1, 2)
			return err
		},
		"redeliver": func(ctx context.Context, c *client.Client) error {
			if _, err := c.Webhooks.Redeliver(ctx, 1, 2, 3); err != nil {
				return err
			}
			_, err := c.Webhooks.RedeliverRange(ctx, 1, 5, 9)
			return err
		},
	}
}
