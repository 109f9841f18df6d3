package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// foundState is what an address says of a search that led to a conversation.
type foundState struct {
	At    sellerdesk.MessageID // the message to open at; 0: the newest
	Asked string               // what was searched for, as it was typed
	Apart bool                 // the page does not show the newest messages
}

func readFound(q url.Values) foundState {
	return foundState{At: queryID[sellerdesk.MessageID](q, "at"), Asked: prose.Clip(q.Get("q"), sellerdesk.MaxSearch), Apart: q.Get("apart") == "yes"}
}

// mark makes the view mark the words that were searched for.
func (f foundState) mark(v *View) {
	if q, err := sellerdesk.ParseSearch(f.Asked); err == nil && len(q.Words) > 0 {
		v.Found = finding.MarkerOf(q)
	}
}

// goTo shows the messages around the one to open at, where the newest page of a
// chat does not have it. A message that is gone opens the newest ones.
func (t *threadView) goTo(ctx context.Context, tx *store.Tx) error {
	has := slices.ContainsFunc(t.Messages, func(m sellerdesk.Message) bool { return m.ID == t.At })
	if t.At == 0 || has || t.reads() {
		return nil
	}
	p, err := tx.Messages.Around(ctx, t.Conversation.ID, t.At, pageMessages)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		t.At = 0
		return nil
	}
	t.Messages, t.Older, t.Newer = p.Items, p.Older, p.Newer
	return err
}

// newer is the page of messages behind those on the screen; the last one joins
// what live changes touch.
func (s inboxScreens) newer(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.further(w, r, user, func(ctx context.Context, tx *store.Tx, t *threadView) error {
		p, err := tx.Messages.Newer(ctx, t.Conversation.ID, r.URL.Query().Get("cursor"), pageMessages)
		t.Messages, t.Newer = p.Items, p.Newer
		return err
	}, newerPage)
}

// address is where a page of messages before or behind those on the screen is.
func (t threadView) address(part, cursor string) string {
	q := url.Values{"cursor": {cursor}}
	if t.Asked != "" {
		q.Set("q", t.Asked)
	}
	return "/ui/conversations/" + id(t.Conversation.ID) + "/" + part + "?" + q.Encode()
}

// foundAttributes tell the browser where to go and what was searched for.
func (t threadView) foundAttributes() templ.Attributes {
	out := templ.Attributes{}
	if t.At != 0 {
		out["data-at"] = id(t.At)
	}
	if t.Asked != "" {
		out["data-asked"] = t.Asked
	}
	if t.Newer != "" {
		out["data-apart"] = "yes"
	}
	return out
}
