package hooks

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/reach"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// pace is how far apart bookings begin: what comes meanwhile goes in one
	// transaction, so that those of people and of reading are not held up.
	pace = 50 * time.Millisecond
	// safety is how long something may wait when its event was missed, and
	// freshen how long rights may be remembered.
	safety  = 2 * time.Second
	freshen = 30 * time.Second
	// trouble is how long to wait after the database did not answer.
	trouble = time.Second
	// grace is how long calls under way may take once the program stops, on the
	// wall.
	grace = 5 * time.Second
	// tidyEvery is how often the log of deliveries is cut to what is kept.
	tidyEvery = time.Hour
)

// How long, and how many of, deliveries that are done are kept for each webhook.
const (
	KeepFor  = 7 * 24 * time.Hour
	KeepMost = 50_000
)

// Deps is what webhooks stand on. Store, Live and Access are needed, the rest
// has a zero value that works.
type Deps struct {
	Store *store.Store
	Live  *live.Hub
	// Access tells what a person may see now; not_found when there is no such
	// person.
	Access func(context.Context, sellerdesk.UserID) (sellerdesk.Access, error)
	// Reach judges addresses; the zero value reaches the internet only.
	Reach reach.Guard
	Clock sellerdesk.Clock
	Log   *slog.Logger // nil: nothing is logged
	// TLS is how receivers are trusted; nil means as the system does.
	TLS *tls.Config
}

// Worker sends events to webhooks.
type Worker struct {
	deps    Deps
	poster  *poster
	landed  chan flight
	booked  chan booking
	flights sync.WaitGroup

	// What follows is touched by Run only.
	lines   map[sellerdesk.WebhookID]*line
	stale   bool      // the log may hold more
	changed bool      // webhooks or rights may be others: nothing leaves until they are read
	reading bool      // they are being read
	fresh   time.Time // when they were read last
	booking bool      // one is under way
	next    time.Time // no booking before
}

// New makes a worker; it sends nothing until Run.
func New(d Deps) *Worker {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Worker{
		deps: d, poster: newPoster(d), landed: make(chan flight), booked: make(chan booking, 1),
		lines: map[sellerdesk.WebhookID]*line{}, stale: true, changed: true,
	}
}

// Run sends until ctx ends. Calls under way have a few seconds then; what came
// of them is noted before it returns.
func (w *Worker) Run(ctx context.Context) error {
	woken, stop := w.deps.Live.Wake(func(sellerdesk.Event) bool { return true })
	defer stop()
	changed, stopChanged := w.deps.Live.Wake(live.Kinds(changing()...))
	defer stopChanged()
	calls, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	var tidying sync.WaitGroup
	defer tidying.Wait()
	tidying.Go(func() { w.tidy(ctx) })
	for ctx.Err() == nil {
		wait := w.send(calls)
		wait = min(wait, w.book(ctx))
		fired, stopTimer := w.deps.Clock.NewTimer(wait)
		select {
		case <-woken:
			w.stale = true
		case <-changed:
			w.changed = true
		case f := <-w.landed:
			w.land(f)
		case b := <-w.booked:
			w.take(b)
		case <-fired:
			w.stale = w.stale || wait == safety
		case <-ctx.Done():
		}
		stopTimer()
	}
	w.finish(ctx, hangUp)
	return nil
}

// changing are the events after which webhooks or rights may be others.
func changing() []sellerdesk.EventKind {
	return []sellerdesk.EventKind{
		sellerdesk.EventWebhookChanged, sellerdesk.EventAccessChanged, sellerdesk.EventAccountCreated, sellerdesk.EventAccountRemoved,
	}
}

// send starts the calls whose turn it is and tells how long it is until the next
// turn.
func (w *Worker) send(ctx context.Context) time.Duration {
	now, wait := w.deps.Clock.Now(), safety
	if w.changed || w.reading {
		return wait
	}
	for _, l := range w.lines {
		for {
			q, at := l.next(now)
			if q == nil {
				if !at.IsZero() {
					wait = min(wait, at.Sub(now))
				}
				break
			}
			item := l.leave(q)
			told, access := l.WebhookLine, l.access
			w.flights.Go(func() { w.landed <- w.fly(ctx, told, access, item) })
		}
	}
	return wait
}

// fly makes one call, unless the event may not be told any more.
func (w *Worker) fly(ctx context.Context, l store.WebhookLine, access sellerdesk.Access, item store.DeliveryItem) (f flight) {
	f = flight{webhook: l.ID, item: item}
	defer func() {
		if broken := recover(); broken != nil { // one webhook must not stop the others
			w.deps.Log.Error("a delivery broke off", "op", "webhooks", "webhook", l.ID, "stack", string(debug.Stack()))
			f.report = report{err: "The delivery broke off inside Sellerdesk; its log says where."}
		}
	}()
	if item.Body == "" {
		err := w.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
			item.Body, err = tx.Deliveries.Body(ctx, item.ID)
			return err
		})
		if err != nil {
			f.err, f.lost = "The delivery could not be read.", true
			return f
		}
	}
	if !tells(access, item) {
		f.withheld, f.err = true, "It was not sent: the person of the webhook may not see it any more."
		return f
	}
	f.report = w.poster.post(ctx, l, item)
	return f
}

// tells judges a delivery by what may be seen now.
func tells(access sellerdesk.Access, item store.DeliveryItem) bool {
	if item.Kind == sellerdesk.NoticeTest || item.Kind == sellerdesk.NoticeResync {
		return true
	}
	var n sellerdesk.Notice
	return json.Unmarshal([]byte(item.Body), &n) == nil && access.Sees(n.Data.Event)
}

// land takes a call that ended.
func (w *Worker) land(f flight) {
	l := w.lines[f.webhook]
	if l == nil {
		return
	}
	now := w.deps.Clock.Now()
	if f.lost {
		l.flying--
		due := sellerdesk.At(now.Add(trouble))
		l.settle(f.item, store.Outcome{State: sellerdesk.DeliveryWaiting, Attempt: f.item.Attempt, Due: &due})
		return
	}
	l.land(f, now)
}

// finish waits for the calls under way and notes what came of them.
func (w *Worker) finish(ctx context.Context, hangUp func()) {
	defer after(grace, hangUp)()
	ended := make(chan struct{})
	go func() {
		w.flights.Wait()
		close(ended)
	}()
	for open := true; open; {
		select {
		case f := <-w.landed:
			w.land(f)
		case <-ended:
			open = false
		}
	}
	if w.booking {
		w.take(<-w.booked)
	}
	last := w.order(false, false)
	if len(last.lines) == 0 {
		return
	}
	if b := w.perform(context.WithoutCancel(ctx), last); b.err != nil {
		w.deps.Log.Error("what came of the last deliveries was not noted; they are sent again", "op", "webhooks", "err", b.err)
	}
}

// tidy forgets what is done and old, in small steps with room for other writers
// between them.
func (w *Worker) tidy(ctx context.Context) {
	for w.deps.Clock.Sleep(ctx, tidyEvery) == nil {
		if err := w.tidyOnce(ctx); err != nil && ctx.Err() == nil {
			w.deps.Log.Error("old deliveries could not be forgotten", "op", "webhooks", "err", err)
		}
	}
}

func (w *Worker) tidyOnce(ctx context.Context) error {
	var hooks []sellerdesk.Webhook
	err := w.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if err := tx.Webhooks.ForgetSecrets(ctx); err != nil {
			return err
		}
		hooks, err = tx.Webhooks.List(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("list webhooks: %w", err)
	}
	before := sellerdesk.At(w.deps.Clock.Now().Add(-KeepFor))
	for _, h := range hooks {
		for forgotten := 1; forgotten > 0 && ctx.Err() == nil; {
			err := w.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
				forgotten, err = tx.Deliveries.Trim(ctx, h.ID, before, KeepMost)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
