package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// messenger is the channel that is a gateway to messengers.
const messenger sellerdesk.ChannelKind = "radist"

// first waits for the first account of a channel.
func (p *playing) first(channel sellerdesk.ChannelKind) (found sellerdesk.Account) {
	p.t.Helper()
	p.eventually(30*time.Second, "an account of "+string(channel), func() bool {
		var l list[sellerdesk.Account]
		p.get("/v1/accounts", &l)
		for _, a := range l.Items {
			if a.Channel == channel && found.ID == 0 {
				found = a
			}
		}
		return found.ID != 0
	})
	return found
}

// source gives the way into a messenger by its name.
func source(t *testing.T, a sellerdesk.Account, name string) sellerdesk.RemoteID {
	t.Helper()
	for _, s := range a.Identity.Sources {
		if s.Name == name {
			return s.ID
		}
	}
	t.Fatalf("the account has no source %s: %+v", name, a.Identity.Sources)
	return ""
}

// byRemote waits for a conversation of the gateway.
func (p *playing) byRemote(id string) (found sellerdesk.Conversation) {
	p.t.Helper()
	p.eventually(30*time.Second, "conversation "+id+" is listed", func() bool {
		for _, c := range p.conversations() {
			if c.Channel == messenger && c.RemoteID != nil && string(*c.RemoteID) == id {
				found = c
			}
		}
		return found.ID != 0
	})
	return found
}

// says posts a body of a message and gives the status of the answer.
func (p *playing) says(to sellerdesk.ConversationID, body map[string]any, out any) int {
	p.t.Helper()
	return p.call(http.MethodPost, fmt.Sprintf("%s/v1/conversations/%d/messages", p.URL, to), nil, body, out)
}

func TestAMessengerFromEndToEnd(t *testing.T) {
	t.Parallel()
	p := play(t).ready()
	account := p.first(messenger)
	write := func(through string, from map[string]string, text string) string {
		t.Helper()
		var written struct{ Conversation string }
		status := p.call(http.MethodPost, p.Box.URL+"/_sandbox/radist/buyer", nil, map[string]any{
			"account": account.Name, "connection": source(t, account, through), "from": from, "text": text}, &written)
		if status != http.StatusOK {
			t.Fatalf("the sandbox answers %d", status)
		}
		return written.Conversation
	}
	anna := map[string]string{"name": "Анна", "phone": "+7 (900) 111-22-33"}
	first := p.byRemote(write("WhatsApp Business", anna, "Есть в красном?"))
	second := p.byRemote(write("Telegram", anna, "Это снова я"))
	if first.Contact == nil || second.Contact == nil || *first.Contact != *second.Contact {
		t.Errorf("one person with one number is %v and %v", first.Contact, second.Contact)
	}

	var m sellerdesk.Message
	if status := p.says(first.ID, map[string]any{"text": "Есть, показать?"}, &m); status != http.StatusAccepted {
		t.Fatalf("a reply is answered with %d", status)
	}
	p.eventually(40*time.Second, "the reply has a mark of the messenger", func() bool {
		for _, have := range p.messages(first.ID) {
			if have.ID == m.ID {
				m = have
			}
		}
		return m.Status == sellerdesk.MessageDelivered || m.Status == sellerdesk.MessageRead
	})
	status := p.says(first.ID, map[string]any{"interactive": map[string]any{"kind": "buttons", "body": "Показать?", "buttons": []string{"Да", "Нет"}}}, &m)
	if status != http.StatusAccepted || m.Form == nil || m.Form.Interactive == nil {
		t.Errorf("buttons are answered with %d, %+v", status, m)
	}
	if status := p.says(second.ID, map[string]any{"interactive": map[string]any{"kind": "buttons", "body": "Показать?", "buttons": []string{"Да"}}}, nil); status < 400 {
		t.Errorf("buttons in Telegram are answered with %d", status)
	}
	p.startsAChat(account)
	p.sendsATemplate(account, first)
	for api, n := range p.Box.World.State().Violations {
		if n > 0 {
			t.Errorf("%d violations of the limits of %s", n, api)
		}
	}
}

// startsAChat starts one by a user name and says something in it.
func (p *playing) startsAChat(a sellerdesk.Account) {
	p.t.Helper()
	var c sellerdesk.Conversation
	status := p.call(http.MethodPost, p.URL+"/v1/conversations", nil, map[string]any{
		"account": a.ID, "source": source(p.t, a, "Telegram"), "username": "@new_buyer"}, &c)
	if status != http.StatusAccepted {
		p.t.Fatalf("a start is answered with %d", status)
	}
	if status := p.says(c.ID, map[string]any{"text": "Здравствуйте, ваш заказ готов"}, nil); status != http.StatusAccepted {
		p.t.Fatalf("the first word is answered with %d", status)
	}
	p.eventually(30*time.Second, "the first word of the new chat arrived", func() bool {
		for _, r := range p.Box.World.State().Received {
			if strings.Contains(r.Text, "ваш заказ готов") {
				p.get(fmt.Sprintf("/v1/conversations/%d", c.ID), &c)
				return c.RemoteID != nil && string(*c.RemoteID) == r.Conversation
			}
		}
		return false
	})
}

// sendsATemplate shuts the window of a conversation and says there what is left.
func (p *playing) sendsATemplate(a sellerdesk.Account, to sellerdesk.Conversation) {
	p.t.Helper()
	p.Box.World.Clock().Advance(25 * time.Hour)
	var w sellerdesk.Window
	p.eventually(20*time.Second, "the window is shut", func() bool {
		return p.get(fmt.Sprintf("/v1/conversations/%d/window", to.ID), &w) == http.StatusOK && w.TemplatesOnly
	})
	if w.Open || w.Balance == nil || !*w.Balance {
		p.t.Errorf("a shut window is %+v", w)
	}
	var problem struct{ Code, Detail string }
	if status := p.says(to.ID, map[string]any{"text": "Ещё интересно?"}, &problem); status < 400 || problem.Detail == "" {
		p.t.Errorf("a text in a shut window is answered with %d, %+v", status, problem)
	}
	var templates list[sellerdesk.RemoteTemplate]
	p.get(fmt.Sprintf("/v1/accounts/%d/templates?source=%s", a.ID, url.QueryEscape(string(to.Chat.Source))), &templates)
	if len(templates.Items) == 0 {
		p.t.Fatal("no template is listed")
	}
	var m sellerdesk.Message
	status := p.says(to.ID, map[string]any{"template": map[string]any{"name": "order_ready", "language": "en", "variables": []string{"Anna", "17"}}}, &m)
	if status != http.StatusAccepted || m.Text != "Anna, your order 17 is ready." {
		p.t.Fatalf("a template is answered with %d, %+v", status, m)
	}
	p.eventually(40*time.Second, "the template arrived and is marked", func() bool {
		for _, have := range p.messages(to.ID) {
			if have.ID == m.ID {
				m = have
			}
			if have.Author == sellerdesk.AuthorElsewhere && strings.Contains(have.Text, "17 is ready") {
				p.t.Fatalf("an echo stands alone: %+v", have)
			}
		}
		return m.Status == sellerdesk.MessageDelivered || m.Status == sellerdesk.MessageRead
	})
}
