package client

import (
	"context"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
)

// Me is the person for whom the key speaks.
type Me struct{ c *Client }

// Person is the person for whom the key speaks, with what it may see and do.
type Person struct {
	sellerdesk.User
	Access Access `json:"access"`
	// RecoveryLeft is how many recovery codes were not used.
	RecoveryLeft int `json:"recovery_left"`
}

// Access is what a key may see and do.
type Access struct {
	Rights   sellerdesk.Rights                          `json:"rights"`   // in every account there is and will be
	Accounts map[sellerdesk.AccountID]sellerdesk.Rights `json:"accounts"` // further ones
}

// Get gives the person.
func (s *Me) Get(ctx context.Context) (Person, error) {
	var u Person
	err := s.c.do(ctx, call{op: "get me", method: http.MethodGet, path: "/v1/me"}, &u)
	return u, err
}

// Preferences change how a person sees things; nil leaves a field as it is.
type Preferences struct {
	Name     *string              `json:"name,omitempty"`
	Language *sellerdesk.Language `json:"language,omitempty"`
	Theme    *string              `json:"theme,omitempty"` // "light", "dark", or "" for what the system says
	// Shortcuts replace all keys that differ from the usual ones.
	Shortcuts *sellerdesk.Shortcuts `json:"shortcuts,omitempty"`
}

// Update changes how the person sees things and gives the person afterwards.
func (s *Me) Update(ctx context.Context, p Preferences) (sellerdesk.User, error) {
	var u sellerdesk.User
	err := s.c.do(ctx, call{op: "update me", method: http.MethodPatch, path: "/v1/me", body: p}, &u)
	return u, err
}

// SetPassword changes the password. The server takes it from a signed-in browser
// only, not from a key.
func (s *Me) SetPassword(ctx context.Context, old, replacement sellerdesk.Secret) error {
	body := map[string]string{"old": old.Reveal(), "new": replacement.Reveal()}
	return s.c.do(ctx, call{op: "set password", method: http.MethodPost, path: "/v1/me/password", body: body}, nil)
}

// Factor is what an authenticator needs to be told once.
type Factor struct {
	Secret  string `json:"secret"`
	OTPAuth string `json:"otpauth"` // the same as an address, for a QR code
}

// BeginFactor makes the secret of a second factor, which counts once a code of
// it was confirmed. A key cannot do it.
func (s *Me) BeginFactor(ctx context.Context, password sellerdesk.Secret) (Factor, error) {
	var f Factor
	err := s.c.do(ctx, call{op: "begin second factor", method: http.MethodPost, path: "/v1/me/second-factor", body: proof(password)}, &f)
	return f, err
}

func proof(password sellerdesk.Secret) map[string]string {
	return map[string]string{"password": password.Reveal()}
}

// ConfirmFactor asks for codes from now on and gives recovery codes, which are
// told this once. A key cannot do it.
func (s *Me) ConfirmFactor(ctx context.Context, code string) ([]string, error) {
	var out struct {
		RecoveryCodes []string `json:"recovery_codes"`
	}
	err := s.c.do(ctx, call{op: "confirm second factor", method: http.MethodPost, path: "/v1/me/second-factor/confirm", body: map[string]string{"code": code}}, &out)
	return out.RecoveryCodes, err
}

// RemoveFactor asks for codes no more. A key cannot do it.
func (s *Me) RemoveFactor(ctx context.Context, password sellerdesk.Secret) error {
	return s.c.do(ctx, call{op: "remove second factor", method: http.MethodDelete, path: "/v1/me/second-factor", body: proof(password)}, nil)
}
