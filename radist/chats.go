package radist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// ChatsService are the talks of a company.
type ChatsService struct{ c *Client }

// Sources lists through what chats can be started.
//
// Operation: GET /companies/{company_id}/messaging/chats/sources/. Limit: 1 a second.
func (s *ChatsService) Sources(ctx context.Context, company int64) (Page[Source], error) {
	return listed[Source](ctx, s.c, operation{
		method: http.MethodGet, path: "/companies/{company_id}/messaging/chats/sources/", company: company,
	}, sourcesIn[:]...)
}

// CreateChat starts a chat by a phone number or a user name.
type CreateChat struct {
	ConnectionID int64
	Phone        string // in any usual spelling
	UserName     string // of Telegram; a leading @ goes
	// ContactID attaches a new chat to a contact; 0 leaves it to the remote side:
	// the contact with that phone, one with chats of the same Telegram user, or a
	// new one.
	ContactID int64
}

// CreatedChat is a chat that was started, or found.
type CreatedChat struct {
	ChatCreated    bool  `json:"created_chat"` // false: there was one
	ContactCreated bool  `json:"created_contact"`
	ChatID         int64 `json:"chat_id"`
	ContactID      int64 `json:"contact_id"`
}

// Create starts a chat. When there is one with that customer on that connection
// it comes back with its own contact, whatever ContactID says. So it may be
// called again when the answer was lost, although as a write it is never
// repeated by itself.
//
// Operation: POST /companies/{company_id}/messaging/chats/. Limit: 1 a second.
func (s *ChatsService) Create(ctx context.Context, company int64, n CreateChat) (CreatedChat, error) {
	o := operation{method: http.MethodPost, path: "/companies/{company_id}/messaging/chats/", company: company}
	body := struct {
		ConnectionID int64  `json:"connection_id"`
		Phone        string `json:"phone,omitempty"`
		UserName     string `json:"user_name,omitempty"`
		ContactID    int64  `json:"contact_id,omitempty"`
	}{ConnectionID: n.ConnectionID, UserName: strings.TrimPrefix(strings.TrimSpace(n.UserName), "@"), ContactID: n.ContactID}
	var err error
	switch {
	case n.ConnectionID <= 0:
		err = errors.New("the connection to start the chat through is missing")
	case n.Phone == "" && body.UserName == "":
		err = errors.New("a chat is started by a phone number or a user name")
	case n.Phone != "":
		body.Phone, err = PhoneDigits(n.Phone)
	}
	if err != nil {
		return CreatedChat{}, localError(o.name(), err, ErrRefused)
	}
	o.body = body
	return single[CreatedChat](ctx, s.c, o)
}

// ContactChats is a contact with its chats.
type ContactChats struct {
	ContactID         int64  `json:"contact_id"`
	ContactName       string `json:"contact_name"`
	AvatarURL         string `json:"avatar_url"` // "" when there is none
	IsGroup           bool   `json:"is_group"`
	Unanswered        int64  `json:"unanswered_count"`     // inbound messages after the last outbound one
	LastChatUpdatedAt Time   `json:"last_chat_updated_at"` // when the last message was made
	Chats             []Chat `json:"chats"`
	// Malformed are chats that could not be decoded.
	Malformed []Malformed `json:"-"`
}

// UnmarshalJSON decodes chats one by one, so that an odd one costs itself only.
func (c *ContactChats) UnmarshalJSON(raw []byte) error {
	type bare ContactChats
	var wire struct {
		bare
		Chats []json.RawMessage `json:"chats"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*c = ContactChats(wire.bare)
	c.Chats, c.Malformed = decoded[Chat](wire.Chats)
	return nil
}

// Chat is a talk with one contact through one connection.
type Chat struct {
	ConnectionID int64 `json:"connection_id"`
	ID           int64 `json:"chat_id"`
	// SourceID is the messenger's own id of the chat, which messages name.
	SourceID        string   `json:"source_chat_id"`
	Phone           string   `json:"phone"`    // digits without +
	Username        string   `json:"username"` // "" when there is none
	ProfileLink     string   `json:"profile_link"`
	Name            string   `json:"name"`
	LastMessage     *Message `json:"last_message"` // nil when there is none, or it cannot be read
	Unanswered      int64    `json:"unanswered_count"`
	IsGroup         bool     `json:"is_group"`
	BlacklistItemID int64    `json:"blacklist_item_id"` // 0: not on the black list
}

// UnmarshalJSON does without a last message that cannot be read: the chat has it.
func (c *Chat) UnmarshalJSON(raw []byte) error {
	type bare Chat
	var wire struct {
		bare
		LastMessage json.RawMessage `json:"last_message"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*c = Chat(wire.bare)
	var last Message
	if json.Unmarshal(wire.LastMessage, &last) == nil && last.ID != "" {
		c.LastMessage = &last
	}
	return nil
}

// ListChats asks for a page.
type ListChats struct {
	Limit  int    // at most 100 were ever asked for; 0 leaves it to the remote side
	Cursor string // Next of the page before
}

// List gives a page of contacts with their chats: those with unanswered messages
// first, then by the last message, newest first. A contact moves while one goes
// from page to page: no walk is a snapshot.
//
// Operation: GET /companies/{company_id}/messaging/chats/with_contacts/. Limit: 1 a second.
func (s *ChatsService) List(ctx context.Context, company int64, q ListChats) (Page[ContactChats], error) {
	parameters := url.Values{}
	if q.Limit > 0 {
		parameters.Set("limit", strconv.Itoa(q.Limit))
	}
	if q.Cursor != "" {
		parameters.Set("cursor", q.Cursor)
	}
	var answer struct {
		Data     *[]json.RawMessage `json:"data"`
		Metadata struct {
			Next string `json:"next_cursor"`
		} `json:"response_metadata"`
	}
	o := operation{method: http.MethodGet, path: "/companies/{company_id}/messaging/chats/with_contacts/", company: company, query: parameters}
	if err := s.c.do(ctx, o, &answer); err != nil {
		return Page[ContactChats]{}, err
	}
	if answer.Data == nil {
		// Taking this for the end would hide that something is wrong over there.
		return Page[ContactChats]{}, misunderstood(o, http.StatusOK, "", fmt.Errorf("%w: there is no data", rest.ErrMalformed))
	}
	p := page[ContactChats](ctx, s.c, *answer.Data)
	p.Next = answer.Metadata.Next
	return p, nil
}

// All goes through all contacts with their chats, each contact once.
func (s *ChatsService) All(ctx context.Context, company int64) iter.Seq2[ContactChats, error] {
	return s.walk(ctx, company, func(ContactChats) (wanted, end bool) { return true, false })
}

// Changed goes through the contacts whose last message is not older than since,
// to catch up after a time without events. It reads all contacts with unanswered
// messages, which come first, and of the others no more than needed.
func (s *ChatsService) Changed(ctx context.Context, company int64, since time.Time) iter.Seq2[ContactChats, error] {
	return s.walk(ctx, company, func(c ContactChats) (wanted, end bool) {
		// What has no readable moment may be new.
		old := !c.LastChatUpdatedAt.IsZero() && c.LastChatUpdatedAt.Before(since)
		return !old, old && c.Unanswered == 0
	})
}

func (s *ChatsService) walk(ctx context.Context, company int64, judge func(ContactChats) (wanted, end bool)) iter.Seq2[ContactChats, error] {
	return func(yield func(ContactChats, error) bool) {
		seen, cursors := map[int64]bool{}, map[string]bool{"": true}
		for q := (ListChats{Limit: defaultLimit}); ; {
			p, err := s.List(ctx, company, q)
			if err != nil {
				yield(ContactChats{}, err)
				return
			}
			for _, c := range p.Items {
				wanted, end := judge(c)
				if end {
					return
				}
				if !wanted || seen[c.ContactID] {
					continue
				}
				seen[c.ContactID] = true
				if !yield(c, nil) {
					return
				}
			}
			if cursors[p.Next] {
				return // it is the last, or names one before, which would never end
			}
			q.Cursor = p.Next
			cursors[q.Cursor] = true
		}
	}
}

// Availability tells what may be sent into a chat now. Only connections of
// WhatsApp for business close chats.
type Availability struct {
	// Available: something can be sent.
	Available bool
	// TemplateOnly: nothing but a template can, until the customer writes.
	TemplateOnly bool
	// SessionExpiresAt is when the window closes; zero when none is open.
	SessionExpiresAt Time
	// BalanceSufficient is false when nothing at all can be sent until somebody pays.
	BalanceSufficient bool
	// FirstWithoutTemplate: the number may write first without a template.
	FirstWithoutTemplate bool
}

// Allows tells whether a message of the type would be taken.
func (a Availability) Allows(t MessageType) bool {
	return a.Available && a.BalanceSufficient && (!a.TemplateOnly || t == TypeTemplate)
}

// Availability tells what may be sent into a chat now.
//
// Operation: MessagingGetChatAvailability; its path is that of [Paths]. Limit: 1 a second.
func (s *ChatsService) Availability(ctx context.Context, company, chat int64) (Availability, error) {
	o := operation{method: http.MethodGet, path: s.c.paths.Availability, company: company, other: chat}
	w, err := single[availabilityJSON](ctx, s.c, o)
	if err != nil {
		return Availability{}, err
	}
	a, ok := w.understood()
	if !ok {
		return Availability{}, misunderstood(o, http.StatusOK, "", fmt.Errorf("%w: it does not say what the chat takes", rest.ErrMalformed))
	}
	return a, nil
}
