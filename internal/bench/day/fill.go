package day

import (
	"context"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Fill writes the world into an empty database, through the store and as
// connectors would bring it, into accounts that are rows only and at rest.
func Fill(ctx context.Context, s *store.Store, channel sellerdesk.ChannelKind, w World, progress func(step string, done, total int)) (messages int, err error) {
	until := time.Now().Add(-time.Minute)
	for n := range w.Accounts {
		account, err := newAccount(ctx, s, channel, n)
		if err != nil {
			return messages, err
		}
		for b := range w.Batches(n, until) {
			err := s.Write(ctx, func(tx *store.Tx) error {
				_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: account, Stream: "day", Batch: b, KeepCursor: true})
				return err
			})
			if err != nil {
				return messages, fmt.Errorf("write the history of account %d: %w", account, err)
			}
			messages += len(b.Messages)
			progress("messages of the day's history", messages, 0)
		}
	}
	return messages, nil
}

// newAccount makes an account that is rows only and at rest.
func newAccount(ctx context.Context, s *store.Store, channel sellerdesk.ChannelKind, n int) (id sellerdesk.AccountID, err error) {
	err = s.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(ctx, store.NewAccount{Channel: channel, Name: fmt.Sprintf("Кабинет %d", n+1), Credentials: map[string]sellerdesk.Secret{}})
		if err != nil {
			return err
		}
		id = a.ID
		return tx.Accounts.SetState(ctx, id, sellerdesk.AccountPaused, sellerdesk.Why{Code: sellerdesk.ReasonPaused, Text: "Rows of a measurement."})
	})
	if err != nil {
		return 0, fmt.Errorf("make an account for the rows: %w", err)
	}
	return id, nil
}
