package wildberries

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// query asks for a page of a list.
type query struct {
	answered   bool
	newest     bool // newest first
	take, skip int
	from, to   time.Time
}

// source gives a page of questions or reviews.
type source func(context.Context, query) (page, error)

// watch reads what is new of questions or reviews. There is no feed of them, so
// that the newest of both lists are read each time, and what is known as it is
// left out:
//
//	waiting, newest ──► new and changed ones
//	        older, in turn ──► changed ones, and those that left the list
//	answered, newest ──► new and changed ones
//
// When more came than a page holds, the gap up to the newest one known is read
// before anything else; the gap stands in the cursor. Who has left the waiting
// ones and is not among the newest answered is asked for by itself.
type watch struct {
	kind sellerdesk.Kind
	list source
	now  func() time.Time
	// single: the budget gives one request at a time.
	single bool

	mu     sync.Mutex // guards what follows
	memory memory
}

// memory is what was handed out up to a cursor. Without it everything is handed
// out again, which changes nothing in a store.
type memory struct {
	cursor   sellerdesk.Cursor
	waiting  map[string]standing
	answered map[string]uint64 // sums of the newest answered ones
	bad      map[string]bool   // sums of what was not understood
	below    sellerdesk.Time   // where the turn through the older waiting ones stands
}

// standing is a post that waited when it was read.
type standing struct {
	sum          uint64
	created      sellerdesk.Time
	conversation sellerdesk.RemoteID
}

const (
	watchTake = 100 // of the newest
	gapTake   = 500 // of a gap, and of the older waiting ones
	// mostWaiting bounds what is remembered; more are read all the same.
	mostWaiting = 20_000
	mostBad     = 1_000
	// askAgain is when a post that left the waiting ones is asked for.
	askAgain = time.Second
)

// The lists, by their places in a spot.
const (
	listWaiting = iota
	listAnswered
	lists
)

// spot is where a watch stands.
type spot struct {
	// Sums are the newest of each list by their content.
	Sums [lists]string `json:"sums"`
	// Seen is the newest moment known of each list, Unix milliseconds.
	Seen [lists]int64 `json:"seen"`
	// Turn is the list to read next where the budget gives one request at a time.
	Turn int `json:"turn,omitempty"`
	// Batch counts what was handed out, so that a new batch has a new cursor.
	Batch int64 `json:"batch"`
	Gaps  []gap `json:"gaps,omitempty"`
}

// gap is a part of a list that is still to be read, newest first.
type gap struct {
	List  int   `json:"list"`
	Until int64 `json:"until"` // known from here back, Unix milliseconds
	Below int64 `json:"below"` // read down to here, Unix milliseconds
	Skip  int   `json:"skip,omitempty"`
}

func (s spot) cursor() sellerdesk.Cursor {
	b, err := json.Marshal(s)
	if err != nil {
		return "" // never: numbers and texts
	}
	return sellerdesk.Cursor(b)
}

// spotOf reads a cursor; one that is not ours starts from the beginning.
func spotOf(c sellerdesk.Cursor) spot {
	var s spot
	if json.Unmarshal([]byte(c), &s) != nil || s.Turn < 0 || s.Turn >= lists || len(s.Gaps) > lists {
		return spot{}
	}
	for _, g := range s.Gaps {
		if g.List < 0 || g.List >= lists || g.Below <= 0 || g.Below > latest || g.Until < 0 || g.Skip < 0 || g.Skip > mostSkipped {
			return spot{}
		}
	}
	return s
}

// pull reads once: what is new, or a piece of a gap.
func (w *watch) pull(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	at := spotOf(from)
	if len(at.Gaps) > 0 {
		return w.fill(ctx, at, from)
	}
	// All is read before anything is remembered, so that a failure forgets nothing.
	var pages [lists]*page
	for list := range lists {
		if w.single && list != at.Turn {
			continue
		}
		p, err := w.list(ctx, query{answered: list == listAnswered, newest: true, take: watchTake})
		if err != nil {
			return sellerdesk.Batch{}, err
		}
		pages[list] = &p
	}
	older, err := w.older(ctx, pages[listWaiting])
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	look := w.look(from)
	for list, p := range pages {
		if p != nil {
			at = look.take(at, list, *p)
		}
	}
	if older != nil {
		look.deeper(*older)
	}
	if w.single {
		at.Turn = (at.Turn + 1) % lists
	}
	b := look.batch(w.kind, sellerdesk.At(w.now()))
	if len(b.Conversations)+len(b.Skipped)+len(at.Gaps) > 0 {
		at.Batch++
		b.Reached, b.Newest = moments(w.now)
	}
	b.Next, b.More = at.cursor(), len(at.Gaps) > 0
	w.remember(b.Next, look.known)
	return b, nil
}

// look begins a look with what is known up to a cursor. Whoever has it changes
// it alone: two at once both start anew.
func (w *watch) look(from sellerdesk.Cursor) look {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := look{known: w.memory, here: map[string]bool{}}
	w.memory = memory{}
	if l.trusted = l.known.waiting != nil && l.known.cursor == from; !l.trusted {
		l.known = memory{waiting: map[string]standing{}, answered: map[string]uint64{}, bad: map[string]bool{}}
	}
	return l
}

func (w *watch) remember(next sellerdesk.Cursor, m memory) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m.cursor = next
	w.memory = m
}

// stretch is a page of the older waiting ones, up to a moment.
type stretch struct {
	page
	below sellerdesk.Time
}

// older reads one page of the waiting ones behind the newest, each time the
// next; nil when there are none.
func (w *watch) older(ctx context.Context, newest *page) (*stretch, error) {
	if w.single || newest == nil || newest.size < watchTake {
		return nil, nil
	}
	edge := newest.oldest()
	w.mu.Lock()
	below := w.memory.below
	w.mu.Unlock()
	if below.IsZero() || !below.Before(edge.Time) {
		below = edge
	}
	p, err := w.list(ctx, query{newest: true, take: gapTake, to: below.Time})
	if err != nil {
		return nil, err
	}
	return &stretch{p, below}, nil
}

// fill reads a piece of the first gap.
func (w *watch) fill(ctx context.Context, at spot, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	g := at.Gaps[0]
	p, err := w.list(ctx, query{
		answered: g.List == listAnswered, newest: true, take: gapTake, skip: g.Skip, to: sellerdesk.AtMillis(g.Below).Time,
	})
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	look := w.look(from)
	look.posts = p.posts
	look.bad(p.skipped)
	for _, x := range p.posts {
		look.keep(x)
	}
	b := look.batch(w.kind, sellerdesk.At(w.now()))
	oldest := p.oldest()
	switch {
	case p.size < gapTake || !oldest.IsZero() && oldest.Millis() < g.Until:
		at.Gaps = slices.Clone(at.Gaps[1:])
	case oldest.IsZero() || oldest.Millis() >= g.Below-1000:
		// A page of one second, or of nothing that can be placed, does not lead on.
		at.Gaps = append([]gap{{g.List, g.Until, g.Below, g.Skip + gapTake}}, at.Gaps[1:]...)
	default:
		at.Gaps = append([]gap{{List: g.List, Until: g.Until, Below: oldest.Millis()}}, at.Gaps[1:]...)
	}
	if g.Skip >= mostSkipped {
		at.Gaps = slices.Clone(at.Gaps[1:])
		b.Skipped = append(b.Skipped, sellerdesk.Skipped{What: "the rest of a crowd within one second, which cannot be paged through"})
	}
	at.Batch++
	b.Next, b.More = at.cursor(), len(at.Gaps) > 0
	b.Reached, b.Newest = moments(w.now)
	w.remember(b.Next, look.known)
	return b, nil
}

// mostSkipped is what the list of questions lets us skip at most.
const mostSkipped = 9_000

// look is one pull of a watch while it goes on.
type look struct {
	known   memory
	trusted bool   // known is what was handed out up to the cursor
	posts   []post // to hand out
	skipped []sellerdesk.Skipped
	here    map[string]bool // posts of both lists that were seen
	windows []window
}

// window is a stretch of time in which the list of waiting ones was read whole.
type window struct{ after, before sellerdesk.Time }

// take takes in the newest of a list and tells where the watch stands then.
func (l *look) take(at spot, list int, p page) spot {
	full := p.size >= watchTake
	oldest, newest := p.oldest(), p.newest()
	sum := digestOf(p)
	same := at.Sums[list] == sum
	at.Sums[list] = sum
	posts, skipped := len(l.posts), len(l.skipped)
	if list == listWaiting {
		l.see(p, sellerdesk.AtMillis(latest), full)
	} else {
		l.seeAnswered(p)
	}
	if same && !l.trusted {
		// A new process: these were handed out by the one before.
		l.posts, l.skipped = l.posts[:posts], l.skipped[:skipped]
	}
	if full && !oldest.IsZero() && oldest.Millis() > at.Seen[list] && (at.Seen[list] > 0 || list == listWaiting) {
		at.Gaps = append(at.Gaps, gap{List: list, Until: at.Seen[list], Below: oldest.Millis()})
	}
	if !newest.IsZero() {
		at.Seen[list] = max(at.Seen[list], newest.Millis())
	}
	return at
}

// see takes in waiting ones, of which all up to a moment came, or all there
// are when the page is not full.
func (l *look) see(p page, before sellerdesk.Time, full bool) {
	for _, x := range p.posts {
		if s, ok := l.known.waiting[x.id]; !ok || s.sum != x.sum() {
			l.posts = append(l.posts, x)
		}
		l.keep(x)
		l.here[x.id] = true
	}
	l.bad(p.skipped)
	w := window{before: before}
	if full {
		w.after = p.oldest()
	}
	l.windows = append(l.windows, w)
}

// deeper takes in a page of the older waiting ones.
func (l *look) deeper(s stretch) {
	full := s.size >= gapTake
	l.see(s.page, s.below, full)
	l.known.below = s.oldest()
	if !full || !l.known.below.Before(s.below.Time) {
		l.known.below = sellerdesk.Time{}
	}
}

// seeAnswered takes in answered ones.
func (l *look) seeAnswered(p page) {
	before := l.known.answered
	l.known.answered = make(map[string]uint64, len(p.posts))
	for _, x := range p.posts {
		sum := x.sum()
		if before[x.id] != sum {
			l.posts = append(l.posts, x)
		}
		l.known.answered[x.id] = sum
		l.here[x.id] = true
	}
	l.bad(p.skipped)
}

// keep remembers one that waits.
func (l *look) keep(x post) {
	if _, ok := l.known.waiting[x.id]; (ok || len(l.known.waiting) < mostWaiting) && !x.answered {
		l.known.waiting[x.id] = standing{x.sum(), x.created, x.patch.RemoteID}
	}
}

// bad records what was not understood, once.
func (l *look) bad(skipped []sellerdesk.Skipped) {
	for _, s := range skipped {
		sum := sha256.Sum256(append([]byte(s.What), s.Raw...))
		if key := string(sum[:8]); !l.known.bad[key] {
			if len(l.known.bad) < mostBad {
				l.known.bad[key] = true
			}
			l.skipped = append(l.skipped, s)
		}
	}
}

// batch hands out what was found, and asks for those that no longer wait.
func (l *look) batch(kind sellerdesk.Kind, now sellerdesk.Time) sellerdesk.Batch {
	b := sellerdesk.Batch{Skipped: l.skipped}
	last := map[string]post{} // the later list knows better
	for _, x := range l.posts {
		if _, waited := l.known.waiting[x.id]; waited && x.answered {
			x.now(now)
			delete(l.known.waiting, x.id)
		}
		last[x.id] = x
	}
	posts := make([]post, 0, len(last))
	for _, x := range last {
		posts = append(posts, x)
	}
	bring(&b, posts)
	soon := askAgain
	var left []string
	for id, s := range l.known.waiting {
		if !l.here[id] && l.covers(s.created) {
			left = append(left, id)
		}
	}
	slices.Sort(left)
	for _, id := range left {
		b.Conversations = append(b.Conversations, sellerdesk.ConversationPatch{
			Kind: kind, RemoteID: l.known.waiting[id].conversation, Reread: &soon,
		})
		delete(l.known.waiting, id)
	}
	return b
}

// covers tells that a waiting one of a moment would have been seen. The ends of
// a window are cut to seconds and may or may not belong to it.
func (l *look) covers(at sellerdesk.Time) bool {
	return slices.ContainsFunc(l.windows, func(w window) bool {
		return at.After(w.after.Add(time.Second)) && at.Before(w.before.Add(-time.Second))
	})
}

// digestOf names a page by its content, whatever its order.
func digestOf(p page) string {
	lines := make([]string, 0, len(p.posts))
	for _, x := range p.posts {
		lines = append(lines, fmt.Sprintf("%s %x", x.id, x.sum()))
	}
	for _, s := range p.skipped {
		lines = append(lines, s.What+string(s.Raw))
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, line := range lines {
		_, _ = fmt.Fprintf(h, "%d:%s", len(line), line)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// moments are how far a reading of the present is.
func moments(now func() time.Time) (reached, newest *sellerdesk.Time) {
	at := sellerdesk.At(now())
	return &at, &at
}
