package web

import (
	"slices"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// isComment tells whether a line of somebody else stands beside the words that
// the conversation began with. What a buyer adds to a review is part of it.
func (t threadView) isComment(m sellerdesk.Message) bool {
	if m.Parent != nil || m.AuthorName != "" {
		return true
	}
	return m.Author == sellerdesk.AuthorBuyer && m.ID != t.firstWords() && !t.supplements(m)
}

// commentAuthor names the one who wrote a comment.
func commentAuthor(v *View, t threadView, m sellerdesk.Message) string {
	if s := prose.Clip(prose.Line(string(m.AuthorName)), 60); s != "" {
		return s
	}
	if m.Author == sellerdesk.AuthorPlatform {
		return v.PlatformShort
	}
	return v.buyerName(t.Conversation)
}

// quoted is how much of a text its target shows.
const quoted = 80

// underComment makes a button answer a comment.
func underComment(v *View, t threadView, m sellerdesk.Message) templ.Attributes {
	return templ.Attributes{
		"data-parent": id(m.ID),
		"data-target": v.InReply(commentAuthor(v, t, m), prose.Clip(prose.Line(m.Text), quoted)),
	}
}

// changing makes a button change an answer: the one it stands at where there
// are several, else the one there is.
func changing(v *View, t threadView, m sellerdesk.Message) templ.Attributes {
	if m.RemoteID == "" {
		return nil
	}
	out := templ.Attributes{"data-message": id(m.ID)}
	if t.ownAnswers() > 1 {
		out["data-target"] = v.EditsOf(prose.Clip(prose.Line(m.Text), quoted))
	}
	return out
}

// ownAnswers is how many answers of ours the remote side has.
func (t threadView) ownAnswers() int {
	n := 0
	for _, m := range t.Messages {
		if m.Author.Ours() && arrived(m.Status) {
			n++
		}
	}
	return n
}

// mayAnswer tells whether a public answer is taken now.
func (t threadView) mayAnswer() bool {
	a, ok := sellerdesk.Find(t.Conversation.Can, sellerdesk.ActionAnswer)
	return ok && a.Reason == ""
}

// editable tells whether the answer that a message is may be changed now: any
// that the remote side knows by itself, else the newest of ours that it has.
func (t threadView) editable(m sellerdesk.Message) (sellerdesk.Ability, bool) {
	a, ok := sellerdesk.Find(t.Conversation.Can, sellerdesk.ActionEdit)
	if !ok || m.Text == "" || m.ReasonCode == sellerdesk.ReasonEditing || !m.Author.Ours() {
		return a, false
	}
	if m.RemoteID != "" && (arrived(m.Status) || m.Status == sellerdesk.MessageRefused && m.ReasonCode == sellerdesk.ReasonModeration) {
		return a, true
	}
	for _, other := range slices.Backward(t.Messages) {
		if other.Author.Ours() && arrived(other.Status) {
			return a, other.ID == m.ID
		}
	}
	return a, false
}
