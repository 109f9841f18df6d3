package contacts

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
)

// Figure is what a conversation adds to the figures of its person.
type Figure struct {
	Person int64 // 0: nobody's
	Needs  bool  // it needs an answer
	At     int64 // the moment of its newest word
}

func (f Figure) count() int64 {
	if f.Needs {
		return 1
	}
	return 0
}

// Ledger gathers what a transaction writes about people at its end.
type Ledger struct {
	w       *engine.Work
	journal *journal.Journal
	people  map[int64]*touch
	changes []Change
	told    []int64 // who changed, in order, each once
	tells   map[int64][]sellerdesk.AccountID
}

// touch is what changes of one contact.
type touch struct {
	n    int64 // how many conversations more need an answer
	name string
}

func (l *Ledger) touch(id int64) *touch {
	t := l.people[id]
	if t == nil {
		if l.people == nil {
			l.people = map[int64]*touch{}
		}
		t = &touch{}
		l.people[id] = t
	}
	return t
}

func (l *Ledger) name(id int64, name string) { l.touch(id).name = name }

// Moved notes that a conversation counts otherwise than before for the people it
// belongs to, when the transaction ends.
func (l *Ledger) Moved(from, to Figure) {
	if from == to {
		return
	}
	if from.Person != 0 {
		l.touch(from.Person).n -= from.count()
	}
	if to.Person != 0 {
		l.touch(to.Person).n += to.count()
	}
}

// changed tells about a person when the transaction ends.
func (l *Ledger) changed(person int64) {
	if _, told := l.tells[person]; told {
		return
	}
	if l.tells == nil {
		l.tells = map[int64][]sellerdesk.AccountID{}
	}
	l.tells[person], l.told = nil, append(l.told, person)
}

// announce tells of the people who changed, in each account that they wrote in,
// so that nobody hears of somebody whom only other accounts know.
func (l *Ledger) announce(ctx context.Context) error {
	for _, piece := range engine.Padded(l.told) {
		list := engine.Placeholders(1, len(piece))
		rows, err := l.w.Query(ctx, `SELECT v.person_id, v.account_id FROM conversations v WHERE v.person_id IN (`+list+`)
			UNION SELECT v.contact_id, v.account_id FROM conversations v WHERE v.contact_id IN (`+list+`) ORDER BY 1, 2`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (none struct{}, err error) {
			var person int64
			var account sellerdesk.AccountID
			if err = s.Scan(&person, &account); err == nil {
				l.tells[person] = append(l.tells[person], account)
			}
			return none, err
		})
		if err != nil {
			return fmt.Errorf("look where people wrote: %w", err)
		}
	}
	for _, person := range l.told {
		accounts := l.tells[person]
		if len(accounts) == 0 {
			accounts = []sellerdesk.AccountID{0}
		}
		for _, id := range accounts {
			l.journal.Add(sellerdesk.EventContactUpdated, id, 0, sellerdesk.ContactEvent{Contact: sellerdesk.ContactID(person)})
		}
	}
	l.told, l.tells = nil, nil
	return nil
}

// ChangeKind is what was done about where a conversation or a contact belongs.
type ChangeKind string

// The kinds of changes.
const (
	ChangeAttach  ChangeKind = "attach"  // a conversation sits with somebody by a rule or by hand
	ChangeUnite   ChangeKind = "unite"   // two conversations turned out to be one
	ChangeMerge   ChangeKind = "merge"   // a person was put into another
	ChangeUnmerge ChangeKind = "unmerge" // and taken out again
	ChangeDismiss ChangeKind = "dismiss" // two people are not the same
)

// Change is a recorded reason why something belongs to somebody.
type Change struct {
	Kind         ChangeKind
	Contact      int64
	Other        int64 // of two people; 0 else
	Conversation int64 // 0 where it is about people only
	// Reason is the key of the evidence, or what decided instead of one.
	Reason string
	User   sellerdesk.UserID // 0: nobody's doing
}

// Record keeps a reason when the transaction ends.
func (l *Ledger) Record(ch Change) { l.changes = append(l.changes, ch) }

// last is the moment of the newest word of a person.
const last = `COALESCE((SELECT v.sort_at FROM conversations v WHERE v.person_id = contacts.id ORDER BY v.sort_at DESC LIMIT 1), 0)`

// Flush writes what was noted: one statement for 500 people, in one order for
// all transactions, so that two never wait for each other.
func (l *Ledger) Flush(ctx context.Context) error {
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(l.people)), engine.ListSize) {
		if err := l.lock(ctx, ids); err != nil {
			return fmt.Errorf("lock people: %w", err)
		}
		piece := engine.Padded(ids)[0]
		values := "(CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT))"
		if len(piece) > 1 {
			values += "," + engine.Tuples(4, len(piece)-1, 3)
		}
		args := make([]any, 0, 3*len(piece))
		for _, id := range piece {
			args = append(args, id, l.people[id].n, l.people[id].name)
		}
		if _, err := l.w.Exec(ctx, `WITH touched (contact, n, called) AS (VALUES `+values+`)
			UPDATE contacts SET unanswered = contacts.unanswered + t.n, name = CASE WHEN contacts.name = '' THEN t.called ELSE contacts.name END, last_at = `+last+`
			FROM touched t WHERE contacts.id = t.contact`, args...); err != nil {
			return fmt.Errorf("write the figures of people: %w", err)
		}
	}
	values := make([]any, 0, 7*len(l.changes))
	now := l.w.Now().Millis()
	for _, ch := range l.changes {
		values = append(values, ch.Contact, engine.OrNil(ch.Other), engine.OrNil(ch.Conversation), string(ch.Kind), ch.Reason, engine.OrNil(int64(ch.User)), now)
	}
	if _, err := l.w.InsertMany(ctx, `INSERT INTO contact_changes (contact_id, other_id, conversation_id, kind, reason, user_id, at)`, 7, "", values); err != nil {
		return fmt.Errorf("record why people changed: %w", err)
	}
	l.people, l.changes = nil, nil
	return l.announce(ctx)
}

// lock keeps others from changing the figures of people, in the order of their ids.
func (l *Ledger) lock(ctx context.Context, ids []int64) error {
	locking := l.w.Dialect.Locking(false)
	if locking == "" {
		return nil
	}
	for _, piece := range engine.Padded(ids) {
		rows, err := l.w.Query(ctx, `SELECT id FROM contacts WHERE id IN (`+engine.Placeholders(1, len(piece))+`) ORDER BY id`+locking, engine.Anys(piece)...)
		if _, err := engine.Collect(rows, err, engine.ScanInt); err != nil {
			return err
		}
	}
	return nil
}

// recount finds the figures of people out from their conversations.
func (l *Ledger) recount(ctx context.Context, ids []int64) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for _, piece := range engine.Padded(ids) {
		if _, err := l.w.Exec(ctx, `UPDATE contacts SET unanswered = (SELECT COUNT(*) FROM conversations v WHERE v.person_id = contacts.id AND v.needs_answer = TRUE),
			last_at = `+last+` WHERE id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...); err != nil {
			return fmt.Errorf("count the conversations of people: %w", err)
		}
	}
	return nil
}
