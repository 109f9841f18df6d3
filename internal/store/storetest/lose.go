package storetest

import (
	"context"
	"errors"
	"testing"
)

// Lose takes the newest messages out of a SQLite file behind the back of its
// store, as a mistake of ours or a damaged disk might. It tells how many.
func Lose(tb testing.TB, path string, count int) int64 {
	tb.Helper()
	n, err := lose(tb.Context(), path, count)
	if err != nil {
		tb.Fatalf("lose messages: %v", err)
	}
	return n
}

func lose(ctx context.Context, path string, count int) (n int64, err error) {
	db, err := raw(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	done, err := db.ExecContext(ctx, `DELETE FROM messages WHERE id IN (SELECT m.id FROM messages m
		WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.message_id = m.id) ORDER BY m.id DESC LIMIT ?1)`, count)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}
