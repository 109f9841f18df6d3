package people

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// useEvery is how often it is written down when sessions and keys were used.
	useEvery = time.Minute
	maxUses  = 20_000
)

// uses remembers when sessions and keys were used last until it is written down,
// all at once: a request writes nothing for it.
type uses struct {
	mu       sync.Mutex // guards what follows
	sessions map[sellerdesk.SessionID]store.Use
	keys     map[sellerdesk.KeyID]sellerdesk.Time
}

func newUses() *uses {
	return &uses{sessions: map[sellerdesk.SessionID]store.Use{}, keys: map[sellerdesk.KeyID]sellerdesk.Time{}}
}

func (u *uses) session(id sellerdesk.SessionID, use store.Use) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.sessions) < maxUses {
		u.sessions[id] = use
	}
}

func (u *uses) key(id sellerdesk.KeyID, at sellerdesk.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.keys) < maxUses {
		u.keys[id] = at
	}
}

// of gives a use of a session that is not written down yet.
func (u *uses) of(id sellerdesk.SessionID) (store.Use, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	use, ok := u.sessions[id]
	return use, ok
}

func (u *uses) ofKey(id sellerdesk.KeyID) (sellerdesk.Time, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	at, ok := u.keys[id]
	return at, ok
}

// taken gives what is to be written down.
func (u *uses) taken() (map[sellerdesk.SessionID]store.Use, map[sellerdesk.KeyID]sellerdesk.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return maps.Clone(u.sessions), maps.Clone(u.keys)
}

// written forgets what was written down, unless it was used again meanwhile.
func (u *uses) written(sessions map[sellerdesk.SessionID]store.Use, keys map[sellerdesk.KeyID]sellerdesk.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	maps.DeleteFunc(u.sessions, func(id sellerdesk.SessionID, use store.Use) bool { return sessions[id] == use })
	maps.DeleteFunc(u.keys, func(id sellerdesk.KeyID, at sellerdesk.Time) bool { return keys[id] == at })
}

// Run writes down every minute when sessions and keys were used last, until ctx
// ends.
func (s *Sessions) Run(ctx context.Context) error {
	for {
		ended := s.deps.Clock.Sleep(ctx, useEvery) != nil
		if err := s.KeepUses(ctx); err != nil {
			s.deps.Log.Warn("the use of sessions and keys was not kept", "op", "uses", "err", err)
		}
		if ended {
			return nil
		}
	}
}

// KeepUses writes down when sessions and keys were used last.
func (s *Sessions) KeepUses(ctx context.Context) error {
	sessions, keys := s.uses.taken()
	if len(sessions)+len(keys) == 0 {
		return nil
	}
	err := s.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Sessions.Used(ctx, sessions); err != nil {
			return err
		}
		return tx.Keys.Used(ctx, keys)
	})
	if err == nil {
		s.uses.written(sessions, keys)
	}
	return err
}
