package composing_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/composing"
)

func TestAWindowStandsAsItBoundsTheTexts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	until := func(d time.Duration) *sellerdesk.Time { at := sellerdesk.At(now.Add(d)); return &at }
	paid, unpaid := true, false
	for name, c := range map[string]struct {
		window *sellerdesk.Window
		want   composing.Standing
		left   time.Duration
	}{
		"a channel without windows":            {nil, composing.Free, 0},
		"a window that does not end":           {&sellerdesk.Window{Unbounded: true, Balance: &paid}, composing.Free, 0},
		"one that is open for an hour":         {&sellerdesk.Window{Until: until(time.Hour)}, composing.Open, time.Hour},
		"one that shut a second ago":           {&sellerdesk.Window{Until: until(-time.Second), Open: true}, composing.Shut, 0},
		"one that shuts this moment":           {&sellerdesk.Window{Until: until(0)}, composing.Shut, 0},
		"one that never opened":                {&sellerdesk.Window{Balance: &paid}, composing.Shut, 0},
		"an open one without money":            {&sellerdesk.Window{Until: until(time.Hour), Balance: &unpaid}, composing.Unpaid, 0},
		"one without an end and without money": {&sellerdesk.Window{Unbounded: true, Balance: &unpaid}, composing.Unpaid, 0},
	} {
		got, left := composing.Stand(c.window, now)
		if got != c.want || left != c.left {
			t.Errorf("%s: %q for %s, want %q for %s", name, got, left, c.want, c.left)
		}
	}
	if !composing.Stale(nil, now) || !composing.Stale(&sellerdesk.Window{CheckedAt: *until(-31 * time.Second)}, now) || composing.Stale(&sellerdesk.Window{CheckedAt: *until(-29 * time.Second)}, now) {
		t.Error("a window is asked again after half a minute")
	}
}

func TestTextsAreCutAtTheirVariables(t *testing.T) {
	t.Parallel()
	variables := []sellerdesk.TemplateVariable{
		{Name: "1", Part: composing.Header}, {Name: "1", Part: composing.Body}, {Name: "name", Part: composing.Body},
		{Name: "1", Part: composing.Button, Button: 0}, {Name: "1", Part: composing.Button, Button: 2},
	}
	for name, c := range map[string]struct {
		text, part string
		button     int
		want       []composing.Piece
	}{
		"words only":                        {"Hello", composing.Body, 0, []composing.Piece{{"Hello", -1}}},
		"nothing":                           {"", composing.Body, 0, nil},
		"two variables side by side":        {"{{1}}{{ name }}", composing.Body, 0, []composing.Piece{{"{{1}}", 1}, {"{{ name }}", 2}}},
		"the same name in the header":       {"Order {{1}}!", composing.Header, 0, []composing.Piece{{"Order ", -1}, {"{{1}}", 0}, {"!", -1}}},
		"the third button":                  {"https://a.example/{{1}}", composing.Button, 2, []composing.Piece{{"https://a.example/", -1}, {"{{1}}", 4}}},
		"a button that has none":            {"{{1}}", composing.Button, 1, []composing.Piece{{"{{1}}", -1}}},
		"braces that name nothing are text": {"a {{7}} b {{}} c", composing.Body, 0, []composing.Piece{{"a {{7}} b {{}} c", -1}}},
	} {
		if diff := cmp.Diff(c.want, composing.Pieces(c.text, c.part, c.button, variables)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func FuzzPiecesLoseNothing(f *testing.F) {
	f.Add("Hello {{1}}, {{name}} {{ }} {{{1}}}")
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		for _, p := range composing.Pieces(text, composing.Body, 0, []sellerdesk.TemplateVariable{{Name: "1", Part: composing.Body}}) {
			b.WriteString(p.Words)
		}
		if b.String() != text {
			t.Errorf("%q became %q", text, b.String())
		}
	})
}

func TestTemplatesThatCanBeSentStandFirst(t *testing.T) {
	t.Parallel()
	list := []sellerdesk.RemoteTemplate{
		{Name: "b", Language: "ru", Source: "1"}, {Name: "a", Language: "ru", Source: "1", Reason: "Paused."},
		{Name: "b", Language: "en", Source: "1"}, {Name: "c", Source: "2"}, {Name: "d"},
	}
	var got []string
	for _, x := range composing.Sorted(list, "1") {
		got = append(got, strings.TrimSpace(x.Name+" "+x.Language))
	}
	if diff := cmp.Diff([]string{"b en", "b ru", "d", "a ru"}, got); diff != "" {
		t.Error(diff)
	}
	if n := len(composing.Sorted(list, "")); n != len(list) {
		t.Errorf("%d of all", n)
	}
	if x, ok := composing.Find(list, "b", "en"); !ok || x.Language != "en" {
		t.Errorf("found %+v", x)
	}
	if _, ok := composing.Find(list, "b", "de"); ok {
		t.Error("found what is not there")
	}
}

func TestFormsAreReadWithinTheirBounds(t *testing.T) {
	t.Parallel()
	use, err := composing.Use(`{"name":"hello","language":"ru","variables":["a"]}`)
	if err != nil || use.Name != "hello" || len(use.Variables) != 1 {
		t.Errorf("got %+v, %v", use, err)
	}
	menu, err := composing.Interactive(`{"kind":"menu","body":"?","menu":{"button":"Choose","sections":[{"rows":[{"title":"A"}]}]}}`)
	if err != nil || menu.Menu.Sections[0].Rows[0].Title != "A" {
		t.Errorf("got %+v, %v", menu, err)
	}
	if use, err := composing.Use(""); use != nil || err != nil {
		t.Errorf("nothing became %+v, %v", use, err)
	}
	for _, raw := range []string{`{`, `[]`, `{"name":"a"}{}`, `{"surprise":1}`, `{"name":"` + strings.Repeat("x", 40<<10) + `"}`} {
		if _, err := composing.Use(raw); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
			t.Errorf("%.40s: %v", raw, err)
		}
	}
}

func TestLimitsStandWhereButtonsMayBeSent(t *testing.T) {
	t.Parallel()
	can := sellerdesk.Ability{Interactive: &sellerdesk.InteractiveLimits{Buttons: 3}}
	if got := composing.Limits(can); !strings.Contains(got, `"buttons":3`) {
		t.Errorf("got %s", got)
	}
	can.Reason = "Shut."
	if got := composing.Limits(can); got != "" {
		t.Errorf("got %s", got)
	}
}

func TestWhatIsLeftOfAWindowIsSaidShortly(t *testing.T) {
	t.Parallel()
	words := composing.Words{Hour: "h", Minute: "min", Second: "s"}
	for d, want := range map[time.Duration]string{
		3*time.Hour + 12*time.Minute + 59*time.Second: "3 h 12 min", 2 * time.Hour: "2 h", 59*time.Minute + 59*time.Second: "59 min",
		time.Minute: "1 min", 59 * time.Second: "59 s", 300 * time.Millisecond: "1 s", 0: "0 s", -time.Hour: "0 s", 25*time.Hour + time.Minute: "25 h 1 min",
	} {
		if got := strings.ReplaceAll(words.Left(d), "\u00a0", " "); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
