package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/sellerdesk/sellerdesk/internal/text"
)

func TestCleanMakesForeignTextFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"plain text stays as it is", "Добрый день!\nГде заказ?\t🙂", "Добрый день!\nГде заказ?\t🙂"},
		{"zero bytes go", "a\x00b", "ab"},
		{"control characters of both blocks go", "a\x1b[31m\u0085b\x7f", "a[31mb"},
		{"line ends of other systems become line feeds", "a\r\nb\rc", "a\nb\nc"},
		{"broken bytes become the mark of a broken character", "a\xff\xfeb", "a\uFFFDb"},
		{"letters in parts are composed", "и\u0306", "й"},
		{"marks of direction stay", "a\u202eb\u2066c", "a\u202eb\u2066c"},
		{"a removed control does not leave a letter in parts", "и\x01\u0306", "й"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, text.Clean(c.in)); diff != "" {
				t.Errorf("Clean (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCleanBoundsTheLength(t *testing.T) {
	t.Parallel()
	got := text.Clean(strings.Repeat("щ", 1<<20))
	if len(got) > text.MaxBytes || len(got) < text.MaxBytes-utf8.UTFMax || !utf8.ValidString(got) {
		t.Errorf("got %d bytes, valid %v", len(got), utf8.ValidString(got))
	}
}

func TestCutMakesOneLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		n        int
		want     string
	}{
		{"a short text stays", "привет", 10, "привет"},
		{"white space collapses", "  а \n\n б\t", 10, "а б"},
		{"a text of exactly the length stays", "абв", 3, "абв"},
		{"a longer one ends with an ellipsis inside the length", "абвг", 3, "аб…"},
		{"no room for the next word", "аб вг", 3, "аб…"},
		{"nothing fits", "абв", 0, ""},
		{"one character", "абв", 1, "…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := text.Cut(c.in, c.n); got != c.want {
				t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
			}
		})
	}
}

func TestStemsMeetWhereAPersonExpects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, written, asked string }{
		{"endings of Russian nouns", "Кроссовками доволен", "кроссовки"},
		{"ё and е", "Ещё чёрный", "черные"},
		{"case", "ВОЗВРАТ", "возврата"},
		{"English plurals", "two boxes", "box"},
		{"an article number whole", "артикул AB-1234", "ab-1234"},
		{"a part of an article number", "артикул AB-1234", "1234"},
		{"a compound in another form", "в интернет-магазине", "интернет-магазин"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			written := strings.Join(text.Stems(c.written), " ") + " "
			for _, s := range text.Stems(c.asked) {
				if !strings.Contains(written, s+" ") {
					t.Errorf("asked %q is not in %q", s, written)
				}
			}
		})
	}
}

func TestWordsAreBounded(t *testing.T) {
	t.Parallel()
	for _, w := range text.Words(strings.Repeat("я-", 1000) + " " + strings.Repeat("z", 1000)) {
		if n := utf8.RuneCountInString(w); n > 64 {
			t.Errorf("a word of %d characters", n)
		}
	}
}

func TestKeyForgivesWhatARemoteSideTrims(t *testing.T) {
	t.Parallel()
	if a, b := text.Key(" Да,\r\nконечно  "), text.Key("Да, конечно"); a != b {
		t.Errorf("%q and %q differ", a, b)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\x00b", "\xff", "и\u0306", "e" + strings.Repeat("\u0301", 100), "a\r\nb", "\u0085", "\uFEFFx"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := text.Clean(s)
		if !utf8.ValidString(c) || !norm.NFC.IsNormalString(c) || len(c) > text.MaxBytes {
			t.Fatalf("not clean: %q", c)
		}
		for _, r := range c {
			if unicode.IsControl(r) && r != '\n' && r != '\t' {
				t.Fatalf("a control character stayed: %q", c)
			}
		}
		if again := text.Clean(c); again != c {
			t.Fatalf("cleaning again changed %q to %q", c, again)
		}
	})
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"", "а-б--в", "AB-1234/5", "Ёлка ёж", "\xff\x00", "'s", "-a-", "ǅ İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range append(text.Words(s), text.Stems(s)...) {
			if w == "" || strings.ContainsAny(w, " '\"\\:&|!()*\x00") || !utf8.ValidString(w) {
				t.Fatalf("an unfit word %q of %q", w, s)
			}
			if utf8.RuneCountInString(w) > 64 {
				t.Fatalf("a long word %q", w)
			}
		}
	})
}

func FuzzCut(f *testing.F) {
	f.Add("а б", 2)
	f.Add("   ", 1)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n %= 300
		got := text.Cut(s, n)
		if utf8.RuneCountInString(got) > max(n, 0) || strings.ContainsAny(got, "\n\t") {
			t.Fatalf("Cut(%q, %d) = %q", s, n, got)
		}
	})
}

func BenchmarkStems(b *testing.B) {
	s := "Здравствуйте, подскажите пожалуйста, когда придёт мой заказ? Кроссовки нужны к пятнице."
	for b.Loop() {
		text.Stems(s)
	}
}

func BenchmarkStemmer(b *testing.B) {
	s := "Здравствуйте, подскажите пожалуйста, когда придёт мой заказ? Кроссовки нужны к пятнице."
	var m text.Stemmer
	for b.Loop() {
		m.Stems(s)
	}
}
