package marks

import (
	"context"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
)

// kept is how long a mark waits for its message.
const kept = 7 * 24 * time.Hour

// Weight orders the standings of a line of ours in a chat: marks come late and in
// any order, and a heavier one stays. One that was delivered is not refused by an
// error that comes later; one that was refused may turn out to be delivered.
func Weight(s sellerdesk.MessageStatus) int {
	switch s {
	case sellerdesk.MessageSent:
		return 1
	case sellerdesk.MessageRefused:
		return 2
	case sellerdesk.MessageDelivered:
		return 3
	case sellerdesk.MessageRead:
		return 4
	default:
		return 0
	}
}

// Name names a message to the remote side.
type Name struct {
	Kind                  sellerdesk.Kind
	Conversation, Message string // as the gate lets them in
}

// Mark is how a message stands by the word of the remote side.
type Mark struct {
	Name
	Status sellerdesk.MessageStatus
	Why    sellerdesk.Why
}

// Marks are those that wait for their messages.
type Marks struct{ w *engine.Work }

// New makes the handle of a transaction.
func New(w *engine.Work) Marks { return Marks{w} }

// Keep keeps marks of an account until their messages are here. Of several of one
// message the heaviest stays.
func (m Marks) Keep(ctx context.Context, account sellerdesk.AccountID, marks []Mark) error {
	if len(marks) == 0 {
		return nil
	}
	now := m.w.Now()
	var values []any
	for _, k := range heaviest(marks) {
		why := gate.Why(k.Why)
		values = append(values, int64(account), string(k.Kind), k.Conversation, k.Message, string(k.Status),
			string(why.Text), string(why.Code), Weight(k.Status), now.Millis())
	}
	_, err := m.w.InsertMany(ctx, `INSERT INTO marks (account_id, kind, conversation, message, status, reason, reason_code, weight, at)`, 9,
		` ON CONFLICT (account_id, kind, conversation, message) DO UPDATE
		SET status = excluded.status, reason = excluded.reason, reason_code = excluded.reason_code, weight = excluded.weight, at = excluded.at
		WHERE excluded.weight > marks.weight`, values)
	if err != nil {
		return fmt.Errorf("keep marks: %w", err)
	}
	if _, err := m.w.Exec(ctx, `DELETE FROM marks WHERE account_id = $1 AND at < $2`, int64(account), now.Add(-kept).UnixMilli()); err != nil {
		return fmt.Errorf("forget old marks: %w", err)
	}
	return nil
}

// heaviest leaves one mark for each message.
func heaviest(marks []Mark) []Mark {
	place := map[Name]int{}
	var out []Mark
	for _, k := range marks {
		i, ok := place[k.Name]
		switch {
		case !ok:
			place[k.Name] = len(out)
			out = append(out, k)
		case Weight(k.Status) > Weight(out[i].Status):
			out[i] = k
		}
	}
	return out
}

// Any tells whether any of an account wait.
func (m Marks) Any(ctx context.Context, account sellerdesk.AccountID) (bool, error) {
	var n int
	err := m.w.One(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM marks WHERE account_id = $1 LIMIT 1) w`, []any{int64(account)}, &n)
	if err != nil {
		return false, fmt.Errorf("look for marks: %w", err)
	}
	return n > 0, nil
}

// Take gives the marks of messages that are here now, by their names, and
// forgets them. It takes two statements for 500 names.
func (m Marks) Take(ctx context.Context, account sellerdesk.AccountID, names []Name) (map[Name]Mark, error) {
	taken := map[Name]Mark{}
	for _, piece := range engine.Padded(names) {
		args := make([]any, 0, 1+3*len(piece))
		args = append(args, int64(account))
		for _, n := range piece {
			args = append(args, string(n.Kind), n.Conversation, n.Message)
		}
		where := ` WHERE account_id = $1 AND (kind, conversation, message) IN (VALUES ` + engine.Tuples(2, len(piece), 3) + `)`
		rows, err := m.w.Query(ctx, `SELECT kind, conversation, message, status, reason, reason_code FROM marks`+where, args...)
		found, err := engine.Collect(rows, err, func(s engine.Scanner) (k Mark, err error) {
			err = s.Scan(&k.Kind, &k.Conversation, &k.Message, &k.Status, &k.Why.Text, &k.Why.Code)
			return k, err
		})
		if err != nil {
			return nil, fmt.Errorf("look for marks: %w", err)
		}
		if len(found) == 0 {
			continue
		}
		if _, err := m.w.Exec(ctx, `DELETE FROM marks`+where, args...); err != nil {
			return nil, fmt.Errorf("take marks: %w", err)
		}
		for _, k := range found {
			taken[k.Name] = k
		}
	}
	return taken, nil
}

// Forget removes those of an account.
func (m Marks) Forget(ctx context.Context, account sellerdesk.AccountID) error {
	if _, err := m.w.Exec(ctx, `DELETE FROM marks WHERE account_id = $1`, int64(account)); err != nil {
		return fmt.Errorf("remove the marks of an account: %w", err)
	}
	return nil
}
