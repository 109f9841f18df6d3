package people

import (
	"net/netip"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Bounds of guessing. The one for a login from everywhere is wide, so that a
// stranger cannot easily lock a person out.
const (
	attemptWindow     = 15 * time.Minute
	attemptsPair      = 5   // of one login from one address
	attemptsAddress   = 30  // of one address
	attemptsLogin     = 100 // of one login
	attemptsCode      = 20  // of the codes of one person, whose password is known already
	maxAttemptEntries = 10_000
)

// attempts counts sign-ins that went wrong, in memory: a restart forgives.
type attempts struct {
	clock  sellerdesk.Clock
	limits [attemptKinds]int

	mu   sync.Mutex // guards what follows
	seen map[attemptKey]attemptCount
}

type attemptKey struct{ login, address string }

type attemptCount struct {
	n     int
	until time.Time
}

func newAttempts(c sellerdesk.Clock, ofLogin int) *attempts {
	return &attempts{clock: c, limits: [attemptKinds]int{attemptsPair, attemptsAddress, ofLogin}, seen: map[attemptKey]attemptCount{}}
}

// errTooMany refuses a try for a while.
func errTooMany(wait time.Duration) error {
	return sellerdesk.Errorf(sellerdesk.CodeLimited, "Too many tries. Try again in %d min.", int((wait+time.Minute-1)/time.Minute))
}

// take counts a try before it is judged, so that many at once do not slip
// through. It tells how long to wait when there were too many; 0 lets it pass.
func (a *attempts) take(login, address string) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.clock.Now()
	keys := attemptKeys(login, address)
	for i, k := range keys {
		if c := a.seen[k]; c.n >= a.limits[i] && now.Before(c.until) {
			return c.until.Sub(now)
		}
	}
	a.makeRoom(now)
	for _, k := range keys {
		c := a.seen[k]
		if !now.Before(c.until) {
			c = attemptCount{until: now.Add(attemptWindow)}
		}
		c.n++
		a.seen[k] = c
	}
	return 0
}

// forgive takes back the try of a person who signed in, and what the same
// person mistyped before.
func (a *attempts) forgive(login, address string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	keys := attemptKeys(login, address)
	pair := a.seen[keys[0]].n
	delete(a.seen, keys[0])
	for _, k := range keys[1:] {
		c, ok := a.seen[k]
		if c.n -= pair; ok && c.n > 0 {
			a.seen[k] = c
		} else {
			delete(a.seen, k)
		}
	}
}

// makeRoom drops what has ended, and when that is not enough a quarter of all:
// a bound on memory matters more than a perfect count. The caller holds mu.
func (a *attempts) makeRoom(now time.Time) {
	if len(a.seen)+attemptKinds <= maxAttemptEntries {
		return
	}
	for k, c := range a.seen {
		if !now.Before(c.until) {
			delete(a.seen, k)
		}
	}
	for k := range a.seen {
		if len(a.seen) <= maxAttemptEntries*3/4 {
			return
		}
		delete(a.seen, k)
	}
}

// attemptKinds is how many counts one try is in: of its login from its
// address, of the address, of the login.
const attemptKinds = 3

func attemptKeys(login, address string) [attemptKinds]attemptKey {
	address = network(address)
	return [attemptKinds]attemptKey{{login, address}, {address: address}, {login: login}}
}

// network is what counts as one address: of IPv6 the 64 bits that a provider
// gives to one customer, who has all addresses below them.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	prefix, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
