package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Accounts are the seller cabinets.
type Accounts struct{ tx *Tx }

// NewAccount is a cabinet to be kept.
type NewAccount struct {
	Channel     sellerdesk.ChannelKind
	Name        string
	BaseURL     sellerdesk.Optional
	Identity    sellerdesk.Identity
	Abilities   []sellerdesk.KindAbilities
	Credentials map[string]sellerdesk.Secret
}

const accountColumns = `id, channel, name, state, reason, reason_code, base_url, identity, abilities, created_at, rev`

func scanAccount(s engine.Scanner) (a sellerdesk.Account, err error) {
	var identity, abilities string
	var created int64
	if err = s.Scan(&a.ID, &a.Channel, &a.Name, &a.State, &a.Reason, &a.ReasonCode, &a.BaseURL,
		&identity, &abilities, &created, &a.Rev); err != nil {
		return a, err
	}
	a.CreatedAt = sellerdesk.AtMillis(created)
	a.Streams, a.Budget = []sellerdesk.StreamProgress{}, []sellerdesk.BucketState{}
	if err = json.Unmarshal([]byte(identity), &a.Identity); err != nil {
		return a, fmt.Errorf("read an identity: %w", err)
	}
	if err = json.Unmarshal([]byte(abilities), &a.Abilities); err != nil {
		return a, fmt.Errorf("read abilities: %w", err)
	}
	return a, nil
}

// jsonText encodes what has no reason to fail.
func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(b), nil
}

// identityText cleans what a remote side says about itself.
func identityText(i sellerdesk.Identity) (string, error) {
	i.Name, i.Legal = text.Cut(text.Clean(i.Name), 300), sellerdesk.Optional(text.Cut(text.Clean(string(i.Legal)), 300))
	if i.Scopes == nil {
		i.Scopes = []string{}
	}
	return jsonText(i)
}

// abilitiesText encodes what a channel can do; an absent list is an empty one.
func abilitiesText(can []sellerdesk.KindAbilities) (string, error) {
	if can == nil {
		can = []sellerdesk.KindAbilities{}
	}
	return jsonText(can)
}

// Create keeps a new cabinet. A second account of the same cabinet is a
// conflict that names the first.
func (a Accounts) Create(ctx context.Context, n NewAccount) (sellerdesk.Account, error) {
	if err := a.second(ctx, 0, n.Channel, n.Identity.Seller, n.BaseURL); err != nil {
		return sellerdesk.Account{}, err
	}
	identity, err := identityText(n.Identity)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	abilities, err := abilitiesText(n.Abilities)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	ids, err := a.tx.insertMany(ctx, `INSERT INTO accounts (channel, name, state, reason, reason_code, base_url, seller, identity, abilities, removing, created_at, rev)`,
		12, ` RETURNING id`, []any{string(n.Channel), text.Cut(text.Clean(n.Name), 200), string(sellerdesk.AccountOK), "", "",
			string(n.BaseURL), string(n.Identity.Seller), identity, abilities, false, a.tx.now().Millis(), int64(1)})
	if err != nil {
		return sellerdesk.Account{}, fmt.Errorf("keep an account: %w", err)
	}
	id := sellerdesk.AccountID(ids[0])
	sealed, err := a.tx.store.seal.Credentials(id, n.Credentials)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	if _, err := a.tx.exec(ctx, `UPDATE accounts SET credentials = $2 WHERE id = $1`, int64(id), sealed); err != nil {
		return sellerdesk.Account{}, fmt.Errorf("keep credentials: %w", err)
	}
	a.tx.emit(sellerdesk.EventAccountCreated, id, 0, sellerdesk.AccountEvent{State: sellerdesk.AccountOK})
	return a.Get(ctx, id)
}

// second refuses another account of a cabinet that is here already.
func (a Accounts) second(ctx context.Context, except sellerdesk.AccountID, channel sellerdesk.ChannelKind, seller sellerdesk.RemoteID, base sellerdesk.Optional) error {
	if seller == "" {
		return nil
	}
	rows, err := a.tx.query(ctx, `SELECT name FROM accounts WHERE channel = $1 AND seller = $2 AND base_url = $3 AND seller <> '' AND id <> $4`,
		string(channel), string(seller), string(base), int64(except))
	names, err := engine.Collect(rows, err, func(s engine.Scanner) (name string, err error) {
		err = s.Scan(&name)
		return name, err
	})
	if err != nil {
		return fmt.Errorf("look for the cabinet: %w", err)
	}
	if len(names) > 0 {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "This cabinet is connected already, as “%s”.", names[0])
	}
	return nil
}

// Get gives one account with the progress of its streams.
func (a Accounts) Get(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	rows, err := a.tx.query(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id = $1 AND removing = FALSE`, int64(id))
	accounts, err := engine.Collect(rows, err, scanAccount)
	if err == nil && len(accounts) == 0 {
		err = engine.ErrNoRow
	}
	if err != nil {
		return sellerdesk.Account{}, found(err, "account")
	}
	if accounts[0].Streams, err = a.tx.Streams.List(ctx, id); err != nil {
		return accounts[0], err
	}
	err = a.pushHealth(ctx, accounts)
	return accounts[0], err
}

// List gives all accounts in the order they were added, without those being removed.
func (a Accounts) List(ctx context.Context) ([]sellerdesk.Account, error) {
	rows, err := a.tx.query(ctx, `SELECT `+accountColumns+` FROM accounts WHERE removing = FALSE ORDER BY id`)
	accounts, err := engine.Collect(rows, err, scanAccount)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	streams, err := a.tx.Streams.All(ctx)
	if err != nil {
		return nil, err
	}
	for i := range accounts {
		if s := streams[accounts[i].ID]; s != nil {
			accounts[i].Streams = s
		}
	}
	return accounts, a.pushHealth(ctx, accounts)
}

// Credentials unseals what opens the account at the remote side.
func (a Accounts) Credentials(ctx context.Context, id sellerdesk.AccountID) (map[string]sellerdesk.Secret, error) {
	var sealed []byte
	err := a.tx.one(ctx, `SELECT credentials FROM accounts WHERE id = $1 AND removing = FALSE`, []any{int64(id)}, &sealed)
	if err != nil {
		return nil, found(err, "account")
	}
	return a.tx.store.seal.OpenCredentials(id, sealed)
}

// change updates an account, moves its rev and tells about it. The assignment
// uses $2 and on.
func (a Accounts) change(ctx context.Context, id sellerdesk.AccountID, assignment string, args ...any) error {
	var event sellerdesk.AccountEvent
	err := a.tx.one(ctx, `UPDATE accounts SET rev = rev + 1, `+assignment+` WHERE id = $1 AND removing = FALSE RETURNING state, reason`,
		append([]any{int64(id)}, args...), &event.State, &event.Reason)
	if err != nil {
		return found(err, "account")
	}
	a.tx.emit(sellerdesk.EventAccountChanged, id, 0, event)
	return nil
}

// SetState changes whether the account works, and says why. The same state and
// reason again change nothing.
func (a Accounts) SetState(ctx context.Context, id sellerdesk.AccountID, state sellerdesk.AccountState, why sellerdesk.Why) error {
	why = gate.Why(why)
	old, err := a.Get(ctx, id)
	if err != nil || old.State == state && old.Reason == why.Text && old.ReasonCode == why.Code {
		return err
	}
	return a.change(ctx, id, `state = $2, reason = $3, reason_code = $4`, string(state), string(why.Text), string(why.Code))
}

// SetIdentity keeps what the remote side said about the owner of the
// credentials. One that another account has is a conflict.
func (a Accounts) SetIdentity(ctx context.Context, id sellerdesk.AccountID, identity sellerdesk.Identity) error {
	old, err := a.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := a.second(ctx, id, old.Channel, identity.Seller, old.BaseURL); err != nil {
		return err
	}
	encoded, err := identityText(identity)
	if err != nil {
		return err
	}
	return a.change(ctx, id, `identity = $2, seller = $3`, encoded, string(identity.Seller))
}

// SetAbilities keeps what the channel can do, as the connector describes it.
// The same again changes nothing.
func (a Accounts) SetAbilities(ctx context.Context, id sellerdesk.AccountID, can []sellerdesk.KindAbilities) error {
	encoded, err := abilitiesText(can)
	if err != nil {
		return err
	}
	var kept string
	err = a.tx.one(ctx, `SELECT abilities FROM accounts WHERE id = $1 AND removing = FALSE`, []any{int64(id)}, &kept)
	if err != nil || kept == encoded {
		return found(err, "account")
	}
	return a.change(ctx, id, `abilities = $2`, encoded)
}

// SetCredentials replaces what opens the account.
func (a Accounts) SetCredentials(ctx context.Context, id sellerdesk.AccountID, c map[string]sellerdesk.Secret) error {
	sealed, err := a.tx.store.seal.Credentials(id, c)
	if err != nil {
		return err
	}
	return a.change(ctx, id, `credentials = $2`, sealed)
}

// Rename changes the name as people here see it.
func (a Accounts) Rename(ctx context.Context, id sellerdesk.AccountID, name string) error {
	return a.change(ctx, id, `name = $2`, text.Cut(text.Clean(name), 200))
}

// removeStep bounds one transaction of [Accounts.Remove].
const removeStep = 1000

// Remove takes one bounded step of removing the account with everything of it
// and tells whether that was the last. From the first step on the account is
// not listed. The caller repeats it in transactions of its own until done.
func (a Accounts) Remove(ctx context.Context, id sellerdesk.AccountID) (done bool, err error) {
	n, err := a.tx.exec(ctx, `UPDATE accounts SET removing = TRUE, seller = '', credentials = NULL, state = $2 WHERE id = $1 AND removing = FALSE`,
		int64(id), string(sellerdesk.AccountPaused))
	if err != nil {
		return false, fmt.Errorf("remove an account: %w", err)
	}
	if _, err := a.tx.exec(ctx, `DELETE FROM counts WHERE account_id = $1`, int64(id)); err != nil {
		return false, fmt.Errorf("remove figures: %w", err)
	}
	if n > 0 {
		a.tx.emit(sellerdesk.EventAccountRemoved, id, 0, sellerdesk.AccountEvent{State: sellerdesk.AccountPaused})
	}
	more, err := a.removeConversations(ctx, id)
	if err != nil || more {
		return false, err
	}
	if err := errors.Join(a.tx.Pushes.Forget(ctx, id), a.tx.Rereads.Forget(ctx, id)); err != nil {
		return false, err
	}
	for _, statement := range []string{
		`DELETE FROM skipped WHERE account_id = $1`,
		`DELETE FROM streams WHERE account_id = $1`,
		`DELETE FROM accounts WHERE id = $1 AND removing = TRUE`,
	} {
		if _, err := a.tx.exec(ctx, statement, int64(id)); err != nil {
			return false, fmt.Errorf("remove an account: %w", err)
		}
	}
	return true, nil
}

// removeConversations removes messages of the account's oldest conversations
// and those that are empty then; more tells whether any are left.
func (a Accounts) removeConversations(ctx context.Context, id sellerdesk.AccountID) (more bool, err error) {
	rows, err := a.tx.query(ctx, `SELECT id FROM conversations WHERE account_id = $1 ORDER BY sort_at, id LIMIT 200`, int64(id))
	conversations, err := engine.Collect(rows, err, engine.ScanInt)
	if err != nil || len(conversations) == 0 {
		return false, err
	}
	for _, piece := range engine.Padded(conversations) {
		list, args := engine.Placeholders(1, len(piece)), engine.Anys(piece)
		rows, err := a.tx.query(ctx, fmt.Sprintf(`SELECT id FROM messages WHERE conversation_id IN (%s) LIMIT %d`, list, removeStep), args...)
		messages, err := engine.Collect(rows, err, func(s engine.Scanner) (m sellerdesk.MessageID, err error) {
			err = s.Scan(&m)
			return m, err
		})
		if err != nil {
			return true, fmt.Errorf("remove messages: %w", err)
		}
		if len(messages) > 0 {
			return true, a.tx.Messages.erase(ctx, messages)
		}
		if err := a.eraseConversations(ctx, list, args); err != nil {
			return true, err
		}
	}
	return true, nil
}

// eraseConversations removes conversations that have no messages any more.
func (a Accounts) eraseConversations(ctx context.Context, list string, args []any) error {
	rows, err := a.tx.query(ctx, `SELECT DISTINCT contact_id FROM conversations WHERE contact_id IS NOT NULL AND id IN (`+list+`)`, args...)
	contacts, err := engine.Collect(rows, err, engine.ScanInt)
	if err != nil {
		return fmt.Errorf("remove contacts: %w", err)
	}
	for _, statement := range []string{
		`DELETE FROM unread WHERE conversation_id IN (`,
		`DELETE FROM outbox WHERE conversation_id IN (`,
		`DELETE FROM files WHERE conversation_id IN (`,
		`DELETE FROM conversations WHERE id IN (`,
	} {
		if _, err := a.tx.exec(ctx, statement+list+`)`, args...); err != nil {
			return fmt.Errorf("remove conversations: %w", err)
		}
	}
	for _, piece := range engine.Padded(contacts) {
		list := engine.Placeholders(1, len(piece))
		for _, statement := range []string{
			`DELETE FROM identities WHERE contact_id IN (` + list + `)`,
			`DELETE FROM contacts WHERE id IN (` + list + `)`,
		} {
			if _, err := a.tx.exec(ctx, statement, engine.Anys(piece)...); err != nil {
				return fmt.Errorf("remove contacts: %w", err)
			}
		}
	}
	return nil
}

// Removing lists the accounts whose removal began and was not finished.
func (a Accounts) Removing(ctx context.Context) ([]sellerdesk.AccountID, error) {
	rows, err := a.tx.query(ctx, `SELECT id FROM accounts WHERE removing = TRUE ORDER BY id`)
	return engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.AccountID, err error) {
		err = s.Scan(&id)
		return id, err
	})
}

// Lock keeps other transactions from changing what belongs to an account until
// this one ends. Whoever reads something of it to change it, or changes several
// things, takes it first, so that two never wait for each other.
func (a Accounts) Lock(ctx context.Context, id sellerdesk.AccountID) error {
	_, err := a.lock(ctx, id)
	return err
}

// lock is Lock and tells the channel of the account.
func (a Accounts) lock(ctx context.Context, id sellerdesk.AccountID) (channel sellerdesk.ChannelKind, err error) {
	err = a.tx.one(ctx, `SELECT channel FROM accounts WHERE id = $1 AND removing = FALSE`+a.tx.w.Dialect.Locking(false), []any{int64(id)}, &channel)
	return channel, found(err, "account")
}
