package radist

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// book holds the contacts of a company and their chats. The cabinet's lock guards it.
type book struct {
	account    *sandbox.Account
	phoneFirst bool
	chats      []chat // by the conversation's number
	contacts   []contact
	byIdentity map[identity]int // chats
	byPhone    map[string]int   // contacts
	byUser     map[string]int   // contacts, by the name of a Telegram user
}

func newBook(a *sandbox.Account, phoneFirst bool) book {
	return book{account: a, phoneFirst: phoneFirst, byIdentity: map[identity]int{}, byPhone: map[string]int{}, byUser: map[string]int{}}
}

// identity is a person as one connection knows it.
type identity struct {
	line int
	who  string // a phone, or @ and the name of a user in lower case
}

// chat is one conversation.
type chat struct {
	line, contact         int
	name, phone, username string
	count                 int // messages of the world that were read
	unanswered            int
	opened, last          time.Time // last is the time of the newest message on the wire
	heard                 time.Time // when the buyer wrote last
}

// updated is the time by which lists are ordered.
func (c *chat) updated() time.Time {
	if c.last.IsZero() {
		return c.opened
	}
	return c.last
}

// contact is a person of the company.
type contact struct {
	name    string
	phones  []phoneJSON
	created time.Time
	chats   []int
}

// enter adds the next chat and attaches it to a contact.
func (b *book) enter(o *opening, at time.Time) {
	n, l := len(b.chats), lines()[o.line]
	x := chat{line: o.line, name: o.person.Name, opened: at}
	if l.kind != kindBot {
		x.phone = o.person.Phone
	}
	if l.telegram() {
		x.username = o.person.Username
	}
	if x.name == "" {
		x.name = x.phone + x.username
	}
	x.contact, o.fresh = b.attach(l, x, o.contact)
	for _, id := range identities(o.line, x) {
		if _, taken := b.byIdentity[id]; !taken {
			b.byIdentity[id] = n
		}
	}
	b.chats = append(b.chats, x)
	owner := &b.contacts[x.contact]
	owner.chats = append(owner.chats, n)
}

func identities(line int, x chat) []identity {
	var found []identity
	if x.phone != "" {
		found = append(found, identity{line, x.phone})
	}
	if x.username != "" {
		found = append(found, identity{line, "@" + strings.ToLower(x.username)})
	}
	return found
}

// find is the chat of a person on a connection.
func (b *book) find(line int, phone, username string) (int, bool) {
	for _, id := range identities(line, chat{phone: phone, username: username}) {
		if n, ok := b.byIdentity[id]; ok {
			return n, true
		}
	}
	return 0, false
}

// attach picks the contact of a new chat by the rules, or makes one.
func (b *book) attach(l line, x chat, given *int) (n int, fresh bool) {
	user := strings.ToLower(x.username)
	byPhone, phoneKnown := b.byPhone[x.phone]
	byUser, userKnown := b.byUser[user]
	switch {
	case given != nil && !(b.phoneFirst && phoneKnown): // R3
		n = *given
	case phoneKnown: // R1
		n = byPhone
	case l.telegram() && userKnown: // R2
		n = byUser
	default: // R4
		n, fresh = b.newContact(x.name, x.opened), true
	}
	owner := &b.contacts[n]
	if x.phone != "" && !owner.has(x.phone) {
		owner.phones = append(owner.phones, phoneJSON{"work", x.phone})
	}
	if x.phone != "" && !phoneKnown {
		b.byPhone[x.phone] = n
	}
	if user != "" && l.telegram() && !userKnown {
		b.byUser[user] = n
	}
	return n, fresh
}

// introduce gives a chat that was opened without a name, and its contact, the name that the buyer goes by.
func (b *book) introduce(n int, name string) {
	x := &b.chats[n]
	owner, unnamed := &b.contacts[x.contact], x.phone+x.username
	if name == "" || x.name != unnamed {
		return
	}
	x.name = name
	if owner.name == unnamed {
		owner.name = name
	}
}

func (b *book) newContact(name string, at time.Time) int {
	b.contacts = append(b.contacts, contact{name: name, created: at})
	return len(b.contacts) - 1
}

func (p *contact) has(phone string) bool {
	for _, have := range p.phones {
		if have.Value == phone {
			return true
		}
	}
	return false
}

// digits are those of a phone: with or without +, spaces, brackets and dashes. A leading 8 stays.
func digits(phone string) (string, bool) {
	found := strings.NewReplacer("+", "", " ", "", "\u00a0", "", "(", "", ")", "", "-", "").Replace(phone)
	if len(found) < 7 || len(found) > 15 || strings.Trim(found, "0123456789") != "" || strings.LastIndexByte(phone, '+') > 0 {
		return "", false
	}
	return found, true
}

// chatOf finds a chat of the cabinet by its number on the wire.
func (b *book) chatOf(id int64) (int, bool) {
	account, n, ok := split(id)
	return n, ok && account == b.account.Number && n < len(b.chats)
}

func (b *book) contactObject(n int) contactJSON {
	p := &b.contacts[n]
	return contactJSON{contactNumber(b.account, n), p.name, append([]phoneJSON{}, p.phones...), utc(p.created)}
}

// place is where a contact stands in the list of chats.
type place struct {
	waits   bool
	updated time.Time
	contact int
}

// before tells whether p comes first: unanswered ones, then the newest, then the highest number.
func (p place) before(q place) bool {
	if p.waits != q.waits {
		return p.waits
	}
	if c := p.updated.Compare(q.updated); c != 0 {
		return c > 0
	}
	return p.contact > q.contact
}

func (p place) cursor() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%t|%d|%d", p.waits, p.updated.UnixMicro(), p.contact))
}

func readCursor(s string) (place, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.Split(string(raw), "|")
	if err != nil || len(parts) != 3 {
		return place{}, false
	}
	waits, err1 := strconv.ParseBool(parts[0])
	at, err2 := strconv.ParseInt(parts[1], 10, 64)
	contact, err3 := strconv.Atoi(parts[2])
	return place{waits, time.UnixMicro(at).UTC(), contact}, err1 == nil && err2 == nil && err3 == nil
}

// stand is the place of a contact; it is false for one without chats.
func (b *book) stand(n int) (place, bool) {
	p := place{contact: n}
	for _, i := range b.contacts[n].chats {
		x := &b.chats[i]
		p.waits = p.waits || x.unanswered > 0
		if u := x.updated(); u.After(p.updated) {
			p.updated = u
		}
	}
	return p, len(b.contacts[n].chats) > 0
}

// page finds the first contacts behind a place without sorting all of them.
func (b *book) page(after *place, size int) []place {
	best := make([]place, 0, size+1)
	for n := range b.contacts {
		p, ok := b.stand(n)
		if !ok || after != nil && !after.before(p) || len(best) == size && !p.before(best[size-1]) {
			continue
		}
		i, _ := slices.BinarySearchFunc(best, p, func(x, p place) int {
			if x.before(p) {
				return -1
			}
			return 1
		})
		best = slices.Insert(best, i, p)
		best = best[:min(len(best), size)]
	}
	return best
}
