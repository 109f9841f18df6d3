package finding

import (
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/text"
	"github.com/sellerdesk/sellerdesk/search"
)

// snippetWidth is how many characters a snippet shows.
const snippetWidth = 240

// Marker finds the words of a question in texts. It serves one goroutine; a nil
// one finds nothing.
type Marker struct {
	stemmer  text.Stemmer
	wanted   map[string]bool
	prefixes []string
}

// MarkerOf makes the marker of a question.
func MarkerOf(q search.Query) *Marker {
	m := &Marker{wanted: map[string]bool{}}
	for _, w := range q.Words {
		if w.Not {
			continue
		}
		for _, word := range text.Words(text.Clean(w.Text)) {
			if w.Prefix {
				m.prefixes = append(m.prefixes, word)
			}
			for part := range strings.SplitSeq(word, "-") {
				for _, t := range text.Tokens(part) {
					m.wanted[t] = true
				}
			}
		}
	}
	return m
}

// Places gives where the words are: pairs of the first byte and the one behind
// the last, in growing order.
func (m *Marker) Places(s string) [][2]int {
	if m == nil || len(m.wanted)+len(m.prefixes) == 0 {
		return nil
	}
	return m.stemmer.Found(s, m.wanted, m.prefixes)
}

func (m *Marker) snippet(s string) string {
	return m.stemmer.Snippet(s, m.wanted, m.prefixes, snippetWidth, sellerdesk.FoundMark, sellerdesk.FoundEnd)
}
