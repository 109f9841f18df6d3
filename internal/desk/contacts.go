package desk

import (
	"context"
	"fmt"
	"io"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/exporting"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Contacts are the verbs on the people behind conversations.
type Contacts struct{ deps Deps }

// Merge says that a person is the same as another: everything of from, with those
// who are in it, shows as into from now on. Nothing is moved, so that
// [Contacts.Unmerge] takes it back whole. The same twice is invalid, two that are
// one already a conflict, as is one that is part of another person.
func (c *Contacts) Merge(ctx context.Context, user sellerdesk.UserID, into, from sellerdesk.ContactID) error {
	if err := c.deps.permitPeople(ctx, sellerdesk.RightWork, into, from); err != nil {
		return err
	}
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Contacts.Merge(ctx, user, into, from) })
}

// Unmerge takes a person out of another, who into stands for, with those who are
// in it. It is a conflict where it is no part of that one, also when somebody else
// has just taken it out.
func (c *Contacts) Unmerge(ctx context.Context, user sellerdesk.UserID, into, from sellerdesk.ContactID) error {
	if err := c.deps.permitPeople(ctx, sellerdesk.RightWork, into, from); err != nil {
		return err
	}
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Contacts.Hold(ctx); err != nil {
			return err
		}
		mine, err := tx.Contacts.Person(ctx, into)
		if err != nil {
			return err
		}
		theirs, err := tx.Contacts.Person(ctx, from)
		if err == nil && mine != theirs {
			err = sellerdesk.Errorf(sellerdesk.CodeConflict, "Person %d is not part of person %d.", from, into).InField("contact")
		}
		if err != nil {
			return err
		}
		return tx.Contacts.Unmerge(ctx, user, from)
	})
}

// Note writes something down about a person, 1 to 4,000 characters (field text),
// and gives it as the history shows it. Buyers never see it.
func (c *Contacts) Note(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ContactID, text string) (sellerdesk.ContactEntry, error) {
	if err := c.deps.permitPeople(ctx, sellerdesk.RightWork, id); err != nil {
		return sellerdesk.ContactEntry{}, err
	}
	var note sellerdesk.ContactEntry
	err := c.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		note, err = tx.Contacts.Note(ctx, user, id, text)
		return err
	})
	return note, err
}

// Dismiss says that two people whom something suggested to be the same are not;
// the same evidence does not suggest it again. Where nothing did, it is not found.
func (c *Contacts) Dismiss(ctx context.Context, user sellerdesk.UserID, id, other sellerdesk.ContactID) error {
	if err := c.deps.permitPeople(ctx, sellerdesk.RightWork, id, other); err != nil {
		return err
	}
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Contacts.Dismiss(ctx, user, id, other) })
}

// Export writes one contact as JSON: its name, what it is known by, notes,
// conversations with their messages and the names and hashes of their files; what
// is its own, whatever it is merged with. It is read in small steps, so that a
// slow reader keeps no transaction open, and takes the same small memory however
// much there is. Nothing is written when it is not there. What belongs to cabinets
// in which whoever asks may not export is left out.
func (c *Contacts) Export(ctx context.Context, id sellerdesk.ContactID, to io.Writer) error {
	if err := c.deps.permitPeople(ctx, sellerdesk.RightExport, id); err != nil {
		return err
	}
	if err := exporting.NoteContact(ctx, c.deps.Store, id); err != nil {
		return err
	}
	if !everywhere(ctx, sellerdesk.RightExport) {
		ctx = sellerdesk.WithAccess(ctx, sellerdesk.AccessOf(ctx).Where(sellerdesk.RightExport))
	}
	var place store.ExportPlace
	for !place.Done() {
		var piece []byte
		err := c.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
			piece, place, err = tx.Contacts.Export(ctx, id, place)
			return err
		})
		if err != nil {
			return err
		}
		if _, err := to.Write(piece); err != nil {
			return fmt.Errorf("write an export: %w", err)
		}
	}
	return nil
}
