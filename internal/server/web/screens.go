package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"golang.org/x/text/language"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/web/bulking"
	"github.com/sellerdesk/sellerdesk/internal/server/web/commanding"
	"github.com/sellerdesk/sellerdesk/internal/server/web/handling"
	"github.com/sellerdesk/sellerdesk/internal/server/web/labelling"
	"github.com/sellerdesk/sellerdesk/internal/server/web/library"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/server/web/searching"
	"github.com/sellerdesk/sellerdesk/internal/server/web/talking"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
	"github.com/sellerdesk/sellerdesk/internal/server/web/welcoming"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// screens is what the handlers of all topics work with.
type screens struct {
	server *server.Server
	deps   server.Deps
	desk   *desk.Desk
	store  *store.Store
	static *static
	texts  map[sellerdesk.Language]*Texts
}

// Mount mounts all pages, their fragments and their files.
func Mount(s *server.Server) error {
	files, err := newStatic(server.StaticPath)
	if err != nil {
		return err
	}
	d := s.Deps()
	w := &screens{
		server: s, deps: d, desk: d.Desk, store: d.Store, static: files,
		texts: map[sellerdesk.Language]*Texts{sellerdesk.Russian: texts.Russian(), sellerdesk.English: texts.English()},
	}
	s.Handle("GET "+server.StaticPath, files)
	s.HandleFunc("GET /favicon.ico", w.favicon)

	entryScreens{w}.mount()
	inboxScreens{w}.mount()
	accountScreens{w}.mount()
	startScreens{w}.mount()
	peopleScreens{w}.mount()
	searching.Mount(w.host())
	bulking.Mount(w.host())
	labelling.Mount(w.host())
	library.Mount(w.host())
	w.mountSettings()
	talking.Mount(w.host())
	handling.Mount(w.host())
	commanding.Mount(w.host())
	welcoming.Mount(w.host())
	w.person("GET /ui/events", w.events)
	w.person("/{path...}", w.nowhere)
	return nil
}

// handler serves one signed-in person. An error it returns is shown.
type handler func(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error

// person mounts a route for people who are signed in.
func (s *screens) person(pattern string, h handler) { s.server.Handle(pattern, s.known(h)) }

// known serves people who are signed in.
func (s *screens) known(h handler) http.Handler {
	return s.server.RequirePerson(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _ := server.Actor(r.Context())
		if err := h(w, r, user); err != nil {
			s.fail(w, r, err)
		}
	}))
}

// view is what every screen knows, for one who is signed in.
func (s *screens) view(r *http.Request, user sellerdesk.User) *View {
	zone, told := zoneOf(r)
	words, ok := s.texts[user.Language]
	if !ok {
		words = s.texts[preferred(r)]
	}
	return &View{
		Texts: words, House: texts.HouseOf(words.Language), User: user, rights: rights{sellerdesk.AccessOf(r.Context())}, Theme: user.Theme, Now: s.deps.Clock.Now(),
		Zone: zone, Zoned: told, Nonce: server.Nonce(r.Context()), Static: s.static.prefix, Place: "inbox",
		Trial: s.deps.Trial != nil && s.deps.Trial.Running() != "",
	}
}

// stranger is the view of one who is not signed in: the browser tells the language.
func (s *screens) stranger(r *http.Request) *View {
	return s.view(r, sellerdesk.User{Language: preferred(r)})
}

// preferred is the language that the browser asks for.
func preferred(r *http.Request) sellerdesk.Language {
	matcher := language.NewMatcher([]language.Tag{language.English, language.Russian})
	if tags, _, err := language.ParseAcceptLanguage(prose.Clip(r.Header.Get("Accept-Language"), 200)); err == nil {
		if _, i, _ := matcher.Match(tags...); i == 1 {
			return sellerdesk.Russian
		}
	}
	return sellerdesk.English
}

// show answers with a page or a fragment.
func (s *screens) show(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "HX-Request")
	w.WriteHeader(status)
	if err := c.Render(r.Context(), w); err != nil {
		s.server.Log().DebugContext(r.Context(), "a page was cut short", "request", server.RequestID(r.Context()), "err", err)
	}
	return nil
}

// fail shows an error: as a page, or to a fragment's script as its sentence.
func (s *screens) fail(w http.ResponseWriter, r *http.Request, err error) {
	user, _ := server.Actor(r.Context())
	v := s.view(r, user)
	p := s.server.Describe(r.Context(), err)
	words := sentence(v, p, err)
	if isFragment(r) {
		w.Header().Set("HX-Reswap", "none")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(p.Status)
		_, _ = w.Write([]byte(words)) // the client is gone: nobody to tell
		return
	}
	_ = s.show(w, r, p.Status, failure(v, words))
}

// wrong turns an error into what a form shows, with the status to answer with.
func (s *screens) wrong(r *http.Request, v *View, err error, values map[string]string, known ...string) (form, int) {
	p := s.server.Describe(r.Context(), err)
	return form{
		Values: values, Error: sentence(v, p, err),
		Field: string(p.Field), known: known,
	}, p.Status
}

// sentence says an error in the language of the screen. What a remote side said
// of what a form asked of it goes before our own words for the field.
func sentence(v *View, p server.Problem, err error) string {
	if _, remote := channel.ClassOf(err); remote != nil {
		if s := v.Refusal(remote.Why.Code); s != "" {
			return s
		}
	}
	if s := v.House.Lacking(p.Code, p.Detail); s != "" {
		return s
	}
	return v.Sentence(p.Code, string(p.Field), p.Detail)
}

func isFragment(r *http.Request) bool { return r.Header.Get("HX-Request") != "" }

// pathID reads an id of ours from the path.
func pathID[T ~int64](r *http.Request) (T, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || n <= 0 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	return T(n), nil
}

// last is the number of the newest event, from which the page listens.
func last(ctx context.Context, tx *store.Tx) (int64, error) { return tx.Events.Last(ctx) }

func (s *screens) favicon(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, s.static.prefix+"/icon.svg", http.StatusFound)
}

func (s *screens) nowhere(http.ResponseWriter, *http.Request, sellerdesk.User) error {
	return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
}

// place is the view of a page beside the inbox, with the counters of its rail
// and the number of the event it listens from.
func (s *screens) place(r *http.Request, user sellerdesk.User, name string) (v *View, seq int64, err error) {
	v = s.view(r, user)
	v.Place = name
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		if v.Counters, err = tx.Conversations.Counters(r.Context(), user.ID, nil); err != nil {
			return err
		}
		if v.Bell, err = talking.Unread(r.Context(), tx, user.ID); err != nil {
			return err
		}
		seq, err = last(r.Context(), tx)
		return err
	})
	return v, seq, err
}

// driver is how a channel is offered.
func (s *screens) driver(kind sellerdesk.ChannelKind) (channel.Driver, bool) {
	for _, d := range s.desk.Accounts.Drivers() {
		if d.Kind == kind {
			return d, true
		}
	}
	return channel.Driver{}, false
}

// titles names the channels as their drivers do.
func (s *screens) titles() map[sellerdesk.ChannelKind]string {
	titles := map[sellerdesk.ChannelKind]string{}
	for _, d := range s.desk.Accounts.Drivers() {
		titles[d.Kind] = d.Title
	}
	return titles
}
