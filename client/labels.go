package client

import (
	"context"
	"net/http"
	"net/url"

	"github.com/sellerdesk/sellerdesk"
)

// Tags are the words that people put on conversations and buyers.
type Tags struct{ c *Client }

// List gives all tags by name, with how often each is used.
func (s *Tags) List(ctx context.Context) ([]sellerdesk.UsedTag, error) {
	var p Page[sellerdesk.UsedTag]
	err := s.c.do(ctx, call{op: "list tags", method: http.MethodGet, path: "/v1/tags"}, &p)
	return p.Items, err
}

// NewTag is a tag to be made.
type NewTag struct {
	Name  string `json:"name"`
	Color *int   `json:"color,omitempty"` // 0 to 11; nil: the next one
	Key   string `json:"-"`               // of the intent; "" takes a random one
}

// Create makes a tag. A name that another tag has is a conflict.
func (s *Tags) Create(ctx context.Context, n NewTag) (t sellerdesk.UsedTag, err error) {
	err = s.c.do(ctx, call{op: "create tag", method: http.MethodPost, path: "/v1/tags", key: n.Key, body: n}, &t)
	return t, err
}

// TagChange changes a tag; nil leaves a property as it is.
type TagChange struct {
	Name  *string `json:"name,omitempty"`
	Color *int    `json:"color,omitempty"`
}

// Change gives a tag another name or colour.
func (s *Tags) Change(ctx context.Context, id sellerdesk.TagID, c TagChange) (t sellerdesk.UsedTag, err error) {
	err = s.c.do(ctx, call{op: "change tag", method: http.MethodPatch, path: "/v1/tags/" + itoa(id), body: c}, &t)
	return t, err
}

// Remove takes a tag off everything and removes it.
func (s *Tags) Remove(ctx context.Context, id sellerdesk.TagID) error {
	return s.c.do(ctx, call{op: "remove tag", method: http.MethodDelete, path: "/v1/tags/" + itoa(id)}, nil)
}

// Fields are what the house keeps of conversations and buyers beside what the channels
// tell.
type Fields struct{ c *Client }

// List gives all fields in the order of the house.
func (s *Fields) List(ctx context.Context) ([]sellerdesk.Field, error) {
	var p Page[sellerdesk.Field]
	err := s.c.do(ctx, call{op: "list fields", method: http.MethodGet, path: "/v1/fields"}, &p)
	return p.Items, err
}

// NewField is a field to be made.
type NewField struct {
	Name    string                 `json:"name"`
	Of      sellerdesk.FieldTarget `json:"of,omitempty"` // "": of conversations
	Kind    sellerdesk.FieldKind   `json:"kind"`
	Options []string               `json:"options,omitempty"` // of a choice
	Key     string                 `json:"-"`                 // of the intent; "" takes a random one
}

// Create makes a field behind the others.
func (s *Fields) Create(ctx context.Context, n NewField) (f sellerdesk.Field, err error) {
	err = s.c.do(ctx, call{op: "create field", method: http.MethodPost, path: "/v1/fields", key: n.Key, body: n}, &f)
	return f, err
}

// FieldEdit changes a field; nil leaves a property as it is.
type FieldEdit struct {
	Name     *string   `json:"name,omitempty"`
	Options  *[]string `json:"options,omitempty"`
	Position *int      `json:"position,omitempty"` // in the order of the house, from 0
}

// Change gives a field another name, other options or another place.
func (s *Fields) Change(ctx context.Context, id sellerdesk.FieldID, e FieldEdit) (f sellerdesk.Field, err error) {
	err = s.c.do(ctx, call{op: "change field", method: http.MethodPatch, path: "/v1/fields/" + itoa(id), body: e}, &f)
	return f, err
}

// Remove removes a field with all its values.
func (s *Fields) Remove(ctx context.Context, id sellerdesk.FieldID) error {
	return s.c.do(ctx, call{op: "remove field", method: http.MethodDelete, path: "/v1/fields/" + itoa(id)}, nil)
}

// Views are questions to the list that somebody keeps.
type Views struct{ c *Client }

// List gives one's own views, those of one's teams and those of the house; with counts
// on demand.
func (s *Views) List(ctx context.Context, counts bool) ([]sellerdesk.SavedView, error) {
	v := url.Values{}
	if counts {
		v.Set("count", "true")
	}
	var p Page[sellerdesk.SavedView]
	err := s.c.do(ctx, call{op: "list views", method: http.MethodGet, path: "/v1/views", query: v}, &p)
	return p.Items, err
}

// Get gives a view with its count.
func (s *Views) Get(ctx context.Context, id sellerdesk.SavedViewID) (v sellerdesk.SavedView, err error) {
	err = s.c.do(ctx, call{op: "get view", method: http.MethodGet, path: "/v1/views/" + itoa(id)}, &v)
	return v, err
}

// NewView is a view to be kept.
type NewView struct {
	Name  string            `json:"name"`
	Query string            `json:"query"`          // as it is typed into the search; "" means everything
	Sort  string            `json:"sort,omitempty"` // "updated" (also when empty) or "waiting"
	Team  sellerdesk.TeamID `json:"team,omitempty"` // for this team
	House bool              `json:"house,omitempty"`
	Key   string            `json:"-"` // of the intent; "" takes a random one
}

// Create keeps a view.
func (s *Views) Create(ctx context.Context, n NewView) (v sellerdesk.SavedView, err error) {
	err = s.c.do(ctx, call{op: "create view", method: http.MethodPost, path: "/v1/views", key: n.Key, body: n}, &v)
	return v, err
}

// ViewEdit changes a view; nil leaves a property as it is.
type ViewEdit struct {
	Name     *string `json:"name,omitempty"`
	Query    *string `json:"query,omitempty"`
	Sort     *string `json:"sort,omitempty"`
	Position *int    `json:"position,omitempty"` // among those it stands with, from 0
}

// Change changes a view.
func (s *Views) Change(ctx context.Context, id sellerdesk.SavedViewID, e ViewEdit) (v sellerdesk.SavedView, err error) {
	err = s.c.do(ctx, call{op: "change view", method: http.MethodPatch, path: "/v1/views/" + itoa(id), body: e}, &v)
	return v, err
}

// Remove removes a view.
func (s *Views) Remove(ctx context.Context, id sellerdesk.SavedViewID) error {
	return s.c.do(ctx, call{op: "remove view", method: http.MethodDelete, path: "/v1/views/" + itoa(id)}, nil)
}

// Labels are what is put on a conversation or person and taken off.
type Labels struct {
	Add    []string `json:"add,omitempty"`    // names or numbers of tags; a name that no tag has makes one
	Remove []string `json:"remove,omitempty"` // likewise
}

// Label puts tags on a person, takes some off, and sets fields.
func (s *Contacts) Label(ctx context.Context, id sellerdesk.ContactID, tags Labels, fields ...sellerdesk.FieldChange) (p sellerdesk.Contact, err error) {
	body := struct {
		Tags   Labels                   `json:"tags"`
		Fields []sellerdesk.FieldChange `json:"fields,omitempty"`
	}{tags, fields}
	err = s.c.do(ctx, call{op: "label contact", method: http.MethodPatch, path: "/v1/contacts/" + itoa(id), body: body}, &p)
	return p, err
}
