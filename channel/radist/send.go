package radist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// Send performs one action.
func (c *connector) Send(ctx context.Context, a sellerdesk.Action) (sellerdesk.Receipt, error) {
	switch a := a.(type) {
	case sellerdesk.Reply:
		return c.reply(ctx, a)
	case sellerdesk.SendTemplate:
		return c.template(ctx, a)
	case sellerdesk.Open:
		return c.start(ctx, a)
	default:
		return sellerdesk.Receipt{}, cannot(a.Kind())
	}
}

func cannot(a sellerdesk.ActionKind) *channel.Error {
	return refuse(sellerdesk.ReasonRefused, "Radist.Online does not know this action here.", fmt.Errorf("action %s", a))
}

// aim is where something is sent to.
type aim struct {
	home   home
	chat   int64
	source source
}

// target finds the chat of an action and the connection that it goes through.
// Nothing has left when it fails.
func (c *connector) target(ctx context.Context, ref sellerdesk.RemoteRef) (aim, error) {
	if ref.Kind != "" && ref.Kind != sellerdesk.KindChat {
		return aim{}, cannot("on " + sellerdesk.ActionKind(ref.Kind))
	}
	to := aim{chat: number(ref.ID)}
	if to.chat == 0 {
		return aim{}, lost("Nothing at Radist.Online has this id.")
	}
	var err error
	if to.home, err = c.home(ctx); err != nil {
		return aim{}, asWrite(err)
	}
	connection := c.connection(to.chat, ref)
	if connection == 0 {
		if connection, err = c.find(ctx, to.home, to.chat); err != nil {
			return aim{}, asWrite(err)
		}
	}
	if to.source, _, err = c.source(ctx, to.home, connection); err != nil {
		return aim{}, asWrite(err)
	}
	return to, nil
}

// find looks for the connection of a chat that nobody remembers, in the list of
// all chats: there is no other place that tells. That there is such a chat is
// asked before.
func (c *connector) find(ctx context.Context, h home, chat int64) (connection int64, err error) {
	if _, err := c.client.Messages.List(ctx, h.id, api.ListMessages{Chat: chat, Limit: 1}); err != nil {
		return 0, classify(err, reading)
	}
	for contact, err := range c.client.Chats.All(ctx, h.id) {
		if err != nil {
			return 0, classify(err, reading)
		}
		for _, x := range contact.Chats {
			c.book.note(x.ID, factOf(contact, x))
			if x.ID == chat {
				return x.ConnectionID, nil
			}
		}
	}
	return 0, lost("Radist.Online no longer lists this chat.")
}

// reply says a line in a chat: words, one file, or buttons and menus.
func (c *connector) reply(ctx context.Context, r sellerdesk.Reply) (sellerdesk.Receipt, error) {
	if err := checkReply(r); err != nil {
		return sellerdesk.Receipt{}, err
	}
	to, err := c.target(ctx, r.Conversation)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	var content api.Content = api.Text(r.Text)
	switch {
	case r.Interactive != nil:
		if !to.source.waba() {
			return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonRefused, "Buttons and menus can be sent in chats of WhatsApp Business only.", nil)
		}
		content = wireInteractive(*r.Interactive)
	case len(r.Files) == 1:
		if content, err = c.media(ctx, to.source, r); err != nil {
			return sellerdesk.Receipt{}, err
		}
	}
	return c.put(ctx, to, r.Conversation, content)
}

// checkReply holds a reply against the bounds that are offered.
func checkReply(r sellerdesk.Reply) error {
	switch n := utf8.RuneCountInString(r.Text); {
	case r.Interactive != nil && len(r.Files) > 0:
		return refuse(sellerdesk.ReasonFileRefused, "A message with buttons or a menu takes no files.", nil)
	case r.Interactive != nil:
		var problem *sellerdesk.Error
		if err := r.Interactive.Check(*interactiveLimits()); errors.As(err, &problem) {
			return refuse(sellerdesk.ReasonRefused, problem.Message, nil)
		}
		return nil
	case len(r.Files) > 1:
		return refuse(sellerdesk.ReasonFileRefused, "Radist.Online takes each file as a message of its own. Send them one after the other.", nil)
	case len(r.Files) == 1 && n > api.MaxCaptionLength:
		return refuse(sellerdesk.ReasonRefused, fmt.Sprintf("The text beside a file has at most %d characters.", api.MaxCaptionLength), nil)
	case len(r.Files) == 0 && strings.TrimSpace(r.Text) == "":
		return refuse(sellerdesk.ReasonRefused, "There is nothing to send.", nil)
	case n > maxText:
		return refuse(sellerdesk.ReasonRefused, fmt.Sprintf("The text is longer than %d characters.", maxText), nil)
	default:
		return nil
	}
}

// media is the content of a reply with a file, which the sender has uploaded, or
// else is uploaded now.
func (c *connector) media(ctx context.Context, s source, r sellerdesk.Reply) (api.Content, error) {
	f := r.Files[0]
	kind, _, _ := strings.Cut(f.Type, ";")
	if f.Uploaded != nil {
		kind = firstText(f.Uploaded.Type, kind)
	}
	if err := fits(s, mediaOf(kind, s), f.Size); err != nil {
		return nil, err
	}
	if f.Uploaded == nil {
		up, err := c.Upload(ctx, f)
		if err != nil {
			return nil, err
		}
		f.Uploaded, kind = &up, up.Type
		// Its beginning may have shown it to be something else.
		if err := fits(s, mediaOf(kind, s), f.Size); err != nil {
			return nil, err
		}
	}
	var at link
	if json.Unmarshal(f.Uploaded.Remote, &at) != nil || at.URL == "" {
		at.URL = string(f.Uploaded.ID)
	}
	return api.Media{Kind: mediaOf(kind, s), URL: at.URL, Caption: r.Text, Name: sendName(f.Name)}, nil
}

// wireInteractive gives buttons and rows their ids, by their places.
func wireInteractive(i sellerdesk.Interactive) api.Interactive {
	out := api.Interactive{Kind: api.InteractiveButtons, Header: api.Header{Text: i.Header}, Body: i.Body, Footer: i.Footer}
	for n, title := range i.Buttons {
		out.Buttons = append(out.Buttons, api.Button{ID: fmt.Sprintf("button-%d", n+1), Title: title})
	}
	if i.Kind != sellerdesk.InteractiveMenu || i.Menu == nil {
		return out
	}
	out.Kind, out.MenuLabel = api.InteractiveMenu, i.Menu.Button
	row := 0
	for _, s := range i.Menu.Sections {
		section := api.Section{Title: s.Title}
		for _, r := range s.Rows {
			row++
			section.Rows = append(section.Rows, api.Row{ID: fmt.Sprintf("row-%d", row), Title: r.Title, Description: r.Description})
		}
		out.Sections = append(out.Sections, section)
	}
	return out
}

// template says a text that WhatsApp approved in advance.
func (c *connector) template(ctx context.Context, a sellerdesk.SendTemplate) (sellerdesk.Receipt, error) {
	to, err := c.target(ctx, a.Conversation)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	if !to.source.waba() {
		return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonTemplate, "Templates can be sent in chats of WhatsApp Business only.", nil)
	}
	list, err := c.templates(ctx, to.home, askTemplates)
	if err != nil {
		return sellerdesk.Receipt{}, asWrite(err)
	}
	t, ok := list.find(to.source.id, a.Template.Name, a.Template.Language)
	if !ok || unsendable(t).Text != "" {
		// It may have been approved since.
		if list, err = c.templates(ctx, to.home, askMissing); err != nil {
			return sellerdesk.Receipt{}, asWrite(err)
		}
		if t, ok = list.find(to.source.id, a.Template.Name, a.Template.Language); !ok {
			return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonTemplate, "There is no such template in this language for this number.", nil)
		}
	}
	if w := unsendable(t); w.Text != "" {
		return sellerdesk.Receipt{}, &channel.Error{Class: channel.Refused, Why: w}
	}
	values, err := spread(t, a.Template.Variables)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	content, err := t.Fill(values)
	if err != nil {
		return sellerdesk.Receipt{}, &channel.Error{Class: channel.Refused, Err: err, Why: why(sellerdesk.ReasonTemplate, "The template cannot be sent: %s.", err)}
	}
	receipt, err := c.put(ctx, to, a.Conversation, content)
	if e := (*channel.Error)(nil); errors.As(err, &e) && e.Class == channel.Gone {
		// The chat was asked for before: it is the template that is not there.
		e.Class, e.Why = channel.Refused, why(sellerdesk.ReasonTemplate, "There is no such approved template in this language.")
	}
	return receipt, err
}

// put sends a message.
func (c *connector) put(ctx context.Context, to aim, ref sellerdesk.RemoteRef, content api.Content) (sellerdesk.Receipt, error) {
	sent, err := c.client.Messages.Send(ctx, to.home.id, api.SendMessage{ConnectionID: to.source.id, ChatID: to.chat, Content: content, Mode: api.ModeAsync})
	if errors.Is(err, api.ErrShut) {
		return sellerdesk.Receipt{}, c.shutNow(ctx, to, err)
	}
	if err != nil {
		return sellerdesk.Receipt{}, written(err)
	}
	soon := lookAtMarks
	receipt := sellerdesk.Receipt{RemoteID: sellerdesk.RemoteID(sent.MessageID), Reread: &soon}
	if k, ok := keptOf(ref); !ok {
		k.Connection = to.source.id
		receipt.Remote = encoded(k)
	}
	return receipt, nil
}

// shutNow says why a chat took nothing: its words tell, or else it is asked.
func (c *connector) shutNow(ctx context.Context, to aim, cause error) error {
	e := classify(cause, writing)
	a, err := c.client.Chats.Availability(ctx, to.home.id, to.chat)
	switch {
	case err != nil:
	case !a.BalanceSufficient:
		e.Why = balanceUsed()
	case a.TemplateOnly:
		e.Why = windowShut()
	}
	return e
}

// start starts a chat with a person through a source. Where there is one already
// it is that one; so a doubtful call may be made again.
func (c *connector) start(ctx context.Context, a sellerdesk.Open) (sellerdesk.Receipt, error) {
	h, err := c.home(ctx)
	if err != nil {
		return sellerdesk.Receipt{}, asWrite(err)
	}
	s, ok, err := c.source(ctx, h, number(a.Source))
	switch {
	case err != nil:
		return sellerdesk.Receipt{}, asWrite(err)
	case a.Order != "" || a.Return != "":
		return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonRefused, "A chat is started with a person here, not about an order or a return.", nil)
	case !ok:
		return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonRefused, "Say through which number or account of yours the chat is to go: there is no such source.", nil)
	case a.Contact != "" && number(a.Contact) == 0:
		return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonRefused, "There is no such contact at Radist.Online.", nil)
	}
	n := api.CreateChat{ConnectionID: s.id, Phone: a.Phone, UserName: a.Username, ContactID: number(a.Contact)}
	made, err := c.client.Chats.Create(ctx, h.id, n)
	if err != nil {
		return sellerdesk.Receipt{}, notStarted(err)
	}
	c.book.note(made.ChatID, fact{connection: s.id, contact: made.ContactID, phone: a.Phone, username: a.Username})
	id := named(made.ChatID)
	soon := lookAtMarks
	return sellerdesk.Receipt{Conversation: id, Remote: encoded(kept{Of: id, Connection: s.id}), Reread: &soon}, nil
}

// notStarted is why a chat was not started.
func notStarted(err error) *channel.Error {
	e := classify(err, writing)
	switch e.Class {
	case channel.Unknown, channel.Malformed:
		e.Class = channel.Temporary
	case channel.Gone:
		e.Class, e.Why = channel.Refused, why(sellerdesk.ReasonRefused, "Radist.Online knows no such source or contact.")
	case channel.Refused:
		if e.Why.Code == sellerdesk.ReasonRefused {
			e.Why.Code = sellerdesk.ReasonNoMessenger
		}
	}
	return e
}
