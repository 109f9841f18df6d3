package yandexmarket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// pushes sends notifications, those of one cabinet strictly one after the other.
type pushes struct {
	e      *Emulator
	client *http.Client

	mu      sync.Mutex
	queues  map[int]*queue // by the account's number in the world
	changed chan struct{}  // closed and replaced when a queue changed
}

// queue is one integration. While its first notification is not accepted, the others wait.
type queue struct {
	address string
	off     bool
	waiting []notification
	failing time.Time // since when the first one fails; zero when it does not
	next    time.Time // when it is tried again
	state   sandbox.PushState
}

// notification is one that waits: not before due, lost on the way back when unanswered.
type notification struct {
	due        time.Time
	body       []byte
	ping       bool
	unanswered bool
}

const (
	late       = 2 * time.Second // by which a reordered notification is held back
	giveUp     = 14 * 24 * time.Hour
	maxWaiting = 100_000
	maxAnswer  = 64 << 10
)

func newPushes(e *Emulator) *pushes {
	transport := &http.Transport{MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second}
	return &pushes{e: e, queues: map[int]*queue{}, changed: make(chan struct{}), client: &http.Client{
		Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// wake tells the workers that something changed; the caller holds the lock.
func (p *pushes) wake() {
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *pushes) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.queues)
	p.wake()
}

// connect sets where the pushes of a cabinet go and begins with a PING; an empty address ends them.
func (p *pushes) connect(a *sandbox.Account, address string) error {
	if address != "" {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(address) > 2000 {
			return sandbox.Refuse("address must be a whole http or https address")
		}
	}
	now := p.e.world.Clock().Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.wake()
	if address == "" {
		delete(p.queues, a.WorldNumber())
		return nil
	}
	body, err := json.Marshal(map[string]any{"notificationType": "PING", "time": utc(now)})
	if err != nil {
		return fmt.Errorf("make a PING: %w", err)
	}
	fresh := &queue{address: address, waiting: []notification{{body: body, ping: true}}}
	if before := p.queues[a.WorldNumber()]; before != nil {
		fresh.waiting, fresh.state = append(fresh.waiting, before.waiting...), before.state
	}
	p.queues[a.WorldNumber()] = fresh // a delivery under way belongs to the one before
	return nil
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// notice composes the body of a notification of the cabinet: a type, the name of its time, then names and values.
func (e *Emulator) notice(a *sandbox.Account, kind, timeName string, at time.Time, pairs ...any) []byte {
	made := map[string]any{"notificationType": kind, "businessId": Business(a), timeName: utc(at)}
	for i := 0; i+1 < len(pairs); i += 2 {
		made[pairs[i].(string)] = pairs[i+1]
	}
	body, err := json.Marshal(made)
	if err != nil {
		panic(err) // impossible: numbers and strings
	}
	return body
}

// add puts a notification into the queue of a cabinet, disturbed by faults.
func (p *pushes) add(a *sandbox.Account, due time.Time, body []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := p.queues[a.WorldNumber()]
	if q == nil {
		return
	}
	lost, unanswered, play := p.e.world.PushEffects(API)
	if lost || q.off || len(q.waiting) >= maxWaiting {
		q.state.Lost++
		return
	}
	if play.Reorder {
		due = due.Add(late)
	}
	n := notification{due: due, body: body, unanswered: unanswered}
	q.insert(n)
	if play.Duplicate {
		n.unanswered = false
		q.insert(n)
	}
	p.wake()
}

// insert keeps the queue in the order of the due times; what is tried already stays first.
func (q *queue) insert(n notification) {
	i := len(q.waiting)
	for i > 0 && q.waiting[i-1].due.After(n.due) && !(i == 1 && !q.failing.IsZero()) {
		i--
	}
	q.waiting = append(q.waiting, notification{})
	copy(q.waiting[i+1:], q.waiting[i:])
	q.waiting[i] = n
}

// run sends until ctx ends: one worker for each cabinet.
func (p *pushes) run(ctx context.Context) {
	defer p.client.CloseIdleConnections()
	var all sync.WaitGroup
	defer all.Wait()
	busy := map[int]bool{}
	for {
		p.mu.Lock()
		changed := p.changed
		for account := range p.queues {
			if !busy[account] {
				busy[account] = true
				all.Go(func() { p.work(ctx, account) })
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

// work sends the notifications of one cabinet.
func (p *pushes) work(ctx context.Context, account int) {
	clock := p.e.world.Clock()
	for ctx.Err() == nil {
		p.mu.Lock()
		changed, q := p.changed, p.queues[account]
		wait := time.Duration(-1)
		var first notification
		var address string
		if q != nil && len(q.waiting) > 0 && !q.off {
			first, address = q.waiting[0], q.address
			due := first.due
			if q.next.After(due) {
				due = q.next
			}
			wait = max(0, due.Sub(clock.Now()))
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
			trouble, again := p.deliver(ctx, address, first)
			p.settle(account, q, address, trouble, again)
		}
	}
}

// settle writes down how a delivery went.
func (p *pushes) settle(account int, q *queue, address, trouble string, again bool) {
	now := p.e.world.Clock().Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queues[account] != q || q.address != address || len(q.waiting) == 0 {
		return // connected anew meanwhile
	}
	at := sandbox.Moment{Time: now}
	q.state.LastAt, q.state.Trouble = &at, trouble
	if !again {
		if trouble == "" {
			q.state.Delivered++
		} else {
			q.state.Refused++
		}
		q.waiting, q.failing, q.next = q.waiting[1:], time.Time{}, time.Time{}
		return
	}
	q.state.Failed++
	q.waiting[0].unanswered = false
	if q.failing.IsZero() {
		q.failing = now
	}
	q.next = now.Add(pause(now.Sub(q.failing)))
	if now.Sub(q.failing) >= giveUp {
		q.off = true
		q.state.Lost += len(q.waiting)
		q.waiting, q.failing, q.next = nil, time.Time{}, time.Time{}
	}
}

// pause is the time until the next attempt after so long a failure.
func pause(failing time.Duration) time.Duration {
	switch {
	case failing < time.Hour:
		return time.Minute
	case failing < 24*time.Hour:
		return 15 * time.Minute
	}
	return time.Hour
}

// deliver posts one notification. Trouble is empty when it was accepted; with again it is to be repeated.
func (p *pushes) deliver(ctx context.Context, address string, n notification) (trouble string, again bool) {
	deadline := p.e.opt.PushDeadline
	if n.ping {
		deadline = p.e.opt.PingDeadline
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	if !p.e.opt.BarePush {
		address = strings.TrimRight(address, "/") + "/notification"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(n.body))
	if err != nil {
		return "CONNECTION_REFUSED", true
	}
	r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	got, err := p.client.Do(r)
	if err != nil {
		return connectionTrouble(err), true
	}
	defer got.Body.Close()
	body, err := io.ReadAll(io.LimitReader(got.Body, maxAnswer))
	switch {
	case err != nil:
		return "READ_TIMED_OUT", true
	case n.unanswered:
		return "READ_TIMED_OUT", true
	case got.StatusCode == http.StatusBadRequest:
		return "HTTP 400", false
	case got.StatusCode != http.StatusOK:
		return fmt.Sprintf("HTTP %d", got.StatusCode), true
	}
	trouble = checkAnswer(got.Header.Get("Content-Type"), body)
	return trouble, trouble != ""
}

func connectionTrouble(err error) string {
	var slow net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout() {
		return "READ_TIMED_OUT"
	}
	return "CONNECTION_REFUSED"
}

// checkAnswer says what is wrong with the body of an answer 200.
func checkAnswer(contentType string, body []byte) string {
	if kind, _, err := mime.ParseMediaType(contentType); err != nil || kind != "application/json" {
		return "UNSUPPORTED_MEDIA_TYPE"
	}
	var in struct {
		Version, Name *string
		Time          *time.Time
	}
	if json.Unmarshal(body, &in) != nil {
		return "CANT_PARSE_RESPONSE"
	}
	fits := func(s *string) bool { return s != nil && len([]rune(*s)) >= 1 && len([]rune(*s)) <= 100 }
	if !fits(in.Version) || !fits(in.Name) || in.Time == nil {
		return "INVALID_DATA"
	}
	return ""
}

// health is how the pushes of a cabinet go.
func (p *pushes) health(a *sandbox.Account) *sandbox.PushState {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := p.queues[a.WorldNumber()]
	if q == nil {
		return &sandbox.PushState{State: "none"}
	}
	s := q.state
	s.Address, s.Queued, s.State = q.address, len(q.waiting), "ok"
	if !q.failing.IsZero() {
		since, next := sandbox.Moment{Time: q.failing}, sandbox.Moment{Time: q.next}
		s.State, s.BlockedSince, s.NextAt = "blocked", &since, &next
	}
	if q.off {
		s.State = "off"
	}
	return &s
}
