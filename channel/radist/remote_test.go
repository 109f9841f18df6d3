package radist

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// scripted is a remote side that says what a test wants.
type scripted struct {
	server *httptest.Server

	mu    sync.Mutex               // guards what follows
	says  map[string]string        // by method and end of the path: "200 {...}"
	next  func(call string) string // says something else where it is not ""; nil for never
	asked []string                 // with their bodies
}

// script starts a remote side that knows one company, number 1, with connections
// 10 to WhatsApp and 11 to WhatsApp for business.
func script(t *testing.T, says map[string]string) *scripted {
	t.Helper()
	s := &scripted{says: map[string]string{
		"GET /users/me":                 "200 {}",
		"GET /companies/":               `200 {"companies":[{"id":1,"name":"Лавка"}]}`,
		"GET /messaging/chats/sources/": `200 [{"connection_id":10,"type":"whatsapp","name":"Личный"},{"connection_id":11,"type":"waba","name":"Бизнес","create_by":["phone"]}]`,
	}}
	for k, v := range says {
		s.says[k] = v
	}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

func (s *scripted) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	call := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/companies/1")
	answer := s.says[call]
	if s.next != nil {
		if now := s.next(call); now != "" {
			answer = now
		}
	}
	s.asked = append(s.asked, strings.TrimSpace(call+" "+string(body)))
	s.mu.Unlock()
	if answer == "" {
		answer = `404 {"detail":"Not Found"}`
	}
	var status int
	_, _ = fmt.Sscan(answer, &status)
	_, text, _ := strings.Cut(answer, " ")
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, text)
}

// count is how often a call was made.
func (s *scripted) count(call string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.asked {
		if c == call || strings.HasPrefix(c, call+" ") {
			n++
		}
	}
	return n
}

// open opens a connector on the remote side, whose limits are not kept.
func (s *scripted) open(t *testing.T, credentials ...string) *connector {
	t.Helper()
	with := map[string]sellerdesk.Secret{fieldToken: "0123456789abcdef0123456789abcdef"}
	for i := 0; i+1 < len(credentials); i += 2 {
		with[credentials[i]] = sellerdesk.Secret(credentials[i+1])
	}
	c, err := open(channel.Settings{Credentials: with, BaseURL: s.server.URL, Client: s.server.Client(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	opened := c.(gateway).connector
	hasty, err := api.New(with[fieldToken].Reveal(), api.WithBaseURL(s.server.URL), api.WithHTTPClient(s.server.Client()), api.WithLimiter(unlimited{}),
		api.WithPatience(-1), api.WithAttempts(1))
	if err != nil {
		t.Fatal(err)
	}
	opened.client = hasty
	return opened
}

func chat(id sellerdesk.RemoteID, connection int64) sellerdesk.RemoteRef {
	return sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: id, Remote: encoded(kept{Of: id, Connection: connection})}
}

func detail(status int, text string) string { return fmt.Sprintf(`%d {"detail":%q}`, status, text) }

func TestFailuresOfReadingAndWriting(t *testing.T) {
	t.Parallel()
	const none = channel.Class("")
	for _, c := range []struct {
		name, answer string
		read, write  channel.Class
		code         sellerdesk.ReasonCode // of the write
	}{
		{"all is well", `200 {"data":[],"message_id":"a"}`, none, none, ""},
		{"the key is revoked", detail(401, "Invalid API key"), channel.Unauthorized, channel.Unauthorized, sellerdesk.ReasonCredentials},
		{"the key lacks the scope", detail(403, "The key has no scope messaging"), channel.Unauthorized, channel.Refused, sellerdesk.ReasonScope},
		{"it is not there", detail(404, "Chat not found"), channel.Gone, channel.Gone, sellerdesk.ReasonGone},
		{"the window is shut", detail(409, "The dialog window is closed (131047)"), channel.Refused, channel.Refused, sellerdesk.ReasonWindowShut},
		{"the balance is used up", detail(409, "No balance (131042)"), channel.Refused, channel.Refused, sellerdesk.ReasonBalance},
		{"it takes nothing and says no more", `409 `, channel.Refused, channel.Refused, sellerdesk.ReasonWindowShut},
		{"the limit is used up", detail(429, "Too Many Requests"), channel.Throttled, channel.Throttled, sellerdesk.ReasonThrottled},
		{"it is refused", detail(422, "At most 4096 characters"), channel.Refused, channel.Refused, sellerdesk.ReasonRefused},
		{"it is refused for its template", detail(422, "(#132012) A text is needed"), channel.Refused, channel.Refused, sellerdesk.ReasonTemplate},
		{"it is refused without a word", `400 `, channel.Refused, channel.Refused, sellerdesk.ReasonRefused},
		{"the server fails", detail(500, "x"), channel.Temporary, channel.Unknown, sellerdesk.ReasonOutcomeUnknown},
		{"the server is away", `503 <html>`, channel.Temporary, channel.Unknown, sellerdesk.ReasonOutcomeUnknown},
		{"the answer is no JSON", `200 <html>`, channel.Malformed, channel.Unknown, sellerdesk.ReasonOutcomeUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := script(t, map[string]string{"GET /messaging/chats/with_contacts/": c.answer, "POST /messaging/messages/": c.answer})
			conn := s.open(t)
			_, err := conn.Pull(t.Context(), streamChats, "")
			expect(t, "reading", err, c.read, "")
			_, err = conn.Send(t.Context(), sellerdesk.Reply{Conversation: chat("7", 10), Text: "привет"})
			expect(t, "writing", err, c.write, c.code)
			if n := s.count("POST /messaging/messages/"); n != 1 {
				t.Errorf("the message left %d times", n)
			}
		})
	}
}

func expect(t *testing.T, what string, err error, class channel.Class, code sellerdesk.ReasonCode) {
	t.Helper()
	got, e := channel.ClassOf(err)
	if got != class || err != nil && e == nil {
		t.Errorf("%s is %q, want %q: %v", what, got, class, err)
		return
	}
	if e != nil && (e.Why.Text == "" || code != "" && e.Why.Code != code) {
		t.Errorf("%s says %q (%s), want the reason %q", what, e.Why.Code, e.Why.Text, code)
	}
}

func TestTheCompanyIsTheOnlyOneOrTheOneThatIsNamed(t *testing.T) {
	t.Parallel()
	const two = `200 {"companies":[{"id":2,"name":"Вторая"},{"id":1,"name":"Первая"}]}`
	for _, c := range []struct {
		name, companies, given string
		says                   string // "" when it is found
	}{
		{"the only one", `200 {"companies":[{"id":1,"name":"Первая"}]}`, "", ""},
		{"the named one", two, "1", ""},
		{"one of two", two, "", "sees 2 companies: 1, 2"},
		{"another one", two, "3", "does not open company 3"},
		{"none", `200 {"companies":[]}`, "", "no company"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			who, err := script(t, map[string]string{"GET /companies/": c.companies}).open(t, fieldCompany, c.given).Check(t.Context())
			if c.says != "" {
				if class, e := channel.ClassOf(err); class != channel.Unauthorized || !strings.Contains(string(e.Why.Text), c.says) {
					t.Errorf("it says %v", err)
				}
				return
			}
			want := []sellerdesk.Source{
				{ID: "10", Name: "Личный", Network: "whatsapp", By: []sellerdesk.ChatSubject{"phone"}},
				{ID: "11", Name: "Бизнес", Network: "whatsapp", By: []sellerdesk.ChatSubject{"phone"}, Templates: true},
			}
			if d := cmp.Diff(want, who.Sources); err != nil || who.Seller != "1" || who.Name != "Первая" || d != "" {
				t.Errorf("it is %q %q, %v:\n%s", who.Seller, who.Name, err, d)
			}
		})
	}
}

func TestSubscribingLeavesWhatIsNotOursAlone(t *testing.T) {
	t.Parallel()
	const here = "https://desk.example/in/5/KEY"
	all := `["messages.create","messages.delivery.delivered","messages.delivery.read","messages.delivery.error"]`
	for _, c := range []struct {
		name string
		have string
		want []string // the calls after the list
	}{
		{"nothing is there", ``, []string{"POST"}},
		{"it is there", `{"id":1,"url":"` + here + `","events":` + all + `}`, nil},
		{"it is there and tells no events", `{"id":1,"url":"` + here + `"}`, nil},
		{"it is there twice", `{"id":1,"url":"` + here + `","events":` + all + `},{"id":2,"url":"` + here + `","events":` + all + `}`, []string{"DELETE 2"}},
		{"it tells of new messages only", `{"id":1,"url":"` + here + `","events":["messages.create"]}`, []string{"POST", "DELETE 1"}},
		{"it is about one connection", `{"id":1,"connection_id":10,"url":"` + here + `","events":` + all + `}`, []string{"POST", "DELETE 1"}},
		{"the host was another one", `{"id":1,"url":"https://old.example/in/5/KEY","events":` + all + `}`, []string{"POST", "DELETE 1"}},
		{"the key was another one", `{"id":1,"url":"https://desk.example/in/5/OLD","events":` + all + `}`, []string{"POST", "DELETE 1"}},
		{"another installation has an account of this number", `{"id":1,"url":"https://other.example/in/5/THEIRS","events":` + all + `}`, []string{"POST"}},
		{"another installation at another path has an account of this number", `{"id":1,"url":"https://desk.example/b/in/5/THEIRS","events":` + all + `}`, []string{"POST"}},
		{"the path was another one", `{"id":1,"url":"https://desk.example/b/in/5/KEY","events":` + all + `}`, []string{"POST", "DELETE 1"}},
		{"another account of ours", `{"id":1,"url":"https://desk.example/in/6/OTHER","events":` + all + `}`, []string{"POST"}},
		{"another program", `{"id":1,"url":"https://crm.example/radist","events":` + all + `},{"id":2,"url":"::","events":[]}`, []string{"POST"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := script(t, map[string]string{
				"GET /webhooks/": `200 [` + c.have + `]`, "POST /webhooks/": `200 {"id":9}`, "DELETE /webhooks/1": "204 ", "DELETE /webhooks/2": "204 ",
			})
			if err := s.open(t).Subscribe(t.Context(), here); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, call := range s.asked[slices.Index(s.asked, "GET /webhooks/")+1:] {
				method, rest, _ := strings.Cut(call, " /webhooks/")
				if id, body, _ := strings.Cut(rest, " "); method == "POST" {
					var in struct {
						URL    string
						Events []string
					}
					if json.Unmarshal([]byte(body), &in) != nil || in.URL != here || len(in.Events) != 4 {
						t.Errorf("it subscribes with %s", body)
					}
				} else {
					method += " " + id
				}
				got = append(got, method)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("the calls are:\n%s", d)
			}
		})
	}
}

func TestAKeyWithoutTheScopeForWebhooksGoesOnReading(t *testing.T) {
	t.Parallel()
	s := script(t, map[string]string{"GET /webhooks/": detail(403, "The key has no scope webhooks")})
	err := s.open(t).Subscribe(t.Context(), "https://desk.example/in/5/KEY")
	expect(t, "subscribing", err, channel.Refused, sellerdesk.ReasonScope)
}

// event is a push about chat 37 of connection 10.
func event(kind, message string) sellerdesk.Push {
	return sellerdesk.Push{Body: []byte(fmt.Sprintf(`{"event_type":%q,"event":{"connection_id":10,"chat_id":37,"contact_id":5,
		"chat":{"phone":"79990000001","name":"Анна","username":null,"profile_link":null},"message":%s}}`, kind, message))}
}

func TestPushedMessages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, message string
		text          string
		author        sellerdesk.Author
		files         int
	}{
		{"with an offset", `{"message_id":"a","direction":"inbound","message_type":"text","created_at":"2026-08-01T13:00:00+03:00","text":{"text":"привет"}}`, "привет", "buyer", 0},
		{"with a fraction and an offset", `{"message_id":"a","direction":"inbound","message_type":"text","created_at":"2026-08-01T10:00:00.000000+00:00","text":{"text":"привет"}}`, "привет", "buyer", 0},
		{"with a fraction and no offset", `{"message_id":"a","direction":"inbound","message_type":"text","created_at":"2026-08-01T10:00:00.000000","text":{"text":"привет"}}`, "привет", "buyer", 0},
		{"of ours or of somebody else on our side", `{"message_id":"a","direction":"outbound","message_type":"text","created_at":"2026-08-01T10:00:00Z","text":{"text":"да"}}`, "да", "elsewhere", 0},
		{"a picture, which has no text", `{"message_id":"a","direction":"inbound","message_type":"image","created_at":"2026-08-01T10:00:00Z","image":{"caption":"вот","name":"a.jpg","size":7,"mime_type":"image/jpeg","url":"https://files.radist.online/a"}}`, "вот", "buyer", 1},
		{"a text without its text", `{"message_id":"a","direction":"inbound","message_type":"text","created_at":"2026-08-01T10:00:00Z"}`, "[сообщение без текста]", "buyer", 0},
		{"of an unknown type", `{"message_id":"a","direction":"inbound","message_type":"sticker","created_at":"2026-08-01T10:00:00Z","sticker":{"id":1}}`, "[sticker]", "buyer", 0},
		{"an order", `{"message_id":"a","direction":"inbound","message_type":"waba_order","created_at":"2026-08-01T10:00:00Z","waba_order":{"id":1}}`, "[заказ]", "buyer", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, err := script(t, nil).open(t).Receive(t.Context(), event("messages.create", c.message))
			if err != nil || len(b.Messages) != 1 || len(b.Conversations) != 1 {
				t.Fatalf("%+v, %v", b, err)
			}
			m, conv := b.Messages[0], b.Conversations[0]
			if m.Text != c.text || m.Author != c.author || len(m.Files) != c.files || m.At.UTC().Format("15:04:05") != "10:00:00" {
				t.Errorf("the message is %+v", m)
			}
			if conv.RemoteID != "37" || conv.Buyer == nil || conv.Buyer.Contact != "5" || conv.Buyer.Phone != "79990000001" || conv.Chat.Network != "whatsapp" || conv.Chat.Source != "10" {
				t.Errorf("the conversation is %+v, %+v, %+v", conv, conv.Buyer, conv.Chat)
			}
			if len(b.Reread) != 1 {
				t.Error("what was said before the first push is not read")
			}
		})
	}
}

func TestPushesThatNameTooLittleAreReadAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, kind, message string }{
		{"a mark without its message", "messages.delivery.read", `null`},
		{"a message without an id", "messages.create", `{"direction":"inbound"}`},
		{"a message without a time", "messages.create", `{"message_id":"a","direction":"inbound","message_type":"text","text":{"text":"x"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, err := script(t, nil).open(t).Receive(t.Context(), event(c.kind, c.message))
			if err != nil || len(b.Reread) != 1 || b.Reread[0].ID != "37" || len(b.Messages) != 0 {
				t.Errorf("%+v, %v", b, err)
			}
		})
	}
}

func TestAMarkOfAMessageThatNobodyRemembersStandsAlone(t *testing.T) {
	t.Parallel()
	p := event("messages.delivery.read", `{"message_id":"x","read_at":"2026-08-01T10:00:00Z"}`)
	b, err := script(t, nil).open(t).Receive(t.Context(), p)
	if err != nil || len(b.Messages) != 1 || len(b.Reread) != 1 {
		t.Fatalf("%+v, %v", b, err)
	}
	if m := b.Messages[0]; !m.Mark || m.Status != sellerdesk.MessageRead || m.RemoteID != "x" || m.Text != "" {
		t.Errorf("the mark is %+v", m)
	}
}

func TestAPushOfAForeignConnectionIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := script(t, nil)
	p := event("messages.create", `{"message_id":"a","direction":"inbound","message_type":"text","created_at":"2026-08-01T10:00:00Z","text":{"text":"x"}}`)
	p.Body = []byte(strings.Replace(string(p.Body), `"connection_id":10`, `"connection_id":99`, 1))
	c := s.open(t)
	for range 3 {
		b, err := c.Receive(t.Context(), p)
		if err != nil || len(b.Messages) != 0 || len(b.Reread) != 1 {
			t.Errorf("%+v, %v", b, err)
		}
	}
	if n := s.count("GET /messaging/chats/sources/"); n != 1 {
		t.Errorf("the sources were listed %d times", n)
	}
}

func TestMarksOfAMessageThatIsRemembered(t *testing.T) {
	t.Parallel()
	c := script(t, nil).open(t)
	said := event("messages.create", `{"message_id":"a","direction":"outbound","message_type":"text","created_at":"2026-08-01T10:00:00Z","text":{"text":"наше"}}`)
	if _, err := c.Receive(t.Context(), said); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		kind string
		want sellerdesk.MessageStatus // "" when nothing changes
	}{
		{"error", sellerdesk.MessageRefused}, {"delivered", sellerdesk.MessageDelivered}, {"error", ""}, {"read", sellerdesk.MessageRead}, {"delivered", ""}, {"read", sellerdesk.MessageRead},
	} {
		b, err := c.Receive(t.Context(), event("messages.delivery."+step.kind, `{"message_id":"a","error_text":"131026 Message undeliverable"}`))
		if err != nil || len(b.Reread) != 0 || len(b.Messages) > 1 {
			t.Fatalf("%s: %+v, %v", step.kind, b, err)
		}
		var got sellerdesk.MessageStatus
		if len(b.Messages) == 1 {
			got = b.Messages[0].Status
			if m := b.Messages[0]; m.Text != "наше" || (m.Why.Text != "") != (m.Status == sellerdesk.MessageRefused) {
				t.Errorf("%s makes %+v", step.kind, m)
			}
		}
		if got != step.want {
			t.Errorf("%s makes it %q, want %q", step.kind, got, step.want)
		}
	}
}

func TestTheSourceTypes(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"whatsapp": "whatsapp", "waba": "whatsapp", "telegram_personal": "telegram", "telegram_bot": "telegram", "max_personal": "max", "amocrm": "", "viber_bot": "viber",
	} {
		if got := networkOf(kind); got != want {
			t.Errorf("%s is of %q, want %q", kind, got, want)
		}
	}
}

// unlimited lets every request go.
type unlimited struct{}

func (unlimited) Wait(ctx context.Context, _ string) error { return ctx.Err() }

func (unlimited) Observe(string, *http.Response) {}
