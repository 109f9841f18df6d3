package sellerdesk

import (
	"context"
	"fmt"
	"time"
)

// timeLayout is how moments travel: RFC 3339, UTC, always three decimals.
const timeLayout = "2006-01-02T15:04:05.000Z"

// Time is a moment in UTC with the precision of a millisecond, which is what
// the store keeps and what every program outside sees.
type Time struct{ time.Time }

// At cuts t to a moment of ours.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// AtMillis is the moment ms milliseconds after the Unix epoch.
func AtMillis(ms int64) Time { return Time{time.UnixMilli(ms).UTC()} }

// Millis is the moment in milliseconds since the Unix epoch.
func (t Time) Millis() int64 { return t.UnixMilli() }

// MarshalJSON writes the moment with exactly three decimals and a Z.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format(timeLayout) + `"`), nil
}

// UnmarshalJSON accepts any RFC 3339 moment and cuts it to a millisecond.
func (t *Time) UnmarshalJSON(b []byte) error {
	var parsed time.Time
	if err := parsed.UnmarshalJSON(b); err != nil {
		return fmt.Errorf("read a time: %w", err)
	}
	*t = At(parsed)
	return nil
}

// Clock is where time comes from. The zero value is the system clock; the demo
// and the tests run on the clock of the sandbox, which can be moved and scaled,
// so that waiting must go through NewTimer, never through package time.
type Clock struct {
	// NowFunc tells the moment; nil means time.Now.
	NowFunc func() time.Time
	// TimerFunc starts a timer of d and returns its channel and a function
	// that stops it; nil means time.NewTimer.
	TimerFunc func(d time.Duration) (fired <-chan time.Time, stop func() bool)
}

// Now tells the moment.
func (c Clock) Now() time.Time {
	if c.NowFunc == nil {
		return time.Now()
	}
	return c.NowFunc()
}

// NewTimer starts a timer. The caller stops it when it no longer waits.
func (c Clock) NewTimer(d time.Duration) (fired <-chan time.Time, stop func() bool) {
	if c.TimerFunc == nil {
		t := time.NewTimer(d)
		return t.C, t.Stop
	}
	return c.TimerFunc(d)
}

// Sleep waits for d, or until ctx ends and returns its error.
func (c Clock) Sleep(ctx context.Context, d time.Duration) error {
	fired, stop := c.NewTimer(d)
	defer stop()
	select {
	case <-fired:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
