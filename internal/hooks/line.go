package hooks

import (
	"container/heap"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// flightsEach bounds the calls of one webhook that are under way.
	flightsEach = 16
	// illAfter is how many keys in a row must fail for the receiver to be taken
	// for ill: fewer may be what it cannot read.
	illAfter = 3
	// bodiesEach bounds the bodies of a line that are held in memory; others are
	// read when their turn comes.
	bodiesEach = 1000
)

// line is one webhook with what waits for it. Only the loop touches it.
type line struct {
	store.WebhookLine
	access sellerdesk.Access // what it may tell now

	queues map[string]*queue // by key
	ready  turns             // of those, what may leave
	size   int               // deliveries that wait, those under way included
	bodies int               // of those, how many have their body here
	flying int
	saved  int64 // the last event that is noted as looked at; Seq may be further
	// behind: the log may hold more for it than was looked at.
	behind bool

	// ill are the keys that failed since anything was taken. While there are
	// illAfter, one delivery at a time asks after the receiver, from rest on; asks
	// counts them.
	ill  map[string]bool
	rest time.Time
	asks int
	// hold is until when the receiver asked to be left alone.
	hold time.Time

	// What is to be noted by the next booking.
	outcomes []store.Outcome
	faring   bool   // its health is another than noted
	stop     string // why it stops by itself; "" means it does not
	stopped  bool   // that is noted
}

// queue is what waits under one key, in its order.
type queue struct {
	key   string
	items []store.DeliveryItem
	air   sellerdesk.DeliveryID // the one that is under way; 0: none
	place int                   // in ready; -1 when it is not there
}

func (q *queue) first() *store.DeliveryItem { return &q.items[0] }

// turns are the queues whose first delivery may leave, the earliest first.
type turns []*queue

// Len is part of [heap.Interface].
func (t turns) Len() int { return len(t) }

// Less is part of [heap.Interface].
func (t turns) Less(i, j int) bool {
	a, b := t[i].first(), t[j].first()
	if !a.Due.Equal(b.Due.Time) {
		return a.Due.Before(b.Due.Time)
	}
	return a.ID < b.ID
}

// Swap is part of [heap.Interface].
func (t turns) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].place, t[j].place = i, j
}

// Push is part of [heap.Interface].
func (t *turns) Push(x any) {
	q := x.(*queue)
	q.place = len(*t)
	*t = append(*t, q)
}

// Pop is part of [heap.Interface].
func (t *turns) Pop() any {
	last := len(*t) - 1
	q := (*t)[last]
	(*t)[last] = nil
	*t, q.place = (*t)[:last], -1
	return q
}

func newLine(l store.WebhookLine) *line {
	return &line{WebhookLine: l, queues: map[string]*queue{}, ill: map[string]bool{}, saved: l.Seq, behind: true}
}

// active tells whether the line tells events.
func (l *line) active() bool { return l.State == sellerdesk.WebhookActive && l.stop == "" }

// health is how the receiver fares.
func (l *line) health() store.WebhookHealth {
	return store.WebhookHealth{DeliveredAt: l.DeliveredAt, FailingSince: l.FailingSince, Tries: l.Tries}
}

// room is how many more deliveries may wait.
func (l *line) room() int { return store.MostWaiting - l.size }

// add puts deliveries behind those that wait.
func (l *line) add(items []store.DeliveryItem) {
	for _, i := range items {
		if i.Body != "" && l.bodies >= bodiesEach {
			i.Body = ""
		}
		if i.Body != "" {
			l.bodies++
		}
		l.size++
		q := l.queues[i.Key]
		if q == nil {
			q = &queue{key: i.Key, place: -1}
			l.queues[i.Key] = q
		}
		q.items = append(q.items, i)
		if len(q.items) == 1 {
			heap.Push(&l.ready, q)
		}
	}
}

// refill takes what waits as it is noted, in place of what is here. What came of
// flights and is not noted yet counts.
func (l *line) refill(items []store.DeliveryItem) {
	landed := map[sellerdesk.DeliveryID]store.Outcome{}
	for _, o := range l.outcomes {
		landed[o.ID] = o
	}
	air := map[string]sellerdesk.DeliveryID{}
	for _, q := range l.queues {
		if q.air != 0 {
			air[q.key] = q.air
		}
	}
	l.queues, l.ready, l.size, l.bodies = map[string]*queue{}, nil, 0, 0
	for _, i := range items {
		if o, ok := landed[i.ID]; ok {
			if o.State != sellerdesk.DeliveryWaiting {
				continue
			}
			if o.Attempt > i.Attempt {
				i.Attempt = o.Attempt
				if o.Due != nil {
					i.Due = *o.Due
				}
			}
		}
		l.add([]store.DeliveryItem{i})
	}
	// What is under way need not be the first of its key any more: an earlier one
	// may be sent again by hand. It waits.
	for key, id := range air {
		if q := l.queues[key]; q != nil && slices.ContainsFunc(q.items, func(i store.DeliveryItem) bool { return i.ID == id }) {
			q.air = id
			heap.Remove(&l.ready, q.place)
		}
	}
	// Whoever touched it may know more: a receiver that is ill is asked at once.
	l.asks, l.rest = 0, time.Time{}
}

// next gives the queue whose turn it is now, or the moment of the next turn; a
// zero moment when there is none to wait for.
func (l *line) next(now time.Time) (*queue, time.Time) {
	// Somebody waits for a test: it is sent whatever is the matter.
	if q := l.queues[string(sellerdesk.NoticeTest)]; q != nil && q.air == 0 && !q.first().Due.After(now) {
		return q, time.Time{}
	}
	if !l.active() {
		return nil, time.Time{}
	}
	if len(l.ready) == 0 || l.flying >= flightsEach {
		return nil, time.Time{}
	}
	q := l.ready[0]
	at := q.first().Due.Time
	if l.hold.After(at) {
		at = l.hold
	}
	if len(l.ill) >= illAfter {
		if l.flying > 0 {
			return nil, time.Time{}
		}
		if l.rest.After(at) {
			at = l.rest
		}
	}
	if at.After(now) {
		return nil, at
	}
	return q, time.Time{}
}

// leave takes the first delivery of a queue out for a flight.
func (l *line) leave(q *queue) store.DeliveryItem {
	heap.Remove(&l.ready, q.place)
	q.air = q.first().ID
	l.flying++
	return *q.first()
}

// flight is a call that ended.
type flight struct {
	webhook sellerdesk.WebhookID
	item    store.DeliveryItem
	report
}

// land takes what came of a flight and decides what is next.
func (l *line) land(f flight, now time.Time) {
	l.flying--
	at := sellerdesk.At(now)
	o := store.Outcome{
		ID: f.item.ID, Attempt: f.item.Attempt + 1, Status: f.status, Error: f.err, Request: f.request, Response: f.response, Took: f.took,
	}
	switch {
	case f.withheld:
		o.State, o.Done = sellerdesk.DeliveryFailed, &at
	case f.taken:
		l.fine(now)
		o.State, o.Done = sellerdesk.DeliveryDelivered, &at
	default:
		l.failed(f, now)
		due := sellerdesk.At(now.Add(max(pause(o.Attempt), f.wait)))
		o.State, o.Due = sellerdesk.DeliveryWaiting, &due
		if l.hopeless(f.item, due) {
			o.State, o.Due, o.Done = sellerdesk.DeliveryFailed, nil, &at
		}
	}
	l.outcomes = append(l.outcomes, o)
	l.settle(f.item, o)
}

// settle brings the queue of a delivery in line with what came of it.
func (l *line) settle(item store.DeliveryItem, o store.Outcome) {
	q := l.queues[item.Key]
	if q == nil || q.air != item.ID {
		return // it was removed meanwhile
	}
	q.air = 0
	place := slices.IndexFunc(q.items, func(i store.DeliveryItem) bool { return i.ID == item.ID })
	if o.State == sellerdesk.DeliveryWaiting {
		q.items[place].Attempt, q.items[place].Due = o.Attempt, *o.Due
		heap.Push(&l.ready, q)
		return
	}
	l.size--
	if q.items[place].Body != "" {
		l.bodies--
	}
	if place == 0 { // without moving the rest
		q.items[0] = store.DeliveryItem{}
		q.items = q.items[1:]
	} else {
		q.items = slices.Delete(q.items, place, place+1)
	}
	if len(q.items) == 0 {
		delete(l.queues, q.key)
		return
	}
	heap.Push(&l.ready, q)
}

// fine notes that the receiver took something. Where it was ill, what waited for
// it to recover is due.
func (l *line) fine(now time.Time) {
	at := sellerdesk.At(now)
	if len(l.ill) >= illAfter {
		for _, q := range l.ready {
			if q.first().Due.After(now) {
				q.first().Due = at
			}
		}
		heap.Init(&l.ready)
	}
	clear(l.ill)
	l.asks, l.rest = 0, time.Time{}
	l.DeliveredAt, l.FailingSince, l.Tries, l.faring = &at, nil, 0, true
}

// failed notes that the receiver did not take something, and stops the line when
// there is no hope.
func (l *line) failed(f flight, now time.Time) {
	at := sellerdesk.At(now)
	if f.item.Kind == sellerdesk.NoticeTest && !l.active() {
		return // a test of one that is stopped says nothing new
	}
	if l.FailingSince == nil {
		l.FailingSince = &at
	}
	l.Tries++
	l.faring = true
	l.ill[f.item.Key] = true
	if len(l.ill) >= illAfter {
		l.asks++
		l.rest = now.Add(pause(l.asks))
	}
	if f.wait > 0 {
		l.hold = now.Add(f.wait)
	}
	switch {
	case f.gone:
		l.stop = "The receiver answered that it is gone for good (410). What happens meanwhile is kept as long as the log of events keeps it."
	case l.Tries >= giveUpTries && now.Sub(l.FailingSince.Time) >= giveUp:
		l.stop = "The receiver took nothing for a day. Its last try: " + f.err + " What happens meanwhile is kept as long as the log of events keeps it."
	}
}

// hopeless tells whether a delivery is given up: its day is over and others were
// taken meanwhile. Where nothing was, the line stops instead and keeps it.
func (l *line) hopeless(i store.DeliveryItem, next sellerdesk.Time) bool {
	if i.Kind == sellerdesk.NoticeTest {
		return true // it is tried once
	}
	return next.After(i.Until.Time) && l.DeliveredAt != nil && l.DeliveredAt.After(i.Until.Add(-store.TryFor))
}
