package text_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/internal/text"
)

func TestFormsOfOneWordMeet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, a, b string }{
		{"forms of a verb", "вернула", "верните"},
		{"a noun and its verb, by the short list", "возврата", "вернуть"},
		{"a past of another root", "пришёл", "придёт"},
		{"a verb made of идти", "разошлась", "разойтись"},
		{"a fleeting vowel", "кроссовок", "кроссовки"},
		{"a genitive that stands by itself", "пятен", "пятно"},
		{"a plural of another root", "люди", "человека"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, b := text.Tokens(text.Fold(c.a)), text.Tokens(text.Fold(c.b))
			if !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) }) {
				t.Errorf("%v of %q and %v of %q have nothing in common", a, c.a, b, c.b)
			}
		})
	}
}

func TestAFormOfTwoWordsHasBoth(t *testing.T) {
	t.Parallel()
	var m text.Stemmer
	stems, also := m.Stems("Стали")
	if diff := cmp.Diff([]string{"стал"}, stems); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"стат"}, also); diff != "" {
		t.Error(diff)
	}
}

func TestWordsBeyondTheTableStayWithTheStemmer(t *testing.T) {
	t.Parallel()
	for _, w := range []string{"гуглить", "кринж", "ab", "12", "й", "ї", "щщщщщ", strings.Repeat("а", 64)} {
		if got := text.Tokens(w); len(got) != 1 || got[0] == "" {
			t.Errorf("%q: %q", w, got)
		}
	}
}

func TestBeginningsReachFormsOfOtherRoots(t *testing.T) {
	t.Parallel()
	if got := text.Begun("прише"); !slices.Contains(got, "прийт") {
		t.Errorf("got %q", got)
	}
	if got := text.Begun("zzzz"); got != nil {
		t.Errorf("got %q", got)
	}
}

// The table is what the generator makes of Debian's dictionary and our list.
func TestTableOfFormsIsFresh(t *testing.T) {
	t.Parallel()
	const dictionary = "/usr/share/hunspell/ru_RU"
	if _, err := os.Stat(dictionary + ".dic"); err != nil {
		if slices.Contains(strings.Split(os.Getenv("SELLERDESK_TEST_REQUIRE"), ","), "dictionary") {
			t.Fatal(err)
		}
		t.Skip("the dictionary hunspell-ru is not installed")
	}
	out := filepath.Join(t.TempDir(), "forms.bin")
	made := exec.CommandContext(t.Context(), "go", "run", "./formtable", "-dictionary", dictionary, "-list", "joined.txt", "-out", out)
	if b, err := made.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	want, err1 := os.ReadFile("forms.bin")
	got, err2 := os.ReadFile(out)
	if err1 != nil || err2 != nil || string(want) != string(got) {
		t.Errorf("forms.bin is old: run the generator again, and raise StemsVersion (%v, %v)", err1, err2)
	}
}

func TestSnippetShowsThePlaceOfTheFoundWords(t *testing.T) {
	t.Parallel()
	var m text.Stemmer
	long := strings.Repeat("слова до того ", 20) + "вернула\nденьги " + strings.Repeat("и после того ", 40)
	for _, c := range []struct {
		name, in string
		wanted   []string
		prefixes []string
		want     string
	}{
		{"marks forms", "Вернула деньги!", []string{"вернут"}, nil, "[Вернула] деньги!"},
		{"marks a part of an article", "Артикул AB-123.", []string{"123"}, nil, "Артикул AB-[123]."},
		{"marks a beginning", "возвратный", nil, []string{"возв"}, "[возвратный]"},
		{"takes marks out of the text", "a]b[ c", []string{"c"}, nil, "ab [c]"},
		{"nothing found gives the beginning", "  один \n два", []string{"x"}, nil, "один два"},
		{"the place in a long text, in one line", long, []string{"вернут"}, nil, "…слова до того слова до того слова до того слова до того [вернула] деньги и после т…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wanted := map[string]bool{}
			for _, w := range c.wanted {
				wanted[w] = true
			}
			if diff := cmp.Diff(c.want, m.Snippet(c.in, wanted, c.prefixes, 80, "[", "]")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func BenchmarkTokens(b *testing.B) {
	for b.Loop() {
		text.Tokens("вернула")
	}
}
