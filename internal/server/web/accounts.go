package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/composing"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// accountScreens are the pages of the seller cabinets.
type accountScreens struct{ *screens }

func (s accountScreens) mount() {
	s.person("GET /accounts", s.accounts)
	s.person("GET /accounts/new", s.accountForm)
	s.person("POST /accounts", s.addAccount)
	s.person("GET /accounts/{id}", s.account)
	s.person("GET /accounts/{id}/state", s.accountLive)
	s.person("POST /accounts/{id}/{change}", s.changeAccount)
}

// accounts lists the cabinets; as a fragment only the live part.
func (s accountScreens) accounts(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v, seq, err := s.place(r, user, "accounts")
	if err != nil {
		return err
	}
	var all []sellerdesk.Account
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Accounts.List(r.Context())
		return err
	})
	if err != nil {
		return err
	}
	views := make([]accountView, len(all))
	for i, a := range all {
		views[i] = s.accountView(r, a)
	}
	if isFragment(r) {
		return s.show(w, r, http.StatusOK, accountList(v, views))
	}
	return s.show(w, r, http.StatusOK, accountsPage(v, views, seq))
}

// accountView adds what only the driver and the opened connector know.
func (s accountScreens) accountView(r *http.Request, a sellerdesk.Account) accountView {
	out := accountView{Account: a, Title: string(a.Channel), Base: baseOf(r)}
	out.Budget = s.deps.Roster.Budget(a.ID)
	if o := s.deps.Roster.Get(a.ID); o != nil {
		out.Registers, out.PushesOnly = o.Subscribe != nil, len(o.Streams) == 0
	}
	if d, ok := s.driver(a.Channel); ok {
		out.Title, out.Fields = d.Title, d.Fields
	}
	return out
}

// account is the page of one cabinet.
func (s accountScreens) account(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.showAccount(w, r, user, http.StatusOK, form{})
}

func (s accountScreens) showAccount(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	a, err := s.wholeAccount(r)
	if err != nil {
		return err
	}
	v, seq, err := s.place(r, user, "accounts")
	if err != nil {
		return err
	}
	return s.show(w, r, status, accountPage(v, a, f, seq))
}

// wholeAccount reads an account with what stands on its page only.
func (s accountScreens) wholeAccount(r *http.Request) (accountView, error) {
	a, err := s.readAccount(r)
	if err != nil {
		return accountView{}, err
	}
	out := s.accountView(r, a)
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		out.Templates, out.TemplatesAt, err = tx.Templates.Get(r.Context(), a.ID)
		return err
	})
	out.Templates = composing.Sorted(out.Templates, "")
	return out, err
}

func (s accountScreens) readAccount(r *http.Request) (a sellerdesk.Account, err error) {
	n, err := pathID[sellerdesk.AccountID](r)
	if err != nil {
		return a, err
	}
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		a, err = tx.Accounts.Get(r.Context(), n)
		return err
	})
	return a, err
}

// accountLive is the part of an account's page that changes by itself.
func (s accountScreens) accountLive(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	a, err := s.wholeAccount(r)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, accountState(s.view(r, user), a))
}

// accountForm is the form that adds a cabinet.
func (s accountScreens) accountForm(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := sellerdesk.Allow(r.Context(), sellerdesk.RightAccounts, 0); err != nil {
		return err
	}
	return s.showAccountForm(w, r, user, http.StatusOK, r.URL.Query().Get("channel"), form{})
}

func (s accountScreens) showAccountForm(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, kind string, f form) error {
	v, seq, err := s.place(r, user, "accounts")
	if err != nil {
		return err
	}
	drivers := s.desk.Accounts.Drivers()
	chosen, ok := s.driver(sellerdesk.ChannelKind(kind))
	if !ok && len(drivers) > 0 {
		chosen = drivers[0]
	}
	return s.show(w, r, status, newAccountPage(v, drivers, chosen, f, seq))
}

// addAccount proves the credentials and keeps the cabinet.
func (s accountScreens) addAccount(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	kind := r.PostFormValue("channel")
	driver, _ := s.driver(sellerdesk.ChannelKind(kind))
	in := desk.AddAccount{
		Channel: sellerdesk.ChannelKind(kind), Name: r.PostFormValue("name"),
		BaseURL: r.PostFormValue("base_url"), Credentials: credentials(r, driver),
	}
	a, err := s.desk.Accounts.Add(r.Context(), in)
	if err != nil {
		v := s.view(r, user)
		f, status := s.wrong(r, v, err, shownAgain(r, driver, "name", "base_url"), append(fieldNames(driver), "name", "base_url")...)
		return s.showAccountForm(w, r, user, status, kind, f.blame(driver))
	}
	http.Redirect(w, r, "/accounts/"+id(a.ID), http.StatusSeeOther)
	return nil
}

// credentials reads what the form of a channel asked for.
func credentials(r *http.Request, d channel.Driver) map[string]sellerdesk.Secret {
	out := make(map[string]sellerdesk.Secret, len(d.Fields))
	for _, f := range d.Fields {
		out[f.Name] = sellerdesk.Secret(r.PostFormValue(f.Name))
	}
	return out
}

func fieldNames(d channel.Driver) []string {
	names := make([]string, 0, len(d.Fields)+2)
	for _, f := range d.Fields {
		names = append(names, f.Name)
	}
	return names
}

// shownAgain are the typed values that are no secrets.
func shownAgain(r *http.Request, d channel.Driver, more ...string) map[string]string {
	values := map[string]string{}
	for _, f := range d.Fields {
		if !f.Secret {
			values[f.Name] = r.PostFormValue(f.Name)
		}
	}
	for _, name := range more {
		values[name] = r.PostFormValue(name)
	}
	return values
}

// blame puts an error about the credentials to their field; one about all of
// them to the first, which is the token.
func (f form) blame(d channel.Driver) form {
	if f.Field == "credentials" && len(d.Fields) > 0 {
		f.Field = d.Fields[0].Name
	}
	f.Field = strings.TrimPrefix(f.Field, "credentials.")
	return f
}

// changeAccount does one thing to a cabinet.
func (s accountScreens) changeAccount(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	n, err := pathID[sellerdesk.AccountID](r)
	if err != nil {
		return err
	}
	change := r.PathValue("change")
	err = s.change(r.Context(), r, n, change)
	switch {
	case err == nil && change == "remove":
		http.Redirect(w, r, "/accounts", http.StatusSeeOther)
		return nil
	case err == nil:
		http.Redirect(w, r, "/accounts/"+id(n), http.StatusSeeOther)
		return nil
	case change == "credentials" && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound:
		return s.badCredentials(w, r, user, err)
	default:
		return err
	}
}

func (s accountScreens) change(ctx context.Context, r *http.Request, n sellerdesk.AccountID, change string) error {
	var err error
	switch change {
	case "pause":
		_, err = s.desk.Accounts.Pause(ctx, n)
	case "resume":
		_, err = s.desk.Accounts.Resume(ctx, n)
	case "repair":
		_, err = s.desk.Accounts.Repair(ctx, n)
	case "name":
		_, err = s.desk.Accounts.Rename(ctx, n, r.PostFormValue("name"))
	case "remove":
		err = s.desk.Accounts.Remove(ctx, n)
	case "credentials":
		var a sellerdesk.Account
		if a, err = s.readAccount(r); err != nil {
			return err
		}
		driver, _ := s.driver(a.Channel)
		_, err = s.desk.Accounts.ReplaceCredentials(ctx, n, credentials(r, driver))
	default:
		err = sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	return err
}

// badCredentials shows the page again with what is wrong with a new token.
func (s accountScreens) badCredentials(w http.ResponseWriter, r *http.Request, user sellerdesk.User, err error) error {
	a, readErr := s.readAccount(r)
	if readErr != nil {
		return readErr
	}
	driver, _ := s.driver(a.Channel)
	f, status := s.wrong(r, s.view(r, user), err, nil, fieldNames(driver)...)
	f.Action = "credentials"
	return s.showAccount(w, r, user, status, f.blame(driver))
}
