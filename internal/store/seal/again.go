package seal

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/people"
)

// place is a column of sealed bytes.
type place struct {
	table, id, column string
	beside            func(id int64) []byte
}

// places lists every column of sealed bytes there is; a test compares it with
// the schema. The check value stands apart.
func places() []place {
	webhook := func(id int64) []byte { return ofWebhook(sellerdesk.WebhookID(id)) }
	factor := func(id int64) []byte { return ofFactor(sellerdesk.UserID(id)) }
	return []place{
		{"accounts", "id", "credentials", func(id int64) []byte { return ofAccount(sellerdesk.AccountID(id)) }},
		{"push_doors", "account_id", "door", func(id int64) []byte { return ofDoor(sellerdesk.AccountID(id)) }},
		{"users", "id", "factor", factor},
		{"users", "id", "factor_new", factor},
		{"webhooks", "id", "secret", webhook},
		{"webhooks", "id", "old_secret", webhook},
	}
}

// Step is where sealing everything anew stands. The zero value is the beginning.
type Step struct {
	place int
	after int64
	// Sealed counts what was sealed anew so far.
	Sealed int
	Done   bool
}

// stepSize is how many rows one step looks at.
const stepSize = 100

// Again seals the next rows with the newest key, unless they are already. What
// opens with no key is an error that names the row: with the old key gone it
// would be lost. It runs in a transaction that writes; a step that is done twice
// changes nothing.
func (s Seal) Again(ctx context.Context, w *engine.Work, at Step) (Step, error) {
	all := places()
	if at.place >= len(all) {
		if err := s.checkAgain(ctx, w); err != nil {
			return at, err
		}
		at.Done = true
		return at, nil
	}
	p := all[at.place]
	rows, err := w.Query(ctx, fmt.Sprintf(`SELECT %[1]s, %[2]s FROM %[3]s WHERE %[2]s IS NOT NULL AND %[1]s > $1 ORDER BY %[1]s LIMIT %[4]d`,
		p.id, p.column, p.table, stepSize), at.after)
	found, err := engine.Collect(rows, err, func(r engine.Scanner) (row sealedRow, err error) {
		err = r.Scan(&row.id, &row.sealed)
		return row, err
	})
	if err != nil {
		return at, fmt.Errorf("look for what %s seals: %w", p.table, err)
	}
	for _, row := range found {
		changed, err := s.rowAgain(ctx, w, p, row)
		if err != nil {
			return at, err
		}
		if at.after = row.id; changed {
			at.Sealed++
		}
	}
	if len(found) < stepSize {
		at.place, at.after = at.place+1, 0
	}
	return at, nil
}

type sealedRow struct {
	id     int64
	sealed []byte
}

// rowAgain seals one row anew. A row that was changed meanwhile stays: whoever
// changed it used the newest key.
func (s Seal) rowAgain(ctx context.Context, w *engine.Work, p place, row sealedRow) (changed bool, err error) {
	plain, newest, err := s.open(row.sealed, p.beside(row.id))
	if err != nil {
		return false, sellerdesk.Errorf(sellerdesk.CodeConflict,
			"%s %d (%s) opens with no key that is here; the key was not changed.", p.table, row.id, p.column).Because(err)
	}
	if newest {
		return false, nil
	}
	defer clear(plain)
	n, err := w.Exec(ctx, fmt.Sprintf(`UPDATE %[3]s SET %[2]s = $2 WHERE %[1]s = $1 AND %[2]s = $3`, p.id, p.column, p.table),
		row.id, s.seal(plain, p.beside(row.id)), row.sealed)
	if err != nil {
		return false, fmt.Errorf("seal %s anew: %w", p.table, err)
	}
	return n > 0, nil
}

// checkAgain seals the check value anew.
func (s Seal) checkAgain(ctx context.Context, w *engine.Work) error {
	settings := people.NewSettings(w)
	kept, err := settings.Get(ctx, checkSetting)
	if err != nil {
		return err
	}
	sealed, err := base64.StdEncoding.DecodeString(kept)
	if err != nil {
		return errOtherKey(err)
	}
	plain, newest, err := s.open(sealed, []byte(checkText))
	if err != nil || !bytes.Equal(plain, []byte(checkText)) {
		return errOtherKey(err)
	}
	if newest {
		return nil
	}
	return settings.Set(ctx, checkSetting, base64.StdEncoding.EncodeToString(s.seal(plain, []byte(checkText))))
}
