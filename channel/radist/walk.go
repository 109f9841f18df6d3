package radist

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// walk finds what nobody pushed. A pass goes through the contacts that wait for an
// answer, which come first, and through the others back to what an earlier pass
// has seen, one page each time.
//
// The list moves while it is read. What slips through between two pages changed
// while the pass went on, so that it is younger than all that the pass before had
// seen: each pass goes back to there.
//
// A chat whose newest message is not the one that it was read up to is read
// again, also when that message was pushed: one before it may be lost.
type walk struct {
	*office
	size   int // contacts of a page
	pushes trust

	mu     sync.Mutex // guards what follows
	memory memory
}

// memory is what was handed out up to a cursor. Without it everything is handed
// out again, which changes nothing in a store.
type memory struct {
	cursor sellerdesk.Cursor
	known  map[int64]uint64 // sums of what the list said, by chat
	passes int              // that were remembered from their first page on
	reread int              // chats that this pass has asked to read
}

// mostPages ends a pass over a list that does not end.
const mostPages = 20_000

// pageSize is how many contacts a page has.
const pageSize = 100

// seat is where a walk stands.
type seat struct {
	Page  string `json:"page,omitempty"`
	Pages int    `json:"pages,omitempty"` // read in this pass
	// Unix milliseconds: what was changed after Old may be unread. Prev and Top
	// are the newest changes seen by the last pass and by this one.
	Old  int64 `json:"old,omitempty"`
	Prev int64 `json:"prev,omitempty"`
	Top  int64 `json:"top,omitempty"`
	// Batch counts what was handed out, so that a new batch has a new cursor.
	Batch int64 `json:"batch"`
}

func (s seat) cursor() sellerdesk.Cursor { return sellerdesk.Cursor(encoded(s)) }

// longestCursor bounds what is believed to be a cursor of the gateway.
const longestCursor = 4 << 10

// latest is the end of the year 9999, Unix milliseconds.
const latest = 253402300799999

// seatOf reads a cursor; one that is not ours starts from the beginning. What was
// said before that is for the stream of old history.
func (w *walk) seatOf(c sellerdesk.Cursor) seat {
	var s seat
	bad := json.Unmarshal([]byte(c), &s) != nil || len(s.Page) > longestCursor || s.Pages < 0 || s.Pages > mostPages ||
		s.Old < 1 || s.Prev < 0 || s.Top < 0 || max(s.Old, s.Prev, s.Top) > latest || s.Batch < 0
	if bad {
		at := w.clock.Now().Add(-clocksDiffer).UnixMilli()
		return seat{Old: at, Prev: at}
	}
	return s
}

// pull reads one page.
func (w *walk) pull(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	h, err := w.home(ctx)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	at := w.seatOf(from)
	if at.Page == "" {
		w.pushes.begin(w.clock.Now())
	}
	p, err := w.client.Chats.List(ctx, h.id, api.ListChats{Limit: w.size, Cursor: at.Page})
	if err != nil {
		e := classify(err, reading)
		if at.Page != "" && e.Class == channel.Refused {
			at.Page, at.Pages = "", 0 // a cursor that is no longer good: the pass starts anew
			return sellerdesk.Batch{Next: at.cursor(), After: perPage}, nil
		}
		return sellerdesk.Batch{}, e
	}
	m := w.recall(from, at)
	b := sellerdesk.Batch{Skipped: malformed("a contact that cannot be decoded", p.Malformed)}
	end, err := w.take(ctx, &b, &m, &at, h, p.Items)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	arrange(&b)
	at.Pages++
	if end || p.Next == "" || p.Next == at.Page || at.Pages >= mostPages {
		b.After = w.pause(at.Pages, m.reread)
		at.Page, at.Pages = "", 0
		at.Old, at.Prev, at.Top = max(at.Prev, 1), max(at.Prev, at.Top), 0
		m.passes++
		w.pushes.end()
	} else {
		at.Page, b.More = p.Next, true
	}
	if len(b.Conversations)+len(b.Messages)+len(b.Reread)+len(b.Skipped) > 0 {
		at.Batch++
		reached(&b, w.clock.Now())
	}
	b.Next = at.cursor()
	w.remember(b.Next, m)
	return b, nil
}

// take hands out what of a page is not known as it is, and tells whether nothing
// new can follow.
func (w *walk) take(ctx context.Context, b *sellerdesk.Batch, m *memory, at *seat, h home, page []api.ContactChats) (end bool, err error) {
	for _, contact := range page {
		moved := contact.LastChatUpdatedAt
		old := !moved.IsZero() && moved.Add(overtaken).UnixMilli() < at.Old
		end = end || old && contact.Unanswered == 0
		if !moved.IsZero() {
			at.Top = max(at.Top, min(moved.UnixMilli(), latest))
		}
		b.Skipped = append(b.Skipped, malformed("a chat that cannot be decoded", contact.Malformed)...)
		for _, chat := range contact.Chats {
			sum := sumOf(contact, chat)
			known, had := m.known[chat.ID]
			if had && known == sum {
				continue
			}
			// What is old and was not seen before is for the stream of old history.
			if err := w.chat(ctx, b, m, h, contact, chat, !old || had || m.passes > 0); err != nil {
				return false, err
			}
			if len(m.known) < mostChats {
				m.known[chat.ID] = sum
			}
		}
	}
	return end, nil
}

// chat hands out a chat with its newest message, and asks to read the chat where
// that is not all that may be new.
func (w *walk) chat(ctx context.Context, b *sellerdesk.Batch, m *memory, h home, contact api.ContactChats, chat api.Chat, unread bool) error {
	s, _, err := w.source(ctx, h, chat.ConnectionID)
	if err != nil {
		return err
	}
	f := w.book.note(chat.ID, factOf(contact, chat))
	patch := w.conversation(chat.ID, f, s)
	if silent(chat) {
		patch.Remote = keptOnSilent(chat)
	}
	if last := chat.LastMessage; last != nil {
		if last.ID != f.read && last.ID != f.pushed {
			w.pushes.miss(last.CreatedAt.Time, w.clock.Now())
		}
		line, odd := w.line(chat.ID, *last, w.textsFor(ctx, h, chat.ConnectionID, *last))
		if odd == "" {
			patch.UpdatedAt = &line.At
		}
		// Who reads from the beginning wants everything again.
		if unread && (last.ID != f.read || m.passes == 0) {
			b.Reread = append(b.Reread, sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: named(chat.ID)})
			m.reread++
		} else if odd == "" {
			b.Messages = append(b.Messages, line) // with its marks
		}
	}
	b.Conversations = append(b.Conversations, patch)
	return nil
}

// pause is how long to wait for the next pass.
func (w *walk) pause(pages, reread int) time.Duration {
	return max(time.Duration(pages)*perPage+time.Duration(reread)*perChat, w.pushes.pace())
}

// sumOf changes when anything does that the list says of a chat.
func sumOf(contact api.ContactChats, c api.Chat) uint64 {
	last := c.LastMessage
	c.LastMessage = nil
	h := fnv.New64a()
	_, _ = h.Write(encoded(struct {
		Contact int64
		Name    string
		Chat    api.Chat
	}{contact.ContactID, contact.ContactName, c}))
	if last != nil {
		status, why := standing(*last)
		_, _ = h.Write(encoded([]any{last.ID, last.CreatedAt, status, why.Text}))
	}
	return h.Sum64()
}

// recall gives what was handed out up to a cursor; nothing is known when that is
// not certain. Whoever has it changes it alone.
func (w *walk) recall(from sellerdesk.Cursor, at seat) memory {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.memory
	w.memory = memory{}
	if m.known == nil || m.cursor != from {
		m = memory{known: map[int64]uint64{}}
	}
	if at.Page == "" {
		m.reread = 0
	} else if len(m.known) == 0 {
		m.passes = -1 // this one was not remembered from its first page on
	}
	return m
}

func (w *walk) remember(next sellerdesk.Cursor, m memory) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m.cursor = next
	w.memory = m
}
