package client_test

import (
	"context"
	"io"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func aboutTemplates() map[string]func(context.Context, *client.Client) error {
	q := client.TemplateQuery{Account: 1, Kind: sellerdesk.KindReview, Folder: "Returns/Damaged", Owner: "house", Text: "thank", Limit: 5, Cursor: "7"}
	return map[string]func(context.Context, *client.Client) error{
		"listOwnTemplates": func(ctx context.Context, c *client.Client) error {
			if _, err := c.Templates.List(ctx, q); err != nil {
				return err
			}
			return walk(c.Templates.All(ctx, client.TemplateQuery{}))
		},
		"getTemplate": func(ctx context.Context, c *client.Client) error { _, err := c.Templates.Get(ctx, 3); return err },
		"createTemplate": func(ctx context.Context, c *client.Client) error {
			_, err := c.Templates.Create(ctx, client.NewTemplate{House: true, Folder: "Returns", Name: "Sorry", Text: "{name|Hello}", Files: []sellerdesk.FileID{1},
				Accounts: []sellerdesk.AccountID{1}, Kinds: sellerdesk.Kinds()})
			return err
		},
		"changeTemplate": func(ctx context.Context, c *client.Client) error {
			text, files, accounts, kinds := "x", []sellerdesk.FileID{1}, []sellerdesk.AccountID{}, sellerdesk.Kinds()
			_, err := c.Templates.Change(ctx, 3, client.TemplateChange{Folder: &text, Name: &text, Text: &text, Files: &files, Accounts: &accounts, Kinds: &kinds})
			return err
		},
		"removeTemplate": func(ctx context.Context, c *client.Client) error { return c.Templates.Remove(ctx, 3) },
		"previewTemplate": func(ctx context.Context, c *client.Client) error {
			_, err := c.Templates.Preview(ctx, client.TemplateAsk{Template: 3, Text: "x", Conversation: 7, Draw: 2})
			return err
		},
		"importTemplates": func(ctx context.Context, c *client.Client) error {
			_, err := c.Templates.Import(ctx, strings.NewReader("name,text\nA,x\n"), true)
			return err
		},
		"exportTemplates": func(ctx context.Context, c *client.Client) error {
			return c.Templates.Export(ctx, q, client.Format{BOM: true, Semicolon: true}, io.Discard)
		},
	}
}
