package contacts

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Release lets go of contacts whose conversations of an account were removed:
// what the account knew them by is forgotten, and who has no conversation and
// nobody in them any more is forgotten whole.
func (c Contacts) Release(ctx context.Context, account sellerdesk.AccountID, conversations, contacts []int64) error {
	if err := each(ctx, c.w, conversations, `DELETE FROM contact_changes WHERE conversation_id IN (%s)`); err != nil {
		return err
	}
	roots, err := numbers(ctx, c.w, contacts, `SELECT COALESCE(person_id, id) FROM contacts WHERE id IN (%s)`)
	if err != nil {
		return err
	}
	for _, piece := range engine.Padded(contacts) {
		if _, err := c.w.Exec(ctx, `DELETE FROM contact_identities WHERE account_id = $1 AND contact_id IN (`+engine.Placeholders(2, len(piece))+`)`,
			append([]any{int64(account)}, engine.Anys(piece)...)...); err != nil {
			return fmt.Errorf("forget what people are known by: %w", err)
		}
	}
	// Whoever lost the last one in them may be empty now as well.
	for level := contacts; len(level) > 0; {
		empty, err := numbers(ctx, c.w, level, `SELECT c.id FROM contacts c WHERE c.id IN (%s)
			AND NOT EXISTS (SELECT 1 FROM conversations v WHERE v.contact_id = c.id)
			AND NOT EXISTS (SELECT 1 FROM contacts m WHERE m.merged_into = c.id)`)
		if err != nil {
			return err
		}
		if level, err = numbers(ctx, c.w, empty, `SELECT merged_into FROM contacts WHERE merged_into IS NOT NULL AND id IN (%s)`); err != nil {
			return err
		}
		if err := forget(ctx, c.Ledger, empty); err != nil {
			return err
		}
	}
	return c.recount(ctx, roots)
}

// Bounds of one step of [Contacts.ReleaseRest].
const (
	restIdentities = 1000
	restPeople     = 200
)

// ReleaseRest takes one bounded step of forgetting, once the conversations of an
// account are gone, what else the account knew people by, and people who have no
// conversation, whom no account knows and who may not be one that has some: of two
// conversations that turned out to be one, one left its person behind. It tells
// whether there may be more.
func (c Contacts) ReleaseRest(ctx context.Context, account sellerdesk.AccountID) (more bool, err error) {
	if err := c.Hold(ctx); err != nil {
		return false, err
	}
	n, err := c.w.Exec(ctx, `DELETE FROM contact_identities WHERE id IN (SELECT i.id FROM contact_identities i WHERE i.account_id = $1 ORDER BY i.id LIMIT $2)`,
		int64(account), restIdentities)
	if err != nil {
		return false, fmt.Errorf("forget what people are known by: %w", err)
	}
	if n == restIdentities {
		return true, nil
	}
	// Whoever is a person of his own and has no newest word has no conversation,
	// and nobody in him has: the index of the list finds them.
	rows, err := c.w.Query(ctx, `SELECT c.id FROM contacts c WHERE c.merged_into IS NULL AND c.unanswered = 0 AND c.last_at = 0
		AND NOT EXISTS (SELECT 1 FROM conversations v WHERE v.person_id = c.id)
		AND NOT EXISTS (SELECT 1 FROM contact_identities i WHERE i.contact_id = c.id AND i.account_id IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM contact_identities i JOIN contacts m ON m.id = i.contact_id WHERE m.person_id = c.id AND i.account_id IS NOT NULL)
		AND NOT EXISTS (`+asked("contact_id", "other_id")+`) AND NOT EXISTS (`+asked("other_id", "contact_id")+`)
		ORDER BY c.id LIMIT $1`, restPeople)
	roots, err := engine.Collect(rows, err, engine.ScanInt)
	if err != nil {
		return false, fmt.Errorf("look for people without conversations: %w", err)
	}
	inside, err := numbers(ctx, c.w, roots, `SELECT m.id FROM contacts m WHERE m.person_id IN (%s)`)
	if err != nil {
		return false, err
	}
	return len(roots) == restPeople, forget(ctx, c.Ledger, append(inside, roots...))
}

// asked is the suggestions, from one side, that c is one with somebody who has
// conversations.
func asked(side, other string) string {
	return `SELECT 1 FROM contact_suggestions s JOIN contacts o ON o.id = s.` + other + ` JOIN contacts r ON r.id = COALESCE(o.person_id, o.id)
		WHERE s.` + side + ` = c.id AND s.state = '` + stateOpen + `' AND r.last_at > 0`
}

// forget removes contacts with all that is kept about them.
func forget(ctx context.Context, l *Ledger, ids []int64) error {
	if err := l.lock(ctx, ids); err != nil {
		return fmt.Errorf("lock people: %w", err)
	}
	for _, statement := range []string{
		`DELETE FROM contact_identities WHERE contact_id IN (%s)`,
		`DELETE FROM contact_suggestions WHERE contact_id IN (%s)`,
		`DELETE FROM contact_suggestions WHERE other_id IN (%s)`,
		`DELETE FROM contact_notes WHERE contact_id IN (%s)`,
		`DELETE FROM contact_changes WHERE contact_id IN (%s)`,
		`DELETE FROM contact_tags WHERE contact_id IN (%s)`,
		`DELETE FROM field_values WHERE field_id IN (SELECT id FROM fields WHERE target = 'contact') AND target_id IN (%s)`,
		`DELETE FROM contacts WHERE id IN (%s)`,
	} {
		if err := each(ctx, l.w, ids, statement); err != nil {
			return err
		}
	}
	return nil
}

// each runs a statement for the ids of a list.
func each(ctx context.Context, w *engine.Work, ids []int64, statement string) error {
	for _, piece := range engine.Padded(ids) {
		if _, err := w.Exec(ctx, fmt.Sprintf(statement, engine.Placeholders(1, len(piece))), engine.Anys(piece)...); err != nil {
			return fmt.Errorf("forget people: %w", err)
		}
	}
	return nil
}

// numbers asks a statement for the ids of a list and gives its numbers.
func numbers(ctx context.Context, w *engine.Work, ids []int64, statement string) (all []int64, err error) {
	for _, piece := range engine.Padded(ids) {
		rows, err := w.Query(ctx, fmt.Sprintf(statement, engine.Placeholders(1, len(piece))), engine.Anys(piece)...)
		numbers, err := engine.Collect(rows, err, engine.ScanInt)
		if err != nil {
			return nil, fmt.Errorf("read people: %w", err)
		}
		all = append(all, numbers...)
	}
	return all, nil
}
