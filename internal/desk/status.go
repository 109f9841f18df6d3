package desk

import (
	"context"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Close puts the conversation away until the buyer writes again.
func (c *Conversations) Close(ctx context.Context, id sellerdesk.ConversationID) error {
	return c.deps.setStatus(ctx, id, sellerdesk.ConversationClosed)
}

// Reopen takes a closed conversation back to the desk.
func (c *Conversations) Reopen(ctx context.Context, id sellerdesk.ConversationID) error {
	return c.deps.setStatus(ctx, id, sellerdesk.ConversationOpen)
}

// Archive puts the conversation where only a search finds it. It is a matter of
// ours: the remote side hears nothing.
func (c *Conversations) Archive(ctx context.Context, id sellerdesk.ConversationID) error {
	return c.deps.setStatus(ctx, id, sellerdesk.ConversationArchived)
}

// Unarchive takes an archived conversation back to the desk. One that is not
// archived stays as it is.
func (c *Conversations) Unarchive(ctx context.Context, id sellerdesk.ConversationID) error {
	return c.deps.setStatus(ctx, id, sellerdesk.ConversationOpen, sellerdesk.ConversationArchived)
}

// setStatus moves a conversation that is in one of the statuses from; none
// means any.
func (d Deps) setStatus(ctx context.Context, id sellerdesk.ConversationID, to sellerdesk.ConversationStatus, from ...sellerdesk.ConversationStatus) error {
	if err := d.permit(ctx, sellerdesk.RightWork, id); err != nil {
		return err
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		if len(from) > 0 {
			conv, err := tx.Conversations.Get(ctx, id, 0)
			if err != nil || !slices.Contains(from, conv.Status) {
				return err
			}
		}
		return tx.Conversations.SetStatus(ctx, id, to)
	})
}
