package gate

import (
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// mostForm bounds what is kept of one form, in bytes of JSON; a message that
// carries more is shown by its text alone.
const mostForm = 64 << 10

// Form encodes what a message carries beyond text and files; "" for nothing.
func Form(f *sellerdesk.Form) string {
	if f == nil || f.Template == nil && f.Interactive == nil {
		return ""
	}
	kept := sellerdesk.Form{}
	if t := f.Template; t != nil {
		kept.Template = &sellerdesk.TemplateUse{Name: line(t.Name), Language: line(t.Language), Variables: cleaned(t.Variables)}
	}
	if i := f.Interactive; i != nil {
		kept.Interactive = interactive(*i)
	}
	if s := encode(kept); len(s) <= mostForm {
		return s
	}
	return ""
}

func interactive(i sellerdesk.Interactive) *sellerdesk.Interactive {
	i.Kind = sellerdesk.InteractiveKind(line(string(i.Kind)))
	i.Header, i.Body, i.Footer = text.Clean(i.Header), text.Clean(i.Body), text.Clean(i.Footer)
	i.Buttons = cleaned(i.Buttons)
	if i.Menu != nil {
		m := sellerdesk.Menu{Button: text.Clean(i.Menu.Button)}
		for _, s := range i.Menu.Sections {
			section := sellerdesk.MenuSection{Title: text.Clean(s.Title)}
			for _, r := range s.Rows {
				section.Rows = append(section.Rows, sellerdesk.MenuRow{Title: text.Clean(r.Title), Description: text.Clean(r.Description)})
			}
			m.Sections = append(m.Sections, section)
		}
		i.Menu = &m
	}
	return &i
}

// line cleans a name of a remote side.
func line(s string) string { return text.Cut(text.Clean(s), 600) }

func cleaned(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = text.Clean(s)
	}
	return out
}

// Templates encodes the approved texts of an account with their texts cleaned.
func Templates(list []sellerdesk.RemoteTemplate) (string, error) {
	out := make([]sellerdesk.RemoteTemplate, len(list))
	for i, t := range list {
		t.Source = sellerdesk.RemoteID(RemoteID(t.Source))
		t.Name, t.Language, t.Category = line(t.Name), line(t.Language), short(t.Category)
		t.Status, t.Reason = sellerdesk.TemplateStatus(line(string(t.Status))), Why(sellerdesk.Why{Text: t.Reason}).Text
		t.Body, t.Footer = text.Clean(t.Body), long(t.Footer)
		if t.Header != nil {
			t.Header = &sellerdesk.TemplateHeader{Format: line(t.Header.Format), Text: long(t.Header.Text)}
		}
		buttons := make([]sellerdesk.TemplateButton, len(t.Buttons))
		for n, b := range t.Buttons {
			buttons[n] = sellerdesk.TemplateButton{Kind: line(b.Kind), Text: line(b.Text), URL: long(b.URL), Phone: short(b.Phone)}
		}
		variables := make([]sellerdesk.TemplateVariable, len(t.Variables))
		for n, v := range t.Variables {
			v.Name, v.Part, v.Format, v.Example = line(v.Name), line(v.Part), line(v.Format), long(v.Example)
			variables[n] = v
		}
		t.Buttons, t.Variables = buttons, variables
		out[i] = t
	}
	b, err := json.Marshal(out)
	if err != nil {
		return "", fmt.Errorf("encode templates: %w", err)
	}
	return string(b), nil
}

// Window encodes what bounds a conversation; "" for nothing.
func Window(w *sellerdesk.Window) string {
	if w == nil {
		return ""
	}
	return encode(w)
}

// ReadWindow is the inverse of [Window].
func ReadWindow(s string) (*sellerdesk.Window, error) {
	if s == "" {
		return nil, nil
	}
	w := &sellerdesk.Window{}
	if err := json.Unmarshal([]byte(s), w); err != nil {
		return nil, fmt.Errorf("read a window: %w", err)
	}
	return w, nil
}
