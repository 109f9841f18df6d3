package library

import (
	"context"
	"io"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
)

// MaxTable bounds a table that is read, in bytes.
const MaxTable = library.MaxTable

// Operations are the handlers. Desk is needed.
type Operations struct{ Desk *desk.Desk }

// Output is an answer with a body.
type Output[T any] struct{ Body T }

// TemplatePage is a page of templates.
type TemplatePage struct {
	Items []sellerdesk.Template `json:"items"`
	Next  sellerdesk.Optional   `json:"next" doc:"Cursor of the next page; null at the end"`
}

func asker(ctx context.Context) sellerdesk.UserID { return sellerdesk.AccessOf(ctx).User }

// Filters are what lists of templates are narrowed by.
type Filters struct {
	Account sellerdesk.AccountID `query:"account" minimum:"1" doc:"Those that are offered in this account"`
	Kind    sellerdesk.Kind      `query:"kind" doc:"Those that are offered in conversations of this kind"`
	Folder  string               `query:"folder" maxLength:"500" doc:"With the folders in it"`
	Owner   string               `query:"owner" enum:"house,me" doc:"Everybody's, or one's own; both when left out"`
	Q       string               `query:"q" maxLength:"500" doc:"What somebody types: beginnings of words of name, folder and text, all of which are there. What fits best and is said most comes first then"`
}

// Query is what the filters ask for.
func (f Filters) Query() library.Query {
	q := library.Query{Account: f.Account, Kind: f.Kind, Folder: f.Folder, Text: f.Q}
	if f.Owner != "" {
		house := f.Owner == "house"
		q.House = &house
	}
	return q
}

// ListInput asks for a page of templates.
type ListInput struct {
	Filters
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Items in a page"`
	Cursor string `query:"cursor" maxLength:"500" doc:"next of the page before"`
}

// ListTemplates gives a page of templates.
func (o Operations) ListTemplates(ctx context.Context, in *ListInput) (*Output[TemplatePage], error) {
	q := in.Query()
	q.Limit, q.Cursor = in.Limit, in.Cursor
	items, next, err := o.Desk.Library.List(ctx, asker(ctx), q)
	if items == nil {
		items = []sellerdesk.Template{}
	}
	return &Output[TemplatePage]{TemplatePage{items, sellerdesk.Optional(next)}}, err
}

// Path names a template.
type Path struct {
	ID sellerdesk.TemplateID `path:"id" minimum:"1"`
}

// GetTemplate gives one template.
func (o Operations) GetTemplate(ctx context.Context, in *Path) (*Output[sellerdesk.Template], error) {
	t, err := o.Desk.Library.Get(ctx, asker(ctx), in.ID)
	return &Output[sellerdesk.Template]{t}, err
}

// CreateInput is a template to be made.
type CreateInput struct {
	Body struct {
		House    bool                   `json:"house,omitempty" doc:"Everybody's, which needs the right settings; otherwise one's own"`
		Folder   string                 `json:"folder,omitempty" maxLength:"1000" doc:"Names with / between them, up to 200 characters"`
		Name     string                 `json:"name" minLength:"1" maxLength:"1000" doc:"1 to 120 characters, unlike that of any other of its folder and owner"`
		Text     string                 `json:"text" minLength:"1" maxLength:"40000" doc:"1 to 10,000 characters"`
		Files    []sellerdesk.FileID    `json:"files,omitempty" nullable:"true" maxItems:"10" doc:"Uploaded before, in order; none that a message carries"`
		Accounts []sellerdesk.AccountID `json:"accounts,omitempty" nullable:"true" maxItems:"500" doc:"Where it is offered; none: everywhere"`
		Kinds    []sellerdesk.Kind      `json:"kinds,omitempty" nullable:"true" maxItems:"20" doc:"Likewise"`
	} `nameHint:"NewOwnTemplate"`
}

// CreateTemplate makes a template.
func (o Operations) CreateTemplate(ctx context.Context, in *CreateInput) (*Output[sellerdesk.Template], error) {
	b := in.Body
	t, err := o.Desk.Library.Create(ctx, asker(ctx), b.House, library.Change{
		Folder: &b.Folder, Name: &b.Name, Text: &b.Text, Files: &b.Files, Accounts: &b.Accounts, Kinds: &b.Kinds,
	})
	return &Output[sellerdesk.Template]{t}, err
}

// ChangeInput changes a template.
type ChangeInput struct {
	Path
	Body struct {
		Folder   *string                 `json:"folder,omitempty" maxLength:"1000"`
		Name     *string                 `json:"name,omitempty" minLength:"1" maxLength:"1000"`
		Text     *string                 `json:"text,omitempty" minLength:"1" maxLength:"40000"`
		Files    *[]sellerdesk.FileID    `json:"files,omitempty" maxItems:"10"`
		Accounts *[]sellerdesk.AccountID `json:"accounts,omitempty" maxItems:"500" doc:"Those that whoever asks may not see stay as they are"`
		Kinds    *[]sellerdesk.Kind      `json:"kinds,omitempty" maxItems:"20"`
	} `nameHint:"OwnTemplateChange"`
}

// ChangeTemplate changes a template.
func (o Operations) ChangeTemplate(ctx context.Context, in *ChangeInput) (*Output[sellerdesk.Template], error) {
	t, err := o.Desk.Library.Change(ctx, asker(ctx), in.ID, library.Change(in.Body))
	return &Output[sellerdesk.Template]{t}, err
}

// RemoveTemplate forgets a template.
func (o Operations) RemoveTemplate(ctx context.Context, in *Path) (*struct{}, error) {
	return nil, o.Desk.Library.Remove(ctx, asker(ctx), in.ID)
}

// FillInput asks how a text would read.
type FillInput struct {
	Body struct {
		Template     sellerdesk.TemplateID     `json:"template,omitempty" minimum:"1" doc:"What is filled in; or text"`
		Text         string                    `json:"text,omitempty" maxLength:"40000" doc:"One that nobody has kept yet"`
		Conversation sellerdesk.ConversationID `json:"conversation,omitempty" minimum:"1" doc:"Where it would be said; without it the fallbacks are"`
		Draw         int64                     `json:"draw,omitempty" minimum:"0" doc:"Another number draws other random parts"`
	} `nameHint:"OwnTemplatePreview"`
}

// FillTemplate gives a text as it would be said.
func (o Operations) FillTemplate(ctx context.Context, in *FillInput) (*Output[FilledTemplate], error) {
	b := in.Body
	filled, err := o.Desk.Library.Fill(ctx, library.Ask{User: asker(ctx), Template: b.Template, Text: b.Text, Conversation: b.Conversation, Draw: b.Draw})
	return &Output[FilledTemplate]{FilledTemplate(filled)}, err
}

// FilledTemplate is a text that is ready to be said.
type FilledTemplate struct {
	Text  string            `json:"text"`
	Files []sellerdesk.File `json:"files" doc:"That go with it; name them with the message"`
}

// ImportInput says whose the rows of a table are.
type ImportInput struct {
	Owner string `query:"owner" enum:"house,me" default:"me" doc:"Whose the rows are that do not say it"`
}

// TemplateImport tells what became of a table.
type TemplateImport struct {
	Rows      int                 `json:"rows" doc:"Behind the line of names"`
	Created   int                 `json:"created" doc:"New templates"`
	Changed   int                 `json:"changed" doc:"Templates that were there and say something else now"`
	Unchanged int                 `json:"unchanged" doc:"Templates that said the same already"`
	Failed    int                 `json:"failed" doc:"Rows that were left out"`
	Errors    []TemplateLineError `json:"errors" doc:"Why, at most 1,000"`
}

// TemplateLineError is why a row of a table was left out.
type TemplateLineError struct {
	Line   int    `json:"line" doc:"Where the row begins, from 1"`
	Field  string `json:"field" doc:"The column; empty: the whole row"`
	Reason string `json:"reason" doc:"One sentence"`
}

// Import reads a table.
func (o Operations) Import(ctx context.Context, in *ImportInput, table io.Reader) (*Output[TemplateImport], error) {
	r, err := o.Desk.Library.Import(ctx, asker(ctx), table, in.Owner == "house")
	out := TemplateImport{Rows: r.Rows, Created: r.Created, Changed: r.Changed, Unchanged: r.Unchanged, Failed: r.Failed, Errors: make([]TemplateLineError, len(r.Errors))}
	for i, e := range r.Errors {
		out.Errors[i] = TemplateLineError(e)
	}
	return &Output[TemplateImport]{out}, err
}

// ExportInput says which templates a table holds and how it is written.
type ExportInput struct {
	Filters
	BOM       bool   `query:"bom" doc:"It begins with a byte order mark, so that spreadsheets see that it is UTF-8"`
	Separator string `query:"separator" enum:"comma,semicolon" default:"comma" doc:"What stands between the cells"`
}

// Export gives what writes the table.
func (o Operations) Export(ctx context.Context, in *ExportInput) (func(io.Writer) error, error) {
	return o.Desk.Library.Export(ctx, asker(ctx), in.Query(), library.Table{Semicolon: in.Separator == "semicolon", BOM: in.BOM})
}
