package wildberries

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Categories are bits of a token's claim s.
const (
	CategoryContent   = 1
	CategoryFeedbacks = 7
	CategoryChat      = 9
	CategoryReturns   = 11
	bitReadOnly       = 30
)

// TokenKind is the claim acc.
type TokenKind int

// The kinds of tokens.
const (
	Basic    TokenKind = 1
	Test     TokenKind = 2
	Personal TokenKind = 3
	Service  TokenKind = 4
)

// TokenOptions describe a token to mint. The zero value is personal, of full scope, with the account's own expiry.
type TokenOptions struct {
	Kind TokenKind
	// Expires is the moment from which the token is refused; zero means Account.TokenUntil.
	Expires time.Time
	// Categories are the bits to set; nil means all of them.
	Categories []int
	// ReadOnly sets the bit that forbids writes.
	ReadOnly bool
}

type claims struct {
	Kind         *TokenKind `json:"acc,omitempty"`
	Entry        int        `json:"ent,omitempty"`
	Expires      int64      `json:"exp"`
	For          string     `json:"for,omitempty"`
	ID           string     `json:"id"`
	Organization int64      `json:"oid"`
	Scope        int64      `json:"s"`
	Seller       string     `json:"sid"`
	Test         bool       `json:"t"`
}

// Token mints a token of an account; equal arguments give the same one. Nobody can check its signature, and the emulator does not.
func Token(a *sandbox.Account, o TokenOptions) string {
	if o.Kind == 0 {
		o.Kind = Personal
	}
	if o.Expires.IsZero() {
		o.Expires = a.TokenUntil
	}
	if o.Categories == nil {
		o.Categories = []int{1, 2, 3, 4, 5, 6, CategoryFeedbacks, CategoryChat, 10, CategoryReturns, 12, 13, 16}
	}
	c := claims{Kind: &o.Kind, Entry: 1, Expires: o.Expires.Unix(), Organization: a.Organization, Seller: a.Seller, Test: o.Kind == Test}
	for _, bit := range o.Categories {
		c.Scope |= 1 << bit
	}
	if o.ReadOnly {
		c.Scope |= 1 << bitReadOnly
	}
	switch o.Kind {
	case Personal:
		c.For = "self"
	case Service:
		c.For = "asid:00000000-0000-4000-8000-00000000a51d"
	}
	id := sha256.Sum256(fmt.Appendf(nil, "%s %d %d %d", a.Seller, o.Kind, c.Expires, c.Scope))
	c.ID = fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])
	body, err := json.Marshal(c)
	if err != nil {
		panic(err) // impossible: numbers and strings
	}
	first, second := sha256.Sum256(body), sha256.Sum256(id[:])
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"ES256","kid":"20260901v1","typ":"JWT"}`)) + "." + encode(body) + "." + encode(append(first[:], second[:]...))
}

// errToken carries the detail of a 401.
type errToken struct{ detail string }

func (e *errToken) Error() string { return e.detail }

const maxToken = 8 << 10

// parseToken reads a header, with "Bearer " or without. The signature is decoded and not verified.
func parseToken(header string) (claims, error) {
	var c claims
	malformed := func(why string) error { return &errToken{"token problem; token is malformed: " + why} }
	if header == "" {
		return c, &errToken{"empty Authorization header"}
	}
	if len(header) > maxToken {
		return c, malformed("token is too long")
	}
	raw := header
	if len(raw) > 7 && strings.EqualFold(raw[:7], "bearer ") {
		raw = strings.TrimSpace(raw[7:])
	}
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return c, malformed("token contains an invalid number of segments")
	}
	if _, err := base64.RawURLEncoding.DecodeString(parts[2]); err != nil {
		return c, malformed("could not base64 decode signature: " + err.Error())
	}
	var head struct {
		Algorithm string `json:"alg"`
	}
	for i, into := range []any{&head, &c} {
		name := []string{"header", "claim"}[i]
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return c, malformed("could not base64 decode " + name + ": " + err.Error())
		}
		if err := json.Unmarshal(text, into); err != nil {
			return c, malformed("could not JSON decode " + name)
		}
	}
	if c.Seller == "" && c.Organization == 0 {
		return c, malformed("no seller")
	}
	return c, nil
}

func (c claims) has(bit int) bool { return c.Scope&(1<<bit) != 0 }

// kind is the token's kind; old tokens do not tell and count as personal.
func (c claims) kind() TokenKind {
	switch {
	case c.Test:
		return Test
	case c.Kind == nil:
		return Personal
	}
	return *c.Kind
}

// authorize checks a token for a category (0: any) at a moment and finds its account.
func (e *Emulator) authorize(header string, category int, now time.Time) (claims, *sandbox.Account, error) {
	c, err := parseToken(header)
	if err != nil {
		return c, nil, err
	}
	if c.Expires <= now.Unix() {
		return c, nil, &errToken{"token expired"}
	}
	if c.kind() == Test || category != 0 && !c.has(category) {
		return c, nil, &errToken{"token scope not allowed"}
	}
	for _, a := range e.world.Accounts(API) {
		if a.Seller == c.Seller || c.Seller == "" && a.Organization == c.Organization {
			return c, a, nil
		}
	}
	return c, nil, &errToken{"token problem; token is withdrawn"}
}

// asToken returns the detail of a 401.
func asToken(err error) string {
	var t *errToken
	if errors.As(err, &t) {
		return t.detail
	}
	return err.Error()
}
