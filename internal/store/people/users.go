package people

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Users are the people who work here.
type Users struct {
	w       *engine.Work
	journal *journal.Journal
	seal    Seal
}

// Seal seals the secret of a second factor, bound to its person.
type Seal interface {
	Factor(id sellerdesk.UserID, secret sellerdesk.Secret) []byte
	OpenFactor(id sellerdesk.UserID, sealed []byte) (sellerdesk.Secret, error)
}

// NewUsers makes the handle of a transaction.
func NewUsers(w *engine.Work, j *journal.Journal, s Seal) Users { return Users{w, j, s} }

// Preferences change how a person sees things; nil leaves a field as is.
type Preferences struct {
	Name     *string
	Language *sellerdesk.Language
	Theme    *string
	// Shortcuts are kept as they are: who gives them has checked them.
	Shortcuts *sellerdesk.Shortcuts
}

// oldEnough is how far back from a person's first day a buyer's word counts as
// unread.
const oldEnough = 7 * 24 * time.Hour

const userColumns = `id, name, COALESCE(login, ''), owner, factor IS NOT NULL, disabled_at, language, theme, shortcuts, read_floor, created_at`

func scanUser(s engine.Scanner) (u sellerdesk.User, err error) {
	var floor, created int64
	var disabled *int64
	var keys string
	if err = s.Scan(&u.ID, &u.Name, &u.Login, &u.Owner, &u.SecondFactor, &disabled, &u.Language, &u.Theme, &keys, &floor, &created); err != nil {
		return u, err
	}
	if keys != "" {
		err = json.Unmarshal([]byte(keys), &u.Shortcuts)
	}
	if u.Shortcuts.Keys == nil {
		u.Shortcuts.Keys = map[sellerdesk.Command]string{}
	}
	u.ReadFloor, u.CreatedAt, u.DisabledAt = sellerdesk.AtMillis(floor), sellerdesk.AtMillis(created), engine.Moment(disabled)
	u.Grants = []sellerdesk.Grant{}
	return u, err
}

// read reads people with their grants.
func (u Users) read(ctx context.Context, rest string, args ...any) ([]sellerdesk.User, error) {
	rows, err := u.w.Query(ctx, `SELECT `+userColumns+` FROM users `+rest, args...)
	users, err := engine.Collect(rows, err, scanUser)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	return users, u.addGrants(ctx, users)
}

// pick reads the one person a condition names.
func (u Users) pick(ctx context.Context, condition string, args ...any) (sellerdesk.User, error) {
	users, err := u.read(ctx, `WHERE `+condition, args...)
	if err != nil {
		return sellerdesk.User{}, err
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

// Most bounds how many people a house has.
const Most = 1000

// List gives everybody, the owner first, then in the order in which they came.
func (u Users) List(ctx context.Context) ([]sellerdesk.User, error) {
	return u.read(ctx, `ORDER BY owner DESC, id LIMIT `+strconv.Itoa(Most))
}

// Create makes a person who has no login yet. What buyers wrote before today
// counts as read to them.
func (u Users) Create(ctx context.Context, name string, language sellerdesk.Language) (sellerdesk.User, error) {
	var n int
	if err := u.w.One(ctx, `SELECT COUNT(*) FROM users`, nil, &n); err != nil {
		return sellerdesk.User{}, fmt.Errorf("count people: %w", err)
	}
	if n >= Most {
		return sellerdesk.User{}, sellerdesk.Errorf(sellerdesk.CodeConflict, "There are %d people already; more cannot be invited.", n)
	}
	now := u.w.Now()
	var id sellerdesk.UserID
	err := u.w.One(ctx, `INSERT INTO users (name, login, password, owner, language, theme, read_floor, created_at)
		VALUES ($1, NULL, '', FALSE, $2, '', $3, $4) RETURNING id`, []any{text.Clean(name), string(language), now.Millis(), now.Millis()}, &id)
	if err != nil {
		return sellerdesk.User{}, fmt.Errorf("make a person: %w", err)
	}
	changed(u.journal, id)
	return u.Get(ctx, id)
}

// SetDisabled lets a person sign in no more, or again. Who is disabled has no
// sessions, no links and no keys from then on: none comes back with the person.
func (u Users) SetDisabled(ctx context.Context, id sellerdesk.UserID, disabled bool) error {
	var at any
	if disabled {
		at = u.w.Now().Millis()
		for _, statement := range []string{`DELETE FROM sessions WHERE user_id = $1`, `DELETE FROM links WHERE user_id = $1`} {
			if _, err := u.w.Exec(ctx, statement, int64(id)); err != nil {
				return fmt.Errorf("end the sessions of a person: %w", err)
			}
		}
		if _, err := u.w.Exec(ctx, `UPDATE keys SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL`, int64(id), at); err != nil {
			return fmt.Errorf("revoke the keys of a person: %w", err)
		}
	}
	if _, err := u.w.Exec(ctx, `UPDATE users SET disabled_at = $2 WHERE id = $1`, int64(id), at); err != nil {
		return fmt.Errorf("disable a person: %w", err)
	}
	changed(u.journal, id)
	return nil
}

// changed tells that somebody may see and do something else now; 0: many.
func changed(j *journal.Journal, id sellerdesk.UserID) {
	j.Add(sellerdesk.EventAccessChanged, 0, 0, sellerdesk.AccessEvent{User: id})
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
	changed(u.journal, id)
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
	if p.Shortcuts != nil {
		user.Shortcuts = p.Shortcuts.Differing()
	}
	keys, err := json.Marshal(user.Shortcuts)
	if err != nil {
		return user, fmt.Errorf("write the keys of a person: %w", err)
	}
	if _, err := u.w.Exec(ctx, `UPDATE users SET name = $2, language = $3, theme = $4, shortcuts = $5 WHERE id = $1`,
		int64(id), user.Name, string(user.Language), user.Theme, string(keys)); err != nil {
		return user, fmt.Errorf("change preferences: %w", err)
	}
	return user, nil
}
