package filling

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
)

const (
	// mostVariants bounds the texts of one job, mostOptions the options of one
	// random part.
	mostVariants = 50
	mostOptions  = 50
)

// Texts are the texts of a job. Each conversation gets one of them, always the
// same. In a text "{name|Buyer}" stands for the name of the buyer, with what is
// said where that is not known; see [Variables] for what else there is. "{Hello|Good
// day}" is one of several.
type Texts [][]piece

// piece is a part of a text: words, a variable, or one of several.
type piece struct {
	words    string
	variable string   // one of [Variables]
	options  []string // of a random part; the fallback of a variable
}

// Subject is what a text is about.
type Subject struct {
	Conversation sellerdesk.Conversation
	Shop         string // name of the account
	Me           string // name of whoever speaks
}

// Variable is something that is filled in, by its names in both languages.
type Variable struct{ English, Russian string }

// Variables lists what can be filled in.
func Variables() []Variable {
	return []Variable{{"name", "имя"}, {"product", "товар"}, {"article", "артикул"}, {"order", "заказ"}, {"shop", "магазин"}, {"me", "я"}}
}

// Parse reads the texts. What is wrong with them is invalid in the field texts.
func Parse(texts []string) (Texts, error) {
	if len(texts) == 0 || len(texts) > mostVariants {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "An answer takes 1 to %d texts.", mostVariants).InField("texts")
	}
	var all Texts
	for _, t := range texts {
		pieces, err := parsePieces(t)
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(t) == "" {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A text is empty.").InField("texts")
		}
		all = append(all, pieces)
	}
	return all, nil
}

func parsePieces(t string) (pieces []piece, err error) {
	for t != "" {
		before, rest, found := strings.Cut(t, "{")
		if before != "" {
			pieces = append(pieces, piece{words: before})
		}
		if !found {
			return pieces, nil
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed || strings.Contains(inner, "{") {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A “{” in the text has no “}”.").InField("texts")
		}
		p, err := parsePart(inner)
		if err != nil {
			return nil, err
		}
		pieces, t = append(pieces, p), after
	}
	return pieces, nil
}

// parsePart reads what stands between braces.
func parsePart(inner string) (piece, error) {
	options := strings.Split(inner, "|")
	p := piece{variable: variableOf(options[0]), options: options}
	switch {
	case len(options) > mostOptions:
		return p, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A random part has at most %d options.", mostOptions).InField("texts")
	case p.variable != "" && len(options) != 2:
		return p, sellerdesk.Errorf(sellerdesk.CodeInvalid, "{%s} needs what to say where it is not known, as {%s|…}.", options[0], options[0]).InField("texts")
	case p.variable == "" && len(options) < 2:
		return p, sellerdesk.Errorf(sellerdesk.CodeInvalid, "{%s} is not known: there are %s and {one|another}.", bounded(inner), known()).InField("texts")
	}
	if p.variable != "" {
		p.options = options[1:]
	}
	return p, nil
}

func known() string {
	var names []string
	for _, v := range Variables() {
		names = append(names, "{"+v.English+"|…}")
	}
	return strings.Join(names, ", ")
}

func variableOf(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	all := Variables()
	i := slices.IndexFunc(all, func(v Variable) bool { return v.English == name || v.Russian == name })
	if i < 0 {
		return ""
	}
	return all[i].English
}

// Choice tells which of the texts a conversation gets.
func (v Texts) Choice(seed int64, conv sellerdesk.ConversationID) int {
	return draw(seed, conv, 1, len(v))
}

// draw gives the nth number of a conversation, from 0 to below most. The same seed
// draws the same.
func draw(seed int64, conv sellerdesk.ConversationID, nth, most int) int {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatInt(seed, 10) + "/" + strconv.FormatInt(int64(conv), 10) + "/" + strconv.Itoa(nth))) // never fails
	// The last signs barely touch the high bits of the sum: draws of one conversation
	// would go together.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return int(x >> 1 % uint64(most))
}

// For makes the text for a conversation. The same seed makes the same text. Where
// nothing is filled in, no hole is left: neither two spaces nor a comma before the
// end of a sentence.
func (v Texts) For(seed int64, s Subject) string {
	nth := 1
	var b strings.Builder
	hole := true // nothing was said where the next words go on
	for _, p := range v[v.Choice(seed, s.Conversation.ID)] {
		words := p.words
		switch {
		case p.variable != "":
			words = said(p, s)
		case p.options != nil:
			nth++
			words = p.options[draw(seed, s.Conversation.ID, nth, len(p.options))]
		}
		if words == "" {
			hole = true
			continue
		}
		if hole {
			words = mend(&b, words)
		}
		b.WriteString(words)
		hole = false
	}
	return strings.TrimSpace(b.String())
}

// mend joins words to a text behind a part that said nothing: it takes away what
// stood around that.
func mend(b *strings.Builder, words string) string {
	before := b.String()
	tidy := strings.TrimRight(before, " ")
	switch {
	case strings.ContainsRune(".!?", rune(words[0])):
		tidy = strings.TrimRight(tidy, " ,")
	case strings.ContainsRune(",;:", rune(words[0])):
	case words[0] == ' ' && (tidy != before || tidy == ""):
		return words[1:]
	default:
		return words
	}
	b.Reset()
	b.WriteString(tidy)
	return words
}

// said gives the value of a variable, or its fallback.
func said(p piece, s Subject) string {
	value := ""
	switch conv := s.Conversation; p.variable {
	case "name":
		value = personal(string(conv.BuyerName))
	case "product":
		if conv.Product != nil {
			value = string(conv.Product.Name)
		}
	case "article":
		if conv.Product != nil {
			value = string(conv.Product.ID)
		}
	case "order":
		value = string(conv.Order)
	case "shop":
		value = s.Shop
	case "me":
		value = s.Me
	}
	// A name is one line wherever it stands, whatever its owner put into it.
	if value = strings.Join(strings.Fields(value), " "); value == "" {
		return p.options[0]
	}
	return value
}

// longestName is in characters: what is longer is a sentence.
const longestName = 60

// personal gives a name of a buyer when it is one: words of letters with what stands
// between and behind them in names. Buyers call themselves as they like, and what
// they say would stand in an answer of ours that everybody reads.
func personal(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	letters := 0
	for _, word := range strings.Fields(name) {
		if strings.Contains(strings.TrimRight(word, "."), ".") {
			return "" // an address
		}
		digits, other := 0, 0
		for _, r := range word {
			switch {
			case unicode.IsLetter(r) || unicode.IsMark(r):
				other++
			case unicode.IsDigit(r):
				digits++
			case !strings.ContainsRune("-'’.", r):
				return ""
			}
		}
		if digits > 0 && other > 0 {
			return "" // as user4521
		}
		letters += other
	}
	if letters < 2 || utf8.RuneCountInString(name) > longestName {
		return ""
	}
	return name
}

// bounded cuts what was typed for a sentence.
func bounded(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
