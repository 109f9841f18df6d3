package radist

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Scope is what a key may do.
type Scope string

// The scopes.
const (
	ScopeMessaging   Scope = "messaging"
	ScopeConnections Scope = "connections"
	ScopeWebhooks    Scope = "webhooks"
)

func scopes() []Scope { return []Scope{ScopeMessaging, ScopeConnections, ScopeWebhooks} }

// TokenOptions describe a key to mint. The zero value is one with every scope.
type TokenOptions struct {
	// Scopes of the key; nil means all.
	Scopes []Scope
}

// Token mints a key of an account; equal arguments give the same one.
func Token(a *sandbox.Account, o TokenOptions) string {
	bits := 0
	for i, s := range scopes() {
		if o.Scopes == nil || slices.Contains(o.Scopes, s) {
			bits |= 1 << i
		}
	}
	return mint(a, bits)
}

func mint(a *sandbox.Account, bits int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", API, a.Seller, bits))
	return fmt.Sprintf("%02x", bits) + hex.EncodeToString(sum[:23])
}

// bearer is who asks.
type bearer struct {
	account *sandbox.Account
	bits    int
}

func (b bearer) has(s Scope) bool {
	i := slices.Index(scopes(), s)
	return s == "" || i >= 0 && b.bits&(1<<i) != 0
}

func (b bearer) scopes() []string {
	var have []string
	for _, s := range scopes() {
		if b.has(s) {
			have = append(have, string(s))
		}
	}
	return have
}

// authorize finds the key's account.
func (e *Emulator) authorize(r *http.Request) (bearer, bool) {
	key := r.Header.Get("X-Api-Key")
	if len(key) != 48 {
		return bearer{}, false
	}
	raw, err := hex.DecodeString(key[:2])
	if err != nil {
		return bearer{}, false
	}
	for _, a := range e.world.Accounts(API) {
		if mint(a, int(raw[0])) == key {
			return bearer{a, int(raw[0])}, true
		}
	}
	return bearer{}, false
}
