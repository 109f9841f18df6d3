package client

import (
	"context"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
)

// Me is the person for whom the key speaks.
type Me struct{ c *Client }

// Get gives the person.
func (s *Me) Get(ctx context.Context) (sellerdesk.User, error) {
	var u sellerdesk.User
	err := s.c.do(ctx, call{op: "get me", method: http.MethodGet, path: "/v1/me"}, &u)
	return u, err
}

// Preferences change how a person sees things; nil leaves a field as it is.
type Preferences struct {
	Name     *string              `json:"name,omitempty"`
	Language *sellerdesk.Language `json:"language,omitempty"`
	Theme    *string              `json:"theme,omitempty"` // "light", "dark", or "" for what the system says
}

// Update changes how the person sees things and gives the person afterwards.
func (s *Me) Update(ctx context.Context, p Preferences) (sellerdesk.User, error) {
	var u sellerdesk.User
	err := s.c.do(ctx, call{op: "update me", method: http.MethodPatch, path: "/v1/me", body: p}, &u)
	return u, err
}
