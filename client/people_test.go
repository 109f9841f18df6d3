package client_test

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func aboutPeople() map[string]func(context.Context, *client.Client) error {
	name, no := "Olga", false
	account, later := sellerdesk.AccountID(1), sellerdesk.At(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	grants := []sellerdesk.Grant{{Role: sellerdesk.RoleOperator, Account: &account}, {Role: sellerdesk.RoleReadOnly, Channel: "box"}, {Role: "night-shift"}}
	return map[string]func(context.Context, *client.Client) error{
		"listUsers": func(ctx context.Context, c *client.Client) error { _, err := c.Users.List(ctx); return err },
		"getUser":   func(ctx context.Context, c *client.Client) error { _, err := c.Users.Get(ctx, 2); return err },
		"inviteUser": func(ctx context.Context, c *client.Client) error {
			_, err := c.Users.Invite(ctx, client.NewUser{Name: name, Grants: grants, Language: sellerdesk.English})
			return err
		},
		"changeUser": func(ctx context.Context, c *client.Client) error {
			_, err := c.Users.Change(ctx, 2, client.UserChange{Name: &name, Grants: &grants, Disabled: &no, SecondFactor: &no})
			return err
		},
		"disableUser": func(ctx context.Context, c *client.Client) error { return c.Users.Disable(ctx, 2) },
		"linkUser":    func(ctx context.Context, c *client.Client) error { _, err := c.Users.Link(ctx, 2); return err },
		"listRoles":   func(ctx context.Context, c *client.Client) error { _, err := c.Roles.List(ctx); return err },
		"setRole": func(ctx context.Context, c *client.Client) error {
			_, err := c.Roles.Set(ctx, sellerdesk.Role{Name: "night-shift", Title: "Night", Rights: sellerdesk.AllRights()})
			return err
		},
		"removeRole":     func(ctx context.Context, c *client.Client) error { return c.Roles.Remove(ctx, "night-shift") },
		"listSessions":   func(ctx context.Context, c *client.Client) error { _, err := c.Sessions.List(ctx, 2); return err },
		"revokeSession":  func(ctx context.Context, c *client.Client) error { return c.Sessions.Revoke(ctx, 5) },
		"revokeSessions": func(ctx context.Context, c *client.Client) error { _, err := c.Sessions.RevokeAll(ctx, 2); return err },
		"listKeys":       func(ctx context.Context, c *client.Client) error { _, err := c.Keys.List(ctx, 0, true); return err },
		"createKey": func(ctx context.Context, c *client.Client) error {
			_, err := c.Keys.Create(ctx, client.NewKey{
				Name: "ERP", Rights: sellerdesk.RightsOf(sellerdesk.RightSee), User: 2, Accounts: []sellerdesk.AccountID{1}, Limit: 60, ExpiresAt: &later,
			})
			return err
		},
		"revokeKey": func(ctx context.Context, c *client.Client) error { return c.Keys.Revoke(ctx, 3) },
		"listAudit": func(ctx context.Context, c *client.Client) error {
			return walk(c.Audit.All(ctx, client.AuditQuery{
				Kinds: []sellerdesk.AuditKind{sellerdesk.AuditSignedIn, sellerdesk.AuditTextSent}, User: 1, Key: 2, Account: 3, Conversation: 4,
				From: later.Time, To: later.Time, Limit: 5, Cursor: "abc",
			}))
		},
		"getStatus":     func(ctx context.Context, c *client.Client) error { _, err := c.House.Status(ctx); return err },
		"rotateSecrets": func(ctx context.Context, c *client.Client) error { _, err := c.House.RotateSecrets(ctx); return err },
		"setPassword":   func(ctx context.Context, c *client.Client) error { return c.Me.SetPassword(ctx, "one", "two") },
		"beginSecondFactor": func(ctx context.Context, c *client.Client) error {
			_, err := c.Me.BeginFactor(ctx, "password")
			return err
		},
		"confirmSecondFactor": func(ctx context.Context, c *client.Client) error {
			_, err := c.Me.ConfirmFactor(ctx, "123456")
			return err
		},
		"removeSecondFactor": func(ctx context.Context, c *client.Client) error { return c.Me.RemoveFactor(ctx, "password") },
	}
}
