package labelling

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/search"
)

// The pages under settings.
const (
	tagsPath  = "/settings/tags"
	viewsPath = "/settings/views"
)

func (s screens) mountPages() {
	s.Person("GET "+tagsPath, s.tagsPage)
	s.Person("POST "+tagsPath, s.save(tagsPath, "tag", s.saveTag))
	s.Person("POST "+tagsPath+"/{id}", s.save(tagsPath, "tag", s.saveTag))
	s.Person("POST "+tagsPath+"/{id}/remove", s.save(tagsPath, "tag", func(r *http.Request, _ sellerdesk.User, id int64) error {
		return s.desk.Tags.Remove(r.Context(), sellerdesk.TagID(id))
	}))
	s.Person("POST /settings/fields", s.save(tagsPath, "field", s.saveField))
	s.Person("POST /settings/fields/{id}", s.save(tagsPath, "field", s.saveField))
	s.Person("POST /settings/fields/{id}/remove", s.save(tagsPath, "field", func(r *http.Request, _ sellerdesk.User, id int64) error {
		return s.desk.Fields.Remove(r.Context(), sellerdesk.FieldID(id))
	}))
	s.Person("GET "+viewsPath, s.viewsPage)
	s.Person("POST "+viewsPath, s.save(viewsPath, "view", s.saveView))
	s.Person("POST "+viewsPath+"/{id}", s.save(viewsPath, "view", s.saveView))
	s.Person("POST "+viewsPath+"/{id}/remove", s.save(viewsPath, "view", func(r *http.Request, user sellerdesk.User, id int64) error {
		return s.desk.Views.Remove(r.Context(), user.ID, sellerdesk.SavedViewID(id))
	}))
}

// form is what was sent and is wrong.
type form struct {
	Name   string // "tag", "field" or "view"
	ID     int64  // of what was to be changed; 0: of nothing yet
	Values url.Values
	Error  string
	Field  string
}

// of gives the form where it is the one of a thing.
func (f form) of(name string, id int64) form {
	if f.Name != name || f.ID != id {
		return form{Values: url.Values{}}
	}
	return f
}

// or is what was sent, or what is kept.
func (f form) or(name, kept string) string {
	if f.Values.Has(name) {
		return f.Values.Get(name)
	}
	return kept
}

// save does what a form asks for and leads back to its page, or shows it again with
// what is wrong.
func (s screens) save(path, name string, do func(r *http.Request, user sellerdesk.User, id int64) error) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
		var id int64
		if r.PathValue("id") != "" {
			var err error
			if id, err = frame.PathID[int64](r, "id"); err != nil {
				return err
			}
		}
		if err := r.ParseForm(); err != nil {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
		}
		err := do(r, user, id)
		switch sellerdesk.CodeOf(err) {
		case "":
			http.Redirect(w, r, path+"?done=yes", http.StatusSeeOther)
			return nil
		case sellerdesk.CodeInvalid, sellerdesk.CodeConflict, sellerdesk.CodeLimited, sellerdesk.CodeForbidden:
			f := form{Name: name, ID: id, Values: r.PostForm}
			var status int
			f.Error, f.Field, status = s.Wrong(r, user, err)
			if v := s.View(r, user); sellerdesk.CodeOf(err) != sellerdesk.CodeLimited && v.Language != sellerdesk.English && v.Labelling.Wrong[f.Field] != "" {
				f.Error = v.Labelling.Wrong[f.Field]
			}
			if path == viewsPath {
				return s.showViews(w, r, user, status, f)
			}
			return s.showTags(w, r, user, status, f)
		default:
			return err
		}
	}
}

func (s screens) saveTag(r *http.Request, _ sellerdesk.User, id int64) error {
	name := r.PostForm.Get("name")
	color, err := strconv.Atoi(r.PostForm.Get("color"))
	shade := &color
	if err != nil {
		shade = nil
	}
	if id == 0 {
		_, err = s.desk.Tags.Create(r.Context(), name, shade)
	} else {
		_, err = s.desk.Tags.Change(r.Context(), sellerdesk.TagID(id), desk.TagEdit{Name: &name, Color: shade})
	}
	return err
}

func (s screens) saveField(r *http.Request, _ sellerdesk.User, id int64) error {
	f := r.PostForm
	name, options := f.Get("name"), lines(f.Get("options"))
	if id == 0 {
		_, err := s.desk.Fields.Create(r.Context(), sellerdesk.Field{
			Name: name, Of: sellerdesk.FieldTarget(f.Get("of")), Kind: sellerdesk.FieldKind(f.Get("kind")), Options: options,
		})
		return err
	}
	e := desk.FieldEdit{Name: &name}
	if f.Has("options") {
		e.Options = &options
	}
	if place, err := strconv.Atoi(f.Get("position")); err == nil {
		e = desk.FieldEdit{Position: &place}
	}
	_, err := s.desk.Fields.Change(r.Context(), sellerdesk.FieldID(id), e)
	return err
}

// lines are the options of a choice, one on each line.
func lines(s string) (out []string) {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (s screens) saveView(r *http.Request, user sellerdesk.User, id int64) error {
	f := r.PostForm
	name, query, sort := f.Get("name"), f.Get("query"), f.Get("sort")
	if id != 0 {
		_, err := s.desk.Views.Change(r.Context(), user.ID, sellerdesk.SavedViewID(id), desk.ViewEdit{Name: &name, Query: &query, Sort: &sort})
		return err
	}
	in := desk.NewView{User: user.ID, Name: name, Query: query, Sort: sort, House: f.Get("for") == "house"}
	if team, err := strconv.ParseInt(f.Get("for"), 10, 64); err == nil {
		in.Team = sellerdesk.TeamID(team)
	}
	_, err := s.desk.Views.Create(r.Context(), in)
	return err
}

// tagsView is the page of tags and fields.
type tagsView struct {
	Tags    []sellerdesk.UsedTag
	Fields  []sellerdesk.Field
	Form    form
	Done    bool
	Changes bool // whoever looks may change what there is
}

func (s screens) tagsPage(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.showTags(w, r, user, http.StatusOK, form{})
}

func (s screens) showTags(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	v := s.View(r, user)
	p := tagsView{Form: f, Done: r.URL.Query().Get("done") == "yes", Changes: v.Access.May(sellerdesk.RightSettings)}
	var err error
	if p.Tags, err = s.desk.Tags.List(r.Context()); err != nil {
		return err
	}
	if p.Fields, err = s.desk.Fields.List(r.Context()); err != nil {
		return err
	}
	return s.House(w, r, user, status, tagsPath, v.Labelling.TagsTitle, tagsList(v, p))
}

// viewsView is the page of views.
type viewsView struct {
	Views []shownView
	Teams []sellerdesk.Team // to keep a view for
	Form  form
	Done  bool
	Asked url.Values // the list to be kept
	Works bool       // whoever looks may keep views
}

func (s screens) viewsPage(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.showViews(w, r, user, http.StatusOK, form{})
}

func (s screens) showViews(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	v := s.View(r, user)
	p := viewsView{Form: f, Done: r.URL.Query().Get("done") == "yes", Asked: r.URL.Query(), Works: v.Access.MaySomewhere(sellerdesk.RightWork)}
	var err error
	if p.Views, err = s.views(r, user, true); err != nil {
		return err
	}
	teams, err := s.teams(r.Context())
	if err != nil {
		return err
	}
	p.Teams = mineOf(v, teams)
	return s.House(w, r, user, status, viewsPath, v.Labelling.ViewsTitle, viewsList(v, p))
}

// whose says whose a view is.
func whose(v *View, view shownView) string {
	switch {
	case view.User != nil:
		return v.Labelling.Mine
	case view.Team != nil:
		return v.Labelling.Team(view.TeamName)
	default:
		return v.Labelling.House
	}
}

// typed is a question as a person of the language types it.
func typed(v *View, query string) string {
	q, err := search.Parse(query)
	if err != nil {
		return query
	}
	return q.Typed(v.Language)
}
