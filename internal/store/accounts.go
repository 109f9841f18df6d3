package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
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

// Create keeps a new cabinet. A second account of the same cabinet is a
// conflict that names the first.
func (a Accounts) Create(ctx context.Context, n NewAccount) (sellerdesk.Account, error) {
	return sellerdesk.Account{}, errNotYet
}

// Get gives one account with the progress of its streams.
func (a Accounts) Get(ctx context.Context, id sellerdesk.AccountID) (sellerdesk.Account, error) {
	return sellerdesk.Account{}, errNotYet
}

// List gives all accounts in the order they were added, without those being removed.
func (a Accounts) List(ctx context.Context) ([]sellerdesk.Account, error) { return nil, errNotYet }

// Credentials unseals what opens the account at the remote side.
func (a Accounts) Credentials(ctx context.Context, id sellerdesk.AccountID) (map[string]sellerdesk.Secret, error) {
	return nil, errNotYet
}

// SetState changes whether the account works, and says why.
func (a Accounts) SetState(ctx context.Context, id sellerdesk.AccountID, state sellerdesk.AccountState, why sellerdesk.Why) error {
	return errNotYet
}

// SetIdentity keeps what the remote side said about the owner of the credentials.
func (a Accounts) SetIdentity(ctx context.Context, id sellerdesk.AccountID, identity sellerdesk.Identity) error {
	return errNotYet
}

// SetAbilities keeps what the channel can do, as the connector describes it.
func (a Accounts) SetAbilities(ctx context.Context, id sellerdesk.AccountID, can []sellerdesk.KindAbilities) error {
	return errNotYet
}

// SetCredentials replaces what opens the account.
func (a Accounts) SetCredentials(ctx context.Context, id sellerdesk.AccountID, c map[string]sellerdesk.Secret) error {
	return errNotYet
}

// Rename changes the name as people here see it.
func (a Accounts) Rename(ctx context.Context, id sellerdesk.AccountID, name string) error {
	return errNotYet
}

// Remove takes one bounded step of removing the account with everything of it
// and tells whether that was the last. From the first step on the account is
// not listed. The caller repeats it in transactions of its own until done.
func (a Accounts) Remove(ctx context.Context, id sellerdesk.AccountID) (done bool, err error) {
	return false, errNotYet
}

// Removing lists the accounts whose removal began and was not finished.
func (a Accounts) Removing(ctx context.Context) ([]sellerdesk.AccountID, error) { return nil, errNotYet }

// ProgressPatch corrects the progress of a stream; nil leaves a field as is.
// [Inbox.Apply] keeps progress by itself; a patch is for what only a worker knows.
type ProgressPatch struct {
	CaughtUp *bool
	From     *sellerdesk.Time
	Reached  *sellerdesk.Time
	Newest   *sellerdesk.Time
}

// Progress corrects the progress of a stream.
func (a Accounts) Progress(ctx context.Context, id sellerdesk.AccountID, stream string, p ProgressPatch) error {
	return errNotYet
}

// Streams are the places where reading of the remote sides stopped.
type Streams struct{ tx *Tx }

// Cursor tells where the next pull of a stream starts; empty at the beginning.
func (s Streams) Cursor(ctx context.Context, account sellerdesk.AccountID, stream string) (sellerdesk.Cursor, error) {
	return "", errNotYet
}

// List tells how far the streams of an account are, in the order of their names.
func (s Streams) List(ctx context.Context, account sellerdesk.AccountID) ([]sellerdesk.StreamProgress, error) {
	return nil, errNotYet
}

// Failed records why the last pull of a stream brought nothing. The next
// successful one clears it.
func (s Streams) Failed(ctx context.Context, account sellerdesk.AccountID, stream string, why sellerdesk.Why) error {
	return errNotYet
}
