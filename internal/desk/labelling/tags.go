package labelling

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Deps is what the verbs stand on. Store is needed.
type Deps struct {
	Store *store.Store
}

const (
	longestTag   = 40  // characters
	longestField = 60  // characters
	mostNames    = 200 // of one change
)

// Tags are the verbs on tags.
type Tags struct{ deps Deps }

// NewTags makes the verbs.
func NewTags(d Deps) *Tags { return &Tags{d} }

// TagEdit changes a tag; nil leaves a field as is.
type TagEdit struct {
	Name  *string
	Color *int // 0 to 11
}

// somewhere refuses those who hold a right in no cabinet at all.
func somewhere(ctx context.Context, right sellerdesk.Right) error {
	if sellerdesk.AccessOf(ctx).MaySomewhere(right) {
		return nil
	}
	return sellerdesk.Allow(ctx, right, 0)
}

// List gives all tags by name, with how often each is used where whoever asks sees
// it.
func (t *Tags) List(ctx context.Context) (list []sellerdesk.UsedTag, err error) {
	if err := somewhere(ctx, sellerdesk.RightSee); err != nil {
		return nil, err
	}
	err = t.deps.Store.Read(ctx, func(tx *store.Tx) error {
		tags, err := tx.Labels.Tags(ctx)
		if err != nil {
			return err
		}
		uses, err := tx.Labels.Uses(ctx)
		for _, tag := range tags {
			list = append(list, sellerdesk.UsedTag{Tag: tag, Conversations: uses[tag.ID]})
		}
		return err
	})
	return list, err
}

// Create makes a tag, which whoever works may do. Color is 0 to 11; nil: the next
// one. Another tag of the name is a conflict.
func (t *Tags) Create(ctx context.Context, name string, color *int) (tag sellerdesk.UsedTag, err error) {
	if err := somewhere(ctx, sellerdesk.RightWork); err != nil {
		return tag, err
	}
	if name, err = tagName(name); err != nil {
		return tag, err
	}
	err = t.deps.Store.Write(ctx, func(tx *store.Tx) error {
		tag.Tag, err = create(ctx, tx, name, color)
		return err
	})
	return tag, err
}

func create(ctx context.Context, tx *store.Tx, name string, color *int) (sellerdesk.Tag, error) {
	if color == nil {
		all, err := tx.Labels.Tags(ctx)
		if err != nil {
			return sellerdesk.Tag{}, err
		}
		next := len(all) % sellerdesk.TagColors
		color = &next
	}
	if err := checkColor(*color); err != nil {
		return sellerdesk.Tag{}, err
	}
	tag, err := tx.Labels.AddTag(ctx, name, *color)
	if err != nil {
		return tag, err
	}
	return tag, note(ctx, tx, "tag", int64(tag.ID), fmt.Sprintf("The tag %q was made.", tag.Name))
}

// Change gives a tag another name or colour. A name of another tag is a conflict.
func (t *Tags) Change(ctx context.Context, id sellerdesk.TagID, e TagEdit) (tag sellerdesk.UsedTag, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
		return tag, err
	}
	err = t.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if tag.Tag, err = tx.Labels.Tag(ctx, id); err != nil {
			return err
		}
		if e.Name != nil {
			if tag.Name, err = tagName(*e.Name); err != nil {
				return err
			}
		}
		if e.Color != nil {
			tag.Color = *e.Color
		}
		if err := checkColor(tag.Color); err != nil {
			return err
		}
		if err := tx.Labels.ChangeTag(ctx, tag.Tag); err != nil {
			return err
		}
		uses, err := tx.Labels.Uses(ctx)
		if err != nil {
			return err
		}
		tag.Conversations = uses[id]
		return note(ctx, tx, "tag", int64(id), fmt.Sprintf("The tag %q was changed.", tag.Name))
	})
	return tag, err
}

// Remove removes a tag: nobody sees it from now on, and its name is free. What
// carried it is let go by the [Sweeper].
func (t *Tags) Remove(ctx context.Context, id sellerdesk.TagID) error {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
		return err
	}
	return t.deps.Store.Write(ctx, func(tx *store.Tx) error {
		tag, err := tx.Labels.Tag(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.Labels.RemoveTag(ctx, id); err != nil {
			return err
		}
		return note(ctx, tx, "tag", int64(id), fmt.Sprintf("The tag %q was removed.", tag.Name))
	})
}

// Resolve finds the tags that a change names, and makes those to be put on that are
// not there. A tag to be taken off that is not there is passed over.
func Resolve(ctx context.Context, tx *store.Tx, c sellerdesk.TagChange) (out store.LabelChange, err error) {
	if len(c.Add)+len(c.Remove) > mostNames {
		return out, sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d tags can be named at once.", mostNames).InField("tags")
	}
	for _, named := range c.Add {
		tag, err := find(ctx, tx, named)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			name, wrong := tagName(named)
			if wrong != nil {
				return out, wrong
			}
			if tag, err = create(ctx, tx, name, nil); sellerdesk.CodeOf(err) == sellerdesk.CodeConflict {
				tag, err = find(ctx, tx, named) // somebody made it at the same moment
			}
		}
		if err != nil {
			return out, err
		}
		out.Add = append(out.Add, tag.ID)
	}
	for _, named := range c.Remove {
		tag, err := find(ctx, tx, named)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			continue
		}
		if err != nil {
			return out, err
		}
		out.Remove = append(out.Remove, tag.ID)
	}
	return out, nil
}

// find finds a tag by its name or number.
func find(ctx context.Context, tx *store.Tx, named string) (sellerdesk.Tag, error) {
	if id, err := strconv.ParseInt(strings.TrimSpace(named), 10, 64); err == nil {
		return tx.Labels.Tag(ctx, sellerdesk.TagID(id))
	}
	return tx.Labels.TagNamed(ctx, named)
}

// CheckTags refuses a change of tags that can do nothing.
func CheckTags(c sellerdesk.TagChange) error {
	if len(c.Add)+len(c.Remove) == 0 {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name the tags to put on or to take off.").InField("tags")
	}
	return nil
}

// OnConversation puts tags on a conversation and takes some off. The right is the
// caller's matter.
func OnConversation(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID, c sellerdesk.TagChange) error {
	if err := CheckTags(c); err != nil {
		return err
	}
	change, err := Resolve(ctx, tx, c)
	if err != nil {
		return err
	}
	return apply(ctx, tx, id, change)
}

func apply(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID, change store.LabelChange) error {
	return tx.Conversations.Handle(ctx, id, func(h *store.Held, _ *sellerdesk.ConversationStatus) error {
		return tx.Labels.Apply(ctx, h, change)
	})
}

// OnContact puts tags on a person and takes some off. The right is the caller's
// matter.
func OnContact(ctx context.Context, tx *store.Tx, id sellerdesk.ContactID, c sellerdesk.TagChange) error {
	if err := CheckTags(c); err != nil {
		return err
	}
	change, err := Resolve(ctx, tx, c)
	if err != nil {
		return err
	}
	return tx.Contacts.Label(ctx, id, change.Add, change.Remove, nil)
}

// tagName makes a name fit to be kept.
func tagName(typed string) (string, error) {
	name, err := nameOf(typed, longestTag)
	if err != nil {
		return "", err
	}
	if _, err := strconv.ParseInt(name, 10, 64); err == nil {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "A tag has more in its name than digits.").InField("name")
	}
	return name, nil
}

// nameOf makes a name fit to be kept and to be typed in a search.
func nameOf(typed string, longest int) (string, error) {
	name := strings.Join(strings.Fields(text.Clean(typed)), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "A name is needed.").InField("name")
	case n > longest:
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "A name has %d characters at most, this one has %d.", longest, n).InField("name")
	case strings.ContainsAny(name, "\"«»“”="):
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "A name has no quotation marks and no equals sign: they mean something in a search.").InField("name")
	}
	return name, nil
}

func checkColor(n int) error {
	if n < 0 || n >= sellerdesk.TagColors {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There are the colours 0 to %d.", sellerdesk.TagColors-1).InField("color")
	}
	return nil
}

// note writes down that something of the house was changed.
func note(ctx context.Context, tx *store.Tx, what string, id int64, sentence string) error {
	data, err := json.Marshal(map[string]any{"what": what, "id": id})
	if err != nil {
		return fmt.Errorf("note a change of the house: %w", err)
	}
	return tx.Audit.Add(ctx, sellerdesk.AuditEntry{Kind: sellerdesk.AuditSettingChanged, Text: sentence, Data: data})
}
