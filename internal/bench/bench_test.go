package bench

import (
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

func TestPercentilesAreThoseOfTheSortedWaits(t *testing.T) {
	t.Parallel()
	var waits durations
	for n := 100; n > 0; n-- {
		waits = append(waits, time.Duration(n)*time.Millisecond)
	}
	got := []time.Duration{waits.percentile(0), waits.percentile(.5), waits.percentile(.99), waits.percentile(1), durations(nil).percentile(.5)}
	want := []time.Duration{1 * time.Millisecond, 51 * time.Millisecond, 100 * time.Millisecond, 100 * time.Millisecond, 0}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestARowKnowsWhetherItsPromiseHolds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		row  Row
		want bool
	}{
		"under its bound":       {Row{Value: 9.9, Bound: 10}, true},
		"at its bound":          {Row{Value: 10, Bound: 10}, false},
		"at least its bound":    {Row{Value: .6, Bound: .6, AtLeast: true}, true},
		"less than its bound":   {Row{Value: .59, Bound: .6, AtLeast: true}, false},
		"no promise":            {Row{Value: 1e9}, true},
		"no fault":              {Row{Unit: "faults"}, true},
		"one fault is too many": {Row{Unit: "faults", Value: 1}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.row.Holds(); got != tt.want {
				t.Errorf("Holds() = %v", got)
			}
		})
	}
}

func TestTheTableNamesTheMachineAndWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	err := Report{
		Machine: Machine{CPU: "Abacus", Cores: 2, Memory: "1 kB", OS: "Linux", Go: "go1"},
		Rows: []Row{
			{Name: "list page, p99", Value: 12.34, Unit: "ms", Bound: 10, Note: "on a bad day"},
			{Name: "share", Value: .731, Bound: .6, AtLeast: true},
			{Name: "lost", Unit: "faults"},
			{Name: "rate", Value: 12345.6, Unit: "messages/s"},
		},
	}.WriteTable(&b)
	if err != nil {
		t.Fatal(err)
	}
	want := `Machine: Abacus, 2 cores, 1 kB memory, Linux, go1.

| What | Measured | Promised | Holds | How |
|---|---|---|---|---|
| list page, p99 | 12.3 ms | under 10 | **no** | on a bad day |
| share | 0.73 | at least 0.60 | yes |  |
| lost | 0 faults | none | yes |  |
| rate | 12346 messages/s |  |  |  |
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

func TestAGeneratedCabinetHoldsWhatWasAskedForEachOnce(t *testing.T) {
	t.Parallel()
	c := crowd{random: rand.New(rand.NewPCG(1, 5)), until: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	kinds, seen, last := map[sellerdesk.Kind]int{}, map[sellerdesk.RemoteID]bool{}, sellerdesk.Time{}
	for b := range c.batches(2_500, 400) {
		if len(b.Conversations) > crowdBatch {
			t.Errorf("a batch of %d conversations", len(b.Conversations))
		}
		for _, conversation := range b.Conversations {
			kinds[conversation.Kind]++
		}
		for _, m := range b.Messages {
			if seen[m.RemoteID] {
				t.Errorf("message %s is there twice", m.RemoteID)
			}
			seen[m.RemoteID], last = true, m.At
		}
	}
	if d := cmp.Diff(map[sellerdesk.Kind]int{sellerdesk.KindReview: 2_500, sellerdesk.KindChat: 400}, kinds); d != "" {
		t.Error(d)
	}
	if last.After(c.until.Add(time.Hour)) {
		t.Errorf("the last message is of %s", last)
	}
}

func TestTheProcessorTimeOfAProcessGrowsWithItsWork(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells it in /proc")
	}
	before, err := processorTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < 10*time.Second; {
		now, err := processorTime(os.Getpid()) // asking is work
		if err != nil {
			t.Fatal(err)
		}
		if now > before {
			return
		}
	}
	t.Errorf("it stands still at %s", before)
}
