package faring

import (
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// SoonDays is from how many days before its end a token is spoken of.
const SoonDays = 7

// DaysLeft tells in how many whole days a token ends; known is false for one
// without an end.
func DaysLeft(a sellerdesk.Account, now time.Time) (days int, known bool) {
	if a.Identity.Expires == nil {
		return 0, false
	}
	left := a.Identity.Expires.Sub(now)
	if left < 0 {
		return -1, true
	}
	return int(left.Hours() / 24), true
}

// NeedsPerson tells whether an account is shown as a warning everywhere.
func NeedsPerson(a sellerdesk.Account, now time.Time) bool {
	if a.State == sellerdesk.AccountExpired || a.State == sellerdesk.AccountBroken {
		return true
	}
	days, known := DaysLeft(a, now)
	return known && days < 0
}

// Progress is the share of the whole history that was read.
func Progress(a sellerdesk.Account) float64 {
	if len(a.Streams) == 0 {
		return 1
	}
	sum := 0.0
	for _, s := range a.Streams {
		if s.CaughtUp {
			sum++
		} else {
			sum += s.Done
		}
	}
	return sum / float64(len(a.Streams))
}

// NextFree is how long the next request of a bucket has to wait; zero when it
// may leave now.
func NextFree(b sellerdesk.BucketState, now time.Time) time.Duration {
	if b.NextFreeAt == nil {
		return 0
	}
	return max(0, b.NextFreeAt.Sub(now))
}

// Used is how many requests of a bucket are spent at the moment.
func Used(b sellerdesk.BucketState) int { return min(b.Limit, max(0, b.Limit-b.Remaining)) }

// slowWait is from which wait for one request a token is called slow.
const slowWait = 2 * time.Minute

// Slow tells whether the marketplace lets a token ask so seldom that a person
// notices.
func Slow(a sellerdesk.Account, now time.Time) bool {
	if a.Identity.Token == "basic" {
		return true
	}
	for _, b := range a.Budget {
		if b.NextFreeAt != nil && b.NextFreeAt.Sub(now) > slowWait {
			return true
		}
	}
	return false
}
