package listing

import (
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Few is up to how many rows it is better to name them all and sort them than
// to walk the list.
const Few = 2000

// Probe asks whether a condition of a query names few rows.
type Probe struct {
	lead   lead
	naming string // the condition, with its arguments as %s
	names  string // the statement before the condition
	// Count counts the rows, up to Few and one more.
	Count string
	Args  []any
}

// Oldest asks for the moment when the first conversation was made. It is the
// From of a query that has a To only: days are walked from one to the other.
const Oldest = `SELECT created_at FROM conversations ORDER BY created_at LIMIT 1`

// Probes gives what to ask before a page is read, the most telling first: the
// first that counts [Few] rows at most is given to [Statement].
func Probes(q Query) []Probe {
	var all []Probe
	add := func(l lead, table, naming string, args ...any) {
		count := fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) named`, table, new(statement).numbered(naming, args...), Few+1)
		all = append(all, Probe{l, naming, "SELECT id FROM conversations WHERE ", count, args})
	}
	if wants(q.Unread) {
		add(leadUnread, "unread", "user_id = %s", int64(q.User))
	}
	q.labelled(func(names, table, naming string, args ...any) {
		add(leadFew, table, naming, args...)
		all[len(all)-1].names = names
	})
	if q.DueBy != nil {
		add(leadFew, "conversations", "due_at IS NOT NULL AND due_at <= %s", q.DueBy.Millis())
	}
	if ids := q.products(); len(ids) > 0 {
		add(leadFewOfProduct, "conversations", "product_id IN ("+places(len(ids))+") AND product_id <> ''", engine.Anys(texts(ids))...)
	}
	if q.From != nil && q.To != nil {
		add(leadFew, "conversations", "created_at >= %s AND created_at <= %s", q.From.Millis(), q.To.Millis())
	}
	if weights := q.weights(); allOf(weights) {
		add(leadFew, "conversations", "priority <> 0 AND priority IN ("+places(len(weights))+")", engine.Anys(weights)...)
	}
	if q.shelf() {
		add(leadFew, "conversations", "status = %s AND status <> 'open'", string(q.Statuses[0]))
	}
	if kinds := q.kinds(); len(kinds) < len(sellerdesk.Kinds()) && len(kinds) > 0 {
		add(leadFew, "conversations", "kind IN ("+places(len(kinds))+")", engine.Anys(texts(kinds))...)
	}
	if len(q.Accounts) == 1 {
		// In the order of its index: PostgreSQL would look through the table otherwise.
		add(leadFew, "conversations", "account_id = %s ORDER BY sort_at", int64(q.Accounts[0]))
	}
	return all
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, k := range list {
		out[i] = string(k)
	}
	return out
}

// kinds gives the kinds that the query names, each once; all when it names none.
func (q Query) kinds() []sellerdesk.Kind {
	return slices.DeleteFunc(sellerdesk.Kinds(), func(k sellerdesk.Kind) bool {
		return len(q.Kinds) > 0 && !slices.Contains(q.Kinds, k)
	})
}

// shelf tells whether the query names one status that few conversations have:
// most are open.
func (q Query) shelf() bool {
	return len(q.Statuses) == 1 && q.Statuses[0] != sellerdesk.ConversationOpen
}

// weights are the priorities as they are kept.
func (q Query) weights() (weights []int) {
	for _, p := range q.Priorities {
		weights = append(weights, p.Weight())
	}
	return weights
}

// allOf tells whether there are values and none of them is 0, which stands for
// what no index has.
func allOf[T ~int | ~int64](values []T) bool { return len(values) > 0 && !slices.Contains(values, 0) }

// unassigned tells whether the query is for what belongs to nobody and no team.
func (q Query) unassigned() bool {
	return len(q.Assignees) == 1 && q.Assignees[0] == 0 && len(q.Teams) == 1 && q.Teams[0] == 0
}

func wants(b *bool) bool { return b != nil && *b }

// lead is the condition that decides the index.
type lead int

const (
	leadOrder  lead = iota // the order of the list itself
	leadUnread             // the marks of the person, few
	leadFew                // few rows by another condition
	leadFewOfProduct
	leadDue        // who waits
	leadAccountDue // who waits in one account
	leadKindDue    // who waits in conversations of some kinds
	leadNeeds      // what needs an answer, by the newest message
	leadUndue      // the same where nothing has a deadline
	leadDays       // the days of the making
	leadProduct
	leadRating
	leadPhoto
	leadStatus
	leadAccount
	leadUnanswered
	leadKind
	leadTag        // what carries some tags
	leadAssignee   // what belongs to some people
	leadTeam       // what belongs to some teams
	leadUnassigned // what needs an answer and belongs to nobody
	leadPriority   // what somebody made more or less important
)

// choose picks the leading condition, the one that names the fewest rows.
func choose(q Query, p Phase, probe *Probe) lead {
	needs := wants(q.NeedsAnswer)
	switch {
	case probe != nil && (probe.lead != leadFewOfProduct || p == PhaseDue || needs):
		return probe.lead // the others of a product have an index in the order of the list
	case allOf(q.Assignees):
		return leadAssignee
	case allOf(q.Teams):
		return leadTeam
	case len(q.Tags) > 0:
		return leadTag
	case needs && q.unassigned():
		return leadUnassigned
	case p != PhaseDue && allOf(q.weights()):
		return leadPriority
	case p == PhaseDue && len(q.Accounts) == 1:
		return leadAccountDue
	case p == PhaseDue && q.byKind():
		return leadKindDue
	case p == PhaseDue:
		return leadDue
	case needs && p == PhaseIdle:
		return leadUndue
	case needs:
		return leadNeeds
	case q.Product != "":
		return leadProduct
	case q.byDays():
		return leadDays
	case len(q.Ratings) > 0:
		return leadRating
	case wants(q.HasPhoto):
		return leadPhoto
	case q.shelf():
		return leadStatus
	case len(q.Accounts) == 1:
		return leadAccount
	case q.Answered != nil && !*q.Answered && len(q.kinds()) > 0:
		return leadUnanswered
	case q.byKind():
		return leadKind
	default:
		return leadOrder
	}
}

// byKind tells whether walking kind by kind reads less than walking all. A walk
// that finds too few goes to the end of its kind: where another condition may
// be the cause of that, and more than one kind is asked for, all are walked.
func (q Query) byKind() bool {
	switch n := len(q.kinds()); n {
	case 1:
		return true
	case 0, len(sellerdesk.Kinds()):
		return false
	default:
		return q.Unread == nil && q.HasPhoto == nil && q.Answered == nil && q.NeedsAnswer == nil && len(q.Accounts)+len(q.Channels)+len(q.Assignees)+len(q.Teams)+len(q.Priorities)+len(q.Fields) == 0
	}
}
