package accounts

import (
	"context"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// removeStep bounds one transaction of [Accounts.Remove].
const removeStep = 1000

// Remove takes one bounded step of removing the account with everything of it
// and tells whether that was the last. From the first step on the account is
// not listed. The caller repeats it in transactions of its own until done.
func (a Accounts) Remove(ctx context.Context, id sellerdesk.AccountID) (done bool, err error) {
	n, err := a.w.Exec(ctx, `UPDATE accounts SET removing = TRUE, seller = '', credentials = NULL, state = $2 WHERE id = $1 AND removing = FALSE`,
		int64(id), string(sellerdesk.AccountPaused))
	if err != nil {
		return false, fmt.Errorf("remove an account: %w", err)
	}
	for _, statement := range []string{`DELETE FROM counts WHERE account_id = $1`, `DELETE FROM shares WHERE account_id = $1`, `DELETE FROM tag_uses WHERE account_id = $1`} {
		if _, err := a.w.Exec(ctx, statement, int64(id)); err != nil {
			return false, fmt.Errorf("remove figures: %w", err)
		}
	}
	if n > 0 {
		a.journal.Add(sellerdesk.EventAccountRemoved, id, 0, sellerdesk.AccountEvent{State: sellerdesk.AccountPaused})
		return false, nil // what holds all accounts comes in a step that holds none
	}
	more, err := a.removeConversations(ctx, id)
	if err == nil && !more {
		more, err = a.beside.Contacts.ReleaseRest(ctx, id)
	}
	if err != nil || more {
		return false, err
	}
	if err := errors.Join(a.beside.Pushes.Forget(ctx, id), a.beside.Rereads.Forget(ctx, id), a.beside.Templates.Forget(ctx, id),
		a.beside.Uploads.ForgetAll(ctx, id), a.beside.Marks.Forget(ctx, id)); err != nil {
		return false, err
	}
	for _, statement := range []string{
		`DELETE FROM skipped WHERE account_id = $1`,
		`DELETE FROM template_uses WHERE account_id = $1`,
		`DELETE FROM streams WHERE account_id = $1`,
		`DELETE FROM grants WHERE account_id = $1`,
		`DELETE FROM accounts WHERE id = $1 AND removing = TRUE`,
	} {
		if _, err := a.w.Exec(ctx, statement, int64(id)); err != nil {
			return false, fmt.Errorf("remove an account: %w", err)
		}
	}
	return true, nil
}

// removeConversations removes messages of the account's oldest conversations
// and those that are empty then; more tells whether any are left.
func (a Accounts) removeConversations(ctx context.Context, id sellerdesk.AccountID) (more bool, err error) {
	rows, err := a.w.Query(ctx, `SELECT id FROM conversations WHERE account_id = $1 ORDER BY sort_at, id LIMIT 200`, int64(id))
	conversations, err := engine.Collect(rows, err, engine.ScanInt)
	if err != nil || len(conversations) == 0 {
		return false, err
	}
	for _, piece := range engine.Padded(conversations) {
		list, args := engine.Placeholders(1, len(piece)), engine.Anys(piece)
		rows, err := a.w.Query(ctx, fmt.Sprintf(`SELECT id FROM messages WHERE conversation_id IN (%s) LIMIT %d`, list, removeStep), args...)
		messages, err := engine.Collect(rows, err, func(s engine.Scanner) (m sellerdesk.MessageID, err error) {
			err = s.Scan(&m)
			return m, err
		})
		if err != nil {
			return true, fmt.Errorf("remove messages: %w", err)
		}
		if len(messages) > 0 {
			return true, a.beside.Erase(ctx, messages)
		}
		if err := a.eraseConversations(ctx, id, piece); err != nil {
			return true, err
		}
	}
	return true, nil
}

// eraseConversations removes conversations that have no messages any more.
func (a Accounts) eraseConversations(ctx context.Context, id sellerdesk.AccountID, conversations []int64) error {
	if err := a.beside.Contacts.Hold(ctx); err != nil {
		return err
	}
	list, args := engine.Placeholders(1, len(conversations)), engine.Anys(conversations)
	rows, err := a.w.Query(ctx, `SELECT DISTINCT contact_id FROM conversations WHERE contact_id IS NOT NULL AND id IN (`+list+`)`, args...)
	contacts, err := engine.Collect(rows, err, engine.ScanInt)
	if err != nil {
		return fmt.Errorf("remove contacts: %w", err)
	}
	for _, statement := range []string{
		`DELETE FROM unread WHERE conversation_id IN (`,
		`DELETE FROM notes WHERE conversation_id IN (`,
		`DELETE FROM tasks WHERE conversation_id IN (`,
		`DELETE FROM followers WHERE conversation_id IN (`,
		`DELETE FROM notifications WHERE conversation_id IN (`,
		`DELETE FROM drafts WHERE conversation_id IN (`,
		`DELETE FROM conversation_tags WHERE conversation_id IN (`,
		`DELETE FROM field_values WHERE field_id IN (SELECT id FROM fields WHERE target = 'conversation') AND target_id IN (`,
		`DELETE FROM outbox WHERE conversation_id IN (`,
		`DELETE FROM files WHERE conversation_id IN (`,
		`DELETE FROM conversations WHERE id IN (`,
	} {
		if _, err := a.w.Exec(ctx, statement+list+`)`, args...); err != nil {
			return fmt.Errorf("remove conversations: %w", err)
		}
	}
	return a.beside.Contacts.Release(ctx, id, conversations, contacts)
}

// Removing lists the accounts whose removal began and was not finished.
func (a Accounts) Removing(ctx context.Context) ([]sellerdesk.AccountID, error) {
	rows, err := a.w.Query(ctx, `SELECT id FROM accounts WHERE removing = TRUE ORDER BY id`)
	return engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.AccountID, err error) {
		err = s.Scan(&id)
		return id, err
	})
}
