package text

import (
	_ "embed" // the table of forms
	"encoding/binary"
	"strings"
)

// formTable joins forms of Russian words that the stemmer leaves apart. It is
// made by the command formtable and read where it lies in the program, so that
// it costs no memory of its own:
//
//	uvarint length of the values, the values
//	twice (by stem, by form): uint32 rows, uint32 bytes of blocks,
//	  uint32 offset of each block, blocks
//
// Numbers of fixed size are little-endian. A block holds [formBlock] rows in
// their order: bytes shared with the row before, bytes that follow, those bytes,
// uvarint offset of the value. A letter is one byte, а is 1. A value is a
// number of tokens, each: letters to cut off the key, letters to add, those letters.
//
//go:embed forms.bin
var formTable string

// formBlock is how many rows one block of the table holds.
const formBlock = 16

// formsOf gives the tokens of a folded Russian word whose stem is known: one for
// each word that it may be a form of. Nil: the stem itself.
func formsOf(word, stem string) []string {
	var buffer [2 * maxWord]byte
	key, ok := packed(buffer[:0], word)
	if !ok {
		return nil
	}
	values, byStem, byForm := sections(formTable)
	if v, ok := byForm.find(key); ok {
		return tokens(values, v, word)
	}
	if key, ok = packed(buffer[:0], stem); !ok {
		return nil
	}
	if v, ok := byStem.find(key); ok {
		return tokens(values, v, stem)
	}
	return nil
}

// maxBegun bounds what a beginning of a word is widened to.
const maxBegun = 32

// begun gives the tokens of forms that begin so while their tokens do not.
func begun(prefix string) []string {
	key, ok := packed(nil, prefix)
	if !ok {
		return nil
	}
	values, byStem, byForm := sections(formTable)
	var all []string
	seen := map[string]bool{}
	for _, s := range []section{byStem, byForm} {
		s.from(key, func(row []byte, value uint64) bool {
			word := unpacked(row)
			if !strings.HasPrefix(word, prefix) {
				return false
			}
			for _, t := range tokens(values, value, word) {
				if !seen[t] && !strings.HasPrefix(t, prefix) {
					seen[t] = true
					all = append(all, t)
				}
			}
			return len(all) < maxBegun
		})
	}
	return all[:min(len(all), maxBegun)]
}

// packed writes a word with one byte for each letter; false: not all are Russian.
func packed(to []byte, word string) ([]byte, bool) {
	for _, r := range word {
		if r < 'а' || r > 'я' {
			return nil, false
		}
		to = append(to, byte(r-'а')+1)
	}
	return to, true
}

func unpacked(key []byte) string {
	var b strings.Builder
	for _, c := range key {
		b.WriteRune(rune(c-1) + 'а')
	}
	return b.String()
}

// section is a sorted list of rows.
type section struct {
	rows    int
	offsets string
	blocks  string
}

func sections(table string) (values string, byStem, byForm section) {
	size, n := uvarint(table)
	values, table = table[n:n+int(size)], table[n+int(size):]
	byStem, table = cutSection(table)
	byForm, _ = cutSection(table)
	return values, byStem, byForm
}

func cutSection(table string) (section, string) {
	rows, size := int(fixed(table)), int(fixed(table[4:]))
	table = table[8:]
	offsets := 4 * ((rows + formBlock - 1) / formBlock)
	return section{rows, table[:offsets], table[offsets : offsets+size]}, table[offsets+size:]
}

// find gives the value of a key.
func (s section) find(key []byte) (value uint64, found bool) {
	s.from(key, func(row []byte, v uint64) bool {
		value, found = v, string(row) == string(key)
		return false
	})
	return value, found
}

// from visits the rows that are not before a key, until do says no.
func (s section) from(key []byte, do func(row []byte, value uint64) bool) {
	low, high := 0, len(s.offsets)/4 // blocks that begin behind the key are above
	for low < high {
		middle := (low + high) / 2
		block := s.blocks[fixed(s.offsets[4*middle:]):]
		if block[2:2+int(block[1])] <= string(key) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	block := max(low-1, 0)
	if block*4 >= len(s.offsets) {
		return
	}
	var buffer [2 * maxWord]byte
	row, rest := buffer[:0], s.blocks[fixed(s.offsets[4*block:]):]
	for len(rest) > 0 {
		shared, more := int(rest[0]), int(rest[1])
		row = append(row[:shared], rest[2:2+more]...)
		value, n := uvarint(rest[2+more:])
		rest = rest[2+more+n:]
		if string(row) >= string(key) && !do(row, value) {
			return
		}
	}
}

// tokens makes the tokens of a value out of its key.
func tokens(values string, at uint64, word string) []string {
	values = values[at:]
	all := make([]string, values[0])
	values = values[1:]
	for i := range all {
		cut, add := int(values[0]), int(values[1])
		all[i] = word[:len(word)-2*cut] + unpacked([]byte(values[2:2+add]))
		values = values[2+add:]
	}
	return all
}

func fixed(s string) uint32 { return binary.LittleEndian.Uint32([]byte(s[:4])) }

func uvarint(s string) (value uint64, n int) {
	for shift := 0; ; shift += 7 {
		c := s[n]
		n++
		value |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return value, n
		}
	}
}
