package radist_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/radist"
)

// written is the event that the specification writes.
const written = `{"event_type": "messages.create",
 "event": {"connection_id": 10, "chat_id": 37, "contact_id": 5,
  "chat": {"phone": "79990000001", "name": "Анна", "username": null, "profile_link": null},
  "message": {"message_id": "0d2f", "direction": "inbound", "message_type": "text",
              "created_at": "2026-08-01T10:00:00Z", "text": {"text": "Здравствуйте"}}}}`

func TestEventsAreRead(t *testing.T) {
	t.Parallel()
	const moment = "2026-08-01T10:00:00Z"
	for _, c := range []struct {
		name, body string
		want       radist.Event
	}{
		{"the one of the specification", written, radist.Event{
			Type: radist.EventMessage, ConnectionID: 10, ChatID: 37, ContactID: 5, Chat: radist.EventChat{Phone: "79990000001", Name: "Анна"},
			Message: &radist.Message{ID: "0d2f", Direction: radist.Inbound, Type: radist.TypeText, CreatedAt: at(t, moment), Content: radist.Text("Здравствуйте")},
		}},
		{"a date with offset", `{"event_type":"messages.create","event":{"message":{"message_id":"a","created_at":"2026-08-01T13:00:00+03:00"}}}`,
			radist.Event{Type: radist.EventMessage, Message: &radist.Message{ID: "a", CreatedAt: at(t, moment), Content: radist.Unknown{}}}},
		{"a date with fraction and offset", `{"event_type":"messages.create","event":{"message":{"message_id":"a","created_at":"2026-08-01T10:00:00.25+00:00"}}}`,
			radist.Event{Type: radist.EventMessage, Message: &radist.Message{ID: "a", CreatedAt: at(t, "2026-08-01T10:00:00.25Z"), Content: radist.Unknown{}}}},
		{"a date with fraction and no offset", `{"event_type":"messages.create","event":{"message":{"message_id":"a","created_at":"2026-08-01T10:00:00.250000"}}}`,
			radist.Event{Type: radist.EventMessage, Message: &radist.Message{ID: "a", CreatedAt: at(t, "2026-08-01T10:00:00.25Z"), Content: radist.Unknown{}}}},
		{"an image without a text", `{"event_type":"messages.create","event":{"chat_id":37,"message":{"message_id":"a","message_type":"image","image":{"url":"https://f/1"}}}}`,
			radist.Event{Type: radist.EventMessage, ChatID: 37, Message: &radist.Message{ID: "a", Type: radist.TypeImage, Content: radist.Media{Kind: radist.TypeImage, URL: "https://f/1"}}}},
		{"a mark of delivery", `{"event_type":"messages.delivery.error","event":{"chat_id":37,"message":{"message_id":"a","error_at":"2026-08-01T10:00:00Z","error_type":"GENERIC_ERROR","error_text":"131026"}}}`,
			radist.Event{Type: radist.EventError, ChatID: 37, Message: &radist.Message{ID: "a", ErrorAt: at(t, moment), ErrorType: radist.GenericError, ErrorText: "131026", Content: radist.Unknown{}}}},
		{"a mark of nobody knows which message", `{"event_type":"messages.delivery.read","event":{"chat_id":37,"message":{"read_at":"2026-08-01T10:00:00Z"}}}`,
			radist.Event{Type: radist.EventRead, ChatID: 37}},
		{"a type that came later", `{"event_type":"chats.sung","event":{"chat_id":"37","song":[1]}}`, radist.Event{Type: "chats.sung", ChatID: 37}},
		{"no event at all", `{"event_type":"chats.sung"}`, radist.Event{Type: "chats.sung"}},
		{"an odd chat and an odd message", `{"event_type":"messages.create","event":{"chat_id":37,"chat":"Анна","message":[1]}}`, radist.Event{Type: radist.EventMessage, ChatID: 37}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := radist.ParseEvent([]byte(c.body))
			if err != nil || string(got.Raw) != c.body {
				t.Fatalf("%+v, %v", got, err)
			}
			got.Raw = nil
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsNoEvent(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", "7", "[]", "{}", `{"event_type":7}`, `{"event_type":"x","event":{"chat_id":"Анна"}}`, `{"event_type":"x","event":{"chat_id":1.5}}`, `{"event_type":"x","event":7}`, `{"event_type":"x"`} {
		got, err := radist.ParseEvent([]byte(body))
		if !errors.Is(err, radist.ErrEvent) || got.Type != "" || strings.Contains(err.Error(), "Анна") {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

const secret = "k8Zr2vQ0mX5t7LwP"

func TestTheReceiverLetsOnlyItsSubscriptionIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, secret, method, target, body string
		fails                              bool
		status, taken                      int
	}{
		{"the secret at the end of the path", secret, "POST", "/in/" + secret, written, false, 204, 1},
		{"the secret as parameter", secret, "POST", "/in?key=" + secret, written, false, 204, 1},
		{"a forged key", secret, "POST", "/in/k8Zr2vQ0mX5t7LwQ", written, false, 404, 0},
		{"a forged parameter beside the right path", secret, "POST", "/in/" + secret + "?key=x", written, false, 404, 0},
		{"no key", secret, "POST", "/in", written, false, 404, 0},
		{"no secret lets nobody in", "", "POST", "/", written, false, 404, 0},
		{"nor does a short one", "short", "POST", "/in/short", written, false, 404, 0},
		{"a browser that knows the secret", secret, "GET", "/in/" + secret, "", false, 405, 0},
		{"a browser that does not", secret, "GET", "/in/x", "", false, 404, 0},
		{"no event", secret, "POST", "/in/" + secret, "<html>", false, 400, 0},
		{"an event of two megabytes", secret, "POST", "/in/" + secret, `{"event_type":"` + strings.Repeat("x", 2<<20) + `"}`, false, 413, 0},
		{"an unknown type is taken", secret, "POST", "/in/" + secret, `{"event_type":"chats.sung"}`, false, 204, 1},
		{"an event that cannot be kept is asked for again", secret, "POST", "/in/" + secret, written, true, 503, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			taken := 0
			h := &radist.Receiver{Secret: c.secret, Take: func(_ *http.Request, e radist.Event) error {
				taken++
				if c.fails {
					return errors.New("secret words of a disk")
				}
				return nil
			}}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest(c.method, c.target, strings.NewReader(c.body)))
			if rec.Code != c.status || taken != c.taken || strings.Contains(rec.Body.String(), "words") {
				t.Errorf("%d %s, %d taken", rec.Code, rec.Body, taken)
			}
		})
	}
}
