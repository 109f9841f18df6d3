package main

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk/internal/text"
)

func main() {
	dictionary := flag.String("dictionary", "/usr/share/hunspell/ru_RU", "the dictionary, without .aff and .dic")
	list := flag.String("list", "joined.txt", "words to be joined")
	out := flag.String("out", "forms.bin", "the table")
	flag.Parse()
	if err := run(*dictionary, *list, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dictionary, list, out string) error {
	var rules map[string][]ending
	var entries []entry
	var groups [][]string
	err := errors.Join(
		reading(dictionary+".aff", func(r io.Reader) (err error) { rules, err = readEndings(r); return err }),
		reading(dictionary+".dic", func(r io.Reader) (err error) { entries, err = readEntries(r, rules); return err }),
		reading(list, func(r io.Reader) (err error) { groups, err = readGroups(r); return err }),
	)
	if err != nil {
		return err
	}
	return os.WriteFile(out, table(forms(entries, append(groups, going(entries)...))), 0o644)
}

func reading(path string, read func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(read(f), f.Close())
}

// readGroups reads the words that are joined by hand.
func readGroups(r io.Reader) (groups [][]string, err error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if line := lines.Text(); !strings.HasPrefix(line, "#") && line != "" {
			groups = append(groups, strings.Fields(text.Fold(line)))
		}
	}
	return groups, lines.Err()
}

// going joins what is made of идти, whose past the dictionary keeps apart.
func going(entries []entry) (groups [][]string) {
	known := map[string]bool{}
	for _, e := range entries {
		known[e.word] = true
	}
	for _, ends := range [][]string{
		{"йти", "шел", "шла", "шло", "шли", "йду", "йдем", "йдешь", "йдет", "йдете", "йдут", "йди", "йдите", "шедший"},
		{"йтись", "шелся", "шлась", "шлось", "шлись", "йдусь", "йдется", "йдутся"},
	} {
		for _, e := range entries {
			before, ok := strings.CutSuffix(e.word, ends[0])
			if !ok || !known[before+ends[1]] && !known[before+ends[2]] {
				continue
			}
			var group []string
			for _, end := range ends {
				group = append(group, before+end)
			}
			if before == "при" {
				group = append(group, "приду", "придем", "придешь", "придет", "придете", "придут", "приди", "придите")
			}
			groups = append(groups, group)
		}
	}
	return groups
}

// forms gives the tokens of every form: a token is the stem of the word, or of
// the first word of its group.
func forms(entries []entry, groups [][]string) map[string][]string {
	named := map[string][]string{} // the tokens that lists give to a word
	for _, g := range groups {
		for _, w := range g {
			named[w] = append(named[w], text.Stem(g[0]))
		}
	}
	of := map[string][]string{}
	for w, tokens := range named {
		of[w] = slices.Clone(tokens)
	}
	heads := map[string]bool{}
	for _, e := range entries {
		heads[e.word] = true
	}
	for _, e := range entries {
		if before, ok := strings.CutSuffix(e.word, "ец"); ok && slices.Contains(e.forms, before+"ца") {
			e.forms = append(e.forms, before+"цом") // where the ending is stressed it is an entry of its own
		}
		tokens := named[e.word]
		if tokens == nil {
			tokens = []string{text.Stem(cmp.Or(fleeting(e, heads), e.word))}
		}
		for _, f := range e.forms {
			of[f] = append(of[f], tokens...)
		}
	}
	for f, tokens := range of {
		own := text.Stem(f)
		slices.SortFunc(tokens, func(a, b string) int {
			// The stem itself first, where it is among them: it is what phrases go by.
			return cmp.Or(-cmp.Compare(one(a == own), one(b == own)), cmp.Compare(a, b))
		})
		of[f] = slices.Compact(tokens)
	}
	return of
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// fleeting gives the word of a genitive that stands in the dictionary by itself
// because of its vowel, as пятен of пятно; "" when it is none.
func fleeting(e entry, heads map[string]bool) string {
	letters := []rune(e.word)
	n := len(letters)
	if len(e.forms) > 1 || n < 4 || letters[n-2] != 'е' && letters[n-2] != 'о' {
		return ""
	}
	for _, soft := range []string{"", "ь"} {
		for _, end := range []string{"о", "а", "е", "я", "и", "ы"} {
			if w := string(letters[:n-2]) + soft + string(letters[n-1]) + end; heads[w] {
				return w
			}
		}
	}
	return ""
}

// table writes what the stemmer does not tell by itself: by stem where most
// forms of a stem have the same tokens, by form for the rest.
func table(of map[string][]string) []byte {
	stems := map[string][]string{} // forms of each stem
	for _, f := range slices.Sorted(maps.Keys(of)) {
		s := text.Stem(f)
		stems[s] = append(stems[s], f)
	}
	byStem, byForm := map[string][]string{}, map[string][]string{}
	for s, members := range stems {
		usual := mostUsual(members, of)
		if !slices.Equal(usual, []string{s}) {
			byStem[s] = usual
		}
		for _, f := range members {
			if !slices.Equal(of[f], usual) {
				byForm[f] = of[f]
			}
		}
	}
	v := values{at: map[string]int{}}
	first, second := v.section(byStem), v.section(byForm)
	out := binary.AppendUvarint(nil, uint64(len(v.bytes)))
	return slices.Concat(out, v.bytes, first, second)
}

// mostUsual gives the tokens that most forms have.
func mostUsual(members []string, of map[string][]string) (usual []string) {
	count := map[string]int{}
	best := 0
	for _, f := range members {
		key := strings.Join(of[f], " ")
		if count[key]++; count[key] > best {
			best, usual = count[key], of[f]
		}
	}
	return usual
}

// values are the different ways to make tokens out of a key.
type values struct {
	bytes []byte
	at    map[string]int
}

func (v *values) put(key string, tokens []string) int {
	b := []byte{byte(len(tokens))}
	for _, t := range tokens {
		k, w := []rune(key), []rune(t)
		same := 0
		for same < len(k) && same < len(w) && k[same] == w[same] {
			same++
		}
		b = append(b, byte(len(k)-same), byte(len(w)-same))
		b = append(b, letters(string(w[same:]))...)
	}
	at, ok := v.at[string(b)]
	if !ok {
		at = len(v.bytes)
		v.at[string(b)] = at
		v.bytes = append(v.bytes, b...)
	}
	return at
}

// letters writes a word with one byte for each letter.
func letters(word string) (b []byte) {
	for _, r := range word {
		b = append(b, byte(r-'а')+1)
	}
	return b
}

// block is how many rows a block holds, as package text reads them.
const block = 16

func (v *values) section(rows map[string][]string) []byte {
	var blocks, offsets []byte
	var last []byte
	for i, key := range slices.Sorted(maps.Keys(rows)) {
		row, shared := letters(key), 0
		if i%block == 0 {
			offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(blocks)))
		} else {
			for shared < len(row) && shared < len(last) && row[shared] == last[shared] {
				shared++
			}
		}
		blocks = append(blocks, byte(shared), byte(len(row)-shared))
		blocks = append(blocks, row[shared:]...)
		blocks = binary.AppendUvarint(blocks, uint64(v.put(key, rows[key])))
		last = row
	}
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(rows)))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(blocks)))
	return slices.Concat(out, offsets, blocks)
}
