package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// products registers the operations on what conversations are about.
func (a *api) products() {
	register(a, sellerdesk.RightSee, huma.Operation{
		OperationID: "getProduct", Method: http.MethodGet, Path: "/v1/products/{account}/{id}", Tags: []string{"products"},
		Summary:     "Get what is known about a product from its reviews",
		Description: "Its stars by month, in UTC, and the newest answers about it.",
	}, a.getProduct)
}

type productInput struct {
	Account sellerdesk.AccountID `path:"account" minimum:"1"`
	ID      sellerdesk.RemoteID  `path:"id" maxLength:"500" doc:"As the remote side names it"`
}

func (a *api) getProduct(ctx context.Context, in *productInput) (*output[sellerdesk.ProductSummary], error) {
	var p sellerdesk.ProductSummary
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		p, err = tx.Products.Summary(ctx, in.ID, in.Account)
		return err
	})
	p.Months, p.Answers = filled(p.Months), filled(p.Answers)
	return &output[sellerdesk.ProductSummary]{Body: p}, err
}
