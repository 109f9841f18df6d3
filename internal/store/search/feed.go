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
	if q.Among != nil {
		return s.among(ctx, ask, q.Among)
	}
	return s.whole(ctx, ask)
}

// whole looks in the index, from the newest id on.
func (s Search) whole(ctx context.Context, ask engine.SearchQuestion) (feed, error) {
	if s.w.Dialect.SearchWindow > 0 {
		return s.windows(ctx, ask)
	}
	return func(ctx context.Context, wanted int) ([]sellerdesk.MessageID, bool, error) {
		ask.Limit = int64(min(max(2*wanted, 32), step))
		ids, err := s.ids(ctx, ask)
		if len(ids) > 0 {
			ask.Before = int64(ids[len(ids)-1])
		}
		return ids, len(ids) == int(ask.Limit), err
	}, nil
}

// windows looks in the index where the engine can either go from the newest id on
// and look whether a message has the words, or gather all that have them and sort
// these: the first is quick for words that are everywhere, the second for rare
// ones, and how many lie behind the newest nobody can tell, because histories of
// whole cabinets come in at once. The newest are looked at to learn it.
func (s Search) windows(ctx context.Context, ask engine.SearchQuestion) (feed, error) {
	var newest int64
	if err := s.w.One(ctx, `SELECT COALESCE(MAX(id), 0) FROM search`, nil, &newest); err != nil {
		return nil, fmt.Errorf("look for the newest message: %w", err)
	}
	const often, seldom = 150, 10 // of the first window
	oldest, width, first := ask.After, s.w.Dialect.SearchWindow, true
	ask.Before = min(ask.Before, newest+1)
	return func(ctx context.Context, wanted int) ([]sellerdesk.MessageID, bool, error) {
		ask.Limit = int64(min(max(2*wanted, 32), step))
		ask.After = oldest
		if ask.Before-oldest > width {
			ask.After = ask.Before - width
		}
		ids, err := s.ids(ctx, ask)
		if len(ids) == int(ask.Limit) {
			ask.Before = int64(ids[len(ids)-1])
			return ids, true, err
		}
		ask.Before = ask.After + 1
		switch {
		case !first && !ask.Gather:
			width *= 4
		case !first:
		case len(ids) < seldom:
			ask.Gather, width = true, math.MaxInt64
		case len(ids) < often:
			ask.Gather, width = true, 50*width
		}
		first = false
		return ids, ask.After > oldest, err
	}, nil
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
		return s.whole(ctx, ask) // the rows tell which are meant
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
