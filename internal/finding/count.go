package finding

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

// CountInput asks how many conversations a question names.
type CountInput struct {
	User  sellerdesk.UserID
	Typed string
	Zone  *time.Location // where its days begin; nil: at Greenwich
	Most  int            // no more are counted: 1 to 1000
}

// Count tells how many conversations a question of a person names. Nil: it is not
// understood, or nobody could tell soon.
func Count(ctx context.Context, tx *store.Tx, in CountInput) (*int, error) {
	q, err := search.Parse(in.Typed)
	if err != nil {
		return nil, nil //nolint:nilerr // it was kept by an older version
	}
	if !Listed(q) {
		return countFound(ctx, tx, in, q)
	}
	n := 0
	ask, none, err := ConversationQuery(ctx, tx, in.User, q, in.Zone)
	if err != nil || none {
		return &n, err
	}
	rows, err := tx.Conversations.Tally(ctx, ask, in.Most)
	n = len(rows)
	return &n, err
}

// countLimit is how long words may be looked for.
const countLimit = 200 * time.Millisecond

// countFound counts the conversations of the messages that words name.
func countFound(ctx context.Context, tx *store.Tx, in CountInput, q search.Query) (*int, error) {
	limited, cancel := context.WithTimeout(ctx, countLimit)
	defer cancel()
	seen := map[sellerdesk.ConversationID]bool{}
	ask := store.SearchQuery{Query: q, User: in.User, Zone: in.Zone, Limit: in.Most}
	var err error
	if ask.Among, err = among(limited, tx, in.User, q); err != nil {
		return nil, late(ctx, limited, err)
	}
	for more := true; more && len(seen) < in.Most; {
		page, err := tx.Search.Find(limited, ask)
		if err != nil {
			return nil, late(ctx, limited, err)
		}
		for _, r := range page.Rows {
			seen[r.Conversation] = true
		}
		more, ask.Before = page.More && page.Last > 0, page.Last
	}
	n := min(len(seen), in.Most)
	return &n, nil
}

// late forgives an error that came because the time to look was over.
func late(ctx, limited context.Context, err error) error {
	if limited.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}
