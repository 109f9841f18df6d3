package yandexmarket

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// window is how long a quota counts; all windows begin at full hours of the world's clock.
const window = time.Hour

// maxParallel is how many requests of a cabinet may be under way at once.
const maxParallel = 4

type quotaKey struct {
	account int
	method  string
}

type quota struct {
	begins time.Time
	used   int
}

// limits count what was used in this hour and what is under way.
type limits struct {
	mu       sync.Mutex
	used     map[quotaKey]quota
	underway map[string]int
}

func newLimits() *limits { return &limits{used: map[quotaKey]quota{}, underway: map[string]int{}} }

func (l *limits) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.used)
}

// enter counts a request under way; it is false when there are too many.
func (l *limits) enter(entity string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.underway[entity] >= maxParallel {
		return false
	}
	l.underway[entity]++
	return true
}

func (l *limits) leave(entity string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.underway[entity]--; l.underway[entity] <= 0 {
		delete(l.underway, entity)
	}
}

// take uses one request of a quota, or none when it is used up.
func (l *limits) take(key quotaKey, limit int, now time.Time) (remaining int, until time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := l.used[key]
	if begins := now.Truncate(window); !q.begins.Equal(begins) {
		q = quota{begins: begins}
	}
	if ok = q.used < limit; ok {
		q.used++
	}
	l.used[key] = q
	return max(0, limit-q.used), q.begins.Add(window), ok
}

// headers tell about a quota; they stand on every answer.
func headers(rw http.ResponseWriter, limit, remaining int, until time.Time) {
	h := rw.Header()
	h.Set("X-RateLimit-Resource-Limit", strconv.Itoa(limit))
	h.Set("X-RateLimit-Resource-Remaining", strconv.Itoa(remaining))
	h.Set("X-RateLimit-Resource-Until", until.UTC().Format(http.TimeFormat))
}

// plainHeaders are those of an answer that used nothing.
func plainHeaders(rw http.ResponseWriter, limit int, now time.Time) {
	headers(rw, limit, limit, now.Truncate(window).Add(window))
}
