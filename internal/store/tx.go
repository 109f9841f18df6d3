package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Tx is one transaction. Its handles are good until the function it was given
// to returns.
type Tx struct {
	Accounts      Accounts
	Streams       Streams
	Inbox         Inbox
	Conversations Conversations
	Messages      Messages
	Outbox        Outbox
	Files         Files
	Events        Events
	Users         Users
	Sessions      Sessions
	Links         Links
	Idempotency   Idempotency
	Settings      Settings
	Search        Search

	store   *Store
	session *engine.Session
	dialect *engine.Dialect
	writing bool
	// work bounds the statements of this transaction: callers hand their own
	// context to the handles, whose cancellation must not tear a write apart.
	work context.Context

	counts  map[figure]int
	pending []happening
	byConv  map[sellerdesk.ConversationID]int // place in pending of the event of a conversation
	written []sellerdesk.Event
	locked  bool // the lock of the commit is held
}

func newTx(s *Store, conn *engine.Session, writing bool) *Tx {
	tx := &Tx{store: s, session: conn, dialect: &s.engine.Dialect, writing: writing}
	tx.Accounts, tx.Streams, tx.Inbox = Accounts{tx}, Streams{tx}, Inbox{tx}
	tx.Conversations, tx.Messages, tx.Search = Conversations{tx}, Messages{tx}, Search{tx}
	tx.Outbox, tx.Files, tx.Events = Outbox{tx}, Files{tx}, Events{tx}
	tx.Users, tx.Sessions, tx.Links = Users{tx}, Sessions{tx}, Links{tx}
	tx.Idempotency, tx.Settings = Idempotency{tx}, Settings{tx}
	return tx
}

// unlock lets the next transaction commit its events.
func (tx *Tx) unlock() {
	if tx.locked {
		tx.locked = false
		tx.store.commit.Unlock()
	}
}

// bounds gives the context of a statement: that of the caller for reading, that
// of the transaction for writing.
func (tx *Tx) bounds(ctx context.Context) context.Context {
	if tx.writing {
		return tx.work
	}
	return ctx
}

// now is the moment in the precision of the store.
func (tx *Tx) now() sellerdesk.Time { return sellerdesk.At(tx.store.clock.Now()) }

// exec runs a statement and tells how many rows it touched.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := tx.session.Exec(tx.bounds(ctx), tx.dialect, query, args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// query runs a statement that gives rows.
func (tx *Tx) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return tx.session.Query(tx.bounds(ctx), tx.dialect, query, args)
}

// one reads the only row of a statement; engine.ErrNoRow when there is none.
func (tx *Tx) one(ctx context.Context, query string, args []any, dest ...any) error {
	rows, err := tx.query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return engine.ErrNoRow
	}
	return errors.Join(rows.Scan(dest...), rows.Close())
}

// found turns engine.ErrNoRow into a sentence that names the thing.
func found(err error, thing string) error {
	if errors.Is(err, engine.ErrNoRow) {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such %s.", thing)
	}
	return err
}
