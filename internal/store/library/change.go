package library

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// changed is what an event says of a change of any text.
const changed = "templates"

// hold counts a change of the texts of an owner (0: the house) and keeps others from
// changing them until the transaction ends. It gives the number of the change.
func (l Library) hold(ctx context.Context, owner sellerdesk.UserID) (rev int64, err error) {
	err = l.w.One(ctx, `INSERT INTO libraries (user_id, rev) VALUES ($1, 1)
		ON CONFLICT (user_id) DO UPDATE SET rev = libraries.rev + 1 RETURNING rev`, []any{int64(owner)}, &rev)
	if err != nil {
		return 0, fmt.Errorf("hold the templates of user %d: %w", owner, err)
	}
	return rev, nil
}

// tell tells that something changed, once in a transaction.
func (l Library) tell() {
	if !*l.told {
		*l.told = true
		l.journal.Add(sellerdesk.EventHouseChanged, 0, 0, sellerdesk.HouseEvent{What: changed})
	}
}

// Put keeps a text: a new one where its id is 0, else in place of the one before,
// whose owner it keeps. Accounts that whoever asks may not see stay as they are.
// It is in conflict (field name) where the owner has another of this folder and
// name, or too many, and not found where the text is not there. An event tells of
// it where something changed.
func (l Library) Put(ctx context.Context, user sellerdesk.UserID, t sellerdesk.Template) (out sellerdesk.Template, isChanged bool, err error) {
	before := Kept{Template: sellerdesk.Template{User: t.User}}
	if t.ID != 0 {
		if before, err = l.one(ctx, user, t.ID); err != nil {
			return out, false, err
		}
	}
	rev, err := l.hold(ctx, owner(before.User))
	if err != nil {
		return out, false, err
	}
	if t.ID != 0 {
		if before, err = l.one(ctx, user, t.ID); err != nil { // as it is now that nobody else changes it
			return out, false, err
		}
		if Same(before.Template, t) {
			return before.Template, false, nil
		}
	}
	t.User, t.Rev = before.User, rev
	if err := l.judge(ctx, t); err != nil {
		return out, false, err
	}
	hidden := slices.DeleteFunc(slices.Clone(before.All), engine.Seen(ctx).Has)
	if t.ID, err = l.save(ctx, t, append(hidden, t.Accounts...)); err != nil {
		return out, false, err
	}
	l.tell()
	if before.ID == 0 { // nothing else is known of it
		t.UpdatedAt, t.Uses, t.UsedAt = l.w.Now(), 0, nil
		return t, true, nil
	}
	out, err = l.Get(ctx, user, t.ID)
	return out, true, err
}

// Same tells whether two texts say the same in the same place.
func Same(a, b sellerdesk.Template) bool {
	ids := func(list []sellerdesk.File) []sellerdesk.FileID {
		out := make([]sellerdesk.FileID, len(list))
		for i, f := range list {
			out[i] = f.ID
		}
		return out
	}
	return a.Folder == b.Folder && a.Name == b.Name && a.Text == b.Text && slices.Equal(a.Kinds, b.Kinds) &&
		slices.Equal(sorted(a.Accounts), sorted(b.Accounts)) && slices.Equal(ids(a.Files), ids(b.Files))
}

func sorted(ids []sellerdesk.AccountID) []sellerdesk.AccountID {
	out := slices.Clone(ids)
	slices.Sort(out)
	return out
}

// judge refuses a second text of one name, and too many.
func (l Library) judge(ctx context.Context, t sellerdesk.Template) error {
	var other int64
	err := l.w.One(ctx, `SELECT id FROM templates WHERE user_id = $1 AND folded = $2`, []any{int64(owner(t.User)), Folded(t.Folder, t.Name)}, &other)
	switch {
	case err == nil && other != int64(t.ID):
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "This folder has a template of this name already.").InField("name")
	case err != nil && !errors.Is(err, engine.ErrNoRow):
		return fmt.Errorf("look for a template: %w", err)
	case t.ID != 0:
		return nil
	}
	var n int
	if err := l.w.One(ctx, `SELECT COUNT(*) FROM templates WHERE user_id = $1`, []any{int64(owner(t.User))}, &n); err != nil {
		return fmt.Errorf("count templates: %w", err)
	}
	if n >= Most {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "There are %d templates, which is the most there may be: remove some first.", n).InField("name")
	}
	return nil
}

func (l Library) save(ctx context.Context, t sellerdesk.Template, all []sellerdesk.AccountID) (sellerdesk.TemplateID, error) {
	accounts, err := pack(sorted(all))
	if err != nil {
		return 0, err
	}
	kinds, err := pack(t.Kinds)
	if err != nil {
		return 0, err
	}
	values := []any{int64(owner(t.User)), t.Folder, t.Name, Folded(t.Folder, t.Name), t.Text, accounts, kinds, l.w.Now().Millis(), t.Rev}
	if t.ID == 0 {
		ids, err := l.w.InsertMany(ctx, `INSERT INTO templates (user_id, folder, name, folded, body, accounts, kinds, updated_at, rev)`, len(values), ` RETURNING id`, values)
		if err != nil {
			return 0, fmt.Errorf("keep a template: %w", err)
		}
		t.ID = sellerdesk.TemplateID(ids[0])
		return t.ID, l.addFilesOf(ctx, t)
	}
	if _, err := l.w.Exec(ctx, `UPDATE templates SET user_id = $1, folder = $2, name = $3, folded = $4, body = $5, accounts = $6, kinds = $7,
		updated_at = $8, rev = $9 WHERE id = $10`, append(values, int64(t.ID))...); err != nil {
		return 0, fmt.Errorf("change template %d: %w", t.ID, err)
	}
	if _, err := l.w.Exec(ctx, `DELETE FROM template_files WHERE template_id = $1`, int64(t.ID)); err != nil {
		return 0, fmt.Errorf("change the files of template %d: %w", t.ID, err)
	}
	return t.ID, l.addFilesOf(ctx, t)
}

func (l Library) addFilesOf(ctx context.Context, t sellerdesk.Template) error {
	values := make([]any, 0, 3*len(t.Files))
	for i, f := range t.Files {
		values = append(values, int64(t.ID), i, int64(f.ID))
	}
	if _, err := l.w.InsertMany(ctx, `INSERT INTO template_files (template_id, position, file_id)`, 3, ``, values); err != nil {
		return fmt.Errorf("keep the files of template %d: %w", t.ID, err)
	}
	return nil
}

// Remove forgets a text and gives it as it was. Its files stay with the messages
// that carried them.
func (l Library) Remove(ctx context.Context, user sellerdesk.UserID, id sellerdesk.TemplateID) (sellerdesk.Template, error) {
	before, err := l.one(ctx, user, id)
	if err != nil {
		return sellerdesk.Template{}, err
	}
	if _, err := l.hold(ctx, owner(before.User)); err != nil {
		return sellerdesk.Template{}, err
	}
	for _, q := range []string{`DELETE FROM template_files WHERE template_id = $1`, `DELETE FROM template_uses WHERE template_id = $1`, `DELETE FROM templates WHERE id = $1`} {
		if _, err := l.w.Exec(ctx, q, int64(id)); err != nil {
			return sellerdesk.Template{}, fmt.Errorf("remove template %d: %w", id, err)
		}
	}
	l.tell()
	return before.Template, nil
}

// Used counts that a text was said in an account. One that is not there, as one
// that was removed while somebody wrote, is not counted.
func (l Library) Used(ctx context.Context, user sellerdesk.UserID, id sellerdesk.TemplateID, account sellerdesk.AccountID) error {
	_, err := l.w.Exec(ctx, `INSERT INTO template_uses (template_id, account_id, uses, used_at)
		SELECT t.id, $1, 1, $2 FROM templates t WHERE t.id = $3 AND (t.user_id = 0 OR t.user_id = $4)
		ON CONFLICT (template_id, account_id) DO UPDATE SET uses = template_uses.uses + 1, used_at = excluded.used_at`,
		int64(account), l.w.Now().Millis(), int64(id), int64(user))
	if err != nil {
		return fmt.Errorf("count a use of template %d: %w", id, err)
	}
	return nil
}
