package desk

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// permit refuses what whoever asks may not do in the cabinet of a conversation;
// one that they may not see is not there. For those who may do it everywhere it
// reads nothing: one that is not there is refused where it is looked for.
func (d Deps) permit(ctx context.Context, right sellerdesk.Right, id sellerdesk.ConversationID) error {
	if everywhere(ctx, right) {
		return nil
	}
	return d.Store.Read(ctx, func(tx *store.Tx) error {
		conv, err := tx.Conversations.Get(ctx, id, 0)
		if err != nil {
			return err
		}
		return sellerdesk.Allow(ctx, right, conv.Account)
	})
}

// permitLine is permit for the cabinet of a message.
func (d Deps) permitLine(ctx context.Context, right sellerdesk.Right, id sellerdesk.MessageID) error {
	if everywhere(ctx, right) {
		return nil
	}
	var msg sellerdesk.Message
	err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		msg, err = tx.Messages.Get(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	return d.permit(ctx, right, msg.Conversation)
}

// permitPeople refuses what whoever asks may not do about people: each must be
// seen, and the right be held in one of the cabinets that a person is seen in.
func (d Deps) permitPeople(ctx context.Context, right sellerdesk.Right, ids ...sellerdesk.ContactID) error {
	if everywhere(ctx, right) {
		return nil
	}
	return d.Store.Read(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			accounts, err := tx.Contacts.Accounts(ctx, id)
			if err != nil {
				return err
			}
			if err := anyOf(ctx, right, accounts); err != nil {
				return err
			}
		}
		return nil
	})
}

// anyOf refuses where the right is held in none of some accounts.
func anyOf(ctx context.Context, right sellerdesk.Right, accounts []sellerdesk.AccountID) error {
	for _, id := range accounts {
		if sellerdesk.Allow(ctx, right, id) == nil {
			return nil
		}
	}
	return sellerdesk.Allow(ctx, right, 0)
}

// everywhere tells whether a right of cabinets is held in all that there are.
func everywhere(ctx context.Context, right sellerdesk.Right) bool {
	access := sellerdesk.AccessOf(ctx)
	return access.May(sellerdesk.RightSee) && access.May(right)
}

// somewhere refuses those who hold a right in no cabinet at all.
func somewhere(ctx context.Context, right sellerdesk.Right) error {
	if sellerdesk.AccessOf(ctx).MaySomewhere(right) {
		return nil
	}
	return sellerdesk.Allow(ctx, right, 0)
}
