package people

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// MostRoles bounds the roles that a house makes for itself.
const MostRoles = 100

// Roles are the named sets of rights that a house has made for itself.
type Roles struct {
	w       *engine.Work
	journal *journal.Journal
}

// NewRoles makes the handle of a transaction.
func NewRoles(w *engine.Work, j *journal.Journal) Roles { return Roles{w, j} }

// List gives all roles: those that every house has, then those of this one by
// their names.
func (r Roles) List(ctx context.Context) ([]sellerdesk.Role, error) {
	rows, err := r.w.Query(ctx, `SELECT name, title, rights FROM roles ORDER BY name`)
	own, err := engine.Collect(rows, err, scanRole)
	if err != nil {
		return nil, fmt.Errorf("read the roles: %w", err)
	}
	return append(sellerdesk.BuiltInRoles(), own...), nil
}

func scanRole(s engine.Scanner) (r sellerdesk.Role, err error) {
	var rights string
	if err = s.Scan(&r.Name, &r.Title, &rights); err != nil {
		return r, err
	}
	r.Rights, err = readRights(rights)
	return r, err
}

// readRights reads what [writeRights] wrote. A right that this version does not
// know, as after a step back, is left out.
func readRights(s string) (sellerdesk.Rights, error) {
	var names []sellerdesk.Right
	if err := json.Unmarshal([]byte(s), &names); err != nil {
		return 0, fmt.Errorf("read rights: %w", err)
	}
	return sellerdesk.RightsOf(names...), nil
}

func writeRights(r sellerdesk.Rights) string {
	b, _ := json.Marshal(r) // a list of names
	return string(b)
}

// Get gives one role; not_found when there is none.
func (r Roles) Get(ctx context.Context, name sellerdesk.RoleName) (sellerdesk.Role, error) {
	for _, role := range sellerdesk.BuiltInRoles() {
		if role.Name == name {
			return role, nil
		}
	}
	rows, err := r.w.Query(ctx, `SELECT name, title, rights FROM roles WHERE name = $1`, string(name))
	own, err := engine.Collect(rows, err, scanRole)
	if err != nil {
		return sellerdesk.Role{}, fmt.Errorf("read a role: %w", err)
	}
	if len(own) == 0 {
		return sellerdesk.Role{}, engine.Found(engine.ErrNoRow, "role")
	}
	return own[0], nil
}

// Set makes a role or changes it. Where its rights change, the browsers of
// those who have it get other tokens.
func (r Roles) Set(ctx context.Context, role sellerdesk.Role) error {
	var n int
	if err := r.w.One(ctx, `SELECT COUNT(*) FROM roles WHERE name <> $1`, []any{string(role.Name)}, &n); err != nil {
		return fmt.Errorf("count the roles: %w", err)
	}
	if n >= MostRoles {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "There are %d roles already; more cannot be made.", n)
	}
	_, err := r.w.Exec(ctx, `INSERT INTO roles (name, title, rights) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET title = excluded.title, rights = excluded.rights`,
		string(role.Name), text.Clean(string(role.Title)), writeRights(role.Rights))
	if err == nil {
		_, err = r.w.Exec(ctx, `UPDATE sessions SET renew = TRUE WHERE user_id IN (SELECT user_id FROM grants WHERE role = $1)`, string(role.Name))
	}
	if err != nil {
		return fmt.Errorf("keep a role: %w", err)
	}
	changed(r.journal, 0)
	return nil
}

// Remove removes a role that nobody has; one in use is a conflict.
func (r Roles) Remove(ctx context.Context, name sellerdesk.RoleName) error {
	var n int
	if err := r.w.One(ctx, `SELECT COUNT(DISTINCT user_id) FROM grants WHERE role = $1`, []any{string(name)}, &n); err != nil {
		return fmt.Errorf("look who has a role: %w", err)
	}
	if n > 0 {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "%d people have this role: give them another one first.", n)
	}
	gone, err := r.w.Exec(ctx, `DELETE FROM roles WHERE name = $1`, string(name))
	if err != nil {
		return fmt.Errorf("remove a role: %w", err)
	}
	if gone == 0 {
		return engine.Found(engine.ErrNoRow, "role")
	}
	changed(r.journal, 0)
	return nil
}
