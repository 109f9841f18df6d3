package api

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server"
)

// refusal is a problem as huma takes errors.
type refusal struct{ server.Problem }

// Error gives the sentence.
func (r refusal) Error() string { return r.Detail }

// GetStatus gives the HTTP status.
func (r refusal) GetStatus() int { return r.Status }

// GetHeaders gives the headers that go with the status.
func (r refusal) GetHeaders() http.Header { return r.Headers() }

// ContentType names the format of problems.
func (refusal) ContentType(string) string { return "application/problem+json" }

// asProblem turns the errors that huma makes itself into problems, so that
// programs see one shape. Values of the request are not repeated: they may be
// secret.
func (a *api) asProblem(_ huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	code := sellerdesk.CodeInvalid
	if e.Status >= http.StatusInternalServerError {
		code = sellerdesk.CodeInternal
	}
	detail, field := e.Detail, ""
	switch {
	case e.Status == http.StatusUnsupportedMediaType:
		detail = "Send the body as application/json."
	case len(e.Errors) > 0 && e.Errors[0] != nil:
		detail, field = sentence(e.Errors[0])
	case detail != "":
		detail = strings.ToUpper(detail[:1]) + detail[1:] + "."
	}
	return refusal{server.NewProblem(e.Status, code, detail, field)}, nil
}

// sentence says one mistake for a person and names the field.
func sentence(d *huma.ErrorDetail) (detail, field string) {
	place, field, _ := strings.Cut(d.Location, ".")
	if place == "query" {
		field, _, _ = strings.Cut(field, "[") // a list in one parameter
	}
	message := d.Message
	if name, ok := strings.CutPrefix(message, "expected required property "); ok {
		name, _, _ = strings.Cut(name, " ")
		if field != "" {
			name = field + "." + name
		}
		return "The field " + name + " is missing.", name
	}
	switch {
	case message == "unexpected property", message == "unknown query parameter":
		return "There is no field " + field + " here.", field
	case field != "":
		return "The field " + field + " is wrong: " + message + ".", field
	case place == "body":
		return "The body is not the JSON that is expected here.", ""
	default:
		return strings.ToUpper(message[:1]) + message[1:] + ".", ""
	}
}

// problemResponse documents every error of an operation.
func problemResponse(r huma.Registry) *huma.Response {
	return &huma.Response{
		Description: "An error. The code tells programs what happened, detail tells a person.",
		Content: map[string]*huma.MediaType{
			"application/problem+json": {Schema: r.Schema(reflect.TypeFor[server.Problem](), true, "")},
		},
	}
}

// Interface guards.
var (
	_ huma.StatusError       = refusal{}
	_ huma.HeadersError      = refusal{}
	_ huma.ContentTypeFilter = refusal{}
)
