package labelling

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// View is what every screen knows about the one who looks at it.
type View = frame.View

// screens is what the handlers work with.
type screens struct {
	frame.Host
	desk  *desk.Desk
	store *store.Store
}

// Mount mounts the screens.
func Mount(h frame.Host) {
	d := h.Server.Deps()
	s := screens{Host: h, desk: d.Desk, store: d.Store}
	for _, about := range []subject{{"conversations"}, {"contacts"}} {
		h.Person("GET /ui/"+about.name+"/{id}/tags", s.pick(about))
		h.Person("POST /ui/"+about.name+"/{id}/tags", s.tag(about))
		h.Person("POST /ui/"+about.name+"/{id}/fields", s.field(about))
	}
	h.Person("GET /ui/views", s.bar)
	h.Person("GET /views/{id}", s.open)
	s.mountPages()
}

// subject is what carries tags and fields: "conversations" or "contacts".
type subject struct{ name string }

func (o subject) address(id, what string) string { return "/ui/" + o.name + "/" + id + "/" + what }

// carried are the tags that something carries.
func (s screens) carried(ctx context.Context, o subject, user sellerdesk.User, r *http.Request) (id int64, tags []sellerdesk.Tag, err error) {
	if id, err = frame.PathID[int64](r, "id"); err != nil {
		return 0, nil, err
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if o.name == "contacts" {
			p, err := tx.Contacts.Get(ctx, sellerdesk.ContactID(id), user.ID)
			tags = p.Tags
			return err
		}
		c, err := tx.Conversations.Get(ctx, sellerdesk.ConversationID(id), user.ID)
		tags = c.Tags
		return err
	})
	return id, tags, err
}

// picker is the list of tags from which some are put on something.
type picker struct {
	Address string
	All     []sellerdesk.UsedTag
	On      []sellerdesk.Tag
}

func (p picker) on(id sellerdesk.TagID) bool {
	return slices.ContainsFunc(p.On, func(t sellerdesk.Tag) bool { return t.ID == id })
}

// pick answers with the picker.
func (s screens) pick(o subject) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
		return s.showPicker(w, r, user, o)
	}
}

func (s screens) showPicker(w http.ResponseWriter, r *http.Request, user sellerdesk.User, o subject) error {
	id, on, err := s.carried(r.Context(), o, user, r)
	if err != nil {
		return err
	}
	p := picker{Address: o.address(strconv.FormatInt(id, 10), "tags"), On: on}
	if p.All, err = s.desk.Tags.List(r.Context()); err != nil {
		return err
	}
	// What is on stands first, then what is used most.
	slices.SortStableFunc(p.All, func(a, b sellerdesk.UsedTag) int {
		if p.on(a.ID) != p.on(b.ID) {
			if p.on(a.ID) {
				return -1
			}
			return 1
		}
		return b.Conversations - a.Conversations
	})
	return s.Part(w, r, http.StatusOK, pickerForm(s.View(r, user), p))
}

// tag puts a tag on something or takes it off, and answers with the picker.
func (s screens) tag(o subject) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
		id, err := frame.PathID[int64](r, "id")
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
		}
		change := sellerdesk.TagChange{Add: named(r.PostForm["add"]), Remove: named(r.PostForm["remove"])}
		if o.name == "contacts" {
			_, err = s.desk.Contacts.Label(r.Context(), user.ID, sellerdesk.ContactID(id), change, nil)
		} else {
			_, err = s.desk.Conversations.Act(r.Context(), desk.ActInput{User: user.ID, Conversation: sellerdesk.ConversationID(id), Action: sellerdesk.ActionTag, Tags: change})
		}
		if err != nil {
			return err
		}
		return s.showPicker(w, r, user, o)
	}
}

func named(values []string) []string {
	return slices.DeleteFunc(values, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// field sets a field of something.
func (s screens) field(o subject) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
		id, err := frame.PathID[int64](r, "id")
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
		}
		change := sellerdesk.FieldChange{Field: r.PostForm.Get("field"), Value: r.PostForm.Get("value")}
		if o.name == "contacts" {
			_, err = s.desk.Contacts.Label(r.Context(), user.ID, sellerdesk.ContactID(id), sellerdesk.TagChange{}, []sellerdesk.FieldChange{change})
		} else {
			_, err = s.desk.Conversations.Act(r.Context(), desk.ActInput{User: user.ID, Conversation: sellerdesk.ConversationID(id), Action: sellerdesk.ActionField, Field: change})
		}
		if err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
}

// Fielded is what stands in the card of the fields of something.
type Fielded struct {
	Address string // where a value is sent
	Works   bool   // whoever looks may set them
	List    []sellerdesk.Field
	Values  []sellerdesk.FieldValue
}

// OfConversation reads the fields that a conversation can have.
func OfConversation(ctx context.Context, tx *store.Tx, c sellerdesk.Conversation) (Fielded, error) {
	return fielded(ctx, tx, sellerdesk.FieldOfConversation, subject{"conversations"}.address(frame.ID(c.ID), "fields"),
		sellerdesk.AccessOf(ctx).MayIn(sellerdesk.RightWork, c.Account), c.Fields)
}

// OfContact reads the fields that a person can have.
func OfContact(ctx context.Context, tx *store.Tx, c sellerdesk.Contact) (Fielded, error) {
	return fielded(ctx, tx, sellerdesk.FieldOfContact, subject{"contacts"}.address(frame.ID(c.ID), "fields"),
		sellerdesk.AccessOf(ctx).MaySomewhere(sellerdesk.RightWork), c.Fields)
}

func fielded(ctx context.Context, tx *store.Tx, of sellerdesk.FieldTarget, address string, works bool, values []sellerdesk.FieldValue) (Fielded, error) {
	f := Fielded{Address: address, Works: works, Values: values}
	all, err := tx.Labels.Fields(ctx)
	for _, one := range all {
		if one.Of == of {
			f.List = append(f.List, one)
		}
	}
	return f, err
}

func (f Fielded) value(id sellerdesk.FieldID) string {
	for _, v := range f.Values {
		if v.Field == id {
			return v.Value
		}
	}
	return ""
}

// listAddress is the list or, for words, the search that a view shows.
func listAddress(view sellerdesk.SavedView, listed bool) string {
	if !listed {
		return "/search?" + url.Values{"q": {view.Query}}.Encode()
	}
	q := url.Values{"filter": {"all"}, "view": {frame.ID(view.ID)}}
	if view.Sort == string(store.SortWaiting) {
		q.Set("sort", "waiting")
	}
	return "/?" + q.Encode()
}
