package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Conversations are the threads with buyers.
type Conversations struct{ tx *Tx }

// Sort is an order of the list.
type Sort string

// The orders of the list.
const (
	SortUpdated Sort = "updated" // newest last message first
	SortWaiting Sort = "waiting" // nearest deadline first; those without one after them, newest first
)

// ConversationQuery asks for a page of the list. Empty lists and nil mean "any".
type ConversationQuery struct {
	User        sellerdesk.UserID // whose unread marks count
	Kinds       []sellerdesk.Kind
	Channels    []sellerdesk.ChannelKind
	Accounts    []sellerdesk.AccountID
	Statuses    []sellerdesk.ConversationStatus
	NeedsAnswer *bool
	Unread      *bool
	Sort        Sort   // "" means SortUpdated
	Cursor      string // "" means the first page; else next of the page before
	Limit       int    // 1 to 200; 0 means 50
}

// Get gives one conversation as a person sees it.
func (c Conversations) Get(ctx context.Context, id sellerdesk.ConversationID, user sellerdesk.UserID) (sellerdesk.Conversation, error) {
	return sellerdesk.Conversation{}, errNotYet
}

// List gives a page and the cursor of the next, "" at the end.
func (c Conversations) List(ctx context.Context, q ConversationQuery) (items []sellerdesk.Conversation, next string, err error) {
	return nil, "", errNotYet
}

// Counters are the exact figures of the list for a person; accounts narrow
// them, none means all.
func (c Conversations) Counters(ctx context.Context, user sellerdesk.UserID, accounts []sellerdesk.AccountID) (sellerdesk.Counters, error) {
	return sellerdesk.Counters{}, errNotYet
}

// SetStatus puts a conversation somewhere else on our desk. Closing or
// archiving also says that no answer is needed.
func (c Conversations) SetStatus(ctx context.Context, id sellerdesk.ConversationID, status sellerdesk.ConversationStatus) error {
	return errNotYet
}

// MarkRead takes the unread mark of a person away. Who waits does not change.
func (c Conversations) MarkRead(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	return errNotYet
}

// MarkUnread puts the unread mark of a person back.
func (c Conversations) MarkUnread(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	return errNotYet
}

// NoAnswerNeeded says that what the buyer wrote until now needs no answer.
func (c Conversations) NoAnswerNeeded(ctx context.Context, id sellerdesk.ConversationID) error {
	return errNotYet
}

// ByRemote finds a conversation by the id of the remote side.
func (c Conversations) ByRemote(ctx context.Context, account sellerdesk.AccountID, kind sellerdesk.Kind, remote sellerdesk.RemoteID) (id sellerdesk.ConversationID, found bool, err error) {
	return 0, false, errNotYet
}

// Remote names a conversation to its adapter.
func (c Conversations) Remote(ctx context.Context, id sellerdesk.ConversationID) (sellerdesk.RemoteRef, error) {
	return sellerdesk.RemoteRef{}, errNotYet
}
