package yandexmarket

import (
	"context"
	"encoding/json"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// walk reads all there ever was of one kind, with everything that belongs to
// it: the history. It goes page by page and goes on after any interruption from
// where it stood.
//
// Lists that are bounded by dates are read window by window, from the present
// back. Whatever order a list has, a page may slip through while things move;
// so it is walked twice, or its newest part again and again.
type walk struct {
	page func(ctx context.Context, s step) (haul, error)
	now  func() time.Time
	// windows of so many days each; 0: the list is read whole.
	windows, days int
	// passes is how often the list is walked whole.
	passes int
	// recent is how many windows are walked again and again after that; 0: none.
	recent int
}

// walkAgain is the pause between two passes over the newest part.
const walkAgain = 6 * time.Hour

// step is what one pull of a walk reads.
type step struct {
	page     string
	from, to time.Time // zero where the list is read whole
	// again: this is not the first pass.
	again bool
}

// haul is what a step brought.
type haul struct {
	posts   []post
	next    string
	skipped []sellerdesk.Skipped
}

// stride is where a walk stands.
type stride struct {
	Pass   int    `json:"pass"` // from 1
	Window int    `json:"window,omitempty"`
	Page   string `json:"page,omitempty"`
	Pages  int    `json:"pages,omitempty"` // read in this window
	End    int64  `json:"end"`             // Unix seconds, when the pass began
	// Ended is when the pass ended, Unix seconds; 0 while it goes on.
	Ended int64 `json:"ended,omitempty"`
}

// latest is the end of the year 9999, Unix seconds.
const latest = 253402300799

func (s stride) cursor() sellerdesk.Cursor {
	b, err := json.Marshal(s)
	if err != nil {
		return "" // never: numbers and a text
	}
	return sellerdesk.Cursor(b)
}

// strideOf reads a cursor; one that is not ours starts from the beginning.
func (w *walk) strideOf(c sellerdesk.Cursor) stride {
	var s stride
	bad := json.Unmarshal([]byte(c), &s) != nil || s.Pass < 1 || s.Window < 0 || s.Window > max(w.windows, 1) || len(s.Page) > longestToken ||
		s.Pages < 0 || s.Pages > mostPages || s.End < 0 || s.End > latest || s.Ended < 0
	if bad {
		return stride{}
	}
	return s
}

// begin starts the next pass when its time has come.
func (w *walk) begin(s stride, now time.Time) (stride, bool) {
	switch {
	case s.Pass == 0:
		return stride{Pass: 1, End: now.Unix()}, true
	case s.Ended == 0:
		return s, true
	case s.Pass < w.passes:
		return stride{Pass: s.Pass + 1, End: now.Unix()}, true
	case w.recent > 0 && now.Unix() >= s.Ended+int64(walkAgain/time.Second):
		return stride{Pass: s.Pass + 1, End: now.Unix()}, true
	default:
		return s, false
	}
}

// pull reads one page.
func (w *walk) pull(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	now := w.now()
	s, due := w.begin(w.strideOf(from), now)
	if !due {
		return sellerdesk.Batch{Next: from}, nil
	}
	h, err := w.page(ctx, w.step(s))
	if err != nil {
		if s.Page != "" && staleToken(err) {
			s.Page, s.Pages = "", 0
			return sellerdesk.Batch{Next: s.cursor()}, nil
		}
		return sellerdesk.Batch{}, err
	}
	b := sellerdesk.Batch{}
	if s.Pass == 1 {
		b.Skipped = h.skipped
	}
	later := time.Minute
	for i := range h.posts {
		if h.posts[i].checking {
			h.posts[i].patch.Reread = &later
		}
	}
	bring(&b, h.posts)
	next := w.after(s, h)
	b.More, b.Next = next.Ended == 0, next.cursor()
	w.progress(&b, next)
	return b, nil
}

func (w *walk) step(s stride) step {
	out := step{page: s.Page, again: s.Pass > 1}
	if w.windows > 0 {
		end := time.Unix(s.End, 0).UTC()
		out.to = end.AddDate(0, 0, -s.Window*w.days)
		out.from = end.AddDate(0, 0, -(s.Window+1)*w.days)
	}
	return out
}

// after is where the walk stands behind a page.
func (w *walk) after(s stride, h haul) stride {
	s.Pages++
	if h.next != "" && h.next != s.Page && s.Pages < mostPages {
		s.Page = h.next
		return s
	}
	s.Page, s.Pages = "", 0
	if s.Window+1 < w.span(s) {
		s.Window++
		return s
	}
	s.Ended = w.now().Unix()
	return s
}

// span is how many windows a pass has.
func (w *walk) span(s stride) int {
	if s.Pass > w.passes {
		return w.recent
	}
	return w.windows
}

// progress tells how far the first pass is: in days where the list has dates.
func (w *walk) progress(b *sellerdesk.Batch, next stride) {
	if len(b.Messages)+len(b.Conversations) > 0 {
		reached(b, w.now())
	}
	if next.Pass > 1 || w.windows == 0 {
		return
	}
	b.Total = int64(w.windows * w.days)
	if b.Done = int64(next.Window * w.days); next.Ended > 0 {
		b.Done = b.Total
	}
}
