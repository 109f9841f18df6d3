package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	windowShape   = "open:bool templates_only:bool until:time? unbounded:bool balance_sufficient:bool? checked_at:time"
	templateShape = "source:string name:string language:string category:string? status:string header:object? body:string footer:string? " +
		"buttons:array variables:array reason:string? reason_code:string?"
	variableShape    = "name:string part:string button:number format:string example:string? max_length:number"
	formShape        = "template:object? interactive:object?"
	useShape         = "name:string language:string variables:array"
	interactiveShape = "kind:string body:string"
)

// messenger is a cabinet of a messenger with one source.
type messenger struct{}

func (messenger) Check(context.Context) (sellerdesk.Identity, error) {
	return sellerdesk.Identity{Seller: "messenger", Name: "Messenger", Sources: []sellerdesk.Source{
		{ID: "10", Name: "WhatsApp", Network: "whatsapp", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone}, Templates: true},
	}}, nil
}

func (messenger) Streams() []channel.Stream { return nil }

func (messenger) Pull(context.Context, string, sellerdesk.Cursor) (sellerdesk.Batch, error) {
	return sellerdesk.Batch{}, nil
}

func (messenger) Send(context.Context, sellerdesk.Action) (sellerdesk.Receipt, error) {
	return sellerdesk.Receipt{}, nil
}

func (messenger) Window(context.Context, sellerdesk.RemoteRef) (sellerdesk.Window, error) {
	yes := true
	return sellerdesk.Window{Balance: &yes, CheckedAt: sellerdesk.At(servertest.Start())}, nil
}

func (messenger) Templates(context.Context) ([]sellerdesk.RemoteTemplate, error) {
	return []sellerdesk.RemoteTemplate{{
		Source: "10", Name: "order_ready", Language: "ru", Status: sellerdesk.TemplateApproved, Body: "{{1}}, заказ готов",
		Variables: []sellerdesk.TemplateVariable{{Name: "1", Part: "body", Format: "text", MaxLength: 100}},
	}}, nil
}

// talk starts a server with a chat of a messenger, whose window is shut or not.
func talk(t *testing.T, open bool) (c caller, account sellerdesk.AccountID, path string) {
	t.Helper()
	length := 4096
	driver := channel.Driver{
		Kind: "messenger", Title: "Messenger", Fields: servertest.Driver().Fields,
		Can: map[sellerdesk.Kind][]sellerdesk.Ability{sellerdesk.KindChat: {
			{Action: sellerdesk.ActionOpen, Options: []sellerdesk.Option{{Value: string(sellerdesk.ChatWithPhone), Title: map[sellerdesk.Language]string{sellerdesk.English: "By number"}}}},
			{Action: sellerdesk.ActionReply, MaxLength: &length, Interactive: &sellerdesk.InteractiveLimits{
				Body: 1024, Header: 60, Footer: 60, Buttons: 3, ButtonTitle: 20, Sections: 10, Rows: 10, RowTitle: 24, Description: 72}},
			{Action: sellerdesk.ActionTemplate},
		}},
		Open: func(channel.Settings) (channel.Connector, error) { return messenger{}, nil },
	}
	c = call(t, func(d *server.Deps) {
		d.Desk = desk.New(desk.Deps{Store: d.Store, Roster: d.Roster, Drivers: []channel.Driver{servertest.Driver(), driver}, Media: d.Media, Clock: d.Clock})
	})
	var added struct{ ID sellerdesk.AccountID }
	c.ask("POST", "/v1/accounts", thing{"channel": "messenger", "credentials": thing{"token": "m"}}).want(t, 201, &added)
	until := sellerdesk.At(servertest.Start().Add(-time.Hour))
	if open {
		until = sellerdesk.At(servertest.Start().Add(time.Hour))
	}
	var id sellerdesk.ConversationID
	err := c.h.Store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: added.ID, Stream: "events", Batch: sellerdesk.Batch{
			Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "c1",
				Chat:   &sellerdesk.Chat{Network: "whatsapp", Source: "10", Phone: "79990000001"},
				Window: &sellerdesk.Window{Until: &until, CheckedAt: sellerdesk.At(servertest.Start().Add(-2 * time.Hour))}}},
			Messages: []sellerdesk.MessagePatch{{Kind: sellerdesk.KindChat, Conversation: "c1", RemoteID: "m1", Author: sellerdesk.AuthorBuyer,
				Text: "Привет", At: sellerdesk.At(servertest.Start().Add(-25 * time.Hour))}},
		}})
		if err != nil {
			return err
		}
		id, _, err = tx.Conversations.ByRemote(t.Context(), added.ID, sellerdesk.KindChat, "c1")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, added.ID, fmt.Sprint("/v1/conversations/", id)
}

func TestTheWindowAndTheTemplatesHaveThePromisedShapes(t *testing.T) {
	t.Parallel()
	c, account, path := talk(t, false)
	var conv, window thing
	c.ask("GET", path, nil).want(t, 200, &conv)
	shape(t, "window of the conversation", windowShape, conv["window"])
	c.ask("GET", path+"/window", nil).want(t, 200, &window)
	shape(t, "window", windowShape, window)
	if window["templates_only"] != true || window["balance_sufficient"] != true {
		t.Errorf("the window is %v", window)
	}
	c.ask("GET", "/v1/conversations/99/window", nil).problem(t, 404, "not_found", "")
	var shop thing
	c.ask("GET", fmt.Sprint("/v1/conversations/", c.h.Chat(t, "Olga", servertest.Start(), "Hi").ID, "/window"), nil).want(t, 200, &shop)
	if shop["open"] != true || shop["unbounded"] != true || shop["until"] != nil {
		t.Errorf("where nothing is bounded the window is %v", shop)
	}

	templates := fmt.Sprint("/v1/accounts/", account, "/templates")
	for query, n := range map[string]int{"": 1, "?source=10&anew=true": 1, "?source=11": 0} {
		var l list
		c.ask("GET", templates+query, nil).want(t, 200, &l)
		if len(l.Items) != n {
			t.Errorf("%q lists %d templates, want %d", query, len(l.Items), n)
		}
		for _, one := range l.Items {
			shape(t, "variable", variableShape, first(t, "variable", shape(t, "template", templateShape, one)["variables"]))
		}
	}
	c.ask("GET", "/v1/accounts/99/templates", nil).problem(t, 404, "not_found", "")
}

func TestAMessageIsATextOrATemplateOrInteractive(t *testing.T) {
	t.Parallel()
	c, _, path := talk(t, true)
	for _, step := range []struct {
		name string
		body thing
		says string
	}{
		{"values in order", thing{"template": thing{"name": "order_ready", "language": "ru", "variables": []string{"Анна"}}}, "Анна, заказ готов"},
		{"values by name", thing{"template": thing{"name": "order_ready", "variables": thing{"1": "Анна"}}}, "Анна, заказ готов"},
		{"buttons", thing{"interactive": thing{"kind": "buttons", "body": "Да?", "buttons": []string{"Да", "Нет"}}}, "Да?"},
	} {
		var m, again thing
		c.ask("POST", path+"/messages", step.body, idem, step.name).want(t, 202, &m)
		c.ask("POST", path+"/messages", step.body, idem, step.name).want(t, 202, &again)
		form := shape(t, "form", formShape, shape(t, "message", messageShape, m)["form"])
		if use := form["template"]; use != nil {
			shape(t, "template", useShape, use)
		} else {
			shape(t, "interactive", interactiveShape, form["interactive"])
		}
		if m["text"] != step.says || m["status"] != "queued" || again.id() != m.id() {
			t.Errorf("%s: the message is %v", step.name, m)
		}
	}
	for _, wrong := range []struct {
		name, field string
		body        thing
	}{
		{"two at once", "template", thing{"text": "Привет", "template": thing{"name": "order_ready"}}},
		{"a missing variable", "variables", thing{"template": thing{"name": "order_ready"}}},
		{"an unknown language", "language", thing{"template": thing{"name": "order_ready", "language": "de"}}},
		{"an unknown template", "template", thing{"template": thing{"name": "nothing"}}},
		{"products", "interactive.kind", thing{"interactive": thing{"kind": "product_list"}}},
		{"four buttons", "interactive.buttons", thing{"interactive": thing{"kind": "buttons", "body": "?", "buttons": []string{"1", "2", "3", "4"}}}},
	} {
		c.ask("POST", path+"/messages", wrong.body).problem(t, 422, "invalid", wrong.field)
	}
	c.ask("POST", path+"/messages", thing{"template": thing{"name": "order_ready", "variables": []string{"Пётр"}}}, idem, "values in order").problem(t, 409, "conflict", "Idempotency-Key")
}

func TestTheKeyOfAMessageIsNotThatOfAnotherForm(t *testing.T) {
	t.Parallel()
	filled := func(variables any) thing {
		return thing{"template": thing{"name": "order_ready", "variables": variables}}
	}
	pressed := func(more thing) thing {
		body := thing{"kind": "buttons", "header": "Заказ", "body": "Да?", "footer": "Магазин", "buttons": []string{"Да", "Нет"}}
		for k, v := range more {
			body[k] = v
		}
		return thing{"interactive": body}
	}
	menu := func(row string) thing {
		return thing{"interactive": thing{"kind": "menu", "body": "Что?", "menu": thing{"button": "Меню", "sections": []thing{{"rows": []thing{{"title": row}}}}}}}
	}
	for _, step := range []struct {
		name       string
		body, same thing
		others     []thing
	}{
		{"a template by names", filled(thing{"1": " Анна"}), filled([]string{"Анна"}), []thing{filled(thing{"1": "Пётр"}), filled(thing{"2": "Анна"}), filled([]string{"Пётр"}), {"text": "Анна"}}},
		{"buttons", pressed(nil), pressed(thing{"header": " Заказ "}), []thing{pressed(thing{"header": ""}), pressed(thing{"footer": "Лавка"}), pressed(thing{"buttons": []string{"Да"}}),
			pressed(thing{"body": "Нет?"}), menu("Мак")}},
		{"a menu", menu("Мак"), menu("Мак "), []thing{menu("Роза")}},
	} {
		t.Run(step.name, func(t *testing.T) {
			t.Parallel()
			c, _, path := talk(t, true)
			var first, again thing
			c.ask("POST", path+"/messages", step.body, idem, "one").want(t, 202, &first)
			forget(t, c.h)
			c.ask("POST", path+"/messages", step.same, idem, "one").want(t, 202, &again)
			if first.id() != again.id() {
				t.Errorf("the message was queued twice: %v and %v", first, again)
			}
			for _, other := range step.others {
				forget(t, c.h)
				c.ask("POST", path+"/messages", other, idem, "one").problem(t, 409, "conflict", idem)
			}
		})
	}
}

func TestInAShutWindowOnlyATemplateIsTaken(t *testing.T) {
	t.Parallel()
	c, _, path := talk(t, false)
	c.ask("POST", path+"/messages", thing{"text": "Привет"}).problem(t, 409, "unsupported", "")
	c.ask("POST", path+"/messages", thing{"template": thing{"name": "order_ready", "variables": []string{"Анна"}}}).want(t, 202, nil)
}

func TestAConversationIsStartedWithAPerson(t *testing.T) {
	t.Parallel()
	c, account, path := talk(t, true)
	var there, begun thing
	c.ask("POST", "/v1/conversations", thing{"account": account, "source": "10", "phone": "+7 (999) 000-00-01"}).want(t, 200, &there)
	if "/v1/conversations/"+there.id() != path {
		t.Errorf("opened %v instead of the one that is there", there["id"])
	}
	c.ask("POST", "/v1/conversations", thing{"account": account, "source": "10", "phone": "79990000002"}).want(t, 202, &begun)
	if begun["remote_id"] != nil || !strings.Contains(fmt.Sprint(begun["chat"]), "79990000002") {
		t.Errorf("begun is %v", begun)
	}
	for field, body := range map[string]thing{
		"source":   {"account": account, "phone": "79990000001"},
		"phone":    {"account": account, "source": "10", "phone": "12"},
		"username": {"account": account, "source": "10", "phone": "79990000001", "username": "anna"},
	} {
		c.ask("POST", "/v1/conversations", body).problem(t, 422, "invalid", field)
	}
	c.ask("POST", "/v1/conversations", thing{"account": account, "source": "10", "username": "anna"}).problem(t, 409, "unsupported", "username")
	c.ask("POST", "/v1/conversations", thing{"account": account, "source": "10", "phone": "79990000003", "contact": 99}).problem(t, 404, "not_found", "contact")
}
