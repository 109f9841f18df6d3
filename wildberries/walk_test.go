package wildberries

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// entry is an item of a shelf.
type entry struct {
	id string
	at time.Time
}

// shelf is a list as the remote side keeps it. What the document leaves open can be set.
type shelf struct {
	entries   []entry
	strict    bool // bounds of dates do not belong to the period
	unordered bool
	deaf      bool // dates are not heeded
	after     func(s *shelf)
	asked     int
	deepest   int
}

func (s *shelf) page(q dated) ([]entry, int, error) {
	s.asked++
	s.deepest = max(s.deepest, q.Skip+q.Take)
	list := slices.DeleteFunc(slices.Clone(s.entries), func(e entry) bool { return !s.deaf && s.outside(e.at, q) })
	if !s.unordered {
		slices.SortStableFunc(list, func(a, b entry) int { return a.at.Compare(b.at) })
	}
	list = list[min(q.Skip, len(list)):]
	list = list[:min(q.Take, len(list))]
	if s.after != nil {
		s.after(s)
	}
	return list, 0, nil
}

// outside compares whole seconds, as the query has no others.
func (s *shelf) outside(at time.Time, q dated) bool {
	from, to, moment := q.From.Unix(), q.To.Add(time.Second-1).Unix(), at.Unix()
	if s.strict {
		return !q.From.IsZero() && moment <= from || moment >= to+1
	}
	return !q.From.IsZero() && moment < from || moment > to
}

func (s *shelf) walk(take int, b bounds) walk[entry] {
	return walk[entry]{
		op: "GET /shelf", query: dated{Take: take}, bounds: b, now: func() time.Time { return moment(1_000_000) }, fetch: s.page,
		id: func(e entry) string { return e.id }, date: func(e entry) time.Time { return e.at },
	}
}

func moment(n int) time.Time { return time.Unix(1_700_000_000+int64(n), 0).UTC() }

// read counts how often each id came.
func (w walk[T]) read(t testing.TB, budget int) (map[string]int, error) {
	t.Helper()
	got := map[string]int{}
	for item, err := range w.all() {
		if err != nil {
			return got, err
		}
		if got[w.id(item)]++; len(got) > budget {
			t.Fatal("this does not end")
		}
	}
	return got, nil
}

// Whatever the bounds mean, however the dates cluster and whatever leaves the list meanwhile: all that stays is read, each once.
func TestEverythingIsReadOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 7))
		s := &shelf{strict: random.IntN(2) == 0}
		at, stays := 0, map[string]bool{}
		for n := range random.IntN(400) {
			if random.IntN(5) == 0 {
				at += random.IntN(4)
			}
			e := entry{id: strconv.Itoa(n), at: moment(at).Add(time.Duration(random.IntN(1000)) * time.Millisecond)}
			s.entries, stays[e.id] = append(s.entries, e), true
		}
		if random.IntN(2) == 0 {
			// One in a while is answered, and so leaves this list, but not in the middle of a second that needs skipping.
			s.after = func(s *shelf) {
				if len(s.entries) > 0 {
					gone := s.entries[0]
					s.entries = s.entries[1:]
					delete(stays, gone.id)
				}
			}
		}
		got, err := s.walk(100, bounds{take: 100, skip: 200, sum: 300}).read(t, 400)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for id := range stays {
			if got[id] != 1 {
				t.Fatalf("seed %d: %s came %d times", seed, id, got[id])
			}
		}
		for id, n := range got {
			if n != 1 {
				t.Fatalf("seed %d: %s came %d times", seed, id, n)
			}
		}
	}
}

func TestReadingPastTheBoundsOfSkip(t *testing.T) {
	t.Parallel()
	series := func(n, perSecond int) []entry {
		var list []entry
		for i := range n {
			list = append(list, entry{id: strconv.Itoa(i), at: moment(i / perSecond)})
		}
		return list
	}
	reversed := series(95, 1)
	slices.Reverse(reversed)
	cases := []struct {
		name  string
		shelf shelf
		want  int
		err   error
		asked int // 0: not looked at
	}{
		{"nothing", shelf{}, 0, nil, 1},
		{"less than a page", shelf{entries: series(9, 3)}, 9, nil, 1},
		{"many times what can be skipped, inclusive bounds", shelf{entries: series(1000, 1)}, 1000, nil, 0},
		{"many times what can be skipped, exclusive bounds", shelf{entries: series(1000, 1), strict: true}, 1000, nil, 0},
		{"seconds that need skipping", shelf{entries: series(200, 40)}, 200, nil, 0},
		{"a second that is full", shelf{entries: series(101, 101)}, 100, ErrTooDense, 11},
		{"out of order, within what can be skipped", shelf{entries: reversed, unordered: true}, 95, nil, 10},
		{"out of order, beyond it", shelf{entries: append(reversed, series(100, 1)[95:]...), unordered: true}, 100, ErrTooDense, 10},
		{"dates that are not heeded", shelf{entries: series(95, 1), deaf: true}, 95, nil, 0},
		{"no dates: by skipping alone", shelf{entries: make([]entry, 95), deaf: true}, 1, nil, 10},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.shelf.walk(10, bounds{take: 10, skip: 100, sum: 100}).read(t, 2000)
			if !errors.Is(err, c.err) || len(got) != c.want {
				t.Errorf("%d of %d, %v", len(got), c.want, err)
			}
			if c.asked != 0 && c.shelf.asked != c.asked {
				t.Errorf("%d requests", c.shelf.asked)
			}
			if c.shelf.deepest > 100 {
				t.Errorf("asked up to %d", c.shelf.deepest)
			}
		})
	}
}

// The limit of requests is what a first year of history costs: nearly every page must be full of new items.
func TestReadingEverythingWastesNoRequests(t *testing.T) {
	t.Parallel()
	s := shelf{}
	for n := range 50_000 {
		s.entries = append(s.entries, entry{id: strconv.Itoa(n), at: moment(n * 10)})
	}
	if got, err := s.walk(5000, reviewBounds).read(t, 50_000); err != nil || len(got) != 50_000 || s.asked > 11 {
		t.Errorf("%d items in %d requests, %v", len(got), s.asked, err)
	}
}

func TestTheMemoryOfAWalkIsSmall(t *testing.T) {
	t.Parallel()
	o := overlapped{}
	for n := range 10_000 {
		o.add(strconv.Itoa(n), moment(n))
		o.forget(moment(n - 1))
	}
	if got := slices.Sorted(maps.Keys(o)); !slices.Equal(got, []string{"9998", "9999"}) {
		t.Errorf("remembers %v", got)
	}
	if o.add("9999", moment(9999)) || !o.add("", moment(1)) || !o.add("", moment(1)) {
		t.Error("what is known and what is not is told wrongly")
	}
}

// bigShelf answers both lists over HTTP with 25,000 items, three a second.
func bigShelf(t testing.TB, name string, items int) (*Client, *[]url.Values) {
	t.Helper()
	asked := &[]url.Values{}
	s := shelf{}
	for n := range items {
		s.entries = append(s.entries, entry{id: strconv.Itoa(n), at: moment(n / 3)})
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := r.URL.Query()
		*asked = append(*asked, v)
		number := func(name string) int64 { n, _ := strconv.ParseInt(v.Get(name), 10, 64); return n }
		q := dated{Take: int(number("take")), Skip: int(number("skip")), From: time.Unix(number("dateFrom"), 0), To: time.Unix(number("dateTo"), 0)}
		list, _, _ := s.page(q)
		var body strings.Builder
		for i, e := range list {
			if i > 0 {
				body.WriteByte(',')
			}
			fmt.Fprintf(&body, `{"id":%q,"createdDate":%q}`, e.id, e.at.Format(time.RFC3339Nano))
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"data":{%q:[%s]},"error":false}`, name, body.String())
	}))
	t.Cleanup(server.Close)
	// header {"alg":"none"}, claims {"s":128}
	c, err := New("eyJhbGciOiJub25lIn0.eyJzIjoxMjh9.c2ln", WithBaseURL(server.URL), WithAttempts(1), WithLimiter(NewBudget(Token{}, BudgetOptions{Fresh: true})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c, asked
}

func TestAllQuestionsGoesPastTenThousand(t *testing.T) {
	t.Parallel()
	c, asked := bigShelf(t, "questions", 25_000)
	got := map[string]int{}
	for q, err := range c.Questions.AllQuestions(t.Context(), ListQuestions{Answered: true, Product: 5, To: moment(1_000_000)}) {
		if err != nil {
			t.Fatal(err)
		}
		got[q.ID]++
	}
	if len(got) != 25_000 || slices.Max(slices.Collect(maps.Values(got))) != 1 {
		t.Errorf("%d questions", len(got))
	}
	for _, v := range *asked {
		if v.Get("order") != "dateAsc" || v.Get("dateTo") != strconv.FormatInt(moment(1_000_000).Unix(), 10) || v.Get("isAnswered") != "true" ||
			v.Get("nmId") != "5" || v.Get("skip") != "0" || v.Get("take") != "10000" {
			t.Errorf("asked %v", v)
		}
	}
	if len(*asked) != 3 {
		t.Errorf("%d requests", len(*asked))
	}
}

func TestAllReviewsCanBeLeftEarly(t *testing.T) {
	t.Parallel()
	c, asked := bigShelf(t, "feedbacks", 20_000)
	n := 0
	for r, err := range c.Reviews.AllReviews(t.Context(), ListReviews{}) {
		if err != nil || r.CreatedDate.IsZero() {
			t.Fatal(r, err)
		}
		if n++; n == 5001 {
			break
		}
	}
	// Without an end of the period it is the moment of the call, and stays it.
	if len(*asked) != 2 || (*asked)[0].Get("dateTo") == "" || (*asked)[0].Get("dateTo") != (*asked)[1].Get("dateTo") || (*asked)[0].Has("dateFrom") {
		t.Errorf("asked %v", *asked)
	}
}

func TestNaiveTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 23, 7, 0, 0, 0, time.UTC)
	cases := []struct {
		name, raw string
		want      NaiveTime
		written   string
	}{
		{"no zone means UTC+3", `"2026-07-23T10:00:00"`, NaiveTime{Time: at}, `"2026-07-23T10:00:00"`},
		{"six digits of a fraction", `"2026-07-23T10:00:00.245611"`, NaiveTime{Time: at.Add(245611 * time.Microsecond)}, `"2026-07-23T10:00:00.245611"`},
		{"a zone is heeded", `"2026-07-23T07:00:00Z"`, NaiveTime{Time: at}, `"2026-07-23T10:00:00"`},
		{"a day begins in UTC+3", `"2026-07-23"`, NaiveTime{Time: at.Add(-10 * time.Hour)}, `"2026-07-23T00:00:00"`},
		{"the end of a year", `"2025-12-31T23:59:59"`, NaiveTime{Time: time.Date(2025, 12, 31, 20, 59, 59, 0, time.UTC)}, `"2025-12-31T23:59:59"`},
		{"empty", `""`, NaiveTime{}, `""`},
		{"null", `null`, NaiveTime{}, `""`},
		{"the zero date", `"0001-01-01T00:00:00"`, NaiveTime{}, `""`},
		{"nonsense is kept", `"yesterday"`, NaiveTime{Raw: "yesterday"}, `"yesterday"`},
		{"a number is kept", `17`, NaiveTime{Raw: "17"}, `"17"`},
		{"endless nonsense is not", `"` + strings.Repeat("x", 101) + `"`, NaiveTime{}, `""`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got NaiveTime
			if err := json.Unmarshal([]byte(c.raw), &got); err != nil || got != c.want {
				t.Errorf("got %+v, %v", got, err)
			}
			if written, err := json.Marshal(got); err != nil || string(written) != c.written {
				t.Errorf("written %s, %v", written, err)
			}
		})
	}
}
