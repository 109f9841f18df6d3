package server

import (
	"sync"

	"github.com/sellerdesk/sellerdesk"
)

// streams counts the clients that follow. The zero value counts none.
type streams struct {
	mu    sync.Mutex
	all   int                       // guarded by mu, as the rest
	keys  map[sellerdesk.KeyID]int  // by key
	users map[sellerdesk.UserID]int // by person, whatever they ask with
}

// count tells how many follow now.
func (s *streams) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all
}

// enter counts a client and tells whether it may follow; leave is called in any
// case.
func (s *streams) enter(by sellerdesk.Access) (leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	person := by.Key != 0 || by.Session != 0 // else it is the key of the house
	if s.all >= maxStreams || s.keys[by.Key] >= keyStreams || person && s.users[by.User] >= userStreams {
		return func() {}, false
	}
	if s.keys == nil {
		s.keys, s.users = map[sellerdesk.KeyID]int{}, map[sellerdesk.UserID]int{}
	}
	add := func(n int) {
		s.all += n
		if by.Key != 0 {
			if s.keys[by.Key] += n; s.keys[by.Key] == 0 {
				delete(s.keys, by.Key)
			}
		}
		if person {
			if s.users[by.User] += n; s.users[by.User] == 0 {
				delete(s.users, by.User)
			}
		}
	}
	add(1)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		add(-1)
	}, true
}
