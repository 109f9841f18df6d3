package desk

import (
	"context"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// mostInquiries is of how many the end is remembered before old ones are
// forgotten, and inquiryKept how long at least.
const (
	mostInquiries = 1000
	inquiryKept   = 2 * time.Minute
)

// inquiries keep those who want to know the same of a remote side from asking
// it each for himself.
type inquiries[K comparable] struct {
	clock sellerdesk.Clock

	mu   sync.Mutex // guards last
	last map[K]*inquiry
}

// inquiry is one call. What follows done is set before it is closed.
type inquiry struct {
	done  chan struct{}
	ended time.Time
	err   error
}

// once makes a call, unless one for the same is on its way, whose outcome it
// waits for, or one ended less than fresh ago, well or not, whose outcome it
// gives. The call must bound itself: it goes on although ctx ends, since others
// may wait for it.
func (q *inquiries[K]) once(ctx context.Context, key K, fresh time.Duration, call func(context.Context) error) error {
	q.mu.Lock()
	if before := q.last[key]; before != nil && !before.older(q.clock.Now(), fresh) {
		q.mu.Unlock()
		select {
		case <-before.done:
			return before.err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	// Those who wait are told this when the call ends in a panic.
	own := &inquiry{done: make(chan struct{}), err: sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The channel could not be asked.")}
	q.forget()
	q.last[key] = own
	q.mu.Unlock()
	defer func() {
		own.ended = q.clock.Now()
		close(own.done)
	}()
	own.err = call(context.WithoutCancel(ctx))
	return own.err
}

// older tells whether a call has ended, and that fresh ago or more.
func (i *inquiry) older(now time.Time, fresh time.Duration) bool {
	select {
	case <-i.done:
		return now.Sub(i.ended) >= fresh
	default:
		return false
	}
}

// forget makes room among those that ended long ago.
func (q *inquiries[K]) forget() {
	if q.last == nil {
		q.last = map[K]*inquiry{}
	}
	if len(q.last) < mostInquiries {
		return
	}
	now := q.clock.Now()
	for key, i := range q.last {
		if i.older(now, inquiryKept) {
			delete(q.last, key)
		}
	}
}
