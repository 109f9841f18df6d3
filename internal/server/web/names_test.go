package web

import (
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
)

func TestALineIsNamedAfterTheOneWhoseItIs(t *testing.T) {
	t.Parallel()
	v := &View{Texts: texts.English(), User: sellerdesk.User{ID: 1}}
	thread := threadView{People: map[sellerdesk.UserID]string{2: "Olga\u202e"}}
	claim := threadView{Conversation: sellerdesk.Conversation{Kind: sellerdesk.KindClaim, Claim: &sellerdesk.Claim{Decided: true}}, People: thread.People}
	ours := claim
	ours.Actions = []sellerdesk.OutboxItem{{Action: sellerdesk.ActionDecide, State: sellerdesk.OutboxSent, User: ptr(sellerdesk.UserID(2))}}
	for name, c := range map[string]struct {
		in     threadView
		author sellerdesk.Author
		user   sellerdesk.UserID
		want   string
	}{
		"one's own":                             {thread, sellerdesk.AuthorAgent, 1, "You"},
		"a colleague's, by name":                {thread, sellerdesk.AuthorAgent, 2, "Olga"},
		"a colleague's who is gone":             {thread, sellerdesk.AuthorAgent, 3, "Colleague"},
		"an answer given without us":            {thread, sellerdesk.AuthorElsewhere, 0, "Answered elsewhere"},
		"a claim that was decided without us":   {claim, sellerdesk.AuthorElsewhere, 0, v.DecidedElsewhere},
		"a claim that a colleague decided here": {ours, sellerdesk.AuthorElsewhere, 0, "Olga"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := sellerdesk.Message{Author: c.author}
			if c.user != 0 {
				m.User = &c.user
			}
			if got := v.authorName(c.in, m); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
