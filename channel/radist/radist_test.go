package radist_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel/channeltest"
	"github.com/sellerdesk/sellerdesk/channel/radist"
	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/radist"
)

// TestConformance is not parallel: its first proof counts goroutines.
func TestConformance(t *testing.T) {
	channeltest.Run(t, radist.Driver(), channeltest.Options{
		Sourceless: true,
		Start:      func(t testing.TB) channeltest.Remote { return start(t, emulator.Options{}).remote() },
		Wrong: []channeltest.Wrong{
			wrong("the key is cut off", sellerdesk.ReasonCredentials, func(w *world) string { return w.token(emulator.TokenOptions{})[:40] }),
			wrong("the key is empty", sellerdesk.ReasonCredentials, func(*world) string { return " " }),
			wrong("the key has no scope for messages", sellerdesk.ReasonScope, func(w *world) string {
				return w.token(emulator.TokenOptions{Scopes: []emulator.Scope{emulator.ScopeWebhooks}})
			}),
			{Name: "the number is that of another company", Code: sellerdesk.ReasonCredentials, Credentials: func(r channeltest.Remote) map[string]sellerdesk.Secret {
				return map[string]sellerdesk.Secret{"token": r.Credentials["token"], "company": "777"}
			}},
		},
	})
}

func wrong(name string, code sellerdesk.ReasonCode, token func(*world) string) channeltest.Wrong {
	return channeltest.Wrong{Name: name, Code: code, Credentials: func(r channeltest.Remote) map[string]sellerdesk.Secret {
		return map[string]sellerdesk.Secret{"token": sellerdesk.Secret(token(r.World.(*world)))}
	}}
}

// world is a demo world of one company with a server before it.
type world struct {
	*sandbox.World
	server *httptest.Server
	client *http.Client
	post   *mailbox
	people int // that were made to write first
}

// speed makes a second of the world ten milliseconds, so that its limits cost
// a test little.
const speed = 100

// drawn spares the worlds drawing the same pictures.
var drawn emulator.Sizes

func start(t testing.TB, o emulator.Options) *world {
	t.Helper()
	made, err := sandbox.New(7, sandbox.Options{Messages: 80, Accounts: 1, Scale: speed})
	if err != nil {
		t.Fatalf("make a world: %v", err)
	}
	o.Sizes = &drawn
	emulator.Mount(made, o)
	server := httptest.NewServer(made.Handler())
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
	})
	return &world{World: made, server: server, client: client}
}

func (w *world) account() *sandbox.Account { return w.Accounts(emulator.API)[0] }

func (w *world) token(o emulator.TokenOptions) string { return emulator.Token(w.account(), o) }

func (w *world) clock() sellerdesk.Clock {
	return sellerdesk.Clock{NowFunc: w.Clock().Now, TimerFunc: w.Clock().NewTimer}
}

// The connections of a company, by their places.
const (
	whatsApp = iota
	waba
	telegram
	bot
	maxMessenger
)

func (w *world) source(place int) sellerdesk.RemoteID {
	return sellerdesk.RemoteID(strconv.FormatInt(emulator.Connection(w.account(), place), 10))
}

// remote hands the world over to the conformance suite.
func (w *world) remote() channeltest.Remote {
	return channeltest.Remote{
		World:       w,
		Credentials: map[string]sellerdesk.Secret{"token": sellerdesk.Secret(w.token(emulator.TokenOptions{}))},
		BaseURL:     w.server.URL + "/radist/v2", Client: w.client, Clock: w.clock(),
		Buyer: w.buyer, Elsewhere: w.elsewhere, Received: w.received, Fault: w.fault, Readable: w.readable,
		Violations: func(testing.TB) int { return w.State().Violations[emulator.API] },
		Pushes:     w.pushes, Subject: w.subject,
		Messenger: &channeltest.Messenger{
			Talk: w.talk, Quiet: w.quiet, Twice: w.twice, Mark: w.mark, Uploads: w.uploads,
			Unpaid: func(t testing.TB) { w.control(t, "radist/cabinet", map[string]any{"balance": 0}, nil) },
		},
	}
}

// says lets a person write through a connection.
func (w *world) says(t testing.TB, place int, who sandbox.Person, text string) sellerdesk.RemoteID {
	t.Helper()
	var said struct{ Conversation sellerdesk.RemoteID }
	w.control(t, "radist/buyer", map[string]any{"connection": w.source(place), "from": who, "text": text}, &said)
	return said.Conversation
}

func (w *world) person() sandbox.Person {
	w.people++
	return sandbox.Person{Name: "Покупатель", Phone: fmt.Sprintf("7999%07d", w.people)}
}

func (w *world) talk(t testing.TB) sellerdesk.RemoteID {
	return w.says(t, waba, w.person(), "здравствуйте")
}

func (w *world) quiet(t testing.TB) sellerdesk.RemoteID {
	id := w.talk(t)
	w.Clock().Advance(25 * time.Hour)
	return id
}

func (w *world) twice(t testing.TB) (a, b sellerdesk.RemoteID) {
	who := w.person()
	return w.says(t, whatsApp, who, "это я"), w.says(t, telegram, who, "и это я")
}

func (w *world) mark(t testing.TB, conversation, message sellerdesk.RemoteID, mark sellerdesk.MessageStatus) {
	do := string(mark)
	if mark == sellerdesk.MessageRefused {
		do = "error"
	}
	w.control(t, "radist/mark", map[string]any{"conversation": conversation, "message": message, "do": do}, nil)
}

func (w *world) uploads(t testing.TB) int {
	var all []any
	w.control(t, "radist/uploads", map[string]any{}, &all)
	return len(all)
}

func (w *world) buyer(t testing.TB, l channeltest.Line) sellerdesk.RemoteID {
	t.Helper()
	in := sandbox.BuyerMessage{API: emulator.API, Kind: sandbox.KindChat, Conversation: string(l.Conversation), Text: l.Text}
	for _, f := range l.Files {
		in.Files = append(in.Files, sandbox.NewPart{Name: f.Name, Size: int(f.Size)})
	}
	if l.Conversation == "" {
		who := w.person()
		in.From = &who
	}
	said, err := w.BuyerWrites(context.Background(), in)
	if err != nil {
		t.Fatalf("let the buyer write: %v", err)
	}
	return sellerdesk.RemoteID(said.Conversation)
}

func (w *world) elsewhere(t testing.TB, l channeltest.Line) {
	t.Helper()
	in := sandbox.SellerMessage{API: emulator.API, Kind: sandbox.KindChat, Conversation: string(l.Conversation), Text: l.Text}
	if _, err := w.SellerWrites(context.Background(), in); err != nil {
		t.Fatalf("answer in the cabinet: %v", err)
	}
}

// ask reads from the remote side with nothing of ours between.
func (w *world) ask(t testing.TB, path string, query url.Values, out any) {
	t.Helper()
	address := fmt.Sprintf("%s/radist/v2/companies/%d%s?%s", w.server.URL, emulator.Company(w.account()), path, query.Encode())
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", w.token(emulator.TokenOptions{Scopes: []emulator.Scope{emulator.ScopeMessaging}}))
	resp, err := w.client.Do(req)
	if err != nil {
		t.Fatalf("ask %s: %v", path, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("ask %s: %d %s, %v", path, resp.StatusCode, answer, err)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("ask %s: %v", path, err)
	}
}

// wire is what the list of chats has, as far as names need it.
type wire struct {
	Data []struct {
		Chats []struct {
			ID int64 `json:"chat_id"`
		}
	}
	Meta struct {
		Next string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// calm waits until a request of the slow kind may leave again.
func (w *world) calm() { time.Sleep(1100 * time.Millisecond / speed) }

// readable lists every message that the remote side gives out.
func (w *world) readable(t testing.TB) []channeltest.Name {
	t.Helper()
	var names []channeltest.Name
	for cursor := ""; ; {
		w.calm()
		var page wire
		w.ask(t, "/messaging/chats/with_contacts/", url.Values{"limit": {"100"}, "cursor": {cursor}}, &page)
		for _, contact := range page.Data {
			for _, c := range contact.Chats {
				names = append(names, w.messages(t, c.ID)...)
			}
		}
		if cursor = page.Meta.Next; cursor == "" {
			return names
		}
	}
}

// messages lists those of a chat; none has more than a page.
func (w *world) messages(t testing.TB, chat int64) (names []channeltest.Name) {
	t.Helper()
	w.calm()
	var all []struct {
		ID string `json:"message_id"`
	}
	id := strconv.FormatInt(chat, 10)
	w.ask(t, "/messaging/messages/", url.Values{"limit": {"100"}, "chat_id": {id}}, &all)
	for _, m := range all {
		names = append(names, channeltest.Name{Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID(id), Message: sellerdesk.RemoteID(m.ID)})
	}
	return names
}

func (w *world) received(testing.TB) []channeltest.Line {
	var out []channeltest.Line
	for _, r := range w.State().Received {
		l := channeltest.Line{Kind: sellerdesk.Kind(r.Kind), Conversation: sellerdesk.RemoteID(r.Conversation), Text: r.Text}
		for _, f := range r.Files {
			l.Files = append(l.Files, channeltest.File{Name: f.Name, Size: int64(f.Size)})
		}
		out = append(out, l)
	}
	return out
}

func (w *world) fault(t testing.TB, faults ...channeltest.Fault) {
	t.Helper()
	base := fmt.Sprintf("/v2/companies/%d/messaging", emulator.Company(w.account()))
	operations := map[string]string{
		"pull chats": "GET " + base + "/chats/with_contacts/", "pull chats.history": "GET " + base + "/chats/with_contacts/",
		"send chat reply": "POST " + base + "/messages/", "send chat template": "POST " + base + "/messages/", "send chat open": "POST " + base + "/chats/",
		"fetch": "GET /f/{id}/{name}",
	}
	orders := []sandbox.Fault{}
	for _, f := range faults {
		call := strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", f.Call, f.Stream, f.Kind, f.Action)), " ")
		if operations[call] == "" {
			t.Fatalf("no operation is known for %q", call)
		}
		orders = append(orders, sandbox.Fault{API: emulator.API, Operation: operations[call], Nth: f.Nth, Effect: sandbox.Effect(f.Effect), Seconds: f.Seconds})
	}
	if err := w.SetFaults(orders); err != nil {
		t.Fatalf("order a fault: %v", err)
	}
}

// mailbox takes pushes and answers them as the product does.
type mailbox struct {
	mu  sync.Mutex // guards got
	got []sellerdesk.Push
}

func (b *mailbox) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, sellerdesk.MaxPush))
	push := sellerdesk.Push{Body: body, Path: r.URL.Path, Type: r.Header.Get("Content-Type"), Received: sellerdesk.At(time.Now())}
	reply := radist.Driver().Ack(push)
	if reply.Keep {
		b.mu.Lock()
		b.got = append(b.got, push)
		b.mu.Unlock()
	}
	rw.Header().Set("Content-Type", reply.Type)
	rw.WriteHeader(reply.Status)
	_, _ = rw.Write(reply.Body)
}

// pushes waits until all that was to be pushed has come.
func (w *world) pushes(t testing.TB) []sellerdesk.Push {
	t.Helper()
	if w.post == nil {
		w.post = &mailbox{}
		server := httptest.NewServer(w.post)
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			_ = w.Run(ctx) // it ends with ctx only
			close(ended)
		}()
		t.Cleanup(func() {
			stop()
			<-ended
			server.Close()
		})
		w.control(t, "push", map[string]any{"api": emulator.API, "address": server.URL + "/in/1/key"}, nil)
		return nil
	}
	for range 500 {
		if p := w.State().Accounts[0].Push; p != nil && p.State == "ok" && p.Queued == 0 && p.Delivered > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return w.post.take()
}

// control calls the control API of the sandbox.
func (w *world) control(t testing.TB, call string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := w.client.Post(w.server.URL+"/_sandbox/"+call, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatalf("control %s: %v", call, err)
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("control %s: %d %s", call, resp.StatusCode, answer)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			t.Fatalf("control %s: %v", call, err)
		}
	}
}

func (w *world) subject(testing.TB) sellerdesk.Open {
	w.people++
	return sellerdesk.Open{Source: w.source(telegram), Username: fmt.Sprintf("buyer_%d", w.people), Phone: ""}
}
