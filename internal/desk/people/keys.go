package people

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// KeyPrefix begins every key, so that people and programs that look for leaked
// secrets recognize one.
const KeyPrefix = "sd_"

const (
	keyShown        = len(KeyPrefix) + 6 // what is kept of a key to recognize it by
	mostKeyAccounts = 200
	mostKeyLimit    = 100_000 // requests a minute
	keyWindow       = time.Minute
	maxWindows      = 10_000
)

// Keys are the verbs on the keys of programs.
type Keys struct {
	*house

	mu      sync.Mutex // guards windows
	windows map[sellerdesk.KeyID]window
}

// window counts the requests of a key in a minute.
type window struct {
	began time.Time
	n     int
}

// List gives keys, newest first: one's own (user 0 or one's id), or with the
// right keys those of anybody. With every, those of everybody. A key without the
// right finds itself only: it may be narrower than the others of its person.
func (k *Keys) List(ctx context.Context, user sellerdesk.UserID, every bool) (keys []sellerdesk.Key, err error) {
	by := sellerdesk.AccessOf(ctx)
	if user == 0 && !every {
		user = by.User
	}
	if user != by.User {
		if err := sellerdesk.Allow(ctx, sellerdesk.RightKeys, 0); err != nil {
			return nil, err
		}
	}
	err = k.deps.Store.Read(ctx, func(tx *store.Tx) error {
		keys, err = tx.Keys.List(ctx, user)
		return err
	})
	if by.Key != 0 && !by.May(sellerdesk.RightKeys) {
		keys = slices.DeleteFunc(keys, func(key sellerdesk.Key) bool { return key.ID != by.Key })
	}
	for i := range keys {
		if at, ok := k.uses.ofKey(keys[i].ID); ok {
			keys[i].UsedAt = &at
		}
	}
	return keys, err
}

// CreateKey describes a key to be made.
type CreateKey struct {
	User     sellerdesk.UserID // for whom it acts; 0: who asks
	Name     string
	Rights   sellerdesk.Rights
	Accounts []sellerdesk.AccountID // none: all that the person sees
	Limit    int                    // requests a minute; 0: as many as it likes
	Expires  *sellerdesk.Time       // nil: never
}

// NewKey is a key just made, with the only copy of its text.
type NewKey struct {
	Key  sellerdesk.Key
	Text string // what a program sends
}

// Create makes a key: for oneself, or with the right keys for somebody else.
// Nobody gives a key of somebody else, or by a key, more than they hold: not even
// what its person does not hold yet.
func (k *Keys) Create(ctx context.Context, in CreateKey) (out NewKey, err error) {
	by := sellerdesk.AccessOf(ctx)
	if in.User == 0 {
		in.User = by.User
	}
	if in.User != by.User || by.Key != 0 {
		if err := sellerdesk.Allow(ctx, sellerdesk.RightKeys, 0); err != nil {
			return out, err
		}
	}
	if in.Name, err = personName(in.Name); err != nil {
		return out, err
	}
	if err := k.checkKey(in); err != nil {
		return out, err
	}
	out.Text = KeyPrefix + randomToken()
	sum := sha256.Sum256([]byte(out.Text))
	err = k.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := k.behind(ctx, tx, in); err != nil {
			return err
		}
		if !isPerson(by, in.User) && !holds(by, in.Rights, in.Accounts) {
			return sellerdesk.Errorf(sellerdesk.CodeForbidden, "You cannot give a key rights that you do not have yourself.").InField("rights")
		}
		out.Key, err = tx.Keys.Create(ctx, sellerdesk.Key{
			User: in.User, Name: in.Name, Prefix: out.Text[:keyShown], Rights: in.Rights, Accounts: in.Accounts, Limit: in.Limit, ExpiresAt: in.Expires,
		}, sum[:])
		if err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditKeyCreated, Text: fmt.Sprintf("Made the key %q.", in.Name), Data: out.Key})
	})
	return out, err
}

// holds tells whether rights are held in accounts; in none: for the whole house.
// A key follows the rights of its person, which may grow: what counts is all that
// it could ever do.
func holds(by sellerdesk.Access, rights sellerdesk.Rights, accounts []sellerdesk.AccountID) bool {
	if rights&^by.House == 0 {
		return true
	}
	for _, id := range accounts {
		if rights&^(by.House|by.Accounts[id]) != 0 {
			return false
		}
	}
	return len(accounts) > 0
}

// behind judges the person of a key, and the accounts for that person.
func (k *Keys) behind(ctx context.Context, tx *store.Tx, in CreateKey) error {
	user, err := tx.Users.Get(ctx, in.User)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no such person.").InField("user")
	}
	if err != nil {
		return err
	}
	if user.DisabledAt != nil {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "This person is disabled: enable them first.").InField("user")
	}
	access, err := grantedIn(ctx, tx, user)
	if err != nil {
		return err
	}
	for _, id := range in.Accounts {
		if !access.MayIn(sellerdesk.RightSee, id) {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no account %d for this person.", id).InField("accounts")
		}
		if _, err := tx.Accounts.Get(asProgram(ctx), id); err != nil {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no account %d for this person.", id).InField("accounts")
		}
	}
	return nil
}

func (k *Keys) checkKey(in CreateKey) error {
	switch {
	case in.Rights == 0:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The key has no right.").InField("rights")
	case len(in.Accounts) > mostKeyAccounts:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A key names up to %d accounts.", mostKeyAccounts).InField("accounts")
	case in.Limit < 0 || in.Limit > mostKeyLimit:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The limit is 0 (none) to %d requests a minute.", mostKeyLimit).InField("limit")
	case in.Expires != nil && !in.Expires.After(k.deps.Clock.Now()):
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The key would have expired already.").InField("expires_at")
	}
	return nil
}

// Revoke ends a key for good: one's own, or with the right keys that of anybody.
// A key without the right ends itself only. One that may not be seen is not_found.
func (k *Keys) Revoke(ctx context.Context, id sellerdesk.KeyID) error {
	by := sellerdesk.AccessOf(ctx)
	return k.deps.Store.Write(ctx, func(tx *store.Tx) error {
		key, err := tx.Keys.Get(ctx, id)
		if err != nil {
			return err
		}
		own := key.User == by.User && (by.Key == 0 || by.Key == id)
		if !own && !by.May(sellerdesk.RightKeys) {
			return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such key.")
		}
		if key.RevokedAt != nil {
			return nil
		}
		if err := tx.Keys.Revoke(ctx, key); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditKeyRevoked, Text: fmt.Sprintf("Revoked the key %q.", key.Name), Data: key})
	})
}

// KeyUse is a request that came with a key.
type KeyUse struct {
	User   sellerdesk.User
	Key    sellerdesk.Key
	Access sellerdesk.Access
	// Left is how many requests are left until Resets has passed; both are 0 for
	// a key without a limit.
	Left   int
	Resets time.Duration
}

// Check tells who a key speaks for, and counts the request. A key that is wrong,
// was revoked or has expired is forbidden, as is that of a person who is
// disabled; too many requests are limited, and the use is given then too.
func (k *Keys) Check(ctx context.Context, text, address string) (KeyUse, error) {
	if !strings.HasPrefix(text, KeyPrefix) {
		return KeyUse{}, errKey()
	}
	known, err := k.known(ctx, sha256.Sum256([]byte(text)))
	if err != nil {
		return KeyUse{}, err
	}
	now := k.deps.Clock.Now()
	switch {
	case known.key.RevokedAt != nil || known.user.DisabledAt != nil:
		return KeyUse{}, errKey()
	case known.key.ExpiresAt != nil && !now.Before(known.key.ExpiresAt.Time):
		return KeyUse{}, sellerdesk.Errorf(sellerdesk.CodeForbidden, "The key in the header Authorization has expired.")
	}
	k.uses.key(known.key.ID, sellerdesk.At(now))
	use := KeyUse{User: known.user, Key: known.key, Access: known.access}
	use.Access.Address = address
	if known.key.Limit == 0 {
		return use, nil
	}
	var fits bool
	if use.Left, use.Resets, fits = k.count(known.key, now); !fits {
		return use, sellerdesk.Errorf(sellerdesk.CodeLimited, "This key may make %d requests a minute.", known.key.Limit)
	}
	return use, nil
}

func errKey() error {
	return sellerdesk.Errorf(sellerdesk.CodeForbidden, "The key in the header Authorization is not right.")
}

// known finds a key by its hash.
func (k *Keys) known(ctx context.Context, hash [sha256.Size]byte) (out knownKey, err error) {
	standing := k.standing
	if out, ok := standing.key(hash); ok {
		return out, nil
	}
	rev := standing.now()
	ctx = asProgram(ctx)
	err = k.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if out.key, err = tx.Keys.ByHash(ctx, hash[:]); err != nil {
			return err
		}
		if out.user, err = tx.Users.Get(ctx, out.key.User); err != nil {
			return err
		}
		access, err := AccessIn(ctx, tx, out.key.User)
		out.access = access.Narrowed(out.key.ID, out.key.Rights, out.key.Accounts)
		return err
	})
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return out, errKey()
	}
	if err == nil {
		standing.keepKey(rev, hash, out)
	}
	return out, err
}

// Current tells what a key may do now, without counting a request, for who keeps
// a connection open; forbidden when it no longer works.
func (k *Keys) Current(ctx context.Context, id sellerdesk.KeyID) (sellerdesk.Access, error) {
	var key sellerdesk.Key
	var user sellerdesk.User
	var access sellerdesk.Access
	ctx = asProgram(ctx)
	err := k.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if key, err = tx.Keys.Get(ctx, id); err != nil {
			return err
		}
		if user, err = tx.Users.Get(ctx, key.User); err != nil {
			return err
		}
		access, err = grantedIn(ctx, tx, user)
		return err
	})
	if err != nil {
		return sellerdesk.Access{}, err
	}
	if user.DisabledAt != nil || key.RevokedAt != nil || key.ExpiresAt != nil && !k.deps.Clock.Now().Before(key.ExpiresAt.Time) {
		return sellerdesk.Access{}, errKey()
	}
	return access.Narrowed(key.ID, key.Rights, key.Accounts), nil
}

// count counts a request of a key in its minute.
func (k *Keys) count(key sellerdesk.Key, now time.Time) (left int, resets time.Duration, fits bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.windows) >= maxWindows {
		k.windows = map[sellerdesk.KeyID]window{}
	}
	w, ok := k.windows[key.ID]
	if !ok || now.Sub(w.began) >= keyWindow || now.Before(w.began) {
		w = window{began: now}
	}
	if fits = w.n < key.Limit; fits {
		w.n++
	}
	k.windows[key.ID] = w
	return key.Limit - w.n, keyWindow - now.Sub(w.began), fits
}
