package counts

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Nobody stands for a person in the figures of what needs an answer.
const Nobody sellerdesk.UserID = 0

// figure names one number.
type figure struct {
	user, account int64
	kind          string
}

// Counts gathers what changes of the figures in a transaction.
type Counts struct {
	w       *engine.Work
	changes map[figure]int
}

// New makes the handle of a transaction.
func New(w *engine.Work) *Counts { return &Counts{w: w, changes: map[figure]int{}} }

// Add changes a figure by n when the transaction ends.
func (c *Counts) Add(user sellerdesk.UserID, account sellerdesk.AccountID, kind sellerdesk.Kind, n int) {
	c.changes[figure{int64(user), int64(account), string(kind)}] += n
}

// Flush writes the changed figures, in one order for all transactions, so that
// two never wait for each other.
func (c *Counts) Flush(ctx context.Context) error {
	var values []any
	for _, f := range slices.SortedFunc(maps.Keys(c.changes), func(a, b figure) int {
		return strings.Compare(fmt.Sprint(a.user, a.account, a.kind), fmt.Sprint(b.user, b.account, b.kind))
	}) {
		if n := c.changes[f]; n != 0 {
			values = append(values, f.user, f.account, f.kind, n)
		}
	}
	_, err := c.w.InsertMany(ctx, `INSERT INTO counts (user_id, account_id, kind, n)`, 4,
		` ON CONFLICT (user_id, account_id, kind) DO UPDATE SET n = counts.n + excluded.n`, values)
	if err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}

// Of gives the exact figures of the list for a person, as far as whoever asks
// may see; accounts narrow them, none means all.
func (c *Counts) Of(ctx context.Context, user sellerdesk.UserID, accounts []sellerdesk.AccountID) (out sellerdesk.Counters, err error) {
	ids := slices.Compact(slices.Sorted(slices.Values(accounts)))
	if len(ids) > engine.ListSize {
		return out, sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d accounts can be counted at once.", engine.ListSize).InField("account")
	}
	ids, none := engine.Seen(ctx).Narrow(ids)
	if none {
		return out, nil
	}
	query, args := `SELECT user_id, kind, SUM(n) FROM counts WHERE user_id IN (0, $1)`, []any{int64(user)}
	if len(ids) > 0 {
		list := slices.Concat(engine.Padded(ids)...)
		query, args = query+` AND account_id IN (`+engine.Placeholders(2, len(list))+`)`, append(args, engine.Anys(list)...)
	}
	rows, err := c.w.Query(ctx, query+` GROUP BY user_id, kind`, args...)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (n int, err error) {
		var owner sellerdesk.UserID
		var kind sellerdesk.Kind
		if err = s.Scan(&owner, &kind, &n); err != nil {
			return n, err
		}
		if owner == Nobody {
			out.NeedsAnswer.Add(kind, n)
		} else {
			out.Unread.Add(kind, n)
		}
		return n, nil
	})
	if err != nil {
		return out, fmt.Errorf("count conversations: %w", err)
	}
	return out, nil
}
