package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// maxAmong bounds the messages of conversations that are known to be the only
// ones: those of the longest that there are.
const maxAmong = 50_000

// dense is of how many messages that came in at the same time one must be meant,
// so that all of them are looked through together.
const dense = 20

// feed gives ids that have the words, newest first: enough for the wanted number
// of rows or fewer, and whether there may be more.
type feed func(ctx context.Context, wanted int) (ids []sellerdesk.MessageID, more bool, err error)

// feed begins to look for what a question names, in the whole index or in few
// conversations only.
func (s Search) feed(ctx context.Context, f filter, q Query) (feed, error) {
	ask := f.question(q.Query)
	ask.Before = math.MaxInt64
	if q.Before > 0 {
		ask.Before = int64(q.Before)
	}
	ask, err := spelled(ctx, s, ask)
	if err != nil {
		return nil, err
	}
	if q.Among != nil {
		return s.among(ctx, ask, q.Among)
	}
	return s.whole(ctx, ask, f.told())
}

// whole looks in the index, from the newest id on.
func (s Search) whole(ctx context.Context, ask engine.SearchQuestion, told bool) (feed, error) {
	if s.w.Dialect.SearchWindow > 0 {
		return s.windows(ctx, ask, told)
	}
	if few, err := seldom(ctx, s, ask); err != nil || few != nil {
		return few, err
	}
	return func(ctx context.Context, wanted int) ([]sellerdesk.MessageID, bool, error) {
		ask.Limit = enough(wanted, told)
		ids, err := s.ids(ctx, ask)
		if len(ids) > 0 {
			ask.Before = int64(ids[len(ids)-1])
		}
		return ids, len(ids) == int(ask.Limit), err
	}, nil
}

// enough is how many ids to ask for where so many rows are wanted: one more, which
// tells that there is more, or twice as many where the rows may drop some.
func enough(wanted int, told bool) int64 {
	if told {
		return int64(min(max(wanted+1, 32), step))
	}
	return int64(min(max(2*wanted, 32), step))
}

// among looks at the messages of some conversations one after the other: where
// few conversations can be meant, the words say less than they.
func (s Search) among(ctx context.Context, ask engine.SearchQuestion, conversations []sellerdesk.ConversationID) (feed, error) {
	var left []int64
	for _, piece := range engine.Padded(conversations) {
		n := len(piece)
		rows, err := s.w.Query(ctx, `SELECT id FROM messages WHERE conversation_id IN (`+engine.Placeholders(1, n)+`) AND id < $`+fmt.Sprint(n+1)+` LIMIT $`+fmt.Sprint(n+2),
			append(engine.Anys(piece), ask.Before, maxAmong)...)
		ids, err := engine.Collect(rows, err, func(r engine.Scanner) (id int64, err error) {
			err = r.Scan(&id)
			return id, err
		})
		if err != nil {
			return nil, fmt.Errorf("list the messages to search: %w", err)
		}
		left = append(left, ids...)
	}
	slices.SortFunc(left, func(a, b int64) int { return cmp.Compare(b, a) })
	if n := len(left); n > engine.ListSize && left[0]-left[n-1] < dense*int64(n) {
		ask.Before, ask.After = left[0]+1, left[n-1]-1
		return s.whole(ctx, ask, false) // the rows tell which are meant
	}
	return func(ctx context.Context, _ int) ([]sellerdesk.MessageID, bool, error) {
		if len(left) == 0 {
			return nil, false, nil
		}
		piece := left[:min(len(left), engine.ListSize)]
		left = left[len(piece):]
		ask.Among = engine.Padded(piece)[0]
		ids, err := s.ids(ctx, ask)
		slices.SortFunc(ids, func(a, b sellerdesk.MessageID) int { return cmp.Compare(b, a) })
		return slices.Compact(ids), len(left) > 0, err
	}, nil
}
