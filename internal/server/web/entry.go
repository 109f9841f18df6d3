package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
	"github.com/sellerdesk/sellerdesk/internal/server/web/welcoming"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// codePath is where the second step of signing in goes.
const codePath = server.SignInPath + "/code"

// entryScreens are the doors of the house.
type entryScreens struct{ *screens }

func (s entryScreens) mount() {
	s.server.HandleFunc("GET "+server.SignInPath, s.signInForm)
	s.server.HandleFunc("POST "+server.SignInPath, s.signIn)
	s.server.HandleFunc("POST "+codePath, s.signInCode)
	s.server.HandleFunc("POST /sign-out", s.signOut)
	s.server.HandleFunc("GET "+server.WelcomePath, s.welcome)
	s.server.HandleFunc("GET "+server.LinkPath+"{token}", s.linkForm)
	s.server.HandleFunc("POST "+server.LinkPath+"{token}", s.useLink)
}

// signInForm asks who is there.
func (s entryScreens) signInForm(w http.ResponseWriter, r *http.Request) {
	if _, ok := server.Actor(r.Context()); ok {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	f := form{Values: map[string]string{"next": r.URL.Query().Get("next")}}
	_ = s.show(w, r, http.StatusOK, signInPage(s.stranger(r), f))
}

// signIn opens a session.
func (s entryScreens) signIn(w http.ResponseWriter, r *http.Request) {
	token, _, err := s.desk.Users.SignIn(r.Context(), desk.SignInInput{
		Login: r.PostFormValue("login"), Password: r.PostFormValue("password"), Address: server.ClientAddress(r), Agent: r.UserAgent(),
	})
	if s.asksCode(w, r, s.stranger(r), err) {
		return
	}
	if err != nil {
		v := s.stranger(r)
		values := map[string]string{"login": r.PostFormValue("login"), "next": r.PostFormValue("next")}
		f, status := s.wrong(r, v, err, values, "login", "password")
		if sellerdesk.CodeOf(err) == sellerdesk.CodeForbidden {
			f.Error, status = v.WrongLogin, http.StatusUnprocessableEntity
		}
		_ = s.show(w, r, status, signInPage(v, f))
		return
	}
	server.SignIn(w, r, token)
	http.Redirect(w, r, ownPath(r.PostFormValue("next")), http.StatusSeeOther)
}

// asksCode shows the second step of signing in where the error asks for it.
func (s entryScreens) asksCode(w http.ResponseWriter, r *http.Request, v *View, err error) bool {
	needed, ok := errors.AsType[*desk.CodeNeeded](err)
	if ok {
		f := form{Values: map[string]string{"ticket": needed.Ticket, "next": r.PostFormValue("next")}}
		_ = s.show(w, r, http.StatusOK, codePage(v, f))
	}
	return ok
}

// signInCode opens a session for who has the ticket of a right password.
func (s entryScreens) signInCode(w http.ResponseWriter, r *http.Request) {
	token, _, err := s.desk.Users.SignInCode(r.Context(), desk.CodeInput{
		Ticket: r.PostFormValue("ticket"), Code: r.PostFormValue("code"), Address: server.ClientAddress(r), Agent: r.UserAgent(),
	})
	if err != nil {
		v := s.stranger(r)
		f, status := s.wrong(r, v, err, map[string]string{"ticket": r.PostFormValue("ticket"), "next": r.PostFormValue("next")}, "code")
		if status == http.StatusUnauthorized {
			status = http.StatusUnprocessableEntity
		}
		switch f.Field {
		case "ticket": // it took too long: the password again
			_ = s.show(w, r, status, signInPage(v, form{Values: f.Values, Error: v.House.Door.TooLate}))
			return
		case "code":
			f.Error = v.House.Door.CodeWrong
		}
		_ = s.show(w, r, status, codePage(v, f))
		return
	}
	server.SignIn(w, r, token)
	http.Redirect(w, r, ownPath(r.PostFormValue("next")), http.StatusSeeOther)
}

// ownPath is where to go after signing in: only ever a page of ours.
func ownPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.Contains(next, `\`) || strings.HasPrefix(u.Path, "/ui/") || strings.HasPrefix(u.Path, "/v1/") {
		return "/"
	}
	return u.RequestURI()
}

// signOut ends the session.
func (s entryScreens) signOut(w http.ResponseWriter, r *http.Request) {
	if token := server.SessionToken(r); token != "" {
		if err := s.desk.Users.SignOut(r.Context(), token); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	server.SignOut(w, r)
	w.Header().Set("Clear-Site-Data", `"cache"`) // files of buyers
	http.Redirect(w, r, server.SignInPath, http.StatusSeeOther)
}

// welcome says how to become the owner while there is none.
func (s entryScreens) welcome(w http.ResponseWriter, r *http.Request) {
	has, err := s.desk.Users.HasOwner(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if has {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	_ = s.show(w, r, http.StatusOK, welcomePage(s.stranger(r)))
}

// linkForm is behind a one-time link. Looking at it does not use it up; one that
// no longer works says so before anybody fills anything in.
func (s entryScreens) linkForm(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is a secret
	person, err := s.desk.Users.LinkPerson(r.Context(), r.PathValue("token"))
	switch {
	case sellerdesk.CodeOf(err) == sellerdesk.CodeForbidden:
		_ = s.show(w, r, http.StatusNotFound, deadLinkPage(s.stranger(r)))
	case err != nil:
		s.fail(w, r, err)
	default:
		f := form{Values: map[string]string{"name": person.Name, "login": string(person.Login)}}
		_ = s.show(w, r, http.StatusOK, linkPage(s.stranger(r), person, f, r.PathValue("token")))
	}
}

// useLink uses the link and signs its person in.
func (s entryScreens) useLink(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Referrer-Policy", "no-referrer")
	lang := sellerdesk.Language(r.PostFormValue("language"))
	v := s.stranger(r)
	if words, ok := s.texts[lang]; ok {
		v.Texts, v.House = words, texts.HouseOf(lang)
	}
	in := desk.LinkInput{
		Token: r.PathValue("token"), Login: r.PostFormValue("login"),
		Name: r.PostFormValue("name"), Password: r.PostFormValue("password"),
	}
	person, _ := s.desk.Users.LinkPerson(r.Context(), in.Token) // only for the words of the page
	token, err := s.comeIn(r, in, v.Language)
	if s.asksCode(w, r, v, err) {
		return
	}
	if err != nil {
		f, status := s.wrong(r, v, err, map[string]string{"login": in.Login, "name": in.Name}, "login", "name", "password")
		if sellerdesk.CodeOf(err) == sellerdesk.CodeForbidden {
			f.Error = v.LinkUsed
		}
		_ = s.show(w, r, status, linkPage(v, person, f, in.Token))
		return
	}
	server.SignIn(w, r, token)
	http.Redirect(w, r, s.firstPage(r.Context(), person), http.StatusSeeOther)
}

// firstPage is where somebody goes who came in by a link: the owner of an empty
// house to the first steps.
func (s entryScreens) firstPage(ctx context.Context, person sellerdesk.User) string {
	var accounts []sellerdesk.Account
	ctx = sellerdesk.WithAccess(ctx, sellerdesk.FullAccess(person.ID))
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		accounts, err = tx.Accounts.List(ctx)
		return err
	})
	if person.Owner && err == nil && len(accounts) == 0 {
		return welcoming.Path
	}
	return "/"
}

func (s entryScreens) comeIn(r *http.Request, in desk.LinkInput, lang sellerdesk.Language) (token string, err error) {
	person, err := s.desk.Users.UseLink(r.Context(), in)
	if err != nil {
		return "", err
	}
	if _, err := s.desk.Users.SetPreferences(r.Context(), person.ID, desk.Preferences{Language: &lang}); err != nil {
		return "", err
	}
	return s.desk.Users.OpenSession(r.Context(), person.ID)
}
