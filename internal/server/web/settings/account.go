package settings

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
)

// ownPages are the pages of one's own account.
type ownPages struct{ *pages }

func (p ownPages) mount() {
	p.Person("GET "+ownPath, p.show)
	p.Person("POST "+ownPath, p.profile)
	p.Person("POST "+ownPath+"/password", p.password)
	p.Person("POST "+ownPath+"/factor", p.beginFactor)
	p.Person("POST "+ownPath+"/factor/confirm", p.confirmFactor)
	p.Person("POST "+ownPath+"/factor/stop", p.stopFactor)
	p.Person("POST "+ownPath+"/sessions/others", p.endOthers)
	p.Person("POST "+ownPath+"/sessions/{id}/end", p.end)
	p.Person("POST "+ownPath+"/own-keys", p.makeKey)
	p.Person("POST "+ownPath+"/own-keys/{id}/revoke", p.revokeKey)
}

func (p ownPages) show(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return p.showOwn(w, r, user, http.StatusOK, form{})
}

func (p ownPages) showOwn(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	v := p.view(r, user, ownPath)
	page := ownView{Form: f, Done: ownDone(v, r.URL.Query().Get("done"))}
	var err error
	if page.Sessions, err = p.desk.Sessions.List(r.Context(), user.ID); err != nil {
		return err
	}
	if page.Keys, err = p.desk.Keys.List(r.Context(), user.ID, false); err != nil {
		return err
	}
	if page.Accounts, err = p.named(r.Context()); err != nil {
		return err
	}
	if page.CodesLeft, err = p.desk.Users.RecoveryLeft(r.Context(), user.ID); err != nil {
		return err
	}
	page.Offer = offered(v.Access, page.Accounts)
	return p.Show(w, r, user, status, v.Pages.Own, ownPage(v, page))
}

// ownDone says what has just been done, as the address tells.
func ownDone(v *View, word string) string {
	switch word {
	case "saved":
		return v.Saved
	case "password":
		return v.Own.PasswordSaved
	case "factor":
		return v.Own.FactorStopped
	case "ended":
		return v.Own.Ended
	default:
		return ""
	}
}

// again shows the page with what is wrong with one of its forms.
func (p ownPages) again(w http.ResponseWriter, r *http.Request, user sellerdesk.User, name string, err error) error {
	f, status, err := p.failed(r, user, name, err)
	if err != nil {
		return err
	}
	return p.showOwn(w, r, user, status, f)
}

func leave(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// profile changes how the person sees things.
func (p ownPages) profile(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := parse(r); err != nil {
		return err
	}
	name, lang, theme := r.PostForm.Get("name"), sellerdesk.Language(r.PostForm.Get("language")), r.PostForm.Get("theme")
	change := desk.Preferences{Language: &lang, Theme: &theme}
	if name != "" || user.Name != "" { // the owner of a demo has none and needs none
		change.Name = &name
	}
	if _, err := p.desk.Users.SetPreferences(r.Context(), user.ID, change); err != nil {
		return p.again(w, r, user, "profile", err)
	}
	return leave(w, r, ownPath+"?done=saved")
}

func (p ownPages) password(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := parse(r); err != nil {
		return err
	}
	err := p.desk.Users.SetPassword(r.Context(), user.ID, desk.PasswordChange{Old: r.PostForm.Get("current"), New: r.PostForm.Get("password")})
	if err != nil {
		f, status, err := p.failed(r, user, "password", err)
		if err != nil {
			return err
		}
		if status == http.StatusForbidden {
			f.Field = "current" // the verb calls both of them the password
		}
		return p.showOwn(w, r, user, status, f)
	}
	return leave(w, r, ownPath+"?done=password")
}

// proof is what a person entered to prove to be there.
func proof(r *http.Request) desk.Proof {
	return desk.Proof{Password: r.PostForm.Get("password"), Code: r.PostForm.Get("code")}
}

// beginFactor makes a secret and shows it.
func (p ownPages) beginFactor(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := parse(r); err != nil {
		return err
	}
	made, err := p.desk.Users.BeginFactor(r.Context(), user.ID, proof(r))
	if err != nil {
		return p.again(w, r, user, "factor", err)
	}
	return p.showFactor(w, r, user, http.StatusOK, made.URL, form{Name: "confirm"})
}

func (p ownPages) showFactor(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, uri string, f form) error {
	s, err := newFactorView(uri)
	if err != nil {
		return err
	}
	v := p.view(r, user, ownPath)
	return p.Show(w, r, user, status, v.Own.Factor, factorPage(v, f, s))
}

// newFactorView draws a secret. The form hands its address round, so that a
// wrong code does not begin everything anew; it is what this browser was told
// a moment ago, and only shown.
func newFactorView(uri string) (factorView, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "otpauth" || len(uri) > longestQR {
		return factorView{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.")
	}
	picture, err := drawQR(uri)
	if err != nil {
		return factorView{}, err
	}
	return factorView{URI: uri, Secret: inFours(u.Query().Get("secret")), Picture: picture}, nil
}

// inFours makes a secret easier to type.
func inFours(s string) string {
	var groups []string
	for len(s) > 4 {
		groups, s = append(groups, s[:4]), s[4:]
	}
	return strings.Join(append(groups, s), " ")
}

// confirmFactor switches the second factor on and shows the recovery codes.
func (p ownPages) confirmFactor(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := parse(r); err != nil {
		return err
	}
	codes, err := p.desk.Users.ConfirmFactor(r.Context(), user.ID, r.PostForm.Get("code"))
	if err != nil {
		f, status, err := p.failed(r, user, "confirm", err)
		if err != nil {
			return err
		}
		return p.showFactor(w, r, user, status, r.PostForm.Get("uri"), f)
	}
	v := p.view(r, user, ownPath)
	return p.Show(w, r, user, http.StatusOK, v.Own.Codes, codesPage(v, codes))
}

func (p ownPages) stopFactor(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := parse(r); err != nil {
		return err
	}
	if err := p.desk.Users.RemoveFactor(r.Context(), user.ID, proof(r)); err != nil {
		return p.again(w, r, user, "factor", err)
	}
	return leave(w, r, ownPath+"?done=factor#factor")
}

func (p ownPages) endOthers(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if _, err := p.desk.Sessions.RevokeOthers(r.Context(), user.ID); err != nil {
		return err
	}
	return leave(w, r, ownPath+"?done=ended")
}

func (p ownPages) end(w http.ResponseWriter, r *http.Request, _ sellerdesk.User) error {
	n, err := pathID[sellerdesk.SessionID](r, "id")
	if err == nil {
		err = p.desk.Sessions.Revoke(r.Context(), n)
	}
	if err != nil {
		return err
	}
	return leave(w, r, ownPath+"?done=ended")
}

// makeKey makes a key for oneself and shows it.
func (p ownPages) makeKey(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := parse(r); err != nil {
		return err
	}
	v := p.view(r, user, ownPath)
	in := desk.CreateKey{
		User: user.ID, Name: r.PostForm.Get("name"), Rights: readRights(r.PostForm["rights"]),
		Accounts: ids[sellerdesk.AccountID](r.PostForm["accounts"]), Limit: int(number(r.PostForm.Get("limit"))),
	}
	if days := int(number(r.PostForm.Get("days"))); days > 0 && knownLife(days) {
		at := sellerdesk.At(v.Now.Add(time.Duration(days) * 24 * time.Hour))
		in.Expires = &at
	}
	made, err := p.desk.Keys.Create(r.Context(), in)
	if err != nil {
		return p.again(w, r, user, "key", err)
	}
	return p.Show(w, r, user, http.StatusOK, v.Keyed.Made, keyPage(v, made.Key, made.Text))
}

func (p ownPages) revokeKey(w http.ResponseWriter, r *http.Request, _ sellerdesk.User) error {
	n, err := pathID[sellerdesk.KeyID](r, "id")
	if err == nil {
		err = p.desk.Keys.Revoke(r.Context(), n)
	}
	if err != nil {
		return err
	}
	return leave(w, r, ownPath+"?done=saved")
}

// keyPages are the pages of all keys of the house.
type keyPages struct{ *pages }

func (p keyPages) mount() {
	p.Person("GET "+keysPath, p.show)
	p.Person("POST "+keysPath+"/{id}/revoke", p.revoke)
}

func (p keyPages) show(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := sellerdesk.Allow(r.Context(), sellerdesk.RightKeys, 0); err != nil {
		return err
	}
	list, err := p.desk.Keys.List(r.Context(), 0, true)
	if err != nil {
		return err
	}
	users := make([]sellerdesk.UserID, len(list))
	for i, k := range list {
		users[i] = k.User
	}
	names := keyNames{}
	if names.People, err = p.names(r.Context(), users...); err != nil {
		return err
	}
	if names.Accounts, err = p.named(r.Context()); err != nil {
		return err
	}
	v := p.view(r, user, keysPath)
	return p.Show(w, r, user, http.StatusOK, v.Pages.Keys, keysPage(v, list, names))
}

func (p keyPages) revoke(w http.ResponseWriter, r *http.Request, _ sellerdesk.User) error {
	if err := sellerdesk.Allow(r.Context(), sellerdesk.RightKeys, 0); err != nil {
		return err
	}
	n, err := pathID[sellerdesk.KeyID](r, "id")
	if err == nil {
		err = p.desk.Keys.Revoke(r.Context(), n)
	}
	if err != nil {
		return err
	}
	return leave(w, r, keysPath)
}
