package web

import (
	"net/url"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
)

// personLink is the address of a person's page.
func personLink(c sellerdesk.ContactID) templ.SafeURL { return templ.SafeURL("/people/" + id(c)) }

// conversationLink is the address of a conversation among all.
func conversationLink(c sellerdesk.ConversationID) templ.SafeURL {
	return templ.SafeURL("/conversations/" + id(c) + "?filter=all")
}

// hostOf is the site of an address, with what follows it.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host + u.Path
}

// title names a channel.
func (t threadView) title(kind sellerdesk.ChannelKind) string {
	if s := t.Titles[kind]; s != "" {
		return s
	}
	return string(kind)
}

// others are the conversations of the same person beside the open one.
func (t threadView) others() []sellerdesk.Conversation {
	var out []sellerdesk.Conversation
	if t.Person == nil {
		return nil
	}
	for _, c := range t.Person.Conversations {
		if c.ID != t.Conversation.ID {
			out = append(out, c)
		}
	}
	return out
}
