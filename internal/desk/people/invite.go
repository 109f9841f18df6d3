package people

import (
	"context"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Invitation is a person with the one-time link to come in by.
type Invitation struct {
	User      sellerdesk.User `json:"user"`
	Token     string          `json:"-"` // of the link; shown once
	ExpiresAt sellerdesk.Time `json:"expires_at"`
}

// List gives everybody who works here, the owner first.
func (u *Users) List(ctx context.Context) (users []sellerdesk.User, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
		return nil, err
	}
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) error {
		users, err = tx.Users.List(ctx)
		return err
	})
	return users, err
}

// Get gives one person: oneself, or with the right people anybody.
func (u *Users) Get(ctx context.Context, id sellerdesk.UserID) (user sellerdesk.User, err error) {
	if by := sellerdesk.AccessOf(ctx); by.User != id || id == 0 {
		if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
			return user, err
		}
	}
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) error {
		user, err = tx.Users.Get(ctx, id)
		return err
	})
	return user, err
}

// InviteInput names a person who is to work here.
type InviteInput struct {
	Name     string // as colleagues see it
	Grants   []sellerdesk.Grant
	Language sellerdesk.Language // "": that of the one who invites
}

// Invite makes a person and a link behind which they choose login and password,
// once, within 72 hours. Nobody gives rights that they do not hold.
func (u *Users) Invite(ctx context.Context, in InviteInput) (out Invitation, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
		return out, err
	}
	name, err := personName(in.Name)
	if err != nil {
		return out, err
	}
	if in.Language != "" && !knownLanguage(in.Language) {
		return out, errLanguage()
	}
	out.Token, out.ExpiresAt = randomToken(), sellerdesk.At(u.deps.Clock.Now().Add(linkLife))
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		grants, err := u.grantable(ctx, tx, in.Grants)
		if err != nil {
			return err
		}
		language := in.Language
		if language == "" {
			if language, err = languageOf(ctx, tx); err != nil {
				return err
			}
		}
		if out.User, err = tx.Users.Create(ctx, name, language); err != nil {
			return err
		}
		if err := tx.Users.SetGrants(ctx, out.User.ID, grants); err != nil {
			return err
		}
		if err := tx.Links.Create(ctx, out.User.ID, tokenHash(out.Token), out.ExpiresAt); err != nil {
			return err
		}
		if out.User, err = tx.Users.Get(ctx, out.User.ID); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditPersonInvited, Text: fmt.Sprintf("Invited %q.", name),
			Data: concerned{User: out.User.ID, Name: name, Grants: grants}})
	})
	return out, err
}

// languageOf is the language of whoever asks; Russian for the program itself.
func languageOf(ctx context.Context, tx *store.Tx) (sellerdesk.Language, error) {
	by := sellerdesk.AccessOf(ctx)
	if by.User == 0 {
		return sellerdesk.Russian, nil
	}
	user, err := tx.Users.Get(ctx, by.User)
	return user.Language, err
}

func personName(s string) (string, error) {
	name := clipped(s)
	if name == "" {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "The name is empty.").InField("name")
	}
	return name, nil
}

// ChangeUser changes a person; nil leaves a field as is.
type ChangeUser struct {
	Name     *string
	Grants   *[]sellerdesk.Grant // in place of all before
	Disabled *bool               // false lets one who was disabled in again
	// DropFactor removes the second factor of somebody else who lost it.
	DropFactor bool
}

// Change changes a person. Who may do less than the person may not: nobody acts
// on those above them. The owner keeps all rights and stays enabled.
func (u *Users) Change(ctx context.Context, id sellerdesk.UserID, c ChangeUser) (user sellerdesk.User, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
		return user, err
	}
	if c.Name != nil {
		name, err := personName(*c.Name)
		if err != nil {
			return user, err
		}
		c.Name = &name
	}
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if user, err = below(ctx, tx, id); err != nil {
			return err
		}
		if err := u.change(ctx, tx, user, c); err != nil {
			return err
		}
		user, err = tx.Users.Get(ctx, id)
		return err
	})
	u.standing.forget()
	return user, err
}

// notOneself refuses what would change how one signs in oneself without proof of
// being there, as a browser left open or a key has none.
func notOneself(ctx context.Context, id sellerdesk.UserID) error {
	if by := sellerdesk.AccessOf(ctx); by.User != 0 && by.User == id {
		return sellerdesk.Errorf(sellerdesk.CodeForbidden, "Change how you sign in yourself in your own settings, with your password.")
	}
	return nil
}

func (u *house) change(ctx context.Context, tx *store.Tx, user sellerdesk.User, c ChangeUser) error {
	if c.DropFactor {
		if err := notOneself(ctx, user.ID); err != nil {
			return err
		}
	}
	if user.Owner && (c.Grants != nil || c.Disabled != nil && *c.Disabled) {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "The owner always has all rights and cannot be disabled.")
	}
	if c.Name != nil && *c.Name != user.Name {
		if _, err := tx.Users.Update(ctx, user.ID, store.Preferences{Name: c.Name}); err != nil {
			return err
		}
		if err := tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditPersonChanged, Text: fmt.Sprintf("Named %q %q.", user.Name, *c.Name),
			Data: concerned{User: user.ID, Name: *c.Name}}); err != nil {
			return err
		}
	}
	if c.Grants != nil {
		grants, err := u.grantable(ctx, tx, *c.Grants)
		if err != nil {
			return err
		}
		if err := tx.Users.SetGrants(ctx, user.ID, grants); err != nil {
			return err
		}
		if err := tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditPersonChanged, Text: fmt.Sprintf("Changed the rights of %q.", user.Name),
			Data: concerned{User: user.ID, Name: user.Name, Grants: grants, Before: user.Grants}}); err != nil {
			return err
		}
	}
	if c.DropFactor && user.SecondFactor {
		if err := tx.Users.RemoveFactor(ctx, user.ID); err != nil {
			return err
		}
		if err := tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditFactorRemoved, Text: fmt.Sprintf("Removed the second factor of %q.", user.Name),
			Data: concerned{User: user.ID, Name: user.Name}}); err != nil {
			return err
		}
	}
	return u.able(ctx, tx, user, c.Disabled)
}

// able disables a person or lets one who was disabled in again.
func (u *house) able(ctx context.Context, tx *store.Tx, user sellerdesk.User, disabled *bool) error {
	if disabled == nil || *disabled == (user.DisabledAt != nil) {
		return nil
	}
	if err := tx.Users.SetDisabled(ctx, user.ID, *disabled); err != nil {
		return err
	}
	kind, text := sellerdesk.AuditPersonRemoved, "Disabled %q."
	if !*disabled {
		kind, text = sellerdesk.AuditPersonChanged, "Enabled %q again."
	}
	return tx.Audit.Note(ctx, store.Deed{Kind: kind, Text: fmt.Sprintf(text, user.Name), Data: concerned{User: user.ID, Name: user.Name}})
}

// Disable lets a person sign in no more: sessions, links and keys end. What the
// person did stays, and [Users.Change] lets them in again.
func (u *Users) Disable(ctx context.Context, id sellerdesk.UserID) error {
	yes := true
	_, err := u.Change(ctx, id, ChangeUser{Disabled: &yes})
	return err
}

// NewLink makes another one-time link for somebody else, who chooses login and
// password anew behind it; earlier links no longer work.
func (u *Users) NewLink(ctx context.Context, id sellerdesk.UserID) (out Invitation, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightPeople, 0); err != nil {
		return out, err
	}
	if err := notOneself(ctx, id); err != nil {
		return out, err
	}
	out.Token, out.ExpiresAt = randomToken(), sellerdesk.At(u.deps.Clock.Now().Add(linkLife))
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if out.User, err = below(ctx, tx, id); err != nil {
			return err
		}
		if out.User.DisabledAt != nil {
			return sellerdesk.Errorf(sellerdesk.CodeConflict, "This person is disabled: enable them first.")
		}
		if err := tx.Links.Create(ctx, id, tokenHash(out.Token), out.ExpiresAt); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditPersonInvited, Text: fmt.Sprintf("Made a new link for %q.", out.User.Name),
			Data: concerned{User: id, Name: out.User.Name}})
	})
	return out, err
}

// below reads a person on whom the one who asks may act: one who may do nothing
// that the other may not. Otherwise a new link would be a way up.
func below(ctx context.Context, tx *store.Tx, id sellerdesk.UserID) (sellerdesk.User, error) {
	user, err := tx.Users.Get(ctx, id)
	if err != nil {
		return user, err
	}
	by := sellerdesk.AccessOf(ctx)
	if user.Owner && by.User != id && by.User != 0 {
		return user, sellerdesk.Errorf(sellerdesk.CodeForbidden, "Only the owner changes the owner.")
	}
	access, err := grantedIn(ctx, tx, user)
	if err != nil {
		return user, err
	}
	if !covers(by, access) {
		return user, sellerdesk.Errorf(sellerdesk.CodeForbidden, "This person has rights that you do not have.")
	}
	return user, nil
}

// grantable judges grants: that they make sense, and that whoever gives them
// holds what they give.
func (u *house) grantable(ctx context.Context, tx *store.Tx, grants []sellerdesk.Grant) ([]sellerdesk.Grant, error) {
	if len(grants) > store.MostGrants {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A person has up to %d roles.", store.MostGrants).InField("grants")
	}
	roles, err := tx.Roles.List(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := tx.Accounts.List(asProgram(ctx))
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		if err := u.grantMakesSense(g, roles, accounts); err != nil {
			return nil, err
		}
	}
	asked := granted(sellerdesk.User{Grants: grants}, roles, accounts)
	for _, g := range grants {
		// What is given for a channel counts in accounts to come too, which only
		// the rights of the whole house cover.
		if i := slices.IndexFunc(roles, func(r sellerdesk.Role) bool { return r.Name == g.Role }); g.Channel != "" {
			asked.House |= ofCabinets(roles[i].Rights)
		}
	}
	if !covers(sellerdesk.AccessOf(ctx), asked) {
		return nil, sellerdesk.Errorf(sellerdesk.CodeForbidden, "You cannot give rights that you do not have yourself.").InField("grants")
	}
	return grants, nil
}

func (u *house) grantMakesSense(g sellerdesk.Grant, roles []sellerdesk.Role, accounts []sellerdesk.Account) error {
	var err *sellerdesk.Error
	switch {
	case !slices.ContainsFunc(roles, func(r sellerdesk.Role) bool { return r.Name == g.Role }):
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no role %q.", shown(string(g.Role)))
	case g.Account != nil && g.Channel != "":
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "A role is given for an account or for a channel, not both.")
	case g.Account != nil && !slices.ContainsFunc(accounts, func(a sellerdesk.Account) bool { return a.ID == *g.Account }):
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no account %d.", *g.Account)
	case g.Channel != "" && !u.knownChannel(g.Channel):
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no channel %q.", shown(string(g.Channel)))
	default:
		return nil
	}
	return err.InField("grants")
}

func (u *house) knownChannel(kind sellerdesk.ChannelKind) bool {
	return slices.Contains(u.deps.Channels, kind)
}

// concerned is the data of a deed that is done to a person.
type concerned struct {
	User sellerdesk.UserID `json:"user"`
	Name string            `json:"name"`
	// What changed; absent where it did not.
	Grants []sellerdesk.Grant `json:"grants,omitempty"`
	Before []sellerdesk.Grant `json:"before,omitempty"`
}
