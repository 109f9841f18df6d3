package radist_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/radist"
)

// push is the body of one.
type push struct {
	Type  string `json:"event_type"`
	Event struct {
		Connection int64 `json:"connection_id"`
		Chat       int64 `json:"chat_id"`
		Contact    int64 `json:"contact_id"`
		Person     struct {
			Phone, Name, Username *string
			Link                  *string `json:"profile_link"`
		} `json:"chat"`
		Message message
	}
}

// short tells the essence of a push.
func (p push) short() string {
	what := strings.TrimPrefix(strings.TrimPrefix(p.Type, "messages."), "delivery.")
	if p.Event.Message.Text != nil {
		what += " " + p.Event.Message.Text.Text
	}
	return what
}

// receiver takes pushes.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []push
	bodies []json.RawMessage
	status int
}

func newReceiver(t *testing.T) *receiver {
	v := &receiver{status: http.StatusNoContent}
	v.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body) // a cut body is no JSON
		var in push
		if err := json.Unmarshal(raw, &in); err != nil || r.Method != "POST" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %v", r.Method, raw, err)
		}
		v.mu.Lock()
		v.got, v.bodies = append(v.got, in), append(v.bodies, raw)
		status := v.status
		v.mu.Unlock()
		rw.WriteHeader(status)
	}))
	t.Cleanup(v.Close)
	return v
}

func (v *receiver) answer(status int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.status = status
}

func (v *receiver) all() []push {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]push{}, v.got...)
}

func (v *receiver) raw() []json.RawMessage {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]json.RawMessage{}, v.bodies...)
}

func (v *receiver) shorts() string {
	var found []string
	for _, p := range v.all() {
		found = append(found, p.short())
	}
	return strings.Join(found, ", ")
}

// until waits for a condition of machine time.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	for range 10_000 {
		if f() {
			return
		}
		time.Sleep(3 * time.Millisecond)
	}
	t.Fatalf("%s did not happen", what)
}

// pushing is a world whose pushes go out to a receiver that subscribed to the events, all where none are named.
func pushing(t *testing.T, o radist.Options, events ...string) (*bench, *receiver) {
	b, v := small(t, o), newReceiver(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = b.world.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	if events == nil {
		events = []string{"messages.create", "messages.delivery.delivered", "messages.delivery.read", "messages.delivery.error"}
	}
	list, err := json.Marshal(events)
	if err != nil {
		t.Fatal(err)
	}
	if a := b.ask("POST", "{c}/webhooks/", fmt.Sprintf(`{"url":%q,"events":%s}`, v.URL+"/in", list)); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return b, v
}

func (b *bench) pushes() *sandbox.PushState { return b.world.State().Accounts[0].Push }

func TestMessagesAndMarksArePushed(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "Здравствуйте")
	id := b.say(whatsApp, chat, "Добрый день")
	until(t, "the messages", func() bool { return len(v.all()) == 2 })
	b.world.Clock().Advance(2 * time.Second)
	until(t, "delivered", func() bool { return len(v.all()) == 3 })
	b.world.Clock().Advance(8 * time.Second)
	const want = "create Здравствуйте, create Добрый день, delivered, read"
	until(t, want, func() bool { return v.shorts() == want })
	got := v.all()
	in := got[0].Event
	if fmt.Sprint(in.Chat) != chat || in.Connection != b.connection(whatsApp) || in.Contact == 0 || *in.Person.Phone != "79990000001" || *in.Person.Name != "Анна" || in.Person.Username != nil || in.Message.Direction != "inbound" {
		t.Errorf("%+v", in)
	}
	if own := got[1].Event.Message; own.ID != id || own.Direction != "outbound" {
		t.Errorf("%+v", own)
	}
	if d, r := got[2].Event.Message, got[3].Event.Message; d.ID != id || d.Delivered == nil || d.Read != nil || r.ID != id || r.Read == nil {
		t.Errorf("%+v %+v", d, r)
	}
	// The receiver has the last push before the sender knows of it.
	until(t, "the last answer", func() bool { return b.pushes().Delivered == 4 })
	if s := b.pushes(); s.State != "ok" || s.Queued != 0 || s.Lost != 0 {
		t.Errorf("%+v", s)
	}
}

func TestOnlyWhatWasAskedForIsPushed(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, radist.Options{}, "messages.delivery.read")
	other := newReceiver(t)
	a := b.ask("POST", "{c}/webhooks", fmt.Sprintf(`{"connection_id":%d,"url":%q,"events":["messages.create"]}`, b.connection(telegram), other.URL))
	var made struct{ ID int64 }
	a.decode(t, &made)
	chat := b.buyer("whatsapp", anna, "a")
	b.say(whatsApp, chat, "b")
	user := b.buyer("telegram_personal", `{"name":"Пётр","username":"petr"}`, "c")
	b.world.Clock().Advance(time.Minute)
	until(t, "both", func() bool { return v.shorts() == "read" && other.shorts() == "create c" })
	if p := other.all()[0].Event.Person; *p.Username != "petr" || *p.Link != "https://t.me/petr" {
		t.Errorf("%+v", p)
	}
	if a := b.ask("DELETE", fmt.Sprintf("{c}/webhooks/%d", made.ID), ""); a.status != 204 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.ask("DELETE", fmt.Sprintf("{c}/webhooks/%d/", made.ID), ""); a.status != 404 {
		t.Errorf("again: %d", a.status)
	}
	var left []struct {
		ID         int64
		Connection *int64 `json:"connection_id"`
		URL        string
		Events     []string
	}
	b.ask("GET", "{c}/webhooks/", "").decode(t, &left)
	if len(left) != 1 || left[0].URL != v.URL+"/in" || left[0].Connection != nil || left[0].Events[0] != "messages.delivery.read" {
		t.Errorf("%+v", left)
	}
	b.played("buyer", fmt.Sprintf(`{"conversation":%q,"text":"d"}`, user))
	b.say(whatsApp, chat, "e")
	b.world.Clock().Advance(time.Minute)
	until(t, "the second read", func() bool { return v.shorts() == "read, read" })
	if got := other.shorts(); got != "create c" {
		t.Errorf("after the end of the subscription: %s", got)
	}
}

func TestSubscriptionsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	for name, tt := range map[string]struct {
		body   string
		status int
	}{
		"without an address":            {`{"events":["messages.create"]}`, 422},
		"to a file":                     {`{"url":"file:///etc/passwd","events":["messages.create"]}`, 422},
		"without events":                {`{"url":"https://a.example/b"}`, 422},
		"to an unknown event":           {`{"url":"https://a.example/b","events":["messaging.message.received"]}`, 422},
		"to one event twice":            {`{"url":"https://a.example/b","events":["messages.create","messages.create"]}`, 422},
		"to an unknown connection":      {`{"connection_id":7,"url":"https://a.example/b","events":["messages.create"]}`, 404},
		"with events that are a string": {`{"url":"https://a.example/b","events":"messages.create"}`, 422},
	} {
		if a := b.ask("POST", "{c}/webhooks/", tt.body); a.status != tt.status {
			t.Errorf("a subscription %s: %d %s", name, a.status, a.body)
		}
	}
	for range 20 {
		b.ask("POST", "{c}/webhooks/", `{"url":"https://a.example/b","events":["messages.create"]}`)
	}
	if a := b.ask("POST", "{c}/webhooks/", `{"url":"https://a.example/b","events":["messages.create"]}`); a.status != 409 {
		t.Errorf("the twenty-first: %d", a.status)
	}
}

func TestAFailedPushComesAgainWhileLaterOnesPass(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, radist.Options{}, "messages.create")
	v.answer(http.StatusInternalServerError)
	b.buyer("whatsapp", anna, "a")
	until(t, "the failure", func() bool { return b.pushes().State == "blocked" && b.pushes().Trouble == "HTTP 500" })
	v.answer(http.StatusOK)
	b.buyer("whatsapp", anna, "b")
	until(t, "the later one", func() bool { return v.shorts() == "create a, create b" })
	b.world.Clock().Advance(time.Second)
	until(t, "the repeat", func() bool { return v.shorts() == "create a, create b, create a" })
	until(t, "health", func() bool { s := b.pushes(); return s.State == "ok" && s.Delivered == 2 && s.Failed == 1 })
	v.answer(http.StatusFound)
	b.buyer("whatsapp", anna, "c")
	for i, pause := range []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute} {
		until(t, fmt.Sprintf("failure %d", i+2), func() bool { return b.pushes().Failed == i+2 })
		if next := b.pushes().NextAt; next == nil || next.Sub(b.world.Clock().Now()) != pause {
			t.Errorf("after %d failures the next attempt is at %v", i+1, next)
		}
		b.world.Clock().Advance(pause)
	}
	until(t, "the end", func() bool { return b.pushes().Lost == 1 && b.pushes().Queued == 0 })
}

func TestAPushWithoutAnAnswerInTimeComesAgain(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, radist.Options{PushDeadline: 30 * time.Millisecond}, "messages.create")
	hang := make(chan struct{})
	v.Config.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang })
	t.Cleanup(func() { close(hang) }) // before the server closes
	b.buyer("whatsapp", anna, "a")
	until(t, "the end of the patience", func() bool { return b.pushes().Trouble == "no answer in time" && b.pushes().Queued == 1 })
}

func TestPushesAreLostDoubledAndReorderedOnOrder(t *testing.T) {
	t.Parallel()
	for effect, want := range map[string]string{
		"drop_before": "create b", "duplicate": "create a, create a, create b", "reorder": "create b, create a", "drop_after": "create a, create b, create a",
	} {
		t.Run(effect, func(t *testing.T) {
			t.Parallel()
			b, v := pushing(t, radist.Options{}, "messages.create")
			if a := b.control("faults", fmt.Sprintf(`[{"api":"radist","operation":"POST /notification","nth":1,"effect":%q}]`, effect)); a.status != 200 {
				t.Fatalf("%s", a.body)
			}
			b.buyer("whatsapp", anna, "a")
			b.buyer("whatsapp", anna, "b")
			until(t, "the second", func() bool { return strings.Contains(v.shorts(), "create b") })
			until(t, "the first answer", func() bool { s := b.pushes(); return s.Failed+s.Delivered >= strings.Count(v.shorts(), "create") })
			b.world.Clock().Advance(3 * time.Second)
			until(t, want, func() bool { return v.shorts() == want })
		})
	}
}

func TestTimesOfPushesComeInThreeSpellings(t *testing.T) {
	t.Parallel()
	for name, plain := range map[string]bool{"as they were met": false, "plain where the emulator is switched to it": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, v := pushing(t, radist.Options{PlainTimes: plain}, "messages.create")
			for range 30 {
				b.buyer("whatsapp", anna, "a")
			}
			until(t, "all", func() bool { return len(v.all()) == 30 })
			ways := map[string]bool{}
			for _, p := range v.all() {
				at := p.Event.Message.Created
				ways[fmt.Sprint(strings.HasSuffix(at, "Z"), strings.Contains(at, "+"), strings.Contains(at, "."))] = true
			}
			if len(ways) != 3 && !plain || len(ways) != 1 && plain {
				t.Errorf("spellings %v", ways)
			}
		})
	}
}

func TestTheControlCallSubscribesToEverything(t *testing.T) {
	t.Parallel()
	b, _ := pushing(t, radist.Options{}, "messages.delivery.error")
	v := newReceiver(t)
	for range 2 { // the second takes the place of the first
		if a := b.control("push", `{"api":"radist","address":"`+v.URL+`"}`); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	chat := b.buyer("whatsapp", anna, "a")
	until(t, "the push", func() bool { return v.shorts() == "create a" })
	id := b.say(whatsApp, chat, "b")
	b.played("mark", fmt.Sprintf(`{"conversation":%q,"message":%q,"do":"error"}`, chat, id))
	until(t, "the error", func() bool { return strings.HasSuffix(v.shorts(), "error") })
	if m := v.all()[2].Event.Message; *m.ErrorType != "GENERIC_ERROR" || !strings.HasPrefix(*m.ErrorText, "131026") {
		t.Errorf("%+v", m)
	}
	b.control("push", `{"api":"radist","address":""}`)
	b.buyer("whatsapp", anna, "c")
	b.control("radist/mark", fmt.Sprintf(`{"conversation":%q,"message":%q,"do":"error"}`, chat, id))
	if got := v.shorts(); strings.Contains(got, "create c") {
		t.Errorf("after the end: %s", got)
	}
	if a := b.control("push", `{"api":"radist","address":"ftp://a"}`); a.status != 400 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAFileIsPushedWithItsLink(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, radist.Options{}, "messages.create")
	b.played("buyer", `{"from":`+anna+`,"text":"вот","files":[{"name":"a.png"},{"name":"b.png"}]}`)
	until(t, "both files", func() bool { return len(v.all()) == 2 })
	m := v.all()[0].Event.Message
	if m.Text != nil || m.Image == nil || m.Image.Caption != "вот" {
		t.Fatalf("%+v", m)
	}
	if a := b.to("GET", m.Image.URL, "", nil); a.status != 200 || int64(len(a.body)) != m.Image.Size {
		t.Errorf("%s: %d, %d bytes", m.Image.URL, a.status, len(a.body))
	}
}

func TestPushesAreHeldBackWhereTheEmulatorIsSwitchedToIt(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, radist.Options{PushDelay: time.Minute}, "messages.create")
	b.buyer("whatsapp", anna, "a")
	until(t, "the queue", func() bool { return b.pushes().Queued == 1 })
	b.world.Clock().Advance(59 * time.Second)
	if got := v.shorts(); got != "" {
		t.Errorf("too early: %s", got)
	}
	b.world.Clock().Advance(time.Second)
	until(t, "the push", func() bool { return v.shorts() == "create a" })
}

func TestUnderManyFaultsEveryPushThatIsNotLostArrives(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, radist.Options{}, "messages.create")
	if a := b.control("faults", `[
		{"api":"radist","operation":"POST /notification","share":0.02,"effect":"drop_before"},
		{"api":"radist","operation":"POST /notification","share":0.05,"effect":"drop_after"},
		{"api":"radist","operation":"POST /notification","share":0.1,"effect":"duplicate"},
		{"api":"radist","operation":"POST /notification","share":0.1,"effect":"reorder"}]`); a.status != 200 {
		t.Fatalf("%s", a.body)
	}
	const messages = 500
	for i := range messages {
		b.buyer("whatsapp", fmt.Sprintf(`{"phone":"799900000%02d"}`, i%20), fmt.Sprint(i))
	}
	until(t, "the pushes", func() bool {
		b.world.Clock().Advance(time.Second)
		return b.pushes().Queued == 0
	})
	seen, turned, last := map[string]int{}, 0, ""
	for _, p := range v.all() {
		seen[p.Event.Message.ID]++
		if p.Event.Message.Created < last {
			turned++
		}
		last = p.Event.Message.Created
	}
	lost := b.pushes().Lost
	if len(seen) != messages-lost || lost < 2 || lost > 30 || len(v.all()) < messages*105/100 {
		t.Errorf("%d of %d messages arrived in %d pushes, %d lost", len(seen), messages, len(v.all()), lost)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, radist.Options{}, "messages.create")
	chat := b.buyer("whatsapp", anna, "a")
	const each = 20
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range each {
				switch i {
				case 0:
					b.buyer("telegram_personal", `{"username":"petr"}`, "b")
				case 1:
					if _, err := b.world.BuyerWrites(t.Context(), sandbox.BuyerMessage{API: radist.API, Kind: sandbox.KindChat, Text: "c"}); err != nil {
						t.Error(err)
					}
				case 2:
					if _, err := b.world.SellerWrites(t.Context(), sandbox.SellerMessage{API: radist.API, Kind: sandbox.KindChat, Conversation: chat, Text: "d"}); err != nil {
						t.Error(err)
					}
				default:
					b.rush("GET", "{c}/messaging/chats/with_contacts/", "", nil)
					b.rush("POST", "{c}/messaging/messages/", "application/json", strings.NewReader(fmt.Sprintf(`{"connection_id":%d,"chat_id":%s,"message_type":"text","text":{"text":"e"}}`, b.connection(whatsApp), chat)))
					b.world.Clock().Advance(time.Second)
				}
			}
		})
	}
	all.Wait()
	until(t, "all pushes", func() bool { return len(v.all()) == 1+4*each })
	pushed := map[int64]int{}
	for _, p := range v.all() {
		pushed[p.Event.Chat]++
	}
	for _, contact := range b.chats("limit=100").Data {
		for _, c := range contact.Chats {
			n := 0
			for _, m := range b.history(fmt.Sprint(c.ID), "&limit=100") {
				if m.at(t).After(start) {
					n++
				}
			}
			if n != pushed[c.ID] {
				t.Errorf("chat %d: %d messages, %d pushes", c.ID, n, pushed[c.ID])
			}
		}
	}
}
