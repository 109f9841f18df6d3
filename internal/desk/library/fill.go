package library

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/filling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Subject is what a text for a conversation is about, when a person says it.
func Subject(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, user sellerdesk.UserID) (filling.Subject, error) {
	s := filling.Subject{Conversation: conv}
	account, err := tx.Accounts.Get(ctx, conv.Account)
	if err != nil {
		return s, err
	}
	person, err := tx.Users.Get(ctx, user)
	if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		return s, err
	}
	s.Shop, s.Me = account.Name, person.Name
	return s, nil
}
