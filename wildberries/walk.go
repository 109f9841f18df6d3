package wildberries

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"strconv"
	"time"
)

// AllQuestions yields the questions of a period, oldest first, each once, however many there are. It reads page after page from the date
// of the last question seen, a second earlier, instead of skipping: so neither the bound of 10,000 nor questions that leave the list meanwhile,
// as they do when they are answered, cost one. To may be zero and is then the moment of the call. To miss none of those that move between
// the lists, read the unanswered first. Questions that could not be decoded are left out; use List to see them.
//
// Take is the size of a page; Skip and Order must be zero. An error ends the sequence; ErrTooDense when one second holds more
// than 10,000.
//
// Operation: GET /api/v1/questions, several times. Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) AllQuestions(ctx context.Context, q ListQuestions) iter.Seq2[Question, error] {
	return walk[Question]{
		op: "GET /api/v1/questions", query: dated(q), bounds: questionBounds, now: s.c.clock.Now,
		id: func(q Question) string { return q.ID }, date: func(q Question) time.Time { return q.CreatedDate.Time },
		fetch: func(q dated) ([]Question, int, error) {
			page, err := s.List(ctx, ListQuestions(q))
			return page.Questions, len(page.Malformed), err
		},
	}.all()
}

// AllReviews yields the reviews of a period, oldest first, each once, however many there are: see AllQuestions, which works alike.
// ErrTooDense when one second holds more than 199,990 and a page.
//
// Operation: GET /api/v1/feedbacks, several times. Limit: that of the service. Document of 2026-07-23.
func (s *ReviewsService) AllReviews(ctx context.Context, q ListReviews) iter.Seq2[Review, error] {
	return walk[Review]{
		op: "GET /api/v1/feedbacks", query: dated(q), bounds: reviewBounds, now: s.c.clock.Now,
		id: func(r Review) string { return r.ID }, date: func(r Review) time.Time { return r.CreatedDate.Time },
		fetch: func(q dated) ([]Review, int, error) {
			page, err := s.List(ctx, ListReviews(q))
			return page.Reviews, len(page.Malformed), err
		},
	}.all()
}

// walk reads a list that can be narrowed by date.
//
// Every page starts a second before the newest date of the page before, because it is not documented whether bounds are inclusive,
// and ids tell what was there already. Skipping is only for pages that do not lead on: all of one second, without dates, or out of order.
type walk[T any] struct {
	op     string
	query  dated
	bounds bounds
	now    func() time.Time
	id     func(T) string
	date   func(T) time.Time
	fetch  func(dated) (items []T, malformed int, err error)
}

// overlap is how far before the newest date the next page starts.
const overlap = time.Second

func (w walk[T]) all() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		q, err := w.start()
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		w.query = q
		seen := overlapped{}
		for {
			items, malformed, err := w.fetch(q)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if seen.add(w.id(item), w.date(item)) && !yield(item, nil) {
					return
				}
			}
			if len(items)+malformed < q.Take {
				return
			}
			if q, err = w.next(q, items); err != nil {
				var none T
				yield(none, err)
				return
			}
			if q.Skip == 0 {
				seen.forget(q.From)
			}
		}
	}
}

// overlapped remembers the ids that the next page may repeat, with their dates: at most what can be skipped and a page.
type overlapped map[string]time.Time

// add reports whether id is new. An empty id is always new: it identifies nothing.
func (o overlapped) add(id string, at time.Time) bool {
	if _, known := o[id]; known {
		return false
	}
	if id != "" {
		o[id] = at
	}
	return true
}

// forget drops what the remote side will not send again, since it is older than the page to come.
func (o overlapped) forget(from time.Time) {
	maps.DeleteFunc(o, func(_ string, at time.Time) bool { return at.Before(from) })
}

// start fixes what must not change on the way.
func (w walk[T]) start() (dated, error) {
	q := w.query
	o := operation{name: w.op}
	if q.Skip != 0 || q.Order != "" && q.Order != OrderDateAsc {
		return q, refuse(o, outOfRange("reading everything has its own order and skips nothing"))
	}
	q.Order = OrderDateAsc
	if q.To.IsZero() {
		q.To = w.now()
	}
	var err error
	if q.Take, err = w.bounds.check(q.Take, 0); err != nil {
		return q, refuse(o, err)
	}
	return q, checked(o, checkDates(q.From, q.To))
}

// checked is refuse for a check that may have found nothing.
func checked(o operation, err error) error {
	if err == nil {
		return nil
	}
	return refuse(o, err)
}

// next is the query of the page after a full one.
func (w walk[T]) next(q dated, items []T) (dated, error) {
	newest, ordered := w.newest(items)
	if from := newest.Truncate(time.Second).Add(-overlap); ordered && from.After(q.From) && from.Unix() >= 0 && !from.After(q.To) {
		q.From, q.Skip, q.Take = from, 0, w.query.Take
		return q, nil
	}
	q.Skip += q.Take
	if room := w.bounds.most(q.Skip); room < q.Take {
		if q.Take = room; room == 0 {
			said := fmt.Sprintf("%d items or more from %s on cannot be told apart by date", q.Skip, from(q))
			return q, refuse(operation{name: w.op}, reason{ErrTooDense, said})
		}
	}
	return q, nil
}

func from(q dated) string {
	if q.From.IsZero() {
		return "the beginning"
	}
	return q.From.UTC().Format(time.RFC3339)
}

// newest returns the newest date of a page, and whether the page is in order of date as far as seconds go.
func (w walk[T]) newest(items []T) (newest time.Time, ordered bool) {
	for _, item := range items {
		at := w.date(item)
		if at.IsZero() {
			continue
		}
		if at.Add(overlap).Before(newest) {
			return newest, false
		}
		if at.After(newest) {
			newest = at
		}
	}
	return newest, !newest.IsZero()
}

// longestCursorWalk bounds how many ids AllPins and AllClaims remember.
const longestCursorWalk = 100_000

// AllPins yields the pins that a filter takes, each once. It ends where the remote side says so, or with a page that holds nothing new. Pins
// that could not be decoded are left out; use List to see them.
//
// Operation: GET /api/feedbacks/v1/pins, several times. Limit: that of the service. Document of 2026-07-23.
func (s *PinsService) AllPins(ctx context.Context, f PinFilter) iter.Seq2[Pin, error] {
	return func(yield func(Pin, error) bool) {
		seen := newMemory(longestCursorWalk)
		q := ListPins{PinFilter: f}
		for {
			page, err := s.List(ctx, q)
			if err != nil {
				yield(Pin{}, err)
				return
			}
			fresh := 0
			for _, p := range page.Pins {
				if !seen.add(strconv.FormatInt(p.ID, 10) + string(p.State)) {
					continue
				}
				fresh++
				if !yield(p, nil) {
					return
				}
			}
			// A page of nothing but broken pins still leads on, a page of known ones would lead in a circle.
			if page.Next <= 0 || page.Next == q.Next || fresh == 0 && len(page.Malformed) == 0 {
				return
			}
			q.Next = page.Next
		}
	}
}

// claimPasses is how often AllClaims goes over a list that shrinks while it is read.
const claimPasses = 3

// AllClaims yields the claims of the last 14 days, under review or decided, each once. Claims that are decided meanwhile leave the list under
// review and shift the rest; when the total shrinks on the way the list is read again, three times at most. q.Limit is the size of a page;
// q.Offset must be zero. Claims that could not be decoded are left out; use List to see them.
//
// Operation: GET /api/v1/claims, several times. Limit: 20 per minute, burst 10; basic tokens 1 per hour. Document of 2026-07-23.
func (s *ClaimsService) AllClaims(ctx context.Context, q ListClaims) iter.Seq2[Claim, error] {
	return func(yield func(Claim, error) bool) {
		if q.Offset != 0 {
			yield(Claim{}, refuse(operation{name: "GET /api/v1/claims"}, outOfRange("reading everything skips nothing")))
			return
		}
		if q.Limit == 0 {
			q.Limit = MaxClaimsLimit
		}
		seen := newMemory(longestCursorWalk)
		for range claimPasses {
			shrunk, more := s.pass(ctx, q, seen, yield)
			if !shrunk || !more {
				return
			}
		}
	}
}

// pass goes over the list once. It tells whether the total shrank on the way, and whether the caller wants more.
func (s *ClaimsService) pass(ctx context.Context, q ListClaims, seen *memory, yield func(Claim, error) bool) (shrunk, more bool) {
	var largest int64
	for {
		page, err := s.List(ctx, q)
		if err != nil {
			yield(Claim{}, err)
			return false, false
		}
		fresh := false
		for _, claim := range page.Claims {
			if !seen.add(claim.ID) {
				continue
			}
			fresh = true
			if !yield(claim, nil) {
				return false, false
			}
		}
		shrunk = shrunk || page.Total < largest
		largest = max(largest, page.Total)
		q.Offset += q.Limit
		switch {
		case len(page.Claims)+len(page.Malformed) < q.Limit, page.Total > 0 && int64(q.Offset) >= page.Total, page.Total <= 0 && !fresh:
			return shrunk, true
		case q.Offset >= longestCursorWalk:
			yield(Claim{}, refuse(operation{name: "GET /api/v1/claims"}, reason{ErrTooDense, "the list of claims does not end"}))
			return false, false
		}
	}
}
