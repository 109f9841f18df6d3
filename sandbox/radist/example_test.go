package radist_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/radist"
)

// A test starts a world, lets a buyer write and reads the chats as a seller's program does.
func Example() {
	opening := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	world, err := sandbox.New(7, sandbox.Options{Messages: 100, Start: opening, Scale: -1}) // the clock stands until it is moved
	if err != nil {
		log.Fatal(err)
	}
	radist.Mount(world, radist.Options{})
	server := httptest.NewServer(world.Handler())
	defer server.Close()

	if _, err = world.BuyerWrites(context.Background(), sandbox.BuyerMessage{
		API: radist.API, Kind: sandbox.KindChat, From: &sandbox.Person{Name: "Анна", Phone: "+7 999 000-00-01"}, Text: "Заказ уже едет?",
	}); err != nil {
		log.Fatal(err)
	}
	account := world.State().Accounts[0]
	request, err := http.NewRequest(http.MethodGet, fmt.Sprintf("%s/radist/v2/companies/%d/messaging/chats/with_contacts/?limit=1", server.URL, *account.Company), nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("X-Api-Key", account.Token)
	answer, err := server.Client().Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	var page struct {
		Data []struct {
			Name  string `json:"contact_name"`
			Chats []struct {
				Phone string
				Last  struct{ Text struct{ Text string } } `json:"last_message"`
			}
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&page); err != nil {
		log.Fatal(err)
	}
	for _, c := range page.Data {
		fmt.Printf("%s, %s: %s\n", c.Name, c.Chats[0].Phone, c.Chats[0].Last.Text.Text)
	}
	// Output: Анна, 79990000001: Заказ уже едет?
}
