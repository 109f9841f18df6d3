package people

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Roles are the verbs on the roles of the house.
type Roles struct{ deps Deps }

// List gives all roles: those that every house has, then those of this one.
func (r *Roles) List(ctx context.Context) (roles []sellerdesk.Role, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
		return nil, err
	}
	err = r.deps.Store.Read(ctx, func(tx *store.Tx) error {
		roles, err = tx.Roles.List(ctx)
		return err
	})
	return roles, err
}

// Set makes a role, or changes one that the house has made. Nobody makes or
// changes a role that holds more than they do themselves.
func (r *Roles) Set(ctx context.Context, role sellerdesk.Role) (out sellerdesk.Role, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
		return out, err
	}
	if err := checkRole(&role); err != nil {
		return out, err
	}
	err = r.deps.Store.Write(ctx, func(tx *store.Tx) error {
		before, err := tx.Roles.Get(ctx, role.Name)
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return err
		}
		if more := (before.Rights | role.Rights) &^ sellerdesk.AccessOf(ctx).House; more != 0 {
			return sellerdesk.Errorf(sellerdesk.CodeForbidden, "You cannot give or take the right %q, which you do not have yourself.", more.List()[0]).InField("rights")
		}
		if err := tx.Roles.Set(ctx, role); err != nil {
			return err
		}
		if out, err = tx.Roles.Get(ctx, role.Name); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditRoleChanged, Text: fmt.Sprintf("Set the role %s.", role.Name), Data: changedRole{out, before.Rights}})
	})
	return out, err
}

// changedRole is the data of a change of a role.
type changedRole struct {
	sellerdesk.Role
	Before sellerdesk.Rights `json:"before"`
}

// roleName is what a role may be called.
var roleName = regexp.MustCompile(`^[\pL\d]+(-[\pL\d]+)*$`)

const longestRole = 40 // characters

// checkRole judges name and rights of a role and cleans its title.
func checkRole(role *sellerdesk.Role) error {
	for _, b := range sellerdesk.BuiltInRoles() {
		if strings.EqualFold(string(b.Name), string(role.Name)) {
			return sellerdesk.Errorf(sellerdesk.CodeConflict, "Every house has the role %s; it cannot be changed.", role.Name).InField("name")
		}
	}
	if name := string(role.Name); len([]rune(name)) > longestRole || !roleName.MatchString(name) {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A role is named by 1 to %d letters and digits, with single hyphens between them.", longestRole).InField("name")
	}
	if role.Rights == 0 {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The role holds no right.").InField("rights")
	}
	role.Title, role.BuiltIn = sellerdesk.Optional(clipped(string(role.Title))), false
	return nil
}

// Remove removes a role that the house has made. One that somebody has is a
// conflict.
func (r *Roles) Remove(ctx context.Context, name sellerdesk.RoleName) error {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
		return err
	}
	for _, b := range sellerdesk.BuiltInRoles() {
		if b.Name == name {
			return sellerdesk.Errorf(sellerdesk.CodeConflict, "Every house has the role %s; it cannot be removed.", name)
		}
	}
	return r.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Roles.Remove(ctx, name); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditRoleRemoved, Text: fmt.Sprintf("Removed the role %s.", shown(string(name)))})
	})
}
