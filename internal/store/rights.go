package store

import "github.com/sellerdesk/sellerdesk"

// AccessRev changes with every transaction that changes who may see or do what:
// people, their roles, sessions and keys, and which accounts there are. What was
// read after asking for it is good until it changes.
func (s *Store) AccessRev() uint64 { return s.access.Load() }

// noteAccess looks for such a change among the events of a commit.
func (s *Store) noteAccess(written []sellerdesk.Event) {
	for _, e := range written {
		switch e.Kind {
		case sellerdesk.EventAccessChanged, sellerdesk.EventAccountCreated, sellerdesk.EventAccountRemoved:
			s.access.Add(1)
			return
		}
	}
}
