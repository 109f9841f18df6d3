package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Events are the log of what happened.
type Events struct{ tx *Tx }

// After gives events with a larger number, in their order, at most limit (1 to 1000).
func (e Events) After(ctx context.Context, seq int64, limit int) ([]sellerdesk.Event, error) {
	return nil, errNotYet
}

// Last is the number of the newest event; 0 when nothing happened yet.
func (e Events) Last(ctx context.Context) (int64, error) { return 0, errNotYet }

// First is the number of the oldest event kept; 0 when none is.
func (e Events) First(ctx context.Context) (int64, error) { return 0, errNotYet }

// Trim forgets the oldest events beyond the newest keep, at most 5,000 at a
// time, and tells how many it forgot.
func (e Events) Trim(ctx context.Context, keep int64) (int, error) { return 0, errNotYet }
