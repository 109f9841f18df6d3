package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/russian"
)

// StemsVersion is the version of the rules of [Stems]. Words that were stored
// by another version have to be made again.
const StemsVersion = 2

// maxWord bounds a word in characters; the rest of a longer one is dropped.
const maxWord = 64

// Fold makes texts equal that differ in case or in ё and е only.
func Fold(s string) string {
	return strings.Map(foldRune, s)
}

// foldRune knows the letters of most texts by heart: asking package unicode
// for each would take half of the time of reading a history.
func foldRune(r rune) rune {
	switch {
	case r >= 'а' && r <= 'я' || r < 'A':
		return r
	case r >= 'А' && r <= 'Я':
		return r + ('а' - 'А')
	case r == 'ё' || r == 'Ё':
		return 'е'
	case r < unicode.MaxASCII:
		if r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	default:
		return unicode.ToLower(r)
	}
}

// wordRune tells whether a folded character belongs to words.
func wordRune(r rune) bool {
	switch {
	case r >= 'а' && r <= 'я' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return true
	case r <= unicode.MaxASCII:
		return false
	default:
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	}
}

// Words cuts a text into folded words: runs of letters and digits, with hyphens
// inside, so that article numbers stay whole.
func Words(s string) []string {
	s = Fold(s)
	words := make([]string, 0, len(s)/8+1)
	// The word that is being read is s[start:end], of count characters; hyphen
	// tells that one stands behind it.
	start, end, count, hyphen := 0, 0, 0, false
	for i, r := range s {
		switch size := utf8.RuneLen(r); {
		case wordRune(r):
			if count == 0 {
				start, end = i, i
			}
			if hyphen {
				count++
			}
			if count++; count <= maxWord {
				end = i + size
			}
			hyphen = false
		case r == '-' && count > 0 && !hyphen:
			hyphen = true
		case count > 0:
			words = append(words, s[start:end])
			count, hyphen = 0, false
		}
	}
	if count > 0 {
		words = append(words, s[start:end])
	}
	return words
}

// Stems makes the words that search keeps, in the order of the text. A word with
// hyphens gives its parts.
func Stems(s string) []string {
	var m Stemmer
	stems, _ := m.Stems(s)
	return stems
}

// Stemmer makes the words that search keeps and remembers those it met, because
// people use few different ones. The zero value is ready; it is not safe for
// concurrent use.
type Stemmer struct {
	known map[string][]string
}

// maxKnown bounds the memory of a Stemmer.
const maxKnown = 4096

// Stems makes the words that search keeps: stems has one for each word of the
// text, in their order, also the others that some words may be forms of.
func (m *Stemmer) Stems(s string) (stems, also []string) {
	words := Words(s)
	stems = make([]string, 0, len(words))
	for _, w := range words {
		for part := range strings.SplitSeq(w, "-") {
			tokens := m.tokens(part)
			stems, also = append(stems, tokens[0]), append(also, tokens[1:]...)
		}
	}
	return stems, also
}

func (m *Stemmer) tokens(w string) []string {
	if tokens, ok := m.known[w]; ok {
		return tokens
	}
	// The word is a piece of a message: a copy lets go of the rest of it.
	w = strings.Clone(w)
	tokens := Tokens(w)
	if m.known == nil || len(m.known) >= maxKnown {
		m.known = map[string][]string{}
	}
	m.known[w] = tokens
	return tokens
}

// Tokens gives what search keeps for one folded word without hyphens: one for
// each word that it may be a form of, at least one. Phrases go by the first.
func Tokens(w string) []string {
	stem := Stem(w)
	if tokens := formsOf(w, stem); len(tokens) > 0 {
		return tokens
	}
	return []string{stem}
}

// Begun gives the tokens of words that begin with a folded prefix while their
// tokens do not, as those of "пришёл" do; at most 32.
func Begun(prefix string) []string { return begun(prefix) }

// Stem takes the ending off a folded Russian or English word. A word with a
// digit is a number or an article and stays as it is.
func Stem(w string) string {
	cyrillic, latin := false, false
	for _, r := range w {
		switch {
		case r >= 'а' && r <= 'я':
			cyrillic = true
		case r >= 'a' && r <= 'z':
			latin = true
		default:
			return w
		}
	}
	if cyrillic == latin {
		return w
	}
	env := snowballstem.NewEnv(w)
	if cyrillic {
		russian.Stem(env)
	} else {
		english.Stem(env)
	}
	if env.Current() == "" {
		return w
	}
	return env.Current()
}
