package sandbox_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

var kinds = []sandbox.Kind{sandbox.KindQuestion, sandbox.KindReview, sandbox.KindClaim}

func posts(w *sandbox.World, kind sandbox.Kind) []sandbox.Post {
	var all []sandbox.Post
	for _, a := range w.Accounts("wildberries") {
		all = append(all, a.Board(kind).List(sandbox.Query{})...)
	}
	return all
}

func TestEqualSeedsGiveEqualPostsAndOthersDoNot(t *testing.T) {
	t.Parallel()
	a, b, c := newWorld(t, 1, sandbox.Options{}), newWorld(t, 1, sandbox.Options{}), newWorld(t, 2, sandbox.Options{})
	for _, kind := range kinds {
		write := func(w *sandbox.World) string { // an answer is a pointer
			var out strings.Builder
			for _, p := range posts(w, kind) {
				if p.Answer != nil {
					fmt.Fprintln(&out, *p.Answer)
				}
				p.Answer = nil
				fmt.Fprintf(&out, "%+v\n", p)
			}
			return out.String()
		}
		if write(a) != write(b) {
			t.Errorf("%s: equal seeds differ", kind)
		}
		if write(a) == write(c) || write(a) == "" {
			t.Errorf("%s: other seeds do not", kind)
		}
	}
}

func TestPostsAreSpreadAndAnsweredBelievably(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		w := newWorld(t, seed, sandbox.Options{})
		if got := w.State().Conversations["wildberries"]; got["question"] != 60 || got["review"] < 110 || got["review"] > 120 || got["claim"] != 12 {
			t.Errorf("seed %d: %v", seed, got)
		}
		for _, kind := range kinds {
			waiting := 0
			for _, a := range w.Accounts("wildberries") {
				done := false
				n := a.Board(kind).Count(sandbox.Query{Done: &done, Stale: 30 * 24 * time.Hour})
				waiting += n
				if n == 0 {
					t.Errorf("seed %d: no %s waits in %s", seed, kind, a.Name)
				}
				last := time.Time{}
				for _, p := range a.Board(kind).List(sandbox.Query{}) {
					if !p.At.After(last) || p.At.After(start) || p.Answer != nil && (p.Answer.At.After(start) || p.Answer.At.Before(p.At)) {
						t.Fatalf("seed %d: %s of %v after %v, answer %+v", seed, kind, p.At, last, p.Answer)
					}
					last = p.At
				}
			}
			if waiting > 40 {
				t.Errorf("seed %d: %d of %s wait", seed, waiting, kind)
			}
		}
	}
}

func TestReviewsLookLikeReviews(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, sandbox.Options{Reviews: 20_000, Questions: 4_000, Claims: 1_000, Messages: 10})
	all := posts(w, sandbox.KindReview)
	var stars [6]int
	bare, photos, videos, nameless, pairs, texts := 0, 0, 0, 0, 0, map[string]bool{}
	for _, p := range all {
		stars[p.Stars]++
		texts[p.Text] = true
		for flag, n := range map[*int]bool{&bare: p.Bare(), &photos: len(p.Files) > 0, &videos: p.Video > 0, &nameless: p.Buyer.Name == "", &pairs: p.Child != sandbox.ID{}} {
			if n {
				*flag++
			}
		}
		if strings.ContainsAny(p.Text+p.Pros+p.Cons, "{}|") || p.Answer != nil && strings.ContainsAny(p.Answer.Text, "{}|") {
			t.Fatalf("a gap is left in %q", p.Text)
		}
	}
	share := func(n int) float64 { return float64(n) / float64(len(all)) }
	for what, c := range map[string]struct{ got, low, high float64 }{
		"five stars": {share(stars[5]), 0.64, 0.72}, "one star": {share(stars[1]), 0.06, 0.1}, "two stars": {share(stars[2]), 0.02, 0.06},
		"stars only": {share(bare), 0.15, 0.25}, "photos": {share(photos), 0.15, 0.3}, "videos": {share(videos), 0.005, 0.03},
		"no name": {share(nameless), 0.05, 0.12}, "supplemented": {share(pairs), 0.03, 0.05},
	} {
		if c.got < c.low || c.got > c.high {
			t.Errorf("%s: %.3f of all", what, c.got)
		}
	}
	if len(texts) < 900 {
		t.Errorf("%d different texts", len(texts))
	}
	for _, kind := range kinds[:1] {
		for _, p := range posts(w, kind) {
			if p.Text == "" || strings.ContainsAny(p.Text, "{}|") || p.Stars != 0 {
				t.Fatalf("%s %+v", kind, p)
			}
		}
	}
}

func TestSupplementAndFirstReviewNameEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Options{Reviews: 2_000})
	pairs := 0
	for _, a := range w.Accounts("wildberries") {
		b := a.Board(sandbox.KindReview)
		for _, p := range b.List(sandbox.Query{}) {
			if p.Child == (sandbox.ID{}) {
				continue
			}
			pairs++
			child, ok := b.Post(p.Child)
			if !ok || child.Parent != p.ID || child.Buyer != p.Buyer && child.Buyer.Name != "" && p.Buyer.Name != "" || child.Product.Number != p.Product.Number || !child.At.After(p.At) || child.Child != (sandbox.ID{}) {
				t.Errorf("%+v\n%+v", p, child)
			}
		}
		if b.Len()-b.Conversations() == 0 {
			t.Error("no supplement")
		}
	}
	if pairs < 40 {
		t.Errorf("%d pairs", pairs)
	}
}

func TestPostSizesAreChosenExactlyOrInProportion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		options sandbox.Options
		want    [3]int
	}{
		{"the default", sandbox.Options{}, [3]int{60, 120, 12}},
		{"ten times the default", sandbox.Options{Messages: 6400}, [3]int{600, 1200, 120}},
		{"exact", sandbox.Options{Questions: 5, Reviews: 7, Claims: 3}, [3]int{5, 7, 3}},
		{"none", sandbox.Options{Questions: -1, Reviews: -1, Claims: -1}, [3]int{}},
		{"three accounts", sandbox.Options{Questions: 100, Accounts: 3, Reviews: 1, Claims: -1}, [3]int{100, 1, 0}},
	} {
		w := newWorld(t, 1, c.options)
		for i, kind := range kinds {
			if got := len(posts(w, kind)); got != c.want[i] {
				t.Errorf("%s: %d of %s, want %d", c.name, got, kind, c.want[i])
			}
		}
	}
	if _, err := sandbox.New(1, sandbox.Options{Reviews: 5_000_001}); err == nil {
		t.Error("five million and one reviews were accepted")
	}
}

func TestMillionsOfReviewsAreMadeQuicklyAndFrugally(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	w := newWorld(t, 3, sandbox.Options{Messages: 1000, Accounts: 76, Reviews: 3_600_000})
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("made in %v", took)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if used := int64(after.HeapAlloc) - int64(before.HeapAlloc); used > 80<<20 {
		t.Errorf("%d MB in use", used>>20)
	}
	b, done, pages := w.Accounts("wildberries")[0].Board(sandbox.KindReview), true, 20
	began = time.Now()
	for i := range pages {
		if got := b.List(sandbox.Query{Done: &done, Newest: true, Skip: i * 9_000, Take: 50}); len(got) != 50 {
			t.Fatalf("page of %d", len(got))
		}
		b.Count(sandbox.Query{Done: &done})
	}
	if took := time.Since(began) / time.Duration(pages); took > 500*time.Millisecond { // texts of all of them would take half a minute
		t.Errorf("a page and a count of two million take %v", took)
	}
	runtime.KeepAlive(w)
}

func TestBuyerChangesAReviewInPlaceAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Options{Messages: 10})
	five, two := 5, 2
	write := func(in sandbox.BuyerMessage) (sandbox.Written, error) {
		in.API, in.Kind = "wildberries", sandbox.KindReview
		return w.BuyerWrites(context.Background(), in)
	}
	made, err := write(sandbox.BuyerMessage{Text: "Отлично", Rating: &five, From: &sandbox.Person{Name: "Анна"}, Files: []sandbox.NewPart{{Name: "a.jpg"}}})
	if err != nil {
		t.Fatal(err)
	}
	answer := sandbox.SellerMessage{API: "wildberries", Kind: sandbox.KindReview, Conversation: made.Conversation, Text: "Спасибо!"}
	if _, err := w.SellerWrites(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	if _, err := write(sandbox.BuyerMessage{Conversation: made.Conversation, Rating: &two}); err != nil {
		t.Fatal(err)
	}
	if _, err := write(sandbox.BuyerMessage{Conversation: made.Conversation, Text: "Сломалось", Files: []sandbox.NewPart{{Name: "b.png"}}}); err != nil {
		t.Fatal(err)
	}
	b := w.Accounts("wildberries")[0].Board(sandbox.KindReview)
	id, _ := sandbox.ParseID(made.Message)
	got, ok := b.Post(id)
	if !ok || got.Stars != 2 || got.Text != "Сломалось" || got.Buyer.Name != "Анна" || len(got.Files) != 2 || got.Answer == nil || got.Answer.Text != "Спасибо!" || got.Viewed || !got.At.Equal(start) {
		t.Errorf("%+v", got)
	}
	for i, f := range got.Files {
		found, ok := b.File(f.ID)
		if !ok || found.Type != []string{"image/jpeg", "image/png"}[i] {
			t.Errorf("photo %d: %+v %v", i, found, ok)
		}
	}
	eleven := make([]sandbox.NewPart, 9)
	if _, err := write(sandbox.BuyerMessage{Conversation: made.Conversation, Text: "a", Files: eleven}); err == nil {
		t.Error("eleven photos were accepted")
	}
}

func TestRatingIsTheMeanOfWhatCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 9, sandbox.Options{Reviews: 500, Accounts: 1})
	b := w.Accounts("wildberries")[0].Board(sandbox.KindReview)
	check := func() {
		t.Helper()
		n, sum, unviewed := 0, 0, 0
		for _, p := range b.List(sandbox.Query{}) {
			if !p.Excluded {
				n, sum = n+1, sum+p.Stars
			}
			if !p.Viewed {
				unviewed++
			}
		}
		got, mean := b.Rating()
		if got != n || math.Abs(mean-float64(sum)/float64(n)) > 1e-9 || b.Unviewed() != unviewed {
			t.Errorf("%d reviews of %f, %d not viewed; want %d of %f, %d", got, mean, b.Unviewed(), n, float64(sum)/float64(n), unviewed)
		}
	}
	check()
	for i, p := range b.List(sandbox.Query{Take: 100}) {
		if _, err := b.Change(p.ID, func(p *sandbox.Post) error {
			p.Stars, p.Excluded, p.Viewed = 1+i%5, i%3 == 0, i%2 == 0
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	check()
	five := 5
	if _, err := w.BuyerWrites(t.Context(), sandbox.BuyerMessage{API: "wildberries", Kind: sandbox.KindReview, Rating: &five}); err != nil {
		t.Fatal(err)
	}
	check()
	if n, mean := newWorld(t, 1, sandbox.Options{Reviews: -1}).Accounts("wildberries")[0].Board(sandbox.KindReview).Rating(); n != 0 || mean != 0 {
		t.Errorf("without reviews: %d of %f", n, mean)
	}
}

func TestQueriesAgreeWithAPlainFilter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 4, sandbox.Options{Reviews: 400, Accounts: 1})
	b, products := w.Accounts("wildberries")[0].Board(sandbox.KindReview), w.Accounts("wildberries")[0].Products()
	all := b.List(sandbox.Query{})
	yes, no := true, false
	for _, q := range []sandbox.Query{
		{}, {Newest: true}, {Done: &yes}, {Done: &no}, {Done: &no, Stale: 7 * 24 * time.Hour}, {Done: &yes, Stale: 7 * 24 * time.Hour, Newest: true},
		{Product: products[0].Number}, {Product: products[2].Number, Done: &yes, Skip: 3, Take: 4}, {Product: 1},
		{From: all[50].At.Unix(), To: all[90].At.Unix()}, {From: all[50].At.Unix() + 1, To: all[90].At.Unix() - 1, Newest: true, Skip: 2}, {Skip: 399}, {Skip: 400}, {To: -1}, {From: math.MaxInt64}, {To: math.MaxInt64},
	} {
		var want []sandbox.ID
		for i := range all {
			p := all[i]
			if q.Newest {
				p = all[len(all)-1-i]
			}
			done := p.Bare() || p.Answer != nil || q.Stale > 0 && start.Sub(p.At) >= q.Stale
			if (q.Done == nil || *q.Done == done) && (q.Product == 0 || q.Product == p.Product.Number) && (q.From == 0 || p.At.Unix() >= q.From) && (q.To == 0 || p.At.Unix() <= q.To) {
				want = append(want, p.ID)
			}
		}
		if got := b.Count(q); got != len(want) {
			t.Errorf("%+v: %d counted, want %d", q, got, len(want))
		}
		want = want[min(q.Skip, len(want)):]
		if q.Take > 0 {
			want = want[:min(q.Take, len(want))]
		}
		var got []sandbox.ID
		for _, p := range b.List(q) {
			got = append(got, p.ID)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%+v: %s", q, diff)
		}
	}
}
