package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func keyOf(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

// sealedHouse fills a house with things that are sealed.
func sealedHouse(t *testing.T, s *store.Store, cabinets int) {
	t.Helper()
	for n := range cabinets {
		id := storetest.Account(t, s, fmt.Sprint("cabinet ", n))
		err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.Accounts.EnsureDoor(t.Context(), id) })
		if err != nil {
			t.Fatal(err)
		}
	}
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		owner, _, err := tx.Users.Owner(t.Context())
		if err != nil {
			return err
		}
		hook, err := tx.Webhooks.Create(t.Context(), store.NewWebhook{Name: "ERP", URL: "https://erp.example/", By: store.WebhookBy{User: owner.ID}, Secret: "first secret"})
		if err != nil {
			return err
		}
		if _, err := tx.Webhooks.Rotate(t.Context(), hook.ID, "second secret", sellerdesk.At(time.Now().Add(time.Hour))); err != nil {
			return err
		}
		if err := tx.Users.BeginFactor(t.Context(), owner.ID, "factor"); err != nil {
			return err
		}
		if err := tx.Users.ConfirmFactor(t.Context(), owner.ID, 1, nil); err != nil {
			return err
		}
		return tx.Users.BeginFactor(t.Context(), owner.ID, "another")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// opens checks that everything that is sealed opens.
func opens(t *testing.T, s *store.Store, cabinets int) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *store.Tx) error {
		accounts, err := tx.Accounts.List(t.Context()) // with the addresses of their doors
		if err != nil {
			return err
		}
		if len(accounts) != cabinets {
			t.Errorf("%d cabinets", len(accounts))
		}
		for _, a := range accounts {
			c, err := tx.Accounts.Credentials(t.Context(), a.ID)
			if err != nil {
				return err
			}
			if c["token"].Reveal() != "secret" || !strings.HasPrefix(a.Push.Address, "/in/") {
				t.Errorf("cabinet %d opens wrongly", a.ID)
			}
		}
		lines, err := tx.Webhooks.Lines(t.Context())
		if err != nil || len(lines) != 1 || !slices.Equal(lines[0].Secrets, []sellerdesk.Secret{"second secret", "first secret"}) {
			t.Errorf("the webhook opens wrongly: %v", err)
		}
		owner, _, err := tx.Users.Owner(t.Context())
		if err != nil {
			return err
		}
		if factor, err := tx.Users.Factor(t.Context(), owner.ID); err != nil || factor != "factor" {
			t.Errorf("the second factor opens wrongly: %v", err)
		}
		if factor, err := tx.Users.NewFactor(t.Context(), owner.ID); err != nil || factor != "another" {
			t.Errorf("the factor to be confirmed opens wrongly: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// eachPlace runs a test with a database of either engine that can be opened
// again.
func eachPlace(t *testing.T, test func(t *testing.T, open func(keys ...[]byte) *store.Store)) {
	with := func(t *testing.T, o store.Options) func(keys ...[]byte) *store.Store {
		return func(keys ...[]byte) *store.Store {
			t.Helper()
			o.Key, o.OldKeys = keys[0], keys[1:]
			s, err := store.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			return s
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, with(t, store.Options{Path: filepath.Join(t.TempDir(), "s.db")}))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, with(t, store.Options{URL: storetest.Postgres(t)}))
	})
}

func TestAKeyIsChangedAndEachStepCanBeTheLast(t *testing.T) {
	t.Parallel()
	const cabinets = 102 // more than one step of a table
	eachPlace(t, func(t *testing.T, open func(keys ...[]byte) *store.Store) {
		before, after := keyOf(1), keyOf(2)
		s := open(before)
		sealedHouse(t, s, cabinets)
		if err := s.UseKey(after); err != nil {
			t.Fatal(err)
		}
		late := storetest.Account(t, s, "late") // sealed with the new key already
		opens2 := func(s *store.Store) {
			t.Helper()
			err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.Accounts.EnsureDoor(t.Context(), late) })
			if err != nil {
				t.Fatal(err)
			}
			opens(t, s, cabinets+1)
		}
		opens2(s)
		for step := 1; ; step++ { // the program ends after so many steps, and starts again
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(after, before)
			opens2(s)
			if !s.Resealing() {
				t.Fatal("it is not known that the change is not finished")
			}
			ctx, cancel := context.WithCancel(t.Context())
			steps := 0
			_, err := s.Reseal(countdown{ctx, func() bool { steps++; return steps > step }})
			cancel()
			if err == nil {
				break
			}
			if step > 40 {
				t.Fatalf("never ends: %v", err)
			}
		}
		if n, err := s.Reseal(t.Context()); err != nil || n != 0 {
			t.Errorf("done twice it seals %d things, %v", n, err)
		}
		s.ForgetOldKeys()
		opens2(s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		opens2(open(after))
	})
}

// countdown is a context that ends when it was asked often enough.
type countdown struct {
	context.Context
	over func() bool
}

func (c countdown) Err() error {
	if c.over() {
		return context.Canceled
	}
	return nil
}

func TestTheFormerKeyOpensNothingAfterwards(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s.db")
	s, err := store.Open(t.Context(), store.Options{Path: path, Key: keyOf(1)})
	if err != nil {
		t.Fatal(err)
	}
	sealedHouse(t, s, 3)
	if err := s.UseKey(keyOf(2)); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Reseal(t.Context()); err != nil || n != 10 {
		t.Errorf("sealed %d, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err := store.Open(t.Context(), store.Options{Path: path, Key: keyOf(1)}); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
		t.Errorf("the former key opens: %v", err)
		_ = s.Close()
	}
}

func TestWhoWritesWhileAKeyIsChangedLosesNothing(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, open func(keys ...[]byte) *store.Store) {
		s := open(keyOf(1))
		sealedHouse(t, s, 8)
		stop := make(chan struct{})
		var writers sync.WaitGroup
		for w := range 3 {
			writers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					err := s.Write(t.Context(), func(tx *store.Tx) error {
						return tx.Accounts.SetCredentials(t.Context(), sellerdesk.AccountID(1+w), map[string]sellerdesk.Secret{"token": "secret"})
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		newest := keyOf(1)
		for k := byte(2); k < 6; k++ {
			newest = keyOf(k)
			if err := s.UseKey(newest); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Reseal(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.ForgetOldKeys()
		}
		close(stop)
		writers.Wait()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		opens(t, open(newest), 8)
	})
}

func TestWhatOpensWithNoKeyKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s.db")
	s := storetest.Open(t, store.Options{Path: path, Key: keyOf(1)})
	sealedHouse(t, s, 2)
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE accounts SET credentials = (SELECT credentials FROM accounts WHERE id = 1) WHERE id = 2`); err != nil {
		t.Fatal(err)
	}
	if err := s.UseKey(keyOf(2)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reseal(t.Context()); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict || !strings.Contains(err.Error(), "accounts 2") {
		t.Errorf("a row of another is sealed anew: %v", err)
	}
	if !s.Resealing() {
		t.Error("the old key is given up")
	}
}
