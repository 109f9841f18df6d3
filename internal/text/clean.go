package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxBytes bounds a cleaned text.
const MaxBytes = 100 << 10

// Clean makes foreign text fit to be kept: valid UTF-8 in composed form (NFC),
// without zero bytes and control characters except line feed and tab, at most
// [MaxBytes] long. Line ends become line feeds. Cleaning a clean text gives it
// back.
func Clean(s string) string {
	if plain(s) {
		return bound(s, MaxBytes)
	}
	// Normalizing cannot shorten a text below a third, so what lies beyond four
	// times the bound cannot reach into it, and the work stays bounded.
	s = bound(s, 4*MaxBytes)
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r != '\n' && r != '\t' && unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return bound(norm.NFC.String(s), MaxBytes)
}

// plain tells whether s is clean but for its length: most texts are, and telling
// costs no memory.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
		return false
	}
	// The second block of controls is C2 80 to C2 9F.
	for i := 0; i+1 < len(s); i++ {
		if s[i] == 0xc2 && s[i+1] < 0xa0 {
			return false
		}
	}
	return true
}

// bound cuts s to n bytes without cutting a character in two.
func bound(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Cut makes one line of at most n characters for a list: white space is
// collapsed, and a text that is longer ends with "…".
func Cut(s string, n int) string {
	if n <= 0 {
		return ""
	}
	var b strings.Builder
	count, space, kept := 0, false, 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = count > 0
			continue
		}
		need := 1
		if space {
			need = 2
		}
		if count+need > n {
			// The ellipsis takes the place of the last character if there is no room.
			if count == n {
				return b.String()[:kept] + "…"
			}
			return b.String() + "…"
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		kept = b.Len()
		b.WriteRune(r)
		count += need
	}
	return b.String()
}

// Key makes texts comparable that a remote side may have trimmed or wrapped
// anew: clean, with white space collapsed.
func Key(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }
