package radist

import (
	"context"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/channel"
)

// trust is whether pushes are believed to come: from the moment when they were
// asked for, or one came, until one was missed. The zero value does not believe.
type trust struct {
	mu    sync.Mutex // guards what follows
	given bool
	// since is the moment after which every word must have been pushed: that of
	// the trust, or the beginning of the last pass that came to its end. What was
	// said before is no news.
	since time.Time
	began time.Time // the pass that goes on
}

// give believes from a moment on.
func (t *trust) give(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.given {
		t.given, t.since = true, now
	}
}

// miss takes into account that nothing was heard of a word but by the walk. Words
// of buyers bear whole seconds.
func (t *trust) miss(said, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !said.Before(t.since.Truncate(time.Second)) && now.Sub(said) > pushTakes {
		t.given = false
	}
}

// begin notes that a pass begins, and end that it came to its end.
func (t *trust) begin(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.began = now
}

func (t *trust) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.began.After(t.since) {
		t.since = t.began
	}
}

// pace is how long to wait for the next pass at least.
func (t *trust) pace() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.given {
		return pushedPace
	}
	return 0
}

// pushTakes is how long a push may be on its way.
const pushTakes = 10 * time.Second

// gateway is a connector that believes in pushes as soon as they were asked for:
// the gateway wants no polling where it pushes, also where nobody writes.
type gateway struct{ *connector }

// Subscribe asks for all events at an address, and believes that they come. Where
// asking fails the walk stays quick.
func (g gateway) Subscribe(ctx context.Context, address string) error {
	if err := g.connector.Subscribe(ctx, address); err != nil {
		return err
	}
	g.walk.pushes.give(g.clock.Now())
	return nil
}

var _ channel.Subscriber = gateway{}
