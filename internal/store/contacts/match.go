package contacts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Seat is the place of a conversation with a contact. [Contacts.Match] fills
// that of one that has none.
type Seat struct {
	Contact, Person int64 // 0 while it has none
	// Needs and At are of the conversation: it needs an answer, the moment of its
	// newest word.
	Needs bool
	At    int64

	// Reason is the key of the evidence by which it was seated, "" for a contact
	// of its own.
	Reason string
	// Counted: its figures are in those of its person already.
	Counted bool
	// Taken: it was seated now.
	Taken bool

	owner *owner
}

// Arrival is what was told about the buyer of a conversation.
type Arrival struct {
	Seat     *Seat
	Evidence []Evidence // in the order of the rules
	// Name is the buyer's, cleaned; "" when nothing new was told.
	Name string
	Made int64 // when the conversation was made
}

// owner is a contact that evidence belongs to.
type owner struct {
	id, root int64 // 0 while it is not written
	name     string
	unknown  bool // its name was not read
	named    bool // it gets the name
	made     int64
	changed  bool // a person who was here before is another one now
}

// same tells whether two contacts are one person.
func (o *owner) same(p *owner) bool { return o == p || o.root != 0 && o.root == p.root }

// found is evidence that belongs to nobody yet.
type found struct {
	Evidence
	owner *owner
}

// doubt is evidence for another person than the conversation sits with.
type doubt struct {
	owner, other *owner
	key          string
}

// matching is one try to find the people of a batch.
type matching struct {
	c      Contacts
	byKey  map[string]*owner
	byID   map[int64]*owner
	fresh  []*owner
	found  []found
	doubts []doubt
}

// mostTries bounds how often a batch is matched anew because others, at the same
// moment, saw the same people for the first time.
const mostTries = 8

// Match finds the people of conversations, in the order they arrived, with one
// look for all. A conversation that has a contact keeps it; evidence that
// belonged to nobody becomes that of the contact it sits with. The same arrivals
// again change nothing.
func (c Contacts) Match(ctx context.Context, all []*Arrival) error {
	for range mostTries {
		m := &matching{c: c, byKey: map[string]*owner{}, byID: map[int64]*owner{}}
		if err := m.look(ctx, all); err != nil {
			return fmt.Errorf("look for people: %w", err)
		}
		for _, a := range all {
			m.decide(a)
		}
		won, err := m.write(ctx, all)
		if err != nil {
			return fmt.Errorf("write people: %w", err)
		}
		if won {
			return m.finish(ctx, all)
		}
	}
	return sellerdesk.Errorf(sellerdesk.CodeUnavailable, "Others write about the same people all the time: try again.")
}

// look reads whom the evidence belongs to.
func (m *matching) look(ctx context.Context, all []*Arrival) error {
	var keys []string
	seen := map[string]bool{}
	for _, a := range all {
		a.Seat.owner, a.Seat.Reason = nil, ""
		for _, e := range a.Evidence {
			if !seen[e.Key] {
				seen[e.Key] = true
				keys = append(keys, e.Key)
			}
		}
	}
	for _, piece := range engine.Padded(keys) {
		rows, err := m.c.w.Query(ctx, `SELECT i.key, c.id, COALESCE(c.person_id, c.id), c.name FROM contact_identities i JOIN contacts c ON c.id = i.contact_id
			WHERE i.key IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (o owner, err error) {
			var key string
			if err = s.Scan(&key, &o.id, &o.root, &o.name); err != nil {
				return o, err
			}
			if m.byID[o.id] == nil {
				m.byID[o.id] = &o
			}
			m.byKey[key] = m.byID[o.id]
			return o, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// decide seats one conversation and takes its evidence.
func (m *matching) decide(a *Arrival) {
	s := a.Seat
	if s.owner == nil && s.Contact != 0 {
		if s.owner = m.byID[s.Contact]; s.owner == nil {
			s.owner = &owner{id: s.Contact, root: s.Person, unknown: true}
			m.byID[s.Contact] = s.owner
		}
	}
	if s.owner == nil {
		m.seat(a)
	}
	if s.owner == nil {
		return
	}
	for _, e := range a.Evidence {
		switch o := m.byKey[e.Key]; {
		case o == nil:
			m.byKey[e.Key] = s.owner
			m.found = append(m.found, found{e, s.owner})
			s.owner.changed = true
		case !o.same(s.owner):
			m.doubts = append(m.doubts, doubt{s.owner, o, e.Key})
		}
	}
	if a.Name != "" && !s.owner.named && (s.owner.unknown || s.owner.name == "") {
		s.owner.name, s.owner.named, s.owner.changed = a.Name, true, true
	}
}

// seat gives a conversation the contact that the first rule names, else one of
// its own. Nothing is known of who gave neither name nor evidence.
func (m *matching) seat(a *Arrival) {
	for _, e := range a.Evidence {
		if o := m.byKey[e.Key]; o != nil {
			a.Seat.owner, a.Seat.Reason, o.changed = o, e.Key, true
			return
		}
	}
	if len(a.Evidence) > 0 || a.Name != "" {
		o := &owner{name: a.Name, made: a.Made}
		a.Seat.owner = o
		m.fresh = append(m.fresh, o)
	}
}

// write makes the new contacts and gives them and others what they are known by.
// It tells false, and has written nothing, when somebody else was faster with one
// of these.
func (m *matching) write(ctx context.Context, all []*Arrival) (won bool, err error) {
	if len(m.fresh) > 0 {
		figures := m.figures(all)
		values := make([]any, 0, 4*len(m.fresh))
		for _, o := range m.fresh {
			f := figures[o]
			values = append(values, o.name, o.made, f.n, f.at)
		}
		ids, err := m.c.w.InsertMany(ctx, `INSERT INTO contacts (name, created_at, unanswered, last_at)`, 4, ` RETURNING id`, values)
		if err != nil {
			return false, err
		}
		for n, o := range m.fresh {
			o.id, o.root = ids[n], ids[n]
		}
	}
	if len(m.found) == 0 {
		return true, nil
	}
	// In one order for all transactions, so that two never wait for each other.
	slices.SortFunc(m.found, func(a, b found) int { return cmp.Compare(a.Key, b.Key) })
	now := m.c.w.Now().Millis()
	values := make([]any, 0, 7*len(m.found))
	for _, f := range m.found {
		values = append(values, f.Key, f.owner.id, string(f.Kind), f.Network, engine.OrNil(f.Account), f.Value, now)
	}
	written, err := m.c.w.InsertMany(ctx, `INSERT INTO contact_identities (key, contact_id, kind, network, account_id, value, created_at)`, 7,
		` ON CONFLICT (key) DO NOTHING RETURNING id`, values)
	if err != nil || len(written) == len(m.found) {
		return err == nil, err
	}
	return false, m.undo(ctx, written)
}

// figures are those that new contacts begin with.
func (m *matching) figures(all []*Arrival) map[*owner]sum {
	out := make(map[*owner]sum, len(m.fresh))
	seen := map[*Seat]bool{}
	for _, a := range all {
		s := a.Seat
		if s.owner == nil || s.owner.id != 0 || seen[s] {
			continue
		}
		seen[s] = true
		f := out[s.owner]
		f.at = max(f.at, s.At)
		if s.Needs {
			f.n++
		}
		out[s.owner] = f
	}
	return out
}

// sum is how many conversations need an answer, and the moment of the newest word.
type sum struct{ n, at int64 }

// undo takes back what a try wrote.
func (m *matching) undo(ctx context.Context, identities []int64) error {
	fresh := make([]int64, len(m.fresh))
	for n, o := range m.fresh {
		fresh[n] = o.id
	}
	for table, ids := range map[string][]int64{"contact_identities": identities, "contacts": fresh} {
		for _, piece := range engine.Padded(ids) {
			if _, err := m.c.w.Exec(ctx, `DELETE FROM `+table+` WHERE id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish tells the conversations where they sit and the others who changed.
func (m *matching) finish(ctx context.Context, all []*Arrival) error {
	fresh := make(map[*owner]bool, len(m.fresh))
	for _, o := range m.fresh {
		fresh[o] = true
	}
	for _, a := range all {
		if s := a.Seat; s.owner != nil && s.Contact == 0 {
			s.Contact, s.Person, s.Taken, s.Counted = s.owner.id, s.owner.root, true, fresh[s.owner]
		}
	}
	for _, o := range m.byID {
		if o.named {
			m.c.name(o.id, o.name)
		}
		if o.changed {
			m.c.changed(o.root)
		}
	}
	return m.suggest(ctx)
}

// suggestion names what is between two people.
type suggestion struct {
	low, high int64
	key       string
}

// suggest leaves suggestions where evidence pointed to somebody else, once for
// two people and the same evidence, also after it was dismissed.
func (m *matching) suggest(ctx context.Context) error {
	if len(m.doubts) == 0 {
		return nil
	}
	known, err := m.suggested(ctx)
	if err != nil {
		return err
	}
	var fresh []doubt
	for _, d := range m.doubts {
		pair := between(d.owner.root, d.other.root, d.key)
		if !known[pair] {
			known[pair] = true
			fresh = append(fresh, d)
		}
	}
	slices.SortFunc(fresh, func(a, b doubt) int { return cmp.Compare(a.key, b.key) })
	var values []any
	now := m.c.w.Now().Millis()
	for _, d := range fresh {
		s := between(d.owner.id, d.other.id, d.key)
		values = append(values, s.low, s.high, s.key, now, stateOpen)
		m.c.changed(d.owner.root)
		m.c.changed(d.other.root)
	}
	_, err = m.c.w.InsertMany(ctx, `INSERT INTO contact_suggestions (contact_id, other_id, evidence, at, state)`, 5, ` ON CONFLICT DO NOTHING`, values)
	return err
}

// The states of a suggestion.
const (
	stateOpen      = "open"
	stateDismissed = "dismissed"
)

func between(a, b int64, key string) suggestion { return suggestion{min(a, b), max(a, b), key} }

// suggested reads what was suggested by the same evidence, between people as
// they are now.
func (m *matching) suggested(ctx context.Context) (map[suggestion]bool, error) {
	var keys []string
	for _, d := range m.doubts {
		keys = append(keys, d.key)
	}
	slices.Sort(keys)
	known := map[suggestion]bool{}
	for _, piece := range engine.Padded(slices.Compact(keys)) {
		rows, err := m.c.w.Query(ctx, `SELECT COALESCE(a.person_id, a.id), COALESCE(b.person_id, b.id), s.evidence FROM contact_suggestions s
			JOIN contacts a ON a.id = s.contact_id JOIN contacts b ON b.id = s.other_id
			WHERE s.evidence IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (g suggestion, err error) {
			err = s.Scan(&g.low, &g.high, &g.key)
			known[between(g.low, g.high, g.key)] = true
			return g, err
		})
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

// Doubt suggests that two contacts are one person, by the first thing that the
// other is known by. It does nothing where they are one already, or where the
// other is known by nothing.
func (c Contacts) Doubt(ctx context.Context, contact, other int64) error {
	m := &matching{c: c}
	d := doubt{owner: &owner{id: contact}, other: &owner{id: other}}
	err := c.w.One(ctx, `SELECT key FROM contact_identities WHERE contact_id = $1 ORDER BY id LIMIT 1`, []any{other}, &d.key)
	if errors.Is(err, engine.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for what somebody is known by: %w", err)
	}
	for _, o := range []*owner{d.owner, d.other} {
		if o.root, o.name, err = c.Root(ctx, o.id); err != nil {
			return err
		}
	}
	if d.owner.same(d.other) {
		return nil
	}
	m.doubts = append(m.doubts, d)
	return m.suggest(ctx)
}

// Known is somebody whom evidence belongs to.
type Known struct {
	Contact, Person int64
	Name            string
	Reason          string // the key of the evidence
}

// Known finds the contact that the first of the evidence belongs to; found is
// false when none belongs to anybody.
func (c Contacts) Known(ctx context.Context, all []Evidence) (k Known, found bool, err error) {
	for _, e := range all {
		err := c.w.One(ctx, `SELECT contact_id FROM contact_identities WHERE key = $1`, []any{e.Key}, &k.Contact)
		if err == nil {
			k.Reason = e.Key
			return k, true, nil
		}
		if !errors.Is(err, engine.ErrNoRow) {
			return k, false, fmt.Errorf("look for a person: %w", err)
		}
	}
	return k, false, nil
}

// Root gives the person that a contact is in, and the name of the contact.
func (c Contacts) Root(ctx context.Context, id int64) (person int64, name string, err error) {
	err = c.w.One(ctx, `SELECT COALESCE(person_id, id), name FROM contacts WHERE id = $1`, []any{id}, &person, &name)
	return person, name, engine.Found(err, "person")
}
