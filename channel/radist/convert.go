package radist

import (
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// window is how long WhatsApp for business takes free texts after the buyer wrote.
const window = 24 * time.Hour

// conversation is what a fact says, in the vocabulary.
func (c *office) conversation(chat int64, f fact, s source) sellerdesk.ConversationPatch {
	p := sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: named(chat)}
	if f.name != "" {
		name := cut(f.name, 200)
		p.BuyerName = &name
	}
	if s.id == 0 {
		return p // what kind of chat it is is not known
	}
	p.Chat = &sellerdesk.Chat{
		Subject: sellerdesk.ChatDirect, Network: sellerdesk.Optional(s.network), Source: sellerdesk.Optional(named(s.id)),
		Phone: sellerdesk.Optional(digits(f.phone)), Username: sellerdesk.Optional(strings.TrimPrefix(f.username, "@")),
		Profile: sellerdesk.Optional(profile(f.profile)),
	}
	if f.contact > 0 {
		p.Buyer = buyer(f, s)
	}
	offers := offered(s)
	p.Offers = &offers
	p.Window = c.windowSince(s, f.heard)
	return p
}

// buyer is what a chat tells of who writes: nothing but its contact when many do.
func buyer(f fact, s source) *sellerdesk.Buyer {
	out := &sellerdesk.Buyer{Contact: named(f.contact), Network: s.network}
	if f.group {
		return out
	}
	out.Phone, out.Username = digits(f.phone), strings.TrimPrefix(f.username, "@")
	// A chat of WhatsApp is named by the phone number, or by nothing that would be
	// known elsewhere.
	if s.network != networkWhatsApp && f.user != out.Phone {
		out.User = sellerdesk.RemoteID(cut(f.user, 200))
	}
	return out
}

// digits is a phone number as it is shown; what is none is left out.
func digits(phone string) string {
	d, ok := sellerdesk.NormalPhone(phone)
	if !ok {
		return ""
	}
	return d
}

// profile lets web addresses through only: a screen makes a link of it.
func profile(link string) string {
	if len(link) > 500 || !strings.HasPrefix(link, "https://") {
		return ""
	}
	return link
}

// offered is what can be done in a chat of a source.
func offered(s source) []sellerdesk.Offer {
	out := []sellerdesk.Offer{{Action: sellerdesk.ActionReply, Plain: !s.waba()}}
	if s.waba() {
		out = append(out, sellerdesk.Offer{Action: sellerdesk.ActionTemplate})
	}
	return out
}

// windowSince is the window that a word of the buyer opened; nil where nothing
// bounds what may be said, or no word is known.
func (c *office) windowSince(s source, heard time.Time) *sellerdesk.Window {
	if !s.waba() || heard.IsZero() {
		return nil
	}
	until, at := sellerdesk.At(heard.Add(window)), sellerdesk.At(heard)
	w := sellerdesk.Window{Until: &until, Unbounded: c.book.mayWriteFirst(s.id), CheckedAt: at}.Seen(at)
	return &w
}

// line makes the line of a message; why says what is wrong with it.
func (c *office) line(chat int64, m api.Message, t texts) (out sellerdesk.MessagePatch, why string) {
	switch {
	case m.ID == "":
		return out, "a message without an id"
	case m.CreatedAt.IsZero():
		return out, "a message without a time"
	}
	out = sellerdesk.MessagePatch{
		Kind: sellerdesk.KindChat, Conversation: named(chat), RemoteID: sellerdesk.RemoteID(m.ID), At: sellerdesk.At(m.CreatedAt.Time),
		Author: sellerdesk.AuthorPlatform,
	}
	c.say(&out, m, t)
	switch m.Direction {
	case api.Inbound:
		out.Author = sellerdesk.AuthorBuyer
	case api.Outbound:
		out.Author = sellerdesk.AuthorElsewhere
		out.Status, out.Why = standing(m)
		out = c.lines.note(out)
	}
	return out, ""
}

// say puts into a line what its message says.
func (c *office) say(out *sellerdesk.MessagePatch, m api.Message, t texts) {
	switch content := m.Content.(type) {
	case api.Text:
		out.Text = string(content)
	case api.Media:
		out.Text = content.Caption
		out.Files = []sellerdesk.RemoteFile{remoteFile(m.ID, content)}
	case api.TemplateMessage:
		use := sellerdesk.TemplateUse{Name: content.Name, Language: content.Language, Variables: valuesOf(content)}
		out.Text, out.Form = t.filled(use), &sellerdesk.Form{Template: &use}
	case api.Interactive:
		out.Text, out.Form = content.Body, &sellerdesk.Form{Interactive: interactiveOf(content)}
	}
	if strings.TrimSpace(out.Text) == "" && len(out.Files) == 0 {
		out.Text = placeholder(m.Type)
	}
	if u, ok := m.Content.(api.Unknown); ok {
		out.Remote = encoded(unread{Type: cut(string(u.Kind), 60), Raw: string(u.Raw[:min(len(u.Raw), rawLimit)])})
	}
}

// unread is what stays on a message that is not understood.
type unread struct {
	Type string `json:"type"`
	Raw  string `json:"raw"`
}

// placeholder stands for what cannot be shown.
func placeholder(t api.MessageType) string {
	switch t {
	case api.TypeText, "":
		return "[сообщение без текста]"
	case api.TypeRadistOrder, api.TypeWABAOrder:
		return "[заказ]"
	default:
		return "[" + cut(string(t), 40) + "]"
	}
}

// standing is how far a message of our side is by its marks. They come in any
// order: an error beside another mark means nothing.
func standing(m api.Message) (sellerdesk.MessageStatus, sellerdesk.Why) {
	switch {
	case !m.ReadAt.IsZero():
		return sellerdesk.MessageRead, sellerdesk.Why{}
	case !m.DeliveredAt.IsZero():
		return sellerdesk.MessageDelivered, sellerdesk.Why{}
	case !m.ErrorAt.IsZero(), m.ErrorType != "":
		return sellerdesk.MessageRefused, failed(m)
	default:
		return sellerdesk.MessageSent, sellerdesk.Why{}
	}
}

// failed says why a message was not delivered.
func failed(m api.Message) sellerdesk.Why {
	if w, ok := whyOfCode(m.WABACode()); ok {
		return w
	}
	words := m.ErrorText
	if words == "" && m.ErrorType != api.GenericError {
		words = m.ErrorType
	}
	if words = strings.TrimSuffix(cut(strings.TrimSpace(words), 300), "."); words != "" {
		return why(sellerdesk.ReasonRefused, "The messenger did not deliver it: %s.", words)
	}
	return why(sellerdesk.ReasonRefused, "The messenger did not deliver it and does not say why.")
}

// link is what stays on a file for us.
type link struct {
	URL string `json:"url"`
}

// remoteFile names the file of a message: there is one.
func remoteFile(message string, m api.Media) sellerdesk.RemoteFile {
	return sellerdesk.RemoteFile{
		ID: sellerdesk.RemoteID(message + "/1"), Name: strings.TrimSpace(m.Name), Type: m.MIMEType, Size: max(m.Size, 0), Remote: encoded(link{m.URL}),
	}
}

// interactiveOf reads buttons or a menu.
func interactiveOf(i api.Interactive) *sellerdesk.Interactive {
	out := &sellerdesk.Interactive{Kind: sellerdesk.InteractiveKind(cut(string(i.Kind), 60)), Header: i.Header.Text, Body: i.Body, Footer: i.Footer}
	switch i.Kind {
	case api.InteractiveButtons:
		out.Kind = sellerdesk.InteractiveButtons
		for _, b := range i.Buttons {
			out.Buttons = append(out.Buttons, b.Title)
		}
	case api.InteractiveMenu:
		out.Kind, out.Menu = sellerdesk.InteractiveMenu, &sellerdesk.Menu{Button: i.MenuLabel}
		for _, s := range i.Sections {
			section := sellerdesk.MenuSection{Title: s.Title}
			for _, r := range s.Rows {
				section.Rows = append(section.Rows, sellerdesk.MenuRow{Title: r.Title, Description: r.Description})
			}
			out.Menu.Sections = append(out.Menu.Sections, section)
		}
	}
	return out
}
