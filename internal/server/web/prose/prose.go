package prose

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// longText is from how many bytes a text is folded until the reader asks for
// all of it; longLines is the same for lines.
const (
	longText  = 2400
	longLines = 28
	// maxLinks is how many addresses of one text become links.
	maxLinks = 50
)

// Long tells whether a text is shown folded.
func Long(s string) bool {
	return len(s) > longText || strings.Count(s, "\n") > longLines
}

// longestLink is in bytes; a longer address stays text.
const longestLink = 2000

// address finds what may be an address.
var address = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"'` + "`" + `]+`)

// Text shows text that others wrote: as text, whatever it holds. It is the
// only place that makes links, and only of http and https addresses that show
// where they lead. Characters that could turn the reading order of the page are
// shown by their number instead.
func Text(s string) templ.Component { return Found(s, nil) }

// Found shows a text as [Text] does, with some places of it marked: pairs of the
// first byte and the one behind the last, in growing order. Addresses are links
// and bear no marks.
func Found(s string, places [][2]int) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		from := 0
		for range maxLinks {
			at := address.FindStringIndex(s[from:])
			if at == nil {
				break
			}
			link := strings.TrimRight(s[from+at[0]:from+at[1]], ".,;:!?)]}»…")
			marked(&b, s, from, from+at[0], places)
			writeLink(&b, link)
			from += at[0] + len(link)
		}
		marked(&b, s, from, len(s), places)
		if _, err := io.WriteString(w, b.String()); err != nil {
			return fmt.Errorf("write a text: %w", err)
		}
		return nil
	})
}

// Marked shows a text in one line with some places of it marked, as [Found]
// tells, and makes no links: it may stand inside of one.
func Marked(s string, places [][2]int) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		marked(&b, s, 0, len(s), places)
		if _, err := io.WriteString(w, b.String()); err != nil {
			return fmt.Errorf("write a text: %w", err)
		}
		return nil
	})
}

// marked writes a stretch of a text with the places of the text that lie in it.
func marked(b *strings.Builder, s string, from, to int, places [][2]int) {
	for _, p := range places {
		if p[0] < from || p[1] > to || p[0] >= p[1] {
			continue
		}
		visible(b, s[from:p[0]])
		b.WriteString("<mark>")
		visible(b, s[p[0]:p[1]])
		b.WriteString("</mark>")
		from = p[1]
	}
	visible(b, s[from:to])
}

// writeLink makes a link where the address is one; else it stays text. The
// shown text is the address itself, its host in plain ASCII, so that letters of
// another script cannot pass for a known name.
func writeLink(b *strings.Builder, raw string) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") || !asciiHost(u.Hostname()) || hasControls(raw) || len(raw) > longestLink {
		visible(b, raw)
		return
	}
	b.WriteString(`<a class="link" target="_blank" rel="noopener nofollow noreferrer" href="`)
	b.WriteString(templ.EscapeString(u.String()))
	b.WriteString(`">`)
	visible(b, Clip(raw, 120))
	b.WriteString(`</a>`)
}

func asciiHost(host string) bool {
	for i := range len(host) {
		if host[i] >= utf8.RuneSelf {
			return false
		}
	}
	return host != ""
}

func hasControls(s string) bool { return strings.ContainsFunc(s, turning) }

// turning tells whether a character would change the order or the look of what
// stands around it, or is no character of a text at all.
func turning(r rune) bool {
	switch {
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069: // overrides, embeddings, isolates
		return true
	case r == 0x200E, r == 0x200F, r == 0x061C: // marks of direction
		return true
	case r == '\n', r == '\t':
		return false
	default:
		return unicode.IsControl(r) || r == utf8.RuneError
	}
}

// visible writes text escaped, and turning characters by their number. The
// marks of direction are part of honest right-to-left text and are dropped.
func visible(b *strings.Builder, s string) {
	start := 0
	for i, r := range s {
		if !turning(r) {
			continue
		}
		b.WriteString(templ.EscapeString(s[start:i]))
		start = i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size := utf8.DecodeRuneInString(s[i:])
			start = i + size
		}
		switch r {
		case 0x200E, 0x200F, 0x061C, '\r':
		default:
			fmt.Fprintf(b, `<span class="control">U+%04X</span>`, r)
		}
	}
	b.WriteString(templ.EscapeString(s[start:]))
}

// Line makes one line of a foreign text for lists, titles and names, without
// any character that could turn its order.
func Line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case turning(r):
			return -1
		default:
			return r
		}
	}, s)
	return strings.TrimSpace(s)
}

// Address is an address at the remote side that may be opened by a click; ok is
// false for what is none.
func Address(link string) (templ.SafeURL, bool) {
	u, err := url.Parse(link)
	if err != nil || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || !asciiHost(u.Hostname()) || len(link) > longestLink {
		return "", false
	}
	return templ.SafeURL(u.String()), true
}

// Clip shortens s to n characters.
func Clip(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return strings.TrimRight(string(r[:n-1]), " ") + "…"
}
