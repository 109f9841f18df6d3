package reference

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// page is all that the template shows.
type page struct {
	T              texts
	Style, Script  string // addresses
	Title, Version string
	Overview       []section
	Groups         []group
	Schemas        []shape
	Count          int
}

// section is a part of the overview under its heading.
type section struct {
	ID, Title string
	Body      template.HTML
}

type group struct {
	ID, Title  string
	About      template.HTML
	Operations []call
}

// call is one operation.
type call struct {
	ID, Method, Path, Summary, Right string
	PathParts                        []part
	About                            template.HTML
	Parameters                       []field
	Body                             *body
	Answers                          []answer
	Curl, Sample                     string
}

// part is a piece of an address; a variable one stands between braces.
type part struct {
	Text     string
	Variable bool
}

type body struct {
	Kind   string
	Schema string // its name, "" when it has none
	Fields []field
}

type answer struct {
	Status, Class, About, Schema, Kinds string
	Type                                template.HTML
}

// field is a parameter or a property.
type field struct {
	Name, In string
	Required bool
	Type     template.HTML
	About    template.HTML
	Values   []string // of a closed set
	Bounds   string
}

// shape is a schema with its fields.
type shape struct {
	Name   string
	About  template.HTML
	Fields []field
	Type   template.HTML // where it has no fields
}

// model makes the page of a document.
func (d *document) model(t texts) page {
	p := page{T: t, Title: d.Info.Title, Version: d.Info.Version, Overview: sections(d.Info.Description, t)}
	for _, tag := range d.Tags {
		g := group{ID: "group-" + tag.Name, Title: tag.Name, About: inline(tag.Description)}
		for _, op := range d.operations(tag.Name) {
			g.Operations = append(g.Operations, d.call(op, t))
		}
		p.Count += len(g.Operations)
		p.Groups = append(p.Groups, g)
	}
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		s := d.Components.Schemas[name]
		one := shape{Name: name, About: inline(s.Description), Fields: d.fields(s, t)}
		if len(one.Fields) == 0 {
			one.Type = d.typeOf(s, t)
		}
		p.Schemas = append(p.Schemas, one)
	}
	return p
}

func (d *document) call(op placed, t texts) call {
	c := call{
		ID: op.OperationID, Method: op.Method, Path: op.Path, PathParts: parts(op.Path), Summary: op.Summary, Right: op.Right,
		About: inline(op.Description), Curl: curl(op),
	}
	for _, in := range []string{"path", "query", "header"} {
		for _, p := range op.Parameters {
			if p.In != in {
				continue
			}
			f := d.field(p.Name, p.Schema, t)
			f.In, f.Required = p.In, p.Required
			if p.Description != "" {
				f.About = inline(p.Description)
			}
			c.Parameters = append(c.Parameters, f)
		}
	}
	if op.RequestBody != nil {
		for _, kind := range slices.Sorted(maps.Keys(op.RequestBody.Content)) {
			s := op.RequestBody.Content[kind].Schema
			b := &body{Kind: kind, Fields: d.fields(d.resolve(s), t)}
			if s != nil && s.Ref != "" {
				b.Schema = named(s.Ref)
			}
			c.Body = b
		}
	}
	d.answers(&c, op, t)
	return c
}

// answers fills in what an operation may say, successes first.
func (d *document) answers(c *call, op placed, t texts) {
	for _, status := range slices.SortedFunc(maps.Keys(op.Responses), byStatus) {
		r := d.response(op.Responses[status])
		if r == nil {
			continue
		}
		a := answer{Status: status, Class: class(status), About: r.Description, Kinds: strings.Join(slices.Sorted(maps.Keys(r.Content)), ", ")}
		for _, kind := range slices.Sorted(maps.Keys(r.Content)) {
			s := r.Content[kind].Schema
			if s == nil || a.Type != "" {
				continue
			}
			a.Type = d.typeOf(s, t)
			if a.Class == "good" && kind == "application/json" && c.Sample == "" {
				c.Sample = pretty(d.sample(s, 0))
			}
		}
		c.Answers = append(c.Answers, a)
	}
}

// byStatus puts default behind the numbers.
func byStatus(a, b string) int { return strings.Compare(a, b) }

func class(status string) string {
	switch status[0] {
	case '2':
		return "good"
	case '4':
		return "refused"
	}
	return "broken"
}

func parts(path string) (all []part) {
	for path != "" {
		before, rest, found := strings.Cut(path, "{")
		if before != "" {
			all = append(all, part{Text: before})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		all = append(all, part{Text: "{" + name + "}", Variable: true})
		path = after
	}
	return all
}

// fields lists the properties of a schema, what names it first.
func (d *document) fields(s *schema, t texts) (all []field) {
	if s == nil {
		return nil
	}
	for _, name := range slices.SortedFunc(maps.Keys(s.Properties), func(a, b string) int {
		if (a == "id") != (b == "id") {
			if a == "id" {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	}) {
		f := d.field(name, s.Properties[name], t)
		f.Required = slices.Contains(s.Required, name)
		all = append(all, f)
	}
	return all
}

func (d *document) field(name string, s *schema, t texts) field {
	f := field{Name: name}
	if s == nil {
		return f
	}
	f.Type, f.About, f.Bounds = d.typeOf(s, t), inline(s.Description), bounds(s, t)
	values := s.Enum
	if s.Items != nil && len(values) == 0 {
		values = s.Items.Enum
	}
	for _, v := range values {
		f.Values = append(f.Values, fmt.Sprint(v))
	}
	return f
}

// bounds says what limits a value.
func bounds(s *schema, t texts) string {
	var said []string
	number := func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		said = append(said, number(*s.Minimum)+" … "+number(*s.Maximum))
	case s.Minimum != nil:
		said = append(said, "≥ "+number(*s.Minimum))
	case s.Maximum != nil:
		said = append(said, "≤ "+number(*s.Maximum))
	}
	if s.MaxLength != nil {
		said = append(said, fmt.Sprintf("%s %d", t.Characters, *s.MaxLength))
	}
	if s.MaxItems != nil {
		said = append(said, fmt.Sprintf("%s %d", t.Items, *s.MaxItems))
	}
	if s.Default != nil {
		said = append(said, fmt.Sprintf("%s %v", t.Default, s.Default))
	}
	return strings.Join(said, ", ")
}

// typeOf says what a value is, with links to the schemas it is made of.
func (d *document) typeOf(s *schema, t texts) template.HTML {
	switch {
	case s == nil:
		return template.HTML(t.Anything)
	case s.Ref != "":
		name := template.HTMLEscapeString(named(s.Ref))
		return template.HTML(`<a href="#schema-` + name + `">` + name + `</a>`)
	case len(s.AnyOf)+len(s.OneOf) > 0:
		var said []string
		for _, one := range slices.Concat(s.AnyOf, s.OneOf) {
			said = append(said, string(d.typeOf(one, t)))
		}
		return template.HTML(strings.Join(said, " "+t.Or+" "))
	}
	kind := s.Type.plain()
	out := template.HTMLEscapeString(kind)
	switch {
	case kind == "" && s.Type.has("null"):
		return "null"
	case kind == "":
		out = t.Anything
	case kind == "array":
		out = t.ListOf + " " + string(d.typeOf(s.Items, t))
	case kind == "string" && s.Format == "date-time":
		out = t.Moment
	}
	if s.Type.has("null") {
		out += " " + t.Or + " null"
	}
	return template.HTML(out)
}
