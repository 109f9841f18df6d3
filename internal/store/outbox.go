package store

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Outbox holds the actions on their way to remote sides. docs/outbox.md draws
// the states of an item.
type Outbox struct{ tx *Tx }

// NewItem is an action to be sent.
type NewItem struct {
	Account      sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	User         *sellerdesk.UserID // who of us; nil means a rule
	Key          string             // key of the intent: the same key is queued once
	Action       sellerdesk.Action
	Lane         sellerdesk.Lane
	Text         string              // of the own message that shows the action
	Files        []sellerdesk.FileID // uploaded before, see [Files.Add]
}

// Settlement is the outcome of an attempt.
type Settlement struct {
	State    sellerdesk.OutboxState
	Why      sellerdesk.Why
	RemoteID sellerdesk.RemoteID // empty where the channel gives none
	At       *sellerdesk.Time    // when the remote side took it
	Due      *sellerdesk.Time    // for queued: not before; nil means now
	Remote   []byte              // replaces what the adapter keeps on the conversation; nil leaves it
	Files    []sellerdesk.FileOutcome
}

// Queue puts an action on its way together with the own message that shows it.
// The same key gives the same message again.
func (o Outbox) Queue(ctx context.Context, n NewItem) (sellerdesk.Message, error) {
	return sellerdesk.Message{}, errNotYet
}

// Lease takes the oldest open item of each conversation that is due, at most
// limit, of accounts that are ok: they become sending until now plus leaseFor.
// No accounts means all.
func (o Outbox) Lease(ctx context.Context, now sellerdesk.Time, leaseFor time.Duration, limit int, accounts []sellerdesk.AccountID) ([]sellerdesk.OutboxItem, error) {
	return nil, errNotYet
}

// Settle records the outcome of an attempt. When an echo settled the item
// first, only what the adapter keeps and the outcome of files are taken.
func (o Outbox) Settle(ctx context.Context, id sellerdesk.OutboxID, s Settlement) error {
	return errNotYet
}

// Recover is called once at start: items that were being sent when the process
// ended may have left, so they become unknown. It tells how many.
func (o Outbox) Recover(ctx context.Context) (int, error) { return 0, errNotYet }

// Resend queues a refused or unknown message again, because a person said so.
func (o Outbox) Resend(ctx context.Context, message sellerdesk.MessageID, user sellerdesk.UserID) (sellerdesk.Message, error) {
	return sellerdesk.Message{}, errNotYet
}

// Withdraw takes a message back that has not left, or accepts the fate of one
// that is refused or unknown.
func (o Outbox) Withdraw(ctx context.Context, message sellerdesk.MessageID, user sellerdesk.UserID) (sellerdesk.Message, error) {
	return sellerdesk.Message{}, errNotYet
}

// Get gives one item.
func (o Outbox) Get(ctx context.Context, id sellerdesk.OutboxID) (sellerdesk.OutboxItem, error) {
	return sellerdesk.OutboxItem{}, errNotYet
}

// ByMessage gives the item that a message shows.
func (o Outbox) ByMessage(ctx context.Context, id sellerdesk.MessageID) (sellerdesk.OutboxItem, error) {
	return sellerdesk.OutboxItem{}, errNotYet
}

// Waiting tells how many items of an account have not left.
func (o Outbox) Waiting(ctx context.Context, account sellerdesk.AccountID) (int, error) {
	return 0, errNotYet
}

// Unknown lists the items of an account whose fate is not known, oldest first,
// at most 500.
func (o Outbox) Unknown(ctx context.Context, account sellerdesk.AccountID) ([]sellerdesk.OutboxItem, error) {
	return nil, errNotYet
}

// Next tells when the next item can be leased; nil when none waits. It may lie
// in the past.
func (o Outbox) Next(ctx context.Context) (*sellerdesk.Time, error) { return nil, errNotYet }
