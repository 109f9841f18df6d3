package channeltest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// messengers are the proofs about what only messengers have.
func (s suite) messengers() []proof {
	return []proof{
		{"never takes a mark of a message back", s.provesMarks},
		{"tells why the messenger did not deliver", s.provesUndelivered},
		{"knows one person in two conversations", s.provesOnePerson},
		{"lists approved texts and says why others cannot be sent", s.provesTemplates},
		{"sends an approved text and shows it as it was filled in", s.provesTemplate},
		{"refuses a text that was not approved, or is not filled in", s.provesNoTemplate},
		{"sends buttons and menus, and shows them as they were sent", s.provesInteractive},
		{"refuses buttons that the messenger would refuse", s.provesNoInteractive},
		{"tells when a window is open, and takes templates only when it is shut", s.provesWindow},
		{"says that the balance is used up", s.provesUnpaid},
		{"uploads a file once, however often it is sent", s.provesUploads},
	}
}

// messenger opens a far end that is one.
func (s suite) messenger(t *testing.T) *probe {
	t.Helper()
	p := s.open(t)
	if p.Messenger == nil {
		t.Skip("the channel is no messenger")
	}
	return p
}

// talk reads a conversation in which everything can be said.
func (p *probe) talk() stand {
	p.t.Helper()
	return p.standing(p.Messenger.Talk(p.t))
}

// provesMarks gives marks in a senseless order and reads them back, and lets the
// pushes of all of them come in the opposite order.
func (s suite) provesMarks(t *testing.T) {
	p := s.messenger(t)
	if p.Messenger.Mark == nil {
		t.Skip("the far end marks nothing on order")
	}
	l := p.ledger()
	if p.Pushes != nil {
		p.Pushes(t) // from now on they come
	}
	st := p.talk()
	p.into(l, p.Streams, nil)
	receipt := p.must(sellerdesk.Reply{Conversation: st.ref(), Text: says("did you read it?")})
	var later []sellerdesk.Push
	for _, mark := range []sellerdesk.MessageStatus{sellerdesk.MessageRead, sellerdesk.MessageDelivered, sellerdesk.MessageRefused} {
		p.Messenger.Mark(t, st.RemoteID, receipt.RemoteID, mark)
		if p.Pushes != nil {
			later = append(later, p.Pushes(t)...)
		}
		st = p.again(st, sellerdesk.Receipt{}, func(st stand) bool { return st.lines[receipt.RemoteID].Status == sellerdesk.MessageRead })
	}
	if p.Receive == nil {
		return
	}
	slices.Reverse(later)
	for range 2 {
		for _, push := range later {
			b, err := p.Receive(p.ctx, push)
			if err != nil {
				p.failed(err)
				t.Fatalf("read a push: %v", err)
			}
			p.deliver(b, func(b sellerdesk.Batch) { p.apply(l, "", b) })
		}
		p.restart() // the second time by who remembers nothing
	}
	if m := l.find(p, st.RemoteID, receipt.RemoteID); m.Status != sellerdesk.MessageRead || m.Text != says("did you read it?") {
		t.Errorf("a message that was read stands as %s, and says %d bytes", m.Status, len(m.Text))
	}
}

// find reads a message of the store by its remote id.
func (l *ledger) find(p *probe, conversation, message sellerdesk.RemoteID) (found sellerdesk.Message) {
	p.t.Helper()
	err := l.store.Read(p.ctx, func(tx *store.Tx) error {
		id, ok, err := tx.Conversations.ByRemote(p.ctx, l.account, l.kind, conversation)
		if err != nil || !ok {
			return fmt.Errorf("conversation %s: found %v, %w", conversation, ok, err)
		}
		all, _, err := tx.Messages.List(p.ctx, id, "", 100)
		for _, m := range all {
			if m.RemoteID == message {
				found = m
			}
		}
		return err
	})
	if err != nil || found.ID == 0 {
		p.t.Fatalf("message %s is not in the store: %v", message, err)
	}
	return found
}

func (s suite) provesUndelivered(t *testing.T) {
	p := s.messenger(t)
	if p.Messenger.Mark == nil {
		t.Skip("the far end marks nothing on order")
	}
	st := p.talk()
	receipt := p.must(sellerdesk.Reply{Conversation: st.ref(), Text: says("are you there?")})
	p.Messenger.Mark(t, st.RemoteID, receipt.RemoteID, sellerdesk.MessageRefused)
	b, err := p.History(p.ctx, st.ref(), "")
	if err != nil {
		t.Fatalf("read it: %v", err)
	}
	st.take(b, s.kind, st.RemoteID)
	if m := st.lines[receipt.RemoteID]; m.Status == sellerdesk.MessageRefused && m.Why.Text == "" {
		t.Error("nothing says why the messenger did not deliver")
	} else if m.Status == sellerdesk.MessageSent {
		t.Errorf("a message with an error stands as %s", m.Status)
	}
}

func (s suite) provesOnePerson(t *testing.T) {
	p := s.messenger(t)
	if p.Messenger.Twice == nil {
		t.Skip("nobody has two conversations")
	}
	a, b := p.Messenger.Twice(t)
	one, two := p.standing(a), p.standing(b)
	if a == b || one.Buyer == nil || two.Buyer == nil {
		t.Fatalf("conversations %s and %s tell of %+v and %+v", a, b, one.Buyer, two.Buyer)
	}
	if one.Buyer.Contact == "" || one.Buyer.Contact != two.Buyer.Contact {
		t.Errorf("one person is contact %q here and %q there", one.Buyer.Contact, two.Buyer.Contact)
	}
	if one.Chat == nil || two.Chat == nil || one.Chat.Source == "" || one.Chat.Source == two.Chat.Source || one.Chat.Network == "" {
		t.Errorf("the ways of the two are not told: %+v, %+v", one.Chat, two.Chat)
	}
}

// templates lists the approved texts and the others.
func (p *probe) templates() (good, bad []sellerdesk.RemoteTemplate) {
	p.t.Helper()
	if p.Templates == nil {
		p.t.Skip("the channel approves no texts")
	}
	all, err := p.Templates(p.ctx)
	if err != nil {
		p.failed(err)
		p.t.Fatalf("list templates: %v", err)
	}
	for _, r := range all {
		if r.Status == sellerdesk.TemplateApproved && r.Reason == "" {
			good = append(good, r)
		} else {
			bad = append(bad, r)
		}
	}
	return good, bad
}

func (s suite) provesTemplates(t *testing.T) {
	p := s.messenger(t)
	good, bad := p.templates()
	if len(good) == 0 {
		t.Fatal("no text can be sent")
	}
	for _, r := range slices.Concat(good, bad) {
		if r.Name == "" || r.Language == "" || r.Source == "" || r.Body == "" || r.Buttons == nil || r.Variables == nil {
			t.Errorf("a template lacks its name, its source or its text: %+v", r)
		}
		for _, v := range r.Variables {
			if v.Name == "" || v.Part == "" || v.Format == "" || v.MaxLength < 1 {
				t.Errorf("a variable of %s is %+v", r.Name, v)
			}
		}
	}
	for _, r := range bad {
		if r.Reason == "" || r.ReasonCode == "" {
			t.Errorf("nothing says why %s, which is %s, cannot be sent", r.Name, r.Status)
		}
	}
}

// values fill in a template.
func values(r sellerdesk.RemoteTemplate) []string {
	out := []string{}
	for n, v := range r.Variables {
		if v.Format == "text" {
			out = append(out, fmt.Sprintf("№ %d", n+1))
		} else {
			out = append(out, "https://files.example/"+v.Format)
		}
	}
	return out
}

func (s suite) provesTemplate(t *testing.T) {
	s.ability(t, sellerdesk.ActionTemplate)
	p := s.messenger(t)
	good, _ := p.templates()
	st := p.standing(p.Messenger.Quiet(t))
	if a, ok := st.can(s.driver.Can[s.kind], sellerdesk.ActionTemplate); !ok || a.Reason != "" {
		t.Errorf("a template is not offered: %+v", a)
	}
	for _, r := range good {
		use := sellerdesk.TemplateUse{Name: r.Name, Language: r.Language, Variables: values(r)}
		text, err := r.Fill(use.Variables)
		if err != nil {
			t.Errorf("fill in %s: %v", r.Name, err)
			continue
		}
		receipt := p.must(sellerdesk.SendTemplate{Conversation: st.ref(), Template: use, Text: text})
		st = p.again(st, receipt, func(st stand) bool { return st.lines[receipt.RemoteID].Text != "" })
		m := st.lines[receipt.RemoteID]
		if diff := cmp.Diff(sellerdesk.MessagePatch{Text: text, Form: &sellerdesk.Form{Template: &use}},
			sellerdesk.MessagePatch{Text: m.Text, Form: m.Form}); diff != "" {
			t.Errorf("%s in %s comes back otherwise:\n%s", r.Name, r.Language, diff)
		}
	}
	if got := p.received(st.RemoteID); len(got) != len(good) {
		t.Errorf("%d of %d templates arrived", len(got), len(good))
	}
}

func (s suite) provesNoTemplate(t *testing.T) {
	s.ability(t, sellerdesk.ActionTemplate)
	p := s.messenger(t)
	good, bad := p.templates()
	st := p.talk()
	var uses []sellerdesk.TemplateUse
	for _, r := range bad {
		uses = append(uses, sellerdesk.TemplateUse{Name: r.Name, Language: r.Language, Variables: values(r)})
	}
	uses = append(uses, sellerdesk.TemplateUse{}, sellerdesk.TemplateUse{Name: "no_such_template", Language: "ru"},
		sellerdesk.TemplateUse{Name: good[0].Name, Language: "xx", Variables: values(good[0])})
	for _, r := range good {
		uses = append(uses, sellerdesk.TemplateUse{Name: r.Name, Language: r.Language, Variables: append(values(r), "too much")})
		if v := values(r); len(v) > 0 {
			uses = append(uses, sellerdesk.TemplateUse{Name: r.Name, Language: r.Language, Variables: v[1:]})
			v = slices.Clone(v)
			v[0] = " "
			uses = append(uses, sellerdesk.TemplateUse{Name: r.Name, Language: r.Language, Variables: v})
		}
	}
	for _, use := range uses {
		_, err := p.send(sellerdesk.SendTemplate{Conversation: st.ref(), Template: use, Text: says("whatever")})
		if class, e := p.failed(err); class != channel.Refused || e.Why.Code != sellerdesk.ReasonTemplate {
			t.Errorf("template %q in %q with %d values is %q, want refused: %v", use.Name, use.Language, len(use.Variables), class, err)
		}
	}
	if got := p.received(st.RemoteID); len(got) != 0 {
		t.Errorf("%d refused templates arrived", len(got))
	}
}

func (s suite) provesInteractive(t *testing.T) {
	p := s.messenger(t)
	if s.ability(t, sellerdesk.ActionReply).Interactive == nil {
		t.Skip("the channel has no buttons")
	}
	st := p.talk()
	for _, i := range []sellerdesk.Interactive{
		{Kind: sellerdesk.InteractiveButtons, Header: "Заказ", Body: says("Подтвердить?"), Footer: "Магазин", Buttons: []string{"Да", "Нет", "Позже"}},
		{Kind: sellerdesk.InteractiveMenu, Body: says("Что вас интересует?"), Menu: &sellerdesk.Menu{Button: "Выбрать", Sections: []sellerdesk.MenuSection{
			{Title: "Заказ", Rows: []sellerdesk.MenuRow{{Title: "Где он?", Description: "Срок доставки"}, {Title: "Отменить"}}},
			{Title: "Товар", Rows: []sellerdesk.MenuRow{{Title: "Размеры"}}},
		}}},
	} {
		receipt := p.must(sellerdesk.Reply{Conversation: st.ref(), Text: i.Text(), Interactive: &i})
		st = p.again(st, receipt, func(st stand) bool { return st.lines[receipt.RemoteID].Text != "" })
		m := st.lines[receipt.RemoteID]
		if m.Text != i.Text() || m.Form == nil {
			t.Errorf("%s come back as %+v", i.Kind, m)
			continue
		}
		if diff := cmp.Diff(&i, m.Form.Interactive, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s come back otherwise:\n%s", i.Kind, diff)
		}
	}
	if got := p.received(st.RemoteID); len(got) != 2 {
		t.Errorf("%d of 2 arrived", len(got))
	}
}

func (s suite) provesNoInteractive(t *testing.T) {
	p := s.messenger(t)
	if s.ability(t, sellerdesk.ActionReply).Interactive == nil {
		t.Skip("the channel has no buttons")
	}
	st := p.talk()
	for _, i := range []sellerdesk.Interactive{
		{},
		{Kind: sellerdesk.InteractiveButtons, Body: says("x")},
		{Kind: sellerdesk.InteractiveButtons, Buttons: []string{"Да"}},
		{Kind: sellerdesk.InteractiveButtons, Body: says("x"), Buttons: []string{"1", "2", "3", "4"}},
		{Kind: sellerdesk.InteractiveButtons, Body: says("x"), Buttons: []string{"Да", "Да"}},
		{Kind: sellerdesk.InteractiveButtons, Body: says("x"), Buttons: []string{"двадцать один символ!"}},
		{Kind: sellerdesk.InteractiveMenu, Body: says("x")},
		{Kind: sellerdesk.InteractiveMenu, Body: says("x"), Menu: &sellerdesk.Menu{Button: "Выбрать"}},
		{Kind: "product_list", Body: says("x")},
	} {
		_, err := p.send(sellerdesk.Reply{Conversation: st.ref(), Text: i.Text(), Interactive: &i})
		if class, _ := p.failed(err); class != channel.Refused {
			t.Errorf("%+v is %q, want refused: %v", i, class, err)
		}
	}
	if got := p.received(st.RemoteID); len(got) != 0 {
		t.Errorf("%d refused messages arrived", len(got))
	}
}

func (s suite) provesWindow(t *testing.T) {
	p := s.messenger(t)
	if p.Window == nil {
		t.Skip("the channel has no windows")
	}
	look := func(st stand) sellerdesk.Window {
		t.Helper()
		w, err := p.Window(p.ctx, st.ref())
		if err != nil {
			p.failed(err)
			t.Fatalf("ask for the window: %v", err)
		}
		return w
	}
	now := func() sellerdesk.Time { return sellerdesk.At(p.Clock.Now()) }
	open := p.talk()
	if w := look(open); !w.Open || w.TemplatesOnly || w.Until == nil || !w.Until.After(p.Clock.Now()) {
		t.Errorf("an open window is %+v", w)
	} else if open.Window == nil || open.Window.Until == nil || open.Window.Until.Sub(w.Until.Time).Abs() > time.Minute {
		t.Errorf("the buyer's word opens %+v, asked for it is %+v", open.Window, w)
	}
	shut := p.standing(p.Messenger.Quiet(t))
	if w := look(shut); w.Open || !w.TemplatesOnly {
		t.Errorf("a shut window is %+v", w)
	}
	if shut.Window == nil || shut.Window.Seen(now()).Open {
		t.Errorf("a window that nobody asked for is %+v", shut.Window)
	}
	_, err := p.reply(shut.ref(), says("too late"))
	if class, e := p.failed(err); class != channel.Refused || e.Why.Code != sellerdesk.ReasonWindowShut {
		t.Errorf("a reply in a shut window is %q, want refused: %v", class, err)
	}
	if got := p.received(shut.RemoteID); len(got) != 0 {
		t.Errorf("%d messages arrived in a shut window", len(got))
	}
}

func (s suite) provesUnpaid(t *testing.T) {
	p := s.messenger(t)
	if p.Messenger.Unpaid == nil {
		t.Skip("there is no balance")
	}
	st := p.talk()
	p.Messenger.Unpaid(t)
	_, err := p.reply(st.ref(), says("for nothing"))
	if class, e := p.failed(err); class != channel.Refused || e.Why.Code != sellerdesk.ReasonBalance {
		t.Errorf("a reply without a balance is %q, want refused: %v", class, err)
	}
	if p.Window == nil {
		return
	}
	if w, err := p.Window(p.ctx, st.ref()); err != nil || w.Open || w.TemplatesOnly || w.Balance == nil || *w.Balance {
		t.Errorf("a window without a balance is %+v, %v", w, err)
	}
}

func (s suite) provesUploads(t *testing.T) {
	p := s.messenger(t)
	if p.Upload == nil || p.Messenger.Uploads == nil {
		t.Skip("files go with their messages")
	}
	f := blob(t, "price.pdf", "application/pdf", 5_000)
	up, err := p.Upload(p.ctx, f)
	if err != nil {
		p.failed(err)
		t.Fatalf("upload a file: %v", err)
	}
	f.Uploaded = &up
	for n := range 3 {
		st := p.posted(Line{Text: says(fmt.Sprintf("the price, please, %d", n))})
		if taken, why := p.outcome(p.reply(st.ref(), "", f)); !taken {
			t.Fatalf("the file is not taken: %s", why.Text)
		}
		if got := p.received(st.RemoteID); len(got) != 1 || len(got[0].Files) != 1 || got[0].Files[0].Size != f.Size {
			t.Errorf("%+v arrived", got)
		}
	}
	if n := p.Messenger.Uploads(t); n != 1 {
		t.Errorf("one file that is sent three times was uploaded %d times", n)
	}
}
