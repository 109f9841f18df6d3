package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/composing"
	"github.com/sellerdesk/sellerdesk/internal/server/web/persons"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// windowView is the line about the window above a composer.
type windowView struct {
	Standing composing.Standing
	Left     time.Duration
	Words    string
	Tone     string
	Picture  string
	Paid     bool // the remote side says that the balance suffices
}

// closesSoon is from when on an open window is spoken of in amber.
const closesSoon = time.Hour

// window says how the window of a conversation stands to what may be written.
func (v *View) window(c sellerdesk.Conversation) windowView {
	standing, left := composing.Stand(c.Window, v.Now)
	w := windowView{Standing: standing, Left: left, Paid: c.Window != nil && c.Window.Balance != nil && *c.Window.Balance}
	switch standing {
	case composing.Open:
		units := composing.Words{Hour: v.HourShort, Minute: v.MinuteShort, Second: v.SecondShort}
		w.Words, w.Picture = strings.Replace(v.WindowOpen, "{}", units.Left(left), 1), "timer"
		if left <= closesSoon {
			w.Tone = "soon"
		}
	case composing.Shut:
		w.Words, w.Picture = v.WindowShut, "hourglass"
	case composing.Unpaid:
		w.Words, w.Picture, w.Tone = v.WindowUnpaid, "wallet", "bad"
	}
	return w
}

// usedTemplates are the templates of an account where any of the messages is one
// of them, so that their buttons can be shown.
func usedTemplates(ctx context.Context, tx *store.Tx, t threadView) (list []sellerdesk.RemoteTemplate, err error) {
	if slices.ContainsFunc(t.Messages, func(m sellerdesk.Message) bool { return m.Form != nil && m.Form.Template != nil }) {
		list, _, err = tx.Templates.Get(ctx, t.Account.ID)
	}
	return composing.Sorted(list, sellerdesk.RemoteID(ofChat(t.Conversation).Source)), err
}

// mayTemplate tells whether an approved template may be sent now.
func (t threadView) mayTemplate() bool {
	a, ok := sellerdesk.Find(t.Conversation.Can, sellerdesk.ActionTemplate)
	return ok && a.Reason == ""
}

// hasTemplates tells whether templates are sent here at all.
func hasTemplates(t threadView) bool {
	_, ok := sellerdesk.Find(t.Conversation.Can, sellerdesk.ActionTemplate)
	return ok
}

// network is the messenger that a conversation is in; "" for none.
func network(c sellerdesk.Conversation) string { return persons.WayOf(c).Network }

// networkLetter stands in the mark of a messenger that has no picture.
func networkLetter(network string) string {
	if persons.Mark(network) != "net-other" {
		return ""
	}
	return initial(texts.NetworkName(network))
}

// sourceOf is the way through which a conversation goes, by the name that people
// gave it; "" where the channel is one.
func sourceOf(a sellerdesk.Account, c sellerdesk.Conversation) string {
	if c.Chat == nil || c.Chat.Source == "" {
		return ""
	}
	i := slices.IndexFunc(a.Identity.Sources, func(s sellerdesk.Source) bool { return string(s.ID) == string(c.Chat.Source) })
	if i < 0 {
		return ""
	}
	return prose.Clip(prose.Line(a.Identity.Sources[i].Name), 40)
}

// through names the way of a conversation: messenger and source, else account.
func through(t threadView) string {
	n := network(t.Conversation)
	if n == "" {
		return prose.Line(t.Account.Name)
	}
	name, of := prose.Clip(prose.Line(texts.NetworkName(n)), 30), sourceOf(t.Account, t.Conversation)
	if of == "" {
		of = prose.Line(t.Account.Name)
	}
	if strings.HasPrefix(strings.ToLower(of), strings.ToLower(name)) {
		return of // named after the messenger
	}
	return name + " · " + of
}

// templateAddress is where the form of a template is.
func templateAddress(c sellerdesk.ConversationID, t sellerdesk.RemoteTemplate) string {
	return "/ui/conversations/" + id(c) + "/templates?name=" + urlWord(t.Name) + "&language=" + urlWord(t.Language)
}

// variableLabel names what is to be filled in.
func variableLabel(v *View, t sellerdesk.RemoteTemplate, x sellerdesk.TemplateVariable) string {
	part := v.TemplateParts[x.Part]
	if x.Part == composing.Button {
		words := strconv.Itoa(x.Button + 1)
		if x.Button >= 0 && x.Button < len(t.Buttons) {
			words = strings.Replace(v.Quoted, "{}", prose.Clip(prose.Line(t.Buttons[x.Button].Text), 30), 1)
		}
		part = strings.Replace(part, "{}", words, 1)
	}
	if x.Format != "" && x.Format != "text" {
		return part + ": " + strings.ToLower(known(v.FileFormats, sellerdesk.Optional(x.Format)))
	}
	return part + " {{" + prose.Clip(prose.Line(x.Name), 40) + "}}"
}

// templateWhy says why a template cannot be sent; "" when it can, or where its
// status says so.
func templateWhy(v *View, t sellerdesk.RemoteTemplate) string {
	if s := v.TemplateStatuses[t.Status]; s != "" && t.Status != sellerdesk.TemplateApproved && v.Language != sellerdesk.English {
		return ""
	}
	return prose.Clip(prose.Line(v.Why(t.ReasonCode, t.Reason)), 160)
}

func interactiveSend(v *View, kind sellerdesk.InteractiveKind) string {
	if kind == sellerdesk.InteractiveMenu {
		return v.SendMenu
	}
	return v.SendButtons
}

// urlWord writes a word of others into the query of an address.
func urlWord(s string) string { return url.QueryEscape(s) }

// windowAttributes hand the browser what the composer may do now, and for how
// long.
func windowAttributes(v *View, t threadView) templ.Attributes {
	w := v.window(t.Conversation)
	out := templ.Attributes{
		"data-window": string(w.Standing), "data-template": yesNo(t.mayTemplate()), "data-interactive": composing.Limits(t.reply()),
		"data-stale": yesNo(hasTemplates(t) && composing.Stale(t.Conversation.Window, v.Now)),
	}
	if w.Standing == composing.Open {
		out["data-left"] = strconv.FormatInt(w.Left.Milliseconds(), 10)
		out["data-open"], out["data-hour"], out["data-minute"], out["data-second"] = v.WindowOpen, v.HourShort, v.MinuteShort, v.SecondShort
	}
	return out
}
