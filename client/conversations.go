package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// Conversations are the threads with buyers.
type Conversations struct{ c *Client }

// ConversationQuery asks for a list. Empty lists and nil mean "any".
type ConversationQuery struct {
	Kinds       []sellerdesk.Kind
	Channels    []sellerdesk.ChannelKind
	Accounts    []sellerdesk.AccountID
	Statuses    []sellerdesk.ConversationStatus
	NeedsAnswer *bool
	Unread      *bool
	Sort        string // "updated" (also when empty) or "waiting"
	Limit       int    // 1 to 200; 0 means 50
	Cursor      string // Next of the page before; "" means the first
}

func (q ConversationQuery) values() url.Values {
	v := url.Values{}
	list(v, "kind", q.Kinds)
	list(v, "channel", q.Channels)
	list(v, "status", q.Statuses)
	ids := make([]string, 0, len(q.Accounts))
	for _, id := range q.Accounts {
		ids = append(ids, itoa(id))
	}
	list(v, "account", ids)
	if q.NeedsAnswer != nil {
		v.Set("needs_answer", strconv.FormatBool(*q.NeedsAnswer))
	}
	if q.Unread != nil {
		v.Set("unread", strconv.FormatBool(*q.Unread))
	}
	if q.Sort != "" {
		v.Set("sort", q.Sort)
	}
	place(v, q.Cursor, q.Limit)
	return v
}

func list[T ~string](v url.Values, name string, values []T) {
	if len(values) == 0 {
		return
	}
	all := make([]string, 0, len(values))
	for _, s := range values {
		all = append(all, string(s))
	}
	v.Set(name, strings.Join(all, ","))
}

func place(v url.Values, cursor string, limit int) {
	if cursor != "" {
		v.Set("cursor", cursor)
	}
	if limit > 0 {
		v.Set("limit", strconv.Itoa(limit))
	}
}

// List gives one page.
func (s *Conversations) List(ctx context.Context, q ConversationQuery) (Page[sellerdesk.Conversation], error) {
	var p Page[sellerdesk.Conversation]
	err := s.c.do(ctx, call{op: "list conversations", method: http.MethodGet, path: "/v1/conversations", query: q.values()}, &p)
	return p, err
}

// All walks through all pages from the cursor of q. It ends after an error.
func (s *Conversations) All(ctx context.Context, q ConversationQuery) iter.Seq2[sellerdesk.Conversation, error] {
	from := q.Cursor
	return all(func(cursor string) (Page[sellerdesk.Conversation], error) {
		if q.Cursor = cursor; cursor == "" {
			q.Cursor = from
		}
		return s.List(ctx, q)
	})
}

// Get gives one conversation.
func (s *Conversations) Get(ctx context.Context, id sellerdesk.ConversationID) (sellerdesk.Conversation, error) {
	var c sellerdesk.Conversation
	err := s.c.do(ctx, call{op: "get conversation", method: http.MethodGet, path: conversation(id)}, &c)
	return c, err
}

// Act does an action as listed in Can, and gives the conversation afterwards.
// Message is the one that resend, withdraw and check are about; 0 for others.
func (s *Conversations) Act(ctx context.Context, id sellerdesk.ConversationID, action sellerdesk.ActionKind, message sellerdesk.MessageID) (sellerdesk.Conversation, error) {
	body := map[string]any{"action": action}
	if message != 0 {
		body["message"] = message
	}
	var c sellerdesk.Conversation
	err := s.c.do(ctx, call{op: string(action) + " conversation", method: http.MethodPost, path: conversation(id) + "/actions", body: body}, &c)
	return c, err
}

func conversation(id sellerdesk.ConversationID) string { return "/v1/conversations/" + itoa(id) }

// Counters are the exact figures of the list.
type Counters struct{ c *Client }

// Get gives the figures; accounts narrow them, none means all.
func (s *Counters) Get(ctx context.Context, accounts ...sellerdesk.AccountID) (sellerdesk.Counters, error) {
	q := ConversationQuery{Accounts: accounts}
	var c sellerdesk.Counters
	err := s.c.do(ctx, call{op: "get counters", method: http.MethodGet, path: "/v1/counters", query: q.values()}, &c)
	return c, err
}
