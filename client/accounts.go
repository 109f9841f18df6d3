package client

import (
	"context"
	"net/http"
	"net/url"

	"github.com/sellerdesk/sellerdesk"
)

// Accounts are the seller cabinets.
type Accounts struct{ c *Client }

// List gives all accounts.
func (s *Accounts) List(ctx context.Context) ([]sellerdesk.Account, error) {
	var accounts []sellerdesk.Account
	for a, err := range all(func(cursor string) (p Page[sellerdesk.Account], err error) {
		query := url.Values{}
		place(query, cursor, 200)
		err = s.c.do(ctx, call{op: "list accounts", method: http.MethodGet, path: "/v1/accounts", query: query}, &p)
		return p, err
	}) {
		if err != nil {
			return accounts, err
		}
		accounts = append(accounts, a)
	}
	return accounts, nil
}

// Get gives one account.
func (s *Accounts) Get(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	var a sellerdesk.Account
	err := s.c.do(ctx, call{op: "get account", method: http.MethodGet, path: "/v1/accounts/" + itoa(id)}, &a)
	return a, err
}

// Templates lists the texts that messengers approved, those of one source, or of
// all when it is "". They are as they were read last; anew asks the messenger
// first.
func (s *Accounts) Templates(ctx context.Context, id sellerdesk.AccountID, source sellerdesk.RemoteID, anew bool) ([]sellerdesk.RemoteTemplate, error) {
	query := url.Values{}
	if source != "" {
		query.Set("source", string(source))
	}
	if anew {
		query.Set("anew", "true")
	}
	var p struct {
		Items []sellerdesk.RemoteTemplate `json:"items"`
	}
	err := s.c.do(ctx, call{op: "list templates", method: http.MethodGet, path: "/v1/accounts/" + itoa(id) + "/templates", query: query}, &p)
	return p.Items, err
}

// NewAccount is a cabinet to be added.
type NewAccount struct {
	Channel     sellerdesk.ChannelKind
	Name        string // "" takes the name of the cabinet
	Credentials map[string]sellerdesk.Secret
	BaseURL     string // "" means the real address of the remote side
	Key         string // of the intent; "" takes a random one
}

// Add proves the credentials and adds the cabinet.
func (s *Accounts) Add(ctx context.Context, n NewAccount) (sellerdesk.Account, error) {
	body := struct {
		Channel     sellerdesk.ChannelKind `json:"channel"`
		Name        sellerdesk.Optional    `json:"name"`
		Credentials map[string]string      `json:"credentials"`
		BaseURL     sellerdesk.Optional    `json:"base_url"`
	}{n.Channel, sellerdesk.Optional(n.Name), revealed(n.Credentials), sellerdesk.Optional(n.BaseURL)}
	var a sellerdesk.Account
	err := s.c.do(ctx, call{op: "add account", method: http.MethodPost, path: "/v1/accounts", key: n.Key, body: body}, &a)
	return a, err
}

// Pause stops reading and sending until Resume.
func (s *Accounts) Pause(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	return s.act(ctx, id, "pause account", map[string]any{"action": "pause"})
}

// Resume lets an account go on.
func (s *Accounts) Resume(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	return s.act(ctx, id, "resume account", map[string]any{"action": "resume"})
}

// Repair reads everything of an account again, so that what is missing here
// comes back. It returns when that has begun; the streams of the account tell
// how far it is.
func (s *Accounts) Repair(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	return s.act(ctx, id, "repair account", map[string]any{"action": "repair"})
}

// Rename changes the name as people here see it.
func (s *Accounts) Rename(ctx context.Context, id sellerdesk.AccountID, name string) (sellerdesk.Account, error) {
	return s.act(ctx, id, "rename account", map[string]any{"action": "rename", "name": name})
}

// ReplaceCredentials gives the account other credentials of the same cabinet.
func (s *Accounts) ReplaceCredentials(ctx context.Context, id sellerdesk.AccountID, credentials map[string]sellerdesk.Secret) (sellerdesk.Account, error) {
	return s.act(ctx, id, "replace credentials", map[string]any{"action": "credentials", "credentials": revealed(credentials)})
}

// Remove forgets an account with everything of it. It cannot be undone.
func (s *Accounts) Remove(ctx context.Context, id sellerdesk.AccountID) error {
	return s.c.do(ctx, call{op: "remove account", method: http.MethodDelete, path: "/v1/accounts/" + itoa(id)}, nil)
}

// Driver is how a channel is offered.
type Driver struct {
	Kind   sellerdesk.ChannelKind     `json:"kind"`
	Title  string                     `json:"title"`
	Fields []DriverField              `json:"fields"`
	Can    []sellerdesk.KindAbilities `json:"can"`
}

// DriverField is one credential that a channel asks for.
type DriverField struct {
	Name   string            `json:"name"`  // key in the credentials
	Title  map[string]string `json:"title"` // by language
	Help   map[string]string `json:"help"`  // by language
	Secret bool              `json:"secret"`
}

// Drivers gives the channels that an account can be added for.
func (s *Accounts) Drivers(ctx context.Context) ([]Driver, error) {
	var p Page[Driver]
	err := s.c.do(ctx, call{op: "list drivers", method: http.MethodGet, path: "/v1/drivers"}, &p)
	return p.Items, err
}

func (s *Accounts) act(ctx context.Context, id sellerdesk.AccountID, op string, body map[string]any) (sellerdesk.Account, error) {
	var a sellerdesk.Account
	err := s.c.do(ctx, call{op: op, method: http.MethodPost, path: "/v1/accounts/" + itoa(id) + "/actions", body: body}, &a)
	return a, err
}

// revealed gives secrets the form in which they travel.
func revealed(m map[string]sellerdesk.Secret) map[string]string {
	out := make(map[string]string, len(m))
	for name, secret := range m {
		out[name] = secret.Reveal()
	}
	return out
}
