package wildberries

import (
	"context"
	"iter"
	"time"
)

// Follow says how AllEvents reads. The zero value works.
type Follow struct {
	// Overlap is how far before the cursor every page starts; 0 means a second, negative none.
	Overlap time.Duration
	// Remember is how many event ids are kept to recognise repeated ones; 0 means 10,000.
	Remember int
	// Known tells that an event was handled before, for instance in an earlier run: the first page starts Overlap before from.
	Known func(eventID string) bool
}

const (
	defaultOverlap  = time.Second
	defaultRemember = 10_000
)

// AllEvents yields the events after the cursor from (0: from the beginning of history) until the feed is drained, each once. It
// re-reads a little before every cursor, so that events of one millisecond that a page's end cut apart, or that became
// visible late, are not lost. To resume later pass the AddTimestamp of the last event that was saved. Events that could not be decoded
// are skipped; use Events to see them. An error ends the sequence.
//
// Operation: GET /api/v1/seller/events, several times. Limit: 10 per 10 s, burst 10; basic tokens 1 per hour. Document of 2026-07-23.
func (s *ChatsService) AllEvents(ctx context.Context, from int64, f Follow) iter.Seq2[Event, error] {
	switch {
	case f.Overlap == 0:
		f.Overlap = defaultOverlap
	case f.Overlap < 0:
		f.Overlap = 0
	}
	if f.Remember <= 0 {
		f.Remember = defaultRemember
	}
	return func(yield func(Event, error) bool) {
		seen := newMemory(f.Remember)
		cursor, exact := max(from, 0), false
		for {
			// Above 0 only: a start of 0 would be the beginning of history.
			start := cursor
			if !exact {
				start = max(cursor-f.Overlap.Milliseconds(), min(cursor, 1))
			}
			page, err := s.Events(ctx, start)
			if err != nil {
				yield(Event{}, err)
				return
			}
			for _, e := range page.Events {
				if !seen.add(e.ID) || f.Known != nil && f.Known(e.ID) {
					continue
				}
				if !yield(e, nil) {
					return
				}
			}
			moved := page.Next > cursor
			cursor = max(cursor, page.Next)
			if page.Done() || !moved && start == cursor {
				return
			}
			// A page that does not lead on holds known events only: perhaps the overlap fills it. One look without tells.
			exact = !moved
		}
	}
}

// memory remembers the last ids, so many at most.
type memory struct {
	known map[string]struct{}
	ring  []string
	at    int
}

func newMemory(size int) *memory {
	return &memory{known: make(map[string]struct{}), ring: make([]string, 0, min(size, defaultRemember)), at: size}
}

// add reports whether id is new. An empty id is always new: it identifies nothing.
func (m *memory) add(id string) bool {
	if id == "" {
		return true
	}
	if _, ok := m.known[id]; ok {
		return false
	}
	m.known[id] = struct{}{}
	m.ring = append(m.ring, id)
	if len(m.ring) > m.at {
		delete(m.known, m.ring[0])
		m.ring = m.ring[1:]
	}
	return true
}
