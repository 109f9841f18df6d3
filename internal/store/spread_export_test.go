package store

import "context"

// Skip lets the next message have a number behind to, as if many lay between.
func (s *Store) Skip(ctx context.Context, to int64) error {
	return s.Write(ctx, func(tx *Tx) error {
		if s.engine.Name == "postgres" {
			var at int64
			return tx.one(ctx, `SELECT setval(pg_get_serial_sequence('messages', 'id'), $1)`, []any{to}, &at)
		}
		_, err := tx.exec(ctx, `UPDATE sqlite_sequence SET seq = $1 WHERE name = 'messages'`, to)
		return err
	})
}
