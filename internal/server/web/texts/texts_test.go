package texts

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

func TestNoTextOfAnyLanguageIsMissing(t *testing.T) {
	t.Parallel()
	for _, texts := range []*Table{Russian(), English()} {
		checkTexts(t, texts, reflect.ValueOf(*texts))
	}
}

func checkTexts(t *testing.T, texts *Table, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		switch f.Kind() {
		case reflect.Struct:
			checkTexts(t, texts, f)
		case reflect.Map:
			checkMap(t, texts, name, f)
		case reflect.Array:
			for j := range f.Len() {
				if f.Index(j).IsZero() {
					t.Errorf("%s: %s[%d] is empty", texts.Language, name, j)
				}
			}
		default:
			if f.IsZero() {
				t.Errorf("%s: %s is empty", texts.Language, name)
			}
		}
	}
}

func checkMap(t *testing.T, texts *Table, name string, f reflect.Value) {
	t.Helper()
	if f.Len() == 0 {
		t.Errorf("%s: %s is empty", texts.Language, name)
	}
	for _, key := range f.MapKeys() {
		if f.MapIndex(key).String() == "" {
			t.Errorf("%s: %s[%v] is empty", texts.Language, name, key)
		}
	}
}

func TestBothLanguagesKnowTheSameStatesAndReasons(t *testing.T) {
	t.Parallel()
	ru, en := Russian(), English()
	for _, k := range sellerdesk.Kinds() {
		if ru.Kinds[k] == "" || en.Kinds[k] == "" {
			t.Errorf("kind %s has no name", k)
		}
	}
	for _, s := range sellerdesk.OutboxStates() {
		if m := s.Message(); ru.Statuses[m] == "" || en.Statuses[m] == "" {
			t.Errorf("status %s has no name", m)
		}
	}
	for code := range ru.Reasons {
		if en.Reasons[code] == "" {
			t.Errorf("reason %s is known in Russian only", code)
		}
	}
	for code := range en.Reasons {
		if ru.Reasons[code] == "" {
			t.Errorf("reason %s is known in English only", code)
		}
	}
}

func TestRussianPluralsFollowTheirRules(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "дней", 1: "день", 2: "дня", 4: "дня", 5: "дней", 11: "дней", 12: "дней", 14: "дней", 21: "день", 22: "дня", 25: "дней", 111: "дней", 101: "день"} {
		if got := russianPlural(n, "день", "дня", "дней"); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestWaitsAreSaidInTheirLargestUnit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{20 * time.Second, "< 1 min"}, {12 * time.Minute, "12 min"}, {time.Hour, "1 h"}, {70 * time.Minute, "1 h 10 min"},
		{7*time.Hour + 20*time.Minute, "7 h"}, {50 * time.Hour, "2 d"}, {-time.Minute, "< 1 min"},
	} {
		got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(English().Short(c.d))
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.d, got, c.want)
		}
	}
}

func TestSizesAreSaidAsPeopleDo(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{911: "911 Б", 2048: "2 КБ", 5 << 20: "5 МБ", 5<<20 + 1<<19: "5,5 МБ"} {
		if got := strings.ReplaceAll(Russian().Bytes(n), "\u00a0", " "); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestOurOwnWordsForErrorsStandBeforeTheirs(t *testing.T) {
	t.Parallel()
	if got := Russian().Sentence(sellerdesk.CodeInvalid, "password", "The password needs more."); !strings.HasPrefix(got, "Пароль") {
		t.Errorf("got %q", got)
	}
	if got := English().Sentence(sellerdesk.CodeInvalid, "password", "The password needs more."); got != "The password needs more." {
		t.Errorf("got %q", got)
	}
	if got := Russian().Why(sellerdesk.ReasonRefused, "Нельзя писать телефоны"); got != "Нельзя писать телефоны" {
		t.Errorf("the remote side's own words are lost: %q", got)
	}
}

func TestBothLanguagesNameTheSameThings(t *testing.T) {
	t.Parallel()
	ru, en := reflect.ValueOf(*Russian()), reflect.ValueOf(*English())
	for _, name := range []string{"ChatStates", "ChatSubjects", "BucketNames", "StreamNames", "ScopeNames", "TokenKinds", "Actions", "Sends", "Placeholders", "Decisions", "ClaimStatuses", "Fits", "OrderStatuses", "TemplateStatuses", "TemplateCategories", "TemplateParts", "FileFormats", "SourceBy", "Evidences", "Identities"} {
		for _, pair := range [][2]reflect.Value{{ru, en}, {en, ru}} {
			for _, key := range pair[0].FieldByName(name).MapKeys() {
				if !pair[1].FieldByName(name).MapIndex(key).IsValid() {
					t.Errorf("%s knows %v in one language only", name, key)
				}
			}
		}
	}
}

func TestEveryStateAndSubjectOfAChatHasAName(t *testing.T) {
	t.Parallel()
	for _, s := range []sellerdesk.ChatState{
		sellerdesk.ChatNew, sellerdesk.ChatWaitsForSeller, sellerdesk.ChatWaitsForBuyer, sellerdesk.ChatWaitsForArbiter, sellerdesk.ChatWaitsForMarket, sellerdesk.ChatFinished,
	} {
		if Russian().ChatStates[s] == "" {
			t.Errorf("the state %s has no name", s)
		}
	}
	for _, s := range []sellerdesk.ChatSubject{sellerdesk.ChatAboutOrder, sellerdesk.ChatAboutReturn, sellerdesk.ChatDirect, sellerdesk.ChatWithPhone, sellerdesk.ChatWithUsername} {
		if Russian().ChatSubjects[s] == "" {
			t.Errorf("the subject %s has no name", s)
		}
	}
}

func TestWhatARemoteSideRefusesIsSaidInRussian(t *testing.T) {
	t.Parallel()
	if got := Russian().Refusal(sellerdesk.ReasonScope); !strings.Contains(got, "права") {
		t.Errorf("got %q", got)
	}
	if got := Russian().Refusal(sellerdesk.ReasonRefused); got != "" {
		t.Errorf("the remote side's own words are lost: %q", got)
	}
	if got := English().Refusal(sellerdesk.ReasonCredentials); got != "" {
		t.Errorf("the adapter says it better than %q", got)
	}
}
