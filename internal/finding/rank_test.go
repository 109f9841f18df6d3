package finding

import (
	"math"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

func TestWhatAnswersBetterStandsAbove(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ name, typed, above, below string }{
		{"the typed form above another one of the word", "возврат", "Оформите возврат", "Хочу вернуть"},
		{"a form of the word above a text that has none, of a buyer of that name", "Роза", "Розы завяли", "Когда доставка?"},
		{"other forms side by side above the typed ones far from each other", "кружка разбилась", "кружки разбились", "кружка хорошая была, а вчера она разбилась"},
		{"words side by side above words apart", "размер маленький", "размер маленький, увы вот", "размер, увы вот, маленький"},
		{"near above far", "размер маленький", "размер такой маленький, но тёплый и синий", "размер но тёплый и синий, такой маленький"},
		{"the typed order above the other one", "деньги вернули", "деньги вернули", "вернули деньги"},
		{"the best of several places counts", "деньги вернули", "деньги, ах, деньги вернули", "вернули ли деньги? ох"},
		{"a short text above a long one", "возврат", "Возврат!", "Возврат. Здравствуйте, это ещё раз я, по тому самому заказу"},
		{"a repeated word is no better than one", "возврат", "Оформите возврат", "Возврат возврат возврат возврат"},
		{"all typed forms above some", "синяя кружка", "кружка, но синяя", "кружку бы синяя"},
		{"a word that begins as was typed is the typed one", "возвр* деньги", "возвращайте деньги", "возвращайте денежки, деньгами"},
		{"an article as a whole above its parts", "AB-123", "артикул AB-123", "артикул AB, номер 123"},
		{"a phrase among words", `"не подошёл" размер`, "не подошёл размер", "размер большой, не подошёл"},
		{"case and ё make no difference, and length does", "ЁЛКА", "елка", "Ёлка хорошая"},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			q, err := search.Parse(one.typed)
			if err != nil {
				t.Fatal(err)
			}
			r := rankerOf(q)
			if above, below := r.points(one.above), r.points(one.below); above <= below {
				t.Errorf("%q has %d points, %q %d", one.above, above, one.below, below)
			}
		})
	}
}

func TestWhatIsNewStandsAboveWhatIsOldAndBelowWhatAnswersBetter(t *testing.T) {
	t.Parallel()
	const day = 24 * 60 * 60 * 1000
	now := int64(20_000 * day)
	if fresh(now, now) != pointsFresh || fresh(now-freshDays*day, now) != pointsFresh/2 || fresh(math.MinInt64/2, now) != 0 {
		t.Errorf("%d, %d, %d", fresh(now, now), fresh(now-freshDays*day, now), fresh(math.MinInt64/2, now))
	}
	if fresh(now+day, now) != pointsFresh {
		t.Error("what comes from behind the newest is newer than new")
	}
	q, err := search.Parse("возврат")
	if err != nil {
		t.Fatal(err)
	}
	r := rankerOf(q)
	if old, young := r.points("Оформите возврат")+fresh(now-1000*day, now), r.points("Хочу вернуть")+fresh(now, now); old <= young {
		t.Errorf("%d points for what was typed, long ago, %d for another form", old, young)
	}
}

func TestNoTextAndNoQuestionBreaksTheRanking(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "-возврат", strings.Repeat("а ", search.MaxWords), `"` + strings.Repeat("слово ", 150) + `"`, "а-б-в-г-д-е-ж-з-и-к-л-м-н-о-п-р-с-т", "author:buyer", "AB* \x00"} {
		q, err := search.Parse(typed)
		if err != nil {
			t.Fatal(err)
		}
		r := rankerOf(q)
		for _, said := range []string{"", "\x00\xff", strings.Repeat("слово ", 5000), strings.Repeat("а", 10_000), "а-б-в", "!!!", sellerdesk.FoundMark} {
			if got := r.points(said); got < 0 || got > pointsForm+pointsNear+pointsShare {
				t.Errorf("%.20q gives %.20q %d points", typed, said, got)
			}
		}
	}
}

func FuzzACursorIsReadAsItWasWrittenOrRefused(f *testing.F) {
	f.Add("s301.1.5.0.5.12")
	f.Add("r301.0.1700000000000.812.1700000000000.12")
	f.Add("r9223372036854775807.9223372036854775806.-9223372036854775808.-1.9223372036854775807.1")
	f.Add("s 1.1.1.1.1.1")
	f.Fuzz(func(t *testing.T, cursor string) {
		for _, sort := range []Sort{SortNewest, SortRelevance} {
			at, err := parseSpot(cursor, sort)
			if err != nil || cursor == "" {
				continue
			}
			if string(at.cursor(sort)) != cursor {
				t.Fatalf("%q is %q", cursor, at.cursor(sort))
			}
			if _, err := parseSpot(cursor, map[Sort]Sort{SortNewest: SortRelevance, SortRelevance: SortNewest}[sort]); err == nil {
				t.Fatalf("%q is taken for one of another order", cursor)
			}
			rows := at.hold(store.SearchPage{Rows: []store.SearchRow{{Message: 1}, {Message: at.id}}, More: true, Last: 1})
			for _, r := range rows {
				if at.last > 1 && r.Message < at.last {
					t.Fatalf("%q holds %d", cursor, r.Message)
				}
			}
		}
	})
}

func BenchmarkRanking(b *testing.B) {
	q, err := search.Parse("вернуть деньги кроссовки")
	if err != nil {
		b.Fatal(err)
	}
	said := strings.Repeat("Здравствуйте, вернула кроссовки, деньги так и не пришли, жду ответа уже неделю. ", 3)
	for b.Loop() {
		r := rankerOf(q)
		for range Ranked {
			r.points(said)
		}
	}
}
