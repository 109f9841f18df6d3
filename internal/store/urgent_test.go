package store_test

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// One engine: the other writes several at once.
func TestWhoWaitsForAnAnswerWritesBeforeWhatIsRead(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{Path: filepath.Join(t.TempDir(), "sellerdesk.db")})
	begun, end := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = s.Write(t.Context(), func(*store.Tx) error { close(begun); <-end; return nil })
	})
	<-begun
	var mu sync.Mutex
	var order []string
	wait := func(ctx context.Context, name string) {
		all.Go(func() {
			_ = s.Write(ctx, func(*store.Tx) error {
				mu.Lock()
				defer mu.Unlock()
				order = append(order, name)
				return nil
			})
		})
		time.Sleep(20 * time.Millisecond) // it stands in line
	}
	for range 4 {
		wait(t.Context(), "sync")
	}
	wait(sellerdesk.WithLane(t.Context(), sellerdesk.LanePerson), "person")
	close(end)
	all.Wait()
	if want := []string{"person", "sync", "sync", "sync", "sync"}; !slices.Equal(order, want) {
		t.Errorf("written in the order %v, want %v", order, want)
	}
}

// A reading that ends while a push names the same conversation takes the same
// rows in the same order, so that neither waits for the other without end.
func TestReadingsAndPushesOfOneConversationDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		named := sellerdesk.Batch{Reread: []sellerdesk.RemoteRef{{Kind: sellerdesk.KindReview, ID: "r1"}}}
		var all sync.WaitGroup
		for _, work := range []func(ctx context.Context, tx *store.Tx) error{
			func(ctx context.Context, tx *store.Tx) error { // a push
				_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: a, Stream: "push", Batch: named, KeepCursor: true})
				return err
			},
			func(ctx context.Context, tx *store.Tx) error { // the end of a reading
				if err := tx.Accounts.Lock(ctx, a); err != nil {
					return err
				}
				due, err := tx.Rereads.Asked(ctx, a, sellerdesk.AtMillis(1<<60), 10)
				for _, d := range due {
					if err := tx.Rereads.AskedDone(ctx, a, d); err != nil {
						return err
					}
				}
				if err != nil {
					return err
				}
				_, err = tx.Inbox.Apply(ctx, store.ApplyInput{Account: a, Stream: "history", Batch: review(5, "Супер"), KeepCursor: true})
				return err
			},
		} {
			for range 4 {
				all.Go(func() {
					for range 10 {
						if err := s.Write(t.Context(), func(tx *store.Tx) error { return work(t.Context(), tx) }); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
		}
		all.Wait()
	})
}
