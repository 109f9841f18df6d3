package accounts

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Holder is what the account of a conversation says about what may be done.
type Holder struct {
	State    sellerdesk.AccountState
	Why      sellerdesk.Why
	ReadOnly bool
	Can      map[sellerdesk.Kind][]sellerdesk.Ability
}

// Holders reads the accounts of a page.
func (a Accounts) Holders(ctx context.Context, ids []int64) (map[sellerdesk.AccountID]*Holder, error) {
	out := make(map[sellerdesk.AccountID]*Holder, len(ids))
	some, err := a.Some(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, o := range some {
		h := &Holder{State: o.State, Why: sellerdesk.Why{Code: o.ReasonCode, Text: o.Reason},
			ReadOnly: o.Identity.ReadOnly, Can: map[sellerdesk.Kind][]sellerdesk.Ability{}}
		for _, k := range o.Abilities {
			h.Can[k.Kind] = k.Can
		}
		out[o.ID] = h
	}
	return out, nil
}
