package searching

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
	"github.com/sellerdesk/sellerdesk/search"
)

// evil is what buyers and remote sides may put into any text.
const evil = `<script>alert(1)</script>"><img src=x>` + "\u202Egpj.exe"

func fixView(l sellerdesk.Language) *View {
	table := texts.English()
	if l == sellerdesk.Russian {
		table = texts.Russian()
	}
	return &View{Table: table, House: texts.HouseOf(l), Now: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC), Zone: time.UTC, Static: "/static"}
}

// fixResults are results of what is typed.
func fixResults(t *testing.T, typed string) results {
	t.Helper()
	q, err := search.Parse(typed)
	if err != nil {
		t.Fatal(err)
	}
	stars := 2
	return results{
		Typed: typed, Query: q, marks: finding.MarkerOf(q),
		Titles:   map[sellerdesk.ChannelKind]string{"north": "Площадка"},
		Accounts: []sellerdesk.Account{{ID: 1, Channel: "north", Name: "Тёплый дом"}, {ID: 2, Channel: "south", Name: "Север"}, {ID: 3, Channel: "south", Name: "север"}},
		Teams:    []sellerdesk.Team{{ID: 1, Name: "Возвраты, обмены"}}, Tags: []sellerdesk.Tag{{ID: 1, Name: "брак"}, {ID: 2, Name: "VIP клиент"}},
		Found: sellerdesk.Found{
			Items: []sellerdesk.Hit{{
				Conversation: sellerdesk.Conversation{ID: 7, Account: 1, Channel: "north", Kind: sellerdesk.KindReview, Rating: &stars, BuyerName: evil, Order: "4711", Product: &sellerdesk.Product{ID: "AB-123", Name: evil}},
				Message:      sellerdesk.Message{ID: 70, Author: sellerdesk.AuthorBuyer, Text: evil}, Snippet: evil + " " + sellerdesk.FoundMark + "кружка" + sellerdesk.FoundEnd,
			}},
			Facets: &sellerdesk.Facets{
				Total: 12, Exact: true, Channels: []sellerdesk.Facet{{Value: "north", Count: 9}, {Value: "south", Count: 3}},
				Cabinets: []sellerdesk.Facet{{Value: "1", Count: 9}, {Value: "2", Count: 2}, {Value: "3", Count: 1}},
				Kinds:    []sellerdesk.Facet{{Value: "review", Count: 8}, {Value: "chat", Count: 4}}, Stars: []sellerdesk.Facet{{Value: "2", Count: 8}},
				States: []sellerdesk.Facet{{Value: "open", Count: 12}}, Authors: []sellerdesk.Facet{{Value: "buyer", Count: 12}},
				Tags: []sellerdesk.Facet{{Value: "2", Title: "VIP клиент", Count: 5}, {Value: "1", Title: "брак", Count: 1}},
			},
		},
	}
}

// asked is what the address of a click asks for.
func asked(t *testing.T, address string) search.Query {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Path != path {
		t.Fatalf("%q is no address of the search: %v", address, err)
	}
	q, err := search.Parse(u.Query().Get("q"))
	if err != nil {
		t.Fatalf("%q cannot be typed: %v", u.Query().Get("q"), err)
	}
	return q
}

func TestWhateverIsClickedCanBeTypedAndClickedAway(t *testing.T) {
	t.Parallel()
	for _, l := range []sellerdesk.Language{sellerdesk.Russian, sellerdesk.English} {
		v := fixView(l)
		for _, typed := range []string{"", "кружка", `"две кружки" -брак возвр*`, "кружка вид:чат звёзд:1-3 кабинет:2 метка:брак", "state:waiting,unread has:photo from:2026-11-15"} {
			r := fixResults(t, typed)
			clicks := 0
			for _, g := range r.groups(v) {
				for _, c := range g.Choices {
					clicks++
					q := asked(t, c.Address)
					if diff := cmp.Diff(r.Query.Words, q.Words); diff != "" {
						t.Errorf("%s: a click on %s changes the words: %s", typed, c.Name, diff)
					}
					there := fixResults(t, q.Typed(l))
					back := there.find(v, g.Name, c.Name)
					if back == nil && c.Count == 0 {
						continue // nothing has it, so that it is offered no more
					}
					if back == nil || back.On == c.On {
						t.Errorf("%s in %s: a click on %s does not turn it round: %s", typed, l, c.Name, q.Typed(l))
						continue
					}
					if g.Name == v.Searching.Period {
						continue // one stands instead of the other
					}
					if got, want := asked(t, back.Address).Typed(l), r.Query.Typed(l); len(got) != len(want) {
						t.Errorf("%s twice on %s is %q, not %q", l, c.Name, got, want)
					}
				}
			}
			if clicks < 15 {
				t.Errorf("%q offers %d filters only", typed, clicks)
			}
		}
	}
}

// find gives a value of a group; nil where it is not offered.
func (r results) find(v *View, groupName, name string) *choice {
	for _, g := range r.groups(v) {
		for _, c := range g.Choices {
			if g.Name == groupName && c.Name == name {
				return &c
			}
		}
	}
	return nil
}

func TestEveryFilterThatIsTypedCanBeTakenAway(t *testing.T) {
	t.Parallel()
	v := fixView(sellerdesk.Russian)
	for _, typed := range []string{
		"канал:south", `кабинет:"Тёплый дом"`, "кабинет:3", "вид:отзыв", "звёзд:2", "артикул:AB-123", "статус:открыт", "статус:ждёт", "статус:непрочитано",
		"статус:неотвечено", "статус:отвечено", "с:2026-11-01", "по:2026-11-02", "автор:покупатель", "есть:фото", "ответственный:я", "ответственный:Анна", `команда:"Возвраты, обмены"`,
		"команда:никто", "метка:брак", "метка:2", "метка:неизвестная", "кабинет:Нет", "канал:нет", "команда:1", `поле:"Размер=44"`, "важность:срочная", "важность:низкая", "обращение:15",
	} {
		q, err := search.Parse(typed)
		if err != nil {
			t.Fatalf("%s: %v", typed, err)
		}
		r := fixResults(t, "кружка "+q.Typed(sellerdesk.Russian))
		chips := r.chips(v)
		if len(chips) != 1 {
			t.Errorf("%s has %d chips: %v", typed, len(chips), chips)
			continue
		}
		if got := asked(t, chips[0].Address).Typed(sellerdesk.Russian); got != "кружка" {
			t.Errorf("%s without its chip is %q", typed, got)
		}
	}
}

func TestWhatIsNotUnderstoodIsNamedWithWhatCanBeTyped(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ typed, part, canBe, without string }{
		{`кружка вид:письмо «две кружки»`, "вид:письмо", "вид:чат,вопрос,отзыв,возврат", "кружка «две кружки»"},
		{"stars:9", "stars:9", "звёзд:1-3", ""},
		{"звезд:много чашка", "звезд:много", "звёзд:1-3", "чашка"},
		{"звёзды:9", "звёзды:9", "звёзд:1-3", ""},
		{"важность:много", "важность:много", "важность:низкая,обычная,высокая,срочная", ""},
		{"поле:Размер", "поле:Размер", "поле:Название=значение", ""},
		{"обращение:х", "обращение:х", "обращение:15", ""},
		{"статус:где", "статус:где", "статус:открыт,отложен,закрыт,архив,ждёт,непрочитано,неотвечено", ""},
		{"from:вчера", "from:вчера", "с:2026-11-21", ""},
		{"-вид:чат", "-вид:чат", "вид:чат,вопрос,отзыв,возврат", ""},
	} {
		got := misread(fixView(sellerdesk.Russian), one.typed, "wrong")
		want := &misreading{Words: "«" + one.part + "» непонятно.", CanBe: one.canBe, Without: one.without}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", one.typed, diff)
		}
	}
	if got := misread(fixView(sellerdesk.English), "from:2026-11-21 to:2026-11-01", "The first day is behind the last one."); got.Words != "The first day is behind the last one." || got.Without != "" {
		t.Errorf("got %+v", got)
	}
}

func TestDaysOfTheFormBecomePartOfWhatIsTyped(t *testing.T) {
	t.Parallel()
	v := fixView(sellerdesk.Russian)
	for _, one := range []struct{ query, want string }{
		{"q=кружка&from=2026-11-01&to=2026-11-05", "кружка с:2026-11-01 по:2026-11-05"},
		{"q=кружка&from=&to=", "кружка"},
		{"q=&from=2026-11-01&to=", "с:2026-11-01"},
		{`q=кружка&from=x"y`, `кружка from:"xy"`},
	} {
		values, err := url.ParseQuery(one.query)
		if err != nil {
			t.Fatal(err)
		}
		to, ok := dated(v, values)
		u, err := url.Parse(to)
		if !ok || err != nil || u.Query().Get("q") != one.want {
			t.Errorf("%s: %s, %v", one.query, to, ok)
		}
	}
	if _, ok := dated(v, url.Values{"q": {"кружка"}}); ok {
		t.Error("nobody named a day")
	}
}

func TestTextsOfOthersStayTexts(t *testing.T) {
	t.Parallel()
	r := fixResults(t, "кружка 4711")
	r.Teams[0].Name, r.Tags[0].Name, r.Accounts[0].Name = evil, evil, evil
	for name, part := range map[string]interface{ String() string }{
		"page": drawn(t, page(fixView(sellerdesk.Russian), r)), "beside the list": drawn(t, quickPart(fixView(sellerdesk.English), r)),
		"wrong": drawn(t, wrong(fixView(sellerdesk.English), *misread(fixView(sellerdesk.English), "kind:"+evil, ""), finding.SortNewest)),
	} {
		html := part.String()
		if strings.Contains(html, "<script") || strings.Contains(html, "<img") || strings.Contains(html, "\u202E") {
			t.Errorf("%s: a text became markup: %s", name, html)
		}
		if name != "wrong" && (!strings.Contains(html, "<mark>кружка</mark>") || strings.ContainsAny(html, sellerdesk.FoundMark+sellerdesk.FoundEnd)) {
			t.Errorf("%s: what was found is not marked", name)
		}
	}
	if html := drawn(t, page(fixView(sellerdesk.English), r)).String(); !strings.Contains(html, "<mark>4711</mark>") {
		t.Error("the order that was found is not marked")
	}
}

func TestAHitLeadsToItsMessage(t *testing.T) {
	t.Parallel()
	r := fixResults(t, "кружка & блюдце")
	if got, want := r.thread(r.Found.Items[0]), "/conversations/7?at=70&filter=all&q="+url.QueryEscape("кружка & блюдце"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r = fixResults(t, "вид:отзыв")
	if got := r.thread(r.Found.Items[0]); strings.Contains(got, "at=") {
		t.Errorf("a conversation that filters found opens at a message: %s", got)
	}
}

func TestTheChosenOrderStaysInEveryAddress(t *testing.T) {
	t.Parallel()
	v := fixView(sellerdesk.Russian)
	r := fixResults(t, "кружка вид:чат метка:брак")
	r.Sort, r.Found.Next = finding.SortRelevance, "r1"
	var addresses []string
	for _, g := range r.groups(v) {
		for _, c := range g.Choices {
			addresses = append(addresses, c.Address)
		}
	}
	for _, c := range r.chips(v) {
		addresses = append(addresses, c.Address)
	}
	to, _ := dated(v, url.Values{"q": {"кружка"}, "from": {"2026-11-01"}, "sort": {"relevance"}})
	for _, address := range append(addresses, bare(v, r), r.more(), to) {
		if u, err := url.Parse(address); err != nil || u.Query().Get("sort") != "relevance" {
			t.Errorf("%s: %v", address, err)
		}
	}
	u, err := url.Parse(r.thread(r.Found.Items[0]))
	if err != nil {
		t.Fatal(err)
	}
	if html := drawn(t, Bar(v, ReadPlace(u.Query()))).String(); !strings.Contains(html, "sort=relevance") {
		t.Errorf("the way back from %s is %s", u, html)
	}
	if html := drawn(t, foundPart(v, r)).String(); !strings.Contains(html, `aria-current="true">По смыслу`) {
		t.Error("the page does not say in which order its results stand")
	}
	r.Found.Facets.Total, r.Found.Facets.Exact, r.Found.Ranked = sellerdesk.FacetsCounted, false, finding.Ranked
	if html := drawn(t, foundPart(v, r)).String(); !strings.Contains(html, "последние 300") {
		t.Error("the page does not say how many are compared")
	}
	if strings.Contains(address(v, r.Query, sortOf(url.Values{"sort": {"<evil>"}})), "sort") {
		t.Error("an unknown order is repeated")
	}
}

func TestTagsThatWereFoundAreOfferedTheMostFrequentFirst(t *testing.T) {
	t.Parallel()
	v := fixView(sellerdesk.Russian)
	r := fixResults(t, "кружка")
	r.Tags = append(r.Tags, sellerdesk.Tag{ID: 3, Name: "никто"}, sellerdesk.Tag{ID: 4, Name: "1"})
	var got []string
	for _, c := range r.tags(v) {
		got = append(got, c.Name, strconv.Itoa(c.Count), asked(t, c.Address).Typed(sellerdesk.Russian))
	}
	want := []string{"VIP клиент", "5", `кружка метка:"VIP клиент"`, "брак", "1", "кружка метка:брак"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	all := []thing{{"1", "4"}, {"4", "брак"}, {"5", `"`}, {"6", ""}}
	for i, want := range []string{"1", "брак", "5", "6"} {
		if got := all[i].word(all); got != want {
			t.Errorf("%v is typed %s", all[i], got)
		}
	}
}

func TestABeginningIsTriedForTheLastWordOnly(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"крас кроссов": "крас кроссов*", "кро": "", "/кро": "", "кро-": "", "кроссов*": "", `"кроссов"`: "", "-кроссов": "", "вид:чат": ""} {
		q, err := search.Parse(typed)
		if err != nil {
			t.Fatal(err)
		}
		before := slices.Clone(q.Words)
		got, ok := begun(q)
		if ok != (want != "") || ok && got.Typed(sellerdesk.Russian) != want {
			t.Errorf("%s: %q, %v", typed, got.Typed(sellerdesk.Russian), ok)
		}
		if diff := cmp.Diff(before, q.Words); diff != "" {
			t.Errorf("%s was changed: %s", typed, diff)
		}
	}
}

func drawn(t *testing.T, c templ.Component) *strings.Builder {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return &b
}
