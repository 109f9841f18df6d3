package yandexmarket_test

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

	"github.com/sellerdesk/sellerdesk/yandexmarket"
)

// The chats that wait for the shop, with what was said last.
func Example() {
	server := exampleServer()
	defer server.Close()
	c, err := yandexmarket.New(someKey, yandexmarket.WithBaseURL(server.URL)) // without WithBaseURL the real Market
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	shops, err := c.Campaigns.List(ctx, yandexmarket.ListCampaigns{})
	if err != nil || len(shops.Items) == 0 {
		fmt.Println("no shop:", err)
		return
	}
	business := shops.Items[0].Business.ID
	waiting := yandexmarket.ListChats{Statuses: []yandexmarket.ChatStatus{yandexmarket.StatusWaitingForPartner}, Limit: 20}
	for chat, err := range c.Chats.All(ctx, business, waiting) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for message, err := range c.Chats.Since(ctx, business, chat.ID, 0) {
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf("chat %d about order %d, %s: %s\n", chat.ID, chat.Context.OrderID, message.Sender, message.Text)
		}
	}
	// Output:
	// chat 7 about order 512, CUSTOMER: Где заказ?
	// chat 7 about order 512, PARTNER: Завтра будет у вас
	// chat 7 about order 512, CUSTOMER: Спасибо!
}

// No id comes back from a sending, and it is never repeated: when it is not
// known whether it was done, the history knows.
func ExampleChatsService_Send() {
	server := exampleServer()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background()

	const business, chat, last = 5, 7, 101
	err := c.Chats.Send(ctx, business, chat, "Завтра будет у вас")
	var refused *yandexmarket.Error
	switch {
	case err == nil, errors.Is(err, yandexmarket.ErrOutcomeUnknown):
		for message, err := range c.Chats.Since(ctx, business, chat, last) {
			if err != nil {
				fmt.Println(err)
				return
			}
			if message.Sender == yandexmarket.SenderPartner && message.Text == "Завтра будет у вас" {
				fmt.Println("it stands there as", message.ID)
			}
		}
	case errors.Is(err, yandexmarket.ErrThrottled) && errors.As(err, &refused):
		fmt.Println("again in", refused.RetryAfter)
	default:
		fmt.Println(err)
	}
	// Output:
	// it stands there as 102
}

// A file is a message of its own.
func ExampleChatsService_SendFile() {
	server := exampleServer()
	defer server.Close()
	c := exampleClient(server)

	content := []byte("%PDF-1.4 ...")
	err := c.Chats.SendFile(context.Background(), 5, 7, yandexmarket.Upload{
		Name: "чек.pdf", Type: "application/pdf", Size: int64(len(content)), Content: bytes.NewReader(content),
	})
	fmt.Println(err)
	// Output:
	// <nil>
}

// The link of an attachment ends, so its bytes are fetched early.
func ExampleChatsService_Download() {
	server := exampleServer()
	defer server.Close()
	c := exampleClient(server)

	file, err := c.Chats.Download(context.Background(), server.URL+"/files/1")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	content, err := io.ReadAll(file.Body)
	fmt.Println(file.Name, file.ContentType, len(content), "bytes", err)

	_, err = c.Chats.Download(context.Background(), "https://evil.example/1")
	fmt.Println("of a stranger's link nothing leaves:", errors.Is(err, yandexmarket.ErrNotSent))
	// Output:
	// photo.png image/png 5 bytes <nil>
	// of a stranger's link nothing leaves: true
}

// A chat about an order that has one already is that chat.
func ExampleChatsService_Create() {
	server := exampleServer()
	defer server.Close()
	c := exampleClient(server)

	chat, err := c.Chats.Create(context.Background(), 5, yandexmarket.ChatSubject{Type: yandexmarket.ContextOrder, ID: 512})
	fmt.Println(chat, err)
	// Output:
	// 7 <nil>
}

// Errors are told apart by what they are, and say what the Market said.
func ExampleError() {
	server := exampleServer()
	defer server.Close()
	c := exampleClient(server)

	_, err := c.Chats.Get(context.Background(), 777, 7)
	var e *yandexmarket.Error
	if errors.As(err, &e) {
		fmt.Println(e.Status, e.Code, e.Message)
	}
	fmt.Println(errors.Is(err, yandexmarket.ErrForbidden), errors.Is(err, yandexmarket.ErrDisabled))
	// Output:
	// 403 FORBIDDEN Access denied
	// true false
}

// A review is answered, and the comment changed.
func ExampleReviewsService_Comment() {
	server := exampleServer()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background()

	needed := yandexmarket.ListReviews{Reaction: yandexmarket.ReactionNeeded}
	for review, err := range c.Reviews.All(ctx, 5, needed) {
		if err != nil {
			fmt.Println(err)
			return
		}
		comment, err := c.Reviews.Comment(ctx, 5, yandexmarket.NewComment{ReviewID: review.ID, Text: "Спасибо, " + review.Author + "!"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d stars, comment %d is %s\n", review.Statistics.Rating, comment.ID, comment.Status)
	}
	// Output:
	// 5 stars, comment 31 is UNMODERATED
}

// Questions that wait for an answer are answered.
func ExampleQuestionsService_Create() {
	server := exampleServer()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background()

	for question, err := range c.Questions.All(ctx, 5, yandexmarket.ListQuestions{NeedAnswer: true}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		parent := yandexmarket.Entity{ID: question.Identifiers.ID, Type: yandexmarket.EntityQuestion}
		made, err := c.Questions.Create(ctx, 5, parent, "Да, есть")
		fmt.Println(question.Text, made.Type, made.ID, err)
	}
	// Output:
	// Есть размер 44? ANSWER 41 <nil>
}

// Programs of one cabinet share a budget. Calls for a person at the screen go
// first, and one of the four requests at once is kept for them.
func ExampleNewBudget() {
	type key struct{}
	budget := yandexmarket.NewBudget(yandexmarket.BudgetOptions{
		Patience: 30 * time.Second, // who would wait longer gets ErrThrottled at once
		Lane: func(ctx context.Context) yandexmarket.Lane {
			if ctx.Value(key{}) != nil {
				return yandexmarket.LanePerson
			}
			return yandexmarket.LanePoll
		},
	})
	if _, err := yandexmarket.New(someKey, yandexmarket.WithLimiter(budget)); err != nil {
		fmt.Println(err)
		return
	}
	budget.SetTier(yandexmarket.TierMedium) // as BusinessService.Settings tells
	for _, b := range budget.Snapshot() {
		if b.Bucket == yandexmarket.BucketReviews {
			fmt.Println(b.Bucket, "may go at once:", b.Limit)
		}
	}
	// Output:
	// reviews may go at once: 1000
}

// Notifications are kept and answered at once; what they name is read later.
func ExampleReceiver() {
	queue := make(chan yandexmarket.Notification, 100)
	server := httptest.NewServer(&yandexmarket.Receiver{
		Name: "shop", Version: "1.0",
		Take: func(_ *http.Request, n yandexmarket.Notification) error {
			select {
			case queue <- n: // a real program writes it to a disk
				return nil
			default:
				return errors.New("the queue is full") // the Market comes again
			}
		},
	})
	defer server.Close()

	// The Market:
	resp, err := http.Post(server.URL+"/notification", "application/json", strings.NewReader(
		`{"notificationType":"CHAT_MESSAGE_SENT","businessId":5,"chatId":7,"messageId":"103","sentAt":"2026-11-20T09:00:00Z"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = resp.Body.Close()
	n := <-queue
	fmt.Println(resp.StatusCode, n.Type, "chat", n.ChatID, "message", n.MessageID)
	// Output:
	// 200 CHAT_MESSAGE_SENT chat 7 message 103
}

func exampleClient(s *httptest.Server) *yandexmarket.Client {
	c, err := yandexmarket.New(someKey, yandexmarket.WithBaseURL(s.URL))
	if err != nil {
		panic(err)
	}
	return c
}

// exampleServer plays the cabinet 5 with one chat, one review and one question.
func exampleServer() *httptest.Server {
	answers := map[string]string{
		"GET /v2/campaigns": `{"campaigns":[{"id":50,"domain":"Лавка","business":{"id":5,"name":"Лавка"}}],"paging":{}}`,
		"POST /v2/businesses/5/chats": `{"status":"OK","result":{"chats":[{"chatId":7,"type":"CHAT","status":"WAITING_FOR_PARTNER","context":{"type":"ORDER","orderId":512},
			"createdAt":"2026-11-20T12:00:00+03:00","updatedAt":"2026-11-20T12:05:00+03:00"}],"paging":{}}}`,
		"POST /v2/businesses/5/chats/history": `{"status":"OK","result":{"context":{"type":"ORDER","orderId":512},"messages":[
			{"messageId":101,"createdAt":"2026-11-20T12:00:00+03:00","sender":"CUSTOMER","message":"Где заказ?"},
			{"messageId":102,"createdAt":"2026-11-20T12:04:00+03:00","sender":"PARTNER","message":"Завтра будет у вас"},
			{"messageId":103,"createdAt":"2026-11-20T12:05:00+03:00","sender":"CUSTOMER","message":"Спасибо!"}]}}`,
		"POST /v2/businesses/5/chats/message":   `{"status":"OK"}`,
		"POST /v2/businesses/5/chats/file/send": `{"status":"OK"}`,
		"POST /v2/businesses/5/chats/new":       `{"status":"OK","result":{"chatId":7}}`,
		"POST /v2/businesses/5/goods-feedback": `{"status":"OK","result":{"feedbacks":[{"feedbackId":3,"createdAt":"2026-11-20T12:00:00+03:00","needReaction":true,"author":"Анна",
			"identifiers":{},"statistics":{"rating":5,"commentsCount":0}}]}}`,
		"POST /v2/businesses/5/goods-feedback/comments/update": `{"status":"OK","result":{"id":31,"feedbackId":3,"text":"Спасибо, Анна!","status":"UNMODERATED","canModify":true}}`,
		"POST /v1/businesses/5/goods-questions": `{"status":"OK","result":{"totalCount":1,"questions":[{"questionIdentifiers":{"id":4,"offerId":"a-1"},"businessId":5,
			"text":"Есть размер 44?","createdAt":"2026-11-20T12:00:00+03:00","votes":{"likes":0,"dislikes":0},"author":{}}]}}`,
		"POST /v1/businesses/5/goods-questions/update": `{"status":"OK","result":{"entity":{"id":41,"type":"ANSWER"}}}`,
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/files/1" {
			w.Header().Set("Content-Type", "image/png")
			w.Header().Set("Content-Disposition", `attachment; filename="photo.png"`)
			_, _ = io.WriteString(w, "bytes")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		answer, ok := answers[r.Method+" "+r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusForbidden)
			answer = wrong("FORBIDDEN", "Access denied")
		}
		_, _ = io.WriteString(w, answer)
	}))
}
