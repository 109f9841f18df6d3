package bulking

import (
	"regexp"
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
)

func TestReasonsOfAJobAreSaidInTheLanguageOfTheScreen(t *testing.T) {
	t.Parallel()
	russian := regexp.MustCompile(`^[А-ЯЁ][^a-z]*[.]$`)
	for _, c := range []struct{ name, words, want string }{
		{"one of jobs themselves", "Somebody answered meanwhile.", "Тем временем кто-то ответил."},
		{"one of an action that jobs share with a single conversation", "There is no such team.", "Этой команды больше нет."},
		{"one that nobody put into words", "This could be done until 11 November.", ""},
		{"one with a name in it", "A conversation that is closed cannot be put off: take it back to the desk first.", ""},
		{"what a remote side says in Russian", "Срок ответа истёк.", "Срок ответа истёк."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := reason(&View{Table: texts.Russian(), House: texts.RussianHouse()}, c.words)
			if c.want != "" && got != c.want || !russian.MatchString(got) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := reason(&View{Table: texts.English(), House: texts.EnglishHouse()}, c.words); got != c.words {
				t.Errorf("in English %q", got)
			}
		})
	}
}
