package rest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ReadStandardHeaders understands X-Ratelimit-Remaining on any answer and, on 429, the first of X-Ratelimit-Retry,
// Retry-After and X-Ratelimit-Reset, with X-Ratelimit-Limit as the size of the bucket. Values are whole seconds; Retry-After
// may also be a date. Senseless values count as absent.
func ReadStandardHeaders(resp *http.Response, now time.Time) Hint {
	var h Hint
	if resp == nil {
		return h
	}
	if resp.StatusCode != http.StatusTooManyRequests {
		if n, ok := number(resp.Header.Get("X-Ratelimit-Remaining")); ok {
			h.HasRemaining, h.Remaining = true, int(n)
		}
		return h
	}
	h.Throttled = true
	h.RetryAfter = retryAfter(resp.Header, now)
	if n, ok := number(resp.Header.Get("X-Ratelimit-Limit")); ok {
		h.Burst = int(n)
	}
	return h
}

func retryAfter(header http.Header, now time.Time) time.Duration {
	for _, name := range []string{"X-Ratelimit-Retry", "Retry-After", "X-Ratelimit-Reset"} {
		value := strings.TrimSpace(header.Get(name))
		if n, ok := number(value); ok && n > 0 {
			return min(time.Duration(n*float64(time.Second)), longestPause)
		}
		if at, err := http.ParseTime(value); err == nil && at.After(now) {
			return min(at.Sub(now), longestPause)
		}
	}
	return 0
}

// number reads a count or seconds, at most a million.
func number(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return f, err == nil && f >= 0 && f <= 1e6
}
