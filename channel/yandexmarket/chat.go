package yandexmarket

import (
	"context"
	"encoding/json"
	"path"
	"strings"
	"sync"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// The names of those who write besides buyer and seller, as the remote side
// shows them to sellers.
const (
	nameMarket  = "Яндекс Маркет"
	nameSupport = "Поддержка Яндекс Маркета"
	// sticker stands for a message of neither text nor file (seen live, 2026):
	// the buyer sent a picture that the API does not give out.
	sticker = "[стикер]"
)

// chatFacts remember what the lists told about chats, since their histories do
// not: whose move it is, and whether anybody may write. The zero value is empty.
type chatFacts struct {
	mu  sync.Mutex // guards all
	all map[sellerdesk.RemoteID]row
}

// mostFacts bounds what is remembered; of others the chat is asked for by itself.
const mostFacts = 20_000

func (f *chatFacts) put(r row) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all = map[sellerdesk.RemoteID]row{}
	}
	if _, known := f.all[r.patch.RemoteID]; known || len(f.all) < mostFacts {
		f.all[r.patch.RemoteID] = r
	}
}

func (f *chatFacts) get(id sellerdesk.RemoteID) (row, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r, ok := f.all[id]
	return r, ok
}

// forget lets the chat be asked for when it is read next.
func (f *chatFacts) forget(id sellerdesk.RemoteID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.all, id)
}

// convertChat makes a row of a chat; why says what is wrong with it.
func convertChat(c api.Chat, shops map[int64]string) (r row, why string) {
	if c.ID < 1 {
		return row{}, "a chat without an id"
	}
	r.patch = sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: named(c.ID), Chat: chatPart(c, shops)}
	if !c.CreatedAt.IsZero() {
		at := sellerdesk.At(c.CreatedAt.Time)
		r.patch.CreatedAt, r.patch.UpdatedAt = &at, &at
		r.moved = at
	}
	if c.UpdatedAt.After(r.moved.Time) {
		at := sellerdesk.At(c.UpdatedAt.Time)
		r.patch.UpdatedAt = &at
		r.moved = at
	}
	r.deep = true
	patchContext(&r.patch, c.Context)
	shut := shutOf(c)
	r.patch.Shut = &shut
	if shut.Code != "" || c.Status == api.StatusWaitingForMarket {
		r.patch.Settled = yes()
	}
	return r, ""
}

// patchContext adds what a chat is about.
func patchContext(p *sellerdesk.ConversationPatch, c api.ChatContext) {
	if c.Customer != nil {
		if name := strings.TrimSpace(c.Customer.Name); name != "" {
			p.BuyerName = &name
		}
	}
	if c.OrderID > 0 {
		order := string(named(c.OrderID))
		p.Order = &order
	}
}

func chatPart(c api.Chat, shops map[int64]string) *sellerdesk.Chat {
	out := &sellerdesk.Chat{
		State: chatState(c.Status), Subject: chatSubject(c.Context.Type),
		Dispute: c.Type == api.TypeArbitrage || c.Status == api.StatusWaitingForArbiter,
	}
	if c.Context.ReturnID > 0 {
		out.Return = sellerdesk.Optional(named(c.Context.ReturnID))
	}
	if id := c.Context.CampaignID; id > 0 {
		out.Shop = sellerdesk.Optional(firstText(shops[id], string(named(id))))
	}
	return out
}

// chatState names a status; an unknown one stays as it is.
func chatState(s api.ChatStatus) sellerdesk.ChatState {
	switch s {
	case api.StatusNew:
		return sellerdesk.ChatNew
	case api.StatusWaitingForCustomer:
		return sellerdesk.ChatWaitsForBuyer
	case api.StatusWaitingForPartner:
		return sellerdesk.ChatWaitsForSeller
	case api.StatusWaitingForArbiter:
		return sellerdesk.ChatWaitsForArbiter
	case api.StatusWaitingForMarket:
		return sellerdesk.ChatWaitsForMarket
	case api.StatusFinished:
		return sellerdesk.ChatFinished
	default:
		return sellerdesk.ChatState(cut(string(s), 60))
	}
}

func chatSubject(t api.ContextType) sellerdesk.ChatSubject {
	switch t {
	case api.ContextOrder:
		return sellerdesk.ChatAboutOrder
	case api.ContextReturn:
		return sellerdesk.ChatAboutReturn
	case api.ContextDirect:
		return sellerdesk.ChatDirect
	default:
		return sellerdesk.ChatSubject(cut(strings.ToLower(string(t)), 60))
	}
}

// shutOf says why nobody may write to a chat; empty when one may. In a dispute
// the arbiter can ask the seller, and then the seller answers.
func shutOf(c api.Chat) sellerdesk.Why {
	switch {
	case c.Status == api.StatusFinished:
		return sellerdesk.Why{Code: sellerdesk.ReasonFinished, Text: "Yandex Market has closed this chat."}
	case c.Status == api.StatusWaitingForArbiter, c.Type == api.TypeArbitrage && c.Status == api.StatusWaitingForMarket:
		return sellerdesk.Why{Code: sellerdesk.ReasonArbitration, Text: "An arbiter of Yandex Market decides now. The chat takes no answers until then."}
	default:
		return sellerdesk.Why{}
	}
}

// convertLine makes the line of a message; why says what is wrong with it.
func convertLine(chat int64, m api.Message) (line sellerdesk.MessagePatch, why string) {
	switch {
	case m.ID < 1:
		return line, "a message without an id"
	case m.CreatedAt.IsZero():
		return line, "a message without a time"
	}
	line = sellerdesk.MessagePatch{
		Kind: sellerdesk.KindChat, Conversation: named(chat), RemoteID: named(m.ID), Text: m.Text, At: sellerdesk.At(m.CreatedAt.Time),
	}
	line.Author, line.AuthorName = speaker(m.Sender)
	for i, f := range m.Files {
		line.Files = append(line.Files, chatFile(chat, m.ID, i, f))
	}
	if strings.TrimSpace(line.Text) == "" && len(line.Files) == 0 {
		line.Text = sticker
	}
	return line, ""
}

// speaker tells whose words a message holds. An unknown sender counts as the
// remote side itself.
func speaker(s api.Sender) (sellerdesk.Author, string) {
	switch s {
	case api.SenderCustomer:
		return sellerdesk.AuthorBuyer, ""
	case api.SenderPartner:
		return sellerdesk.AuthorElsewhere, ""
	case api.SenderSupport:
		return sellerdesk.AuthorPlatform, nameSupport
	default:
		return sellerdesk.AuthorPlatform, nameMarket
	}
}

// link is what stays on a file for us. A link of a chat may end, so that it
// names its message too, where a fresh one is found.
type link struct {
	URL     string `json:"url,omitempty"`
	Chat    int64  `json:"chat,omitempty"`
	Message int64  `json:"message,omitempty"`
	Place   int    `json:"place,omitempty"` // among the files of the message, from 0
}

func (l link) bytes() []byte {
	b, err := json.Marshal(l)
	if err != nil {
		return nil // never: texts and numbers
	}
	return b
}

// chatFile names a file by its place: links change.
func chatFile(chat, message int64, place int, f api.File) sellerdesk.RemoteFile {
	return sellerdesk.RemoteFile{
		ID:   named(message) + "/" + named(int64(place+1)),
		Name: strings.TrimSpace(f.Name), Type: typeByName(f.Name), Size: max(f.Size, 0),
		Remote: link{URL: f.URL, Chat: chat, Message: message, Place: place}.bytes(),
	}
}

// typeByName guesses what a file is until it is fetched, "" when its name does
// not tell.
func typeByName(name string) string {
	switch strings.ToLower(path.Ext(strings.TrimSpace(name))) {
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".gif":
		return "image/gif"
	case ".pdf":
		return "application/pdf"
	case ".mp4":
		return "video/mp4"
	default:
		return ""
	}
}

// The most that one reading of a chat takes in at once.
const (
	chatPageSize  = 20
	linePageSize  = 100
	mostLinePages = 100
)

// chats are the buyers' chats of a cabinet.
type chats struct {
	*cabinet
	facts chatFacts
	// read are those that a walk has read whole: its second pass leaves them alone.
	// heard are those whose newest line was read by itself, as after a push: the
	// sweeps have nothing to add.
	read, heard readChats
}

// list reads a page of chats with the given statuses; none means all.
func (c *chats) list(ctx context.Context, page string, statuses ...api.ChatStatus) (rows, error) {
	business, err := c.business(ctx)
	if err != nil {
		return rows{}, err
	}
	got, err := c.client.Chats.List(ctx, business.id, api.ListChats{Statuses: statuses, Limit: chatPageSize, Page: page})
	if err != nil {
		return rows{}, c.failure(err, reading)
	}
	out := rows{next: got.Next}
	for _, chat := range got.Items {
		r, why := convertChat(chat, business.shops)
		if why != "" {
			out.skipped = append(out.skipped, skippedThing(why, chat))
			continue
		}
		c.facts.put(r)
		out.list = append(out.list, r)
	}
	out.skipped = append(out.skipped, malformed("a chat that cannot be decoded", got.Malformed)...)
	return out, nil
}

// thread is a page of the lines of a chat.
type thread struct {
	patch   sellerdesk.ConversationPatch
	lines   []sellerdesk.MessagePatch
	last    int64 // the largest id, 0 without any
	next    string
	skipped []sellerdesk.Skipped
}

// lines reads a page of a chat, from a message on; 0: from the first.
func (c *chats) lines(ctx context.Context, chat, from int64, page string) (thread, error) {
	business, err := c.business(ctx)
	if err != nil {
		return thread{}, err
	}
	got, err := c.client.Chats.History(ctx, business.id, chat, api.ListMessages{From: from, Limit: linePageSize, Page: page})
	if err != nil {
		return thread{}, c.failure(err, reading)
	}
	out := thread{next: got.Next, patch: sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: named(chat)}}
	patchContext(&out.patch, got.Context)
	for _, m := range got.Items {
		line, why := convertLine(chat, m)
		if out.last = max(out.last, m.ID); why != "" {
			out.skipped = append(out.skipped, skippedThing(why, m))
			continue
		}
		if m.ID != from { // that one was read before
			out.lines = append(out.lines, line)
		}
	}
	out.skipped = append(out.skipped, malformed("a message that cannot be decoded", got.Malformed)...)
	return out, nil
}

// whole reads a page of chats with all that was said in them.
func (c *chats) whole(ctx context.Context, s step) (haul, error) {
	p, err := c.list(ctx, s.page)
	if err != nil {
		return haul{}, err
	}
	out := haul{next: p.next, skipped: p.skipped}
	for _, r := range p.list {
		if s.again && c.read.same(r) {
			continue
		}
		id := number(r.patch.RemoteID)
		k := kept{Of: r.patch.RemoteID}
		page := ""
		for n := range mostLinePages {
			t, err := c.lines(ctx, id, 0, page)
			if err != nil {
				if gone(err) {
					break
				}
				return haul{}, err
			}
			r.messages = append(r.messages, t.lines...)
			out.skipped = append(out.skipped, t.skipped...)
			k.Last = max(k.Last, t.last)
			if t.next == "" || t.next == page {
				r.patch.Remote = k.bytes()
				break
			}
			if page = t.next; n == mostLinePages-1 {
				out.skipped = append(out.skipped, sellerdesk.Skipped{What: "the rest of a chat that does not end"})
			}
		}
		c.read.note(r.patch.RemoteID, movedAt(r))
		out.posts = append(out.posts, r.post)
	}
	return out, nil
}
