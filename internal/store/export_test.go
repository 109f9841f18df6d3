package store

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Plans explains every statement that the connections of a SQLite store have
// prepared: text to plan, one step a line.
func (s *Store) Plans(ctx context.Context) (map[string]string, error) {
	plans := map[string]string{}
	for _, p := range []*engine.Pool{s.engine.Writer, s.engine.Reader} {
		conn, err := p.Take(ctx)
		if err != nil {
			return nil, err
		}
		for _, query := range conn.Statements() {
			rows, err := conn.Conn.QueryContext(ctx, "EXPLAIN QUERY PLAN "+s.engine.Dialect.Rewrite(query), make([]any, highest(query))...)
			steps, err := engine.Collect(rows, err, func(r engine.Scanner) (step string, err error) {
				var id, parent, unused int
				err = r.Scan(&id, &parent, &unused, &step)
				return step, err
			})
			if err != nil {
				return nil, err
			}
			plans[query] = strings.Join(steps, "\n")
		}
		p.Give(conn, false)
	}
	return plans, nil
}

// highest is the largest number of a placeholder.
func highest(query string) (n int) {
	for _, m := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(query, -1) {
		if i, err := strconv.Atoi(m[1]); err == nil {
			n = max(n, i)
		}
	}
	return n
}

// SetSchemaVersion pretends that another program made the schema.
func (s *Store) SetSchemaVersion(ctx context.Context, version int) error {
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, `INSERT INTO migrations (version, name, at) VALUES ($1, 'later', 0)`, version)
		return err
	})
}

// LimitPages makes the disk of a SQLite store full after so many more pages.
func (s *Store) LimitPages(ctx context.Context, more int) error {
	conn, err := s.engine.Writer.Take(ctx)
	if err != nil {
		return err
	}
	defer s.engine.Writer.Give(conn, false)
	var pages int
	if err := conn.Conn.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
		return err
	}
	return conn.Conn.QueryRowContext(ctx, `PRAGMA max_page_count = `+strconv.Itoa(pages+more)).Scan(&pages)
}

// MakeOld makes a database as the first released schema had it, with what a
// function writes into it.
func MakeOld(ctx context.Context, o Options, fill ...string) (err error) {
	old := fstest.MapFS{}
	for _, name := range []string{"0001_foundation.sql", "0002_search.sqlite.sql", "0002_search.postgres.sql"} {
		text, err := migrations.ReadFile("migrations/" + name)
		if err != nil {
			return err
		}
		old[name] = &fstest.MapFile{Data: text}
	}
	e, err := engine.OpenSQLite(ctx, o.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	if _, err := e.Migrate(ctx, old, sellerdesk.AtMillis(0)); err != nil {
		return err
	}
	conn, err := e.Writer.Take(ctx)
	if err != nil {
		return err
	}
	defer e.Writer.Give(conn, false)
	for _, statement := range fill {
		if _, err := conn.Conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// Doze lets the database do nothing for so many seconds.
func (tx *Tx) Doze(ctx context.Context, seconds int) error {
	var nothing string
	return tx.one(ctx, `SELECT CAST(pg_sleep($1) AS TEXT)`, []any{seconds}, &nothing)
}

// Rows counts what a table holds.
func (s *Store) Rows(ctx context.Context, table string) (n int, err error) {
	err = s.Read(ctx, func(tx *Tx) error { return tx.one(ctx, `SELECT COUNT(*) FROM `+table, nil, &n) })
	return n, err
}
