package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/internal/text"
)

// ending is one rule of the dictionary: words that meet the condition lose one
// end and get another.
type ending struct {
	strip, add string
	condition  []string // one set of characters for each of the last ones, "^" before those that may not stand there
}

// readEndings reads the rules by their flag. The Russian dictionary has plain
// suffixes only.
func readEndings(r io.Reader) (map[string][]ending, error) {
	rules := map[string][]ending{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) < 5 || f[0] != "SFX" {
			continue
		}
		e := ending{strip: strings.TrimPrefix(f[2], "0"), add: strings.TrimPrefix(f[3], "0")}
		if strings.Contains(e.add, "/") {
			return nil, fmt.Errorf("read the rule %q: endings of endings are not known", lines.Text())
		}
		if f[4] != "." {
			e.condition = characters(f[4])
		}
		rules[f[1]] = append(rules[f[1]], e)
	}
	return rules, lines.Err()
}

// characters cuts a condition such as "[^к]ий" into its characters.
func characters(condition string) (sets []string) {
	for len(condition) > 0 {
		if inner, rest, ok := strings.Cut(condition, "]"); ok && condition[0] == '[' {
			sets, condition = append(sets, inner[1:]), rest
			continue
		}
		_, n := utf8.DecodeRuneInString(condition)
		sets, condition = append(sets, condition[:n]), condition[n:]
	}
	return sets
}

// meets tells whether the rule is for the word.
func (e ending) meets(word string) bool {
	if !strings.HasSuffix(word, e.strip) || len(word) == len(e.strip) && e.add == "" {
		return false
	}
	for i := len(e.condition) - 1; i >= 0; i-- {
		r, n := utf8.DecodeLastRuneInString(word)
		if n == 0 {
			return false
		}
		set, not := strings.CutPrefix(e.condition[i], "^")
		if strings.ContainsRune(set, r) == not {
			return false
		}
		word = word[:len(word)-n]
	}
	return true
}

// entry is a word of the dictionary with all its forms, itself among them.
type entry struct {
	word  string
	forms []string
}

// readEntries reads the Russian words in lower case; names and abbreviations
// stay as the stemmer makes them.
func readEntries(r io.Reader, rules map[string][]ending) ([]entry, error) {
	var all []entry
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		word, flags, _ := strings.Cut(strings.TrimSpace(lines.Text()), "/")
		if !russian(word) {
			continue
		}
		e := entry{word: text.Fold(word), forms: []string{text.Fold(word)}}
		for _, flag := range flags {
			for _, rule := range rules[string(flag)] {
				if rule.meets(word) {
					e.forms = append(e.forms, text.Fold(strings.TrimSuffix(word, rule.strip)+rule.add))
				}
			}
		}
		all = append(all, e)
	}
	return all, lines.Err()
}

// russian tells whether a word is of small Russian letters only.
func russian(word string) bool {
	for _, r := range word {
		if (r < 'а' || r > 'я') && r != 'ё' {
			return false
		}
	}
	return word != ""
}
