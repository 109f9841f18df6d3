package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sync"
	"time"
)

// What the ledger keeps.
const (
	maxReceived = 10_000
	// DuplicateWindow is how near in world time two equal messages of one conversation must come to count as one received twice.
	DuplicateWindow = 10 * time.Minute
)

// ledger counts what the seller's programs did.
type ledger struct {
	mu         sync.Mutex
	received   []Received // a ring once it is full
	oldest     int
	violations map[string]int
	duplicates int
	seen       map[[32]byte]time.Time
}

func newLedger() *ledger {
	return &ledger{violations: map[string]int{}, seen: map[[32]byte]time.Time{}}
}

// receive notes a message that came through the API; one that did not take effect can only be a duplicate.
func (l *ledger) receive(r Received, files []File, took bool) {
	print := fingerprint(r, files)
	l.mu.Lock()
	defer l.mu.Unlock()
	if before, ok := l.seen[print]; ok && r.At.Sub(before) <= DuplicateWindow {
		l.duplicates++
	}
	if !took {
		return
	}
	l.seen[print] = r.At.Time
	if len(l.seen) > 2*maxReceived {
		l.forget(r.At.Time)
	}
	if len(l.received) < maxReceived {
		l.received = append(l.received, r)
		return
	}
	l.received[l.oldest] = r
	l.oldest = (l.oldest + 1) % maxReceived
}

// forget drops fingerprints too old to matter, and all of them when too many are young: the count is then too low, never too high.
func (l *ledger) forget(now time.Time) {
	for k, at := range l.seen {
		if now.Sub(at) > DuplicateWindow {
			delete(l.seen, k)
		}
	}
	if len(l.seen) > 10*maxReceived {
		clear(l.seen)
	}
}

func (l *ledger) violate(api string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.violations[api]++
}

// read copies the counters and the received messages, oldest first.
func (l *ledger) read(s *State) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.Received = slices.Concat(l.received[l.oldest:], l.received[:l.oldest])
	if s.Received == nil {
		s.Received = []Received{}
	}
	for api, n := range l.violations {
		s.Violations[api] = n
	}
	s.Duplicates = l.duplicates
}

func fingerprint(r Received, files []File) [32]byte {
	h := sha256.New()
	for _, part := range []string{r.API, r.Account, string(r.Kind), r.Conversation, r.Text} {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		h.Write(size[:])
		h.Write([]byte(part))
	}
	for _, f := range files {
		sum := f.digest()
		h.Write(sum[:])
	}
	return [32]byte(h.Sum(nil))
}
