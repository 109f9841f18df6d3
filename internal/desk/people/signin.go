package people

import (
	"context"
	"crypto/sha256"
	"errors"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// SignInInput is what a person enters to sign in.
type SignInInput struct {
	Login, Password string
	Address         string // of the browser, to slow down guessing
	Agent           string // what the browser says it is
}

// CodeNeeded is the error of a sign-in that is right so far and waits for a code
// of the second factor: [Users.SignInCode] goes on with the ticket.
type CodeNeeded struct{ Ticket string }

// Error says what is needed.
func (*CodeNeeded) Error() string { return errCodeNeeded().Error() }

// Unwrap gives it a code for those who know no second factor.
func (*CodeNeeded) Unwrap() error { return errCodeNeeded() }

func errCodeNeeded() error {
	return sellerdesk.Errorf(sellerdesk.CodeForbidden, "Enter the code of your authenticator.").InField("code")
}

// SignIn gives the token of a new session. It is forbidden when login or
// password are wrong, without telling which, and limited after too many tries.
// For who has a second factor the error is a [CodeNeeded].
func (u *Users) SignIn(ctx context.Context, in SignInInput) (token string, user sellerdesk.User, err error) {
	login := foldLogin(in.Login)
	if login == "" || utf8.RuneCountInString(login) > longestLogin || utf8.RuneCountInString(in.Password) > longestPassword {
		return "", user, errWrongLogin()
	}
	if wait := u.attempts.take(login, in.Address); wait > 0 {
		return "", user, errTooMany(wait)
	}
	var hash string
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if user, err = tx.Users.ByLogin(ctx, login); err != nil || user.DisabledAt != nil {
			return err // as if there were no password: the same work, the same answer
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
		if err := u.refusedSignIn(ctx, user.ID, login, in.Address); err != nil {
			return "", sellerdesk.User{}, err
		}
		return "", sellerdesk.User{}, errWrongLogin()
	}
	u.attempts.forgive(login, in.Address)
	token, err = u.open(ctx, entrant{user, hash}, browser{in.Address, in.Agent}, nil)
	return token, user, err
}

func errWrongLogin() error {
	return sellerdesk.Errorf(sellerdesk.CodeForbidden, "Login or password is wrong.").InField("login")
}

// refusal is the data of a refused sign-in.
type refusal struct {
	// Login is what was entered: whole where it is that of a person, else its
	// beginning, because people type passwords into the wrong field.
	Login string `json:"login"`
}

// loginShown is how much of an unknown login is kept, in characters.
const loginShown = 3

// refusedSignIn writes a wrong try down. Those past the limit are not, so that
// guessing fills no disk.
func (u *house) refusedSignIn(ctx context.Context, user sellerdesk.UserID, login, address string) error {
	if r := []rune(login); user == 0 && len(r) > loginShown {
		login = string(r[:loginShown]) + "…"
	}
	return u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Audit.Note(from(ctx, address), store.Deed{Kind: sellerdesk.AuditSignInRefused, By: user, Text: "A sign-in was refused.", Data: refusal{login}})
	})
}

// from gives a context whose deeds come from an address.
func from(ctx context.Context, address string) context.Context {
	return sellerdesk.WithAccess(ctx, sellerdesk.Access{Address: address})
}

// browser is where a session is opened.
type browser struct{ address, agent string }

// OpenSession signs a person in whom the caller knows already, as after a
// one-time link or on the machine of a demo. For who has a second factor the
// error is a [CodeNeeded].
func (u *Users) OpenSession(ctx context.Context, id sellerdesk.UserID) (token string, err error) {
	var user sellerdesk.User
	var hash string
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if user, err = tx.Users.Get(ctx, id); err != nil {
			return err
		}
		hash, err = tx.Users.PasswordHash(ctx, id)
		return err
	})
	if err != nil {
		return "", err
	}
	if user.DisabledAt != nil {
		return "", errWrongLogin()
	}
	return u.open(ctx, entrant{user, hash}, browser{address: sellerdesk.AccessOf(ctx).Address}, nil)
}

// entrant is who comes in, with the hash of the password that counted when they
// proved to be there: with another one they have to prove it anew.
type entrant struct {
	sellerdesk.User
	hash string
}

// open opens a session, always with a token that nobody saw before. prove checks
// the second factor in the same transaction; nil: it was not asked for yet.
func (u *house) open(ctx context.Context, user entrant, in browser, prove func(*store.Tx) error) (token string, err error) {
	if user.SecondFactor && prove == nil {
		return "", &CodeNeeded{Ticket: u.tickets.issue(user.ID, user.hash)}
	}
	token = randomToken()
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		hash, err := tx.Users.PasswordHash(ctx, user.ID)
		if err != nil {
			return err
		}
		if hash != user.hash {
			return errTicket()
		}
		if prove != nil {
			if err := prove(tx); err != nil {
				return err
			}
		}
		// Asked again inside the transaction: they may have been disabled meanwhile,
		// or have taken a second factor.
		now, err := tx.Users.Get(ctx, user.ID)
		if err != nil {
			return err
		}
		if now.DisabledAt != nil || now.SecondFactor && prove == nil {
			return errWrongLogin()
		}
		if _, err := tx.Sessions.Create(ctx, store.NewSession{
			User: user.ID, TokenHash: tokenHash(token), Address: in.address, Agent: in.agent, Expires: u.sessionEnd(),
		}); err != nil {
			return err
		}
		return tx.Audit.Note(from(ctx, in.address), store.Deed{Kind: sellerdesk.AuditSignedIn, By: user.ID, Text: "Signed in."})
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func (u *house) sessionEnd() sellerdesk.Time {
	return sellerdesk.At(u.deps.Clock.Now().Add(sessionLife))
}

// SignOut ends a session; one that is not there is no error.
func (u *Users) SignOut(ctx context.Context, token string) error {
	return u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		ended, err := tx.Sessions.Delete(ctx, tokenHash(token))
		if err != nil || ended == nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditSignedOut, By: ended.User, Text: "Signed out."})
	})
}

// Presence is a browser that comes with the token of a session.
type Presence struct{ Token, Address, Agent string }

// Signed is who is behind a session.
type Signed struct {
	User    sellerdesk.User
	Session sellerdesk.SessionID
	Access  sellerdesk.Access
	// Renewed is the token that the browser is to have from now on; "": the one it
	// has. Tokens change when the rights of their person do.
	Renewed string
}

// Session gives the person of a session, who may use it for another 30 days. The
// error is not_found when there is no such session.
func (u *Users) Session(ctx context.Context, in Presence) (Signed, error) {
	var out Signed
	var live store.LiveSession
	hash := tokenHash(in.Token)
	err := u.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if live, err = tx.Sessions.Get(ctx, hash); err != nil {
			return err
		}
		out.User, err = tx.Users.Get(ctx, live.User)
		return err
	})
	if err != nil {
		return Signed{}, err
	}
	if out.Access, err = u.Access(ctx, out.User.ID); err != nil {
		return Signed{}, err
	}
	out.Session, out.Access.Session, out.Access.Address = live.ID, live.ID, in.Address
	u.uses.session(live.ID, store.Use{At: sellerdesk.At(u.deps.Clock.Now()), Address: in.Address, Agent: in.Agent, Expires: u.sessionEnd()})
	if live.Renew {
		out.Renewed = u.renew(ctx, live.ID, hash)
	}
	return out, nil
}

// renew gives a session another token; "" when it has one already, or the store
// does not answer: then the next request does it.
func (u *house) renew(ctx context.Context, id sellerdesk.SessionID, was []byte) string {
	token, replaced := randomToken(), false
	err := u.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		replaced, err = tx.Sessions.Replace(ctx, id, was, tokenHash(token))
		return err
	})
	if err != nil {
		u.deps.Log.Warn("a session was not renewed", "op", "session", "err", err)
	}
	if err != nil || !replaced {
		return ""
	}
	return token
}

// CodeInput is the second step of a sign-in.
type CodeInput struct {
	Ticket         string // of [CodeNeeded]
	Code           string // of the authenticator, or a recovery code
	Address, Agent string // of the browser
}

// SignInCode gives the token of a new session to who has the ticket of a right
// password and a code. Codes are limited like passwords; each works once.
func (u *Users) SignInCode(ctx context.Context, in CodeInput) (token string, user sellerdesk.User, err error) {
	held, ok := u.tickets.find(in.Ticket)
	if !ok {
		return "", user, errTicket()
	}
	id := held.user
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) error {
		user, err = tx.Users.Get(ctx, id)
		return err
	})
	if err != nil {
		return "", user, err
	}
	key := strconv.FormatInt(int64(id), 10)
	if wait := u.codes.take(key, in.Address); wait > 0 {
		return "", user, errTooMany(wait)
	}
	token, err = u.open(ctx, entrant{user, held.hash}, browser{in.Address, in.Agent}, func(tx *store.Tx) error {
		if err := u.proveCode(from(ctx, in.Address), tx, id, in.Code); err != nil {
			return err
		}
		if !u.tickets.take(in.Ticket) {
			return errTicket() // somebody was faster
		}
		return nil
	})
	switch {
	case errors.Is(err, errCode):
		if err := u.refusedSignIn(ctx, id, string(user.Login), in.Address); err != nil {
			return "", user, err
		}
		return "", user, errWrongCode()
	case err != nil:
		return "", user, err
	}
	u.codes.forgive(key, in.Address)
	return token, user, nil
}

func errTicket() error {
	return sellerdesk.Errorf(sellerdesk.CodeForbidden, "This took too long. Enter login and password again.").InField("ticket")
}

const (
	// ticketLife is how long a person may look for the code.
	ticketLife = 5 * time.Minute
	maxTickets = 1000
)

// tickets remembers who entered a right password and owes a code. In memory: a
// restart asks for the password again.
type tickets struct {
	clock sellerdesk.Clock

	mu     sync.Mutex // guards issued
	issued map[[sha256.Size]byte]ticket
}

type ticket struct {
	user  sellerdesk.UserID
	hash  string // of the password that was right
	until time.Time
}

func newTickets(c sellerdesk.Clock) *tickets {
	return &tickets{clock: c, issued: map[[sha256.Size]byte]ticket{}}
}

// issue makes a ticket.
func (t *tickets) issue(user sellerdesk.UserID, hash string) string {
	token, now := randomToken(), t.clock.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.issued) >= maxTickets {
		for h, k := range t.issued {
			if !now.Before(k.until) || len(t.issued) > maxTickets*3/4 {
				delete(t.issued, h)
			}
		}
	}
	t.issued[sha256.Sum256([]byte(token))] = ticket{user, hash, now.Add(ticketLife)}
	return token
}

// find gives a ticket that is good.
func (t *tickets) find(token string) (ticket, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k, ok := t.issued[sha256.Sum256([]byte(token))]
	return k, ok && t.clock.Now().Before(k.until)
}

// take uses a ticket up; false when it was.
func (t *tickets) take(token string) bool {
	hash := sha256.Sum256([]byte(token))
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.issued[hash]
	delete(t.issued, hash)
	return ok
}
