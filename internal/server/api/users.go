package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
)

// users are the operations on the people who work here and their roles.
type users struct{ *api }

// mount registers them.
func (a users) mount() {
	const right = sellerdesk.RightPeople
	tags := []string{"people"}
	register(a.api, right, huma.Operation{
		OperationID: "listUsers", Method: http.MethodGet, Path: "/v1/users", Tags: tags,
		Summary: "List the people who work here", Description: "The owner first, then in the order in which they came; those who are disabled too.",
	}, a.list)
	register(a.api, right, huma.Operation{
		OperationID: "inviteUser", Method: http.MethodPost, Path: "/v1/users", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary:     "Invite a person",
		Description: "The link of the answer works once, within 72 hours; behind it the person chooses login and password. Nobody gives rights that they do not hold themselves.",
	}, a.invite)
	register(a.api, right, huma.Operation{
		OperationID: "getUser", Method: http.MethodGet, Path: "/v1/users/{id}", Tags: tags,
		Summary: "Get a person who works here",
	}, a.get)
	register(a.api, right, huma.Operation{
		OperationID: "changeUser", Method: http.MethodPatch, Path: "/v1/users/{id}", Tags: tags,
		Summary: "Change a person's name and rights",
		Description: "Absent fields stay as they are; grants take the place of all before, and count from the next request on. " +
			"Who may do less than the person may not. The owner keeps all rights and cannot be disabled.",
	}, a.change)
	register(a.api, right, huma.Operation{
		OperationID: "disableUser", Method: http.MethodDelete, Path: "/v1/users/{id}", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Disable a person", Description: "Sessions, links and keys end. What the person did stays; changing disabled to false lets them in again.",
	}, a.disable)
	register(a.api, right, huma.Operation{
		OperationID: "linkUser", Method: http.MethodPost, Path: "/v1/users/{id}/link", Tags: tags,
		Summary: "Make a new one-time link for a person", Description: "Login and password are chosen anew behind it; earlier links no longer work. Nobody makes one for themselves.",
	}, a.link)
	register(a.api, right, huma.Operation{
		OperationID: "listRoles", Method: http.MethodGet, Path: "/v1/roles", Tags: tags,
		Summary: "List the roles", Description: "Those that every house has, then those of this one.",
	}, a.roles)
	register(a.api, right, huma.Operation{
		OperationID: "setRole", Method: http.MethodPut, Path: "/v1/roles/{name}", Tags: tags,
		Summary: "Make or change a role", Description: "Letters and digits, with single hyphens between them, up to 40 characters. The roles that every house has cannot be changed.",
	}, a.setRole)
	register(a.api, right, huma.Operation{
		OperationID: "removeRole", Method: http.MethodDelete, Path: "/v1/roles/{name}", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Remove a role", Description: "One that somebody has is a conflict.",
	}, a.removeRole)
}

// UserPath names a person who works here.
type UserPath struct {
	ID sellerdesk.UserID `path:"id" minimum:"1"`
}

// GrantInput is a grant in a request.
type GrantInput struct {
	Role    sellerdesk.RoleName    `json:"role" minLength:"1" maxLength:"100"`
	Account *sellerdesk.AccountID  `json:"account,omitempty" nullable:"true" minimum:"1" doc:"Only in this account"`
	Channel sellerdesk.ChannelKind `json:"channel,omitempty" maxLength:"50" doc:"Only in accounts of this channel, those to come too"`
}

func grantsOf(in []GrantInput) []sellerdesk.Grant {
	grants := []sellerdesk.Grant{}
	for _, g := range in {
		grants = append(grants, sellerdesk.Grant(g))
	}
	return grants
}

// InvitationAnswer is a person with a link to come in by.
type InvitationAnswer struct {
	User      sellerdesk.User     `json:"user"`
	Link      sellerdesk.Optional `json:"link" doc:"Path on this server. Told once: an answer that is repeated for its Idempotency-Key leaves it out"`
	ExpiresAt sellerdesk.Time     `json:"expires_at"`
}

func invited(i desk.Invitation) *output[InvitationAnswer] {
	return &output[InvitationAnswer]{Body: InvitationAnswer{User: i.User, Link: sellerdesk.Optional(server.LinkPath + i.Token), ExpiresAt: i.ExpiresAt}}
}

func (a users) list(ctx context.Context, _ *struct{}) (*pageOutput[sellerdesk.User], error) {
	list, err := a.desk.Users.List(ctx)
	return paged(list, ""), err
}

type inviteInput struct {
	Body struct {
		Name     string              `json:"name" minLength:"1" maxLength:"200" doc:"As colleagues see it"`
		Grants   []GrantInput        `json:"grants" maxItems:"200"`
		Language sellerdesk.Language `json:"language,omitempty" doc:"Of the screens; absent for that of who invites"`
	} `nameHint:"NewUser"`
}

func (a users) invite(ctx context.Context, in *inviteInput) (*output[InvitationAnswer], error) {
	i, err := a.desk.Users.Invite(ctx, desk.InviteInput{Name: in.Body.Name, Grants: grantsOf(in.Body.Grants), Language: in.Body.Language})
	return invited(i), err
}

func (a users) get(ctx context.Context, in *UserPath) (*output[sellerdesk.User], error) {
	user, err := a.desk.Users.Get(ctx, in.ID)
	return &output[sellerdesk.User]{Body: user}, err
}

type changeUserInput struct {
	UserPath
	Body struct {
		Name         *string       `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Grants       *[]GrantInput `json:"grants,omitempty" maxItems:"200"`
		Disabled     *bool         `json:"disabled,omitempty"`
		SecondFactor *bool         `json:"second_factor,omitempty" enum:"false" doc:"false removes that of somebody else who lost it"`
	} `nameHint:"UserChange"`
}

func (a users) change(ctx context.Context, in *changeUserInput) (*output[sellerdesk.User], error) {
	c := desk.ChangeUser{Name: in.Body.Name, Disabled: in.Body.Disabled, DropFactor: in.Body.SecondFactor != nil && !*in.Body.SecondFactor}
	if in.Body.Grants != nil {
		grants := grantsOf(*in.Body.Grants)
		c.Grants = &grants
	}
	user, err := a.desk.Users.Change(ctx, in.ID, c)
	return &output[sellerdesk.User]{Body: user}, err
}

func (a users) disable(ctx context.Context, in *UserPath) (*struct{}, error) {
	return nil, a.desk.Users.Disable(ctx, in.ID)
}

func (a users) link(ctx context.Context, in *UserPath) (*output[InvitationAnswer], error) {
	i, err := a.desk.Users.NewLink(ctx, in.ID)
	return invited(i), err
}

func (a users) roles(ctx context.Context, _ *struct{}) (*pageOutput[sellerdesk.Role], error) {
	list, err := a.desk.Roles.List(ctx)
	return paged(list, ""), err
}

// RolePath names a role.
type RolePath struct {
	Name sellerdesk.RoleName `path:"name" minLength:"1" maxLength:"100"`
}

type setRoleInput struct {
	RolePath
	Body struct {
		Title  string            `json:"title,omitempty" maxLength:"200" doc:"As people call it"`
		Rights sellerdesk.Rights `json:"rights"`
	} `nameHint:"RoleChange"`
}

func (a users) setRole(ctx context.Context, in *setRoleInput) (*output[sellerdesk.Role], error) {
	role, err := a.desk.Roles.Set(ctx, sellerdesk.Role{Name: in.Name, Title: sellerdesk.Optional(in.Body.Title), Rights: in.Body.Rights})
	return &output[sellerdesk.Role]{Body: role}, err
}

func (a users) removeRole(ctx context.Context, in *RolePath) (*struct{}, error) {
	return nil, a.desk.Roles.Remove(ctx, in.Name)
}
