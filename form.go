package sellerdesk

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Form is what a message of ours carries beyond text and files, in messengers
// that have such things. At most one of its parts is set.
type Form struct {
	Template    *TemplateUse `json:"template"`
	Interactive *Interactive `json:"interactive"`
}

// TemplateUse is an approved template with what is filled in.
type TemplateUse struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	// Variables are the values, in the order of [RemoteTemplate].Variables.
	Variables []string `json:"variables"`
}

// TemplateStatus is where a template stands with the messenger.
type TemplateStatus string

// The statuses of templates; others are kept in the words of the messenger.
const (
	TemplateApproved TemplateStatus = "approved"
	TemplatePaused   TemplateStatus = "paused"
	TemplateDisabled TemplateStatus = "disabled"
	TemplatePending  TemplateStatus = "pending"
	TemplateRejected TemplateStatus = "rejected"
)

// RemoteTemplate is a text that a messenger approved in advance.
type RemoteTemplate struct {
	// Source is the way into the messenger that it belongs to, as [Source].ID.
	Source   RemoteID       `json:"source"`
	Name     string         `json:"name"`
	Language string         `json:"language"`
	Category Optional       `json:"category"` // in the words of the messenger
	Status   TemplateStatus `json:"status"`
	// Header is a line above the text, or what kind of file stands there.
	Header  *TemplateHeader  `json:"header"`
	Body    string           `json:"body"` // with its variables as {{1}}
	Footer  Optional         `json:"footer"`
	Buttons []TemplateButton `json:"buttons"`
	// Variables are what is to be filled in, in order: header, body, buttons.
	Variables []TemplateVariable `json:"variables"`
	// Reason says why it cannot be sent; empty when it can.
	Reason     Optional   `json:"reason"`
	ReasonCode ReasonCode `json:"reason_code"`
}

// TemplateHeader is what stands above the text of a template.
type TemplateHeader struct {
	Format string   `json:"format"` // text, image, video, document or location
	Text   Optional `json:"text"`   // of a text, with its variable
}

// TemplateButton is a button under a template.
type TemplateButton struct {
	Kind  string   `json:"kind"` // reply, url, phone or copy_code
	Text  string   `json:"text"`
	URL   Optional `json:"url"`
	Phone Optional `json:"phone"`
}

// TemplateVariable is one thing to fill in.
type TemplateVariable struct {
	Name    string   `json:"name"`   // as it stands between the braces, "1"
	Part    string   `json:"part"`   // header, body or button
	Button  int      `json:"button"` // which one, from 0; of the part button only
	Format  string   `json:"format"` // text, or image, video, document: the address of a file
	Example Optional `json:"example"`
	// MaxLength bounds the value in characters.
	MaxLength int `json:"max_length"`
}

// InteractiveKind is what a buyer can do with an interactive message.
type InteractiveKind string

// The kinds of interactive messages.
const (
	InteractiveButtons InteractiveKind = "buttons"
	InteractiveMenu    InteractiveKind = "menu"
)

// Interactive is a message with buttons or a menu to choose from. The buyer's
// choice comes back as a message of theirs.
type Interactive struct {
	Kind    InteractiveKind `json:"kind"`
	Header  string          `json:"header,omitempty"`
	Body    string          `json:"body"`
	Footer  string          `json:"footer,omitempty"`
	Buttons []string        `json:"buttons,omitempty"` // what stands on them; of the kind buttons
	Menu    *Menu           `json:"menu,omitempty"`    // of the kind menu
}

// Menu is a list to choose one row from.
type Menu struct {
	Button   string        `json:"button"` // what stands on the button that opens it
	Sections []MenuSection `json:"sections"`
}

// MenuSection is a part of a menu.
type MenuSection struct {
	Title string    `json:"title,omitempty"` // needed where there are several
	Rows  []MenuRow `json:"rows"`
}

// MenuRow is one row of a menu.
type MenuRow struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// InteractiveLimits bounds interactive messages, in characters and numbers.
type InteractiveLimits struct {
	Body        int `json:"body"`
	Header      int `json:"header"`
	Footer      int `json:"footer"`
	Buttons     int `json:"buttons"`      // how many
	ButtonTitle int `json:"button_title"` // also of the button that opens a menu
	Sections    int `json:"sections"`     // how many
	Rows        int `json:"rows"`         // how many over all sections
	RowTitle    int `json:"row_title"`    // also of a section
	Description int `json:"description"`
}

// What messengers take of a template once its variables are filled in, in
// characters, whatever the text around them.
const (
	longestTemplateHeader = 60
	longestTemplateBody   = 1024
	longestPlaceholder    = 64
)

// TemplatePlaceholders lists what stands between double braces in a text of a
// template, each once, in order: "1" and "name" of "{{1}}, {{ name }}". Braces
// around anything else than letters, digits and underscores are plain text.
func TemplatePlaceholders(text string) []string {
	var names []string
	replacePlaceholders(text, func(name, _ string) string {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		return ""
	})
	return names
}

// replacePlaceholders gives a text with every placeholder replaced. What it is
// replaced by is not looked at again.
func replacePlaceholders(text string, with func(name, whole string) string) string {
	var out strings.Builder
	for {
		start := strings.Index(text, "{{")
		if start < 0 {
			break
		}
		length := strings.Index(text[start:], "}}")
		if length < 0 {
			break
		}
		whole := text[start : start+length+2]
		name := strings.TrimSpace(whole[2 : len(whole)-2])
		if !isPlaceholder(name) {
			out.WriteString(text[:start+1])
			text = text[start+1:]
			continue
		}
		out.WriteString(text[:start])
		out.WriteString(with(name, whole))
		text = text[start+len(whole):]
	}
	out.WriteString(text)
	return out.String()
}

func isPlaceholder(name string) bool {
	return name != "" && len(name) <= longestPlaceholder && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_'
	})
}

// Fill gives the text as the buyer reads it: header, body and footer on lines of
// their own, with values in the order of Variables. It is invalid (field
// variables) when a value is missing, too long or too many, or no address where
// one of a file is needed.
func (t RemoteTemplate) Fill(values []string) (text string, err error) {
	if len(values) > len(t.Variables) {
		return "", Errorf(CodeInvalid, "The template %s takes %s, and %d are given.", t.Name, count(len(t.Variables), "variable"), len(values)).InField("variables")
	}
	for i, v := range t.Variables {
		value := ""
		if i < len(values) {
			value = values[i]
		}
		if err := v.check(value); err != nil {
			return "", err
		}
	}
	header, body := t.part("header", values), t.part("body", values)
	for _, part := range []struct {
		name, text string
		most       int
	}{{"header", header, longestTemplateHeader}, {"text", body, longestTemplateBody}} {
		if n := utf8.RuneCountInString(part.text); n > part.most {
			return "", Errorf(CodeInvalid, "Filled in, the %s of the template has %s; it takes up to %d.",
				part.name, count(n, "character"), part.most).InField("variables")
		}
	}
	return lines(header, body, string(t.Footer)), nil
}

// Preview is the text of Fill as far as it is filled in: what has no value yet
// stays as it stands in the template.
func (t RemoteTemplate) Preview(values []string) string {
	return lines(t.part("header", values), t.part("body", values), string(t.Footer))
}

// part is one part of the text with its values.
func (t RemoteTemplate) part(name string, values []string) string {
	text := t.Body
	if name == "header" {
		if text = ""; t.Header != nil {
			text = string(t.Header.Text)
		}
	}
	return replacePlaceholders(text, func(placeholder, whole string) string {
		i := slices.IndexFunc(t.Variables, func(v TemplateVariable) bool { return v.Part == name && v.Name == placeholder })
		if i < 0 || i >= len(values) || strings.TrimSpace(values[i]) == "" {
			return whole
		}
		return values[i]
	})
}

// check judges one value.
func (v TemplateVariable) check(value string) error {
	trimmed := strings.TrimSpace(value)
	n := utf8.RuneCountInString(value)
	switch {
	case trimmed == "" && v.Format != "" && v.Format != "text":
		return Errorf(CodeInvalid, "The template needs the address of a file: %s (%s).", v.called(), v.Format).InField("variables")
	case trimmed == "":
		return Errorf(CodeInvalid, "The variable %s is not filled in.", v.called()).InField("variables")
	case v.MaxLength > 0 && n > v.MaxLength:
		return Errorf(CodeInvalid, "The variable %s has %s; it takes up to %d.", v.called(), count(n, "character"), v.MaxLength).InField("variables")
	case v.Format != "" && v.Format != "text" && !strings.HasPrefix(trimmed, "https://"):
		return Errorf(CodeInvalid, "The variable %s takes the address of a file, beginning with https://.", v.called()).InField("variables")
	default:
		return nil
	}
}

// called names a variable for a person.
func (v TemplateVariable) called() string {
	name := "{{" + v.Name + "}}"
	switch v.Part {
	case "button":
		return fmt.Sprintf("%s of button %d", name, v.Button+1)
	case "":
		return name
	default:
		return name + " of the " + v.Part
	}
}

// lines puts what there is on lines of their own.
func lines(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}

// count says how many things there are.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Text is what the buyer reads above the buttons or the menu.
func (i Interactive) Text() string { return i.Body }

// Check judges a message with buttons or a menu. It is invalid with the field
// that is wrong, as "interactive.body".
func (i Interactive) Check(l InteractiveLimits) error {
	if i.Kind != "" && i.Kind != InteractiveButtons && i.Kind != InteractiveMenu {
		return Errorf(CodeInvalid, "Messages of the kind %.40q are not supported: only buttons and menus are.", string(i.Kind)).InField("interactive.kind")
	}
	texts := []bounded{
		{"interactive.body", "The text", i.Body, l.Body, true},
		{"interactive.header", "The header", i.Header, l.Header, false},
		{"interactive.footer", "The footer", i.Footer, l.Footer, false},
	}
	if err := checkAll(texts); err != nil {
		return err
	}
	switch {
	case i.Kind == InteractiveButtons && i.Menu != nil:
		return Errorf(CodeInvalid, "A message with buttons has no menu.").InField("interactive.menu")
	case i.Kind == InteractiveButtons:
		return checkButtons(i.Buttons, l)
	case i.Kind == InteractiveMenu && len(i.Buttons) > 0:
		return Errorf(CodeInvalid, "A message with a menu has no other buttons.").InField("interactive.buttons")
	case i.Kind == InteractiveMenu:
		return checkMenu(i.Menu, l)
	default:
		return Errorf(CodeInvalid, "Say whether the message has buttons or a menu.").InField("interactive.kind")
	}
}

// bounded is a text with its limit in characters.
type bounded struct {
	field, what, text string
	most              int
	needed            bool
}

func checkAll(texts []bounded) error {
	for _, b := range texts {
		n := utf8.RuneCountInString(b.text)
		switch {
		case b.needed && strings.TrimSpace(b.text) == "":
			return Errorf(CodeInvalid, "%s is empty.", b.what).InField(b.field)
		case n > b.most:
			return Errorf(CodeInvalid, "%s has %s; it takes up to %d.", b.what, count(n, "character"), b.most).InField(b.field)
		}
	}
	return nil
}

func checkButtons(buttons []string, l InteractiveLimits) error {
	const field = "interactive.buttons"
	switch {
	case len(buttons) == 0:
		return Errorf(CodeInvalid, "The message needs a button.").InField(field)
	case len(buttons) > l.Buttons:
		return Errorf(CodeInvalid, "There are %s; a message takes up to %d.", count(len(buttons), "button"), l.Buttons).InField(field)
	}
	for n, title := range buttons {
		if err := checkAll([]bounded{{field, fmt.Sprintf("Button %d", n+1), title, l.ButtonTitle, true}}); err != nil {
			return err
		}
		if slices.Contains(buttons[:n], title) {
			return Errorf(CodeInvalid, "Two buttons say %q: the answer would not tell which was meant.", title).InField(field)
		}
	}
	return nil
}

func checkMenu(m *Menu, l InteractiveLimits) error {
	const field = "interactive.menu"
	if m == nil || len(m.Sections) == 0 {
		return Errorf(CodeInvalid, "The menu has no rows.").InField(field)
	}
	if err := checkAll([]bounded{{field, "The button of the menu", m.Button, l.ButtonTitle, true}}); err != nil {
		return err
	}
	if n := len(m.Sections); n > l.Sections {
		return Errorf(CodeInvalid, "The menu has %s; it takes up to %d.", count(n, "section"), l.Sections).InField(field)
	}
	rows := 0
	for n, s := range m.Sections {
		called := fmt.Sprintf("Section %d", n+1)
		if len(s.Rows) == 0 {
			return Errorf(CodeInvalid, "%s of the menu has no rows.", called).InField(field)
		}
		texts := []bounded{{field, "The title of section " + fmt.Sprint(n+1), s.Title, l.RowTitle, len(m.Sections) > 1}}
		for r, row := range s.Rows {
			of := fmt.Sprintf("of row %d", rows+r+1)
			texts = append(texts, bounded{field, "The title " + of, row.Title, l.RowTitle, true}, bounded{field, "The description " + of, row.Description, l.Description, false})
		}
		if rows += len(s.Rows); rows > l.Rows {
			continue // said below, with the number of all
		}
		if err := checkAll(texts); err != nil {
			return err
		}
	}
	if rows > l.Rows {
		return Errorf(CodeInvalid, "The menu has %s; it takes up to %d over all sections.", count(rows, "row"), l.Rows).InField(field)
	}
	return nil
}
