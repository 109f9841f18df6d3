package filling

import (
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

const (
	// mostVariants bounds the texts of one job, mostOptions the options of one
	// random part.
	mostVariants = 50
	mostOptions  = 50
)

// Texts are the texts of a job. Each conversation gets one of them, always the
// same. In a text "{name|Buyer}" stands for the name of the buyer and
// "{product|thing}" for what it is about, in Russian {имя|…} and {товар|…}, with
// what is said where that is not known; "{Hello|Good day}" is one of several.
type Texts [][]piece

// piece is a part of a text: words, a variable, or one of several.
type piece struct {
	words    string
	variable string   // "name" or "product"
	options  []string // of a random part; the fallback of a variable
}

// Parse reads the texts.
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
		options := strings.Split(inner, "|")
		p := piece{variable: variableOf(options[0]), options: options}
		switch {
		case len(options) > mostOptions:
			err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "A random part has at most %d options.", mostOptions).InField("texts")
		case p.variable != "" && len(options) != 2:
			err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "{%s} needs what to say where it is not known, as {%s|…}.", options[0], options[0]).InField("texts")
		case p.variable == "" && len(options) < 2:
			err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "{%s} is not known: there are {name|…}, {product|…} and {one|another}.", bounded(inner)).InField("texts")
		}
		if err != nil {
			return nil, err
		}
		if p.variable != "" {
			p.options = options[1:]
		}
		pieces, t = append(pieces, p), after
	}
	return pieces, nil
}

func variableOf(name string) string {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "name", "имя":
		return "name"
	case "product", "товар":
		return "product"
	}
	return ""
}

// For makes the text for a conversation. The same seed makes the same text.
func (v Texts) For(seed int64, conv sellerdesk.Conversation) string {
	draw := 0
	pick := func(n int) int {
		draw++
		h := fnv.New64a()
		_, _ = h.Write([]byte(strconv.FormatInt(seed, 10) + "/" + strconv.FormatInt(int64(conv.ID), 10) + "/" + strconv.Itoa(draw))) // never fails
		return int(h.Sum64() >> 33 % uint64(n))
	}
	var b strings.Builder
	for _, p := range v[pick(len(v))] {
		switch {
		case p.variable != "":
			b.WriteString(said(p, conv))
		case p.options != nil:
			b.WriteString(p.options[pick(len(p.options))])
		default:
			b.WriteString(p.words)
		}
	}
	return strings.TrimSpace(b.String())
}

// said gives the value of a variable, or its fallback.
func said(p piece, conv sellerdesk.Conversation) string {
	value := ""
	switch {
	case p.variable == "name":
		value = string(conv.BuyerName)
	case conv.Product != nil:
		value = string(conv.Product.Name)
	}
	if value = strings.TrimSpace(value); value == "" {
		return p.options[0]
	}
	return value
}

// bounded cuts what was typed for a sentence.
func bounded(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
