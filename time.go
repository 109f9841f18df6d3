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
	b := make([]byte, 0, len(timeLayout)+2)
	b = append(b, '"')
	b = t.append(b)
	return append(b, '"'), nil
}

// append writes the moment in timeLayout. A list has some hundred of them, and
// reading the layout for each took a tenth of the answer.
func (t Time) append(b []byte) []byte {
	u := t.UTC()
	year, month, day := u.Date()
	if year < 0 || year > 9999 {
		return u.AppendFormat(b, timeLayout)
	}
	hour, minute, second := u.Clock()
	b = digits(b, year, 4)
	b = digits(append(b, '-'), int(month), 2)
	b = digits(append(b, '-'), day, 2)
	b = digits(append(b, 'T'), hour, 2)
	b = digits(append(b, ':'), minute, 2)
	b = digits(append(b, ':'), second, 2)
	b = digits(append(b, '.'), u.Nanosecond()/int(time.Millisecond), 3)
	return append(b, 'Z')
}

// digits writes a number with exactly so many digits.
func digits(b []byte, n, width int) []byte {
	for div := [...]int{1, 10, 100, 1000}[width-1]; div > 0; div /= 10 {
		b = append(b, byte('0'+n/div%10))
	}
	return b
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
