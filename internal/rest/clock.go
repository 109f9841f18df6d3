package rest

import (
	"context"
	"time"
)

// Clock is where time comes from. The zero value is the system clock. A program that runs on a simulated clock, which may
// run faster or jump forward, supplies both functions; nothing here waits on the system clock then.
type Clock struct {
	// Now returns the present moment.
	Now func() time.Time
	// NewTimer returns a channel that gets a value once d has passed on this clock, and a function that stops the timer.
	NewTimer func(d time.Duration) (fired <-chan time.Time, stop func() bool)
}

// OrSystem returns c with missing functions taken from the system clock.
func (c Clock) OrSystem() Clock {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewTimer == nil {
		c.NewTimer = func(d time.Duration) (<-chan time.Time, func() bool) {
			t := time.NewTimer(d)
			return t.C, t.Stop
		}
	}
	return c
}

// Sleep waits for d on this clock or until ctx ends, and then returns the error of ctx.
func (c Clock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	fired, stop := c.OrSystem().NewTimer(d)
	defer stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-fired:
		return ctx.Err()
	}
}
