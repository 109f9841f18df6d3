package search

import (
	"context"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// telling is how many hits in the newest window tell how many there are behind it;
// mostSampled bounds what is looked at where they are fewer, more says no more.
const telling, mostSampled = 20, 5000

// window walks through the ids of the index in windows, on engines that gather all
// hits of a window and sort them: each should hold hardly more than is wanted. How
// wide it must be nobody can tell, because histories of whole cabinets come in at
// once. The newest ids tell it for words that are everywhere, a sample of all ids
// for the others.
type window struct {
	s      Search
	ask    engine.SearchQuestion
	told   bool
	oldest int64 // hits are greater
	width  int64 // of the next window; 0: only a sample can tell
	least  int64 // wide are windows that a sample tells
	open   bool  // ask is in the middle of a window
	found  int64 // in this window
	// sample is how many hits a part of each span of ids has; nil: none was taken.
	// It knows the ids from floor on.
	sample map[int64]int64
	floor  int64
}

// windows looks in the index window by window.
func (s Search) windows(ctx context.Context, ask engine.SearchQuestion, told bool) (feed, error) {
	var newest int64
	if err := s.w.One(ctx, `SELECT COALESCE(MAX(id), 0) FROM search`, nil, &newest); err != nil {
		return nil, fmt.Errorf("look for the newest message: %w", err)
	}
	w := &window{s: s, ask: ask, told: told, oldest: ask.After, width: s.w.Dialect.SearchWindow, least: s.w.Dialect.SearchWindow}
	w.ask.Before, w.ask.Walk = min(ask.Before, newest+1), begins(ask)
	return w.next, nil
}

// begins tells whether beginnings of words are asked for: all that begins so would
// be gathered to look into one window, so that the newest is walked through.
func begins(ask engine.SearchQuestion) bool {
	return slices.ContainsFunc(slices.Concat(ask.All, ask.None), func(t engine.SearchTerm) bool {
		return slices.ContainsFunc(t, func(p engine.SearchPhrase) bool { return p.Prefix })
	})
}

// next gives the hits of the window that is open, or of the next.
func (w *window) next(ctx context.Context, wanted int) ([]sellerdesk.MessageID, bool, error) {
	w.ask.Limit = enough(wanted, w.told)
	if !w.open {
		if err := w.place(ctx); err != nil {
			return nil, false, err
		}
	}
	ids, err := w.s.ids(ctx, w.ask)
	if err != nil {
		return nil, false, err
	}
	w.found += int64(len(ids))
	if w.open = len(ids) == int(w.ask.Limit); w.open {
		w.ask.Before = int64(ids[len(ids)-1])
		return ids, true, nil
	}
	switch {
	case w.sample == nil:
		w.learn()
	case w.found < w.plenty()/4: // the sample was not like the rest
		w.least *= 4
	default:
		w.least = w.s.w.Dialect.SearchWindow
	}
	w.ask.Before, w.ask.Walk, w.found = w.ask.After+1, false, 0
	return ids, w.ask.After > w.oldest, nil
}

// plenty is how many hits a window should hold, so that it holds enough.
func (w *window) plenty() int64 { return w.ask.Limit * 5 / 4 }

// learn makes the next window as wide as the last one says, where that says
// something.
func (w *window) learn() {
	if w.found < telling {
		w.width = 0
		return
	}
	w.width = min(16*w.width, max(w.width, w.width*w.plenty()/w.found))
}

// place opens the next window. A wide one begins with a span, by which it is looked
// for.
func (w *window) place(ctx context.Context) error {
	after := w.ask.Before - w.width
	if w.width == 0 {
		if w.sample == nil || w.ask.Before <= w.floor {
			if err := w.look(ctx); err != nil {
				return err
			}
		}
		after = w.reach()
	}
	if w.ask.Before-after > engine.SearchSpan/2 {
		after = (after+1)/engine.SearchSpan*engine.SearchSpan - 1
	}
	w.ask.After = max(w.oldest, after)
	return nil
}

// look takes a sample of what is left.
func (w *window) look(ctx context.Context) error {
	ask := w.ask
	ask.After, ask.Sample, ask.Limit = w.oldest, true, mostSampled
	ids, err := w.s.ids(ctx, ask)
	if err != nil {
		return err
	}
	w.sampled(ids)
	return nil
}

// sampled keeps a sample. One that is full says nothing of the spans behind the last
// that is whole in it, which would look as if nothing were there.
func (w *window) sampled(ids []sellerdesk.MessageID) {
	w.floor = max(w.oldest+1, ((w.ask.Before-1)/engine.SearchSpan-engine.SearchSpans+1)*engine.SearchSpan)
	w.sample = map[int64]int64{}
	for _, id := range ids {
		w.sample[int64(id)/engine.SearchSpan]++
	}
	if len(ids) == mostSampled {
		w.floor = max(w.floor, (int64(ids[len(ids)-1])/engine.SearchSpan+1)*engine.SearchSpan)
	}
}

// reach tells behind which id a window begins that holds plenty, as the sample has
// it. Before a span that holds plenty by itself it ends, since where in the span its
// hits begin the sample does not tell.
func (w *window) reach() int64 {
	missing := w.plenty()
	for before := w.ask.Before; before > w.floor; {
		span := (before - 1) / engine.SearchSpan
		begin := span * engine.SearchSpan
		here := (before - begin) * w.sample[span] / engine.SearchBlock
		switch {
		case here < missing:
		case before < w.ask.Before:
			return w.near(before - 1)
		default:
			return max(w.floor, before-max(missing*engine.SearchBlock/w.sample[span], w.least)) - 1
		}
		missing, before = missing-here, begin
	}
	return w.near(w.floor - 1)
}

// near cuts a window to the spans by which it can be looked for, unless there is
// little all over: a wider one gathers all that there is.
func (w *window) near(after int64) int64 {
	const most = 60 * engine.SearchSpan
	all := int64(0)
	for _, hits := range w.sample {
		all += hits * engine.SearchSpan / engine.SearchBlock
	}
	if all < 4*w.plenty() {
		return after
	}
	return max(after, w.ask.Before-most)
}
