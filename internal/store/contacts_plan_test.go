package store_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// TestNoQuestionAboutPeopleScansATable looks at the plan of every statement that
// is asked about people.
func TestNoQuestionAboutPeopleScansATable(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{})
	a := storetest.Account(t, s, "shop")
	var all []arrival
	for n := range 30 {
		b := sellerdesk.Buyer{Phone: fmt.Sprint(79000000000 + n%20), Network: "telegram", Username: fmt.Sprint("name", n%7), Contact: sellerdesk.RemoteID(fmt.Sprint(n))}
		all = append(all, arrival{a, fmt.Sprint(n), fmt.Sprint("Buyer ", n), b})
	}
	arrive(t, s, all...)
	arrive(t, s, arrival{a, "x", "X", sellerdesk.Buyer{Phone: "79001111111"}}, arrival{a, "y", "Y", sellerdesk.Buyer{Contact: "y"}})
	arrive(t, s, arrival{a, "z", "", sellerdesk.Buyer{Phone: "79001111111", Contact: "y"}})
	x, y := personOf(t, s, a, "x"), personOf(t, s, a, "y")
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Contacts.Dismiss(ctx, 1, x, y); err != nil {
			return err
		}
		if _, err := tx.Contacts.Note(ctx, 1, x, "Постоянная"); err != nil {
			return err
		}
		if err := tx.Contacts.Merge(ctx, 1, x, y); err != nil {
			return err
		}
		return tx.Contacts.Unmerge(ctx, 1, y)
	})
	read(t, s, func(ctx context.Context, tx *store.Tx) error {
		for cursor := ""; ; {
			items, next, err := tx.Contacts.List(ctx, store.ContactQuery{User: 1, Limit: 2, Cursor: cursor})
			if err != nil {
				return err
			}
			if cursor = next; len(items) == 0 || cursor == "" {
				break
			}
		}
		if _, err := tx.Contacts.ByPhone(ctx, "79001111111"); err != nil {
			return err
		}
		if _, _, err := tx.Contacts.Export(ctx, x, store.ExportPlace{}); err != nil {
			return err
		}
		_, _, err := tx.Contacts.History(ctx, x, "", 1)
		return err
	})
	remove(t, s, a)
	plans, err := s.Plans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	scan := regexp.MustCompile(`SCAN (c|v|i|s|n|m|f|e|o|r|contacts|conversations|messages|files|contact_\w+)\b`)
	for query, plan := range plans {
		if !strings.Contains(query, "contact") && !strings.Contains(query, "person_id") {
			continue
		}
		asked++
		for step := range strings.Lines(plan) {
			if scan.MatchString(step) && !strings.Contains(step, "INDEX") {
				t.Errorf("scans a table: %s\n%s", query, plan)
			}
			if strings.Contains(step, "TEMP B-TREE FOR ORDER BY") && strings.Contains(query, "LIMIT") && !strings.Contains(query, "files f") && !strings.Contains(query, "contact_notes") {
				t.Errorf("sorts a list: %s\n%s", query, plan)
			}
		}
	}
	if asked < 35 {
		t.Errorf("only %d statements were looked at", asked)
	}
}

// TestListsOfPeopleAreLedByTheirIndexes looks at both engines.
func TestListsOfPeopleAreLedByTheirIndexes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		for from := 0; from < 2000; from += 100 {
			var all []arrival
			for n := range 100 {
				all = append(all, arrival{a, fmt.Sprint(from + n), "Buyer", sellerdesk.Buyer{Phone: fmt.Sprint(79000000000 + (from+n)%1500)}})
			}
			arrive(t, s, all...)
		}
		if err := s.Analyze(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			index, query string
			args         []any
		}{
			{"contacts_waiting", `SELECT c.id FROM contacts c WHERE c.merged_into IS NULL AND c.unanswered > 0 AND (c.last_at, c.id) < ($2, $3) ORDER BY c.last_at DESC, c.id DESC LIMIT $1`, []any{50, start.UnixMilli(), 1}},
			{"contacts_rest", `SELECT c.id FROM contacts c WHERE c.merged_into IS NULL AND c.unanswered = 0 ORDER BY c.last_at DESC, c.id DESC LIMIT $1`, []any{50}},
			{"conversations_person", `SELECT v.id FROM conversations v WHERE v.person_id = $1 ORDER BY v.sort_at DESC, v.id DESC LIMIT 3`, []any{5}},
			{"conversations_", `SELECT COUNT(*) FROM conversations v WHERE v.person_id = $1 AND v.needs_answer = TRUE`, []any{5}},
			{"conversations_contact", `SELECT v.id FROM conversations v WHERE v.contact_id = $1 AND v.id > $2 ORDER BY v.id LIMIT 1`, []any{5, 1}},
			{"conversations_begun", `SELECT v.id FROM conversations v WHERE v.person_id = $1 AND (v.created_at, v.id) < ($2, $3) ORDER BY v.created_at DESC, v.id DESC LIMIT 50`, []any{5, start.UnixMilli() * 2, 1}},
			{"contact_identities", `SELECT i.contact_id FROM contact_identities i WHERE i.key IN ($1, $2)`, []any{"phone/79000000001", "phone/79000000002"}},
		} {
			plan, err := s.Explain(t.Context(), c.query, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(plan, c.index) || regexp.MustCompile(`Seq Scan|SCAN [a-z]+(\n|$)`).MatchString(plan) {
				t.Errorf("not led by %s: %s\n%s", c.index, c.query, plan)
			}
		}
	})
}
