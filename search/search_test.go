package search_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/search"
)

func TestSearchIsReadInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		typed []string // all mean the same
		want  search.Query
	}{
		{"words and a phrase", []string{`вернуть "не подошёл размер" -брак`, `  вернуть   «не  подошёл размер» -брак`}, search.Query{Words: []search.Word{
			{Text: "вернуть"}, {Text: "не подошёл размер", Phrase: true}, {Text: "брак", Not: true},
		}}},
		{"a beginning, which is a word while it is short", []string{"возв* воз*"}, search.Query{Words: []search.Word{{Text: "возв", Prefix: true}, {Text: "воз"}}}},
		{"filters", []string{"kind:review,question stars:1-3 author:buyer has:photo", "вид:отзыв,вопрос звёзд:1-3 автор:покупатель есть:фото", "ВИД:Отзывы,вопросы звезд:3,1,2 автор:клиент есть:photo"}, search.Query{
			Kinds: []sellerdesk.Kind{sellerdesk.KindReview, sellerdesk.KindQuestion}, Stars: []int{1, 2, 3}, Authors: []sellerdesk.Author{sellerdesk.AuthorBuyer}, HasPhoto: true,
		}},
		{"a cabinet with spaces in its name", []string{`cabinet:"Мой магазин",7`, `кабинет:«Мой магазин»,7`}, search.Query{Cabinets: []string{"Мой магазин", "7"}}},
		{"days and months", []string{"from:2026-11-01 to:2026-11-30", "с:1.11.2026 по:30.11.2026", "с:2026-11 по:11.2026"}, search.Query{From: "2026-11-01", To: "2026-11-30"}},
		{"states", []string{"state:closed,waiting", "статус:закрыт,ждёт"}, search.Query{States: []sellerdesk.ConversationStatus{sellerdesk.ConversationClosed}, Waiting: true}},
		{"an article with a hyphen", []string{"article:AB-123", "артикул:AB-123"}, search.Query{Articles: []string{"AB-123"}}},
		{"whose it is and how much it matters", []string{`assignee:me,none,"Anna K" team:Returns priority:high,urgent`, `ответственный:я,никто,«Anna K» команда:Returns важность:высокая,срочно`}, search.Query{
			Assignees: []string{search.WordMe, search.WordNone, "Anna K"}, Teams: []string{"Returns"}, Priorities: []sellerdesk.Priority{sellerdesk.PriorityHigh, sellerdesk.PriorityUrgent},
		}},
		{"what is typed as a state and is none", []string{"state:open,unread,unanswered", "статус:открыто,непрочитано,неотвечено"}, search.Query{
			States: []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen}, Unread: true, Answered: new(bool),
		}},
		{"an unknown name is a word", []string{"note:x"}, search.Query{Words: []search.Word{{Text: "note:x"}}}},
		{"what no text has", []string{"article:a\x00b", "article:a\xff\xfeb", "article:a b"}, search.Query{Articles: []string{"a"}, Words: []search.Word{{Text: "b"}}}},
		{"nothing but signs", []string{"", " - * \"\" ?"}, search.Query{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, typed := range c.typed {
				got, err := search.Parse(typed)
				if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
					t.Errorf("%q: %v (-want +got):\n%s", typed, err, diff)
				}
			}
		})
	}
}

func TestSearchRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"stars:6", "stars:3-1", "звёзд:много", "kind:pear", "from:yesterday", "from:2026-13-01", "author:me", "state:lost", "priority:much", "-assignee:me", "has:gold",
		"-kind:review", "from:2026-02-01 to:2026-01-01", strings.Repeat("word ", 17), strings.Repeat("x", 2001),
	} {
		if _, err := search.Parse(typed); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// asked draws what a screen can ask for.
func asked(t *rapid.T) search.Query {
	word := rapid.StringMatching(`[а-яёa-z0-9]{1,8}(-[0-9]{1,3})?`)
	name := rapid.StringMatching(`[А-Яа-яA-Za-z0-9]{1,6}( [A-Za-zа-я,:-]{1,5})?`)
	who := name.Filter(func(s string) bool { // quoted or not, these are no names
		return !slices.Contains([]string{"me", "none", "я", "мои", "мне", "mine", "никто", "нет", "ничьи", "nobody"}, strings.ToLower(s))
	})
	day := rapid.StringMatching(`202[0-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])`)
	var q search.Query
	for range rapid.IntRange(0, 4).Draw(t, "words") {
		w := search.Word{Text: word.Draw(t, "word"), Not: rapid.Bool().Draw(t, "not")}
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			w.Phrase, w.Text = true, w.Text+" kind: "+word.Draw(t, "more")
		case 1:
			w.Text, w.Prefix = "возв"+w.Text, true
		}
		q.Words = append(q.Words, w)
	}
	q.Cabinets = rapid.SliceOfNDistinct(name, 0, 3, rapid.ID).Draw(t, "cabinets")
	q.Articles = rapid.SliceOfNDistinct(word, 0, 3, rapid.ID).Draw(t, "articles")
	q.Channels = rapid.SliceOfNDistinct(rapid.SampledFrom([]sellerdesk.ChannelKind{"market", "my-shop"}), 0, 2, rapid.ID).Draw(t, "channels")
	q.Kinds = rapid.SliceOfNDistinct(rapid.SampledFrom(sellerdesk.Kinds()), 0, 4, rapid.ID).Draw(t, "kinds")
	q.Stars = rapid.SliceOfNDistinct(rapid.IntRange(1, 5), 0, 5, rapid.ID).Draw(t, "stars")
	slices.Sort(q.Stars)
	q.States = rapid.SliceOfNDistinct(rapid.SampledFrom([]sellerdesk.ConversationStatus{sellerdesk.ConversationOpen, sellerdesk.ConversationClosed, sellerdesk.ConversationArchived}), 0, 3, rapid.ID).Draw(t, "states")
	q.Assignees = rapid.SliceOfNDistinct(rapid.OneOf(rapid.SampledFrom([]string{search.WordMe, search.WordNone}), who), 0, 3, rapid.ID).Draw(t, "assignees")
	q.Teams = rapid.SliceOfNDistinct(rapid.OneOf(rapid.SampledFrom([]string{search.WordMe, search.WordNone}), who), 0, 3, rapid.ID).Draw(t, "teams")
	q.Priorities = rapid.SliceOfNDistinct(rapid.SampledFrom(sellerdesk.Priorities()), 0, 3, rapid.ID).Draw(t, "priorities")
	q.Tags = rapid.SliceOfNDistinct(name, 0, 2, rapid.ID).Draw(t, "tags")
	for _, field := range rapid.SliceOfNDistinct(name, 0, 2, rapid.ID).Draw(t, "fields") {
		q.Fields = append(q.Fields, search.Field{Name: field, Value: name.Draw(t, "value")})
	}
	q.Unread = rapid.Bool().Draw(t, "unread")
	if rapid.Bool().Draw(t, "by answers") {
		answered := rapid.Bool().Draw(t, "answered")
		q.Answered = &answered
	}
	q.Waiting, q.HasPhoto = rapid.Bool().Draw(t, "waiting"), rapid.Bool().Draw(t, "photo")
	q.Authors = rapid.SliceOfNDistinct(rapid.SampledFrom([]sellerdesk.Author{sellerdesk.AuthorBuyer, sellerdesk.AuthorAgent, sellerdesk.AuthorRule}), 0, 3, rapid.ID).Draw(t, "authors")
	if rapid.Bool().Draw(t, "dated") {
		q.From, q.To = day.Draw(t, "from"), day.Draw(t, "to")
		q.From, q.To = min(q.From, q.To), max(q.From, q.To)
	}
	return q
}

func TestWhatIsClickedCanBeTyped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := asked(t)
		for _, l := range []sellerdesk.Language{sellerdesk.Russian, sellerdesk.English} {
			got, err := search.Parse(q.Typed(l))
			if diff := cmp.Diff(q, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
				t.Fatalf("%q: %v (-want +got):\n%s", q.Typed(l), err, diff)
			}
		}
	})
}

func FuzzParseSearch(f *testing.F) {
	for _, s := range []string{"", `"`, "-", "kind:", "kind:,", `cabinet:"a`, "с:по:", "stars:1-", "a*b*", "\xff", "звёзд:5-5", "-\"x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := search.Parse(s)
		if err != nil {
			return
		}
		again, err := search.Parse(q.Typed(sellerdesk.Russian))
		if err != nil && len(q.Typed(sellerdesk.Russian)) <= search.MaxLength {
			t.Fatalf("%q is typed %q: %v", s, q.Typed(sellerdesk.Russian), err)
		}
		if diff := cmp.Diff(q, again, cmpopts.EquateEmpty()); err == nil && diff != "" {
			t.Fatalf("%q is typed %q:\n%s", s, q.Typed(sellerdesk.Russian), diff)
		}
	})
}
