package rereads

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Rereads are the conversations to be looked at again.
type Rereads struct{ w *engine.Work }

// New makes the handle of a transaction.
func New(w *engine.Work) Rereads { return Rereads{w} }

// Reread is a conversation that the remote side asked to look at again.
type Reread struct {
	Conversation sellerdesk.ConversationID
	Ref          sellerdesk.RemoteRef
	Due          sellerdesk.Time
	Attempt      int // how often the look was put off
}

// Due lists conversations of an account that are due to be read again, those
// due longest first, at most limit (1 to 1000).
func (c Rereads) Due(ctx context.Context, account sellerdesk.AccountID, now sellerdesk.Time, limit int) ([]Reread, error) {
	rows, err := c.w.Query(ctx, `SELECT id, kind, remote_id, remote, reread_at, reread_attempt FROM conversations
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

// Next tells when the next conversation of an account is due to be read
// again; nil when none is. It may lie in the past.
func (c Rereads) Next(ctx context.Context, account sellerdesk.AccountID) (*sellerdesk.Time, error) {
	return c.w.Moment(ctx, `SELECT reread_at FROM conversations WHERE account_id = $1 AND reread_at IS NOT NULL AND remote_id IS NOT NULL ORDER BY reread_at, id LIMIT 1`, int64(account))
}

// Done says that a conversation was read again. A look that was asked for
// anew meanwhile, as by what was read, stays.
func (c Rereads) Done(ctx context.Context, id sellerdesk.ConversationID) error {
	_, err := c.w.Exec(ctx, `UPDATE conversations SET reread_at = NULL, reread_attempt = 0 WHERE id = $1 AND reread_at <= $2`, int64(id), c.w.Now().Millis())
	if err != nil {
		return fmt.Errorf("note a look: %w", err)
	}
	return nil
}

// Later puts a look off that failed. One that nobody asks for any more
// stays away.
func (c Rereads) Later(ctx context.Context, id sellerdesk.ConversationID, due sellerdesk.Time) error {
	_, err := c.w.Exec(ctx, `UPDATE conversations SET reread_at = $2, reread_attempt = reread_attempt + 1 WHERE id = $1 AND reread_at IS NOT NULL`, int64(id), due.Millis())
	if err != nil {
		return fmt.Errorf("put a look off: %w", err)
	}
	return nil
}
