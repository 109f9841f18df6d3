package store_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func progress(t testing.TB, s *store.Store, a sellerdesk.AccountID) sellerdesk.StreamProgress {
	t.Helper()
	var all []sellerdesk.StreamProgress
	read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.Streams.List(ctx, a)
		return err
	})
	if len(all) != 1 {
		t.Fatalf("%d streams", len(all))
	}
	return all[0]
}

// TestTheEstimateIsRightOnceATenthIsDone reads a history of 10,000 things, one
// page of 100 every 30 seconds, which all lie in its last month.
func TestTheEstimateIsRightOnceATenthIsDone(t *testing.T) {
	t.Parallel()
	now := minute(0)
	s := storetest.Open(t, store.Options{Clock: sellerdesk.Clock{NowFunc: func() time.Time { return now.Time }}})
	a := storetest.Account(t, s, "shop")
	end := sellerdesk.At(now.Add(100 * 30 * time.Second))
	for page := range 100 {
		if page == 30 { // a night without the program
			now, end = sellerdesk.At(now.Add(8*time.Hour)), sellerdesk.At(end.Add(8*time.Hour))
		}
		now = sellerdesk.At(now.Add(30 * time.Second))
		apply(t, s, store.ApplyInput{Account: a, Stream: "history", Batch: sellerdesk.Batch{
			More: page < 99, Done: int64(page+1) * 100, Total: 10_000, Next: sellerdesk.Cursor(now.String())}})
		p := progress(t, s, a)
		if share := float64(page+1) / 100; math.Abs(p.Done-share) > 0.001 {
			t.Fatalf("page %d: done %f", page, p.Done)
		}
		switch {
		case page < 9 && p.DoneAt != nil:
			t.Errorf("page %d: an estimate before a tenth is done", page)
		case page == 30, page < 9, page == 99: // the first page after the night has nothing to compare with
		case p.DoneAt == nil:
			t.Errorf("page %d: no estimate", page)
		default:
			left, said := end.Sub(now.Time).Seconds(), p.DoneAt.Sub(now.Time).Seconds()
			if math.Abs(said-left) > 0.2*left {
				t.Errorf("page %d: %.0f s left, said %.0f s", page, left, said)
			}
		}
	}
	if p := progress(t, s, a); !p.CaughtUp || p.Done != 1 || p.DoneAt != nil {
		t.Errorf("at the end: %+v", p)
	}
}

func TestAStreamIsReadAgainWithoutChangingAnything(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		in := batch(a, buyer("c1", "m1", "Где заказ?", minute(0)))
		in.Batch.Next = "end"
		apply(t, s, in)
		before := only(t, s, a)
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Streams.Reset(ctx, a, "events") })
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			cursor, err := tx.Streams.Cursor(ctx, a, "events")
			if cursor != "" {
				t.Errorf("cursor %q", cursor)
			}
			return err
		})
		if got := apply(t, s, in); got != (store.Applied{}) {
			t.Errorf("read again: %+v", got)
		}
		if after := only(t, s, a); after.Rev != before.Rev {
			t.Error("reading again changed the conversation")
		}
	})
}

func TestAClosedStoreFailsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		none := func(*store.Tx) error { return nil }
		for name, do := range map[string]func(context.Context, func(*store.Tx) error) error{"write": s.Write, "read": s.Read} {
			began := time.Now()
			if err := do(t.Context(), none); sellerdesk.CodeOf(err) != sellerdesk.CodeUnavailable {
				t.Errorf("%s: %v", name, err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("%s took %s", name, took)
			}
		}
	})
}
