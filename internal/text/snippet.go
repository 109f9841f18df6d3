package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxLooked bounds how much of a text is looked at for found words.
	maxLooked = 32 << 10
	// before is how many characters a snippet shows before the first found word.
	before = 60
)

// Snippet gives the place of a text around the first found word, in one line of
// at most width characters, with found words between the marks. A word is found
// when one of its tokens is wanted, or begins as one of the prefixes; nothing
// found gives the beginning. The marks are taken out of the text itself.
func (m *Stemmer) Snippet(s string, wanted map[string]bool, prefixes []string, width int, mark, end string) string {
	s = bound(s, maxLooked)
	marks := m.marks(s, wanted, prefixes)
	from := 0
	if len(marks) > 0 {
		from = back(s, marks[0][0], before)
	}
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
	}
	count, space := 0, false
	for i := from; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if count >= width {
			b.WriteString("…")
			break
		}
		if unicode.IsSpace(r) {
			space = count > 0
			i += size
			continue
		}
		if space {
			b.WriteByte(' ')
			count, space = count+1, false
		}
		if len(marks) > 0 && marks[0][0] == i {
			word := clear(s[i:marks[0][1]], mark, end)
			b.WriteString(mark + word + end)
			count += utf8.RuneCountInString(word)
			i, marks = marks[0][1], marks[1:]
			continue
		}
		for len(marks) > 0 && marks[0][0] < i {
			marks = marks[1:]
		}
		if one := s[i : i+size]; one != mark && one != end {
			b.WriteString(one)
			count++
		}
		i += size
	}
	return b.String()
}

// Found gives where the found words of a text are: pairs of the first byte and
// the one behind the last, in growing order. What is found is told as for
// [Stemmer.Snippet]; only the beginning of a very long text is looked at.
func (m *Stemmer) Found(s string, wanted map[string]bool, prefixes []string) [][2]int {
	return m.marks(bound(s, maxLooked), wanted, prefixes)
}

// clear takes the marks out of a word.
func clear(s, mark, end string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, mark, ""), end, "")
}

// back goes back a number of characters, to the beginning of a word.
func back(s string, from, n int) int {
	at, edge := from, from
	for ; at > 0 && n > 0; n-- {
		r, size := utf8.DecodeLastRuneInString(s[:at])
		if unicode.IsSpace(r) {
			edge = at
		}
		at -= size
	}
	if at == 0 {
		return 0
	}
	return edge
}

// marks gives where the found words are.
func (m *Stemmer) marks(s string, wanted map[string]bool, prefixes []string) (places [][2]int) {
	start := -1
	take := func(end int) {
		if start >= 0 && m.wants(Fold(s[start:end]), wanted, prefixes) {
			places = append(places, [2]int{start, end})
		}
		start = -1
	}
	for i, r := range s {
		switch {
		case !wordRune(foldRune(r)):
			take(i)
		case start < 0:
			start = i
		}
	}
	take(len(s))
	return places
}

func (m *Stemmer) wants(word string, wanted map[string]bool, prefixes []string) bool {
	if utf8.RuneCountInString(word) > maxWord {
		return false
	}
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(word, p) }) ||
		slices.ContainsFunc(m.tokens(word), func(t string) bool { return wanted[t] })
}
