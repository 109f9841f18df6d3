package rest_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// jumpClock moves only when told.
type jumpClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[chan time.Time]time.Time
}

func newJumpClock() *jumpClock {
	return &jumpClock{now: time.Date(2026, 7, 23, 12, 0, 0, 0, time.UTC), timers: map[chan time.Time]time.Time{}}
}

func (c *jumpClock) clock() rest.Clock {
	return rest.Clock{
		Now: func() time.Time {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.now
		},
		NewTimer: func(d time.Duration) (<-chan time.Time, func() bool) {
			c.mu.Lock()
			defer c.mu.Unlock()
			fired := make(chan time.Time, 1)
			c.timers[fired] = c.now.Add(d)
			return fired, func() bool {
				c.mu.Lock()
				defer c.mu.Unlock()
				_, ok := c.timers[fired]
				delete(c.timers, fired)
				return ok
			}
		},
	}
}

func (c *jumpClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	for fired, at := range c.timers {
		if !at.After(c.now) {
			fired <- c.now
			delete(c.timers, fired)
		}
	}
}

func TestSleepEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := (rest.Clock{}).Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Sleep returned %v", err)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("Sleep took %v", took)
		}
		if err := (rest.Clock{}).Sleep(t.Context(), time.Minute); err != nil {
			t.Errorf("Sleep returned %v", err)
		}
	})
}

// waiting tells whether a timer runs.
func (c *jumpClock) waiting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.timers) > 0
}
