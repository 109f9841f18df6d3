package finding

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

// Count tells how many conversations a question of a person names, at most most of
// them (1 to 1000). Nil: it is not understood, or nobody could tell soon.
func Count(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, typed string, most int) (*int, error) {
	q, err := search.Parse(typed)
	if err != nil {
		return nil, nil //nolint:nilerr // it was kept by an older version
	}
	if !Listed(q) {
		return countFound(ctx, tx, user, q, most)
	}
	n := 0
	ask, none, err := ConversationQuery(ctx, tx, user, q)
	if err != nil || none {
		return &n, err
	}
	rows, err := tx.Conversations.Tally(ctx, ask, most)
	n = len(rows)
	return &n, err
}

// countLimit is how long words may be looked for.
const countLimit = 200 * time.Millisecond

// countFound counts the conversations of the messages that words name.
func countFound(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, q search.Query, most int) (*int, error) {
	limited, cancel := context.WithTimeout(ctx, countLimit)
	defer cancel()
	seen := map[sellerdesk.ConversationID]bool{}
	ask := store.SearchQuery{Query: q, User: user, Limit: most}
	var err error
	if ask.Among, err = among(limited, tx, user, q); err != nil {
		return nil, late(ctx, limited, err)
	}
	for more := true; more && len(seen) < most; {
		page, err := tx.Search.Find(limited, ask)
		if err != nil {
			return nil, late(ctx, limited, err)
		}
		for _, r := range page.Rows {
			seen[r.Conversation] = true
		}
		more, ask.Before = page.More && page.Last > 0, page.Last
	}
	n := min(len(seen), most)
	return &n, nil
}

// late forgives an error that came because the time to look was over.
func late(ctx, limited context.Context, err error) error {
	if limited.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}
