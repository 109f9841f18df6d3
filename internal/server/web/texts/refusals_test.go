package texts

import (
	"regexp"
	"testing"

	"github.com/sellerdesk/sellerdesk"
)

func TestNothingIsRefusedInEnglishOnARussianScreen(t *testing.T) {
	t.Parallel()
	russian := regexp.MustCompile(`^[«А-ЯЁ][^a-z]*[.?]$`)
	for _, code := range []sellerdesk.Code{sellerdesk.CodeInvalid, sellerdesk.CodeNotFound, sellerdesk.CodeConflict, sellerdesk.CodeForbidden,
		sellerdesk.CodeUnsupported, sellerdesk.CodeLimited, sellerdesk.CodeUnavailable, sellerdesk.CodeInternal} {
		for _, field := range []string{"", "name", "a field that nobody thought of"} {
			if got := Russian().Sentence(code, field, `There is a tag "Срочно" already.`); !russian.MatchString(got) {
				t.Errorf("%s %s: %q", code, field, got)
			}
		}
	}
}

func TestASentenceOfItsOwnStandsBeforeThatOfItsField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, field, words, want string
		code                     sellerdesk.Code
	}{
		{"a whole sentence", "until", "A conversation is put off for two years at most.", "Отложить можно не больше чем на два года.", sellerdesk.CodeInvalid},
		{"its field", "until", "This moment is over: name one to come.", "Это время уже прошло или слишком далеко.", sellerdesk.CodeInvalid},
		{"what a remote side says in Russian", "phone_of_somebody", "Номер занят.", "Номер занят.", sellerdesk.CodeInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Russian().Sentence(c.code, c.field, c.words); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := English().Sentence(c.code, c.field, c.words); got != c.words {
				t.Errorf("in English %q", got)
			}
		})
	}
}
