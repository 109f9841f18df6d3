package sandbox

import (
	"math"
	"slices"
	"sort"
	"sync"
	"time"
)

// Board holds the questions, the reviews or the claims of one cabinet in the order of their times.
// A generated post costs eight bytes until somebody changes it. It is safe for concurrent use.
type Board struct {
	kind    Kind
	account *Account
	world   *World
	plan    postPlan

	mu      sync.RWMutex
	rows    []row
	changed map[uint32]Post
	turning []turning // answers that moderation will turn away
	stars   [6]int    // reviews by stars that count for the rating
	fresh   int       // not viewed
	extra   int       // supplements
	last    time.Time // of the newest post that was added
}

// row is what lists and counts need to know of a post.
type row struct {
	at             uint32 // Unix s
	product, stars uint8
	flags          uint16
}

const (
	rowDone uint16 = 1 << iota // answered, or nothing to answer
	rowViewed
	rowExcluded
	rowSupplement
	rowBare // of a generated review nobody changed: stars only
)

type turning struct {
	at     time.Time
	number uint32
}

// Board is where the account's posts of a kind stand; nil for chats and unknown kinds.
func (a *Account) Board(kind Kind) *Board {
	for _, b := range a.boards {
		if b.kind == kind {
			return b
		}
	}
	return nil
}

// newBoard makes a board with n generated posts that end at start.
func newBoard(w *World, a *Account, kind Kind, n int, start time.Time, pairs bool) *Board {
	b := &Board{kind: kind, account: a, world: w, plan: newPostPlan(a, kind, n, start, pairs), changed: map[uint32]Post{}}
	b.rows = make([]row, n)
	next := uint32(math.MaxUint32)
	for i := n - 1; i >= 0; i-- {
		r := b.plan.row(uint32(i))
		r.at = min(r.at, next-1) // no two generated posts share a second
		next = r.at
		b.rows[i] = r
		b.tally(r, 1)
	}
	return b
}

// tally keeps the sums up to date.
func (b *Board) tally(r row, by int) {
	if r.flags&rowExcluded == 0 {
		b.stars[min(r.stars, 5)] += by
	}
	if r.flags&rowViewed == 0 {
		b.fresh += by
	}
	if r.flags&rowSupplement != 0 {
		b.extra += by
	}
}

// Len is how many posts there are.
func (b *Board) Len() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.rows)
}

// Conversations is how many there are when a review and its supplement count as one.
func (b *Board) Conversations() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.rows) - b.extra
}

// Unviewed is how many posts the seller has not looked at.
func (b *Board) Unviewed() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.fresh
}

// Rating is how many reviews count and the mean of their stars, 0 without any.
func (b *Board) Rating() (count int, mean float64) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	sum := 0
	for stars, n := range b.stars {
		if stars > 0 {
			count, sum = count+n, sum+stars*n
		}
	}
	if count > 0 {
		mean = float64(sum) / float64(count)
	}
	return count, mean
}

// settle lets moderation turn away what is due; every reader calls it first.
func (b *Board) settle() {
	b.mu.RLock()
	idle := len(b.turning) == 0
	b.mu.RUnlock()
	if idle {
		return
	}
	now := b.world.clock.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	kept := b.turning[:0]
	for _, t := range b.turning {
		if now.Before(t.at) {
			kept = append(kept, t)
			continue
		}
		if p := b.changed[t.number]; p.Answer != nil && p.Answer.Turned(now) {
			b.rows[t.number].flags &^= rowDone
		}
	}
	b.turning = kept
}

// Count is how many posts the query chooses, without regard to Skip and Take.
func (b *Board) Count(q Query) int {
	q.Skip, q.Take = 0, 0
	n := 0
	b.each(q, func(uint32) { n++ })
	return n
}

// List are the posts that the query chooses.
func (b *Board) List(q Query) []Post {
	var numbers []uint32
	b.each(q, func(n uint32) { numbers = append(numbers, n) })
	found := make([]Post, 0, len(numbers))
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, n := range numbers {
		found = append(found, b.post(n))
	}
	return found
}

// each calls yield for the numbers of the chosen posts. It looks at rows only: ten million of them take some 20 ms.
func (b *Board) each(q Query, yield func(uint32)) {
	b.settle()
	product := b.account.plan.shop.Place(q.Product)
	if q.Product != 0 && product < 0 {
		return
	}
	stale := int64(-1)
	if q.Stale > 0 {
		stale = b.world.clock.Now().Add(-q.Stale).Unix()
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	from, to := 0, len(b.rows)
	if q.From != 0 {
		from = b.since(q.From)
	}
	if q.To != 0 && q.To < math.MaxInt64 {
		to = b.since(q.To + 1)
	}
	if q.Done != nil && !*q.Done && stale >= 0 {
		from = max(from, b.since(stale+1)) // older ones count as done
	}
	left := q.Take
	for i := range max(0, to-from) {
		n := from + i
		if q.Newest {
			n = to - 1 - i
		}
		r := &b.rows[n]
		if q.Product != 0 && int(r.product) != product || q.Done != nil && *q.Done != (r.flags&rowDone != 0 || int64(r.at) <= stale) {
			continue
		}
		if q.Skip--; q.Skip >= 0 {
			continue
		}
		yield(uint32(n))
		if left--; left == 0 {
			return
		}
	}
}

// since is the number of the first post at or after a second; the caller holds the lock.
func (b *Board) since(at int64) int {
	return sort.Search(len(b.rows), func(n int) bool { return int64(b.rows[n].at) >= at })
}

// Post finds one by its identity.
func (b *Board) Post(id ID) (Post, bool) {
	b.settle()
	b.mu.RLock()
	defer b.mu.RUnlock()
	n, ok := b.find(id)
	if !ok {
		return Post{}, false
	}
	return b.post(n), true
}

func (b *Board) find(id ID) (uint32, bool) {
	p, ok := b.account.ids.open(id, postIDs[b.kind])
	return p.conversation, ok && p.account == b.account.plan.account && int(p.conversation) < len(b.rows)
}

// post makes or copies a post; the caller holds the lock.
func (b *Board) post(n uint32) Post {
	p, ok := b.changed[n]
	if !ok {
		p = b.plan.post(n, b.rows[n])
	}
	if p.Answer != nil {
		copied := *p.Answer
		p.Answer = &copied
	}
	return p
}

// Change lets f change a post and keeps the result unless f returns an error. Of the fields ID, Kind, At and Product nothing may change.
func (b *Board) Change(id ID, f func(*Post) error) (Post, error) {
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	n, ok := b.find(id)
	if !ok {
		return Post{}, ErrNoConversation
	}
	p := b.post(n)
	if err := f(&p); err != nil {
		return Post{}, err
	}
	b.keep(n, p)
	return p, nil
}

// keep stores a post and its row; the caller holds the lock.
func (b *Board) keep(n uint32, p Post) {
	b.tally(b.rows[n], -1)
	r := &b.rows[n]
	r.stars, r.flags = uint8(p.Stars), r.flags&rowSupplement
	for flag, set := range map[uint16]bool{
		rowDone:   p.Bare() || p.Answer != nil && !p.Answer.Turned(b.world.clock.Now()),
		rowViewed: p.Viewed, rowExcluded: p.Excluded,
	} {
		if set {
			r.flags |= flag
		}
	}
	b.tally(*r, 1)
	b.changed[n] = p
	if p.Answer != nil && p.Answer.Refused && r.flags&rowDone != 0 {
		b.turning = append(b.turning, turning{p.Answer.CheckedAt, n})
	}
}

// Add puts in a new post. What compose leaves empty of buyer, product, size and order is made up.
func (b *Board) Add(now time.Time, compose func(*Post)) Post {
	p := b.add(now, compose)
	happened(b.world, b.account, Event{Kind: b.kind, Conversation: p.ID, Opens: true})
	return p
}

func (b *Board) add(now time.Time, compose func(*Post)) Post {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := uint32(len(b.rows))
	if n > 0 && now.Unix() < int64(b.rows[n-1].at) {
		now = time.Unix(int64(b.rows[n-1].at), 0)
	}
	if now = now.UTC(); !now.After(b.last) {
		now = b.last.Add(1)
	}
	b.last = now
	p := b.plan.blank(n)
	p.At = now
	compose(&p)
	files := p.Files
	p.Files = nil
	p.Files = b.attach(p.ID, &p, files)
	b.rows = append(b.rows, row{at: uint32(p.At.Unix()), product: uint8(b.account.plan.shop.Place(p.Product.Number)), flags: rowViewed | rowExcluded})
	b.keep(n, p)
	return p
}

// attach returns the photos of a post with more behind them, which get their identities.
func (b *Board) attach(id ID, p *Post, more []File) []File {
	at, _ := b.account.ids.open(id, postIDs[b.kind])
	all := slices.Clone(p.Files)
	for _, f := range more {
		f.ID, f.at, f.look = b.plan.fileID(at.conversation, len(all)), b.world.clock.Now(), p.Product.Look()
		b.account.keep(&f)
		all = append(all, f)
	}
	return all
}

// Note tells the counters what a program of the seller's sent about a post: what took effect stands among the received ones,
// and an equal text sent again within DuplicateWindow is a duplicate whether it took effect or not.
func (b *Board) Note(id ID, text string, took bool) {
	w := b.world
	w.mu.RLock()
	notes, remote, m := w.ledger, id.String(), w.mounted(b.account.API)
	w.mu.RUnlock()
	if m != nil {
		remote = m.RemoteID(b.kind, id)
	}
	notes.receive(Received{
		API: b.account.API, Account: b.account.Name, Kind: b.kind, Conversation: remote, Text: text, Files: []Part{}, At: Moment{w.clock.Now()},
	}, nil, took)
}

// File finds a photo by its identity.
func (b *Board) File(id ID) (File, bool) {
	p, ok := b.account.ids.open(id, postFileIDs[b.kind])
	if !ok || p.account != b.account.plan.account {
		return File{}, false
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	if int(p.conversation) >= len(b.rows) {
		return File{}, false
	}
	files := b.post(p.conversation).Files
	if int(p.file) >= len(files) {
		return File{}, false
	}
	return files[p.file], true
}
