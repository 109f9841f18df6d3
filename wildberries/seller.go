package wildberries

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// SellerService tells whose token it is (common-api, any category).
type SellerService struct{ c *Client }

// Seller is the cabinet a token belongs to.
type Seller struct {
	Name      string `json:"name"` // legal name
	SID       string `json:"sid"`  // UUID, the same as Token.SellerID
	TIN       string `json:"tin"`
	TradeMark string `json:"tradeMark"` // the name buyers see
}

// Info returns the seller of the token. Use it to label an account.
//
// Operation: GET /api/v1/seller-info of common-api. Limit: 1 per minute, burst 10. Document of 2026-07-23.
func (s *SellerService) Info(ctx context.Context) (Seller, error) {
	const path = "/api/v1/seller-info"
	o := operation{name: "GET " + path, method: http.MethodGet, family: FamilyCommon, path: path, bucket: BucketSellerInfo}
	var answer struct {
		Name      looseText `json:"name"`
		SID       looseText `json:"sid"`
		TIN       looseText `json:"tin"`
		TradeMark looseText `json:"tradeMark"`
	}
	if err := s.c.json(ctx, o, nil, &answer); err != nil {
		return Seller{}, err
	}
	return Seller{Name: string(answer.Name), SID: string(answer.SID), TIN: string(answer.TIN), TradeMark: string(answer.TradeMark)}, nil
}

// Ping checks that a host is reachable and that the token is good for its category. It is for a person who sets up or repairs an
// account: the document warns that callers who automate it are blocked. It is never repeated.
//
// Operation: GET /ping of each host. Limit: 3 per 30 s and host. Document of 2026-07-23.
func (c *Client) Ping(ctx context.Context, f Family) error {
	o := operation{
		name: "GET /ping", method: http.MethodGet, family: f, path: "/ping", bucket: pingBucket(f), category: f.category(), once: true,
	}
	if f.productionHost() == "" {
		return localError(o.name, fmt.Errorf("there is no host family %q", f), ErrRefused)
	}
	var answer struct {
		Status looseText `json:"Status"`
	}
	if err := c.json(ctx, o, nil, &answer); err != nil {
		return err
	}
	if !strings.EqualFold(string(answer.Status), "ok") {
		return misunderstood(o, http.StatusOK, nil, fmt.Errorf("%w: status is not OK", rest.ErrMalformed))
	}
	return nil
}

// category returns what a token needs on the hosts of the family, 0 for any token.
func (f Family) category() Category {
	switch f {
	case FamilyFeedbacks:
		return CategoryFeedbacks
	case FamilyChat:
		return CategoryChat
	case FamilyReturns:
		return CategoryReturns
	default:
		return 0
	}
}
