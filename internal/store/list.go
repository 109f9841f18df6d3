package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Sort is an order of the list.
type Sort string

// The orders of the list.
const (
	SortUpdated Sort = "updated" // newest last message first
	SortWaiting Sort = "waiting" // nearest deadline first; those without one after them, newest first
)

// ConversationQuery asks for a page of the list. Empty lists and nil mean "any".
type ConversationQuery struct {
	User        sellerdesk.UserID // whose unread marks count
	Kinds       []sellerdesk.Kind
	Channels    []sellerdesk.ChannelKind
	Accounts    []sellerdesk.AccountID
	Statuses    []sellerdesk.ConversationStatus
	NeedsAnswer *bool
	Unread      *bool
	Sort        Sort   // "" means SortUpdated
	Cursor      string // "" means the first page; else next of the page before
	Limit       int    // 1 to 200; 0 means 50
}

// listColumns are a conversation and whether it is unread for the person $1.
const listColumns = threadColumns + `, EXISTS (SELECT 1 FROM unread n WHERE n.user_id = $1 AND n.conversation_id = c.id)`

// previewLength is how many characters of a message the list shows.
const previewLength = 200

func preview(body string) string { return text.Cut(body, previewLength) }

// phase is a part of the list with one key to walk by.
type phase byte

const (
	phaseNewest phase = 'n' // by the newest message
	phaseDue    phase = 'd' // by the deadline; what has one
	phaseIdle   phase = 'i' // by the newest message; what has no deadline
)

// spot is the last row of a page.
type spot struct {
	phase phase
	at    int64
	id    int64
}

func (s spot) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%c%d.%d", s.phase, s.at, s.id))
}

// parseSpot reads a cursor, which comes from outside.
func parseSpot(cursor, phases string) (spot, error) {
	wrong := sellerdesk.Errorf(sellerdesk.CodeInvalid, "This cursor does not belong to this list.").InField("cursor")
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) < 4 || strings.IndexByte(phases, b[0]) < 0 {
		return spot{}, wrong
	}
	at, id, _ := strings.Cut(string(b[1:]), ".")
	s := spot{phase: phase(b[0])}
	if s.at, err = strconv.ParseInt(at, 10, 64); err != nil {
		return spot{}, wrong
	}
	if s.id, err = strconv.ParseInt(id, 10, 64); err != nil {
		return spot{}, wrong
	}
	return s, nil
}

// List gives a page and the cursor of the next, "" at the end.
func (c Conversations) List(ctx context.Context, q ConversationQuery) (items []sellerdesk.Conversation, next string, err error) {
	phases := []phase{phaseNewest}
	if q.Sort == SortWaiting {
		phases = []phase{phaseDue, phaseIdle}
	}
	var from *spot
	if q.Cursor != "" {
		s, err := parseSpot(q.Cursor, string(phases))
		if err != nil {
			return nil, "", err
		}
		from = &s
	}
	for _, n := range []int{len(q.Kinds), len(q.Channels), len(q.Accounts), len(q.Statuses)} {
		if n > engine.ListSize {
			return nil, "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d values can be asked for at once.", engine.ListSize)
		}
	}
	limit := engine.PageSize(q.Limit)
	items = make([]sellerdesk.Conversation, 0, limit+1)
	for _, p := range phases {
		if from != nil && from.phase != p || len(items) > limit {
			continue
		}
		page, err := c.page(ctx, q, p, from, limit+1-len(items))
		if err != nil {
			return nil, "", fmt.Errorf("list conversations: %w", err)
		}
		items, from = append(items, page...), nil
	}
	if len(items) > limit {
		items = items[:limit]
		next = spotOf(items[limit-1], q.Sort).String()
	}
	return items, next, nil
}

// spotOf tells where the page that ends with c ends.
func spotOf(c sellerdesk.Conversation, order Sort) spot {
	s := spot{phase: phaseNewest, at: c.CreatedAt.Millis(), id: int64(c.ID)}
	if c.LastMessage != nil {
		s.at = c.LastMessage.At.Millis()
	}
	switch {
	case order == SortWaiting && c.DueAt != nil:
		s.phase, s.at = phaseDue, c.DueAt.Millis()
	case order == SortWaiting:
		s.phase = phaseIdle
	}
	return s
}

// page reads rows of one part of the list.
func (c Conversations) page(ctx context.Context, q ConversationQuery, p phase, from *spot, limit int) ([]sellerdesk.Conversation, error) {
	few, err := c.fewUnread(ctx, q)
	if err != nil {
		return nil, err
	}
	query, args := listStatement(q, p, from, limit, few)
	rows, err := c.tx.query(ctx, query, args...)
	return c.views(ctx, rows, err)
}

// fewMarks is up to how many unread marks it is better to start from the marks
// than to walk the list.
const fewMarks = 2000

func (c Conversations) fewUnread(ctx context.Context, q ConversationQuery) (bool, error) {
	if q.Unread == nil || !*q.Unread {
		return false, nil
	}
	var n int
	err := c.tx.one(ctx, fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM unread WHERE user_id = $1 LIMIT %d) marks`, fewMarks+1), []any{int64(q.User)}, &n)
	return n <= fewMarks, err
}

// filter gathers the conditions of a list.
type filter struct {
	conditions []string
	args       []any
	// walk: the key of the list decides the index, no other condition may.
	walk bool
}

func (f *filter) add(condition string, args ...any) {
	f.conditions = append(f.conditions, condition)
	f.args = append(f.args, args...)
}

// in narrows a column to values. One value may lead to an index that has the
// order of the list as well; more of them must not, because their rows would
// have to be sorted: an expression hides the column from the choice of index.
func in[T ~string | ~int64](f *filter, column, none string, values []T) {
	switch {
	case len(values) == 0:
	case len(values) == 1 && !f.walk:
		f.add(fmt.Sprintf("%s = $%d", column, len(f.args)+1), values[0])
	default:
		f.add(fmt.Sprintf("COALESCE(%s, %s) IN (%s)", column, none, engine.Placeholders(len(f.args)+1, len(values))), engine.Anys(values)...)
	}
}

// listStatement writes the query of a page. few: the person has few unread
// conversations, so that the marks lead.
func listStatement(q ConversationQuery, p phase, from *spot, limit int, few bool) (string, []any) {
	needs := q.NeedsAnswer != nil && *q.NeedsAnswer
	f := &filter{args: []any{int64(q.User)}, walk: needs || p == phaseDue || few}
	source, key, order, compare := "conversations c", "c.sort_at", "DESC", "<"
	switch p {
	case phaseDue:
		key, order, compare = "c.due_at", "ASC", ">"
		f.add("c.due_at IS NOT NULL")
	case phaseIdle:
		f.add("c.due_at IS NULL")
	}
	switch {
	case few:
		// The order of the names is an order to SQLite: the marks first.
		source = "unread u CROSS JOIN conversations c"
		f.add("u.user_id = $1 AND c.id = u.conversation_id")
	case q.Unread != nil && *q.Unread:
		f.add("EXISTS (SELECT 1 FROM unread u WHERE u.user_id = $1 AND u.conversation_id = c.id)")
	case q.Unread != nil:
		f.add("NOT EXISTS (SELECT 1 FROM unread u WHERE u.user_id = $1 AND u.conversation_id = c.id)")
	}
	if q.NeedsAnswer != nil {
		f.add("c.needs_answer = " + strings.ToUpper(strconv.FormatBool(needs)))
	}
	in(f, "c.status", "''", q.Statuses)
	// Most conversations are open; another status narrows more than an account.
	f.walk = f.walk || len(q.Statuses) == 1 && q.Statuses[0] != sellerdesk.ConversationOpen
	in(f, "c.account_id", "0", q.Accounts)
	in(f, "c.kind", "''", q.Kinds)
	in(f, "c.channel", "''", q.Channels)
	if from != nil {
		f.add(fmt.Sprintf("(%s, c.id) %s ($%d, $%d)", key, compare, len(f.args)+1, len(f.args)+2), from.at, from.id)
	}
	where := ""
	if len(f.conditions) > 0 {
		where = " WHERE " + strings.Join(f.conditions, " AND ")
	}
	query := fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s %s, c.id %s LIMIT $%d", listColumns, source, where, key, order, order, len(f.args)+1)
	return query, append(f.args, limit)
}

// views reads rows of listColumns with what their accounts allow.
func (c Conversations) views(ctx context.Context, rows *sql.Rows, err error) ([]sellerdesk.Conversation, error) {
	type line struct {
		thread
		unread bool
	}
	var ids []int64
	seen := map[sellerdesk.AccountID]bool{}
	lines, err := engine.Collect(rows, err, func(s engine.Scanner) (*line, error) {
		l := &line{}
		err := s.Scan(append(l.fields(), &l.unread)...)
		if !seen[l.account] {
			seen[l.account] = true
			ids = append(ids, int64(l.account))
		}
		return l, err
	})
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	holders, err := c.tx.holders(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]sellerdesk.Conversation, len(lines))
	for i, l := range lines {
		if out[i], err = l.view(l.unread, holders[l.account]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
