package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Users are the people who work here. Its methods need the right people.
type Users struct{ c *Client }

// Invitation is a person with a one-time link to come in by.
type Invitation struct {
	User      sellerdesk.User     `json:"user"`
	Link      sellerdesk.Optional `json:"link"` // path on the server; absent when the invitation was repeated
	ExpiresAt sellerdesk.Time     `json:"expires_at"`
}

// NewUser names a person who is to work here.
type NewUser struct {
	Name     string              `json:"name"`
	Grants   []sellerdesk.Grant  `json:"grants"`
	Language sellerdesk.Language `json:"language,omitempty"` // "": that of who invites
}

// UserChange changes a person; nil leaves a field as it is.
type UserChange struct {
	Name     *string             `json:"name,omitempty"`
	Grants   *[]sellerdesk.Grant `json:"grants,omitempty"` // in place of all before
	Disabled *bool               `json:"disabled,omitempty"`
	// SecondFactor: false removes that of somebody who lost it.
	SecondFactor *bool `json:"second_factor,omitempty"`
}

// List gives everybody, the owner first.
func (s *Users) List(ctx context.Context) ([]sellerdesk.User, error) {
	var p Page[sellerdesk.User]
	err := s.c.do(ctx, call{op: "list users", method: http.MethodGet, path: "/v1/users"}, &p)
	return p.Items, err
}

// Get gives one person.
func (s *Users) Get(ctx context.Context, id sellerdesk.UserID) (sellerdesk.User, error) {
	var u sellerdesk.User
	err := s.c.do(ctx, call{op: "get user", method: http.MethodGet, path: "/v1/users/" + itoa(id)}, &u)
	return u, err
}

// Invite makes a person and a link behind which they choose login and password.
func (s *Users) Invite(ctx context.Context, n NewUser) (Invitation, error) {
	var i Invitation
	if n.Grants == nil {
		n.Grants = []sellerdesk.Grant{}
	}
	err := s.c.do(ctx, call{op: "invite user", method: http.MethodPost, path: "/v1/users", body: n}, &i)
	return i, err
}

// Change changes name and rights of a person.
func (s *Users) Change(ctx context.Context, id sellerdesk.UserID, change UserChange) (sellerdesk.User, error) {
	var u sellerdesk.User
	err := s.c.do(ctx, call{op: "change user", method: http.MethodPatch, path: "/v1/users/" + itoa(id), body: change}, &u)
	return u, err
}

// Disable lets a person sign in no more.
func (s *Users) Disable(ctx context.Context, id sellerdesk.UserID) error {
	return s.c.do(ctx, call{op: "disable user", method: http.MethodDelete, path: "/v1/users/" + itoa(id)}, nil)
}

// Link makes a new one-time link for a person.
func (s *Users) Link(ctx context.Context, id sellerdesk.UserID) (Invitation, error) {
	var i Invitation
	err := s.c.do(ctx, call{op: "link user", method: http.MethodPost, path: "/v1/users/" + itoa(id) + "/link"}, &i)
	return i, err
}

// Roles are the named sets of rights. Its methods need the right people.
type Roles struct{ c *Client }

// List gives the roles that every house has, then those of this one.
func (s *Roles) List(ctx context.Context) ([]sellerdesk.Role, error) {
	var p Page[sellerdesk.Role]
	err := s.c.do(ctx, call{op: "list roles", method: http.MethodGet, path: "/v1/roles"}, &p)
	return p.Items, err
}

// Set makes a role or changes it.
func (s *Roles) Set(ctx context.Context, role sellerdesk.Role) (sellerdesk.Role, error) {
	var out sellerdesk.Role
	body := struct {
		Title  string            `json:"title"`
		Rights sellerdesk.Rights `json:"rights"`
	}{string(role.Title), role.Rights}
	err := s.c.do(ctx, call{op: "set role", method: http.MethodPut, path: "/v1/roles/" + url.PathEscape(string(role.Name)), body: body}, &out)
	return out, err
}

// Remove removes a role that nobody has.
func (s *Roles) Remove(ctx context.Context, name sellerdesk.RoleName) error {
	return s.c.do(ctx, call{op: "remove role", method: http.MethodDelete, path: "/v1/roles/" + url.PathEscape(string(name))}, nil)
}

// Sessions are browsers that are signed in.
type Sessions struct{ c *Client }

// List gives those of a person, the one used last first; user 0 is who asks.
// Those of others need the right people.
func (s *Sessions) List(ctx context.Context, user sellerdesk.UserID) ([]sellerdesk.Session, error) {
	var p Page[sellerdesk.Session]
	err := s.c.do(ctx, call{op: "list sessions", method: http.MethodGet, path: "/v1/sessions", query: ofUser(user)}, &p)
	return p.Items, err
}

// Revoke signs one browser out.
func (s *Sessions) Revoke(ctx context.Context, id sellerdesk.SessionID) error {
	return s.c.do(ctx, call{op: "revoke session", method: http.MethodDelete, path: "/v1/sessions/" + itoa(id)}, nil)
}

// RevokeAll signs all browsers of a person out (user 0: who asks) and tells how
// many there were.
func (s *Sessions) RevokeAll(ctx context.Context, user sellerdesk.UserID) (int, error) {
	var out struct {
		Revoked int `json:"revoked"`
	}
	err := s.c.do(ctx, call{op: "revoke sessions", method: http.MethodDelete, path: "/v1/sessions", query: ofUser(user)}, &out)
	return out.Revoked, err
}

func ofUser(id sellerdesk.UserID) url.Values {
	if id == 0 {
		return nil
	}
	return url.Values{"user": {itoa(id)}}
}

// Keys let programs act for people.
type Keys struct{ c *Client }

// NewKey describes a key to be made.
type NewKey struct {
	Name      string                 `json:"name"`
	Rights    sellerdesk.Rights      `json:"rights"`
	User      sellerdesk.UserID      `json:"user,omitempty"`     // 0: who asks
	Accounts  []sellerdesk.AccountID `json:"accounts,omitempty"` // none: all that the person sees
	Limit     int                    `json:"limit,omitempty"`    // requests a minute; 0: as many as it likes
	ExpiresAt *sellerdesk.Time       `json:"expires_at,omitempty"`
}

// MadeKey is a key with the only copy of its text.
type MadeKey struct {
	sellerdesk.Key
	Secret sellerdesk.Optional `json:"secret"` // absent when the request was repeated
}

// List gives keys, newest first: one's own (user 0), those of a person, or with
// every those of everybody; the latter two need the right keys.
func (s *Keys) List(ctx context.Context, user sellerdesk.UserID, every bool) ([]sellerdesk.Key, error) {
	q := ofUser(user)
	if every {
		q = url.Values{"every": {"true"}}
	}
	var p Page[sellerdesk.Key]
	err := s.c.do(ctx, call{op: "list keys", method: http.MethodGet, path: "/v1/keys", query: q}, &p)
	return p.Items, err
}

// Create makes a key.
func (s *Keys) Create(ctx context.Context, n NewKey) (MadeKey, error) {
	var k MadeKey
	err := s.c.do(ctx, call{op: "create key", method: http.MethodPost, path: "/v1/keys", body: n}, &k)
	return k, err
}

// Revoke ends a key for good.
func (s *Keys) Revoke(ctx context.Context, id sellerdesk.KeyID) error {
	return s.c.do(ctx, call{op: "revoke key", method: http.MethodDelete, path: "/v1/keys/" + itoa(id)}, nil)
}

// Audit is who did what. Its methods need the right audit.
type Audit struct{ c *Client }

// AuditQuery asks for entries, newest first. Zero values mean "any".
type AuditQuery struct {
	Kinds        []sellerdesk.AuditKind
	User         sellerdesk.UserID
	Key          sellerdesk.KeyID
	Account      sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	From, To     time.Time
	Limit        int // of a page
	Cursor       string
}

func (q AuditQuery) values() url.Values {
	v := url.Values{}
	for _, k := range q.Kinds {
		v.Add("kind", string(k))
	}
	for name, id := range map[string]int64{
		"user": int64(q.User), "key": int64(q.Key), "account": int64(q.Account), "conversation": int64(q.Conversation), "limit": int64(q.Limit),
	} {
		if id != 0 {
			v.Set(name, strconv.FormatInt(id, 10))
		}
	}
	for name, at := range map[string]time.Time{"from": q.From, "to": q.To} {
		if !at.IsZero() {
			v.Set(name, at.UTC().Format(time.RFC3339Nano))
		}
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	return v
}

// List gives a page of entries.
func (s *Audit) List(ctx context.Context, q AuditQuery) (Page[sellerdesk.AuditEntry], error) {
	var p Page[sellerdesk.AuditEntry]
	err := s.c.do(ctx, call{op: "list audit", method: http.MethodGet, path: "/v1/audit", query: q.values()}, &p)
	return p, err
}

// All walks through all entries, newest first.
func (s *Audit) All(ctx context.Context, q AuditQuery) iter.Seq2[sellerdesk.AuditEntry, error] {
	return all(func(cursor string) (Page[sellerdesk.AuditEntry], error) {
		if cursor != "" {
			q.Cursor = cursor
		}
		return s.List(ctx, q)
	})
}
