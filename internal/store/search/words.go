package search

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/text"
	"github.com/sellerdesk/sellerdesk/search"
)

const (
	// maxIndexed bounds the words of one message, maxAlso those that its words may
	// be forms of besides, maxBeside those of each thing that stands beside it.
	maxIndexed = 5000
	maxAlso    = 500
	maxBeside  = 12
	// maxReadings bounds the ways to read a phrase of words that may be forms of
	// several.
	maxReadings = 16
)

// Line is a message with what it is found by.
type Line struct {
	ID      sellerdesk.MessageID
	Account sellerdesk.AccountID
	Kind    sellerdesk.Kind
	Rating  *int
	Author  sellerdesk.Author
	At      int64
	Body    string
	// Beside are the things that stand beside it: the name of the buyer, the
	// article, the order.
	Beside [3]string
}

// Words makes the words of a message.
//
// Meta are the tokens that narrow: "_a17" is its account, "_r5b" what it is and
// who wrote it, "_m202611" its month; then what its words may be forms of
// besides, then what stands beside it, with "_" between, over which no phrase
// reaches. No word of a text has "_" in it.
func (s Search) Words(l Line) engine.SearchRow {
	stems, also := s.w.Session.Stemmer.Stems(l.Body)
	meta := make([]string, 0, 8+len(also))
	meta = append(meta, accountWord(l.Account), sortWord(l.Kind, l.Rating, l.Author), monthWord(time.UnixMilli(l.At).UTC()))
	if len(also) > 0 {
		slices.Sort(also)
		also = slices.Compact(also)
		meta = append(meta, also[:min(len(also), maxAlso)]...)
	}
	for _, beside := range l.Beside {
		if beside == "" {
			continue
		}
		words, more := s.w.Session.Stemmer.Stems(beside)
		meta = append(append(meta, "_"), words[:min(len(words), maxBeside)]...)
		if len(more) > 0 {
			meta = append(append(meta, "_"), more[:min(len(more), maxBeside)]...)
		}
	}
	return engine.SearchRow{ID: int64(l.ID), Stems: stems[:min(len(stems), maxIndexed)], Meta: meta}
}

func accountWord(id sellerdesk.AccountID) string { return "_a" + strconv.FormatInt(int64(id), 10) }

func monthWord(t time.Time) string { return t.Format("_m200601") }

// sortWord tells kind, stars and author in one token.
func sortWord(k sellerdesk.Kind, rating *int, a sellerdesk.Author) string {
	stars := byte('0')
	if rating != nil {
		stars += byte(min(max(*rating, 0), 5))
	}
	return string([]byte{'_', kindLetter(k), stars, authorLetter(a)})
}

func kindLetter(k sellerdesk.Kind) byte {
	switch k {
	case sellerdesk.KindQuestion:
		return 'q'
	case sellerdesk.KindReview:
		return 'r'
	case sellerdesk.KindClaim:
		return 'x'
	default:
		return 'c'
	}
}

func authorLetter(a sellerdesk.Author) byte {
	switch a {
	case sellerdesk.AuthorAgent:
		return 'a'
	case sellerdesk.AuthorRule:
		return 'r'
	case sellerdesk.AuthorPlatform:
		return 'p'
	case sellerdesk.AuthorElsewhere:
		return 'e'
	default:
		return 'b'
	}
}

func authors() []sellerdesk.Author {
	return []sellerdesk.Author{sellerdesk.AuthorBuyer, sellerdesk.AuthorAgent, sellerdesk.AuthorRule, sellerdesk.AuthorPlatform, sellerdesk.AuthorElsewhere}
}

// Put writes the words of new messages. It should be the last a transaction
// does for speed, see ftsPut.
func (s Search) Put(ctx context.Context, rows []engine.SearchRow) error {
	for len(rows) > 0 {
		query, args, taken := s.w.Dialect.SearchPut(rows)
		if _, err := s.w.Exec(ctx, query, args...); err != nil {
			return fmt.Errorf("write search words: %w", err)
		}
		rows = rows[taken:]
	}
	return nil
}

// Forget takes messages out of the index.
func (s Search) Forget(ctx context.Context, ids []sellerdesk.MessageID) error {
	for _, piece := range engine.Padded(ids) {
		query, args := s.w.Dialect.SearchDelete(piece)
		if _, err := s.w.Exec(ctx, query, args...); err != nil {
			return fmt.Errorf("forget search words: %w", err)
		}
	}
	return nil
}

// question writes a question in the words of the index. Something that must be
// there always is among it.
func (f filter) question(q search.Query) engine.SearchQuestion {
	var ask engine.SearchQuestion
	for _, w := range q.Words {
		t := term(w)
		switch {
		case len(t) == 0:
		case w.Not:
			ask.None = append(ask.None, t)
		default:
			ask.All = append(ask.All, t)
		}
	}
	if len(q.Articles) > 0 {
		var any engine.SearchTerm
		for _, a := range q.Articles {
			any = append(any, term(search.Word{Text: a, Phrase: true})...)
		}
		if len(any) > 0 {
			ask.All = append(ask.All, any)
		}
	}
	if len(f.accounts) > 0 && len(f.accounts) <= engine.ListSize {
		list := make([]string, len(f.accounts))
		for i, id := range f.accounts {
			list[i] = accountWord(id)
		}
		ask.Meta = append(ask.Meta, list)
	}
	if months := f.months(); len(months) > 0 {
		ask.Meta = append(ask.Meta, months)
	}
	// Buyers write most of what there is: their token takes little away and costs
	// much, so that the rows tell.
	narrow := len(q.Kinds) > 0 || len(q.Stars) > 0 || len(q.Authors) > 0 && !slices.Contains(q.Authors, sellerdesk.AuthorBuyer)
	if narrow || len(ask.All)+len(ask.Meta) == 0 {
		ask.Meta = append(ask.Meta, sorts(q))
	}
	return ask
}

// maxMonths is how many months are named; more take nothing away.
const maxMonths = 36

// months names those that begin at Greenwich between the moments asked for, and the
// one before.
func (f filter) months() (list []string) {
	if f.q.From == "" || f.q.To == "" {
		return nil
	}
	first, last := time.UnixMilli(f.from).UTC(), time.UnixMilli(f.to).UTC()
	for t := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC); !t.After(last); t = t.AddDate(0, 1, 0) {
		if list = append(list, monthWord(t)); len(list) > maxMonths {
			return nil
		}
	}
	return list
}

// sorts lists the tokens of all kinds, stars and authors that are asked for.
func sorts(q search.Query) (list []string) {
	for _, k := range sellerdesk.Kinds() {
		for stars := 0; stars <= 5; stars++ {
			if !oneOf(q.Kinds, k) || !oneOf(q.Stars, stars) || k != sellerdesk.KindReview && stars > 0 {
				continue
			}
			for _, a := range authors() {
				if oneOf(q.Authors, a) {
					list = append(list, sortWord(k, &stars, a))
				}
			}
		}
	}
	if len(list) == 0 {
		list = []string{"_"} // stars of what has none
	}
	return list
}

// folded makes names comparable.
func folded(s string) string { return text.Fold(text.Clean(s)) }

// term gives the ways in which a word may stand in the index; none: it holds
// nothing that is searched for.
func term(w search.Word) engine.SearchTerm {
	var words []string
	for _, one := range text.Words(text.Clean(w.Text)) {
		words = append(words, strings.Split(one, "-")...)
	}
	if len(words) == 0 {
		return nil
	}
	if len(words) == 1 && w.Prefix {
		t := engine.SearchTerm{{Words: words, Prefix: true}}
		for _, token := range append(text.Tokens(words[0]), text.Begun(words[0])...) {
			if !strings.HasPrefix(token, words[0]) {
				t = append(t, engine.SearchPhrase{Words: []string{token}})
			}
		}
		return t
	}
	readings := [][]string{nil}
	for _, word := range words[:min(len(words), search.MaxWords)] {
		var more [][]string
		for _, before := range readings {
			for _, token := range text.Tokens(word) {
				more = append(more, append(slices.Clone(before), token))
			}
		}
		readings = more[:min(len(more), maxReadings)]
	}
	t := make(engine.SearchTerm, len(readings))
	for i, r := range readings {
		t[i] = engine.SearchPhrase{Words: r}
	}
	return t
}
