package wildberries

import (
	"encoding/json"
	"errors"
)

// Sender is who wrote a message. Unknown values pass through.
type Sender string

// The senders.
const (
	SenderClient      Sender = "client"
	SenderSeller      Sender = "seller"
	SenderWildberries Sender = "wb"
)

// Source is where a message was written. Unknown values pass through.
type Source string

// The sources.
const (
	SourceSellerPortal    Source = "seller-portal"
	SourceSellerPublicAPI Source = "seller-public-api" // this API, by us or another program
	SourceSite            Source = "rusite"
	SourceGlobal          Source = "global"
	SourceIOS             Source = "ios"
	SourceAndroid         Source = "android"
)

// EventType is what happened. Unknown values pass through.
type EventType string

// EventMessage is the only type of the document; "refund" existed before 2025-12.
const EventMessage EventType = "message"

// Chat is one thread with one buyer.
type Chat struct {
	ID string `json:"chatID"` // "1:<uuid>"
	// ReplySign is what Send wants. It changes: keep the newest one seen, here, in a new chat's first event, or in SendResult.
	ReplySign  string `json:"replySign"`
	ClientName string `json:"clientName"` // plain or masked
	// Card is the order the chat is about, nil when it is about none.
	Card *GoodCard `json:"goodCard"`
	// LastMessage is nil when the remote side leaves it out.
	LastMessage *LastMessage `json:"lastMessage"`
}

// LastMessage is the end of a chat.
type LastMessage struct {
	Text         string `json:"text"`
	AddTimestamp Millis `json:"addTimestamp"`
}

// GoodCard is the order a chat or message is about.
type GoodCard struct {
	NmID int64 `json:"nmID"` // article number of the product
	// Price is what the buyer paid, in PriceCurrency: a whole number by the document, any number is taken. "" when absent.
	Price         json.Number `json:"price"`
	PriceCurrency string      `json:"priceCurrency"`
	// RID identifies the order; it is the srid of claims and orders.
	RID  string `json:"rid"`
	Size string `json:"size"`
}

// ChatList is the answer of ChatsService.List.
type ChatList struct {
	Chats []Chat
	// Malformed are chats that could not be decoded; the others are good.
	Malformed []Malformed
	// Errors is what the remote side said beside the chats. The list may be incomplete then.
	Errors []string
}

// Malformed is one item of a list that could not be decoded.
type Malformed struct {
	Raw json.RawMessage // at most 64 KiB of it
	Err error
}

// Event is one entry of the feed of all chats.
type Event struct {
	ChatID string    `json:"chatID"`
	ID     string    `json:"eventID"` // identity: the feed may repeat events
	Type   EventType `json:"eventType"`
	// IsNewChat is true on the first event of a chat only.
	IsNewChat bool `json:"isNewChat"`
	// Message may be nil even on an event of type message.
	Message      *Message `json:"message"`
	Source       Source   `json:"source"` // may be ""
	AddTimestamp Millis   `json:"addTimestamp"`
	AddTime      Time     `json:"addTime"` // the same moment in whole seconds
	ReplySign    string   `json:"replySign"`
	Sender       Sender   `json:"sender"`
	ClientName   string   `json:"clientName"` // "" on events of the seller
}

// Message is what an event says. Text may be "" when there are attachments.
type Message struct {
	Text        string      `json:"text"`
	Attachments Attachments `json:"attachments"`
}

// Attachments of a message; each part may be absent.
type Attachments struct {
	Card   *GoodCard  `json:"goodCard"`
	Files  []FileInfo `json:"files"`
	Images []FileInfo `json:"images"`
}

// FileInfo is an attached file or image. Images have neither name nor size nor content type.
type FileInfo struct {
	// DownloadID is what Download wants; it may be "", and then URL is all there is.
	DownloadID  string `json:"downloadID"`
	URL         string `json:"url"` // how long it lives is not documented
	Name        string `json:"name"`
	ContentType string `json:"contentType"`
	Size        int64  `json:"size"` // bytes, 0 when not told
	Date        Time   `json:"date"`
}

// EventsPage is one page of the feed, oldest first.
type EventsPage struct {
	Events []Event
	// Next is the cursor for the next call, never smaller than the one this call was made with. Save it together with the
	// events, not before them.
	Next int64
	// TotalEvents is 0 on the last page.
	TotalEvents int64
	// OldestEventTime and NewestEventTime are zero on the last page.
	OldestEventTime, NewestEventTime Time
	// Malformed are events that could not be decoded; the others are good.
	Malformed []Malformed
	// Errors is what the remote side said beside the events.
	Errors []string
}

// Done tells that the feed is drained: there was nothing on this page.
func (p EventsPage) Done() bool {
	return p.TotalEvents == 0 && len(p.Events) == 0 && len(p.Malformed) == 0
}

const longestMalformed = 64 << 10

// decodeItems decodes each item by itself, so that one odd item does not hide the others.
func decodeItems[T any](raws []json.RawMessage) (items []T, bad []Malformed) {
	for _, raw := range raws {
		var item T
		err := json.Unmarshal(raw, &item)
		if isNull(raw) {
			err = errors.New("null in a list")
		}
		if err != nil {
			bad = append(bad, Malformed{Raw: raw[:min(len(raw), longestMalformed)], Err: err})
			continue
		}
		items = append(items, item)
	}
	return items, bad
}
