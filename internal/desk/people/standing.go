package people

import (
	"context"
	"crypto/sha256"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// maxStanding bounds what is remembered of people and keys, each.
const maxStanding = 10_000

// standing remembers what people and keys may do, until anything of it changes.
// It is safe for concurrent use.
type standing struct {
	store *store.Store
	own   atomic.Uint64 // counts changes that the store does not count

	mu     sync.Mutex // guards what follows
	rev    uint64     // of which moment the rest is
	access map[sellerdesk.UserID]sellerdesk.Access
	keys   map[[sha256.Size]byte]knownKey
}

// knownKey is a key with its person.
type knownKey struct {
	key    sellerdesk.Key
	user   sellerdesk.User
	access sellerdesk.Access
}

// now is the moment up to which something that is read next is good.
func (s *standing) now() uint64 { return s.store.AccessRev() + s.own.Load() }

// forget drops what is remembered.
func (s *standing) forget() { s.own.Add(1) }

// renewed drops what is of an older moment. The caller holds mu.
func (s *standing) renewed(rev uint64) {
	if s.access == nil || s.rev != rev || len(s.access) >= maxStanding || len(s.keys) >= maxStanding {
		s.rev, s.access, s.keys = rev, map[sellerdesk.UserID]sellerdesk.Access{}, map[[sha256.Size]byte]knownKey{}
	}
}

func (s *standing) person(id sellerdesk.UserID) (sellerdesk.Access, bool) {
	rev := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.access[id]
	return a, ok && s.rev == rev
}

func (s *standing) keep(rev uint64, id sellerdesk.UserID, a sellerdesk.Access) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if rev >= s.rev {
		s.renewed(rev)
		s.access[id] = a
	}
}

func (s *standing) key(hash [sha256.Size]byte) (knownKey, bool) {
	rev := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.keys[hash]
	return k, ok && s.rev == rev
}

func (s *standing) keepKey(rev uint64, hash [sha256.Size]byte, k knownKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if rev >= s.rev {
		s.renewed(rev)
		s.keys[hash] = k
	}
}

// Access gives what a person may see and do now; nothing for one who is
// disabled, not_found for one who never was. It is remembered until people,
// roles or accounts change.
func (u *Users) Access(ctx context.Context, id sellerdesk.UserID) (sellerdesk.Access, error) {
	if a, ok := u.standing.person(id); ok {
		return a, nil
	}
	rev := u.standing.now()
	var access sellerdesk.Access
	err := u.deps.Store.Read(asProgram(ctx), func(tx *store.Tx) (err error) {
		access, err = AccessIn(ctx, tx, id)
		return err
	})
	if err != nil {
		return sellerdesk.Access{}, err
	}
	u.standing.keep(rev, id, access)
	return access, nil
}

// asProgram lets a verb look at what whoever asks may not see, to judge it.
func asProgram(ctx context.Context) context.Context {
	return sellerdesk.WithAccess(ctx, sellerdesk.FullAccess(0))
}

// AccessIn reads what a person may do, within a transaction.
func AccessIn(ctx context.Context, tx *store.Tx, id sellerdesk.UserID) (sellerdesk.Access, error) {
	user, err := tx.Users.Get(ctx, id)
	if err != nil || user.DisabledAt != nil {
		return sellerdesk.Access{User: id}, err
	}
	return grantedIn(ctx, tx, user)
}

// grantedIn reads what the roles of a person give, also to one who is disabled.
func grantedIn(ctx context.Context, tx *store.Tx, user sellerdesk.User) (sellerdesk.Access, error) {
	if user.Owner {
		return sellerdesk.FullAccess(user.ID), nil
	}
	roles, err := tx.Roles.List(ctx)
	if err != nil {
		return sellerdesk.Access{}, err
	}
	accounts, err := tx.Accounts.List(asProgram(ctx))
	if err != nil {
		return sellerdesk.Access{}, err
	}
	return granted(user, roles, accounts), nil
}

// granted adds up the roles of a person. Rights of the house count only where
// they are given for the whole house.
func granted(user sellerdesk.User, roles []sellerdesk.Role, accounts []sellerdesk.Account) sellerdesk.Access {
	rights := map[sellerdesk.RoleName]sellerdesk.Rights{}
	for _, r := range roles {
		rights[r.Name] = r.Rights
	}
	a := sellerdesk.Access{User: user.ID, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{}}
	for _, g := range user.Grants {
		if g.Account == nil && g.Channel == "" {
			a.House |= rights[g.Role]
			continue
		}
		for _, account := range accounts {
			if g.Account != nil && *g.Account == account.ID || g.Account == nil && g.Channel == account.Channel {
				a.Accounts[account.ID] |= ofCabinets(rights[g.Role])
			}
		}
	}
	return a
}

// ofCabinets leaves out the rights that belong to no cabinet.
func ofCabinets(r sellerdesk.Rights) sellerdesk.Rights {
	return sellerdesk.RightsOf(slices.DeleteFunc(r.List(), sellerdesk.Right.OfHouse)...)
}

// covers tells whether one access holds everything that another one holds, so
// that its person may act on the other's.
func covers(by, other sellerdesk.Access) bool {
	if other.House&^by.House != 0 {
		return false
	}
	for id, r := range other.Accounts {
		if r&^(by.House|by.Accounts[id]) != 0 {
			return false
		}
	}
	return true
}
