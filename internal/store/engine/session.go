package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Engine is an open database of either kind.
type Engine struct {
	Name    string // "sqlite" or "postgres"
	Dialect Dialect
	Writer  *Pool
	Reader  *Pool
	// admit lets a transaction write or says why not, hold watches what keeps
	// other processes out; nil where the operating system does both.
	admit func(context.Context, *sql.Tx) error
	hold  func(context.Context) error
	close func() error
}

// Admit lets a transaction write that just began on the connection of s. It
// fails when another process has taken the database meanwhile.
func (e *Engine) Admit(ctx context.Context, s *Session) error {
	if e.admit == nil {
		return nil
	}
	return e.admit(ctx, s.tx)
}

// Hold watches what keeps other processes out until ctx ends. It returns an
// error when another process has the database.
func (e *Engine) Hold(ctx context.Context) error {
	if e.hold == nil {
		<-ctx.Done()
		return nil
	}
	return e.hold(ctx)
}

// Close waits for the transactions that run and lets another process have the
// database.
func (e *Engine) Close() error {
	e.Reader.closeAll()
	if e.Writer != e.Reader {
		e.Writer.closeAll()
	}
	return e.close()
}

func errSecondProcess() error {
	return sellerdesk.Errorf(sellerdesk.CodeConflict,
		"Another Sellerdesk process works on this database: stop it first, or choose another folder.")
}

// Pool hands out connections together with their prepared statements, which
// database/sql cannot do while a transaction holds the only connection.
type Pool struct {
	db      *sql.DB
	prepare bool
	free    chan *Session // nil stands for a connection not opened yet
	// urgent hands a connection over to whoever must not wait in line.
	urgent chan *Session
	closed chan struct{}
}

func newPool(db *sql.DB, size int, prepare bool) *Pool {
	p := &Pool{db: db, prepare: prepare, free: make(chan *Session, size), urgent: make(chan *Session), closed: make(chan struct{})}
	for range size {
		p.free <- nil
	}
	return p
}

func errClosed() error {
	return sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The database is closed: the program is ending.")
}

// Take waits for a connection; once the pool is closed it fails at once. What is
// done for a person or for a remote side that waits for an answer (see
// [sellerdesk.LanePerson]) goes before everything else that waits.
func (p *Pool) Take(ctx context.Context) (*Session, error) {
	select {
	case <-p.closed:
		return nil, errClosed()
	default:
	}
	s, err := p.wait(ctx)
	if s != nil || err != nil {
		return s, err
	}
	conn, err := p.db.Conn(ctx)
	if err != nil {
		p.free <- nil
		return nil, fmt.Errorf("open a connection: %w", err)
	}
	s = &Session{Conn: conn}
	if p.prepare {
		s.statements = map[string]*sql.Stmt{}
	}
	return s, nil
}

// wait waits for a connection, or for the place of one that is not opened yet.
func (p *Pool) wait(ctx context.Context) (*Session, error) {
	var urgent chan *Session
	if sellerdesk.LaneOf(ctx) == sellerdesk.LanePerson {
		urgent = p.urgent
	}
	select {
	case <-p.closed:
		return nil, errClosed()
	case s := <-urgent:
		return s, nil
	case s := <-p.free:
		return s, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the database: %w", ctx.Err())
	}
}

// Give takes a connection back; a broken one is replaced at the next use.
func (p *Pool) Give(s *Session, broken bool) {
	if broken {
		s.close()
		s = nil
	}
	select {
	case p.urgent <- s:
	default:
		p.free <- s
	}
}

// closeAll closes the connections as they come back. It is called once.
func (p *Pool) closeAll() {
	close(p.closed)
	for range cap(p.free) {
		if s := <-p.free; s != nil {
			s.close()
		}
	}
}

// maxStatements bounds the prepared statements of a connection.
const maxStatements = 400

// Session is one connection; one goroutine uses it at a time.
type Session struct {
	Conn *sql.Conn
	// tx is what runs on the connection now. Statements are asked of it: asked of
	// the connection, database/sql would wait for the transaction to end once the
	// connection breaks, and so for itself.
	tx         *sql.Tx
	statements map[string]*sql.Stmt // by their text before rewriting; nil where the driver keeps them
	inserts    map[insertKey]string // texts of statements that insert many rows
	// Stemmer makes search words.
	Stemmer text.Stemmer
}

// Begin begins the transaction that the statements which follow belong to.
func (s *Session) Begin(ctx context.Context, o *sql.TxOptions) (tx *sql.Tx, err error) {
	s.tx, err = s.Conn.BeginTx(ctx, o)
	return s.tx, err
}

// insertKey names the text of a statement that inserts many rows.
type insertKey struct {
	head, tail string
	rows       int
}

// InsertText writes a statement that inserts rows, once.
func (s *Session) InsertText(head, tail string, rows, width int) string {
	k := insertKey{head, tail, rows}
	query, ok := s.inserts[k]
	if !ok {
		if s.inserts == nil {
			s.inserts = map[insertKey]string{}
		}
		query = head + " VALUES " + Tuples(1, rows, width) + tail
		s.inserts[k] = query
	}
	return query
}

func (s *Session) close() {
	for _, stmt := range s.statements {
		_ = stmt.Close()
	}
	_ = s.Conn.Close()
}

// Statements gives the texts of the prepared statements, for those who want to
// look at their plans.
func (s *Session) Statements() []string { return slices.Collect(maps.Keys(s.statements)) }

func (s *Session) statement(ctx context.Context, d *Dialect, query string) (*sql.Stmt, error) {
	if stmt, ok := s.statements[query]; ok {
		return stmt, nil
	}
	if len(s.statements) >= maxStatements {
		for text, stmt := range s.statements {
			delete(s.statements, text)
			_ = stmt.Close()
		}
	}
	stmt, err := s.Conn.PrepareContext(ctx, d.Rewrite(query))
	if err != nil {
		return nil, err
	}
	s.statements[query] = stmt
	return stmt, nil
}

func (s *Session) Exec(ctx context.Context, d *Dialect, query string, args []any) (sql.Result, error) {
	if s.statements == nil {
		return s.tx.ExecContext(ctx, d.Rewrite(query), args...)
	}
	stmt, err := s.statement(ctx, d, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (s *Session) Query(ctx context.Context, d *Dialect, query string, args []any) (*sql.Rows, error) {
	if s.statements == nil {
		return s.tx.QueryContext(ctx, d.Rewrite(query), args...)
	}
	stmt, err := s.statement(ctx, d, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// Scanner is a row to be read.
type Scanner interface{ Scan(dest ...any) error }

// Collect reads all rows.
func Collect[T any](rows *sql.Rows, err error, scan func(Scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, errors.Join(rows.Err(), rows.Close())
}
