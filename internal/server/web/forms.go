package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// form is what was typed and what is wrong with it. Secrets are never given
// back to the page.
type form struct {
	Action string // which of several forms on the page; "" is the only one
	Values map[string]string
	Error  string // one sentence for the person
	Field  string // the field it is about, "" for the whole form
	known  []string
}

// wrong tells whether the error is about a field.
func (f form) wrong(field string) bool { return f.Error != "" && f.Field == field }

// shown tells whether the error already stands at a field of this form.
func (f form) shown() bool {
	for _, k := range f.known {
		if k == f.Field {
			return true
		}
	}
	return false
}

func (f form) value(d fieldView) string {
	if d.Kind == "password" {
		return ""
	}
	return f.Values[d.Name]
}

// withValue presets a field that was not typed into.
func (f form) withValue(name, value string) form {
	if _, typed := f.Values[name]; typed {
		return f
	}
	values := map[string]string{name: value}
	for k, v := range f.Values {
		values[k] = v
	}
	f.Values = values
	return f
}

// forAction gives the form only to the part of the page it belongs to.
func (f form) forAction(name string) form {
	if f.Action != name {
		return form{}
	}
	return f
}

// fieldView is one input with its label.
type fieldView struct {
	Name, Label, Help, Kind, Complete string
	Required, Focus                   bool
}

func (d fieldView) kind() string {
	if d.Kind == "" {
		return "text"
	}
	return d.Kind
}

func (d fieldView) complete() string {
	if d.Complete == "" {
		return "off"
	}
	return d.Complete
}

func (d fieldView) describedBy(f form) templ.Attributes {
	switch {
	case f.wrong(d.Name):
		return templ.Attributes{"aria-describedby": "error-" + d.Name}
	case d.Help != "":
		return templ.Attributes{"aria-describedby": "help-" + d.Name}
	default:
		return nil
	}
}

// driverField is a credential as its channel describes it.
func driverField(v *View, d channel.Field) fieldView {
	out := fieldView{Name: d.Name, Label: d.Title[string(v.Language)], Help: d.Help[string(v.Language)], Required: !d.Optional}
	if out.Label == "" {
		out.Label = d.Name
	}
	out.Label = strings.TrimSuffix(out.Label, " ("+v.Optional+")") // the form says it itself
	if d.Secret {
		out.Kind, out.Complete = "password", "new-password"
	}
	return out
}

// accountView is an account with what its channel says about itself.
type accountView struct {
	sellerdesk.Account
	Title  string // of the channel
	Fields []channel.Field
	Base   string // address of this program as the browser knows it
	// Registers: the remote side is told the address for pushes by the program.
	Registers bool
	// PushesOnly: what is not pushed did not happen; there is nothing to read.
	PushesOnly bool
	// Templates are those of its sources, and when they were read; none where the
	// channel has none.
	Templates   []sellerdesk.RemoteTemplate
	TemplatesAt *sellerdesk.Time
}

func percent(share float64) string { return strconv.Itoa(int(share * 100)) }

// estimate says when the reading of a stream will be done.
func estimate(v *View, s sellerdesk.StreamProgress) string {
	if s.DoneAt == nil {
		return v.EstimateUnknown
	}
	return v.Texts.Estimate(v.moment(*s.DoneAt))
}
