package sending

import (
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// About names what a chat is about, or with which number, so that one that we
// started is known again when the remote side tells of it; "" when that is
// neither an order nor a return nor a number.
func About(c sellerdesk.Chat, order string) string {
	phone, known := sellerdesk.NormalPhone(string(c.Phone))
	switch {
	case c.Subject == sellerdesk.ChatAboutReturn && c.Return != "":
		return "return/" + text.Cut(text.Clean(string(c.Return)), 200)
	case c.Subject == sellerdesk.ChatAboutOrder && order != "":
		return "order/" + text.Cut(text.Clean(order), 200)
	case c.Source != "" && known:
		return "phone/" + text.Cut(text.Clean(string(c.Source)), 200) + "/" + phone
	default:
		return ""
	}
}

// AboutName says by a name of the messenger whom a chat is with; "" when it has
// none. One chat may be known by a number and by a name.
func AboutName(c sellerdesk.Chat) string {
	name := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text.Clean(string(c.Username))), "@"))
	if c.Source == "" || name == "" {
		return ""
	}
	return text.Cut(text.Clean(string(c.Source)), 200) + "/" + text.Cut(name, 200)
}

// Opening is a conversation to be started.
type Opening struct {
	Account sellerdesk.AccountID
	// Order or Return is what it is about, by the remote side's id; the other one is "".
	Order, Return string
	// Source is the way through which a person is written to, with the Phone
	// (digits) or the Username (without @) of that person.
	Source          sellerdesk.Source
	Phone, Username string
	// Offers are what can be done there while the remote side has not told; nil for
	// all that the channel can.
	Offers []sellerdesk.Offer
	// Contact is the person it is with, as named by hand; 0 leaves that to the
	// number or the name, where somebody is known by it.
	Contact sellerdesk.ContactID
}

// Chat is the conversation as it is before the remote side tells of it.
func (n Opening) Chat() sellerdesk.Chat {
	if n.Source.ID != "" {
		return sellerdesk.Chat{
			State: sellerdesk.ChatNew, Subject: sellerdesk.ChatDirect, Network: sellerdesk.Optional(n.Source.Network),
			Source: sellerdesk.Optional(n.Source.ID), Phone: sellerdesk.Optional(n.Phone), Username: sellerdesk.Optional(n.Username),
		}
	}
	if n.Return != "" {
		return sellerdesk.Chat{State: sellerdesk.ChatNew, Subject: sellerdesk.ChatAboutReturn, Return: sellerdesk.Optional(n.Return)}
	}
	return sellerdesk.Chat{State: sellerdesk.ChatNew, Subject: sellerdesk.ChatAboutOrder}
}
