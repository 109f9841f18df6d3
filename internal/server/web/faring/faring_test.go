package faring_test

import (
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/faring"
)

func TestATokenIsSpokenOfByItsEnd(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		left  time.Duration
		days  int
		needs bool
	}{"ended an hour ago": {-time.Hour, -1, true}, "ends today": {5 * time.Hour, 0, false}, "ends in five days": {5*24*time.Hour + time.Hour, 5, false}} {
		at := sellerdesk.At(now.Add(c.left))
		a := sellerdesk.Account{State: sellerdesk.AccountOK, Identity: sellerdesk.Identity{Expires: &at}}
		if days, known := faring.DaysLeft(a, now); days != c.days || !known || faring.NeedsPerson(a, now) != c.needs {
			t.Errorf("%s: %d days, needs a person %v", name, days, faring.NeedsPerson(a, now))
		}
	}
	if _, known := faring.DaysLeft(sellerdesk.Account{}, now); known {
		t.Error("a token without an end ends")
	}
	if !faring.NeedsPerson(sellerdesk.Account{State: sellerdesk.AccountBroken}, now) {
		t.Error("a broken account needs nobody")
	}
}

func TestLimitsAndProgressAreWorkedOut(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	later := sellerdesk.At(now.Add(3 * time.Minute))
	b := sellerdesk.BucketState{Limit: 6, Remaining: 2, NextFreeAt: &later}
	if faring.Used(b) != 4 || faring.NextFree(b, now) != 3*time.Minute || faring.NextFree(b, now.Add(time.Hour)) != 0 {
		t.Errorf("used %d, next in %s", faring.Used(b), faring.NextFree(b, now))
	}
	a := sellerdesk.Account{Budget: []sellerdesk.BucketState{b}, Streams: []sellerdesk.StreamProgress{{CaughtUp: true}, {Done: 0.5}}}
	if !faring.Slow(a, now) || faring.Slow(sellerdesk.Account{}, now) || faring.Progress(a) != 0.75 || faring.Progress(sellerdesk.Account{}) != 1 {
		t.Errorf("slow %v, progress %v", faring.Slow(a, now), faring.Progress(a))
	}
}
