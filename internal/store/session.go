package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk/internal/text"
)

// engine is an open database of either kind.
type engine struct {
	name    string
	dialect dialect
	writer  *pool
	reader  *pool
	close   func() error
}

// pool hands out connections together with their prepared statements, which
// database/sql cannot do while a transaction holds the only connection.
type pool struct {
	db      *sql.DB
	prepare bool
	free    chan *session // nil stands for a connection not opened yet
}

func newPool(db *sql.DB, size int, prepare bool) *pool {
	p := &pool{db: db, prepare: prepare, free: make(chan *session, size)}
	for range size {
		p.free <- nil
	}
	return p
}

// take waits for a connection.
func (p *pool) take(ctx context.Context) (*session, error) {
	select {
	case s := <-p.free:
		if s != nil {
			return s, nil
		}
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the database: %w", ctx.Err())
	}
	conn, err := p.db.Conn(ctx)
	if err != nil {
		p.free <- nil
		return nil, fmt.Errorf("open a connection: %w", err)
	}
	s := &session{conn: conn}
	if p.prepare {
		s.statements = map[string]*sql.Stmt{}
	}
	return s, nil
}

// give takes a connection back; a broken one is replaced at the next use.
func (p *pool) give(s *session, broken bool) {
	if broken {
		s.close()
		s = nil
	}
	p.free <- s
}

// closeAll closes the connections that lie idle. Nobody may take one any more.
func (p *pool) closeAll() {
	for range cap(p.free) {
		if s := <-p.free; s != nil {
			s.close()
		}
	}
}

// maxStatements bounds the prepared statements of a connection.
const maxStatements = 400

// session is one connection; one goroutine uses it at a time.
type session struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt // by their text before rewriting; nil where the driver keeps them
	inserts    map[insertKey]string // texts of statements that insert many rows
	stemmer    text.Stemmer
}

// insertKey names the text of a statement that inserts many rows.
type insertKey struct {
	head, tail string
	rows       int
}

// insertText writes a statement that inserts rows, once.
func (s *session) insertText(head, tail string, rows, width int) string {
	k := insertKey{head, tail, rows}
	query, ok := s.inserts[k]
	if !ok {
		if s.inserts == nil {
			s.inserts = map[insertKey]string{}
		}
		query = head + " VALUES " + tuples(1, rows, width) + tail
		s.inserts[k] = query
	}
	return query
}

func (s *session) close() {
	for _, stmt := range s.statements {
		_ = stmt.Close()
	}
	_ = s.conn.Close()
}

func (s *session) statement(ctx context.Context, d *dialect, query string) (*sql.Stmt, error) {
	if stmt, ok := s.statements[query]; ok {
		return stmt, nil
	}
	if len(s.statements) >= maxStatements {
		for text, stmt := range s.statements {
			delete(s.statements, text)
			_ = stmt.Close()
		}
	}
	stmt, err := s.conn.PrepareContext(ctx, d.rewrite(query))
	if err != nil {
		return nil, err
	}
	s.statements[query] = stmt
	return stmt, nil
}

func (s *session) exec(ctx context.Context, d *dialect, query string, args []any) (sql.Result, error) {
	if s.statements == nil {
		return s.conn.ExecContext(ctx, d.rewrite(query), args...)
	}
	stmt, err := s.statement(ctx, d, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (s *session) query(ctx context.Context, d *dialect, query string, args []any) (*sql.Rows, error) {
	if s.statements == nil {
		return s.conn.QueryContext(ctx, d.rewrite(query), args...)
	}
	stmt, err := s.statement(ctx, d, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// scanner is a row to be read.
type scanner interface{ Scan(dest ...any) error }

// collect reads all rows.
func collect[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
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
