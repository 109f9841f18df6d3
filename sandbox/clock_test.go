package sandbox_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

func TestClockRunsAtItsScale(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := sandbox.NewClock(start, 60)
		time.Sleep(2 * time.Second)
		if got := c.Now(); got != start.Add(2*time.Minute) {
			t.Errorf("after two seconds at 60: %v", got)
		}
		c.SetScale(0)
		time.Sleep(time.Hour)
		if got := c.Now(); got != start.Add(2*time.Minute) {
			t.Errorf("while stopped: %v", got)
		}
		c.Advance(24 * time.Hour)
		c.Advance(-time.Hour)
		c.SetScale(1)
		time.Sleep(time.Second)
		if got := c.Now(); got != start.Add(24*time.Hour+2*time.Minute+time.Second) {
			t.Errorf("in the end: %v", got)
		}
	})
}

func TestTimersFireOnTheWorldsTimeWhateverHappensToIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		move func(*sandbox.Clock)
		real time.Duration // until a timer of an hour fires
	}{
		"scale one":                {func(*sandbox.Clock) {}, time.Hour},
		"scale sixty from halfway": {func(c *sandbox.Clock) { time.Sleep(30 * time.Minute); c.SetScale(60) }, 30*time.Minute + 30*time.Second},
		"advanced to the end":      {func(c *sandbox.Clock) { c.Advance(time.Hour) }, 0},
		"advanced by a part":       {func(c *sandbox.Clock) { c.Advance(59 * time.Minute) }, time.Minute},
		"stopped for a day":        {func(c *sandbox.Clock) { c.SetScale(0); time.Sleep(24 * time.Hour); c.SetScale(1) }, 25 * time.Hour},
		"an odd scale":             {func(c *sandbox.Clock) { c.SetScale(7) }, 514_285_714_286},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				clock, before := sandbox.NewClock(start, 1), time.Now()
				fired, stop := clock.NewTimer(time.Hour)
				c.move(clock)
				if at := <-fired; at.Before(start.Add(time.Hour)) {
					t.Errorf("fired early, at %v", at)
				}
				if got := time.Since(before); got < c.real || got > c.real+time.Microsecond {
					t.Errorf("fired after %v, want %v", got, c.real)
				}
				if stop() {
					t.Error("a fired timer was still waiting")
				}
			})
		})
	}
}

func TestStoppedTimerNeverFires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := sandbox.NewClock(start, 1)
		fired, stop := c.NewTimer(time.Minute)
		if !stop() || stop() {
			t.Error("stop told wrongly whether the timer waited")
		}
		c.Advance(time.Hour)
		time.Sleep(time.Hour)
		select {
		case <-fired:
			t.Error("fired")
		default:
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Sleep(ctx, time.Hour); err != context.Canceled {
			t.Error(err)
		}
	})
}

func TestLiveBuyersWriteAtABelievablePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(4, sandbox.Options{Start: start, Live: true})
		if err != nil {
			t.Fatal(err)
		}
		wildberries.Mount(w, wildberries.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- w.Run(ctx) }()
		count := func() (messages, chats int) {
			for _, a := range w.Accounts("wildberries") {
				messages += a.Messages()
				chats += a.Len()
				for _, kind := range []sandbox.Kind{sandbox.KindQuestion, sandbox.KindReview, sandbox.KindClaim} {
					messages += a.Board(kind).Len()
				}
			}
			return messages, chats
		}
		messages, chats := count()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		after, opened := count()
		if wrote := after - messages; wrote < 15 || wrote > 31 || opened == chats || opened-chats == wrote {
			t.Errorf("%d messages and posts in ten minutes, %d new chats", wrote, opened-chats)
		}
		a := w.Accounts("wildberries")[0]
		for range 8 {
			if _, err := w.Receive(a, a.Events(0, 1)[0].Conversation, "Что-нибудь ещё?", nil); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		replies := 0
		for _, m := range a.Events(start.Add(10*time.Minute).UnixMilli(), 100) {
			if m.Author == sandbox.Buyer && m.Conversation == a.Events(0, 1)[0].Conversation {
				replies++
			}
		}
		if replies < 1 || replies > 8 {
			t.Errorf("%d replies to eight answers", replies)
		}
		before := w.State().Conversations["wildberries"]
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		for kind, n := range w.State().Conversations["wildberries"] {
			if n <= before[kind] {
				t.Errorf("no new %s in three hours", kind)
			}
		}
		changed := 0
		for _, a := range w.Accounts("wildberries") {
			for _, p := range a.Board(sandbox.KindReview).List(sandbox.Query{}) {
				if strings.Contains(p.Text, "оценку: ") || strings.Contains(p.Text, "Передумал") {
					changed++
				}
			}
		}
		if changed == 0 {
			t.Error("nobody changed the stars of a review in three hours")
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
