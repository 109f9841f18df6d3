package searching

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

// Place is what an address says of a search that led to a conversation.
type Place struct {
	At    sellerdesk.MessageID // the message to open at; 0: the newest
	Asked string               // what was searched for, as it was typed
	By    finding.Sort         // in which order it was found
	Apart bool                 // the page does not show the newest messages
}

// ReadPlace takes the place from an address.
func ReadPlace(q url.Values) Place {
	p := Place{Asked: bounded(q.Get("q")), By: sortOf(url.Values{"sort": q["by"]}), Apart: q.Get("apart") == "yes"}
	if n, err := strconv.ParseInt(q.Get("at"), 10, 64); err == nil && n > 0 {
		p.At = sellerdesk.MessageID(n)
	}
	return p
}

// Marker marks the words that were searched for; nil where none were.
func (p Place) Marker() *finding.Marker {
	q, err := search.Parse(p.Asked)
	if err != nil || len(q.Words) == 0 {
		return nil
	}
	return finding.MarkerOf(q)
}

// Passage reads the messages around the one to open at, newest first, with the
// cursors of what is before and behind them. There is none where the newest page
// has the message, or where it is gone.
func (p *Place) Passage(ctx context.Context, tx *store.Tx, c sellerdesk.ConversationID, newest []sellerdesk.Message, limit int) (list []sellerdesk.Message, older, newer string, err error) {
	if p.At == 0 || slices.ContainsFunc(newest, func(m sellerdesk.Message) bool { return m.ID == p.At }) {
		return nil, "", "", nil
	}
	around, err := tx.Messages.Around(ctx, c, p.At, limit)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		p.At = 0
		return nil, "", "", nil
	}
	return around.Items, around.Older, around.Newer, err
}

// Further is the address of a page of messages before or behind a cursor.
func (p Place) Further(c sellerdesk.ConversationID, part, cursor string) string {
	q := url.Values{"cursor": {cursor}}
	if p.Asked != "" {
		q.Set("q", p.Asked)
	}
	return "/ui/conversations/" + frame.ID(c) + "/" + part + "?" + q.Encode()
}

// Attributes tell the browser where to go and what was searched for; newer is the
// cursor of what comes behind the messages on the page.
func (p Place) Attributes(newer string) templ.Attributes {
	out := templ.Attributes{}
	if p.At != 0 {
		out["data-at"] = frame.ID(p.At)
	}
	if p.Asked != "" {
		out["data-asked"] = p.Asked
	}
	if newer != "" {
		out["data-apart"] = "yes"
	}
	return out
}
