package labelling

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

const (
	mostOptions   = 100
	longestOption = 100 // characters
)

// Fields are the verbs on what a house keeps of conversations and people beside what
// the channels tell.
type Fields struct{ deps Deps }

// NewFields makes the verbs.
func NewFields(d Deps) *Fields { return &Fields{d} }

// FieldEdit changes a field; nil leaves a property as is.
type FieldEdit struct {
	Name     *string
	Options  *[]string
	Position *int // in the order of the house, from 0
}

// List gives all fields in the order of the house, those of conversations first.
func (f *Fields) List(ctx context.Context) (list []sellerdesk.Field, err error) {
	if err := somewhere(ctx, sellerdesk.RightSee); err != nil {
		return nil, err
	}
	err = f.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Labels.Fields(ctx)
		return err
	})
	return list, err
}

// Create makes a field behind the others. Another one of the name and target is a
// conflict.
func (f *Fields) Create(ctx context.Context, in sellerdesk.Field) (field sellerdesk.Field, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
		return field, err
	}
	if in.Of == "" {
		in.Of = sellerdesk.FieldOfConversation
	}
	if in.Of != sellerdesk.FieldOfConversation && in.Of != sellerdesk.FieldOfContact {
		return field, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A field is of a conversation or of a contact.").InField("of")
	}
	if !slices.Contains(sellerdesk.FieldKinds(), in.Kind) {
		return field, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A field is a text, a number, a date, a choice or a yes.").InField("kind")
	}
	if in, err = fit(in); err != nil {
		return field, err
	}
	err = f.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if field, err = tx.Labels.AddField(ctx, in); err != nil {
			return err
		}
		return note(ctx, tx, "field", int64(field.ID), fmt.Sprintf("The field %q was made.", field.Name))
	})
	return field, err
}

// fit makes name and options of a field fit to be kept.
func fit(f sellerdesk.Field) (sellerdesk.Field, error) {
	var err error
	if f.Name, err = nameOf(f.Name, longestField); err != nil {
		return f, err
	}
	wrong := func(words string, args ...any) (sellerdesk.Field, error) {
		return f, sellerdesk.Errorf(sellerdesk.CodeInvalid, words, args...).InField("options")
	}
	if f.Kind != sellerdesk.FieldChoice {
		if len(f.Options) > 0 {
			return wrong("Only a choice has options.")
		}
		return f, nil
	}
	var options []string
	for _, typed := range f.Options {
		o := strings.Join(strings.Fields(text.Clean(typed)), " ")
		if o == "" || slices.ContainsFunc(options, func(known string) bool { return strings.EqualFold(known, o) }) {
			continue
		}
		if utf8.RuneCountInString(o) > longestOption {
			return wrong("An option has %d characters at most.", longestOption)
		}
		options = append(options, o)
	}
	if len(options) == 0 {
		return wrong("A choice needs options, one at least.")
	}
	if len(options) > mostOptions {
		return wrong("A choice has %d options at most.", mostOptions)
	}
	f.Options = options
	return f, nil
}

// Change changes a field; what it is about and its kind stay. Where it gets another
// place, the fields behind it move.
func (f *Fields) Change(ctx context.Context, id sellerdesk.FieldID, e FieldEdit) (field sellerdesk.Field, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
		return field, err
	}
	err = f.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if field, err = tx.Labels.Field(ctx, id); err != nil {
			return err
		}
		if e.Name != nil {
			field.Name = *e.Name
		}
		if e.Options != nil {
			field.Options = *e.Options
		}
		if field, err = fit(field); err != nil {
			return err
		}
		if e.Position != nil {
			if field.Position, err = move(ctx, tx, field, *e.Position); err != nil {
				return err
			}
		}
		if err := tx.Labels.ChangeField(ctx, field); err != nil {
			return err
		}
		return note(ctx, tx, "field", int64(id), fmt.Sprintf("The field %q was changed.", field.Name))
	})
	return field, err
}

// move numbers the other fields of the target anew around a place, and gives it.
func move(ctx context.Context, tx *store.Tx, field sellerdesk.Field, to int) (int, error) {
	all, err := tx.Labels.Fields(ctx)
	if err != nil {
		return 0, err
	}
	all = slices.DeleteFunc(all, func(o sellerdesk.Field) bool { return o.Of != field.Of || o.ID == field.ID })
	to = min(max(to, 0), len(all))
	for i, o := range all {
		place := i
		if i >= to {
			place++
		}
		if o.Position == place {
			continue
		}
		o.Position = place
		if err := tx.Labels.ChangeField(ctx, o); err != nil {
			return 0, err
		}
	}
	return to, nil
}

// Remove removes a field: nobody sees it or its values from now on, and its name is
// free. The values are let go by the [Sweeper].
func (f *Fields) Remove(ctx context.Context, id sellerdesk.FieldID) error {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
		return err
	}
	return f.deps.Store.Write(ctx, func(tx *store.Tx) error {
		field, err := tx.Labels.Field(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.Labels.RemoveField(ctx, id); err != nil {
			return err
		}
		return note(ctx, tx, "field", int64(id), fmt.Sprintf("The field %q was removed.", field.Name))
	})
}

// value finds the field that a change names and judges its value.
func value(ctx context.Context, tx *store.Tx, of sellerdesk.FieldTarget, c sellerdesk.FieldChange) (map[sellerdesk.FieldID]string, error) {
	all, err := tx.Labels.Fields(ctx)
	if err != nil {
		return nil, err
	}
	field, ok := named(tx, all, of, c.Field)
	if !ok {
		return nil, sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such field of a %s.", of).InField("field")
	}
	v, err := tx.Labels.ValueOf(field, c.Value)
	return map[sellerdesk.FieldID]string{field.ID: v}, err
}

// named finds a field by its name or number.
func named(tx *store.Tx, all []sellerdesk.Field, of sellerdesk.FieldTarget, name string) (sellerdesk.Field, bool) {
	name = strings.TrimSpace(name)
	i := slices.IndexFunc(all, func(f sellerdesk.Field) bool {
		return f.Of == of && (strconv.FormatInt(int64(f.ID), 10) == name || tx.Labels.Fold(f.Name) == tx.Labels.Fold(name))
	})
	if i < 0 {
		return sellerdesk.Field{}, false
	}
	return all[i], true
}

// CheckField refuses a change of a field that names none.
func CheckField(c sellerdesk.FieldChange) error {
	if strings.TrimSpace(c.Field) == "" {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name the field.").InField("field")
	}
	return nil
}

// OfConversation sets a field of a conversation. The right is the caller's matter.
func OfConversation(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID, c sellerdesk.FieldChange) error {
	if err := CheckField(c); err != nil {
		return err
	}
	fields, err := value(ctx, tx, sellerdesk.FieldOfConversation, c)
	if err != nil {
		return err
	}
	return apply(ctx, tx, id, store.LabelChange{Fields: fields})
}

// OfContact sets a field of a person. The right is the caller's matter.
func OfContact(ctx context.Context, tx *store.Tx, id sellerdesk.ContactID, c sellerdesk.FieldChange) error {
	if err := CheckField(c); err != nil {
		return err
	}
	fields, err := value(ctx, tx, sellerdesk.FieldOfContact, c)
	if err != nil {
		return err
	}
	return tx.Contacts.Label(ctx, id, nil, nil, fields)
}
