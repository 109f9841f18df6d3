package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// newSeal makes the cipher that seals credentials.
func newSeal(key []byte) (cipher.AEAD, error) {
	if len(key) != 32 {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The key that seals the credentials must have 32 bytes.")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make the seal: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// sealFor binds sealed bytes to their account, so that a row copied to another
// account does not open.
func sealFor(id sellerdesk.AccountID) []byte {
	return []byte("account " + strconv.FormatInt(int64(id), 10))
}

func (s *Store) sealCredentials(id sellerdesk.AccountID, c map[string]sellerdesk.Secret) ([]byte, error) {
	open := make(map[string]string, len(c))
	for name, secret := range c {
		open[name] = secret.Reveal()
	}
	plain, err := json.Marshal(open)
	if err != nil {
		return nil, fmt.Errorf("seal the credentials: %w", err)
	}
	return s.seal.Seal(nil, nil, plain, sealFor(id)), nil
}

func (s *Store) unsealCredentials(id sellerdesk.AccountID, sealed []byte) (map[string]sellerdesk.Secret, error) {
	plain, err := s.seal.Open(nil, nil, sealed, sealFor(id))
	if err != nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeUnavailable,
			"The credentials of the account cannot be opened: the key does not belong to this database.").Because(err)
	}
	var c map[string]sellerdesk.Secret
	if err := json.Unmarshal(plain, &c); err != nil {
		return nil, fmt.Errorf("read the credentials: %w", err)
	}
	return c, nil
}

const (
	sealCheckSetting = "seal_check"
	sealCheckText    = "sellerdesk"
)

// checkSeal refuses a key that does not belong to the database, before
// anything is done with it: with another key every account would look broken.
func (s *Store) checkSeal(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error {
		kept, err := tx.Settings.Get(ctx, sealCheckSetting)
		if err != nil {
			return err
		}
		if kept != "" {
			sealed, err := base64.StdEncoding.DecodeString(kept)
			if err == nil {
				_, err = s.seal.Open(nil, nil, sealed, []byte(sealCheckText))
			}
			if err != nil {
				return errOtherKey(err)
			}
			return nil
		}
		if err := tx.oldSealsOpen(ctx); err != nil {
			return err
		}
		sealed := s.seal.Seal(nil, nil, []byte(sealCheckText), []byte(sealCheckText))
		return tx.Settings.Set(ctx, sealCheckSetting, base64.StdEncoding.EncodeToString(sealed))
	})
}

// oldSealsOpen tries the key on an account of a database from before the check
// value.
func (tx *Tx) oldSealsOpen(ctx context.Context) error {
	var id sellerdesk.AccountID
	var sealed []byte
	err := tx.one(ctx, `SELECT id, credentials FROM accounts WHERE credentials IS NOT NULL ORDER BY id LIMIT 1`, nil, &id, &sealed)
	if errors.Is(err, engine.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for sealed credentials: %w", err)
	}
	if _, err := tx.store.unsealCredentials(id, sealed); err != nil {
		return errOtherKey(err)
	}
	return nil
}

func errOtherKey(cause error) error {
	return sellerdesk.Errorf(sellerdesk.CodeConflict,
		"The key in the data folder does not belong to this database: start with the data folder that the database was made with, or put its key file there.").Because(cause)
}
