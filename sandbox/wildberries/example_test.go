package wildberries_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// A test starts a world, lets a buyer write and reads the feed as a seller's program does.
func Example() {
	opening := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	world, err := sandbox.New(7, sandbox.Options{Messages: 100, Start: opening, Scale: -1}) // the clock stands until it is moved
	if err != nil {
		log.Fatal(err)
	}
	wildberries.Mount(world, wildberries.Options{})
	server := httptest.NewServer(world.Handler())
	defer server.Close()

	if _, err = world.BuyerWrites(context.Background(), sandbox.BuyerMessage{
		API: wildberries.API, Kind: sandbox.KindChat, From: &sandbox.Person{Name: "Анна"}, Text: "Подойдёт на рост 170?",
	}); err != nil {
		log.Fatal(err)
	}
	newer := fmt.Sprintf("%s/wildberries/chat/api/v1/seller/events?next=%d", server.URL, opening.UnixMilli()-1)
	request, err := http.NewRequest(http.MethodGet, newer, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", world.State().Accounts[0].Token)
	answer, err := server.Client().Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	var page struct {
		Result struct {
			Events []struct {
				ClientName string
				Message    struct{ Text string }
			}
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&page); err != nil {
		log.Fatal(err)
	}
	for _, e := range page.Result.Events {
		fmt.Printf("%s: %s\n", e.ClientName, e.Message.Text)
	}
	// Output: Анна: Подойдёт на рост 170?
}

// A seller's program answers a review with a telephone number, which moderation turns away two seconds later.
func Example_review() {
	opening := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	world, err := sandbox.New(7, sandbox.Options{Reviews: -1, Start: opening, Scale: -1})
	if err != nil {
		log.Fatal(err)
	}
	wildberries.Mount(world, wildberries.Options{})
	server := httptest.NewServer(world.Handler())
	defer server.Close()
	call := func(method, path, body string) *http.Response {
		request, err := http.NewRequest(method, server.URL+"/wildberries/feedbacks/api/v1/"+path, strings.NewReader(body))
		if err != nil {
			log.Fatal(err)
		}
		request.Header.Set("Authorization", world.State().Accounts[0].Token)
		request.Header.Set("Content-Type", "application/json")
		answer, err := server.Client().Do(request)
		if err != nil {
			log.Fatal(err)
		}
		return answer
	}

	stars := 2
	review, err := world.BuyerWrites(context.Background(), sandbox.BuyerMessage{API: wildberries.API, Kind: sandbox.KindReview, Text: "Маломерит", Rating: &stars})
	if err != nil {
		log.Fatal(err)
	}
	call("POST", "feedbacks/answer", fmt.Sprintf(`{"id":%q,"text":"Звоните +7 900 123-45-67"}`, review.Conversation)).Body.Close()
	for range 2 {
		answer := call("GET", "feedback?id="+review.Conversation, "")
		var got struct {
			Data struct {
				State  string
				Answer struct{ State string }
			}
		}
		if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
			log.Fatal(err)
		}
		answer.Body.Close()
		fmt.Println(got.Data.State, got.Data.Answer.State)
		world.Clock().Advance(2 * time.Second)
	}
	// Output:
	// wbRu reviewRequired
	// none rejected
}
