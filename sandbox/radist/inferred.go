package radist

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Everything in this file is a guess: the documents name these calls without their paths, or leave their shapes and rules open.
// A correction by somebody with an account is an edit of this file.

// Options are the switches for what the documents leave open and for what tests need. The zero value is the default everywhere.
type Options struct {
	// StrictUntil makes until of the history exclusive.
	StrictUntil bool
	// RawSeconds cuts the time of inbound messages to whole seconds even where that puts them before an answer of the same second;
	// else such a message gets the next second, so that the order of times is that of arrival.
	RawSeconds bool
	// PhoneFirst lets the owner of a phone win over a contact_id given for a new chat.
	PhoneFirst bool
	// Delivered and Read are how long after its sending a message is delivered and read; 0 means 2 s and 10 s.
	Delivered, Read time.Duration
	// Quirks are the shares of odd marks; nil means the measured ones.
	Quirks *Quirks
	// PlainTimes writes times of pushes as RFC 3339 with Z; else they come in the three spellings that were met.
	PlainTimes bool
	// RetryAfter puts that header on refusals for want of budget.
	RetryAfter bool
	// Compression is the share of an image's bytes that is left before the 5 MB of WABA count; 0 means a quarter.
	Compression float64
	// PushDeadline is how long the answer to a push may take, in machine time; 0 means 5 s.
	PushDeadline time.Duration
	// Repeats are the pauses before a failed push is tried again, in world time; nil means 1, 5, 30, 120 and 600 s.
	Repeats []time.Duration
	// PushDelay holds every push back, in world time.
	PushDelay time.Duration
	// MaxUpload is the largest file in bytes; 0 means 100 MB.
	MaxUpload int64
	// Sizes may be shared by worlds of one seed; nil means its own.
	Sizes *Sizes
}

// Quirks are shares, 0 to 1, of the messages of the seller whose marks are not delivered, then read.
type Quirks struct {
	// Failed ones carry an error beside both marks.
	Failed float64
	// ReadOnly ones are read without having been delivered.
	ReadOnly float64
	// Reversed ones are delivered after they were read.
	Reversed float64
	// Early ones were delivered before they were written, by a clock that is off.
	Early float64
	// Unread ones are never read, Unmarked ones have no mark at all.
	Unread, Unmarked float64
}

// measured are the shares seen in 2,743 messages.
var measured = Quirks{Failed: 0.001, ReadOnly: 0.09, Reversed: 0.005, Early: 0.015, Unread: 0.1, Unmarked: 0.016}

func (o *Options) fill() {
	if o.Delivered == 0 {
		o.Delivered = 2 * time.Second
	}
	if o.Read == 0 {
		o.Read = 10 * time.Second
	}
	if o.Quirks == nil {
		q := measured
		o.Quirks = &q
	}
	if o.Compression == 0 {
		o.Compression = 0.25
	}
	if o.PushDeadline == 0 {
		o.PushDeadline = 5 * time.Second
	}
	if o.Repeats == nil {
		o.Repeats = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
	}
	if o.Sizes == nil {
		o.Sizes = &Sizes{}
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = 100 << 20
	}
}

// line is a connection to a messenger.
type line struct {
	kind, name string
	createBy   []string
}

// messenger is what is behind a connection.
func (l line) messenger() string {
	switch l.kind {
	case kindWhatsApp, kindWABA:
		return kindWhatsApp
	case kindTelegram, kindBot:
		return "telegram"
	}
	return l.kind
}

// Kinds of connections.
const (
	kindWhatsApp = "whatsapp"
	kindWABA     = "waba"
	kindTelegram = "telegram_personal"
	kindBot      = "telegram_bot"
	kindMax      = "max_personal"
)

// Places of the connections in lines.
const (
	lineWhatsApp = iota
	lineWABA
	lineTelegram
	lineBot
	lineMax
)

// lines are the connections of every company.
func lines() []line {
	return []line{
		lineWhatsApp: {kindWhatsApp, "WhatsApp", []string{"phone"}},
		lineWABA:     {kindWABA, "WhatsApp Business", []string{"phone"}},
		lineTelegram: {kindTelegram, "Telegram", []string{"phone", "username"}},
		lineBot:      {kindBot, "Telegram Bot", nil},
		lineMax:      {kindMax, "MAX", []string{"phone"}},
	}
}

// Guessed paths below a company.
const (
	pathFiles        = "/messaging/files"
	pathTemplates    = "/messaging/waba/templates"
	pathAvailability = "/messaging/chats/{chat}/availability"
)

// Sizes of pages.
const (
	defaultPage = 50
	maxPage     = 100
)

// late is by how much a reordered push is held back.
const late = 2 * time.Second

// filesHost gives out files.
const filesHost = "files.radist.online"

// detail is the body of a refusal.
type detail struct {
	Detail any `json:"detail"`
}

// fault is one item of the refusal 422.
type fault struct {
	Loc  []string `json:"loc"`
	Msg  string   `json:"msg"`
	Type string   `json:"type"`
}

func fail(rw http.ResponseWriter, status int, text string) { write(rw, status, detail{text}) }

// invalid answers 422; field is a path with dots.
func invalid(rw http.ResponseWriter, in, field, text string) {
	loc := []string{in}
	if field != "" {
		loc = append(loc, strings.Split(field, ".")...)
	}
	write(rw, http.StatusUnprocessableEntity, detail{[]fault{{loc, text, "value_error"}}})
}

type meJSON struct {
	ID     int64    `json:"id"`
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
}

type connectionJSON struct {
	ID     int64    `json:"id"`
	Type   string   `json:"type"`
	Name   string   `json:"name"`
	Params struct{} `json:"params"`
}

type sourceJSON struct {
	Connection int64    `json:"connection_id"`
	Type       string   `json:"type"`
	Name       string   `json:"name"`
	CreateBy   []string `json:"create_by"`
}

type phoneJSON struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

type contactJSON struct {
	ID      int64       `json:"id"`
	Name    string      `json:"name"`
	Phones  []phoneJSON `json:"phones"`
	Created string      `json:"created_at"`
}

type uploadJSON struct {
	URL  string `json:"url"`
	Name string `json:"name"`
	Size int64  `json:"size"`
	Type string `json:"mime_type"`
}

type availabilityJSON struct {
	Available    bool    `json:"available"`
	TemplateOnly bool    `json:"template_only"`
	Expires      *string `json:"session_expires_at"`
	Balance      bool    `json:"balance_sufficient"`
	FirstFree    bool    `json:"first_message_without_template"`
}

type subscriptionJSON struct {
	ID         int64    `json:"id"`
	Connection *int64   `json:"connection_id"`
	URL        string   `json:"url"`
	Events     []string `json:"events"`
}

// templateJSON is an element of the list of templates.
type templateJSON struct {
	Connection int64           `json:"connection_id"`
	Name       string          `json:"name"`
	Language   string          `json:"language"`
	Category   string          `json:"category"`
	Status     string          `json:"status"`
	Components []componentJSON `json:"components"`
}

type componentJSON struct {
	Type    string       `json:"type"`
	Format  string       `json:"format,omitempty"`
	Text    string       `json:"text,omitempty"`
	Buttons []buttonJSON `json:"buttons,omitempty"`
}

type buttonJSON struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	URL   string `json:"url,omitempty"`
	Phone string `json:"phone_number,omitempty"`
}

// templateSend is a template in a message.
type templateSend struct {
	Name       string          `json:"name"`
	Language   string          `json:"language"`
	Components []componentSend `json:"components"`
}

type componentSend struct {
	Type       string      `json:"type"`
	SubType    string      `json:"sub_type,omitempty"`
	Index      *int        `json:"index,omitempty"`
	Parameters []paramSend `json:"parameters"`
}

type paramSend struct {
	Type     string   `json:"type"`
	Text     *string  `json:"text,omitempty"`
	Payload  *string  `json:"payload,omitempty"`
	Image    *urlSend `json:"image,omitempty"`
	Video    *urlSend `json:"video,omitempty"`
	Document *urlSend `json:"document,omitempty"`
}

type urlSend struct {
	URL string `json:"url"`
}

// interactiveSend is a message with buttons or a menu.
type interactiveSend struct {
	Type   string      `json:"type"`
	Header *headerSend `json:"header,omitempty"`
	Body   *textSend   `json:"body,omitempty"`
	Footer *textSend   `json:"footer,omitempty"`
	Action *actionSend `json:"action,omitempty"`
}

type headerSend struct {
	Type     string   `json:"type"`
	Text     string   `json:"text,omitempty"`
	Image    *urlSend `json:"image,omitempty"`
	Video    *urlSend `json:"video,omitempty"`
	Document *urlSend `json:"document,omitempty"`
}

type textSend struct {
	Text string `json:"text"`
}

type actionSend struct {
	Buttons  []replyButton `json:"buttons,omitempty"`
	Button   string        `json:"button,omitempty"`
	Sections []sectionSend `json:"sections,omitempty"`
}

type replyButton struct {
	Type  string    `json:"type"`
	Reply replySend `json:"reply"`
}

type replySend struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type sectionSend struct {
	Title string    `json:"title,omitempty"`
	Rows  []rowSend `json:"rows"`
}

type rowSend struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// modes are the values of mode.
var modes = []string{"", "async", "sync"}

// maxText is how long a text may be on a connection.
func maxText(l line) int {
	if l.kind == kindWhatsApp {
		return 65_536
	}
	return 4096
}

const maxCaption = 1024

// replyJSON is the message that was answered.
func replyJSON(message, chat, phone any) map[string]any {
	return map[string]any{"message_id": message, "chat_id": chat, "phone": phone}
}

// deliveryJSON is the message in the push of a mark.
func deliveryJSON(w wire, source, at string, k mark) map[string]any {
	o := map[string]any{"message_id": w.id.String(), "source_message_id": source, k.name + "_at": at}
	if k.name == markError {
		o["error_type"], o["error_text"] = genericError, k.text
	}
	return o
}

// sourceChat is the messenger's own name of a chat, known of WhatsApp only. A user of Telegram has the same one through a bot and a number.
func sourceChat(l line, phone, username string) string {
	switch l.kind {
	case kindWhatsApp:
		return phone + "@c.us"
	case kindWABA, kindMax:
		return phone
	}
	if username != "" {
		phone = ""
	}
	sum := sha256.Sum256([]byte(strings.ToLower(username) + phone))
	return fmt.Sprint(binary.BigEndian.Uint32(sum[:4]))
}

// sourceMessage is the messenger's own name of a message, known of WhatsApp only.
func sourceMessage(l line, chat string, w wire) string {
	id := strings.ToUpper(hex.EncodeToString(w.id[:]))
	switch l.kind {
	case kindWhatsApp:
		return fmt.Sprintf("%v_%s_%s", !w.inbound, chat, id[:20])
	case kindWABA:
		return "wamid." + id
	}
	return fmt.Sprint(binary.BigEndian.Uint32(w.id[:4]))
}
