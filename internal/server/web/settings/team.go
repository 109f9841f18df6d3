package settings

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
)

// teamPages are the pages of the people who work here.
type teamPages struct{ *pages }

func (p teamPages) mount() {
	p.Person("GET "+peoplePath, p.list)
	p.Person("POST "+peoplePath, p.invite)
	p.Person("GET "+peoplePath+"/new", p.inviteForm)
	p.Person("GET "+peoplePath+"/{id}", p.one)
	p.Person("POST "+peoplePath+"/{id}", p.edit)
	p.Person("POST "+peoplePath+"/{id}/{change}", p.change)
	p.Person("POST "+peoplePath+"/{id}/sessions/{session}/end", p.endSession)
}

// team reads what the pages of people stand on.
func (p teamPages) team(r *http.Request) (t teamView, err error) {
	if t.People, err = p.desk.Users.List(r.Context()); err != nil {
		return t, err
	}
	if t.Roles, err = p.desk.Roles.List(r.Context()); err != nil {
		return t, err
	}
	t.Accounts, err = p.accounts(r.Context())
	t.Titles = p.titles()
	return t, err
}

func (p teamPages) list(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	t, err := p.team(r)
	if err != nil {
		return err
	}
	v := p.view(r, user, peoplePath)
	return p.Show(w, r, user, http.StatusOK, v.Pages.Team, peoplePage(v, t))
}

// inviteForm asks whom to invite.
func (p teamPages) inviteForm(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return p.showInvite(w, r, user, http.StatusOK, form{})
}

func (p teamPages) showInvite(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	t, err := p.team(r)
	if err != nil {
		return err
	}
	v := p.view(r, user, peoplePath)
	return p.Show(w, r, user, status, v.Team.InviteTitle, invitePage(v, personView{teamView: t, Form: f}))
}

// invite makes a person and shows the link to hand over.
func (p teamPages) invite(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := parse(r); err != nil {
		return err
	}
	made, err := p.desk.Users.Invite(r.Context(), desk.InviteInput{Name: r.PostForm.Get("name"), Grants: readGrants(r.PostForm, nil)})
	if err != nil {
		f, status, err := p.failed(r, user, "person", err)
		if err != nil {
			return err
		}
		return p.showInvite(w, r, user, status, f)
	}
	return p.showLink(w, r, user, made)
}

func (p teamPages) showLink(w http.ResponseWriter, r *http.Request, user sellerdesk.User, made desk.Invitation) error {
	v := p.view(r, user, peoplePath)
	return p.Show(w, r, user, http.StatusOK, v.Team.Invited, invitedPage(v, made.User, p.Base(r)+server.LinkPath+url.PathEscape(made.Token)))
}

// one is the page of a person.
func (p teamPages) one(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return p.showOne(w, r, user, http.StatusOK, form{})
}

func (p teamPages) showOne(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	n, err := pathID[sellerdesk.UserID](r, "id")
	if err != nil {
		return err
	}
	page := personView{Form: f}
	if page.teamView, err = p.team(r); err != nil {
		return err
	}
	i := slices.IndexFunc(page.People, func(u sellerdesk.User) bool { return u.ID == n })
	if i < 0 {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such person.")
	}
	page.User = page.People[i]
	if page.Sessions, err = p.desk.Sessions.List(r.Context(), n); err != nil {
		return err
	}
	v := p.view(r, user, peoplePath)
	switch r.URL.Query().Get("done") {
	case "saved":
		page.Done = v.Team.Saved
	case "ended":
		page.Done = v.Team.Ended
	}
	return p.Show(w, r, user, status, nameOf(v, page.User), personPage(v, page))
}

// edit changes name and roles of a person.
func (p teamPages) edit(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	n, err := pathID[sellerdesk.UserID](r, "id")
	if err == nil {
		err = parse(r)
	}
	if err != nil {
		return err
	}
	before, err := p.desk.Users.Get(r.Context(), n)
	if err != nil {
		return err
	}
	name, grants := r.PostForm.Get("name"), readGrants(r.PostForm, before.Grants)
	change := desk.ChangeUser{Name: &name}
	if !sameGrants(grants, before.Grants) {
		change.Grants = &grants
	}
	if _, err := p.desk.Users.Change(r.Context(), n, change); err != nil {
		f, status, err := p.failed(r, user, "person", err)
		if err != nil {
			return err
		}
		return p.showOne(w, r, user, status, f)
	}
	http.Redirect(w, r, peoplePath+"/"+id(n)+"?done=saved", http.StatusSeeOther)
	return nil
}

// change does one thing to a person.
func (p teamPages) change(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	n, err := pathID[sellerdesk.UserID](r, "id")
	if err != nil {
		return err
	}
	yes, no, done := true, false, "saved"
	switch r.PathValue("change") {
	case "link":
		made, err := p.desk.Users.NewLink(r.Context(), n)
		if err != nil {
			return err
		}
		return p.showLink(w, r, user, made)
	case "disable":
		_, err = p.desk.Users.Change(r.Context(), n, desk.ChangeUser{Disabled: &yes})
	case "enable":
		_, err = p.desk.Users.Change(r.Context(), n, desk.ChangeUser{Disabled: &no})
	case "factor":
		_, err = p.desk.Users.Change(r.Context(), n, desk.ChangeUser{DropFactor: true})
	case "sessions":
		_, err = p.desk.Sessions.RevokeOthers(r.Context(), n)
		done = "ended"
	default:
		err = sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, peoplePath+"/"+id(n)+"?done="+done, http.StatusSeeOther)
	return nil
}

func (p teamPages) endSession(w http.ResponseWriter, r *http.Request, _ sellerdesk.User) error {
	n, err := pathID[sellerdesk.UserID](r, "id")
	if err != nil {
		return err
	}
	session, err := pathID[sellerdesk.SessionID](r, "session")
	if err == nil {
		err = p.desk.Sessions.Revoke(r.Context(), session)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, peoplePath+"/"+id(n)+"?done=ended", http.StatusSeeOther)
	return nil
}

// sameGrants tells whether two lists hold the same grants in any order.
func sameGrants(a, b []sellerdesk.Grant) bool {
	words := func(list []sellerdesk.Grant) []string {
		out := make([]string, len(list))
		for i, g := range list {
			out[i] = grantName(g) + " " + string(g.Role)
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(words(a), words(b))
}

// rolePages are the pages of the roles.
type rolePages struct{ *pages }

func (p rolePages) mount() {
	p.Person("GET "+rolesPath, p.list)
	p.Person("POST "+rolesPath, p.set)
	p.Person("POST "+rolesPath+"/{name}/remove", p.remove)
}

func (p rolePages) list(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return p.show(w, r, user, http.StatusOK, r.URL.Query().Get("role"), form{})
}

func (p rolePages) show(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, chosen string, f form) error {
	v := p.view(r, user, rolesPath)
	page := rosterView{Form: f, Offer: v.Access.House}
	var err error
	if page.Roles, err = p.desk.Roles.List(r.Context()); err != nil {
		return err
	}
	for _, role := range page.Roles {
		if string(role.Name) == chosen && !role.BuiltIn {
			page.Chosen = role
			page.Offer |= role.Rights
		}
	}
	if r.URL.Query().Get("done") != "" {
		page.Done = v.Roster.Saved
	}
	return p.Show(w, r, user, status, v.Pages.Roles, rolesPage(v, page))
}

// set makes a role or changes one.
func (p rolePages) set(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := parse(r); err != nil {
		return err
	}
	role := sellerdesk.Role{
		Name: sellerdesk.RoleName(r.PostForm.Get("name")), Title: sellerdesk.Optional(r.PostForm.Get("title")), Rights: readRights(r.PostForm["rights"]),
	}
	if _, err := p.desk.Roles.Set(r.Context(), role); err != nil {
		f, status, err := p.failed(r, user, "role", err)
		if err != nil {
			return err
		}
		return p.show(w, r, user, status, string(role.Name), f)
	}
	http.Redirect(w, r, rolesPath+"?done=saved", http.StatusSeeOther)
	return nil
}

// remove removes a role; one that somebody has says so in the form.
func (p rolePages) remove(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	name := sellerdesk.RoleName(r.PathValue("name"))
	if err := p.desk.Roles.Remove(r.Context(), name); err != nil {
		f, status, err := p.failed(r, user, "removal", err)
		if err != nil {
			return err
		}
		return p.show(w, r, user, status, string(name), f)
	}
	http.Redirect(w, r, rolesPath+"?done=saved", http.StatusSeeOther)
	return nil
}
