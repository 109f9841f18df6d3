package people

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

const (
	argonKey  = 32 // bytes
	argonSalt = 16 // bytes
	// hashers is how many passwords are worked on at once; each takes the memory
	// of its cost.
	hashers = 2
)

// PasswordCost is how hard a password is to guess: passes over an amount of
// memory, in so many threads.
type PasswordCost struct {
	Time, Memory uint32 // passes, KiB
	Threads      uint8
}

// HouseCost is the second recommended choice of RFC 9106, for where memory is
// short.
func HouseCost() PasswordCost { return PasswordCost{Time: 3, Memory: 64 << 10, Threads: 4} }

// Bounds of what a stored hash may ask for, so that a damaged row cannot eat
// the machine.
const (
	maxArgonTime   = 10
	maxArgonMemory = 256 << 10
)

var errPasswordHash = errors.New("the stored password hash is not understood")

// hashPassword gives the text that is stored for a password:
// $argon2id$v=19$m=65536,t=3,p=4$salt$key.
func (u *house) hashPassword(ctx context.Context, password string) (string, error) {
	if err := u.takeHasher(ctx); err != nil {
		return "", err
	}
	defer u.freeHasher()
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the process instead
	c := u.deps.Cost
	key := argon2.IDKey([]byte(password), salt, c.Time, c.Memory, c.Threads, argonKey)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, c.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// checkPassword tells whether the password belongs to the stored hash. For an
// empty hash it works as long and says no, so that the time of an answer does
// not tell which logins exist.
func (u *house) checkPassword(ctx context.Context, stored, password string) (bool, error) {
	p := argonParams{PasswordCost: u.deps.Cost, salt: make([]byte, argonSalt), key: make([]byte, argonKey)}
	if stored != "" {
		var err error
		if p, err = parseArgon(stored); err != nil {
			return false, err
		}
	}
	if err := u.takeHasher(ctx); err != nil {
		return false, err
	}
	defer u.freeHasher()
	key := argon2.IDKey([]byte(password), p.salt, p.Time, p.Memory, p.Threads, uint32(len(p.key)))
	same := subtle.ConstantTimeCompare(key, p.key) == 1
	return same && stored != "", nil
}

type argonParams struct {
	PasswordCost
	salt, key []byte
}

func parseArgon(stored string) (argonParams, error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return argonParams{}, errPasswordHash
	}
	var p argonParams
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.Memory, &p.Time, &p.Threads); err != nil {
		return argonParams{}, errPasswordHash
	}
	var errSalt, errKey error
	p.salt, errSalt = base64.RawStdEncoding.DecodeString(parts[4])
	p.key, errKey = base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || len(p.key) < argonKey || len(p.key) > 2*argonKey ||
		p.Time < 1 || p.Time > maxArgonTime || p.Memory > maxArgonMemory || p.Threads < 1 {
		return argonParams{}, errPasswordHash
	}
	return p, nil
}

func (u *house) takeHasher(ctx context.Context) error {
	select {
	case u.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (u *house) freeHasher() { <-u.hashing }
