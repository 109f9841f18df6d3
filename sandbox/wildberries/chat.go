package wildberries

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// The wire types, from section "Чат с покупателями" of the contract of 2026-07-23. Pointers may be left out.
type (
	goodCard struct {
		NmID          int64  `json:"nmID"`
		Price         int    `json:"price"`
		PriceCurrency string `json:"priceCurrency"`
		Rid           string `json:"rid"`
		Size          string `json:"size"`
	}
	lastMessage struct {
		Text         string `json:"text"`
		AddTimestamp int64  `json:"addTimestamp"`
	}
	chat struct {
		ChatID      string       `json:"chatID"`
		ReplySign   string       `json:"replySign"`
		ClientName  string       `json:"clientName"`
		GoodCard    *goodCard    `json:"goodCard,omitempty"`
		LastMessage *lastMessage `json:"lastMessage,omitempty"`
	}
	fileEntry struct {
		ContentType string `json:"contentType"`
		Date        string `json:"date"`
		DownloadID  string `json:"downloadID"`
		Name        string `json:"name"`
		URL         string `json:"url"`
		Size        int    `json:"size"`
	}
	imageEntry struct {
		Date       string `json:"date"`
		DownloadID string `json:"downloadID"`
		URL        string `json:"url"`
	}
	attachments struct {
		GoodCard *goodCard    `json:"goodCard,omitempty"`
		Files    []fileEntry  `json:"files,omitempty"`
		Images   []imageEntry `json:"images,omitempty"`
	}
	eventMessage struct {
		Attachments *attachments `json:"attachments,omitempty"`
		Text        string       `json:"text,omitempty"`
	}
	event struct {
		ChatID       string        `json:"chatID"`
		EventID      string        `json:"eventID"`
		EventType    string        `json:"eventType"`
		IsNewChat    bool          `json:"isNewChat,omitempty"`
		Message      *eventMessage `json:"message,omitempty"`
		Source       string        `json:"source,omitempty"`
		AddTimestamp int64         `json:"addTimestamp"`
		AddTime      string        `json:"addTime"`
		ReplySign    string        `json:"replySign,omitempty"`
		Sender       string        `json:"sender"`
		ClientName   string        `json:"clientName,omitempty"`
	}
	eventsResult struct {
		Next            int64   `json:"next"`
		NewestEventTime string  `json:"newestEventTime,omitempty"`
		OldestEventTime string  `json:"oldestEventTime,omitempty"`
		TotalEvents     int     `json:"totalEvents"`
		Events          []event `json:"events"`
	}
	envelope struct {
		Result any      `json:"result"`
		Errors []string `json:"errors"`
	}
)

const eventsPage = 50

var sources = map[sandbox.Source]string{
	sandbox.SourceWeb: "rusite", sandbox.SourceGlobal: "global", sandbox.SourceIOS: "ios", sandbox.SourceAndroid: "android",
	sandbox.SourceCabinet: "seller-portal", sandbox.SourceAPI: "seller-public-api",
}

var senders = map[sandbox.Author]string{sandbox.Buyer: "client", sandbox.Seller: "seller", sandbox.Platform: "wb"}

// chats lists all chats at once, the liveliest first. It is written piece by piece: a large world has hundreds of thousands.
func (e *Emulator) chats(c *call) {
	fx := sandbox.EffectsOf(c.r)
	list := c.account.Conversations
	if fx.Reorder {
		list = reordered(c.account)
	}
	c.rw.Header().Set("Content-Type", "application/json")
	out := bufio.NewWriterSize(c.rw, 64<<10)
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	failed := errors.Join(ignore(out.WriteString(`{"result":[`)))
	first := true
	list(func(one sandbox.Conversation) bool {
		for range times(fx.Duplicate) {
			if !first {
				failed = errors.Join(failed, out.WriteByte(','))
			}
			first = false
			failed = errors.Join(failed, encode.Encode(e.chat(c, one)))
		}
		return failed == nil && c.r.Context().Err() == nil
	})
	_, _ = out.WriteString(`],"errors":null}`)
	_ = out.Flush() // the other side is gone
}

func ignore(_ int, err error) error { return err }

func times(twice bool) int {
	if twice {
		return 2
	}
	return 1
}

// reordered lists the same chats from the other end.
func reordered(a *sandbox.Account) func(func(sandbox.Conversation) bool) {
	var all []sandbox.Conversation
	a.Conversations(func(c sandbox.Conversation) bool { all = append(all, c); return true })
	slices.Reverse(all)
	return func(yield func(sandbox.Conversation) bool) {
		for _, c := range all {
			if !yield(c) {
				return
			}
		}
	}
}

func (e *Emulator) chat(c *call, one sandbox.Conversation) chat {
	w := chat{ChatID: chatID(one.ID), ReplySign: e.signs.current(c.account, one.ID), ClientName: one.Buyer.Name}
	if one.ID[0]%16 != 3 { // some chats are about nothing that was bought
		w.GoodCard = newCard(one)
	}
	if !one.Last.Empty {
		w.LastMessage = &lastMessage{one.Last.Text, one.Last.At.UnixMilli()}
	}
	return w
}

func newCard(one sandbox.Conversation) *goodCard {
	return &goodCard{NmID: one.Product.Number, Price: one.Product.Price, PriceCurrency: "RUB", Rid: one.Order, Size: one.Size}
}

// events answers a page of the feed.
func (e *Emulator) events(c *call) {
	after, ok := c.next()
	if !ok {
		return
	}
	found := c.account.Events(after, eventsPage)
	result := eventsResult{Next: after, TotalEvents: len(found), Events: []event{}}
	if after < 0 {
		result.Next = c.account.Opened.UnixMilli()
	}
	for _, m := range found {
		result.Events = append(result.Events, e.event(c, m))
	}
	if n := len(found); n > 0 {
		result.Next = found[n-1].At.UnixMilli()
		result.NewestEventTime = found[n-1].At.Format(time.RFC3339)
		result.OldestEventTime = found[0].At.Format(time.RFC3339)
	}
	result.play(sandbox.EffectsOf(c.r))
	c.json(http.StatusOK, envelope{Result: result})
}

// play doubles or disorders a page on order; the cursor stays.
func (r *eventsResult) play(fx sandbox.Effects) {
	if fx.Duplicate {
		var twice []event
		for _, x := range r.Events {
			twice = append(twice, x, x)
		}
		r.Events, r.TotalEvents = append([]event{}, twice...), len(twice)
	}
	if fx.Reorder {
		slices.Reverse(r.Events)
	}
}

// next reads the cursor; -1 stands for its absence. It answers by itself when the cursor is bad.
func (c *call) next() (int64, bool) {
	query := c.r.URL.Query()
	if !query.Has("next") {
		return -1, true
	}
	n, err := strconv.ParseInt(query.Get("next"), 10, 64)
	if err != nil {
		c.refuse("application/json", "Bad Request", "Invalid number")
		return 0, false
	}
	if n <= 0 {
		c.refuse("application/json", "Bad Request", `Invalid value for "next"`)
		return 0, false
	}
	return n, true
}

func (e *Emulator) event(c *call, m sandbox.Message) event {
	w := event{
		ChatID: chatID(m.Conversation), EventID: m.ID.String(), EventType: "message", Source: sources[m.Source],
		AddTimestamp: m.At.UnixMilli(), AddTime: m.At.Format(time.RFC3339), Sender: senders[m.Author],
	}
	if m.Position == 0 {
		w.IsNewChat, w.ReplySign = true, e.signs.current(c.account, m.Conversation)
	}
	if m.Author == sandbox.Buyer {
		w.ClientName = m.Buyer
	}
	if m.Empty {
		return w
	}
	w.Message = &eventMessage{Text: m.Text}
	if m.Card || len(m.Files) > 0 {
		w.Message.Attachments = e.attachments(c, m)
	}
	return w
}

func (e *Emulator) attachments(c *call, m sandbox.Message) *attachments {
	var w attachments
	if m.Card {
		if one, ok := c.account.Conversation(m.Conversation); ok {
			w.GoodCard = newCard(one)
		}
	}
	for _, f := range m.Files {
		date := f.At().Format("2006-01-02T15:04:05.000Z")
		id := f.ID.String()
		if isPicture(f) {
			w.Images = append(w.Images, imageEntry{date, id, link(c.r, f)})
			continue
		}
		w.Files = append(w.Files, fileEntry{f.Type, date, id, f.Name, link(c.r, f), f.Size()})
	}
	return &w
}

func isPicture(f sandbox.File) bool { return f.Type == "image/jpeg" || f.Type == "image/png" }
