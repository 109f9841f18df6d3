package yandexmarket

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// What we answer to a push says who we are.
const (
	ackName    = "Sellerdesk"
	ackVersion = "1.0.0"
)

// ack answers a push before anybody reads it. The remote side sends nothing
// else until it gets a good answer, and repeats what was answered with a
// failure for up to 14 days; so only what can never be read is called wrong,
// which it does not repeat. A kind that we do not know is fine.
func ack(p sellerdesk.Push) channel.Reply {
	var n struct {
		Type *string `json:"notificationType"`
	}
	if err := json.Unmarshal(p.Body, &n); err != nil {
		return wrongFormat("The body is not a JSON object with a text in notificationType.")
	}
	if n.Type == nil || *n.Type == "" {
		return wrongFormat("notificationType is missing.")
	}
	body := struct {
		Version string `json:"version"`
		Name    string `json:"name"`
		Time    string `json:"time"`
	}{ackVersion, ackName, p.Received.UTC().Format(time.RFC3339)}
	return reply(http.StatusOK, body, keeps(*n.Type))
}

// keeps tells whether a push of a kind is to be read. Tests of the address and
// what happens to orders tell nothing that this channel shows. Unknown kinds
// are kept, so that it can be seen that they come.
func keeps(kind string) bool {
	return kind != kindPing && !ofOrders(kind)
}

func wrongFormat(message string) channel.Reply {
	type wrong struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}
	return reply(http.StatusBadRequest, struct {
		Error wrong `json:"error"`
	}{wrong{"WRONG_EVENT_FORMAT", message}}, false)
}

func reply(status int, v any, keep bool) channel.Reply {
	body, err := json.Marshal(v)
	if err != nil {
		body = []byte("{}") // never: texts only
	}
	return channel.Reply{Status: status, Type: "application/json", Body: body, Keep: keep}
}
