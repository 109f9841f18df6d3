package wildberries

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// feed answers as the remote side does: what is strictly later, oldest first,
// a page at most.
type feed []api.Event

func (f feed) page(start int64, size int) api.EventsPage {
	p := api.EventsPage{Next: start}
	for _, e := range f {
		if int64(e.AddTimestamp) > start && len(p.Events) < size {
			p.Events = append(p.Events, e)
			p.Next = int64(e.AddTimestamp)
		}
	}
	p.TotalEvents = int64(len(p.Events))
	return p
}

// newFeed makes events of which many share a millisecond.
func newFeed(dice *rand.Rand, n int, togetherness float64) feed {
	f := make(feed, n)
	at := int64(1_700_000_000_000)
	for i := range f {
		if dice.Float64() > togetherness {
			at += 1 + dice.Int64N(3000)
		}
		f[i] = api.Event{ID: fmt.Sprint(i), AddTimestamp: api.Millis(at)}
	}
	return f
}

func TestEveryEventOfTheFeedIsRead(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 1))
		events := newFeed(dice, dice.IntN(400), []float64{0, 0.3, 0.7}[seed%3])
		seen, requests := map[string]bool{}, 0
		var at place
		for now := int64(0); ; now += 1000 {
			// The cursor goes through text each time, as it does in the store.
			at = placeOf(at.cursor())
			start := at.start(now)
			page := events.page(start, pageSize)
			next, more := at.after(page, start)
			if next.Next < at.Next {
				t.Fatalf("seed %d: the cursor goes back from %d to %d", seed, at.Next, next.Next)
			}
			for _, e := range page.Events {
				seen[e.ID] = true
			}
			if requests++; requests > 20+len(events) {
				t.Fatalf("seed %d: reading never ends", seed)
			}
			if at = next; !more {
				break
			}
		}
		if len(seen) != len(events) {
			t.Fatalf("seed %d: %d of %d events were read", seed, len(seen), len(events))
		}
		if most := len(events)/(pageSize/2) + 4; requests > most {
			t.Errorf("seed %d: %d requests for %d events, more than %d", seed, requests, len(events), most)
		}
	}
}

func TestAnEventThatBecomesVisibleLateIsReadWithinAMinute(t *testing.T) {
	t.Parallel()
	const at = int64(1_700_000_000_000)
	late := api.Event{ID: "late", AddTimestamp: api.Millis(at - 500)}
	events := feed{{ID: "early", AddTimestamp: api.Millis(at)}}
	p, found := place{Next: at, Back: at}, false
	for now := at; now < at+70_000; now += 3_000 {
		start := p.start(now)
		page := append(feed{late}, events...).page(start, pageSize)
		found = found || slices.ContainsFunc(page.Events, func(e api.Event) bool { return e.ID == "late" })
		p, _ = p.after(page, start)
	}
	if !found {
		t.Error("the late event is never read")
	}
}

func TestACrowdInTheOverlapDoesNotStopReading(t *testing.T) {
	t.Parallel()
	const at = int64(1_700_000_000_000)
	var events feed
	for i := range 120 { // more than a page in the second before the cursor
		events = append(events, api.Event{ID: fmt.Sprint(i), AddTimestamp: api.Millis(at - 120 + int64(i))})
	}
	events = append(events, api.Event{ID: "new", AddTimestamp: api.Millis(at + 5)})
	for _, pace := range []time.Duration{time.Second, time.Hour} { // by the hour every page would start a second before
		p, found := place{Next: at}, false
		for n := range int64(3) {
			start := p.start(at + n*pace.Milliseconds())
			page := events.page(start, pageSize)
			found = found || slices.ContainsFunc(page.Events, func(e api.Event) bool { return e.ID == "new" })
			p, _ = p.after(page, start)
		}
		if !found {
			t.Errorf("with a page every %s the new event behind the crowd is not reached", pace)
		}
	}
}

func TestAQuietFeedIsReadWithOverlapOnceAMinute(t *testing.T) {
	t.Parallel()
	const at = int64(1_700_000_000_000)
	events, p, before := feed{{ID: "last", AddTimestamp: api.Millis(at)}}, place{Next: at}, 0
	for now := at; now < at+10*60_000; now += 3_000 {
		start := p.start(now)
		if start < p.Next {
			before++
		}
		p, _ = p.after(events.page(start, pageSize), start)
	}
	if before != 10 {
		t.Errorf("%d of 200 pages in ten minutes start before the cursor, want 10", before)
	}
}

func TestPlaceAfter(t *testing.T) {
	t.Parallel()
	event := func(at int64) api.Event { return api.Event{AddTimestamp: api.Millis(at)} }
	for _, c := range []struct {
		name  string
		at    place
		start int64
		page  api.EventsPage
		want  place
		more  bool
	}{
		{"an empty feed keeps the beginning", place{}, 0, api.EventsPage{}, place{}, false},
		{"an empty page keeps the place", place{Next: 50, Edge: true}, 50, api.EventsPage{Next: 50}, place{Next: 50}, false},
		{"a page that leads on asks for more", place{Next: 50}, 50,
			api.EventsPage{Next: 70, TotalEvents: 1, Events: []api.Event{event(70)}}, place{Next: 70, Edge: true}, true},
		{"a page without a cursor goes by its newest event", place{Next: 50}, 50,
			api.EventsPage{Next: 50, TotalEvents: 1, Events: []api.Event{event(60), event(80)}}, place{Next: 80, Edge: true}, true},
		{"a page of known events ends the reading", place{Next: 50, Edge: true}, 49,
			api.EventsPage{Next: 50, TotalEvents: 1, Events: []api.Event{event(50)}}, place{Next: 50}, false},
		{"a cursor that goes back is ignored", place{Next: 50}, 49,
			api.EventsPage{Next: 40, TotalEvents: 1, Events: []api.Event{event(40)}}, place{Next: 50}, false},
		{"a page that says it is not empty and is does not loop", place{Next: 50}, 50,
			api.EventsPage{Next: 50, TotalEvents: 7}, place{Next: 50}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, more := c.at.after(c.page, c.start)
			if got != c.want || more != c.more {
				t.Errorf("got %+v, more %v; want %+v, %v", got, more, c.want, c.more)
			}
		})
	}
}

func TestChatsComeOnceUntilTheyChange(t *testing.T) {
	t.Parallel()
	chat := func(id, name string) api.Chat { return api.Chat{ID: id, ClientName: name, ReplySign: "1:" + id} }
	var c chats
	first := []api.Chat{chat("a", "Anna"), chat("b", "Boris"), chat("c", "Vera")}
	if got := c.changed(first, "", digest(first)); len(got) != 3 {
		t.Fatalf("the first list has %d changed chats, want all 3", len(got))
	}
	second := []api.Chat{chat("d", "Gleb"), chat("b", "B***"), chat("a", "Anna"), chat("c", "Vera")}
	got := c.changed(second, digest(first), digest(second))
	if len(got) != 2 || got[0].ID != "d" || got[1].ID != "b" {
		t.Errorf("after the first list was saved %v changed, want d and b", got)
	}
	// The second list was never saved: its cursor does not come back.
	if got := c.changed(second, digest(first), digest(second)); len(got) != 4 {
		t.Errorf("after a batch that was not saved %d chats come, want all 4", len(got))
	}
	if digest(second) == digest(first) || digest(second) != digest([]api.Chat{second[2], second[0], second[3], second[1]}) {
		t.Error("the cursor of the list depends on its order, or not on its content")
	}
}

func TestALongListIsReadSeldom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		chats int
		want  time.Duration
	}{{0, 0}, {200, 0}, {201, 15 * time.Second}, {3_000, time.Minute}, {100_000, 5 * time.Minute}} {
		if got := listPause(c.chats); got != c.want {
			t.Errorf("%d chats are read every %s, want %s", c.chats, got, c.want)
		}
	}
}

func TestAPersonGoesBeforeThePollAndThePollBeforeHistory(t *testing.T) {
	t.Parallel()
	for from, want := range map[sellerdesk.Lane]api.Lane{
		sellerdesk.LanePerson: api.LanePerson, sellerdesk.LanePoll: api.LanePoll, sellerdesk.LaneBackfill: api.LaneBackfill,
	} {
		if got := lane(sellerdesk.WithLane(t.Context(), from)); got != want {
			t.Errorf("lane %v becomes %v, want %v", from, got, want)
		}
	}
	if got := lane(t.Context()); got != api.LanePoll {
		t.Errorf("a call that says nothing goes in lane %v", got)
	}
}
