package client_test

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

// aboutTalk calls what people say to one another.
func aboutTalk() map[string]func(context.Context, *client.Client) error {
	who, day, text, yes := sellerdesk.UserID(2), time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), "Ask", true
	return map[string]func(context.Context, *client.Client) error{
		"listNotes": func(ctx context.Context, c *client.Client) error { return walk(c.Notes.All(ctx, 7)) },
		"writeNote": func(ctx context.Context, c *client.Client) error {
			_, err := c.Notes.Write(ctx, 7, "@[2] look")
			return err
		},
		"changeNote": func(ctx context.Context, c *client.Client) error {
			_, err := c.Notes.Change(ctx, 3, "look")
			return err
		},
		"removeNote":     func(ctx context.Context, c *client.Client) error { return c.Notes.Remove(ctx, 3) },
		"listColleagues": func(ctx context.Context, c *client.Client) error { _, err := c.Notes.Colleagues(ctx, 7); return err },
		"listFollowers":  func(ctx context.Context, c *client.Client) error { _, err := c.Notes.Followers(ctx, 7); return err },
		"listConversationTasks": func(ctx context.Context, c *client.Client) error {
			_, err := c.Tasks.Of(ctx, 7)
			return err
		},
		"listTasks": func(ctx context.Context, c *client.Client) error { return walk(c.Tasks.All(ctx, true)) },
		"addTask": func(ctx context.Context, c *client.Client) error {
			_, err := c.Tasks.Add(ctx, 7, client.NewTask{Text: text, User: who, DueAt: day})
			return err
		},
		"changeTask": func(ctx context.Context, c *client.Client) error {
			_, err := c.Tasks.Change(ctx, 3, client.TaskChange{Text: &text, User: &who, DueAt: &day, Someday: true, Done: &yes})
			return err
		},
		"listNotifications": func(ctx context.Context, c *client.Client) error { return walk(c.Notifications.All(ctx, true)) },
		"readNotifications": func(ctx context.Context, c *client.Client) error {
			_, err := c.Notifications.Read(ctx, 1, 2)
			return err
		},
		"getDraft": func(ctx context.Context, c *client.Client) error { _, err := c.Drafts.Get(ctx, 7); return err },
		"putDraft": func(ctx context.Context, c *client.Client) error {
			_, err := c.Drafts.Put(ctx, 7, client.NewDraft{Text: text, Files: []sellerdesk.FileID{1}, Seen: 4})
			return err
		},
		"removeDraft": func(ctx context.Context, c *client.Client) error { return c.Drafts.Remove(ctx, 7) },
		"getPresence": func(ctx context.Context, c *client.Client) error { _, err := c.Presence.Get(ctx, 7); return err },
		"tellPresence": func(ctx context.Context, c *client.Client) error {
			_, err := c.Presence.Tell(ctx, 7, client.PresenceTold{Typing: true, Draft: true, Gone: true, Window: "a"})
			return err
		},
	}
}
