package yandexmarket

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

func push(body string) sellerdesk.Push {
	return sellerdesk.Push{Body: []byte(body), Received: sellerdesk.At(time.Date(2026, 11, 21, 7, 3, 4, 5e6, time.FixedZone("", 3*3600)))}
}

func TestAck(t *testing.T) {
	t.Parallel()
	const good = `{"version":"1.0.0","name":"Sellerdesk","time":"2026-11-21T04:03:04Z"}`
	for _, c := range []struct {
		name, body string
		status     int
		keep       bool
	}{
		{"a test of the address is answered only", `{"notificationType":"PING","time":"2026-11-21T04:03:04Z"}`, http.StatusOK, false},
		{"a message is kept", `{"notificationType":"CHAT_MESSAGE_SENT","chatId":7,"messageId":"9","businessId":1}`, http.StatusOK, true},
		{"a review is kept", `{"notificationType":"GOODS_FEEDBACK_CREATED","feedbackId":7}`, http.StatusOK, true},
		{"what happens to an order is answered only", `{"notificationType":"ORDER_STATUS_UPDATED","orderId":7}`, http.StatusOK, false},
		{"an unknown kind is no failure", `{"notificationType":"SOMETHING_NEW"}`, http.StatusOK, true},
		{"other fields do not matter", `{"notificationType":"CHAT_CREATED","chatId":{"a":[1e999]}}`, http.StatusOK, true},
		{"no kind", `{"chatId":7}`, http.StatusBadRequest, false},
		{"an empty kind", `{"notificationType":""}`, http.StatusBadRequest, false},
		{"a kind that is null", `{"notificationType":null}`, http.StatusBadRequest, false},
		{"a kind that is a number", `{"notificationType":7}`, http.StatusBadRequest, false},
		{"a list", `[]`, http.StatusBadRequest, false},
		{"null", `null`, http.StatusBadRequest, false},
		{"no JSON", `<xml/>`, http.StatusBadRequest, false},
		{"nothing", ``, http.StatusBadRequest, false},
		{"two values", `{"notificationType":"PING"}{}`, http.StatusBadRequest, false},
		{"half of a value", `{"notificationType":"PING"`, http.StatusBadRequest, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ack(push(c.body))
			if got.Status != c.status || got.Keep != c.keep || got.Type != "application/json" {
				t.Errorf("answered %d, kept %v, as %q", got.Status, got.Keep, got.Type)
			}
			if c.status == http.StatusOK {
				if diff := cmp.Diff(good, string(got.Body)); diff != "" {
					t.Error(diff)
				}
				return
			}
			var wrong struct {
				Error struct{ Type, Message string }
			}
			if err := json.Unmarshal(got.Body, &wrong); err != nil || wrong.Error.Type != "WRONG_EVENT_FORMAT" || wrong.Error.Message == "" {
				t.Errorf("a wrong push is answered with %s", got.Body)
			}
		})
	}
}

// FuzzAck holds every answer against the contract: 200 with the three fields,
// or 400 with the error; never a failure, which would hold up all that follows.
func FuzzAck(f *testing.F) {
	for _, seed := range []string{"", "null", "{}", `{"notificationType":"PING"}`, `{"notificationType":"\ud800"}`, "\xff", strings.Repeat("[", 50)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := ack(sellerdesk.Push{Body: body, Received: sellerdesk.AtMillis(1)})
		var answer map[string]any
		if err := json.Unmarshal(got.Body, &answer); err != nil {
			t.Fatalf("the answer is no JSON: %v", err)
		}
		switch got.Status {
		case http.StatusOK:
			if len(answer) != 3 || answer["version"] == "" || answer["name"] == "" || answer["time"] != "1970-01-01T00:00:00Z" {
				t.Errorf("answered %s", got.Body)
			}
		case http.StatusBadRequest:
			if got.Keep || answer["error"] == nil {
				t.Errorf("kept %v, answered %s", got.Keep, got.Body)
			}
		default:
			t.Errorf("answered %d", got.Status)
		}
	})
}
