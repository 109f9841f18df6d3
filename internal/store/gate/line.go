package gate

import (
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// MessageID names a message; one without a name is named by what it says.
func MessageID(m sellerdesk.MessagePatch) string {
	if m.RemoteID == "" {
		return "digest:" + Digest(string(m.Author), fmt.Sprint(m.At.Millis()), m.Text)
	}
	return RemoteID(m.RemoteID)
}

// Author takes what an adapter says; only these three come from outside.
func Author(said sellerdesk.Author) sellerdesk.Author {
	switch said {
	case sellerdesk.AuthorBuyer, sellerdesk.AuthorPlatform:
		return said
	default:
		return sellerdesk.AuthorElsewhere
	}
}

// Standing tells how a line of a remote side stands. Only lines of our side
// can be more than received.
func Standing(author sellerdesk.Author, m sellerdesk.MessagePatch) (sellerdesk.MessageStatus, sellerdesk.Why) {
	if author != sellerdesk.AuthorElsewhere {
		return sellerdesk.MessageReceived, sellerdesk.Why{}
	}
	switch m.Status {
	case sellerdesk.MessageSent, sellerdesk.MessageDelivered, sellerdesk.MessageRead, sellerdesk.MessageRefused:
		return m.Status, Why(m.Why)
	default:
		return sellerdesk.MessageReceived, sellerdesk.Why{}
	}
}
