package exporting

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
type Exports struct{ store *store.Store }

// New makes the verbs.
func New(s *store.Store) *Exports { return &Exports{s} }

// exportPage is how many items are read at once.
const exportPage = 50

// Conversations gives all conversations that a query names, in the order of
// their numbers; its order, limit and cursor do not count. It ends after an
// error. The error beside it is a refusal: then there is nothing to walk.
func (e *Exports) Conversations(ctx context.Context, q store.ConversationQuery) (iter.Seq2[sellerdesk.Conversation, error], error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	parts, err := e.begin(ctx, taken{What: "conversations", Accounts: q.Accounts, Kinds: q.Kinds, From: q.From, To: q.To})
	if err != nil {
		return nil, err
	}
	q.Limit = exportPage
	return func(yield func(sellerdesk.Conversation, error) bool) {
		for _, q.Accounts = range parts {
			read := func(tx *store.Tx, after sellerdesk.ConversationID) ([]sellerdesk.Conversation, error) {
				return tx.Conversations.Through(ctx, q, after)
			}
			if !walk(ctx, e.store, read, func(c sellerdesk.Conversation) sellerdesk.ConversationID { return c.ID }, yield) {
				return
			}
		}
	}, nil
}

// Messages gives all messages that a query names, in the order of their numbers;
// its limit does not count. Otherwise it is as [Exports.Conversations].
func (e *Exports) Messages(ctx context.Context, q store.MessageQuery) (iter.Seq2[sellerdesk.ExportedMessage, error], error) {
	parts, err := e.begin(ctx, taken{What: "messages", Accounts: q.Accounts, Kinds: q.Kinds, Conversation: q.Conversation, From: q.From, To: q.To})
	if err != nil {
		return nil, err
	}
	q.Limit = exportPage
	return func(yield func(sellerdesk.ExportedMessage, error) bool) {
		for _, q.Accounts = range parts {
			read := func(tx *store.Tx, after sellerdesk.MessageID) ([]sellerdesk.ExportedMessage, error) {
				return tx.Messages.Through(ctx, q, after)
			}
			if !walk(ctx, e.store, read, func(m sellerdesk.ExportedMessage) sellerdesk.MessageID { return m.ID }, yield) {
				return
			}
		}
	}, nil
}

// Audit gives all entries of the audit that a query names, the newest first; its
// cursor and limit do not count. Who asks needs the right to read them besides
// that to export; an entry of no cabinet needs both for the whole house.
func (e *Exports) Audit(ctx context.Context, q store.AuditQuery) (iter.Seq2[sellerdesk.AuditEntry, error], error) {
	access := sellerdesk.AccessOf(ctx)
	if !access.MaySomewhere(sellerdesk.RightAudit) {
		return nil, sellerdesk.Allow(ctx, sellerdesk.RightAudit, 0)
	}
	what := taken{What: "audit", From: q.From, To: q.To, Conversation: q.Conversation}
	if q.Account != 0 {
		what.Accounts = []sellerdesk.AccountID{q.Account}
	}
	if _, err := e.begin(ctx, what); err != nil {
		return nil, err
	}
	q.Limit, q.Cursor = exportPage, ""
	return func(yield func(sellerdesk.AuditEntry, error) bool) {
		for first := true; first || q.Cursor != ""; first = false {
			var items []sellerdesk.AuditEntry
			err := e.store.Read(ctx, func(tx *store.Tx) (err error) {
				items, q.Cursor, err = tx.Audit.List(ctx, q)
				return err
			})
			if err != nil {
				yield(sellerdesk.AuditEntry{}, err)
				return
			}
			for _, entry := range items {
				mine := access.May(sellerdesk.RightExport) || entry.Account != nil && access.MayIn(sellerdesk.RightExport, *entry.Account)
				if mine && !yield(entry, nil) {
					return
				}
			}
		}
	}, nil
}

// taken is what an export is of, as the audit keeps it.
type taken struct {
	What         string                    `json:"what"`
	Accounts     []sellerdesk.AccountID    `json:"accounts,omitempty"`
	Kinds        []sellerdesk.Kind         `json:"kinds,omitempty"`
	Conversation sellerdesk.ConversationID `json:"conversation,omitempty"`
	Contact      sellerdesk.ContactID      `json:"contact,omitempty"`
	From         *sellerdesk.Time          `json:"from,omitempty"`
	To           *sellerdesk.Time          `json:"to,omitempty"`
}

// note writes into the audit that something is taken away.
func (t taken) note(ctx context.Context, s *store.Store) error {
	entry := store.Deed{Kind: sellerdesk.AuditExported, Text: "An export was taken: " + t.What + ".", Data: t}
	if len(t.Accounts) == 1 {
		entry.Account = t.Accounts[0]
	}
	return s.Write(ctx, func(tx *store.Tx) error { return tx.Audit.Note(ctx, entry) })
}

// NoteContact writes into the audit that all that is kept of a person is taken away.
func NoteContact(ctx context.Context, s *store.Store, id sellerdesk.ContactID) error {
	return taken{What: "person", Contact: id}.note(ctx, s)
}

// accountsAtOnce is how many accounts one query names.
const accountsAtOnce = 500

// begin judges the right to export, writes it down, and gives the accounts to
// read, in parts as large as one query takes; the part nil stands for all there
// are.
func (e *Exports) begin(ctx context.Context, t taken) ([][]sellerdesk.AccountID, error) {
	access := sellerdesk.AccessOf(ctx)
	if !access.MaySomewhere(sellerdesk.RightExport) {
		return nil, sellerdesk.Allow(ctx, sellerdesk.RightExport, 0)
	}
	if named := len(t.Accounts) > 0; named {
		// What may not be seen is not taken away, and not told of in the audit.
		t.Accounts = slices.DeleteFunc(slices.Clone(t.Accounts), func(id sellerdesk.AccountID) bool { return !access.MayIn(sellerdesk.RightSee, id) })
		if len(t.Accounts) == 0 {
			return nil, nil
		}
	}
	if err := t.note(ctx, e.store); err != nil {
		return nil, err
	}
	whole, ids := access.Scope(sellerdesk.RightExport)
	switch {
	case whole && len(t.Accounts) == 0:
		return [][]sellerdesk.AccountID{nil}, nil
	case whole:
		ids = t.Accounts
	case len(t.Accounts) > 0:
		ids = slices.DeleteFunc(ids, func(id sellerdesk.AccountID) bool { return !slices.Contains(t.Accounts, id) })
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
