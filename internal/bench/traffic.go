package bench

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Traffic counts what comes to a served world.
type Traffic struct {
	now func() time.Time

	mu     sync.Mutex // guards what follows
	counts map[string]int
	writes []arrivedWrite
}

// arrivedWrite is a request that changes something at the remote side.
type arrivedWrite struct {
	service string
	at      time.Time // on the clock of the world
	before  int       // requests of the same service that came earlier
}

// NewTraffic makes a counter for a world with a clock.
func NewTraffic(now func() time.Time) *Traffic {
	return &Traffic{now: now, counts: map[string]int{}}
}

// Handler counts what goes through to next.
func (t *Traffic) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The path begins with the remote side and the service.
		parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 3)
		if len(parts) == 3 {
			t.note(parts[1], r.Method)
		}
		next.ServeHTTP(w, r)
	})
}

func (t *Traffic) note(service, method string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if method != http.MethodGet {
		t.writes = append(t.writes, arrivedWrite{service, t.now(), t.counts[service]})
	}
	t.counts[service]++
}

// Count is how many requests came to a service.
func (t *Traffic) Count(service string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[service]
}

// mark is the present end of the writes.
func (t *Traffic) mark() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.writes)
}

// counted copies the counts of all services.
func (t *Traffic) counted() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make(map[string]int, len(t.counts))
	for service, n := range t.counts {
		all[service] = n
	}
	return all
}

// after is the first write behind a mark.
func (t *Traffic) after(mark int) (arrivedWrite, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.writes) <= mark {
		return arrivedWrite{}, false
	}
	return t.writes[mark], true
}
