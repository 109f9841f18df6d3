package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// TestSearchFindsAllWhereverMessagesLie looks for words among messages that stand
// close together in some places and far apart in others, whose numbers reach beyond
// what is looked at by one sample, on both engines.
func TestSearchFindsAllWhereverMessagesLie(t *testing.T) {
	t.Parallel()
	if racing {
		t.Skip("compares both engines, of which the race detector sees one")
	}
	var mu sync.Mutex
	outcomes := map[string][][]sellerdesk.MessageID{}
	t.Run("engines", func(t *testing.T) {
		storetest.EachWith(t, store.Options{Clock: at(minute(600))}, func(t *testing.T, s *store.Store) {
			shop, other := storetest.Account(t, s, "shop"), storetest.Account(t, s, "other")
			random, to := rand.New(rand.NewPCG(3, 3)), int64(0)
			for n := range 24 {
				id := []sellerdesk.AccountID{shop, other}[n/4%2]
				load := storetest.Load{Seed: uint64(n), Conversations: 1 + random.IntN(9), Messages: []int{3, 25, 140}[n%3], Batch: 50, From: minute(n).Time}
				if _, err := storetest.Fill(t.Context(), s, id, load); err != nil {
					t.Fatal(err)
				}
				to += 2000 + random.Int64N([]int64{1000, 50_000, 5_000_000, 9_000_000}[random.IntN(4)])
				if err := s.Skip(t.Context(), to); err != nil {
					t.Fatal(err)
				}
			}
			apply(t, s, reviewed(shop))
			if to < 40_000_000 {
				t.Errorf("the numbers reach to %d only", to)
			}
			var outcome [][]sellerdesk.MessageID
			read(t, s, func(ctx context.Context, tx *store.Tx) error {
				for _, q := range questions(60) {
					whole, err := tx.Search.Find(ctx, store.SearchQuery{Query: q, Limit: 1000})
					if err != nil {
						return fmt.Errorf("%q: %w", q.Typed(sellerdesk.Russian), err)
					}
					outcome = append(outcome, ids(whole.Rows))
					if all := inPages(ctx, t, tx, q); len(all) < 1000 && !cmp.Equal(ids(whole.Rows), all) {
						t.Errorf("%q in pages:\n%s", q.Typed(sellerdesk.Russian), cmp.Diff(ids(whole.Rows), all))
					}
				}
				return nil
			})
			mu.Lock()
			defer mu.Unlock()
			outcomes[s.Engine()] = outcome
		})
	})
	most := 0
	for _, found := range outcomes["sqlite"] {
		most = max(most, len(found))
	}
	if most < 400 {
		t.Errorf("no question found more than %d messages", most)
	}
	if outcomes["postgres"] != nil {
		if diff := cmp.Diff(outcomes["sqlite"], outcomes["postgres"]); diff != "" {
			t.Errorf("sqlite and postgres differ:\n%s", diff)
		}
	}
}
