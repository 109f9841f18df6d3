package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// match looks for the people of so many chats and takes everything back.
func match(ctx context.Context, s *store.Store, random *rand.Rand, n int) (took time.Duration, err error) {
	all := make([]*store.Arrival, n)
	for i := range all {
		who := 1 + random.IntN(crowd)
		all[i] = &store.Arrival{Seat: &store.Seat{}, Name: "Buyer", Evidence: store.EvidenceOf(1, sellerdesk.Buyer{Phone: fmt.Sprint(79000000000 + who), Network: "telegram",
			Username: fmt.Sprint("@Name", who), User: sellerdesk.RemoteID(fmt.Sprint("u", random.Int64())), Contact: sellerdesk.RemoteID(fmt.Sprint(who))})}
	}
	back := errors.New("take it back")
	err = s.Write(ctx, func(tx *store.Tx) error {
		began := time.Now()
		err := tx.Contacts.Match(ctx, all)
		took = time.Since(began)
		for _, a := range all {
			if a.Seat.Contact == 0 || a.Seat.Counted {
				return fmt.Errorf("not found: %+v", a.Evidence)
			}
		}
		return errors.Join(err, back)
	})
	if errors.Is(err, back) {
		err = nil
	}
	return took, err
}

func TestAPersonIsFoundAmong200000WithinAMillisecond(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{})
	storetest.Account(t, s, "shop")
	if err := s.Crowd(t.Context(), crowd); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	// The best of many tells what it takes; the others what the machine does beside.
	for _, size := range []int{1, 100} {
		best := time.Hour
		for range rounds {
			took, err := match(t.Context(), s, random, size)
			if err != nil {
				t.Fatal(err)
			}
			best = min(best, took/time.Duration(size))
		}
		t.Logf("%d at once: %v each", size, best)
		if best > findTime {
			t.Errorf("%d at once take %v each", size, best)
		}
	}
	best, cursor := time.Hour, ""
	for range rounds {
		began := time.Now()
		err := s.Read(t.Context(), func(tx *store.Tx) (err error) {
			_, cursor, err = tx.Contacts.List(t.Context(), store.ContactQuery{User: 1, Limit: 50, Cursor: cursor})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(began))
	}
	t.Logf("a page of 50 people: %v", best)
	if best > 50*findTime {
		t.Errorf("a page of the list takes %v", best)
	}
}

// BenchmarkApplyBuyers measures what finding people costs a batch: the same
// chats with nothing known of the buyer, with a name only, and with all that a
// messenger tells.
func BenchmarkApplyBuyers(b *testing.B) {
	for _, kind := range []string{"nobody", "name", "buyer"} {
		b.Run(kind, func(b *testing.B) {
			const chats, each = 4000, 100
			var spent time.Duration
			for b.Loop() {
				s := storetest.Open(b, store.Options{})
				a := storetest.Account(b, s, "shop")
				for from := 0; from < chats; from += each {
					in := store.ApplyInput{Account: a, Stream: "chats"}
					for n := from; n < from+each; n++ {
						who := n % 1000
						at, name, id := minute(n), fmt.Sprint("Buyer ", who), fmt.Sprint(n)
						p := sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: sellerdesk.RemoteID(id), CreatedAt: &at}
						if kind != "nobody" {
							p.BuyerName = &name
						}
						if kind == "buyer" {
							p.Buyer = &sellerdesk.Buyer{Phone: fmt.Sprint(79000000000 + who), Network: "telegram", Username: name, Contact: sellerdesk.RemoteID(fmt.Sprint(who))}
						}
						in.Batch.Conversations = append(in.Batch.Conversations, p)
						for line := range 5 {
							in.Batch.Messages = append(in.Batch.Messages, buyer(id, fmt.Sprint(id, "-", line), "Здравствуйте, где мой заказ?", minute(n+line)))
						}
					}
					began := time.Now()
					apply(b, s, in)
					spent += time.Since(began)
				}
			}
			b.ReportMetric(float64(chats*5*b.N)/spent.Seconds(), "messages/s")
		})
	}
}

// BenchmarkMerge measures a person with 10,000 conversations put into another
// and taken out again.
func BenchmarkMerge(b *testing.B) {
	s := storetest.Open(b, store.Options{})
	a := storetest.Account(b, s, "shop")
	for from := 0; from < 10_000; from += 200 {
		var all []arrival
		for n := range 200 {
			all = append(all, arrival{a, fmt.Sprint(from + n), "Пётр", sellerdesk.Buyer{Phone: "79001234567"}})
		}
		arrive(b, s, all...)
	}
	arrive(b, s, arrival{a, "other", "Анна", sellerdesk.Buyer{}})
	big, small := personOf(b, s, a, "0"), personOf(b, s, a, "other")
	var merging, parting time.Duration
	for b.Loop() {
		began := time.Now()
		write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.Contacts.Merge(ctx, 1, small, big) })
		merging += time.Since(began)
		began = time.Now()
		write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.Contacts.Unmerge(ctx, 1, big) })
		parting += time.Since(began)
	}
	b.ReportMetric(float64(merging.Milliseconds())/float64(b.N), "merge-ms")
	b.ReportMetric(float64(parting.Milliseconds())/float64(b.N), "unmerge-ms")
}
