package store

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
	"github.com/sellerdesk/sellerdesk/internal/store/search"
)

// beside is what the messages of a conversation are found by besides their text.
type beside struct {
	texts [3]string
	stars int
}

func (t *thread) beside() beside {
	b := beside{texts: [3]string{t.buyerName, t.productID, t.order}}
	if t.rating != nil {
		b.stars = *t.rating
	}
	return b
}

// words makes the search words of a message of a conversation.
func (tx *Tx) words(t *thread, id sellerdesk.MessageID, author sellerdesk.Author, at int64, body string) engine.SearchRow {
	return tx.Search.Words(search.Line{ID: id, Account: t.account, Kind: t.kind, Rating: t.rating, Author: author, At: at, Body: body, Beside: t.beside().texts})
}

// Some gives conversations as a person sees them, in no order; those that are
// not there or must not be seen are left out.
func (c Conversations) Some(ctx context.Context, ids []sellerdesk.ConversationID, user sellerdesk.UserID) (map[sellerdesk.ConversationID]sellerdesk.Conversation, error) {
	out := make(map[sellerdesk.ConversationID]sellerdesk.Conversation, len(ids))
	for _, piece := range engine.Padded(ids) {
		rows, err := c.tx.query(ctx, `SELECT `+listColumns+` FROM conversations c WHERE c.id IN (`+engine.Placeholders(2, len(piece))+`)`,
			append([]any{int64(user)}, engine.Anys(piece)...)...)
		found, err := c.views(ctx, rows, err)
		if err != nil {
			return nil, fmt.Errorf("read conversations: %w", err)
		}
		for _, v := range found {
			out[v.ID] = v
		}
	}
	return out, nil
}

// tallied is what is counted of a conversation; the person $1 is named, because
// PostgreSQL has to know of what type they are.
const tallied = `c.id, c.account_id, c.channel, c.kind, c.rating, c.status, c.last_author, CAST($1 AS BIGINT)`

func scanTallied(s engine.Scanner) (r search.Row, err error) {
	var person int64
	err = s.Scan(&r.Conversation, &r.Account, &r.Channel, &r.Kind, &r.Rating, &r.Status, &r.Author, &person)
	return r, err
}

// Matching gives the ids of all that a query names behind an id, with their
// accounts, in the order of ids; its order and cursor do not count. An empty
// page is the end.
func (c Conversations) Matching(ctx context.Context, q ConversationQuery, after sellerdesk.ConversationID, limit int) ([]search.Row, error) {
	q, none, err := q.Seen(ctx)
	if err != nil || none {
		return nil, err
	}
	query, args := listing.Through(tallied, q, int64(after), min(max(limit, 1), 1000))
	rows, err := c.tx.query(ctx, query, args...)
	found, err := engine.Collect(rows, err, scanTallied)
	if err != nil {
		return nil, fmt.Errorf("look for conversations: %w", err)
	}
	return found, nil
}

// Tally gives some of what a query names, at most limit, with what is counted.
func (c Conversations) Tally(ctx context.Context, q ConversationQuery, limit int) ([]search.Row, error) {
	q, none, err := q.Seen(ctx)
	if err != nil || none {
		return nil, err
	}
	q.Sort = listing.SortUpdated
	q, err = c.since(ctx, q)
	if err != nil {
		return nil, err
	}
	few, err := c.few(ctx, q)
	if err != nil {
		return nil, err
	}
	query, args := listing.Statement(tallied, q, listing.PhaseNewest, nil, limit, few)
	rows, err := c.tx.query(ctx, query, args...)
	found, err := engine.Collect(rows, err, scanTallied)
	if err != nil {
		return nil, fmt.Errorf("count conversations: %w", err)
	}
	return found, nil
}
