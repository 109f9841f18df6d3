package listing

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// walk is one way along an index in the order of the list: a condition whose
// arguments are written as %s, of columns that stand before that order.
type walk struct {
	condition string
	args      []any
}

// shortSpan and longSpan are the pieces of time, in milliseconds, by which what
// was made then is found in the order of the list. The migration that makes
// their indexes knows these numbers too.
const (
	shortSpan = int64(4 * 24 * time.Hour / time.Millisecond)
	longSpan  = 8 * shortSpan
)

// mostWalks bounds how many walks one statement merges; SQLite takes 500.
const mostWalks = 200

// walks gives the ways of the lead; nil when the conditions name the index.
func (q Query) walks(l lead) []walk {
	switch l {
	case leadRating:
		var all []walk
		for _, r := range slices.Compact(slices.Sorted(slices.Values(q.Ratings))) {
			all = append(all, walk{"c.rating = %s", []any{r}})
		}
		return all
	case leadProduct:
		var all []walk
		for _, id := range q.products() {
			all = append(all, walk{"c.product_id = %s AND c.product_id <> ''", []any{string(id)}})
		}
		if len(all) > 1 {
			return all
		}
		return nil
	case leadAssignee:
		return each("c.assignee_id = %s", q.Assignees)
	case leadTeam:
		return each("c.team_id = %s", q.Teams)
	case leadPriority:
		return each("c.priority = %s AND c.priority <> 0", q.weights())
	case leadKind, leadKindDue:
		return q.eachKind("c.kind = %s")
	case leadUnanswered:
		return q.eachKind("c.kind = %s AND c.answered_at IS NULL")
	case leadDays:
		short, long := q.spans()
		return slices.Concat(
			q.eachKind(fmt.Sprintf("c.kind = %%s AND c.created_at / %d = %%s", shortSpan), short...),
			q.eachKind(fmt.Sprintf("c.kind = %%s AND c.created_at / %d = %%s", longSpan), long...))
	default:
		return nil
	}
}

// each gives a walk for each value.
func each[T ~int | ~int64](condition string, values []T) (all []walk) {
	for _, v := range slices.Compact(slices.Sorted(slices.Values(values))) {
		all = append(all, walk{condition, []any{int64(v)}})
	}
	return all
}

// eachKind gives a walk for each kind and, where there are some, each number.
func (q Query) eachKind(condition string, numbers ...int64) (all []walk) {
	for _, k := range q.kinds() {
		if strings.Count(condition, "%s") == 1 {
			all = append(all, walk{condition, []any{string(k)}})
			continue
		}
		for _, n := range numbers {
			all = append(all, walk{condition, []any{string(k), n}})
		}
	}
	return all
}

// byDays tells whether the query names days that few enough walks cover. A
// query of one account among many is better off with the walk of that account
// when the days are many.
func (q Query) byDays() bool {
	if q.From == nil || q.To == nil || q.From.Millis() < 0 {
		return false // before 1970 a division rounds up
	}
	if len(q.Accounts) == 1 && q.To.Millis()-q.From.Millis() > longSpan {
		return false
	}
	short, long := q.spans()
	n := (len(short) + len(long)) * len(q.kinds())
	return n > 0 && n <= mostWalks
}

// spans covers the days of the query: short spans at the edges and long ones
// between, or long ones only when the walks would become too many. None when
// they are too many even so. The edges may reach beyond the days.
func (q Query) spans() (short, long []int64) {
	from, to := q.From.Millis(), q.To.Millis()
	most := mostWalks / max(1, len(q.kinds()))
	if to < from || (to-from)/longSpan > int64(most) {
		return nil, nil
	}
	first, end := (from+longSpan-1)/longSpan, (to+1)/longSpan // whole long spans: first to end-1
	if first >= end {
		return numbers(from/shortSpan, to/shortSpan), nil
	}
	edges := (first*longSpan-from+shortSpan-1)/shortSpan + (to-end*longSpan+shortSpan)/shortSpan
	if edges+end-first > int64(most) {
		return nil, numbers(from/longSpan, to/longSpan)
	}
	short = slices.Concat(numbers(from/shortSpan, first*longSpan/shortSpan-1), numbers(end*longSpan/shortSpan, to/shortSpan))
	return short, numbers(first, end-1)
}

// numbers counts from one number to another, both included.
func numbers(from, to int64) (all []int64) {
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

// merged walks the list once for each way and merges what they find, so that no
// row beside them is passed.
func (f *statement) merged(columns string, walks []walk, key, order, tail string) string {
	where := strings.Join(f.conditions, " AND ")
	if where != "" {
		where = " AND " + where
	}
	if len(walks) == 1 {
		return "SELECT " + columns + " FROM conversations c WHERE " + f.numbered(walks[0].condition, walks[0].args...) + where + tail
	}
	arms := make([]string, len(walks))
	for i, w := range walks {
		arms[i] = fmt.Sprintf("SELECT id, at FROM (SELECT c.id, %s AS at FROM conversations c WHERE %s%s%s) w%d",
			key, f.numbered(w.condition, w.args...), where, tail, i)
	}
	_, limit, _ := strings.Cut(tail, " LIMIT ")
	return "SELECT " + columns + " FROM (SELECT id FROM (" + strings.Join(arms, " UNION ALL ") + ") found ORDER BY at " + order + ", id " + order +
		" LIMIT " + limit + ") named CROSS JOIN conversations c WHERE c.id = named.id ORDER BY " + key + " " + order + ", c.id " + order
}
