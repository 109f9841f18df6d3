package search

import (
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Days are the first and the last moment of the days that a question names, in a
// zone, nil: at Greenwich; nil where none is named.
func (q Query) Days(zone *time.Location) (from, to *sellerdesk.Time) {
	if zone == nil {
		zone = time.UTC
	}
	if t, err := time.ParseInLocation(time.DateOnly, q.From, zone); err == nil {
		first := sellerdesk.At(t)
		from = &first
	}
	if t, err := time.ParseInLocation(time.DateOnly, q.To, zone); err == nil {
		last := sellerdesk.At(t.AddDate(0, 0, 1).Add(-time.Millisecond))
		to = &last
	}
	return from, to
}
