package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Search finds messages by words.
type Search struct{ tx *Tx }

// SearchQuery asks for messages that have all words.
type SearchQuery struct {
	Text     string
	Accounts []sellerdesk.AccountID // none means all
	Before   sellerdesk.MessageID   // only older ids; 0 means from the newest
	Limit    int                    // 1 to 200; 0 means 50
}

// Find gives ids of messages, newest first.
func (s Search) Find(ctx context.Context, q SearchQuery) ([]sellerdesk.MessageID, error) {
	return nil, errNotYet
}
