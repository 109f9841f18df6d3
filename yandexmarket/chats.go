package yandexmarket

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// CampaignsService reads shops.
type CampaignsService struct{ c *Client }

// BusinessService reads the settings of the cabinet.
type BusinessService struct{ c *Client }

// TokensService checks the key.
type TokensService struct{ c *Client }

// ChatsService talks with buyers.
type ChatsService struct{ c *Client }

// ReviewsService reads product reviews.
type ReviewsService struct{ c *Client }

// QuestionsService reads product questions.
type QuestionsService struct{ c *Client }

// Paging holds the token of the next page, "" on the last.
type Paging struct {
	NextPageToken string `json:"nextPageToken"`
}

// Campaign is a shop.
type Campaign struct {
	ID       int64  `json:"id"`
	Domain   string `json:"domain"`
	Business struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"business"`
	PlacementType   string `json:"placementType"`
	APIAvailability string `json:"apiAvailability"`
}

// CampaignsPage is one page of shops.
type CampaignsPage struct {
	Campaigns []Campaign `json:"campaigns"`
	Paging    Paging     `json:"paging"`
}

// List returns one page of shops; limit is 1 to 100, 0 for the default.
func (s *CampaignsService) List(ctx context.Context, pageToken string, limit int) (p CampaignsPage, err error) {
	err = s.c.call(ctx, request{method: "GET", path: "/v2/campaigns", bucket: "campaigns", query: page(pageToken, limit)}, &p, true)
	return p, err
}

// BusinessSettings is what the cabinet says of itself.
type BusinessSettings struct {
	Info struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"info"`
	SubscriptionLevel Tier `json:"subscriptionLevel"`
}

// Settings returns the settings of the cabinet.
func (s *BusinessService) Settings(ctx context.Context, business int64) (b BusinessSettings, err error) {
	err = s.c.call(ctx, request{method: "POST", path: v2(business) + "/settings", bucket: "settings"}, &b, false)
	return b, err
}

// Token is what the remote side knows of the key.
type Token struct {
	APIKey struct {
		Name       string   `json:"name"`
		AuthScopes []string `json:"authScopes"`
	} `json:"apiKey"`
}

// Check returns the name and scopes of the key.
func (s *TokensService) Check(ctx context.Context) (t Token, err error) {
	err = s.c.call(ctx, request{method: "POST", path: "/v2/auth/token", bucket: "auth/token"}, &t, false)
	return t, err
}

// ContextRef names an order or a return.
type ContextRef struct {
	Type string `json:"type"`
	ID   int64  `json:"id"`
}

// ChatFilter narrows a list of chats; empty members do not filter.
type ChatFilter struct {
	Contexts     []ContextRef `json:"contexts,omitempty"`
	ContextTypes []string     `json:"contextTypes,omitempty"`
	Types        []string     `json:"types,omitempty"`
	Statuses     []string     `json:"statuses,omitempty"`
}

// ChatContext is what a chat is about.
type ChatContext struct {
	Type     string `json:"type"`
	Customer struct {
		Name     string `json:"name"`
		PublicID string `json:"publicId"`
	} `json:"customer"`
	CampaignID int64 `json:"campaignId"`
	OrderID    int64 `json:"orderId"`
	ReturnID   int64 `json:"returnId"`
}

// Chat is one chat. UpdatedAt is the time of its last message.
type Chat struct {
	ChatID    int64       `json:"chatId"`
	Context   ChatContext `json:"context"`
	Type      string      `json:"type"`
	Status    string      `json:"status"`
	CreatedAt time.Time   `json:"createdAt"`
	UpdatedAt time.Time   `json:"updatedAt"`
}

// ChatsPage is one page of chats.
type ChatsPage struct {
	Chats  []Chat `json:"chats"`
	Paging Paging `json:"paging"`
}

// File is an attachment; its link needs credentials.
type File struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Size int64  `json:"size"`
}

// Message is one message; stickers have neither text nor files.
type Message struct {
	MessageID int64     `json:"messageId"`
	CreatedAt time.Time `json:"createdAt"`
	Sender    string    `json:"sender"`
	Text      string    `json:"message"`
	Payload   []File    `json:"payload"`
}

// HistoryPage is one page of messages.
type HistoryPage struct {
	Context  ChatContext `json:"context"`
	Messages []Message   `json:"messages"`
	Paging   Paging      `json:"paging"`
}

// List returns one page of chats; limit is 1 to 20, 0 for the default.
func (s *ChatsService) List(ctx context.Context, business int64, f ChatFilter, pageToken string, limit int) (p ChatsPage, err error) {
	err = s.c.call(ctx, request{method: "POST", path: v2(business) + "/chats", bucket: "chats", query: page(pageToken, limit), body: f}, &p, false)
	return p, err
}

// Get returns one chat.
func (s *ChatsService) Get(ctx context.Context, business, chat int64) (ch Chat, err error) {
	err = s.c.call(ctx, request{method: "GET", path: v2(business) + "/chat", bucket: "chat", query: chatQuery(chat)}, &ch, false)
	return ch, err
}

// New opens a chat about an order or a return and returns its id, or that of the existing one.
func (s *ChatsService) New(ctx context.Context, business int64, about ContextRef) (int64, error) {
	var out struct {
		ChatID int64 `json:"chatId"`
	}
	err := s.c.call(ctx, request{method: "POST", path: v2(business) + "/chats/new", bucket: "chats/new", write: true,
		body: map[string]ContextRef{"context": about}}, &out, false)
	return out.ChatID, err
}

// History returns one page of messages from messageIDFrom on, inclusive; 0 is the beginning. limit is 1 to 100, 0 for the default.
func (s *ChatsService) History(ctx context.Context, business, chat, messageIDFrom int64, pageToken string, limit int) (p HistoryPage, err error) {
	q, body := page(pageToken, limit), map[string]int64{}
	q.Set("chatId", strconv.FormatInt(chat, 10))
	if messageIDFrom > 0 {
		body["messageIdFrom"] = messageIDFrom
	}
	err = s.c.call(ctx, request{method: "POST", path: v2(business) + "/chats/history", bucket: "chats/history", query: q, body: body}, &p, false)
	return p, err
}

// Message returns one message. Its quota is a tenth of that of History.
func (s *ChatsService) Message(ctx context.Context, business, chat, message int64) (m Message, err error) {
	q := chatQuery(chat)
	q.Set("messageId", strconv.FormatInt(message, 10))
	err = s.c.call(ctx, request{method: "GET", path: v2(business) + "/chats/message", bucket: "chats/message", query: q}, &m, false)
	return m, err
}

// Send sends a text of 1 to 4096 characters. No id comes back: read the history.
func (s *ChatsService) Send(ctx context.Context, business, chat int64, text string) error {
	return s.c.call(ctx, request{method: "POST", path: v2(business) + "/chats/message", bucket: "chats/message/send", write: true,
		query: chatQuery(chat), body: map[string]string{"message": text}}, nil, false)
}

func v2(business int64) string { return fmt.Sprintf("/v2/businesses/%d", business) }

func chatQuery(chat int64) url.Values { return url.Values{"chatId": {strconv.FormatInt(chat, 10)}} }

func page(token string, limit int) url.Values {
	q := url.Values{}
	if token != "" {
		q.Set("pageToken", token)
	}
	if limit > 0 {
		q.Set("limit", strconv.Itoa(limit))
	}
	return q
}
