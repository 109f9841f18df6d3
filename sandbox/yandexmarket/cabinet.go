package yandexmarket

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// cabinet is what stands beside an account of the world: what the chats are about and how far they are, trees of comments, orders.
type cabinet struct {
	account *sandbox.Account

	mu       sync.Mutex
	disabled bool
	level    string // of the subscription
	chats    map[int]*chatFacts
	about    map[subject]int // chats that were made for an order or return
	orders   []order
	trees    map[int]*tree   // of reviews
	threads  map[int]*thread // of questions
	skipped  map[int]bool    // reviews that need no reaction unless the buyer changes them
	owners   map[int64]int   // which review or question a made comment or answer belongs to
	made     int             // comments, answers and orders so far
}

// subject is what a chat is about.
type subject struct {
	Type string `json:"type"`
	ID   int64  `json:"id"`
}

// chatFacts are what is known of a chat beside its messages.
type chatFacts struct {
	subject
	order    int64
	campaign int64
	created  time.Time
	dispute  bool
	status   string // "" follows from the messages
	position int    // of the newest message when status was set
	test     bool
}

// order is an order or a return without a chat.
type order struct {
	order, refund int64
	campaign      int64
	buyer         sandbox.Person
}

const (
	contextOrder  = "ORDER"
	contextReturn = "RETURN"
	contextDirect = "DIRECT"
)

// freeOrders are how many orders and returns a new cabinet has nobody talked about.
const freeOrders = 4

func (e *Emulator) cabinet(a *sandbox.Account) *cabinet {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c, ok := e.cabinets[a.WorldNumber()]; ok && c.account == a {
		return c
	}
	c := &cabinet{
		account: a, level: "NONE", chats: map[int]*chatFacts{}, about: map[subject]int{}, trees: map[int]*tree{}, threads: map[int]*thread{},
		skipped: map[int]bool{}, owners: map[int64]int{},
	}
	for n := range freeOrders {
		c.newOrder(sandbox.Person{Name: []string{"Анна", "Пётр С.", "Зульфия", "Кирилл"}[n], Woman: n%2 == 0}, n%2 == 1)
	}
	e.cabinets[a.WorldNumber()] = c
	return c
}

// next numbers what is made; the caller holds the lock or nobody else knows the cabinet yet.
func (c *cabinet) next(base int64) int64 {
	c.made++
	return number(base, c.account.WorldNumber(), freeFrom+c.made)
}

func (c *cabinet) newOrder(buyer sandbox.Person, refund bool) order {
	shops := Campaigns(c.account)
	o := order{order: c.next(orderBase), buyer: buyer}
	o.campaign = shops[c.made%len(shops)]
	if refund {
		o.refund = c.next(returnBase)
	}
	c.orders = append(c.orders, o)
	return o
}

func (c *cabinet) isDisabled() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.disabled
}

// limit is the quota of an operation for the cabinet's tier.
func (c *cabinet) limit(op operation, unnamed bool) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.level == "MEDIUM" && !unnamed {
		return op.medium
	}
	return op.free
}

// facts of chat n; the caller holds the lock. Those of a generated chat follow from its number.
func (c *cabinet) facts(n int) *chatFacts {
	if f, ok := c.chats[n]; ok {
		return f
	}
	account, shops := c.account.WorldNumber(), Campaigns(c.account)
	f := &chatFacts{subject: subject{contextOrder, number(orderBase, account, n)}, campaign: shops[n%len(shops)]}
	f.order = f.ID
	switch n % 8 {
	case 3:
		f.subject, f.order, f.campaign = subject{Type: contextDirect}, 0, 0
	case 5:
		f.subject = subject{contextReturn, number(returnBase, account, n)}
	}
	c.chats[n] = f
	return f
}

// find is the chat about an order or a return; the caller holds the lock.
func (c *cabinet) find(s subject) (n int, ok bool) {
	if n, ok = c.about[s]; ok {
		return n, true
	}
	base := int64(orderBase)
	if s.Type == contextReturn {
		base = returnBase
	}
	account, n, ok := split(base, s.ID)
	if !ok || account != c.account.WorldNumber() || n >= c.account.Len() {
		return 0, false
	}
	return n, c.facts(n).subject == s
}

// free takes the order that a new chat may be about off the list; the caller holds the lock.
func (c *cabinet) free(s subject) (order, bool) {
	for i, o := range c.orders {
		if s.Type == contextOrder && o.order == s.ID && o.refund == 0 || s.Type == contextReturn && o.refund == s.ID {
			c.orders = append(c.orders[:i:i], c.orders[i+1:]...)
			return o, true
		}
	}
	return order{}, false
}

func (e *Emulator) describe(a *sandbox.Account, s *sandbox.AccountState) {
	business := Business(a)
	s.Business, s.Campaigns = &business, Campaigns(a)
	s.Push = e.pushes.health(a)
}

func (e *Emulator) freeOrders(a *sandbox.Account) []sandbox.OrderState {
	c := e.cabinet(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	found := make([]sandbox.OrderState, 0, len(c.orders))
	for _, o := range c.orders {
		found = append(found, o.state(a))
	}
	return found
}

func (o order) state(a *sandbox.Account) sandbox.OrderState {
	s := sandbox.OrderState{API: API, Account: a.Name, Order: fmt.Sprint(o.order), Buyer: o.buyer.Name}
	if o.refund != 0 {
		refund := fmt.Sprint(o.refund)
		s.Return = &refund
	}
	return s
}

// insulting is the default of Options.Ban.
func insulting(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "дурак") || strings.Contains(text, "идиот")
}
