package rest

import (
	"slices"
	"time"
)

// waiter is a call that stands in a lane of a bucket. Only the first waiter of the highest lane runs a timer; the others
// wait until changed tells them that they may have become first.
type waiter struct {
	bucket  string
	lane    Lane
	changed chan struct{}
}

// bucket counts in time instead of fractions of requests: one request costs token, credit grows with the clock. Credit
// below zero is a pause that the remote side asked for.
type bucket struct {
	token  time.Duration
	burst  int
	credit time.Duration
	at     time.Time // credit is counted up to here
	flying int       // let go and not yet answered
	alone  bool      // the request in flight has shared no moment with another
	queues [laneCount][]*waiter
}

// interval is how long one request takes to come back.
func (l BucketLimit) interval() time.Duration {
	if l.Period <= 0 {
		l.Period = time.Second
	}
	return max(l.Period/time.Duration(max(l.Limit, 1)), shortestInterval)
}

// padded makes an interval longer by one percent, for clocks that differ.
func padded(interval time.Duration) time.Duration { return interval + interval/100 + time.Millisecond }

// change sets another limit and keeps as many requests as were there, so far as
// there is room; a pause that was asked for stays.
func (k *bucket) change(l BucketLimit) {
	token := padded(l.interval())
	if k.credit > 0 {
		k.credit = time.Duration(float64(k.credit) / float64(k.token) * float64(token))
	}
	k.token, k.burst = token, max(l.Burst, 1)
	k.credit = min(k.credit, k.token*time.Duration(k.burst))
}

func newBucket(l BucketLimit, fresh bool, now time.Time) *bucket {
	interval := l.interval()
	k := &bucket{burst: max(l.Burst, 1), at: now, token: padded(interval)}
	switch {
	case fresh:
		k.credit = k.token * time.Duration(k.burst)
	case interval > trustedStart:
		k.credit = k.token
	}
	return k
}

// refill adds what has come back since the last look. A clock that went backwards gives nothing.
func (k *bucket) refill(now time.Time) {
	elapsed := now.Sub(k.at)
	k.at = now
	room := k.token*time.Duration(k.burst-k.flying) - k.credit
	if elapsed > 0 && room > 0 {
		k.credit += min(elapsed, room)
	}
}

// free tells whether a request may leave now, and else in how long; 0 when only an answer can make room.
func (k *bucket) free() (time.Duration, bool) {
	switch {
	case k.credit >= k.token:
		return 0, true
	case k.flying >= k.burst:
		return 0, false
	default:
		return k.token - k.credit, false
	}
}

func (k *bucket) spend() {
	k.credit -= k.token
	k.alone = k.flying == 0
	k.flying++
}

// learn corrects the estimate by what an answer says. The request of that answer no longer counts as flying.
func (k *bucket) learn(h Hint) {
	if h.Burst > 0 && h.Burst < k.burst {
		k.burst = h.Burst
		k.credit = min(k.credit, k.token*time.Duration(k.burst))
	}
	if h.Throttled {
		pause := h.RetryAfter
		if pause <= 0 {
			pause = max(k.token, time.Second)
		}
		// One request is allowed when the pause ends, and the credit is made to reach one at that moment.
		k.credit = min(k.credit, k.token-min(pause, longestPause))
		return
	}
	if !h.HasRemaining {
		return
	}
	told := k.token * time.Duration(min(max(h.Remaining-k.flying, 0), k.burst))
	switch {
	case told+k.token <= k.credit:
		// More than the part of a request that whole numbers hide is missing: somebody else uses the account too.
		k.credit = told
	case h.Window && told < k.credit:
		// At the end of a period the part of a request that came back meanwhile is not there.
		k.credit = told
	case !h.Window && told > k.credit && k.alone && k.flying == 0:
		// Nothing of ours can have been counted after this answer, so that there really is as much.
		k.credit = told
	}
}

func (k *bucket) push(w *waiter) { k.queues[w.lane] = append(k.queues[w.lane], w) }

func (k *bucket) head() *waiter {
	for _, q := range k.queues {
		if len(q) > 0 {
			return q[0]
		}
	}
	return nil
}

func (k *bucket) remove(w *waiter) {
	q := k.queues[w.lane]
	if i := slices.Index(q, w); i >= 0 {
		k.queues[w.lane] = slices.Delete(q, i, i+1)
	}
}

// wake lets the first waiter look again. The channel holds one signal, so none is lost and nobody blocks.
func (k *bucket) wake() {
	if w := k.head(); w != nil {
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}
}
