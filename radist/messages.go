package radist

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// MessagesService are what is said in chats.
type MessagesService struct{ c *Client }

const messagesPath = "/companies/{company_id}/messaging/messages/"

// Direction tells who wrote, an open set.
type Direction string

// The directions.
const (
	Inbound  Direction = "inbound"  // from the customer
	Outbound Direction = "outbound" // to the customer, also from other programs and the phone
)

// GenericError is the only ErrorType that was seen.
const GenericError = "GENERIC_ERROR"

// Message is one message of a chat.
//
// The marks of delivery are as the messengers give them: ReadAt may come without
// DeliveredAt or before it, DeliveredAt may be before CreatedAt, a message with
// ErrorAt may have been delivered and read all the same, and inbound messages
// have none. Many inbound messages share their second: neither order nor
// identity follow from the moment.
type Message struct {
	ID string // unique over all chats
	// SourceID and SourceChatID are the messenger's own ids; the latter is that of
	// [Chat.SourceID], not the number of the chat.
	SourceID, SourceChatID string
	Direction              Direction
	Type                   MessageType
	// Content is never nil; what is not understood is an [Unknown].
	Content                                 Content
	CreatedAt, DeliveredAt, ReadAt, ErrorAt Time
	ErrorType, ErrorText                    string
	// Author and ReplyTo are objects whose fields were never seen; nil when there is none.
	Author, ReplyTo json.RawMessage
}

// messageWire is a message as it comes.
type messageWire struct {
	ID           string          `json:"message_id"`
	SourceID     string          `json:"source_message_id"`
	SourceChatID textOrNumber    `json:"chat_id"`
	Direction    Direction       `json:"direction"`
	Type         MessageType     `json:"message_type"`
	Author       json.RawMessage `json:"author"`
	CreatedAt    Time            `json:"created_at"`
	DeliveredAt  Time            `json:"delivered_at"`
	ReadAt       Time            `json:"read_at"`
	ErrorAt      Time            `json:"error_at"`
	ErrorType    string          `json:"error_type"`
	ErrorText    string          `json:"error_text"`
	ReplyTo      json.RawMessage `json:"reply_to"`
}

// UnmarshalJSON reads a message of a history, which has only the field named as
// its type, and a last message of a chat, which has all of them, most null.
func (m *Message) UnmarshalJSON(raw []byte) error {
	var w messageWire
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	*m = Message{
		ID: w.ID, SourceID: w.SourceID, SourceChatID: string(w.SourceChatID), Direction: w.Direction, Type: w.Type,
		CreatedAt: w.CreatedAt, DeliveredAt: w.DeliveredAt, ReadAt: w.ReadAt, ErrorAt: w.ErrorAt, ErrorType: w.ErrorType, ErrorText: w.ErrorText,
		Author: notNull(w.Author), ReplyTo: notNull(w.ReplyTo),
		Content: parseContent(w.Type, fields[string(w.Type)]),
	}
	return nil
}

// textOrNumber is an id that comes as a text here and as a number there.
type textOrNumber string

func (t *textOrNumber) UnmarshalJSON(raw []byte) error {
	var text string
	if raw[0] == '"' {
		err := json.Unmarshal(raw, &text)
		*t = textOrNumber(text)
		return err
	}
	if string(raw) != "null" {
		*t = textOrNumber(raw)
	}
	return nil
}

func notNull(raw json.RawMessage) json.RawMessage {
	if bytes.Equal(raw, []byte("null")) {
		return nil
	}
	return raw
}

// ListMessages asks for a page of a chat.
type ListMessages struct {
	Chat  int64
	Limit int // at most 100 were ever asked for; 0 leaves it to the remote side
	// Until is the moment to begin with, going back; zero means the newest.
	// Whether messages of that very moment come is not known.
	Until time.Time
}

// List gives a page of a chat, newest first. To go on by hand without losing
// messages that share a second see [MessagesService.All].
//
// Operation: GET /companies/{company_id}/messaging/messages/. Limit: 5 a second.
func (s *MessagesService) List(ctx context.Context, company int64, q ListMessages) (Page[Message], error) {
	parameters := url.Values{"chat_id": {decimal(q.Chat)}}
	if q.Limit > 0 {
		parameters.Set("limit", strconv.Itoa(q.Limit))
	}
	if !q.Until.IsZero() {
		parameters.Set("until", q.Until.UTC().Format(untilLayout))
	}
	return listed[Message](ctx, s.c, operation{
		method: http.MethodGet, path: messagesPath, company: company, query: parameters,
	}, messagesIn[:]...)
}

// untilLayout has the microseconds that outbound messages have.
const untilLayout = "2006-01-02T15:04:05.000000Z"

// Walk says which messages All goes through.
type Walk struct {
	Chat int64
	// Since ends the walk before messages that are older; zero goes back to the first.
	Since time.Time
	// Until is where to begin, going back; zero means the newest.
	Until time.Time
	// Limit is the size of pages, at least 2; 0 means 100.
	Limit int
	// Gap is told of moments of which messages may be missing: one has more than
	// a page holds, so that there is no way to ask for the rest, or the border of
	// two pages was not on both. Nil: only the log is told.
	Gap func(at time.Time)
}

// All goes through the messages of a chat, newest first, each once. It loses
// none at the border of two pages that falls into one moment: each page begins a
// microsecond after the end of the one before. It holds one page in memory. The
// order inside one moment is that of the remote side.
func (s *MessagesService) All(ctx context.Context, company int64, w Walk) iter.Seq2[Message, error] {
	if w.Limit <= 0 {
		w.Limit = defaultLimit
	}
	w.Limit = max(w.Limit, 2) // one is needed to begin with, another to get on
	return func(yield func(Message, error) bool) {
		b := &back{walk: w, until: w.Until, seen: map[string]time.Time{}}
		for {
			p, err := s.List(ctx, company, ListMessages{Chat: w.Chat, Limit: w.Limit, Until: b.until})
			if err != nil {
				yield(Message{}, err)
				return
			}
			newest, oldest := span(p.Items)
			if !b.until.IsZero() && newest.After(b.until.Add(slack)) {
				yield(Message{}, strayed("a page begins after what was asked for"))
				return
			}
			for _, m := range b.news(p.Items) {
				if !yield(m, nil) {
					return
				}
			}
			more, gap, err := b.next(p.whole(), oldest)
			if !gap.IsZero() {
				s.c.log.WarnContext(ctx, "messages of a moment may be missing", "chat", w.Chat, "at", gap)
				if w.Gap != nil {
					w.Gap(gap)
				}
			}
			if err != nil {
				yield(Message{}, err)
			}
			if !more {
				return
			}
		}
	}
}

// back is where a walk stands.
type back struct {
	walk   Walk
	until  time.Time // the next page begins here
	oldest time.Time // of the page before
	fresh  int       // new messages of the last page
	known  int       // and those that were on a page before
	// overlap says that the next page should have some of the last one.
	overlap bool
	// seen are those that the next page may have again.
	seen map[string]time.Time
}

const (
	// step is the smallest difference of two moments over there.
	step = time.Microsecond
	// slack is left to a service that counts until in seconds.
	slack = time.Second
)

// news are the messages of a page that were not on a page before and are not too old.
func (b *back) news(items []Message) []Message {
	b.fresh, b.known = 0, 0
	var out []Message
	for _, m := range items {
		if _, ok := b.seen[m.ID]; ok {
			b.known++
			continue
		}
		b.seen[m.ID] = m.CreatedAt.Time
		b.fresh++
		if m.CreatedAt.IsZero() || !m.CreatedAt.Before(b.walk.Since) {
			out = append(out, m)
		}
	}
	return out
}

// next moves back by a page of so many messages. gap is a moment of which
// messages may be missing, zero when none are.
func (b *back) next(whole int, oldest time.Time) (more bool, gap time.Time, err error) {
	before := b.oldest
	b.oldest = oldest
	if b.overlap && b.known == 0 {
		// The bound was read otherwise than it was written, as in whole seconds.
		gap = before
	}
	switch {
	case whole < b.walk.Limit:
		return false, gap, nil
	case oldest.IsZero():
		return false, gap, strayed("no message of a page has a moment")
	case oldest.Before(b.walk.Since):
		return false, gap, nil
	}
	until := oldest.Add(step)
	// A full page that goes no further back than the one before, or than it was
	// asked for, shows all it will ever show of this moment.
	stuck := !before.IsZero() && !oldest.Before(before) || !b.until.IsZero() && !until.Before(b.until)
	if stuck {
		until, gap = oldest.Add(-step), oldest
	}
	switch {
	case !b.until.IsZero() && !until.Before(b.until):
		return false, gap, strayed("a page goes no further back than what was asked for")
	case b.fresh == 0 && !stuck:
		return false, gap, nil
	}
	b.until, b.overlap = until, !stuck
	for id, at := range b.seen {
		if at.After(until.Add(slack)) {
			delete(b.seen, id) // no page has it again
		}
	}
	return true, gap, nil
}

// strayed is a page that cannot be what was asked for.
func strayed(how string) error {
	return &Error{
		Op: http.MethodGet + " " + messagesPath, Status: http.StatusOK, Outcome: OutcomeAnswered, kinds: []error{ErrMalformed},
		cause: fmt.Errorf("%w: %s", rest.ErrMalformed, how),
	}
}

// span are the first and the last moment of some messages, zero when they have none.
func span(items []Message) (newest, oldest time.Time) {
	for _, m := range items {
		at := m.CreatedAt.Time
		switch {
		case at.IsZero():
			continue
		case oldest.IsZero():
			newest, oldest = at, at
		case at.After(newest):
			newest = at
		case at.Before(oldest):
			oldest = at
		}
	}
	return newest, oldest
}

// Mode says when a sending is answered, an open set.
type Mode string

// ModeAsync answers before the messenger has the message. Programs in use ask
// for it, or for nothing.
const ModeAsync Mode = "async"

// SendMessage is a message to send.
type SendMessage struct {
	ConnectionID int64
	ChatID       int64 // the number of the chat, not the messenger's id
	Content      Content
	Mode         Mode // "" leaves it to the remote side
}

// Sent is what is known of a message that was taken. That it arrived, or did
// not, comes later as an event and as marks of the message.
type Sent struct {
	MessageID string `json:"message_id"`
}

// Send puts a message into a chat. It is sent once: there is no key against
// doubles, so after ErrOutcomeUnknown look into the chat before sending again.
// What the messenger would refuse anyhow is ErrRefused before it leaves.
//
// Operation: POST /companies/{company_id}/messaging/messages/. Limit: 5 a second.
func (s *MessagesService) Send(ctx context.Context, company int64, m SendMessage) (Sent, error) {
	o := operation{method: http.MethodPost, path: messagesPath, company: company}
	if err := m.check(); err != nil {
		return Sent{}, localError(o.name(), err, ErrRefused)
	}
	kind := m.Content.Type()
	body := map[string]any{
		"connection_id": m.ConnectionID, "chat_id": m.ChatID, "message_type": kind, string(kind): m.Content.payload(),
	}
	if m.Mode != "" {
		body["mode"] = m.Mode
	}
	o.body = body
	return single[Sent](ctx, s.c, o)
}

func (m SendMessage) check() error {
	switch {
	case m.ConnectionID <= 0:
		return errors.New("the connection to send through is missing")
	case m.ChatID <= 0:
		return errors.New("the chat to send into is missing")
	case m.Content == nil:
		return errors.New("the message has no content")
	}
	return m.Content.check()
}
