package store

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// EnsureDoor gives an account the key of its push address, unless it has one.
func (a Accounts) EnsureDoor(ctx context.Context, id sellerdesk.AccountID) error {
	sealed, err := a.tx.Pushes.Door(ctx, id)
	if err != nil || sealed != nil {
		return err
	}
	key := rand.Text()
	return a.tx.Pushes.SetDoor(ctx, id, a.tx.store.seal.Door(id, key))
}

// Door gives the key of an account's push address; empty when it has none or
// is no longer there.
func (a Accounts) Door(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Secret, error) {
	sealed, err := a.tx.Pushes.Door(ctx, id)
	if err != nil || sealed == nil {
		return "", err
	}
	return a.tx.store.seal.OpenDoor(id, sealed)
}

// pushHealth tells how the pushes of an account fare, with its address; nil when
// it is not pushed to.
func (a Accounts) pushHealth(ctx context.Context, id sellerdesk.AccountID) (*sellerdesk.PushHealth, error) {
	h, err := a.tx.Pushes.Health(ctx, id)
	if err != nil || h == nil {
		return nil, err
	}
	key, err := a.Door(ctx, id)
	if err != nil {
		return nil, err
	}
	h.Address = fmt.Sprintf("/in/%d/%s", id, key.Reveal())
	return h, nil
}
