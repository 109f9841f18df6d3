package yandexmarket

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
)

// CampaignsService lists the shops of a key.
type CampaignsService struct{ c *Client }

// Campaign is a shop. Several may belong to one cabinet (business). The API
// promises no field of it.
type Campaign struct {
	ID              int64           `json:"id"`
	Domain          string          `json:"domain"` // name of the shop
	Business        CampaignOwner   `json:"business"`
	PlacementType   string          `json:"placementType"`   // FBS, FBY, DBS, LAAS
	APIAvailability APIAvailability `json:"apiAvailability"` // "" when not told
}

// CampaignOwner is the cabinet of a shop.
type CampaignOwner struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// APIAvailability tells whether the API works for a shop, an open set.
type APIAvailability string

// APIAvailable is a shop whose API works; every other value says why it does not.
const APIAvailable APIAvailability = "AVAILABLE"

// ListCampaigns asks for a page of shops.
type ListCampaigns struct {
	Limit int    // 1 to 100; 0 leaves it to the remote side
	Page  string // Next of the page before
}

type campaignsAnswer struct {
	Campaigns []json.RawMessage `json:"campaigns"`
	Paging    *paging           `json:"paging"`
}

func (*campaignsAnswer) withoutEnvelope() {}

// List gives a page of the shops that the key sees. A cabinet whose API is
// switched off has none here, and answers ErrDisabled everywhere else.
//
// Operation: GET /v2/campaigns. Quota: 1,000 an hour. Document of 2026-07-17.
func (s *CampaignsService) List(ctx context.Context, q ListCampaigns) (Page[Campaign], error) {
	var answer campaignsAnswer
	err := s.c.do(ctx, operation{
		name: "GET /v2/campaigns", method: http.MethodGet, path: "/v2/campaigns", query: query(q.Limit, q.Page), bucket: BucketCampaigns,
	}, &answer)
	if err != nil {
		return Page[Campaign]{}, err
	}
	return page[Campaign](ctx, s.c, answer.Campaigns, answer.Paging), nil
}

// All goes through all shops.
func (s *CampaignsService) All(ctx context.Context, q ListCampaigns) iter.Seq2[Campaign, error] {
	return all(q.Page, func(token string) (Page[Campaign], error) {
		q.Page = token
		return s.List(ctx, q)
	})
}

type campaignAnswer struct {
	Campaign Campaign `json:"campaign"`
}

func (*campaignAnswer) withoutEnvelope() {}

// Get gives one shop.
//
// Operation: GET /v2/campaigns/{campaignId}. Quota: 5,000 an hour. Document of 2026-07-17.
func (s *CampaignsService) Get(ctx context.Context, campaign int64) (Campaign, error) {
	var answer campaignAnswer
	err := s.c.do(ctx, operation{
		name: "GET /v2/campaigns/{campaignId}", method: http.MethodGet, path: "/v2/campaigns/" + decimal(campaign), bucket: BucketCampaign,
	}, &answer)
	return answer.Campaign, err
}

// BusinessService tells the settings of a cabinet.
type BusinessService struct{ c *Client }

// Settings are those of a cabinet.
type Settings struct {
	Info         BusinessInfo   `json:"info"`
	Settings     BusinessValues `json:"settings"`
	Subscription Tier           `json:"subscriptionLevel"` // decides the quotas: see [Budget.SetTier]
	Traits       []string       `json:"traits"`
}

// BusinessInfo names a cabinet.
type BusinessInfo struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// BusinessValues are what is set for a cabinet.
type BusinessValues struct {
	Currency         string `json:"currency"`
	OnlyDefaultPrice bool   `json:"onlyDefaultPrice"`
}

// Settings gives the settings of a cabinet.
//
// Operation: POST /v2/businesses/{businessId}/settings. Quota: 100 an hour. Document of 2026-07-17.
func (s *BusinessService) Settings(ctx context.Context, business int64) (Settings, error) {
	var out Settings
	err := s.c.do(ctx, operation{
		name: "POST /v2/businesses/{businessId}/settings", method: http.MethodPost, path: ofBusiness("v2", business, "settings"), bucket: BucketSettings,
	}, &out)
	return out, err
}

// AuthService tells what a key may do.
type AuthService struct{ c *Client }

// Scope is a right of a key, an open set.
type Scope string

// The rights that concern buyers.
const (
	ScopeCommunication      Scope = "COMMUNICATION"
	ScopeAllMethods         Scope = "ALL_METHODS"
	ScopeAllMethodsReadOnly Scope = "ALL_METHODS_READ_ONLY"
)

// TokenInfo is what a key says about itself.
type TokenInfo struct {
	Name   string  `json:"name"`
	Scopes []Scope `json:"authScopes"`
}

// Token gives the name and the rights of the Api-Key. It does not tell the
// cabinet, which [CampaignsService.List] does. A token of OAuth is refused.
//
// Operation: POST /v2/auth/token. Quota: 100 an hour. Document of 2026-07-17.
func (s *AuthService) Token(ctx context.Context) (TokenInfo, error) {
	var out struct {
		APIKey TokenInfo `json:"apiKey"`
	}
	err := s.c.do(ctx, operation{name: "POST /v2/auth/token", method: http.MethodPost, path: "/v2/auth/token", bucket: BucketToken}, &out)
	return out.APIKey, err
}
