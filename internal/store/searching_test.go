package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
	"github.com/sellerdesk/sellerdesk/search"
)

// asking is a question for words in accounts.
func asking(words string, accounts ...sellerdesk.AccountID) store.SearchQuery {
	q := store.SearchQuery{Limit: 200}
	q.Words = []search.Word{}
	for _, w := range strings.Fields(words) {
		q.Words = append(q.Words, search.Word{Text: w})
	}
	for _, a := range accounts {
		q.Cabinets = append(q.Cabinets, fmt.Sprint(a))
	}
	return q
}

// found gives the ids that a question finds.
func found(ctx context.Context, tx *store.Tx, q store.SearchQuery) ([]sellerdesk.MessageID, error) {
	page, err := tx.Search.Find(ctx, q)
	ids := []sellerdesk.MessageID{}
	for _, r := range page.Rows {
		ids = append(ids, r.Message)
	}
	return ids, err
}

// questions are questions of all shapes over the words of a load, the same for
// every engine.
func questions(n int) (all []search.Query) {
	random := rand.New(rand.NewPCG(7, 7))
	words := strings.Fields("заказ возврат деньги кроссовки размер цвет черный футболка курьер доставка пара брак обменять 1234 пришлите нет анна")
	pick := func() string { return words[random.IntN(len(words))] }
	for range n {
		var q search.Query
		for range random.IntN(3) {
			w := search.Word{Text: pick()}
			switch random.IntN(5) {
			case 0:
				w.Phrase, w.Text = true, w.Text+" "+pick()
			case 1:
				w.Not = true
			case 2:
				w.Prefix, w.Text = true, "возв"
			}
			q.Words = append(q.Words, w)
		}
		if random.IntN(3) == 0 {
			q.Authors = []sellerdesk.Author{sellerdesk.AuthorBuyer}
		}
		if random.IntN(4) == 0 {
			q.Kinds, q.Stars = []sellerdesk.Kind{sellerdesk.KindReview}, []int{1 + random.IntN(5), 5}
		}
		if random.IntN(4) == 0 {
			q.Cabinets = []string{"SHOP"}
		}
		if random.IntN(4) == 0 {
			q.From, q.To = "2026-01-01", "2026-12-31"
		}
		if random.IntN(6) == 0 {
			q.Articles = []string{"AB-7", "ab-8"}
		}
		if random.IntN(6) == 0 {
			q.Waiting = true
		}
		all = append(all, q)
	}
	return all
}

func TestSearchFindsTheSameOnBothEnginesAndNothingOfOtherCabinets(t *testing.T) {
	t.Parallel()
	if racing {
		t.Skip("compares both engines, of which the race detector sees one")
	}
	var mu sync.Mutex
	outcomes := map[string]map[string][]sellerdesk.MessageID{}
	t.Run("engines", func(t *testing.T) {
		storetest.EachWith(t, store.Options{Clock: at(minute(600))}, func(t *testing.T, s *store.Store) {
			shop, other := storetest.Account(t, s, "shop"), storetest.Account(t, s, "other")
			for n, id := range []sellerdesk.AccountID{shop, other} {
				if _, err := storetest.Fill(t.Context(), s, id, storetest.Load{Seed: uint64(n), Conversations: 20, Messages: 150, Batch: 50, From: start}); err != nil {
					t.Fatal(err)
				}
				apply(t, s, reviewed(id))
			}
			one := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{other: sellerdesk.RightsOf(sellerdesk.RightSee)}})
			outcome := map[string][]sellerdesk.MessageID{}
			read(t, s, func(ctx context.Context, tx *store.Tx) error {
				for i, q := range questions(40) {
					whole, err := tx.Search.Find(ctx, store.SearchQuery{Query: q, Limit: 1000})
					if err != nil {
						return fmt.Errorf("%q: %w", q.Typed(sellerdesk.Russian), err)
					}
					part, err := tx.Search.Find(one, store.SearchQuery{Query: q, Limit: 1000})
					if err != nil {
						return err
					}
					outcome[fmt.Sprint(i, " ", q.Typed(sellerdesk.Russian))] = ids(whole.Rows)
					var want []store.SearchRow
					for _, r := range whole.Rows {
						if r.Account == other {
							want = append(want, r)
						}
					}
					if diff := cmp.Diff(ids(want), ids(part.Rows)); diff != "" {
						t.Errorf("%q of one cabinet:\n%s", q.Typed(sellerdesk.Russian), diff)
					}
					if diff := cmp.Diff(ids(whole.Rows), inPages(ctx, t, tx, q)); diff != "" {
						t.Errorf("%q in pages:\n%s", q.Typed(sellerdesk.Russian), diff)
					}
				}
				return nil
			})
			mu.Lock()
			defer mu.Unlock()
			outcomes[s.Engine()] = outcome
		})
	})
	some := 0
	for _, found := range outcomes["sqlite"] {
		if len(found) > 0 {
			some++
		}
	}
	if some < 12 {
		t.Errorf("only %d questions found anything", some)
	}
	if outcomes["postgres"] != nil {
		if diff := cmp.Diff(outcomes["sqlite"], outcomes["postgres"]); diff != "" {
			t.Errorf("sqlite and postgres differ:\n%s", diff)
		}
	}
}

// reviewed is a batch of reviews of two articles.
func reviewed(id sellerdesk.AccountID) store.ApplyInput {
	in := store.ApplyInput{Account: id, Stream: "reviews"}
	for i := range 30 {
		stars, name := 1+i%5, []string{"Анна", "Пётр"}[i%2]
		remote := sellerdesk.RemoteID(fmt.Sprint("r", i))
		in.Batch.Conversations = append(in.Batch.Conversations, sellerdesk.ConversationPatch{
			Kind: sellerdesk.KindReview, RemoteID: remote, Rating: &stars, BuyerName: &name, Product: &sellerdesk.Product{ID: sellerdesk.RemoteID(fmt.Sprint("AB-", 7+i%3))},
		})
		in.Batch.Messages = append(in.Batch.Messages, sellerdesk.MessagePatch{
			Kind: sellerdesk.KindReview, Conversation: remote, RemoteID: "m", Author: sellerdesk.AuthorBuyer, Text: "Кроссовки: брак, размер мал", At: minute(i), Rating: &stars,
		})
	}
	return in
}

func ids(rows []store.SearchRow) []sellerdesk.MessageID {
	out := []sellerdesk.MessageID{}
	for _, r := range rows {
		out = append(out, r.Message)
	}
	return out
}

// inPages walks through what is found by small pages.
func inPages(ctx context.Context, t *testing.T, tx *store.Tx, q search.Query) []sellerdesk.MessageID {
	t.Helper()
	out := []sellerdesk.MessageID{}
	for before, more := sellerdesk.MessageID(0), true; more; {
		page, err := tx.Search.Find(ctx, store.SearchQuery{Query: q, Limit: 97, Before: before})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, ids(page.Rows)...)
		before, more = page.Last, page.More && page.Last > 0
	}
	return out
}

func TestSearchWordsAreMadeAnewWhileEverythingWorks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "shop")
		apply(t, s, reviewed(account))
		whole := func() (yes bool) {
			read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				yes, err = tx.Search.Whole(ctx)
				return err
			})
			return yes
		}
		count := func(typed string) (n int) {
			q, err := search.Parse(typed)
			if err != nil {
				t.Fatal(err)
			}
			read(t, s, func(ctx context.Context, tx *store.Tx) error {
				found, err := found(ctx, tx, store.SearchQuery{Query: q, Limit: 200})
				n = len(found)
				return err
			})
			return n
		}
		if !whole() || count("кроссовка петр") != 15 {
			t.Fatalf("whole %v, found %d", whole(), count("кроссовка петр"))
		}
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.Settings.Set(t.Context(), "search.words", "1"); err != nil {
				return err
			}
			return tx.Search.Forget(t.Context(), []sellerdesk.MessageID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
		})
		if err != nil || whole() {
			t.Fatalf("%v, whole %v", err, whole())
		}
		renew(t, s)
		if !whole() || count("кроссовка петр") != 15 {
			t.Errorf("made anew: whole %v, found %d", whole(), count("кроссовка петр"))
		}
		name := "Василий"
		apply(t, s, store.ApplyInput{Account: account, Stream: "reviews", Batch: sellerdesk.Batch{
			Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindReview, RemoteID: "r1", BuyerName: &name}},
		}})
		renew(t, s)
		if count("василий") != 1 || count("кроссовка петр") != 14 {
			t.Errorf("by the new name %d, by the old one %d", count("василий"), count("кроссовка петр"))
		}
	})
}

// renew makes search words anew, a few at a time, until none are old.
func renew(t *testing.T, s *store.Store) {
	t.Helper()
	for more := true; more; {
		err := s.Write(t.Context(), func(tx *store.Tx) (err error) {
			more, err = tx.Search.Renew(t.Context(), 7)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
