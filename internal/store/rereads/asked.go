package rereads

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
)

// Asked is a conversation that a push or a sweep named.
type Asked struct {
	// Conversation is 0 while it is not here yet.
	Conversation sellerdesk.ConversationID
	Ref          sellerdesk.RemoteRef
	Attempt      int // how often the reading was put off
	// asked tells this naming from later ones.
	asked int64
}

// Ask keeps that conversations are to be read again at once, also such as are
// not here yet. One that is being read is read once more after that; one that was
// put off stays so, and its tries are counted anew.
func (c Rereads) Ask(ctx context.Context, account sellerdesk.AccountID, refs []sellerdesk.RemoteRef) error {
	type name struct {
		kind sellerdesk.Kind
		id   string
	}
	seen, now := map[name]bool{}, c.w.Now().Millis()
	var values []any
	for _, ref := range refs {
		n := name{ref.Kind, gate.RemoteID(ref.ID)}
		if n.id == "" || seen[n] {
			continue
		}
		seen[n] = true
		values = append(values, int64(account), string(n.kind), n.id, int64(1), now)
	}
	_, err := c.w.InsertMany(ctx, `INSERT INTO rereads (account_id, kind, remote_id, asked, due_at)`, 5,
		` ON CONFLICT (account_id, kind, remote_id) DO UPDATE SET asked = rereads.asked + 1, attempt = 0`, values)
	if err != nil {
		return fmt.Errorf("ask to read conversations again: %w", err)
	}
	return nil
}

// Asked lists conversations of an account that were named and are due, those
// due longest first, at most limit (1 to 1000).
func (c Rereads) Asked(ctx context.Context, account sellerdesk.AccountID, now sellerdesk.Time, limit int) ([]Asked, error) {
	rows, err := c.w.Query(ctx, `SELECT r.kind, r.remote_id, r.asked, r.attempt, COALESCE(c.id, 0), c.remote FROM rereads r
		LEFT JOIN conversations c ON c.account_id = r.account_id AND c.kind = r.kind AND c.remote_id = r.remote_id
		WHERE r.account_id = $1 AND r.due_at <= $2 ORDER BY r.due_at, r.kind, r.remote_id LIMIT $3`,
		int64(account), now.Millis(), min(max(limit, 1), 1000))
	due, err := engine.Collect(rows, err, func(s engine.Scanner) (a Asked, err error) {
		return a, s.Scan(&a.Ref.Kind, &a.Ref.ID, &a.asked, &a.Attempt, &a.Conversation, &a.Ref.Remote)
	})
	if err != nil {
		return nil, fmt.Errorf("list conversations that were named: %w", err)
	}
	return due, nil
}

// AskedNext tells when the next conversation that was named is due; nil when
// none is. It may lie in the past.
func (c Rereads) AskedNext(ctx context.Context, account sellerdesk.AccountID) (*sellerdesk.Time, error) {
	return c.w.Moment(ctx, `SELECT due_at FROM rereads WHERE account_id = $1 ORDER BY due_at, kind, remote_id LIMIT 1`, int64(account))
}

// AskedDone says that a conversation was read again. One that was named anew
// meanwhile stays.
func (c Rereads) AskedDone(ctx context.Context, account sellerdesk.AccountID, a Asked) error {
	_, err := c.w.Exec(ctx, `DELETE FROM rereads WHERE account_id = $1 AND kind = $2 AND remote_id = $3 AND asked = $4`,
		int64(account), string(a.Ref.Kind), string(a.Ref.ID), a.asked)
	if err != nil {
		return fmt.Errorf("note that a conversation was read: %w", err)
	}
	return nil
}

// AskedLater puts the reading of a conversation off that failed.
func (c Rereads) AskedLater(ctx context.Context, account sellerdesk.AccountID, a Asked, due sellerdesk.Time) error {
	_, err := c.w.Exec(ctx, `UPDATE rereads SET due_at = $4, attempt = attempt + 1 WHERE account_id = $1 AND kind = $2 AND remote_id = $3`,
		int64(account), string(a.Ref.Kind), string(a.Ref.ID), due.Millis())
	if err != nil {
		return fmt.Errorf("put a reading off: %w", err)
	}
	return nil
}

// Forget removes everything of an account.
func (c Rereads) Forget(ctx context.Context, account sellerdesk.AccountID) error {
	if _, err := c.w.Exec(ctx, `DELETE FROM rereads WHERE account_id = $1`, int64(account)); err != nil {
		return fmt.Errorf("remove the readings of an account: %w", err)
	}
	return nil
}
