package pushes

import (
	"context"
	"errors"
	"fmt"

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
func (p Pushes) Put(ctx context.Context, push sellerdesk.Push) error {
	at := push.Received.Millis()
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

// Next gives the oldest pushes of an account that wait, at most limit.
func (p Pushes) Next(ctx context.Context, account sellerdesk.AccountID, limit int) ([]sellerdesk.Push, error) {
	rows, err := p.w.Query(ctx, `SELECT id, received_at, path, type, body FROM pushes WHERE account_id = $1 ORDER BY id LIMIT $2`,
		int64(account), min(max(limit, 1), engine.ListSize))
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

// Done forgets the pushes of an account up to one that was read.
func (p Pushes) Done(ctx context.Context, account sellerdesk.AccountID, upTo sellerdesk.PushID) error {
	_, err := p.w.Exec(ctx, `DELETE FROM pushes WHERE account_id = $1 AND id <= $2`, int64(account), int64(upTo))
	if err != nil {
		return fmt.Errorf("forget pushes: %w", err)
	}
	return p.Flowing(ctx, account)
}

// Flowing notes that what was pushed can be read.
func (p Pushes) Flowing(ctx context.Context, account sellerdesk.AccountID) error {
	_, err := p.w.Exec(ctx, `UPDATE push_doors SET blocked_at = NULL, reason = '', reason_code = '' WHERE account_id = $1 AND blocked_at IS NOT NULL`, int64(account))
	if err != nil {
		return fmt.Errorf("note that pushes are read: %w", err)
	}
	return nil
}

// Blocked notes why what was pushed cannot be read now. The next [Pushes.Done]
// or [Pushes.Flowing] clears it.
func (p Pushes) Blocked(ctx context.Context, account sellerdesk.AccountID, why sellerdesk.Why) error {
	why = gate.Why(why)
	_, err := p.w.Exec(ctx, `UPDATE push_doors SET blocked_at = COALESCE(blocked_at, $2), reason = $3, reason_code = $4 WHERE account_id = $1`,
		int64(account), p.w.Now().Millis(), string(why.Text), string(why.Code))
	if err != nil {
		return fmt.Errorf("note why pushes wait: %w", err)
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

// Health tells how the pushes of an account fare, without its address; nil when
// it has no door.
func (p Pushes) Health(ctx context.Context, account sellerdesk.AccountID) (*sellerdesk.PushHealth, error) {
	var last, blocked *int64
	h := &sellerdesk.PushHealth{}
	err := p.w.One(ctx, `SELECT last_at, blocked_at, reason, reason_code FROM push_doors WHERE account_id = $1`, []any{int64(account)},
		&last, &blocked, &h.Reason, &h.ReasonCode)
	if errors.Is(err, engine.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read how pushes fare: %w", err)
	}
	h.Last, h.Blocked = engine.Moment(last), engine.Moment(blocked)
	h.Waiting, err = p.waiting(ctx, account)
	return h, err
}

// Forget removes everything of an account.
func (p Pushes) Forget(ctx context.Context, account sellerdesk.AccountID) error {
	for _, statement := range []string{`DELETE FROM pushes WHERE account_id = $1`, `DELETE FROM push_doors WHERE account_id = $1`} {
		if _, err := p.w.Exec(ctx, statement, int64(account)); err != nil {
			return fmt.Errorf("remove the pushes of an account: %w", err)
		}
	}
	return nil
}
