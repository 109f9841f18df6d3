package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Events are the log of what happened.
type Events struct{ w *engine.Work }

// NewEvents makes the handle of a transaction.
func NewEvents(w *engine.Work) Events { return Events{w} }

// happening is an event that waits for the end of its transaction.
type happening struct {
	kind         sellerdesk.EventKind
	account      sellerdesk.AccountID
	conversation sellerdesk.ConversationID
	data         any
}

// Journal gathers the events of one transaction.
type Journal struct {
	w              *engine.Work
	pending        []happening
	byConversation map[sellerdesk.ConversationID]int // place in pending of the event of a conversation
}

// New makes the journal of a transaction.
func New(w *engine.Work) *Journal { return &Journal{w: w} }

// Add adds an event to the transaction.
func (j *Journal) Add(kind sellerdesk.EventKind, account sellerdesk.AccountID, conversation sellerdesk.ConversationID, data any) {
	j.pending = append(j.pending, happening{kind, account, conversation, data})
}

// AddConversation adds the event of a conversation, once for each conversation
// and transaction, with the newest data.
func (j *Journal) AddConversation(kind sellerdesk.EventKind, account sellerdesk.AccountID, id sellerdesk.ConversationID, data sellerdesk.ConversationEvent) {
	if place, ok := j.byConversation[id]; ok {
		j.pending[place].data = data
		return
	}
	if j.byConversation == nil {
		j.byConversation = map[sellerdesk.ConversationID]int{}
	}
	j.byConversation[id] = len(j.pending)
	j.Add(kind, account, id, data)
}

// Empty tells whether nothing happened.
func (j *Journal) Empty() bool { return len(j.pending) == 0 }

// Each hands out what happened so far, in its order.
func (j *Journal) Each(do func(kind sellerdesk.EventKind, account sellerdesk.AccountID, conversation sellerdesk.ConversationID, data any)) {
	for _, h := range j.pending {
		do(h.kind, h.account, h.conversation, h.data)
	}
}

// Write is the last thing a transaction does before its commit, one transaction
// at a time. On PostgreSQL the lock of the events makes numbers visible in their
// order. It gives the events with their numbers.
func (j *Journal) Write(ctx context.Context) ([]sellerdesk.Event, error) {
	at := j.w.Now()
	values := make([]any, 0, 5*len(j.pending))
	written := make([]sellerdesk.Event, 0, len(j.pending))
	for _, h := range j.pending {
		data, err := json.Marshal(h.data)
		if err != nil {
			return nil, fmt.Errorf("encode event %s: %w", h.kind, err)
		}
		e := sellerdesk.Event{Kind: h.kind, At: at, Data: data}
		if h.account != 0 {
			e.Account = &h.account
		}
		if h.conversation != 0 {
			e.Conversation = &h.conversation
		}
		written = append(written, e)
		values = append(values, string(h.kind), at.Millis(), engine.OrNil(int64(h.account)), engine.OrNil(int64(h.conversation)), string(data))
	}
	if lock := j.w.Dialect.EventLock; lock != "" {
		if _, err := j.w.Exec(ctx, lock); err != nil {
			return nil, fmt.Errorf("lock the events: %w", err)
		}
	}
	seqs, err := j.w.InsertMany(ctx, `INSERT INTO events (kind, at, account_id, conversation_id, data)`, 5, ` RETURNING seq`, values)
	if err != nil {
		return nil, fmt.Errorf("write events: %w", err)
	}
	for i, seq := range seqs {
		written[i].Seq = seq
	}
	return written, nil
}

// Query asks for events. Empty lists and 0 mean "any".
type Query struct {
	After        int64 // only larger numbers
	Kinds        []sellerdesk.EventKind
	Accounts     []sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	Limit        int // 1 to 1000
}

// Wants tells whether an event is one that the query asks for, wherever it stands.
func (q Query) Wants(e sellerdesk.Event) bool {
	return (len(q.Kinds) == 0 || slices.Contains(q.Kinds, e.Kind)) &&
		(len(q.Accounts) == 0 || e.Account != nil && slices.Contains(q.Accounts, *e.Account)) &&
		(q.Conversation == 0 || e.Conversation != nil && *e.Conversation == q.Conversation)
}

// After gives events with a larger number that whoever asks may see, in their
// order, at most limit (1 to 1000). Fewer mean that there are no more.
func (e Events) After(ctx context.Context, seq int64, limit int) ([]sellerdesk.Event, error) {
	return e.read(ctx, Query{After: seq, Limit: limit})
}

// List gives the events of a query that whoever asks may see, in their order,
// and the number to go on from: that of the last one given, or, at the end, of
// the newest there is, so that a narrow query does not look at the rest again.
func (e Events) List(ctx context.Context, q Query) (events []sellerdesk.Event, next int64, err error) {
	if max(len(q.Kinds), len(q.Accounts)) > engine.ListSize {
		return nil, 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d values can be asked for at once.", engine.ListSize)
	}
	if events, err = e.read(ctx, q); err != nil {
		return nil, 0, err
	}
	if len(events) >= bounded(q.Limit) {
		return events, events[len(events)-1].Seq, nil
	}
	last, err := e.Last(ctx)
	return events, max(q.After, last), err
}

func bounded(limit int) int { return min(max(limit, 1), 1000) }

// read gives up to the limit of a query what may be seen; fewer only at the end.
func (e Events) read(ctx context.Context, q Query) (seen []sellerdesk.Event, err error) {
	access, limit := sellerdesk.AccessOf(ctx), bounded(q.Limit)
	condition, args := q.condition(ctx)
	if condition == none {
		return nil, nil
	}
	for {
		rows, err := e.w.Query(ctx, `SELECT seq, kind, at, account_id, conversation_id, data FROM events WHERE seq > $1`+condition+` ORDER BY seq LIMIT $2`, args...)
		page, err := engine.Collect(rows, err, scanEvent)
		if err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		for _, o := range page {
			if args[0] = o.Seq; access.Sees(o) {
				if seen = append(seen, o); len(seen) == limit {
					return seen, nil
				}
			}
		}
		if len(page) < limit {
			return seen, nil
		}
	}
}

// none is the condition of a query that nothing can match.
const none = " AND FALSE"

// condition writes what a query narrows by, behind the arguments for the place to
// go on from and the limit. No column is a key, so that the numbers lead.
func (q Query) condition(ctx context.Context) (condition string, args []any) {
	args = []any{q.After, bounded(q.Limit)}
	in := func(column, absent string, values []any) {
		condition += " AND COALESCE(" + column + ", " + absent + ") IN (" + engine.Placeholders(len(args)+1, len(values)) + ")"
		args = append(args, values...)
	}
	scope := engine.Seen(ctx)
	if len(q.Accounts) > 0 {
		accounts, empty := scope.Narrow(q.Accounts)
		if empty {
			return none, args
		}
		in("account_id", "0", engine.Anys(accounts))
	} else if !scope.Whole() {
		accounts, _ := scope.Narrow(nil)
		in("account_id", "0", append([]any{int64(0)}, engine.Anys(accounts)...)) // and those of no account
	}
	if len(q.Kinds) > 0 {
		kinds := make([]any, len(q.Kinds))
		for i, k := range q.Kinds {
			kinds[i] = string(k)
		}
		in("kind", "''", kinds)
	}
	if q.Conversation != 0 {
		in("conversation_id", "0", []any{int64(q.Conversation)})
	}
	return condition, args
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
	err = e.w.One(ctx, `SELECT COALESCE(MAX(seq), 0) FROM events`, nil, &seq)
	return seq, err
}

// First is the number of the oldest event kept; 0 when none is.
func (e Events) First(ctx context.Context) (seq int64, err error) {
	err = e.w.One(ctx, `SELECT COALESCE(MIN(seq), 0) FROM events`, nil, &seq)
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
	n, err := e.w.Exec(ctx, `DELETE FROM events WHERE seq <= $1`, end)
	if err != nil {
		return 0, fmt.Errorf("trim events: %w", err)
	}
	return int(n), nil
}
