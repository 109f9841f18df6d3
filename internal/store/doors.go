package store

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// EnsureDoor gives an account the key of its push address, unless it has one.
func (a Accounts) EnsureDoor(ctx context.Context, id sellerdesk.AccountID) error {
	_, sealed, err := a.tx.Pushes.Door(ctx, id)
	if err != nil || sealed != nil {
		return err
	}
	key := rand.Text()
	return a.tx.Pushes.SetDoor(ctx, id, a.tx.store.seal.Door(id, key))
}

// Door is where the pushes of an account arrive.
type Door struct {
	Channel sellerdesk.ChannelKind
	Key     sellerdesk.Secret // empty when the account has no door or is no longer there
}

// Door gives the door of an account.
func (a Accounts) Door(ctx context.Context, id sellerdesk.AccountID) (Door, error) {
	channel, sealed, err := a.tx.Pushes.Door(ctx, id)
	if err != nil || sealed == nil {
		return Door{}, err
	}
	key, err := a.tx.store.seal.OpenDoor(id, sealed)
	return Door{channel, key}, err
}

// pushHealth tells how the pushes of an account fare, with its address; nil when
// it is not pushed to.
func (a Accounts) pushHealth(ctx context.Context, id sellerdesk.AccountID) (*sellerdesk.PushHealth, error) {
	h, err := a.tx.Pushes.Health(ctx, id)
	if err != nil || h == nil {
		return nil, err
	}
	door, err := a.Door(ctx, id)
	if err != nil {
		return nil, err
	}
	h.Address = fmt.Sprintf("/in/%d/%s", id, door.Key.Reveal())
	return h, nil
}
