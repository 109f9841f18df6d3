package marks

import "github.com/sellerdesk/sellerdesk"

// GoesOn tells whether a message of our side may go from one standing to
// another by the word of a remote side. A look that is older than what we know
// takes nothing back, unless the text is another one. What stands in public may
// be taken down after all; a line of a chat that the buyer has is not undone by
// an error that comes later.
func GoesOn(kind sellerdesk.Kind, from, to sellerdesk.MessageStatus, revised bool) bool {
	switch from {
	case sellerdesk.MessageReceived:
		return true
	case sellerdesk.MessageSent, sellerdesk.MessageDelivered, sellerdesk.MessageRead, sellerdesk.MessageRefused:
	default:
		return false // its outbox item decides
	}
	switch {
	case kind == sellerdesk.KindChat:
		return Weight(to) >= Weight(from)
	case from == to, revised, to == sellerdesk.MessageRefused, to == sellerdesk.MessageRead:
		return true
	case to == sellerdesk.MessageDelivered:
		return from != sellerdesk.MessageRead
	default:
		return false
	}
}
