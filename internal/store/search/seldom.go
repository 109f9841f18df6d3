package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// A word is seldom that hardly any of the newest messages have, at most seldomOf of
// seldomAmong ids, and at most mostSeldom of all.
const seldomOf, seldomAmong, mostSeldom = 25, 50_000, 1500

// seldom gathers all that a question names where one of its words is seldom, on
// engines that go from the newest id on: they go through most of the messages that
// have the other words then, which is twice as quick from the oldest on. Nil: no word
// is seldom.
func seldom(ctx context.Context, s Search, ask engine.SearchQuestion) (feed, error) {
	if len(ask.All)+len(ask.Meta) < 2 && !slices.ContainsFunc(ask.All, many) {
		return nil, nil
	}
	var newest int64
	if err := s.w.One(ctx, `SELECT COALESCE(MAX(id), 0) FROM messages`, nil, &newest); err != nil {
		return nil, fmt.Errorf("look for the newest message: %w", err)
	}
	for _, t := range singles(ask.All) {
		one := engine.SearchQuestion{All: []engine.SearchTerm{t}, Before: newest + 1, After: newest - seldomAmong, Limit: seldomOf + 1}
		ids, err := s.ids(ctx, one)
		if err == nil && len(ids) <= seldomOf {
			one.Before, one.After, one.Limit = ask.Before, ask.After, mostSeldom+1
			if ids, err = s.ids(ctx, one); err == nil && len(ids) <= mostSeldom {
				return gathered(s, ask), nil
			}
		}
		if err != nil {
			return nil, err
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
