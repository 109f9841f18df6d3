package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk/internal/store/seal"
)

// UseKey seals everything with another key of 32 bytes from now on; what was
// sealed before opens still. The key must be kept where the next start finds it
// before it is used.
func (s *Store) UseKey(key []byte) error {
	s.sealing.Lock()
	defer s.sealing.Unlock()
	return s.seal.Add(key)
}

// Resealing tells whether something may still be sealed with a key before the
// newest.
func (s *Store) Resealing() bool { return s.seal.Keys() > 1 }

// Reseal seals everything with the newest key, in small steps with room for
// other writers between them, and tells how much it was. Everybody works on
// meanwhile. Ended early, it is done again from the start and does what is left.
func (s *Store) Reseal(ctx context.Context) (sealed int, err error) {
	var at seal.Step
	for !at.Done {
		if err := ctx.Err(); err != nil {
			return at.Sealed, err
		}
		err := s.Write(ctx, func(tx *Tx) error {
			next, err := s.seal.Again(ctx, tx.w, at)
			if err == nil {
				at = next
			}
			return err
		})
		if err != nil {
			return at.Sealed, err
		}
	}
	return at.Sealed, nil
}

// ForgetOldKeys keeps the newest key only. It is called once the others are no
// longer kept anywhere, after Reseal.
func (s *Store) ForgetOldKeys() { s.seal.Forget() }
