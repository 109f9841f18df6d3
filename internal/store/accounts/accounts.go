package accounts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/store/marks"
	"github.com/sellerdesk/sellerdesk/internal/store/pushes"
	"github.com/sellerdesk/sellerdesk/internal/store/rereads"
	"github.com/sellerdesk/sellerdesk/internal/store/seal"
	"github.com/sellerdesk/sellerdesk/internal/store/streams"
	"github.com/sellerdesk/sellerdesk/internal/store/templates"
	"github.com/sellerdesk/sellerdesk/internal/store/uploads"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Accounts are the seller cabinets.
type Accounts struct {
	w       *engine.Work
	journal *journal.Journal
	seal    seal.Seal
	beside  Beside
}

// Beside is what of an account stands elsewhere, in the same transaction.
type Beside struct {
	Contacts  contacts.Contacts
	Streams   streams.Streams
	Pushes    pushes.Pushes
	Rereads   rereads.Rereads
	Templates templates.Templates
	Uploads   uploads.Uploads
	Marks     marks.Marks
	// Erase removes messages with all that belongs to them.
	Erase func(context.Context, []sellerdesk.MessageID) error
}

// NewAccounts makes the handle of a transaction.
func NewAccounts(w *engine.Work, j *journal.Journal, s seal.Seal, b Beside) Accounts {
	return Accounts{w: w, journal: j, seal: s, beside: b}
}

// New is a cabinet to be kept.
type New struct {
	Channel     sellerdesk.ChannelKind
	Name        string
	BaseURL     sellerdesk.Optional
	Identity    sellerdesk.Identity
	Abilities   []sellerdesk.KindAbilities
	Credentials map[string]sellerdesk.Secret
	Private     bool // see [Accounts.SetPrivate]
}

const columns = `id, channel, name, state, reason, reason_code, base_url, identity, abilities, created_at, rev`

func scan(s engine.Scanner) (a sellerdesk.Account, err error) {
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

// identityJSON cleans what a remote side says about itself.
func identityJSON(i sellerdesk.Identity) (string, error) {
	i.Name, i.Legal = text.Cut(text.Clean(i.Name), 300), sellerdesk.Optional(text.Cut(text.Clean(string(i.Legal)), 300))
	if i.Scopes == nil {
		i.Scopes = []string{}
	}
	return jsonText(i)
}

// abilitiesJSON encodes what a channel can do; an absent list is an empty one.
func abilitiesJSON(can []sellerdesk.KindAbilities) (string, error) {
	if can == nil {
		can = []sellerdesk.KindAbilities{}
	}
	return jsonText(can)
}

// Create keeps a new cabinet. A second account of the same cabinet is a
// conflict that names the first to those who see it.
func (a Accounts) Create(ctx context.Context, n New) (sellerdesk.Account, error) {
	if err := a.second(ctx, 0, n.Channel, n.Identity.Seller, n.BaseURL); err != nil {
		return sellerdesk.Account{}, err
	}
	identity, err := identityJSON(n.Identity)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	abilities, err := abilitiesJSON(n.Abilities)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	if err := a.beside.Contacts.Fence(ctx); err != nil {
		return sellerdesk.Account{}, err
	}
	ids, err := a.w.InsertMany(ctx, `INSERT INTO accounts (channel, name, state, reason, reason_code, base_url, seller, identity, abilities, removing, private, created_at, rev)`,
		13, ` RETURNING id`, []any{string(n.Channel), text.Cut(text.Clean(n.Name), 200), string(sellerdesk.AccountOK), "", "",
			string(n.BaseURL), string(n.Identity.Seller), identity, abilities, false, n.Private, a.w.Now().Millis(), int64(1)})
	if err != nil {
		return sellerdesk.Account{}, fmt.Errorf("keep an account: %w", err)
	}
	id := sellerdesk.AccountID(ids[0])
	sealed, err := a.seal.Credentials(id, n.Credentials)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	if _, err := a.w.Exec(ctx, `UPDATE accounts SET credentials = $2 WHERE id = $1`, int64(id), sealed); err != nil {
		return sellerdesk.Account{}, fmt.Errorf("keep credentials: %w", err)
	}
	a.journal.Add(sellerdesk.EventAccountCreated, id, 0, sellerdesk.AccountEvent{State: sellerdesk.AccountOK})
	return a.get(ctx, id)
}

// second refuses another account of a cabinet that is here already.
func (a Accounts) second(ctx context.Context, except sellerdesk.AccountID, channel sellerdesk.ChannelKind, seller sellerdesk.RemoteID, base sellerdesk.Optional) error {
	if seller == "" {
		return nil
	}
	rows, err := a.w.Query(ctx, `SELECT id, name FROM accounts WHERE channel = $1 AND seller = $2 AND base_url = $3 AND seller <> '' AND id <> $4`,
		string(channel), string(seller), string(base), int64(except))
	type namesake struct {
		id   sellerdesk.AccountID
		name string
	}
	others, err := engine.Collect(rows, err, func(s engine.Scanner) (o namesake, err error) {
		err = s.Scan(&o.id, &o.name)
		return o, err
	})
	if err != nil {
		return fmt.Errorf("look for the cabinet: %w", err)
	}
	switch {
	case len(others) == 0:
		return nil
	case engine.Seen(ctx).Has(others[0].id):
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "This cabinet is connected already, as “%s”.", others[0].name)
	}
	return sellerdesk.Errorf(sellerdesk.CodeConflict, "This cabinet is connected already.")
}

// Get gives one account with the progress of its streams.
func (a Accounts) Get(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	if err := engine.Seen(ctx).Check(id, "account"); err != nil {
		return sellerdesk.Account{}, err
	}
	return a.get(ctx, id)
}

// get is Get for whoever changes it, who may have no right to see it.
func (a Accounts) get(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	rows, err := a.w.Query(ctx, `SELECT `+columns+` FROM accounts WHERE id = $1 AND removing = FALSE`, int64(id))
	accounts, err := engine.Collect(rows, err, scan)
	if err == nil && len(accounts) == 0 {
		err = engine.ErrNoRow
	}
	if err != nil {
		return sellerdesk.Account{}, engine.Found(err, "account")
	}
	if accounts[0].Streams, err = a.beside.Streams.List(ctx, id); err != nil {
		return accounts[0], err
	}
	err = a.pushHealth(ctx, accounts)
	return accounts[0], err
}

// List gives all accounts that whoever asks may see in the order they were added, without those being removed.
func (a Accounts) List(ctx context.Context) ([]sellerdesk.Account, error) {
	rows, err := a.w.Query(ctx, `SELECT `+columns+` FROM accounts WHERE removing = FALSE ORDER BY id`)
	accounts, err := engine.Collect(rows, err, scan)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	seen := engine.Seen(ctx)
	accounts = slices.DeleteFunc(accounts, func(o sellerdesk.Account) bool { return !seen.Has(o.ID) })
	streams, err := a.beside.Streams.All(ctx)
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

// Some gives accounts by their ids, without the progress of their streams, also
// those that are being removed.
func (a Accounts) Some(ctx context.Context, ids []int64) ([]sellerdesk.Account, error) {
	out := make([]sellerdesk.Account, 0, len(ids))
	for _, piece := range engine.Padded(ids) {
		rows, err := a.w.Query(ctx, `SELECT `+columns+` FROM accounts WHERE id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		some, err := engine.Collect(rows, err, scan)
		if err != nil {
			return nil, fmt.Errorf("read accounts: %w", err)
		}
		out = append(out, some...)
	}
	return out, nil
}

// Credentials unseals what opens the account at the remote side.
func (a Accounts) Credentials(ctx context.Context, id sellerdesk.AccountID) (map[string]sellerdesk.Secret, error) {
	var sealed []byte
	err := a.w.One(ctx, `SELECT credentials FROM accounts WHERE id = $1 AND removing = FALSE`, []any{int64(id)}, &sealed)
	if err != nil {
		return nil, engine.Found(err, "account")
	}
	return a.seal.OpenCredentials(id, sealed)
}

// Private tells whether the addresses that the credentials name may lead to this
// machine and its network.
func (a Accounts) Private(ctx context.Context, id sellerdesk.AccountID) (private bool, err error) {
	err = a.w.One(ctx, `SELECT private FROM accounts WHERE id = $1 AND removing = FALSE`, []any{int64(id)}, &private)
	return private, engine.Found(err, "account")
}

// SetPrivate keeps whether whoever gave the credentials could let the addresses that
// these name lead to this machine and its network.
func (a Accounts) SetPrivate(ctx context.Context, id sellerdesk.AccountID, private bool) error {
	if _, err := a.w.Exec(ctx, `UPDATE accounts SET private = $2 WHERE id = $1`, int64(id), private); err != nil {
		return fmt.Errorf("keep where an account may call: %w", err)
	}
	return nil
}

// change updates an account, moves its rev and tells about it. The assignment
// uses $2 and on.
func (a Accounts) change(ctx context.Context, id sellerdesk.AccountID, assignment string, args ...any) error {
	var event sellerdesk.AccountEvent
	err := a.w.One(ctx, `UPDATE accounts SET rev = rev + 1, `+assignment+` WHERE id = $1 AND removing = FALSE RETURNING state, reason`,
		append([]any{int64(id)}, args...), &event.State, &event.Reason)
	if err != nil {
		return engine.Found(err, "account")
	}
	a.journal.Add(sellerdesk.EventAccountChanged, id, 0, event)
	return nil
}

// SetState changes whether the account works, and says why. The same state and
// reason again change nothing.
func (a Accounts) SetState(ctx context.Context, id sellerdesk.AccountID, state sellerdesk.AccountState, why sellerdesk.Why) error {
	why = gate.Why(why)
	old, err := a.get(ctx, id)
	if err != nil || old.State == state && old.Reason == why.Text && old.ReasonCode == why.Code {
		return err
	}
	return a.change(ctx, id, `state = $2, reason = $3, reason_code = $4`, string(state), string(why.Text), string(why.Code))
}

// SetIdentity keeps what the remote side said about the owner of the
// credentials. One that another account has is a conflict.
func (a Accounts) SetIdentity(ctx context.Context, id sellerdesk.AccountID, identity sellerdesk.Identity) error {
	old, err := a.get(ctx, id)
	if err != nil {
		return err
	}
	if err := a.second(ctx, id, old.Channel, identity.Seller, old.BaseURL); err != nil {
		return err
	}
	encoded, err := identityJSON(identity)
	if err != nil {
		return err
	}
	return a.change(ctx, id, `identity = $2, seller = $3`, encoded, string(identity.Seller))
}

// SetAbilities keeps what the channel can do, as the connector describes it.
// The same again changes nothing.
func (a Accounts) SetAbilities(ctx context.Context, id sellerdesk.AccountID, can []sellerdesk.KindAbilities) error {
	encoded, err := abilitiesJSON(can)
	if err != nil {
		return err
	}
	var kept string
	err = a.w.One(ctx, `SELECT abilities FROM accounts WHERE id = $1 AND removing = FALSE`, []any{int64(id)}, &kept)
	if err != nil || kept == encoded {
		return engine.Found(err, "account")
	}
	return a.change(ctx, id, `abilities = $2`, encoded)
}

// SetCredentials replaces what opens the account.
func (a Accounts) SetCredentials(ctx context.Context, id sellerdesk.AccountID, c map[string]sellerdesk.Secret) error {
	sealed, err := a.seal.Credentials(id, c)
	if err != nil {
		return err
	}
	return a.change(ctx, id, `credentials = $2`, sealed)
}

// Rename changes the name as people here see it.
func (a Accounts) Rename(ctx context.Context, id sellerdesk.AccountID, name string) error {
	return a.change(ctx, id, `name = $2`, text.Cut(text.Clean(name), 200))
}

// Lock keeps other transactions from changing what belongs to an account until
// this one ends. Whoever reads something of it to change it, or changes several
// things, takes it first, so that two never wait for each other.
func (a Accounts) Lock(ctx context.Context, id sellerdesk.AccountID) error {
	_, err := a.Locked(ctx, id)
	return err
}

// Locked is Lock and tells the channel of the account.
func (a Accounts) Locked(ctx context.Context, id sellerdesk.AccountID) (channel sellerdesk.ChannelKind, err error) {
	err = a.w.One(ctx, `SELECT channel FROM accounts WHERE id = $1 AND removing = FALSE`+a.w.Dialect.Locking(false), []any{int64(id)}, &channel)
	return channel, engine.Found(err, "account")
}
