package store

import (
	"context"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
)

// ListWide is [Conversations.List] where no condition names few rows.
func (c Conversations) ListWide(ctx context.Context, q ConversationQuery) (items []sellerdesk.Conversation, next string, err error) {
	var from *listing.Spot
	if q.Cursor != "" {
		s, err := listing.ParseSpot(q.Cursor, q.Sort.Phases()...)
		if err != nil {
			return nil, "", err
		}
		from = &s
	}
	if q, err = c.since(ctx, q); err != nil {
		return nil, "", err
	}
	return c.page(ctx, q, from, nil)
}

// Explain gives the plan that the engine has for a statement, one step a line.
// PostgreSQL is kept from reading whole tables, which is what it does while they
// are small.
func (s *Store) Explain(ctx context.Context, query string, args ...any) (plan string, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		ask := "EXPLAIN QUERY PLAN "
		if s.engine.Name == "postgres" {
			ask = "EXPLAIN "
			for _, setting := range []string{"enable_seqscan", "enable_bitmapscan"} {
				if _, err := tx.exec(ctx, "SET LOCAL "+setting+" = off"); err != nil {
					return err
				}
			}
		}
		rows, err := tx.query(ctx, ask+query, args...)
		steps, err := engine.Collect(rows, err, func(r engine.Scanner) (step string, err error) {
			if s.engine.Name == "postgres" {
				return step, r.Scan(&step)
			}
			var id, parent, unused int
			err = r.Scan(&id, &parent, &unused, &step)
			return step, err
		})
		plan = strings.Join(steps, "\n")
		return err
	})
	return plan, err
}

// Analyze lets the engine count what is in the database, where it does that.
func (s *Store) Analyze(ctx context.Context) error {
	if s.engine.Name != "postgres" {
		return nil
	}
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, "ANALYZE")
		return err
	})
}
