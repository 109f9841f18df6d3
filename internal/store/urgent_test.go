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
