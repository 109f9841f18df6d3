package filling_test

import (
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/filling"
)

func TestWhatIsKnownIsFilledInAndNothingLeavesAHole(t *testing.T) {
	t.Parallel()
	anna := filling.Subject{Shop: "Лучший магазин", Me: "Ольга", Conversation: sellerdesk.Conversation{
		ID: 7, BuyerName: "Анна  Мария", Order: "18-77", Product: &sellerdesk.Product{ID: "4411", Name: "Кроссовки"},
	}}
	for name, c := range map[string]struct {
		text, want string
		about      filling.Subject
	}{
		"every variable by its English name": {
			text: "{name|you}, {product|thing} {article|none} {order|none} {shop|we} {me|us}", about: anna,
			want: "Анна Мария, Кроссовки 4411 18-77 Лучший магазин Ольга",
		},
		"every variable by its Russian name": {
			text: "{Имя|вы}, {товар|вещь} {артикул|нет} {заказ|нет} {магазин|мы} {я|мы}", about: anna,
			want: "Анна Мария, Кроссовки 4411 18-77 Лучший магазин Ольга",
		},
		"what is not known gives its fallback":             {text: "{name|friend}, {product|your order}: {me|we}", want: "friend, your order: we"},
		"an empty fallback leaves no two spaces":           {text: "Hello {name|} and welcome", want: "Hello and welcome"},
		"an empty fallback leaves no comma before the end": {text: "Спасибо, {имя|}!", want: "Спасибо!"},
		"an empty fallback leaves no space before a comma": {text: "Hello {name|}, welcome", want: "Hello, welcome"},
		"an empty random part is mended too":               {text: "Thank you{|}, Anna", want: "Thank you, Anna"},
		"an empty beginning leaves no space":               {text: "{name|} Hello", want: "Hello"},
		"words of the text keep their own spaces":          {text: "a  b\n\n c", want: "a  b\n\n c"},
		"a nickname with digits is no name":                {text: "{name|friend}", about: called("user4521"), want: "friend"},
		"an address is no name":                            {text: "{name|friend}", about: called("shop.example"), want: "friend"},
		"what has signs is no name":                        {text: "{name|friend}", about: called("<b>Anna</b>"), want: "friend"},
		"a telephone is no name":                           {text: "{name|friend}", about: called("+7 999 000-00-01"), want: "friend"},
		"initials are a name":                              {text: "{name|friend}", about: called("Игорь В."), want: "Игорь В."},
		"a name with a hyphen and an apostrophe is one":    {text: "{name|friend}", about: called("Anne-Marie O’Neil"), want: "Anne-Marie O’Neil"},
		"an Arabic name is one":                            {text: "{name|friend}", about: called("عبد الله"), want: "عبد الله"},
		"braces in a name are not read again":              {text: "{me|x}", about: filling.Subject{Me: "{order|1}"}, want: "{order|1}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			texts, err := filling.Parse([]string{c.text})
			if err != nil {
				t.Fatal(err)
			}
			if got := texts.For(1, c.about); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func called(name string) filling.Subject {
	return filling.Subject{Conversation: sellerdesk.Conversation{BuyerName: sellerdesk.Optional(name)}}
}

func TestTheSameSeedMakesTheSameTextAndOthersDiffer(t *testing.T) {
	t.Parallel()
	texts, err := filling.Parse([]string{"{a|b|c} {d|e|f}", "{x|y}"})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for seed := range int64(200) {
		one := texts.For(seed, filling.Subject{})
		if again := texts.For(seed, filling.Subject{}); again != one {
			t.Fatalf("seed %d made %q and %q", seed, one, again)
		}
		seen[one] = true
	}
	if len(seen) != 11 { // nine of the first, two of the second
		t.Errorf("200 seeds made %d different texts of 11", len(seen))
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "{", "}", "{name|", "{name|a} {b|c}", "{{a|b}}", "{a|b|c", "я{имя|}я"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		texts, err := filling.Parse([]string{s})
		if err != nil {
			if sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
				t.Fatalf("%q: %v is our fault", s, err)
			}
			return
		}
		_ = texts.For(1, filling.Subject{})
	})
}
