package teams

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Holders finds conversations by whom they belong to, and those that are put off,
// for the program itself: whatever the access of the context. Those of an account
// that is being removed are left out, since nobody changes them any more: whoever
// takes some until none are left would never end.
type Holders struct{ w *engine.Work }

// NewHolders makes the handle of a transaction.
func NewHolders(w *engine.Work) Holders { return Holders{w} }

// Unanswered gives some conversations of a person that need an answer.
func (h Holders) Unanswered(ctx context.Context, user sellerdesk.UserID, limit int) ([]sellerdesk.ConversationID, error) {
	return h.ids(ctx, `assignee_id = $1 AND needs_answer = TRUE AND `+staying+` ORDER BY sort_at, id LIMIT $2`, int64(user), limit)
}

// UnansweredIn is Unanswered in one account.
func (h Holders) UnansweredIn(ctx context.Context, user sellerdesk.UserID, account sellerdesk.AccountID, limit int) ([]sellerdesk.ConversationID, error) {
	return h.ids(ctx, `assignee_id = $1 AND needs_answer = TRUE AND account_id = $2 AND `+staying+` ORDER BY sort_at, id LIMIT $3`, int64(user), int64(account), limit)
}

// Share is a person who has something to answer in an account.
type Share struct {
	User    sellerdesk.UserID
	Account sellerdesk.AccountID
}

// Shares gives who has something to answer that is not put off, and where.
func (h Holders) Shares(ctx context.Context) ([]Share, error) {
	rows, err := h.w.Query(ctx, `SELECT DISTINCT holder, account_id FROM shares WHERE holder > 0 AND n > 0 AND `+staying+` ORDER BY holder, account_id`)
	list, err := engine.Collect(rows, err, func(s engine.Scanner) (one Share, err error) {
		err = s.Scan(&one.User, &one.Account)
		return one, err
	})
	if err != nil {
		return nil, fmt.Errorf("look where people have something to answer: %w", err)
	}
	return list, nil
}

// OfTeam gives some conversations of a team.
func (h Holders) OfTeam(ctx context.Context, id sellerdesk.TeamID, limit int) ([]sellerdesk.ConversationID, error) {
	return h.ids(ctx, `team_id = $1 AND `+staying+` ORDER BY sort_at, id LIMIT $2`, int64(id), limit)
}

// Due gives some conversations that are put off until a moment that has come, the
// first before the others.
func (h Holders) Due(ctx context.Context, now sellerdesk.Time, limit int) ([]sellerdesk.ConversationID, error) {
	return h.ids(ctx, `snoozed_until IS NOT NULL AND snoozed_until <= $1 AND `+staying+` ORDER BY snoozed_until, id LIMIT $2`, now.Millis(), limit)
}

// OnOrders gives the conversations of an account that are put off and about one of
// some orders.
func (h Holders) OnOrders(ctx context.Context, account sellerdesk.AccountID, orders []string) (all []sellerdesk.ConversationID, err error) {
	for _, piece := range engine.Padded(orders) {
		ids, err := h.ids(ctx, `status = 'snoozed' AND status <> 'open' AND account_id = $1 AND order_id IN (`+engine.Placeholders(2, len(piece))+`)`,
			append([]any{int64(account)}, engine.Anys(piece)...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}

// staying is true of accounts that are not being removed.
const staying = `account_id NOT IN (SELECT a.id FROM accounts a WHERE a.removing = TRUE)`

// ids gives conversations account by account, since each is changed under the lock of
// its account: two that take several never wait for one another.
func (h Holders) ids(ctx context.Context, rest string, args ...any) ([]sellerdesk.ConversationID, error) {
	rows, err := h.w.Query(ctx, `SELECT id FROM (SELECT id, account_id FROM conversations WHERE `+rest+`) found ORDER BY account_id, id`, args...)
	ids, err := engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.ConversationID, err error) {
		err = s.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for what belongs to somebody: %w", err)
	}
	return ids, nil
}

// Next gives the moment of the first conversation that is put off until one; nil:
// none is.
func (h Holders) Next(ctx context.Context) (*sellerdesk.Time, error) {
	at, err := h.w.Moment(ctx, `SELECT snoozed_until FROM conversations WHERE snoozed_until IS NOT NULL ORDER BY snoozed_until LIMIT 1`)
	if err != nil {
		return nil, fmt.Errorf("look for what wakes next: %w", err)
	}
	return at, nil
}

// Gone gives the people who no longer work here and still have something to answer.
func (h Holders) Gone(ctx context.Context) ([]sellerdesk.UserID, error) {
	rows, err := h.w.Query(ctx, `SELECT u.id FROM users u WHERE u.disabled_at IS NOT NULL
		AND EXISTS (SELECT 1 FROM conversations c WHERE c.assignee_id = u.id AND c.needs_answer = TRUE) ORDER BY u.id`)
	ids, err := engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.UserID, err error) {
		err = s.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for who left something: %w", err)
	}
	return ids, nil
}

// Orphans gives the teams that are gone and still have something to answer: somebody
// gave it to them at the moment they went, or took back what was done before.
func (h Holders) Orphans(ctx context.Context) ([]sellerdesk.TeamID, error) {
	rows, err := h.w.Query(ctx, `SELECT DISTINCT -s.holder FROM shares s WHERE s.holder < 0 AND s.n > 0 AND NOT EXISTS (SELECT 1 FROM teams t WHERE t.id = -s.holder)`)
	ids, err := engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.TeamID, err error) {
		err = s.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for what belongs to teams that are gone: %w", err)
	}
	return ids, nil
}
