package store_test

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// ask asks the database of a store about its locks, past the store.
func ask(t *testing.T, url, question string) (n int) {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config)
	err = db.QueryRowContext(t.Context(), question+` FROM pg_locks
		WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&n)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return n
}

// endHolders ends the sessions that hold the lock of a process, and waits until
// they have: one that is still ending looks like one that was taken again.
func endHolders(t *testing.T, url string) {
	t.Helper()
	if ask(t, url, "SELECT COUNT(pg_terminate_backend(pid, 20000))") == 0 {
		t.Fatal("nobody holds a lock")
	}
}

func writes(ctx context.Context, s *store.Store) error {
	return s.Write(ctx, func(tx *store.Tx) error { return tx.Settings.Set(ctx, "probe", "1") })
}

func TestAProcessThatLostItsLockToAnotherWritesNothingMore(t *testing.T) {
	t.Parallel()
	o := store.Options{URL: storetest.Postgres(t), Key: make([]byte, 32)}
	first := storetest.Open(t, o)
	endHolders(t, o.URL)
	second := storetest.Open(t, o)

	wantSentence(t, writes(t.Context(), first), sellerdesk.CodeConflict, "works on this PostgreSQL database")
	if err := writes(t.Context(), second); err != nil {
		t.Errorf("the process that has the database cannot write: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	wantSentence(t, first.Hold(ctx), sellerdesk.CodeConflict, "works on this PostgreSQL database")
}

func TestALostLockIsTakenAgainWhereItIsFree(t *testing.T) {
	t.Parallel()
	o := store.Options{URL: storetest.Postgres(t), Key: make([]byte, 32)}
	s := storetest.Open(t, o)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Hold(ctx) }()
	endHolders(t, o.URL)

	for end := time.Now().Add(20 * time.Second); ask(t, o.URL, "SELECT COUNT(*)") == 0; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the lock is not taken again")
		}
	}
	_, err := store.Open(t.Context(), o)
	wantSentence(t, err, sellerdesk.CodeConflict, "Another Sellerdesk process")
	if err := writes(t.Context(), s); err != nil {
		t.Errorf("after the lock was taken again: %v", err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("watching ends with %v", err)
	}
}

func TestADatabaseSealedWithAnotherKeyIsRefused(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			o := store.Options{Path: filepath.Join(t.TempDir(), "sellerdesk.db"), Key: make([]byte, 32)}
			if engine == "postgres" {
				o.URL = storetest.Postgres(t)
			}
			s := storetest.Open(t, o)
			storetest.Account(t, s, "shop")
			// A database from before the check value tells by its accounts.
			forget := func(ctx context.Context) error {
				return s.Write(ctx, func(tx *store.Tx) error { return tx.Settings.Set(ctx, "seal_check", "") })
			}
			for _, prepare := range []func(context.Context) error{func(context.Context) error { return nil }, forget} {
				if err := errors.Join(prepare(t.Context()), s.Close()); err != nil {
					t.Fatal(err)
				}
				other := o
				other.Key = bytes.Repeat([]byte{7}, 32)
				_, err := store.Open(t.Context(), other)
				wantSentence(t, err, sellerdesk.CodeConflict, "key in the data folder does not belong")
				s = storetest.Open(t, o)
			}
		})
	}
}

func TestOnlyTheOwnerOfTheFilesReadsTheDatabase(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no such modes there")
	}
	path := filepath.Join(t.TempDir(), "new", "sellerdesk.db")
	s := storetest.Open(t, store.Options{Path: path, Key: make([]byte, 32)})
	storetest.Account(t, s, "shop")
	check := func() {
		t.Helper()
		for _, ending := range []string{"", "-wal", "-shm"} {
			if f, err := os.Stat(path + ending); err != nil || f.Mode().Perm() != 0o600 {
				t.Errorf("%q: %v, %v", ending, f.Mode(), err)
			}
		}
	}
	check()
	if err := errors.Join(s.Close(), os.Chmod(path, 0o644)); err != nil {
		t.Fatal(err)
	}
	storetest.Account(t, storetest.Open(t, store.Options{Path: path, Key: make([]byte, 32)}), "another")
	check()
	if f, err := os.Stat(filepath.Dir(path)); err != nil || f.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", f.Mode(), err)
	}
}

func TestAPostgreSQLDatabaseThatIsNotThereIsNamedAsTheCause(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(storetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/there_is_none"
	_, err = store.Open(t.Context(), store.Options{URL: address.String(), Key: make([]byte, 32)})
	wantSentence(t, err, sellerdesk.CodeUnavailable, "no database of this name")
}

// database/sql waits for itself when a connection breaks under a statement that
// was not asked of its transaction.
func TestWhoeverGoesAwayWhileTheServerWorksLeavesNoConnectionBehind(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{URL: storetest.Postgres(t)})
	ended := make(chan error, 1)
	go func() {
		for range 20 { // more than there are connections
			ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Millisecond)
			err := s.Read(ctx, func(tx *store.Tx) error {
				_ = tx.Doze(ctx, 30) // the connection is cut
				return tx.Doze(ctx, 30)
			})
			cancel()
			if err == nil {
				ended <- errors.New("a sleep of 30 s ended at once")
				return
			}
		}
		ended <- s.Close()
	}()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("a connection was never given back")
	}
}
