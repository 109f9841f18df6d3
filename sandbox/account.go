package sandbox

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

// Account is one seller's cabinet at one remote side. Its exported fields never change.
type Account struct {
	// API names the remote side, Number counts the accounts of a world from 1.
	API    string
	Number int
	// Name is the cabinet's name, unique in its API; Firm is whose it is, TaxID and Brand belong to it.
	Name, Firm, TaxID, Brand string
	// Seller is the cabinet's UUID, Organization its number.
	Seller       string
	Organization int64
	// Opened is before the first message.
	Opened time.Time
	// TokenUntil is when the account's own token runs out: 180 days after the world was first made.
	TokenUntil time.Time

	ids    sealer
	plan   planner
	boards []*Board // one for each kind of posts

	mu        sync.RWMutex
	index     []entry       // every message, by time
	chats     []thread      // by number
	ties      bool          // Options.SameMillisecond
	keepBytes *atomic.Int64 // how many bytes of uploads may still be kept in all accounts
}

// entry is one message in the feed. Generated ones are made from the plan when asked for, others stand in the thread.
type entry struct {
	at             int64 // Unix ms
	chat, position uint32
}

// thread is what is kept of a conversation: 48 bytes for a generated one.
type thread struct {
	made   uint16 // generated messages
	last   uint32 // index of the newest message
	extra  []Message
	person *Person // who acted under a name given from outside
}

// generate fills the account with a history of about messages events that ends at start.
func (a *Account) generate(messages int, start time.Time) {
	a.index = make([]entry, 0, messages)
	end := start.UnixMilli()
	for chat := uint32(0); len(a.index) < messages; chat++ {
		l := a.plan.shape(chat)
		at := end - l.start.Milliseconds()
		n := min(l.n, messages-len(a.index))
		for i, x := range l.lines[:n] {
			at += x.gap
			a.index = append(a.index, entry{at, chat, uint32(i)})
		}
		a.chats = append(a.chats, thread{made: uint16(n)})
	}
	slices.SortFunc(a.index, func(x, y entry) int {
		switch {
		case x.at != y.at:
			return int(x.at - y.at)
		case x.chat != y.chat:
			return int(int64(x.chat) - int64(y.chat))
		default:
			return int(int64(x.position) - int64(y.position))
		}
	})
	for i := range a.index {
		e := &a.index[i]
		e.at = a.after(i, e.at)
		a.chats[e.chat].last = uint32(i)
	}
	a.Opened = start.Add(-a.plan.span)
	if len(a.index) > 0 {
		a.Opened = time.UnixMilli(a.index[0].at - 1).UTC()
	}
}

// after is the time of message number i of the feed: the wanted one, or 1 ms after the one before it.
// With the quirk of equal milliseconds the first message of every page that a careful reader asks for shares the time of the last one it saw.
func (a *Account) after(i int, wanted int64) int64 {
	if i == 0 {
		return wanted
	}
	before := a.index[i-1].at
	if a.ties && i >= tiePage && (i-tiePage)%(tiePage+1) == 0 {
		return before
	}
	return max(wanted, before+1)
}

const tiePage = 50

// message makes the message behind an entry; the caller holds the lock.
func (a *Account) message(e entry) Message {
	t := &a.chats[e.chat]
	var m Message
	if int(e.position) < int(t.made) {
		l := a.plan.shape(e.chat)
		m = a.plan.message(&l, a.party(e.chat), e.chat, e.position, a.ids)
	} else {
		m = t.extra[int(e.position)-int(t.made)]
	}
	m.At = time.UnixMilli(e.at).UTC()
	if len(m.Files) > 0 {
		m.Files = slices.Clone(m.Files)
		for i := range m.Files {
			m.Files[i].at = m.At
		}
	}
	return m
}

func (a *Account) party(chat uint32) party {
	who := a.plan.party(chat)
	if p := a.chats[chat].person; p != nil {
		who.buyer = *p
	}
	return who
}

// Events are at most limit messages later than after (Unix ms), oldest first.
func (a *Account) Events(after int64, limit int) []Message {
	a.mu.RLock()
	defer a.mu.RUnlock()
	from, _ := slices.BinarySearchFunc(a.index, after, func(e entry, at int64) int {
		if e.at <= at {
			return -1
		}
		return 1
	})
	found := make([]Message, 0, limit)
	for _, e := range a.index[from:min(from+limit, len(a.index))] {
		found = append(found, a.message(e))
	}
	return found
}

// Messages is how many there are in all conversations.
func (a *Account) Messages() int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return len(a.index)
}

// Len is how many conversations there are.
func (a *Account) Len() int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return len(a.chats)
}

// Conversations calls yield for every conversation there is at the moment, the one with the newest message first, until yield returns false.
func (a *Account) Conversations(yield func(Conversation) bool) {
	for _, chat := range a.byNewest() {
		a.mu.RLock()
		c := a.conversation(chat)
		a.mu.RUnlock()
		if !yield(c) {
			return
		}
	}
}

// byNewest are the numbers of all conversations in the order of their newest messages.
func (a *Account) byNewest() []uint32 {
	a.mu.RLock()
	defer a.mu.RUnlock()
	order := make([]uint32, 0, len(a.chats))
	for i := len(a.index) - 1; i >= 0 && len(order) < len(a.chats); i-- {
		if e := a.index[i]; a.chats[e.chat].last == uint32(i) {
			order = append(order, e.chat)
		}
	}
	return order
}

// recent is the identity of the conversation with the n-th newest message, from 0, if there are so many.
func (a *Account) recent(n int) (ID, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	for i := len(a.index) - 1; i >= 0; i-- {
		e := a.index[i]
		if a.chats[e.chat].last != uint32(i) {
			continue
		}
		if n--; n < 0 {
			return a.ids.seal(place{conversationID, a.plan.account, e.chat, 0, 0}), true
		}
	}
	return ID{}, false
}

// Conversation finds one by its identity.
func (a *Account) Conversation(id ID) (Conversation, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	chat, ok := a.find(id)
	if !ok {
		return Conversation{}, false
	}
	return a.conversation(chat), true
}

func (a *Account) find(id ID) (uint32, bool) {
	p, ok := a.ids.open(id, conversationID)
	if !ok || p.account != a.plan.account || int(p.conversation) >= len(a.chats) {
		return 0, false
	}
	return p.conversation, true
}

func (a *Account) conversation(chat uint32) Conversation {
	t := &a.chats[chat]
	who := a.party(chat)
	return Conversation{
		ID:    a.ids.seal(place{conversationID, a.plan.account, chat, 0, 0}),
		Buyer: who.buyer, Product: who.product, Size: who.size, Order: who.order,
		Messages: int(t.made) + len(t.extra), Last: a.message(a.index[t.last]),
	}
}

// History is the newest limit messages of a conversation, oldest first. It reads the feed backwards, so an old conversation of a large world costs milliseconds.
func (a *Account) History(id ID, limit int) []Message {
	a.mu.RLock()
	defer a.mu.RUnlock()
	chat, ok := a.find(id)
	if !ok {
		return nil
	}
	var found []Message
	for i := int(a.chats[chat].last); i >= 0 && len(found) < limit; i-- {
		if e := a.index[i]; e.chat == chat {
			found = append(found, a.message(e))
			if e.position == 0 {
				break
			}
		}
	}
	slices.Reverse(found)
	return found
}

// File finds an attachment by its identity.
func (a *Account) File(id ID) (File, bool) {
	p, ok := a.ids.open(id, fileID)
	if !ok || p.account != a.plan.account {
		return File{}, false
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	if int(p.conversation) >= len(a.chats) {
		return File{}, false
	}
	t := &a.chats[p.conversation]
	if int(p.position) >= int(t.made)+len(t.extra) {
		return File{}, false
	}
	for i := int(t.last); i >= 0; i-- {
		if e := a.index[i]; e.chat == p.conversation && e.position == p.position {
			if files := a.message(e).Files; int(p.file) < len(files) {
				return files[p.file], true
			}
			break
		}
	}
	return File{}, false
}

// open starts a new conversation without messages and returns its number; person may be nil. The caller holds the lock.
func (a *Account) open(person *Person) uint32 {
	a.chats = append(a.chats, thread{person: person})
	return uint32(len(a.chats) - 1)
}

// write adds a message to a conversation at the wanted time or just after the newest message; the caller holds the lock.
func (a *Account) write(chat uint32, wanted time.Time, m Message) Message {
	t := &a.chats[chat]
	position := uint32(int(t.made) + len(t.extra))
	i := len(a.index)
	a.index = append(a.index, entry{a.after(i, wanted.UnixMilli()), chat, position})
	m.ID = a.ids.seal(place{messageID, a.plan.account, chat, position, 0})
	m.Conversation = a.ids.seal(place{conversationID, a.plan.account, chat, 0, 0})
	m.Position = int(position)
	m.Buyer = a.party(chat).buyer.Name
	for n := range m.Files {
		f := &m.Files[n]
		f.ID = a.ids.seal(place{fileID, a.plan.account, chat, position, byte(n)})
		a.keep(f)
	}
	t.extra = append(t.extra, m)
	t.last = uint32(i)
	return a.message(a.index[i])
}

// keep bounds the memory for uploads: past it a file is replaced by a drawing of the same type and size.
func (a *Account) keep(f *File) {
	if f.content == nil {
		return
	}
	if a.keepBytes.Add(-int64(len(f.content))) < 0 {
		f.seed, f.size, f.content = uint64(len(f.content)), len(f.content), nil
	}
}

// accountsInSeries is how far apart the accounts of two remote sides are numbered.
const accountsInSeries = 1000

// WorldNumber counts the account among those of all remote sides.
func (a *Account) WorldNumber() int { return int(a.plan.account) }

// newAccount makes the n-th account (from 1) of a world.
func newAccount(api string, seed uint64, n, series int, ids sealer) *Account {
	number := uint16(n + series*accountsInSeries)
	d := scene.Throw(seed, 0xacc0, uint64(number))
	made := scene.NewShop(seed, n)
	return &Account{
		API: api, Number: n, Name: made.Name, Firm: made.Firm, Brand: made.Brand,
		TaxID:  fmt.Sprintf("77%08d", d.Below(100_000_000)),
		Seller: ids.seal(place{sellerID, number, 0, 0, 0}).String(), Organization: int64(d.Between(40_000, 1_900_000)),
		ids:  ids,
		plan: planner{seed: seed, account: number, shop: made},
	}
}

// Products are the articles of the cabinet.
func (a *Account) Products() []Product { return slices.Clone(a.plan.shop.Products) }
