package jobs

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// State is how far a job is with one conversation:
//
//	waiting ─► done ─► undone
//	       └─► failed
//
// A done one whose answer left already stays when the job is undone.
type State string

// The states of items.
const (
	Waiting State = "waiting"
	Done    State = "done"
	Failed  State = "failed"
	Undone  State = "undone"
	Stays   State = "stays"
)

// Item is one conversation of a job.
type Item struct {
	Target
	Message *sellerdesk.MessageID // the answer
	Before  string                // how the conversation stood, for taking it back; JSON
}

// Next gives items of a job in a state that belong to one of the accounts, in
// the order of conversations; no accounts means all.
func (j Jobs) Next(ctx context.Context, id sellerdesk.JobID, state State, accounts []sellerdesk.AccountID, limit int) ([]Item, error) {
	narrow, args := engine.NarrowAccounts("i.account_id", accounts, int64(id), string(state), limit)
	rows, err := j.w.Query(ctx, `SELECT i.conversation_id, i.account_id, i.message_id, i.before FROM job_items i
		WHERE i.job_id = $1 AND i.state = $2`+narrow+` ORDER BY i.conversation_id LIMIT $3`, args...)
	items, err := engine.Collect(rows, err, func(s engine.Scanner) (i Item, err error) {
		err = s.Scan(&i.Conversation, &i.Account, &i.Message, &i.Before)
		return i, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what a job has to do: %w", err)
	}
	// Each is changed under the lock of its account: those that take several accounts
	// in one order never wait for one another.
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Compare(a.Account, b.Account) })
	return items, nil
}

// Mark says what became of an item.
func (j Jobs) Mark(ctx context.Context, id sellerdesk.JobID, i Item, state State) error {
	n, err := j.w.Exec(ctx, `UPDATE job_items SET state = $3, message_id = $4, before = $5 WHERE job_id = $1 AND conversation_id = $2 AND state <> $3`,
		int64(id), int64(i.Conversation), string(state), (*int64)(i.Message), i.Before)
	if err != nil {
		return fmt.Errorf("mark what a job did: %w", err)
	}
	if n == 0 {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "This was done already.")
	}
	return nil
}

// Remaining tells how many items wait in each account.
func (j Jobs) Remaining(ctx context.Context, id sellerdesk.JobID) (map[sellerdesk.AccountID]int, error) {
	return j.perAccount(ctx, `SELECT i.account_id, COUNT(*) FROM job_items i WHERE i.job_id = $1 AND i.state = 'waiting' GROUP BY i.account_id`, int64(id))
}

// OnTheirWay tells how many answers of a job have not left, in each account.
func (j Jobs) OnTheirWay(ctx context.Context, id sellerdesk.JobID) (map[sellerdesk.AccountID]int, error) {
	return j.perAccount(ctx, `SELECT o.account_id, COUNT(*) FROM outbox o CROSS JOIN job_items i
		WHERE o.state IN ('queued', 'sending') AND i.job_id = $1 AND i.conversation_id = o.conversation_id AND i.message_id = o.message_id
		GROUP BY o.account_id`, int64(id))
}

func (j Jobs) perAccount(ctx context.Context, query string, args ...any) (map[sellerdesk.AccountID]int, error) {
	out := map[sellerdesk.AccountID]int{}
	rows, err := j.w.Query(ctx, query, args...)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (n int, err error) {
		var account sellerdesk.AccountID
		err = s.Scan(&account, &n)
		out[account] = n
		return n, err
	})
	if err != nil {
		return nil, fmt.Errorf("count what a job has to do: %w", err)
	}
	return out, nil
}

// Hold keeps the answers of a job that have not left from leaving until a
// moment; a moment in the past lets them go.
func (j Jobs) Hold(ctx context.Context, id sellerdesk.JobID, until sellerdesk.Time) error {
	_, err := j.w.Exec(ctx, `UPDATE outbox SET due_at = $2 WHERE id IN (SELECT o.id FROM outbox o CROSS JOIN job_items i
		WHERE o.state = 'queued' AND i.job_id = $1 AND i.conversation_id = o.conversation_id AND i.message_id = o.message_id)`,
		int64(id), until.Millis())
	if err != nil {
		return fmt.Errorf("hold the answers of a job: %w", err)
	}
	return nil
}
