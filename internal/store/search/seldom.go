package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// mostSeldom is how many messages at most have a word that is seldom.
const mostSeldom = 1500

// seldom gathers all that a question names where one of its words is seldom, on
// engines that go from the newest id on: they go through most of the messages that
// have the other words then, which is twice as quick from the oldest on. Nil: no word
// is seldom.
func seldom(ctx context.Context, s Search, ask engine.SearchQuestion) (feed, error) {
	if len(ask.All)+len(ask.Meta) < 2 && !slices.ContainsFunc(ask.All, many) {
		return nil, nil
	}
	for _, t := range singles(ask.All) {
		ids, err := s.ids(ctx, engine.SearchQuestion{All: []engine.SearchTerm{t}, Before: ask.Before, After: ask.After, Limit: mostSeldom + 1})
		if err != nil {
			return nil, err
		}
		if len(ids) <= mostSeldom {
			return gathered(s, ask), nil
		}
	}
	return nil, nil
}

// many tells whether a term is several words.
func many(t engine.SearchTerm) bool { return len(t) == 1 && len(t[0].Words) > 1 }

// singles gives those terms that are one word, and the words of phrases.
func singles(terms []engine.SearchTerm) (out []engine.SearchTerm) {
	for _, t := range terms {
		switch {
		case many(t):
			for _, w := range t[0].Words {
				out = append(out, engine.SearchTerm{{Words: []string{w}}})
			}
		case !slices.ContainsFunc(t, func(p engine.SearchPhrase) bool { return p.Prefix || len(p.Words) > 1 }):
			out = append(out, t)
		}
	}
	return out
}

// gathered gives all that a question names at once, of which there is little.
func gathered(s Search, ask engine.SearchQuestion) feed {
	return func(ctx context.Context, wanted int) ([]sellerdesk.MessageID, bool, error) {
		ask.Gather, ask.Limit = true, mostSeldom
		ids, err := s.ids(ctx, ask)
		slices.SortFunc(ids, func(a, b sellerdesk.MessageID) int { return cmp.Compare(b, a) })
		return ids, false, err
	}
}
