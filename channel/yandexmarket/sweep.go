package yandexmarket

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// source gives a page of a list. since is the moment from which on the list is
// asked for; zero when it is asked for whole.
type source func(ctx context.Context, page string, since time.Time) (rows, error)

// sweep reads a list whole, again and again, one page each time, and hands out
// what is new or has changed. The longer the list, the slower: a page costs per
// of the time of the stream, so that no list can eat its quota.
//
// Neither the order of the lists nor whether they stand still while they are
// paged through is documented. What slips through between two pages is found
// by the next pass.
//
// What changed while nobody remembered, as before a restart, is told by the
// moment of the last change, where the list has one: a change that a pass has
// missed is younger than all that the pass before it saw.
type sweep struct {
	kind sellerdesk.Kind
	page source
	now  func() time.Time
	// per is what one page costs of the time between two passes.
	per time.Duration
	// back bounds what the first pass takes for unread; 0: everything is.
	back time.Duration
	// window is how far back the list is asked for; 0: it is asked for whole.
	window time.Duration
	// refresh is how often what the list does not show whole is read again
	// although the list says nothing new; 0: never. Many are read less often.
	refresh time.Duration
	// left is told what leaves the list, which is then read again; nil where
	// leaving the list means nothing.
	left func(sellerdesk.RemoteID)
	// heard tells that what a row shows was read already, as after a push; nil:
	// nothing was. It is asked while everything is remembered only: a pass that
	// starts anew, as to look for a lost send, reads all again.
	heard func(row) bool

	mu     sync.Mutex // guards memory
	memory memory
}

// memory is what was handed out up to a cursor. Without it everything is handed
// out again, which changes nothing in a store.
type memory struct {
	cursor sellerdesk.Cursor
	known  map[sellerdesk.RemoteID]uint64 // sums of what the list said
	seen   map[sellerdesk.RemoteID]bool   // in this pass
	whole  bool                           // this pass was remembered from its first page on
	bad    map[string]bool                // what was not understood
}

const (
	// mostPages ends a pass over a list that does not end, and mostKnown bounds
	// what is remembered; more are read all the same.
	mostPages = 20_000
	mostKnown = 100_000
	mostBad   = 1_000
	// settles is how long a change may be followed by another in the same moment
	// of the remote side's clock; so long a row is not taken for known.
	settles = 3 * time.Second
	// refreshCost is what one row costs of the time until its next turn.
	refreshCost = 3 * time.Second
	// sinceStep keeps the bound of a window from moving with every pass.
	sinceStep = time.Hour
)

// seat is where a sweep stands.
type seat struct {
	Page  string `json:"page,omitempty"`
	Pages int    `json:"pages,omitempty"` // read in this pass
	Since int64  `json:"since,omitempty"` // Unix seconds, the bound of this pass
	// Unix milliseconds: what was changed after Old may be unread. Prev and Top
	// are the newest changes seen by the last pass and by this one.
	Old  int64 `json:"old,omitempty"`
	Prev int64 `json:"prev,omitempty"`
	Top  int64 `json:"top,omitempty"`
	// Batch counts what was handed out, so that a new batch has a new cursor.
	Batch int64 `json:"batch"`
}

func (s seat) cursor() sellerdesk.Cursor {
	b, err := json.Marshal(s)
	if err != nil {
		return "" // never: numbers and a text
	}
	return sellerdesk.Cursor(b)
}

// longestToken bounds what is believed to be the token of a page.
const longestToken = 4 << 10

// seatOf reads a cursor; one that is not ours starts from the beginning.
func (w *sweep) seatOf(c sellerdesk.Cursor) seat {
	var s seat
	bad := json.Unmarshal([]byte(c), &s) != nil || len(s.Page) > longestToken || s.Pages < 0 || s.Pages > mostPages ||
		s.Since < 0 || s.Old < 0 || s.Prev < 0 || s.Top < 0 || s.Batch < 0
	if bad || c == "" {
		s = seat{}
		if w.back > 0 {
			s.Old = w.now().Add(-w.back).UnixMilli()
			s.Prev = s.Old
		}
	}
	return s
}

// pull reads one page.
func (w *sweep) pull(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	at := w.seatOf(from)
	first := at.Page == ""
	if first && w.window > 0 {
		at.Since = w.now().Add(-w.window).Truncate(sinceStep).Unix()
	}
	var since time.Time
	if at.Since > 0 {
		since = time.Unix(at.Since, 0)
	}
	p, err := w.page(ctx, at.Page, since)
	if err != nil {
		if !first && staleToken(err) {
			at.Page, at.Pages = "", 0
			return sellerdesk.Batch{Next: at.cursor(), After: w.per}, nil
		}
		return sellerdesk.Batch{}, err
	}
	m := w.recall(from, first)
	var b sellerdesk.Batch
	w.take(&b, &m, &at, p)
	at.Pages++
	if p.next == "" || p.next == at.Page || at.Pages >= mostPages {
		w.end(&b, &m, &at)
	} else {
		at.Page, b.More = p.next, true
	}
	if len(b.Conversations)+len(b.Messages)+len(b.Reread)+len(b.Skipped) > 0 {
		at.Batch++
		reached(&b, w.now())
	}
	b.Next = at.cursor()
	w.remember(b.Next, m)
	return b, nil
}

// staleToken tells that a page token may no longer be good, so that the pass is
// to start anew.
func staleToken(err error) bool {
	var e *channel.Error
	return errors.As(err, &e) && (e.Class == channel.Refused || e.Class == channel.Gone)
}

// take hands out what of a page is not known as it is.
func (w *sweep) take(b *sellerdesk.Batch, m *memory, at *seat, p rows) {
	trusted := m.known != nil
	if !trusted {
		*m = memory{known: map[sellerdesk.RemoteID]uint64{}, seen: map[sellerdesk.RemoteID]bool{}, bad: map[string]bool{}}
	}
	var posts []post
	for _, r := range p.list {
		id, sum := r.patch.RemoteID, r.sum()+w.turn(r, len(m.known))
		old, known := m.known[id]
		m.seen[id] = true
		at.Top = max(at.Top, movedAt(r))
		switch {
		case known && old == sum:
			continue
		case trusted && w.heard != nil && w.heard(r):
		case r.deep && (known || r.moved.IsZero() || movedAt(r) > at.Old):
			b.Reread = append(b.Reread, sellerdesk.RemoteRef{Kind: w.kind, ID: id})
		}
		posts = append(posts, r.post)
		if w.restless(r) {
			delete(m.known, id)
		} else if len(m.known) < mostKnown {
			m.known[id] = sum
		}
	}
	bring(b, posts)
	for _, s := range p.skipped {
		if key := s.What + string(s.Raw); !m.bad[key] {
			if len(m.bad) < mostBad {
				m.bad[key] = true
			}
			b.Skipped = append(b.Skipped, s)
		}
	}
}

// turn changes whenever a row is to be read again; rows have their turns one
// after the other.
func (w *sweep) turn(r row, rows int) uint64 {
	if w.refresh == 0 || !r.deep {
		return 0
	}
	every := max(w.refresh, time.Duration(rows)*refreshCost)
	offset := time.Duration(number(r.patch.RemoteID)%997) * every / 997
	return uint64(w.now().Add(offset).UnixNano() / int64(every))
}

func movedAt(r row) int64 {
	if r.moved.IsZero() {
		return 0
	}
	return r.moved.Millis()
}

// restless tells that something else may still happen to a row in the moment
// that the list shows for it.
func (w *sweep) restless(r row) bool {
	return r.deep && !r.moved.IsZero() && w.now().Sub(r.moved.Time).Abs() < settles
}

// end ends a pass. What has left the list is asked for by itself.
func (w *sweep) end(b *sellerdesk.Batch, m *memory, at *seat) {
	b.After = time.Duration(at.Pages) * w.per
	at.Page, at.Pages = "", 0
	at.Old, at.Prev, at.Top = at.Prev, max(at.Prev, at.Top), 0
	if !m.whole {
		return
	}
	var left []sellerdesk.RemoteID
	for id := range m.known {
		if !m.seen[id] {
			left = append(left, id)
			delete(m.known, id)
		}
	}
	slices.Sort(left)
	if w.left != nil {
		for _, id := range left {
			w.left(id)
			b.Reread = append(b.Reread, sellerdesk.RemoteRef{Kind: w.kind, ID: id})
		}
	}
}

// recall gives what was handed out up to a cursor; nothing is known when that
// is not certain. Whoever has it changes it alone.
func (w *sweep) recall(from sellerdesk.Cursor, first bool) memory {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.memory
	w.memory = memory{}
	if m.known == nil || m.cursor != from {
		return memory{}
	}
	if first {
		m.seen, m.whole = map[sellerdesk.RemoteID]bool{}, true
	}
	return m
}

func (w *sweep) remember(next sellerdesk.Cursor, m memory) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m.cursor = next
	w.memory = m
}
