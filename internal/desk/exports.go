package desk

import (
	"context"
	"iter"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Exports are the verbs that take much away at once. They read in small steps,
// so that a slow reader keeps no transaction open, and take the same small
// memory however much there is. Only cabinets in which whoever asks may export
// are told of; others are left out without a word, as on the screens. What was
// asked for is written into the audit before the first item leaves.
type Exports struct{ deps Deps }

// exportPage is how many items are read at once.
const exportPage = 50

// Conversations gives all conversations that a query names, in the order of
// their numbers; its order, limit and cursor do not count. It ends after an
// error. The error beside it is a refusal: then there is nothing to walk.
func (e *Exports) Conversations(ctx context.Context, q store.ConversationQuery) (iter.Seq2[sellerdesk.Conversation, error], error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	parts, err := e.begin(ctx, q.Accounts)
	if err != nil {
		return nil, err
	}
	q.Limit = exportPage
	return func(yield func(sellerdesk.Conversation, error) bool) {
		for _, q.Accounts = range parts {
			read := func(tx *store.Tx, after sellerdesk.ConversationID) ([]sellerdesk.Conversation, error) {
				return tx.Conversations.Through(ctx, q, after)
			}
			if !walk(ctx, e.deps.Store, read, func(c sellerdesk.Conversation) sellerdesk.ConversationID { return c.ID }, yield) {
				return
			}
		}
	}, nil
}

// Messages gives all messages that a query names, in the order of their numbers;
// its limit does not count. Otherwise it is as [Exports.Conversations].
func (e *Exports) Messages(ctx context.Context, q store.MessageQuery) (iter.Seq2[sellerdesk.ExportedMessage, error], error) {
	parts, err := e.begin(ctx, q.Accounts)
	if err != nil {
		return nil, err
	}
	q.Limit = exportPage
	return func(yield func(sellerdesk.ExportedMessage, error) bool) {
		for _, q.Accounts = range parts {
			read := func(tx *store.Tx, after sellerdesk.MessageID) ([]sellerdesk.ExportedMessage, error) {
				return tx.Messages.Through(ctx, q, after)
			}
			if !walk(ctx, e.deps.Store, read, func(m sellerdesk.ExportedMessage) sellerdesk.MessageID { return m.ID }, yield) {
				return
			}
		}
	}, nil
}

// accountsAtOnce is how many accounts one query names.
const accountsAtOnce = 500

// begin judges the right to export and gives the accounts to read, in parts as
// large as one query takes; the part nil stands for all there are.
func (e *Exports) begin(ctx context.Context, asked []sellerdesk.AccountID) ([][]sellerdesk.AccountID, error) {
	access := sellerdesk.AccessOf(ctx)
	if !access.MaySomewhere(sellerdesk.RightExport) {
		return nil, sellerdesk.Allow(ctx, sellerdesk.RightExport, 0)
	}
	whole, ids := access.Scope(sellerdesk.RightExport)
	switch {
	case whole && len(asked) == 0:
		return [][]sellerdesk.AccountID{nil}, nil
	case whole:
		ids = asked
	case len(asked) > 0:
		ids = slices.DeleteFunc(ids, func(id sellerdesk.AccountID) bool { return !slices.Contains(asked, id) })
	}
	// What may not be seen is not taken away either.
	ids = slices.DeleteFunc(slices.Clone(ids), func(id sellerdesk.AccountID) bool { return !access.MayIn(sellerdesk.RightSee, id) })
	return slices.Collect(slices.Chunk(ids, accountsAtOnce)), nil
}

// walk gives the items of one page after another, until a page is empty. It
// tells whether the walk may go on.
func walk[T any, ID ~int64](ctx context.Context, s *store.Store, page func(*store.Tx, ID) ([]T, error), id func(T) ID, yield func(T, error) bool) bool {
	for after := ID(0); ; {
		var items []T
		err := s.Read(ctx, func(tx *store.Tx) (err error) {
			items, err = page(tx, after)
			return err
		})
		if err != nil {
			var none T
			yield(none, err)
			return false
		}
		if len(items) == 0 {
			return true
		}
		for _, item := range items {
			if !yield(item, nil) {
				return false
			}
		}
		after = id(items[len(items)-1])
	}
}
