package radist

import (
	"strings"
	"sync"
	"time"
)

// Requests a second for a key: in all, and for chats and contacts.
const (
	perSecond     = 5
	perSecondSlow = 1
)

// bucket fills by rate tokens a second up to rate tokens.
type bucket struct {
	tokens float64
	at     time.Time
}

func (b *bucket) fill(rate float64, now time.Time) {
	if b.at.IsZero() {
		b.tokens = rate
	} else if d := now.Sub(b.at); d > 0 {
		b.tokens = min(rate, b.tokens+d.Seconds()*rate)
	}
	b.at = now
}

type buckets struct{ all, slow bucket }

// limits hold the buckets of every key.
type limits struct {
	mu   sync.Mutex
	keys map[string]*buckets
}

func newLimits() *limits { return &limits{keys: map[string]*buckets{}} }

func (l *limits) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.keys)
}

// almost forgives what is lost by rounding.
const almost = 1 - 1e-6

// take uses one request of a key, or none and says how long to wait.
func (l *limits) take(key, path string, now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.keys[key]
	if k == nil {
		k = &buckets{}
		l.keys[key] = k
	}
	k.all.fill(perSecond, now)
	k.slow.fill(perSecondSlow, now)
	slow := strings.Contains(path+"/", "/chats/") || strings.Contains(path+"/", "/contacts/")
	switch {
	case k.all.tokens < almost:
		return time.Duration((1 - k.all.tokens) / perSecond * float64(time.Second)), false
	case slow && k.slow.tokens < almost:
		return time.Duration((1 - k.slow.tokens) / perSecondSlow * float64(time.Second)), false
	}
	k.all.tokens--
	if slow {
		k.slow.tokens--
	}
	return 0, true
}
