package custom

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
)

// The types of events.
const (
	eventMessage = "message"
	eventEdited  = "edited"
	eventDeleted = "deleted"
	eventStatus  = "status"
	eventClosed  = "closed"
	eventOpened  = "opened"
	eventPing    = "ping" // a test of the address and of the signature
)

// The authors of messages.
const (
	authorBuyer  = "buyer"
	authorShop   = "shop"
	authorSystem = "system"
)

// The bounds of an event.
const (
	longestName  = 200    // bytes of ids and names
	longestText  = 20_000 // characters
	longestURL   = 2_000
	mostIncoming = 20 // files of a message
)

// event is what a script tells.
type event struct {
	Type         string   `json:"type"`
	Kind         string   `json:"kind"`
	Conversation name     `json:"conversation"`
	Author       string   `json:"author"`
	From         *person  `json:"from"`
	Message      message  `json:"message"`
	Reply        name     `json:"reply"`
	Status       string   `json:"status"`
	Reason       string   `json:"reason"`
	Product      *product `json:"product"`
	Order        name     `json:"order"`
	Rating       *int     `json:"rating"`
	Network      string   `json:"network"`
}

type person struct {
	ID       name   `json:"id"`
	Name     string `json:"name"`
	Phone    name   `json:"phone"`
	Username string `json:"username"`
}

type message struct {
	ID     name   `json:"id"`
	Text   string `json:"text"`
	At     moment `json:"at"`
	Parent name   `json:"parent"`
	Files  []file `json:"files"`
}

type file struct {
	URL  string `json:"url"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

type product struct {
	ID    name   `json:"id"`
	Name  string `json:"name"`
	Price string `json:"price"`
	Size  string `json:"size"`
}

// name is an id: a text, or a whole number, as many programs count.
type name string

// UnmarshalJSON reads an id; null is none.
func (n *name) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case string(b) == "null":
	case len(b) > 0 && b[0] == '"':
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	default:
		number, err := strconv.ParseInt(string(b), 10, 64)
		if err != nil {
			return errors.New("an id is a text or a whole number")
		}
		s = strconv.FormatInt(number, 10)
	}
	*n = name(strings.TrimSpace(s))
	return nil
}

// moment is when something happened; the zero value is "not told".
type moment struct{ time.Time }

// earliest and latestMoment bound what is taken for a moment.
func earliest() time.Time     { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }
func latestMoment() time.Time { return time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) }

// UnmarshalJSON reads RFC 3339, or seconds since 1970; null and "" are none.
func (m *moment) UnmarshalJSON(b []byte) error {
	odd := errors.New("a time is like 2026-08-01T10:00:00Z, or seconds since 1970")
	var text string
	switch {
	case string(b) == "null":
		return nil
	case len(b) > 0 && b[0] == '"':
		if json.Unmarshal(b, &text) != nil {
			return odd
		}
		if text == "" {
			return nil
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return odd
		}
		m.Time = t
	default:
		seconds, err := strconv.ParseFloat(string(b), 64)
		if err != nil || !(seconds > 0 && seconds < 1e11) {
			return odd
		}
		whole, part := math.Modf(seconds)
		m.Time = time.Unix(int64(whole), int64(part*1e9))
	}
	if m.Before(earliest()) || m.After(latestMoment()) {
		return odd
	}
	return nil
}

// at is the moment as it is kept: what was not told, or lies ahead of our clock by
// more than clocks differ, is now.
func (m moment) at(now sellerdesk.Time) sellerdesk.Time {
	if m.IsZero() || m.After(now.Add(tolerance)) {
		return now
	}
	return sellerdesk.At(m.Time)
}

// complaint says in one sentence what is wrong with an event, without its words.
type complaint string

func (c complaint) Error() string { return string(c) }

// decode reads an event and judges it; the error is a complaint.
func decode(body []byte) (event, error) {
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		return event{}, unreadable(err)
	}
	if e.Type == eventPing {
		return e, nil
	}
	if err := e.check(); err != nil {
		return event{}, err
	}
	return e, nil
}

func unreadable(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return complaint(fmt.Sprintf("The body is no JSON: see byte %d.", syntax.Offset))
	case errors.As(err, &kind) && kind.Field == "":
		return complaint("The body must be a JSON object.")
	case errors.As(err, &kind):
		return complaint(fmt.Sprintf("The field %.100s has the wrong type.", kind.Field))
	default:
		return complaint("A field has the wrong form: " + err.Error() + ".")
	}
}

// check fills in what may be left out, and judges what is there.
func (e *event) check() error {
	if e.Kind == "" {
		e.Kind = string(sellerdesk.KindChat)
	}
	if e.Author == "" {
		e.Author = authorBuyer
	}
	if err := e.names(); err != nil {
		return err
	}
	switch e.Type {
	case eventMessage, eventEdited:
		return e.checkMessage()
	case eventDeleted, eventStatus:
		if e.Message.ID == "" {
			return complaint("The field message.id is needed.")
		}
		if e.Type == eventStatus && e.standing() == "" {
			return complaint("The status is sent, delivered, read or refused.")
		}
		return nil
	case eventClosed, eventOpened:
		return nil
	case "":
		return complaint("The field type is needed.")
	default:
		return complaint("The type is message, edited, deleted, status, closed, opened or ping.")
	}
}

// names judges what names things.
func (e *event) names() error {
	if e.Conversation == "" {
		return complaint("The field conversation is needed.")
	}
	switch sellerdesk.Kind(e.Kind) {
	case sellerdesk.KindChat, sellerdesk.KindQuestion, sellerdesk.KindReview:
	default:
		return complaint("The kind is chat, question or review.")
	}
	if e.Author != authorBuyer && e.Author != authorShop && e.Author != authorSystem {
		return complaint("The author is buyer, shop or system.")
	}
	ids := []struct {
		field string
		id    name
	}{{"conversation", e.Conversation}, {"message.id", e.Message.ID}, {"message.parent", e.Message.Parent}, {"reply", e.Reply}, {"order", e.Order}}
	if e.From != nil {
		ids = append(ids, struct {
			field string
			id    name
		}{"from.id", e.From.ID})
	}
	if e.Product != nil {
		ids = append(ids, struct {
			field string
			id    name
		}{"product.id", e.Product.ID})
	}
	for _, n := range ids {
		if len(n.id) > longestName || strings.ContainsFunc(string(n.id), func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return complaint(fmt.Sprintf("The field %s takes up to %d bytes, without line breaks.", n.field, longestName))
		}
	}
	return nil
}

func (e *event) checkMessage() error {
	m := e.Message
	switch {
	case m.ID == "":
		return complaint("The field message.id is needed.")
	case utf8.RuneCountInString(m.Text) > longestText:
		return complaint(fmt.Sprintf("The text takes up to %d characters.", longestText))
	case strings.TrimSpace(m.Text) == "" && len(m.Files) == 0 && e.Rating == nil:
		return complaint("The message has neither a text nor files.")
	case len(m.Files) > mostIncoming:
		return complaint(fmt.Sprintf("A message has up to %d files.", mostIncoming))
	case e.Rating != nil && (*e.Rating < 1 || *e.Rating > 5):
		return complaint("The rating is 1 to 5.")
	case e.Rating != nil && e.Kind != string(sellerdesk.KindReview):
		return complaint("Only a review has a rating.")
	}
	for _, f := range m.Files {
		if _, err := fileAddress(f.URL); err != nil || f.Size < 0 {
			return complaint("Each file needs its url, like https://host/path.")
		}
	}
	return nil
}

// standing is how far a message of ours is; "" for a status that there is not.
func (e *event) standing() sellerdesk.MessageStatus {
	switch s := sellerdesk.MessageStatus(e.Status); s {
	case sellerdesk.MessageSent, sellerdesk.MessageDelivered, sellerdesk.MessageRead, sellerdesk.MessageRefused:
		return s
	default:
		return ""
	}
}

// cut bounds a text in bytes at a character, on one line.
func cut(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
