package wildberries

import (
	"context"
	"encoding/json"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// walk reads what was answered, from the oldest on: the history. It never
// skips in a list that moves, but narrows the dates instead, so that it goes on
// after any interruption from where it stood.
//
// It goes over the whole history twice, the second time for what changed while
// the first was under way, and then again and again over the days in which an
// answer can still change. The archive cannot be narrowed by date and is read
// by skipping; it should hold nothing that the lists do not have, so that one
// look a day at most is enough.
type walk struct {
	list source
	now  func() time.Time
	// undated lists cannot be narrowed by date.
	undated bool
}

const (
	walkTake = 500
	// back is how far before the newest date seen the next page starts: whether
	// bounds belong to the dates they bound is not documented.
	back = time.Second
	// shift is how many of an undated list are read twice, for those that leave
	// it meanwhile.
	shift = 10
	// mostArchive is what an archive lets us skip as far as is known.
	mostArchive = 199_990
	// recent is how long an answer can change, and some days.
	recent = 62 * 24 * time.Hour
	// walkAgain and archiveAgain are the pauses between two passes.
	walkAgain    = 6 * time.Hour
	archiveAgain = 24 * time.Hour
	// stillChecking is when a conversation is looked at whose answer is being
	// moderated, found in old history.
	stillChecking = time.Minute
)

// stride is where a walk stands.
type stride struct {
	Pass int   `json:"pass"`           // from 1
	From int64 `json:"from,omitempty"` // Unix seconds, 0 is the beginning
	To   int64 `json:"to"`             // Unix seconds, fixed for a pass
	Skip int   `json:"skip,omitempty"`
	// Done and Total count the first pass.
	Done  int64 `json:"done,omitempty"`
	Total int64 `json:"total,omitempty"`
	// Ended is when the pass ended, Unix seconds; 0 while it goes on.
	Ended int64 `json:"ended,omitempty"`
}

func (s stride) cursor() sellerdesk.Cursor {
	b, err := json.Marshal(s)
	if err != nil {
		return "" // never: numbers only
	}
	return sellerdesk.Cursor(b)
}

// strideOf reads a cursor; one that is not ours starts from the beginning.
func strideOf(c sellerdesk.Cursor) stride {
	var s stride
	bad := json.Unmarshal([]byte(c), &s) != nil || s.Pass < 1 || s.From < 0 || s.To < s.From || s.To > latest/1000 ||
		s.Skip < 0 || s.Skip > mostArchive || s.Ended < 0 || s.Done < 0 || s.Total < 0
	if bad {
		return stride{}
	}
	return s
}

// begin starts the next pass when its time has come.
func (w walk) begin(s stride, now time.Time) (stride, bool) {
	pause := walkAgain
	switch {
	case s.Pass == 0, s.Skip > w.room():
		return stride{Pass: 1, To: now.Unix()}, true
	case s.Ended == 0:
		return s, true
	case w.undated:
		pause = archiveAgain
	case s.Pass == 1:
		return stride{Pass: 2, To: now.Unix()}, true
	}
	if now.Unix() < s.Ended+int64(pause/time.Second) {
		return s, false
	}
	next := stride{Pass: s.Pass + 1, To: now.Unix()}
	if !w.undated {
		next.From = now.Add(-recent).Unix()
	}
	return next, true
}

// pull reads one page.
func (w walk) pull(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	s, due := w.begin(strideOf(from), w.now())
	if !due {
		return sellerdesk.Batch{Next: from}, nil
	}
	q := query{answered: true, take: walkTake, skip: s.Skip}
	if !w.undated {
		q.to = time.Unix(s.To, 0)
		if s.From > 0 {
			q.from = time.Unix(s.From, 0)
		}
	}
	p, err := w.list(ctx, q)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	b := w.batch(s, p)
	next := w.after(s, p, &b)
	if b.More = next.Ended == 0; s.Pass == 1 {
		next.Done = s.Done + int64(p.size)
		next.Total = max(s.Total, p.total)
		if next.Total > 0 {
			next.Done = min(next.Done, next.Total)
			b.Done, b.Total = next.Done, next.Total
		}
		if !b.More && b.Total > 0 {
			b.Done = b.Total
		}
	}
	b.Next = next.cursor()
	return b, nil
}

// batch hands out a page.
func (w walk) batch(s stride, p page) sellerdesk.Batch {
	var b sellerdesk.Batch
	later := stillChecking
	for i := range p.posts {
		if p.posts[i].checking && p.posts[i].patch.Offers != nil {
			p.posts[i].patch.Reread = &later
		}
	}
	bring(&b, p.posts)
	if s.Pass == 1 {
		b.Skipped = p.skipped
	}
	if p.size > 0 {
		reached, newest := p.newest(), sellerdesk.At(time.Unix(s.To, 0))
		if s.Pass > 1 || reached.IsZero() {
			reached = newest
		}
		b.Reached, b.Newest = &reached, &newest
	}
	return b
}

// after is where the walk stands behind a page.
func (w walk) after(s stride, p page, b *sellerdesk.Batch) stride {
	next := s
	newest := p.newest()
	switch from := newest.Add(-back).Unix(); {
	case p.size < walkTake:
		next.Ended, next.Skip = w.now().Unix(), 0
	case w.undated:
		next.Skip += walkTake - shift
	case !newest.IsZero() && from > s.From && from <= s.To:
		next.From, next.Skip = from, 0
	default:
		next.Skip += walkTake
	}
	if next.Skip+walkTake > w.room() {
		b.Skipped = append(b.Skipped, sellerdesk.Skipped{What: "the rest of a list that cannot be paged through any further"})
		if next.Skip = 0; w.undated || newest.IsZero() {
			next.Ended = w.now().Unix()
		} else {
			next.From = newest.Unix() + 1
		}
	}
	return next
}

// room is how far a list lets us skip, with the page.
func (w walk) room() int {
	if w.undated {
		return mostArchive
	}
	return mostSkipped
}
