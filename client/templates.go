package client

import (
	"context"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
)

// Templates are texts of ours that are said again and again: those of the house,
// which who may change the house changes, and those of the person of the key.
// Those that messengers approved stand with [Accounts.Templates].
type Templates struct{ c *Client }

// TemplateQuery asks for templates. Zero values mean "any".
type TemplateQuery struct {
	Account sellerdesk.AccountID // those that are offered in this account
	Kind    sellerdesk.Kind      // those that are offered in conversations of this kind
	Folder  string               // with the folders in it
	Owner   string               // "house" or "me"
	// Text is what somebody types: beginnings of words, all of which are there. What
	// fits best and is said most comes first then.
	Text   string
	Limit  int // 1 to 200; 0 means 50
	Cursor string
}

func (q TemplateQuery) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Account != 0 {
		set("account", itoa(q.Account))
	}
	if q.Limit != 0 {
		set("limit", strconv.Itoa(q.Limit))
	}
	set("kind", string(q.Kind))
	set("folder", q.Folder)
	set("owner", q.Owner)
	set("q", q.Text)
	set("cursor", q.Cursor)
	return v
}

// List gives a page of templates, by folder and name.
func (s *Templates) List(ctx context.Context, q TemplateQuery) (Page[sellerdesk.Template], error) {
	var p Page[sellerdesk.Template]
	err := s.c.do(ctx, call{op: "list templates", method: http.MethodGet, path: "/v1/templates", query: q.values()}, &p)
	return p, err
}

// All walks through all templates that a query names; its cursor does not count. It
// ends after an error.
func (s *Templates) All(ctx context.Context, q TemplateQuery) iter.Seq2[sellerdesk.Template, error] {
	return all(func(cursor string) (Page[sellerdesk.Template], error) {
		q.Cursor = cursor
		return s.List(ctx, q)
	})
}

func templatePath(id sellerdesk.TemplateID) string { return "/v1/templates/" + itoa(id) }

// Get gives one template.
func (s *Templates) Get(ctx context.Context, id sellerdesk.TemplateID) (sellerdesk.Template, error) {
	var t sellerdesk.Template
	err := s.c.do(ctx, call{op: "get template", method: http.MethodGet, path: templatePath(id)}, &t)
	return t, err
}

// NewTemplate is a template to be made.
type NewTemplate struct {
	House    bool                   `json:"house,omitempty"`  // everybody's; otherwise one's own
	Folder   string                 `json:"folder,omitempty"` // names with "/" between them
	Name     string                 `json:"name"`
	Text     string                 `json:"text"`
	Files    []sellerdesk.FileID    `json:"files,omitempty"`    // uploaded before, in order
	Accounts []sellerdesk.AccountID `json:"accounts,omitempty"` // where it is offered; none: everywhere
	Kinds    []sellerdesk.Kind      `json:"kinds,omitempty"`    // likewise
}

// Create makes a template.
func (s *Templates) Create(ctx context.Context, n NewTemplate) (sellerdesk.Template, error) {
	var t sellerdesk.Template
	err := s.c.do(ctx, call{op: "create template", method: http.MethodPost, path: "/v1/templates", body: n}, &t)
	return t, err
}

// TemplateChange changes a template; nil leaves a field as it is.
type TemplateChange struct {
	Folder   *string                 `json:"folder,omitempty"`
	Name     *string                 `json:"name,omitempty"`
	Text     *string                 `json:"text,omitempty"`
	Files    *[]sellerdesk.FileID    `json:"files,omitempty"`
	Accounts *[]sellerdesk.AccountID `json:"accounts,omitempty"`
	Kinds    *[]sellerdesk.Kind      `json:"kinds,omitempty"`
}

// Change changes a template.
func (s *Templates) Change(ctx context.Context, id sellerdesk.TemplateID, change TemplateChange) (sellerdesk.Template, error) {
	var t sellerdesk.Template
	err := s.c.do(ctx, call{op: "change template", method: http.MethodPatch, path: templatePath(id), body: change}, &t)
	return t, err
}

// Remove forgets a template. What was said with it stays.
func (s *Templates) Remove(ctx context.Context, id sellerdesk.TemplateID) error {
	return s.c.do(ctx, call{op: "remove template", method: http.MethodDelete, path: templatePath(id)}, nil)
}

// TemplateAsk asks how a text would read.
type TemplateAsk struct {
	Template     sellerdesk.TemplateID     `json:"template,omitempty"`     // what is filled in; or Text
	Text         string                    `json:"text,omitempty"`         // one that nobody has kept yet
	Conversation sellerdesk.ConversationID `json:"conversation,omitempty"` // 0: the fallbacks are said
	Draw         int64                     `json:"draw,omitempty"`         // another one draws other random parts
}

// FilledTemplate is a text that is ready to be said.
type FilledTemplate struct {
	Text  string            `json:"text"`
	Files []sellerdesk.File `json:"files"` // that go with it
}

// Preview gives a text as it would be said. Nothing is kept or counted: the message
// names the template.
func (s *Templates) Preview(ctx context.Context, in TemplateAsk) (FilledTemplate, error) {
	var out FilledTemplate
	err := s.c.do(ctx, call{op: "preview template", method: http.MethodPost, path: "/v1/templates/preview", body: in}, &out)
	return out, err
}

// TemplateImport tells what became of a table.
type TemplateImport struct {
	Rows      int                 `json:"rows"`
	Created   int                 `json:"created"`
	Changed   int                 `json:"changed"`
	Unchanged int                 `json:"unchanged"`
	Failed    int                 `json:"failed"` // rows that were left out
	Errors    []TemplateLineError `json:"errors"` // why, at most 1,000
}

// TemplateLineError is why a row of a table was left out.
type TemplateLineError struct {
	Line   int    `json:"line"`   // where the row begins, from 1
	Field  string `json:"field"`  // the column; "": the whole row
	Reason string `json:"reason"` // one sentence
}

// Import reads templates from CSV. Rows that do not say whose they are become those
// of the house, or of the person. Bad rows are left out and told of, which is no
// error.
func (s *Templates) Import(ctx context.Context, table io.Reader, house bool) (TemplateImport, error) {
	owner := "me"
	if house {
		owner = "house"
	}
	var out TemplateImport
	err := s.c.do(ctx, call{op: "import templates", method: http.MethodPost, path: "/v1/templates/import",
		query: url.Values{"owner": {owner}}, raw: table, kind: "text/csv"}, &out)
	return out, err
}

// Export writes the templates that a query names as CSV; the name of the format, the
// limit and the cursor do not count. After an error what was written is not whole.
func (s *Templates) Export(ctx context.Context, q TemplateQuery, f Format, to io.Writer) error {
	q.Limit, q.Cursor, f.Name = 0, "", ""
	return s.c.copy(ctx, call{op: "export templates", method: http.MethodGet, path: "/v1/export/templates", query: f.values(q.values()), accept: "*/*"}, to)
}
