package sealing

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// KeyFile keeps the keys that seal secrets, outside the database. Its changes
// are whole or not at all, and on the disk when they return.
type KeyFile struct {
	Add  func(key []byte) error // keeps another key as the newest, beside those there
	Trim func() error           // keeps the newest only
}

// keySize is the size of a key that seals, in bytes.
const keySize = 32

// Secrets are the verbs on what is sealed.
type Secrets struct {
	store *store.Store
	keys  KeyFile
	clock sellerdesk.Clock
	mu    sync.Mutex // held while the key is changed
}

// New makes the verbs. Without keys they refuse to change them.
func New(s *store.Store, keys KeyFile, clock sellerdesk.Clock) *Secrets {
	return &Secrets{store: s, keys: keys, clock: clock}
}

// Rotate changes the key that seals every secret of the house while everything
// is in use. Each step can be the last: with the next start, or another Rotate,
// what is left is done first. A second one at the same moment is a conflict.
func (s *Secrets) Rotate(ctx context.Context) (sellerdesk.Rotation, error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
		return sellerdesk.Rotation{}, err
	}
	if s.keys.Add == nil {
		return sellerdesk.Rotation{}, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The key of this program cannot be changed.")
	}
	if !s.mu.TryLock() {
		return sellerdesk.Rotation{}, sellerdesk.Errorf(sellerdesk.CodeConflict, "The key is being changed already.")
	}
	defer s.mu.Unlock()
	ctx = context.WithoutCancel(ctx) // half a change is of use to nobody
	if _, err := s.finish(ctx); err != nil {
		return sellerdesk.Rotation{}, err
	}
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails
	defer clear(key)
	if err := s.keys.Add(key); err != nil {
		return sellerdesk.Rotation{}, err
	}
	if err := s.store.UseKey(key); err != nil {
		return sellerdesk.Rotation{}, err
	}
	return s.finish(ctx)
}

// Finish does what is left of a change that was cut short; without one it does
// nothing. It is called at the start.
func (s *Secrets) Finish(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.finish(ctx)
	return err
}

// finish seals everything with the newest key, and gives the others up.
func (s *Secrets) finish(ctx context.Context) (sellerdesk.Rotation, error) {
	if !s.store.Resealing() || s.keys.Trim == nil {
		return sellerdesk.Rotation{}, nil
	}
	sealed, err := s.store.Reseal(ctx)
	if err != nil {
		return sellerdesk.Rotation{}, fmt.Errorf("seal everything anew: %w", err)
	}
	done := sellerdesk.Rotation{Sealed: sealed, At: sellerdesk.At(s.clock.Now())}
	data, err := json.Marshal(struct {
		Sealed int `json:"sealed"`
	}{sealed})
	if err != nil {
		return sellerdesk.Rotation{}, fmt.Errorf("encode the audit: %w", err)
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		return tx.Audit.Add(ctx, sellerdesk.AuditEntry{Kind: sellerdesk.AuditSecretsRotated, Data: data,
			Text: fmt.Sprintf("The sealing key was changed; %d secrets were sealed anew.", sealed)})
	})
	if err != nil {
		return sellerdesk.Rotation{}, err
	}
	if err := s.keys.Trim(); err != nil {
		return sellerdesk.Rotation{}, err
	}
	s.store.ForgetOldKeys()
	return done, nil
}
