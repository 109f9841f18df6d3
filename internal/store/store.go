package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/seal"
	"github.com/sellerdesk/sellerdesk/internal/store/streams"
)

// writeLimit is how long one transaction may take, waiting for its turn included.
const writeLimit = time.Minute

// Options say where the database is and what it needs from outside.
type Options struct {
	// Path is the file of SQLite; ignored when URL is set.
	Path string
	// URL names a PostgreSQL database.
	URL string
	// Key seals credentials: 32 bytes, kept outside the database. OldKeys open what
	// was sealed before, while the key is being changed.
	Key     []byte
	OldKeys [][]byte
	// Clock tells the time; the zero value is the system clock.
	Clock sellerdesk.Clock
	// Target is how long a buyer may wait; nil means [sellerdesk.DefaultTarget].
	Target sellerdesk.Target
	// Announce gets the events of every transaction after its commit, in the
	// order of their numbers. It must not block. Nil means nobody listens.
	Announce func([]sellerdesk.Event)
	// Log gets what a person may want tomorrow; nil discards it.
	Log *slog.Logger
	// Observe hears of every transaction how long it waited for a connection and
	// how long it took then, in real time. Nil: nobody measures.
	Observe func(write bool, waited, took time.Duration)
}

// Store is one open database. It is safe for concurrent use.
type Store struct {
	engine   *engine.Engine
	seal     seal.Seal
	clock    sellerdesk.Clock
	target   sellerdesk.Target
	announce func([]sellerdesk.Event)
	log      *slog.Logger
	observe  func(write bool, waited, took time.Duration)
	real     func() time.Time

	// sealing is held for reading by whoever writes: nothing that was sealed with
	// the key before is committed after the key was changed.
	sealing sync.RWMutex

	// commit is held from the writing of events until they are announced, so
	// that listeners hear them in the order of their numbers.
	commit sync.Mutex

	progress streams.Pace

	// access counts the changes of who may do what, see [Store.AccessRev].
	access atomic.Uint64

	closing sync.Once
}

//go:embed migrations/*.sql
var migrations embed.FS

// prepareSchema brings the schema up to date and makes the owner.
func (s *Store) prepareSchema(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	ran, err := s.engine.Migrate(ctx, files, sellerdesk.At(s.clock.Now()))
	if len(ran) > 0 {
		s.log.Info("schema changed", "op", strings.Join(ran, " "))
	}
	if err != nil {
		return err
	}
	return s.Write(ctx, func(tx *Tx) error {
		if err := s.seal.Check(ctx, tx.w); err != nil {
			return err
		}
		if err := tx.Search.Adopt(ctx); err != nil {
			return err
		}
		return tx.Users.EnsureOwner(ctx)
	})
}

// Open opens the database and brings its schema up to date. It refuses a
// database of a newer version and one that another process works on, each with
// one sentence for a person.
func Open(ctx context.Context, o Options) (*Store, error) {
	key, err := seal.New(append([][]byte{o.Key}, o.OldKeys...)...)
	if err != nil {
		return nil, err
	}
	s := &Store{seal: key, clock: o.Clock, target: o.Target, announce: o.Announce, log: o.Log, observe: o.Observe, real: time.Now}
	if s.target == nil {
		s.target = sellerdesk.DefaultTarget()
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if o.URL != "" {
		s.engine, err = engine.OpenPostgres(ctx, o.URL)
	} else {
		s.engine, err = engine.OpenSQLite(ctx, o.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := s.prepareSchema(ctx); err != nil {
		err = s.engine.Dialect.Sentence(err)
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), s.Close())
	}
	return s, nil
}

// Hold watches what keeps other processes out, until ctx ends. It returns an
// error when another process has the database; this one can write nothing more
// then, so that the program should end.
func (s *Store) Hold(ctx context.Context) error { return s.engine.Hold(ctx) }

// Engine tells the engine, "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.Name }

// Close waits for the transactions that run, ends the work with the database
// and lets another process have it.
func (s *Store) Close() (err error) {
	s.closing.Do(func() { err = s.engine.Close() })
	return err
}

// Write runs do in one transaction and commits it with its events. The
// cancellation of ctx is dropped and replaced by a deadline of its own, so that
// a caller that goes away does not tear a change apart. It is never retried.
func (s *Store) Write(ctx context.Context, do func(*Tx) error) error {
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
	defer cancel()
	s.sealing.RLock()
	defer s.sealing.RUnlock()
	err := s.within(work, s.engine.Writer, &sql.TxOptions{}, func(tx *Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		if err := tx.counts.Flush(work); err != nil {
			return err
		}
		if err := tx.Contacts.Flush(work); err != nil {
			return err
		}
		if err := tx.texts.Write(work); err != nil {
			return err
		}
		if err := tx.Talk.Notifications.Flush(work); err != nil {
			return err
		}
		return tx.writeEvents(work)
	})
	return s.engine.Dialect.Sentence(err)
}

// Read runs do in a snapshot of the database that cannot be written to.
func (s *Store) Read(ctx context.Context, do func(*Tx) error) error {
	options := &sql.TxOptions{ReadOnly: true}
	if s.engine.Name == "postgres" {
		options.Isolation = sql.LevelRepeatableRead
	}
	err := s.within(ctx, s.engine.Reader, options, do)
	if err != nil && ctx.Err() != nil {
		// Drivers name a cancellation in words of their own.
		return fmt.Errorf("read the database: %w", ctx.Err())
	}
	return s.engine.Dialect.Sentence(err)
}

// within runs do in a transaction on a connection of p.
func (s *Store) within(ctx context.Context, p *engine.Pool, o *sql.TxOptions, do func(*Tx) error) (err error) {
	began := s.real()
	conn, err := p.Take(ctx)
	if err != nil {
		return err
	}
	if s.observe != nil {
		taken := s.real()
		defer func() { s.observe(!o.ReadOnly, taken.Sub(began), s.real().Sub(taken)) }()
	}
	broken := true // until the end says otherwise, also when do panics
	defer func() { p.Give(conn, broken) }()
	// The end of ctx interrupts statements, not the transaction: database/sql
	// would roll back behind our back and throw the connection away.
	inner, err := conn.Begin(context.WithoutCancel(ctx), o)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	w := &engine.Work{Session: conn, Dialect: &s.engine.Dialect, Clock: s.clock}
	if !o.ReadOnly {
		w.Writing = ctx
	}
	tx := newTx(s, w)
	finished := false
	defer func() {
		tx.unlock()
		if !finished {
			broken = inner.Rollback() != nil
		}
	}()
	if !o.ReadOnly {
		if err := s.engine.Admit(ctx, conn); err != nil {
			return err
		}
	}
	if err := do(tx); err != nil {
		return err
	}
	if o.ReadOnly {
		return nil
	}
	if err := inner.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	finished, broken = true, false
	s.noteAccess(tx.written)
	if s.announce != nil && len(tx.written) > 0 {
		s.announce(tx.written)
	}
	return nil
}
