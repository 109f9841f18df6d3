package finding

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

// few is how many conversations are looked through one after the other instead
// of the words of all.
const few = 300

// among gives the only conversations that can meet a question with words, where
// its filters name few; nil where they do not. The index knows little of how
// conversations stand, and without this a word that is everywhere, in a state
// that hardly any is in, would be looked for in everything.
func among(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, q search.Query) ([]sellerdesk.ConversationID, error) {
	if len(q.Conversations) > 0 {
		return q.Conversations, nil
	}
	if !standing(q) {
		return nil, nil
	}
	q.Words, q.Authors = nil, nil
	q.Articles, q.From, q.To = nil, "", "" // the rows tell: these are written otherwise there, or mean the message
	ask, none, err := ConversationQuery(ctx, tx, user, q, nil)
	if err != nil || none {
		return []sellerdesk.ConversationID{}, err
	}
	rows, err := tx.Conversations.Tally(ctx, ask, few+1)
	if err != nil || len(rows) > few {
		return nil, err
	}
	ids := make([]sellerdesk.ConversationID, len(rows))
	for i, r := range rows {
		ids[i] = r.Conversation
	}
	return ids, nil
}

// standing tells whether a question names how conversations stand.
func standing(q search.Query) bool {
	return len(q.States)+len(q.Assignees)+len(q.Teams)+len(q.Priorities)+len(q.Tags)+len(q.Fields) > 0 ||
		q.Waiting || q.Unread || q.Answered != nil || q.HasPhoto
}
