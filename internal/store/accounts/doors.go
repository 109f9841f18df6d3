package accounts

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// EnsureDoor gives an account the key of its push address, unless it has one.
func (a Accounts) EnsureDoor(ctx context.Context, id sellerdesk.AccountID) error {
	_, sealed, err := a.beside.Pushes.Door(ctx, id)
	if err != nil || sealed != nil {
		return err
	}
	key := rand.Text()
	return a.beside.Pushes.SetDoor(ctx, id, a.seal.Door(id, key))
}

// Door is where the pushes of an account arrive.
type Door struct {
	Channel sellerdesk.ChannelKind
	Key     sellerdesk.Secret // empty when the account has no door or is no longer there
}

// Door gives the door of an account.
func (a Accounts) Door(ctx context.Context, id sellerdesk.AccountID) (Door, error) {
	channel, sealed, err := a.beside.Pushes.Door(ctx, id)
	if err != nil || sealed == nil {
		return Door{}, err
	}
	key, err := a.seal.OpenDoor(id, sealed)
	return Door{channel, key}, err
}

// pushHealth fills in how the pushes of accounts fare, with their addresses, which
// are secrets: only those who may change the account get them. It stays nil for
// those that are not pushed to.
func (a Accounts) pushHealth(ctx context.Context, accounts []sellerdesk.Account) error {
	only := sellerdesk.AccountID(0)
	if len(accounts) == 1 {
		only = accounts[0].ID
	}
	all, err := a.beside.Pushes.Standing(ctx, only)
	if err != nil {
		return err
	}
	for i := range accounts {
		id := accounts[i].ID
		s, ok := all[id]
		if !ok {
			continue
		}
		accounts[i].Push = &s.Health
		if !sellerdesk.AccessOf(ctx).MayIn(sellerdesk.RightAccounts, id) {
			continue
		}
		key, err := a.seal.OpenDoor(id, s.Door)
		if err != nil {
			return err
		}
		s.Health.Address = fmt.Sprintf("/in/%d/%s", id, key.Reveal())
	}
	return nil
}
