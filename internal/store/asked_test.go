package store_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/rereads"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func TestWhatIsNamedIsReadOnceAndNoNamingIsLost(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(5))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, store.ApplyInput{Account: a, Stream: "reviews", Batch: review(5, "Супер")})
		name := func(ids ...sellerdesk.RemoteID) {
			var b sellerdesk.Batch
			for _, id := range ids {
				b.Reread = append(b.Reread, sellerdesk.RemoteRef{Kind: sellerdesk.KindReview, ID: id})
			}
			apply(t, s, store.ApplyInput{Account: a, Stream: "push", Batch: b, KeepCursor: true})
		}
		var due []rereads.Asked
		want := func(why, list string) {
			t.Helper()
			read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				due, err = tx.Rereads.Asked(ctx, a, minute(5), 10)
				return err
			})
			got := ""
			for _, d := range due {
				got += fmt.Sprintf("%s here:%t tries:%d ", d.Ref.ID, d.Conversation != 0, d.Attempt)
			}
			if got != list {
				t.Errorf("%s: due %q, want %q", why, got, list)
			}
		}
		each := func(do func(context.Context, *store.Tx, rereads.Asked) error) {
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				for _, d := range due {
					if err := do(ctx, tx, d); err != nil {
						return err
					}
				}
				return nil
			})
		}
		done := func(ctx context.Context, tx *store.Tx, d rereads.Asked) error { return tx.Rereads.AskedDone(ctx, a, d) }

		name("r1", "r2", "r1", "")
		want("each once, also one that is not here", "r1 here:true tries:0 r2 here:false tries:0 ")
		name("r2")
		each(done)
		want("one that was named while it was read", "r2 here:false tries:0 ")
		each(func(ctx context.Context, tx *store.Tx, d rereads.Asked) error {
			return tx.Rereads.AskedLater(ctx, a, d, minute(7))
		})
		want("put off", "")
		name("r2")
		want("named again while it is put off", "")
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			if next, err := tx.Rereads.AskedNext(ctx, a); err != nil || next == nil || *next != minute(7) {
				t.Errorf("next %v, %v", next, err)
			}
			return nil
		})
		remove(t, s, a)
	})
}
