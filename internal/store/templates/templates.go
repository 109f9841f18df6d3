package templates

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
)

// Most bounds how many templates of an account are kept.
const Most = 2000

// Templates are the approved texts of accounts.
type Templates struct {
	w       *engine.Work
	journal *journal.Journal
}

// New makes the handle of a transaction.
func New(w *engine.Work, j *journal.Journal) Templates { return Templates{w, j} }

// Put keeps the list of an account in place of the one before. Where it is
// another one, it tells so as a change of the account.
func (t Templates) Put(ctx context.Context, account sellerdesk.AccountID, list []sellerdesk.RemoteTemplate) error {
	kept, err := gate.Templates(list[:min(len(list), Most)])
	if err != nil {
		return err
	}
	before, _, err := t.row(ctx, account)
	if err != nil {
		return err
	}
	_, err = t.w.Exec(ctx, `INSERT INTO remote_templates (account_id, read_at, list) VALUES ($1, $2, $3)
		ON CONFLICT (account_id) DO UPDATE SET read_at = excluded.read_at, list = excluded.list`, int64(account), t.w.Now().Millis(), kept)
	if err != nil {
		return fmt.Errorf("keep templates: %w", err)
	}
	if before == kept {
		return nil
	}
	var event sellerdesk.AccountEvent
	err = t.w.One(ctx, `UPDATE accounts SET rev = rev + 1 WHERE id = $1 AND removing = FALSE RETURNING state, reason`, []any{int64(account)}, &event.State, &event.Reason)
	if err != nil {
		return engine.Found(err, "account")
	}
	t.journal.Add(sellerdesk.EventAccountChanged, account, 0, event)
	return nil
}

func (t Templates) row(ctx context.Context, account sellerdesk.AccountID) (list string, at *int64, err error) {
	err = t.w.One(ctx, `SELECT list, read_at FROM remote_templates WHERE account_id = $1`, []any{int64(account)}, &list, &at)
	if errors.Is(err, engine.ErrNoRow) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("read templates: %w", err)
	}
	return list, at, nil
}

// Get gives the list of an account and when it was read; nil when it never was.
func (t Templates) Get(ctx context.Context, account sellerdesk.AccountID) ([]sellerdesk.RemoteTemplate, *sellerdesk.Time, error) {
	list := []sellerdesk.RemoteTemplate{}
	if err := engine.Seen(ctx).Check(account, "account"); err != nil {
		return nil, nil, err
	}
	kept, at, err := t.row(ctx, account)
	if err != nil || at == nil {
		return list, nil, err
	}
	if err := json.Unmarshal([]byte(kept), &list); err != nil {
		return nil, nil, fmt.Errorf("read templates: %w", err)
	}
	return list, engine.Moment(at), nil
}

// Forget removes those of an account.
func (t Templates) Forget(ctx context.Context, account sellerdesk.AccountID) error {
	if _, err := t.w.Exec(ctx, `DELETE FROM remote_templates WHERE account_id = $1`, int64(account)); err != nil {
		return fmt.Errorf("remove the templates of an account: %w", err)
	}
	return nil
}
