package listing

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// statement gathers the conditions of a page.
type statement struct {
	query      Query
	lead       lead
	conditions []string
	args       []any
}

// numbered writes a condition whose arguments are written as %s, and takes them.
func (f *statement) numbered(condition string, args ...any) string {
	numbers := make([]any, len(args))
	for i := range args {
		numbers[i] = "$" + strconv.Itoa(len(f.args)+i+1)
	}
	f.args = append(f.args, args...)
	return fmt.Sprintf(condition, numbers...)
}

// add takes a condition whose arguments are written as %s.
func (f *statement) add(condition string, args ...any) {
	f.conditions = append(f.conditions, f.numbered(condition, args...))
}

// places writes n arguments.
func places(n int) string { return strings.TrimSuffix(strings.Repeat("%s,", n), ",") }

// in narrows a column to values, hidden in a test of truth: no engine takes the
// column for a key then, and PostgreSQL still judges by what it knows of the column
// how many rows pass, so that it walks the list and does not sort it.
func in[T ~string | ~int64 | ~int](f *statement, column string, values []T) {
	if len(values) == 0 {
		return
	}
	f.add("("+column+" IN ("+places(len(values))+")) IS TRUE", engine.Anys(values)...)
}

// held narrows to those who hold a conversation, of whom 0 is nobody, likewise.
func held[T ~int64](f *statement, column string, values []T) {
	if !slices.Contains(values, 0) {
		in(f, column, values)
		return
	}
	f.add("("+column+" IS NULL OR "+column+" IN ("+places(len(values))+")) IS TRUE", engine.Anys(values)...)
}

// Statement writes the query of a page of one phase, at most limit rows behind
// from. Columns are those of conversations c and may use $1, the person. Probe is
// the one that found few rows; nil when none did.
func Statement(columns string, q Query, p Phase, from *Spot, limit int, probe *Probe) (string, []any) {
	f := &statement{query: q, lead: choose(q, p, probe), args: []any{int64(q.User)}}
	key, order, compare := "c.sort_at", "DESC", "<"
	if p == PhaseDue {
		key, order, compare = "c.due_at", "ASC", ">"
	}
	f.phase(p)
	f.marks()
	f.standing()
	f.belonging()
	f.labels()
	f.content()
	f.dates(p)
	if from != nil {
		id := "c.id"
		if f.lead == leadTag {
			id = "g.conversation_id"
		}
		f.add("("+f.walked(strings.TrimPrefix(key, "c."))+", "+id+") "+compare+" (%s, %s)", from.At, from.ID)
	}
	tail := fmt.Sprintf(" ORDER BY %s %s, c.id %s LIMIT $%d", key, order, order, len(f.args)+1)
	f.args = append(f.args, limit)
	if walks := q.walks(f.lead); len(walks) > 0 {
		return f.merged(columns, walks, key, order, tail), f.args
	}
	where := strings.Join(f.conditions, " AND ")
	if where == "" {
		where = "TRUE"
	}
	switch f.lead {
	case leadUnread:
		// The order of the names is an order to SQLite: the marks first.
		return sorted(columns, "SELECT conversation_id AS id FROM unread WHERE user_id = $1", where, tail), f.args
	case leadFew, leadFewOfProduct:
		naming := f.numbered(probe.naming, probe.Args...)
		return sorted(columns, probe.names+naming, where, tail), f.args
	case leadTag:
		return f.tagged(columns, key, order, tail), f.args
	default:
		return "SELECT " + columns + " FROM conversations c WHERE " + where + tail, f.args
	}
}

// sorted sorts named rows by their keys only and reads the whole of those that
// stay. The order of the names is an order to SQLite: the named ones first.
func sorted(columns, names, where, tail string) string {
	return "SELECT " + columns + " FROM (SELECT c.id FROM (" + names + ") few CROSS JOIN conversations c WHERE c.id = few.id AND " + where + tail +
		") s CROSS JOIN conversations c WHERE c.id = s.id" + tail
}

func (f *statement) phase(p Phase) {
	switch {
	case p == PhaseDue && f.lead == leadTag: // said by what walks
	case p == PhaseDue:
		f.add("c.due_at IS NOT NULL")
	case p == PhaseIdle:
		f.add(f.walked("due_at") + " IS NULL")
	}
}

// marks narrows by the unread marks of the person.
func (f *statement) marks() {
	// Counted, since PostgreSQL would make one join of an EXISTS with all marks.
	const marks = "(SELECT COUNT(*) FROM unread u WHERE u.user_id = $1 AND u.conversation_id = c.id) "
	switch {
	case f.query.Unread == nil || f.lead == leadUnread:
	case *f.query.Unread:
		f.add(marks + "> 0")
	default:
		f.add(marks + "= 0")
	}
}

// standing narrows by where a conversation belongs and how it stands.
func (f *statement) standing() {
	q := f.query
	if q.NeedsAnswer != nil && (f.lead != leadTag || !*q.NeedsAnswer) {
		f.add("c.needs_answer = " + strings.ToUpper(strconv.FormatBool(*q.NeedsAnswer)))
	}
	switch {
	case q.DueBy == nil:
	case f.lead == leadDue || f.lead == leadAccountDue || f.lead == leadKindDue:
		f.add("c.due_at <= %s", q.DueBy.Millis())
	default:
		f.add("COALESCE(c.due_at, %s) <= %s", int64(math.MaxInt64), q.DueBy.Millis())
	}
	if f.lead == leadStatus {
		f.add("c.status = %s AND c.status <> 'open'", string(q.Statuses[0]))
	} else {
		in(f, "c.status", q.Statuses)
	}
	if f.lead == leadAccount || f.lead == leadAccountDue {
		f.add("c.account_id = %s", int64(q.Accounts[0]))
	} else {
		in(f, "c.account_id", q.Accounts)
	}
	if len(q.kinds()) == 0 {
		f.add("FALSE") // none that there is
	}
	if f.lead != leadKind && f.lead != leadKindDue && f.lead != leadUnanswered && f.lead != leadDays {
		in(f, "c.kind", q.Kinds)
	}
	in(f, "c.channel", q.Channels)
	if q.Answered != nil && *q.Answered {
		f.add("c.answered_at IS NOT NULL")
	} else if q.Answered != nil && f.lead != leadUnanswered {
		f.add("CASE WHEN c.answered_at IS NULL THEN 1 ELSE 0 END = 1") // hidden, as by in
	}
}

// belonging narrows by whose it is and how much it matters.
func (f *statement) belonging() {
	q := f.query
	if f.lead == leadUnassigned {
		f.add("c.assignee_id IS NULL AND c.team_id IS NULL")
	} else {
		if f.lead != leadAssignee {
			held(f, "c.assignee_id", q.Assignees)
		}
		if f.lead != leadTeam {
			held(f, "c.team_id", q.Teams)
		}
	}
	if f.lead != leadPriority {
		in(f, "c.priority", q.weights())
	}
}

// content narrows by what a conversation is about.
func (f *statement) content() {
	q := f.query
	switch {
	case f.lead != leadProduct:
		in(f, "c.product_id", q.products())
	case len(q.Alike) == 0:
		f.add("c.product_id = %s AND c.product_id <> ''", string(q.Product))
	}
	if f.lead != leadRating {
		in(f, "c.rating", q.Ratings)
	}
	switch {
	case q.HasPhoto == nil:
	case f.lead == leadPhoto:
		f.add("c.has_photo = TRUE")
	default:
		f.add("COALESCE(c.has_photo, FALSE) = " + strings.ToUpper(strconv.FormatBool(*q.HasPhoto)))
	}
}

// early is how much older than its conversation the newest message may be:
// remote sides date the two by different clocks.
const early = 24 * time.Hour

// dates narrows by the moment of the making. A conversation made since a moment
// has no newest message and no deadline long before it, so that the walk can end
// or begin there.
func (f *statement) dates(p Phase) {
	q := f.query
	if q.From == nil && q.To == nil {
		return
	}
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if q.From != nil {
		from = q.From.Millis()
		switch {
		case f.lead == leadDays || f.lead == leadFew || f.lead == leadUnread: // no walk to end
		case p == PhaseDue:
			f.add(f.walked("due_at")+" >= %s", from-early.Milliseconds())
		default:
			f.add(f.walked("sort_at")+" >= %s", from-early.Milliseconds())
		}
	}
	if q.To != nil {
		to = q.To.Millis()
	}
	f.add("COALESCE(c.created_at, 0) >= %s AND COALESCE(c.created_at, 0) <= %s", from, to)
}
