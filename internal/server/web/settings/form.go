package settings

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"
)

// form is what was typed into one of the forms of a page and what is wrong with
// it. The zero value is a form nobody has typed into.
type form struct {
	Name   string // which of several forms on the page
	Values url.Values
	Error  string // one sentence for the person
	Field  string // the field it is about, "" for the whole form
}

// of gives the form only to the part of the page it belongs to.
func (f form) of(name string) form {
	if f.Name != name {
		return form{Name: name}
	}
	return f
}

// typed tells whether somebody sent the form already.
func (f form) typed() bool { return f.Error != "" }

// or gives the form with a value for a field that was not typed into.
func (f form) or(name string, values ...string) form {
	if f.typed() {
		return f
	}
	with := url.Values{}
	for k, v := range f.Values {
		with[k] = v
	}
	with[name] = values
	return form{Name: f.Name, Values: with, Error: f.Error, Field: f.Field}
}

// chosen tells whether a box or an option was chosen.
func (f form) chosen(name, value string) bool { return slices.Contains(f.Values[name], value) }

func (f form) wrong(field string) bool { return f.Error != "" && f.Field == field }

// secrets are fields that are never given back to the page.
func secrets() []string { return []string{"password", "current", "new", "code", "uri"} }

func withoutSecrets(values url.Values) url.Values {
	out := url.Values{}
	for name, v := range values {
		if !slices.Contains(secrets(), name) {
			out[name] = v
		}
	}
	return out
}

// field is one input with its label.
type field struct {
	Name, Label, Help, Kind, Complete, Pattern string
	Required, Focus                            bool
}

func (d field) id(f form) string { return f.Name + "-" + d.Name }

func (d field) kind() string {
	if d.Kind == "" {
		return "text"
	}
	return d.Kind
}

func (d field) complete() string {
	if d.Complete == "" {
		return "off"
	}
	return d.Complete
}

// described ties an input to the line below it.
func (d field) described(f form) templ.Attributes {
	out := templ.Attributes{}
	switch {
	case f.wrong(d.Name):
		out["aria-invalid"], out["aria-describedby"] = "true", "error-"+d.id(f)
	case d.Help != "":
		out["aria-describedby"] = "help-" + d.id(f)
	}
	if d.Pattern != "" {
		out["inputmode"], out["pattern"] = "numeric", d.Pattern
	}
	return out
}

// elsewhere tells that the error stands at none of the named fields.
func (f form) elsewhere(known ...string) bool {
	return f.Error != "" && !slices.Contains(known, f.Field)
}

// option is one of several things to choose.
type option struct {
	Value, Label, Hint string
}

// choices are boxes or options under one title.
type choices struct {
	Name, Title, Help string
	Options           []option
}
