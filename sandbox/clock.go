package sandbox

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

// Clock is the time of the demo world. It runs at a scale against the machine's clock and can be moved forward, never back.
// It is safe for concurrent use and works inside a testing/synctest bubble when it was made there.
type Clock struct {
	mu     sync.Mutex
	base   time.Time // world time at the moment real
	real   time.Time // machine time, with its monotonic part
	scale  float64
	timers map[*clockTimer]struct{}
}

type clockTimer struct {
	due   time.Time
	fired chan time.Time
	wake  *time.Timer
}

// MaxScale is the fastest a clock may run: about eleven and a half days a second.
const MaxScale = 1_000_000

// NewClock returns a clock that shows start now and runs scale world seconds a machine second.
// A zero start means the machine's time; a scale of zero means 1, below zero a clock that stands until Advance or SetScale.
func NewClock(start time.Time, scale float64) *Clock {
	now := time.Now()
	if start.IsZero() {
		start = now
	}
	switch {
	case scale == 0:
		scale = 1
	case !(scale > 0):
		scale = 0
	}
	return &Clock{base: start.Round(0).UTC(), real: now, scale: min(scale, MaxScale), timers: map[*clockTimer]struct{}{}}
}

// Now is the world's time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	elapsed := time.Since(c.real)
	if c.scale != 1 {
		elapsed = time.Duration(float64(elapsed) * c.scale)
	}
	return c.base.Add(elapsed)
}

// Scale is the number of world seconds in a machine second; 0 means that only Advance moves the clock.
func (c *Clock) Scale() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.scale
}

// SetScale changes the speed from now on; 0 stops the clock until Advance or the next SetScale. Values outside 0..MaxScale are brought inside.
func (c *Clock) SetScale(scale float64) {
	if !(scale > 0) {
		scale = 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.real = c.now(), time.Now()
	c.scale = min(scale, MaxScale)
	c.rearm()
}

// Advance moves the clock forward by d and fires, earliest first, every timer that became due. A negative d does nothing.
func (c *Clock) Advance(d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = c.base.Add(d)
	c.rearm()
}

// NewTimer sends the world's time on fired once d of world time has passed.
// Stop releases the timer and tells whether it was still waiting; it may be called at any time and more than once.
func (c *Clock) NewTimer(d time.Duration) (fired <-chan time.Time, stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &clockTimer{due: c.now().Add(d), fired: make(chan time.Time, 1)}
	c.timers[t] = struct{}{}
	c.arm(t)
	return t.fired, func() bool { return c.stop(t) }
}

// Sleep waits for d of world time or for the end of ctx, whose error it returns then.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	fired, stop := c.NewTimer(d)
	defer stop()
	select {
	case <-fired:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Clock) stop(t *clockTimer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, waiting := c.timers[t]
	c.drop(t)
	return waiting
}

func (c *Clock) drop(t *clockTimer) {
	delete(c.timers, t)
	if t.wake != nil {
		t.wake.Stop()
	}
}

// rearm recalculates every timer after the clock was moved or its speed changed.
func (c *Clock) rearm() {
	waiting := make([]*clockTimer, 0, len(c.timers))
	for t := range c.timers {
		waiting = append(waiting, t)
	}
	slices.SortFunc(waiting, func(a, b *clockTimer) int { return a.due.Compare(b.due) })
	for _, t := range waiting {
		c.arm(t)
	}
}

// arm fires a due timer or sets the machine's timer for it; the caller holds the lock.
func (c *Clock) arm(t *clockTimer) {
	if t.wake != nil {
		t.wake.Stop()
	}
	now := c.now()
	left := t.due.Sub(now)
	if left <= 0 {
		c.drop(t)
		t.fired <- now
		return
	}
	if c.scale == 0 {
		return
	}
	wait := left
	if c.scale != 1 {
		wait = time.Duration(min(math.Ceil(float64(left)/c.scale), float64(math.MaxInt64/2)))
	}
	t.wake = time.AfterFunc(wait, func() { c.due(t) })
}

// due is called by the machine's timer. Rounding may wake it a little early, and a race with a change of speed far too early; then it waits again.
func (c *Clock) due(t *clockTimer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, waiting := c.timers[t]; waiting {
		c.arm(t)
	}
}
