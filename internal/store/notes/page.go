package notes

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

const (
	// minMoment and maxMoment lie outside of all moments.
	minMoment = math.MinInt64
	maxMoment = math.MaxInt64
	// someday is when a task is due that has no day.
	someday = math.MaxInt64
)

// whom gives the number of a person, NULL for nobody.
func whom(id *sellerdesk.UserID) any {
	if id == nil {
		return nil
	}
	return engine.OrNil(int64(*id))
}

// cursorOf writes the place to go on from.
func cursorOf(key, id int64) string {
	return strconv.FormatInt(key, 10) + "." + strconv.FormatInt(id, 10)
}

// readCursor reads what cursorOf wrote; "" is before all, for a list that goes
// down.
func readCursor(s string) (key, id int64, err error) {
	if s == "" {
		return maxMoment, maxMoment, nil
	}
	first, second, _ := strings.Cut(s, ".")
	key, err = strconv.ParseInt(first, 10, 64)
	if err == nil {
		id, err = strconv.ParseInt(second, 10, 64)
	}
	if err != nil {
		return 0, 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The cursor is not one of this list.").InField("cursor")
	}
	return key, id, nil
}

// single reads the only row of a statement; not_found with the name of the thing
// when there is none.
func single[T any](ctx context.Context, w *engine.Work, thing string, scan func(engine.Scanner) (T, error), query string, args ...any) (one T, err error) {
	rows, err := w.Query(ctx, query, args...)
	list, err := engine.Collect(rows, err, scan)
	if err != nil {
		return one, fmt.Errorf("read a %s: %w", thing, err)
	}
	if len(list) == 0 {
		return one, engine.Found(engine.ErrNoRow, thing)
	}
	return list[0], nil
}
