package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// mostVariables bounds the values given with a template.
const mostVariables = 100

// TemplateInput names an approved template and what is filled in.
type TemplateInput struct {
	Name string
	// Language may be empty where the template is there in one only.
	Language string
	// Variables are the values in the order of [sellerdesk.RemoteTemplate].Variables.
	Variables []string
	// Named are the values by the names between the braces instead, as "1"; where
	// several parts have a variable of one name, "header.1" and "body.1" tell them
	// apart.
	Named map[string]string
}

// onlyOne refuses a message that is several things at once.
func onlyOne(in ReplyInput) error {
	plain := strings.TrimSpace(in.Text) != "" || len(in.Files) > 0
	switch {
	case in.Template != nil && (plain || in.Interactive != nil):
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A message is a text with files, a template, or one with buttons or a menu: choose one.").InField("template")
	case in.Interactive != nil && plain:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A message is a text with files, a template, or one with buttons or a menu: choose one.").InField("interactive")
	case in.Parent != 0 && (in.Template != nil || in.Interactive != nil):
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A template, buttons and a menu stand under no other message.").InField("parent")
	default:
		return nil
	}
}

// useTemplate finds the template that is meant among those of the chat's source
// and fills it in.
func useTemplate(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, in TemplateInput) (sellerdesk.SendTemplate, error) {
	all, read, err := tx.Templates.Get(ctx, conv.Account)
	if err != nil {
		return sellerdesk.SendTemplate{}, err
	}
	if read == nil {
		return sellerdesk.SendTemplate{}, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The templates of this account have not been read yet.").InField("template")
	}
	var source sellerdesk.RemoteID
	if conv.Chat != nil {
		source = sellerdesk.RemoteID(conv.Chat.Source)
	}
	t, err := pickTemplate(ofSource(all, source), in)
	if err != nil {
		return sellerdesk.SendTemplate{}, err
	}
	values, err := in.Values(t)
	if err != nil {
		return sellerdesk.SendTemplate{}, err
	}
	filled, err := t.Fill(values)
	if err != nil {
		return sellerdesk.SendTemplate{}, err
	}
	use := sellerdesk.TemplateUse{Name: t.Name, Language: t.Language, Variables: values}
	return sellerdesk.SendTemplate{Template: use, Text: filled}, nil
}

// ofSource leaves the templates of one source; "" leaves all.
func ofSource(all []sellerdesk.RemoteTemplate, source sellerdesk.RemoteID) []sellerdesk.RemoteTemplate {
	if source == "" {
		return all
	}
	return slices.DeleteFunc(all, func(t sellerdesk.RemoteTemplate) bool { return t.Source != "" && t.Source != source })
}

// pickTemplate finds the template that is meant, which must be approved.
func pickTemplate(all []sellerdesk.RemoteTemplate, in TemplateInput) (sellerdesk.RemoteTemplate, error) {
	var t sellerdesk.RemoteTemplate
	var languages []string
	found := false
	for _, c := range all {
		if c.Name != in.Name {
			continue
		}
		if languages = append(languages, c.Language); in.Language == "" || c.Language == in.Language {
			t, found = c, true
		}
	}
	slices.Sort(languages)
	languages = slices.Compact(languages)
	there := strings.Join(languages, ", ")
	switch {
	case in.Name == "":
		return t, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name the template.").InField("template")
	case len(languages) == 0:
		return t, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no template %s for this chat.", shown(in.Name)).InField("template")
	case in.Language == "" && len(languages) > 1:
		return t, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The template %s is there in several languages; choose one of: %s.", shown(in.Name), there).InField("language")
	case !found:
		return t, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The template %s is not there in the language %s; choose one of: %s.",
			shown(in.Name), shown(in.Language), there).InField("language")
	default:
		return t, sendable(t)
	}
}

// sendable refuses a template that the messenger does not take now.
func sendable(t sellerdesk.RemoteTemplate) error {
	switch {
	case t.Status == sellerdesk.TemplateApproved && t.Reason == "":
		return nil
	case t.Reason != "":
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "%s", t.Reason).InField("template")
	case t.Status == sellerdesk.TemplatePaused:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The messenger has paused the template %s: it cannot be sent now.", t.Name).InField("template")
	case t.Status == sellerdesk.TemplateDisabled:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The messenger has switched the template %s off.", t.Name).InField("template")
	case t.Status == sellerdesk.TemplatePending:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The messenger has not approved the template %s yet.", t.Name).InField("template")
	case t.Status == sellerdesk.TemplateRejected:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The messenger did not approve the template %s.", t.Name).InField("template")
	default:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The template %s is %s: only approved ones can be sent.", t.Name, shown(string(t.Status))).InField("template")
	}
}

// Values puts the values into the order of the variables of a template. They are
// invalid (field variables) where there are too many, or a name is not there.
func (in TemplateInput) Values(t sellerdesk.RemoteTemplate) ([]string, error) {
	clean := func(s string) string { return strings.TrimSpace(text.Clean(s)) }
	if len(in.Variables)+len(in.Named) > mostVariables {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d variables can be given.", mostVariables).InField("variables")
	}
	if len(in.Named) == 0 {
		values := make([]string, len(in.Variables))
		for i, v := range in.Variables {
			values[i] = clean(v)
		}
		return values, nil
	}
	values, used := make([]string, len(t.Variables)), map[string]bool{}
	for i, v := range t.Variables {
		names := []string{v.Part + "." + v.Name, v.Name}
		if v.Part == "button" {
			names = append([]string{fmt.Sprintf("button%d.%s", v.Button+1, v.Name)}, names...)
		}
		for _, name := range names {
			if value, given := in.Named[name]; given {
				values[i], used[name] = clean(value), true
				break
			}
		}
	}
	for name := range in.Named {
		if !used[name] {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The template %s has no variable {{%s}}.", t.Name, shown(name)).InField("variables")
		}
	}
	return values, nil
}

// fitInteractive cleans a message with buttons or a menu and judges it.
func fitInteractive(in sellerdesk.Interactive, can sellerdesk.Ability) (sellerdesk.Interactive, error) {
	if can.Interactive == nil {
		return in, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This chat takes no buttons and no menus.").InField("interactive")
	}
	in = CleanInteractive(in)
	return in, in.Check(*can.Interactive)
}

// CleanInteractive cleans the texts of a message with buttons or a menu, as they
// are kept.
func CleanInteractive(in sellerdesk.Interactive) sellerdesk.Interactive {
	clean := func(s string) string { return strings.TrimSpace(text.Clean(s)) }
	in.Header, in.Body, in.Footer = clean(in.Header), clean(in.Body), clean(in.Footer)
	buttons := make([]string, len(in.Buttons))
	for i, title := range in.Buttons {
		buttons[i] = clean(title)
	}
	in.Buttons = buttons
	if len(buttons) == 0 {
		in.Buttons = nil
	}
	if in.Menu != nil {
		menu := sellerdesk.Menu{Button: clean(in.Menu.Button), Sections: make([]sellerdesk.MenuSection, len(in.Menu.Sections))}
		for i, s := range in.Menu.Sections {
			rows := make([]sellerdesk.MenuRow, len(s.Rows))
			for n, r := range s.Rows {
				rows[n] = sellerdesk.MenuRow{Title: clean(r.Title), Description: clean(r.Description)}
			}
			menu.Sections[i] = sellerdesk.MenuSection{Title: clean(s.Title), Rows: rows}
		}
		in.Menu = &menu
	}
	return in
}
