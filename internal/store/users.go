package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Users are the people who work here.
type Users struct{ tx *Tx }

// Preferences change how a person sees things; nil leaves a field as is.
type Preferences struct {
	Name     *string
	Language *sellerdesk.Language
	Theme    *string
}

// Owner gives the owner, who always exists, and whether a password is set.
func (u Users) Owner(ctx context.Context) (owner sellerdesk.User, hasPassword bool, err error) {
	return sellerdesk.User{}, false, errNotYet
}

// Get gives one person.
func (u Users) Get(ctx context.Context, id sellerdesk.UserID) (sellerdesk.User, error) {
	return sellerdesk.User{}, errNotYet
}

// ByLogin finds a person by what he signs in with.
func (u Users) ByLogin(ctx context.Context, login string) (sellerdesk.User, error) {
	return sellerdesk.User{}, errNotYet
}

// PasswordHash gives the encoded hash; "" when no password is set.
func (u Users) PasswordHash(ctx context.Context, id sellerdesk.UserID) (string, error) {
	return "", errNotYet
}

// SetPassword sets what a person signs in with: login, name as colleagues see
// it ("" leaves it) and the encoded hash of the password.
func (u Users) SetPassword(ctx context.Context, id sellerdesk.UserID, login, name, hash string) error {
	return errNotYet
}

// Update changes preferences.
func (u Users) Update(ctx context.Context, id sellerdesk.UserID, p Preferences) (sellerdesk.User, error) {
	return sellerdesk.User{}, errNotYet
}

// Sessions are the browsers that are signed in. Tokens are kept as hashes only.
type Sessions struct{ tx *Tx }

// Create keeps a session until expires.
func (s Sessions) Create(ctx context.Context, user sellerdesk.UserID, tokenHash []byte, expires sellerdesk.Time) error {
	return errNotYet
}

// Get gives the person of a session that has not expired.
func (s Sessions) Get(ctx context.Context, tokenHash []byte) (sellerdesk.User, error) {
	return sellerdesk.User{}, errNotYet
}

// Delete ends a session; one that is not there is no error.
func (s Sessions) Delete(ctx context.Context, tokenHash []byte) error { return errNotYet }

// Links are one-time links that let the owner in. Tokens are kept as hashes only.
type Links struct{ tx *Tx }

// Create keeps a link until expires, in place of all earlier ones.
func (l Links) Create(ctx context.Context, tokenHash []byte, expires sellerdesk.Time) error {
	return errNotYet
}

// Use takes a link; it is not_found when it was used, has expired or never was.
func (l Links) Use(ctx context.Context, tokenHash []byte) error { return errNotYet }
