package store

import (
	"context"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/store/rereads"
)

// Reread is a conversation that is to be looked at again.
type Reread = rereads.Reread

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
