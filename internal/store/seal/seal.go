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
	"sync/atomic"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/people"
)

// Seal seals with the newest of its keys and opens with any of them, so that a
// key can be changed while everything is in use. Copies share their keys. It is
// safe for concurrent use.
type Seal struct{ ring *ring }

// ring is what the copies of a seal share: the boxes of the keys, newest first.
type ring struct{ boxes atomic.Pointer[[]cipher.AEAD] }

// New makes a seal of keys of 32 bytes, the newest first.
func New(keys ...[]byte) (Seal, error) {
	boxes := make([]cipher.AEAD, 0, len(keys))
	for _, key := range keys {
		box, err := boxOf(key)
		if err != nil {
			return Seal{}, err
		}
		boxes = append(boxes, box)
	}
	if len(boxes) == 0 {
		return Seal{}, errKeySize()
	}
	s := Seal{&ring{}}
	s.ring.boxes.Store(&boxes)
	return s, nil
}

func boxOf(key []byte) (cipher.AEAD, error) {
	if len(key) != 32 {
		return nil, errKeySize()
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make the seal: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func errKeySize() error {
	return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The key that seals the credentials must have 32 bytes.")
}

func (s Seal) boxes() []cipher.AEAD { return *s.ring.boxes.Load() }

// Add lets everything be sealed with another key from now on; what was sealed
// before opens still. Two at once is an error of the caller.
func (s Seal) Add(key []byte) error {
	box, err := boxOf(key)
	if err != nil {
		return err
	}
	boxes := append([]cipher.AEAD{box}, s.boxes()...)
	s.ring.boxes.Store(&boxes)
	return nil
}

// Keys is how many keys open what is sealed.
func (s Seal) Keys() int { return len(s.boxes()) }

// Forget keeps the newest key only.
func (s Seal) Forget() {
	boxes := s.boxes()[:1:1]
	s.ring.boxes.Store(&boxes)
}

// seal seals with the newest key. What is sealed opens beside the same bytes
// only, as a row copied to another place does not have.
func (s Seal) seal(plain, beside []byte) []byte {
	return s.boxes()[0].Seal(nil, nil, plain, beside)
}

// open opens with whichever key fits, and tells whether it was the newest.
func (s Seal) open(sealed, beside []byte) (plain []byte, newest bool, err error) {
	for i, box := range s.boxes() {
		if plain, err = box.Open(nil, nil, sealed, beside); err == nil {
			return plain, i == 0, nil
		}
	}
	return nil, false, err
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
	return s.seal(plain, ofAccount(id)), nil
}

// OpenCredentials is the inverse of [Seal.Credentials].
func (s Seal) OpenCredentials(id sellerdesk.AccountID, sealed []byte) (map[string]sellerdesk.Secret, error) {
	plain, _, err := s.open(sealed, ofAccount(id))
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
	return s.seal([]byte(key), ofDoor(id))
}

// OpenDoor is the inverse of [Seal.Door].
func (s Seal) OpenDoor(id sellerdesk.AccountID, sealed []byte) (sellerdesk.Secret, error) {
	key, _, err := s.open(sealed, ofDoor(id))
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
			_, _, err = s.open(sealed, []byte(checkText))
		}
		if err != nil {
			return errOtherKey(err)
		}
		return nil
	}
	if err := s.opensOld(ctx, w); err != nil {
		return err
	}
	sealed := s.seal([]byte(checkText), []byte(checkText))
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
