package wildberries

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// TokenKind decides the request limits.
type TokenKind string

// The kinds of tokens. Old tokens do not say theirs.
const (
	TokenUnknown  TokenKind = "unknown"
	TokenBasic    TokenKind = "basic"
	TokenTest     TokenKind = "test"
	TokenPersonal TokenKind = "personal"
	TokenService  TokenKind = "service"
)

// Category is a group of methods that a token may use. Its value is the number of its bit in the token.
type Category uint8

// The categories.
const (
	CategoryContent         Category = 1
	CategoryAnalytics       Category = 2
	CategoryPrices          Category = 3
	CategoryMarketplace     Category = 4
	CategoryStatistics      Category = 5
	CategoryPromotion       Category = 6
	CategoryFeedbacks       Category = 7 // questions, feedbacks, pins
	CategoryRecommendations Category = 8 // in old tokens only
	CategoryChat            Category = 9
	CategorySupplies        Category = 10
	CategoryReturns         Category = 11
	CategoryDocuments       Category = 12
	CategoryFinance         Category = 13
	CategoryUsers           Category = 16
)

// readOnlyBit marks a token that may not change anything.
const readOnlyBit = 30

// String returns the name of the category as in the seller portal's English page.
func (c Category) String() string {
	names := map[Category]string{
		CategoryContent: "content", CategoryAnalytics: "analytics", CategoryPrices: "prices", CategoryMarketplace: "marketplace",
		CategoryStatistics: "statistics", CategoryPromotion: "promotion", CategoryFeedbacks: "questions and feedbacks",
		CategoryRecommendations: "recommendations", CategoryChat: "buyer chat", CategorySupplies: "supplies",
		CategoryReturns: "buyer returns", CategoryDocuments: "documents", CategoryFinance: "finance", CategoryUsers: "users",
	}
	if name, ok := names[c]; ok {
		return name
	}
	return "category " + strconv.Itoa(int(c))
}

// Categories is a set of categories.
type Categories uint64

// Has tells whether c is in the set.
func (s Categories) Has(c Category) bool { return c < 64 && s&(1<<c) != 0 }

// List returns the members in ascending order, unknown ones included.
func (s Categories) List() []Category {
	var list []Category
	for c := range Category(64) {
		if s.Has(c) {
			list = append(list, c)
		}
	}
	return list
}

// Token is what a token says about itself. It does not hold the token. The signature is not checked: only the remote side can
// vouch for a token, this is for telling the owner early what it will not do.
type Token struct {
	Kind       TokenKind
	Categories Categories
	// ScopeKnown is false for a token without the category mask; nothing is refused locally then.
	ScopeKnown bool
	ReadOnly   bool
	// Sandbox marks a test token, which works on sandbox hosts only.
	Sandbox bool
	// Expiry is zero when the token does not say.
	Expiry time.Time
	// SellerID is the seller's UUID, SellerNumber the numeric id; "" and 0 when the token does not say.
	SellerID     string
	SellerNumber int64
	// ID is the id of the token itself.
	ID string
	// ServiceID is the catalogue service the token was made for, "" for all but service tokens.
	ServiceID string
}

// longestToken bounds what is looked at. Real tokens have 300 to 700 characters.
const longestToken = 8 << 10

// InspectToken reads the payload of a token. Blanks around it and the word Bearer are ignored. It calls nobody and does not look
// at the clock. The error is ErrBadToken.
func InspectToken(token string) (Token, error) {
	token = trimScheme(token)
	switch {
	case token == "":
		return Token{}, badToken("it is empty")
	case len(token) > longestToken:
		return Token{}, badToken("it is too long")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Token{}, badToken("it must consist of three parts with dots between")
	}
	for _, part := range parts {
		if part == "" || strings.Trim(part, tokenAlphabet) != "" || strings.ContainsFunc(part, foreignRune) {
			return Token{}, badToken("it has a character that tokens do not have, or an empty part")
		}
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return Token{}, badToken("its middle part is not base64: it may be cut off")
	}
	var claims tokenClaims
	if err := json.Unmarshal(payload, &claims); err != nil {
		return Token{}, badToken("its middle part holds no readable claims")
	}
	return claims.token(), nil
}

const tokenAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="

func foreignRune(r rune) bool { return !strings.ContainsRune(tokenAlphabet, r) }

func trimScheme(token string) string {
	token = strings.TrimSpace(token)
	if len(token) > 7 && strings.EqualFold(token[:7], "Bearer ") {
		token = strings.TrimSpace(token[7:])
	}
	return token
}

func badToken(why string) error {
	return localError("", reason{ErrBadToken, "the token cannot be read: " + why}, ErrUnauthorized)
}

type tokenClaims struct {
	Expiry  claimNumber     `json:"exp"`
	Scope   *claimNumber    `json:"s"`
	SID     claimText       `json:"sid"`
	OID     claimNumber     `json:"oid"`
	Test    json.RawMessage `json:"t"`
	Account claimNumber     `json:"acc"`
	For     claimText       `json:"for"`
	ID      claimText       `json:"id"`
}

func (c tokenClaims) token() Token {
	t := Token{SellerID: string(c.SID), SellerNumber: int64(c.OID), ID: string(c.ID), Sandbox: string(c.Test) == "true"}
	if c.Scope != nil {
		t.ScopeKnown = true
		t.ReadOnly = *c.Scope&(1<<readOnlyBit) != 0
		t.Categories = Categories(*c.Scope &^ (1 << readOnlyBit))
	}
	// Seconds beyond the year 9999 are nonsense that time.Time formats badly.
	if c.Expiry > 0 && c.Expiry < 253402300800 {
		t.Expiry = time.Unix(int64(c.Expiry), 0).UTC()
	}
	service, made := strings.CutPrefix(string(c.For), "asid:")
	if made {
		t.ServiceID = service
	}
	t.Kind = c.kind(made)
	t.Sandbox = t.Sandbox || t.Kind == TokenTest
	return t
}

func (c tokenClaims) kind(service bool) TokenKind {
	switch {
	case string(c.Test) == "true" || c.Account == 2:
		return TokenTest
	case c.Account == 1:
		return TokenBasic
	case c.Account == 3:
		return TokenPersonal
	case c.Account == 4:
		return TokenService
	case service:
		return TokenService
	case c.For == "self":
		return TokenPersonal
	default:
		return TokenUnknown
	}
}

// claimNumber is a whole number, written as a number or in quotes; anything else is 0, because one odd claim must not hide the rest.
type claimNumber int64

// UnmarshalJSON never fails.
func (n *claimNumber) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if whole, err := strconv.ParseInt(text, 10, 64); err == nil && whole >= 0 {
		*n = claimNumber(whole)
		return nil
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && f >= 0 && f < math.MaxInt32*1e6 {
		*n = claimNumber(f)
	}
	return nil
}

// claimText is a short string, or a number taken as text; anything else is "".
type claimText string

// UnmarshalJSON never fails.
func (s *claimText) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil && len(raw) > 0 && raw[0] != '{' && raw[0] != '[' && string(raw) != "null" {
		text = string(raw)
	}
	if len(text) <= 200 {
		*s = claimText(text)
	}
	return nil
}

// Expired tells whether the token is no longer valid at now.
func (t Token) Expired(now time.Time) bool { return !t.Expiry.IsZero() && !now.Before(t.Expiry) }

// check refuses an expired token.
func (t Token) check(now time.Time) error {
	if t.Expired(now) {
		return localError("", reason{ErrTokenExpired, "the token expired on " + t.Expiry.Format("2006-01-02 15:04 MST")}, ErrUnauthorized)
	}
	return nil
}

// allow refuses what the token cannot do at now, before anything leaves: the remote side would refuse it and may count it.
func (c *Client) allow(o operation) error {
	t := c.token
	if t.Expired(c.clock.Now()) {
		return localError(o.name, reason{ErrTokenExpired, "the token expired on " + t.Expiry.Format("2006-01-02 15:04 MST")}, ErrUnauthorized)
	}
	if t.ScopeKnown && o.category != 0 && !t.Categories.Has(o.category) {
		text := "the token lacks the category " + strconv.Quote(o.category.String())
		return localError(o.name, reason{ErrMissingCategory, text}, ErrUnauthorized)
	}
	if t.ReadOnly && o.write {
		return localError(o.name, reason{ErrReadOnly, "the token is read-only"}, ErrForbidden)
	}
	return nil
}

// reason is a sentinel with a sentence of its own.
type reason struct {
	sentinel error
	text     string
}

func (r reason) Error() string { return r.text }

func (r reason) Unwrap() error { return r.sentinel }

// Sentinels of what can be wrong with a token. All are also ErrUnauthorized, but ErrReadOnly, which is ErrForbidden.
var (
	ErrBadToken        = errors.New("the token cannot be read")
	ErrTokenExpired    = errors.New("the token has expired")
	ErrTestToken       = errors.New("a test token works on sandbox hosts only")
	ErrMissingCategory = errors.New("the token lacks a category")
	ErrReadOnly        = errors.New("the token is read-only")
)
