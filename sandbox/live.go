package sandbox

import (
	"context"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

// live makes buyers write while Run runs.
type live struct {
	mu      sync.Mutex
	running bool
	dice    *scene.Dice
	count   uint64
	next    time.Time
	replies []pendingReply
	kick    chan struct{} // something was added to replies
}

// pendingReply is a buyer who will answer the seller.
type pendingReply struct {
	due          time.Time
	account      *Account
	conversation ID
}

const maxPendingReplies = 50

func newLive() *live { return &live{kick: make(chan struct{}, 1)} }

func (l *live) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.replies, l.dice = nil, nil
}

// Run makes buyers write, something every 20 to 40 seconds of the clock, until ctx ends; it then returns nil. A little less than half are messages,
// the others questions, reviews, changed stars and, rarely, return claims.
// Without Options.Live it lets the remote sides work and waits.
func (w *World) Run(ctx context.Context) error {
	var side sync.WaitGroup
	defer side.Wait()
	w.mu.RLock()
	for _, m := range w.apis {
		if m.Run != nil {
			side.Go(func() { m.Run(ctx) })
		}
	}
	w.mu.RUnlock()
	if !w.opt.Live {
		<-ctx.Done()
		return nil
	}
	w.live.start(w)
	defer w.live.stop()
	for {
		fired, stop := w.clock.NewTimer(w.live.wait(w))
		select {
		case <-ctx.Done():
			stop()
			return nil
		case <-fired:
			w.live.act(w)
		case <-w.live.kick:
		}
		stop()
	}
}

func (l *live) start(w *World) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running = true
	l.next = w.clock.Now().Add(12 * time.Second)
}

func (l *live) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running = false
}

// wait is the time until the next thing to do.
func (l *live) wait(w *World) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	due := l.next
	for _, r := range l.replies {
		if r.due.Before(due) {
			due = r.due
		}
	}
	return due.Sub(w.clock.Now())
}

// act does what is due.
func (l *live) act(w *World) {
	now := w.clock.Now()
	l.mu.Lock()
	if l.dice == nil {
		l.dice = scene.Throw(w.Seed(), diceLive)
	}
	var due []pendingReply
	kept := l.replies[:0]
	for _, r := range l.replies {
		if r.due.After(now) {
			kept = append(kept, r)
			continue
		}
		due = append(due, r)
	}
	l.replies = kept
	fresh := !l.next.After(now)
	if fresh {
		l.next = now.Add(time.Duration(l.dice.Between(20_000, 40_000)) * time.Millisecond)
	}
	d := scene.Throw(l.dice.Next())
	l.mu.Unlock()
	for _, r := range due {
		w.buyerReplies(d, r)
	}
	if fresh {
		w.buyerAppears(d)
	}
}

// answered is told of every answer of the seller; half of the buyers write back within a minute.
func (l *live) answered(w *World, a *Account, conversation ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.running || len(l.replies) >= maxPendingReplies {
		return
	}
	l.count++
	if d := scene.Throw(w.Seed(), diceLive, l.count); d.Chance(0.5) {
		l.replies = append(l.replies, pendingReply{w.clock.Now().Add(time.Duration(d.Between(12, 55)) * time.Second), a, conversation})
		select {
		case l.kick <- struct{}{}:
		default:
		}
	}
}

// buyerReplies lets a buyer answer the seller with the second word of a buyer in some scenario.
func (w *World) buyerReplies(d *scene.Dice, r pendingReply) {
	turns := scene.Pick(d, scene.Scenarios).Turns
	for len(turns) < 3 {
		turns = scene.Pick(d, scene.Scenarios).Turns
	}
	w.speak(d, r.account, &r.conversation, turns[2], false)
}

// buyerAppears lets a buyer write unasked: half of the time a new one.
func (w *World) buyerAppears(d *scene.Dice) {
	w.mu.RLock()
	var accounts []*Account
	for _, m := range w.apis {
		accounts = append(accounts, m.accounts...)
	}
	w.mu.RUnlock()
	if len(accounts) == 0 {
		return
	}
	a := scene.Pick(d, accounts)
	if len(a.boards) > 0 && d.Chance(0.55) {
		a.boards[scene.PickWeighted(d, 40, 50, 10)%len(a.boards)].live(d)
		return
	}
	var conversation *ID
	if id, ok := a.recent(d.Below(30)); ok && d.Chance(0.5) {
		conversation = &id
	}
	w.speak(d, a, conversation, scene.Scenarios[scene.Choose(d, false)].Turns[0], true)
}

// live lets a buyer write a new post or, now and then, change the stars of a recent review.
func (b *Board) live(d *scene.Dice) {
	now := b.world.clock.Now().Add(b.world.faults.standingSkew(b.account.API))
	if b.kind == KindReview && d.Chance(0.25) {
		if recent := b.List(Query{Newest: true, Take: 20}); len(recent) > 0 {
			_, _ = b.Change(scene.Pick(d, recent).ID, func(p *Post) error { b.plan.changeMind(d, p); return nil }) // it is there
			return
		}
	}
	r := row{stars: uint8(5 - scene.PickWeighted(d, 60, 13, 8, 6, 13))}
	if b.kind == KindReview && d.Chance(0.15) {
		r.flags = rowBare
	}
	b.Add(now, func(p *Post) {
		at, _ := b.account.ids.open(p.ID, postIDs[b.kind])
		made := b.plan.post(at.conversation, r)
		made.At = p.At
		*p = made
	})
}

// speak puts a buyer's line into a conversation, or into a new one for nil.
func (w *World) speak(d *scene.Dice, a *Account, conversation *ID, t scene.Turn, first bool) {
	w.add(a, conversation, nil, func(who party) Message {
		m := Message{Author: Buyer, Card: conversation == nil}
		var photo bool
		if m.Text, photo, _ = t.Line(d, first, who.words()); photo || d.Chance(t.Photo) {
			m.Files = append(m.Files, generatedFile("photo.jpg", 0, d.Next()))
		}
		return m
	})
}
