package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// ByKey gives the item that was queued under a key; found is false when there
// is none.
func (o Outbox) ByKey(ctx context.Context, key string) (i sellerdesk.OutboxItem, found bool, err error) {
	items, err := o.items(ctx, `o.key = $1`, key)
	if err != nil || len(items) == 0 {
		return i, false, err
	}
	return items[0].OutboxItem, true, nil
}

// Pending gives the newest item of a conversation that does the same and whose
// outcome still matters: on its way, of unknown outcome, or sent after a
// moment; found is false when there is none.
func (o Outbox) Pending(ctx context.Context, id sellerdesk.ConversationID, action sellerdesk.ActionKind, sentAfter sellerdesk.Time) (i sellerdesk.OutboxItem, found bool, err error) {
	items, err := o.items(ctx, `o.conversation_id = $1 AND o.action = $2 AND (o.state IN ('queued', 'sending', 'unknown')
		OR o.state = 'sent' AND o.settled_at > $3) ORDER BY o.id DESC LIMIT 1`, int64(id), string(action), sentAfter.Millis())
	if err != nil || len(items) == 0 {
		return i, false, err
	}
	return items[0].OutboxItem, true, nil
}
