package client

import (
	"context"
	"net/http"
	"net/url"

	"github.com/sellerdesk/sellerdesk"
)

// Products are the goods that conversations are about.
type Products struct{ c *Client }

// Summary gives what is known about a product from its reviews.
func (s *Products) Summary(ctx context.Context, account sellerdesk.AccountID, id sellerdesk.RemoteID) (sellerdesk.ProductSummary, error) {
	var p sellerdesk.ProductSummary
	err := s.c.do(ctx, call{op: "get product", method: http.MethodGet, path: "/v1/products/" + itoa(account) + "/" + url.PathEscape(string(id))}, &p)
	return p, err
}
