package labels

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// OfContacts gives the tags and fields of contacts.
func (l Labels) OfContacts(ctx context.Context, ids []int64) (map[int64]contacts.Labelled, error) {
	out := map[int64]contacts.Labelled{}
	for _, piece := range engine.Padded(ids) {
		rows, err := l.w.Query(ctx, `SELECT o.contact_id, t.id, t.name, t.color FROM contact_tags o JOIN tags t ON t.id = o.tag_id AND `+there+`
			WHERE o.contact_id IN (`+engine.Placeholders(1, len(piece))+`) ORDER BY t.folded`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (t sellerdesk.Tag, err error) {
			var contact int64
			err = s.Scan(&contact, &t.ID, &t.Name, &t.Color)
			o := out[contact]
			o.Tags = append(o.Tags, t)
			out[contact] = o
			return t, err
		})
		if err != nil {
			return nil, fmt.Errorf("read the tags of people: %w", err)
		}
		rows, err = l.w.Query(ctx, `SELECT v.target_id, f.id, f.name, v.value FROM field_values v JOIN fields f ON f.id = v.field_id AND f.target = 'contact' AND NOT f.removed
			WHERE v.target_id IN (`+engine.Placeholders(1, len(piece))+`) ORDER BY f.position, f.id`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (f sellerdesk.FieldValue, err error) {
			var contact int64
			err = s.Scan(&contact, &f.Field, &f.Name, &f.Value)
			o := out[contact]
			o.Fields = append(o.Fields, f)
			out[contact] = o
			return f, err
		})
		if err != nil {
			return nil, fmt.Errorf("read the fields of people: %w", err)
		}
	}
	return out, nil
}

// LabelContacts puts tags on the first of some contacts, which are one person, and
// takes others off all of them; so it does with values of fields.
func (l Labels) LabelContacts(ctx context.Context, ids []int64, add, remove []sellerdesk.TagID, fields map[sellerdesk.FieldID]string) error {
	for _, id := range remove {
		for _, contact := range ids {
			if _, err := l.w.Exec(ctx, `DELETE FROM contact_tags WHERE contact_id = $1 AND tag_id = $2`, contact, int64(id)); err != nil {
				return fmt.Errorf("take a tag off a person: %w", err)
			}
		}
	}
	for _, id := range add {
		_, err := l.w.Exec(ctx, `INSERT INTO contact_tags (contact_id, tag_id) SELECT CAST($1 AS BIGINT), t.id FROM tags t WHERE t.id = $2 AND `+there+` ON CONFLICT DO NOTHING`, ids[0], int64(id))
		if err != nil {
			return fmt.Errorf("put a tag on a person: %w", err)
		}
	}
	var n int
	if err := l.w.One(ctx, `SELECT COUNT(*) FROM contact_tags WHERE contact_id = $1`, []any{ids[0]}, &n); err != nil {
		return fmt.Errorf("count the tags of a person: %w", err)
	}
	if n > MostOn && len(add) > 0 {
		return sellerdesk.Errorf(sellerdesk.CodeLimited, "At most %d tags can be on one person.", MostOn).InField("add")
	}
	for id, value := range fields {
		for i, contact := range ids {
			if i > 0 && value != "" {
				break // those within keep theirs, behind that of the root
			}
			if err := keepValue(ctx, l.w, id, contact, value); err != nil {
				return err
			}
		}
	}
	return nil
}
