package yandexmarket

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Scope is what a key may do.
type Scope string

// The scopes that matter here; a key with another one may read nothing of this API.
const (
	ScopeCommunication Scope = "COMMUNICATION"
	ScopeAll           Scope = "ALL_METHODS"
	ScopeReadOnly      Scope = "ALL_METHODS_READ_ONLY"
	ScopePricing       Scope = "PRICING"
)

var scopes = []Scope{ScopeCommunication, ScopeAll, ScopeReadOnly, ScopePricing}

// TokenOptions describe a token to mint. The zero value is an Api-Key for all methods.
type TokenOptions struct {
	// Scopes of the key; nil means ScopeAll.
	Scopes []Scope
	// OAuth makes a token for the header Authorization, which belongs to a person and has no scopes of its own.
	OAuth bool
}

// Token mints a token of an account; equal arguments give the same one.
func Token(a *sandbox.Account, o TokenOptions) string {
	if o.Scopes == nil {
		o.Scopes = []Scope{ScopeAll}
	}
	bits := 0
	for i, s := range scopes {
		for _, have := range o.Scopes {
			if s == have {
				bits |= 1 << i
			}
		}
	}
	return mint(a, bits, o.OAuth)
}

func mint(a *sandbox.Account, bits int, oauth bool) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %v", a.Seller, bits, oauth))
	body := fmt.Sprintf("%02x", bits) + hex.EncodeToString(sum[:19])
	if oauth {
		return "y0_" + body
	}
	return "ACMA:" + body + ":" + hex.EncodeToString(sum[20:24])
}

// bearer is who asks.
type bearer struct {
	account *sandbox.Account
	bits    int
	oauth   bool
}

func (b bearer) has(s Scope) bool {
	for i, one := range scopes {
		if one == s {
			return b.bits&(1<<i) != 0
		}
	}
	return false
}

// may tells whether the token opens a method.
func (b bearer) may(writes bool) bool {
	return b.oauth || b.has(ScopeAll) || b.has(ScopeCommunication) || !writes && b.has(ScopeReadOnly)
}

const maxToken = 4096

// authorize reads the credentials of a request, or says why they are none.
func (e *Emulator) authorize(r *http.Request) (who bearer, status int, why string) {
	key, header := r.Header.Get("Api-Key"), r.Header.Get("Authorization")
	switch {
	case r.Header.Values("Api-Key") == nil && header == "":
		return who, http.StatusUnauthorized, "Credentials are not specified"
	case r.Header.Values("Api-Key") != nil && key == "":
		return who, http.StatusUnauthorized, "Api-Key token is not specified"
	case key != "" && len(key) > maxToken:
		return who, http.StatusUnauthorized, "Api-Key token length invalid"
	case key != "" && !strings.HasPrefix(key, "ACMA:"):
		return who, http.StatusUnauthorized, "Api-Key token prefix invalid"
	case key != "" && len(key) != len("ACMA:")+40+1+8:
		return who, http.StatusUnauthorized, "Api-Key token length invalid"
	case key != "":
		if who, ok := e.bearer(key, key[5:7], false); ok {
			return who, 0, ""
		}
		return who, http.StatusUnauthorized, "Api-Key token is invalid"
	}
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "OAuth") {
		return who, http.StatusUnauthorized, "Authorization header has invalid syntax"
	}
	if token = strings.TrimSpace(token); token == "" {
		return who, http.StatusUnauthorized, "OAuth token is not specified"
	}
	if len(token) == 43 && strings.HasPrefix(token, "y0_") {
		if who, ok := e.bearer(token, token[3:5], true); ok {
			return who, 0, ""
		}
	}
	return who, http.StatusForbidden, "OAuth token is invalid"
}

func (e *Emulator) bearer(token, bits string, oauth bool) (bearer, bool) {
	raw, err := hex.DecodeString(bits)
	if err != nil {
		return bearer{}, false
	}
	for _, a := range e.world.Accounts(API) {
		if mint(a, int(raw[0]), oauth) == token {
			return bearer{a, int(raw[0]), oauth}, true
		}
	}
	return bearer{}, false
}
