package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

// canned stands in for a running server, so that the examples run anywhere.
func canned() *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/conversations", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"items":[{"id":7,"buyer_name":"Ольга","kind":"chat","last_message":{"text":"Где мой заказ?","at":"2026-11-02T08:00:00.000Z","author":"buyer"}}],"next":null}`)
	})
	mux.HandleFunc("POST /v1/conversations/7/messages", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer the-key" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"status":401,"code":"forbidden","title":"Not allowed","detail":"The key is not right.","field":null}`)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, `{"id":12,"conversation":7,"author":"agent","text":"Уже едет.","status":"queued"}`)
	})
	mux.HandleFunc("GET /v1/events", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "id: 41\ndata: {\"seq\":41,\"kind\":\"message.created\",\"at\":\"2026-11-02T08:00:00.000Z\",\"account\":1,\"conversation\":7,\"data\":null}\n\n")
	})
	return httptest.NewServer(mux)
}

// The list of those who wait, nearest deadline first.
func ExampleConversations_All() {
	server := canned()
	defer server.Close()
	c, err := client.New(server.URL, "the-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	yes := true
	for conversation, err := range c.Conversations.All(context.Background(), client.ConversationQuery{NeedsAnswer: &yes, Sort: "waiting"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %s\n", conversation.BuyerName, conversation.LastMessage.Text)
	}
	// Output: Ольга: Где мой заказ?
}

// An answer that leaves once, however often it is posted under its key.
func ExampleMessages_Post() {
	server := canned()
	defer server.Close()
	c, err := client.New(server.URL, "the-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := c.Messages.Post(context.Background(), 7, client.NewMessage{Text: "Уже едет.", Key: "order-55-shipped"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.ID, m.Status)
	// Output: 12 queued
}

// What a refusal tells a program.
func ExampleError() {
	server := canned()
	defer server.Close()
	c, err := client.New(server.URL, "another-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.Messages.Post(context.Background(), 7, client.NewMessage{Text: "Уже едет."})
	var refused *client.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Code, "-", refused.Detail)
	}
	// Output: forbidden - The key is not right.
}

// What happens, as it happens.
func ExampleEvents_Follow() {
	server := canned()
	defer server.Close()
	c, err := client.New(server.URL, "the-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	for event, err := range c.Events.Follow(context.Background(), client.Now) {
		if err != nil && !errors.Is(err, client.ErrResync) {
			fmt.Println(err)
			return
		}
		if event.Kind == sellerdesk.EventMessageCreated {
			fmt.Println("a message in conversation", *event.Conversation)
			break
		}
	}
	// Output: a message in conversation 7
}
