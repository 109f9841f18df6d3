package seal

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
	"github.com/sellerdesk/sellerdesk/internal/store/people"
)

// Seal seals with one key. It is safe for concurrent use.
type Seal struct{ box cipher.AEAD }

// New makes a seal of a key of 32 bytes.
func New(key []byte) (Seal, error) {
	if len(key) != 32 {
		return Seal{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The key that seals the credentials must have 32 bytes.")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return Seal{}, fmt.Errorf("make the seal: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	return Seal{box}, err
}

// ofAccount binds sealed bytes to their account, so that a row copied to another
// account does not open.
func ofAccount(id sellerdesk.AccountID) []byte {
	return []byte("account " + strconv.FormatInt(int64(id), 10))
}

func ofDoor(id sellerdesk.AccountID) []byte { return append(ofAccount(id), " door"...) }

// Credentials seals what opens an account.
func (s Seal) Credentials(id sellerdesk.AccountID, c map[string]sellerdesk.Secret) ([]byte, error) {
	open := make(map[string]string, len(c))
	for name, secret := range c {
		open[name] = secret.Reveal()
	}
	plain, err := json.Marshal(open)
	if err != nil {
		return nil, fmt.Errorf("seal the credentials: %w", err)
	}
	return s.box.Seal(nil, nil, plain, ofAccount(id)), nil
}

// OpenCredentials is the inverse of [Seal.Credentials].
func (s Seal) OpenCredentials(id sellerdesk.AccountID, sealed []byte) (map[string]sellerdesk.Secret, error) {
	plain, err := s.box.Open(nil, nil, sealed, ofAccount(id))
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

// Door seals the key of an account's push address.
func (s Seal) Door(id sellerdesk.AccountID, key string) []byte {
	return s.box.Seal(nil, nil, []byte(key), ofDoor(id))
}

// OpenDoor is the inverse of [Seal.Door].
func (s Seal) OpenDoor(id sellerdesk.AccountID, sealed []byte) (sellerdesk.Secret, error) {
	key, err := s.box.Open(nil, nil, sealed, ofDoor(id))
	if err != nil {
		return "", fmt.Errorf("open the door of account %d: %w", id, err)
	}
	return sellerdesk.Secret(key), nil
}

const (
	checkSetting = "seal_check"
	checkText    = "sellerdesk"
)

// Check refuses a key that does not belong to the database, before anything is
// done with it: with another key every account would look broken. It runs in a
// transaction that writes.
func (s Seal) Check(ctx context.Context, w *engine.Work) error {
	settings := people.NewSettings(w)
	kept, err := settings.Get(ctx, checkSetting)
	if err != nil {
		return err
	}
	if kept != "" {
		sealed, err := base64.StdEncoding.DecodeString(kept)
		if err == nil {
			_, err = s.box.Open(nil, nil, sealed, []byte(checkText))
		}
		if err != nil {
			return errOtherKey(err)
		}
		return nil
	}
	if err := s.opensOld(ctx, w); err != nil {
		return err
	}
	sealed := s.box.Seal(nil, nil, []byte(checkText), []byte(checkText))
	return settings.Set(ctx, checkSetting, base64.StdEncoding.EncodeToString(sealed))
}

// opensOld tries the key on an account of a database from before the check
// value.
func (s Seal) opensOld(ctx context.Context, w *engine.Work) error {
	var id sellerdesk.AccountID
	var sealed []byte
	err := w.One(ctx, `SELECT id, credentials FROM accounts WHERE credentials IS NOT NULL ORDER BY id LIMIT 1`, nil, &id, &sealed)
	if errors.Is(err, engine.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for sealed credentials: %w", err)
	}
	if _, err := s.OpenCredentials(id, sealed); err != nil {
		return errOtherKey(err)
	}
	return nil
}

func errOtherKey(cause error) error {
	return sellerdesk.Errorf(sellerdesk.CodeConflict,
		"The key in the data folder does not belong to this database: start with the data folder that the database was made with, or put its key file there.").Because(cause)
}
