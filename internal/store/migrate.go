package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the schema.
type migration struct {
	version int
	name    string
	text    string
}

// migrations lists the steps for an engine in their order. A file of one engine
// only ends with ".sqlite.sql" or ".postgres.sql".
func migrations(engine string) ([]migration, error) {
	entries, err := fs.ReadDir(migrationFiles, "migrations")
	if err != nil {
		return nil, fmt.Errorf("list the migrations: %w", err)
	}
	var steps []migration
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".sql")
		name, only, _ := strings.Cut(name, ".")
		if only != "" && only != engine {
			continue
		}
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("number of migration %s: %w", e.Name(), err)
		}
		text, err := fs.ReadFile(migrationFiles, "migrations/"+e.Name())
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", e.Name(), err)
		}
		steps = append(steps, migration{version, name, string(text)})
	}
	slices.SortFunc(steps, func(a, b migration) int { return a.version - b.version })
	return steps, nil
}

// prepareSchema brings the schema up to date, one transaction for each step.
func (s *Store) prepareSchema(ctx context.Context) error {
	steps, err := migrations(s.engine.Name)
	if err != nil {
		return err
	}
	version, err := s.schemaVersion(ctx)
	if err != nil {
		return err
	}
	if newest := steps[len(steps)-1].version; version > newest {
		return sellerdesk.Errorf(sellerdesk.CodeUnavailable,
			"This database was made by a newer version of Sellerdesk (schema %d, this program knows %d): start that version, or restore an older copy.",
			version, newest)
	}
	for _, m := range steps {
		if m.version <= version {
			continue
		}
		if err := s.migrate(ctx, m); err != nil {
			return fmt.Errorf("migrate to %s: %w", m.name, err)
		}
	}
	return s.Write(ctx, func(tx *Tx) error { return tx.Users.ensureOwner(ctx) })
}

func (s *Store) schemaVersion(ctx context.Context) (version int, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, `CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)`)
		if err != nil {
			return err
		}
		return tx.one(ctx, `SELECT COALESCE(MAX(version), 0) FROM migrations`, nil, &version)
	})
	return version, err
}

func (s *Store) migrate(ctx context.Context, m migration) error {
	started := s.clock.Now()
	d := &s.engine.Dialect
	text := strings.NewReplacer("{id}", d.ID, "{bytes}", d.Bytes).Replace(m.text)
	err := s.Write(ctx, func(tx *Tx) error {
		for statement := range strings.SplitSeq(text, ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := tx.session.Conn.ExecContext(tx.work, statement); err != nil {
				return err
			}
		}
		_, err := tx.exec(ctx, `INSERT INTO migrations (version, name, at) VALUES ($1, $2, $3)`, m.version, m.name, tx.now().Millis())
		return err
	})
	if err == nil {
		s.log.Info("schema changed", "op", m.name, "took", s.clock.Now().Sub(started))
	}
	return err
}
