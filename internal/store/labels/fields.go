package labels

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// longestValue bounds what a field holds, in characters.
const longestValue = 500

const fieldColumns = `id, name, target, kind, options, position`

func scanField(s engine.Scanner) (f sellerdesk.Field, err error) {
	var options string
	if err = s.Scan(&f.ID, &f.Name, &f.Of, &f.Kind, &options, &f.Position); err != nil {
		return f, err
	}
	if err = json.Unmarshal([]byte(options), &f.Options); err != nil {
		return f, fmt.Errorf("read the options of field %d: %w", f.ID, err)
	}
	return f, nil
}

// Fields gives all fields in the order of the house: those of conversations first.
func (l Labels) Fields(ctx context.Context) ([]sellerdesk.Field, error) {
	rows, err := l.w.Query(ctx, `SELECT `+fieldColumns+` FROM fields WHERE `+there+` ORDER BY target DESC, position, id`)
	all, err := engine.Collect(rows, err, scanField)
	if err != nil {
		return nil, fmt.Errorf("read the fields: %w", err)
	}
	return all, nil
}

// Field gives one field.
func (l Labels) Field(ctx context.Context, id sellerdesk.FieldID) (f sellerdesk.Field, err error) {
	all, err := l.Fields(ctx)
	if err != nil {
		return f, err
	}
	if i := slices.IndexFunc(all, func(f sellerdesk.Field) bool { return f.ID == id }); i >= 0 {
		return all[i], nil
	}
	return f, engine.Found(engine.ErrNoRow, "field")
}

// AddField makes a field behind the others of its target. Another one of the name
// is a conflict.
func (l Labels) AddField(ctx context.Context, f sellerdesk.Field) (sellerdesk.Field, error) {
	all, err := l.Fields(ctx)
	if err != nil {
		return f, err
	}
	n := 0
	f.Position = 0
	for _, o := range all {
		if o.Of == f.Of {
			n, f.Position = n+1, max(f.Position, o.Position+1)
		}
	}
	if n >= MostFields {
		return f, sellerdesk.Errorf(sellerdesk.CodeLimited, "There are %d fields, and no more can be made.", MostFields).InField("name")
	}
	if err := freeField(all, f); err != nil {
		return f, err
	}
	options, err := optionsOf(&f)
	if err != nil {
		return f, err
	}
	ids, err := l.w.InsertMany(ctx, `INSERT INTO fields (name, folded, target, kind, options, position)`, 6, ` ON CONFLICT (target, folded) DO NOTHING RETURNING id`,
		[]any{f.Name, Fold(f.Name), string(f.Of), string(f.Kind), options, f.Position})
	if err != nil {
		return f, fmt.Errorf("make a field: %w", err)
	}
	if len(ids) == 0 {
		return f, taken("field", f.Name) // somebody made it at the same moment
	}
	f.ID = sellerdesk.FieldID(ids[0])
	l.changed("fields")
	return f, nil
}

// ChangeField gives a field another name, other options or another place; what
// it is about and its kind stay. Values that were chosen before stay where their
// option is gone.
func (l Labels) ChangeField(ctx context.Context, f sellerdesk.Field) error {
	all, err := l.Fields(ctx)
	if err != nil {
		return err
	}
	if err := freeField(all, f); err != nil {
		return err
	}
	options, err := optionsOf(&f)
	if err != nil {
		return err
	}
	n, err := l.w.Exec(ctx, `UPDATE fields SET name = $2, folded = $3, options = $4, position = $5 WHERE id = $1 AND `+there, int64(f.ID), f.Name, Fold(f.Name), options, f.Position)
	if err != nil {
		return fmt.Errorf("change a field: %w", err)
	}
	if n == 0 {
		return engine.Found(engine.ErrNoRow, "field")
	}
	l.changed("fields")
	return nil
}

func freeField(all []sellerdesk.Field, f sellerdesk.Field) error {
	for _, o := range all {
		if o.ID != f.ID && o.Of == f.Of && Fold(o.Name) == Fold(f.Name) {
			return taken("field", o.Name)
		}
	}
	return nil
}

func optionsOf(f *sellerdesk.Field) (string, error) {
	if f.Options == nil {
		f.Options = []string{}
	}
	b, err := json.Marshal(f.Options)
	return string(b), err
}

var decimal = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,9})?$`)

// ValueOf gives what a field keeps of what was typed: "" where nothing was. What
// does not fit the kind of the field is invalid, in the field value.
func (Labels) ValueOf(f sellerdesk.Field, typed string) (string, error) {
	v := strings.TrimSpace(text.Clean(typed))
	if v == "" {
		return "", nil
	}
	wrong := func(words string, args ...any) (string, error) {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, words, args...).InField("value")
	}
	switch f.Kind {
	case sellerdesk.FieldNumber:
		v = strings.NewReplacer(" ", "", "\u00a0", "", ",", ".", "−", "-").Replace(v)
		if !decimal.MatchString(v) {
			return wrong("%q takes a number, as 1299.50.", f.Name)
		}
		return canonical(v), nil
	case sellerdesk.FieldDate:
		for _, form := range []string{time.DateOnly, "2.1.2006"} {
			if t, err := time.Parse(form, v); err == nil && t.Year() > 0 {
				return t.Format(time.DateOnly), nil
			}
		}
		return wrong("%q takes a day, as 2026-11-21 or 21.11.2026.", f.Name)
	case sellerdesk.FieldChoice:
		for _, o := range f.Options {
			if Fold(o) == Fold(v) {
				return o, nil
			}
		}
		return wrong("%q takes one of its options.", f.Name)
	case sellerdesk.FieldYes:
		switch Fold(v) {
		case "yes", "true", "да", "1":
			return "yes", nil
		case "no", "false", "нет", "0":
			return "", nil
		}
		return wrong("%q takes yes or nothing.", f.Name)
	default:
		if utf8.RuneCountInString(v) > longestValue {
			return wrong("%q takes %d characters at most.", f.Name, longestValue)
		}
		return v, nil
	}
}

// canonical writes a decimal number without what does not count.
func canonical(v string) string {
	sign, digits := "", v
	if rest, negative := strings.CutPrefix(v, "-"); negative {
		sign, digits = "-", rest
	}
	whole, part, _ := strings.Cut(digits, ".")
	whole, part = strings.TrimLeft(whole, "0"), strings.TrimRight(part, "0")
	if whole == "" {
		whole = "0"
	}
	if part != "" {
		whole += "." + part
	}
	if whole == "0" {
		return whole
	}
	return sign + whole
}
