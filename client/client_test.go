package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func open(t testing.TB) (*client.Client, *servertest.House) {
	t.Helper()
	h := servertest.New(t, nil)
	c, err := client.New(h.URL, servertest.Key, client.WithHTTPClient(h.Client()), client.WithUserAgent("tests"))
	if err != nil {
		t.Fatal(err)
	}
	return c, h
}

func TestAConversationFromTheListToTheAnswer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c, h := open(t)
	for i := range 5 {
		h.Chat(t, fmt.Sprint("buyer", i), servertest.Start().Add(-time.Duration(i)*time.Minute), "Hello", "Are you there?")
	}
	yes := true
	var names []string
	for conversation, err := range c.Conversations.All(ctx, client.ConversationQuery{
		Kinds: []sellerdesk.Kind{sellerdesk.KindChat}, Accounts: []sellerdesk.AccountID{h.Account.ID}, NeedsAnswer: &yes, Limit: 2,
	}) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, string(conversation.BuyerName))
	}
	if diff := cmp.Diff([]string{"buyer0", "buyer1", "buyer2", "buyer3", "buyer4"}, names); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}

	file, err := c.Files.Upload(ctx, "receipt.pdf", strings.NewReader("%PDF-1.4\n"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Messages.Post(ctx, 1, client.NewMessage{Text: "Yes.", Files: []sellerdesk.FileID{file.ID}, Key: "one"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Messages.Post(ctx, 1, client.NewMessage{Text: "Yes.", Files: []sellerdesk.FileID{file.ID}, Key: "one"})
	if err != nil || again.ID != m.ID {
		t.Errorf("repeated with its key: %v, %v", again, err)
	}
	var texts []string
	for m, err := range c.Messages.All(ctx, 1) {
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, m.Text)
	}
	if diff := cmp.Diff([]string{"Yes.", "Are you there?", "Hello"}, texts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	content, err := c.Files.Get(ctx, file.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Body.Close()
	if b, err := io.ReadAll(content.Body); err != nil || string(b) != "%PDF-1.4\n" || content.Type != "application/pdf" || content.Size != 9 {
		t.Errorf("got %q %q, %d bytes, %v", b, content.Type, content.Size, err)
	}

	conversation, err := c.Conversations.Act(ctx, 1, client.Action{Action: sellerdesk.ActionWithdraw, Message: m.ID})
	if err != nil || !conversation.NeedsAnswer {
		t.Errorf("after taking the answer back: %+v, %v", conversation, err)
	}
	if conversation, err = c.Conversations.Act(ctx, 1, client.Action{Action: sellerdesk.ActionClose}); err != nil || conversation.Status != sellerdesk.ConversationClosed {
		t.Errorf("after closing: %+v, %v", conversation, err)
	}
	counters, err := c.Counters.Get(ctx)
	if err != nil || counters.NeedsAnswer.All != 4 || counters.NeedsAnswer.Chat != 4 {
		t.Errorf("got %+v, %v", counters, err)
	}
}

func TestPostsFromTheFirstToTheLast(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c, h := open(t)
	at := servertest.Start().Add(-time.Hour)
	review := h.Review(t, "Olga", at, 2, "It broke.")
	claim := h.Claim(t, "Anna", at, "It is torn.")
	h.Question(t, "Ivan", at, "Does it fit?")
	h.Answered(t, h.Review(t, "Vera", at.Add(time.Minute), 5, "Very good."), servertest.Start(), "Thanks")
	no := false
	page, err := c.Conversations.List(ctx, client.ConversationQuery{
		Ratings: []int{1, 2}, Product: "4711", From: at, To: at, HasPhoto: &no, Answered: &no,
	})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != review.ID || page.Items[0].Review == nil {
		t.Errorf("listed %+v, %v", page.Items, err)
	}
	for _, step := range []struct {
		id     sellerdesk.ConversationID
		action client.Action
	}{
		{review.ID, client.Action{Action: sellerdesk.ActionAnswer, Text: "We replace it.", Key: "answer"}},
		{review.ID, client.Action{Action: sellerdesk.ActionAnswer, Text: "We replace it.", Key: "answer"}},
		{review.ID, client.Action{Action: sellerdesk.ActionPin}},
		{claim.ID, client.Action{Action: sellerdesk.ActionDecide, Decision: "refuse", Comment: "It was worn."}},
	} {
		if got, err := c.Conversations.Act(ctx, step.id, step.action); err != nil || got.ID != step.id {
			t.Errorf("%+v: %+v, %v", step.action, got, err)
		}
	}
	_, err = c.Conversations.Act(ctx, claim.ID, client.Action{Action: sellerdesk.ActionDecide, Decision: "refuse", Comment: "It was worn."})
	if sellerdesk.CodeOf(err) != sellerdesk.CodeUnsupported {
		t.Errorf("decided twice: %v", err)
	}
	product, err := c.Products.Summary(ctx, h.Account.ID, "4711")
	if err != nil || product.Reviews != 2 || product.Average == nil || *product.Average != 3.5 {
		t.Errorf("summed up as %+v, %v", product, err)
	}
	if _, err := c.Products.Summary(ctx, h.Account.ID, "47/11 а"); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound || !strings.Contains(err.Error(), "product") {
		t.Errorf("a product that nobody knows: %v", err)
	}
}

func TestAccountsFromTheFirstToTheLast(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c, _ := open(t)
	drivers, err := c.Accounts.Drivers(ctx)
	if err != nil || len(drivers) != 1 || drivers[0].Fields[0].Name != "token" || !drivers[0].Fields[0].Secret {
		t.Fatalf("drivers: %+v, %v", drivers, err)
	}
	secret := map[string]sellerdesk.Secret{"token": "second"}
	a, err := c.Accounts.Add(ctx, client.NewAccount{Channel: servertest.Channel, Credentials: secret})
	if err != nil || a.Name != "Seller second" {
		t.Fatalf("the secret must travel as it is: %+v, %v", a, err)
	}
	for name, step := range map[string]func() (sellerdesk.Account, error){
		"pause":               func() (sellerdesk.Account, error) { return c.Accounts.Pause(ctx, a.ID) },
		"resume":              func() (sellerdesk.Account, error) { return c.Accounts.Resume(ctx, a.ID) },
		"repair":              func() (sellerdesk.Account, error) { return c.Accounts.Repair(ctx, a.ID) },
		"rename":              func() (sellerdesk.Account, error) { return c.Accounts.Rename(ctx, a.ID, "Other") },
		"replace credentials": func() (sellerdesk.Account, error) { return c.Accounts.ReplaceCredentials(ctx, a.ID, secret) },
		"get":                 func() (sellerdesk.Account, error) { return c.Accounts.Get(ctx, a.ID) },
	} {
		if got, err := step(); err != nil || got.ID != a.ID {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if err := c.Accounts.Remove(ctx, a.ID); err != nil {
		t.Error(err)
	}
	if all, err := c.Accounts.List(ctx); err != nil || len(all) != 1 {
		t.Errorf("%d accounts are left, %v", len(all), err)
	}
}

func TestRefusalsAreTyped(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c, h := open(t)
	_, err := c.Messages.Post(ctx, 99, client.NewMessage{Text: "Hello"})
	var refused *client.Error
	if !errors.As(err, &refused) || refused.Status != 404 || refused.Code != sellerdesk.CodeNotFound || refused.RequestID == "" {
		t.Errorf("got %#v", err)
	}
	if sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("the vocabulary does not know the error: %v", err)
	}
	if _, err = c.Conversations.List(ctx, client.ConversationQuery{Limit: 999}); !errors.As(err, &refused) || refused.Field != "limit" {
		t.Errorf("got %v", err)
	}
	stranger, err := client.New(h.URL, "not-the-right-key")
	if err != nil {
		t.Fatal(err)
	}
	_, err = stranger.Accounts.List(ctx)
	if !errors.As(err, &refused) || refused.Status != 401 || strings.Contains(err.Error(), "not-the-right-key") {
		t.Errorf("got %v", err)
	}
}

func TestServersThatAreNotOurs(t *testing.T) {
	t.Parallel()
	var told string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told = r.Header.Get("Authorization") }))
	defer other.Close()
	for name, handler := range map[string]http.HandlerFunc{
		"a page that is missing": func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) },
		"a page":                 func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"a way to somebody else": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) },
	} {
		s := httptest.NewServer(handler)
		c, err := client.New(s.URL, "a-key-for-the-tests")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Accounts.List(t.Context()); err == nil {
			t.Errorf("%s was taken for an answer", name)
		}
		s.Close()
	}
	if told != "" {
		t.Error("the key followed a redirect")
	}
	for _, address := range []string{"", "127.0.0.1:8484", "ftp://example.org", "http://"} {
		if _, err := client.New(address, ""); err == nil {
			t.Errorf("%q was taken for an address", address)
		}
	}
}

func rename(t *testing.T, h *servertest.House, name string) {
	t.Helper()
	if _, err := h.Desk.Accounts.Rename(t.Context(), h.Account.ID, name); err != nil {
		t.Fatal(err)
	}
}

func TestEventsByCursorAndAsAStreamAreTheSame(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, h := open(t)
	for i := range 4 {
		rename(t, h, fmt.Sprint("Name ", i))
	}
	var byCursor []sellerdesk.Event
	for after := int64(0); ; {
		p, err := c.Events.List(ctx, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Items) == 0 {
			break
		}
		byCursor, after = append(byCursor, p.Items...), p.Next
	}
	var byStream []sellerdesk.Event
	for e, err := range c.Events.Follow(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if byStream = append(byStream, e); len(byStream) == len(byCursor) {
			break
		}
	}
	if diff := cmp.Diff(byCursor, byStream); diff != "" {
		t.Errorf("(-cursor +stream):\n%s", diff)
	}
}

func TestAStreamComesBackWithoutAGap(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, h := open(t)
	var last int64
	if err := h.Store.Read(ctx, func(tx *store.Tx) (err error) {
		last, err = tx.Events.Last(ctx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	rename(t, h, "Name 0")
	seen := last
	for e, err := range c.Events.Follow(ctx, last) {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; e.Seq != seen {
			t.Fatalf("got event %d, want %d", e.Seq, seen)
		}
		if seen == last+5 {
			return
		}
		h.CloseClientConnections()
		rename(t, h, fmt.Sprint("Name ", seen))
	}
	t.Error("the stream ended")
}

func TestAStreamSaysThatSomethingWasMissed(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, h := open(t)
	missed := false
	for e, err := range c.Events.Follow(ctx, 1_000_000) {
		switch {
		case errors.Is(err, client.ErrResync):
			missed = true
			rename(t, h, "Other")
		case err != nil:
			t.Fatal(err)
		case !missed || e.Kind != sellerdesk.EventAccountChanged:
			t.Fatalf("got %+v", e)
		default:
			return
		}
	}
}

func TestAStreamEndsWithItsContextAndWithARefusal(t *testing.T) {
	t.Parallel()
	c, h := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	for _, err := range c.Events.Follow(ctx, client.Now) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	stranger, err := client.New(h.URL, "not-the-right-key")
	if err != nil {
		t.Fatal(err)
	}
	turns := 0
	for _, err := range stranger.Events.Follow(t.Context(), client.Now) {
		var refused *client.Error
		if turns++; !errors.As(err, &refused) || refused.Status != 401 {
			t.Errorf("got %v", err)
		}
	}
	if turns != 1 {
		t.Errorf("a refusal came %d times", turns)
	}
}
