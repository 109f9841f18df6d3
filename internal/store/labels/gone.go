package labels

import (
	"context"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// sweepStep bounds one transaction of [Labels.Sweep], in rows.
const sweepStep = 500

// RemoveTag removes a tag for good. From now on nobody sees it and its name is
// free; what carries it is let go by [Labels.Sweep], for there may be very much of
// it. The rows of conversations keep its number, which nothing gets again.
func (l Labels) RemoveTag(ctx context.Context, id sellerdesk.TagID) error {
	// No name is folded to this: lines are not kept in names.
	n, err := l.w.Exec(ctx, `UPDATE tags SET removed = TRUE, folded = $2 WHERE id = $1 AND `+there, int64(id), fmt.Sprintf("\n%d", id))
	return removed(l, "tag", n, err)
}

// RemoveField removes a field for good. From now on nobody sees it and its name is
// free; its values are let go by [Labels.Sweep].
func (l Labels) RemoveField(ctx context.Context, id sellerdesk.FieldID) error {
	n, err := l.w.Exec(ctx, `UPDATE fields SET removed = TRUE, folded = $2 WHERE id = $1 AND `+there, int64(id), fmt.Sprintf("\n%d", id))
	return removed(l, "field", n, err)
}

func removed(l Labels, what string, n int64, err error) error {
	if err != nil {
		return fmt.Errorf("remove a %s: %w", what, err)
	}
	if n == 0 {
		return engine.Found(engine.ErrNoRow, what)
	}
	l.changed(what + "s")
	return nil
}

// leftover is what carries things of one kind that were removed.
type leftover struct {
	find  string   // one that was removed
	steps []string // let go some of what carries it; each until it finds nothing more
	ends  []string
}

func leftovers() []leftover {
	some := func(table, of, carrier string) string {
		// The bound stands in the text, so that PostgreSQL plans for so few.
		return fmt.Sprintf(`DELETE FROM %[1]s WHERE %[2]s = $1 AND %[3]s IN (SELECT %[3]s FROM %[1]s WHERE %[2]s = $1 LIMIT %[4]d)`, table, of, carrier, sweepStep)
	}
	return []leftover{
		{
			find:  `SELECT id FROM tags WHERE removed ORDER BY id LIMIT 1`,
			steps: []string{some("conversation_tags", "tag_id", "conversation_id"), some("contact_tags", "tag_id", "contact_id")},
			ends:  []string{`DELETE FROM tag_uses WHERE tag_id = $1`, `DELETE FROM tags WHERE id = $1`},
		},
		{
			find:  `SELECT id FROM fields WHERE removed ORDER BY id LIMIT 1`,
			steps: []string{some("field_values", "field_id", "target_id")},
			ends:  []string{`DELETE FROM fields WHERE id = $1`},
		},
	}
}

// Left tells whether anything that was removed is not let go yet.
func (l Labels) Left(ctx context.Context) (bool, error) {
	id, _, err := gone(ctx, l.w)
	return id != 0, err
}

// gone finds something that was removed; 0: nothing.
func gone(ctx context.Context, w *engine.Work) (id int64, of leftover, err error) {
	for _, of := range leftovers() {
		err := w.One(ctx, of.find, nil, &id)
		if err == nil {
			return id, of, nil
		}
		if !errors.Is(err, engine.ErrNoRow) {
			return 0, of, fmt.Errorf("look for what was removed: %w", err)
		}
	}
	return 0, of, nil
}

// Sweep takes one bounded step of letting go what carries tags and fields that were
// removed, and then those; more tells whether there may be something left. The
// caller holds all conversations, and repeats it in transactions of its own: after
// a restart too, since what was removed says so itself.
func (l Labels) Sweep(ctx context.Context) (more bool, err error) {
	id, of, err := gone(ctx, l.w)
	if err != nil || id == 0 {
		return false, err
	}
	for _, statement := range of.steps {
		if n, err := l.w.Exec(ctx, statement, id); err != nil || n > 0 {
			return true, orSweeping(err)
		}
	}
	for _, statement := range of.ends {
		if _, err := l.w.Exec(ctx, statement, id); err != nil {
			return true, orSweeping(err)
		}
	}
	return true, nil
}

func orSweeping(err error) error {
	if err != nil {
		return fmt.Errorf("let go what carries what was removed: %w", err)
	}
	return nil
}
