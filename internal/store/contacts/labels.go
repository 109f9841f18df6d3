package contacts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// Label puts tags on a person, takes some off, and sets fields ("" removes a
// value). They stand at the root, so that taking a contact out of the person again
// leaves them with the rest; what others in the person carry is taken off too.
func (c Contacts) Label(ctx context.Context, id sellerdesk.ContactID, add, remove []sellerdesk.TagID, fields map[sellerdesk.FieldID]string) error {
	if err := c.lock(ctx, []int64{int64(id)}); err != nil {
		return fmt.Errorf("lock a person: %w", err)
	}
	root, err := c.Person(ctx, id)
	if err != nil {
		return err
	}
	inside, err := numbers(ctx, c.w, []int64{int64(root)}, `SELECT m.id FROM contacts m WHERE m.person_id IN (%s)`)
	if err != nil {
		return err
	}
	all := append([]int64{int64(root)}, slices.DeleteFunc(inside, func(o int64) bool { return o == int64(root) })...)
	if err := c.beside.Label(ctx, all, add, remove, fields); err != nil {
		return err
	}
	c.changed(int64(root))
	return nil
}

// labels reads what the people carry: each tag once, and of a field the value of the
// root, or of whoever was put in first that has one.
func (p *page) labels(ctx context.Context) error {
	on, err := p.c.beside.Labels(ctx, p.all)
	if err != nil {
		return err
	}
	for _, id := range p.all {
		o := p.people[id]
		for _, t := range on[id].Tags {
			if !slices.Contains(o.Tags, t) {
				o.Tags = append(o.Tags, t)
			}
		}
		for _, f := range on[id].Fields {
			if !slices.ContainsFunc(o.Fields, func(k sellerdesk.FieldValue) bool { return k.Field == f.Field }) {
				o.Fields = append(o.Fields, f)
			}
		}
	}
	for _, id := range p.roots {
		slices.SortFunc(p.people[id].Tags, func(a, b sellerdesk.Tag) int {
			return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
		})
	}
	return nil
}
