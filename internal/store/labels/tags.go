package labels

import (
	"context"
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

const (
	// MostTags bounds how many tags there are: every one is read with every list.
	MostTags = 1000
	// MostFields bounds the fields of one target.
	MostFields = 100
)

// Labels are the tags and fields of the house.
type Labels struct {
	w       *engine.Work
	journal *journal.Journal
}

// New makes the handle of a transaction.
func New(w *engine.Work, j *journal.Journal) Labels { return Labels{w, j} }

// Fold makes names and values equal that differ in case, in ё and е, or in spaces
// only.
func Fold(s string) string { return text.Fold(strings.Join(strings.Fields(text.Clean(s)), " ")) }

// Fold makes names and values equal that differ in case, in ё and е, or in spaces
// only.
func (Labels) Fold(s string) string { return Fold(s) }

const tagColumns = `id, name, color`

// there holds for tags and fields that nobody has removed, see [Labels.Sweep].
const there = `NOT removed`

func scanTag(s engine.Scanner) (t sellerdesk.Tag, err error) {
	err = s.Scan(&t.ID, &t.Name, &t.Color)
	return t, err
}

// Tags gives all tags by name.
func (l Labels) Tags(ctx context.Context) ([]sellerdesk.Tag, error) {
	rows, err := l.w.Query(ctx, `SELECT `+tagColumns+` FROM tags WHERE `+there+` ORDER BY folded`)
	all, err := engine.Collect(rows, err, scanTag)
	if err != nil {
		return nil, fmt.Errorf("read the tags: %w", err)
	}
	return all, nil
}

// Tag gives one tag.
func (l Labels) Tag(ctx context.Context, id sellerdesk.TagID) (sellerdesk.Tag, error) {
	return l.tag(ctx, `id = $1`, int64(id))
}

// TagNamed gives the tag of a name.
func (l Labels) TagNamed(ctx context.Context, name string) (sellerdesk.Tag, error) {
	return l.tag(ctx, `folded = $1`, Fold(name))
}

func (l Labels) tag(ctx context.Context, condition string, arg any) (t sellerdesk.Tag, err error) {
	err = l.w.One(ctx, `SELECT `+tagColumns+` FROM tags WHERE `+there+` AND `+condition, []any{arg}, &t.ID, &t.Name, &t.Color)
	return t, engine.Found(err, "tag")
}

// Uses tells on how many conversations each tag is, where whoever asks sees them.
func (l Labels) Uses(ctx context.Context) (map[sellerdesk.TagID]int, error) {
	condition, args := engine.Seen(ctx).In("account_id", nil)
	rows, err := l.w.Query(ctx, `SELECT tag_id, CAST(SUM(n) AS BIGINT) FROM tag_uses WHERE `+condition+` GROUP BY tag_id`, args...)
	uses := map[sellerdesk.TagID]int{}
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.TagID, err error) {
		var n int
		err = s.Scan(&id, &n)
		uses[id] = n
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("read how often tags are used: %w", err)
	}
	return uses, nil
}

// AddTag makes a tag. Another one of the name is a conflict.
func (l Labels) AddTag(ctx context.Context, name string, color int) (sellerdesk.Tag, error) {
	t := sellerdesk.Tag{Name: name, Color: color}
	var n int
	if err := l.w.One(ctx, `SELECT COUNT(*) FROM tags WHERE `+there, nil, &n); err != nil {
		return t, fmt.Errorf("count the tags: %w", err)
	}
	if n >= MostTags {
		return t, sellerdesk.Errorf(sellerdesk.CodeLimited, "There are %d tags, and no more can be made.", MostTags).InField("name")
	}
	if err := l.free(ctx, t); err != nil {
		return t, err
	}
	ids, err := l.w.InsertMany(ctx, `INSERT INTO tags (name, folded, color)`, 3, ` ON CONFLICT (folded) DO NOTHING RETURNING id`, []any{name, Fold(name), color})
	if err != nil {
		return t, fmt.Errorf("make a tag: %w", err)
	}
	if len(ids) == 0 {
		return t, taken("tag", name) // somebody made it at the same moment
	}
	t.ID = sellerdesk.TagID(ids[0])
	l.changed("tags")
	return t, nil
}

// ChangeTag gives a tag another name or colour. The name of another one is a
// conflict.
func (l Labels) ChangeTag(ctx context.Context, t sellerdesk.Tag) error {
	if err := l.free(ctx, t); err != nil {
		return err
	}
	n, err := l.w.Exec(ctx, `UPDATE tags SET name = $2, folded = $3, color = $4 WHERE id = $1 AND `+there, int64(t.ID), t.Name, Fold(t.Name), t.Color)
	if err != nil {
		return fmt.Errorf("change a tag: %w", err)
	}
	if n == 0 {
		return engine.Found(engine.ErrNoRow, "tag")
	}
	l.changed("tags")
	return nil
}

// free refuses the name of another tag.
func (l Labels) free(ctx context.Context, t sellerdesk.Tag) error {
	other, err := l.TagNamed(ctx, t.Name)
	switch {
	case sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound, err == nil && other.ID == t.ID:
		return nil
	case err != nil:
		return err
	}
	return taken("tag", other.Name)
}

// taken says that something else has a name.
func taken(what, name string) error {
	return sellerdesk.Errorf(sellerdesk.CodeConflict, "There is a %s %q already.", what, name).InField("name")
}

// changed tells everybody that tags or fields are others now.
func (l Labels) changed(what string) {
	l.journal.Add(sellerdesk.EventHouseChanged, 0, 0, sellerdesk.HouseEvent{What: what})
}
