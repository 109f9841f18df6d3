package pull

import (
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

func TestPaceCalmsDownStepByStepAndIsHotAtOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := newStream(nil, channel.Stream{Name: "list", Every: 4 * time.Second, Calm: 15 * time.Second}, true)
	quiet, news := sellerdesk.Batch{}, sellerdesk.Batch{}
	for i, step := range []struct {
		batch   sellerdesk.Batch
		changed bool
		want    time.Duration
	}{
		{quiet, false, 4 * time.Second},
		{quiet, false, 6 * time.Second},
		{quiet, false, 9 * time.Second},
		{quiet, false, 13500 * time.Millisecond},
		{quiet, false, 15 * time.Second},
		{quiet, false, 15 * time.Second},
		{news, true, 4 * time.Second},
		{quiet, false, 6 * time.Second},
		{sellerdesk.Batch{After: time.Minute}, false, time.Minute},
		{sellerdesk.Batch{More: true, Next: "on"}, true, 0},
	} {
		s.schedule(now, step.batch, "", step.changed)
		if got := s.due.Sub(now); got != step.want {
			t.Errorf("after pull %d the next is due in %s, want %s", i, got, step.want)
		}
		now = s.due
	}
}

func TestStreamWithoutACalmPaceKeepsItsOwn(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := newStream(nil, channel.Stream{Name: "list", Every: 4 * time.Second}, true)
	for range 5 {
		s.schedule(now, sellerdesk.Batch{}, "", false)
		if got := s.due.Sub(now); got != 4*time.Second {
			t.Errorf("due in %s, want 4s", got)
		}
	}
}

func TestWhoWakesAStream(t *testing.T) {
	t.Parallel()
	const every, calm = 4 * time.Second, 40 * time.Second
	read := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		backfill bool
		failures int
		batch    sellerdesk.Batch
		atOnce   bool
		want     time.Duration // after the last reading
	}{
		"a person makes a calm stream hot":               {want: every},
		"a reading that costs much is not made sooner":   {batch: sellerdesk.Batch{After: 20 * time.Second}, want: 20 * time.Second},
		"old history is nobody's hurry":                  {backfill: true, want: calm},
		"a stream that was told to wait goes on waiting": {failures: 1, want: calm},
		"who looks for something does not wait":          {batch: sellerdesk.Batch{After: 20 * time.Second}, atOnce: true, want: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStream(nil, channel.Stream{Every: every, Calm: calm, Backfill: tt.backfill}, true)
			s.pace = calm
			s.schedule(read, tt.batch, "", false)
			s.failures = tt.failures
			s.wake(tt.atOnce)
			<-s.woken
			s.sooner(read.Add(time.Second))
			if got := s.due.Sub(read); got != tt.want {
				t.Errorf("due %s after the last reading, want %s", got, tt.want)
			}
		})
	}
}

func TestLaneOfAStream(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		backfill, caughtUp bool
		want               sellerdesk.Lane
	}{
		"news":                                 {false, true, sellerdesk.LanePoll},
		"news that were never read to the end": {false, false, sellerdesk.LaneBackfill},
		"old history":                          {true, false, sellerdesk.LaneBackfill},
		"old history read once":                {true, true, sellerdesk.LaneBackfill},
	} {
		if got := newStream(nil, channel.Stream{Backfill: tt.backfill}, tt.caughtUp).lane(); got != tt.want {
			t.Errorf("%s stand in lane %d, want %d", name, got, tt.want)
		}
	}
}
