package desk

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/labelling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// The verbs on tags, fields and views and their words, which have a package of their
// own.
type (
	TagEdit   = labelling.TagEdit   // changes of a tag; nil leaves a property as is
	FieldEdit = labelling.FieldEdit // changes of a field; nil leaves a property as is
	NewView   = labelling.NewView   // a view to be kept
	ViewEdit  = labelling.ViewEdit  // changes of a view; nil leaves a property as is
)

// label puts tags on a conversation and takes some off, or sets a field of it.
func label(ctx context.Context, d Deps, in ActInput) error {
	if err := d.permit(ctx, sellerdesk.RightWork, in.Conversation); err != nil {
		return err
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error { return labelOne(ctx, tx, in) })
}

func labelOne(ctx context.Context, tx *store.Tx, in ActInput) error {
	if in.Action == sellerdesk.ActionField {
		return labelling.OfConversation(ctx, tx, in.Conversation, in.Field)
	}
	return labelling.OnConversation(ctx, tx, in.Conversation, in.Tags)
}

// Label puts tags on a person and takes some off, and sets fields. It is invalid
// where it changes nothing, and not found (field) where there is no such field.
func (c *Contacts) Label(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ContactID, tags sellerdesk.TagChange, fields []sellerdesk.FieldChange) (person sellerdesk.Contact, err error) {
	if err := c.deps.permitPeople(ctx, sellerdesk.RightWork, id); err != nil {
		return person, err
	}
	err = c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if len(tags.Add)+len(tags.Remove) > 0 || len(fields) == 0 {
			if err := labelling.OnContact(ctx, tx, id, tags); err != nil {
				return err
			}
		}
		for _, f := range fields {
			if err := labelling.OfContact(ctx, tx, id, f); err != nil {
				return err
			}
		}
		person, err = tx.Contacts.Get(ctx, id, user)
		return err
	})
	return person, err
}
