package web

import (
	"crypto/rand"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// startScreens let a person write to a buyer first.
type startScreens struct{ *screens }

func (s startScreens) mount() {
	s.person("GET /start", s.startForm)
	s.person("POST /start", s.start)
}

// starts tells whether an account lets the seller write first.
func starts(a sellerdesk.Account) bool {
	_, ok := sellerdesk.Starting(a)
	return ok
}

// anyStarts tells whether any of the accounts does.
func anyStarts(list []sellerdesk.Account) bool { return slices.ContainsFunc(list, starts) }

// startAddress is the address of the form for an account.
func startAddress(a sellerdesk.AccountID) templ.SafeURL {
	return templ.SafeURL("/start?account=" + id(a))
}

// startView is the form with what can be chosen in it.
type startView struct {
	form
	Accounts []sellerdesk.Account
	Chosen   sellerdesk.AccountID
	Options  []sellerdesk.Option // of all accounts, each once
	Key      string              // of the intent
}

// about is what the chat is to be about: what was chosen, else the first there is.
func (s startView) about() string {
	if chosen := s.Values["about"]; chosen != "" || len(s.Options) == 0 {
		return chosen
	}
	return s.Options[0].Value
}

// startForm asks in which account and about what.
func (s startScreens) startForm(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	q := r.URL.Query()
	return s.showStart(w, r, user, http.StatusOK, startView{
		form:   form{Values: map[string]string{"about": q.Get("about"), "number": q.Get("number")}},
		Chosen: queryID[sellerdesk.AccountID](q, "account"), Key: rand.Text(),
	})
}

func (s startScreens) showStart(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f startView) error {
	v, seq, err := s.place(r, user, "inbox")
	if err != nil {
		return err
	}
	err = s.store.Read(r.Context(), func(tx *store.Tx) error {
		all, err := tx.Accounts.List(r.Context())
		f.Accounts = slices.DeleteFunc(all, func(a sellerdesk.Account) bool { return !starts(a) })
		return err
	})
	if err != nil {
		return err
	}
	for _, a := range f.Accounts {
		can, _ := sellerdesk.Starting(a)
		for _, o := range can.Options {
			if !slices.ContainsFunc(f.Options, func(known sellerdesk.Option) bool { return known.Value == o.Value }) {
				f.Options = append(f.Options, o)
			}
		}
	}
	return s.show(w, r, status, startPage(v, f, seq))
}

// start opens the conversation there is, or one that is being opened.
func (s startScreens) start(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := r.ParseForm(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	about, number := r.PostForm.Get("about"), r.PostForm.Get("number")
	in := desk.StartInput{User: user.ID, Account: queryID[sellerdesk.AccountID](r.PostForm, "account"), Key: intentKey(r, user)}
	if about == string(sellerdesk.ChatAboutReturn) {
		in.Return = number
	} else {
		in.Order = number
	}
	c, _, err := s.desk.Conversations.Start(r.Context(), in)
	if err != nil {
		f, status := s.wrong(r, s.view(r, user), err, map[string]string{"about": about, "number": number}, "account", "number")
		if f.Field == "order" || f.Field == "return" {
			f.Field = "number"
		}
		return s.showStart(w, r, user, status, startView{form: f, Chosen: in.Account, Key: r.PostForm.Get("key")})
	}
	http.Redirect(w, r, "/conversations/"+id(c.ID)+"?filter=all", http.StatusSeeOther)
	return nil
}

// accountOption names an account in a choice, and that it does not work now.
func accountOption(v *View, a sellerdesk.Account) string {
	s := prose.Line(a.Name)
	if a.State != sellerdesk.AccountOK {
		s += " · " + v.States[a.State]
	}
	return s
}
