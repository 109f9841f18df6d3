package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// testClock is a hidden flag of serve: a process of its own runs on the clock
// of a sandbox elsewhere. Its value is the moment of the world, the moment of
// the machine in Unix nanoseconds when that was so, and the speed.
const testClock = "test-clock"

func offerTestClock(c *cobra.Command) {
	c.Flags().String(testClock, "", "run on the clock of a sandbox: MOMENT,NANOSECONDS,SPEED")
	_ = c.Flags().MarkHidden(testClock) // the flag is there
}

// clockOf reads the flag; the zero clock when it is not given.
func clockOf(c *cobra.Command) (sellerdesk.Clock, error) {
	value, err := c.Flags().GetString(testClock)
	if err != nil || value == "" {
		return sellerdesk.Clock{}, err
	}
	parts := strings.Split(value, ",")
	if len(parts) != 3 {
		return sellerdesk.Clock{}, fmt.Errorf("--%s: three values are needed", testClock)
	}
	at, err := time.Parse(time.RFC3339Nano, parts[0])
	if err != nil {
		return sellerdesk.Clock{}, fmt.Errorf("--%s: %w", testClock, err)
	}
	real, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return sellerdesk.Clock{}, fmt.Errorf("--%s: %w", testClock, err)
	}
	scale, err := strconv.ParseFloat(parts[2], 64)
	if err != nil || scale <= 0 {
		return sellerdesk.Clock{}, fmt.Errorf("--%s: %q is no speed", testClock, parts[2])
	}
	passed := time.Duration(float64(time.Since(time.Unix(0, real))) * scale)
	clock := sandbox.NewClock(at.Add(passed), scale)
	return sellerdesk.Clock{NowFunc: clock.Now, TimerFunc: clock.NewTimer}, nil
}
