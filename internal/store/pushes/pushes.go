package pushes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Kept bounds how many pushes of an account wait to be read. Of more the oldest
// go: the regular reading finds what they told of.
const Kept = 10_000

// Pushes are what remote sides sent and nobody has read yet.
type Pushes struct {
	w       *engine.Work
	journal *journal.Journal
}

// New makes the handle of a transaction.
func New(w *engine.Work, j *journal.Journal) Pushes { return Pushes{w, j} }

// Put keeps a push, after which it may be answered. It tells with an event that
// there is something to read.
//
// One whose sender gave it a name that came before is not kept again.
func (p Pushes) Put(ctx context.Context, push sellerdesk.Push) error {
	at := push.Received.Millis()
	if fresh, err := p.name(ctx, push); err != nil || !fresh {
		return err
	}
	_, err := p.w.Exec(ctx, `INSERT INTO pushes (account_id, received_at, path, type, body) VALUES ($1, $2, $3, $4, $5)`,
		int64(push.Account), at, text.Cut(text.Clean(push.Path), 500), text.Cut(text.Clean(push.Type), 200), push.Body)
	if err != nil {
		return fmt.Errorf("keep a push: %w", err)
	}
	if err := p.Heard(ctx, push.Account, push.Received); err != nil {
		return err
	}
	n, err := p.waiting(ctx, push.Account)
	if err != nil {
		return err
	}
	if n > Kept {
		if _, err := p.w.Exec(ctx, `DELETE FROM pushes WHERE id = (SELECT MIN(id) FROM pushes WHERE account_id = $1)`, int64(push.Account)); err != nil {
			return fmt.Errorf("make room for a push: %w", err)
		}
	}
	p.journal.Add(sellerdesk.EventPushReceived, push.Account, 0, struct{}{})
	return nil
}

// namesKept is how long the names of pushes are remembered; senders repeat one
// for some hours at most, and the signature of a copy ends much sooner.
const namesKept = 24 * time.Hour

// name takes the name of a push, which is fresh when it has none.
func (p Pushes) name(ctx context.Context, push sellerdesk.Push) (fresh bool, err error) {
	if push.Signature.ID == "" {
		return true, nil
	}
	at := push.Received.Millis()
	_, err = p.w.Exec(ctx, `DELETE FROM push_names WHERE account_id = $1 AND at < $2`, int64(push.Account), at-namesKept.Milliseconds())
	if err != nil {
		return false, fmt.Errorf("forget names of pushes: %w", err)
	}
	n, err := p.w.Exec(ctx, `INSERT INTO push_names (account_id, name, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		int64(push.Account), text.Clean(push.Signature.ID), at)
	if err != nil {
		return false, fmt.Errorf("note the name of a push: %w", err)
	}
	return n > 0, nil
}

// Heard notes that something came, also what was not kept, as a test of the
// address.
func (p Pushes) Heard(ctx context.Context, account sellerdesk.AccountID, at sellerdesk.Time) error {
	_, err := p.w.Exec(ctx, `UPDATE push_doors SET last_at = $2 WHERE account_id = $1 AND (last_at IS NULL OR last_at < $2)`, int64(account), at.Millis())
	if err != nil {
		return fmt.Errorf("note a push: %w", err)
	}
	return nil
}

// waiting counts what waits, up to one more than is kept.
func (p Pushes) waiting(ctx context.Context, account sellerdesk.AccountID) (n int, err error) {
	err = p.w.One(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM pushes WHERE account_id = $1 LIMIT $2) w`, []any{int64(account), Kept + 1}, &n)
	if err != nil {
		return 0, fmt.Errorf("count pushes: %w", err)
	}
	return n, nil
}

// Next gives pushes of an account that wait, the oldest first, of those behind
// one (0 for all), at most limit.
func (p Pushes) Next(ctx context.Context, account sellerdesk.AccountID, after sellerdesk.PushID, limit int) ([]sellerdesk.Push, error) {
	rows, err := p.w.Query(ctx, `SELECT id, received_at, path, type, body FROM pushes WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
		int64(account), int64(after), min(max(limit, 1), engine.ListSize))
	next, err := engine.Collect(rows, err, func(s engine.Scanner) (sellerdesk.Push, error) {
		var at int64
		push := sellerdesk.Push{Account: account}
		err := s.Scan(&push.ID, &at, &push.Path, &push.Type, &push.Body)
		push.Received = sellerdesk.AtMillis(at)
		return push, err
	})
	if err != nil {
		return nil, fmt.Errorf("read pushes: %w", err)
	}
	return next, nil
}

// Done forgets pushes that were read. They are named one by one: one with a
// lower number may be committed later than one with a higher.
func (p Pushes) Done(ctx context.Context, account sellerdesk.AccountID, read []sellerdesk.PushID) error {
	for _, piece := range engine.Padded(read) {
		args := []any{int64(account)}
		for _, id := range piece {
			args = append(args, int64(id))
		}
		_, err := p.w.Exec(ctx, `DELETE FROM pushes WHERE account_id = $1 AND id IN (`+engine.Placeholders(2, len(piece))+`)`, args...)
		if err != nil {
			return fmt.Errorf("forget pushes: %w", err)
		}
	}
	return nil
}

// Flowing notes that nothing that was pushed waits for a better time.
func (p Pushes) Flowing(ctx context.Context, account sellerdesk.AccountID) error {
	_, err := p.w.Exec(ctx, `UPDATE push_doors SET blocked_at = NULL, reason = '', reason_code = '' WHERE account_id = $1 AND blocked_at IS NOT NULL`, int64(account))
	if err != nil {
		return fmt.Errorf("note that pushes are read: %w", err)
	}
	return nil
}

// Blocked notes why some of what was pushed cannot be read now.
// [Pushes.Flowing] clears it.
func (p Pushes) Blocked(ctx context.Context, account sellerdesk.AccountID, why sellerdesk.Why) error {
	why = gate.Why(why)
	_, err := p.w.Exec(ctx, `UPDATE push_doors SET blocked_at = COALESCE(blocked_at, $2), reason = $3, reason_code = $4 WHERE account_id = $1`,
		int64(account), p.w.Now().Millis(), string(why.Text), string(why.Code))
	if err != nil {
		return fmt.Errorf("note why pushes wait: %w", err)
	}
	return nil
}

// Asked notes that the remote side pushes to the door of an account, as far as it
// could be asked to.
func (p Pushes) Asked(ctx context.Context, account sellerdesk.AccountID) error {
	_, err := p.w.Exec(ctx, `UPDATE push_doors SET unasked_at = NULL, unasked = '', unasked_code = '' WHERE account_id = $1 AND unasked_at IS NOT NULL`, int64(account))
	if err != nil {
		return fmt.Errorf("note that pushes are asked for: %w", err)
	}
	return nil
}

// Unasked notes why the remote side cannot be asked to push. [Pushes.Asked]
// clears it.
func (p Pushes) Unasked(ctx context.Context, account sellerdesk.AccountID, why sellerdesk.Why) error {
	why = gate.Why(why)
	_, err := p.w.Exec(ctx, `UPDATE push_doors SET unasked_at = COALESCE(unasked_at, $2), unasked = $3, unasked_code = $4 WHERE account_id = $1`,
		int64(account), p.w.Now().Millis(), string(why.Text), string(why.Code))
	if err != nil {
		return fmt.Errorf("note why pushes cannot be asked for: %w", err)
	}
	return nil
}

// Door gives the channel and the sealed key of an account's address; nil when it
// has none.
func (p Pushes) Door(ctx context.Context, account sellerdesk.AccountID) (channel sellerdesk.ChannelKind, sealed []byte, err error) {
	err = p.w.One(ctx, `SELECT a.channel, d.door FROM push_doors d JOIN accounts a ON a.id = d.account_id WHERE d.account_id = $1 AND a.removing = FALSE`,
		[]any{int64(account)}, &channel, &sealed)
	if errors.Is(err, engine.ErrNoRow) {
		return "", nil, nil
	}
	return channel, sealed, err
}

// SetDoor gives an account its sealed key.
func (p Pushes) SetDoor(ctx context.Context, account sellerdesk.AccountID, sealed []byte) error {
	_, err := p.w.Exec(ctx, `INSERT INTO push_doors (account_id, door) VALUES ($1, $2) ON CONFLICT (account_id) DO UPDATE SET door = excluded.door`, int64(account), sealed)
	if err != nil {
		return fmt.Errorf("keep the door of an account: %w", err)
	}
	return nil
}

// Standing is how the pushes of an account fare, with its sealed key.
type Standing struct {
	Health sellerdesk.PushHealth // without the address
	Door   []byte
}

// Standing tells how the pushes of one account fare, or of all that have a door
// when it is 0.
func (p Pushes) Standing(ctx context.Context, account sellerdesk.AccountID) (map[sellerdesk.AccountID]Standing, error) {
	query, args := `SELECT d.account_id, d.door, d.last_at, d.blocked_at, d.reason, d.reason_code, d.unasked_at, d.unasked, d.unasked_code,
		(SELECT COUNT(*) FROM pushes w WHERE w.account_id = d.account_id) FROM push_doors d`, []any{}
	if account != 0 {
		query, args = query+` WHERE d.account_id = $1`, []any{int64(account)}
	}
	all := map[sellerdesk.AccountID]Standing{}
	rows, err := p.w.Query(ctx, query, args...)
	_, err = engine.Collect(rows, err, func(row engine.Scanner) (id sellerdesk.AccountID, err error) {
		var s Standing
		var last, blocked, unasked *int64
		var why sellerdesk.Why
		err = row.Scan(&id, &s.Door, &last, &blocked, &s.Health.Reason, &s.Health.ReasonCode, &unasked, &why.Text, &why.Code, &s.Health.Waiting)
		if blocked == nil && unasked != nil {
			blocked, s.Health.Reason, s.Health.ReasonCode = unasked, why.Text, why.Code
		}
		s.Health.Last, s.Health.Blocked = engine.Moment(last), engine.Moment(blocked)
		all[id] = s
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("read how pushes fare: %w", err)
	}
	return all, nil
}

// Forget removes everything of an account.
func (p Pushes) Forget(ctx context.Context, account sellerdesk.AccountID) error {
	for _, statement := range []string{`DELETE FROM push_names WHERE account_id = $1`, `DELETE FROM pushes WHERE account_id = $1`, `DELETE FROM push_doors WHERE account_id = $1`} {
		if _, err := p.w.Exec(ctx, statement, int64(account)); err != nil {
			return fmt.Errorf("remove the pushes of an account: %w", err)
		}
	}
	return nil
}
