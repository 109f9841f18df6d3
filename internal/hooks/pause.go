package hooks

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	// giveUp is how long a receiver may take nothing before its webhook stops, if
	// it was tried so often.
	giveUp      = 24 * time.Hour
	giveUpTries = 10
	// longestWait bounds what a receiver may ask for in Retry-After.
	longestWait = 2 * time.Hour
)

// pause is how long to wait after so many tries, 1 for the first: each longer
// than the one before up to two hours, and a tenth longer or shorter by chance,
// so that receivers which failed together do not come back together.
func pause(tries int) time.Duration {
	steps := [...]time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour}
	step := steps[min(max(tries, 1), len(steps))-1]
	return step - step/10 + rand.N(step/5)
}

// retryAfter reads how long a receiver asks to wait, between a second and two
// hours; 0 when it does not ask.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if text == "" {
		return 0
	}
	var wait time.Duration
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	} else {
		return 0
	}
	return min(max(wait, time.Second), longestWait)
}
