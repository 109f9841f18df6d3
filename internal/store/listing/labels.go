package listing

import (
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// labelled gives the probes for tags and fields, whose tables name conversations.
func (q Query) labelled(add func(names, table, naming string, args ...any)) {
	if len(q.Tags) > 0 {
		naming := "tag_id IN (" + places(len(q.Tags)) + ")"
		if wants(q.NeedsAnswer) {
			naming += " AND needs_answer = TRUE"
		}
		add("SELECT DISTINCT conversation_id AS id FROM conversation_tags WHERE ", "conversation_tags", naming, engine.Anys(q.Tags)...)
	}
	for _, m := range q.Fields {
		add("SELECT target_id AS id FROM field_values WHERE ", "field_values",
			"field_id = %s AND folded IN ("+places(len(m.Values))+")", append([]any{int64(m.Field)}, engine.Anys(m.Values)...)...)
	}
}

// labels narrows by tags and fields.
func (f *statement) labels() {
	q := f.query
	if len(q.Tags) > 0 { // one that was removed is on much for a while, see package labels; looked at once for the whole list
		f.add("(SELECT COUNT(*) FROM tags k WHERE NOT k.removed AND k.id IN ("+places(len(q.Tags))+")) > 0", engine.Anys(q.Tags)...)
	}
	if len(q.Tags) > 0 && f.lead != leadTag {
		// Counted, since PostgreSQL would make one join of an EXISTS with all that has the tag.
		f.add("(SELECT COUNT(*) FROM conversation_tags g WHERE g.conversation_id = c.id AND g.tag_id IN ("+places(len(q.Tags))+")) > 0", engine.Anys(q.Tags)...)
	}
	for _, m := range q.Fields {
		f.add("(SELECT COUNT(*) FROM fields k WHERE NOT k.removed AND k.id = %s) > 0", int64(m.Field))
		f.add("(SELECT COUNT(*) FROM field_values v WHERE v.field_id = %s AND v.target_id = c.id AND COALESCE(v.folded, '') IN ("+places(len(m.Values))+")) > 0",
			append([]any{int64(m.Field)}, engine.Anys(m.Values)...)...)
	}
}

// tagged walks the list of each tag, which has an index in every order of the
// list, and reads the whole of those that stay. The order of the names is an order
// to SQLite: the tags first.
func (f *statement) tagged(columns, key, order, tail string) string {
	inner := strings.ReplaceAll(strings.ReplaceAll(tail, key, "g."+strings.TrimPrefix(key, "c.")), "c.id", "g.conversation_id")
	conditions := append([]string{"c.id = g.conversation_id"}, f.conditions...)
	if wants(f.query.NeedsAnswer) {
		conditions = append(conditions, "g.needs_answer = TRUE")
	}
	if key == "c.due_at" {
		conditions = append(conditions, "g.due_at IS NOT NULL")
	}
	from := func(id int64) string {
		return " FROM conversation_tags g CROSS JOIN conversations c WHERE " + f.numbered("g.tag_id = %s", id) + " AND " + strings.Join(conditions, " AND ") + inner
	}
	if len(f.query.Tags) == 1 {
		return "SELECT " + columns + from(int64(f.query.Tags[0]))
	}
	arms := make([]string, len(f.query.Tags))
	for i, id := range f.query.Tags {
		arms[i] = fmt.Sprintf("SELECT id, at FROM (SELECT g.conversation_id AS id, g.%s AS at%s) w%d", strings.TrimPrefix(key, "c."), from(int64(id)), i)
	}
	_, limit, _ := strings.Cut(tail, " LIMIT ")
	// UNION drops what stands in the lists of several tags.
	return "SELECT " + columns + " FROM (SELECT id FROM (" + strings.Join(arms, " UNION ") + ") found ORDER BY at " + order + ", id " + order +
		" LIMIT " + limit + ") named CROSS JOIN conversations c WHERE c.id = named.id ORDER BY " + key + " " + order + ", c.id " + order
}

// walked is a column of conversations that the order of the list is about, where the
// walk has it.
func (f *statement) walked(column string) string {
	if f.lead == leadTag {
		return "g." + column
	}
	return "c." + column
}
