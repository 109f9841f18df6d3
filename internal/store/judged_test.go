package store_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// judged reads the judged queries: for each form the number of its line.
func judged(t *testing.T) (forms []string, line map[string]int) {
	t.Helper()
	b, err := os.ReadFile("testdata/judged.txt")
	if err != nil {
		t.Fatal(err)
	}
	line = map[string]int{}
	for n, l := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(l, "#") {
			continue
		}
		for _, f := range strings.Fields(l) {
			if _, known := line[f]; !known {
				forms, line[f] = append(forms, f), n
			}
		}
	}
	return forms, line
}

// around are texts in which a form is said; none of their words is judged.
func around() []string {
	return []string{"Здравствуйте! %s, прошу вас. Спасибо", "Подскажите пожалуйста насчёт этого: %s", "Вчера вечером было %s — вот так", "«%s», так и было сказано"}
}

// sayJudged lets a buyer say each form in a message of its own, in this order.
func sayJudged(t *testing.T, s *store.Store, forms []string) sellerdesk.AccountID {
	t.Helper()
	account := storetest.Account(t, s, "shop")
	var b sellerdesk.Batch
	for i, f := range forms {
		b.Messages = append(b.Messages, sellerdesk.MessagePatch{
			Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID(fmt.Sprint("c", i%7)), RemoteID: sellerdesk.RemoteID(fmt.Sprint("m", i)),
			Author: sellerdesk.AuthorBuyer, Text: fmt.Sprintf(around()[i%len(around())], f), At: minute(i),
		})
	}
	apply(t, s, store.ApplyInput{Account: account, Stream: "events", Batch: b})
	return account
}

// The public set of features: recall of inflected forms of at least 0.98, and
// the same results on both engines.
func TestJudgedQueriesFindAllForms(t *testing.T) {
	t.Parallel()
	if racing {
		t.Skip("compares both engines, of which the race detector sees one")
	}
	forms, line := judged(t)
	if len(forms) < 300 {
		t.Fatalf("%d queries, want at least 300", len(forms))
	}
	var mu sync.Mutex
	results := map[string]map[string][]string{}
	t.Run("engines", func(t *testing.T) {
		storetest.EachWith(t, store.Options{Clock: at(minute(600))}, func(t *testing.T, s *store.Store) {
			sayJudged(t, s, forms)
			found := map[string][]string{}
			read(t, s, func(ctx context.Context, tx *store.Tx) error {
				for _, f := range forms {
					page, err := tx.Search.Find(ctx, asking(f))
					if err != nil {
						return err
					}
					for _, r := range page.Rows {
						found[f] = append(found[f], forms[r.Message-1])
					}
					slices.Sort(found[f])
				}
				return nil
			})
			mu.Lock()
			defer mu.Unlock()
			results[s.Engine()] = found
		})
	})
	if results["postgres"] != nil {
		if diff := cmp.Diff(results["sqlite"], results["postgres"]); diff != "" {
			t.Errorf("sqlite and postgres differ:\n%s", diff)
		}
	}
	hits, relevant, foreign := 0, 0, 0
	for _, f := range forms {
		for _, other := range forms {
			if line[other] != line[f] {
				continue
			}
			relevant++
			if slices.Contains(results["sqlite"][f], other) {
				hits++
			} else {
				t.Logf("%q does not find %q", f, other)
			}
		}
		for _, other := range results["sqlite"][f] {
			if line[other] != line[f] {
				foreign++
				t.Logf("%q finds %q", f, other)
			}
		}
	}
	recall, precision := float64(hits)/float64(relevant), float64(hits)/float64(hits+foreign)
	t.Logf("%d queries: recall %.4f, precision %.4f", len(forms), recall, precision)
	if recall < 0.98 || precision < 0.95 {
		t.Errorf("recall %.4f, want 0.98; precision %.4f, want 0.95", recall, precision)
	}
}
