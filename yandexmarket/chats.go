package yandexmarket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// Limits of a message by the document.
const (
	MaxMessageLength = 4096    // characters; at least one
	MaxFileSize      = 5 << 20 // bytes; the document says 5 MB
	longestFileName  = 255     // bytes
)

// ChatsService are the talks with buyers of orders, returns and product pages,
// and the disputes that an arbiter decides.
type ChatsService struct{ c *Client }

// ChatType tells who takes part, an open set.
type ChatType string

// The types of chats.
const (
	TypeChat      ChatType = "CHAT"      // with the buyer
	TypeArbitrage ChatType = "ARBITRAGE" // with an arbiter too
)

// ChatStatus tells whose move it is, an open set. The seller cannot set it.
type ChatStatus string

// The statuses of chats.
const (
	StatusNew                ChatStatus = "NEW"
	StatusWaitingForCustomer ChatStatus = "WAITING_FOR_CUSTOMER"
	StatusWaitingForPartner  ChatStatus = "WAITING_FOR_PARTNER"
	StatusWaitingForArbiter  ChatStatus = "WAITING_FOR_ARBITER"
	StatusWaitingForMarket   ChatStatus = "WAITING_FOR_MARKET"
	StatusFinished           ChatStatus = "FINISHED"
)

// ContextType tells what a chat is about, an open set.
type ContextType string

// The contexts of chats. A direct one is begun by a buyer without an order; the
// seller cannot.
const (
	ContextOrder  ContextType = "ORDER"
	ContextReturn ContextType = "RETURN" // not with the DBS model
	ContextDirect ContextType = "DIRECT"
)

// Chat is one talk.
type Chat struct {
	ID        int64       `json:"chatId"`
	Context   ChatContext `json:"context"`
	Type      ChatType    `json:"type"`
	Status    ChatStatus  `json:"status"`
	CreatedAt Time        `json:"createdAt"`
	UpdatedAt Time        `json:"updatedAt"` // when the last message came
}

// ChatContext is what a chat is about. A direct one may have its type only. The
// old field orderId of a chat was switched off on 2026-10-19 and is not read.
type ChatContext struct {
	Type       ContextType `json:"type"`
	Customer   *Customer   `json:"customer"`   // nil when not told
	CampaignID int64       `json:"campaignId"` // the shop; 0 when there is none
	OrderID    int64       `json:"orderId"`    // 0 when there is none
	ReturnID   int64       `json:"returnId"`   // 0 when there is none
}

// Customer is what a buyer shows to everybody.
type Customer struct {
	Name     string `json:"name"`
	PublicID string `json:"publicId"`
}

// ChatSubject names an order or a return, to find or to start its chat.
type ChatSubject struct {
	Type ContextType `json:"type"` // ContextOrder or ContextReturn
	ID   int64       `json:"id"`
}

// ListChats asks for a page of chats; empty filters mean any.
type ListChats struct {
	Contexts     []ChatSubject
	ContextTypes []ContextType
	Types        []ChatType
	Statuses     []ChatStatus
	Limit        int    // 1 to 20; 0 means 10. More is an error
	Page         string // Next of the page before
}

// List gives a page of chats. Neither their order nor that pages fit together
// is promised: go by the ids.
//
// Operation: POST /v2/businesses/{businessId}/chats. Quota: 5,000 an hour. Document of 2026-07-17.
func (s *ChatsService) List(ctx context.Context, business int64, q ListChats) (Page[Chat], error) {
	var answer struct {
		Chats  []json.RawMessage `json:"chats"`
		Paging *paging           `json:"paging"`
	}
	body := struct {
		Contexts     []ChatSubject `json:"contexts,omitempty"`
		ContextTypes []ContextType `json:"contextTypes,omitempty"`
		Types        []ChatType    `json:"types,omitempty"`
		Statuses     []ChatStatus  `json:"statuses,omitempty"`
	}{q.Contexts, q.ContextTypes, q.Types, q.Statuses}
	err := s.c.do(ctx, operation{
		name: "POST /v2/businesses/{businessId}/chats", method: http.MethodPost, path: ofBusiness("v2", business, "chats"),
		query: query(q.Limit, q.Page), bucket: BucketChats, body: body,
	}, &answer)
	if err != nil {
		return Page[Chat]{}, err
	}
	return page[Chat](ctx, s.c, answer.Chats, answer.Paging), nil
}

// All goes through all chats, each once: pages may overlap while chats move.
func (s *ChatsService) All(ctx context.Context, business int64, q ListChats) iter.Seq2[Chat, error] {
	chats := all(q.Page, func(token string) (Page[Chat], error) {
		q.Page = token
		return s.List(ctx, business, q)
	})
	return once(chats, func(c Chat) int64 { return c.ID })
}

// once passes each id once.
func once[T any](items iter.Seq2[T, error], id func(T) int64) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen := map[int64]bool{}
		for item, err := range items {
			if err == nil && seen[id(item)] {
				continue
			}
			seen[id(item)] = true
			if !yield(item, err) {
				return
			}
		}
	}
}

// ofChat is the parameter that every call about one chat has. It belongs into
// the address, not into the body.
func ofChat(chat int64) url.Values { return url.Values{"chatId": {decimal(chat)}} }

// Get gives one chat.
//
// Operation: GET /v2/businesses/{businessId}/chat. Quota: 1,000 an hour. Document of 2026-07-17.
func (s *ChatsService) Get(ctx context.Context, business, chat int64) (Chat, error) {
	return single[Chat](ctx, s.c, operation{
		name: "GET /v2/businesses/{businessId}/chat", method: http.MethodGet, path: ofBusiness("v2", business, "chat"), query: ofChat(chat), bucket: BucketChat,
	})
}

// Create starts a chat about an order or a return and gives its id, or that of
// the chat that there is already. So it may be called again when the answer was
// lost, although as a write it is never repeated by itself.
//
// Operation: POST /v2/businesses/{businessId}/chats/new. Quota: 1,000 an hour. Document of 2026-07-17.
func (s *ChatsService) Create(ctx context.Context, business int64, about ChatSubject) (chat int64, err error) {
	o := operation{
		name: "POST /v2/businesses/{businessId}/chats/new", method: http.MethodPost, path: ofBusiness("v2", business, "chats/new"),
		bucket: BucketChatNew, write: true, body: struct {
			Context ChatSubject `json:"context"`
		}{about},
	}
	if about.ID < 1 || about.Type != ContextOrder && about.Type != ContextReturn {
		return 0, localError(o.name, errors.New("a chat is started about an order or a return"), ErrRefused)
	}
	var answer struct {
		ID int64 `json:"chatId"`
	}
	if err := s.c.do(ctx, o, &answer); err != nil {
		return 0, err
	}
	if answer.ID < 1 {
		return 0, misunderstood(o, http.StatusOK, "", fmt.Errorf("%w: there is no chatId", rest.ErrMalformed))
	}
	return answer.ID, nil
}

// Sender tells who wrote a message, an open set.
type Sender string

// The senders.
const (
	SenderPartner  Sender = "PARTNER" // the shop
	SenderCustomer Sender = "CUSTOMER"
	SenderMarket   Sender = "MARKET"  // automatic
	SenderSupport  Sender = "SUPPORT" // a person of the Market
)

// Message is one line of a chat. A sticker has neither text nor files.
type Message struct {
	ID        int64  `json:"messageId"`
	CreatedAt Time   `json:"createdAt"`
	Sender    Sender `json:"sender"`
	Text      string `json:"message"`
	Files     []File `json:"payload"`
}

// File is an attachment. Its link may need the credentials of the cabinet and
// does not last: fetch it early, and never show it to a browser.
type File struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Size int64  `json:"size"` // bytes
}

// ListMessages asks for a page of a chat.
type ListMessages struct {
	From  int64  // id of the message to begin with, included; 0 means the oldest
	Limit int    // 1 to 100; 0 means 50. More is an error
	Page  string // Next of the page before
}

// Messages is a page of a chat with what the chat is about.
type Messages struct {
	Page[Message]
	Context ChatContext
}

// History gives a page of a chat. It has ten times the quota of [ChatsService.Message].
//
// Operation: POST /v2/businesses/{businessId}/chats/history. Quota: 10,000 an hour. Document of 2026-07-17.
func (s *ChatsService) History(ctx context.Context, business, chat int64, q ListMessages) (Messages, error) {
	var answer struct {
		Context  ChatContext       `json:"context"`
		Messages []json.RawMessage `json:"messages"`
		Paging   *paging           `json:"paging"`
	}
	parameters := query(q.Limit, q.Page)
	parameters.Set("chatId", decimal(chat))
	body := struct {
		From int64 `json:"messageIdFrom,omitempty"`
	}{q.From}
	err := s.c.do(ctx, operation{
		name: "POST /v2/businesses/{businessId}/chats/history", method: http.MethodPost, path: ofBusiness("v2", business, "chats/history"),
		query: parameters, bucket: BucketChatHistory, body: body,
	}, &answer)
	if err != nil {
		return Messages{}, err
	}
	return Messages{Page: page[Message](ctx, s.c, answer.Messages, answer.Paging), Context: answer.Context}, nil
}

// Since goes through the messages of a chat after the one with the id last, each
// once; 0 begins with the oldest.
func (s *ChatsService) Since(ctx context.Context, business, chat, last int64) iter.Seq2[Message, error] {
	messages := all("", func(token string) (Page[Message], error) {
		m, err := s.History(ctx, business, chat, ListMessages{From: last, Limit: 100, Page: token})
		return m.Page, err
	})
	return func(yield func(Message, error) bool) {
		for m, err := range once(messages, func(m Message) int64 { return m.ID }) {
			if err == nil && last > 0 && m.ID == last {
				continue // the one that was asked from comes too
			}
			if !yield(m, err) {
				return
			}
		}
	}
}

// Message gives one message. Prefer [ChatsService.History], whose quota is larger.
//
// Operation: GET /v2/businesses/{businessId}/chats/message. Quota: 1,000 an hour. Document of 2026-07-17.
func (s *ChatsService) Message(ctx context.Context, business, chat, message int64) (Message, error) {
	parameters := ofChat(chat)
	parameters.Set("messageId", decimal(message))
	return single[Message](ctx, s.c, operation{
		name: "GET /v2/businesses/{businessId}/chats/message", method: http.MethodGet, path: ofBusiness("v2", business, "chats/message"),
		query: parameters, bucket: BucketChatMessage,
	})
}

// Send says a line in a chat. No id comes back: the message is found in the
// history. It is sent once: after ErrOutcomeUnknown look there before sending
// again, for there is no key against doubles.
//
// Operation: POST /v2/businesses/{businessId}/chats/message. Quota: 1,000 an hour. Document of 2026-07-17.
func (s *ChatsService) Send(ctx context.Context, business, chat int64, text string) error {
	o := operation{
		name: "POST /v2/businesses/{businessId}/chats/message", method: http.MethodPost, path: ofBusiness("v2", business, "chats/message"),
		query: ofChat(chat), bucket: BucketChatSend, write: true, body: struct {
			Message string `json:"message"`
		}{text},
	}
	if err := checkText(text, MaxMessageLength); err != nil {
		return localError(o.name, err, ErrRefused)
	}
	return s.c.do(ctx, o, nil)
}

// checkText refuses what the document forbids before anything leaves.
func checkText(text string, most int) error {
	switch n := utf8.RuneCountInString(text); {
	case !utf8.ValidString(text):
		return errors.New("the text is not valid UTF-8")
	case strings.TrimSpace(text) == "":
		return errors.New("there is no text")
	case n > most:
		return fmt.Errorf("the text has %d characters, %d are allowed", n, most)
	}
	return nil
}

// Upload is a file to send.
type Upload struct {
	Name string
	// Type is the media type; "" means application/octet-stream.
	Type string
	// Size must be exact: it is announced before Content is read.
	Size int64
	// Content is read once, while SendFile runs and not after it. The caller
	// closes what has to be closed.
	Content io.Reader
}

// SendFile puts a file into a chat, as a message of its own. It streams, and as
// Send it is sent once and gives no id.
//
// Operation: POST /v2/businesses/{businessId}/chats/file/send. Quota: 1,000 an hour. Document of 2026-07-17.
func (s *ChatsService) SendFile(ctx context.Context, business, chat int64, f Upload) error {
	o := operation{
		name: "POST /v2/businesses/{businessId}/chats/file/send", method: http.MethodPost, path: ofBusiness("v2", business, "chats/file/send"),
		query: ofChat(chat), bucket: BucketChatFile, write: true,
	}
	if err := f.check(); err != nil {
		return localError(o.name, err, ErrRefused)
	}
	if f.Type == "" {
		f.Type = "application/octet-stream"
	}
	form := rest.NewForm()
	form.File("file", f.Name, f.Type, f.Size, f.Content)
	o.form = form.Finished()
	// The transport may still be reading when an early answer comes; after this no Content is touched.
	defer o.form.Close()
	return s.c.do(ctx, o, nil)
}

func (f Upload) check() error {
	switch {
	case f.Content == nil || f.Size <= 0:
		return errors.New("the file is empty")
	case f.Size > MaxFileSize:
		return fmt.Errorf("the file has %d bytes, %d are allowed", f.Size, MaxFileSize)
	case f.Name == "", len(f.Name) > longestFileName, !utf8.ValidString(f.Name), strings.ContainsFunc(f.Name, unicode.IsControl):
		return errors.New("the file has no usable name")
	}
	return nil
}
