package handling

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Wake takes back to the desk what is put off until a moment that has come, some at
// once, and tells whether there may be more.
func (h *Handling) Wake(ctx context.Context) (more bool, err error) {
	now := sellerdesk.At(h.deps.Clock.Now())
	var due []sellerdesk.ConversationID
	err = h.deps.Store.Read(ctx, func(tx *store.Tx) error {
		due, err = tx.Holders.Due(ctx, now, atOnce)
		return err
	})
	if err != nil || len(due) == 0 {
		return false, err
	}
	err = h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		for _, id := range due {
			err := wake(ctx, tx, id, now)
			if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				return err
			}
		}
		return nil
	})
	return err == nil && len(due) == atOnce, err
}

// wake takes one back, and tells whoever put it off.
func wake(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID, now sellerdesk.Time) error {
	var by *sellerdesk.UserID
	err := tx.Conversations.Handle(ctx, id, func(held *store.Held, status *sellerdesk.ConversationStatus) error {
		if held.Until == nil || *held.Until > now.Millis() {
			return nil // somebody was faster
		}
		by = held.Asleep().User
		held.Wake(sellerdesk.WokeByTime, now.Millis())
		*status = sellerdesk.ConversationOpen
		return nil
	})
	if err != nil || by == nil {
		return err
	}
	conv, err := tx.Conversations.Get(ctx, id, 0)
	if err != nil {
		return err
	}
	return tx.Talk.Notifications.Add(ctx, store.Notice{User: *by, Kind: sellerdesk.NotificationWoke, Place: store.Place{Account: conv.Account, Conversation: id}})
}

// Relieve hands back what those have to answer who no longer work here, people and
// teams, and what people have to answer where they may not any more.
func (h *Handling) Relieve(ctx context.Context) error {
	var gone []sellerdesk.UserID
	var orphans []sellerdesk.TeamID
	err := h.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if orphans, err = tx.Holders.Orphans(ctx); err != nil {
			return err
		}
		gone, err = tx.Holders.Gone(ctx)
		return err
	})
	for _, id := range orphans {
		for done := false; !done && err == nil; {
			err = h.deps.Store.Write(ctx, func(tx *store.Tx) error {
				done, err = disband(ctx, tx, id)
				return err
			})
		}
	}
	for _, id := range gone {
		if err == nil {
			_, err = h.HandBack(ctx, id)
		}
	}
	if err != nil {
		return err
	}
	return h.relieve(ctx)
}

// relieve hands back what people have to answer in cabinets where they may not.
func (h *Handling) relieve(ctx context.Context) error {
	type share struct {
		User    sellerdesk.UserID
		Account sellerdesk.AccountID
	}
	var shares []share
	err := h.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.Holders.Shares(ctx)
		for _, s := range list {
			shares = append(shares, share(s))
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range shares {
		access, err := h.deps.Access(ctx, s.User)
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return err
		}
		if err == nil && access.MayIn(sellerdesk.RightSee, s.Account) && access.MayIn(sellerdesk.RightWork, s.Account) {
			continue
		}
		_, err = h.handBack(ctx, s.User, func(ctx context.Context, tx *store.Tx) ([]sellerdesk.ConversationID, error) {
			return tx.Holders.UnansweredIn(ctx, s.User, s.Account, atOnce)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
