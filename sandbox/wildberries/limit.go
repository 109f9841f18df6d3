package wildberries

import (
	"sync"
	"time"
)

// rate is a token bucket as the remote side describes it: one request each interval, up to burst at once.
type rate struct {
	interval time.Duration
	burst    int
}

// rates says how fast each bucket may be used by personal and service tokens, and by basic ones.
var rates = map[string]struct{ full, basic rate }{
	"chats":       {rate{time.Second, 10}, rate{time.Hour, 1}},
	"events":      {rate{time.Second, 10}, rate{time.Hour, 1}},
	"message":     {rate{time.Second, 10}, rate{time.Hour, 1}},
	"download":    {rate{time.Second, 10}, rate{6 * time.Minute, 1}},
	"feedbacks":   {rate{333 * time.Millisecond, 6}, rate{12 * time.Minute, 1}}, // all of questions, reviews and pins together
	"rating":      {rate{time.Minute, 1}, rate{time.Minute, 1}},
	"claims":      {rate{3 * time.Second, 10}, rate{time.Hour, 1}},
	"claim":       {rate{3 * time.Second, 10}, rate{time.Hour, 1}},
	"seller-info": {rate{time.Minute, 10}, rate{time.Minute, 10}},
}

// pingRate is that of every host's /ping: three in thirty seconds.
var pingRate = rate{10 * time.Second, 3}

func rateOf(bucket string, kind TokenKind) rate {
	r, ok := rates[bucket]
	switch {
	case !ok:
		return pingRate
	case kind == Basic:
		return r.basic
	}
	return r.full
}

// limitKey is one bucket of one seller and token type.
type limitKey struct {
	bucket, seller string
	kind           TokenKind
}

// limits hold, for every bucket in use, the moment at which it will be full again.
type limits struct {
	mu   sync.Mutex
	full map[limitKey]time.Time
}

func newLimits() *limits { return &limits{full: map[limitKey]time.Time{}} }

func (l *limits) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.full)
}

// verdict is the answer of a bucket.
type verdict struct {
	allowed   bool
	remaining int           // requests that may go now without a pause, after this one
	retry     time.Duration // until one more is allowed
	reset     time.Duration // until the whole burst is
	burst     int
}

// take asks for cost requests; with force it takes them even when they are not there, as a fine does.
func (l *limits) take(key limitKey, cost int, force bool, now time.Time) verdict {
	r := rateOf(key.bucket, key.kind)
	whole := time.Duration(r.burst) * r.interval
	l.mu.Lock()
	defer l.mu.Unlock()
	full := l.full[key]
	if full.Before(now) {
		full = now
	}
	after := full.Add(time.Duration(cost) * r.interval)
	v := verdict{burst: r.burst, allowed: force || after.Sub(now) <= whole}
	if v.allowed {
		full = after
		l.full[key] = full
	}
	v.reset = full.Sub(now)
	v.remaining = max(0, int((whole-v.reset)/r.interval))
	v.retry = max(0, v.reset+r.interval-whole)
	return v
}

// wholeSeconds rounds up, as the headers do.
func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
