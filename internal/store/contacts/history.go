package contacts

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
)

// entry is a place in the history of a person. What is of the same moment stands
// in the order of its phase, so that an order is told after the conversation that
// named it.
type entry struct {
	sellerdesk.ContactEntry
	id           int64
	phase        listing.Phase
	conversation int64 // 0 for notes
}

// source is one kind of entries, read by an index in the order of time.
type source struct {
	kind  sellerdesk.ContactEntryKind
	query string // $1 is the person, $2 the number, ($3, $4) the place to go on from
	scan  func(engine.Scanner, *entry) error
}

// Phases of cursors, in the order in which things of one moment happened.
const historyPhases = "0123"

// sources lists what a history is made of, as far as it may be seen.
func sources(n narrowing) []source {
	seen := n.account("v.account_id")
	return []source{
		{sellerdesk.EntryConversation, `SELECT v.id, v.contact_id, v.created_at, v.id FROM conversations v WHERE v.person_id = $1` + seen + `
			AND (v.created_at, v.id) < ($3, $4) ORDER BY v.created_at DESC, v.id DESC LIMIT $2`, func(s engine.Scanner, e *entry) error {
			return scanAt(e, func(at *int64) error { return s.Scan(&e.id, &e.Contact, at, &e.conversation) })
		}},
		{sellerdesk.EntryOrder, `SELECT v.id, v.contact_id, v.created_at, v.id, v.order_id FROM conversations v WHERE v.person_id = $1 AND v.order_id <> ''` + seen + `
			AND NOT EXISTS (SELECT 1 FROM conversations e WHERE e.person_id = v.person_id AND e.order_id = v.order_id AND e.order_id <> ''
				AND e.account_id = v.account_id AND (e.created_at, e.id) < (v.created_at, v.id))
			AND (v.created_at, v.id) < ($3, $4) ORDER BY v.created_at DESC, v.id DESC LIMIT $2`, func(s engine.Scanner, e *entry) error {
			return scanAt(e, func(at *int64) error { return s.Scan(&e.id, &e.Contact, at, &e.conversation, &e.Order) })
		}},
		{sellerdesk.EntryFile, `SELECT f.id, v.contact_id, m.at, v.id, m.id, m.author FROM conversations v CROSS JOIN files f CROSS JOIN messages m
			WHERE v.person_id = $1 AND f.conversation_id = v.id AND m.id = f.message_id` + seen + `
			AND (m.at, f.id) < ($3, $4) ORDER BY m.at DESC, f.id DESC LIMIT $2`, func(s engine.Scanner, e *entry) error {
			return scanAt(e, func(at *int64) error { return s.Scan(&e.id, &e.Contact, at, &e.conversation, &e.Message, &e.Author) })
		}},
		{sellerdesk.EntryNote, `SELECT n.id, n.contact_id, n.at, n.body, n.user_id FROM contact_notes n
			WHERE n.contact_id IN (SELECT id FROM contacts WHERE id = $1 UNION ALL SELECT id FROM contacts WHERE person_id = $1)` + n.and(n.note()) + `
			AND (n.at, n.id) < ($3, $4) ORDER BY n.at DESC, n.id DESC LIMIT $2`, func(s engine.Scanner, e *entry) error {
			e.Note = &sellerdesk.ContactNote{}
			err := scanAt(e, func(at *int64) error { return s.Scan(&e.id, &e.Contact, at, &e.Note.Text, &e.Note.User) })
			e.Note.ID = e.id
			return err
		}},
	}
}

// scanAt reads the moment of an entry.
func scanAt(e *entry, scan func(*int64) error) error {
	var at int64
	err := scan(&at)
	e.At = sellerdesk.AtMillis(at)
	return err
}

// History gives a page of what happened with a person, the newest first, and the
// cursor of the next, "" at the end: conversations as they were begun, orders as
// they were first named, files, and notes. Limit is 1 to 200; 0 means 50. The
// unread marks of the conversations are nobody's.
func (c Contacts) History(ctx context.Context, id sellerdesk.ContactID, cursor string, limit int) (items []sellerdesk.ContactEntry, next string, err error) {
	person, err := c.Person(ctx, id)
	if err != nil {
		return nil, "", err
	}
	from := listing.Spot{Phase: '9', At: math.MaxInt64}
	if cursor != "" {
		if from, err = listing.ParseSpot(cursor, []listing.Phase(historyPhases)...); err != nil {
			return nil, "", err
		}
	}
	limit = engine.PageSize(limit)
	var all []entry
	// The places of the four arguments are kept for those of each source.
	n := narrowed(ctx, nil, nil, nil, nil)
	for rank, s := range sources(n) {
		found, err := entries(ctx, c.w, s, n.args[4:], int64(person), from, listing.Phase(historyPhases[rank]), limit+1)
		if err != nil {
			return nil, "", fmt.Errorf("read the history of a person: %ss: %w", s.kind, err)
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b entry) int {
		return -cmp.Or(cmp.Compare(a.At.Millis(), b.At.Millis()), cmp.Compare(a.phase, b.phase), cmp.Compare(a.id, b.id))
	})
	if len(all) > limit {
		all = all[:limit]
		last := all[limit-1]
		next = listing.Spot{Phase: last.phase, At: last.At.Millis(), ID: last.id}.String()
	}
	items, err = c.described(ctx, all)
	return items, next, err
}

// entries reads entries of one kind behind a place.
func entries(ctx context.Context, w *engine.Work, s source, scope []any, person int64, from listing.Spot, phase listing.Phase, limit int) ([]entry, error) {
	id := from.ID
	switch {
	case phase < from.Phase:
		id = math.MaxInt64 // of the same moment too
	case phase > from.Phase:
		id = math.MinInt64
	}
	rows, err := w.Query(ctx, s.query, append([]any{person, limit, from.At, id}, scope...)...)
	return engine.Collect(rows, err, func(r engine.Scanner) (e entry, err error) {
		e.Kind, e.phase = s.kind, phase
		err = s.scan(r, &e)
		return e, err
	})
}

// described completes entries with their conversations and files.
func (c Contacts) described(ctx context.Context, all []entry) ([]sellerdesk.ContactEntry, error) {
	var ids []int64
	var lines []sellerdesk.Message
	for _, e := range all {
		if e.conversation != 0 && !slices.Contains(ids, e.conversation) {
			ids = append(ids, e.conversation)
		}
		if e.Message != nil && !slices.ContainsFunc(lines, func(m sellerdesk.Message) bool { return m.ID == *e.Message }) {
			lines = append(lines, sellerdesk.Message{ID: *e.Message})
		}
	}
	conversations, err := c.beside.Show(ctx, 0, ids)
	if err != nil {
		return nil, err
	}
	if err := c.beside.Attach(ctx, lines); err != nil {
		return nil, err
	}
	threads := make(map[int64]*sellerdesk.Conversation, len(conversations))
	for i := range conversations {
		threads[int64(conversations[i].ID)] = &conversations[i]
	}
	files := map[int64]*sellerdesk.File{}
	for _, m := range lines {
		for i := range m.Files {
			files[int64(m.Files[i].ID)] = &m.Files[i]
		}
	}
	items := make([]sellerdesk.ContactEntry, 0, len(all))
	for _, e := range all {
		e.Conversation = threads[e.conversation]
		if e.Kind == sellerdesk.EntryFile {
			e.File = files[e.id]
		}
		items = append(items, e.ContactEntry)
	}
	return items, nil
}
