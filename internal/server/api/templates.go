package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/api/library"
)

// importPattern is the route of a table, which is larger than other bodies.
const importPattern = "POST /v1/templates/import"

// ownTemplates registers the operations on texts of ours.
func (a *api) ownTemplates() {
	o := library.Operations{Desk: a.desk}
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"templates"}, Summary: summary, Description: description}
	}
	const see, work = sellerdesk.RightSee, sellerdesk.RightWork
	register(a, see, op("listOwnTemplates", http.MethodGet, "/v1/templates", "List the templates",
		"Those of the house and one's own, by folder and name; with q what fits best first. They are texts of ours: what a messenger approved stands with its account. "+
			"In a text {name|Buyer} stands for the name of the buyer with what to say where that is not known, {product|…}, {article|…}, {order|…}, {shop|…} and {me|…} likewise ({имя|…}, {товар|…}, {артикул|…}, {заказ|…}, {магазин|…}, {я|…}), and {one|another} for one of several."), o.ListTemplates)
	register(a, see, op("getTemplate", http.MethodGet, "/v1/templates/{id}", "Get a template", ""), o.GetTemplate)
	create := op("createTemplate", http.MethodPost, "/v1/templates", "Make a template", "A name that another one of its folder and owner has is a conflict.")
	create.DefaultStatus = http.StatusCreated
	register(a, work, create, o.CreateTemplate)
	register(a, work, op("changeTemplate", http.MethodPatch, "/v1/templates/{id}", "Change a template", "Fields left out stay as they are. One of the house needs the right settings."), o.ChangeTemplate)
	remove := op("removeTemplate", http.MethodDelete, "/v1/templates/{id}", "Remove a template", "What was said with it stays. One of the house needs the right settings.")
	remove.DefaultStatus = http.StatusNoContent
	register(a, work, remove, o.RemoveTemplate)
	register(a, see, op("previewTemplate", http.MethodPost, "/v1/templates/preview", "Fill in a template", "As it would be said in a conversation. Nothing is kept or counted."), o.FillTemplate)
	a.templateTables(o)
}

func (a *api) templateTables(o library.Operations) {
	const columns = "The columns are owner (house or me), folder, name, text, kinds, accounts and files, the last three with “; ” between several, and uses, which is told only; their Russian names are read too. "
	register(a, sellerdesk.RightWork, huma.Operation{
		OperationID: "importTemplates", Method: http.MethodPost, Path: "/v1/templates/import", Tags: []string{"templates"},
		Summary: "Read templates from a table",
		Description: "The body is CSV in UTF-8 or Windows-1251, with commas, semicolons or tabs, of at most 16 MB and 20,000 rows. " + columns +
			"A row changes the template of its owner, folder and name, or makes one. Bad rows are left out and told of with their lines; the others are kept. Columns that are not there stay as they are. What was exported changes nothing when it is read.",
	}, func(ctx context.Context, in *library.ImportInput) (*library.Output[library.TemplateImport], error) {
		out, err := o.Import(ctx, in, requestOf(ctx).Body)
		return out, readError(err)
	})
	text := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	// Said afterwards: huma would read the body that is streamed.
	a.huma.OpenAPI().Paths["/v1/templates/import"].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{csvType: text}}
	register(a, sellerdesk.RightExport, huma.Operation{
		OperationID: "exportTemplates", Method: http.MethodGet, Path: "/v1/export/templates", Tags: []string{"exports"},
		Summary: "Export templates", Description: "As CSV, with the filters of the list. " + columns + "That it was taken stands in the audit. An apostrophe stands before a text that a spreadsheet would take for a formula.",
		Responses: map[string]*huma.Response{"200": {Description: "Templates, one a row", Content: map[string]*huma.MediaType{csvType: text}}},
	}, func(ctx context.Context, in *library.ExportInput) (*huma.StreamResponse, error) {
		format := ExportFormat{Format: "csv"}
		if headOnly(ctx) {
			return headers("templates", format), nil
		}
		write, err := o.Export(ctx, in)
		return &huma.StreamResponse{Body: func(h huma.Context) {
			r, w := humago.Unwrap(h)
			a.server.Unhurried(w)
			format.headers(w.Header(), "templates")
			if err := write(w); err != nil {
				brokenOff(a, r, "templates", err)
			}
		}}, err
	})
}
