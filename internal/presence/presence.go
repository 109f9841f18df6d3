package presence

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

const (
	// Life is how long somebody is there who does not say so again.
	Life = 45 * time.Second
	// TypingLife is how long somebody types who does not say so again.
	TypingLife = 6 * time.Second
	// mostSeats bounds what is remembered: windows of browsers.
	mostSeats = 20_000
	// mostOf bounds how many windows of one person count.
	mostOf = 50
)

// Seat is one window of one person: it has one conversation in front of it.
type Seat struct {
	User sellerdesk.UserID
	// Window tells the windows of a person apart; "" is one too.
	Window string
}

// Here is what a window says of itself.
type Here struct {
	Seat
	Name         string // as colleagues know the person
	Account      sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	Typing       bool
	Draft        bool // the person has begun an answer there
}

// sitting is a window as it is remembered.
type sitting struct {
	Here
	since time.Time // when it came to the conversation
	until time.Time // when it is gone unless it says so again
	typed time.Time // until when it types
}

// Board remembers who is where. It is safe for concurrent use.
type Board struct {
	clock sellerdesk.Clock

	mu       sync.Mutex // guards what follows
	seats    map[Seat]*sitting
	rooms    map[sellerdesk.ConversationID]map[Seat]*sitting
	watchers map[*Watcher]struct{}
	sweeping bool // somebody waits for the next moment at which something ends
	closed   bool
	done     chan struct{} // closed with the board
}

// New makes an empty board. It is closed by its owner.
func New(clock sellerdesk.Clock) *Board {
	return &Board{
		clock: clock, done: make(chan struct{}), seats: map[Seat]*sitting{},
		rooms: map[sellerdesk.ConversationID]map[Seat]*sitting{}, watchers: map[*Watcher]struct{}{},
	}
}

// Close forgets everybody.
func (b *Board) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.closed = true
		close(b.done)
	}
	clear(b.seats)
	clear(b.rooms)
}

// Here notes that a window has a conversation in front of it, and tells whoever
// watches when that changes what is seen of it. A window is at one place at a time.
func (b *Board) Here(h Here) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || h.Conversation == 0 || h.User == 0 {
		return
	}
	now := b.clock.Now()
	old := b.seats[h.Seat]
	if old == nil && (len(b.seats) >= mostSeats || b.windows(h.User) >= mostOf) {
		return
	}
	s := &sitting{Here: h, since: now, until: now.Add(Life)}
	if h.Typing {
		s.typed = now.Add(TypingLife)
	}
	if old != nil && old.Conversation == h.Conversation {
		s.since = old.since
	} else if old != nil {
		b.drop(old)
	}
	b.seats[h.Seat] = s
	room := b.rooms[h.Conversation]
	if room == nil {
		room = map[Seat]*sitting{}
		b.rooms[h.Conversation] = room
	}
	room[h.Seat] = s
	if old == nil || old.Conversation != h.Conversation || old.Typing != h.Typing || old.Draft != h.Draft || old.Name != h.Name {
		b.touch(h.Account, h.Conversation)
	}
	b.sweep()
}

// windows counts those of a person. The caller holds mu.
func (b *Board) windows(user sellerdesk.UserID) (n int) {
	for seat := range b.seats {
		if seat.User == user {
			n++
		}
	}
	return n
}

// Leave notes that a window has nothing in front of it any more.
func (b *Board) Leave(seat Seat) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.seats[seat]; s != nil {
		b.drop(s)
	}
}

// drop takes a window away. The caller holds mu.
func (b *Board) drop(s *sitting) {
	delete(b.seats, s.Seat)
	room := b.rooms[s.Conversation]
	delete(room, s.Seat)
	if len(room) == 0 {
		delete(b.rooms, s.Conversation)
	}
	b.touch(s.Account, s.Conversation)
}

// Look gives who has a conversation in front of them, who came first first. A
// person with several windows is there once.
func (b *Board) Look(id sellerdesk.ConversationID) []sellerdesk.Presence {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.look(id)
}

func (b *Board) look(id sellerdesk.ConversationID) []sellerdesk.Presence {
	people := map[sellerdesk.UserID]*sellerdesk.Presence{}
	for _, s := range b.rooms[id] {
		since := sellerdesk.At(s.since)
		p := people[s.User]
		if p == nil {
			p = &sellerdesk.Presence{User: s.User, Name: s.Name, Since: since, Here: true}
			people[s.User] = p
		}
		p.Typing, p.Draft = p.Typing || s.Typing, p.Draft || s.Draft
		if since.Before(p.Since.Time) {
			p.Since = since
		}
	}
	list := make([]sellerdesk.Presence, 0, len(people))
	for _, p := range people {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b sellerdesk.Presence) int {
		return cmp.Or(a.Since.Compare(b.Since.Time), cmp.Compare(a.User, b.User))
	})
	return list
}

// Room is a conversation and who has it in front of them now.
type Room struct {
	Account      sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	People       []sellerdesk.Presence // none: everybody has left
}

// sweep sees to it that what nobody confirms ends. The caller holds mu.
func (b *Board) sweep() {
	if b.sweeping || len(b.seats) == 0 || b.closed {
		return
	}
	b.sweeping = true
	fired, stop := b.clock.NewTimer(b.next().Sub(b.clock.Now()))
	go func() {
		defer stop()
		select {
		case <-fired:
		case <-b.done:
			return
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.sweeping = false
		b.expire(b.clock.Now())
		b.sweep()
	}()
}

// sweepEvery is how often what may have ended is looked for at most: a new window
// need not wait for an earlier end than the one that is waited for.
const sweepEvery = 500 * time.Millisecond

// next is when to look again. The caller holds mu.
func (b *Board) next() time.Time {
	now := b.clock.Now()
	next := now.Add(TypingLife)
	for _, s := range b.seats {
		if s.Typing && s.typed.Before(next) {
			next = s.typed
		}
		if s.until.Before(next) {
			next = s.until
		}
	}
	if earliest := now.Add(sweepEvery); next.Before(earliest) {
		return earliest
	}
	return next
}

// expire ends what nobody confirmed. The caller holds mu.
func (b *Board) expire(now time.Time) {
	for _, s := range b.seats {
		switch {
		case !now.Before(s.until):
			b.drop(s)
		case s.Typing && !now.Before(s.typed):
			s.Typing = false
			b.touch(s.Account, s.Conversation)
		}
	}
}
