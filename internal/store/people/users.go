package people

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Users are the people who work here.
type Users struct{ w *engine.Work }

// NewUsers makes the handle of a transaction.
func NewUsers(w *engine.Work) Users { return Users{w} }

// Preferences change how a person sees things; nil leaves a field as is.
type Preferences struct {
	Name     *string
	Language *sellerdesk.Language
	Theme    *string
}

// oldEnough is how far back from a person's first day a buyer's word counts as
// unread.
const oldEnough = 7 * 24 * time.Hour

const userColumns = `id, name, COALESCE(login, ''), owner, language, theme, read_floor, created_at`

func scanUser(s engine.Scanner) (u sellerdesk.User, err error) {
	var floor, created int64
	err = s.Scan(&u.ID, &u.Name, &u.Login, &u.Owner, &u.Language, &u.Theme, &floor, &created)
	u.ReadFloor, u.CreatedAt, u.Grants = sellerdesk.AtMillis(floor), sellerdesk.AtMillis(created), []sellerdesk.Grant{}
	return u, err
}

// pick reads the one person a condition names.
func (u Users) pick(ctx context.Context, condition string, args ...any) (sellerdesk.User, error) {
	rows, err := u.w.Query(ctx, `SELECT `+userColumns+` FROM users WHERE `+condition, args...)
	users, err := engine.Collect(rows, err, scanUser)
	if err != nil {
		return sellerdesk.User{}, fmt.Errorf("read a user: %w", err)
	}
	if len(users) == 0 {
		return sellerdesk.User{}, engine.Found(engine.ErrNoRow, "user")
	}
	return users[0], nil
}

// EnsureOwner makes the owner in an empty database, so that there is somebody
// to act for before anybody signed in.
func (u Users) EnsureOwner(ctx context.Context) error {
	var n int
	if err := u.w.One(ctx, `SELECT COUNT(*) FROM users`, nil, &n); err != nil || n > 0 {
		return err
	}
	now := u.w.Now()
	_, err := u.w.Exec(ctx, `INSERT INTO users (name, login, password, owner, language, theme, read_floor, created_at)
		VALUES ('', NULL, '', TRUE, $1, '', $2, $3)`, string(sellerdesk.Russian), now.Add(-oldEnough).UnixMilli(), now.Millis())
	return err
}

// Owner gives the owner, who always exists, and whether a password is set.
func (u Users) Owner(ctx context.Context) (owner sellerdesk.User, hasPassword bool, err error) {
	owner, err = u.pick(ctx, `owner = TRUE ORDER BY id LIMIT 1`)
	if err != nil {
		return owner, false, err
	}
	hash, err := u.PasswordHash(ctx, owner.ID)
	return owner, hash != "", err
}

// Get gives one person.
func (u Users) Get(ctx context.Context, id sellerdesk.UserID) (sellerdesk.User, error) {
	return u.pick(ctx, `id = $1`, int64(id))
}

// ByLogin finds a person by what he signs in with, in any case of letters.
func (u Users) ByLogin(ctx context.Context, login string) (sellerdesk.User, error) {
	return u.pick(ctx, `login = $1`, loginKey(login))
}

// loginKey is how a login is kept: folded here, because the engines fold
// letters in different ways.
func loginKey(login string) string { return text.Fold(text.Key(login)) }

// PasswordHash gives the encoded hash; "" when no password is set.
func (u Users) PasswordHash(ctx context.Context, id sellerdesk.UserID) (hash string, err error) {
	err = u.w.One(ctx, `SELECT password FROM users WHERE id = $1`, []any{int64(id)}, &hash)
	return hash, engine.Found(err, "user")
}

// SetPassword sets what a person signs in with: login, name as colleagues see
// it ("" leaves it) and the encoded hash of the password. A login of somebody
// else is a conflict.
func (u Users) SetPassword(ctx context.Context, id sellerdesk.UserID, login, name, hash string) error {
	old, err := u.Get(ctx, id)
	if err != nil {
		return err
	}
	if name == "" {
		name = old.Name
	}
	other, err := u.ByLogin(ctx, login)
	if err == nil && other.ID != id {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "Somebody else signs in with this login.").InField("login")
	}
	if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		return err
	}
	if _, err := u.w.Exec(ctx, `UPDATE users SET login = $2, name = $3, password = $4 WHERE id = $1`,
		int64(id), loginKey(login), text.Clean(name), hash); err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	return nil
}

// Update changes preferences.
func (u Users) Update(ctx context.Context, id sellerdesk.UserID, p Preferences) (sellerdesk.User, error) {
	user, err := u.Get(ctx, id)
	if err != nil {
		return user, err
	}
	if p.Name != nil {
		user.Name = text.Clean(*p.Name)
	}
	if p.Language != nil {
		user.Language = *p.Language
	}
	if p.Theme != nil {
		user.Theme = *p.Theme
	}
	if _, err := u.w.Exec(ctx, `UPDATE users SET name = $2, language = $3, theme = $4 WHERE id = $1`,
		int64(id), user.Name, string(user.Language), user.Theme); err != nil {
		return user, fmt.Errorf("change preferences: %w", err)
	}
	return user, nil
}

// Sessions are the browsers that are signed in. Tokens are kept as hashes only.
type Sessions struct{ w *engine.Work }

// NewSessions makes the handle of a transaction.
func NewSessions(w *engine.Work) Sessions { return Sessions{w} }

// Create keeps a session until expires, and forgets those that have expired.
func (s Sessions) Create(ctx context.Context, user sellerdesk.UserID, tokenHash []byte, expires sellerdesk.Time) error {
	if _, err := s.w.Exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, s.w.Now().Millis()); err != nil {
		return fmt.Errorf("forget old sessions: %w", err)
	}
	if _, err := s.w.Exec(ctx, `INSERT INTO sessions (token_hash, user_id, address, agent, created_at, used_at, expires_at)
		VALUES ($1, $2, '', '', $3, $3, $4)`, tokenHash, int64(user), s.w.Now().Millis(), expires.Millis()); err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	return nil
}

// Get gives the person of a session that has not expired.
func (s Sessions) Get(ctx context.Context, tokenHash []byte) (sellerdesk.User, error) {
	var id sellerdesk.UserID
	err := s.w.One(ctx, `SELECT user_id FROM sessions WHERE token_hash = $1 AND expires_at > $2`,
		[]any{tokenHash, s.w.Now().Millis()}, &id)
	if err != nil {
		return sellerdesk.User{}, engine.Found(err, "session")
	}
	return NewUsers(s.w).Get(ctx, id)
}

// Delete ends a session; one that is not there is no error.
func (s Sessions) Delete(ctx context.Context, tokenHash []byte) error {
	_, err := s.w.Exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, tokenHash)
	return err
}

// Links are one-time links that let the owner in. Tokens are kept as hashes only.
type Links struct{ w *engine.Work }

// NewLinks makes the handle of a transaction.
func NewLinks(w *engine.Work) Links { return Links{w} }

// Create keeps a link until expires, in place of all earlier ones.
func (l Links) Create(ctx context.Context, tokenHash []byte, expires sellerdesk.Time) error {
	_, err := l.w.Exec(ctx, `DELETE FROM links`)
	if err == nil {
		_, err = l.w.Exec(ctx, `INSERT INTO links (token_hash, user_id, expires_at)
			SELECT $1, id, $2 FROM users WHERE owner = TRUE`, tokenHash, expires.Millis())
	}
	if err != nil {
		return fmt.Errorf("keep a link: %w", err)
	}
	return nil
}

// Works tells whether a link can be used now.
func (l Links) Works(ctx context.Context, tokenHash []byte) (bool, error) {
	var n int
	err := l.w.One(ctx, `SELECT COUNT(*) FROM links WHERE token_hash = $1 AND expires_at > $2`, []any{tokenHash, l.w.Now().Millis()}, &n)
	return n > 0, err
}

// Use takes a link; it is not_found when it was used, has expired or never was.
func (l Links) Use(ctx context.Context, tokenHash []byte) error {
	var hash []byte
	err := l.w.One(ctx, `DELETE FROM links WHERE token_hash = $1 AND expires_at > $2 RETURNING token_hash`,
		[]any{tokenHash, l.w.Now().Millis()}, &hash)
	if errors.Is(err, engine.ErrNoRow) {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "This link was used already or has expired.")
	}
	return err
}
