package radist

import (
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// fact is what is known of a chat. Events tell less of it than lists.
type fact struct {
	connection, contact            int64
	name, phone, username, profile string
	user                           string // the messenger's own id of who writes
	group                          bool
	// heard is when the buyer wrote last, as far as is known.
	heard time.Time
	// read is the newest message up to which the chat was read; "" when it was
	// not. pushed is the newest that was pushed.
	read, pushed string
}

// factOf is what a list tells of a chat.
func factOf(contact api.ContactChats, c api.Chat) fact {
	f := fact{
		connection: c.ConnectionID, contact: contact.ContactID, name: firstText(c.Name, contact.ContactName), phone: strings.TrimSpace(c.Phone),
		username: strings.TrimSpace(c.Username), profile: c.ProfileLink, user: strings.TrimSpace(c.SourceID), group: c.IsGroup || contact.IsGroup,
	}
	if m := c.LastMessage; m != nil && m.Direction == api.Inbound {
		f.heard = m.CreatedAt.Time
	}
	return f
}

// factIn is what an event tells of its chat.
func factIn(e api.Event) fact {
	f := fact{
		connection: e.ConnectionID, contact: e.ContactID, name: strings.TrimSpace(e.Chat.Name), phone: strings.TrimSpace(e.Chat.Phone),
		username: strings.TrimSpace(e.Chat.Username), profile: e.Chat.ProfileLink,
	}
	if m := e.Message; m != nil {
		if f.pushed = m.ID; m.Direction == api.Inbound {
			f.heard = m.CreatedAt.Time
		}
	}
	return f
}

// book remembers chats. The zero value is empty.
type book struct {
	mu    sync.Mutex // guards what follows
	chats map[int64]fact
	// free are the connections that may write first without a template, as far as
	// somebody asked.
	free map[int64]bool
}

// mostChats bounds what is remembered; the rest is looked for when it is needed.
const mostChats = 200_000

// note adds what was told of a chat to what is known, and gives all of it.
func (b *book) note(chat int64, told fact) fact {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.chats[chat]
	if told.connection > 0 {
		f.connection = told.connection
	}
	if told.contact > 0 {
		f.contact = told.contact
	}
	f.name, f.phone, f.username = firstText(told.name, f.name), firstText(told.phone, f.phone), firstText(told.username, f.username)
	f.profile, f.user, f.read = firstText(told.profile, f.profile), firstText(told.user, f.user), firstText(told.read, f.read)
	f.pushed = firstText(told.pushed, f.pushed)
	f.group = f.group || told.group
	if told.heard.After(f.heard) {
		f.heard = told.heard
	}
	if b.chats == nil {
		b.chats = map[int64]fact{}
	}
	if _, known := b.chats[chat]; !known && len(b.chats) >= mostChats {
		for any := range b.chats {
			delete(b.chats, any)
			break
		}
	}
	b.chats[chat] = f
	return f
}

func (b *book) get(chat int64) fact {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.chats[chat]
}

// writesFirst remembers whether a connection may write first without a template.
func (b *book) writesFirst(connection int64, may bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.free == nil {
		b.free = map[int64]bool{}
	}
	b.free[connection] = may
}

func (b *book) mayWriteFirst(connection int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.free[connection]
}

// lines remembers the newest messages of our side, because a mark does not tell
// what it is about. The zero value is empty.
type lines struct {
	mu    sync.Mutex // guards what follows
	all   map[string]sellerdesk.MessagePatch
	order []string // a ring, the oldest at next
	next  int
}

// mostLines bounds what is remembered; a mark of another line costs a reading of
// its chat.
const mostLines = 20_000

func (l *lines) note(m sellerdesk.MessagePatch) sellerdesk.MessagePatch {
	id := string(m.RemoteID)
	l.mu.Lock()
	defer l.mu.Unlock()
	if old, ok := l.all[id]; ok {
		if rank(old.Status) > rank(m.Status) {
			m.Status, m.Why = old.Status, old.Why
		}
		l.all[id] = m
		return m
	}
	if l.all == nil {
		l.all = map[string]sellerdesk.MessagePatch{}
	}
	if len(l.order) < mostLines {
		l.order = append(l.order, id)
	} else {
		delete(l.all, l.order[l.next])
		l.order[l.next] = id
		l.next = (l.next + 1) % mostLines
	}
	l.all[id] = m
	return m
}

func (l *lines) get(id string) (sellerdesk.MessagePatch, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m, ok := l.all[id]
	return m, ok
}

// rank orders how far a message of ours is. An error counts until the messenger
// shows that it arrived all the same.
func rank(s sellerdesk.MessageStatus) int {
	switch s {
	case sellerdesk.MessageRefused:
		return 1
	case sellerdesk.MessageDelivered:
		return 2
	case sellerdesk.MessageRead:
		return 3
	default:
		return 0
	}
}
