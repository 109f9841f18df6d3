package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// newTemplate names an approved template and what is filled in.
type newTemplate struct {
	Name      string    `json:"name" maxLength:"600"`
	Language  string    `json:"language,omitempty" maxLength:"100" doc:"May be absent where the template is there in one language only"`
	Variables variables `json:"variables,omitempty"`
}

// input is what desk is asked for; nil for none.
func (n *newTemplate) input() *desk.TemplateInput {
	if n == nil {
		return nil
	}
	return &desk.TemplateInput{Name: n.Name, Language: n.Language, Variables: n.Variables.list, Named: n.Variables.named}
}

// variables are the values of a template, by their order or by their names.
type variables struct {
	list  []string
	named map[string]string
}

// UnmarshalJSON reads either.
func (v *variables) UnmarshalJSON(b []byte) error {
	if strings.HasPrefix(strings.TrimSpace(string(b)), "{") {
		return json.Unmarshal(b, &v.named)
	}
	return json.Unmarshal(b, &v.list)
}

// Schema tells of both.
func (variables) Schema(huma.Registry) *huma.Schema {
	value := func() *huma.Schema { return &huma.Schema{Type: huma.TypeString} }
	most := 100
	return &huma.Schema{
		Description: `The values in the order of the template's variables, or by name: {"1": "Anna"}, where two parts share a name {"header.1": "20 %", "body.1": "Anna"}`,
		OneOf: []*huma.Schema{
			{Type: huma.TypeArray, Items: value(), MaxItems: &most},
			{Type: huma.TypeObject, AdditionalProperties: value(), MaxProperties: &most},
			{Type: "null"},
		},
	}
}

// newInteractive is a message with buttons or a menu. What must be there is said
// by desk in one sentence.
type newInteractive struct {
	Kind    sellerdesk.InteractiveKind `json:"kind,omitempty" maxLength:"100" doc:"buttons or menu; others are refused"`
	Header  string                     `json:"header,omitempty"`
	Body    string                     `json:"body,omitempty"`
	Footer  string                     `json:"footer,omitempty"`
	Buttons []string                   `json:"buttons,omitempty" nullable:"true" maxItems:"100" doc:"Of the kind buttons: what stands on them"`
	Menu    *sellerdesk.Menu           `json:"menu,omitempty" doc:"Of the kind menu"`
}

// input is what desk is asked for; nil for none.
func (n *newInteractive) input() *sellerdesk.Interactive {
	if n == nil {
		return nil
	}
	i := sellerdesk.Interactive(*n)
	return &i
}

// says tells whether a message is what is asked for, but for its files. The
// templates are those of its account: they tell what names of variables stand for.
func says(m sellerdesk.Message, in *messageInput, templates []sellerdesk.RemoteTemplate) bool {
	clean := func(s string) string { return strings.TrimSpace(text.Clean(s)) }
	switch {
	case in.Body.Template != nil:
		return m.Form != nil && m.Form.Template != nil && fills(*m.Form.Template, *in.Body.Template.input(), templates)
	case in.Body.Interactive != nil:
		return m.Form != nil && m.Form.Interactive != nil && sameForm(*m.Form.Interactive, desk.CleanInteractive(*in.Body.Interactive.input()))
	default:
		return m.Form == nil && m.Text == clean(string(in.Body.Text))
	}
}

// fills tells whether a template was filled in as is asked for. Of one that is no
// longer listed, values by name are compared without their names.
func fills(use sellerdesk.TemplateUse, asked desk.TemplateInput, templates []sellerdesk.RemoteTemplate) bool {
	if use.Name != asked.Name || asked.Language != "" && use.Language != asked.Language {
		return false
	}
	if len(asked.Named) == 0 {
		values, err := asked.Values(sellerdesk.RemoteTemplate{})
		return err == nil && slices.Equal(values, use.Variables)
	}
	listed := false
	for _, t := range templates {
		if t.Name != use.Name || t.Language != use.Language {
			continue
		}
		listed = true
		if values, err := asked.Values(t); err == nil && slices.Equal(values, use.Variables) {
			return true
		}
	}
	if listed {
		return false
	}
	given := make([]string, 0, len(asked.Named))
	for _, v := range asked.Named {
		given = append(given, strings.TrimSpace(text.Clean(v)))
	}
	return within(given, use.Variables) && within(use.Variables, given)
}

// within tells whether each of some is among others.
func within(some, others []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(others, s) })
}

// sameForm compares two messages with buttons or a menu as they are kept.
func sameForm(a, b sellerdesk.Interactive) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}
