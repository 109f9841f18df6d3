package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk"
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
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			values[i] = fmt.Sprint(v)
		}
		return strings.Trim(fmt.Sprintf("%v", values), "[]"), err
	})
}

// Crowd makes so many people at once, each known by a phone, a user name and a
// contact of account 1.
func (s *Store) Crowd(ctx context.Context, people int) error {
	const many = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) `
	return s.Write(ctx, func(tx *Tx) error {
		for _, statement := range []string{
			many + `INSERT INTO contacts (name, created_at, unanswered, last_at) SELECT 'Buyer', i, CASE WHEN i % 50 = 0 THEN 1 ELSE 0 END, i * 1000 FROM n`,
			many + `INSERT INTO contact_identities (key, contact_id, kind, network, account_id, value, created_at)
				SELECT 'phone/' || CAST(79000000000 + i AS TEXT), i, 'phone', '', NULL, CAST(79000000000 + i AS TEXT), i FROM n`,
			many + `INSERT INTO contact_identities (key, contact_id, kind, network, account_id, value, created_at)
				SELECT 'username/telegram/name' || CAST(i AS TEXT), i, 'username', 'telegram', NULL, 'name' || CAST(i AS TEXT), i FROM n`,
			many + `INSERT INTO contact_identities (key, contact_id, kind, network, account_id, value, created_at)
				SELECT 'contact/1/' || CAST(i AS TEXT), i, 'contact', '', 1, CAST(i AS TEXT), i FROM n`,
		} {
			if _, err := tx.exec(ctx, statement, people); err != nil {
				return err
			}
		}
		return nil
	})
}

// Ghosts makes people without conversations, known by so many things altogether.
func (tx *Tx) Ghosts(ctx context.Context, account sellerdesk.AccountID, people, identities int) error {
	var values []any
	for range people {
		values = append(values, "Пётр", int64(1))
	}
	ids, err := tx.insertMany(ctx, `INSERT INTO contacts (name, created_at)`, 2, ` RETURNING id`, values)
	if err != nil {
		return err
	}
	values = nil
	for n := range identities {
		values = append(values, fmt.Sprintf("contact/%d/%d", account, n), ids[n%people], "contact", "", int64(account), fmt.Sprint(n), int64(1))
	}
	_, err = tx.insertMany(ctx, `INSERT INTO contact_identities (key, contact_id, kind, network, account_id, value, created_at)`, 7, "", values)
	return err
}
