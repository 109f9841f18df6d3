package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/files"
	"github.com/sellerdesk/sellerdesk/internal/store/forms"
	"github.com/sellerdesk/sellerdesk/internal/store/messages"
	"github.com/sellerdesk/sellerdesk/internal/store/replies"
	"github.com/sellerdesk/sellerdesk/internal/store/sending"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Outbox holds the actions on their way to remote sides. docs/outbox.md draws
// the states of an item.
type Outbox struct{ tx *Tx }

// items reads what a condition names.
func (o Outbox) items(ctx context.Context, condition string, args ...any) ([]item, error) {
	rows, err := o.tx.query(ctx, `SELECT `+sending.ItemColumns+` FROM outbox o WHERE `+condition, args...)
	items, err := engine.Collect(rows, err, sending.ScanItem)
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	return items, nil
}

func (o Outbox) pick(ctx context.Context, condition string, arg any) (item, error) {
	items, err := o.items(ctx, condition, arg)
	if err == nil && len(items) == 0 {
		err = found(engine.ErrNoRow, "outbox item")
	}
	if err != nil {
		return item{}, err
	}
	return items[0], nil
}

// pickLocked reads an item that is going to be changed.
func (o Outbox) pickLocked(ctx context.Context, condition string, arg any) (item, error) {
	i, err := o.pick(ctx, condition, arg)
	if err != nil {
		return i, err
	}
	if _, err := o.tx.Accounts.Locked(ctx, i.Account); err != nil {
		return i, err
	}
	return o.pick(ctx, condition, arg)
}

// Get gives one item.
func (o Outbox) Get(ctx context.Context, id sellerdesk.OutboxID) (sellerdesk.OutboxItem, error) {
	i, err := o.pick(ctx, `o.id = $1`, int64(id))
	return i.OutboxItem, err
}

// ByMessage gives the item that a message shows.
func (o Outbox) ByMessage(ctx context.Context, id sellerdesk.MessageID) (sellerdesk.OutboxItem, error) {
	i, err := o.pick(ctx, `o.message_id = $1`, int64(id))
	return i.OutboxItem, err
}

// Waiting tells how many items of an account have not left.
func (o Outbox) Waiting(ctx context.Context, account sellerdesk.AccountID) (n int, err error) {
	err = o.tx.one(ctx, `SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending') AND account_id = $1`, []any{int64(account)}, &n)
	return n, err
}

// Unknown lists the items of an account whose fate is not known, oldest first,
// at most 500.
func (o Outbox) Unknown(ctx context.Context, account sellerdesk.AccountID) ([]sellerdesk.OutboxItem, error) {
	items, err := o.items(ctx, fmt.Sprintf(`o.state = 'unknown' AND o.account_id = $1 ORDER BY o.id LIMIT %d`, engine.ListSize), int64(account))
	out := make([]sellerdesk.OutboxItem, len(items))
	for n, i := range items {
		out[n] = i.OutboxItem
	}
	return out, err
}

// Latest lists the newest items of a conversation, at most limit (1 to 100):
// what is on its way there, and how what has no line of its own ended.
func (o Outbox) Latest(ctx context.Context, conversation sellerdesk.ConversationID, limit int) ([]sellerdesk.OutboxItem, error) {
	items, err := o.items(ctx, `o.conversation_id = $1 ORDER BY o.id DESC LIMIT $2`, int64(conversation), min(max(limit, 1), 100))
	out := make([]sellerdesk.OutboxItem, len(items))
	for n, i := range items {
		out[n] = i.OutboxItem
	}
	return out, err
}

// Queue puts an action on its way together with the own message that shows it,
// and gives that message: the zero value when there is none. The same key gives
// the same message again.
func (o Outbox) Queue(ctx context.Context, n NewItem) (sellerdesk.Message, error) {
	if n.Key == "" {
		return sellerdesk.Message{}, errors.New("queue an action without a key")
	}
	t, err := o.tx.lockThread(ctx, n.Conversation)
	if err != nil {
		return sellerdesk.Message{}, err
	}
	if t.account != n.Account {
		return sellerdesk.Message{}, errors.New("queue an action of another account")
	}
	before, err := o.items(ctx, `o.key = $1`, n.Key)
	if err != nil {
		return sellerdesk.Message{}, err
	}
	if len(before) > 0 {
		if before[0].Conversation != n.Conversation || before[0].Action != n.Action.Kind() {
			return sellerdesk.Message{}, sellerdesk.Errorf(sellerdesk.CodeConflict, "This key was used for another action.")
		}
		return o.show(ctx, before[0].Shown())
	}
	message, edits, err := o.speak(ctx, t, n)
	if err != nil {
		return sellerdesk.Message{}, err
	}
	if err := o.insert(ctx, t, n, message, edits); err != nil {
		return sellerdesk.Message{}, err
	}
	if n.User != nil {
		if _, err := o.tx.clearUnread(ctx, *n.User, t); err != nil {
			return sellerdesk.Message{}, err
		}
	}
	if message == nil {
		if err := o.tx.recheck(ctx, t); err != nil {
			return sellerdesk.Message{}, err
		}
	}
	if err := o.tx.save(ctx, t); err != nil {
		return sellerdesk.Message{}, err
	}
	if message == nil {
		message = edits
	}
	return o.show(ctx, message)
}

// show gives the message that shows an item.
func (o Outbox) show(ctx context.Context, id *sellerdesk.MessageID) (sellerdesk.Message, error) {
	if id == nil {
		return sellerdesk.Message{}, nil
	}
	return o.tx.Messages.Get(ctx, *id)
}

// speak gives the message that shows an action: a new one, or that which it edits.
func (o Outbox) speak(ctx context.Context, t *thread, n NewItem) (message, edits *sellerdesk.MessageID, err error) {
	edit, changes := n.Action.(sellerdesk.Edit)
	switch {
	case changes:
		id, err := settler(o).edited(ctx, t, edit.Message)
		return nil, &id, err
	case n.Text == "" && len(n.Files) == 0:
		return nil, nil, nil
	default:
		id, err := o.ownMessage(ctx, t, n)
		return &id, nil, err
	}
}

// ownMessage writes the line that shows an action, as the newest of its
// conversation, and counts it as the answer.
func (o Outbox) ownMessage(ctx context.Context, t *thread, n NewItem) (sellerdesk.MessageID, error) {
	body, author := text.Clean(n.Text), sellerdesk.AuthorRule
	var user any
	if n.User != nil {
		author, user = sellerdesk.AuthorAgent, int64(*n.User)
	}
	at := o.tx.nextAt(t)
	ids, err := o.tx.insertMany(ctx, messageInsert, messageWidth, ` RETURNING id`, []any{int64(t.account), int64(t.id), string(author), user,
		body, len(n.Files), string(sellerdesk.MessageQueued), "", "", at, nil, nil, nil, nil})
	if err != nil {
		return 0, fmt.Errorf("write a message: %w", err)
	}
	id := sellerdesk.MessageID(ids[0])
	if answer, ok := n.Action.(sellerdesk.Answer); ok {
		if err := o.tx.replies.Write(ctx, replies.Of(sellerdesk.MessagePatch{Parent: answer.Parent}).Values(id)); err != nil {
			return 0, err
		}
	}
	if err := o.tx.forms.Write(ctx, forms.Row(id, forms.Of(n.Action))); err != nil {
		return 0, err
	}
	if err := o.tx.Files.Take(ctx, files.Origin{Account: t.account, Conversation: t.id, Message: id}, n.Files); err != nil {
		return 0, err
	}
	if err := o.tx.Search.Put(ctx, []engine.SearchRow{o.tx.words(t, id, author, at, body)}); err != nil {
		return 0, err
	}
	if t.take(o.tx.store.target, author, sellerdesk.MessageQueued, at) {
		if err := o.tx.recheck(ctx, t); err != nil {
			return 0, err
		}
	}
	t.show(messages.Line{Text: preview(body), Author: author, Files: len(n.Files), Status: sellerdesk.MessageQueued, At: at})
	o.tx.emit(sellerdesk.EventMessageCreated, t.account, t.id, sellerdesk.MessageEvent{Message: id, Author: author, Status: sellerdesk.MessageQueued})
	return id, nil
}

// nextAt is the moment of a new message of ours: after everything that is here,
// even where the clock of the remote side is ahead of ours.
func (tx *Tx) nextAt(t *thread) int64 {
	at := tx.now().Millis()
	if t.lastAuthor != "" {
		at = max(at, t.sortAt+1)
	}
	return at
}

func (o Outbox) insert(ctx context.Context, t *thread, n NewItem, message, edits *sellerdesk.MessageID) error {
	payload, err := sellerdesk.EncodeAction(n.Action)
	if err != nil {
		return err
	}
	var user any
	if n.User != nil {
		user = int64(*n.User)
	}
	now := o.tx.now().Millis()
	created := now
	if message == nil {
		// It may be what answers the buyer, and he may be ahead of our clock.
		created = o.tx.nextAt(t)
	}
	ids, err := o.tx.insertMany(ctx, `INSERT INTO outbox (account_id, conversation_id, message_id, user_id, key, action, payload, lane, state,
		attempt, due_at, reason, reason_code, remote_id, body_key, created_at, edits)`, 17, ` RETURNING id`,
		[]any{int64(n.Account), int64(n.Conversation), (*int64)(message), user, n.Key, string(n.Action.Kind()), string(payload), int(n.Lane),
			string(sellerdesk.OutboxQueued), 0, now, "", "", "", text.Key(n.Text), created, (*int64)(edits)})
	if err != nil {
		return fmt.Errorf("queue an action: %w", err)
	}
	o.tx.emit(sellerdesk.EventOutboxQueued, n.Account, n.Conversation,
		sellerdesk.OutboxEvent{Outbox: sellerdesk.OutboxID(ids[0]), Message: message, State: sellerdesk.OutboxQueued})
	return nil
}

// Resend queues a refused or unknown message again, because a person said so.
func (o Outbox) Resend(ctx context.Context, message sellerdesk.MessageID, user sellerdesk.UserID) (sellerdesk.Message, error) {
	return o.decide(ctx, message, user, sellerdesk.OutboxQueued, sellerdesk.Why{})
}

// Withdraw takes a message back that has not left, or accepts the fate of one
// that is refused or unknown.
func (o Outbox) Withdraw(ctx context.Context, message sellerdesk.MessageID, user sellerdesk.UserID) (sellerdesk.Message, error) {
	return o.decide(ctx, message, user, sellerdesk.OutboxWithdrawn,
		sellerdesk.Why{Code: sellerdesk.ReasonCancelledByUser, Text: "Withdrawn by a person."})
}

// decide makes the change that a person asked for. Asking for what is so
// already changes nothing.
func (o Outbox) decide(ctx context.Context, message sellerdesk.MessageID, user sellerdesk.UserID, state sellerdesk.OutboxState, why sellerdesk.Why) (sellerdesk.Message, error) {
	i, err := o.pickLocked(ctx, `o.message_id = $1`, int64(message))
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		if _, err := o.tx.Messages.Get(ctx, message); err != nil {
			return sellerdesk.Message{}, err
		}
		return sellerdesk.Message{}, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This message was not sent from here.")
	}
	if err != nil {
		return sellerdesk.Message{}, err
	}
	if i.State == state {
		return o.tx.Messages.Get(ctx, message)
	}
	if !i.State.CanBecome(state) || i.State == sellerdesk.OutboxSending {
		return sellerdesk.Message{}, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This message is %s, it cannot become %s.", i.State, state)
	}
	if _, err := o.tx.exec(ctx, `UPDATE outbox SET user_id = $2 WHERE id = $1`, int64(i.ID), int64(user)); err != nil {
		return sellerdesk.Message{}, fmt.Errorf("change an item: %w", err)
	}
	if state == sellerdesk.OutboxQueued {
		t, err := o.tx.thread(ctx, i.Conversation)
		if err != nil {
			return sellerdesk.Message{}, err
		}
		// It speaks again, so it moves to the end.
		if _, err := o.tx.exec(ctx, `UPDATE messages SET at = $2 WHERE id = $1`, int64(message), o.tx.nextAt(t)); err != nil {
			return sellerdesk.Message{}, fmt.Errorf("move a message: %w", err)
		}
	}
	if err := settler(o).move(ctx, i, Settlement{State: state, Why: why}); err != nil {
		return sellerdesk.Message{}, err
	}
	return o.tx.Messages.Get(ctx, message)
}
