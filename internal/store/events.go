package store

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Events are the log of what happened.
type Events struct{ tx *Tx }

// happening is an event that waits for the end of its transaction.
type happening struct {
	kind         sellerdesk.EventKind
	account      sellerdesk.AccountID
	conversation sellerdesk.ConversationID
	data         any
}

// emit adds an event to the transaction.
func (tx *Tx) emit(kind sellerdesk.EventKind, account sellerdesk.AccountID, conversation sellerdesk.ConversationID, data any) {
	tx.pending = append(tx.pending, happening{kind, account, conversation, data})
}

// emitConversation adds the event of a conversation, once for each conversation
// and transaction, with the newest data.
func (tx *Tx) emitConversation(kind sellerdesk.EventKind, account sellerdesk.AccountID, id sellerdesk.ConversationID, data sellerdesk.ConversationEvent) {
	if place, ok := tx.byConv[id]; ok {
		tx.pending[place].data = data
		return
	}
	if tx.byConv == nil {
		tx.byConv = map[sellerdesk.ConversationID]int{}
	}
	tx.byConv[id] = len(tx.pending)
	tx.emit(kind, account, id, data)
}

// writeEvents is the last thing a transaction does before its commit. On
// PostgreSQL the lock of the events makes numbers visible in their order.
func (tx *Tx) writeEvents(ctx context.Context) error {
	if len(tx.pending) == 0 {
		return nil
	}
	at := tx.now()
	values := make([]any, 0, 5*len(tx.pending))
	tx.written = make([]sellerdesk.Event, 0, len(tx.pending))
	for _, h := range tx.pending {
		data, err := json.Marshal(h.data)
		if err != nil {
			return fmt.Errorf("encode event %s: %w", h.kind, err)
		}
		e := sellerdesk.Event{Kind: h.kind, At: at, Data: data}
		if h.account != 0 {
			e.Account = &h.account
		}
		if h.conversation != 0 {
			e.Conversation = &h.conversation
		}
		tx.written = append(tx.written, e)
		values = append(values, string(h.kind), at.Millis(), engine.OrNil(int64(h.account)), engine.OrNil(int64(h.conversation)), string(data))
	}
	tx.store.commit.Lock()
	tx.locked = true
	if tx.w.Dialect.EventLock != "" {
		if _, err := tx.exec(ctx, tx.w.Dialect.EventLock); err != nil {
			return fmt.Errorf("lock the events: %w", err)
		}
	}
	seqs, err := tx.insertMany(ctx, `INSERT INTO events (kind, at, account_id, conversation_id, data)`, 5, ` RETURNING seq`, values)
	if err != nil {
		return fmt.Errorf("write events: %w", err)
	}
	for i, seq := range seqs {
		tx.written[i].Seq = seq
	}
	return nil
}

// After gives events with a larger number, in their order, at most limit (1 to 1000).
func (e Events) After(ctx context.Context, seq int64, limit int) ([]sellerdesk.Event, error) {
	rows, err := e.tx.query(ctx, `SELECT seq, kind, at, account_id, conversation_id, data FROM events WHERE seq > $1 ORDER BY seq LIMIT $2`,
		seq, min(max(limit, 1), 1000))
	events, err := engine.Collect(rows, err, scanEvent)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}

func scanEvent(s engine.Scanner) (e sellerdesk.Event, err error) {
	var at int64
	var data string
	err = s.Scan(&e.Seq, &e.Kind, &at, &e.Account, &e.Conversation, &data)
	e.At, e.Data = sellerdesk.AtMillis(at), json.RawMessage(data)
	return e, err
}

// Last is the number of the newest event; 0 when nothing happened yet.
func (e Events) Last(ctx context.Context) (seq int64, err error) {
	err = e.tx.one(ctx, `SELECT COALESCE(MAX(seq), 0) FROM events`, nil, &seq)
	return seq, err
}

// First is the number of the oldest event kept; 0 when none is.
func (e Events) First(ctx context.Context) (seq int64, err error) {
	err = e.tx.one(ctx, `SELECT COALESCE(MIN(seq), 0) FROM events`, nil, &seq)
	return seq, err
}

// trimStep bounds one transaction of [Events.Trim].
const trimStep = 5000

// Trim forgets the oldest events beyond the newest keep, at most 5,000 at a
// time, and tells how many it forgot. The newest one always stays, so that its
// number is known.
func (e Events) Trim(ctx context.Context, keep int64) (int, error) {
	first, err := e.First(ctx)
	if err != nil || first == 0 {
		return 0, err
	}
	last, err := e.Last(ctx)
	if err != nil {
		return 0, err
	}
	end := min(last-max(keep, 1), first+trimStep-1)
	if end < first {
		return 0, nil
	}
	n, err := e.tx.exec(ctx, `DELETE FROM events WHERE seq <= $1`, end)
	if err != nil {
		return 0, fmt.Errorf("trim events: %w", err)
	}
	return int(n), nil
}

// pace lets one event of progress through for each account and second.
type pace struct {
	mu   sync.Mutex
	last map[sellerdesk.AccountID]time.Time
}

// allow tells whether it is time for another one.
func (p *pace) allow(id sellerdesk.AccountID, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if since := now.Sub(p.last[id]); since >= 0 && since < time.Second {
		return false
	}
	if p.last == nil {
		p.last = map[sellerdesk.AccountID]time.Time{}
	}
	p.last[id] = now
	return true
}
