package store

import (
	"context"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Reread is a conversation that the remote side asked to look at again.
type Reread struct {
	Conversation sellerdesk.ConversationID
	Ref          sellerdesk.RemoteRef
	Due          sellerdesk.Time
	Attempt      int // how often the look was put off
}

// Rereads lists conversations of an account that are due to be read again, those
// due longest first, at most limit (1 to 1000).
func (c Conversations) Rereads(ctx context.Context, account sellerdesk.AccountID, now sellerdesk.Time, limit int) ([]Reread, error) {
	rows, err := c.tx.query(ctx, `SELECT id, kind, remote_id, remote, reread_at, reread_attempt FROM conversations
		WHERE account_id = $1 AND reread_at IS NOT NULL AND reread_at <= $2 AND remote_id IS NOT NULL ORDER BY reread_at, id LIMIT $3`,
		int64(account), now.Millis(), min(max(limit, 1), 1000))
	due, err := engine.Collect(rows, err, func(s engine.Scanner) (r Reread, err error) {
		var at int64
		err = s.Scan(&r.Conversation, &r.Ref.Kind, &r.Ref.ID, &r.Ref.Remote, &at, &r.Attempt)
		r.Due = sellerdesk.AtMillis(at)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("list conversations to be read again: %w", err)
	}
	return due, nil
}

// NextReread tells when the next conversation of an account is due to be read
// again; nil when none is. It may lie in the past.
func (c Conversations) NextReread(ctx context.Context, account sellerdesk.AccountID) (*sellerdesk.Time, error) {
	return c.tx.w.Moment(ctx, `SELECT reread_at FROM conversations WHERE account_id = $1 AND reread_at IS NOT NULL ORDER BY reread_at, id LIMIT 1`, int64(account))
}

// RereadDone says that a conversation was read again. A look that was asked for
// anew meanwhile, as by what was read, stays.
func (c Conversations) RereadDone(ctx context.Context, id sellerdesk.ConversationID) error {
	_, err := c.tx.exec(ctx, `UPDATE conversations SET reread_at = NULL, reread_attempt = 0 WHERE id = $1 AND reread_at <= $2`, int64(id), c.tx.now().Millis())
	if err != nil {
		return fmt.Errorf("note a look: %w", err)
	}
	return nil
}

// RereadLater puts a look off that failed. One that nobody asks for any more
// stays away.
func (c Conversations) RereadLater(ctx context.Context, id sellerdesk.ConversationID, due sellerdesk.Time) error {
	_, err := c.tx.exec(ctx, `UPDATE conversations SET reread_at = $2, reread_attempt = reread_attempt + 1 WHERE id = $1 AND reread_at IS NOT NULL`, int64(id), due.Millis())
	if err != nil {
		return fmt.Errorf("put a look off: %w", err)
	}
	return nil
}

// askLook asks for a look after a while and tells whether that made a
// difference: one that comes sooner anyway stays, one that is due is renewed.
// Zero means that no look is needed.
func (t *thread) askLook(now int64, after time.Duration) bool {
	if after <= 0 {
		return assignMoment(&t.reread, nil)
	}
	at := now + after.Milliseconds()
	if t.reread != nil && *t.reread > now && *t.reread <= at {
		return false
	}
	return assignMoment(&t.reread, &at)
}

// assignMoment changes a moment that may be absent and tells whether that made
// a difference.
func assignMoment(to **int64, v *int64) bool {
	if sameValue(*to, v) {
		return false
	}
	*to = v
	return true
}

// saveReread keeps when to look again. Nobody sees it, so rev does not move.
func (tx *Tx) saveReread(ctx context.Context, t *thread) error {
	if _, err := tx.exec(ctx, `UPDATE conversations SET reread_at = $2, reread_attempt = 0 WHERE id = $1`, int64(t.id), t.reread); err != nil {
		return fmt.Errorf("ask for a look: %w", err)
	}
	return nil
}
