package people

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Sessions are the verbs on browsers that are signed in. A key is no browser, and
// may hold less than its person: to it those of its person are those of somebody
// else.
type Sessions struct{ *house }

// isPerson tells whether who asks is a person who is there, not a key of theirs.
func isPerson(by sellerdesk.Access, user sellerdesk.UserID) bool {
	return by.User == user && by.Key == 0
}

// List gives the sessions of a person, the one used last first: one's own
// (user 0 or one's id), or with the right people those of anybody.
func (s *Sessions) List(ctx context.Context, user sellerdesk.UserID) (list []sellerdesk.Session, err error) {
	by := sellerdesk.AccessOf(ctx)
	if user == 0 {
		user = by.User
	}
	if !isPerson(by, user) {
		if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
			return nil, err
		}
	}
	err = s.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Sessions.List(ctx, user)
		return err
	})
	for i := range list {
		list[i].Current = list[i].ID == by.Session
		if u, ok := s.uses.of(list[i].ID); ok {
			list[i].UsedAt, list[i].ExpiresAt = u.At, u.Expires
			list[i].Address, list[i].Agent = sellerdesk.Optional(u.Address), sellerdesk.Optional(u.Agent)
		}
	}
	return list, err
}

// Revoke ends a session: one's own, or with the right people that of somebody
// who may do nothing more. One of others that may not be seen is not_found.
func (s *Sessions) Revoke(ctx context.Context, id sellerdesk.SessionID) error {
	by := sellerdesk.AccessOf(ctx)
	return s.deps.Store.Write(ctx, func(tx *store.Tx) error {
		session, err := tx.Sessions.ByID(ctx, id)
		if err != nil {
			return err
		}
		user := sellerdesk.User{ID: session.User}
		if !isPerson(by, session.User) {
			if !by.May(sellerdesk.RightPeople) {
				return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such session.")
			}
			if user, err = below(ctx, tx, session.User); err != nil {
				return err
			}
		}
		if err := tx.Sessions.End(ctx, id); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditSessionRevoked, Text: "Ended a session.", Data: concerned{User: user.ID, Name: user.Name}})
	})
}

// RevokeOthers ends all sessions of a person but the one that asks, and tells
// how many: one's own (user 0 or one's id), or with the right people those of
// somebody who may do nothing more.
func (s *Sessions) RevokeOthers(ctx context.Context, user sellerdesk.UserID) (n int, err error) {
	by := sellerdesk.AccessOf(ctx)
	if user == 0 {
		user = by.User
	}
	if !isPerson(by, user) {
		if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
			return 0, err
		}
	}
	err = s.deps.Store.Write(ctx, func(tx *store.Tx) error {
		person := sellerdesk.User{ID: user}
		if !isPerson(by, user) {
			if person, err = below(ctx, tx, user); err != nil {
				return err
			}
		}
		if n, err = tx.Sessions.EndOthers(ctx, user, by.Session); err != nil || n == 0 {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditSessionRevoked, Text: fmt.Sprintf("Ended %d sessions.", n), Data: concerned{User: user, Name: person.Name}})
	})
	return n, err
}

// Lives tells whether a session still works, without using it.
func (s *Sessions) Lives(ctx context.Context, id sellerdesk.SessionID) (bool, error) {
	err := s.deps.Store.Read(ctx, func(tx *store.Tx) error {
		_, err := tx.Sessions.ByID(ctx, id)
		return err
	})
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return false, nil
	}
	return err == nil, err
}
