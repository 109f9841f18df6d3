package custom

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// now is when the pushes of these tests come.
func now() sellerdesk.Time { return sellerdesk.At(time.Date(2026, 8, 1, 10, 0, 0, 0, time.UTC)) }

// opened opens a connector that declares all there is, without a script.
func opened(t *testing.T, more ...string) *connector {
	t.Helper()
	with := map[string]sellerdesk.Secret{fieldSecret: "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", fieldKinds: "chat,question,review", fieldFiles: "yes", fieldEdits: "yes"}
	for i := 0; i+1 < len(more); i += 2 {
		with[more[i]] = sellerdesk.Secret(more[i+1])
	}
	c, err := open(channel.Settings{Credentials: with, Client: newClient(true)})
	if err != nil {
		t.Fatal(err)
	}
	return c.(*connector)
}

func received(t *testing.T, body string) sellerdesk.Batch {
	t.Helper()
	p := sellerdesk.Push{Body: []byte(body), Received: now()}
	if got := ack(p); got.Status != http.StatusOK || !got.Keep {
		t.Fatalf("%s is answered with %d %s", body, got.Status, got.Body)
	}
	b, err := opened(t).Receive(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEvents(t *testing.T) {
	t.Parallel()
	at := sellerdesk.At(time.Date(2026, 8, 1, 9, 0, 0, 0, time.UTC))
	line := func(change func(*sellerdesk.MessagePatch)) []sellerdesk.MessagePatch {
		m := sellerdesk.MessagePatch{Kind: "chat", Conversation: "7", RemoteID: "m1", Author: "buyer", Text: "да", At: at}
		change(&m)
		return []sellerdesk.MessagePatch{m}
	}
	for _, c := range []struct {
		name, body string
		want       []sellerdesk.MessagePatch
	}{
		{"ids may be numbers", `{"type":"message","conversation":7,"message":{"id":42,"text":"да","at":"2026-08-01T12:00:00+03:00"}}`,
			line(func(m *sellerdesk.MessagePatch) { m.RemoteID = "42" })},
		{"a time may be seconds", `{"type":"message","conversation":"7","message":{"id":"m1","text":"да","at":1785574800}}`, line(func(*sellerdesk.MessagePatch) {})},
		{"without a time it is now", `{"type":"message","conversation":"7","message":{"id":"m1","text":"да"}}`, line(func(m *sellerdesk.MessagePatch) { m.At = now() })},
		{"what lies ahead is now", `{"type":"message","conversation":"7","message":{"id":"m1","text":"да","at":"2099-01-01T00:00:00Z"}}`, line(func(m *sellerdesk.MessagePatch) { m.At = now() })},
		{"HTML is words", `{"type":"message","conversation":"7","message":{"id":"m1","text":"<script>alert(1)</script>","at":1785574800}}`,
			line(func(m *sellerdesk.MessagePatch) { m.Text = "<script>alert(1)</script>" })},
		{"unknown fields are passed over", `{"type":"message","conversation":"7","secret":{"a":[1]},"message":{"id":"m1","text":"да","at":1785574800,"reactions":[]}}`, line(func(*sellerdesk.MessagePatch) {})},
		{"an answer to a line", `{"type":"message","conversation":"7","message":{"id":"m1","text":"да","at":1785574800,"parent":"m0"}}`, line(func(m *sellerdesk.MessagePatch) { m.Parent = "m0" })},
		{"of the shop, written elsewhere", `{"type":"message","author":"shop","conversation":"7","message":{"id":"m1","text":"да","at":1785574800}}`,
			line(func(m *sellerdesk.MessagePatch) { m.Author, m.Foreign = "elsewhere", true })},
		{"an echo of ours", `{"type":"message","author":"shop","reply":"abc","status":"read","conversation":"7","message":{"id":"m1","text":"да","at":1785574800}}`,
			line(func(m *sellerdesk.MessagePatch) { m.Author, m.Status = "elsewhere", "read" })},
		{"of the channel itself", `{"type":"message","author":"system","conversation":"7","message":{"id":"m1","text":"да","at":1785574800}}`,
			line(func(m *sellerdesk.MessagePatch) { m.Author = "platform" })},
		{"edited", `{"type":"edited","conversation":"7","message":{"id":"m1","text":"да","at":1785574800}}`, line(func(m *sellerdesk.MessagePatch) { m.EditedAt = &at })},
		{"deleted", `{"type":"deleted","conversation":"7","message":{"id":"m1","at":1785574800}}`,
			line(func(m *sellerdesk.MessagePatch) { m.EditedAt, m.Text = &at, deletedText })},
		{"delivered", `{"type":"status","conversation":"7","status":"delivered","message":{"id":"m1","at":1785574800}}`,
			line(func(m *sellerdesk.MessagePatch) {
				m.Author, m.Text, m.Mark, m.Status = "elsewhere", "", true, "delivered"
			})},
		{"refused later", `{"type":"status","conversation":"7","status":"refused","reason":"The number\nis gone","message":{"id":"m1","at":1785574800}}`,
			line(func(m *sellerdesk.MessagePatch) {
				m.Author, m.Text, m.Mark, m.Status = "elsewhere", "", true, "refused"
				m.Why = sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "The number is gone"}
			})},
		{"a ping", `{"type":"ping"}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := received(t, c.body)
			if d := cmp.Diff(c.want, b.Messages, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("the messages are:\n%s", d)
			}
			if (len(b.Messages) > 0) != (b.Reached != nil) {
				t.Errorf("it is read up to %v", b.Reached)
			}
		})
	}
}

func TestWhatAMessageTellsOfItsConversation(t *testing.T) {
	t.Parallel()
	b := received(t, `{"type":"message","conversation":"7","network":"telegram","from":{"id":5,"name":" Анна\n Ю. ","phone":"8 (900) 111-22-33","username":"@anna"},
		"product":{"id":9,"name":"Кружка","price":"500 RUB"},"order":77,"message":{"id":"1","text":"да"}}`)
	at, name, order := now(), "Анна Ю.", "77"
	want := []sellerdesk.ConversationPatch{{
		Kind: "chat", RemoteID: "7", BuyerName: &name, UpdatedAt: &at, Order: &order, Shut: &sellerdesk.Why{},
		Buyer:   &sellerdesk.Buyer{Contact: "5", Phone: "79001112233", Network: "telegram", Username: "@anna"},
		Product: &sellerdesk.Product{ID: "9", Name: "Кружка", Price: "500 RUB"},
		Chat:    &sellerdesk.Chat{Subject: "direct", Network: "telegram", Phone: "79001112233", Username: "@anna"},
	}}
	if d := cmp.Diff(want, b.Conversations); d != "" {
		t.Errorf("the conversation is:\n%s", d)
	}
	b = received(t, `{"type":"message","kind":"review","conversation":"7","rating":2,"message":{"id":"1"}}`)
	if c, m := b.Conversations[0], b.Messages[0]; c.Review == nil || *c.Rating != 2 || *m.Rating != 2 || len(*c.Offers) != 2 {
		t.Errorf("a review without words is %+v, %+v", c, m)
	}
	for kind, want := range map[string]sellerdesk.Why{"closed": {Code: sellerdesk.ReasonFinished, Text: "Ушёл"}, "opened": {}} {
		b := received(t, `{"type":"`+kind+`","conversation":"7","reason":"Ушёл"}`)
		if len(b.Messages) != 0 || b.Conversations[0].Shut == nil || *b.Conversations[0].Shut != want {
			t.Errorf("%s makes %+v", kind, b)
		}
	}
}

func TestEventsThatMakeNoSenseAreToldAtOnce(t *testing.T) {
	t.Parallel()
	message := func(rest string) string { return `{"type":"message","conversation":"7",` + rest + `}` }
	long := strings.Repeat("x", 300)
	for _, c := range []struct{ name, body, says string }{
		{"nothing", ``, "no JSON"},
		{"a list", `[]`, "JSON object"},
		{"half of it", `{"type":"message"`, "no JSON"},
		{"two of them", `{"type":"ping"}{"type":"ping"}`, "no JSON"},
		{"very deep", strings.Repeat(`{"from":`, 20_000), "no JSON"},
		{"deep in a field that nobody knows", `{"type":"ping","x":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + `}`, "no JSON"},
		{"no type", `{"conversation":"7"}`, "type"},
		{"an unknown type", `{"type":"typing","conversation":"7"}`, "type is"},
		{"no conversation", `{"type":"message","message":{"id":"1","text":"x"}}`, "conversation"},
		{"a conversation that is a list", `{"type":"message","conversation":[1]}`, "id is a text"},
		{"a conversation that is a fraction", `{"type":"message","conversation":1.5}`, "id is a text"},
		{"a conversation with a line break", `{"type":"message","conversation":"a\nb","message":{"id":"1","text":"x"}}`, "line breaks"},
		{"a conversation with a NUL", `{"type":"message","conversation":"a\u0000b","message":{"id":"1","text":"x"}}`, "line breaks"},
		{"a long conversation", `{"type":"message","conversation":"` + long + `","message":{"id":"1","text":"x"}}`, "200 bytes"},
		{"a long buyer", message(`"from":{"id":"` + long + `"},"message":{"id":"1","text":"x"}`), "from.id"},
		{"an unknown kind", message(`"kind":"claim","message":{"id":"1","text":"x"}`), "kind is"},
		{"an unknown author", message(`"author":"agent","message":{"id":"1","text":"x"}`), "author is"},
		{"no id", message(`"message":{"text":"x"}`), "message.id"},
		{"no words", message(`"message":{"id":"1","text":" \n"}`), "neither"},
		{"too many words", message(`"message":{"id":"1","text":"` + strings.Repeat("x", 20_001) + `"}`), "20000"},
		{"words that are a number", message(`"message":{"id":"1","text":5}`), "message.text"},
		{"a time in words", message(`"message":{"id":"1","text":"x","at":"yesterday"}`), "time is like"},
		{"a time without a zone", message(`"message":{"id":"1","text":"x","at":"2026-08-01 10:00:00"}`), "time is like"},
		{"a time before all", message(`"message":{"id":"1","text":"x","at":"0001-01-01T00:00:00Z"}`), "time is like"},
		{"a time after all", message(`"message":{"id":"1","text":"x","at":1e300}`), "time is like"},
		{"a time below all", message(`"message":{"id":"1","text":"x","at":-5}`), "time is like"},
		{"six stars", message(`"kind":"review","rating":6,"message":{"id":"1","text":"x"}`), "1 to 5"},
		{"stars in a chat", message(`"rating":5,"message":{"id":"1","text":"x"}`), "Only a review"},
		{"a file of this machine", message(`"message":{"id":"1","files":[{"url":"file:///etc/passwd"}]}`), "url"},
		{"a file without a place", message(`"message":{"id":"1","files":[{"name":"a.jpg"}]}`), "url"},
		{"a file with a password", message(`"message":{"id":"1","files":[{"url":"https://me:pw@host/a"}]}`), "url"},
		{"too many files", message(`"message":{"id":"1","files":[` + strings.TrimSuffix(strings.Repeat(`{"url":"https://a.example/1"},`, 21), ",") + `]}`), "20 files"},
		{"a status of nothing", `{"type":"status","conversation":"7","status":"read"}`, "message.id"},
		{"a status that there is not", `{"type":"status","conversation":"7","message":{"id":"1"},"status":"queued"}`, "status is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := sellerdesk.Push{Body: []byte(c.body), Received: now()}
			got := ack(p)
			var said struct{ Detail string }
			if err := json.Unmarshal(got.Body, &said); err != nil || got.Status != http.StatusBadRequest || got.Keep || !strings.Contains(said.Detail, c.says) {
				t.Errorf("it is answered with %d %s, want %q", got.Status, got.Body, c.says)
			}
			_, err := opened(t).Receive(t.Context(), p)
			if class, e := channel.ClassOf(err); class != channel.Malformed || len(e.Raw) > rawLimit || e.Why.Text == "" {
				t.Errorf("it is read as %v", err)
			}
		})
	}
}

func TestWhoMayPush(t *testing.T) {
	t.Parallel()
	old, fresh := []byte("the key that was used before, long"), []byte("the key that is used now, as long")
	secrets := sellerdesk.Secret(secretPrefix + "dGhlIGtleSB0aGF0IGlzIHVzZWQgbm93LCBhcyBsb25n " + secretPrefix + "dGhlIGtleSB0aGF0IHdhcyB1c2VkIGJlZm9yZSwgbG9uZw==")
	body := []byte(`{"type":"message","conversation":"7","message":{"id":"1","text":"x"}}`)
	made := func(key []byte, id string, at time.Time, body []byte) sellerdesk.Push {
		seconds := strconv.FormatInt(at.Unix(), 10)
		return sellerdesk.Push{Body: body, Received: now(), Signature: sellerdesk.PushSignature{ID: id, Timestamp: seconds, Value: sign([][]byte{key}, id, seconds, body)}}
	}
	review := []byte(`{"type":"message","kind":"review","conversation":"7","message":{"id":"1","text":"x"}}`)
	for _, c := range []struct {
		name  string
		push  sellerdesk.Push
		class channel.Class
		says  string
	}{
		{"who has the secret", made(fresh, "msg_1", now().Time, body), "", ""},
		{"who has the secret of before", made(old, "msg_1", now().Time, body), "", ""},
		{"whose clock is four minutes late", made(fresh, "msg_1", now().Add(-4*time.Minute), body), "", ""},
		{"whose clock is four minutes early", made(fresh, "msg_1", now().Add(4*time.Minute), body), "", ""},
		{"whose clock is six minutes late", made(fresh, "msg_1", now().Add(-6*time.Minute), body), channel.Unauthorized, "6m0s away"},
		{"whose clock is six minutes early", made(fresh, "msg_1", now().Add(6*time.Minute), body), channel.Unauthorized, "6m0s away"},
		{"who has another secret", made([]byte("nobody knows this key, not even me"), "msg_1", now().Time, body), channel.Unauthorized, "same secret"},
		{"who calls it by blanks", made(fresh, "msg 1", now().Time, body), channel.Unauthorized, "webhook-id"},
		{"who calls it at length", made(fresh, strings.Repeat("m", 201), now().Time, body), channel.Unauthorized, "webhook-id"},
		{"who signs nothing", sellerdesk.Push{Body: body, Received: now()}, channel.Unauthorized, "headers"},
		{"who brings what was not declared", made(fresh, "msg_1", now().Time, review), channel.Refused, "review"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := admit(map[string]sellerdesk.Secret{fieldSecret: secrets}, c.push)
			class, e := channel.ClassOf(err)
			if class != c.class || e != nil && !strings.Contains(string(e.Why.Text), c.says) {
				t.Errorf("it is %v", err)
			}
		})
	}
}

// TestTheExampleOfTheStandard holds the signature against the one that Standard
// Webhooks gives as an example.
func TestTheExampleOfTheStandard(t *testing.T) {
	t.Parallel()
	keys, err := keysOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := sign(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("it is %s, want %s", got, want)
	}
}

// FuzzDecode looks for events that are neither read nor refused in a sentence.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"type":"message","conversation":"7","from":{"id":5,"name":"a","phone":"+7"},"message":{"id":"1","text":"x","at":1785574800,"files":[{"url":"https://a.example/1.jpg","size":5}]}}`,
		`{"type":"message","kind":"review","rating":5,"conversation":-1,"message":{"id":0,"text":"\u0000\ud800"}}`,
		`{"type":"edited","conversation":"7","message":{"id":"1","text":"x","at":"2026-08-01T10:00:00Z"}}`, `{"type":"deleted","conversation":"7","message":{"id":"1"}}`,
		`{"type":"status","conversation":"7","message":{"id":"1"},"status":"refused","reason":"x"}`, `{"type":"closed","conversation":"7"}`, `{"type":"ping"}`, `null`, `{"at":1e999}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p := sellerdesk.Push{Body: body, Received: now()}
		answer := ack(p)
		if answer.Keep != (answer.Status == http.StatusOK) || !json.Valid(answer.Body) {
			t.Fatalf("the answer is %d %s", answer.Status, answer.Body)
		}
		b, err := (&connector{}).Receive(t.Context(), p)
		if answer.Keep != (err == nil) {
			t.Fatalf("it is answered with %d and read as %v", answer.Status, err)
		}
		if said := new(channel.Error); errors.As(err, &said) && (said.Class != channel.Malformed || len(said.Why.Text) > 1000) {
			t.Fatalf("it is refused as %v", err)
		}
		for _, m := range b.Messages {
			if m.RemoteID == "" || m.Conversation == "" || m.At.Before(earliest()) || m.At.After(now().Add(tolerance)) || m.Author.Ours() && m.Rating != nil {
				t.Fatalf("the message is %+v", m)
			}
		}
		for _, c := range b.Conversations {
			if c.RemoteID == "" || bytes.ContainsRune([]byte(c.RemoteID), 0) {
				t.Fatalf("the conversation is %+v", c)
			}
		}
	})
}
