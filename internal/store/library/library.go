package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Most bounds how many texts one owner has: all of them are looked through while
// somebody types.
const Most = 10_000

// Library are the texts of the house and of people.
type Library struct {
	w       *engine.Work
	journal *journal.Journal
	beside  Beside
	told    *bool // the transaction has told that something changed
}

// Beside is what stands in other handles of the transaction.
type Beside struct {
	// Files gives files by their ids, without looking at who asks.
	Files func(context.Context, []sellerdesk.FileID) (map[sellerdesk.FileID]sellerdesk.File, error)
}

// New makes the handle of a transaction.
func New(w *engine.Work, j *journal.Journal, b Beside) Library { return Library{w, j, b, new(bool)} }

// Kept is a text as it is kept: with all accounts that it is for, also those that
// whoever asks may not see.
type Kept struct {
	sellerdesk.Template
	All    []sellerdesk.AccountID
	folded string
}

// Folded is a folder and a name as they are compared: no two texts of one owner
// have the same.
func Folded(folder, name string) string { return text.Fold(folder) + "\n" + text.Fold(name) }

// compare orders texts by folder and name, those of the house before those of a
// person.
func compare(a, b Kept) int {
	if c := strings.Compare(a.folded, b.folded); c != 0 {
		return c
	}
	return int(owner(a.User)) - int(owner(b.User))
}

func owner(id *sellerdesk.UserID) sellerdesk.UserID {
	if id == nil {
		return 0
	}
	return *id
}

const columns = `t.id, t.user_id, t.folder, t.name, t.folded, t.body, t.accounts, t.kinds, t.updated_at, t.rev`

func scan(s engine.Scanner) (k Kept, err error) {
	var user sellerdesk.UserID
	var accounts, kinds string
	var at int64
	if err := s.Scan(&k.ID, &user, &k.Folder, &k.Name, &k.folded, &k.Text, &accounts, &kinds, &at, &k.Rev); err != nil {
		return k, err
	}
	if user != 0 {
		k.User = &user
	}
	k.UpdatedAt, k.Files, k.Kinds = sellerdesk.AtMillis(at), []sellerdesk.File{}, []sellerdesk.Kind{}
	if err := errors.Join(unpack(accounts, &k.All), unpack(kinds, &k.Kinds)); err != nil {
		return k, fmt.Errorf("read template %d: %w", k.ID, err)
	}
	return k, nil
}

// unpack reads a list; "" is the empty one.
func unpack[T any](kept string, list *[]T) error {
	if kept == "" {
		return nil
	}
	return json.Unmarshal([]byte(kept), list)
}

func pack[T any](list []T) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	b, err := json.Marshal(list)
	return string(b), err
}

// show leaves of a text what whoever asks may know; false where that is nothing.
func (k *Kept) show(seen engine.Scope) bool {
	k.Accounts = []sellerdesk.AccountID{}
	for _, id := range k.All {
		if seen.Has(id) {
			k.Accounts = append(k.Accounts, id)
		}
	}
	return k.User != nil || len(k.All) == 0 || len(k.Accounts) > 0
}

// List gives the texts of the house and of a person (0: of the house only), as far
// as whoever asks may see them, by folder and name.
func (l Library) List(ctx context.Context, user sellerdesk.UserID) ([]sellerdesk.Template, error) {
	kept, err := l.read(ctx, `t.user_id = $1 OR t.user_id = $2`, 0, int64(user))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(kept, compare)
	list := make([]sellerdesk.Template, len(kept))
	for i, k := range kept {
		list[i] = k.Template
	}
	return list, nil
}

// read gives the texts of a condition that whoever asks may see, complete.
func (l Library) read(ctx context.Context, where string, args ...any) ([]Kept, error) {
	rows, err := l.w.Query(ctx, `SELECT `+columns+` FROM templates t WHERE `+where, args...)
	list, err := engine.Collect(rows, err, scan)
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	seen := engine.Seen(ctx)
	list = slices.DeleteFunc(list, func(k Kept) bool { return !k.show(seen) })
	for i := range list {
		list[i].show(seen) // the deleting moved them
	}
	place := make(map[sellerdesk.TemplateID]*Kept, len(list))
	for i := range list {
		place[list[i].ID] = &list[i]
	}
	if len(place) == 0 {
		return list, nil
	}
	return list, errors.Join(l.addUses(ctx, place, where, args), l.addFiles(ctx, place, where, args))
}

// addUses fills in how often texts were said where whoever asks may see it.
func (l Library) addUses(ctx context.Context, place map[sellerdesk.TemplateID]*Kept, where string, args []any) error {
	condition, args := engine.Seen(ctx).In("u.account_id", args)
	rows, err := l.w.Query(ctx, `SELECT u.template_id, CAST(SUM(u.uses) AS BIGINT), MAX(u.used_at) FROM templates t JOIN template_uses u ON u.template_id = t.id
		WHERE (`+where+`) AND `+condition+` GROUP BY u.template_id`, args...)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (none struct{}, err error) {
		var id sellerdesk.TemplateID
		var uses, at int64
		if err = s.Scan(&id, &uses, &at); err == nil && place[id] != nil {
			place[id].Uses, place[id].UsedAt = int(uses), engine.Moment(&at)
		}
		return none, err
	})
	if err != nil {
		return fmt.Errorf("read the uses of templates: %w", err)
	}
	return nil
}

// addFiles fills in the files.
func (l Library) addFiles(ctx context.Context, place map[sellerdesk.TemplateID]*Kept, where string, args []any) error {
	type attached struct {
		template sellerdesk.TemplateID
		file     sellerdesk.FileID
	}
	rows, err := l.w.Query(ctx, `SELECT f.template_id, f.file_id FROM templates t JOIN template_files f ON f.template_id = t.id
		WHERE `+where+` ORDER BY f.template_id, f.position`, args...)
	list, err := engine.Collect(rows, err, func(s engine.Scanner) (a attached, err error) {
		err = s.Scan(&a.template, &a.file)
		return a, err
	})
	if err != nil {
		return fmt.Errorf("read the files of templates: %w", err)
	}
	ids := make([]sellerdesk.FileID, len(list))
	for i, a := range list {
		ids[i] = a.file
	}
	files, err := l.beside.Files(ctx, ids)
	if err != nil {
		return err
	}
	for _, a := range list {
		if f, there := files[a.file]; there && place[a.template] != nil {
			place[a.template].Files = append(place[a.template].Files, f)
		}
	}
	return nil
}

// Get gives a text of the house or of a person. Those of others are not there.
func (l Library) Get(ctx context.Context, user sellerdesk.UserID, id sellerdesk.TemplateID) (sellerdesk.Template, error) {
	k, err := l.one(ctx, user, id)
	return k.Template, err
}

func (l Library) one(ctx context.Context, user sellerdesk.UserID, id sellerdesk.TemplateID) (Kept, error) {
	list, err := l.read(ctx, `t.id = $1 AND (t.user_id = 0 OR t.user_id = $2)`, int64(id), int64(user))
	if err == nil && len(list) == 0 {
		err = engine.Found(engine.ErrNoRow, "template")
	}
	if err != nil {
		return Kept{}, err
	}
	return list[0], nil
}
