package radist

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// kept is what stays on a conversation for us. It names its conversation and is
// good for no other.
type kept struct {
	Of sellerdesk.RemoteID `json:"of"`
	// Connection is the one that the chat goes through.
	Connection int64 `json:"connection,omitempty"`
	// Last is the moment of the newest message up to which everything was read,
	// in Unix microseconds; 0 when the chat was not read to its beginning.
	Last int64 `json:"last,omitempty"`
}

// silent tells whether nobody has said a word in a chat: it is not read.
func silent(c api.Chat) bool { return c.LastMessage == nil && c.Unanswered == 0 }

// keptOnSilent is what stays on a silent chat: its connection, which nothing else
// would tell after a restart. On others a reading keeps more, which is not to be
// overwritten.
func keptOnSilent(c api.Chat) []byte {
	return encoded(kept{Of: named(c.ID), Connection: max(c.ConnectionID, 0)})
}

// keptOf is what is kept on a conversation; ok is false when it is nothing of ours.
func keptOf(ref sellerdesk.RemoteRef) (k kept, ok bool) {
	if json.Unmarshal(ref.Remote, &k) != nil || k.Of != ref.ID || k.Connection < 0 || k.Last < 0 {
		return kept{Of: ref.ID}, false
	}
	return k, true
}

// peek is where a reading of a chat stands between two pages, which go back.
type peek struct {
	// Until is where the next page begins, Unix microseconds.
	Until int64 `json:"until"`
	// Newest and Last are the newest message and its moment, Heard is the moment
	// of the newest of the buyer, and Bare that of the newest of our side that may
	// still get a mark.
	Newest string `json:"newest,omitempty"`
	Last   int64  `json:"last,omitempty"`
	Heard  int64  `json:"heard,omitempty"`
	Bare   int64  `json:"bare,omitempty"`
	Pages  int    `json:"pages"`
}

func peekOf(c sellerdesk.Cursor) peek {
	var p peek
	if json.Unmarshal([]byte(c), &p) != nil || p.Until < 1 || p.Until/1000 > latest || p.Last < 0 || p.Heard < 0 || p.Bare < 0 || p.Pages < 0 || len(p.Newest) > 200 {
		return peek{}
	}
	return p
}

// see takes a message into account.
func (p *peek) see(m api.Message) {
	at := m.CreatedAt.UnixMicro()
	if at > p.Last || p.Newest == "" {
		p.Newest, p.Last = m.ID, max(at, p.Last)
	}
	if m.Direction == api.Inbound {
		p.Heard = max(p.Heard, at)
		return
	}
	if m.ReadAt.IsZero() && (m.ErrorAt.IsZero() || !m.DeliveredAt.IsZero()) {
		p.Bare = max(p.Bare, at)
	}
}

const (
	linePageSize = 100
	// mostLinePages ends the reading of a chat that does not end.
	mostLinePages = 10_000
)

// History reads a page of one chat, from the newest message back to what was read
// before, or to the first. The first page is taken whole, since marks of known
// messages may be new.
//
// A page begins a microsecond after the end of the one before, because messages
// that share their moment may stand on both sides of a border.
func (c *connector) History(ctx context.Context, ref sellerdesk.RemoteRef, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	chat := number(ref.ID)
	if chat == 0 || ref.Kind != "" && ref.Kind != sellerdesk.KindChat {
		return sellerdesk.Batch{}, lost("Nothing at Radist.Online has this id.")
	}
	h, err := c.home(ctx)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	k, _ := keptOf(ref)
	at := peekOf(from)
	q := api.ListMessages{Chat: chat, Limit: linePageSize}
	if at.Until > 0 {
		q.Until = time.UnixMicro(at.Until)
	}
	got, err := c.client.Messages.List(ctx, h.id, q)
	if err != nil {
		return sellerdesk.Batch{}, classify(err, reading)
	}
	b := c.batch(ctx, h, chat, c.connection(chat, ref), got.Items)
	b.Skipped = append(b.Skipped, malformed("a message that cannot be decoded", got.Malformed)...)
	now := c.clock.Now()
	for _, m := range got.Items {
		if !m.CreatedAt.IsZero() {
			at.see(m)
		}
	}
	at.Pages++
	whole := len(got.Items)+len(got.Malformed) < linePageSize
	if next := back(&b, at.Until, got.Items); !whole && next > 0 && next >= k.Last && at.Pages < mostLinePages {
		at.Until = next
		b.Next, b.More = sellerdesk.Cursor(encoded(at)), true
		b.Conversations = []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: named(chat)}}
	} else {
		patch, err := c.stand(ctx, h, chat, k, at)
		if err != nil {
			return sellerdesk.Batch{}, err
		}
		c.book.note(chat, fact{read: at.Newest})
		b.Conversations = []sellerdesk.ConversationPatch{patch}
	}
	reached(&b, now)
	return b, nil
}

// batch makes lines of messages of a chat that goes through a connection, 0 when
// that is not known, oldest first.
func (c *office) batch(ctx context.Context, h home, chat, connection int64, messages []api.Message) (b sellerdesk.Batch) {
	t := c.textsFor(ctx, h, connection, messages...)
	for _, m := range slices.Backward(messages) {
		line, odd := c.line(chat, m, t)
		if odd != "" {
			b.Skipped = append(b.Skipped, sellerdesk.Skipped{What: odd})
			continue
		}
		b.Messages = append(b.Messages, line)
	}
	arrange(&b)
	return b
}

// back is where the next page begins, in Unix microseconds; 0 when nothing tells.
// Where a whole page shares one moment the rest of it cannot be asked for.
func back(b *sellerdesk.Batch, until int64, messages []api.Message) int64 {
	oldest := int64(0)
	for _, m := range messages {
		if at := m.CreatedAt.UnixMicro(); !m.CreatedAt.IsZero() && (oldest == 0 || at < oldest) {
			oldest = at
		}
	}
	if oldest < 1 {
		return 0
	}
	if next := oldest + 1; until == 0 || next < until {
		return next
	}
	b.Skipped = append(b.Skipped, sellerdesk.Skipped{What: "messages of a moment that has more than a page holds"})
	return max(oldest-1, 1)
}

// lookAtMarks is when to look for the marks of a message that was sent. They are
// pushed; a look finds those that were lost.
const lookAtMarks = 30 * time.Second

// lookAgain is how long to wait for the next look when the newest message that
// may still get a mark has this age; zero means no more.
func lookAgain(age time.Duration) time.Duration {
	switch {
	case age < lookAtMarks:
		return lookAtMarks
	case age < 10*time.Minute:
		return 5 * time.Minute
	case age < 2*time.Hour:
		return time.Hour
	case age < 24*time.Hour:
		return 12 * time.Hour
	default:
		return 0
	}
}

// stand is how a chat stands after it was read. It does not note that it was.
func (c *office) stand(ctx context.Context, h home, chat int64, k kept, at peek) (sellerdesk.ConversationPatch, error) {
	told := fact{connection: k.Connection}
	if at.Heard > 0 {
		told.heard = time.UnixMicro(at.Heard).UTC()
	}
	if known := c.book.get(chat); known.connection > 0 {
		told.connection = 0 // what is remembered is newer than what was kept
	}
	f := c.book.note(chat, told)
	s, _, err := c.source(ctx, h, f.connection)
	if err != nil {
		return sellerdesk.ConversationPatch{}, err
	}
	patch := c.conversation(chat, f, s)
	if f.contact == 0 && f.name == "" {
		patch.Chat = nil // only the connection is known: the lists tell the rest
	}
	if s.waba() && f.heard.IsZero() && at.Last > 0 {
		// The buyer has never written.
		last := sellerdesk.At(time.UnixMicro(at.Last))
		w := sellerdesk.Window{Unbounded: c.book.mayWriteFirst(s.id), CheckedAt: last}.Seen(last)
		patch.Window = &w
	}
	if at.Last > 0 {
		newest := sellerdesk.At(time.UnixMicro(at.Last))
		patch.UpdatedAt = &newest
	}
	pause := time.Duration(0)
	if at.Bare > 0 {
		pause = lookAgain(c.clock.Now().Sub(time.UnixMicro(at.Bare)))
	}
	patch.Remote, patch.Reread = encoded(kept{Of: named(chat), Connection: f.connection, Last: max(k.Last, at.Last)}), &pause
	return patch, nil
}
