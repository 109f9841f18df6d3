package radist_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/sellerdesk/sellerdesk/radist"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/radist"
)

// TestWhatWasInferredHolds reads whatever can be read and tells what is not as
// it is thought to be. It changes nothing. Without a key it asks the emulator;
// somebody with an account gives one in SELLERDESK_TEST_RADIST_KEY, and another
// host in SELLERDESK_TEST_RADIST_URL if need be, to hold the live service
// against this package.
func TestWhatWasInferredHolds(t *testing.T) {
	t.Parallel()
	if key := os.Getenv("SELLERDESK_TEST_RADIST_KEY"); key != "" {
		c, err := radist.New(key, radist.WithBaseURL(os.Getenv("SELLERDESK_TEST_RADIST_URL")))
		if err != nil {
			t.Fatal(err)
		}
		readEverything(t, c)
		return
	}
	p := newPlace(t, emulator.Options{})
	p.chat(lineWABA, "79990000009", "")
	p.control("buyer", `{"connection":"waba","from":{"phone":"79990000009"},"text":"Где заказ?"}`)
	readEverything(t, p.client)
}

// readEverything makes each call that only reads. Errors name no customer.
func readEverything(t *testing.T, c *radist.Client) {
	t.Helper()
	ctx := t.Context()
	check := func(what string, bad []radist.Malformed, err error) {
		t.Helper()
		if err != nil || len(bad) > 0 {
			t.Errorf("%s: %d items are not understood, %v", what, len(bad), err)
		}
	}
	_, err := c.Users.Me(ctx)
	check("the key", nil, err)
	companies, err := c.Companies.List(ctx, radist.ListCompanies{Limit: 100})
	check("companies", companies.Malformed, err)
	if len(companies.Items) == 0 {
		t.Fatal("the key has no company")
	}
	company := companies.Items[0].ID
	connections, err := c.Connections.List(ctx, company)
	check("connections", connections.Malformed, err)
	sources, err := c.Chats.Sources(ctx, company)
	check("sources", sources.Malformed, err)
	contacts, err := c.Contacts.List(ctx, company, radist.ListContacts{OrderBy: "created_at:desc", Limit: 2})
	check("contacts", contacts.Malformed, err)
	subscriptions, err := c.Webhooks.List(ctx, company)
	check("subscriptions", subscriptions.Malformed, err)
	for _, connection := range connections.Items {
		one, err := c.Connections.Get(ctx, company, connection.ID)
		if err != nil || one.ID != connection.ID {
			t.Errorf("connection %s: %v", connection.Type, err)
		}
		if connection.Type == radist.ConnectionWABA {
			templates, err := c.Templates.List(ctx, company, connection.ID)
			check("templates", templates.Malformed, err)
		}
	}
	chats, err := c.Chats.List(ctx, company, radist.ListChats{Limit: 5})
	check("chats", chats.Malformed, err)
	for _, contact := range chats.Items {
		check("chats of a contact", contact.Malformed, nil)
		for _, chat := range contact.Chats {
			if err := readChat(t, c, company, chat); err != nil {
				t.Error(err)
			}
		}
	}
}

func readChat(t *testing.T, c *radist.Client, company int64, chat radist.Chat) error {
	t.Helper()
	if _, err := c.Chats.Availability(t.Context(), company, chat.ID); err != nil {
		return fmt.Errorf("availability: %w", err)
	}
	newest, err := c.Messages.List(t.Context(), company, radist.ListMessages{Chat: chat.ID, Limit: 5})
	if err != nil || len(newest.Malformed) > 0 {
		return fmt.Errorf("messages: %d are not understood, %v", len(newest.Malformed), err)
	}
	for i, m := range newest.Items {
		if i > 0 && m.CreatedAt.After(newest.Items[i-1].CreatedAt.Time) {
			return errors.New("messages do not come newest first")
		}
		if unknown, ok := m.Content.(radist.Unknown); ok {
			t.Logf("a message of the type %q is kept raw", unknown.Kind)
		}
	}
	if len(newest.Items) == 0 {
		return nil
	}
	last := newest.Items[len(newest.Items)-1]
	bounded, err := c.Messages.List(t.Context(), company, radist.ListMessages{Chat: chat.ID, Limit: 5, Until: last.CreatedAt.Time})
	if err != nil {
		return fmt.Errorf("messages until a moment: %w", err)
	}
	for _, m := range bounded.Items {
		if m.CreatedAt.After(last.CreatedAt.Time) {
			return errors.New("messages come from after the moment that was given")
		}
	}
	return nil
}
