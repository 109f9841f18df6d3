package messages

import (
	"context"
	"fmt"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Query asks for messages of many conversations. Empty lists, nil and 0 mean
// "any"; each list has at most [engine.ListSize] values.
type Query struct {
	Accounts     []sellerdesk.AccountID
	Channels     []sellerdesk.ChannelKind
	Kinds        []sellerdesk.Kind
	Conversation sellerdesk.ConversationID
	From, To     *sellerdesk.Time // when it was written, both included
	Limit        int              // 1 to 200; 0 means 50
}

// Through gives a page of the messages that a query names behind an id, in the
// order of ids, with their files. An empty page is the end.
func (m Messages) Through(ctx context.Context, q Query, after sellerdesk.MessageID) ([]sellerdesk.ExportedMessage, error) {
	none := false
	if q.Accounts, none = engine.Seen(ctx).Narrow(q.Accounts); none {
		return nil, nil
	}
	// The order of the tables is an order to SQLite: the ids of messages lead.
	query := `SELECT ` + columns + `, c.account_id, c.channel, c.kind FROM messages m CROSS JOIN conversations c
		WHERE c.id = m.conversation_id AND m.id > $1`
	args := []any{int64(after)}
	add := func(condition string, arg any) {
		args = append(args, arg)
		query += condition + "$" + strconv.Itoa(len(args))
	}
	if q.Conversation != 0 {
		add(" AND m.conversation_id = ", int64(q.Conversation))
	}
	if q.From != nil {
		add(" AND m.at >= ", q.From.Millis())
	}
	if q.To != nil {
		add(" AND m.at <= ", q.To.Millis())
	}
	narrow(&query, &args, "COALESCE(c.account_id, 0)", q.Accounts)
	narrow(&query, &args, "COALESCE(c.channel, '')", q.Channels)
	narrow(&query, &args, "COALESCE(c.kind, '')", q.Kinds)
	query += " ORDER BY m.id LIMIT $" + strconv.Itoa(len(args)+1)
	rows, err := m.w.Query(ctx, query, append(args, engine.PageSize(q.Limit))...)
	var places []sellerdesk.ExportedMessage
	items, err := engine.Collect(rows, err, func(s engine.Scanner) (sellerdesk.Message, error) {
		var p sellerdesk.ExportedMessage
		one, err := scan(trailing{s, []any{&p.Account, &p.Channel, &p.Kind}})
		places = append(places, p)
		return one, err
	})
	if err == nil {
		err = m.complete(ctx, items, true)
	}
	if err != nil {
		return nil, fmt.Errorf("walk through messages: %w", err)
	}
	for i := range items {
		places[i].Message = items[i]
	}
	return places, nil
}

// narrow adds a condition on values; none means any.
func narrow[T ~string | ~int64](query *string, args *[]any, column string, values []T) {
	if len(values) > 0 {
		*query += " AND " + column + " IN (" + engine.Placeholders(len(*args)+1, len(values)) + ")"
		*args = append(*args, engine.Anys(values)...)
	}
}

// trailing reads further columns behind those that the reader knows.
type trailing struct {
	engine.Scanner
	more []any
}

// Scan reads a row.
func (t trailing) Scan(dest ...any) error { return t.Scanner.Scan(append(dest, t.more...)...) }
