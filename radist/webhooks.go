package radist

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// WebhooksService are the subscriptions of a company to events.
type WebhooksService struct{ c *Client }

// EventType tells what happened, an open set.
type EventType string

// The types of events.
const (
	EventMessage   EventType = "messages.create" // in both directions, one's own included
	EventDelivered EventType = "messages.delivery.delivered"
	EventRead      EventType = "messages.delivery.read"
	EventError     EventType = "messages.delivery.error"
)

// AllEvents returns every type of event that is known.
func AllEvents() []EventType {
	return []EventType{EventMessage, EventDelivered, EventRead, EventError}
}

// List gives the subscriptions of a company.
//
// Operation: GET /companies/{company_id}/webhooks/. Limit: 5 a second.
func (s *WebhooksService) List(ctx context.Context, company int64) (Page[Subscription], error) {
	return listed[Subscription](ctx, s.c, operation{
		method: http.MethodGet, path: "/companies/{company_id}/webhooks/", company: company,
	}, webhooksIn[:]...)
}

// NewSubscription says what to be told of.
type NewSubscription struct {
	// ConnectionID is whose events; 0 means all connections.
	ConnectionID int64
	// URL is where they are posted to. Events are not signed: put something
	// unguessable into it, as [Receiver] wants it.
	URL    string
	Events []EventType // empty means AllEvents
}

// Create subscribes. It is sent once; nothing keeps a second subscription of the
// same address from being made, so look with List first.
//
// Operation: POST /companies/{company_id}/webhooks/. Limit: 5 a second.
func (s *WebhooksService) Create(ctx context.Context, company int64, n NewSubscription) (Subscription, error) {
	o := operation{method: http.MethodPost, path: "/companies/{company_id}/webhooks/", company: company}
	u, err := url.Parse(n.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return Subscription{}, localError(o.name(), errors.New("the address for events is no web address"), ErrRefused)
	}
	if len(n.Events) == 0 {
		n.Events = AllEvents()
	}
	o.body = struct {
		ConnectionID int64       `json:"connection_id,omitempty"`
		URL          string      `json:"url"`
		Events       []EventType `json:"events"`
	}{n.ConnectionID, n.URL, n.Events}
	return single[Subscription](ctx, s.c, o)
}

// Delete ends a subscription. One that is gone already is ErrNotFound.
//
// Operation: DELETE /companies/{company_id}/webhooks/{id}. Limit: 5 a second.
func (s *WebhooksService) Delete(ctx context.Context, company, subscription int64) error {
	return s.c.do(ctx, operation{
		method: http.MethodDelete, path: "/companies/{company_id}/webhooks/{id}", company: company, other: subscription,
	}, nil)
}

// Event is something that the service pushed. Nothing in it proves who sent it,
// it may come twice, late, in any order or not at all: go by the id of the
// message, and read the chat for what was missed.
type Event struct {
	Type         EventType
	ConnectionID int64
	ChatID       int64
	ContactID    int64
	Chat         EventChat
	// Message is nil when the event has none that names itself: read the chat
	// then. Events of delivery may have no more of it than ids and one mark.
	Message *Message
	// Raw is the whole body, for what is not listed above and for types that came
	// after this package was written.
	Raw json.RawMessage
}

// EventChat is what an event tells about the customer; "" is not told.
type EventChat struct {
	Phone       string `json:"phone"`
	Name        string `json:"name"`
	Username    string `json:"username"`
	ProfileLink string `json:"profile_link"`
}

// ErrEvent: a body that is no event.
var ErrEvent = errors.New("not an event")

// number is an id that comes as a number or as a text with digits.
type number int64

func (n *number) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if text == "" || text == "null" {
		*n = 0
		return nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return errors.New("an id is not a whole number")
	}
	*n = number(v)
	return nil
}

// ParseEvent reads the body of a push. Unknown types are kept, and so is what
// has an odd message or customer. A body that is no JSON object, has no type, or
// names something with no number is ErrEvent.
func ParseEvent(body []byte) (Event, error) {
	var w struct {
		Type  EventType `json:"event_type"`
		Event struct {
			ConnectionID number          `json:"connection_id"`
			ChatID       number          `json:"chat_id"`
			ContactID    number          `json:"contact_id"`
			Chat         json.RawMessage `json:"chat"`
			Message      json.RawMessage `json:"message"`
		} `json:"event"`
	}
	if err := json.Unmarshal(body, &w); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return Event{}, fmt.Errorf("%w: broken JSON at byte %d", ErrEvent, syntax.Offset)
		}
		return Event{}, fmt.Errorf("%w: a field is not what it should be", ErrEvent) // without a customer's words
	}
	if w.Type == "" {
		return Event{}, fmt.Errorf("%w: event_type is missing", ErrEvent)
	}
	e := Event{
		Type: w.Type, ConnectionID: int64(w.Event.ConnectionID), ChatID: int64(w.Event.ChatID), ContactID: int64(w.Event.ContactID),
		Raw: append(json.RawMessage(nil), body...),
	}
	if chat := (EventChat{}); json.Unmarshal(w.Event.Chat, &chat) == nil {
		e.Chat = chat
	}
	if m := (Message{}); json.Unmarshal(w.Event.Message, &m) == nil && m.ID != "" {
		e.Message = &m
	}
	return e, nil
}

// MaxEvent bounds the body of an event, in bytes.
const MaxEvent = 1 << 20

// ShortestSecret is how long the secret of a Receiver must be, in bytes.
const ShortestSecret = 16

// Receiver answers the events of a subscription. It is an [http.Handler] for
// programs that use this package alone.
//
// The service waits two or three seconds for an answer. So Take must be quick:
// put the event somewhere durable and return.
type Receiver struct {
	// Secret is what only the address of the subscription has: the last part of
	// its path, or its query parameter "key". Anybody else is told that there is
	// nothing here. One shorter than ShortestSecret lets nobody in.
	Secret string
	// Take keeps an event. An error asks for it again.
	Take func(*http.Request, Event) error
}

// ServeHTTP answers one event with 204, with 404 whoever does not know the
// secret, 405 for what is no POST, 413 and 400 for what is no event, and 503 when
// Take failed.
func (s *Receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !s.knows(r):
		http.NotFound(w, r)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "an event is a POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxEvent))
	if err != nil {
		status := http.StatusBadRequest
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "the event cannot be read", status)
		return
	}
	e, err := ParseEvent(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if s.Take != nil {
		if err := s.Take(r, e); err != nil {
			http.Error(w, "the event could not be kept", http.StatusServiceUnavailable)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// knows compares in a time that does not depend on how much is right.
func (s *Receiver) knows(r *http.Request) bool {
	if len(s.Secret) < ShortestSecret {
		return false
	}
	given := r.URL.Query().Get("key")
	if given == "" {
		given = path.Base(r.URL.Path)
	}
	return subtle.ConstantTimeCompare([]byte(given), []byte(s.Secret)) == 1
}
