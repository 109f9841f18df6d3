package handling

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	verbs "github.com/sellerdesk/sellerdesk/internal/desk/handling"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// teamsPath is the page of teams.
const teamsPath = "/settings/teams"

func teamPath(id sellerdesk.TeamID) string { return teamsPath + "/" + frame.ID(id) }

// teamsView is what the page of teams shows.
type teamsView struct {
	Teams   []sellerdesk.Team
	People  []sellerdesk.Candidate // people only
	Changes bool                   // whoever looks may change teams
	Saved   bool
	// Open is the team whose form was sent (0: the new one), Wrong what is wrong with
	// it, Draft what was sent for a new one.
	Open  sellerdesk.TeamID
	Wrong string
	Draft sellerdesk.Team
}

func (p teamsView) name(v *View, id sellerdesk.UserID) string {
	for _, c := range p.People {
		if *c.User == id {
			return called(v, c)
		}
	}
	return v.Handling.Somebody
}

// wrong ties a name to what is wrong with it.
func (p teamsView) wrong(id sellerdesk.TeamID) templ.Attributes {
	if p.Open != id || p.Wrong == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "team-wrong-" + frame.ID(id)}
}

func member(t sellerdesk.Team, id sellerdesk.UserID) bool { return slices.Contains(t.Members, id) }

// called is how a candidate is called on the screens.
func called(v *View, c sellerdesk.Candidate) string {
	name := prose.Clip(prose.Line(c.Name), 60)
	switch {
	case c.User != nil && *c.User == v.User.ID && name != "":
		return name + " (" + v.Handling.You + ")"
	case c.User != nil && *c.User == v.User.ID:
		return v.Handling.You
	case name == "":
		return v.Handling.Somebody
	}
	return name
}

// commands names what a key presses.
func commands(name string) templ.Attributes {
	if name == "" {
		return nil
	}
	return templ.Attributes{"data-command": name}
}

func (s screens) mountTeams() {
	s.Person("GET "+teamsPath, func(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
		return s.showTeams(w, r, user, http.StatusOK, teamsView{Saved: r.URL.Query().Get("done") == "saved", Open: -1})
	})
	s.Person("POST "+teamsPath, s.createTeam)
	s.Person("POST "+teamsPath+"/{id}", s.changeTeam)
	s.Person("POST "+teamsPath+"/{id}/remove", s.removeTeam)
}

func (s screens) showTeams(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, p teamsView) error {
	list, err := s.desk.Handling.Everybody(r.Context())
	if err != nil {
		return err
	}
	p.People = slices.DeleteFunc(list, func(c sellerdesk.Candidate) bool { return c.User == nil })
	if p.Teams, err = s.desk.Teams.List(r.Context()); err != nil {
		return err
	}
	v := s.View(r, user)
	p.Changes = v.Access.May(sellerdesk.RightSettings)
	return s.House(w, r, user, status, teamsPath, v.Handling.Teams, teamsPage(v, p))
}

// sent reads a team as its form tells it.
func sent(r *http.Request) (t sellerdesk.Team, err error) {
	if err := r.ParseForm(); err != nil {
		return t, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	t.Name = r.PostForm.Get("name")
	for _, m := range r.PostForm["member"] {
		t.Members = append(t.Members, sellerdesk.UserID(number(m)))
	}
	return t, nil
}

func (s screens) createTeam(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	t, err := sent(r)
	if err != nil {
		return err
	}
	_, err = s.desk.Teams.Create(r.Context(), t)
	return s.done(w, r, user, teamsView{Draft: t}, err)
}

func (s screens) changeTeam(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.TeamID](r, "id")
	if err != nil {
		return err
	}
	t, err := sent(r)
	if err != nil {
		return err
	}
	members := append([]sellerdesk.UserID{}, t.Members...)
	_, err = s.desk.Teams.Change(r.Context(), id, verbs.TeamEdit{Name: &t.Name, Members: &members})
	return s.done(w, r, user, teamsView{Open: id}, err)
}

func (s screens) removeTeam(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.TeamID](r, "id")
	if err != nil {
		return err
	}
	return s.done(w, r, user, teamsView{Open: id}, s.desk.Teams.Remove(r.Context(), id))
}

// done answers a form: with the page, or with what is wrong.
func (s screens) done(w http.ResponseWriter, r *http.Request, user sellerdesk.User, p teamsView, err error) error {
	switch sellerdesk.CodeOf(err) {
	case "":
		http.Redirect(w, r, teamsPath+"?done=saved", http.StatusSeeOther)
		return nil
	case sellerdesk.CodeInvalid, sellerdesk.CodeConflict, sellerdesk.CodeLimited:
		words, _, status := s.Wrong(r, user, err)
		p.Wrong = words
		return s.showTeams(w, r, user, status, p)
	}
	return err
}
