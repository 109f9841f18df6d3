package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

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
	Overdue     bool // an answer was due and is not there
	Unread      *bool
	Ratings     []int               // stars of reviews, 1 to 5
	Product     sellerdesk.RemoteID // "" means any
	From, To    time.Time           // when it was begun, both included; zero means no bound
	HasPhoto    *bool               // the buyer sent a picture
	Answered    *bool               // an answer of ours stands
	Tags        []sellerdesk.TagID  // it carries one of them
	Fields      []string            // values of fields, each as 12=yes
	Assignees   []string            // it belongs to one of these: ids of people, "me", or "none" for nobody
	Teams       []string            // likewise of teams, or "none"
	Priorities  []sellerdesk.Priority
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
	stars := make([]string, 0, len(q.Ratings))
	for _, n := range q.Ratings {
		stars = append(stars, strconv.Itoa(n))
	}
	list(v, "rating", stars)
	tags := make([]string, 0, len(q.Tags))
	for _, id := range q.Tags {
		tags = append(tags, itoa(id))
	}
	list(v, "tag", tags)
	list(v, "field", q.Fields)
	list(v, "assignee", q.Assignees)
	list(v, "team", q.Teams)
	list(v, "priority", q.Priorities)
	truth(v, "needs_answer", q.NeedsAnswer)
	truth(v, "unread", q.Unread)
	truth(v, "has_photo", q.HasPhoto)
	truth(v, "answered", q.Answered)
	if q.Overdue {
		v.Set("overdue", "true")
	}
	moment(v, "from", q.From)
	moment(v, "to", q.To)
	for name, value := range map[string]string{"product": string(q.Product), "sort": q.Sort} {
		if value != "" {
			v.Set(name, value)
		}
	}
	place(v, q.Cursor, q.Limit)
	return v
}

func truth(v url.Values, name string, b *bool) {
	if b != nil {
		v.Set(name, strconv.FormatBool(*b))
	}
}

func moment(v url.Values, name string, t time.Time) {
	if !t.IsZero() {
		v.Set(name, t.UTC().Format(time.RFC3339Nano))
	}
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

// NewConversation is a conversation with a buyer to be started: about an order or
// a return by its number at the remote side, or with a person through a source.
type NewConversation struct {
	Account sellerdesk.AccountID
	Order   string // this,
	Return  string // or this,
	// or this, as in [sellerdesk.Identity].Sources, with one of the next two.
	Source   sellerdesk.RemoteID
	Phone    string               // in any spelling
	Username string               // with or without @
	Contact  sellerdesk.ContactID // who that is, where it is known; 0 leaves it to the number or name
	// Key names the intent as in [Action].
	Key string
}

// Start gives the conversation that is meant. One that had to be
// started has no RemoteID until the event conversation.updated brings it; what
// is written there meanwhile waits. Unsupported where the channel lets only
// buyers begin.
func (s *Conversations) Start(ctx context.Context, n NewConversation) (sellerdesk.Conversation, error) {
	body := struct {
		Account sellerdesk.AccountID `json:"account"`
		Order   string               `json:"order,omitempty"`
		Return  string               `json:"return,omitempty"`

		Source   sellerdesk.RemoteID  `json:"source,omitempty"`
		Phone    string               `json:"phone,omitempty"`
		Username string               `json:"username,omitempty"`
		Contact  sellerdesk.ContactID `json:"contact,omitempty"`
	}{n.Account, n.Order, n.Return, n.Source, n.Phone, n.Username, n.Contact}
	var c sellerdesk.Conversation
	err := s.c.do(ctx, call{op: "start conversation", method: http.MethodPost, path: "/v1/conversations", key: n.Key, body: body}, &c)
	return c, err
}

// Window tells whether we may write freely now, and until when. The channel is
// asked when it has not been for a while.
func (s *Conversations) Window(ctx context.Context, id sellerdesk.ConversationID) (sellerdesk.Window, error) {
	var w sellerdesk.Window
	err := s.c.do(ctx, call{op: "get window", method: http.MethodGet, path: conversation(id) + "/window"}, &w)
	return w, err
}

// Action is something to be done with a conversation, as listed in Can.
type Action struct {
	Action   sellerdesk.ActionKind
	Message  sellerdesk.MessageID   // that resend, withdraw and check are about, that answer stands under, that edit changes
	Text     string                 // for answer, edit and reject
	Decision string                 // for decide: the value of an option
	Comment  string                 // for decide
	Tags     Labels                 // for tag
	Field    sellerdesk.FieldChange // for field
	Handle   Handle                 // for assign, snooze and priority
	// Key names the intent: repeated with the same key, it happens once. ""
	// takes a random one.
	Key string
}

// Act does an action and gives the conversation afterwards. What happens at the
// remote side is queued: the event outbox.settled tells the outcome.
func (s *Conversations) Act(ctx context.Context, id sellerdesk.ConversationID, a Action) (sellerdesk.Conversation, error) {
	body := map[string]any{"action": a.Action}
	a.Handle.put(body)
	if a.Message != 0 {
		body["message"] = a.Message
	}
	for name, value := range map[string]string{"text": a.Text, "decision": a.Decision, "comment": a.Comment} {
		if value != "" {
			body[name] = value
		}
	}
	if len(a.Tags.Add)+len(a.Tags.Remove) > 0 {
		body["tags"] = a.Tags
	}
	if a.Field.Field != "" {
		body["field"] = a.Field
	}
	var c sellerdesk.Conversation
	err := s.c.do(ctx, call{
		op: string(a.Action) + " conversation", method: http.MethodPost, path: conversation(id) + "/actions", key: a.Key, body: body,
	}, &c)
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
