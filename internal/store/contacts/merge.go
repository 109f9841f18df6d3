package contacts

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// node is a contact in its tree.
type node struct {
	id, root int64
	into     *int64
}

func (c Contacts) node(ctx context.Context, id sellerdesk.ContactID) (n node, err error) {
	err = c.w.One(ctx, `SELECT id, COALESCE(person_id, id), merged_into FROM contacts WHERE id = $1`, []any{int64(id)}, &n.id, &n.root, &n.into)
	return n, engine.Found(err, "person")
}

// Hold keeps everybody else from saying whose a conversation is, until the
// transaction ends: all that write about conversations hold their account, and
// who makes one is kept out by [Contacts.Fence]. It comes before all else that
// a transaction writes which puts contacts elsewhere or takes them away.
func (c Contacts) Hold(ctx context.Context) error {
	locking := c.w.Dialect.Locking(false)
	if locking == "" {
		return nil
	}
	if err := c.Fence(ctx); err != nil {
		return err
	}
	rows, err := c.w.Query(ctx, `SELECT id FROM accounts ORDER BY id`+locking)
	if _, err := engine.Collect(rows, err, engine.ScanInt); err != nil {
		return fmt.Errorf("lock the accounts: %w", err)
	}
	return nil
}

// Fence lets one transaction at a time make an account or [Contacts.Hold] all of
// them: one that is not committed yet could not be held. What it waits with is
// the lock of a row, which is made by the first who asks.
func (c Contacts) Fence(ctx context.Context) error {
	if c.w.Dialect.Locking(false) == "" {
		return nil // one transaction writes at a time
	}
	_, err := c.w.Exec(ctx, `INSERT INTO settings (key, value) VALUES ('people.fence', '') ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
	if err != nil {
		return fmt.Errorf("wait for those who put people elsewhere: %w", err)
	}
	return nil
}

// Merge puts a person, with those who are in it, into another. Both must be
// people of their own. It takes one statement for all conversations, some hundred
// milliseconds for 10,000 of them, and tells about each only up to
// [tellConversations].
func (c Contacts) Merge(ctx context.Context, user sellerdesk.UserID, into, from sellerdesk.ContactID) error {
	if err := c.Hold(ctx); err != nil {
		return err
	}
	to, err := c.node(ctx, into)
	if err != nil {
		return err
	}
	what, err := c.node(ctx, from)
	if err != nil {
		return err
	}
	switch {
	case into == from:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A person cannot be merged with itself.").InField("contact")
	case to.root == what.root:
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "These two are one person already.").InField("contact")
	case what.into != nil:
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "Person %d is part of person %d already: merge that one, or take it out first.", from, what.root).InField("contact")
	case to.into != nil:
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "Person %d is part of person %d: merge into that one.", into, to.root)
	}
	now := c.w.Now().Millis()
	if _, err := c.w.Exec(ctx, `UPDATE contacts SET merged_into = $2, merged_at = $3, merged_by = $4, person_id = $2 WHERE id = $1`,
		what.id, to.id, now, engine.OrNil(int64(user))); err != nil {
		return fmt.Errorf("merge two people: %w", err)
	}
	if _, err := c.w.Exec(ctx, `UPDATE contacts SET person_id = $2 WHERE person_id = $1`, what.id, to.id); err != nil {
		return fmt.Errorf("merge two people: %w", err)
	}
	if err := c.tell(ctx, what.id, 1); err != nil {
		return err
	}
	if _, err := c.w.Exec(ctx, `UPDATE conversations SET person_id = $2, rev = rev + 1 WHERE person_id = $1`, what.id, to.id); err != nil {
		return fmt.Errorf("merge two people: %w", err)
	}
	c.Record(Change{Kind: ChangeMerge, Contact: to.id, Other: what.id, Reason: "by hand", User: user})
	c.changed(to.id)
	c.changed(what.id)
	return c.recount(ctx, []int64{to.id, what.id})
}

// Unmerge takes a contact, with those that were put into it, out of the person
// it is in: each has again exactly what was its own.
func (c Contacts) Unmerge(ctx context.Context, user sellerdesk.UserID, from sellerdesk.ContactID) error {
	if err := c.Hold(ctx); err != nil {
		return err
	}
	what, err := c.node(ctx, from)
	if err != nil {
		return err
	}
	if what.into == nil {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "Person %d is not part of another.", from).InField("contact")
	}
	tree, err := c.below(ctx, what.id)
	if err != nil {
		return err
	}
	for _, piece := range engine.Padded(tree) {
		args := append([]any{what.id}, engine.Anys(piece)...)
		list := engine.Placeholders(2, len(piece))
		for _, statement := range []string{
			`UPDATE contacts SET person_id = $1 WHERE id IN (` + list + `)`,
			`UPDATE conversations SET person_id = $1, rev = rev + 1 WHERE contact_id IN (` + list + `)`,
		} {
			if _, err := c.w.Exec(ctx, statement, args...); err != nil {
				return fmt.Errorf("take a person out: %w", err)
			}
		}
	}
	if _, err := c.w.Exec(ctx, `UPDATE contacts SET person_id = NULL, merged_into = NULL, merged_at = NULL, merged_by = NULL WHERE id = $1`, what.id); err != nil {
		return fmt.Errorf("take a person out: %w", err)
	}
	if err := c.tell(ctx, what.id, 0); err != nil {
		return err
	}
	c.Record(Change{Kind: ChangeUnmerge, Contact: what.root, Other: what.id, Reason: "by hand", User: user})
	c.changed(what.root)
	c.changed(what.id)
	return c.recount(ctx, []int64{what.root, what.id})
}

// below gives a contact and all that were put into it, at any depth.
func (c Contacts) below(ctx context.Context, id int64) ([]int64, error) {
	all := []int64{id}
	for level := all; len(level) > 0; {
		var next []int64
		for _, piece := range engine.Padded(level) {
			rows, err := c.w.Query(ctx, `SELECT id FROM contacts WHERE merged_into IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
			ids, err := engine.Collect(rows, err, engine.ScanInt)
			if err != nil {
				return nil, fmt.Errorf("read a tree of people: %w", err)
			}
			next = append(next, ids...)
		}
		all, level = append(all, next...), next
	}
	return all, nil
}

// tellConversations is of how many conversations it is told that they show
// another person: beyond, contact.updated alone says so, and screens that show
// one of them ask again.
const tellConversations = 200

// tell tells about the newest conversations of a person, whose rev grows by more.
func (c Contacts) tell(ctx context.Context, person, more int64) error {
	rows, err := c.w.Query(ctx, `SELECT v.id, v.account_id, v.rev, v.kind, v.status, v.needs_answer FROM conversations v
		WHERE v.person_id = $1 ORDER BY v.sort_at DESC, v.id DESC LIMIT $2`, person, tellConversations)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (e sellerdesk.ConversationEvent, err error) {
		var id sellerdesk.ConversationID
		var account sellerdesk.AccountID
		if err = s.Scan(&id, &account, &e.Rev, &e.Kind, &e.Status, &e.NeedsAnswer); err == nil {
			e.Rev += more
			c.journal.AddConversation(sellerdesk.EventConversationUpdated, account, id, e)
		}
		return e, err
	})
	if err != nil {
		return fmt.Errorf("tell about conversations: %w", err)
	}
	return nil
}

// Dismiss says that two people are not the same: what suggested it by now does
// not suggest it again. Where nothing did, that is not found.
func (c Contacts) Dismiss(ctx context.Context, user sellerdesk.UserID, id, other sellerdesk.ContactID) error {
	if err := c.Hold(ctx); err != nil {
		return err
	}
	a, err := c.Person(ctx, id)
	if err != nil {
		return err
	}
	b, err := c.Person(ctx, other)
	if err != nil {
		return err
	}
	const tree = `(SELECT id FROM contacts WHERE id = %[1]s UNION ALL SELECT id FROM contacts WHERE person_id = %[1]s)`
	mine, theirs := fmt.Sprintf(tree, "$1"), fmt.Sprintf(tree, "$2")
	var dismissed int64
	for _, sides := range [][2]string{{mine, theirs}, {theirs, mine}} {
		n, err := c.w.Exec(ctx, `UPDATE contact_suggestions SET state = '`+stateDismissed+`' WHERE state = '`+stateOpen+`' AND contact_id IN `+sides[0]+` AND other_id IN `+sides[1],
			int64(a), int64(b))
		if err != nil {
			return fmt.Errorf("dismiss a suggestion: %w", err)
		}
		dismissed += n
	}
	if dismissed == 0 {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "Nothing suggests that these two are one person.").InField("contact")
	}
	c.Record(Change{Kind: ChangeDismiss, Contact: int64(a), Other: int64(b), Reason: "by hand", User: user})
	c.changed(int64(a))
	c.changed(int64(b))
	return nil
}
