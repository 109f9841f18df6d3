package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// street is a small world in which evidence points to two people often.
type street struct {
	t        testing.TB
	s        *store.Store
	random   *rand.Rand
	accounts []sellerdesk.AccountID
	// sits says whose each conversation is, by what was seen last.
	sits map[string]string
}

func newStreet(t testing.TB, s *store.Store, seed uint64) *street {
	w := &street{t: t, s: s, random: rand.New(rand.NewPCG(seed, 7)), sits: map[string]string{}}
	for n := range 3 {
		w.accounts = append(w.accounts, storetest.Account(t, s, fmt.Sprint("shop", n)))
	}
	return w
}

// arrivals draws what buyers are known by; chats come again, with more evidence.
func (w *street) arrivals(n int) (all []arrival) {
	pick := func(share float64, format string, of int) string {
		if w.random.Float64() >= share {
			return ""
		}
		return fmt.Sprintf(format, w.random.IntN(of))
	}
	for range n {
		a := arrival{account: w.accounts[w.random.IntN(len(w.accounts))], chat: fmt.Sprint("chat", w.random.IntN(n)), name: pick(0.4, "Buyer %d", 5)}
		a.buyer = sellerdesk.Buyer{Phone: pick(0.4, "+7 900 000-00-0%d", 8), Network: []string{"telegram", "whatsapp"}[w.random.IntN(2)],
			User: sellerdesk.RemoteID(pick(0.2, "u%d", 6)), Username: pick(0.3, "@Name%d", 8), Contact: sellerdesk.RemoteID(pick(0.5, "%d", 8))}
		all = append(all, a)
	}
	return all
}

// batches cuts arrivals into batches of one account, of at most so many.
func (w *street) batches(all []arrival, most int) (out [][]arrival) {
	for len(all) > 0 {
		n := 1
		for n < len(all) && n < 1+w.random.IntN(most) && all[n].account == all[0].account {
			n++
		}
		out, all = append(out, all[:n]), all[n:]
	}
	return out
}

// seats gives for each conversation its contact or its person.
func (w *street) seats(column string) map[string]string {
	out := map[string]string{}
	for _, row := range rows(w.t, w.s, 3, `SELECT v.account_id * 1000000 + v.id, COALESCE(v.`+column+`, 0), v.remote_id FROM conversations v`) {
		fields := strings.Fields(row)
		out[fields[0]] = fields[1]
	}
	return out
}

// partition says which chats belong together, without numbers.
func (w *street) partition(column string) []string {
	groups := map[int64][]string{}
	read(w.t, w.s, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Rows(ctx, 3, `SELECT COALESCE(v.`+column+`, -v.id), v.account_id, v.remote_id FROM conversations v`)
		for _, row := range all {
			var owner, account int64
			var chat string
			if _, err := fmt.Sscan(row, &owner, &account, &chat); err != nil {
				return err
			}
			shop := slices.Index(w.accounts, sellerdesk.AccountID(account))
			groups[owner] = append(groups[owner], fmt.Sprint(shop, "/", chat))
		}
		return err
	})
	var out []string
	for _, g := range groups {
		slices.Sort(g)
		out = append(out, strings.Join(g, " "))
	}
	slices.Sort(out)
	return out
}

// moved fails when a conversation has another contact than before, or another
// person without a recorded reason.
func (w *street) moved(reasons int) {
	w.t.Helper()
	contacts, people := w.seats("contact_id"), w.seats("person_id")
	for id, now := range contacts {
		if was, known := w.sits["contact "+id]; known && was != "0" && was != now {
			w.t.Errorf("conversation %s had contact %s and has %s", id, was, now)
		}
		w.sits["contact "+id] = now
	}
	for id, now := range people {
		if was, known := w.sits["person "+id]; known && was != "0" && was != now && reasons == 0 {
			w.t.Errorf("conversation %s was of person %s and is of %s without a reason", id, was, now)
		}
		w.sits["person "+id] = now
	}
}

// meddle merges, parts or dismisses at random, and gives how many reasons were
// recorded for that.
func (w *street) meddle() int {
	before := len(rows(w.t, w.s, 1, `SELECT id FROM contact_changes WHERE kind <> 'attach'`))
	all := rows(w.t, w.s, 1, `SELECT id FROM contacts ORDER BY id`)
	if len(all) < 2 {
		return 0
	}
	pick := func() (id sellerdesk.ContactID) {
		if _, err := fmt.Sscan(all[w.random.IntN(len(all))], &id); err != nil {
			w.t.Fatal(err)
		}
		return id
	}
	ctx := w.t.Context()
	err := w.s.Write(ctx, func(tx *store.Tx) error {
		switch w.random.IntN(5) {
		case 0, 1, 2:
			return tx.Contacts.Merge(ctx, 1, pick(), pick())
		case 3:
			return tx.Contacts.Unmerge(ctx, 1, pick())
		default:
			return tx.Contacts.Dismiss(ctx, 1, pick(), pick())
		}
	})
	if err != nil && sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
		w.t.Fatal(err)
	}
	return len(rows(w.t, w.s, 1, `SELECT id FROM contact_changes WHERE kind <> 'attach'`)) - before
}

// part takes everybody out of everybody.
func (w *street) part() {
	for {
		merged := rows(w.t, w.s, 1, `SELECT id FROM contacts WHERE merged_into IS NOT NULL ORDER BY id`)
		if len(merged) == 0 {
			return
		}
		var id sellerdesk.ContactID
		if _, err := fmt.Sscan(merged[w.random.IntN(len(merged))], &id); err != nil {
			w.t.Fatal(err)
		}
		write(w.t, w.s, func(ctx context.Context, tx *store.Tx) error { return tx.Contacts.Unmerge(ctx, 1, id) })
	}
}

// export gives all contacts as they are exported.
func (w *street) exports() map[string]string {
	out := map[string]string{}
	for _, row := range rows(w.t, w.s, 1, `SELECT id FROM contacts`) {
		var id sellerdesk.ContactID
		if _, err := fmt.Sscan(row, &id); err != nil {
			w.t.Fatal(err)
		}
		var text []byte
		var place store.ExportPlace
		for !place.Done() {
			read(w.t, w.s, func(ctx context.Context, tx *store.Tx) error {
				piece, next, err := tx.Contacts.Export(ctx, id, place)
				text, place = append(text, piece...), next
				return err
			})
		}
		out[row] = string(text)
	}
	return out
}

// TestPeopleAreTheSameHoweverTheyArrive lets the same buyers arrive one by one,
// in batches, and with people merged and parted in between.
func TestPeopleAreTheSameHoweverTheyArrive(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		seeds := worlds
		if s.Engine() == "postgres" || testing.Short() {
			seeds = 1
		}
		for seed := range seeds {
			var want []string
			for round, most := range []int{1, 4, 1000, 6} {
				w := newStreet(t, s, uint64(seed))
				got := w.live(most, round == 3)
				if want == nil {
					want = got
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("seed %d, batches of %d: others belong together than one by one: %s", seed, most, diff)
				}
			}
			if len(want) < 5 {
				t.Errorf("seed %d is no test: %q", seed, want)
			}
		}
	})
}

// live lets everybody arrive in batches of at most so many, and somebody meddle
// and take all of that back, and says who belongs together then. At last all
// accounts are removed, which leaves nobody.
func (w *street) live(most int, meddled bool) []string {
	w.t.Helper()
	for _, b := range w.batches(w.arrivals(40), most) {
		arrive(w.t, w.s, b...)
		w.moved(0)
		for range w.random.IntN(3) {
			if !meddled {
				break
			}
			reasons := w.meddle()
			sound(w.t, w.s)
			w.moved(reasons)
		}
	}
	sound(w.t, w.s)
	before := w.exports()
	w.part()
	sound(w.t, w.s)
	if diff := cmp.Diff(before, w.exports()); diff != "" {
		w.t.Errorf("parting changed an export: %s", diff)
	}
	got := w.partition("person_id")
	for _, a := range w.accounts {
		remove(w.t, w.s, a)
		sound(w.t, w.s)
	}
	if left := rows(w.t, w.s, 1, `SELECT id FROM contacts`); len(left) > 0 {
		w.t.Errorf("people %v are left of removed accounts", left)
	}
	return got
}
