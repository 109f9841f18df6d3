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

const (
	// Nobody stands for a person in the figures of what needs an answer, and for a
	// holder in those of what belongs to nobody.
	Nobody sellerdesk.UserID = 0
	// putOff stands for a person in the figures of what needs an answer and is put off.
	putOff sellerdesk.UserID = -1
	// asleep stands for a person in the figures of what is put off, whether it needs an
	// answer or not.
	asleep sellerdesk.UserID = -2
)

// figure names one number.
type figure struct {
	user, account int64
	kind          string
}

// Counts gathers what changes of the figures in a transaction.
type Counts struct {
	w       *engine.Work
	changes map[figure]int
	shares  map[figure]int // by holder: a person, a team by its id below zero, nobody
}

// New makes the handle of a transaction.
func New(w *engine.Work) *Counts {
	return &Counts{w: w, changes: map[figure]int{}, shares: map[figure]int{}}
}

// Place is how a conversation adds to the figures of what needs an answer or is put
// off. The zero value adds nothing.
type Place struct {
	needs, asleep bool
	user, team    int64
}

// PlaceOf is the place of a conversation.
func PlaceOf(needs, asleep bool, belongs sellerdesk.Assignment) (p Place) {
	if p.needs, p.asleep = needs, asleep; !needs {
		return p
	}
	if belongs.User != nil {
		p.user = int64(*belongs.User)
	}
	if belongs.Team != nil {
		p.team = int64(*belongs.Team)
	}
	return p
}

// Move takes a conversation from one place to another when the transaction ends.
func (c *Counts) Move(account sellerdesk.AccountID, kind sellerdesk.Kind, from, to Place) {
	if from == to {
		return
	}
	c.put(account, kind, from, -1)
	c.put(account, kind, to, 1)
}

func (c *Counts) put(account sellerdesk.AccountID, kind sellerdesk.Kind, p Place, n int) {
	share := func(holder int64) { c.shares[figure{holder, int64(account), string(kind)}] += n }
	if p.needs {
		c.Add(Nobody, account, kind, n)
	}
	if p.asleep {
		c.Add(asleep, account, kind, n)
	}
	switch {
	case !p.needs:
	case p.asleep:
		c.Add(putOff, account, kind, n)
	case p.user == 0 && p.team == 0:
		share(int64(Nobody))
	default:
		if p.user != 0 {
			share(p.user)
		}
		if p.team != 0 {
			share(-p.team)
		}
	}
}

// Add changes a figure by n when the transaction ends.
func (c *Counts) Add(user sellerdesk.UserID, account sellerdesk.AccountID, kind sellerdesk.Kind, n int) {
	c.changes[figure{int64(user), int64(account), string(kind)}] += n
}

// Flush writes the changed figures, in one order for all transactions, so that
// two never wait for each other.
func (c *Counts) Flush(ctx context.Context) error {
	for _, t := range []struct {
		table, owner string
		changes      map[figure]int
	}{{"counts", "user_id", c.changes}, {"shares", "holder", c.shares}} {
		_, err := c.w.InsertMany(ctx, `INSERT INTO `+t.table+` (`+t.owner+`, account_id, kind, n)`, 4,
			` ON CONFLICT (`+t.owner+`, account_id, kind) DO UPDATE SET n = `+t.table+`.n + excluded.n`, values(t.changes))
		if err != nil {
			return fmt.Errorf("write the figures: %w", err)
		}
	}
	return nil
}

// values lists changes in their order.
func values(changes map[figure]int) (values []any) {
	for _, f := range slices.SortedFunc(maps.Keys(changes), func(a, b figure) int {
		return strings.Compare(fmt.Sprint(a.user, a.account, a.kind), fmt.Sprint(b.user, b.account, b.kind))
	}) {
		if n := changes[f]; n != 0 {
			values = append(values, f.user, f.account, f.kind, n)
		}
	}
	return values
}

// Of gives the exact figures of the list for a person, as far as whoever asks
// may see; accounts narrow them, none means all.
func (c *Counts) Of(ctx context.Context, user sellerdesk.UserID, accounts []sellerdesk.AccountID) (out sellerdesk.Counters, err error) {
	out.Teams = []sellerdesk.TeamCount{}
	ids := slices.Compact(slices.Sorted(slices.Values(accounts)))
	if len(ids) > engine.ListSize {
		return out, sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d accounts can be counted at once.", engine.ListSize).InField("account")
	}
	ids, none := engine.Seen(ctx).Narrow(ids)
	if none {
		return out, nil
	}
	err = c.each(ctx, `SELECT user_id, kind, SUM(n) FROM counts WHERE user_id IN (0, -1, -2, $1)`, ` GROUP BY user_id, kind`, user, ids,
		func(owner int64, kind sellerdesk.Kind, n int) {
			switch sellerdesk.UserID(owner) {
			case Nobody:
				out.NeedsAnswer.Add(kind, n)
			case putOff:
				out.Snoozed.Add(kind, n)
			case asleep:
				out.Asleep.Add(kind, n)
			default:
				out.Unread.Add(kind, n)
			}
		})
	if err != nil {
		return out, err
	}
	err = c.each(ctx, `SELECT holder, kind, SUM(n) FROM shares WHERE (holder <= 0 OR holder = $1)`, ` GROUP BY holder, kind HAVING SUM(n) <> 0 ORDER BY holder DESC`, user, ids,
		func(holder int64, kind sellerdesk.Kind, n int) {
			switch {
			case holder == int64(Nobody):
				out.Unassigned.Add(kind, n)
			case holder > 0:
				out.Mine.Add(kind, n)
			default:
				team := sellerdesk.TeamID(-holder)
				if last := len(out.Teams) - 1; last < 0 || out.Teams[last].Team != team {
					out.Teams = append(out.Teams, sellerdesk.TeamCount{Team: team})
				}
				out.Teams[len(out.Teams)-1].Count.Add(kind, n)
			}
		})
	return out, err
}

// each gives the figures of a query by owner and kind; accounts narrow them, none
// means all.
func (c *Counts) each(ctx context.Context, query, tail string, user sellerdesk.UserID, accounts []sellerdesk.AccountID, take func(owner int64, kind sellerdesk.Kind, n int)) error {
	args := []any{int64(user)}
	if len(accounts) > 0 {
		list := slices.Concat(engine.Padded(accounts)...)
		query, args = query+` AND account_id IN (`+engine.Placeholders(2, len(list))+`)`, append(args, engine.Anys(list)...)
	}
	rows, err := c.w.Query(ctx, query+tail, args...)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (n int, err error) {
		var owner int64
		var kind sellerdesk.Kind
		if err = s.Scan(&owner, &kind, &n); err == nil {
			take(owner, kind, n)
		}
		return n, err
	})
	if err != nil {
		return fmt.Errorf("count conversations: %w", err)
	}
	return nil
}
