package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/sellerdesk/sellerdesk"
)

// sqliteReaders is how many snapshots are read at once; more buy memory, not speed.
const sqliteReaders = 4

// OpenSQLite opens the file with one connection that writes and several that
// read. Everything that names the driver stands in this file.
func OpenSQLite(ctx context.Context, path string) (*Engine, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	unlock, err := lockFile(filepath.Join(filepath.Dir(path), "sellerdesk.lock"))
	if err != nil {
		return nil, err
	}
	if err := private(path); err != nil {
		return nil, errors.Join(err, unlock())
	}
	writer, err := driver.Open(sqliteDSN(path, "_txlock=immediate",
		"_pragma=synchronous(FULL)", "_pragma=cache_size(-16384)", "_pragma=wal_autocheckpoint(4000)"), fts5.Register)
	if err == nil {
		writer.SetMaxOpenConns(1)
		// The first connection makes the file and puts it into WAL mode.
		err = writer.PingContext(ctx)
	}
	if err == nil {
		err = private(path) // going over to WAL mode makes its files anew
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database file: %w", err), unlock())
	}
	readers, err := driver.Open(sqliteDSN(path, "_txlock=deferred",
		"_pragma=synchronous(NORMAL)", "_pragma=cache_size(-8192)", "_pragma=query_only(1)"), fts5.Register)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database file: %w", err), writer.Close(), unlock())
	}
	readers.SetMaxOpenConns(sqliteReaders)
	readers.SetMaxIdleConns(sqliteReaders)
	return &Engine{
		Name: "sqlite", Dialect: sqliteDialect(),
		Writer: newPool(writer, 1, true), Reader: newPool(readers, sqliteReaders, true),
		close: func() error { return errors.Join(readers.Close(), writer.Close(), unlock()) },
	}, nil
}

// private makes the files of a database that are not there yet, before SQLite
// does so and lets every user of the machine read buyers' words. A file that is
// there is not opened: closing it again would give up its locks on some systems.
func private(path string) error {
	for _, ending := range []string{"", "-wal", "-shm"} {
		f, err := os.OpenFile(path+ending, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			err = f.Close()
		} else if errors.Is(err, fs.ErrExist) {
			err = os.Chmod(path+ending, 0o600)
		}
		if err != nil {
			return fmt.Errorf("keep the database file to its owner: %w", err)
		}
	}
	return nil
}

func sqliteDSN(path string, extra ...string) string {
	parts := append([]string{
		"_pragma=busy_timeout(10000)", "_pragma=journal_mode(WAL)", "_pragma=foreign_keys(on)", "_pragma=secure_delete(on)",
	}, extra...)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(parts, "&")
}

func sqliteDialect() Dialect {
	return Dialect{
		Rewrite:   questionMarks,
		ID:        "INTEGER PRIMARY KEY AUTOINCREMENT",
		Bytes:     "BLOB",
		Locking:   func(bool) string { return "" },
		SearchPut: ftsPut, SearchDelete: ftsDelete, SearchFind: ftsFind, SearchBegun: ftsBegun,
		Classify: func(err error) Failure {
			switch {
			case errors.Is(err, sqlite3.CONSTRAINT_UNIQUE), errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY):
				return FailureUnique
			case errors.Is(err, sqlite3.FULL), errors.Is(err, sqlite3.IOERR): // a full disk is told as either
				return FailureFull
			default:
				return FailureOther
			}
		},
	}
}

// ftsPut takes one row at a time: a statement that inserts many is guarded by a
// savepoint, and at a savepoint FTS5 writes what it has gathered to the disk.
func ftsPut(rows []SearchRow) (string, []any, int) {
	r := rows[0]
	return "INSERT INTO search (rowid, body, meta) VALUES ($1, $2, $3)",
		[]any{r.ID, strings.Join(r.Stems, " "), strings.Join(r.Meta, " ")}, 1
}

func ftsDelete(ids []sellerdesk.MessageID) (string, []any) {
	return "DELETE FROM search WHERE rowid IN (" + Placeholders(1, len(ids)) + ")", Anys(ids)
}

// ftsBegun looks for each word anew behind the one before: the table of words goes
// through all places where a word stands before it comes to the next.
const ftsBegun = `WITH RECURSIVE begun (word, n) AS (
	SELECT (SELECT term FROM search_terms WHERE term >= $1 LIMIT 1), 1
	UNION ALL SELECT (SELECT term FROM search_terms WHERE term >= begun.word || char(1) LIMIT 1), n + 1 FROM begun WHERE begun.word < $2 AND n < $3)
	SELECT word FROM begun WHERE word < $2`

func ftsFind(f SearchQuestion) (string, []any) {
	text := searchText(f, " AND ", " OR ", " NOT ", func(p SearchPhrase) string {
		phrase := `"` + strings.Join(p.Words, " ") + `"`
		if p.Prefix {
			phrase += "*"
		}
		return phrase
	})
	if len(f.Among) > 0 {
		// FTS5 looks for each of the rows: sorted here, not there.
		return "SELECT rowid FROM search WHERE search MATCH $1 AND rowid IN (" + Placeholders(2, len(f.Among)) + ")", append([]any{text}, Anys(f.Among)...)
	}
	order := " ORDER BY rowid DESC"
	if f.Gather {
		order = ""
	}
	return "SELECT rowid FROM search WHERE search MATCH $1 AND rowid < $2 AND rowid > $3" + order + " LIMIT $4",
		[]any{text, f.Before, f.After, f.Limit}
}
