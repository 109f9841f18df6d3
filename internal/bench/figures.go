package bench

import (
	"slices"
	"time"
)

// durations are measured waits.
type durations []time.Duration

// percentile gives the smallest wait that share of all waits do not pass;
// share lies between 0 and 1. Zero for no waits.
func (d durations) percentile(share float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(d))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
