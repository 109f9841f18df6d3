package finding_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
	ask "github.com/sellerdesk/sellerdesk/search"
)

// walk reads every page of what is found in an order; between is called behind each.
func walk(t *testing.T, s *store.Store, typed string, sort finding.Sort, limit func() int, between func()) (hits []sellerdesk.Hit, first sellerdesk.Found) {
	t.Helper()
	q, err := ask.Parse(typed)
	if err != nil {
		t.Fatal(err)
	}
	in := finding.Input{User: 1, Query: q, Sort: sort}
	for page := range 200 {
		in.Limit = limit()
		found, err := search(s).Find(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if page == 0 {
			first = found
		}
		if (found.Ranked > 0) != (sort == finding.SortRelevance && !finding.Listed(q)) {
			t.Fatalf("%s by %s: ranked %d", typed, sort, found.Ranked)
		}
		hits = append(hits, found.Items...)
		if found.Next == "" {
			return hits, first
		}
		in.Cursor = string(found.Next)
		between()
	}
	t.Fatal("the pages have no end")
	return nil, first
}

func TestWhatAnswersBetterStandsFirstOnBothEngines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		const day = 24 * 60
		take(t, s, account,
			line{"a", -60 * day, "кружка разбилась"}, line{"b", -1, "Кружка! Здравствуйте, вчера она разбилась"}, line{"c", 0, "разбилась кружка"},
			line{"d", 1, "кружки разбились"}, line{"e", 2, "блюдце"}, line{"f", 3, "кружка разбилась"}, line{"g", 3, "кружка разбилась"},
			line{"h", 4, "кружка, и ложка, и вилка, и ещё шесть кружек"})
		want := []string{"g 3", "f 3", "a -86400", "c 0", "d 1", "b -1"}
		for _, limit := range []int{1, 2, 50} {
			hits, _ := walk(t, s, "кружка разбилась", finding.SortRelevance, func() int { return limit }, func() {})
			var got []string
			for _, h := range hits {
				got = append(got, fmt.Sprint(*h.Conversation.RemoteID, " ", h.At.Sub(morning()).Minutes()))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("in pages of %d: %s", limit, diff)
			}
		}
		q, _ := ask.Parse("кружка")
		found, err := search(s).Find(t.Context(), finding.Input{User: 1, Query: q, Limit: 1})
		if err != nil || found.Ranked != 0 || found.Items[0].Message.Text[:12] != "кружка"[:12] {
			t.Fatalf("%+v: %v", found, err)
		}
		_, err = search(s).Find(t.Context(), finding.Input{User: 1, Query: q, Sort: finding.SortRelevance, Cursor: string(found.Next)})
		if sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
			t.Errorf("a place in one order is taken for one in the other: %v", err)
		}
	})
}

// While one reads on, new messages and whole histories come in: whatever was there at
// the beginning is shown once.
func TestPagesNeitherRepeatNorLoseWhileMessagesComeIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		random := rand.New(rand.NewPCG(4, 2))
		written := 0
		write := func(n int) {
			var lines []line
			for range n {
				written++
				text := "кружка " + strings.Repeat("синяя ", random.IntN(4)) + []string{"кружки", "кружку разбили", "кружка"}[random.IntN(3)]
				lines = append(lines, line{fmt.Sprint("chat-", written%40), random.IntN(500_000) - 400_000, text})
			}
			take(t, s, account, lines...)
		}
		write(950)
		for _, sort := range []finding.Sort{finding.SortNewest, finding.SortRelevance} {
			before, _ := walk(t, s, "кружка", sort, func() int { return 200 }, func() {})
			hits, _ := walk(t, s, "кружка", sort, func() int { return 40 + random.IntN(160) }, func() { write(1 + random.IntN(9)) })
			seen := map[sellerdesk.MessageID]int{}
			for _, h := range hits {
				if seen[h.Message.ID]++; seen[h.Message.ID] > 1 {
					t.Fatalf("by %s: message %d comes again", sort, h.Message.ID)
				}
			}
			for _, h := range before {
				if seen[h.Message.ID] == 0 {
					t.Fatalf("by %s: message %d is lost", sort, h.Message.ID)
				}
			}
		}
	})
}

// tallied counts hits as the facets do.
func tallied(hits []sellerdesk.Hit) map[string]map[string]int {
	all := map[string]map[string]int{}
	add := func(facet, value string) {
		if all[facet] == nil {
			all[facet] = map[string]int{}
		}
		all[facet][value]++
	}
	for _, h := range hits {
		c := h.Conversation
		add("channel", string(c.Channel))
		add("cabinet", strconv.FormatInt(int64(c.Account), 10))
		add("kind", string(c.Kind))
		add("state", string(c.Status))
		add("author", string(h.Message.Author))
		if c.Rating != nil {
			add("stars", strconv.Itoa(*c.Rating))
		}
		for _, tag := range c.Tags {
			add("tag", strconv.FormatInt(int64(tag.ID), 10))
		}
	}
	return all
}

func counted(f *sellerdesk.Facets) map[string]map[string]int {
	all := map[string]map[string]int{}
	for name, list := range map[string][]sellerdesk.Facet{
		"channel": f.Channels, "cabinet": f.Cabinets, "kind": f.Kinds, "state": f.States, "author": f.Authors, "stars": f.Stars, "tag": f.Tags,
	} {
		for _, one := range list {
			if all[name] == nil {
				all[name] = map[string]int{}
			}
			all[name][one.Value] = one.Count
		}
	}
	return all
}

func TestFiguresBesideTheFiltersAreThoseOfWhatAClickFinds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		random := rand.New(rand.NewPCG(9, 9))
		for n, name := range []string{"north", "south"} {
			account := storetest.Account(t, s, name)
			var lines []line
			for i := range 100 {
				lines = append(lines, line{fmt.Sprint(name, "-", i%12), 1000*n + i, []string{"кружка синяя", "блюдце и кружки", "ложка"}[random.IntN(3)]})
			}
			take(t, s, account, lines...)
		}
		tagSome(t, s, random)
		everything := func() int { return 200 }
		for _, typed := range []string{"кружка", "синяя кружка", "кружка -блюдце", "круж*", "кружка tag:брак", "", "tag:2,Срочно state:open", "кружка cabinet:south state:closed", "вилка"} {
			hits, first := walk(t, s, typed, finding.SortRelevance, everything, func() {})
			want, got := tallied(hits), counted(first.Facets)
			q, err := ask.Parse(typed)
			if err != nil {
				t.Fatal(err)
			}
			if finding.Listed(q) { // who wrote last is not of the message
				delete(want, "author")
				delete(got, "author")
			}
			if diff := cmp.Diff(want, got); diff != "" || first.Facets.Total != len(hits) || !first.Facets.Exact {
				t.Errorf("%q finds %d, facets %+v: %s", typed, len(hits), first.Facets, diff)
			}
			for name, values := range got {
				for value, count := range values {
					if q.And(of(t, name, value)).Typed(sellerdesk.English) == q.Typed(sellerdesk.English) || name == "tag" && len(q.Tags) > 0 {
						continue
					}
					if there, _ := walk(t, s, q.And(of(t, name, value)).Typed(sellerdesk.English), "", everything, func() {}); len(there) != count {
						t.Errorf("%q counts %d of %s:%s, which finds %d", typed, count, name, value, len(there))
					}
				}
			}
		}
	})
}

func of(t *testing.T, filter, value string) ask.Query {
	t.Helper()
	q, err := ask.Parse(filter + ":" + value)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// tagSome puts tags on conversations and closes some.
func tagSome(t *testing.T, s *store.Store, random *rand.Rand) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		var tags []sellerdesk.TagID
		for _, name := range []string{"брак", "Срочно", "Юристу", "Никому"} {
			tag, err := tx.Labels.AddTag(t.Context(), name, 0)
			if err != nil {
				return err
			}
			tags = append(tags, tag.ID)
		}
		list, _, err := tx.Conversations.List(t.Context(), store.ConversationQuery{User: 1, Limit: 200, Sort: store.SortUpdated})
		if err != nil {
			return err
		}
		for _, c := range list {
			some := slices.Sorted(maps.Keys(map[sellerdesk.TagID]bool{tags[random.IntN(3)]: true, tags[random.IntN(3)]: true}))
			err := tx.Conversations.Handle(t.Context(), c.ID, func(h *store.Held, _ *sellerdesk.ConversationStatus) error {
				return tx.Labels.Apply(t.Context(), h, store.LabelChange{Add: some[:random.IntN(len(some)+1)]})
			})
			if err != nil {
				return err
			}
			if random.IntN(3) == 0 {
				if err := tx.Conversations.SetStatus(t.Context(), c.ID, sellerdesk.ConversationClosed); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestExactlyAsManyAsAreCountedAreCountedExactly(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		var lines []line
		for n := range sellerdesk.FacetsCounted {
			lines = append(lines, line{fmt.Sprint("chat-", n%7), n, "кружка"})
		}
		take(t, s, account, lines...)
		for more, exact := range []bool{true, false} {
			hits, first := walk(t, s, "кружка", finding.SortRelevance, func() int { return 200 }, func() {})
			if len(hits) != len(lines)+more || first.Facets.Total != sellerdesk.FacetsCounted || first.Facets.Exact != exact {
				t.Errorf("%d hits, %d counted, exact %v", len(hits), first.Facets.Total, first.Facets.Exact)
			}
			take(t, s, account, line{"chat-8", 9000, "кружка"})
		}
	})
}

func TestNothingThatIsTypedBreaksTheSearch(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		take(t, s, account, line{"a", 1, "кружка"}, line{"b", 2, "OR AND NEAR"})
		for _, typed := range []string{
			"\x00", "article:a\x00b", "article:\xff\xfe", "кружка article:\x00", "article:\x00,\xff", "tag:\x00,\xff", "cabinet:\x00", "channel:\x00", "team:\x00 assignee:\xff",
			"_a1", `"_a1"`, "meta:x stems:x", "OR", "a OR", "NEAR(a b)", "^x", "{a b}", "%", "'", `\`, `"`, "*", "-", "--", "+", "(", ")", ":*", "a:*", "a & b | !c", "<->",
			strings.Repeat("я", 1000), "кружка " + strings.Repeat("-я ", 10), strings.Repeat("возв* ", 16), `"` + strings.Repeat("а ", 600) + `"`, strings.Repeat("а-", 600),
			"с:0001-01-01 по:9999-12-31", "кружка с:0001-01 по:9999-12", "conversation:9223372036854775807", "кружка conversation:9223372036854775807", "tag:9223372036854775808",
			strings.Repeat("\u200b", 600), "e\u0301\u0301\u0301", sellerdesk.FoundMark + "кружка" + sellerdesk.FoundEnd, "👍", "ﷺﷺﷺ",
		} {
			q, err := ask.Parse(typed)
			if err != nil {
				t.Errorf("%.30q: %v", typed, err)
				continue
			}
			for _, sort := range []finding.Sort{finding.SortNewest, finding.SortRelevance} {
				if _, err := search(s).Find(t.Context(), finding.Input{User: 1, Query: q, Sort: sort}); err != nil {
					t.Errorf("%.30q by %s: %v", typed, sort, err)
				}
			}
		}
	})
}
