package wildberries_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

// A token tells its kind, rights and end before anything is sent.
func ExampleInspectToken() {
	token, err := wildberries.InspectToken(chatToken())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(token.Kind, "token of seller", token.SellerNumber)
	fmt.Println("may use:", token.Categories.List())
	fmt.Println("read-only:", token.ReadOnly)
	fmt.Println("until:", token.Expiry.Format(time.DateOnly))
	// Output:
	// personal token of seller 4012345
	// may use: [buyer chat]
	// read-only: false
	// until: 2096-10-02
}

// A chat is unanswered when the last event that says something comes from the buyer.
func ExampleChatsService_List() {
	server := exampleServer()
	defer server.Close()
	ctx := context.Background()
	c := exampleClient(server)

	list, err := c.Chats.List(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	last := map[string]wildberries.Sender{}
	for event, err := range c.Chats.AllEvents(ctx, 0, wildberries.Follow{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if event.Message != nil {
			last[event.ChatID] = event.Sender
		}
	}
	for _, chat := range list.Chats {
		if last[chat.ID] == wildberries.SenderClient {
			fmt.Println(chat.ClientName, "waits:", chat.LastMessage.Text)
		}
	}
	// Output:
	// Анна waits: Есть размер 44?
}

// The feed is read page by page. The cursor is saved together with the events of its page.
func ExampleChatsService_Events() {
	server := exampleServer()
	defer server.Close()
	c := exampleClient(server)

	var cursor int64
	for {
		page, err := c.Chats.Events(context.Background(), cursor)
		if err != nil {
			fmt.Println(err)
			return
		}
		if page.Done() {
			break
		}
		for _, event := range page.Events {
			fmt.Println(event.AddTimestamp.Time().Format(time.TimeOnly), event.Sender, event.Message.Text)
		}
		cursor = page.Next
	}
	// Output:
	// 07:00:00 client Спасибо за чашку!
	// 07:00:01 seller Рады помочь!
	// 07:00:02 client Есть размер 44?
}

// A message takes text and files. Which files were not taken is a part of the result.
func ExampleChatsService_Send() {
	server := exampleServer()
	defer server.Close()
	c := exampleClient(server)

	photo := wildberries.FileFromBytes("size.png", []byte("\x89PNG\r\n\x1a\n..."))
	sent, err := c.Chats.Send(context.Background(), "1:anna:sign", "Да, вот таблица размеров", photo)
	switch {
	case errors.Is(err, wildberries.ErrOutcomeUnknown):
		fmt.Println("look into the feed before sending again")
	case errors.Is(err, wildberries.ErrReplySign):
		fmt.Println("take a fresh signature from List")
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println("sent at", sent.AddTime.Time().Format(time.TimeOnly), "files refused:", len(sent.FileErrors))
	}
	// Output:
	// sent at 07:00:03 files refused: 0
}

// A file may still be in moderation, which is no error.
func ExampleChatsService_Download() {
	server := exampleServer()
	defer server.Close()
	c := exampleClient(server)

	file, err := c.Chats.Download(context.Background(), "f-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	switch file.State {
	case wildberries.DownloadReady:
		content, err := io.ReadAll(file.Body)
		fmt.Println(file.ContentType, len(content), "bytes", err)
	case wildberries.DownloadPending:
		fmt.Println("again in", file.RetryAfter)
	case wildberries.DownloadRefused:
		fmt.Println("refused:", file.Reason)
	}
	// Output:
	// again in 30s
}

// Programs of one account share a budget, and calls for a person at the screen go first.
func ExampleNewBudget() {
	token, err := wildberries.InspectToken(chatToken())
	if err != nil {
		fmt.Println(err)
		return
	}
	type key struct{}
	budget := wildberries.NewBudget(token, wildberries.BudgetOptions{
		Fresh: true, // nobody has used the account in the last minute
		Lane: func(ctx context.Context) wildberries.Lane {
			if ctx.Value(key{}) != nil {
				return wildberries.LanePerson
			}
			return wildberries.LanePoll
		},
	})
	if _, err := wildberries.New(chatToken(), wildberries.WithLimiter(budget)); err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range budget.Snapshot() {
		if b.Bucket == wildberries.BucketChatEvents {
			fmt.Printf("%s: %d of %d left\n", b.Bucket, b.Remaining, b.Limit)
		}
	}
	// Output:
	// chat-events: 10 of 10 left
}

func exampleClient(s *httptest.Server) *wildberries.Client {
	c, err := wildberries.New(chatToken(), wildberries.WithBaseURL(s.URL), wildberries.WithLimiter(noLimit{}))
	if err != nil {
		panic(err)
	}
	return c
}

// exampleServer plays a small cabinet with two chats.
func exampleServer() *httptest.Server {
	const events = `{"result":{"next":1784790002000,"totalEvents":3,"events":[
		{"chatID":"1:ivan","eventID":"1","eventType":"message","sender":"client","addTimestamp":1784790000000,"message":{"text":"Спасибо за чашку!"}},
		{"chatID":"1:ivan","eventID":"2","eventType":"message","sender":"seller","addTimestamp":1784790001000,"message":{"text":"Рады помочь!"}},
		{"chatID":"1:anna","eventID":"3","eventType":"message","sender":"client","addTimestamp":1784790002000,"message":{"text":"Есть размер 44?"}}]}}`
	const chats = `{"result":[
		{"chatID":"1:ivan","replySign":"1:ivan:sign","clientName":"Иван","lastMessage":{"text":"Рады помочь!","addTimestamp":1784790001000}},
		{"chatID":"1:anna","replySign":"1:anna:sign","clientName":"Анна","lastMessage":{"text":"Есть размер 44?","addTimestamp":1784790002000}}],"errors":null}`
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		var answer string
		switch path := strings.TrimPrefix(r.URL.Path, "/chat/api/v1/seller/"); {
		case path == "chats":
			answer = chats
		case path == "events" && r.URL.Query().Get("next") < "1784790002000":
			answer = events
		case path == "events":
			answer = `{"result":{"next":1784790002000,"totalEvents":0,"events":[]}}`
		case path == "message":
			answer = `{"result":{"addTime":1784790003000,"chatID":"1:anna","sign":"1:anna:fresh"},"errors":[]}`
		default:
			w.WriteHeader(http.StatusAccepted)
			answer = `{"moderationState":"pending","retrySeconds":30}`
		}
		_, _ = io.Copy(w, bytes.NewReader([]byte(answer)))
	}))
}
