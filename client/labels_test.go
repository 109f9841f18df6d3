package client_test

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func aboutLabels() map[string]func(context.Context, *client.Client) error {
	name, query, sort, color, place, options := "x", "kind:chat", "waiting", 3, 1, []string{"a", "b"}
	return map[string]func(context.Context, *client.Client) error{
		"listTags": func(ctx context.Context, c *client.Client) error { _, err := c.Tags.List(ctx); return err },
		"createTag": func(ctx context.Context, c *client.Client) error {
			_, err := c.Tags.Create(ctx, client.NewTag{Name: name, Color: &color})
			return err
		},
		"changeTag": func(ctx context.Context, c *client.Client) error {
			_, err := c.Tags.Change(ctx, 3, client.TagChange{Name: &name, Color: &color})
			return err
		},
		"removeTag":  func(ctx context.Context, c *client.Client) error { return c.Tags.Remove(ctx, 3) },
		"listFields": func(ctx context.Context, c *client.Client) error { _, err := c.Fields.List(ctx); return err },
		"createField": func(ctx context.Context, c *client.Client) error {
			_, err := c.Fields.Create(ctx, client.NewField{Name: name, Of: sellerdesk.FieldOfContact, Kind: sellerdesk.FieldChoice, Options: options})
			return err
		},
		"changeField": func(ctx context.Context, c *client.Client) error {
			_, err := c.Fields.Change(ctx, 3, client.FieldEdit{Name: &name, Options: &options, Position: &place})
			return err
		},
		"removeField": func(ctx context.Context, c *client.Client) error { return c.Fields.Remove(ctx, 3) },
		"listViews":   func(ctx context.Context, c *client.Client) error { _, err := c.Views.List(ctx, true); return err },
		"getView":     func(ctx context.Context, c *client.Client) error { _, err := c.Views.Get(ctx, 3); return err },
		"createView": func(ctx context.Context, c *client.Client) error {
			_, err := c.Views.Create(ctx, client.NewView{Name: name, Query: query, Sort: sort, Team: 2, House: true})
			return err
		},
		"changeView": func(ctx context.Context, c *client.Client) error {
			_, err := c.Views.Change(ctx, 3, client.ViewEdit{Name: &name, Query: &query, Sort: &sort, Position: &place})
			return err
		},
		"removeView": func(ctx context.Context, c *client.Client) error { return c.Views.Remove(ctx, 3) },
		"labelContact": func(ctx context.Context, c *client.Client) error {
			_, err := c.Contacts.Label(ctx, 3, client.Labels{Add: []string{name}, Remove: []string{"7"}}, sellerdesk.FieldChange{Field: "VIP", Value: "yes"})
			return err
		},
	}
}
