package messages

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Some gives messages with their files, in no order; those that are not there or
// must not be seen are left out.
func (m Messages) Some(ctx context.Context, ids []sellerdesk.MessageID) (map[sellerdesk.MessageID]sellerdesk.Message, error) {
	access := sellerdesk.AccessOf(ctx)
	var items [2][]sellerdesk.Message // of accounts where whoever asks may not work, and may
	for _, piece := range engine.Padded(ids) {
		rows, err := m.w.Query(ctx, `SELECT `+columns+`, c.account_id FROM messages m CROSS JOIN conversations c
			WHERE c.id = m.conversation_id AND m.id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (one sellerdesk.Message, err error) {
			var account sellerdesk.AccountID
			one, err = scan(trailing{s, []any{&account}})
			switch {
			case !access.MayIn(sellerdesk.RightSee, account):
			case access.MayIn(sellerdesk.RightWork, account):
				items[1] = append(items[1], one)
			default:
				items[0] = append(items[0], one)
			}
			return one, err
		})
		if err != nil {
			return nil, fmt.Errorf("read messages: %w", err)
		}
	}
	out := make(map[sellerdesk.MessageID]sellerdesk.Message, len(ids))
	for works, list := range items {
		if err := m.complete(ctx, list, works == 1); err != nil {
			return nil, err
		}
		for _, one := range list {
			out[one.ID] = one
		}
	}
	return out, nil
}

// Newest gives the id of the newest message of each conversation that has one.
func (m Messages) Newest(ctx context.Context, ids []sellerdesk.ConversationID) (map[sellerdesk.ConversationID]sellerdesk.MessageID, error) {
	out := make(map[sellerdesk.ConversationID]sellerdesk.MessageID, len(ids))
	for _, piece := range engine.Padded(ids) {
		rows, err := m.w.Query(ctx, `SELECT c.id, (SELECT m.id FROM messages m WHERE m.conversation_id = c.id ORDER BY m.at DESC, m.id DESC LIMIT 1)
			FROM conversations c WHERE c.id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.ConversationID, err error) {
			var newest *sellerdesk.MessageID
			if err = s.Scan(&id, &newest); err == nil && newest != nil {
				out[id] = *newest
			}
			return id, err
		})
		if err != nil {
			return nil, fmt.Errorf("look for the newest messages: %w", err)
		}
	}
	return out, nil
}
