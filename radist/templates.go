package radist

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// TemplatesService lists the texts of WhatsApp for business that are approved in
// advance. They are made elsewhere.
type TemplatesService struct{ c *Client }

// TemplateStatus tells whether a template can be sent, an open set.
type TemplateStatus string

// The statuses that matter.
const (
	TemplateApproved TemplateStatus = "APPROVED" // the only one that can be sent
	TemplatePaused   TemplateStatus = "PAUSED"
	TemplateDisabled TemplateStatus = "DISABLED"
)

// Limits of a template after its variables were filled in, in characters.
const (
	MaxTemplateHeader = 60
	MaxTemplateBody   = 1024
)

// Template is a text with places for variables, {{1}} or {{name}}. A name may
// have a template in each of several languages.
type Template struct {
	ConnectionID   int64
	Name, Language string
	Category       string // MARKETING, UTILITY, AUTHENTICATION
	Status         TemplateStatus
	// Header is a text with one variable at most, HeaderFormat what it is instead:
	// IMAGE, VIDEO, DOCUMENT or LOCATION, TEXT or "".
	Header, HeaderFormat string
	Body                 string
	Footer               string
	Buttons              []TemplateButton
}

// TemplateButton is a button of a template. The address of one may end in a variable.
type TemplateButton struct {
	Kind        string // QUICK_REPLY, URL, PHONE_NUMBER and others
	Text        string
	URL         string
	PhoneNumber string
}

// List gives the templates of a connection; 0 means those of all.
//
// Operation: MessagingListWabaTemplates; its path is that of [Paths]. Limit: 5 a second.
func (s *TemplatesService) List(ctx context.Context, company, connection int64) (Page[Template], error) {
	parameters := url.Values{}
	if connection > 0 {
		parameters.Set("connection_id", decimal(connection))
	}
	return listed[Template](ctx, s.c, operation{method: http.MethodGet, path: s.c.paths.Templates, company: company, query: parameters}, templatesIn[:]...)
}

// Variables are what a template wants to be filled in.
type Variables struct {
	// Header and Body are the names of the places in order: "1", "2", or words.
	Header, Body []string
	// HeaderMedia is the kind of file that the header wants, "" when it wants none.
	HeaderMedia MessageType
	// Buttons are the numbers of those whose address ends in a variable, from 0.
	Buttons []int
}

// Variables tells what has to be filled in.
func (t Template) Variables() Variables {
	v := Variables{Body: places(t.Body)}
	switch t.HeaderFormat {
	case "IMAGE":
		v.HeaderMedia = TypeImage
	case "VIDEO":
		v.HeaderMedia = TypeVideo
	case "DOCUMENT":
		v.HeaderMedia = TypeFile
	default:
		v.Header = places(t.Header)
	}
	for n, b := range t.Buttons {
		if len(places(b.URL)) > 0 {
			v.Buttons = append(v.Buttons, n)
		}
	}
	return v
}

// places are the names of the variables of a text, each once: numbers in their
// order, which is the one that values are sent in, and words as they appear.
func places(text string) []string {
	var names []string
	substitute(text, func(name string) string {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		return ""
	})
	if !slices.ContainsFunc(names, func(n string) bool { return !isNumber(n) }) {
		slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	}
	return names
}

func isNumber(name string) bool { return strings.Trim(name, "0123456789") == "" }

// substitute puts values at the places of a text.
func substitute(text string, value func(name string) string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{{")
		name, after, closed := strings.Cut(rest, "}}")
		trimmed := strings.TrimSpace(name)
		switch {
		case !found:
			out.WriteString(text)
			return out.String()
		case !closed || trimmed == "" || strings.ContainsAny(trimmed, "{} \n"):
			out.WriteString(before + "{{")
			text = rest
			continue
		}
		out.WriteString(before + value(trimmed))
		text = after
	}
}

// Values fill the variables of a template: each list has as many as
// [Template.Variables] names, in its order.
type Values struct {
	Header, Body []string
	HeaderMedia  string // link of the file; upload it first
	// Buttons are the ends of addresses, for the buttons that want one.
	Buttons []string
}

// Preview is a template as the customer sees it.
type Preview struct {
	Header, Body, Footer string
	HeaderMedia          string
	Buttons              []TemplateButton
}

// Preview shows the template with its values. Missing ones leave their place as
// it is, so that it can be shown while somebody types.
func (t Template) Preview(v Values) Preview {
	wants := t.Variables()
	p := Preview{
		Header: filled(t.Header, wants.Header, v.Header), Body: filled(t.Body, wants.Body, v.Body), Footer: t.Footer,
		HeaderMedia: v.HeaderMedia, Buttons: slices.Clone(t.Buttons),
	}
	for i, n := range wants.Buttons {
		if i < len(v.Buttons) && v.Buttons[i] != "" {
			p.Buttons[n].URL = substitute(p.Buttons[n].URL, func(string) string { return v.Buttons[i] })
		}
	}
	return p
}

func filled(text string, names, values []string) string {
	return substitute(text, func(name string) string {
		if i := slices.Index(names, name); i >= 0 && i < len(values) && values[i] != "" {
			return values[i]
		}
		return "{{" + name + "}}"
	})
}

// Fill makes the message that sends the template. The error says in one sentence
// what is missing, too much or too long.
func (t Template) Fill(v Values) (TemplateMessage, error) {
	wants := t.Variables()
	switch {
	case t.Status != TemplateApproved && t.Status != "":
		return TemplateMessage{}, fmt.Errorf("the template is %s and cannot be sent", oneLine(string(t.Status), longestName))
	case t.HeaderFormat == "LOCATION":
		return TemplateMessage{}, errors.New("templates with a place in the header are not supported")
	case wants.HeaderMedia == "" && v.HeaderMedia != "":
		return TemplateMessage{}, errors.New("the header of the template takes no file")
	}
	if wants.HeaderMedia != "" {
		if err := checkLink("header", v.HeaderMedia); err != nil {
			return TemplateMessage{}, err
		}
	}
	shown := t.Preview(v)
	if err := cmp.Or(
		allFilled("header", wants.Header, v.Header), allFilled("body", wants.Body, v.Body), buttonsFilled(wants.Buttons, v.Buttons),
		checkText("header", shown.Header, 0, MaxTemplateHeader), checkText("body", shown.Body, 0, MaxTemplateBody),
	); err != nil {
		return TemplateMessage{}, err
	}
	m := TemplateMessage{Name: t.Name, Language: t.Language, Header: parameters(wants.Header, v.Header), Body: parameters(wants.Body, v.Body)}
	if wants.HeaderMedia != "" {
		m.Header = []Parameter{{Media: v.HeaderMedia, Kind: wants.HeaderMedia}}
	}
	for i, n := range wants.Buttons {
		m.Buttons = append(m.Buttons, ButtonParameter{Index: n, Text: v.Buttons[i]})
	}
	return m, nil
}

func allFilled(what string, names, values []string) error {
	if len(names) != len(values) {
		return fmt.Errorf("the %s of the template has %d variables, %d are given", what, len(names), len(values))
	}
	for i, v := range values {
		if strings.TrimSpace(v) == "" {
			return fmt.Errorf("variable %q of the %s is empty", oneLine(names[i], longestName), what)
		}
	}
	return nil
}

func buttonsFilled(numbers []int, values []string) error {
	if len(numbers) != len(values) {
		return fmt.Errorf("%d buttons of the template have a variable, %d values are given", len(numbers), len(values))
	}
	for i, v := range values {
		if strings.TrimSpace(v) == "" {
			return fmt.Errorf("the variable of button %d is empty", numbers[i]+1)
		}
	}
	return nil
}

// parameters names values only where the template does.
func parameters(names, values []string) []Parameter {
	var out []Parameter
	for i, v := range values {
		p := Parameter{Text: v}
		if !isNumber(names[i]) {
			p.Name = names[i]
		}
		out = append(out, p)
	}
	return out
}

// TemplateMessage is a message by a template, the only one that a chat takes
// whose window is closed. [Template.Fill] makes one that fits.
type TemplateMessage struct {
	Name, Language string
	Header, Body   []Parameter
	Buttons        []ButtonParameter
}

// Parameter is a value of a variable, or the file of a header.
type Parameter struct {
	Name  string // "" for numbered variables
	Text  string
	Media string      // link
	Kind  MessageType // of the file: TypeImage, TypeVideo or TypeFile
}

// ButtonParameter ends the address of a button.
type ButtonParameter struct {
	Index int // from 0
	Text  string
}

// Type is TypeTemplate.
func (TemplateMessage) Type() MessageType { return TypeTemplate }

func (m TemplateMessage) check() error {
	switch {
	case strings.TrimSpace(m.Name) == "":
		return errors.New("the name of the template is missing")
	case strings.TrimSpace(m.Language) == "":
		return errors.New("the language of the template is missing")
	}
	for _, p := range slices.Concat(m.Header, m.Body) {
		if p.Media != "" {
			if err := checkLink("header", p.Media); err != nil {
				return err
			}
		} else if err := checkText("variable of the template", p.Text, 1, MaxTemplateBody); err != nil {
			return err
		}
	}
	for _, b := range m.Buttons {
		if err := checkText("variable of a button", b.Text, 1, longestLink); err != nil {
			return err
		}
	}
	return nil
}
