package wildberries

import (
	"net/url"
	"strconv"
	"time"
)

// Order is the order of a list by the date of its items. Which one is used when none is given is not documented.
type Order string

// The orders.
const (
	OrderDateAsc  Order = "dateAsc"  // oldest first
	OrderDateDesc Order = "dateDesc" // newest first
)

// Bounds of lists by the document.
const (
	MaxQuestionsTake = 10_000 // also the bound of Take and Skip together
	MaxReviewsTake   = 5_000
	MaxReviewsSkip   = 199_990 // the archive has no bound of its own
)

// dated is the query of a list that can be narrowed by date.
type dated struct {
	Answered   bool
	Take, Skip int
	Product    int64
	Order      Order
	From, To   time.Time
}

// bounds are the limits of such a list; 0 means none.
type bounds struct{ take, skip, sum int }

var (
	questionBounds = bounds{take: MaxQuestionsTake, skip: MaxQuestionsTake, sum: MaxQuestionsTake}
	reviewBounds   = bounds{take: MaxReviewsTake, skip: MaxReviewsSkip}
	archiveBounds  = bounds{take: MaxReviewsTake}
)

// most is the largest take at a skip.
func (b bounds) most(skip int) int {
	if b.skip > 0 && skip > b.skip {
		return 0
	}
	if b.sum > 0 {
		return max(0, min(b.take, b.sum-skip))
	}
	return b.take
}

// check returns the take to ask for.
func (b bounds) check(take, skip int) (int, error) {
	switch most := b.most(max(skip, 0)); {
	case skip < 0 || most == 0:
		return 0, outOfRange("skip %d is negative, or beyond what this list allows", skip)
	case take < 0 || take > most:
		return 0, outOfRange("take %d: it must be 1 to %d at skip %d", take, most, skip)
	case take == 0:
		return most, nil
	default:
		return take, nil
	}
}

// values makes the query.
func (q dated) values(b bounds) (url.Values, error) {
	values, err := q.page(b)
	if err != nil {
		return nil, err
	}
	values.Set("isAnswered", strconv.FormatBool(q.Answered))
	return values, addDates(values, q.From, q.To)
}

// page is the part that the archive list has as well.
func (q dated) page(b bounds) (url.Values, error) {
	take, err := b.check(q.Take, q.Skip)
	switch {
	case err != nil:
		return nil, err
	case q.Product < 0:
		return nil, outOfRange("product %d is negative", q.Product)
	case q.Order != "" && q.Order != OrderDateAsc && q.Order != OrderDateDesc:
		return nil, outOfRange("order %q is neither dateAsc nor dateDesc", string(q.Order))
	}
	values := url.Values{"take": {strconv.Itoa(take)}, "skip": {strconv.Itoa(q.Skip)}}
	if q.Product > 0 {
		values.Set("nmId", strconv.FormatInt(q.Product, 10))
	}
	if q.Order != "" {
		values.Set("order", string(q.Order))
	}
	return values, nil
}

// addDates writes Unix seconds, rounded outwards.
func addDates(values url.Values, from, to time.Time) error {
	if err := checkDates(from, to); err != nil {
		return err
	}
	if !from.IsZero() {
		values.Set("dateFrom", strconv.FormatInt(from.Unix(), 10))
	}
	if !to.IsZero() {
		values.Set("dateTo", strconv.FormatInt(to.Add(time.Second-1).Unix(), 10))
	}
	return nil
}

func checkDates(from, to time.Time) error {
	for _, at := range []time.Time{from, to} {
		if !at.IsZero() && (at.Unix() < 0 || at.Year() > 9999) {
			return outOfRange("a date must be between the years 1970 and 9999")
		}
	}
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		return outOfRange("the period ends before it starts")
	}
	return nil
}
