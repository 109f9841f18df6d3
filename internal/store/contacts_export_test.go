package store

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Arrival and Seat let tests look for people as a batch does.
type (
	Arrival = contacts.Arrival
	Seat    = contacts.Seat
)

// EvidenceOf gives what a buyer is known by.
var EvidenceOf = contacts.EvidenceOf

// Rows gives rows of whole numbers and words.
func (tx *Tx) Rows(ctx context.Context, width int, query string, args ...any) ([]string, error) {
	rows, err := tx.query(ctx, query, args...)
	return engine.Collect(rows, err, func(s engine.Scanner) (string, error) {
		values, places := make([]any, width), make([]any, width)
		for i := range values {
			places[i] = &values[i]
		}
		err := s.Scan(places...)
		return fmt.Sprint(values...), err
	})
}
