package store

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
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
