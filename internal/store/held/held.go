package held

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Columns are those of a conversation c that belong here, in the order of
// [Held.Fields].
const Columns = `c.assignee_id, c.team_id, c.priority, c.snooze, c.snoozed_until, c.woke, c.labels`

// Held is what we say of a conversation, as its row has it. Its zero value is that
// of a conversation nobody has touched.
type Held struct {
	Assignee, Team *int64
	Priority       int    // see [Weight]
	Snooze         string // JSON of a [sellerdesk.Snooze], "" for none
	Until          *int64 // of Snooze
	Woke           string // JSON of a [sellerdesk.Woke], "" for none
	Labels         string // JSON of a [Labels], "" for none
}

// Labels are the tags and fields of a conversation.
type Labels struct {
	Tags   []sellerdesk.TagID            `json:"tags,omitempty"`   // in growing order
	Fields map[sellerdesk.FieldID]string `json:"fields,omitempty"` // values
}

// Fields are the places to scan [Columns] into.
func (h *Held) Fields() []any {
	return []any{&h.Assignee, &h.Team, &h.Priority, &h.Snooze, &h.Until, &h.Woke, &h.Labels}
}

// Values are what a row holds, in the order of [Columns].
func (h *Held) Values() []any {
	return []any{h.Assignee, h.Team, h.Priority, h.Snooze, h.Until, h.Woke, h.Labels}
}

// Save gives the columns to set behind so many arguments, and the arguments.
func (h *Held) Save(before int) (columns string, args []any) {
	var b strings.Builder
	for i, c := range strings.Split(Columns, ", ") {
		fmt.Fprintf(&b, ", %s = $%d", strings.TrimPrefix(c, "c."), before+i+1)
	}
	return b.String(), h.Values()
}

// Same tells whether two say the same.
func (h Held) Same(other Held) bool {
	return same(h.Assignee, other.Assignee) && same(h.Team, other.Team) && same(h.Until, other.Until) &&
		h.Priority == other.Priority && h.Snooze == other.Snooze && h.Woke == other.Woke && h.Labels == other.Labels
}

func same(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }

// Show tells a conversation what is held of it. Names of tags and fields are
// filled in by [Names.Fill].
func (h *Held) Show(c *sellerdesk.Conversation) error {
	c.Priority, c.Tags, c.Fields = PriorityOf(h.Priority), []sellerdesk.Tag{}, []sellerdesk.FieldValue{}
	if h.Assignee != nil {
		id := sellerdesk.UserID(*h.Assignee)
		c.Assignee = &id
	}
	if h.Team != nil {
		id := sellerdesk.TeamID(*h.Team)
		c.Team = &id
	}
	if h.Snooze != "" {
		if err := json.Unmarshal([]byte(h.Snooze), &c.Snooze); err != nil {
			return fmt.Errorf("read until when conversation %d is put off: %w", c.ID, err)
		}
	}
	if h.Woke != "" {
		if err := json.Unmarshal([]byte(h.Woke), &c.Woke); err != nil {
			return fmt.Errorf("read why conversation %d came back: %w", c.ID, err)
		}
	}
	labels, err := h.ReadLabels()
	if err != nil {
		return fmt.Errorf("conversation %d: %w", c.ID, err)
	}
	for _, id := range labels.Tags {
		c.Tags = append(c.Tags, sellerdesk.Tag{ID: id})
	}
	for id, value := range labels.Fields {
		c.Fields = append(c.Fields, sellerdesk.FieldValue{Field: id, Value: value})
	}
	return nil
}

// ReadLabels gives the tags and fields.
func (h *Held) ReadLabels() (l Labels, err error) {
	if h.Labels == "" {
		return l, nil
	}
	if err := json.Unmarshal([]byte(h.Labels), &l); err != nil {
		return l, fmt.Errorf("read tags and fields: %w", err)
	}
	return l, nil
}

// SetLabels keeps tags and fields.
func (h *Held) SetLabels(l Labels) error {
	h.Labels = ""
	if len(l.Tags) == 0 && len(l.Fields) == 0 {
		return nil
	}
	slices.Sort(l.Tags)
	b, err := json.Marshal(l)
	h.Labels = string(b)
	return err
}

// Weight is how a priority is kept: the more it matters, the greater; 0 is normal.
func Weight(p sellerdesk.Priority) int {
	return p.Weight()
}

// PriorityOf is the priority of a weight.
func PriorityOf(weight int) sellerdesk.Priority {
	return sellerdesk.PriorityOf(weight)
}

// Names fills in what tags and fields are called.
type Names struct{ w *engine.Work }

// NewNames makes the handle of a transaction.
func NewNames(w *engine.Work) Names { return Names{w} }

// Fill names the tags and fields of conversations, each in the order of the house:
// tags by name, fields by position. Those that are gone are left out.
func (n Names) Fill(ctx context.Context, list []sellerdesk.Conversation) error {
	if !slices.ContainsFunc(list, func(c sellerdesk.Conversation) bool { return len(c.Tags)+len(c.Fields) > 0 }) {
		return nil
	}
	tags, err := n.tags(ctx)
	if err != nil {
		return err
	}
	fields, err := n.fields(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Tags, list[i].Fields = named(tags, list[i].Tags), valued(fields, list[i].Fields)
	}
	return nil
}

func named(all []sellerdesk.Tag, on []sellerdesk.Tag) []sellerdesk.Tag {
	out := []sellerdesk.Tag{}
	for _, t := range all {
		if slices.ContainsFunc(on, func(o sellerdesk.Tag) bool { return o.ID == t.ID }) {
			out = append(out, t)
		}
	}
	return out
}

func valued(all []sellerdesk.FieldValue, set []sellerdesk.FieldValue) []sellerdesk.FieldValue {
	out := []sellerdesk.FieldValue{}
	for _, f := range all {
		if i := slices.IndexFunc(set, func(v sellerdesk.FieldValue) bool { return v.Field == f.Field }); i >= 0 {
			out = append(out, sellerdesk.FieldValue{Field: f.Field, Name: f.Name, Value: set[i].Value})
		}
	}
	return out
}

func (n Names) tags(ctx context.Context) ([]sellerdesk.Tag, error) {
	rows, err := n.w.Query(ctx, `SELECT id, name, color FROM tags WHERE NOT removed ORDER BY folded`)
	all, err := engine.Collect(rows, err, func(s engine.Scanner) (t sellerdesk.Tag, err error) {
		err = s.Scan(&t.ID, &t.Name, &t.Color)
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the tags: %w", err)
	}
	return all, nil
}

func (n Names) fields(ctx context.Context) ([]sellerdesk.FieldValue, error) {
	rows, err := n.w.Query(ctx, `SELECT id, name FROM fields WHERE target = 'conversation' AND NOT removed ORDER BY position, id`)
	all, err := engine.Collect(rows, err, func(s engine.Scanner) (f sellerdesk.FieldValue, err error) {
		err = s.Scan(&f.Field, &f.Name)
		return f, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the fields: %w", err)
	}
	return all, nil
}
