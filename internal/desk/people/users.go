package people

import (
	"cmp"
	"context"
	"crypto/sha256"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Bounds of signing in.
const (
	ownerLinkLife    = 24 * time.Hour
	linkLife         = 72 * time.Hour // of people who are invited
	sessionLife      = 30 * 24 * time.Hour
	shortestPassword = 10  // characters
	longestPassword  = 200 // characters
	longestLogin     = 64  // characters
)

// Users are the verbs on people.
type Users struct{ *house }

// HasOwner tells whether somebody has taken the house, that is, has set a
// password.
func (u *Users) HasOwner(ctx context.Context) (bool, error) {
	var has bool
	err := u.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		_, has, err = tx.Users.Owner(ctx)
		return err
	})
	return has, err
}

// Owner gives the owner, as whom the key of the house acts.
func (u *Users) Owner(ctx context.Context) (sellerdesk.User, error) {
	var owner sellerdesk.User
	err := u.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		owner, _, err = tx.Users.Owner(ctx)
		return err
	})
	return owner, err
}

// OwnerLink makes a token that lets the owner set login and password once,
// within 24 hours. It takes the place of earlier ones; only its hash is kept.
func (u *Users) OwnerLink(ctx context.Context) (token string, err error) {
	token = randomToken()
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		owner, _, err := tx.Users.Owner(ctx)
		if err != nil {
			return err
		}
		return tx.Links.Create(ctx, owner.ID, tokenHash(token), sellerdesk.At(u.deps.Clock.Now().Add(ownerLinkLife)))
	})
	return token, err
}

// LinkInput is what a person enters behind a one-time link.
type LinkInput struct {
	Token    string
	Login    string
	Name     string // as colleagues see it; "" leaves it
	Password string
}

// UseLink sets what the person of a link signs in with, and ends the sessions
// from before. A link that was used, has expired or never was is forbidden.
func (u *Users) UseLink(ctx context.Context, in LinkInput) (sellerdesk.User, error) {
	login, name, err := checkPerson(in)
	if err != nil {
		return sellerdesk.User{}, err
	}
	// A stranger who tries links costs no work and takes no turn of those who
	// write.
	if works, err := u.LinkWorks(ctx, in.Token); err != nil || !works {
		return sellerdesk.User{}, cmp.Or(err, errLinkUsed())
	}
	hash, err := u.hashPassword(ctx, in.Password)
	if err != nil {
		return sellerdesk.User{}, err
	}
	var user sellerdesk.User
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		id, err := tx.Links.Use(ctx, tokenHash(in.Token))
		if err != nil {
			return linkError(err)
		}
		if err := tx.Users.SetPassword(ctx, id, login, name, hash); err != nil {
			return err
		}
		if _, err := tx.Sessions.EndOthers(ctx, id, 0); err != nil {
			return err
		}
		if user, err = tx.Users.Get(ctx, id); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditPasswordChanged, By: id, Text: "Chose a login and a password behind a one-time link."})
	})
	return user, err
}

// LinkWorks tells whether a one-time link can be used now. Asking does not use it up.
func (u *Users) LinkWorks(ctx context.Context, token string) (works bool, err error) {
	_, err = u.LinkPerson(ctx, token)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeForbidden {
		return false, nil
	}
	return err == nil, err
}

// LinkPerson gives the person of a one-time link, so that the page behind it can
// greet them. One that cannot be used is forbidden.
func (u *Users) LinkPerson(ctx context.Context, token string) (user sellerdesk.User, err error) {
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) error {
		id, err := tx.Links.Works(ctx, tokenHash(token))
		if err != nil {
			return linkError(err)
		}
		user, err = tx.Users.Get(ctx, id)
		return err
	})
	return user, err
}

func linkError(err error) error {
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return errLinkUsed()
	}
	return err
}

func errLinkUsed() error {
	return sellerdesk.Errorf(sellerdesk.CodeForbidden, "This link was used already or has expired.")
}

func checkPerson(in LinkInput) (login, name string, err error) {
	login, name = foldLogin(in.Login), clipped(in.Name)
	if login == "" || utf8.RuneCountInString(login) > longestLogin || strings.ContainsAny(login, " \t") {
		return "", "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "The login needs 1 to %d characters without spaces.", longestLogin).InField("login")
	}
	return login, name, checkNewPassword(in.Password)
}

func checkNewPassword(password string) error {
	switch length := utf8.RuneCountInString(password); {
	case length < shortestPassword:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The password needs at least %d characters.", shortestPassword).InField("password")
	case length > longestPassword:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The password may have up to %d characters.", longestPassword).InField("password")
	}
	return nil
}

// Preferences change how a person sees things; nil leaves a field as is.
type Preferences struct {
	Name     *string
	Language *sellerdesk.Language
	Theme    *string // "light", "dark", or "" for what the system says
	// Shortcuts replace all keys that differ from the usual ones.
	Shortcuts *sellerdesk.Shortcuts
}

// SetPreferences changes how a person sees things. No key does: the person may
// hold more than it.
func (u *Users) SetPreferences(ctx context.Context, id sellerdesk.UserID, p Preferences) (sellerdesk.User, error) {
	if sellerdesk.AccessOf(ctx).Key != 0 {
		return sellerdesk.User{}, sellerdesk.Errorf(sellerdesk.CodeForbidden, "Only the person changes how they see things, and no key.")
	}
	if p.Name != nil {
		name, err := personName(*p.Name)
		if err != nil {
			return sellerdesk.User{}, err
		}
		p.Name = &name
	}
	if p.Language != nil && !knownLanguage(*p.Language) {
		return sellerdesk.User{}, errLanguage()
	}
	if p.Theme != nil && *p.Theme != "" && *p.Theme != "light" && *p.Theme != "dark" {
		return sellerdesk.User{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The theme is light, dark or empty.").InField("theme")
	}
	if p.Shortcuts != nil {
		if err := p.Shortcuts.Check(); err != nil {
			return sellerdesk.User{}, err
		}
	}
	var user sellerdesk.User
	err := u.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		user, err = tx.Users.Update(ctx, id, store.Preferences(p))
		return err
	})
	u.standing.forget() // which holds names and languages too
	return user, err
}

func knownLanguage(l sellerdesk.Language) bool {
	return l == sellerdesk.Russian || l == sellerdesk.English
}

func errLanguage() error {
	return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The language is ru or en.").InField("language")
}

// foldLogin makes logins that a person takes for the same the same.
func foldLogin(s string) string { return strings.ToLower(oneLine(s)) }

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
