package radist_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/radist"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// The connections of an account by their place.
const (
	whatsApp = iota
	waba
	telegram
	bot
)

// bench is a world with its emulator behind a real server. Its clock stands still unless a test moves it.
type bench struct {
	testing.TB
	world   *sandbox.World
	server  *httptest.Server
	account *sandbox.Account
	key     string
}

// small is an empty world but for what a test puts in.
func small(t testing.TB, o radist.Options) *bench { return newBench(t, o, 1) }

func newBench(t testing.TB, o radist.Options, messages int) *bench {
	t.Helper()
	w, err := sandbox.New(7, sandbox.Options{Start: start, Scale: -1, Messages: messages})
	if err != nil {
		t.Fatal(err)
	}
	if o.Quirks == nil {
		o.Quirks = &radist.Quirks{}
	}
	radist.Mount(w, o)
	b := &bench{TB: t, world: w, server: httptest.NewServer(w.Handler()), account: w.Accounts(radist.API)[0]}
	t.Cleanup(b.server.Close)
	b.key = radist.Token(b.account, radist.TokenOptions{})
	return b
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) decode(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		t.Fatalf("answer %d %q: %v", a.status, a.body, err)
	}
}

// ask sends JSON (empty for no body) a second of the world after the request before; {c} stands for the company.
func (b *bench) ask(method, path, body string) answer {
	b.Helper()
	b.world.Clock().Advance(time.Second)
	return b.rush(method, path, "application/json", strings.NewReader(body))
}

// rush sends at once.
func (b *bench) rush(method, path, kind string, body io.Reader) answer {
	b.Helper()
	path = strings.ReplaceAll(path, "{c}", fmt.Sprintf("/companies/%d", radist.Company(b.account)))
	return b.to(method, b.server.URL+"/radist"+path, kind, body)
}

func (b *bench) to(method, url, kind string, body io.Reader) answer {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, url, body)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("X-Api-Key", b.key)
	r.Header.Set("Content-Type", kind)
	got, err := b.server.Client().Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, raw}
}

// control makes a call of the control API.
func (b *bench) control(path, body string) answer {
	b.Helper()
	got, err := b.server.Client().Post(b.server.URL+"/_sandbox/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, raw}
}

// played makes a call of the emulator's own that must succeed.
func (b *bench) played(call, body string) sandbox.Written {
	b.Helper()
	a := b.control("radist/"+call, body)
	if a.status != 200 {
		b.Fatalf("%s %s: %d %s", call, body, a.status, a.body)
	}
	var got sandbox.Written
	if call != "uploads" {
		a.decode(b, &got)
	}
	return got
}

// buyer writes as a person through a connection and returns the chat.
func (b *bench) buyer(connection, from, text string) string {
	b.Helper()
	return b.played("buyer", fmt.Sprintf(`{"connection":%q,"from":%s,"text":%q}`, connection, from, text)).Conversation
}

func (b *bench) connection(i int) int64 { return radist.Connection(b.account, i) }

// opened is the answer to the creation of a chat.
type opened struct {
	CreatedChat    bool  `json:"created_chat"`
	CreatedContact bool  `json:"created_contact"`
	Chat           int64 `json:"chat_id"`
	Contact        int64 `json:"contact_id"`
}

// open creates a chat; more are further fields of the body.
func (b *bench) open(connection int, more string) opened {
	b.Helper()
	a := b.ask("POST", "{c}/messaging/chats/", fmt.Sprintf(`{"connection_id":%d,%s}`, b.connection(connection), more))
	if a.status != 200 {
		b.Fatalf("%d %s", a.status, a.body)
	}
	var got opened
	a.decode(b, &got)
	return got
}

// message is one of the API.
type message struct {
	ID        string  `json:"message_id"`
	Source    string  `json:"source_message_id"`
	Chat      string  `json:"chat_id"`
	Direction string  `json:"direction"`
	Type      string  `json:"message_type"`
	Created   string  `json:"created_at"`
	Delivered *string `json:"delivered_at"`
	Read      *string `json:"read_at"`
	Error     *string `json:"error_at"`
	ErrorType *string `json:"error_type"`
	ErrorText *string `json:"error_text"`
	Reply     *struct {
		ID string `json:"message_id"`
	} `json:"reply_to"`
	Text *struct {
		Text string `json:"text"`
	} `json:"text"`
	Image, File, Voice *struct {
		Caption, Name, URL string
		Size               int64
		Mime               string `json:"mime_type"`
	}
}

func (m message) at(t testing.TB) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, m.Created)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (b *bench) history(chat, more string) []message {
	b.Helper()
	a := b.ask("GET", "{c}/messaging/messages/?chat_id="+chat+more, "")
	if a.status != 200 {
		b.Fatalf("%d %s", a.status, a.body)
	}
	var got []message
	a.decode(b, &got)
	return got
}

// post sends a message of a type into a chat.
func (b *bench) post(connection int, chat, kind, union string) answer {
	b.Helper()
	return b.ask("POST", "{c}/messaging/messages/", fmt.Sprintf(`{"connection_id":%d,"chat_id":%s,"message_type":%q,%q:%s}`, b.connection(connection), chat, kind, kind, union))
}

// say sends a text that must be taken, and returns the message's id.
func (b *bench) say(connection int, chat, text string) string {
	b.Helper()
	return b.sent(b.post(connection, chat, "text", fmt.Sprintf(`{"text":%q}`, text)))
}

func (b *bench) sent(a answer) string {
	b.Helper()
	var got struct {
		ID string `json:"message_id"`
	}
	if a.decode(b, &got); a.status != 200 || got.ID == "" {
		b.Fatalf("%d %s", a.status, a.body)
	}
	return got.ID
}

type uploaded struct {
	URL, Name string
	Size      int64
	Mime      string `json:"mime_type"`
}

// upload brings a file that begins with head and is filled with zeros up to size.
func (b *bench) upload(name, head string, size int) answer {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	w, err := form.CreateFormFile("file", name)
	if err != nil {
		b.Fatal(err)
	}
	_, _ = w.Write(append([]byte(head), make([]byte, size-len(head))...)) // into memory
	_ = form.Close()
	b.world.Clock().Advance(time.Second)
	return b.rush("POST", "{c}/messaging/files/", form.FormDataContentType(), &body)
}

const (
	png  = "\x89PNG\r\n\x1a\n"
	jpeg = "\xff\xd8\xff\xe0"
)

func (b *bench) link(name, head string, size int) string {
	b.Helper()
	var got uploaded
	a := b.upload(name, head, size)
	if a.decode(b, &got); a.status != 200 {
		b.Fatalf("%d %s", a.status, a.body)
	}
	return got.URL
}

// page is one of the list of chats.
type page struct {
	Data []struct {
		Contact    int64  `json:"contact_id"`
		Name       string `json:"contact_name"`
		Unanswered int    `json:"unanswered_count"`
		Updated    string `json:"last_chat_updated_at"`
		Chats      []struct {
			ID         int64 `json:"chat_id"`
			Connection int64 `json:"connection_id"`
			Phone      string
			Username   *string
			Unanswered int                        `json:"unanswered_count"`
			Last       map[string]json.RawMessage `json:"last_message"`
		}
	}
	Meta struct {
		Next string `json:"next_cursor"`
	} `json:"response_metadata"`
}

func (b *bench) chats(query string) page {
	b.Helper()
	var got page
	a := b.ask("GET", "{c}/messaging/chats/with_contacts/?"+query, "")
	if a.decode(b, &got); a.status != 200 {
		b.Fatalf("%d %s", a.status, a.body)
	}
	return got
}
