package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// migration is one step of the schema.
type migration struct {
	version int
	name    string
	text    string
}

// migrations lists the steps for an engine in their order. A file of one engine
// only ends with ".sqlite.sql" or ".postgres.sql".
func migrations(files fs.FS, engine string) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list the migrations: %w", err)
	}
	var steps []migration
	for _, file := range names {
		name, only, _ := strings.Cut(strings.TrimSuffix(file, ".sql"), ".")
		if only != "" && only != engine {
			continue
		}
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("number of migration %s: %w", file, err)
		}
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", file, err)
		}
		steps = append(steps, migration{version, name, string(text)})
	}
	slices.SortFunc(steps, func(a, b migration) int { return a.version - b.version })
	return steps, nil
}

// Migrate brings the schema up to date with numbered files, one transaction for
// each, and tells the names of those it ran. A schema that is newer than the
// files is refused.
func (e *Engine) Migrate(ctx context.Context, files fs.FS, now sellerdesk.Time) (ran []string, err error) {
	steps, err := migrations(files, e.Name)
	if err != nil {
		return nil, err
	}
	s, err := e.Writer.Take(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { e.Writer.Give(s, err != nil) }()
	var version int
	_, err = s.Conn.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)`)
	if err == nil {
		err = s.Conn.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM migrations`).Scan(&version)
	}
	if err != nil {
		return nil, fmt.Errorf("read the version of the schema: %w", err)
	}
	if newest := steps[len(steps)-1].version; version > newest {
		return nil, sellerdesk.Errorf(sellerdesk.CodeUnavailable,
			"This database was made by a newer version of Sellerdesk (schema %d, this program knows %d): start that version, or restore an older copy.",
			version, newest)
	}
	for _, m := range steps {
		if m.version <= version {
			continue
		}
		if err := e.step(ctx, s.Conn, m, now); err != nil {
			return ran, fmt.Errorf("migrate to %s: %w", m.name, err)
		}
		ran = append(ran, m.name)
	}
	return ran, nil
}

// step runs one migration.
func (e *Engine) step(ctx context.Context, conn *sql.Conn, m migration, now sellerdesk.Time) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	text := strings.NewReplacer("{id}", e.Dialect.ID, "{bytes}", e.Dialect.Bytes).Replace(m.text)
	for statement := range strings.SplitSeq(text, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	if _, err := tx.ExecContext(ctx, e.Dialect.Rewrite(`INSERT INTO migrations (version, name, at) VALUES ($1, $2, $3)`),
		m.version, m.name, now.Millis()); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
