package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
)

// longestText bounds the sentence of an entry, in characters.
const longestText = 500

// Audit is who did what.
type Audit struct{ w *engine.Work }

// New makes the handle of a transaction.
func New(w *engine.Work) Audit { return Audit{w} }

const (
	insertHead  = `INSERT INTO audit (at, kind, user_id, key_id, address, account_id, conversation_id, message_id, text, data)`
	insertWidth = 10
)

// Add writes entries down. What is not set is filled: the moment, and from the
// access of the context the person, the key and the address. Data that is not
// set is an empty object. Nothing in an entry may be a secret.
func (a Audit) Add(ctx context.Context, entries ...sellerdesk.AuditEntry) error {
	if len(entries) == 0 {
		return nil
	}
	values := make([]any, 0, insertWidth*len(entries))
	for _, e := range entries {
		values = append(values, a.row(sellerdesk.AccessOf(ctx), e)...)
	}
	if _, err := a.w.InsertMany(ctx, insertHead, insertWidth, "", values); err != nil {
		return fmt.Errorf("write the audit: %w", err)
	}
	return nil
}

func (a Audit) row(by sellerdesk.Access, e sellerdesk.AuditEntry) []any {
	if e.At.IsZero() {
		e.At = a.w.Now()
	}
	if e.User == nil && by.User != 0 {
		e.User = &by.User
	}
	if e.Key == nil && by.Key != 0 {
		e.Key = &by.Key
	}
	if e.Address == "" {
		e.Address = sellerdesk.Optional(by.Address)
	}
	if len(e.Data) == 0 {
		e.Data = json.RawMessage(`{}`)
	}
	if utf8.RuneCountInString(e.Text) > longestText {
		e.Text = string([]rune(e.Text)[:longestText])
	}
	return []any{e.At.Millis(), string(e.Kind), (*int64)(e.User), (*int64)(e.Key), string(e.Address), (*int64)(e.Account),
		(*int64)(e.Conversation), (*int64)(e.Message), e.Text, string(e.Data)}
}

// Query asks for a page of entries, newest first. Zero values mean "any".
type Query struct {
	Kinds        []sellerdesk.AuditKind
	User         sellerdesk.UserID
	Key          sellerdesk.KeyID
	Account      sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	From, To     *sellerdesk.Time // both included
	Cursor       string           // "" means the first page; else next of the page before
	Limit        int              // 1 to 200; 0 means 50
}

const phase listing.Phase = 'a'

// List gives a page and the cursor of the next one, "" at the end. Who may read
// the audit of some accounts only gets what belongs to these.
func (a Audit) List(ctx context.Context, q Query) (items []sellerdesk.AuditEntry, next string, err error) {
	var s statement
	if err := s.narrow(ctx, q); err != nil || s.nothing {
		return []sellerdesk.AuditEntry{}, "", err
	}
	limit := engine.PageSize(q.Limit)
	rows, err := a.w.Query(ctx, `SELECT id, at, kind, user_id, key_id, address, account_id, conversation_id, message_id, text, data
		FROM audit`+s.where()+` ORDER BY at DESC, id DESC LIMIT `+strconv.Itoa(limit+1), s.args...)
	items, err = engine.Collect(rows, err, scan)
	if err != nil {
		return nil, "", fmt.Errorf("read the audit: %w", err)
	}
	if len(items) > limit {
		items = items[:limit]
		last := items[limit-1]
		next = listing.Spot{Phase: phase, At: last.At.Millis(), ID: int64(last.ID)}.String()
	}
	return items, next, nil
}

// statement gathers the conditions of a query.
type statement struct {
	conditions []string
	args       []any
	nothing    bool // nothing can match
}

// add adds a condition with one placeholder, written %s.
func (s *statement) add(condition string, value any) {
	s.args = append(s.args, value)
	s.conditions = append(s.conditions, fmt.Sprintf(condition, "$"+strconv.Itoa(len(s.args))))
}

// match adds a condition on an id; 0 means any.
func (s *statement) match(condition string, id int64) {
	if id != 0 {
		s.add(condition, id)
	}
}

func (s *statement) where() string {
	if len(s.conditions) == 0 {
		return ""
	}
	return ` WHERE ` + strings.Join(s.conditions, ` AND `)
}

func (s *statement) narrow(ctx context.Context, q Query) error {
	// An account that may not be seen is not there.
	everywhere, accounts := sellerdesk.AccessOf(ctx).Where(sellerdesk.RightSee).Scope(sellerdesk.RightAudit)
	if !everywhere {
		if s.nothing = len(accounts) == 0; s.nothing {
			return nil
		}
		in(s, "account_id", accounts)
	}
	if len(q.Kinds) > engine.ListSize {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d values can be asked for at once.", engine.ListSize).InField("kind")
	}
	if len(q.Kinds) > 0 {
		in(s, "kind", q.Kinds)
	}
	s.match(`user_id = %s`, int64(q.User))
	s.match(`key_id = %s`, int64(q.Key))
	s.match(`account_id = %s`, int64(q.Account))
	s.match(`conversation_id = %s`, int64(q.Conversation))
	if q.From != nil {
		s.add(`at >= %s`, q.From.Millis())
	}
	if q.To != nil {
		s.add(`at <= %s`, q.To.Millis())
	}
	if q.Cursor == "" {
		return nil
	}
	spot, err := listing.ParseSpot(q.Cursor, phase)
	if err != nil {
		return err
	}
	s.add(`at <= %s`, spot.At)
	s.add(`(at, id) < (%s,`, spot.At)
	s.args = append(s.args, spot.ID)
	s.conditions[len(s.conditions)-1] += ` $` + strconv.Itoa(len(s.args)) + `)`
	return nil
}

// in adds that a column has one of some values.
func in[T any](s *statement, column string, values []T) {
	list := engine.Padded(values[:min(len(values), engine.ListSize)])[0]
	s.conditions = append(s.conditions, column+` IN (`+engine.Placeholders(len(s.args)+1, len(list))+`)`)
	s.args = append(s.args, engine.Anys(list)...)
}

func scan(s engine.Scanner) (e sellerdesk.AuditEntry, err error) {
	var at int64
	var data string
	err = s.Scan(&e.ID, &at, &e.Kind, &e.User, &e.Key, &e.Address, &e.Account, &e.Conversation, &e.Message, &e.Text, &data)
	e.At, e.Data = sellerdesk.AtMillis(at), json.RawMessage(data)
	return e, err
}

// Deed is what somebody did, as verbs tell it.
type Deed struct {
	Kind    sellerdesk.AuditKind
	By      sellerdesk.UserID // 0: who asks, as the context tells
	Account sellerdesk.AccountID
	Text    string // one sentence without secrets
	Data    any    // becomes JSON; nil: nothing more; never a secret
}

// Note writes a deed down.
func (a Audit) Note(ctx context.Context, d Deed) error {
	e := sellerdesk.AuditEntry{Kind: d.Kind, Text: d.Text}
	if d.By != 0 {
		e.User = &d.By
	}
	if d.Account != 0 {
		e.Account = &d.Account
	}
	if d.Data != nil {
		data, err := json.Marshal(d.Data)
		if err != nil {
			return fmt.Errorf("encode the audit: %w", err)
		}
		e.Data = data
	}
	return a.Add(ctx, e)
}
