package library

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/filling"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

const (
	// Bounds of a template, in characters.
	longestName   = 120
	longestFolder = 200
	longestText   = 10_000

	mostFolders  = 5 // one in another
	mostFiles    = 10
	mostAccounts = 500
)

// Library are the verbs on texts of ours. Each person has their own; those of the
// house are everybody's, and are changed by whoever may change the house.
type Library struct {
	deps    Deps
	index   *index
	shelves shelves
}

// Deps is what the verbs stand on; Store is needed.
type Deps struct {
	Store *store.Store
	Clock sellerdesk.Clock
}

// New makes the verbs.
func New(d Deps) *Library { return &Library{deps: d, index: newIndex()} }

// Change changes a template; nil leaves a field as is.
type Change struct {
	Folder, Name, Text *string
	Files              *[]sellerdesk.FileID // uploaded before, in order
	Accounts           *[]sellerdesk.AccountID
	Kinds              *[]sellerdesk.Kind
}

// Get gives one text of the house or of the person.
func (l *Library) Get(ctx context.Context, user sellerdesk.UserID, id sellerdesk.TemplateID) (t sellerdesk.Template, err error) {
	if err := somewhere(ctx, sellerdesk.RightSee); err != nil {
		return t, err
	}
	err = l.deps.Store.Read(ctx, func(tx *store.Tx) error {
		t, err = tx.Library.Get(ctx, user, id)
		return err
	})
	return t, err
}

// somewhere refuses those who hold a right in no cabinet at all.
func somewhere(ctx context.Context, right sellerdesk.Right) error {
	if sellerdesk.AccessOf(ctx).MaySomewhere(right) {
		return nil
	}
	return sellerdesk.Allow(ctx, right, 0)
}

// may refuses who may not change a text of an owner (nil: the house).
func may(ctx context.Context, owner *sellerdesk.UserID) error {
	if owner == nil {
		return sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0)
	}
	return somewhere(ctx, sellerdesk.RightWork)
}

// Create keeps a new text: one of the house, or the person's own. It is invalid in
// the field that is wrong, and in conflict (field name) where its folder has one of
// this name.
func (l *Library) Create(ctx context.Context, user sellerdesk.UserID, house bool, in Change) (sellerdesk.Template, error) {
	t := sellerdesk.Template{Files: []sellerdesk.File{}, Accounts: []sellerdesk.AccountID{}, Kinds: []sellerdesk.Kind{}}
	if !house {
		t.User = &user
	}
	if in.Name == nil {
		in.Name = new(string)
	}
	if in.Text == nil {
		in.Text = new(string)
	}
	err := l.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		t, _, err = put(ctx, tx, user, t, in)
		return err
	})
	return t, err
}

// Change changes a text and gives it as it is then.
func (l *Library) Change(ctx context.Context, user sellerdesk.UserID, id sellerdesk.TemplateID, in Change) (t sellerdesk.Template, err error) {
	err = l.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if t, err = tx.Library.Get(ctx, user, id); err != nil {
			return err
		}
		t, _, err = put(ctx, tx, user, t, in)
		return err
	})
	return t, err
}

// Remove forgets a text. What was said with it stays as it is.
func (l *Library) Remove(ctx context.Context, user sellerdesk.UserID, id sellerdesk.TemplateID) error {
	return l.deps.Store.Write(ctx, func(tx *store.Tx) error {
		t, err := tx.Library.Get(ctx, user, id)
		if err != nil {
			return err
		}
		if err := may(ctx, t.User); err != nil {
			return err
		}
		if _, err := tx.Library.Remove(ctx, user, id); err != nil {
			return err
		}
		return note(ctx, tx, t, "The template %q was removed.")
	})
}

// put judges a change of a text and keeps it.
func put(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, t sellerdesk.Template, in Change) (out sellerdesk.Template, changed bool, err error) {
	if err := may(ctx, t.User); err != nil {
		return out, false, err
	}
	made := t.ID == 0
	if t, err = judge(ctx, tx, t, in); err != nil {
		return out, false, err
	}
	if out, changed, err = tx.Library.Put(ctx, user, t); err != nil || !changed {
		return out, false, err
	}
	sentence := "The template %q was changed."
	if made {
		sentence = "The template %q was made."
	}
	return out, true, note(ctx, tx, out, sentence)
}

// note writes a change of what everybody uses into the audit.
func note(ctx context.Context, tx *store.Tx, t sellerdesk.Template, sentence string) error {
	if t.User != nil {
		return nil
	}
	return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditSettingChanged, Text: fmt.Sprintf(sentence, t.Name), Data: map[string]any{"template": t.ID}})
}

// judge gives a text as a change leaves it.
func judge(ctx context.Context, tx *store.Tx, t sellerdesk.Template, in Change) (sellerdesk.Template, error) {
	var err error
	if in.Folder != nil {
		if t.Folder, err = Folder(*in.Folder); err != nil {
			return t, err
		}
	}
	if in.Name != nil {
		t.Name = oneLine(*in.Name)
		if n := utf8.RuneCountInString(t.Name); n == 0 || n > longestName {
			return t, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The name needs 1 to %d characters.", longestName).InField("name")
		}
	}
	if in.Text != nil {
		if t.Text, err = judgeText(*in.Text); err != nil {
			return t, err
		}
	}
	if in.Kinds != nil {
		if t.Kinds, err = judgeKinds(*in.Kinds); err != nil {
			return t, err
		}
	}
	if in.Accounts != nil {
		if t.Accounts, err = judgeAccounts(ctx, tx, *in.Accounts); err != nil {
			return t, err
		}
	}
	if in.Files != nil {
		t.Files, err = judgeFiles(ctx, tx, t.Files, *in.Files)
	}
	return t, err
}

func oneLine(s string) string { return strings.Join(strings.Fields(text.Clean(s)), " ") }

// Folder tidies the name of a folder: names with "/" between them, without space
// around. It is invalid (field folder) when it is too long or too deep.
func Folder(s string) (string, error) {
	var names []string
	for name := range strings.SplitSeq(s, "/") {
		if name = oneLine(name); name != "" {
			names = append(names, name)
		}
	}
	out := strings.Join(names, "/")
	if utf8.RuneCountInString(out) > longestFolder || len(names) > mostFolders {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "A folder has up to %d characters and stands in up to %d others.", longestFolder, mostFolders-1).InField("folder")
	}
	return out, nil
}

func judgeText(s string) (string, error) {
	s = strings.TrimSpace(text.Clean(s))
	if n := utf8.RuneCountInString(s); n == 0 || n > longestText {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "The text needs 1 to %d characters.", longestText).InField("text")
	}
	if _, err := filling.Parse([]string{s}); err != nil {
		return "", inField(err, "text")
	}
	return s, nil
}

// inField says an error about another field.
func inField(err error, field string) error {
	return sellerdesk.Errorf(sellerdesk.CodeOf(err), "%s", err.Error()).InField(field)
}

func judgeKinds(kinds []sellerdesk.Kind) ([]sellerdesk.Kind, error) {
	out := []sellerdesk.Kind{}
	for _, k := range sellerdesk.Kinds() { // in the order of the screens, each once
		if slices.Contains(kinds, k) {
			out = append(out, k)
		}
	}
	for _, k := range kinds {
		if !slices.Contains(out, k) {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There are no conversations of the kind %q.", text.Cut(text.Clean(string(k)), 40)).InField("kinds")
		}
	}
	return out, nil
}

// judgeAccounts lets nobody name cabinets that are not there for them.
func judgeAccounts(ctx context.Context, tx *store.Tx, ids []sellerdesk.AccountID) ([]sellerdesk.AccountID, error) {
	if len(ids) > mostAccounts {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There are up to %d accounts; name none for all.", mostAccounts).InField("accounts")
	}
	out := slices.Clone(ids)
	slices.Sort(out)
	out = slices.Compact(out)
	for _, id := range out {
		_, err := tx.Accounts.Get(ctx, id)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no account %d.", id).InField("accounts")
		}
		if err != nil {
			return nil, err
		}
	}
	return append([]sellerdesk.AccountID{}, out...), nil
}

// judgeFiles gives the files that are named: those the text has, and uploaded ones
// that no message carries, since what stands in a cabinet is not for everybody.
func judgeFiles(ctx context.Context, tx *store.Tx, has []sellerdesk.File, ids []sellerdesk.FileID) ([]sellerdesk.File, error) {
	if len(ids) > mostFiles {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d files go with a template.", mostFiles).InField("files")
	}
	out := []sellerdesk.File{}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "File %d is attached twice.", id).InField("files")
		}
		if n := slices.IndexFunc(has, func(f sellerdesk.File) bool { return f.ID == id }); n >= 0 {
			out = append(out, has[n])
			continue
		}
		f, origin, err := tx.Files.Get(ctx, id)
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return nil, err
		}
		if err != nil || f.Hash == "" || origin.Message != 0 {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no uploaded file %s.", strconv.FormatInt(int64(id), 10)).InField("files")
		}
		out = append(out, f)
	}
	return out, nil
}
