package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// wakeOrders takes other conversations back to the desk that wait for an order of
// which something new became known.
func (a *application) wakeOrders(ctx context.Context) error {
	var orders []string
	for _, p := range a.order {
		if p.news && p.order != "" {
			orders = append(orders, p.order)
		}
	}
	ids, err := a.tx.Holders.OnOrders(ctx, a.in.Account, orders)
	for n := 0; err == nil && n < len(ids); n++ {
		err = a.tx.Conversations.Handle(ctx, ids[n], func(h *Held, status *sellerdesk.ConversationStatus) error {
			if h.Asleep().Order {
				*status = sellerdesk.ConversationOpen
				h.Wake(sellerdesk.WokeByOrder, a.now)
			}
			return nil
		})
	}
	return err
}
