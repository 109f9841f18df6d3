package radist

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// old reads all there ever was, chat by chat, once. It goes on after any
// interruption from the page where it stood. A chat that slips through because it
// moved in the list has something new, so that the walk finds it.
type old struct {
	*office
	mu    sync.Mutex // guards what follows
	next  sellerdesk.Cursor
	reads map[int64]string // the newest messages of the chats read up to next
}

// oldPageSize is small, because every chat of a page costs a history.
const oldPageSize = 10

// longestInline is how many messages of a chat one pull brings; a longer chat is
// read by itself, page by page.
const longestInline = 2000

// stride is where the reading stands.
type stride struct {
	Page  string `json:"page,omitempty"`
	Pages int    `json:"pages"`
	Begin int64  `json:"begin"` // Unix milliseconds
	Ended bool   `json:"ended,omitempty"`
}

func (s stride) cursor() sellerdesk.Cursor { return sellerdesk.Cursor(encoded(s)) }

// pull reads a page of contacts with all that was said.
func (o *old) pull(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	var s stride
	if json.Unmarshal([]byte(from), &s) != nil || s.Begin < 1 || s.Begin > latest || len(s.Page) > longestCursor || s.Pages < 0 {
		s = stride{Begin: o.clock.Now().UnixMilli()}
	}
	o.taken(from)
	if s.Ended {
		return sellerdesk.Batch{Next: from}, nil
	}
	h, err := o.home(ctx)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	p, err := o.client.Chats.List(ctx, h.id, api.ListChats{Limit: oldPageSize, Cursor: s.Page})
	if err != nil {
		e := classify(err, reading)
		if s.Page != "" && e.Class == channel.Refused {
			return sellerdesk.Batch{Next: stride{Begin: s.Begin}.cursor(), After: perPage}, nil
		}
		return sellerdesk.Batch{}, e
	}
	b := sellerdesk.Batch{Skipped: malformed("a contact that cannot be decoded", p.Malformed)}
	reads := map[int64]string{}
	for _, contact := range p.Items {
		b.Skipped = append(b.Skipped, malformed("a chat that cannot be decoded", contact.Malformed)...)
		for _, chat := range contact.Chats {
			if err := o.chat(ctx, &b, reads, h, contact, chat); err != nil {
				return sellerdesk.Batch{}, err
			}
		}
	}
	arrange(&b)
	if len(b.Messages)+len(b.Conversations) > 0 {
		reached(&b, o.clock.Now())
	}
	if s.Pages++; p.Next == "" || p.Next == s.Page || s.Pages >= mostPages {
		s.Page, s.Ended = "", true
	} else {
		s.Page, b.More = p.Next, true
	}
	b.Next = s.cursor()
	o.handed(b.Next, reads)
	return b, nil
}

// handed remembers what a page has read. Whether it was kept shows when the next
// page is asked for: until then the walk must not believe that it was read.
func (o *old) handed(next sellerdesk.Cursor, reads map[int64]string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.next, o.reads = next, reads
}

// taken notes that what was handed out up to a cursor was kept.
func (o *old) taken(upTo sellerdesk.Cursor) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if upTo == o.next {
		for chat, newest := range o.reads {
			o.book.note(chat, fact{read: newest})
		}
	}
	o.next, o.reads = "", nil
}

// chat reads one chat whole, also one that was read before: it changes nothing.
func (o *old) chat(ctx context.Context, b *sellerdesk.Batch, reads map[int64]string, h home, contact api.ContactChats, chat api.Chat) error {
	f := o.book.note(chat.ID, factOf(contact, chat))
	src, _, err := o.source(ctx, h, chat.ConnectionID)
	if err != nil {
		return err
	}
	if silent(chat) {
		patch := o.conversation(chat.ID, f, src)
		patch.Remote = keptOnSilent(chat)
		b.Conversations = append(b.Conversations, patch)
		return nil
	}
	var messages []api.Message
	gap := false
	for m, err := range o.client.Messages.All(ctx, h.id, api.Walk{Chat: chat.ID, Limit: linePageSize}) {
		if e := classify(err, reading); err != nil && e.Class == channel.Gone {
			return nil
		} else if err != nil {
			return e
		}
		if messages = append(messages, m); len(messages) > longestInline {
			gap = true
			break
		}
	}
	more := o.batch(ctx, h, chat.ID, chat.ConnectionID, messages)
	b.Messages, b.Skipped = append(b.Messages, more.Messages...), append(b.Skipped, more.Skipped...)
	if gap {
		b.Conversations = append(b.Conversations, o.conversation(chat.ID, f, src))
		b.Reread = append(b.Reread, sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: named(chat.ID)})
		return nil
	}
	var at peek
	for _, m := range messages {
		if !m.CreatedAt.IsZero() {
			at.see(m)
		}
	}
	patch, err := o.stand(ctx, h, chat.ID, kept{Of: named(chat.ID), Connection: chat.ConnectionID}, at)
	if err != nil {
		return err
	}
	b.Conversations, reads[chat.ID] = append(b.Conversations, patch), at.Newest
	return nil
}
