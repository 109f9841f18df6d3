package talking

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Notifications are the verbs on what a person is told of. Each person has their
// own.
type Notifications struct{ Deps }

// List gives a page of what the person who asks was told of, the newest first, as
// far as they may still see it, and the cursor of the next one.
func (n *Notifications) List(ctx context.Context, unread bool, cursor string, limit int) (list []sellerdesk.Notification, next string, err error) {
	user, err := person(ctx)
	if err != nil {
		return nil, "", err
	}
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		list, next, err = tx.Talk.Notifications.List(ctx, store.NotificationQuery{User: user, Unread: unread, Cursor: cursor, Limit: limit})
		return err
	})
	return list, next, err
}

// Seen notes that the person who asks has opened a conversation, and so looked at
// what they were told of it. It writes only where there was any; a program, which
// is told nothing, has seen nothing.
func (n *Notifications) Seen(ctx context.Context, id sellerdesk.ConversationID) error {
	user, err := person(ctx)
	if err != nil {
		return nil
	}
	var told bool
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		told, err = tx.Talk.Notifications.ToldOf(ctx, user, id)
		return err
	})
	if err != nil || !told {
		return err
	}
	return n.Store.Write(ctx, func(tx *store.Tx) error { return tx.Talk.Notifications.ReadOf(ctx, user, id) })
}

// Read notes that the person who asks has looked at some things (up to 500), or,
// with none named, at all up to a number (0: at everything). It tells how many
// they had not looked at before.
func (n *Notifications) Read(ctx context.Context, ids []sellerdesk.NotificationID, upTo sellerdesk.NotificationID) (count int, err error) {
	user, err := person(ctx)
	if err != nil {
		return 0, err
	}
	if len(ids) > 500 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name up to 500 at once, or none for all.").InField("ids")
	}
	err = n.Store.Write(ctx, func(tx *store.Tx) error {
		count, err = tx.Talk.Notifications.Read(ctx, user, ids, upTo)
		return err
	})
	return count, err
}
