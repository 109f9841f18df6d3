package labels

import (
	"context"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/held"
)

// MostOn bounds the tags of one conversation or person.
const MostOn = 50

// Change is what is put on something and taken off.
type Change struct {
	Add, Remove []sellerdesk.TagID
	// Fields are values to be kept, as [ValueOf] gives them; "" for none.
	Fields map[sellerdesk.FieldID]string
}

// Apply changes what is held of a conversation. Tags and fields that are gone by
// now are dropped on the way.
func (l Labels) Apply(ctx context.Context, h *held.Held, c Change) error {
	on, err := h.ReadLabels()
	if err != nil {
		return err
	}
	for _, id := range c.Add {
		if !slices.Contains(on.Tags, id) {
			on.Tags = append(on.Tags, id)
		}
	}
	on.Tags = slices.DeleteFunc(on.Tags, func(id sellerdesk.TagID) bool { return slices.Contains(c.Remove, id) })
	if on.Tags, err = left(ctx, l.w, on.Tags); err != nil {
		return err
	}
	if len(on.Tags) > MostOn && len(c.Add) > 0 {
		return sellerdesk.Errorf(sellerdesk.CodeLimited, "At most %d tags can be on one conversation.", MostOn).InField("add")
	}
	for id, value := range c.Fields {
		on.SetField(id, value)
	}
	return h.SetLabels(on)
}

// left leaves out the tags that are gone.
func left(ctx context.Context, w *engine.Work, ids []sellerdesk.TagID) ([]sellerdesk.TagID, error) {
	var known []sellerdesk.TagID
	for _, piece := range engine.Padded(ids) {
		rows, err := w.Query(ctx, `SELECT id FROM tags WHERE `+there+` AND id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		some, err := engine.Collect(rows, err, engine.ScanInt)
		if err != nil {
			return nil, fmt.Errorf("look for tags: %w", err)
		}
		for _, id := range some {
			known = append(known, sellerdesk.TagID(id))
		}
	}
	return known, nil
}

// Saved is a conversation that is being saved.
type Saved struct {
	ID          sellerdesk.ConversationID
	Account     sellerdesk.AccountID
	Labels, Was string // as [held.Held] keeps them, now and in the row before
	SortAt      int64
	DueAt       *int64
	Needs       bool
}

// Sync brings the tables by which lists are walked in line with a conversation.
func (l Labels) Sync(ctx context.Context, s Saved) error {
	if s.Labels == "" && s.Was == "" {
		return nil
	}
	now, err := (&held.Held{Labels: s.Labels}).ReadLabels()
	if err != nil {
		return err
	}
	if s.Labels != s.Was {
		was, err := (&held.Held{Labels: s.Was}).ReadLabels()
		if err != nil {
			return err
		}
		if err := l.syncTags(ctx, s, now.Tags, was.Tags); err != nil {
			return err
		}
		if err := syncFields(ctx, l.w, int64(s.ID), now.Fields, was.Fields); err != nil {
			return err
		}
	}
	if len(now.Tags) == 0 {
		return nil
	}
	_, err = l.w.Exec(ctx, `UPDATE conversation_tags SET sort_at = $2, due_at = $3, needs_answer = $4 WHERE conversation_id = $1
		AND (sort_at <> $2 OR needs_answer <> $4 OR COALESCE(due_at, 0) <> COALESCE(CAST($3 AS BIGINT), 0))`, int64(s.ID), s.SortAt, s.DueAt, s.Needs)
	if err != nil {
		return fmt.Errorf("move a conversation in the lists of its tags: %w", err)
	}
	return nil
}

func (l Labels) syncTags(ctx context.Context, s Saved, now, was []sellerdesk.TagID) error {
	for _, id := range now {
		if slices.Contains(was, id) {
			continue
		}
		n, err := l.w.Exec(ctx, `INSERT INTO conversation_tags (conversation_id, tag_id, sort_at, due_at, needs_answer)
			SELECT CAST($1 AS BIGINT), t.id, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BOOLEAN) FROM tags t WHERE t.id = $2 AND `+there+` ON CONFLICT DO NOTHING`,
			int64(s.ID), int64(id), s.SortAt, s.DueAt, s.Needs)
		if err != nil {
			return fmt.Errorf("put a tag on a conversation: %w", err)
		}
		if err := count(ctx, l.w, id, s.Account, n); err != nil {
			return err
		}
	}
	for _, id := range was {
		if slices.Contains(now, id) {
			continue
		}
		n, err := l.w.Exec(ctx, `DELETE FROM conversation_tags WHERE conversation_id = $1 AND tag_id = $2`, int64(s.ID), int64(id))
		if err != nil {
			return fmt.Errorf("take a tag off a conversation: %w", err)
		}
		if err := count(ctx, l.w, id, s.Account, -n); err != nil {
			return err
		}
	}
	return nil
}

// count changes the figure of a tag in an account.
func count(ctx context.Context, w *engine.Work, id sellerdesk.TagID, account sellerdesk.AccountID, n int64) error {
	if n == 0 {
		return nil
	}
	_, err := w.Exec(ctx, `INSERT INTO tag_uses (tag_id, account_id, n) VALUES ($1, $2, $3)
		ON CONFLICT (tag_id, account_id) DO UPDATE SET n = tag_uses.n + excluded.n`, int64(id), int64(account), n)
	if err != nil {
		return fmt.Errorf("count a tag: %w", err)
	}
	return nil
}

func syncFields(ctx context.Context, w *engine.Work, target int64, now, was map[sellerdesk.FieldID]string) error {
	for id, value := range now {
		if was[id] != value {
			if err := keepValue(ctx, w, id, target, value); err != nil {
				return err
			}
		}
	}
	for id := range was {
		if _, still := now[id]; !still {
			if err := keepValue(ctx, w, id, target, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepValue keeps the value of a field; "" removes it. A field that is gone takes
// none.
func keepValue(ctx context.Context, w *engine.Work, id sellerdesk.FieldID, target int64, value string) error {
	statement, args := `DELETE FROM field_values WHERE field_id = $1 AND target_id = $2`, []any{int64(id), target}
	if value != "" {
		statement = `INSERT INTO field_values (field_id, target_id, value, folded) SELECT f.id, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT) FROM fields f WHERE f.id = $1 AND ` + there + `
			ON CONFLICT (field_id, target_id) DO UPDATE SET value = excluded.value, folded = excluded.folded`
		args = append(args, value, Fold(value))
	}
	if _, err := w.Exec(ctx, statement, args...); err != nil {
		return fmt.Errorf("keep the value of a field: %w", err)
	}
	return nil
}

// Unite puts the tags and fields of a conversation, which is being taken away, on
// the one that it turned out to be, whose values count where both have some.
func (l Labels) Unite(ctx context.Context, into *held.Held, from held.Held, gone sellerdesk.ConversationID, account sellerdesk.AccountID) error {
	if from.Labels == "" {
		return nil
	}
	if err := l.Sync(ctx, Saved{ID: gone, Account: account, Was: from.Labels}); err != nil {
		return err
	}
	if _, err := l.w.Exec(ctx, `DELETE FROM conversation_tags WHERE conversation_id = $1`, int64(gone)); err != nil {
		return fmt.Errorf("take tags off a conversation: %w", err)
	}
	old, err := from.ReadLabels()
	if err != nil {
		return err
	}
	now, err := into.ReadLabels()
	if err != nil {
		return err
	}
	for id := range now.Fields {
		delete(old.Fields, id)
	}
	old.Tags = slices.DeleteFunc(old.Tags, func(id sellerdesk.TagID) bool { return slices.Contains(now.Tags, id) })
	// More than can be on one is no reason to keep apart what is one: what was said
	// there could never be settled.
	old.Tags = old.Tags[:max(0, min(len(old.Tags), MostOn-len(now.Tags)))]
	return l.Apply(ctx, into, Change{Add: old.Tags, Fields: old.Fields})
}
