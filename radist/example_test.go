package radist_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/radist"
)

// exampleAnswers are what the server of the examples says, by method and path.
var exampleAnswers = map[string]string{
	"GET /companies/3/messaging/chats/sources/": `[{"connection_id":10,"type":"waba","create_by":["phone"]},{"connection_id":11,"type":"telegram_personal","create_by":["phone","username"]}]`,
	"POST /companies/3/messaging/chats/":        `{"created_chat":false,"created_contact":false,"chat_id":37,"contact_id":5}`,
	"GET /companies/3/messaging/chats/with_contacts/": `{"data":[{"contact_id":5,"contact_name":"Анна","unanswered_count":1,"last_chat_updated_at":"2026-11-20T09:00:01Z",
		"chats":[{"connection_id":10,"chat_id":37,"phone":"79990000001","unanswered_count":1}]}],"response_metadata":{"next_cursor":null}}`,
	"GET /companies/3/messaging/messages/": `[{"message_id":"m3","direction":"inbound","message_type":"image","created_at":"2026-11-20T09:00:01Z","image":{"url":"https://files.radist.online/1","caption":"Такой?"}},
		{"message_id":"m2","direction":"inbound","message_type":"text","created_at":"2026-11-20T09:00:01Z","text":{"text":"Где заказ?"}},
		{"message_id":"m1","direction":"outbound","message_type":"text","created_at":"2026-11-20T08:00:00.5Z","text":{"text":"Спасибо за заказ!"}}]`,
	"POST /companies/3/messaging/messages/":             `{"message_id":"m4"}`,
	"POST /companies/3/messaging/files/":                `{"url":"https://files.radist.online/u/1","name":"чек.pdf","size":12,"mime_type":"application/pdf"}`,
	"GET /companies/3/messaging/chats/37/availability/": `{"available":true,"template_only":true,"session_expires_at":null,"balance_sufficient":true,"first_message_without_template":false}`,
	"GET /companies/3/messaging/waba/templates/":        `[{"connection_id":10,"name":"order_ready","language":"ru","category":"UTILITY","status":"APPROVED","components":[{"type":"BODY","text":"{{1}}, заказ {{2}} готов"},{"type":"FOOTER","text":"Лавка"}]}]`,
	"POST /companies/3/webhooks/":                       `{"id":8}`,
}

// exampleServer stands for the service.
func exampleServer() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		answer, ok := exampleAnswers[r.Method+" "+r.URL.Path]
		if !ok {
			http.Error(w, `{"detail":"Not Found"}`, http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, answer)
	}))
}

// exampleClient is a client of it that does not wait before its first request.
func exampleClient(server *httptest.Server) *radist.Client {
	c, err := radist.New(someKey, radist.WithBaseURL(server.URL), radist.WithLimiter(noLimit{}))
	if err != nil {
		panic(err)
	}
	return c
}

// The chats that wait for an answer, with what was said last.
func Example() {
	server := exampleServer()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background() // radist.New(key)
	const company = 3
	for contact, err := range c.Chats.All(ctx, company) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if contact.Unanswered == 0 {
			break // those with unanswered messages come first
		}
		for _, chat := range contact.Chats {
			for message, err := range c.Messages.All(ctx, company, radist.Walk{Chat: chat.ID}) {
				if err != nil {
					fmt.Println(err)
					return
				}
				switch content := message.Content.(type) {
				case radist.Text:
					fmt.Printf("%s %s: %s\n", contact.ContactName, message.Direction, string(content))
				case radist.Media:
					fmt.Printf("%s %s: %s %q\n", contact.ContactName, message.Direction, content.Kind, content.Caption)
				}
			}
		}
	}
	// Output:
	// Анна inbound: image "Такой?"
	// Анна inbound: Где заказ?
	// Анна outbound: Спасибо за заказ!
}

// A message is sent once: when it is not known whether it was, the chat knows.
func ExampleMessagesService_Send() {
	server := exampleServer()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background()

	sent, err := c.Messages.Send(ctx, 3, radist.SendMessage{ConnectionID: 10, ChatID: 37, Content: radist.Text("Завтра будет у вас")})
	var e *radist.Error
	switch {
	case err == nil:
		fmt.Println("taken as", sent.MessageID)
	case errors.Is(err, radist.ErrShut):
		fmt.Println("a template is needed, or the balance is used up")
	case errors.Is(err, radist.ErrOutcomeUnknown):
		fmt.Println("look into the chat before sending again")
	case errors.Is(err, radist.ErrThrottled) && errors.As(err, &e):
		fmt.Println("again in", e.RetryAfter)
	default:
		fmt.Println(err)
	}
	// Output:
	// taken as m4
}

// What cannot be sent is refused before it leaves, in one sentence.
func ExampleInteractive_Check() {
	question := radist.Interactive{
		Kind: radist.InteractiveButtons, Body: "Подтвердить заказ?",
		Buttons: []radist.Button{{ID: "y", Title: "Да"}, {ID: "n", Title: "Нет"}},
	}
	fmt.Println(question.Check())
	question.Buttons[1].Title = "Нет, я передумал окончательно"
	fmt.Println(question.Check())
	question.Kind = "product_list"
	fmt.Println(question.Check())
	// Output:
	// <nil>
	// the title of button 2 has 29 characters, 20 are allowed
	// interactive messages of the type "product_list" are not supported
}

// Only a template goes into a chat whose window is closed.
func ExampleTemplate_Fill() {
	server := exampleServer()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background()

	const company, connection, chat = 3, 10, 37
	now, err := c.Chats.Availability(ctx, company, chat)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("a text:", now.Allows(radist.TypeText), "a template:", now.Allows(radist.TypeTemplate))
	templates, err := c.Templates.List(ctx, company, connection)
	if err != nil || len(templates.Items) == 0 {
		fmt.Println("no template:", err)
		return
	}
	template := templates.Items[0]
	fmt.Println("to fill in:", template.Variables().Body)
	values := radist.Values{Body: []string{"Анна"}}
	fmt.Println(template.Preview(values).Body)
	_, err = template.Fill(values)
	fmt.Println(err)
	values.Body = append(values.Body, "512")
	message, err := template.Fill(values)
	if err != nil {
		fmt.Println(err)
		return
	}
	sent, err := c.Messages.Send(ctx, company, radist.SendMessage{ConnectionID: connection, ChatID: chat, Content: message})
	fmt.Println(sent.MessageID, err)
	// Output:
	// a text: false a template: true
	// to fill in: [1 2]
	// Анна, заказ {{2}} готов
	// the body of the template has 2 variables, 1 are given
	// m4 <nil>
}

// A file for many chats is uploaded once.
func ExampleFilesService_UploadOnce() {
	server := exampleServer()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background()

	file := bytes.NewReader([]byte("%PDF-1.4 ...")) // an *os.File as well
	sum, size, err := radist.Sum(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, chat := range []int64{37, 38} {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			fmt.Println(err)
			return
		}
		kept, err := c.Files.UploadOnce(ctx, 3, sum, radist.Upload{Name: "чек.pdf", Type: "application/pdf", Size: size, Content: file})
		if err != nil {
			fmt.Println(err)
			return
		}
		_, err = c.Messages.Send(ctx, 3, radist.SendMessage{
			ConnectionID: 10, ChatID: chat, Content: radist.Media{Kind: radist.TypeFile, URL: kept.URL, Name: kept.Name, Caption: "Чек"},
		})
		fmt.Println(chat, kept.URL, err)
	}
	// Output:
	// 37 https://files.radist.online/u/1 <nil>
	// 38 https://files.radist.online/u/1 <nil>
}

// An upload streams, and tells how far it is.
func ExampleFilesService_Upload() {
	server := exampleServer()
	defer server.Close()
	c := exampleClient(server)

	content := "%PDF-1.4 ..."
	file, err := c.Files.Upload(context.Background(), 3, radist.Upload{
		Name: "чек.pdf", Type: "application/pdf", Size: int64(len(content)), Content: strings.NewReader(content),
		Progress: func(sent, size int64) { fmt.Printf("%d of %d bytes\n", sent, size) },
	})
	fmt.Println(file.URL, err)
	// Output:
	// 12 of 12 bytes
	// https://files.radist.online/u/1 <nil>
}

// Starting a chat that there is gives that chat.
func ExampleChatsService_Create() {
	server := exampleServer()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background()

	sources, err := c.Chats.Sources(ctx, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, source := range sources.Items {
		fmt.Println(source.ConnectionID, source.Type, source.CreateBy)
	}
	chat, err := c.Chats.Create(ctx, 3, radist.CreateChat{ConnectionID: 10, Phone: "+7 (999) 000-00-01"})
	fmt.Println("new:", chat.ChatCreated, "chat", chat.ChatID, "of contact", chat.ContactID, err)
	// Output:
	// 10 waba [phone]
	// 11 telegram_personal [phone username]
	// new: false chat 37 of contact 5 <nil>
}

// After a time without events: who has something new since then.
func ExampleChatsService_Changed() {
	server := exampleServer()
	defer server.Close()
	c := exampleClient(server)

	since := time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC)
	for contact, err := range c.Chats.Changed(context.Background(), 3, since) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(contact.ContactName, "since", contact.LastChatUpdatedAt.Format(time.TimeOnly))
	}
	// Output:
	// Анна since 09:00:01
}

// The address of a subscription holds what only the service knows.
func ExampleReceiver() {
	server := exampleServer()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background()
	const secret = "k8Zr2vQ0mX5t7LwP" // keep a random one of your own

	subscription, err := c.Webhooks.Create(ctx, 3, radist.NewSubscription{ConnectionID: 10, URL: "https://shop.example/in/" + secret})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("subscription", subscription.ID)

	receiver := &radist.Receiver{Secret: secret, Take: func(_ *http.Request, e radist.Event) error {
		if e.Type == radist.EventMessage && e.Message != nil && e.Message.Direction == radist.Inbound {
			fmt.Println(e.Chat.Name, "in chat", e.ChatID, "says", e.Message.Content)
		}
		return nil
	}}
	for _, path := range []string{"/in/" + secret, "/in/guessed"} {
		rec := httptest.NewRecorder()
		receiver.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, path, strings.NewReader(written)))
		fmt.Println(rec.Code)
	}
	// Output:
	// subscription 8
	// Анна in chat 37 says Здравствуйте
	// 204
	// 404
}

// A file that a message shows is fetched from the hosts of the service only.
func ExampleFilesService_Download() {
	c, err := radist.New(someKey, radist.WithHTTPClient(&http.Client{Transport: always(200, "bytes", "Content-Type", "image/png")}))
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := c.Files.Download(context.Background(), "https://files.radist.online/1")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	_, err = io.Copy(os.Stdout, file.Body)
	fmt.Println("", file.ContentType, err)

	_, err = c.Files.Download(context.Background(), "https://evil.example/1")
	fmt.Println("of a stranger's link nothing leaves:", errors.Is(err, radist.ErrNotSent))
	// Output:
	// bytes image/png <nil>
	// of a stranger's link nothing leaves: true
}

// Clients of one key share a budget; what persons do goes first.
func ExampleNewBudget() {
	budget := radist.NewBudget(radist.BudgetOptions{Fresh: true, Lane: lane})
	first, err := radist.New(someKey, radist.WithLimiter(budget))
	if err != nil {
		fmt.Println(err)
		return
	}
	second, err := radist.New(someKey, radist.WithLimiter(budget), radist.WithBaseURL(radist.RussianURL))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(first)
	fmt.Println(second)
	for _, state := range budget.Snapshot() {
		fmt.Println(state.Bucket, state.Remaining, "of", state.Limit)
	}
	// Output:
	// radist client of https://api.radist.online/v2
	// radist client of https://api-ru.radist.online/v2
	// general 2 of 2
	// chats 1 of 1
}
