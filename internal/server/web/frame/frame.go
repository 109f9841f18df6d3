package frame

import (
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Handler serves one signed-in person. An error it returns is shown.
type Handler func(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error

// Host is what screens need of the program around them. All of it is needed.
type Host struct {
	Server *server.Server
	// Person mounts a route for people who are signed in.
	Person func(pattern string, h Handler)
	// Large is Person for requests whose body has up to so many bytes.
	Large func(pattern string, limit int64, h Handler)
	// View is what every screen knows about the one who looks at it.
	View func(r *http.Request, user sellerdesk.User) *View
	// Page answers with a whole page: content beside the rail, under a title. Place is
	// what the rail marks: "inbox", "search", "people", "accounts", "settings" or "".
	Page func(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, place, title string, content templ.Component) error
	// House answers with a page under settings: content under its title, beside the
	// menu of settings, in which path is marked.
	House func(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, path, title string, content templ.Component) error
	// Part answers with a part of a page.
	Part func(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error
	// Wrong says an expected error in the person's language: the sentence, the
	// field it is about ("" for none) and the status to answer with.
	Wrong func(r *http.Request, user sellerdesk.User, err error) (words, field string, status int)
	// Titles names the channels as their drivers do.
	Titles func() map[sellerdesk.ChannelKind]string
	// Row draws a conversation as the list does, with the address that it leads to.
	Row func(r *http.Request, user sellerdesk.User, c sellerdesk.Conversation, around Around, address string) templ.Component
}

// Around is what a row of the list names beside its conversation.
type Around struct {
	Accounts []sellerdesk.Account
	Names    store.TeamNames // of those whom conversations belong to
}

// View is what every screen knows about the one who looks at it.
type View struct {
	*texts.Table
	*texts.House
	User   sellerdesk.User
	Access sellerdesk.Access
	Now    time.Time
	Zone   *time.Location
	Static string // address of the static files, with their version
	Nonce  string // allows htmx attributes
}

// Works tells whether the person may answer and act in an account.
func (v *View) Works(id sellerdesk.AccountID) bool {
	return v.Access.MayIn(sellerdesk.RightWork, id)
}

// ExactMoment says a moment in full, for a tooltip.
func (v *View) ExactMoment(t sellerdesk.Time) string { return v.Exact(t.In(v.Zone)) }

// Said says day and time, without the day when it is today.
func (v *View) Said(t sellerdesk.Time) string { return v.Table.Moment(t.In(v.Zone), v.Now.In(v.Zone)) }

// Brief says a moment as short as it is clear: the time today, else the day.
func (v *View) Brief(t sellerdesk.Time) string {
	at, now := t.In(v.Zone), v.Now.In(v.Zone)
	switch {
	case texts.SameDay(at, now):
		return at.Format("15:04")
	case at.Year() == now.Year():
		return v.ShortDay(at)
	default:
		return at.Format("02.01.06")
	}
}

// ISO is a moment for programs.
func ISO(t sellerdesk.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// ID writes an id of ours.
func ID[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// PathID reads an id of ours from a part of the path.
func PathID[T ~int64](r *http.Request, name string) (T, error) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	return T(n), nil
}

// Fragment tells whether a script of ours asks for a part of a page.
func Fragment(r *http.Request) bool { return r.Header.Get("HX-Request") != "" }
