package radist

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Events of the subscriptions.
const eventCreate = "messages.create"

func eventOf(mark string) string { return "messages.delivery." + mark }

func events() []string {
	return []string{eventCreate, eventOf(markDelivered), eventOf(markRead), eventOf(markError)}
}

const (
	maxSubscriptions = 20 // of a company
	maxWaiting       = 100_000
	maxAnswer        = 64 << 10
)

// pushes hold the subscriptions and send what they ask for.
type pushes struct {
	e      *Emulator
	client *http.Client

	mu      sync.Mutex
	subs    []*subscription
	last    int64         // number of a subscription
	changed chan struct{} // closed and replaced when something changed
}

// subscription is one receiver. Each has a worker of its own; what failed waits while later pushes pass.
type subscription struct {
	id         int64
	account    *sandbox.Account
	connection *int64
	url        string
	events     []string
	ordered    bool // by POST /_sandbox/push
	working    bool
	gone       bool

	waiting []notification // by due
	state   sandbox.PushState
}

// notification is one that waits: not before due, its answer lost when unanswered.
type notification struct {
	due        time.Time
	body       []byte
	unanswered bool
	tried      int
}

func newPushes(e *Emulator) *pushes {
	transport := &http.Transport{MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second}
	return &pushes{e: e, changed: make(chan struct{}), client: &http.Client{
		Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// wake tells the workers that something changed; the caller holds the lock.
func (p *pushes) wake() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// drop ends the subscriptions that f chooses and tells how many; the caller holds the lock.
func (p *pushes) drop(f func(*subscription) bool) int {
	before := len(p.subs)
	p.subs = slices.DeleteFunc(p.subs, func(s *subscription) bool {
		s.gone = s.gone || f(s)
		return s.gone
	})
	p.wake()
	return before - len(p.subs)
}

func (p *pushes) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop(func(*subscription) bool { return true })
}

// subscribe adds a receiver; the caller holds the lock.
func (p *pushes) subscribe(s *subscription) *subscription {
	p.last++
	s.id = p.last
	p.subs = append(p.subs, s)
	p.wake()
	return s
}

// connect makes a subscription to everything in place of the one it made before; an empty address ends it.
func (p *pushes) connect(a *sandbox.Account, address string) error {
	if address != "" && !isHTTP(address, "http", "https") {
		return sandbox.Refuse("address must be a whole http or https address")
	}
	p.e.cabinet(a) // from now on it follows the world
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop(func(s *subscription) bool { return s.ordered && s.account == a })
	if address != "" {
		p.subscribe(&subscription{account: a, url: address, events: events(), ordered: true})
	}
	return nil
}

func (s *subscription) object() subscriptionJSON {
	return subscriptionJSON{s.id, s.connection, s.url, slices.Clone(s.events)}
}

func (c *call) subscriptions() {
	p := c.e.pushes
	p.mu.Lock()
	found := []subscriptionJSON{}
	for _, s := range p.subs {
		if s.account == c.account {
			found = append(found, s.object())
		}
	}
	p.mu.Unlock()
	c.ok(disturbed(c.r, found))
}

func (c *call) subscribe() {
	var in struct {
		Connection *int64   `json:"connection_id"`
		URL        string   `json:"url"`
		Events     []string `json:"events"`
	}
	if !c.read(&in) {
		return
	}
	if !isHTTP(in.URL, "http", "https") {
		invalid(c.rw, "body", "url", "Input should be a whole http or https address")
		return
	}
	if len(in.Events) == 0 {
		invalid(c.rw, "body", "events", "At least one event is needed")
		return
	}
	for i, v := range in.Events {
		if !slices.Contains(events(), v) || slices.Contains(in.Events[:i], v) {
			invalid(c.rw, "body", "events."+strconv.Itoa(i), "Unknown or repeated event")
			return
		}
	}
	if in.Connection != nil {
		if _, _, ok := lineOf(c.account, *in.Connection); !ok {
			c.missing("Connection")
			return
		}
	}
	p := c.e.pushes
	p.mu.Lock()
	have := 0
	for _, s := range p.subs {
		if s.account == c.account {
			have++
		}
	}
	if have >= maxSubscriptions {
		p.mu.Unlock()
		fail(c.rw, http.StatusConflict, "Too many subscriptions")
		return
	}
	made := p.subscribe(&subscription{account: c.account, connection: in.Connection, url: in.URL, events: in.Events}).object()
	p.mu.Unlock()
	c.ok(made)
}

func (c *call) unsubscribe() {
	id, _ := strconv.ParseInt(c.r.PathValue("id"), 10, 64)
	p := c.e.pushes
	p.mu.Lock()
	n := p.drop(func(s *subscription) bool { return s.id == id && s.account == c.account })
	p.mu.Unlock()
	if n == 0 {
		c.missing("Webhook")
		return
	}
	c.rw.WriteHeader(http.StatusNoContent)
}

// announce pushes a new message of chat n and plans the pushes of its marks; the caller holds the cabinet's lock.
func (c *cabinet) announce(n int, w wire) {
	x := &c.chats[n]
	source := c.source(n)
	message := map[string]any{
		"message_id": w.id.String(), "source_message_id": sourceMessage(lines()[x.line], source, w), "direction": "outbound", "message_type": w.kind,
		"created_at": c.e.spell(w, w.at), w.kind: w.payload,
	}
	if w.inbound {
		message["direction"] = "inbound"
	}
	if w.extra != nil && w.extra.reply != nil {
		message["reply_to"] = replyJSON(w.extra.reply.String(), source, orNull(x.phone))
	}
	c.push(n, eventCreate, c.e.world.Clock().Now(), message)
	for _, k := range w.marks {
		c.announceMark(n, w, k)
	}
}

func (c *cabinet) announceMark(n int, w wire, k mark) {
	x := &c.chats[n]
	source := sourceMessage(lines()[x.line], c.source(n), w)
	message := deliveryJSON(w, source, c.e.spell(w, k.at), k)
	c.push(n, eventOf(k.name), k.due, message)
}

// spell writes a time in one of the three ways that were met; microseconds are never lost.
func (e *Emulator) spell(w wire, t time.Time) string {
	t = t.UTC()
	way := int(unit(w.id, "spelling") * 3)
	switch {
	case e.opt.PlainTimes:
		return utc(t)
	case way == 0 && t.Nanosecond() == 0:
		return t.Format("2006-01-02T15:04:05") + "+00:00"
	case way == 1:
		return t.Format("2006-01-02T15:04:05.000000")
	}
	return t.Format("2006-01-02T15:04:05.000000") + "+00:00"
}

// push gives an event of chat n to whoever subscribed; the caller holds the cabinet's lock.
func (c *cabinet) push(n int, event string, due time.Time, message map[string]any) {
	x := &c.chats[n]
	connection := Connection(c.account, x.line)
	p := c.e.pushes
	p.mu.Lock()
	defer p.mu.Unlock()
	var body []byte
	for _, s := range p.subs {
		if s.account != c.account || s.connection != nil && *s.connection != connection || !slices.Contains(s.events, event) {
			continue
		}
		if body == nil {
			made, err := json.Marshal(map[string]any{"event_type": event, "event": map[string]any{
				"connection_id": connection, "chat_id": chatNumber(c.account, n), "contact_id": contactNumber(c.account, x.contact),
				"chat":    map[string]any{"phone": orNull(x.phone), "name": x.name, "username": orNull(x.username), "profile_link": profile(x)},
				"message": message,
			}})
			if err != nil {
				panic(err) // impossible: strings, numbers and what was decoded
			}
			body = made
		}
		p.add(s, due.Add(c.e.opt.PushDelay), body)
	}
	p.wake()
}

// add puts a push into a queue, disturbed by faults; the caller holds the lock.
func (p *pushes) add(s *subscription, due time.Time, body []byte) {
	lost, unanswered, play := p.e.world.PushEffects(API)
	if lost || len(s.waiting) >= maxWaiting {
		s.state.Lost++
		return
	}
	if play.Reorder {
		due = due.Add(late)
	}
	s.insert(notification{due: due, body: body, unanswered: unanswered})
	if play.Duplicate {
		s.insert(notification{due: due, body: body})
	}
}

// insert keeps the queue in the order of the due times.
func (s *subscription) insert(n notification) {
	i := len(s.waiting)
	for i > 0 && s.waiting[i-1].due.After(n.due) {
		i--
	}
	s.waiting = slices.Insert(s.waiting, i, n)
}

// run sends until ctx ends.
func (p *pushes) run(ctx context.Context) {
	defer p.client.CloseIdleConnections()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		p.mu.Lock()
		changed := p.changed
		for _, s := range p.subs {
			if !s.working {
				s.working = true
				all.Go(func() { p.work(ctx, s) })
			}
		}
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

// work sends to one receiver until its subscription ends.
func (p *pushes) work(ctx context.Context, s *subscription) {
	clock := p.e.world.Clock()
	for ctx.Err() == nil {
		p.mu.Lock()
		changed, wait := p.changed, time.Duration(-1)
		if s.gone {
			p.mu.Unlock()
			return
		}
		var first notification
		if len(s.waiting) > 0 {
			if wait = max(0, s.waiting[0].due.Sub(clock.Now())); wait == 0 {
				first, s.waiting = s.waiting[0], s.waiting[1:]
				s.state.Queued = 1 // under way
			}
		}
		p.mu.Unlock()
		switch {
		case wait < 0:
			select {
			case <-ctx.Done():
			case <-changed:
			}
		case wait > 0:
			fired, stop := clock.NewTimer(wait)
			select {
			case <-ctx.Done():
			case <-changed:
			case <-fired:
			}
			stop()
		default:
			p.settle(s, first, p.deliver(ctx, s.url, first))
		}
	}
	p.mu.Lock()
	s.working = false
	p.mu.Unlock()
}

// settle writes down how an attempt went and plans the next one.
func (p *pushes) settle(s *subscription, n notification, trouble string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.e.world.Clock().Now()
	at := sandbox.Moment{Time: now}
	s.state.Queued, s.state.LastAt, s.state.Trouble = 0, &at, trouble
	if trouble == "" {
		s.state.Delivered++
		s.state.BlockedSince = nil
		return
	}
	s.state.Failed++
	if s.state.BlockedSince == nil {
		s.state.BlockedSince = &at
	}
	if n.tried >= len(p.e.opt.Repeats) {
		s.state.Lost++
		return
	}
	n.due, n.unanswered = now.Add(p.e.opt.Repeats[n.tried]), false
	n.tried++
	s.insert(n)
}

// deliver posts one push; it is empty when the push was accepted.
func (p *pushes) deliver(ctx context.Context, address string, n notification) string {
	ctx, cancel := context.WithTimeout(ctx, p.e.opt.PushDeadline)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(n.body))
	if err != nil {
		return "bad address"
	}
	r.Header.Set("Content-Type", "application/json")
	got, err := p.client.Do(r)
	if err != nil {
		var slow net.Error
		if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout() {
			return "no answer in time"
		}
		return "no connection"
	}
	defer got.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(got.Body, maxAnswer))
	switch {
	case err != nil || n.unanswered:
		return "no answer in time"
	case got.StatusCode < 200 || got.StatusCode > 299:
		return fmt.Sprintf("HTTP %d", got.StatusCode)
	}
	return ""
}

// health is how the pushes of a cabinet go, all its subscriptions together.
func (p *pushes) health(a *sandbox.Account) *sandbox.PushState {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := &sandbox.PushState{State: "none"}
	for _, s := range p.subs {
		if s.account != a {
			continue
		}
		if sum.State == "none" {
			sum.State, sum.Address = "ok", s.url
		}
		sum.Queued += s.state.Queued + len(s.waiting)
		sum.Delivered += s.state.Delivered
		sum.Failed += s.state.Failed
		sum.Lost += s.state.Lost
		if s.state.LastAt != nil {
			sum.LastAt, sum.Trouble = s.state.LastAt, s.state.Trouble
		}
		if s.state.BlockedSince != nil {
			sum.State, sum.BlockedSince = "blocked", s.state.BlockedSince
			if len(s.waiting) > 0 {
				sum.NextAt = &sandbox.Moment{Time: s.waiting[0].due}
			}
		}
	}
	return sum
}
