package channel

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Pulled is one reading of a stream, for those who watch how channels fare.
type Pulled struct {
	Account sellerdesk.AccountID
	Channel sellerdesk.ChannelKind
	Stream  string
	// Class is what went wrong; "" when it worked, "internal" when what came could
	// not be saved.
	Class    Class
	CaughtUp bool // it was so before: what came is news, not history
	Messages int  // new ones it brought
	Took     time.Duration
}

type accountKey struct{}

// WithAccount marks the calls to a remote side made under ctx as those of an
// account, for those who watch the calls.
func WithAccount(ctx context.Context, id sellerdesk.AccountID) context.Context {
	return context.WithValue(ctx, accountKey{}, id)
}

// AccountOf tells the account of ctx; 0 when nothing was said.
func AccountOf(ctx context.Context) sellerdesk.AccountID {
	id, _ := ctx.Value(accountKey{}).(sellerdesk.AccountID)
	return id
}
