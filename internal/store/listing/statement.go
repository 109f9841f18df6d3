package listing

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Few is up to how many rows it is better to name them all and sort them than
// to walk the list.
const Few = 2000

// Probe asks whether a condition of a query names few rows.
type Probe struct {
	lead lead
	// Count counts the rows, up to Few and one more.
	Count string
	Args  []any
}

// Probes gives what to ask before a page is read, the most telling first: the
// first that counts [Few] rows at most is given to [Statement].
func Probes(q Query) []Probe {
	var all []Probe
	add := func(l lead, condition string, args ...any) {
		all = append(all, Probe{l, fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM %s LIMIT %d) named`, condition, Few+1), args})
	}
	if wants(q.Unread) {
		add(leadUnread, `unread WHERE user_id = $1`, int64(q.User))
	}
	if q.Product != "" {
		add(leadFewOfProduct, `conversations WHERE product_id = $1 AND product_id <> ''`, string(q.Product))
	}
	if q.From != nil && q.To != nil {
		add(leadCreated, `conversations WHERE created_at >= $1 AND created_at <= $2`, q.From.Millis(), q.To.Millis())
	}
	if q.shelf() {
		add(leadFewOfStatus, `conversations WHERE status = $1 AND status <> 'open'`, string(q.Statuses[0]))
	}
	return all
}

// shelf tells whether the query names one status that few conversations have:
// most are open.
func (q Query) shelf() bool {
	return len(q.Statuses) == 1 && q.Statuses[0] != sellerdesk.ConversationOpen
}

func wants(b *bool) bool { return b != nil && *b }

// lead is the condition that decides the index.
type lead int

const (
	leadOrder   lead = iota // the order of the list itself
	leadUnread              // the marks of the person, few
	leadCreated             // the moment of the making, few
	leadFewOfProduct
	leadFewOfStatus
	leadDue // who waits
	leadProduct
	leadRating
	leadPhoto
	leadStatus
	leadAccount
)

// choose picks the leading condition, the one that names the fewest rows.
func choose(q Query, p Phase, probe *Probe) lead {
	switch {
	case probe != nil && (probe.lead != leadFewOfProduct || p == PhaseDue || wants(q.NeedsAnswer)):
		return probe.lead // the others of a product have an index in the order of the list
	case p == PhaseDue || wants(q.NeedsAnswer):
		return leadDue
	case q.Product != "":
		return leadProduct
	case len(q.Ratings) > 0:
		return leadRating
	case wants(q.HasPhoto):
		return leadPhoto
	case q.shelf():
		return leadStatus
	case len(q.Accounts) == 1:
		return leadAccount
	default:
		return leadOrder
	}
}

// statement gathers the conditions of a page.
type statement struct {
	query      Query
	lead       lead
	conditions []string
	args       []any
}

// add takes a condition whose arguments are written as %s.
func (f *statement) add(condition string, args ...any) {
	numbers := make([]any, len(args))
	for i := range args {
		numbers[i] = "$" + strconv.Itoa(len(f.args)+i+1)
	}
	f.conditions = append(f.conditions, fmt.Sprintf(condition, numbers...))
	f.args = append(f.args, args...)
}

// in narrows a column to values, hidden in an expression: no engine takes the
// column for a key then.
func in[T ~string | ~int64 | ~int](f *statement, column, none string, values []T) {
	if len(values) == 0 {
		return
	}
	marks := strings.TrimSuffix(strings.Repeat("%s,", len(values)), ",")
	f.add("COALESCE("+column+", "+none+") IN ("+marks+")", engine.Anys(values)...)
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
	f.content()
	f.dates(p)
	if from != nil {
		f.add("("+key+", c.id) "+compare+" (%s, %s)", from.At, from.ID)
	}
	tail := fmt.Sprintf(" ORDER BY %s %s, c.id %s LIMIT $%d", key, order, order, len(f.args)+1)
	args := append(f.args, limit)
	where := strings.Join(f.conditions, " AND ")
	if where == "" {
		where = "TRUE"
	}
	switch f.lead {
	case leadUnread:
		// The order of the names is an order to SQLite: the marks first.
		return sorted(columns, "SELECT conversation_id AS id FROM unread WHERE user_id = $1", where, tail), args
	case leadCreated:
		return few(columns, "created_at >= $%d AND created_at <= $%d", where, tail, args, q.From.Millis(), q.To.Millis())
	case leadFewOfProduct:
		return few(columns, "product_id = $%d AND product_id <> ''", where, tail, args, string(q.Product))
	case leadFewOfStatus:
		return few(columns, "status = $%d AND status <> 'open'", where, tail, args, string(q.Statuses[0]))
	case leadRating:
		return merged(columns, slices.Compact(slices.Sorted(slices.Values(q.Ratings))), where, tail, args)
	default:
		return "SELECT " + columns + " FROM conversations c WHERE " + where + tail, args
	}
}

// few names the rows first and sorts them then.
func few(columns, naming, where, tail string, args []any, names ...any) (string, []any) {
	numbers := make([]any, len(names))
	for i := range names {
		numbers[i] = len(args) + i + 1
	}
	return sorted(columns, "SELECT id FROM conversations WHERE "+fmt.Sprintf(naming, numbers...), where, tail), append(args, names...)
}

// sorted sorts named rows by their keys only and reads the whole of those that
// stay. The order of the names is an order to SQLite: the named ones first.
func sorted(columns, names, where, tail string) string {
	return "SELECT " + columns + " FROM (SELECT c.id FROM (" + names + ") u CROSS JOIN conversations c WHERE c.id = u.id AND " + where + tail +
		") s CROSS JOIN conversations c WHERE c.id = s.id" + tail
}

// merged walks the list once for each rating and merges what it finds, so that
// no row of another rating is passed.
func merged(columns string, ratings []int, where, tail string, args []any) (string, []any) {
	if len(ratings) == 1 {
		args = append(args, ratings[0])
		return fmt.Sprintf("SELECT %s FROM conversations c WHERE c.rating = $%d AND %s%s", columns, len(args), where, tail), args
	}
	walks := make([]string, len(ratings))
	for i, r := range ratings {
		args = append(args, r)
		walks[i] = fmt.Sprintf("SELECT id FROM (SELECT c.id FROM conversations c WHERE c.rating = $%d AND %s%s) r%d", len(args), where, tail, i)
	}
	return "SELECT " + columns + " FROM (" + strings.Join(walks, " UNION ALL ") + ") u CROSS JOIN conversations c WHERE c.id = u.id" + tail, args
}

func (f *statement) phase(p Phase) {
	switch p {
	case PhaseDue:
		f.add("c.due_at IS NOT NULL")
	case PhaseIdle:
		f.add("c.due_at IS NULL")
	}
}

// marks narrows by the unread marks of the person.
func (f *statement) marks() {
	const marked = "EXISTS (SELECT 1 FROM unread u WHERE u.user_id = $1 AND u.conversation_id = c.id)"
	switch {
	case f.query.Unread == nil || f.lead == leadUnread:
	case *f.query.Unread:
		f.add(marked)
	default:
		f.add("NOT " + marked)
	}
}

// standing narrows by where a conversation belongs and how it stands.
func (f *statement) standing() {
	q := f.query
	if q.NeedsAnswer != nil {
		f.add("c.needs_answer = " + strings.ToUpper(strconv.FormatBool(*q.NeedsAnswer)))
	}
	if f.lead == leadStatus {
		f.add("c.status = %s AND c.status <> 'open'", string(q.Statuses[0]))
	} else {
		in(f, "c.status", "''", q.Statuses)
	}
	if f.lead == leadAccount {
		f.add("c.account_id = %s", int64(q.Accounts[0]))
	} else {
		in(f, "c.account_id", "0", q.Accounts)
	}
	in(f, "c.kind", "''", q.Kinds)
	in(f, "c.channel", "''", q.Channels)
	if q.Answered != nil && *q.Answered {
		f.add("c.answered_at IS NOT NULL")
	} else if q.Answered != nil {
		f.add("c.answered_at IS NULL")
	}
}

// content narrows by what a conversation is about.
func (f *statement) content() {
	q := f.query
	switch {
	case q.Product == "":
	case f.lead == leadProduct:
		f.add("c.product_id = %s AND c.product_id <> ''", string(q.Product))
	default:
		in(f, "c.product_id", "''", []sellerdesk.RemoteID{q.Product})
	}
	if f.lead != leadRating {
		in(f, "c.rating", "0", q.Ratings)
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
// has no newest message long before it, so that the walk can end there.
func (f *statement) dates(p Phase) {
	q := f.query
	if q.From == nil && q.To == nil || f.lead == leadCreated {
		return
	}
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if q.From != nil {
		from = q.From.Millis()
		if p != PhaseDue {
			f.add("c.sort_at >= %s", from-early.Milliseconds())
		}
	}
	if q.To != nil {
		to = q.To.Millis()
	}
	f.add("COALESCE(c.created_at, 0) >= %s AND COALESCE(c.created_at, 0) <= %s", from, to)
}
