package store

import (
	"context"
	"errors"
	"log/slog"

	"github.com/sellerdesk/sellerdesk"
)

// Options say where the database is and what it needs from outside.
type Options struct {
	// Path is the file of SQLite; ignored when URL is set.
	Path string
	// URL names a PostgreSQL database.
	URL string
	// Key seals credentials: 32 bytes, kept outside the database.
	Key []byte
	// Clock tells the time; the zero value is the system clock.
	Clock sellerdesk.Clock
	// Target is how long a buyer may wait; nil means [sellerdesk.DefaultTarget].
	Target sellerdesk.Target
	// Announce gets the events of every transaction after its commit, in the
	// order of their numbers. It must not block. Nil means nobody listens.
	Announce func([]sellerdesk.Event)
	// Log gets what a person may want tomorrow; nil discards it.
	Log *slog.Logger
}

// Store is one open database. It is safe for concurrent use.
type Store struct{}

var errNotYet = errors.New("store: not yet")

// Open opens the database and brings its schema up to date. It refuses a
// database of a newer version and one that another process works on, each with
// one sentence for a person.
func Open(ctx context.Context, o Options) (*Store, error) { return nil, errNotYet }

// Write runs do in one transaction and commits it with its events. The
// cancellation of ctx is dropped and replaced by a deadline of its own, so that
// a caller that goes away does not tear a change apart. It is never retried.
func (s *Store) Write(ctx context.Context, do func(*Tx) error) error { return errNotYet }

// Read runs do in a snapshot of the database that cannot be written to.
func (s *Store) Read(ctx context.Context, do func(*Tx) error) error { return errNotYet }

// Close ends the work with the database and lets another process have it.
func (s *Store) Close() error { return nil }

// Engine tells the engine, "sqlite" or "postgres".
func (s *Store) Engine() string { return "" }
