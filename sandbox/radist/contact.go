package radist

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// list answers the contacts of the company.
func (c contactCall) list() {
	limit, ok := c.number("limit", 1, defaultPage, maxPage)
	if !ok {
		return
	}
	offset, ok := c.number("offset", 0, 0, math.MaxInt32)
	if !ok {
		return
	}
	order := c.r.URL.Query().Get("order_by")
	if !slices.Contains([]string{"", "created_at:desc", "created_at:asc"}, order) {
		invalid(c.rw, "query", "order_by", "Input should be 'created_at:desc' or 'created_at:asc'")
		return
	}
	b := c.cabinet
	b.mu.Lock()
	all := make([]int, len(b.contacts))
	for i := range all {
		all[i] = i
	}
	slices.SortStableFunc(all, func(x, y int) int { return b.contacts[x].created.Compare(b.contacts[y].created) })
	if order != "created_at:asc" {
		slices.Reverse(all)
	}
	all = all[min(offset, len(all)):]
	found := []contactJSON{}
	for _, n := range all[:min(limit, len(all))] {
		found = append(found, b.contactObject(n))
	}
	b.mu.Unlock()
	c.ok(disturbed(c.r, found))
}

const (
	maxContacts = 1_000_000
	maxPhones   = 20
	maxName     = 255
)

// create makes a contact without a chat.
func (c contactCall) create() {
	var in struct {
		Name   *string     `json:"name"`
		Phones []phoneJSON `json:"phones"`
	}
	if !c.read(&in) {
		return
	}
	if in.Name == nil || *in.Name == "" || letters(*in.Name) > maxName {
		invalid(c.rw, "body", "name", fmt.Sprintf("A name of 1 to %d characters is needed", maxName))
		return
	}
	if len(in.Phones) > maxPhones {
		invalid(c.rw, "body", "phones", fmt.Sprintf("At most %d phones", maxPhones))
		return
	}
	for i, p := range in.Phones {
		plain, ok := digits(p.Value)
		if !ok {
			invalid(c.rw, "body", fmt.Sprintf("phones.%d.value", i), "Not a phone number")
			return
		}
		in.Phones[i].Value = plain
	}
	b := c.cabinet
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.contacts) >= maxContacts {
		fail(c.rw, http.StatusConflict, "Too many contacts")
		return
	}
	n := b.newContact(*in.Name, c.now)
	b.contacts[n].phones = in.Phones
	for _, p := range in.Phones {
		if _, taken := b.byPhone[p.Value]; !taken {
			b.byPhone[p.Value] = n
		}
	}
	c.ok(b.contactObject(n))
}

// createChat starts a chat, or finds the one there is, by the rules R1 to R4.
func (c contactCall) createChat() {
	var in struct {
		Connection *int64  `json:"connection_id"`
		Phone      *string `json:"phone"`
		User       *string `json:"user_name"`
		Contact    *int64  `json:"contact_id"`
	}
	if !c.read(&in) {
		return
	}
	if in.Connection == nil {
		invalid(c.rw, "body", "connection_id", "Field required")
		return
	}
	i, l, ok := lineOf(c.account, *in.Connection)
	if !ok {
		c.missing("Connection")
		return
	}
	var who sandbox.Person
	for _, f := range []struct {
		given       *string
		field, name string
	}{{in.Phone, "phone", "phone"}, {in.User, "user_name", "username"}} {
		if f.given != nil && !slices.Contains(l.createBy, f.name) {
			invalid(c.rw, "body", f.field, "A chat of "+l.kind+" cannot be created by "+f.name)
			return
		}
	}
	if in.Phone != nil {
		if who.Phone, ok = digits(*in.Phone); !ok {
			invalid(c.rw, "body", "phone", "Not a phone number")
			return
		}
	}
	if in.User != nil {
		if who.Username, ok = userName(*in.User); !ok {
			invalid(c.rw, "body", "user_name", "Not a user name: letters, digits and _ without @")
			return
		}
	}
	if who == (sandbox.Person{}) {
		invalid(c.rw, "body", "phone", "phone or user_name is needed")
		return
	}
	c.openChat(opening{person: who, line: i}, in.Contact)
}

// userName checks the name of a Telegram user.
func userName(s string) (string, bool) {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
	return s, len(s) >= 3 && len(s) <= 64 && strings.Trim(s, allowed) == ""
}

func (c contactCall) openChat(o opening, contact *int64) {
	b := c.cabinet
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.Lock()
	n, have := b.find(o.line, o.person.Phone, o.person.Username)
	if !have && contact != nil {
		account, number, ok := split(*contact)
		if !ok || account != c.account.Number || number >= len(b.contacts) {
			b.mu.Unlock()
			c.missing("Contact")
			return
		}
		o.contact = &number
	}
	b.mu.Unlock()
	if !have {
		made, ok := c.e.open(b, &o, sandbox.Message{Author: sandbox.Platform, Empty: true})
		if !ok {
			fail(c.rw, http.StatusInternalServerError, "The chat was not made")
			return
		}
		_, n, _ = c.e.world.Locate(sandbox.KindChat, made.Conversation)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	c.ok(map[string]any{
		"created_chat": !have, "created_contact": !have && o.fresh,
		"chat_id": chatNumber(c.account, n), "contact_id": contactNumber(c.account, b.chats[n].contact),
	})
}

// open starts a conversation of the world with a message; the caller holds writing.
func (e *Emulator) open(b *cabinet, o *opening, m sandbox.Message) (sandbox.Message, bool) {
	b.mu.Lock()
	b.opening = o
	b.mu.Unlock()
	made, ok := e.world.Put(b.account, nil, &o.person, m)
	b.mu.Lock()
	b.opening = nil
	b.mu.Unlock()
	return made, ok
}

// withContacts answers a page of contacts with their chats.
func (c contactCall) withContacts() {
	limit, ok := c.number("limit", 1, defaultPage, maxPage)
	if !ok {
		return
	}
	var after *place
	if raw := c.r.URL.Query().Get("cursor"); raw != "" {
		p, ok := readCursor(raw)
		if !ok {
			invalid(c.rw, "query", "cursor", "Not a cursor")
			return
		}
		after = &p
	}
	b := c.cabinet
	b.mu.Lock()
	page := b.page(after, limit+1)
	next := ""
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].cursor()
	}
	found := make([]map[string]any, 0, len(page))
	for _, p := range page {
		found = append(found, b.contactChats(p, c.now))
	}
	b.mu.Unlock()
	c.ok(map[string]any{"data": disturbed(c.r, found), "response_metadata": map[string]string{"next_cursor": next}})
}

// contactChats writes a contact with its chats; the caller holds the lock.
func (c *cabinet) contactChats(p place, now time.Time) map[string]any {
	owner := &c.contacts[p.contact]
	chats, waits := make([]map[string]any, 0, len(owner.chats)), 0
	for _, n := range owner.chats {
		waits += c.chats[n].unanswered
		chats = append(chats, c.chatObject(n, now))
	}
	return map[string]any{
		"contact_id": contactNumber(c.account, p.contact), "contact_name": owner.name, "avatar_url": nil, "is_group": false,
		"unanswered_count": waits, "last_chat_updated_at": utc(p.updated), "chats": chats,
	}
}

func (c *cabinet) chatObject(n int, now time.Time) map[string]any {
	x := &c.chats[n]
	o := map[string]any{
		"connection_id": Connection(c.account, x.line), "chat_id": chatNumber(c.account, n), "source_chat_id": c.source(n),
		"phone": x.phone, "username": orNull(x.username), "profile_link": profile(x), "name": x.name, "last_message": nil,
		"unanswered_count": x.unanswered, "is_group": false, "blacklist_item_id": nil,
	}
	if w, ok := c.newest(n); ok {
		o["last_message"] = c.object(n, w, true, now)
	}
	return o
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func profile(x *chat) any {
	if x.username == "" {
		return nil
	}
	return "https://t.me/" + x.username
}
