package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Idempotency remembers the answers to writes for 48 hours.
type Idempotency struct{ tx *Tx }

// Stored is an answer that was given.
type Stored struct {
	BodyHash []byte // of the request
	Status   int
	Body     []byte
}

// Get gives the answer given to a person's key, if there was one.
func (i Idempotency) Get(ctx context.Context, user sellerdesk.UserID, key string) (answer Stored, found bool, err error) {
	return Stored{}, false, errNotYet
}

// Put keeps an answer. A key that is taken is a conflict.
func (i Idempotency) Put(ctx context.Context, user sellerdesk.UserID, key string, s Stored) error {
	return errNotYet
}

// Settings are what a person changes about the whole house.
type Settings struct{ tx *Tx }

// Get gives a setting; "" when it was never set.
func (s Settings) Get(ctx context.Context, key string) (string, error) { return "", errNotYet }

// Set changes a setting.
func (s Settings) Set(ctx context.Context, key, value string) error { return errNotYet }
