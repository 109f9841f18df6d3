package labelling

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
)

// Operations are the handlers. Desk is needed.
type Operations struct{ Desk *desk.Desk }

// Output is an answer with a body.
type Output[T any] struct{ Body T }

// List is a list that has one page.
type List[T any] struct {
	Items []T                 `json:"items"`
	Next  sellerdesk.Optional `json:"next" doc:"Cursor of the next page; null at the end"`
}

func listed[T any](items []T, err error) (*Output[List[T]], error) {
	if items == nil {
		items = []T{}
	}
	return &Output[List[T]]{List[T]{Items: items}}, err
}

func out[T any](v T, err error) (*Output[T], error) { return &Output[T]{v}, err }

func asker(ctx context.Context) sellerdesk.UserID { return sellerdesk.AccessOf(ctx).User }

// TagPath names a tag.
type TagPath struct {
	ID sellerdesk.TagID `path:"id" minimum:"1"`
}

// ListTags gives all tags.
func (o Operations) ListTags(ctx context.Context, _ *struct{}) (*Output[List[sellerdesk.UsedTag]], error) {
	return listed(o.Desk.Tags.List(ctx))
}

// CreateTagInput is a tag to be made.
type CreateTagInput struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"200" doc:"1 to 40 characters, with more than digits and without quotation marks"`
		Color *int   `json:"color,omitempty" minimum:"0" maximum:"11" doc:"One of twelve; the next when it is left out"`
	} `nameHint:"NewTag"`
}

// CreateTag makes a tag.
func (o Operations) CreateTag(ctx context.Context, in *CreateTagInput) (*Output[sellerdesk.UsedTag], error) {
	return out(o.Desk.Tags.Create(ctx, in.Body.Name, in.Body.Color))
}

// ChangeTagInput changes a tag.
type ChangeTagInput struct {
	TagPath
	Body struct {
		Name  *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Color *int    `json:"color,omitempty" minimum:"0" maximum:"11"`
	} `nameHint:"TagEdit"`
}

// ChangeTag gives a tag another name or colour.
func (o Operations) ChangeTag(ctx context.Context, in *ChangeTagInput) (*Output[sellerdesk.UsedTag], error) {
	return out(o.Desk.Tags.Change(ctx, in.ID, desk.TagEdit{Name: in.Body.Name, Color: in.Body.Color}))
}

// RemoveTag removes a tag.
func (o Operations) RemoveTag(ctx context.Context, in *TagPath) (*struct{}, error) {
	return nil, o.Desk.Tags.Remove(ctx, in.ID)
}

// FieldPath names a field.
type FieldPath struct {
	ID sellerdesk.FieldID `path:"id" minimum:"1"`
}

// ListFields gives all fields.
func (o Operations) ListFields(ctx context.Context, _ *struct{}) (*Output[List[sellerdesk.Field]], error) {
	return listed(o.Desk.Fields.List(ctx))
}

// CreateFieldInput is a field to be made.
type CreateFieldInput struct {
	Body struct {
		Name    string                 `json:"name" minLength:"1" maxLength:"200" doc:"1 to 60 characters"`
		Of      sellerdesk.FieldTarget `json:"of,omitempty" enum:"conversation,contact" doc:"conversation when it is left out"`
		Kind    sellerdesk.FieldKind   `json:"kind" enum:"text,number,date,choice,yes"`
		Options []string               `json:"options,omitempty" maxItems:"100" doc:"Of a choice"`
	} `nameHint:"NewField"`
}

// CreateField makes a field.
func (o Operations) CreateField(ctx context.Context, in *CreateFieldInput) (*Output[sellerdesk.Field], error) {
	return out(o.Desk.Fields.Create(ctx, sellerdesk.Field{Name: in.Body.Name, Of: in.Body.Of, Kind: in.Body.Kind, Options: in.Body.Options}))
}

// ChangeFieldInput changes a field.
type ChangeFieldInput struct {
	FieldPath
	Body struct {
		Name     *string   `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Options  *[]string `json:"options,omitempty" maxItems:"100"`
		Position *int      `json:"position,omitempty" minimum:"0" maximum:"1000" doc:"In the order of the house"`
	} `nameHint:"FieldEdit"`
}

// ChangeField gives a field another name, other options or another place.
func (o Operations) ChangeField(ctx context.Context, in *ChangeFieldInput) (*Output[sellerdesk.Field], error) {
	return out(o.Desk.Fields.Change(ctx, in.ID, desk.FieldEdit{Name: in.Body.Name, Options: in.Body.Options, Position: in.Body.Position}))
}

// RemoveField removes a field.
func (o Operations) RemoveField(ctx context.Context, in *FieldPath) (*struct{}, error) {
	return nil, o.Desk.Fields.Remove(ctx, in.ID)
}

// ViewPath names a view.
type ViewPath struct {
	ID sellerdesk.SavedViewID `path:"id" minimum:"1"`
}

// ListViewsInput asks for views.
type ListViewsInput struct {
	Count bool `query:"count" doc:"With how many conversations each shows, at most 1,000"`
}

// ListViews gives the views that concern who asks.
func (o Operations) ListViews(ctx context.Context, in *ListViewsInput) (*Output[List[sellerdesk.SavedView]], error) {
	return listed(o.Desk.Views.List(ctx, asker(ctx), in.Count, nil))
}

// GetView gives one view with its count.
func (o Operations) GetView(ctx context.Context, in *ViewPath) (*Output[sellerdesk.SavedView], error) {
	return out(o.Desk.Views.Get(ctx, asker(ctx), in.ID))
}

// CreateViewInput is a view to be kept.
type CreateViewInput struct {
	Body struct {
		Name  string            `json:"name" minLength:"1" maxLength:"200" doc:"1 to 60 characters"`
		Query string            `json:"query" maxLength:"2000" doc:"As q of the search; empty for everything"`
		Sort  string            `json:"sort,omitempty" enum:"updated,waiting" doc:"updated when it is left out"`
		Team  sellerdesk.TeamID `json:"team,omitempty" minimum:"1" doc:"For this team"`
		House bool              `json:"house,omitempty" doc:"For everybody"`
	} `nameHint:"NewView"`
}

// CreateView keeps a view.
func (o Operations) CreateView(ctx context.Context, in *CreateViewInput) (*Output[sellerdesk.SavedView], error) {
	b := in.Body
	return out(o.Desk.Views.Create(ctx, desk.NewView{User: asker(ctx), Name: b.Name, Query: b.Query, Sort: b.Sort, Team: b.Team, House: b.House}))
}

// ChangeViewInput changes a view.
type ChangeViewInput struct {
	ViewPath
	Body struct {
		Name     *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Query    *string `json:"query,omitempty" maxLength:"2000"`
		Sort     *string `json:"sort,omitempty" enum:"updated,waiting"`
		Position *int    `json:"position,omitempty" minimum:"0" maximum:"1000" doc:"Among those it stands with"`
	} `nameHint:"ViewEdit"`
}

// ChangeView changes a view.
func (o Operations) ChangeView(ctx context.Context, in *ChangeViewInput) (*Output[sellerdesk.SavedView], error) {
	b := in.Body
	return out(o.Desk.Views.Change(ctx, asker(ctx), in.ID, desk.ViewEdit{Name: b.Name, Query: b.Query, Sort: b.Sort, Position: b.Position}))
}

// RemoveView removes a view.
func (o Operations) RemoveView(ctx context.Context, in *ViewPath) (*struct{}, error) {
	return nil, o.Desk.Views.Remove(ctx, asker(ctx), in.ID)
}

// LabelContactInput changes what a person carries.
type LabelContactInput struct {
	ID   sellerdesk.ContactID `path:"id" minimum:"1"`
	Body struct {
		Tags   TagNames                 `json:"tags,omitempty"`
		Fields []sellerdesk.FieldChange `json:"fields,omitempty" maxItems:"100" doc:"Fields left out stay as they are; an empty value removes one"`
	} `nameHint:"ContactChange"`
}

// TagNames are tags to be put on and taken off.
type TagNames struct {
	Add    []string `json:"add,omitempty" maxItems:"100" doc:"Names or numbers; a name that no tag has makes one"`
	Remove []string `json:"remove,omitempty" maxItems:"100" doc:"Names or numbers"`
}

// Change is what they say.
func (t TagNames) Change() sellerdesk.TagChange {
	return sellerdesk.TagChange{Add: t.Add, Remove: t.Remove}
}

// LabelContact puts tags on a person, takes some off, and sets fields.
func (o Operations) LabelContact(ctx context.Context, in *LabelContactInput) (*Output[sellerdesk.Contact], error) {
	return out(o.Desk.Contacts.Label(ctx, asker(ctx), in.ID, in.Body.Tags.Change(), in.Body.Fields))
}
