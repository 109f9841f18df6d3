package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Inbox takes in what remote sides told.
type Inbox struct{ tx *Tx }

// ApplyInput is one batch of one stream.
type ApplyInput struct {
	Account sellerdesk.AccountID
	Stream  string
	Batch   sellerdesk.Batch
	// KeepCursor leaves the place and the progress of the stream as they are:
	// the batch was read out of turn, as when looking for a lost send.
	KeepCursor bool
}

// Applied tells what a batch changed.
type Applied struct {
	NewConversations int
	NewMessages      int
	Settled          int // sends settled by their echo
	// Changed: the batch brought something that was not known.
	Changed bool
}

// Apply saves a batch and its cursor in the transaction. Applying the same
// batch again changes nothing and writes no event.
func (i Inbox) Apply(ctx context.Context, in ApplyInput) (Applied, error) {
	return Applied{}, errNotYet
}
