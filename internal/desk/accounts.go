package desk

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Bounds of what an account is made of.
const (
	// checkWait is how long the remote side may take to name the cabinet.
	checkWait         = 20 * time.Second
	longestName       = 100      // characters
	longestCredential = 16 << 10 // bytes
)

// Accounts are the verbs on seller cabinets.
type Accounts struct {
	deps     Deps
	listings *listings
}

// AddAccount is a cabinet to be added.
type AddAccount struct {
	Channel     sellerdesk.ChannelKind
	Name        string // as people here see it; "" takes the name of the cabinet
	BaseURL     string // replaces the real address of the remote side, by who holds RightSettings; "" means the real one
	Credentials map[string]sellerdesk.Secret
}

// Drivers lists the channels that an account can be added for.
func (a *Accounts) Drivers() []channel.Driver { return slices.Clone(a.deps.Drivers) }

// Add proves the credentials at the remote side and keeps the cabinet; reading
// starts at once. Credentials that cannot work are invalid (field credentials)
// with the reason; those that may only read are accepted. A second account of
// the same cabinet is a conflict that names the first.
func (a *Accounts) Add(ctx context.Context, in AddAccount) (sellerdesk.Account, error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightAccounts, 0); err != nil {
		return sellerdesk.Account{}, err
	}
	drv, err := a.driver(in.Channel)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	if in.Name, err = accountName(in.Name); err != nil {
		return sellerdesk.Account{}, err
	}
	if in.BaseURL, err = baseURL(in.BaseURL); err != nil {
		return sellerdesk.Account{}, err
	}
	if in.BaseURL != "" { // it would be called from here, wherever it is
		if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
			return sellerdesk.Account{}, err
		}
	}
	conn, identity, err := a.prove(ctx, drv, in.BaseURL, in.Credentials, mayNamePrivate(ctx))
	if err != nil {
		return sellerdesk.Account{}, err
	}
	if in.Name == "" {
		in.Name = cmp.Or(clipped(identity.Name), drv.Title)
	}
	return a.create(ctx, drv, in, conn, identity)
}

// create keeps a proved account. The connector stands in the roster before the
// commit, because those who hear of the account look there at once.
func (a *Accounts) create(ctx context.Context, drv channel.Driver, in AddAccount, conn channel.Connector, identity sellerdesk.Identity) (sellerdesk.Account, error) {
	var acc sellerdesk.Account
	err := a.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		acc, err = tx.Accounts.Create(ctx, store.NewAccount{
			Channel:     in.Channel,
			Name:        in.Name,
			BaseURL:     sellerdesk.Optional(in.BaseURL),
			Identity:    identity,
			Abilities:   abilities(drv, in.Credentials),
			Credentials: in.Credentials,
			Private:     mayNamePrivate(ctx),
		})
		if err != nil {
			return err
		}
		a.deps.Roster.Put(acc.ID, conn)
		if err := noteAccount(ctx, tx, sellerdesk.AuditAccountAdded, acc, "added"); err != nil || drv.Ack == nil {
			return err
		}
		if err := tx.Accounts.EnsureDoor(ctx, acc.ID); err != nil {
			return err
		}
		acc, err = tx.Accounts.Get(ctx, acc.ID)
		return err
	})
	if err != nil {
		if acc.ID != 0 {
			a.deps.Roster.Remove(acc.ID)
		}
		return sellerdesk.Account{}, err
	}
	return acc, nil
}

// prove opens a connector and lets the remote side name the cabinet.
func (a *Accounts) prove(ctx context.Context, drv channel.Driver, base string, credentials map[string]sellerdesk.Secret, private bool) (channel.Connector, sellerdesk.Identity, error) {
	if err := checkFields(drv, credentials); err != nil {
		return nil, sellerdesk.Identity{}, err
	}
	conn, err := drv.Open(a.settings(drv, base, credentials, private))
	if err != nil {
		return nil, sellerdesk.Identity{}, credentialsError(err)
	}
	ctx, cancel := context.WithTimeout(sellerdesk.WithLane(ctx, sellerdesk.LanePerson), checkWait)
	defer cancel()
	identity, err := conn.Check(ctx)
	if err != nil {
		return nil, sellerdesk.Identity{}, credentialsError(err)
	}
	return conn, identity, nil
}

// mayNamePrivate tells whether the addresses in what somebody gives may lead to
// this machine and its network, where they may open what trusts it.
func mayNamePrivate(ctx context.Context) bool {
	return sellerdesk.AccessOf(ctx).May(sellerdesk.RightSettings)
}

func (a *Accounts) settings(drv channel.Driver, base string, credentials map[string]sellerdesk.Secret, private bool) channel.Settings {
	return channel.Settings{
		Credentials: credentials,
		BaseURL:     base,
		Client:      a.client(drv, private),
		Clock:       a.deps.Clock,
		Log:         a.deps.Log.With("channel", drv.Kind),
	}
}

// client makes the HTTP client of a connector.
func (a *Accounts) client(drv channel.Driver, private bool) *http.Client {
	c := a.deps.HTTPClient
	if drv.Client != nil {
		c = drv.Client(private)
	}
	if a.deps.Watch == nil {
		return c
	}
	return a.deps.Watch(drv.Kind, c)
}

// OpenAll opens the connectors of all accounts and finishes removals that were
// cut short; it is called once, before the workers. An account that cannot be
// opened says why and does not stop the others.
func (a *Accounts) OpenAll(ctx context.Context) error {
	var accounts []sellerdesk.Account
	var removing []sellerdesk.AccountID
	err := a.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if accounts, err = tx.Accounts.List(ctx); err != nil {
			return err
		}
		removing, err = tx.Accounts.Removing(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("list the accounts: %w", err)
	}
	for _, id := range removing {
		if err := a.removeAll(ctx, id); err != nil {
			return fmt.Errorf("finish the removal of account %d: %w", id, err)
		}
	}
	for _, acc := range accounts {
		if err := a.open(ctx, acc); err != nil {
			return fmt.Errorf("open account %d: %w", acc.ID, err)
		}
	}
	return nil
}

// open puts the connector of one account into the roster, or records why it
// cannot be opened.
func (a *Accounts) open(ctx context.Context, acc sellerdesk.Account) error {
	state, why := sellerdesk.AccountBroken, sellerdesk.Why{Code: sellerdesk.ReasonCredentials}
	drv, err := a.driver(acc.Channel)
	if err != nil {
		why = sellerdesk.Why{Text: "This version does not know the channel of the account."}
		return a.setState(ctx, acc, state, why, err)
	}
	_, credentials, private, err := a.load(ctx, acc.ID)
	if err != nil {
		why.Text = "The stored credentials cannot be opened: the key of this installation is not the one they were sealed with. Enter them again."
		return a.setState(ctx, acc, state, why, err)
	}
	conn, err := drv.Open(a.settings(drv, string(acc.BaseURL), credentials, private))
	if err != nil {
		if class, remote := channel.ClassOf(err); class == channel.Unauthorized {
			state, why = sellerdesk.AccountExpired, remote.Why
		} else {
			why.Text = "The account cannot be opened with its credentials. Enter them again."
		}
		return a.setState(ctx, acc, state, why, err)
	}
	a.deps.Roster.Put(acc.ID, conn)
	if drv.Ack != nil && acc.Push == nil {
		if err := a.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Accounts.EnsureDoor(ctx, acc.ID) }); err != nil {
			return err
		}
	}
	if err := a.setAbilities(ctx, acc, drv, credentials); err != nil || acc.State != sellerdesk.AccountBroken {
		return err
	}
	// What broke it was that it could not be opened, or a mistake of an earlier
	// run: it can be tried.
	return a.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Accounts.SetState(ctx, acc.ID, sellerdesk.AccountOK, sellerdesk.Why{})
	})
}

// setAbilities keeps what this version of the adapter can do when it differs
// from what an earlier one could.
func (a *Accounts) setAbilities(ctx context.Context, acc sellerdesk.Account, drv channel.Driver, credentials map[string]sellerdesk.Secret) error {
	can := abilities(drv, credentials)
	if sameJSON(can, acc.Abilities) {
		return nil
	}
	return a.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Accounts.SetAbilities(ctx, acc.ID, can) })
}

// setState records why an account cannot be opened. A paused one stays paused:
// it will be judged when a person lets it go on.
func (a *Accounts) setState(ctx context.Context, acc sellerdesk.Account, state sellerdesk.AccountState, why sellerdesk.Why, cause error) error {
	a.deps.Log.Warn("an account cannot be opened", "account", acc.ID, "channel", acc.Channel, "op", "open", "err", cause)
	if acc.State == sellerdesk.AccountPaused || acc.State == state && acc.Reason == why.Text {
		return nil
	}
	return a.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Accounts.SetState(ctx, acc.ID, state, why) })
}

// Pause stops reading and sending of an account until Resume. What is written
// meanwhile waits.
func (a *Accounts) Pause(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightAccounts, id); err != nil {
		return sellerdesk.Account{}, err
	}
	return a.change(ctx, id, "paused", func(tx *store.Tx, acc sellerdesk.Account) error {
		if acc.State == sellerdesk.AccountPaused {
			return nil
		}
		return tx.Accounts.SetState(ctx, id, sellerdesk.AccountPaused,
			sellerdesk.Why{Code: sellerdesk.ReasonPaused, Text: "A person paused the account."})
	})
}

// Resume lets an account go on, whatever stopped it. Its credentials are
// proved first, so that it does not claim to work when it cannot.
func (a *Accounts) Resume(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightAccounts, id); err != nil {
		return sellerdesk.Account{}, err
	}
	acc, credentials, private, err := a.load(ctx, id)
	if err != nil || acc.State == sellerdesk.AccountOK {
		return acc, err
	}
	drv, err := a.driver(acc.Channel)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	// A pause says nothing against the credentials: it ends even when the
	// remote side is out of reach, and reading will tell.
	if opened := a.deps.Roster.Get(id); opened != nil && acc.State == sellerdesk.AccountPaused {
		return a.change(ctx, id, "resumed", func(tx *store.Tx, _ sellerdesk.Account) error {
			return tx.Accounts.SetState(ctx, id, sellerdesk.AccountOK, sellerdesk.Why{})
		})
	}
	conn, identity, err := a.prove(ctx, drv, string(acc.BaseURL), credentials, private)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	return a.renew(ctx, drv, acc, conn, identity, nil)
}

// ReplaceCredentials opens the account with other credentials of the same
// cabinet and lets it go on; a paused account stays paused. Those of another
// cabinet are a conflict.
func (a *Accounts) ReplaceCredentials(ctx context.Context, id sellerdesk.AccountID, credentials map[string]sellerdesk.Secret) (sellerdesk.Account, error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightAccounts, id); err != nil {
		return sellerdesk.Account{}, err
	}
	acc, err := a.get(ctx, id)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	drv, err := a.driver(acc.Channel)
	if err != nil {
		return sellerdesk.Account{}, err
	}
	conn, identity, err := a.prove(ctx, drv, string(acc.BaseURL), credentials, mayNamePrivate(ctx))
	if err != nil {
		return sellerdesk.Account{}, err
	}
	return a.renew(ctx, drv, acc, conn, identity, credentials)
}

// renew takes proved credentials into use; nil credentials are the ones it has.
func (a *Accounts) renew(ctx context.Context, drv channel.Driver, acc sellerdesk.Account, conn channel.Connector, identity sellerdesk.Identity, credentials map[string]sellerdesk.Secret) (sellerdesk.Account, error) {
	if acc.Identity.Seller != "" && identity.Seller != "" && identity.Seller != acc.Identity.Seller {
		return sellerdesk.Account{}, sellerdesk.Errorf(sellerdesk.CodeConflict,
			"These credentials belong to another cabinet (%s) than the account %s.", shown(identity.Name), acc.Name).InField("credentials")
	}
	before := a.deps.Roster.Get(acc.ID)
	did := "resumed"
	if credentials != nil {
		did = "given other credentials"
	}
	renewed, err := a.change(ctx, acc.ID, did, func(tx *store.Tx, now sellerdesk.Account) error {
		if credentials != nil {
			if err := tx.Accounts.SetCredentials(ctx, acc.ID, credentials); err != nil {
				return err
			}
			if err := tx.Accounts.SetPrivate(ctx, acc.ID, mayNamePrivate(ctx)); err != nil {
				return err
			}
			if can := abilities(drv, credentials); !sameJSON(can, now.Abilities) {
				if err := tx.Accounts.SetAbilities(ctx, acc.ID, can); err != nil {
					return err
				}
			}
		}
		if err := tx.Accounts.SetIdentity(ctx, acc.ID, identity); err != nil {
			return err
		}
		a.deps.Roster.Put(acc.ID, conn)
		if credentials != nil && now.State == sellerdesk.AccountPaused {
			return nil
		}
		return tx.Accounts.SetState(ctx, acc.ID, sellerdesk.AccountOK, sellerdesk.Why{})
	})
	if err != nil && before != nil {
		a.deps.Roster.Put(acc.ID, before.Connector)
	}
	return renewed, err
}

// Repair reads everything of an account again from the beginning, so that what
// is missing here comes back; what is here stays. It returns when that has
// begun: the streams of the account tell how far it is. While the account does
// not work it waits.
func (a *Accounts) Repair(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightAccounts, id); err != nil {
		return sellerdesk.Account{}, err
	}
	return a.change(ctx, id, "read again from the beginning", func(tx *store.Tx, acc sellerdesk.Account) error {
		streams, err := tx.Streams.List(ctx, id)
		for _, s := range streams {
			if err := tx.Streams.Reset(ctx, id, s.Stream); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		return noteAccount(ctx, tx, sellerdesk.AuditAccountChanged, acc, "read again from the beginning")
	})
}

// Rename changes the name as people here see it.
func (a *Accounts) Rename(ctx context.Context, id sellerdesk.AccountID, name string) (sellerdesk.Account, error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightAccounts, id); err != nil {
		return sellerdesk.Account{}, err
	}
	name, err := accountName(name)
	if err == nil && name == "" {
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "The account needs a name.").InField("name")
	}
	if err != nil {
		return sellerdesk.Account{}, err
	}
	return a.change(ctx, id, "renamed", func(tx *store.Tx, _ sellerdesk.Account) error {
		return tx.Accounts.Rename(ctx, id, name)
	})
}

// Remove forgets an account with everything of it. It cannot be undone. It
// returns when all is gone; should the process end before, OpenAll finishes.
func (a *Accounts) Remove(ctx context.Context, id sellerdesk.AccountID) error {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightDelete, id); err != nil {
		return err
	}
	err := a.deps.Store.Write(ctx, func(tx *store.Tx) error {
		acc, err := tx.Accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		return noteAccount(ctx, tx, sellerdesk.AuditAccountRemoved, acc, "removed")
	})
	if err != nil {
		return err
	}
	return a.removeAll(context.WithoutCancel(ctx), id)
}

func (a *Accounts) removeAll(ctx context.Context, id sellerdesk.AccountID) error {
	for {
		var done bool
		err := a.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
			done, err = tx.Accounts.Remove(ctx, id)
			return err
		})
		if err != nil {
			return err
		}
		a.deps.Roster.Remove(id)
		if done {
			return nil
		}
	}
}

// change does something to an account, writes down that it was done, and gives
// the account afterwards.
func (a *Accounts) change(ctx context.Context, id sellerdesk.AccountID, did string, do func(*store.Tx, sellerdesk.Account) error) (sellerdesk.Account, error) {
	var acc sellerdesk.Account
	err := a.deps.Store.Write(ctx, func(tx *store.Tx) error {
		before, err := tx.Accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		if err := do(tx, before); err != nil {
			return err
		}
		if acc, err = tx.Accounts.Get(ctx, id); err != nil || acc.Rev == before.Rev {
			return err
		}
		return noteAccount(ctx, tx, sellerdesk.AuditAccountChanged, acc, did)
	})
	return acc, err
}

// noteAccount writes into the audit what was done to an account.
func noteAccount(ctx context.Context, tx *store.Tx, kind sellerdesk.AuditKind, acc sellerdesk.Account, did string) error {
	return tx.Audit.Add(ctx, sellerdesk.AuditEntry{Kind: kind, Account: &acc.ID, Text: fmt.Sprintf("The account “%s” was %s.", acc.Name, did)})
}

func (a *Accounts) get(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	var acc sellerdesk.Account
	err := a.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		acc, err = tx.Accounts.Get(ctx, id)
		return err
	})
	return acc, err
}

// load reads an account with what opens it, and whether that may name private
// addresses.
func (a *Accounts) load(ctx context.Context, id sellerdesk.AccountID) (acc sellerdesk.Account, credentials map[string]sellerdesk.Secret, private bool, err error) {
	err = a.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if acc, err = tx.Accounts.Get(ctx, id); err != nil {
			return err
		}
		if private, err = tx.Accounts.Private(ctx, id); err != nil {
			return err
		}
		credentials, err = tx.Accounts.Credentials(ctx, id)
		return err
	})
	return acc, credentials, private, err
}

func (a *Accounts) driver(kind sellerdesk.ChannelKind) (channel.Driver, error) {
	i := slices.IndexFunc(a.deps.Drivers, func(d channel.Driver) bool { return d.Kind == kind })
	if i < 0 {
		return channel.Driver{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no channel %q.", shown(string(kind))).InField("channel")
	}
	return a.deps.Drivers[i], nil
}
