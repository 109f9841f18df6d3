package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// nobody stands for a person in the figures of what needs an answer.
const nobody = 0

// figure names one number of the counters.
type figure struct {
	user, account int64
	kind          string
}

// count changes a figure by n when the transaction ends.
func (tx *Tx) count(user sellerdesk.UserID, t *thread, n int) {
	if tx.counts == nil {
		tx.counts = map[figure]int{}
	}
	tx.counts[figure{int64(user), int64(t.account), string(t.kind)}] += n
}

// countNeeds brings the figures in line with a conversation that is saved.
func (tx *Tx) countNeeds(t *thread) {
	if t.needs && !t.counted {
		tx.count(nobody, t, 1)
	} else if !t.needs && t.counted {
		tx.count(nobody, t, -1)
	}
	t.counted = t.needs
	figure := t.figure()
	tx.Contacts.Moved(t.seated, figure)
	t.seated = figure
}

// writeCounts writes the changed figures, in one order for all transactions, so
// that two never wait for each other.
func (tx *Tx) writeCounts(ctx context.Context) error {
	var values []any
	for _, f := range slices.SortedFunc(maps.Keys(tx.counts), func(a, b figure) int {
		return strings.Compare(fmt.Sprint(a.user, a.account, a.kind), fmt.Sprint(b.user, b.account, b.kind))
	}) {
		if n := tx.counts[f]; n != 0 {
			values = append(values, f.user, f.account, f.kind, n)
		}
	}
	_, err := tx.insertMany(ctx, `INSERT INTO counts (user_id, account_id, kind, n)`, 4,
		` ON CONFLICT (user_id, account_id, kind) DO UPDATE SET n = counts.n + excluded.n`, values)
	if err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}
