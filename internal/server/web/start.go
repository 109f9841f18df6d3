package web

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/persons"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/server/web/starting"
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

// startAddress is the address of the form for an account.
func startAddress(a sellerdesk.AccountID) templ.SafeURL {
	return templ.SafeURL("/start?account=" + id(a))
}

// startView is the form with what can be chosen in it.
type startView struct {
	form
	starting.Offer
	Chosen sellerdesk.AccountID
	Key    string              // of the intent
	Person *sellerdesk.Contact // whom to write to; nil while nobody is named
	Titles map[sellerdesk.ChannelKind]string
}

// about is what the chat is to be about: what was chosen, else the first there is.
func (s startView) about() string {
	if chosen := s.Values["about"]; chosen != "" || len(s.Options) == 0 {
		return chosen
	}
	return s.Options[0].Value
}

// way is the chosen source, else the first that can be used.
func (s startView) way() string {
	if chosen := s.Values["way"]; chosen != "" {
		return chosen
	}
	return s.First(s.Chosen)
}

// toPerson tells that the form asks for a person, not for an order.
func (s startView) toPerson() bool {
	switch {
	case len(s.Sources) == 0:
		return false
	case len(s.About) == 0, s.Person != nil, s.Values["to"] == "person":
		return true
	case s.Values["to"] != "" || s.Values["number"] != "":
		return false
	default:
		return s.Of(s.Chosen)
	}
}

// startForm asks in which account and about what, or whom to write to through
// which source.
func (s startScreens) startForm(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	q := r.URL.Query()
	values := map[string]string{}
	for _, name := range []string{"about", "number", "to", "way", "phone", "username", "contact"} {
		values[name] = q.Get(name)
	}
	return s.showStart(w, r, user, http.StatusOK, startView{
		form: form{Values: values}, Chosen: queryID[sellerdesk.AccountID](q, "account"), Key: rand.Text(),
	})
}

func (s startScreens) showStart(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f startView) error {
	v, seq, err := s.place(r, user, "inbox")
	if err != nil {
		return err
	}
	f.Titles = s.titles()
	contact, _ := strconv.ParseInt(f.Values["contact"], 10, 64) // none is no mistake
	err = s.store.Read(r.Context(), func(tx *store.Tx) error {
		accounts, err := tx.Accounts.List(r.Context())
		f.Offer = starting.Offered(slices.DeleteFunc(accounts, func(a sellerdesk.Account) bool { return !v.works(a.ID) }))
		if err != nil || contact <= 0 {
			return err
		}
		p, err := tx.Contacts.Get(r.Context(), sellerdesk.ContactID(contact), user.ID)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			return nil
		}
		f.Person = &p
		return err
	})
	if err != nil {
		return err
	}
	f.know()
	return s.show(w, r, status, startPage(v, f, seq))
}

// know fills in what the person is known by.
func (s *startView) know() {
	if s.Person == nil || s.Values["phone"] != "" || s.Values["username"] != "" {
		return
	}
	fields := map[sellerdesk.IdentityKind]string{sellerdesk.IdentityPhone: "phone", sellerdesk.IdentityUsername: "username"}
	for _, i := range persons.Known(s.Person.Identities) {
		if name := fields[i.Kind]; s.Values[name] == "" {
			s.Values[name] = persons.Value(i)
		}
	}
}

// start opens the conversation there is, or one that is being opened.
func (s startScreens) start(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := r.ParseForm(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	in := starting.Input(r.PostForm)
	in.User, in.Key = user.ID, intentKey(r, user)
	c, _, err := s.desk.Conversations.Start(r.Context(), in)
	if err != nil {
		values := map[string]string{}
		for name := range r.PostForm {
			values[name] = r.PostForm.Get(name)
		}
		f, status := s.wrong(r, s.view(r, user), err, values, "account", "number", "phone", "username", "source")
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
