package prose

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/a-h/templ"
)

func prose(tb testing.TB, s string) string {
	tb.Helper()
	var b strings.Builder
	if err := Text(s).Render(tb.Context(), &b); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func TestTextOfOthersIsShownAsText(t *testing.T) {
	t.Parallel()
	const open = `<a class="link" target="_blank" rel="noopener nofollow noreferrer" href="`
	for name, c := range map[string]struct{ text, want string }{
		"a script is text":                         {`<script>alert(1)</script>`, `&lt;script&gt;alert(1)&lt;/script&gt;`},
		"an element of htmx is text":               {`<hx-partial hx-target="#x">`, `&lt;hx-partial hx-target=&#34;#x&#34;&gt;`},
		"an address becomes a link":                {`see https://a.example/b?c=1&d=2.`, `see ` + open + `https://a.example/b?c=1&amp;d=2">https://a.example/b?c=1&amp;d=2</a>.`},
		"other schemes stay text":                  {`javascript:alert(1) data:text/html,x ftp://a.example/`, `javascript:alert(1) data:text/html,x ftp://a.example/`},
		"an address with a name before the host":   {`https://bank.example@evil.example/`, `https://bank.example@evil.example/`},
		"a host in another script stays text":      {`https://exаmple.com/`, `https://exаmple.com/`},
		"an override of the reading order":         {"a\u202Eb", `a<span class="control">U+202E</span>b`},
		"an override inside an address":            {"https://a.example/\u202Egpj.exe", `https://a.example/<span class="control">U+202E</span>gpj.exe`},
		"a zero byte":                              {"a\x00b", `a<span class="control">U+0000</span>b`},
		"broken UTF-8":                             {"a\xffb", `a<span class="control">U+FFFD</span>b`},
		"marks of honest right-to-left text leave": {"\u200Fشكرا", "شكرا"},
		"lines stay lines":                         {"a\r\nb\tc", "a\nb\tc"},
		"quotes end an address":                    {`"https://a.example/"onmouseover=`, `&#34;` + open + `https://a.example/">https://a.example/</a>&#34;onmouseover=`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := prose(t, c.text); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAFloodOfAddressesMakesOnlySoManyLinks(t *testing.T) {
	t.Parallel()
	if n := strings.Count(prose(t, strings.Repeat("https://a.example/ ", 10_000)), "<a "); n != maxLinks {
		t.Errorf("%d links, want %d", n, maxLinks)
	}
}

func TestNamesCannotTurnTheLineTheyStandIn(t *testing.T) {
	t.Parallel()
	if got := Line(" \u202EAnna\u2066\n\x00B\u200F "); got != "Anna B" {
		t.Errorf("got %q", got)
	}
}

// FuzzProse checks that nothing but our own two elements comes out, and that
// what can be read is what was written.
func FuzzProse(f *testing.F) {
	for _, s := range []string{"", "a", "<b>", "https://a.example/<x>", "\u202Ehttps://a.example\u202C", "http://[::1]/%zz", "https://a.example/'\"`", "&amp;<hx-partial>"} {
		f.Add(s)
	}
	ours := regexp.MustCompile(`<a class="link" target="_blank" rel="noopener nofollow noreferrer" href="https?://[^"<>]*">|</a>|<span class="control">U\+[0-9A-F]{4,}</span>`)
	f.Fuzz(func(t *testing.T, s string) {
		out := prose(t, s)
		rest := ours.ReplaceAllString(out, "")
		if strings.ContainsAny(rest, `<>"'`) {
			t.Fatalf("foreign markup in %q", out)
		}
		if !utf8.ValidString(out) {
			t.Fatalf("invalid UTF-8 in %q", out)
		}
		if !strings.ContainsFunc(s, turning) && len(s) < 100 && html.UnescapeString(rest) != s {
			t.Fatalf("%q reads as %q", s, html.UnescapeString(rest))
		}
	})
}

func TestFoundWordsAreMarkedAndNothingElse(t *testing.T) {
	t.Parallel()
	text := `<b>кружка</b> https://shop.example/кружка кружка`
	first := strings.Index(text, "кружка")
	last := strings.LastIndex(text, "кружка")
	link := strings.Index(text, "/кружка ") + 1
	places := [][2]int{{first, first + len("кружка")}, {link, link + len("кружка")}, {last, last + len("кружка")}, {last + 2, 999}, {-1, 3}}
	for name, c := range map[string]templ.Component{"text": Found(text, places), "line": Marked(text, places[:1])} {
		var b strings.Builder
		if err := c.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"text": 2, "line": 1}[name]
		if got := b.String(); strings.Count(got, "<mark>кружка</mark>") != want || strings.Count(got, "<mark>") != want || strings.Contains(got, "<b>") {
			t.Errorf("%s: %s", name, got)
		}
		if links := strings.Count(b.String(), "<a "); links != map[string]int{"text": 1, "line": 0}[name] {
			t.Errorf("%s has %d links", name, links)
		}
	}
}
