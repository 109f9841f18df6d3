package radist

import (
	"net/http"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// ack answers a push before anybody reads it. The gateway waits two or three
// seconds and repeats what was not answered well; only what can never be read is
// called wrong. Kinds of events that we do not know are kept, so that it can be
// seen that they come.
func ack(p sellerdesk.Push) channel.Reply {
	if _, err := api.ParseEvent(p.Body); err != nil {
		return channel.Reply{Status: http.StatusBadRequest, Type: "application/json", Body: []byte(`{"detail":"This is not an event of Radist.Online."}`)}
	}
	return channel.Reply{Status: http.StatusOK, Type: "application/json", Body: []byte(`{}`), Keep: true}
}
