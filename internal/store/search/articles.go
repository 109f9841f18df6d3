package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/search"
)

// mostSpelt is how many ways to write an article are meant by one of them.
const mostSpelt = 8

// Articles gives the ways in which an article is written in conversations, whatever
// the case of its letters; the typed one where there is none. It asks for some by the
// index of articles, and looks for others among the newest messages that name it,
// which is bounded: an article can be a word that everybody says.
func (s Search) Articles(ctx context.Context, typed string) ([]sellerdesk.RemoteID, error) {
	lower, upper := strings.ToLower(typed), strings.ToUpper(typed)
	if lower == upper {
		return []sellerdesk.RemoteID{sellerdesk.RemoteID(typed)}, nil
	}
	f := filter{q: search.Query{Articles: []string{typed}}, from: math.MinInt64, to: math.MaxInt64}
	named, err := spelt(ctx, s, f)
	if err != nil {
		return nil, err
	}
	var out []sellerdesk.RemoteID
	for _, one := range append([]string{typed, lower, upper}, named...) {
		if slices.Contains(out, sellerdesk.RemoteID(one)) || len(out) == mostSpelt {
			continue
		}
		var there string
		err := s.w.One(ctx, `SELECT product_id FROM conversations WHERE product_id = $1 AND product_id <> '' LIMIT 1`, []any{one}, &there)
		switch {
		case err == nil:
			out = append(out, sellerdesk.RemoteID(one))
		case !errors.Is(err, engine.ErrNoRow):
			return nil, fmt.Errorf("look for an article: %w", err)
		}
	}
	if len(out) == 0 {
		out = append(out, sellerdesk.RemoteID(typed))
	}
	return out, nil
}

// spelt gives the articles of the newest messages that the index finds by one.
func spelt(ctx context.Context, s Search, f filter) (list []string, err error) {
	ask := f.question(f.q)
	if len(ask.All) == 0 {
		return nil, nil // no word of it is in the index: all messages would be looked at
	}
	ask.Before = math.MaxInt64
	next, err := s.whole(ctx, ask, false)
	if err != nil {
		return nil, err
	}
	ids, _, err := next(ctx, step)
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, ids, f)
	for _, r := range rows {
		if f.about(r.product) {
			list = append(list, r.product)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), err
}
