package listing

import (
	"strconv"
	"strings"
)

// Through writes the query that takes what a query names in the order of ids, at
// most limit rows behind one. Unlike in the orders of the list, what changes
// between two pages keeps its place, so that nothing is passed over or told
// twice. It walks the table once from end to end, whatever the query.
func Through(columns string, q Query, after int64, limit int) (string, []any) {
	// The lead whose conditions are no keys: the ids are to lead.
	f := &statement{query: q, lead: leadFew, args: []any{int64(q.User)}}
	f.marks()
	f.standing()
	f.belonging()
	f.labels()
	f.content()
	f.dates(PhaseNewest)
	f.add("c.id > %s", after)
	f.args = append(f.args, limit)
	return "SELECT " + columns + " FROM conversations c WHERE " + strings.Join(f.conditions, " AND ") +
		" ORDER BY c.id LIMIT $" + strconv.Itoa(len(f.args)), f.args
}
