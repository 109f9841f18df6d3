package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Messages are the lines of conversations.
type Messages struct{ tx *Tx }

// List gives a page of a conversation, newest first, with files, and the cursor
// of the next page, "" at the end. Limit is 1 to 200; 0 means 50.
func (m Messages) List(ctx context.Context, conversation sellerdesk.ConversationID, cursor string, limit int) (items []sellerdesk.Message, next string, err error) {
	return nil, "", errNotYet
}

// Get gives one message with its files.
func (m Messages) Get(ctx context.Context, id sellerdesk.MessageID) (sellerdesk.Message, error) {
	return sellerdesk.Message{}, errNotYet
}
