package desk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// gateway is what the remote side of the messenger says, and how often it was
// asked.
type gateway struct {
	cabinet
	templates []sellerdesk.RemoteTemplate
	window    sellerdesk.Window
	err       error
	asked     int
}

func (g *gateway) Check(ctx context.Context) (sellerdesk.Identity, error) {
	identity, err := g.cabinet.Check(ctx)
	identity.Sources = []sellerdesk.Source{
		{ID: "10", Name: "WhatsApp", Network: "whatsapp", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone}, Templates: true},
		{ID: "11", Name: "Telegram", Network: "telegram", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone, sellerdesk.ChatWithUsername}},
		{ID: "12", Name: "Bot", Network: "telegram"},
	}
	return identity, err
}

func (g *gateway) Templates(context.Context) ([]sellerdesk.RemoteTemplate, error) {
	g.asked++
	return g.templates, g.err
}

func (g *gateway) Window(context.Context, sellerdesk.RemoteRef) (sellerdesk.Window, error) {
	g.asked++
	return g.window, g.err
}

// messenger is a channel with sources, templates and windows.
func messenger(h *house) channel.Driver {
	length := 4096
	return channel.Driver{
		Kind: "messenger", Title: "Messenger", Fields: driver().Fields,
		Can: map[sellerdesk.Kind][]sellerdesk.Ability{sellerdesk.KindChat: {
			{Action: sellerdesk.ActionOpen, Options: []sellerdesk.Option{{Value: string(sellerdesk.ChatWithPhone)}, {Value: string(sellerdesk.ChatWithUsername)}}},
			{Action: sellerdesk.ActionReply, MaxLength: &length, Interactive: &sellerdesk.InteractiveLimits{
				Body: 1024, Header: 60, Footer: 60, Buttons: 3, ButtonTitle: 20, Sections: 10, Rows: 10, RowTitle: 24, Description: 72}},
			{Action: sellerdesk.ActionTemplate},
		}},
		Open: func(s channel.Settings) (channel.Connector, error) {
			h.remote.token = s.Credentials["token"].Reveal()
			return &h.remote, nil
		},
	}
}

// sale is a template with a variable in two parts.
func sale(language string, status sellerdesk.TemplateStatus) sellerdesk.RemoteTemplate {
	return sellerdesk.RemoteTemplate{
		Source: "10", Name: "sale", Language: language, Status: status, Header: &sellerdesk.TemplateHeader{Format: "text", Text: "Скидка {{1}}"},
		Body: "{{1}}, для вас!", Footer: "Магазин",
		Variables: []sellerdesk.TemplateVariable{{Name: "1", Part: "header", MaxLength: 10}, {Name: "1", Part: "body", MaxLength: 100}},
	}
}

// talk adds the messenger with a chat through its first source.
func (h *house) talk(t *testing.T, window *sellerdesk.Window) (sellerdesk.ConversationID, sellerdesk.Account) {
	t.Helper()
	a, err := h.Accounts.Add(t.Context(), desk.AddAccount{Channel: "messenger", Credentials: token1("good")})
	if err != nil {
		t.Fatal(err)
	}
	h.write(t, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: a.ID, Stream: "events", Batch: sellerdesk.Batch{
			Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "c1", Window: window,
				Chat: &sellerdesk.Chat{Network: "whatsapp", Source: "10", Phone: "79990000001"}}},
			Messages: []sellerdesk.MessagePatch{{Kind: sellerdesk.KindChat, Conversation: "c1", RemoteID: "m1", Author: sellerdesk.AuthorBuyer,
				Text: "Привет", At: sellerdesk.At(h.now)}},
		}})
		return err
	})
	var id sellerdesk.ConversationID
	h.read(t, func(tx *store.Tx) (err error) {
		id, _, err = tx.Conversations.ByRemote(t.Context(), a.ID, sellerdesk.KindChat, "c1")
		return err
	})
	return id, a
}

// shut is a window that ended.
func (h *house) shut() *sellerdesk.Window {
	until := sellerdesk.At(h.now.Add(-time.Hour))
	return &sellerdesk.Window{Until: &until, CheckedAt: sellerdesk.At(h.now.Add(-time.Minute))}
}

func TestATemplateGoesIntoAShutWindowAndATextDoesNot(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.remote.templates = []sellerdesk.RemoteTemplate{sale("ru", sellerdesk.TemplateApproved)}
	shut := h.shut()
	shut.CheckedAt = sellerdesk.At(h.now)
	id, _ := h.talk(t, shut)
	_, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Text: "Здравствуйте"})
	refused(t, err, sellerdesk.CodeUnsupported, "", "The window is closed: only an approved template can be sent.")
	for name, in := range map[string]desk.TemplateInput{
		"by order": {Name: "sale", Language: "ru", Variables: []string{"20 %", " Анна\x00 "}},
		"by name":  {Name: "sale", Named: map[string]string{"header.1": "20 %", "1": "Анна"}},
	} {
		m, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Template: &in, Key: name})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		use := &sellerdesk.TemplateUse{Name: "sale", Language: "ru", Variables: []string{"20 %", "Анна"}}
		if d := cmp.Diff(&sellerdesk.Form{Template: use}, m.Form); d != "" || m.Text != "Скидка 20 %\nАнна, для вас!\nМагазин" {
			t.Errorf("%s: the message says %q: %s", name, m.Text, d)
		}
		if again, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Template: &in, Key: name}); err != nil || again.ID != m.ID {
			t.Errorf("%s: the same intent again: %d, %v", name, again.ID, err)
		}
	}
	want := []sellerdesk.Action{sellerdesk.SendTemplate{
		Template: sellerdesk.TemplateUse{Name: "sale", Language: "ru", Variables: []string{"20 %", "Анна"}}, Text: "Скидка 20 %\nАнна, для вас!\nМагазин"}}
	if d := cmp.Diff(want, h.leaving(t)); d != "" {
		t.Error(d)
	}
	if h.remote.asked != 1 {
		t.Errorf("the templates were asked for %d times", h.remote.asked)
	}
}

func TestATemplateThatCannotBeSentIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := sale("ru", sellerdesk.TemplateApproved)
	other.Name, other.Source = "elsewhere", "11"
	paused, reasoned, odd := sale("ru", sellerdesk.TemplatePaused), sale("ru", sellerdesk.TemplateRejected), sale("ru", "IN_APPEAL")
	paused.Name, reasoned.Name, reasoned.Reason, odd.Name = "paused", "reasoned", "WhatsApp rejected it: it promises money.", "odd"
	h.remote.templates = []sellerdesk.RemoteTemplate{sale("ru", sellerdesk.TemplateApproved), sale("en", sellerdesk.TemplateApproved), other, paused, reasoned, odd}
	id, _ := h.talk(t, h.shut())
	filled := []string{"20 %", "Анна"}
	for _, c := range []struct {
		name        string
		in          desk.TemplateInput
		code        sellerdesk.Code
		field, want string
	}{
		{"no name", desk.TemplateInput{}, sellerdesk.CodeInvalid, "template", "Name the template."},
		{"an unknown one", desk.TemplateInput{Name: "nothing"}, sellerdesk.CodeInvalid, "template", "There is no template nothing for this chat."},
		{"one of another source", desk.TemplateInput{Name: "elsewhere"}, sellerdesk.CodeInvalid, "template", "There is no template elsewhere for this chat."},
		{"no language of several", desk.TemplateInput{Name: "sale", Variables: filled}, sellerdesk.CodeInvalid, "language", "The template sale is there in several languages; choose one of: en, ru."},
		{"an unknown language", desk.TemplateInput{Name: "sale", Language: "de"}, sellerdesk.CodeInvalid, "language", "The template sale is not there in the language de; choose one of: en, ru."},
		{"a paused one", desk.TemplateInput{Name: "paused"}, sellerdesk.CodeUnsupported, "template", "The messenger has paused the template paused: it cannot be sent now."},
		{"a rejected one", desk.TemplateInput{Name: "reasoned"}, sellerdesk.CodeUnsupported, "template", "WhatsApp rejected it: it promises money."},
		{"one in another state", desk.TemplateInput{Name: "odd"}, sellerdesk.CodeUnsupported, "template", "The template odd is IN_APPEAL: only approved ones can be sent."},
		{"a missing variable", desk.TemplateInput{Name: "sale", Language: "ru", Variables: filled[:1]}, sellerdesk.CodeInvalid, "variables", "The variable {{1}} of the body is not filled in."},
		{"an unknown variable", desk.TemplateInput{Name: "sale", Language: "ru", Named: map[string]string{"1": "x", "name": "y"}}, sellerdesk.CodeInvalid, "variables", "The template sale has no variable {{name}}."},
		{"very many variables", desk.TemplateInput{Name: "sale", Language: "ru", Variables: make([]string, 101)}, sellerdesk.CodeInvalid, "variables", "At most 100 variables can be given."},
	} {
		_, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Template: &c.in})
		t.Run(c.name, func(t *testing.T) { refused(t, err, c.code, c.field, c.want) })
	}
	if left := h.leaving(t); len(left) != 0 || h.remote.asked != 1 {
		t.Errorf("asked %d times, and still leaves: %v", h.remote.asked, left)
	}
	fresh := sale("ru", sellerdesk.TemplateApproved)
	fresh.Name = "fresh"
	h.now, h.remote.templates = h.now.Add(2*time.Minute), append(h.remote.templates, fresh)
	if _, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Template: &desk.TemplateInput{Name: "fresh", Variables: filled}}); err != nil {
		t.Errorf("one that was just approved: %v", err)
	}
	shop, _ := h.chat(t, "good")
	_, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: shop, Template: &desk.TemplateInput{Name: "sale"}})
	refused(t, err, sellerdesk.CodeUnsupported, "", "This cannot be done here.")
}

func TestAMessageIsOneThingOnly(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.talk(t, nil)
	const one = "A message is a text with files, a template, or one with buttons or a menu: choose one."
	buttons := &sellerdesk.Interactive{Kind: sellerdesk.InteractiveButtons, Body: "Да?", Buttons: []string{"Да"}}
	for field, in := range map[string]desk.ReplyInput{
		"template":    {Text: "Привет", Template: &desk.TemplateInput{Name: "sale"}},
		"interactive": {Text: "Привет", Interactive: buttons},
	} {
		in.User, in.Conversation = 1, id
		_, err := h.Conversations.Reply(t.Context(), in)
		refused(t, err, sellerdesk.CodeInvalid, field, one)
	}
	_, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Interactive: buttons, Template: &desk.TemplateInput{Name: "sale"}})
	refused(t, err, sellerdesk.CodeInvalid, "template", one)
}

func TestButtonsAndMenusAreQueuedOrRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.talk(t, nil)
	in := sellerdesk.Interactive{Kind: sellerdesk.InteractiveMenu, Body: " Что выбрать? ", Menu: &sellerdesk.Menu{Button: "Меню ",
		Sections: []sellerdesk.MenuSection{{Rows: []sellerdesk.MenuRow{{Title: "Красный", Description: " Как мак"}}}}}}
	m, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Interactive: &in})
	if err != nil {
		t.Fatal(err)
	}
	want := sellerdesk.Interactive{Kind: sellerdesk.InteractiveMenu, Body: "Что выбрать?", Menu: &sellerdesk.Menu{Button: "Меню",
		Sections: []sellerdesk.MenuSection{{Rows: []sellerdesk.MenuRow{{Title: "Красный", Description: "Как мак"}}}}}}
	if d := cmp.Diff([]sellerdesk.Action{sellerdesk.Reply{Text: "Что выбрать?", Interactive: &want}}, h.leaving(t)); d != "" || m.Text != "Что выбрать?" {
		t.Errorf("the message says %q: %s", m.Text, d)
	}
	in.Kind = "product_list"
	_, err = h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Interactive: &in})
	refused(t, err, sellerdesk.CodeInvalid, "interactive.kind", `Messages of the kind "product_list" are not supported: only buttons and menus are.`)
	shop, _ := h.chat(t, "good")
	_, err = h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: shop, Interactive: &in})
	refused(t, err, sellerdesk.CodeUnsupported, "interactive", "This chat takes no buttons and no menus.")
}

func TestAWindowIsAskedForWhenItIsOld(t *testing.T) {
	t.Parallel()
	h := open(t)
	until := sellerdesk.At(h.now.Add(time.Hour))
	id, _ := h.talk(t, &sellerdesk.Window{Until: &until, CheckedAt: sellerdesk.At(h.now)})
	ask := func() sellerdesk.Window {
		t.Helper()
		w, err := h.Conversations.Window(t.Context(), 1, id)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if w := ask(); !w.Open || h.remote.asked != 0 {
		t.Errorf("a fresh one was asked for %d times: %+v", h.remote.asked, w)
	}
	h.now = h.now.Add(31 * time.Second)
	no := false
	h.remote.window = sellerdesk.Window{Balance: &no, CheckedAt: sellerdesk.At(h.now)}
	if w := ask(); w.Open || w.TemplatesOnly || h.remote.asked != 1 {
		t.Errorf("asked %d times: %+v", h.remote.asked, w)
	}
	if w := ask(); h.remote.asked != 1 || w.Balance == nil {
		t.Errorf("asked %d times although it is kept: %+v", h.remote.asked, w)
	}
	reply, _ := sellerdesk.Find(h.conversation(t, id).Can, sellerdesk.ActionReply)
	if reply.ReasonCode != sellerdesk.ReasonBalance {
		t.Errorf("a reply says %q", reply.Reason)
	}
	h.now, h.remote.err = h.now.Add(time.Minute), errors.New("no answer")
	if w := ask(); w.Open || h.remote.asked != 2 {
		t.Errorf("without an answer, asked %d times: %+v", h.remote.asked, w)
	}
	shop, _ := h.chat(t, "good")
	if w, err := h.Conversations.Window(t.Context(), 1, shop); err != nil || !w.Open || !w.Unbounded || w.Until != nil {
		t.Errorf("where nothing is bounded: %+v, %v", w, err)
	}
	if _, err := h.Conversations.Window(t.Context(), 1, 99); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("of no conversation: %v", err)
	}
}

func TestWhatWasSaidOfABalanceLongAgoRefusesNothingUnasked(t *testing.T) {
	t.Parallel()
	h := open(t)
	no, yes := false, true
	until := sellerdesk.At(h.now.Add(time.Hour))
	// A word of the buyer since then said nothing of the balance.
	id, a := h.talk(t, &sellerdesk.Window{Balance: &no, Until: &until, CheckedAt: sellerdesk.At(h.now)})
	h.remote.window = sellerdesk.Window{Balance: &no, Until: &until}
	say := func() (sellerdesk.Message, error) {
		return h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Text: "Здравствуйте"})
	}
	const used = "The balance of the messenger is used up: nothing can be sent until it is topped up."
	for range 2 {
		_, err := say()
		refused(t, err, sellerdesk.CodeUnsupported, "", used)
	}
	if h.remote.asked != 1 {
		t.Errorf("asked %d times within 30 s", h.remote.asked)
	}
	h.now, h.remote.window = h.now.Add(31*time.Second), sellerdesk.Window{Balance: &yes, Until: &until}
	m, err := say()
	if err != nil || h.remote.asked != 2 {
		t.Fatalf("after the top-up, asked %d times: %v", h.remote.asked, err)
	}
	h.settle(t, a.ID, store.Settlement{State: sellerdesk.OutboxRefused, Why: sellerdesk.Why{Code: sellerdesk.ReasonBalance, Text: "No money."}})
	h.write(t, func(tx *store.Tx) error {
		return tx.Conversations.SetWindow(t.Context(), id, sellerdesk.Window{Balance: &no, Until: &until, CheckedAt: sellerdesk.At(h.now)})
	})
	h.now = h.now.Add(31 * time.Second)
	if _, err := h.Messages.Resend(t.Context(), 1, m.ID); err != nil || h.remote.asked != 3 {
		t.Errorf("sent again, asked %d times: %v", h.remote.asked, err)
	}
}

func TestAWindowThatOpenedWithoutOurHearingTakesAText(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.talk(t, h.shut())
	until := sellerdesk.At(h.now.Add(time.Hour))
	h.remote.window = sellerdesk.Window{Until: &until}
	if _, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Text: "Здравствуйте"}); err != nil {
		t.Error(err)
	}
}

func TestAWindowThatNothingIsKnownOfIsUnavailableWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.talk(t, nil)
	h.remote.err = errors.New("no answer")
	_, err := h.Conversations.Window(t.Context(), 1, id)
	refused(t, err, sellerdesk.CodeUnavailable, "", "The channel does not say now whether this chat takes messages.")
	h.remote.err, h.remote.window = nil, sellerdesk.Window{Unbounded: true}
	if w, err := h.Conversations.Window(t.Context(), 1, id); err != nil || !w.Open || h.conversation(t, id).Window != nil {
		t.Errorf("got %+v, %v", w, err)
	}
}

func TestTemplatesAreReadOnceAndOnDemand(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.remote.templates = []sellerdesk.RemoteTemplate{sale("ru", sellerdesk.TemplateApproved)}
	_, a := h.talk(t, nil)
	count := func(source sellerdesk.RemoteID, anew bool) int {
		t.Helper()
		list, err := h.Accounts.Templates(t.Context(), a.ID, source, anew)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := count("", false) + count("10", false); n != 2 || h.remote.asked != 1 {
		t.Errorf("%d templates, asked %d times", n, h.remote.asked)
	}
	if n := count("11", false); n != 0 {
		t.Errorf("another source has %d", n)
	}
	h.remote.templates, h.now = nil, h.now.Add(10*time.Second)
	if n := count("", true); n != 0 || h.remote.asked != 2 {
		t.Errorf("read anew: %d templates, asked %d times", n, h.remote.asked)
	}
	h.now = h.now.Add(10 * time.Second)
	h.remote.err = &channel.Error{Class: channel.Throttled, Why: sellerdesk.Why{Text: "The gateway asks to wait."}}
	_, err := h.Accounts.Templates(t.Context(), a.ID, "", true)
	refused(t, err, sellerdesk.CodeUnavailable, "", "The gateway asks to wait.")
	if _, err := h.Accounts.Templates(t.Context(), 99, "", false); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("of no account: %v", err)
	}
	shop := h.add(t, "second cabinet")
	if list, err := h.Accounts.Templates(t.Context(), shop.ID, "", false); err != nil || list == nil || len(list) != 0 {
		t.Errorf("a channel without templates has %v, %v", list, err)
	}
}

func TestTemplatesAreListedOnceHoweverManyAskForThem(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.remote.templates = []sellerdesk.RemoteTemplate{sale("ru", sellerdesk.TemplateApproved)}
	id, a := h.talk(t, nil)
	for range 5 {
		if _, err := h.Accounts.Templates(t.Context(), a.ID, "", true); err != nil {
			t.Fatal(err)
		}
	}
	if h.remote.asked != 1 {
		t.Errorf("read anew five times in a moment, the remote side was asked %d times", h.remote.asked)
	}
	h.now, h.remote.err = h.now.Add(2*time.Minute), errors.New("no answer")
	for range 5 {
		_, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Template: &desk.TemplateInput{Name: "nothing"}})
		refused(t, err, sellerdesk.CodeInvalid, "template", "There is no template nothing for this chat.")
		h.now = h.now.Add(11 * time.Second)
	}
	if h.remote.asked != 2 {
		t.Errorf("for an unknown one within a minute it was asked %d times", h.remote.asked-1)
	}
}

func TestAFirstListingThatFailedIsRememberedForAWhile(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.talk(t, nil)
	h.remote.err = errors.New("no answer")
	post := func() error {
		_, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: id, Template: &desk.TemplateInput{Name: "sale", Variables: []string{"1", "2"}}})
		return err
	}
	for range 3 {
		refused(t, post(), sellerdesk.CodeUnavailable, "", "The channel does not list its templates now.")
	}
	if h.remote.asked != 1 {
		t.Errorf("the remote side was asked %d times", h.remote.asked)
	}
	h.now, h.remote.err, h.remote.templates = h.now.Add(10*time.Second), nil, []sellerdesk.RemoteTemplate{sale("ru", sellerdesk.TemplateApproved)}
	if err := post(); err != nil {
		t.Error(err)
	}
}

func TestAPersonIsWrittenToThroughASource(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, a := h.talk(t, nil)
	start := func(in desk.StartInput) (sellerdesk.Conversation, bool) {
		t.Helper()
		in.User, in.Account = 1, a.ID
		c, started, err := h.Conversations.Start(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return c, started
	}
	if c, started := start(desk.StartInput{Source: "10", Phone: "8 (999) 000-00-01"}); started || c.ID != id {
		t.Errorf("the chat that is there is not opened: started %v, %d", started, c.ID)
	}
	waba, started := start(desk.StartInput{Source: "10", Phone: "+7 999 000 00 02", Key: "k"})
	if !started || waba.Chat == nil || waba.Chat.Phone != "79990000002" || waba.Chat.Network != "whatsapp" || waba.Window == nil {
		t.Fatalf("started %v: %+v", started, waba)
	}
	if again, started := start(desk.StartInput{Source: "10", Phone: "79990000002", Key: "k"}); !started || again.ID != waba.ID {
		t.Errorf("the same intent: started %v, %d", started, again.ID)
	}
	reply, _ := sellerdesk.Find(waba.Can, sellerdesk.ActionReply)
	if _, ok := sellerdesk.Find(waba.Can, sellerdesk.ActionTemplate); !ok || reply.ReasonCode != sellerdesk.ReasonWindowShut {
		t.Errorf("where nobody wrote yet a reply says %q, and a template can be sent: %v", reply.Reason, ok)
	}
	telegram, _ := start(desk.StartInput{Source: "11", Username: "@Anna_1"})
	reply, _ = sellerdesk.Find(telegram.Can, sellerdesk.ActionReply)
	if _, ok := sellerdesk.Find(telegram.Can, sellerdesk.ActionTemplate); ok || reply.Reason != "" || reply.Interactive != nil || telegram.Window != nil {
		t.Errorf("elsewhere a reply is %+v, and a template can be sent: %v", reply, ok)
	}
	want := []sellerdesk.Action{sellerdesk.Open{Source: "10", Phone: "79990000002"}, sellerdesk.Open{Source: "11", Username: "Anna_1"}}
	if d := cmp.Diff(want, h.leaving(t)); d != "" {
		t.Error(d)
	}
}

func TestAPersonNamedByHandIsToldToTheAccountThatKnowsThem(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, a := h.talk(t, nil)
	h.write(t, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: a.ID, Stream: "events", Batch: sellerdesk.Batch{
			Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "c2", Buyer: &sellerdesk.Buyer{Contact: "500", Phone: "79990000003"}}},
		}})
		return err
	})
	var person *sellerdesk.ContactID
	h.read(t, func(tx *store.Tx) error {
		id, _, err := tx.Conversations.ByRemote(t.Context(), a.ID, sellerdesk.KindChat, "c2")
		if err != nil {
			return err
		}
		c, err := tx.Conversations.Get(t.Context(), id, 1)
		person = c.Contact
		return err
	})
	c, _, err := h.Conversations.Start(t.Context(), desk.StartInput{User: 1, Account: a.ID, Source: "11", Username: "anna", Contact: *person})
	if err != nil || c.Contact == nil || *c.Contact != *person {
		t.Fatalf("started with %v, %v", c.Contact, err)
	}
	if d := cmp.Diff([]sellerdesk.Action{sellerdesk.Open{Source: "11", Username: "anna", Contact: "500", Named: *person}}, h.leaving(t)); d != "" {
		t.Error(d)
	}
}

func TestTheKeyOfAStartWithAPersonIsNotThatOfAnother(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, a := h.talk(t, nil)
	anna, boris := h.person(t, a.ID, "a", "79990000011"), h.person(t, a.ID, "b", "79990000012")
	start := func(person sellerdesk.ContactID) error {
		_, _, err := h.Conversations.Start(t.Context(), desk.StartInput{User: 1, Account: a.ID, Source: "11", Username: "anna", Contact: person, Key: "k"})
		return err
	}
	for range 2 {
		if err := start(anna); err != nil {
			t.Fatal(err)
		}
	}
	for _, other := range []sellerdesk.ContactID{boris, 0} {
		refused(t, start(other), sellerdesk.CodeConflict, "", "This key was used for something else.")
	}
}

func TestAChatThatIsThereKeepsItsPersonAndSuggestsTheOneWhoIsNamed(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, a := h.talk(t, nil)
	anna, boris := h.person(t, a.ID, "a", "79990000011"), h.person(t, a.ID, "b", "79990000012")
	for range 2 {
		c, started, err := h.Conversations.Start(t.Context(), desk.StartInput{User: 1, Account: a.ID, Source: "10", Phone: "79990000012", Contact: anna})
		if err != nil || started || *c.Contact != boris {
			t.Fatalf("started %v, with person %d: %v", started, *c.Contact, err)
		}
	}
	h.read(t, func(tx *store.Tx) error {
		person, err := tx.Contacts.Get(t.Context(), anna, 1)
		if err == nil && (len(person.Suggestions) != 1 || person.Suggestions[0].Contact != boris) {
			t.Errorf("suggested are %+v", person.Suggestions)
		}
		return err
	})
}

func TestAPersonWhoCannotBeWrittenToIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, a := h.talk(t, nil)
	for _, c := range []struct {
		name        string
		in          desk.StartInput
		code        sellerdesk.Code
		field, want string
	}{
		{"no source", desk.StartInput{Phone: "79990000001"}, sellerdesk.CodeInvalid, "source", "Name the source through which the person is written to."},
		{"an unknown source", desk.StartInput{Source: "99", Phone: "79990000001"}, sellerdesk.CodeInvalid, "source", `The account "ООО «Ромашка»" has no source 99.`},
		{"a source where the buyer begins", desk.StartInput{Source: "12", Username: "anna"}, sellerdesk.CodeUnsupported, "source", "Through Bot the buyer always begins."},
		{"a source without names", desk.StartInput{Source: "10", Username: "anna"}, sellerdesk.CodeUnsupported, "username", "Through WhatsApp nobody can be written to by the user name."},
		{"nobody", desk.StartInput{Source: "10"}, sellerdesk.CodeInvalid, "phone", "Name the person by the phone number or by the user name."},
		{"number and name", desk.StartInput{Source: "11", Phone: "79990000001", Username: "anna"}, sellerdesk.CodeInvalid, "username", "Name the person by the phone number or by the user name, not both."},
		{"no number", desk.StartInput{Source: "10", Phone: "12-34"}, sellerdesk.CodeInvalid, "phone", `"12-34" is no phone number.`},
		{"no name", desk.StartInput{Source: "11", Username: "a b"}, sellerdesk.CodeInvalid, "username", `"a b" is no user name: it has 3 to 64 letters, digits and underscores.`},
		{"a long name", desk.StartInput{Source: "11", Username: strings.Repeat("a", 65)}, sellerdesk.CodeInvalid, "username",
			`"` + strings.Repeat("a", 40) + `…" is no user name: it has 3 to 64 letters, digits and underscores.`},
		{"with an order as well", desk.StartInput{Source: "10", Phone: "79990000001", Order: "77"}, sellerdesk.CodeInvalid, "source",
			"A conversation is started about an order or a return, or with a person through a source, not both."},
		{"an order", desk.StartInput{Order: "77"}, sellerdesk.CodeUnsupported, "order", "This channel starts no conversation about this."},
		{"an unknown person", desk.StartInput{Source: "10", Phone: "79990000001", Contact: 99}, sellerdesk.CodeNotFound, "contact", "There is no such person."},
	} {
		c.in.User, c.in.Account = 1, a.ID
		_, _, err := h.Conversations.Start(t.Context(), c.in)
		t.Run(c.name, func(t *testing.T) { refused(t, err, c.code, c.field, c.want) })
	}
	shop := h.add(t, "second cabinet")
	_, _, err := h.Conversations.Start(t.Context(), desk.StartInput{User: 1, Account: shop.ID, Source: "10", Phone: "79990000001"})
	refused(t, err, sellerdesk.CodeUnsupported, "source", `The account "ИП Лютик" writes to nobody by number or name.`)
}
