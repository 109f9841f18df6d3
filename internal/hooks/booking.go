package hooks

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// page is how many events are looked at in one booking.
	page = 500
	// leastRoom is how much room a line needs before more is written down for it.
	leastRoom = 100
	// lookedAt is how many events may be looked at again after a restart, because
	// nothing of them was told.
	lookedAt = 2000
)

// order is what one booking is to do. It holds copies: the loop goes on.
type order struct {
	lines  []entry
	known  map[sellerdesk.WebhookID]int64 // webhooks that the loop knows, by their rev
	follow bool                           // look at the log
	reload bool                           // read webhooks and rights anew
}

// entry is one webhook in an order.
type entry struct {
	store.WebhookLine
	access   sellerdesk.Access
	outcomes []store.Outcome
	faring   bool
	health   store.WebhookHealth
	stop     string
	follow   bool
	saved    int64
	room     int
}

// booking is what came of an order.
type booking struct {
	order
	err     error // nothing was written
	written map[sellerdesk.WebhookID]written
	// webhooks are all there are, when they were read anew; nil when not.
	webhooks map[sellerdesk.WebhookID]*reread
}

// written is what a booking wrote down for one webhook.
type written struct {
	seq    int64 // up to which the log was looked at
	saved  int64 // what is noted of that
	items  []store.DeliveryItem
	behind bool // there is more in the log
	// missing says what was forgotten before it could be told; "" when nothing was.
	missing string
}

// reread is a webhook as it is noted.
type reread struct {
	store.WebhookLine
	access  sellerdesk.Access
	another bool                 // it is not as the loop knows it
	waiting []store.DeliveryItem // where it is another
}

// book starts a booking when there is something to note or to look at, and tells
// how long it is until it may.
func (w *Worker) book(ctx context.Context) time.Duration {
	now := w.deps.Clock.Now()
	reload := w.changed || now.Sub(w.fresh) >= freshen
	follow := false
	needed := reload
	for _, l := range w.lines {
		l.behind = l.behind || w.stale && l.room() < leastRoom // it looks when there is room
		follow = follow || l.follows(w.stale)
		needed = needed || follow || len(l.outcomes) > 0 || l.faring || l.stop != "" && !l.stopped
	}
	if w.booking || !needed {
		if !needed {
			w.stale = false // nobody wants to know
		}
		return safety
	}
	if wait := w.next.Sub(now); wait > 0 {
		return wait
	}
	o := w.order(follow, reload)
	w.booking, w.next = true, now.Add(pace)
	if follow {
		w.stale = false
	}
	if reload {
		w.reading, w.changed, w.fresh = w.changed, false, now
	}
	go func() { w.booked <- w.perform(ctx, o) }()
	return safety
}

// follows tells whether the log is to be looked at for a line.
func (l *line) follows(stale bool) bool {
	return l.active() && (stale || l.behind) && l.room() >= leastRoom
}

// order gathers what is to be noted. The lines keep it until it is.
func (w *Worker) order(follow, reload bool) order {
	o := order{known: map[sellerdesk.WebhookID]int64{}, follow: follow, reload: reload}
	for _, id := range slices.Sorted(maps.Keys(w.lines)) {
		l := w.lines[id]
		o.known[id] = l.Rev
		e := entry{
			WebhookLine: l.WebhookLine, access: l.access, outcomes: slices.Clone(l.outcomes), faring: l.faring, health: l.health(),
			follow: follow && l.follows(true), saved: l.saved, room: l.room(),
		}
		if !l.stopped {
			e.stop = l.stop
		}
		if e.follow || len(e.outcomes) > 0 || e.faring || e.stop != "" {
			o.lines = append(o.lines, e)
		}
	}
	return o
}

// perform does what an order says; what it writes is one transaction. It runs
// beside the loop.
func (w *Worker) perform(ctx context.Context, o order) booking {
	b := booking{order: o, written: map[sellerdesk.WebhookID]written{}}
	pages, err := w.look(ctx, o)
	if err != nil {
		b.err = err
		return b
	}
	// What is told is judged by rights that are read after the events.
	for _, p := range pages {
		b.reload = b.reload || slices.ContainsFunc(p.events, changesRights)
	}
	if b.reload {
		if b.webhooks, b.err = w.reread(ctx, o); b.err != nil {
			return b
		}
		for i := range b.lines {
			if now := b.webhooks[b.lines[i].ID]; now != nil {
				b.lines[i].WebhookLine.Webhook, b.lines[i].access = now.Webhook, now.access
			}
		}
	}
	if len(b.lines) > 0 {
		if b.err = w.write(ctx, &b, pages); b.err != nil {
			return b
		}
	}
	b.err = w.readWaiting(ctx, &b)
	return b
}

func changesRights(e sellerdesk.Event) bool { return slices.Contains(changing(), e.Kind) }

// sheet is what the log holds behind a place.
type sheet struct {
	events      []sellerdesk.Event
	first, last int64 // of the log
}

// look reads the log, once for each place that a line is at.
func (w *Worker) look(ctx context.Context, o order) (map[int64]sheet, error) {
	pages := map[int64]sheet{}
	if !o.follow {
		return pages, nil
	}
	err := w.deps.Store.Read(ctx, func(tx *store.Tx) error {
		first, err := tx.Events.First(ctx)
		if err != nil {
			return err
		}
		last, err := tx.Events.Last(ctx)
		if err != nil {
			return err
		}
		for _, e := range o.lines {
			if _, there := pages[e.Seq]; there || !e.follow || e.Seq == last {
				continue
			}
			events, err := tx.Events.After(ctx, e.Seq, page)
			if err != nil {
				return err
			}
			pages[e.Seq] = sheet{events, first, last}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at the log for webhooks: %w", err)
	}
	return pages, nil
}

// reread reads all webhooks and what each may tell.
func (w *Worker) reread(ctx context.Context, o order) (map[sellerdesk.WebhookID]*reread, error) {
	var lines []store.WebhookLine
	err := w.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		lines, err = tx.Webhooks.Lines(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	all := map[sellerdesk.WebhookID]*reread{}
	for _, l := range lines {
		access, err := w.deps.Access(ctx, l.User)
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return nil, fmt.Errorf("read what webhook %d may tell: %w", l.ID, err)
		}
		known, there := o.known[l.ID]
		all[l.ID] = &reread{WebhookLine: l, access: access.Narrowed(0, l.Rights, nil), another: !there || known != l.Rev}
	}
	return all, nil
}

// readWaiting reads what waits for webhooks that are not as the loop knows them.
// What was written before is among it.
func (w *Worker) readWaiting(ctx context.Context, b *booking) error {
	for id, h := range b.webhooks {
		if !h.another {
			continue
		}
		err := w.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
			h.waiting, err = tx.Deliveries.Waiting(ctx, id)
			return err
		})
		if err != nil {
			return fmt.Errorf("read what waits for webhook %d: %w", id, err)
		}
	}
	return nil
}

// write notes what came of flights and writes down what is to be told next.
func (w *Worker) write(ctx context.Context, b *booking, pages map[int64]sheet) error {
	now := sellerdesk.At(w.deps.Clock.Now())
	next, needed := map[sellerdesk.WebhookID]*written{}, false
	for _, e := range b.lines {
		needed = needed || len(e.outcomes) > 0 || e.faring || e.stop != ""
		if !e.follow {
			continue
		}
		n := &written{seq: e.Seq, saved: e.saved}
		if p, ok := pages[e.Seq]; ok && e.State == sellerdesk.WebhookActive {
			if err := e.tell(p, now, n); err != nil {
				return err
			}
		}
		next[e.ID] = n
		needed = needed || n.worth()
	}
	if needed {
		err := w.deps.Store.Write(ctx, func(tx *store.Tx) error {
			for _, e := range b.lines {
				if err := e.note(ctx, tx); err != nil {
					return err
				}
				if n := next[e.ID]; n != nil && n.worth() {
					if err := e.writeDown(ctx, tx, n); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("write down what webhooks tell: %w", err)
		}
	}
	for id, n := range next {
		b.written[id] = *n
	}
	return nil
}

// worth tells whether there is anything to be written: how far the log was looked
// at in vain is noted now and then only, as looking again does no harm.
func (n *written) worth() bool {
	return len(n.items) > 0 || n.missing != "" || n.seq-n.saved >= lookedAt || n.seq < n.saved
}

// writeDown keeps deliveries of one webhook and moves its place.
func (e entry) writeDown(ctx context.Context, tx *store.Tx, n *written) error {
	moved, err := tx.Webhooks.Advance(ctx, e.ID, n.saved, n.seq)
	if err != nil {
		return err
	}
	if !moved { // it was removed
		n.items = nil
		return nil
	}
	n.saved = n.seq
	ids, err := tx.Deliveries.Add(ctx, e.ID, n.items)
	if err != nil {
		return err
	}
	for i := range ids {
		n.items[i].ID = ids[i]
	}
	if n.missing == "" {
		return nil
	}
	return tx.Webhooks.Note(ctx, e.ID, n.missing)
}

// note writes what came of flights of one webhook.
func (e entry) note(ctx context.Context, tx *store.Tx) error {
	if err := tx.Deliveries.Settle(ctx, e.outcomes); err != nil {
		return err
	}
	if e.faring {
		if err := tx.Webhooks.Fares(ctx, e.ID, e.health); err != nil {
			return err
		}
	}
	if e.stop == "" || e.State != sellerdesk.WebhookActive {
		return nil
	}
	_, err := tx.Webhooks.SetState(ctx, e.ID, sellerdesk.WebhookFailed, e.stop)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound { // it was removed
		return nil
	}
	return err
}

// mayTell tells whether anything may be sent elsewhere with an access.
func mayTell(a sellerdesk.Access) bool {
	return a.May(sellerdesk.RightWebhooks) && a.MaySomewhere(sellerdesk.RightSee)
}

// tell makes the deliveries of what the log holds for a webhook, as far as there
// is room.
func (e entry) tell(p sheet, now sellerdesk.Time, n *written) error {
	if !mayTell(e.access) { // it stops; whoever takes it over is told from here on
		return nil
	}
	if e.Seq > p.last { // another log, as after a backup was put back
		n.seq = p.last
		return nil
	}
	if p.first > e.Seq+1 {
		gap := sellerdesk.ResyncEvent{From: e.Seq + 1, To: p.first - 1}
		n.missing = fmt.Sprintf("Events %d to %d were forgotten before they could be sent: the receiver was told to load everything again.", gap.From, gap.To)
		data, err := json.Marshal(gap)
		if err != nil {
			return fmt.Errorf("write a notice: %w", err)
		}
		item, err := store.NewNotice(sellerdesk.Event{Kind: sellerdesk.NoticeResync, At: now, Data: data}, now)
		if err != nil {
			return err
		}
		n.items, n.seq = append(n.items, item), gap.To
	}
	for _, event := range p.events {
		if len(n.items) >= e.room {
			n.behind = true
			return nil
		}
		n.seq = event.Seq
		if !e.Wants(event) || !e.access.Sees(event) {
			continue
		}
		item, err := store.NewNotice(event, now)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	n.behind = n.seq < p.last
	return nil
}

// take brings the lines in step with what a booking wrote and read.
func (w *Worker) take(b booking) {
	w.booking, w.reading = false, false
	if b.err != nil {
		w.deps.Log.Error("webhooks are held up by the database; trying again", "op", "webhooks", "err", b.err)
		w.next = w.deps.Clock.Now().Add(trouble)
		w.stale, w.changed = w.stale || b.follow, true
		return
	}
	for _, e := range b.lines {
		if l := w.lines[e.ID]; l != nil {
			l.noted(e)
		}
	}
	for id, n := range b.written {
		if l := w.lines[id]; l != nil {
			l.Seq, l.saved, l.behind = n.seq, n.saved, n.behind
			l.add(n.items)
		}
	}
	if b.webhooks != nil {
		w.know(b.webhooks)
	}
}

// noted forgets what was noted.
func (l *line) noted(e entry) {
	l.outcomes = slices.Delete(l.outcomes, 0, len(e.outcomes))
	l.faring = l.faring && l.health() != e.health
	l.stopped = l.stopped || e.stop != ""
}

// know takes the webhooks as they are noted.
func (w *Worker) know(all map[sellerdesk.WebhookID]*reread) {
	maps.DeleteFunc(w.lines, func(id sellerdesk.WebhookID, _ *line) bool { return all[id] == nil })
	for id, h := range all {
		l := w.lines[id]
		if l == nil {
			l = newLine(h.WebhookLine)
			w.lines[id] = l
		}
		l.access, l.Secrets, l.OldSecretUntil = h.access, h.Secrets, h.OldSecretUntil
		if h.another {
			if h.URL != l.URL || h.State != l.State { // what was known is of another receiver, or of another time
				l.hold = time.Time{}
				clear(l.ill)
			}
			seq := l.Seq // what was written a moment ago is newer
			l.WebhookLine, l.faring, l.stop, l.stopped = h.WebhookLine, false, "", false
			l.Seq, l.saved = max(seq, h.Seq), max(l.saved, h.Seq)
			l.behind = true
			l.refill(h.waiting)
		}
		if l.active() && !mayTell(l.access) {
			l.stop = "The person whose rights it uses may no longer send events elsewhere. Whoever changes its address takes it over."
		}
	}
}
