package search

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// mostBegun is up to how many words with one beginning are looked for one by one.
const mostBegun = 24

// spelled writes out the beginnings in a question, on engines that would put all
// messages with such a word together before they give the first: what begins with
// some letters is few words mostly, each of which may stand in very many messages.
func spelled(ctx context.Context, s Search, ask engine.SearchQuestion) (engine.SearchQuestion, error) {
	if s.w.Dialect.SearchBegun == "" || !begins(ask) {
		return ask, nil
	}
	var err error
	if ask.All, err = spell(ctx, s, ask.All); err == nil {
		ask.None, err = spell(ctx, s, ask.None)
	}
	return ask, err
}

func spell(ctx context.Context, s Search, terms []engine.SearchTerm) ([]engine.SearchTerm, error) {
	out := make([]engine.SearchTerm, len(terms))
	for i, t := range terms {
		for _, p := range t {
			if !p.Prefix {
				out[i] = append(out[i], p)
				continue
			}
			// Behind the last letter that there is.
			rows, err := s.w.Query(ctx, s.w.Dialect.SearchBegun, p.Words[0], p.Words[0]+"\U0010FFFF", mostBegun+1)
			words, err := engine.Collect(rows, err, func(r engine.Scanner) (word string, err error) {
				err = r.Scan(&word)
				return word, err
			})
			if err != nil {
				return nil, fmt.Errorf("look for words with a beginning: %w", err)
			}
			if len(words) == 0 || len(words) > mostBegun {
				out[i] = append(out[i], p)
				continue
			}
			for _, w := range words {
				out[i] = append(out[i], engine.SearchPhrase{Words: []string{w}})
			}
		}
	}
	return out, nil
}
