package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/sellerdesk/sellerdesk/internal/store"
)

// theFile is a SQLite file with the schema in it. Running the migrations for
// each test was most of what a small one cost under the race detector.
var theFile = sync.OnceValues(makeFile)

// file gives the path of a fresh SQLite file with the schema in it.
func file(tb testing.TB) string {
	tb.Helper()
	content, err := theFile()
	if err != nil {
		tb.Fatalf("make a database: %v", err)
	}
	path := filepath.Join(tb.TempDir(), "sellerdesk.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatalf("make a database: %v", err)
	}
	return path
}

// makeFile runs the migrations once.
func makeFile() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "sellerdesk-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "template.db")
	s, err := store.Open(context.Background(), store.Options{Path: path, Key: make([]byte, 32)})
	if err != nil {
		return nil, fmt.Errorf("fill the template: %w", err)
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	if err := forget(path); err != nil {
		return nil, fmt.Errorf("empty the template: %w", err)
	}
	return os.ReadFile(path)
}

// forget takes out what whoever opens a copy first brings: the key, and the owner,
// who counts as unread what is written after the moment of the test's own clock.
func forget(path string) (err error) {
	db, err := raw(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, statement := range []string{`DELETE FROM settings`, `DELETE FROM users`, `DELETE FROM sqlite_sequence WHERE name = 'users'`} {
		if _, err = db.ExecContext(context.Background(), statement); err != nil {
			return err
		}
	}
	return nil
}

// raw opens a SQLite file behind the back of its store.
func raw(path string) (*sql.DB, error) {
	return driver.Open("file:"+(&url.URL{Path: path}).EscapedPath()+"?_txlock=immediate&_pragma=busy_timeout(10000)", fts5.Register)
}
