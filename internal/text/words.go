package text

import (
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/russian"
)

// StemsVersion is the version of the rules of [Stems]. Words that were stored
// by another version have to be made again.
const StemsVersion = 1

// maxWord bounds a word in characters; the rest of a longer one is dropped.
const maxWord = 64

// Fold makes texts equal that differ in case or in ё and е only.
func Fold(s string) string {
	return strings.Map(foldRune, s)
}

func foldRune(r rune) rune {
	r = unicode.ToLower(r)
	if r == 'ё' {
		return 'е'
	}
	return r
}

// Words cuts a folded text into words: runs of letters and digits, with hyphens
// inside, so that article numbers stay whole.
func Words(s string) []string {
	words := make([]string, 0, len(s)/8+1)
	var b strings.Builder
	count, hyphen := 0, false
	flush := func() {
		if b.Len() > 0 {
			words = append(words, b.String())
		}
		b.Reset()
		count, hyphen = 0, false
	}
	for _, r := range s {
		r = foldRune(r)
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if hyphen && count < maxWord-1 {
				b.WriteByte('-')
				count++
			}
			hyphen = false
			if count < maxWord {
				b.WriteRune(r)
				count++
			}
		case r == '-' && count > 0 && !hyphen:
			hyphen = true
		default:
			flush()
		}
	}
	flush()
	return words
}

// Stems makes the words that search keeps and asks for. A word with hyphens
// gives its parts and then itself, so that it is found by either.
func Stems(s string) []string {
	words := Words(s)
	stems := make([]string, 0, len(words))
	for _, w := range words {
		if !strings.Contains(w, "-") {
			stems = append(stems, stem(w))
			continue
		}
		parts := strings.Split(w, "-")
		for i, p := range parts {
			parts[i] = stem(p)
		}
		stems = append(stems, parts...)
		stems = append(stems, strings.Join(parts, "-"))
	}
	return stems
}

// stem takes the ending off a Russian or English word. A word with a digit is a
// number or an article and stays as it is.
func stem(w string) string {
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
