package listing

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// TestSpansHoldEachDayOnce draws windows of a minute to thirty years and looks
// for moments in them and at their edges.
func TestSpansHoldEachDayOnce(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(6, 6))
	for range 2000 {
		from := random.Int64N(60 * 365 * 24 * 3_600_000)
		length := int64(time.Minute/time.Millisecond) << random.IntN(24)
		to := from + random.Int64N(length)
		first, last := sellerdesk.AtMillis(from), sellerdesk.AtMillis(to)
		q := Query{From: &first, To: &last}
		if random.IntN(2) == 0 {
			q.Kinds = []sellerdesk.Kind{sellerdesk.KindReview}
		}
		short, long := q.spans()
		if n := (len(short) + len(long)) * len(q.kinds()); n > mostWalks && q.byDays() {
			t.Fatalf("%d walks", n)
		}
		if len(short)+len(long) == 0 {
			if to-from < 40*longSpan {
				t.Fatalf("no walks for %s to %s", first, last)
			}
			continue
		}
		held := map[[2]int64]int{}
		for _, n := range short {
			held[[2]int64{shortSpan, n}]++
		}
		for _, n := range long {
			held[[2]int64{longSpan, n}]++
		}
		for _, at := range []int64{from, to, from + random.Int64N(to-from+1), from + random.Int64N(to-from+1)} {
			if n := held[[2]int64{shortSpan, at / shortSpan}] + held[[2]int64{longSpan, at / longSpan}]; n != 1 {
				t.Fatalf("%d walks hold %d of %d to %d", n, at, from, to)
			}
		}
	}
}

func TestAWindowThatEndsBeforeItBeginsHasNoWalks(t *testing.T) {
	t.Parallel()
	from, to := sellerdesk.AtMillis(10), sellerdesk.AtMillis(9)
	if q := (Query{From: &from, To: &to}); q.byDays() {
		t.Error("it is walked by days")
	}
}
