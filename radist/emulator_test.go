package radist_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/radist"
	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/radist"
)

// The connections of a company of the emulator by their place.
const (
	lineWhatsApp = iota
	lineWABA
	lineTelegram
	lineBot
)

// place is a world with the emulator, which was written from the specification
// by somebody else, reached under its real host names over TLS.
type place struct {
	testing.TB
	world   *sandbox.World
	account *sandbox.Account
	company int64
	client  *radist.Client
}

// ticking moves the clock of a world past every limit before each request.
type ticking struct{ clock *sandbox.Clock }

func (l ticking) Wait(ctx context.Context, _ string) error {
	l.clock.Advance(time.Second)
	return ctx.Err()
}

func (ticking) Observe(string, *http.Response) {}

func newPlace(t testing.TB, o emulator.Options) *place {
	t.Helper()
	world, err := sandbox.New(7, sandbox.Options{Start: start, Scale: -1, Messages: 1})
	if err != nil {
		t.Fatal(err)
	}
	if o.Quirks == nil {
		o.Quirks = &emulator.Quirks{}
	}
	emulator.Mount(world, o)
	server := httptest.NewTLSServer(world.Handler())
	transport := &http.Transport{
		// All names lead to the world; its certificate is that of another name.
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
		TLSClientConfig: &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com"},
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	p := &place{TB: t, world: world, account: world.Accounts(emulator.API)[0]}
	p.company = emulator.Company(p.account)
	p.client, err = radist.New(emulator.Token(p.account, emulator.TokenOptions{}), radist.WithHTTPClient(&http.Client{Transport: transport}),
		radist.WithLimiter(ticking{world.Clock()}), radist.WithAttempts(1), radist.WithClock(world.Clock().Now, world.Clock().NewTimer))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// control makes a call of the control API.
func (p *place) control(path, body string) {
	p.Helper()
	rec := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/_sandbox/radist/"+path, strings.NewReader(body))
	req.RemoteAddr = "127.0.0.1:1"
	req.Header.Set("Content-Type", "application/json")
	p.world.Handler().ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		p.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
	}
}

// chat starts a chat through a connection.
func (p *place) chat(connection int, phone, user string) radist.CreatedChat {
	p.Helper()
	made, err := p.client.Chats.Create(p.Context(), p.company, radist.CreateChat{ConnectionID: p.connection(connection), Phone: phone, UserName: user})
	if err != nil {
		p.Fatal(err)
	}
	return made
}

func (p *place) connection(i int) int64 { return emulator.Connection(p.account, i) }

func (p *place) send(connection int, chat int64, content radist.Content) error {
	p.Helper()
	return drop(p.client.Messages.Send(p.Context(), p.company, radist.SendMessage{ConnectionID: p.connection(connection), ChatID: chat, Content: content}))
}

// The two that were written from one specification understand each other.
func TestTheEmulatorAndTheClientAgreeAboutWhoThereIs(t *testing.T) {
	t.Parallel()
	p := newPlace(t, emulator.Options{})
	ctx, c := t.Context(), p.client
	if _, err := c.Users.Me(ctx); err != nil {
		t.Error(err)
	}
	companies, err := collect(c.Companies.All(ctx))
	if err != nil || len(companies) != 1 || companies[0].ID != p.company || companies[0].Name == "" {
		t.Errorf("companies %+v, %v", companies, err)
	}
	connections, err := c.Connections.List(ctx, p.company)
	if err != nil || len(connections.Items) != 5 || connections.Items[lineWABA].Type != radist.ConnectionWABA {
		t.Errorf("connections %+v, %v", connections, err)
	}
	one, err := c.Connections.Get(ctx, p.company, p.connection(lineTelegram))
	if err != nil || one.Type != radist.ConnectionTelegramPersonal {
		t.Errorf("connection %+v, %v", one, err)
	}
	sources, err := c.Chats.Sources(ctx, p.company)
	if err != nil || len(sources.Items) != 5 || len(sources.Items[lineBot].CreateBy) != 0 || len(sources.Items[lineWABA].CreateBy) == 0 {
		t.Errorf("sources %+v, %v", sources, err)
	}
	contact, err := c.Contacts.Create(ctx, p.company, radist.NewContact{Name: "Анна", Phones: []string{"+7 999 000-00-01"}})
	if err != nil || contact == 0 {
		t.Fatal(contact, err)
	}
	first := p.chat(lineWhatsApp, "7 (999) 000-00-01", "")
	if !first.ChatCreated || first.ContactCreated || first.ContactID != contact {
		t.Errorf("a chat with a phone that a contact has is %+v", first)
	}
	if again := p.chat(lineWhatsApp, "79990000001", ""); again.ChatCreated || again.ChatID != first.ChatID {
		t.Errorf("the same chat again is %+v", again)
	}
	contacts, err := collect(c.Contacts.All(ctx, p.company))
	if err != nil || len(contacts) == 0 || contacts[0].ID != contact || contacts[0].Phones[0].Value != "79990000001" {
		t.Errorf("contacts %+v, %v", contacts, err)
	}
	if _, err := c.Chats.Create(ctx, p.company, radist.CreateChat{ConnectionID: p.connection(lineBot), UserName: "anna"}); !errors.Is(err, radist.ErrRefused) || errors.Is(err, radist.ErrNotSent) {
		t.Errorf("a chat through a bot: %v", err)
	}
	if _, err := c.Connections.List(ctx, 777); !errors.Is(err, radist.ErrNotFound) && !errors.Is(err, radist.ErrForbidden) {
		t.Errorf("another company: %v", err)
	}
}

// Each kind of content goes out and comes back in the history and in the list.
func TestTheEmulatorTakesWhatTheClientSends(t *testing.T) {
	t.Parallel()
	p := newPlace(t, emulator.Options{})
	ctx, c := t.Context(), p.client
	chat := p.chat(lineWABA, "79990000002", "").ChatID
	p.control("buyer", `{"connection":"waba","from":{"phone":"79990000002"},"text":"Где заказ?"}`)
	file, err := c.Files.Upload(ctx, p.company, radist.Upload{Name: "чек.pdf", Type: "application/pdf", Size: 12, Content: strings.NewReader("%PDF-1.4 ...")})
	if err != nil || file.URL == "" || file.Size != 12 {
		t.Fatal(file, err)
	}
	buttons := radist.Interactive{Kind: radist.InteractiveButtons, Header: radist.Header{Text: "Заказ"}, Body: "Подтвердить?", Footer: "Магазин", Buttons: []radist.Button{{ID: "y", Title: "Да"}, {ID: "n", Title: "Нет"}}}
	menu := radist.Interactive{Kind: radist.InteractiveMenu, Body: "Что?", MenuLabel: "Выбрать", Sections: []radist.Section{{Rows: []radist.Row{{ID: "1", Title: "Один", Description: "первый"}}}}}
	sent := []radist.Content{radist.Text("Завтра будет у вас"), radist.Media{Kind: radist.TypeFile, URL: file.URL, Caption: "Чек"}, buttons, menu, p.template()}
	for _, content := range sent {
		if err := p.send(lineWABA, chat, content); err != nil {
			t.Errorf("%s: %v", content.Type(), err)
		}
	}
	messages, err := collect(c.Messages.All(ctx, p.company, radist.Walk{Chat: chat, Limit: 2}))
	if err != nil || len(messages) != len(sent)+1 {
		t.Fatalf("%d messages, %v", len(messages), err)
	}
	if m := messages[len(sent)]; m.Direction != radist.Inbound || m.Content != radist.Text("Где заказ?") {
		t.Errorf("what the buyer wrote is %+v", m)
	}
	for i, want := range sent {
		got := messages[len(sent)-1-i]
		if media, ok := got.Content.(radist.Media); ok {
			p.fetched(media, "%PDF-1.4 ...")
			continue
		}
		if diff := cmp.Diff(want, got.Content); diff != "" || got.Direction != radist.Outbound {
			t.Errorf("what comes back (-sent +got):\n%s", diff)
		}
	}
	listed := 0
	for contact, err := range c.Chats.All(ctx, p.company) {
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range contact.Chats {
			if other.ID == chat && other.LastMessage != nil && other.LastMessage.ID == messages[0].ID && other.SourceID == messages[0].SourceChatID && other.Unanswered == 0 {
				listed++
			}
		}
	}
	if listed != 1 {
		t.Errorf("the chat is listed %d times", listed)
	}
}

// templates are those of the emulator.
func (p *place) templates() []radist.Template {
	p.Helper()
	templates, err := p.client.Templates.List(p.Context(), p.company, p.connection(lineWABA))
	if err != nil || len(templates.Items) == 0 || len(templates.Malformed) > 0 {
		p.Fatalf("%+v, %v", templates, err)
	}
	return templates.Items
}

// template is the first of the emulator, filled in.
func (p *place) template() radist.TemplateMessage {
	p.Helper()
	m, err := p.templates()[0].Fill(someValues(p.templates()[0]))
	if err != nil {
		p.Fatal(err)
	}
	return m
}

// someValues fit a template.
func someValues(t radist.Template) radist.Values {
	wants := t.Variables()
	values := radist.Values{Header: make([]string, len(wants.Header)), Body: make([]string, len(wants.Body)), Buttons: make([]string, len(wants.Buttons))}
	for _, list := range [][]string{values.Header, values.Body, values.Buttons} {
		for i := range list {
			list[i] = fmt.Sprint("слово", i)
		}
	}
	if wants.HeaderMedia != "" {
		values.HeaderMedia = "https://files.radist.online/a"
	}
	return values
}

// Whatever the list offers as approved is taken, with what it says that it
// wants; nothing else is even tried.
func TestEveryApprovedTemplateOfTheEmulatorIsTaken(t *testing.T) {
	t.Parallel()
	p := newPlace(t, emulator.Options{})
	chat := p.chat(lineWABA, "79990000005", "").ChatID
	taken := 0
	for _, template := range p.templates() {
		m, err := template.Fill(someValues(template))
		if (err == nil) != (template.Status == radist.TemplateApproved) {
			t.Errorf("%s is %s: %v", template.Name, template.Status, err)
		}
		if err != nil {
			continue
		}
		taken++
		if err := p.send(lineWABA, chat, m); err != nil {
			t.Errorf("%s %s: %v", template.Name, template.Language, err)
		}
		if len(m.Body) > 0 {
			m.Body = m.Body[1:]
			var e *radist.Error
			if err := p.send(lineWABA, chat, m); !errors.Is(err, radist.ErrRefused) || !errors.As(err, &e) || !strings.Contains(e.Message, fmt.Sprint(int(radist.CodeParameterCount))) {
				t.Errorf("%s without a variable: %v", template.Name, err)
			}
		}
	}
	if taken == 0 {
		t.Error("none is approved")
	}
	var e *radist.Error
	err := p.send(lineWABA, chat, radist.TemplateMessage{Name: "nobody_has_this", Language: "ru"})
	if !errors.As(err, &e) || !strings.Contains(e.Message, fmt.Sprint(int(radist.CodeTemplateMissing))) {
		t.Errorf("an unknown template: %v", err)
	}
}

func (p *place) fetched(media radist.Media, want string) {
	p.Helper()
	file, err := p.client.Files.Download(p.Context(), media.URL)
	if err != nil {
		p.Error(err)
		return
	}
	defer file.Close()
	if content, err := io.ReadAll(file.Body); err != nil || string(content) != want {
		p.Errorf("%q, %v", content, err)
	}
}

// A shut window and an empty balance refuse, and say so before.
func TestTheEmulatorShutsChatsAndTheClientUnderstands(t *testing.T) {
	t.Parallel()
	p := newPlace(t, emulator.Options{})
	ctx, c := t.Context(), p.client
	chat := p.chat(lineWABA, "79990000003", "").ChatID
	shut, err := c.Chats.Availability(ctx, p.company, chat)
	if err != nil || shut.Allows(radist.TypeText) || !shut.Allows(radist.TypeTemplate) || !shut.SessionExpiresAt.IsZero() {
		t.Errorf("before anybody wrote: %+v, %v", shut, err)
	}
	if err := p.send(lineWABA, chat, radist.Text("Здравствуйте")); !errors.Is(err, radist.ErrShut) || errors.Is(err, radist.ErrOutcomeUnknown) {
		t.Errorf("a text into a shut chat: %v", err)
	}
	if err := p.send(lineWABA, chat, p.template()); err != nil {
		t.Errorf("a template into a shut chat: %v", err)
	}
	p.control("buyer", `{"connection":"waba","from":{"phone":"79990000003"},"text":"Да"}`)
	open, err := c.Chats.Availability(ctx, p.company, chat)
	if err != nil || !open.Allows(radist.TypeText) || open.SessionExpiresAt.Sub(p.world.Clock().Now()) < 23*time.Hour {
		t.Errorf("after the buyer wrote: %+v, %v", open, err)
	}
	p.control("cabinet", `{"balance":0}`)
	empty, err := c.Chats.Availability(ctx, p.company, chat)
	if err != nil || empty.BalanceSufficient || empty.Allows(radist.TypeTemplate) {
		t.Errorf("without balance: %+v, %v", empty, err)
	}
	if err := p.send(lineWABA, chat, radist.Text("Да")); !errors.Is(err, radist.ErrShut) {
		t.Errorf("a text without balance: %v", err)
	}
	var e *radist.Error
	err = p.send(lineWABA, chat+100_000, radist.Text("Да"))
	if !errors.Is(err, radist.ErrNotFound) || !errors.As(err, &e) || e.Message == "" {
		t.Errorf("an unknown chat: %#v", err)
	}
	if err := p.send(lineTelegram, chat, radist.Text("Да")); !errors.Is(err, radist.ErrRefused) {
		t.Errorf("through another messenger: %v", err)
	}
}

// Buyers who write several messages in one second, at every place where a page
// can end, whether or not the service counts the bound itself.
func TestSharedSecondsOfTheEmulatorAreNotLost(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		p := newPlace(t, emulator.Options{StrictUntil: strict, RawSeconds: true})
		chat := p.chat(lineWhatsApp, "79990000004", "").ChatID
		var want []string
		for n := range 12 {
			text := fmt.Sprint("строка ", n)
			p.control("buyer", fmt.Sprintf(`{"connection":"whatsapp","from":{"phone":"79990000004"},"text":%q}`, text))
			want = append(want, text)
			if n%3 == 2 {
				p.world.Clock().Advance(time.Second)
			}
		}
		for _, limit := range []int{4, 5, 7, 100} {
			got, err := collect(p.client.Messages.All(t.Context(), p.company, radist.Walk{Chat: chat, Limit: limit, Gap: func(at time.Time) { t.Errorf("a gap at %v", at) }}))
			if err != nil {
				t.Fatal(err)
			}
			had := map[radist.Content]int{}
			for _, m := range got {
				had[m.Content]++
			}
			for _, text := range want {
				if had[radist.Text(text)] != 1 {
					t.Errorf("by %d, strict %v: %q came %d times", limit, strict, text, had[radist.Text(text)])
				}
			}
		}
	}
}

// What the emulator pushes reaches the one who subscribed, in its three
// spellings of dates, until the subscription ends.
func TestTheEmulatorPushesAndTheReceiverReads(t *testing.T) {
	t.Parallel()
	p := newPlace(t, emulator.Options{})
	ctx, stop := context.WithCancel(t.Context())
	events := make(chan radist.Event, 100)
	receiver := httptest.NewServer(&radist.Receiver{Secret: secret, Take: func(_ *http.Request, e radist.Event) error {
		events <- e
		return nil
	}})
	defer receiver.Close()
	var group sync.WaitGroup
	group.Go(func() { _ = p.world.Run(ctx) }) // ends with its context
	defer group.Wait()
	defer stop()

	subscription, err := p.client.Webhooks.Create(ctx, p.company, radist.NewSubscription{URL: receiver.URL + "/in/" + secret})
	if err != nil {
		t.Fatal(err)
	}
	had, err := p.client.Webhooks.List(ctx, p.company)
	if err != nil || len(had.Items) != 1 || had.Items[0].ID != subscription.ID || len(had.Items[0].Events) != len(radist.AllEvents()) {
		t.Errorf("subscriptions %+v, %v", had, err)
	}
	p.control("buyer", `{"connection":"telegram_personal","from":{"username":"anna","name":"Анна"},"text":"Где заказ?"}`)
	asked := awaited(t, events)
	if asked.Type != radist.EventMessage || asked.ChatID == 0 || asked.Chat.Username != "anna" || asked.Message == nil || asked.Message.Content != radist.Text("Где заказ?") || asked.Message.CreatedAt.IsZero() {
		t.Fatalf("%+v", asked)
	}
	sent, err := p.client.Messages.Send(ctx, p.company, radist.SendMessage{ConnectionID: asked.ConnectionID, ChatID: asked.ChatID, Content: radist.Text("Едет")})
	if err != nil {
		t.Fatal(err)
	}
	p.world.Clock().Advance(time.Minute)
	left := map[radist.EventType]bool{radist.EventMessage: true, radist.EventDelivered: true, radist.EventRead: true}
	for range len(left) {
		e := awaited(t, events)
		if e.Message == nil || e.Message.ID != sent.MessageID || !left[e.Type] {
			t.Errorf("%+v", e)
		}
		delete(left, e.Type)
	}
	if err := p.client.Webhooks.Delete(ctx, p.company, subscription.ID); err != nil {
		t.Error(err)
	}
	if err := p.client.Webhooks.Delete(ctx, p.company, subscription.ID); !errors.Is(err, radist.ErrNotFound) {
		t.Errorf("a subscription that is gone: %v", err)
	}
}

// awaited waits for an event.
func awaited(t *testing.T, events <-chan radist.Event) radist.Event {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(10 * time.Second):
		t.Fatal("no event came")
		return radist.Event{}
	}
}

// inside lets a client speak with a world without a network between them.
type inside struct {
	handler http.Handler
	mu      sync.Mutex
	refused int
	asked   int
}

func (i *inside) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := drained(r)
	if err != nil {
		return nil, err
	}
	time.Sleep(40 * time.Millisecond)
	sent := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body)).WithContext(r.Context())
	sent.Header = r.Header
	rec := httptest.NewRecorder()
	i.handler.ServeHTTP(rec, sent)
	time.Sleep(40 * time.Millisecond)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked++
	if rec.Code == http.StatusTooManyRequests {
		i.refused++
	}
	return rec.Result(), nil
}

// drained reads the body of a request, which a transport has to close.
func drained(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// The emulator counts for itself, and never has to refuse.
func TestTheBudgetIsNeverRefusedByTheEmulator(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		world, err := sandbox.New(7, sandbox.Options{Start: start, Messages: 20, Accounts: 1})
		if err != nil {
			t.Fatal(err)
		}
		emulator.Mount(world, emulator.Options{})
		account := world.Accounts(emulator.API)[0]
		company := emulator.Company(account)
		there := &inside{handler: world.Handler()}
		c, err := radist.New(emulator.Token(account, emulator.TokenOptions{}), radist.WithHTTPClient(&http.Client{Transport: there}))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() { greedily(ctx, t, func() error { return drop(c.Connections.List(ctx, company)) }) })
			group.Go(func() { greedily(ctx, t, func() error { return drop(c.Chats.List(ctx, company, radist.ListChats{})) }) })
		}
		group.Wait()
		if there.refused != 0 || there.asked < 150 {
			t.Errorf("%d of %d were refused", there.refused, there.asked)
		}
	})
}
