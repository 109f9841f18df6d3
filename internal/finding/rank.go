package finding

import (
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/text"
	"github.com/sellerdesk/sellerdesk/search"
)

// Sort is the order in which hits stand.
type Sort string

const (
	SortNewest    Sort = "newest" // also when empty
	SortRelevance Sort = "relevance"
)

// Ranked is how many hits are compared with each other by relevance: the newest, then as many
// behind them, as one reads on. Their texts are read, and they are those that are counted.
const Ranked = sellerdesk.FacetsCounted

// The points of a hit, at most a thousand. The order is made here and not by an
// index, so that it is the same on every engine, and each reason can be told.
const (
	pointsForm  = 400 // the very forms that were typed; half for others, none for what stands beside the text only
	pointsNear  = 300 // words next to each other in the typed order; half for the other one, a part by their distance
	pointsShare = 100 // how much of the text the words are
	pointsFresh = 200 // as new as the newest; half for what is freshDays older

	freshDays = 30
	// comparedWords is how many words of a question are looked for in texts.
	comparedWords = 16
)

// ranker gives points to texts that were found. It serves one goroutine.
type ranker struct {
	count    int               // words of the question
	exact    map[string]uint16 // which of them are typed so
	forms    map[string]uint16 // which of them a token may be of
	prefixes map[string]uint16 // which of them begin so
	known    map[string]match  // words of texts
}

// match is which words of the question a word of a text is, a bit each.
type match struct{ any, exact uint16 }

// rankerOf makes the ranker of a question.
func rankerOf(q search.Query) *ranker {
	r := &ranker{exact: map[string]uint16{}, forms: map[string]uint16{}, prefixes: map[string]uint16{}, known: map[string]match{}}
	for _, w := range q.Words {
		if w.Not {
			continue
		}
		words := parts(text.Clean(w.Text))
		for _, word := range words[:min(len(words), comparedWords-r.count)] {
			bit := uint16(1) << r.count
			r.count++
			if w.Prefix && len(words) == 1 {
				r.prefixes[word] |= bit
			}
			r.exact[word] |= bit
			for _, t := range text.Tokens(word) {
				r.forms[t] |= bit
			}
		}
	}
	return r
}

// parts are the words of a text as the index knows them: those with a hyphen apart.
func parts(s string) []string {
	words := text.Words(s)
	out := make([]string, 0, len(words))
	for _, w := range words {
		for part := range strings.SplitSeq(w, "-") {
			out = append(out, part)
		}
	}
	return out
}

// match tells which words of the question a word is.
func (r *ranker) match(word string) match {
	m, ok := r.known[word]
	if ok {
		return m
	}
	m.exact = r.exact[word]
	for prefix, bits := range r.prefixes {
		if strings.HasPrefix(word, prefix) {
			m.exact |= bits
		}
	}
	m.any = m.exact
	for _, t := range text.Tokens(word) {
		m.any |= r.forms[t]
	}
	r.known[word] = m
	return m
}

// points tells how well a text answers the question, whenever it was written.
func (r *ranker) points(s string) int {
	words := parts(s)
	if r.count == 0 || len(words) == 0 {
		return 0
	}
	var all match
	var last, near [comparedWords]int // last: where a word was met, from 1; near: it and the next one
	for i, word := range words {
		m := r.match(word)
		if m.any == 0 {
			continue
		}
		all.any, all.exact = all.any|m.any, all.exact|m.exact
		for k := range r.count - 1 {
			if m.any>>(k+1)&1 == 1 && last[k] > 0 {
				near[k] = max(near[k], pointsNear/(i+1-last[k]))
			}
			if m.any>>k&1 == 1 && last[k+1] > 0 {
				near[k] = max(near[k], pointsNear/2/(i+1-last[k+1]))
			}
		}
		for k := range r.count {
			if m.any>>k&1 == 1 {
				last[k] = i + 1
			}
		}
	}
	found, typed, close := 0, 0, 0
	for k := range r.count {
		found += int(all.any >> k & 1)
		typed += int(all.exact >> k & 1)
		close += near[k]
	}
	return pointsForm*(found+typed)/(2*r.count) + close/max(r.count-1, 1) + pointsShare*min(found, len(words))/len(words)
}

// fresh are the points of what was written then, beside the newest, in
// milliseconds since 1970.
func fresh(at, newest int64) int {
	days := max(0, newest-at) / (24 * time.Hour).Milliseconds()
	return int(pointsFresh * freshDays / (freshDays + days))
}
