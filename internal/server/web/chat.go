package web

import (
	"net/url"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// chatState says whose move it is in a chat; "" where the channel does not
// tell, or has none yet. An unknown state stands in the channel's own words.
func chatState(v *View, c sellerdesk.Conversation) string {
	if c.Chat == nil || opening(c) {
		return ""
	}
	if s, ok := v.ChatStates[c.Chat.State]; ok {
		return s
	}
	return prose.Clip(prose.Line(string(c.Chat.State)), 40)
}

// headState is chatState where the clock beside it does not say the same.
func headState(v *View, c sellerdesk.Conversation) string {
	if c.NeedsAnswer && c.WaitingSince != nil && c.Chat != nil && c.Chat.State == sellerdesk.ChatWaitsForSeller {
		return ""
	}
	return chatState(v, c)
}

// disputed tells whether the buyer called an arbiter.
func disputed(c sellerdesk.Conversation) bool { return c.Chat != nil && c.Chat.Dispute }

// opening tells whether a conversation of ours is not there at the remote side yet.
func opening(c sellerdesk.Conversation) bool {
	return c.RemoteID == nil && c.Kind == sellerdesk.KindChat
}

// openingWords say how the start of a chat of ours goes; "" once it is there.
func openingWords(v *View, c sellerdesk.Conversation) string {
	a, _ := sellerdesk.Find(c.Can, sellerdesk.ActionReply)
	switch {
	case !opening(c):
		return ""
	case a.Reason != "":
		return v.NotOpened
	default:
		return v.Opening
	}
}

// startAgain is the form to try once more to start a chat that was refused; ok
// is false for everything else.
func startAgain(t threadView, i sellerdesk.OutboxItem) (address templ.SafeURL, ok bool) {
	c := t.Conversation
	if !opening(c) || i.Action != sellerdesk.ActionOpen || i.State != sellerdesk.OutboxRefused {
		return "", false
	}
	about, number := sellerdesk.ChatAboutOrder, c.Order
	if r := ofChat(c).Return; r != "" {
		about, number = sellerdesk.ChatAboutReturn, r
	}
	q := url.Values{"account": {id(c.Account)}, "about": {string(about)}, "number": {string(number)}}
	return templ.SafeURL(withQuery("/start", q)), true
}

// chatSubject says what a chat is about.
func chatSubject(v *View, c sellerdesk.Conversation) string {
	if c.Chat == nil {
		return ""
	}
	if s, ok := v.ChatSubjects[c.Chat.Subject]; ok {
		return s
	}
	return prose.Clip(prose.Line(string(c.Chat.Subject)), 40)
}

// ofChat is what only a chat has; empty where there is none.
func ofChat(c sellerdesk.Conversation) sellerdesk.Chat {
	if c.Chat == nil {
		return sellerdesk.Chat{}
	}
	return *c.Chat
}
