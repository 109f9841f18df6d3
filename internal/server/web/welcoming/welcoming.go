package welcoming

import (
	"context"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/audit"
)

// Path is the page of the first steps.
const Path = "/first"

// screens is what the handlers work with.
type screens struct {
	frame.Host
	deps server.Deps
}

// Mount mounts the page of the first steps.
func Mount(h frame.Host) {
	s := screens{Host: h, deps: h.Server.Deps()}
	s.Person("GET "+Path, s.first)
	s.Person("POST "+Path+"/look", s.look)
	s.Person("POST "+Path+"/trial", s.begin)
	s.Person("POST "+Path+"/end", s.end)
}

// firstView is how far somebody came.
type firstView struct {
	Accounts []sellerdesk.Account
	// Waits is who waits longest; nil when nobody does.
	Waits    *sellerdesk.Conversation
	Answered bool
	// Offered: a world of made-up buyers may be begun. Plays is its page while it
	// runs, "" where there is none or the browser cannot reach it.
	Offered, Runs bool
	Plays         string
	Ended         bool
	Error         string
}

// first shows the steps; as a fragment only what changes by itself.
func (s screens) first(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.show(w, r, user, http.StatusOK, "")
}

func (s screens) show(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, wrong string) error {
	f, err := s.read(r.Context(), user)
	if err != nil {
		return err
	}
	f.Error, f.Ended = wrong, r.URL.Query().Get("done") == "ended"
	if t := s.deps.Trial; t != nil && mayTry(r.Context()) {
		address := t.Running()
		f.Offered, f.Runs = true, address != ""
		if server.FromThisMachine(r) {
			f.Plays = address
		}
	}
	v := s.View(r, user)
	if frame.Fragment(r) {
		return s.Part(w, r, status, answerStep(v, f))
	}
	return s.Page(w, r, user, status, "first", v.Welcoming.Title, firstPage(v, f))
}

// read looks how far the person came.
func (s screens) read(ctx context.Context, user sellerdesk.User) (f firstView, err error) {
	yes := true
	err = s.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if f.Accounts, err = tx.Accounts.List(ctx); err != nil {
			return err
		}
		waiting, _, err := tx.Conversations.List(ctx, store.ConversationQuery{User: user.ID, NeedsAnswer: &yes, Sort: store.SortWaiting, Limit: 1})
		if err != nil {
			return err
		}
		if len(waiting) > 0 {
			f.Waits = &waiting[0]
		}
		if !sellerdesk.AccessOf(ctx).MaySomewhere(sellerdesk.RightAudit) {
			return nil
		}
		said, _, err := tx.Audit.List(ctx, audit.Query{Kinds: []sellerdesk.AuditKind{sellerdesk.AuditTextSent}, User: user.ID, Limit: 1})
		f.Answered = len(said) > 0
		return err
	})
	return f, err
}

// look changes language and theme.
func (s screens) look(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	lang, theme := sellerdesk.Language(r.PostFormValue("language")), r.PostFormValue("theme")
	if _, err := s.deps.Desk.Users.SetPreferences(r.Context(), user.ID, desk.Preferences{Language: &lang, Theme: &theme}); err != nil {
		return err
	}
	http.Redirect(w, r, Path, http.StatusSeeOther)
	return nil
}

// mayTry tells whether somebody may add and remove whole accounts wherever they are.
func mayTry(ctx context.Context) bool {
	by := sellerdesk.AccessOf(ctx)
	return by.May(sellerdesk.RightAccounts) && by.May(sellerdesk.RightSettings) && by.May(sellerdesk.RightDelete)
}

func (s screens) trial(ctx context.Context) (*server.Trial, error) {
	if s.deps.Trial == nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeNotFound, "There are no made-up buyers here.")
	}
	for _, right := range []sellerdesk.Right{sellerdesk.RightAccounts, sellerdesk.RightSettings, sellerdesk.RightDelete} {
		if err := sellerdesk.Allow(ctx, right, 0); err != nil {
			return nil, err
		}
	}
	return s.deps.Trial, nil
}

// begin lets made-up buyers in.
func (s screens) begin(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	t, err := s.trial(r.Context())
	if err != nil {
		return err
	}
	if err := t.Begin(r.Context()); err != nil {
		if sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
			return err
		}
		words, _, status := s.Wrong(r, user, err)
		return s.show(w, r, user, status, words)
	}
	http.Redirect(w, r, Path, http.StatusSeeOther)
	return nil
}

// end sends them away, with everything they said.
func (s screens) end(w http.ResponseWriter, r *http.Request, _ sellerdesk.User) error {
	t, err := s.trial(r.Context())
	if err != nil {
		return err
	}
	s.Server.Unhurried(w)
	if err := t.End(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, Path+"?done=ended", http.StatusSeeOther)
	return nil
}
