package yandexmarket

import (
	"slices"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// The states of a chat.
const (
	statusNew      = "NEW"
	statusCustomer = "WAITING_FOR_CUSTOMER"
	statusPartner  = "WAITING_FOR_PARTNER"
	statusArbiter  = "WAITING_FOR_ARBITER"
	statusMarket   = "WAITING_FOR_MARKET"
	statusFinished = "FINISHED"
)

type customerJSON struct {
	Name     string `json:"name,omitempty"`
	PublicID string `json:"publicId,omitempty"`
}

type contextJSON struct {
	Type     string        `json:"type"`
	Customer *customerJSON `json:"customer,omitempty"`
	Campaign int64         `json:"campaignId,omitempty"`
	Order    int64         `json:"orderId,omitempty"`
	Return   int64         `json:"returnId,omitempty"`
}

type chatJSON struct {
	ID      int64       `json:"chatId"`
	Context contextJSON `json:"context"`
	Type    string      `json:"type"`
	Status  string      `json:"status"`
	Created string      `json:"createdAt"`
	Updated string      `json:"updatedAt"`
}

type messageJSON struct {
	ID      int64      `json:"messageId"`
	Created string     `json:"createdAt"`
	Sender  string     `json:"sender"`
	Text    string     `json:"message,omitempty"`
	Payload []fileJSON `json:"payload,omitempty"`
}

type fileJSON struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Size int    `json:"size"`
}

// sourceSupport marks a message of the platform as one of its staff.
const sourceSupport sandbox.Source = "support"

// hidden tells that a message only opens a chat and is shown to nobody.
func hidden(m sandbox.Message) bool { return m.Author == sandbox.Platform && m.Empty }

// whole is the history of a chat without what is hidden.
func whole(a *sandbox.Account, id sandbox.ID) []sandbox.Message {
	return slices.DeleteFunc(a.History(id, perChat), hidden)
}

// contextOf is what the chat is about as the wire tells it; the caller holds the cabinet's lock.
func (f *chatFacts) context(one sandbox.Conversation) contextJSON {
	made := contextJSON{Type: f.Type, Campaign: f.campaign, Order: f.order}
	if f.Type == contextReturn {
		made.Return = f.ID
	}
	if name := one.Buyer.Name; name != "" {
		made.Customer = &customerJSON{Name: name}
		if one.Buyer.Username != "" {
			made.Customer.PublicID = one.Buyer.Username
		}
	}
	return made
}

// statusOf says where a chat stands; the caller holds the cabinet's lock.
func (f *chatFacts) statusOf(a *sandbox.Account, one sandbox.Conversation) string {
	if f.status != "" && (f.dispute || f.position >= one.Messages-1) {
		return f.status
	}
	last := one.Last
	if last.Author == sandbox.Platform {
		for _, m := range slices.Backward(a.History(one.ID, 20)) {
			if last = m; m.Author != sandbox.Platform {
				break
			}
		}
	}
	switch last.Author {
	case sandbox.Buyer:
		return statusPartner
	case sandbox.Seller:
		return statusCustomer
	}
	return statusNew
}

// view is a chat as the wire tells it.
func (e *Emulator) view(a *sandbox.Account, c *cabinet, one sandbox.Conversation) (chatJSON, *chatFacts) {
	_, n, _ := e.world.Locate(sandbox.KindChat, one.ID)
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.facts(n)
	if f.created.IsZero() {
		f.created = a.History(one.ID, perChat)[0].At
	}
	v := chatJSON{
		ID: e.id(sandbox.KindChat, one.ID), Context: f.context(one), Type: "CHAT", Status: f.statusOf(a, one), Created: stamp(f.created), Updated: stamp(one.Last.At),
	}
	if f.dispute {
		v.Type = "ARBITRAGE"
	}
	return v, f
}

type chatFilter struct {
	Contexts     *[]subject `json:"contexts"`
	ContextTypes *[]string  `json:"contextTypes"`
	Types        *[]string  `json:"types"`
	Statuses     *[]string  `json:"statuses"`
	Orders       *[]int64   `json:"orderIds"`
}

func (f chatFilter) check(c *call) bool {
	const most = 1000
	if !list(c, "contexts", f.Contexts, most) || !list(c, "contextTypes", f.ContextTypes, most) || !list(c, "types", f.Types, most) ||
		!list(c, "statuses", f.Statuses, most) || !list(c, "orderIds", f.Orders, most) {
		return false
	}
	if f.Contexts != nil {
		for _, s := range *f.Contexts {
			if s.Type != contextOrder && s.Type != contextReturn || s.ID < 1 {
				c.bad("JSON: a context has type ORDER or RETURN and an id of at least 1")
				return false
			}
		}
	}
	return known(c, "contextTypes", f.ContextTypes, contextOrder, contextReturn, contextDirect) && known(c, "types", f.Types, "CHAT", "ARBITRAGE") &&
		known(c, "statuses", f.Statuses, statusNew, statusCustomer, statusPartner, statusArbiter, statusMarket, statusFinished)
}

// known refuses values that an enumeration does not have.
func known(c *call, name string, values *[]string, all ...string) bool {
	if values == nil {
		return true
	}
	for _, v := range *values {
		if !slices.Contains(all, v) {
			c.bad("JSON: unknown value of %s", name)
			return false
		}
	}
	return true
}

// lets tells whether a chat passes. orderIds chooses by the order of an ORDER chat, as it did before it was switched off.
func (f chatFilter) lets(v chatJSON, about subject) bool {
	return within(f.Contexts, about) && within(f.ContextTypes, v.Context.Type) && within(f.Types, v.Type) && within(f.Statuses, v.Status)
}

// chats lists the newest first; a chat that moved to the front while somebody pages is not on the later pages.
func (c chatCall) chats() {
	var filter chatFilter
	if !c.read(&filter, true) || !filter.check(c.call) {
		return
	}
	limit, after, ok := c.page(10, 20)
	if !ok {
		return
	}
	if filter.Orders != nil {
		c.bad("The field orderIds is switched off since 2026-10-19, use contexts")
		return
	}
	all := slices.Collect(c.account.Conversations)
	if c.e.opt.OldestFirst {
		slices.Reverse(all)
	}
	found, more := []chatJSON{}, paging{}
	for _, one := range all {
		at := one.Last.At.UnixMilli()
		if len(after) > 0 && (!c.e.opt.OldestFirst && at >= after[0] || c.e.opt.OldestFirst && at <= after[0]) {
			continue
		}
		v, facts := c.e.view(c.account, c.cabinet, one)
		if !filter.lets(v, facts.subject) {
			continue
		}
		if len(found) == limit {
			more = nextPage(after[0])
			break
		}
		found, after = append(found, v), []int64{at}
	}
	answerList(c.call, "chats", found, more)
}

// answerList answers a page of a list, doubled or turned around when a fault wants it.
func answerList[T any](c *call, name string, found []T, more paging) {
	c.ok(map[string]any{name: disturbed(c, found), "paging": more})
}

func disturbed[T any](c *call, found []T) []T {
	fx := sandbox.EffectsOf(c.r)
	if fx.Duplicate {
		var double []T
		for _, one := range found {
			double = append(double, one, one)
		}
		if found = double; found == nil {
			found = []T{}
		}
	}
	if fx.Reorder {
		slices.Reverse(found)
	}
	return found
}

// asked finds the chat that the query names.
func (c chatCall) asked() (sandbox.Conversation, bool) {
	id, ok := c.query("chatId")
	if !ok {
		return sandbox.Conversation{}, false
	}
	if _, at, ok := c.e.own(c.account, sandbox.KindChat, id); ok {
		if one, ok := c.account.Conversation(at); ok {
			return one, true
		}
	}
	c.missing("Can't find chat by id: '%d'", id)
	return sandbox.Conversation{}, false
}

func (c chatCall) chat() {
	if one, ok := c.asked(); ok {
		v, _ := c.e.view(c.account, c.cabinet, one)
		c.ok(v)
	}
}

func (c chatCall) history() {
	var in struct {
		From *int64 `json:"messageIdFrom"`
	}
	if !c.read(&in, true) {
		return
	}
	if in.From != nil && *in.From < 1 {
		c.bad("Value / length of field (messageIdFrom) must be at least 1")
		return
	}
	limit, after, ok := c.page(50, 100)
	if !ok {
		return
	}
	one, ok := c.asked()
	if !ok {
		return
	}
	v, _ := c.e.view(c.account, c.cabinet, one)
	found, more := []messageJSON{}, paging{}
	for _, m := range whole(c.account, one.ID) {
		id := c.e.message(m.ID)
		if in.From != nil && id < *in.From || len(after) > 0 && id <= after[0] {
			continue
		}
		if len(found) == limit {
			more = nextPage(found[limit-1].ID)
			break
		}
		found = append(found, c.line(m))
	}
	c.ok(map[string]any{"context": v.Context, "messages": disturbed(c.call, found), "paging": more})
}

func (c chatCall) oneMessage() {
	id, ok := c.query("messageId")
	if !ok {
		return
	}
	one, ok := c.asked()
	if !ok {
		return
	}
	for _, m := range whole(c.account, one.ID) {
		if c.e.message(m.ID) == id {
			c.ok(c.line(m))
			return
		}
	}
	c.missing("Can't find message by id: '%d' for chat '%d'", id, c.e.id(sandbox.KindChat, one.ID))
}

// line is a message as the wire tells it.
func (c chatCall) line(m sandbox.Message) messageJSON {
	made := messageJSON{ID: c.e.message(m.ID), Created: stamp(m.At), Sender: "CUSTOMER", Text: m.Text}
	switch {
	case m.Author == sandbox.Seller:
		made.Sender = "PARTNER"
	case m.Author == sandbox.Platform && m.Source == sourceSupport:
		made.Sender = "SUPPORT"
	case m.Author == sandbox.Platform:
		made.Sender = "MARKET"
	}
	for _, f := range m.Files {
		made.Payload = append(made.Payload, fileJSON{f.Name, c.e.link(c.r, f), c.e.size(f)})
	}
	return made
}

// newChat opens a chat about an order or a return, or names the one there is.
func (c chatCall) newChat() {
	var in struct {
		Order   *int64   `json:"orderId"`
		Context *subject `json:"context"`
	}
	if !c.read(&in, true) {
		return
	}
	switch {
	case in.Context == nil:
		c.bad("Missing field: context")
		return
	case in.Context.Type != contextOrder && in.Context.Type != contextReturn || in.Context.ID < 1:
		c.bad("JSON: a context has type ORDER or RETURN and an id of at least 1")
		return
	}
	id, ok := c.e.open(c.account, c.cabinet, *in.Context, false)
	if !ok {
		c.missing("%s not found: '%d'", map[string]string{contextOrder: "Order", contextReturn: "Return"}[in.Context.Type], in.Context.ID)
		return
	}
	c.ok(map[string]int64{"chatId": id})
}

// open finds or makes the chat about an order or a return. Two at once make one.
func (e *Emulator) open(a *sandbox.Account, c *cabinet, s subject, test bool) (int64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.find(s); ok {
		return number(chatBase, a.WorldNumber(), n), true
	}
	o, ok := c.free(s)
	if !ok {
		return 0, false
	}
	opened, ok := e.world.Put(a, nil, &o.buyer, sandbox.Message{Author: sandbox.Platform, Empty: true})
	if !ok {
		return 0, false
	}
	_, n, _ := e.world.Locate(sandbox.KindChat, opened.Conversation)
	c.chats[n] = &chatFacts{subject: s, order: o.order, campaign: o.campaign, created: opened.At, test: test}
	c.about[s] = n
	return number(chatBase, a.WorldNumber(), n), true
}
