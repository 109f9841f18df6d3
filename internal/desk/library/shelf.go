package library

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// mostShelved bounds how many texts are kept to be looked through at every key that
// somebody types; then it begins anew.
const mostShelved = 40_000

// shelved is a text to be looked through, with all its accounts, also those that
// whoever asks may not see: it is never shown.
type shelved struct {
	sellerdesk.Template
	key string // by which texts stand in their order
}

// shelf are the texts of an owner as they stood at a change, in their order.
type shelf struct {
	rev  int64
	list []shelved
}

// shelves are those of all owners; that of the house has the number 0.
type shelves struct {
	mu    sync.Mutex
	of    map[sellerdesk.UserID]shelf // of mu, as is what follows
	texts int
}

// get gives the shelf of an owner as it stands now, and reads it where it changed.
func (s *shelves) get(ctx context.Context, tx *store.Tx, owner sellerdesk.UserID) ([]shelved, error) {
	rev, err := tx.Library.Rev(ctx, owner)
	if err != nil || rev == 0 {
		return nil, err
	}
	s.mu.Lock()
	one := s.of[owner]
	s.mu.Unlock()
	if one.rev == rev {
		return one.list, nil
	}
	texts, err := tx.Library.Texts(ctx, owner)
	if err != nil {
		return nil, err
	}
	list := make([]shelved, len(texts))
	for i, t := range texts {
		list[i] = shelved{t, store.TemplateKey(t.Folder, t.Name)}
	}
	s.put(owner, shelf{rev, list})
	return list, nil
}

func (s *shelves) put(owner sellerdesk.UserID, one shelf) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[owner].rev > one.rev {
		return // somebody read it later
	}
	s.texts += len(one.list) - len(s.of[owner].list)
	if s.of == nil || s.texts > mostShelved {
		s.of, s.texts = map[sellerdesk.UserID]shelf{}, len(one.list)
	}
	s.of[owner] = one
}

// look gives the texts of the house and of a person that a query offers to whoever
// asks, in their order.
func (s *shelves) look(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, q Query) ([]*sellerdesk.Template, error) {
	house, err := s.get(ctx, tx, 0)
	if err != nil {
		return nil, err
	}
	var own []shelved
	if user != 0 {
		if own, err = s.get(ctx, tx, user); err != nil {
			return nil, err
		}
	}
	access := sellerdesk.AccessOf(ctx)
	var list []*sellerdesk.Template
	for len(house)+len(own) > 0 {
		from := &house
		if len(house) == 0 || len(own) > 0 && strings.Compare(own[0].key, house[0].key) < 0 {
			from = &own
		}
		next := &(*from)[0]
		*from = (*from)[1:]
		if next.offered(access, q) {
			list = append(list, &next.Template)
		}
	}
	return list, nil
}

// offered tells whether a query offers a text to somebody.
func (s *shelved) offered(access sellerdesk.Access, q Query) bool {
	t := s.Template
	if len(t.Accounts) > 0 {
		t.Accounts = slices.DeleteFunc(slices.Clone(t.Accounts), func(id sellerdesk.AccountID) bool { return !access.MayIn(sellerdesk.RightSee, id) })
		if t.User == nil && len(t.Accounts) == 0 {
			return false
		}
	}
	return q.offers(t)
}
