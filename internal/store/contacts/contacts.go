package contacts

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
)

// Beside is what of people stands elsewhere, in the same transaction.
type Beside struct {
	// Show gives conversations as a person sees them, in any order; those that are
	// not there are left out.
	Show func(ctx context.Context, user sellerdesk.UserID, ids []int64) ([]sellerdesk.Conversation, error)
	// Attach fills the files of messages.
	Attach func(context.Context, []sellerdesk.Message) error
	// Labels gives the tags and fields of contacts; those without any are left out.
	Labels func(ctx context.Context, ids []int64) (map[int64]Labelled, error)
	// Label changes the tags and fields of a person, who is these contacts, the root
	// first.
	Label func(ctx context.Context, ids []int64, add, remove []sellerdesk.TagID, fields map[sellerdesk.FieldID]string) error
}

// Labelled is what a contact carries.
type Labelled struct {
	Tags   []sellerdesk.Tag        // by name
	Fields []sellerdesk.FieldValue // in the order of the house
}

// Contacts are the people behind conversations.
type Contacts struct {
	*Ledger
	beside Beside
}

// New makes the handle of a transaction.
func New(w *engine.Work, j *journal.Journal, b Beside) Contacts {
	return Contacts{&Ledger{w: w, journal: j}, b}
}

// Bounds of what is shown of one person.
const (
	listed          = 3   // conversations in a list
	shown           = 100 // conversations on the page of a person
	mostSuggestions = 20
	mostIdentities  = 200
	mostMerged      = 500
)

// Query asks for a page of people: those who wait for us first, then by the
// newest word, in either part the newest first.
type Query struct {
	User sellerdesk.UserID // whose unread marks the conversations show
	// Waiting leaves out who does not wait.
	Waiting bool
	Cursor  string // "" means the first page; else next of the page before
	Limit   int    // 1 to 200; 0 means 50
}

// The parts of the list.
const (
	phaseWaiting listing.Phase = 'w'
	phaseRest    listing.Phase = 'r'
)

// contactColumns begin a person.
const contactColumns = `c.id, c.name, c.unanswered, c.last_at, c.created_at`

func scanContact(s engine.Scanner) (c sellerdesk.Contact, err error) {
	var last, created int64
	err = s.Scan(&c.ID, &c.Name, &c.Unanswered, &last, &created)
	c.CreatedAt = sellerdesk.AtMillis(created)
	if last != 0 {
		c.LastAt = engine.Moment(&last)
	}
	return c, err
}

// List gives a page of people and the cursor of the next, "" at the end. Of
// their conversations it gives the newest three. Who has none, as when two
// conversations turned out to be one, is not listed.
func (c Contacts) List(ctx context.Context, q Query) (items []sellerdesk.Contact, next string, err error) {
	phases := []listing.Phase{phaseWaiting, phaseRest}
	if q.Waiting {
		phases = phases[:1]
	}
	var from *listing.Spot
	if q.Cursor != "" {
		s, err := listing.ParseSpot(q.Cursor, phases...)
		if err != nil {
			return nil, "", err
		}
		from = &s
	}
	limit, last := engine.PageSize(q.Limit), phaseWaiting
	items = make([]sellerdesk.Contact, 0, limit+1)
	for _, p := range phases {
		if from != nil && from.Phase != p || len(items) > limit {
			continue
		}
		page, err := part(ctx, c, p, from, limit+1-len(items))
		if err != nil {
			return nil, "", err
		}
		if before := len(items); before < limit && len(page) > 0 {
			last = p
		}
		items, from = append(items, page...), nil
	}
	if len(items) > limit {
		items = items[:limit]
		next = spotOf(items[limit-1], last).String()
	}
	return items, next, c.complete(ctx, items, q.User, listed)
}

// spotOf tells where a page ends.
func spotOf(c sellerdesk.Contact, p listing.Phase) listing.Spot {
	s := listing.Spot{Phase: p, ID: int64(c.ID)}
	if c.LastAt != nil {
		s.At = c.LastAt.Millis()
	}
	return s
}

// part reads people of one part of the list.
func part(ctx context.Context, c Contacts, p listing.Phase, from *listing.Spot, limit int) ([]sellerdesk.Contact, error) {
	if !engine.Seen(ctx).Whole() {
		return partSeen(ctx, c.w, p, from, limit)
	}
	query, args := `SELECT `+contactColumns+` FROM contacts c WHERE c.merged_into IS NULL AND c.unanswered > 0`, []any{limit}
	if p == phaseRest {
		query = `SELECT ` + contactColumns + ` FROM contacts c WHERE c.merged_into IS NULL AND c.unanswered = 0 AND c.last_at > 0`
	}
	if from != nil {
		query, args = query+` AND (c.last_at, c.id) < ($2, $3)`, append(args, from.At, from.ID)
	}
	rows, err := c.w.Query(ctx, query+` ORDER BY c.last_at DESC, c.id DESC LIMIT $1`, args...)
	page, err := engine.Collect(rows, err, scanContact)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return page, nil
}

// Person gives the contact at the root of the tree that a contact is in; the
// contact itself while nobody put it into another. One that is not there, or may
// not be seen, is not found.
func (c Contacts) Person(ctx context.Context, id sellerdesk.ContactID) (root sellerdesk.ContactID, err error) {
	err = c.w.One(ctx, `SELECT COALESCE(person_id, id) FROM contacts WHERE id = $1`, []any{int64(id)}, &root)
	if err != nil {
		return root, engine.Found(err, "person")
	}
	return root, sees(ctx, c.w, int64(id), int64(root))
}

// ByPhone finds the person whom a phone number belongs to, in any spelling.
func (c Contacts) ByPhone(ctx context.Context, phone string) (root sellerdesk.ContactID, err error) {
	digits, ok := sellerdesk.NormalPhone(phone)
	if !ok {
		return 0, badPhone()
	}
	n := narrowed(ctx, phoneKey(digits))
	err = c.w.One(ctx, `SELECT COALESCE(c.person_id, c.id) FROM contact_identities i JOIN contacts c ON c.id = i.contact_id WHERE i.key = $1`+n.and(n.identity()),
		n.args, &root)
	return root, engine.Found(err, "person")
}

func badPhone() error {
	return sellerdesk.Errorf(sellerdesk.CodeInvalid, "This is no phone number: write 7 to 15 digits, as +7 900 123-45-67.").InField("phone")
}

// Get gives a person with all that is known. The id of a contact that was put
// into another gives that other one.
func (c Contacts) Get(ctx context.Context, id sellerdesk.ContactID, user sellerdesk.UserID) (sellerdesk.Contact, error) {
	root, err := c.Person(ctx, id)
	if err != nil {
		return sellerdesk.Contact{}, err
	}
	rows, err := c.w.Query(ctx, `SELECT `+contactColumns+` FROM contacts c WHERE c.id = $1`, int64(root))
	items, err := engine.Collect(rows, err, scanContact)
	if err == nil && len(items) == 0 {
		err = engine.Found(engine.ErrNoRow, "person")
	}
	if err != nil {
		return sellerdesk.Contact{}, err
	}
	err = c.complete(ctx, items, user, shown)
	return items[0], err
}
