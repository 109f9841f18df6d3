package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/marks"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// leasable says which items may leave now or later: the oldest open one of each
// conversation, while no other of it is being sent.
const leasable = `o.state = 'queued'
	AND o.account_id IN (SELECT a.id FROM accounts a WHERE a.state = 'ok' AND a.removing = FALSE)
	AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id AND e.state IN ('queued', 'sending')
		AND e.id <> o.id AND (e.state = 'sending' OR e.id < o.id))`

// Next tells when the next item can be leased; nil when none can. It may lie
// in the past.
func (o Outbox) Next(ctx context.Context) (*sellerdesk.Time, error) {
	return o.tx.w.Moment(ctx, `SELECT o.due_at FROM outbox o WHERE `+leasable+` ORDER BY o.due_at, o.id LIMIT 1`)
}

// Lease takes the oldest open item of each conversation that is due, at most
// limit, of accounts that are ok: they become sending until now plus leaseFor.
// No accounts means all.
func (o Outbox) Lease(ctx context.Context, now sellerdesk.Time, leaseFor time.Duration, limit int, accounts []sellerdesk.AccountID) ([]sellerdesk.OutboxItem, error) {
	// Accounts are locked in one order, before any item: see [accounts.Accounts.Lock].
	narrow, args := engine.NarrowAccounts("a.id", accounts, now.Millis())
	rows, err := o.tx.query(ctx, `SELECT a.id FROM accounts a WHERE a.state = 'ok' AND a.removing = FALSE
		AND a.id IN (SELECT o.account_id FROM outbox o WHERE o.state = 'queued' AND o.due_at <= $1)`+narrow+
		` ORDER BY a.id`+o.tx.w.Dialect.Locking(false), args...)
	ready, err := engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.AccountID, err error) {
		err = s.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for due items: %w", err)
	}
	if len(ready) == 0 {
		return nil, nil
	}
	narrow, args = engine.NarrowAccounts("o.account_id", ready, now.Millis(), now.Add(leaseFor).UnixMilli(), min(max(limit, 1), 1000))
	rows, err = o.tx.query(ctx, `UPDATE outbox SET state = 'sending', attempt = attempt + 1, sent_at = $1, lease_until = $2, settled_at = NULL
		WHERE id IN (SELECT o.id FROM outbox o WHERE o.due_at <= $1 AND `+leasable+narrow+
		` ORDER BY o.due_at, o.id LIMIT $3`+o.tx.w.Dialect.Locking(true)+`) RETURNING id`, args...)
	ids, err := engine.Collect(rows, err, engine.ScanInt)
	if err != nil {
		return nil, fmt.Errorf("lease items: %w", err)
	}
	return o.leased(ctx, ids)
}

// leased tells about leased items and gives them in the order they were queued.
func (o Outbox) leased(ctx context.Context, ids []int64) ([]sellerdesk.OutboxItem, error) {
	var out []sellerdesk.OutboxItem
	for start := 0; start < len(ids); start += engine.ListSize {
		piece := engine.Padded(ids[start:min(start+engine.ListSize, len(ids))])[0]
		items, err := o.items(ctx, `o.id IN (`+engine.Placeholders(1, len(piece))+`) ORDER BY o.id`, engine.Anys(piece)...)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			if err := settler(o).follow(ctx, i.OutboxItem, false); err != nil {
				return nil, err
			}
			out = append(out, i.OutboxItem)
		}
	}
	return out, nil
}

// settler changes items with all that shows them.
type settler struct{ tx *Tx }

// follow lets the message and the conversation of an item follow its state.
func (o settler) follow(ctx context.Context, i sellerdesk.OutboxItem, recheck bool) error {
	if i.Message != nil {
		if err := o.tx.Messages.Mark(ctx, i.Account, *i.Message, i.State.Message(), i.Why); err != nil {
			return err
		}
	}
	return o.relook(ctx, i.Conversation, recheck)
}

// relook lets a conversation follow what changed of its messages: what the list
// shows, and with recheck also who waits.
func (o settler) relook(ctx context.Context, id sellerdesk.ConversationID, recheck bool) error {
	t, err := o.tx.thread(ctx, id)
	if err != nil {
		return err
	}
	was := *t
	look := o.tx.recheckLast
	if recheck {
		look = o.tx.recheck
	}
	if err := look(ctx, t); err != nil {
		return err
	}
	if t.lastStatus == was.lastStatus && t.lastText == was.lastText && t.sortAt == was.sortAt && t.needs == was.needs &&
		sameValue(t.waiting, was.waiting) && sameValue(t.answered, was.answered) {
		return nil
	}
	return o.tx.save(ctx, t)
}

// Settle records the outcome of an attempt. When an echo settled the item
// first, only what the adapter keeps and the outcome of files are taken.
func (o Outbox) Settle(ctx context.Context, id sellerdesk.OutboxID, s Settlement) error {
	i, err := o.pickLocked(ctx, `o.id = $1`, int64(id))
	if err != nil {
		return err
	}
	if s.Remote != nil {
		if _, err := o.tx.exec(ctx, `UPDATE conversations SET remote = $2 WHERE id = $1`, int64(i.Conversation), engine.Blob(s.Remote)); err != nil {
			return fmt.Errorf("keep what the adapter left: %w", err)
		}
	}
	if s.Reread != nil {
		t, err := o.tx.thread(ctx, i.Conversation)
		if err == nil && t.askLook(o.tx.now().Millis(), *s.Reread) {
			err = o.tx.saveReread(ctx, t)
		}
		if err != nil {
			return err
		}
	}
	if i.Message != nil {
		if err := o.tx.Files.Outcomes(ctx, *i.Message, s.Files); err != nil {
			return err
		}
	}
	if i.State == sellerdesk.OutboxSent {
		return nil
	}
	if !i.State.CanBecome(s.State) {
		return fmt.Errorf("settle item %d: it is %s and cannot become %s", id, i.State, s.State)
	}
	return settler(o).move(ctx, i, s)
}

// move changes the state of an item with its message and conversation. The
// caller has made sure that the move is allowed.
func (o settler) move(ctx context.Context, i item, s Settlement) error {
	now, was := o.tx.now(), i.State
	i.State, i.Why, i.SettledAt = s.State, gate.Why(s.Why), nil
	if s.RemoteID != "" {
		i.RemoteID = s.RemoteID
	}
	if s.At != nil {
		at := s.At.Millis()
		i.Receipt = &at
	}
	switch s.State {
	case sellerdesk.OutboxQueued:
		i.Due = now
		if s.Due != nil {
			i.Due = *s.Due
		}
	case sellerdesk.OutboxSent, sellerdesk.OutboxRefused, sellerdesk.OutboxWithdrawn:
		i.SettledAt = &now
	}
	// From here on an echo of the attempt may stand anywhere in its window. One
	// that is queued again or refused has surely not arrived.
	if was == sellerdesk.OutboxSending && (s.State == sellerdesk.OutboxUnknown || s.State == sellerdesk.OutboxSent) {
		if i.From == nil {
			from := i.SentAt.Millis()
			i.From = &from
		}
		until := i.LeaseUntil.Millis()
		i.Until = latest(i.Until, &until)
	}
	if _, err := o.tx.exec(ctx, `UPDATE outbox SET state = $2, reason = $3, reason_code = $4, remote_id = $5, receipt_at = $6, due_at = $7,
		settled_at = $8, window_from = $9, window_until = $10 WHERE id = $1`, int64(i.ID), string(i.State), string(i.Why.Text), string(i.Why.Code),
		string(i.RemoteID), i.Receipt, i.Due.Millis(), engine.Millis(i.SettledAt), i.From, i.Until); err != nil {
		return fmt.Errorf("change an item: %w", err)
	}
	if err := o.confirm(ctx, i, s); err != nil {
		return err
	}
	if i.Action == sellerdesk.ActionOpen {
		if err := o.start(ctx, i, s); err != nil {
			return err
		}
	}
	if err := o.edit(ctx, i); err != nil {
		return err
	}
	if s.State == sellerdesk.OutboxSent && was != sellerdesk.OutboxSent {
		if err := o.tx.texts.Add(i.OutboxItem, i.Shown()); err != nil {
			return err
		}
	}
	kind := sellerdesk.EventOutboxSettled
	if s.State == sellerdesk.OutboxQueued {
		kind = sellerdesk.EventOutboxQueued
	}
	o.tx.emit(kind, i.Account, i.Conversation, sellerdesk.OutboxEvent{Outbox: i.ID, Message: i.Message, State: i.State, Reason: i.Why.Text})
	if err := o.follow(ctx, i.OutboxItem, true); err != nil {
		return err
	}
	return o.marked(ctx, i)
}

// confirm gives a message what the remote side said about it: its id and moment.
func (o settler) confirm(ctx context.Context, i item, s Settlement) error {
	if i.Message == nil {
		return nil
	}
	if s.RemoteID != "" {
		if err := o.makeRoom(ctx, i, s.RemoteID); err != nil {
			return err
		}
		if _, err := o.tx.exec(ctx, `UPDATE messages SET remote_id = $2 WHERE id = $1`, int64(*i.Message), string(s.RemoteID)); err != nil {
			return fmt.Errorf("name a message: %w", err)
		}
	}
	if s.At != nil {
		if _, err := o.tx.exec(ctx, `UPDATE messages SET at = $2 WHERE id = $1`, int64(*i.Message), s.At.Millis()); err != nil {
			return fmt.Errorf("date a message: %w", err)
		}
	}
	return nil
}

// makeRoom takes care of another line that has the id of an item. The feed may
// have been faster, without being recognized: then both are the same, and the
// line that it made goes. An earlier answer in the place of ours stays as what
// was said before, without the id.
func (o settler) makeRoom(ctx context.Context, i item, id sellerdesk.RemoteID) error {
	var twin sellerdesk.MessageID
	var author sellerdesk.Author
	var body string
	var m marks.Mark
	err := o.tx.one(ctx, `SELECT m.id, m.author, m.body, m.status, m.reason, m.reason_code, v.kind, COALESCE(v.remote_id, '') FROM messages m
		JOIN conversations v ON v.id = m.conversation_id WHERE m.conversation_id = $1 AND m.remote_id = $2 AND m.id <> $3`,
		[]any{int64(i.Conversation), string(id), int64(*i.Message)}, &twin, &author, &body, &m.Status, &m.Why.Text, &m.Why.Code, &m.Kind, &m.Conversation)
	switch {
	case errors.Is(err, engine.ErrNoRow):
		return nil
	case err == nil && author == sellerdesk.AuthorElsewhere && (!i.Public() || text.Key(body) == i.TextKey):
		m.Message = gate.RemoteID(id)
		if err = o.leave(ctx, i, m); err == nil {
			err = o.tx.Messages.Erase(ctx, []sellerdesk.MessageID{twin})
		}
	case err == nil:
		_, err = o.tx.exec(ctx, `UPDATE messages SET remote_id = NULL WHERE id = $1`, int64(twin))
	}
	if err != nil {
		return fmt.Errorf("look for the echo: %w", err)
	}
	return nil
}

// Recover is called once at start: items that were being sent when the process
// ended may have left, so they become unknown. The start of a conversation is
// queued again: where it was started, it is opened (see [sellerdesk.Open]). It
// tells how many there were.
func (o Outbox) Recover(ctx context.Context) (int, error) {
	items, err := o.items(ctx, `o.state = 'sending' ORDER BY o.account_id, o.id`)
	if err != nil {
		return 0, err
	}
	for _, i := range items {
		s := Settlement{State: sellerdesk.OutboxUnknown, Why: sellerdesk.Why{
			Code: sellerdesk.ReasonOutcomeUnknown, Text: "The program ended while this was being sent."}}
		if i.Action == sellerdesk.ActionOpen {
			s = Settlement{State: sellerdesk.OutboxQueued}
		}
		if err := o.Settle(ctx, i.ID, s); err != nil {
			return 0, fmt.Errorf("recover item %d: %w", i.ID, err)
		}
	}
	return len(items), nil
}
