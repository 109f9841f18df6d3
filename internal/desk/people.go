package desk

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/people"
	"github.com/sellerdesk/sellerdesk/internal/desk/sealing"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// The verbs on people, sessions and keys and their words, which have a package
// of their own.
type (
	Users          = people.Users
	Roles          = people.Roles
	Keys           = people.Keys
	Sessions       = people.Sessions
	LinkInput      = people.LinkInput      // what a person enters behind a one-time link
	SignInInput    = people.SignInInput    // what a person enters to sign in
	CodeNeeded     = people.CodeNeeded     // the error of a sign-in that waits for a code
	CodeInput      = people.CodeInput      // the second step of a sign-in
	Presence       = people.Presence       // a browser that comes with a token
	Signed         = people.Signed         // who is behind a session
	Preferences    = people.Preferences    // how a person sees things; nil leaves a field as is
	Proof          = people.Proof          // what a person enters to prove to be there
	PasswordChange = people.PasswordChange // what a person enters to change the password
	PasswordCost   = people.PasswordCost   // how hard a password is to guess
	FactorSetup    = people.FactorSetup    // what an authenticator needs to be told once
	InviteInput    = people.InviteInput    // a person who is to work here
	Invitation     = people.Invitation     // a person with a one-time link
	ChangeUser     = people.ChangeUser     // changes of a person; nil leaves a field as is
	CreateKey      = people.CreateKey      // a key to be made
	NewKey         = people.NewKey         // a key just made, with its text
	KeyUse         = people.KeyUse         // a request that came with a key
	KeyFile        = sealing.KeyFile       // keeps the keys that seal secrets
)

// KeyPrefix begins every key.
const KeyPrefix = people.KeyPrefix

// accessIn reads what a person may do, within a transaction.
func accessIn(ctx context.Context, tx *store.Tx, id sellerdesk.UserID) (sellerdesk.Access, error) {
	return people.AccessIn(ctx, tx, id)
}
