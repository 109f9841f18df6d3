package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// Work is what the statements of one transaction have in common. The handles of
// package store and of the packages below it run all theirs through it.
type Work struct {
	Session *Session
	Dialect *Dialect
	Clock   sellerdesk.Clock
	// Writing bounds the statements of a transaction that writes: callers hand
	// their own context to the handles, whose cancellation must not tear a write
	// apart. Nil for one that reads, where the context of the caller counts.
	Writing context.Context
}

// Now is the moment in the precision of the store.
func (w *Work) Now() sellerdesk.Time { return sellerdesk.At(w.Clock.Now()) }

func (w *Work) bounds(ctx context.Context) context.Context {
	if w.Writing != nil {
		return w.Writing
	}
	return ctx
}

// Exec runs a statement and tells how many rows it touched.
func (w *Work) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := w.Session.Exec(w.bounds(ctx), w.Dialect, query, args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query runs a statement that gives rows.
func (w *Work) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return w.Session.Query(w.bounds(ctx), w.Dialect, query, args)
}

// One reads the only row of a statement; [ErrNoRow] when there is none.
func (w *Work) One(ctx context.Context, query string, args []any, dest ...any) error {
	rows, err := w.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return ErrNoRow
	}
	return errors.Join(rows.Scan(dest...), rows.Close())
}

// InsertMany writes rows of width values each. With RETURNING in the tail the
// new ids come back in the order of the rows: both engines number the rows of
// one statement in their order, though they may give them back in another.
func (w *Work) InsertMany(ctx context.Context, head string, width int, tail string, values []any) ([]int64, error) {
	returning := strings.Contains(tail, "RETURNING")
	var ids []int64
	for rest := values; len(rest) > 0; {
		n := InsertSize(len(rest) / width)
		query, args := w.Session.InsertText(head, tail, n, width), rest[:n*width]
		rest = rest[n*width:]
		if !returning {
			if _, err := w.Exec(ctx, query, args...); err != nil {
				return nil, err
			}
			continue
		}
		rows, err := w.Query(ctx, query, args...)
		got, err := Collect(rows, err, ScanInt)
		if err != nil {
			return nil, err
		}
		slices.Sort(got)
		ids = append(ids, got...)
	}
	return ids, nil
}

// Found turns [ErrNoRow] into a sentence that names the thing.
func Found(err error, thing string) error {
	if errors.Is(err, ErrNoRow) {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such %s.", thing)
	}
	return err
}

// Moment reads one moment; nil when there is no row.
func (w *Work) Moment(ctx context.Context, query string, args ...any) (*sellerdesk.Time, error) {
	var at int64
	err := w.One(ctx, query, args, &at)
	if errors.Is(err, ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a moment: %w", err)
	}
	return Moment(&at), nil
}
