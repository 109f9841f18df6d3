package settings

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Handler serves one signed-in person. An error it returns is shown.
type Handler func(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error

// Host is what the pages need of the screens around them. All of it is needed.
type Host struct {
	Server *server.Server
	// Person mounts a route for people who are signed in.
	Person func(pattern string, h Handler)
	// View is what every screen knows about the one who looks at it.
	View func(r *http.Request, user sellerdesk.User) *View
	// Show answers with a page: content inside the frame, under a title.
	Show func(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, title string, content templ.Component) error
	// Part answers with a part of a page.
	Part func(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error
	// Base is the address of this program as the browser knows it, without a
	// slash at its end.
	Base func(r *http.Request) string
	// Wrong says an expected error in the person's language: the sentence, the
	// field it is about ("" for none) and the status to answer with.
	Wrong func(r *http.Request, user sellerdesk.User, err error) (words, field string, status int)
}

// View is what every page knows about the one who looks at it.
type View struct {
	*texts.Table
	*texts.House
	User   sellerdesk.User
	Access sellerdesk.Access
	Now    time.Time
	Zone   *time.Location
	Static string // address of the static files, with their version
	Page   string // the path of the page in the menu
}

// pages is what the handlers of all topics work with.
type pages struct {
	Host
	desk  *desk.Desk
	store *store.Store
}

// Mount mounts all pages under /settings.
func Mount(h Host) {
	d := h.Server.Deps()
	p := &pages{Host: h, desk: d.Desk, store: d.Store}
	ownPages{p}.mount()
	teamPages{p}.mount()
	keyPages{p}.mount()
	rolePages{p}.mount()
	auditPages{p}.mount()
	hookPages{p}.mount()
	statusPages{p}.mount()
}

// view is the view of a page of the menu.
func (p *pages) view(r *http.Request, user sellerdesk.User, page string) *View {
	v := p.View(r, user)
	v.Page = page
	return v
}

// failed turns an error into what a form shows. Only what a person can mend by
// typing something else belongs into a form; the rest is the page's error.
func (p *pages) failed(r *http.Request, user sellerdesk.User, name string, err error) (form, int, error) {
	switch sellerdesk.CodeOf(err) {
	case sellerdesk.CodeInvalid, sellerdesk.CodeConflict, sellerdesk.CodeLimited, sellerdesk.CodeUnsupported, sellerdesk.CodeForbidden, sellerdesk.CodeUnavailable:
		words, field, status := p.Wrong(r, user, err)
		return form{Name: name, Values: withoutSecrets(r.PostForm), Error: words, Field: field}, status, nil
	default:
		return form{}, 0, err
	}
}

// accounts reads the cabinets that the person may see.
func (p *pages) accounts(ctx context.Context) (list []sellerdesk.Account, err error) {
	err = p.store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Accounts.List(ctx)
		return err
	})
	return list, err
}

// apart names cabinets of the same name by their channel too, for lists in which
// nothing else tells them apart.
func apart(list []sellerdesk.Account, titles map[sellerdesk.ChannelKind]string) []sellerdesk.Account {
	times := map[string]int{}
	for _, a := range list {
		times[a.Name]++
	}
	out := slices.Clone(list)
	for i, a := range out {
		if times[a.Name] > 1 {
			out[i].Name += " · " + orElse(titles[a.Channel], string(a.Channel))
		}
	}
	return out
}

// named reads the cabinets that the person may see, told apart by name.
func (p *pages) named(ctx context.Context) ([]sellerdesk.Account, error) {
	list, err := p.accounts(ctx)
	return apart(list, p.titles()), err
}

// names are those of some people.
func (p *pages) names(ctx context.Context, users ...sellerdesk.UserID) (names map[sellerdesk.UserID]string, err error) {
	err = p.store.Read(ctx, func(tx *store.Tx) error {
		names, err = tx.Users.Names(ctx, users)
		return err
	})
	return names, err
}

// parse reads the form of a request.
func parse(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	return nil
}

// isPart tells whether a script asks for a part of a page.
func isPart(r *http.Request) bool { return r.Header.Get("HX-Request") != "" }

// titles names the channels as their drivers do.
func (p *pages) titles() map[sellerdesk.ChannelKind]string {
	titles := map[sellerdesk.ChannelKind]string{}
	for _, d := range p.desk.Accounts.Drivers() {
		titles[d.Kind] = d.Title
	}
	return titles
}

// pathID reads an id of ours from the path.
func pathID[T ~int64](r *http.Request, name string) (T, error) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	return T(n), nil
}

// ids reads the ids that were chosen in a form; what is none is left out.
func ids[T ~int64](values []string) []T {
	out := []T{}
	for _, s := range values {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 && !slices.Contains(out, T(n)) {
			out = append(out, T(n))
		}
	}
	return out
}

func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// moment says day and time in the zone of the one who looks.
func (v *View) moment(t sellerdesk.Time) string { return v.Moment(t.In(v.Zone), v.Now.In(v.Zone)) }

// exact says the moment in full, for a tooltip.
func (v *View) exact(t sellerdesk.Time) string { return v.Exact(t.In(v.Zone)) }

// day says a day with its year where that is not the present one.
func (v *View) day(t sellerdesk.Time) string {
	at := t.In(v.Zone)
	return v.Day(at, at.Year() != v.Now.In(v.Zone).Year())
}

// iso is the moment for programs.
func iso(t sellerdesk.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
