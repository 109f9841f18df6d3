package radist_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/radist"
)

// Each call against what the specification writes: method, path with its slash,
// parameters and body.
func TestEachCallIsWhatTheSpecificationSays(t *testing.T) {
	t.Parallel()
	image := radist.Media{Kind: radist.TypeImage, URL: "https://files.example/1.png", Caption: "Вот"}
	for _, c := range []struct {
		name               string
		call               func(context.Context, *radist.Client) error
		method, path, body string
		answer             string
		query              string
	}{
		{"the key is checked", func(ctx context.Context, c *radist.Client) error { return drop(c.Users.Me(ctx)) }, "GET", "/users/me", "", `{"id":1}`, ""},
		{"companies", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Companies.List(ctx, radist.ListCompanies{Limit: 100, Offset: 200}))
		}, "GET", "/companies/", "", `{"companies":[{"id":3,"name":"Лавка"}]}`, "limit=100&offset=200"},
		{"connections", func(ctx context.Context, c *radist.Client) error { return drop(c.Connections.List(ctx, 3)) }, "GET", "/companies/3/connections/", "", `{"connections":[]}`, ""},
		{"one connection", func(ctx context.Context, c *radist.Client) error { return drop(c.Connections.Get(ctx, 3, 10)) }, "GET", "/companies/3/connections/10", "", `{"id":10}`, ""},
		{"contacts", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Contacts.List(ctx, 3, radist.ListContacts{OrderBy: "created_at:desc"}))
		}, "GET", "/companies/3/contacts/", "", `[]`, "order_by=created_at%3Adesc"},
		{"a new contact", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Contacts.Create(ctx, 3, radist.NewContact{Name: "Анна", Phones: []string{"+7 (999) 000-00-01"}}))
		}, "POST", "/companies/3/contacts/", `{"name":"Анна","phones":[{"type":"work","value":"79990000001"}]}`, `{"id":5}`, ""},
		{"sources", func(ctx context.Context, c *radist.Client) error { return drop(c.Chats.Sources(ctx, 3)) }, "GET", "/companies/3/messaging/chats/sources/", "", `[{"connection_id":10,"type":"waba"}]`, ""},
		{"a chat by phone", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Chats.Create(ctx, 3, radist.CreateChat{ConnectionID: 10, Phone: "+79990000001", ContactID: 5}))
		}, "POST", "/companies/3/messaging/chats/", `{"connection_id":10,"phone":"79990000001","contact_id":5}`, `{"created_chat":true,"created_contact":false,"chat_id":37,"contact_id":5}`, ""},
		{"a chat by user name", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Chats.Create(ctx, 3, radist.CreateChat{ConnectionID: 11, UserName: "@anna"}))
		}, "POST", "/companies/3/messaging/chats/", `{"connection_id":11,"user_name":"anna"}`, `{"chat_id":38}`, ""},
		{"chats with contacts", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Chats.List(ctx, 3, radist.ListChats{Limit: 100, Cursor: "a+b"}))
		}, "GET", "/companies/3/messaging/chats/with_contacts/", "", `{"data":[],"response_metadata":{"next_cursor":null}}`, "cursor=a%2Bb&limit=100"},
		{"availability", func(ctx context.Context, c *radist.Client) error { return drop(c.Chats.Availability(ctx, 3, 37)) }, "GET", "/companies/3/messaging/chats/37/availability/", "", `{"available":true}`, ""},
		{"messages", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Messages.List(ctx, 3, radist.ListMessages{Chat: 37, Limit: 100, Until: start}))
		}, "GET", "/companies/3/messaging/messages/", "", `[]`, "chat_id=37&limit=100&until=2026-11-20T09%3A00%3A00.000000Z"},
		{"a text", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Messages.Send(ctx, 3, radist.SendMessage{ConnectionID: 10, ChatID: 37, Content: radist.Text("Да & <b>"), Mode: radist.ModeAsync}))
		}, "POST", "/companies/3/messaging/messages/", `{"connection_id":10,"chat_id":37,"message_type":"text","text":{"text":"Да & <b>"},"mode":"async"}`, `{"message_id":"u1"}`, ""},
		{"an image", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Messages.Send(ctx, 3, radist.SendMessage{ConnectionID: 10, ChatID: 37, Content: image}))
		}, "POST", "/companies/3/messaging/messages/", `{"connection_id":10,"chat_id":37,"message_type":"image","image":{"url":"https://files.example/1.png","caption":"Вот"}}`, `{"message_id":"u1"}`, ""},
		{"templates", func(ctx context.Context, c *radist.Client) error { return drop(c.Templates.List(ctx, 3, 10)) }, "GET", "/companies/3/messaging/waba/templates/", "", `[]`, "connection_id=10"},
		{"subscriptions", func(ctx context.Context, c *radist.Client) error { return drop(c.Webhooks.List(ctx, 3)) }, "GET", "/companies/3/webhooks/", "", `[{"id":8}]`, ""},
		{"a subscription", func(ctx context.Context, c *radist.Client) error {
			return drop(c.Webhooks.Create(ctx, 3, radist.NewSubscription{ConnectionID: 10, URL: "https://shop.example/in/x"}))
		}, "POST", "/companies/3/webhooks/", `{"connection_id":10,"url":"https://shop.example/in/x","events":["messages.create","messages.delivery.delivered","messages.delivery.read","messages.delivery.error"]}`, `{"id":8}`, ""},
		{"the end of a subscription", func(ctx context.Context, c *radist.Client) error { return c.Webhooks.Delete(ctx, 3, 8) }, "DELETE", "/companies/3/webhooks/8", "", "{}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t, map[string][]string{c.method + " " + c.path: {c.answer}})
			if err := c.call(t.Context(), g.client()); err != nil {
				t.Fatal(err)
			}
			got := g.last()
			if got.method != c.method || got.path != c.path || got.query != c.query {
				t.Errorf("asked %s %s?%s", got.method, got.path, got.query)
			}
			if (got.body == "") != (c.body == "") || c.body != "" && !same(t, got.body, c.body) {
				t.Errorf("body %s", got.body)
			}
		})
	}
}

func TestTheTwoHostsAndOtherAddresses(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"": "https://api.radist.online/v2/users/me", radist.RussianURL: "https://api-ru.radist.online/v2/users/me", "http://127.0.0.1:8/x/": "http://127.0.0.1:8/x/users/me",
	} {
		var asked string
		c := scripted(t, func(r *http.Request) (*http.Response, error) {
			asked = r.URL.String()
			return says(r, 200, `{}`), nil
		}, radist.WithBaseURL(base))
		if _, err := c.Users.Me(t.Context()); err != nil || asked != want {
			t.Errorf("%q asks %q, %v", base, asked, err)
		}
		if strings.Contains(c.String(), someKey) {
			t.Error(c)
		}
	}
}
