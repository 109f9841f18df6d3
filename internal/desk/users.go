package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Bounds of signing in.
const (
	linkLife    = 24 * time.Hour
	sessionLife = 30 * 24 * time.Hour
	// slideEvery is how often the life of a session in use is renewed.
	slideEvery       = 24 * time.Hour
	maxSlides        = 10_000
	shortestPassword = 10  // characters
	longestPassword  = 200 // characters
	longestLogin     = 64  // characters
)

// Users are the verbs on people.
type Users struct {
	deps     Deps
	cost     passwordCost
	hashing  chan struct{} // one token for each password being worked on
	attempts *attempts

	mu   sync.Mutex // guards slid
	slid map[[sha256.Size]byte]time.Time
}

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
		return tx.Links.Create(ctx, tokenHash(token), sellerdesk.At(u.deps.Clock.Now().Add(linkLife)))
	})
	return token, err
}

// LinkInput is what the owner enters behind the one-time link.
type LinkInput struct {
	Token    string
	Login    string
	Name     string // as colleagues see it
	Password string
}

// UseLink sets what the owner signs in with. A link that was used, has expired
// or never was is forbidden.
func (u *Users) UseLink(ctx context.Context, in LinkInput) (sellerdesk.User, error) {
	login, name, err := checkPerson(in)
	if err != nil {
		return sellerdesk.User{}, err
	}
	// The hash is made inside the transaction, so that a guessed link costs no
	// work; that it holds up other writers happens once in the life of a house.
	// A stranger who tries links takes no turn of those who write.
	if works, err := u.LinkWorks(ctx, in.Token); err != nil || !works {
		return sellerdesk.User{}, cmp.Or(err, errLinkUsed())
	}
	var owner sellerdesk.User
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Links.Use(ctx, tokenHash(in.Token)); err != nil {
			if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
				return errLinkUsed()
			}
			return err
		}
		hash, err := u.hashPassword(ctx, in.Password)
		if err != nil {
			return err
		}
		if owner, _, err = tx.Users.Owner(ctx); err != nil {
			return err
		}
		if err := tx.Users.SetPassword(ctx, owner.ID, login, name, hash); err != nil {
			return err
		}
		owner, err = tx.Users.Get(ctx, owner.ID)
		return err
	})
	return owner, err
}

// LinkWorks tells whether a one-time link can be used now. Asking does not use it up.
func (u *Users) LinkWorks(ctx context.Context, token string) (works bool, err error) {
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) error {
		works, err = tx.Links.Works(ctx, tokenHash(token))
		return err
	})
	return works, err
}

func errLinkUsed() error {
	return sellerdesk.Errorf(sellerdesk.CodeForbidden, "This link was used already or has expired.")
}

func checkPerson(in LinkInput) (login, name string, err error) {
	login, name = foldLogin(in.Login), clipped(in.Name)
	length := utf8.RuneCountInString(in.Password)
	switch {
	case login == "" || utf8.RuneCountInString(login) > longestLogin || strings.ContainsAny(login, " \t"):
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "The login needs 1 to %d characters without spaces.", longestLogin).InField("login")
	case length < shortestPassword:
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "The password needs at least %d characters.", shortestPassword).InField("password")
	case length > longestPassword:
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "The password may have up to %d characters.", longestPassword).InField("password")
	}
	return login, name, err
}

// SignInInput is what a person enters to sign in.
type SignInInput struct {
	Login, Password string
	Address         string // of the browser, to slow down guessing
}

// SignIn gives the token of a new session. It is forbidden when login or
// password are wrong, without telling which, and limited after too many tries.
func (u *Users) SignIn(ctx context.Context, in SignInInput) (token string, user sellerdesk.User, err error) {
	login := foldLogin(in.Login)
	if login == "" || utf8.RuneCountInString(login) > longestLogin || utf8.RuneCountInString(in.Password) > longestPassword {
		return "", user, errWrongLogin()
	}
	if wait := u.attempts.take(login, in.Address); wait > 0 {
		return "", user, sellerdesk.Errorf(sellerdesk.CodeLimited, "Too many tries. Try again in %d min.", int((wait+time.Minute-1)/time.Minute))
	}
	var hash string
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if user, err = tx.Users.ByLogin(ctx, login); err != nil {
			return err
		}
		hash, err = tx.Users.PasswordHash(ctx, user.ID)
		return err
	})
	if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		return "", sellerdesk.User{}, err
	}
	right, err := u.checkPassword(ctx, hash, in.Password)
	if err != nil {
		return "", sellerdesk.User{}, err
	}
	if !right {
		return "", sellerdesk.User{}, errWrongLogin()
	}
	u.attempts.forgive(login, in.Address)
	token, err = u.OpenSession(ctx, user.ID)
	return token, user, err
}

func errWrongLogin() error {
	return sellerdesk.Errorf(sellerdesk.CodeForbidden, "Login or password is wrong.").InField("login")
}

// OpenSession signs a person in whom the caller knows already, as after a
// one-time link or on the machine of a demo.
func (u *Users) OpenSession(ctx context.Context, id sellerdesk.UserID) (token string, err error) {
	token = randomToken()
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Sessions.Create(ctx, id, tokenHash(token), sellerdesk.At(u.deps.Clock.Now().Add(sessionLife)))
	})
	return token, err
}

// SignOut ends a session; one that is not there is no error.
func (u *Users) SignOut(ctx context.Context, token string) error {
	return u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Sessions.Delete(ctx, tokenHash(token))
	})
}

// Session gives the person of a session and renews its life of 30 days. The
// error is not_found when there is no such session.
func (u *Users) Session(ctx context.Context, token string) (sellerdesk.User, error) {
	var user sellerdesk.User
	hash := tokenHash(token)
	err := u.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		user, err = tx.Sessions.Get(ctx, hash)
		return err
	})
	if err != nil || !u.slideDue([sha256.Size]byte(hash)) {
		return user, err
	}
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		// Asked again inside the transaction: it may have been ended meanwhile.
		if _, err := tx.Sessions.Get(ctx, hash); err != nil {
			return err
		}
		if err := tx.Sessions.Delete(ctx, hash); err != nil {
			return err
		}
		return tx.Sessions.Create(ctx, user.ID, hash, sellerdesk.At(u.deps.Clock.Now().Add(sessionLife)))
	})
	if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		// The session is good; that it was not renewed can wait.
		u.deps.Log.Warn("a session was not renewed", "op", "session", "err", err)
		err = nil
	}
	return user, err
}

// slideDue tells whether the life of a session was not renewed lately, and
// takes it as renewed. What is remembered is bounded; forgetting costs a write.
func (u *Users) slideDue(hash [sha256.Size]byte) bool {
	now := u.deps.Clock.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	if last, ok := u.slid[hash]; ok && now.Sub(last) < slideEvery {
		return false
	}
	if u.slid == nil || len(u.slid) >= maxSlides {
		u.slid = map[[sha256.Size]byte]time.Time{}
	}
	u.slid[hash] = now
	return true
}

// Preferences change how a person sees things; nil leaves a field as is.
type Preferences struct {
	Name     *string
	Language *sellerdesk.Language
	Theme    *string // "light", "dark", or "" for what the system says
}

// SetPreferences changes how a person sees things.
func (u *Users) SetPreferences(ctx context.Context, id sellerdesk.UserID, p Preferences) (sellerdesk.User, error) {
	if p.Name != nil {
		name := clipped(*p.Name)
		if name == "" {
			return sellerdesk.User{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The name is empty.").InField("name")
		}
		p.Name = &name
	}
	if p.Language != nil && *p.Language != sellerdesk.Russian && *p.Language != sellerdesk.English {
		return sellerdesk.User{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The language is ru or en.").InField("language")
	}
	if p.Theme != nil && *p.Theme != "" && *p.Theme != "light" && *p.Theme != "dark" {
		return sellerdesk.User{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The theme is light, dark or empty.").InField("theme")
	}
	var user sellerdesk.User
	err := u.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		user, err = tx.Users.Update(ctx, id, store.Preferences(p))
		return err
	})
	return user, err
}

// foldLogin makes logins that a person takes for the same the same.
func foldLogin(s string) string { return strings.ToLower(oneLine(s)) }

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
