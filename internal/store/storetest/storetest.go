// Package storetest opens fresh databases for tests, on both engines.
package storetest

import (
	"path/filepath"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Each runs a test on SQLite and, when one can be had, on PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, Open(t, store.Options{})) })
}

// Open opens a fresh SQLite database that the test closes at its end.
func Open(tb testing.TB, o store.Options) *store.Store {
	tb.Helper()
	if o.Path == "" && o.URL == "" {
		o.Path = filepath.Join(tb.TempDir(), "sellerdesk.db")
	}
	if o.Key == nil {
		o.Key = make([]byte, 32)
	}
	s, err := store.Open(tb.Context(), o)
	if err != nil {
		tb.Fatalf("open the store: %v", err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// Account makes an account that can chat.
func Account(tb testing.TB, s *store.Store, name string) (id sellerdesk.AccountID) {
	tb.Helper()
	length := 1000
	err := s.Write(tb.Context(), func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(tb.Context(), store.NewAccount{
			Channel: "test", Name: name, Identity: sellerdesk.Identity{Seller: sellerdesk.RemoteID(name), Name: name},
			Abilities: []sellerdesk.KindAbilities{{Kind: sellerdesk.KindChat, Can: []sellerdesk.Ability{
				{Action: sellerdesk.ActionReply, MaxLength: &length, Files: &sellerdesk.FileLimits{Max: 10, MaxSize: 5 << 20, TotalSize: 30 << 20}},
			}}},
			Credentials: map[string]sellerdesk.Secret{"token": "secret"},
		})
		id = a.ID
		return err
	})
	if err != nil {
		tb.Fatalf("make an account: %v", err)
	}
	return id
}
