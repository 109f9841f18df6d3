package radist

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// cabinet is what stands beside an account of the world: which contact and connection a chat belongs to, what waits for an answer, what was sent.
// It follows the world: take reads what is new in a chat, and nothing is shown before.
type cabinet struct {
	e *Emulator

	// writing is held while the emulator writes into the world itself, so that opening and sending belong to what it writes. It is taken before mu.
	writing sync.Mutex

	mu sync.Mutex
	book
	extras    map[sandbox.ID]*extra
	opening   *opening
	sending   *sending
	uploads   map[string]*upload
	order     []string // keys of uploads, oldest first
	uploaded  int      // how many there ever were
	balance   float64
	freeFirst map[int]bool           // lines that may write first without a template
	statuses  map[templateKey]string // of templates, where they were changed
	refuse    int                    // what every request is answered, 0 for none
	base      string                 // under which this API was called last
}

// opening is the chat that is being made: the world's event about it finds it by the person.
type opening struct {
	person  sandbox.Person
	line    int
	contact *int // rule R3
	fresh   bool // set when a contact was made
}

// sending is the message that is being written, with what the world does not keep of it.
type sending struct {
	chat   int
	author sandbox.Author
	text   string
	extra  *extra
}

// extra is what a message has beside text and files.
type extra struct {
	kind    string         // of the message; empty follows from the files
	payload map[string]any // the field of that name
	trouble string         // why it will not be delivered
	reply   *sandbox.ID
	over    map[string]time.Time // marks set by hand
}

// known is the cabinet of an account if somebody has needed it before.
func (e *Emulator) known(a *sandbox.Account) *cabinet {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c := e.cabinets[a.WorldNumber()]; c != nil && c.account == a {
		return c
	}
	return nil
}

// cabinet reads the whole history of an account when it is needed for the first time.
func (e *Emulator) cabinet(a *sandbox.Account) *cabinet {
	if c := e.known(a); c != nil {
		return c
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if c := e.cabinets[a.WorldNumber()]; c != nil && c.account == a {
		return c
	}
	c := &cabinet{
		e: e, book: newBook(a, e.opt.PhoneFirst), extras: map[sandbox.ID]*extra{},
		uploads: map[string]*upload{}, balance: 1000, freeFirst: map[int]bool{}, statuses: map[templateKey]string{},
	}
	c.readAll(e.made[a.WorldNumber()])
	e.cabinets[a.WorldNumber()] = c
	return c
}

// readAll enters every chat and message there is; the first generated chats are those of the history.
func (c *cabinet) readAll(generated int) {
	if n := c.account.Len(); n > 0 {
		c.grow(n-1, generated)
	}
	const page = 5000
	after := int64(math.MinInt64)
	for {
		found := c.account.Events(after, page)
		news := 0
		for _, m := range found {
			_, n, ok := c.e.world.Locate(sandbox.KindChat, m.Conversation)
			if !ok {
				continue
			}
			c.grow(n, generated)
			if m.Position == c.chats[n].count {
				c.apply(n, m, false)
				news++
			}
		}
		if news == 0 {
			return
		}
		after = found[len(found)-1].At.UnixMilli() - 1 // two messages may share a millisecond
	}
}

// grow enters the chats up to number n; the caller holds the lock.
func (c *cabinet) grow(n, generated int) {
	for i := len(c.chats); i <= n; i++ {
		one, ok := c.account.Conversation(c.e.identity(c.account, i))
		if !ok {
			return
		}
		if o := c.opening; o != nil && o.person == one.Buyer {
			c.opening = nil
			c.enter(o, one.Last.At)
			continue
		}
		line := []int{
			lineWhatsApp, lineWABA, lineWhatsApp, lineTelegram, lineWABA, lineWhatsApp, lineBot, lineWABA, lineTelegram, lineWhatsApp,
		}[i%10]
		who := strangers(one.Buyer, i)
		if i%12 == 11 && i < generated { // some write through two messengers
			if before, ok := c.account.Conversation(c.e.identity(c.account, i-1)); ok {
				other := strangers(before.Buyer, i-1)
				who.Phone, who.Username = other.Phone, other.Username
			}
			if lines()[line].messenger() == lines()[c.chats[i-1].line].messenger() {
				line = map[bool]int{true: lineTelegram, false: lineWhatsApp}[line < lineTelegram]
			}
		}
		c.enter(&opening{person: who, line: line}, one.Last.At)
	}
}

// strangers makes the name of a generated user unique: the world draws from few.
func strangers(p sandbox.Person, n int) sandbox.Person {
	p.Username = fmt.Sprintf("%s_%d", p.Username, n)
	p.Phone, _ = digits(p.Phone)
	return p
}

// happened is told of every new message.
func (e *Emulator) happened(a *sandbox.Account, v sandbox.Event) {
	c := e.known(a)
	_, n, ok := e.world.Locate(sandbox.KindChat, v.Conversation)
	if c == nil || !ok {
		return // whoever needs the cabinet reads everything
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.take(n)
}

// take reads what is new in chat n and announces it; the caller holds the lock.
func (c *cabinet) take(n int) {
	c.grow(n, 0)
	id := c.e.identity(c.account, n)
	for {
		one, ok := c.account.Conversation(id)
		if !ok || one.Messages <= c.chats[n].count {
			return
		}
		for _, m := range c.account.History(id, one.Messages-c.chats[n].count) {
			if m.Position == c.chats[n].count { // else another one came in between: the next round finds both
				c.apply(n, m, true)
			}
		}
	}
}

// apply reads the next message of chat n; the caller holds the lock.
func (c *cabinet) apply(n int, m sandbox.Message, loud bool) {
	x := &c.chats[n]
	x.count = m.Position + 1
	if m.Position == 0 {
		x.opened = m.At
		if owner := &c.contacts[x.contact]; m.At.Before(owner.created) {
			owner.created = m.At
		}
	}
	if hidden(m) {
		return
	}
	if s := c.sending; s != nil && s.chat == n && s.author == m.Author && s.text == m.Text {
		c.extras[m.ID], c.sending = s.extra, nil
	}
	parts := max(1, len(m.Files))
	first := c.e.stamp(x.last, m)
	x.last = first
	if m.Author == sandbox.Buyer {
		x.unanswered += parts
		x.heard = m.At
	} else {
		x.unanswered = 0
		x.last = first.Add(time.Duration(parts-1) * time.Microsecond)
	}
	if loud {
		for _, w := range c.wires(n, m, first) {
			c.announce(n, w)
		}
	}
}

// hidden tells that a message is not one of this remote side.
func hidden(m sandbox.Message) bool { return m.Author == sandbox.Platform || m.Empty }

// stamp is the time of a message on the wire: whole seconds for the buyer's, microseconds for the seller's, never before the one before it.
func (e *Emulator) stamp(before time.Time, m sandbox.Message) time.Time {
	if m.Author == sandbox.Buyer {
		at := m.At.Truncate(time.Second)
		if at.Before(before) && !e.opt.RawSeconds {
			at = before.Add(time.Second - time.Nanosecond).Truncate(time.Second)
		}
		return at
	}
	at := m.At.Add(time.Duration(unit(m.ID, "microseconds")*1000) * time.Microsecond)
	if !at.After(before) && !e.opt.RawSeconds {
		at = before.Add(time.Microsecond)
	}
	return at
}

// refusal is what the cabinet answers to everything, 0 for nothing. It remembers under which address it is called.
func (c *cabinet) refusal(base string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = base
	return c.refuse
}

func (e *Emulator) describe(a *sandbox.Account, s *sandbox.AccountState) {
	company := Company(a)
	s.Company = &company
	for i := range lines() {
		s.Connections = append(s.Connections, fmt.Sprint(Connection(a, i)))
	}
	s.Push = e.pushes.health(a)
}
