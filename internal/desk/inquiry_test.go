package desk

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

func TestThoseWhoAskAtTheSameTimeWaitForOneCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := inquiries[int]{}
		calls, odd := 0, errors.New("no answer")
		call := func(ctx context.Context) error {
			calls++
			time.Sleep(time.Second)
			return errors.Join(odd, ctx.Err())
		}
		gone, leave := context.WithCancel(t.Context())
		outcome := make(chan error, 3)
		go func() { outcome <- q.once(gone, 1, time.Minute, call) }()
		synctest.Wait()
		leave() // the others still want to know
		for range 2 {
			go func() { outcome <- q.once(t.Context(), 1, 0, call) }()
		}
		for range 3 {
			if err := <-outcome; !errors.Is(err, odd) || errors.Is(err, context.Canceled) {
				t.Errorf("told %v", err)
			}
		}
		if err := q.once(t.Context(), 1, time.Minute, call); !errors.Is(err, odd) || calls != 1 {
			t.Errorf("called %d times: %v", calls, err)
		}
		_ = q.once(t.Context(), 2, time.Minute, call)
		time.Sleep(time.Minute)
		if _ = q.once(t.Context(), 1, time.Minute, call); calls != 3 {
			t.Errorf("called %d times in all, want again after a minute and once for another", calls)
		}
	})
}

func TestWhatWasAskedLongAgoIsForgotten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	q := inquiries[string]{clock: sellerdesk.Clock{NowFunc: func() time.Time { return now }}}
	for i := range 3 * mostInquiries {
		now = now.Add(time.Second)
		_ = q.once(t.Context(), fmt.Sprint(i), 0, func(context.Context) error { return nil })
	}
	if len(q.last) > mostInquiries {
		t.Errorf("%d are remembered, want at most %d", len(q.last), mostInquiries)
	}
}
