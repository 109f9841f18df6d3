package storetest

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Each runs a test on SQLite and, when one can be had, on PostgreSQL: the
// server that SELLERDESK_TEST_POSTGRES names, else a private cluster made of
// the installed programs. Where there is neither, the second run is skipped, or
// fails when SELLERDESK_TEST_REQUIRE lists postgres. Under the race detector the
// run on SQLite is left out where PostgreSQL can be had: it costs most of the
// time, and the test runs on both without the detector.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachWith(t, store.Options{}, test)
}

// EachWith is [Each] with options.
func EachWith(t *testing.T, o store.Options, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		if racing && havePostgres() {
			t.Skip("the race detector looks at the run on PostgreSQL")
		}
		test(t, Open(t, o))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		there := o // the other run has o
		there.URL = Postgres(t)
		test(t, Open(t, there))
	})
}

// Open opens a database that the test closes at its end: what the options name,
// else a fresh SQLite file.
func Open(tb testing.TB, o store.Options) *store.Store {
	tb.Helper()
	if o.Path == "" && o.URL == "" {
		o.Path = file(tb)
	}
	if o.Key == nil {
		o.Key = make([]byte, 32)
	}
	s, err := store.Open(tb.Context(), o)
	if err != nil {
		tb.Fatalf("open the store: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close the store: %v", err)
		}
	})
	return s
}

// Account makes an account that can all four kinds of conversations.
func Account(tb testing.TB, s *store.Store, name string) (id sellerdesk.AccountID) {
	tb.Helper()
	length := 1000
	err := s.Write(tb.Context(), func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(tb.Context(), store.NewAccount{
			Channel: "test", Name: name, Identity: sellerdesk.Identity{Seller: sellerdesk.RemoteID(name), Name: name},
			Abilities: []sellerdesk.KindAbilities{{Kind: sellerdesk.KindChat, Can: []sellerdesk.Ability{
				{Action: sellerdesk.ActionReply, MaxLength: &length, Files: &sellerdesk.FileLimits{Max: 10, MaxSize: 5 << 20, TotalSize: 30 << 20}},
			}}, post(sellerdesk.KindQuestion, length, sellerdesk.ActionReject), post(sellerdesk.KindReview, length, sellerdesk.ActionPin),
				post(sellerdesk.KindClaim, length, sellerdesk.ActionDecide)},
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

// post is what can be done with something that is answered in public.
func post(kind sellerdesk.Kind, length int, more sellerdesk.ActionKind) sellerdesk.KindAbilities {
	return sellerdesk.KindAbilities{Kind: kind, Can: []sellerdesk.Ability{
		{Action: sellerdesk.ActionAnswer, MaxLength: &length}, {Action: sellerdesk.ActionEdit, MaxLength: &length}, {Action: more},
	}}
}

// required tells whether the absence of a thing is a failure.
func required(what string) bool {
	return slices.Contains(strings.Split(os.Getenv("SELLERDESK_TEST_REQUIRE"), ","), what)
}
