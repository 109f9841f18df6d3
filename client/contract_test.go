package client_test

import (
	"bytes"
	"context"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/search"
)

// operations calls each operation of the contract, by its name there, with all
// that it takes. An operation that the client lacks is missing here, and a test
// says so.
func operations() map[string]func(context.Context, *client.Client) error {
	type calls = map[string]func(context.Context, *client.Client) error
	all := calls{}
	for _, part := range []calls{aboutConversations(), aboutContacts(), aboutAccounts(), aboutWebhooks(), aboutTemplates(), aboutTheRest(), aboutPeople(), aboutTalk(), aboutLabels(), aboutTeams()} {
		maps.Copy(all, part)
	}
	return all
}

func aboutConversations() map[string]func(context.Context, *client.Client) error {
	yes, day := true, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	q := client.ConversationQuery{
		Kinds: sellerdesk.Kinds(), Channels: []sellerdesk.ChannelKind{"box"}, Accounts: []sellerdesk.AccountID{1, 2},
		Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen}, NeedsAnswer: &yes, Overdue: true, Unread: &yes, Ratings: []int{1, 5},
		Product: "4711", From: day, To: day, HasPhoto: &yes, Answered: &yes, Tags: []sellerdesk.TagID{1, 2}, Fields: []string{"3=yes"}, Assignees: []string{"me", "none", "4"}, Teams: []string{"2", "none"}, Priorities: sellerdesk.Priorities(), Sort: "waiting", Limit: 200, Cursor: "abc",
	}
	return map[string]func(context.Context, *client.Client) error{
		"listConversations": func(ctx context.Context, c *client.Client) error { return walk(c.Conversations.All(ctx, q)) },
		"getConversation":   func(ctx context.Context, c *client.Client) error { _, err := c.Conversations.Get(ctx, 7); return err },
		"startConversation": func(ctx context.Context, c *client.Client) error {
			_, err := c.Conversations.Start(ctx, client.NewConversation{Account: 1, Order: "55", Source: "10", Phone: "+7", Username: "@a", Contact: 3, Return: "5"})
			return err
		},
		"actOnConversation": func(ctx context.Context, c *client.Client) error {
			_, err := c.Conversations.Act(ctx, 7, client.Action{Action: "decide", Message: 1, Text: "x", Decision: "agree", Comment: "y", Handle: handle()})
			return err
		},
		"getWindow": func(ctx context.Context, c *client.Client) error {
			_, err := c.Conversations.Window(ctx, 7)
			return err
		},
		"getCounters":  func(ctx context.Context, c *client.Client) error { _, err := c.Counters.Get(ctx, 1, 2); return err },
		"listMessages": func(ctx context.Context, c *client.Client) error { return walk(c.Messages.All(ctx, 7)) },
		"postMessage": func(ctx context.Context, c *client.Client) error {
			_, err := c.Messages.Post(ctx, 7, client.NewMessage{
				Text: "x", Files: []sellerdesk.FileID{1}, Parent: 5, Seen: 4, Template: &sellerdesk.TemplateUse{Name: "t", Language: "ru", Variables: []string{"A"}},
			})
			return err
		},
		"exportConversations": func(ctx context.Context, c *client.Client) error {
			return c.Exports.WriteConversations(ctx, q, client.Format{Name: "csv", BOM: true, Semicolon: true}, io.Discard)
		},
		"exportAudit": func(ctx context.Context, c *client.Client) error {
			return c.Exports.WriteAudit(ctx, client.AuditQuery{Kinds: []sellerdesk.AuditKind{sellerdesk.AuditExported}, User: 1, Key: 2, Account: 1, Conversation: 7, From: day, To: day},
				client.Format{Name: "csv"}, io.Discard)
		},
		"exportMessages": func(ctx context.Context, c *client.Client) error {
			return walk(c.Exports.Messages(ctx, client.MessageQuery{Kinds: q.Kinds, Channels: q.Channels, Accounts: q.Accounts, Conversation: 7, From: day, To: day}))
		},
	}
}

func aboutContacts() map[string]func(context.Context, *client.Client) error {
	return map[string]func(context.Context, *client.Client) error{
		"listContacts": func(ctx context.Context, c *client.Client) error {
			return walk(c.Contacts.All(ctx, client.ContactQuery{Waiting: true, Phone: "+7", Limit: 5}))
		},
		"getContact": func(ctx context.Context, c *client.Client) error { _, err := c.Contacts.Get(ctx, 3); return err },
		"getContactHistory": func(ctx context.Context, c *client.Client) error {
			_, err := c.Contacts.History(ctx, 3, "abc", 5)
			return err
		},
		"exportContact":  func(ctx context.Context, c *client.Client) error { return c.Contacts.Export(ctx, 3, io.Discard) },
		"mergeContact":   func(ctx context.Context, c *client.Client) error { _, err := c.Contacts.Merge(ctx, 3, 4); return err },
		"unmergeContact": func(ctx context.Context, c *client.Client) error { _, err := c.Contacts.Unmerge(ctx, 3, 4); return err },
		"dismissContact": func(ctx context.Context, c *client.Client) error { _, err := c.Contacts.Dismiss(ctx, 3, 4); return err },
		"noteContact":    func(ctx context.Context, c *client.Client) error { _, err := c.Contacts.Note(ctx, 3, "x"); return err },
	}
}

func aboutAccounts() map[string]func(context.Context, *client.Client) error {
	return map[string]func(context.Context, *client.Client) error{
		"listAccounts": func(ctx context.Context, c *client.Client) error { _, err := c.Accounts.List(ctx); return err },
		"getAccount":   func(ctx context.Context, c *client.Client) error { _, err := c.Accounts.Get(ctx, 1); return err },
		"addAccount": func(ctx context.Context, c *client.Client) error {
			_, err := c.Accounts.Add(ctx, client.NewAccount{
				Channel: "box", Name: "x", Credentials: map[string]sellerdesk.Secret{"token": "t"}, BaseURL: "http://127.0.0.1",
			})
			return err
		},
		"actOnAccount": func(ctx context.Context, c *client.Client) error {
			_, err := c.Accounts.ReplaceCredentials(ctx, 1, map[string]sellerdesk.Secret{"token": "t"})
			return err
		},
		"removeAccount": func(ctx context.Context, c *client.Client) error { return c.Accounts.Remove(ctx, 1) },
		"listTemplates": func(ctx context.Context, c *client.Client) error {
			_, err := c.Accounts.Templates(ctx, 1, "10", true)
			return err
		},
		"listDrivers": func(ctx context.Context, c *client.Client) error { _, err := c.Accounts.Drivers(ctx); return err },
	}
}

func aboutTheRest() map[string]func(context.Context, *client.Client) error {
	return map[string]func(context.Context, *client.Client) error{
		"bulk": func(ctx context.Context, c *client.Client) error {
			b := client.Bulk{Filter: "kind:review stars:5", Action: sellerdesk.ActionAnswer, Texts: []string{"Спасибо, {имя|друг}!"}, Templates: []sellerdesk.TemplateID{3}, Handle: handle()}
			if _, _, err := c.Jobs.Preview(ctx, b); err != nil {
				return err
			}
			_, err := c.Jobs.Start(ctx, b)
			return err
		},
		"listJobs":  func(ctx context.Context, c *client.Client) error { return walk(c.Jobs.All(ctx)) },
		"getJob":    func(ctx context.Context, c *client.Client) error { _, err := c.Jobs.Get(ctx, 3); return err },
		"pauseJob":  func(ctx context.Context, c *client.Client) error { _, err := c.Jobs.Pause(ctx, 3); return err },
		"resumeJob": func(ctx context.Context, c *client.Client) error { _, err := c.Jobs.Resume(ctx, 3); return err },
		"stopJob":   func(ctx context.Context, c *client.Client) error { _, err := c.Jobs.Stop(ctx, 3); return err },
		"undoJob":   func(ctx context.Context, c *client.Client) error { _, err := c.Jobs.Undo(ctx, 3); return err },
		"search": func(ctx context.Context, c *client.Client) error {
			return walk(c.Search.All(ctx, search.Query{Words: []search.Word{{Text: "возврат"}}, Stars: []int{1, 2}}))
		},
		"getProduct": func(ctx context.Context, c *client.Client) error {
			_, err := c.Products.Summary(ctx, 1, "a/b")
			return err
		},
		"getMe": func(ctx context.Context, c *client.Client) error { _, err := c.Me.Get(ctx); return err },
		"updateMe": func(ctx context.Context, c *client.Client) error {
			name, language, theme := "Anna", sellerdesk.English, "dark"
			_, err := c.Me.Update(ctx, client.Preferences{Name: &name, Language: &language, Theme: &theme})
			return err
		},
		"listEvents": func(ctx context.Context, c *client.Client) error {
			_, err := c.Events.Only(client.EventFilter{Kinds: sellerdesk.EventKinds(), Accounts: []sellerdesk.AccountID{1}, Conversation: 7}).List(ctx, 5, 50)
			return err
		},
		"uploadFile": func(ctx context.Context, c *client.Client) error {
			_, err := c.Files.Upload(ctx, "a.png", strings.NewReader("x"))
			return err
		},
		"getFile":      func(ctx context.Context, c *client.Client) error { return content(c.Files.Get(ctx, 1)) },
		"getThumbnail": func(ctx context.Context, c *client.Client) error { return content(c.Files.Thumbnail(ctx, 1)) },
	}
}

// walk takes the first item of a walk.
func walk[T any](items iter.Seq2[T, error]) error {
	for _, err := range items {
		return err
	}
	return nil
}

func content(c client.Content, err error) error {
	if err == nil {
		err = c.Body.Close()
	}
	return err
}

// TestEveryOperationHasAMethod calls all methods against a server that only
// listens, and holds what they ask for against the contract.
func TestEveryOperationHasAMethod(t *testing.T) {
	t.Parallel()
	b, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(b)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	asked := map[string]bool{}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.URL.Scheme, r.URL.Host = "", ""
		route, params, err := router.FindRoute(r)
		if err != nil {
			t.Errorf("%s %s is not in the contract: %v", r.Method, r.URL, err)
			return
		}
		if err := openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
			Request: r, PathParams: params, Route: route,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		}); err != nil {
			t.Errorf("%s asks against the contract: %v", route.Operation.OperationID, err)
		}
		if r.Method != http.MethodGet && r.Header.Get("Idempotency-Key") == "" {
			t.Errorf("%s is a write without a key of its intent", route.Operation.OperationID)
		}
		mu.Lock()
		asked[route.Operation.OperationID] = true
		mu.Unlock()
		_, _ = io.WriteString(w, "{}")
	}))
	defer listener.Close()
	c, err := client.New(listener.URL, "key")
	if err != nil {
		t.Fatal(err)
	}
	for name, ask := range operations() {
		if err := ask(t.Context(), c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		mu.Lock()
		if !asked[name] {
			t.Errorf("%s was asked for by another operation", name)
		}
		mu.Unlock()
	}
	var want []string
	for _, path := range doc.Paths.Map() {
		for _, op := range path.Operations() {
			want = append(want, op.OperationID)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(asked))); diff != "" {
		t.Errorf("operations of the contract and methods of the client differ; write what is missing, and call it in operations (-contract +client):\n%s", diff)
	}
}
