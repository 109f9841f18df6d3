package composing

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// Sendable tells whether a template can be sent as it stands.
func Sendable(t sellerdesk.RemoteTemplate) bool {
	return t.Reason == "" && t.ReasonCode == ""
}

// Sorted are the templates of one source, or of all where source is empty: those
// that can be sent first, then by name and language.
func Sorted(list []sellerdesk.RemoteTemplate, source sellerdesk.RemoteID) []sellerdesk.RemoteTemplate {
	out := make([]sellerdesk.RemoteTemplate, 0, len(list))
	for _, t := range list {
		if source == "" || t.Source == "" || t.Source == source {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b sellerdesk.RemoteTemplate) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Language, b.Language))
	})
	return out
}

func rank(t sellerdesk.RemoteTemplate) int {
	if Sendable(t) {
		return 0
	}
	return 1
}

// Find gives the template of a name and a language; ok is false when it is not
// among them.
func Find(list []sellerdesk.RemoteTemplate, name, language string) (t sellerdesk.RemoteTemplate, ok bool) {
	i := slices.IndexFunc(list, func(t sellerdesk.RemoteTemplate) bool { return t.Name == name && t.Language == language })
	if i < 0 {
		return t, false
	}
	return list[i], true
}

// The parts of a template that have variables.
const (
	Header = "header"
	Body   = "body"
	Button = "button"
)

// Piece is a stretch of a template's text: words as they stand, or the place of
// a variable.
type Piece struct {
	Words string
	// Variable is the index of the variable in [sellerdesk.RemoteTemplate].Variables;
	// -1 for words.
	Variable int
}

// place is a variable in a text, as {{1}} or {{name}}.
var place = regexp.MustCompile(`\{\{\s*(\w{1,64})\s*\}\}`)

// Pieces cut a text of one part of a template at its variables. Button is the
// index of the button of that part; it is 0 for the others. What looks like a
// variable and is none stays as words.
func Pieces(text, part string, button int, variables []sellerdesk.TemplateVariable) []Piece {
	var out []Piece
	words := func(s string) {
		if n := len(out); s != "" && n > 0 && out[n-1].Variable < 0 {
			out[n-1].Words += s
		} else if s != "" {
			out = append(out, Piece{Words: s, Variable: -1})
		}
	}
	from := 0
	for _, m := range place.FindAllStringSubmatchIndex(text, -1) {
		words(text[from:m[0]])
		from = m[1]
		name := text[m[2]:m[3]]
		i := slices.IndexFunc(variables, func(v sellerdesk.TemplateVariable) bool {
			return v.Part == part && v.Name == name && (part != Button || v.Button == button)
		})
		if i < 0 {
			words(text[m[0]:m[1]])
			continue
		}
		out = append(out, Piece{Words: text[m[0]:m[1]], Variable: i})
	}
	words(text[from:])
	return out
}

// Line is a text of a template on one line, for a list.
func Line(t sellerdesk.RemoteTemplate) string {
	return strings.Join(strings.Fields(t.Body), " ")
}
