package bench

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
