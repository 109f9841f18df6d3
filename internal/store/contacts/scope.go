package contacts

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
)

// Who sees some cabinets only knows a person by the conversations there: what is
// told of the person is told by these, as if there were no others. A name, a
// number or a note whose cabinet is not known is told only of a contact that has
// no conversation elsewhere.

// narrowing writes what statements add for whoever sees some cabinets only; for
// those who see all it adds nothing.
type narrowing struct {
	seen engine.Scope
	user sellerdesk.UserID
	args []any // those of the statement, with those of the scope behind
	in   func(column string) string
}

// narrowed begins a statement with its own arguments.
func narrowed(ctx context.Context, args ...any) narrowing {
	n := narrowing{seen: engine.Seen(ctx), user: sellerdesk.AccessOf(ctx).User, args: args}
	const column = "\x00"
	if n.seen.Whole() {
		n.in = func(string) string { return "TRUE" }
		return n
	}
	condition, more := n.seen.In(column, args)
	n.args = more
	n.in = func(c string) string { return strings.Replace(condition, column, c, 1) }
	return n
}

// and adds a condition; nothing where all is seen.
func (n narrowing) and(condition string) string {
	if n.seen.Whole() {
		return ""
	}
	return " AND " + condition
}

// account adds that a column names an account that is seen.
func (n narrowing) account(column string) string { return n.and(n.in(column)) }

// contact is the condition that the contact of an id is seen by itself.
func (n narrowing) contact(id string) string {
	return `(EXISTS (SELECT 1 FROM conversations sv WHERE sv.contact_id = ` + id + ` AND ` + n.in("sv.account_id") + `)
		OR EXISTS (SELECT 1 FROM contact_identities si WHERE si.contact_id = ` + id + ` AND ` + n.in("si.account_id") + `))`
}

// own is the condition that a contact has conversations, and none elsewhere.
func (n narrowing) own(id string) string {
	return `(EXISTS (SELECT 1 FROM conversations ov WHERE ov.contact_id = ` + id + `)
		AND NOT EXISTS (SELECT 1 FROM conversations ov WHERE ov.contact_id = ` + id + ` AND NOT ` + n.in("ov.account_id") + `))`
}

// identity is the condition that an identity i is told.
func (n narrowing) identity() string {
	return `(` + n.in("i.account_id") + ` OR i.account_id IS NULL AND ` + n.own("i.contact_id") + `)`
}

// note is the condition that a note n is told: whoever wrote it has it, and
// those who see the cabinet it belongs to.
func (n narrowing) note() string {
	mine := ""
	if n.user != 0 {
		mine = fmt.Sprintf("n.user_id = %d OR ", int64(n.user))
	}
	return `(` + mine + n.in("n.account_id") + ` OR n.account_id IS NULL AND ` + n.own("n.contact_id") + `)`
}

// called is what a contact, or with person_id a person, is called where it is seen.
func (n narrowing) called(column, id string) string {
	return `COALESCE((SELECT nv.buyer_name FROM conversations nv WHERE nv.` + column + ` = ` + id + ` AND nv.buyer_name <> '' AND ` + n.in("nv.account_id") +
		` ORDER BY nv.sort_at DESC, nv.id DESC LIMIT 1), '')`
}

// sees refuses a contact of the tree of a person that whoever asks may not see.
func sees(ctx context.Context, w *engine.Work, id, root int64) error {
	n := narrowed(ctx, id)
	if n.seen.Whole() {
		return nil
	}
	condition := n.contact("$1")
	if id == root {
		condition = `(EXISTS (SELECT 1 FROM conversations v WHERE v.person_id = $1 AND ` + n.in("v.account_id") + `)
			OR EXISTS (SELECT 1 FROM contacts t JOIN contact_identities i ON i.contact_id = t.id WHERE (t.id = $1 OR t.person_id = $1) AND ` + n.in("i.account_id") + `))`
	}
	var one int
	return engine.Found(w.One(ctx, `SELECT 1 FROM contacts p WHERE p.id = $1 AND `+condition, n.args, &one), "person")
}

// Accounts gives the accounts in which a person is seen.
func (c Contacts) Accounts(ctx context.Context, id sellerdesk.ContactID) ([]sellerdesk.AccountID, error) {
	root, err := c.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	n := narrowed(ctx, int64(root))
	rows, err := c.w.Query(ctx, `SELECT v.account_id FROM conversations v WHERE v.person_id = $1`+n.account("v.account_id")+`
		UNION SELECT i.account_id FROM contacts t JOIN contact_identities i ON i.contact_id = t.id
		WHERE (t.id = $1 OR t.person_id = $1) AND i.account_id IS NOT NULL`+n.account("i.account_id"), n.args...)
	accounts, err := engine.Collect(rows, err, func(s engine.Scanner) (a sellerdesk.AccountID, err error) {
		err = s.Scan(&a)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the accounts of a person: %w", err)
	}
	return accounts, nil
}

// home is the account that a note of whoever writes belongs to: that of the
// newest conversation they see; 0 for those who see all.
func home(ctx context.Context, c Contacts, root int64) (account int64, err error) {
	n := narrowed(ctx, root)
	if n.seen.Whole() {
		return 0, nil
	}
	err = c.w.One(ctx, `SELECT v.account_id FROM conversations v WHERE v.person_id = $1`+n.account("v.account_id")+` ORDER BY v.sort_at DESC, v.id DESC LIMIT 1`, n.args, &account)
	if !errors.Is(err, engine.ErrNoRow) {
		return account, err
	}
	known, err := c.Accounts(ctx, sellerdesk.ContactID(root)) // known by a name there only
	if err == nil && len(known) > 0 {
		account = int64(known[0])
	}
	return account, err
}

// partSeen reads people of one part of the list for whoever sees some cabinets
// only: a person stands where the newest conversation seen stands.
func partSeen(ctx context.Context, w *engine.Work, p listing.Phase, from *listing.Spot, limit int) ([]sellerdesk.Contact, error) {
	n := narrowed(ctx, limit)
	waits := `EXISTS (SELECT 1 FROM conversations w WHERE w.person_id = v.person_id AND w.needs_answer = TRUE AND ` + n.in("w.account_id") + `)`
	if p == phaseRest {
		waits = "NOT " + waits
	}
	query := `SELECT v.person_id, v.sort_at FROM conversations v WHERE v.person_id IS NOT NULL AND ` + n.in("v.account_id") + ` AND ` + waits + `
		AND NOT EXISTS (SELECT 1 FROM conversations l WHERE l.person_id = v.person_id AND (l.sort_at, l.id) > (v.sort_at, v.id) AND ` + n.in("l.account_id") + `)`
	if from != nil {
		query += fmt.Sprintf(" AND (v.sort_at, v.person_id) < ($%d, $%d)", len(n.args)+1, len(n.args)+2)
		n.args = append(n.args, from.At, from.ID)
	}
	rows, err := w.Query(ctx, query+` ORDER BY v.sort_at DESC, v.person_id DESC LIMIT $1`, n.args...)
	page, err := engine.Collect(rows, err, func(s engine.Scanner) (o sellerdesk.Contact, err error) {
		var at int64
		err = s.Scan(&o.ID, &at)
		o.LastAt = engine.Moment(&at)
		return o, err
	})
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return page, nil
}

// figures reads, for whoever sees some cabinets only, what people are called and
// how many of their conversations there are.
func (p *page) figures(ctx context.Context) error {
	if engine.Seen(ctx).Whole() {
		return nil
	}
	for _, piece := range engine.Padded(p.roots) {
		n := narrowed(ctx, engine.Anys(piece)...)
		rows, err := p.c.w.Query(ctx, `SELECT c.id, `+n.called("person_id", "c.id")+`, c.created_at, COALESCE(f.needs, 0), COALESCE(f.newest, 0), COALESCE(f.n, 0)
			FROM contacts c LEFT JOIN (SELECT v.person_id, SUM(CASE WHEN v.needs_answer = TRUE THEN 1 ELSE 0 END) AS needs, MAX(v.sort_at) AS newest, COUNT(*) AS n
				FROM conversations v WHERE v.person_id IN (`+engine.Placeholders(1, len(piece))+`) AND `+n.in("v.account_id")+` GROUP BY v.person_id) f ON f.person_id = c.id
			WHERE c.id IN (`+engine.Placeholders(1, len(piece))+`)`, n.args...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (f sellerdesk.Contact, err error) {
			var created, last int64
			if err = s.Scan(&f.ID, &f.Name, &created, &f.Unanswered, &last, &f.ConversationCount); err != nil {
				return f, err
			}
			o := p.people[int64(f.ID)]
			o.Name, o.Unanswered, o.ConversationCount, o.CreatedAt, o.LastAt = f.Name, f.Unanswered, f.ConversationCount, sellerdesk.AtMillis(created), nil
			if last != 0 {
				o.LastAt = engine.Moment(&last)
			}
			return f, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
