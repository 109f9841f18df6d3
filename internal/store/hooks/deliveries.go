package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

const (
	// TryFor is how long a delivery is tried again.
	TryFor = 24 * time.Hour
	// MostWaiting bounds what waits for one webhook; further events stay in the
	// log until there is room.
	MostWaiting = 10_000
	// Cut is how much of a body is shown, in bytes.
	Cut = 4 << 10
)

// Deliveries are events on their way to webhooks.
type Deliveries struct{ w *engine.Work }

// NewDeliveries makes the handle of a transaction.
func NewDeliveries(w *engine.Work) Deliveries { return Deliveries{w} }

// Item is a delivery as the one sees it who sends.
type Item struct {
	ID      sellerdesk.DeliveryID
	Event   int64 // its seq; 0: none of the log
	Account *sellerdesk.AccountID
	Kind    sellerdesk.EventKind
	MsgID   string
	Key     string
	Body    string // what is sent; "" where it is read when it is needed
	Attempt int
	At      sellerdesk.Time // when it happened
	Due     sellerdesk.Time
	Until   sellerdesk.Time // tried again until then
}

// Add puts deliveries behind those that wait, and gives their numbers in order.
func (d Deliveries) Add(ctx context.Context, webhook sellerdesk.WebhookID, items []Item) ([]sellerdesk.DeliveryID, error) {
	const width = 15
	values := make([]any, 0, width*len(items))
	for _, i := range items {
		var account any
		if i.Account != nil {
			account = int64(*i.Account)
		}
		values = append(values, int64(webhook), i.Event, account, string(i.Kind), i.MsgID, i.Key, i.Body,
			string(sellerdesk.DeliveryWaiting), i.At.Millis(), i.Due.Millis(), i.Until.Millis(), "", "", "", i.Attempt)
	}
	ids, err := d.w.InsertMany(ctx, `INSERT INTO deliveries (webhook_id, event, account_id, kind, msg_id, key, body, state, at, due_at, until, error, request, response, attempt)`,
		width, ` RETURNING id`, values)
	if err != nil {
		return nil, fmt.Errorf("keep deliveries: %w", err)
	}
	out := make([]sellerdesk.DeliveryID, len(ids))
	for i, id := range ids {
		out[i] = sellerdesk.DeliveryID(id)
	}
	return out, nil
}

const itemColumns = `id, event, account_id, kind, msg_id, key, attempt, at, due_at, until`

// Waiting gives what waits for a webhook in its order, without the bodies: what
// was written down, what is sent again by hand, and tests, each of which is
// bounded.
func (d Deliveries) Waiting(ctx context.Context, webhook sellerdesk.WebhookID) ([]Item, error) {
	rows, err := d.w.Query(ctx, `SELECT `+itemColumns+` FROM deliveries WHERE webhook_id = $1 AND state = 'waiting' ORDER BY id LIMIT $2`,
		int64(webhook), 3*MostWaiting)
	items, err := engine.Collect(rows, err, func(s engine.Scanner) (i Item, err error) {
		var at, until int64
		var due *int64
		err = s.Scan(&i.ID, &i.Event, &i.Account, &i.Kind, &i.MsgID, &i.Key, &i.Attempt, &at, &due, &until)
		i.At, i.Until = sellerdesk.AtMillis(at), sellerdesk.AtMillis(until)
		if due != nil {
			i.Due = sellerdesk.AtMillis(*due)
		}
		return i, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what waits for a webhook: %w", err)
	}
	return items, nil
}

// Body gives what a delivery sends.
func (d Deliveries) Body(ctx context.Context, id sellerdesk.DeliveryID) (body string, err error) {
	err = d.w.One(ctx, `SELECT body FROM deliveries WHERE id = $1`, []any{int64(id)}, &body)
	return body, engine.Found(err, "delivery")
}

// Outcome is what came of a try.
type Outcome struct {
	ID       sellerdesk.DeliveryID
	Attempt  int // the number of the try
	State    sellerdesk.DeliveryState
	Due      *sellerdesk.Time // of the next try
	Done     *sellerdesk.Time
	Status   *int
	Error    string
	Request  string // without the body, which is kept anyway
	Response string
	Took     time.Duration
}

// Settle notes what came of tries, each once: that of a delivery which is not as
// it was before the try is left out.
func (d Deliveries) Settle(ctx context.Context, outcomes []Outcome) error {
	for _, o := range outcomes {
		_, err := d.w.Exec(ctx, `UPDATE deliveries SET state = $3, attempt = $2, due_at = $4, done_at = $5, status = $6, error = $7, request = $8, response = $9, took_ms = $10
			WHERE id = $1 AND state = 'waiting' AND attempt < $2`,
			int64(o.ID), o.Attempt, string(o.State), engine.Millis(o.Due), engine.Millis(o.Done), o.Status, o.Error, o.Request, o.Response, o.Took.Milliseconds())
		if err != nil {
			return fmt.Errorf("note a delivery: %w", err)
		}
	}
	return nil
}

// Query asks for a page of deliveries, the newest first.
type Query struct {
	Webhook sellerdesk.WebhookID
	State   sellerdesk.DeliveryState // "": any
	Cursor  string                   // next of the page before
	Limit   int                      // 1 to 200, 0 means 50
}

const deliveryColumns = `id, webhook_id, event, account_id, kind, msg_id, key, state, attempt, due_at, at, done_at, status, error, took_ms`

// row is a delivery with what is not told of it.
type row struct {
	sellerdesk.Delivery
	account *sellerdesk.AccountID
}

func scanDelivery(s engine.Scanner, more ...any) (r row, err error) {
	var due, done *int64
	var at int64
	err = s.Scan(append([]any{&r.ID, &r.Webhook, &r.Event, &r.account, &r.Kind, &r.MsgID, &r.Key, &r.State, &r.Attempt, &due, &at, &done,
		&r.Status, &r.Error, &r.TookMS}, more...)...)
	r.DueAt, r.DoneAt, r.At = engine.Moment(due), engine.Moment(done), sellerdesk.AtMillis(at)
	return r, err
}

// List gives a page of the deliveries that may be seen, and the cursor of the
// next one; "" at the end.
func (d Deliveries) List(ctx context.Context, q Query) (list []sellerdesk.Delivery, next string, err error) {
	before, limit := int64(1)<<62, engine.PageSize(q.Limit)
	if q.Cursor != "" {
		if before, err = strconv.ParseInt(q.Cursor, 10, 64); err != nil || before < 1 {
			return nil, "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "The cursor is not one of this list.").InField("cursor")
		}
	}
	args := []any{int64(q.Webhook), before}
	where := `webhook_id = $1 AND id < $2`
	switch q.State {
	case "":
	case sellerdesk.DeliveryWaiting, sellerdesk.DeliveryFailed, sellerdesk.DeliveryDelivered:
		where += ` AND state = '` + string(q.State) + `'`
	default:
		return nil, "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no such state.").InField("state")
	}
	narrow, args := seen(ctx, args)
	args = append(args, limit+1)
	rows, err := d.w.Query(ctx, `SELECT `+deliveryColumns+` FROM deliveries WHERE `+where+narrow+` ORDER BY id DESC LIMIT $`+strconv.Itoa(len(args)), args...)
	found, err := engine.Collect(rows, err, func(s engine.Scanner) (row, error) { return scanDelivery(s) })
	if err != nil {
		return nil, "", fmt.Errorf("list deliveries: %w", err)
	}
	if len(found) > limit {
		found = found[:limit]
		next = strconv.FormatInt(int64(found[limit-1].ID), 10)
	}
	access := sellerdesk.AccessOf(ctx)
	for _, r := range found {
		if access.Sees(sellerdesk.Event{Kind: r.Kind, Account: r.account}) {
			list = append(list, r.Delivery)
		}
	}
	return list, next, nil
}

// seen adds the condition on the accounts that whoever asks may see.
func seen(ctx context.Context, args []any) (string, []any) {
	everywhere, ids := sellerdesk.AccessOf(ctx).Scope(sellerdesk.RightSee)
	if everywhere {
		return "", args
	}
	return engine.NarrowAccounts("account_id", append([]sellerdesk.AccountID{0}, ids...), args...)
}

// Get gives a delivery of a webhook with its last try, where it may be seen.
func (d Deliveries) Get(ctx context.Context, webhook sellerdesk.WebhookID, id sellerdesk.DeliveryID) (sellerdesk.Delivery, error) {
	var body, request, response string
	rows, err := d.w.Query(ctx, `SELECT `+deliveryColumns+`, body, request, response FROM deliveries WHERE webhook_id = $1 AND id = $2`, int64(webhook), int64(id))
	found, err := engine.Collect(rows, err, func(s engine.Scanner) (row, error) { return scanDelivery(s, &body, &request, &response) })
	if err != nil {
		return sellerdesk.Delivery{}, fmt.Errorf("read a delivery: %w", err)
	}
	if len(found) == 0 || !sellerdesk.AccessOf(ctx).Sees(eventOf(found[0], body)) {
		return sellerdesk.Delivery{}, engine.Found(engine.ErrNoRow, "delivery")
	}
	out := found[0].Delivery
	if request != "" {
		if len(body) > Cut {
			body = body[:Cut]
		}
		out.Request = sellerdesk.Optional(request + "\n\n" + body)
	}
	out.Response = sellerdesk.Optional(response)
	return out, nil
}

// eventOf gives the event that a delivery tells, as far as rights are judged by
// it.
func eventOf(r row, body string) sellerdesk.Event {
	var told struct {
		Data sellerdesk.Event `json:"data"`
	}
	if err := json.Unmarshal([]byte(body), &told); err != nil || told.Data.Kind == "" { // a notice of ours, or cut by hand
		return sellerdesk.Event{Kind: r.Kind, Account: r.account}
	}
	return told.Data
}

// Repeat sends deliveries of a webhook again that are done, and tells how many;
// others are left out.
func (d Deliveries) Repeat(ctx context.Context, webhook sellerdesk.WebhookID, ids []sellerdesk.DeliveryID) (int, error) {
	if err := d.crowded(ctx, webhook); err != nil {
		return 0, err
	}
	total := 0
	for _, piece := range engine.Padded(ids) {
		args := d.repeatArgs(webhook)
		n, err := d.w.Exec(ctx, repeatStatement+` AND id IN (`+engine.Placeholders(len(args)+1, len(piece))+`)`, append(args, numbers(piece)...)...)
		if err != nil {
			return 0, fmt.Errorf("send deliveries again: %w", err)
		}
		total += int(n)
	}
	return total, nil
}

// RepeatRange is [Deliveries.Repeat] for the events of a range, both ends
// included. More than [MostWaiting] are refused.
func (d Deliveries) RepeatRange(ctx context.Context, webhook sellerdesk.WebhookID, from, to int64) (int, error) {
	if err := d.crowded(ctx, webhook); err != nil {
		return 0, err
	}
	var n int
	err := d.w.One(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE webhook_id = $1 AND event >= $2 AND event <= $3 AND state <> 'waiting' LIMIT $4) m`,
		[]any{int64(webhook), from, to, MostWaiting + 1}, &n)
	if err != nil {
		return 0, fmt.Errorf("count deliveries: %w", err)
	}
	if n > MostWaiting {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "These are more than %d deliveries; name a smaller range.", MostWaiting).InField("to")
	}
	args := append(d.repeatArgs(webhook), from, to)
	sent, err := d.w.Exec(ctx, repeatStatement+` AND event >= $4 AND event <= $5`, args...)
	if err != nil {
		return 0, fmt.Errorf("send deliveries again: %w", err)
	}
	return int(sent), nil
}

const repeatStatement = `UPDATE deliveries SET state = 'waiting', attempt = 0, due_at = $2, until = $3, done_at = NULL WHERE webhook_id = $1 AND state <> 'waiting'`

func (d Deliveries) repeatArgs(webhook sellerdesk.WebhookID) []any {
	now := d.w.Now()
	return []any{int64(webhook), now.Millis(), now.Add(TryFor).UnixMilli()}
}

func numbers(ids []sellerdesk.DeliveryID) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = int64(id)
	}
	return out
}

// crowded refuses to send again while so much waits that it could not be held.
func (d Deliveries) crowded(ctx context.Context, webhook sellerdesk.WebhookID) error {
	var n int
	err := d.w.One(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE webhook_id = $1 AND state = 'waiting' LIMIT $2) w`, []any{int64(webhook), MostWaiting + 1}, &n)
	if err != nil {
		return fmt.Errorf("count what waits for a webhook: %w", err)
	}
	if n > MostWaiting {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "More than %d deliveries wait already; let some of them arrive first.", MostWaiting)
	}
	return nil
}

// trimStep bounds one transaction of [Deliveries.Trim].
const trimStep = 2000

// Trim forgets deliveries of a webhook that are done: those from before a moment
// and the oldest beyond the newest keep, at most 2,000 at a time. It tells how
// many it forgot.
func (d Deliveries) Trim(ctx context.Context, webhook sellerdesk.WebhookID, before sellerdesk.Time, keep int) (int, error) {
	n, err := d.w.Exec(ctx, `DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = $1 AND state <> 'waiting' AND done_at < $2 ORDER BY id LIMIT $3)`,
		int64(webhook), before.Millis(), trimStep)
	if err != nil {
		return 0, fmt.Errorf("trim deliveries: %w", err)
	}
	var kept int64
	err = d.w.One(ctx, `SELECT COUNT(*) FROM deliveries WHERE webhook_id = $1 AND state <> 'waiting'`, []any{int64(webhook)}, &kept)
	if err != nil && !errors.Is(err, engine.ErrNoRow) {
		return 0, fmt.Errorf("count deliveries: %w", err)
	}
	if over := min(kept-int64(keep), trimStep); over > 0 {
		more, err := d.w.Exec(ctx, `DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = $1 AND state <> 'waiting' ORDER BY id LIMIT $2)`, int64(webhook), over)
		if err != nil {
			return 0, fmt.Errorf("trim deliveries: %w", err)
		}
		n += more
	}
	return int(n), nil
}
