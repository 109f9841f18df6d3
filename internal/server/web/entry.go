package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
)

// entryScreens are the doors of the house and what a person sets for himself.
type entryScreens struct{ *screens }

func (s entryScreens) mount() {
	s.server.HandleFunc("GET "+server.SignInPath, s.signInForm)
	s.server.HandleFunc("POST "+server.SignInPath, s.signIn)
	s.server.HandleFunc("POST /sign-out", s.signOut)
	s.server.HandleFunc("GET "+server.WelcomePath, s.welcome)
	s.server.HandleFunc("GET "+server.LinkPath+"{token}", s.ownerForm)
	s.server.HandleFunc("POST "+server.LinkPath+"{token}", s.becomeOwner)
	s.person("GET /settings", s.settings)
	s.person("POST /settings", s.changeSettings)
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
		Login: r.PostFormValue("login"), Password: r.PostFormValue("password"), Address: server.ClientAddress(r),
	})
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

// ownerForm is behind the one-time link. Looking at it does not use it up; one
// that no longer works says so before anybody fills anything in.
func (s entryScreens) ownerForm(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is a secret
	works, err := s.desk.Users.LinkWorks(r.Context(), r.PathValue("token"))
	switch {
	case err != nil:
		s.fail(w, r, err)
		return
	case !works:
		_ = s.show(w, r, http.StatusNotFound, deadLinkPage(s.stranger(r)))
		return
	}
	_ = s.show(w, r, http.StatusOK, ownerPage(s.stranger(r), form{}, r.PathValue("token")))
}

// becomeOwner uses the link and signs the owner in.
func (s entryScreens) becomeOwner(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Referrer-Policy", "no-referrer")
	lang := sellerdesk.Language(r.PostFormValue("language"))
	v := s.stranger(r)
	if texts, ok := s.texts[lang]; ok {
		v.Texts = texts
	}
	in := desk.LinkInput{
		Token: r.PathValue("token"), Login: r.PostFormValue("login"),
		Name: r.PostFormValue("name"), Password: r.PostFormValue("password"),
	}
	token, err := s.takeHouse(r, in, v.Language)
	if err != nil {
		f, status := s.wrong(r, v, err, map[string]string{"login": in.Login, "name": in.Name}, "login", "name", "password")
		if sellerdesk.CodeOf(err) == sellerdesk.CodeForbidden {
			f.Error = v.LinkUsed
		}
		_ = s.show(w, r, status, ownerPage(v, f, in.Token))
		return
	}
	server.SignIn(w, r, token)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s entryScreens) takeHouse(r *http.Request, in desk.LinkInput, lang sellerdesk.Language) (token string, err error) {
	owner, err := s.desk.Users.UseLink(r.Context(), in)
	if err != nil {
		return "", err
	}
	if _, err := s.desk.Users.SetPreferences(r.Context(), owner.ID, desk.Preferences{Language: &lang}); err != nil {
		return "", err
	}
	return s.desk.Users.OpenSession(r.Context(), owner.ID)
}

// settings is what a person changes about the screens.
func (s entryScreens) settings(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.showSettings(w, r, user, http.StatusOK, form{})
}

func (s entryScreens) showSettings(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	v, seq, err := s.place(r, user, "settings")
	if err != nil {
		return err
	}
	return s.show(w, r, status, settingsPage(v, f, r.URL.Query().Get("saved") != "", seq))
}

func (s entryScreens) changeSettings(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	name, lang, theme := r.PostFormValue("name"), sellerdesk.Language(r.PostFormValue("language")), r.PostFormValue("theme")
	change := desk.Preferences{Language: &lang, Theme: &theme}
	if name != "" || user.Name != "" { // the owner of a demo has none and needs none
		change.Name = &name
	}
	_, err := s.desk.Users.SetPreferences(r.Context(), user.ID, change)
	if err != nil {
		f, status := s.wrong(r, s.view(r, user), err, map[string]string{"name": name}, "name")
		return s.showSettings(w, r, user, status, f)
	}
	http.Redirect(w, r, "/settings?saved=yes", http.StatusSeeOther)
	return nil
}
