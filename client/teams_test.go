package client_test

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

// handle says all that can be said of a conversation.
func handle() client.Handle {
	user, team, until := sellerdesk.UserID(3), sellerdesk.TeamID(2), sellerdesk.AtMillis(1_800_000_000_000)
	return client.Handle{User: &user, Team: &team, Until: &until, Order: true, Priority: sellerdesk.PriorityHigh}
}

func aboutTeams() map[string]func(context.Context, *client.Client) error {
	name, members := "x", []sellerdesk.UserID{1, 2}
	return map[string]func(context.Context, *client.Client) error{
		"listTeams": func(ctx context.Context, c *client.Client) error { _, err := c.Teams.List(ctx); return err },
		"createTeam": func(ctx context.Context, c *client.Client) error {
			_, err := c.Teams.Create(ctx, client.NewTeam{Name: name, Members: members})
			return err
		},
		"changeTeam": func(ctx context.Context, c *client.Client) error {
			_, err := c.Teams.Change(ctx, 3, client.TeamChange{Name: &name, Members: &members})
			return err
		},
		"removeTeam":     func(ctx context.Context, c *client.Client) error { return c.Teams.Remove(ctx, 3) },
		"listCandidates": func(ctx context.Context, c *client.Client) error { _, err := c.Teams.Candidates(ctx, 7); return err },
		"getAway":        func(ctx context.Context, c *client.Client) error { _, err := c.Me.Away(ctx); return err },
		"setAway":        func(ctx context.Context, c *client.Client) error { _, err := c.Me.SetAway(ctx, true); return err },
	}
}
