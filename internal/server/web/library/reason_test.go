package library

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/desk/library"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
	kept "github.com/sellerdesk/sellerdesk/internal/store/library"
)

func TestReasonsOfRowsAreSaidInTheLanguageOfTheScreen(t *testing.T) {
	t.Parallel()
	russian := regexp.MustCompile(`^[А-ЯЁ].*[.]$`)
	full := fmt.Sprintf("There are %d templates, which is the most there may be: remove some first.", kept.Most)
	for _, c := range []struct{ name, field, words, want string }{
		{"a column", "owner", "The owner is house or me.", texts.RussianHouse().Library.Wrong["owner"]},
		{"the whole row", "", "The row has more cells than there are columns.", texts.RussianHouse().Library.Wrong["line"]},
		{"a library that is full, which is not the name's fault", "name", full, "Шаблонов уже 10\u00a0000, больше не поместится: сначала удалите лишние."},
		{"a column that nobody thought of", "colour", "There is no such colour.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := library.LineError{Line: 2, Field: c.field, Reason: c.words}
			got := reason(&View{Table: texts.Russian(), House: texts.RussianHouse()}, e)
			if c.want != "" && got != c.want || !russian.MatchString(got) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
