package library

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// shown is how many templates a page of the list holds.
const shown = 50

// listView is the list of the settings.
type listView struct {
	Asked    url.Values // what narrows it, without the cursor
	List     []sellerdesk.Template
	Folders  []string
	Accounts map[sellerdesk.AccountID]string
	Next     string
	Done     string
	Report   *library.Report
	Error    string // of reading a table
}

// asked reads what narrows the list.
func asked(q url.Values) (url.Values, library.Query) {
	kept := url.Values{}
	for _, name := range []string{"q", "folder", "owner"} {
		if value := prose.Clip(q.Get(name), 500); value != "" {
			kept.Set(name, value)
		}
	}
	out := library.Query{Text: kept.Get("q"), Folder: kept.Get("folder"), Cursor: q.Get("cursor"), Limit: shown}
	if owner := kept.Get("owner"); owner == "house" || owner == "me" {
		house := owner == "house"
		out.House = &house
	}
	return kept, out
}

func (s screens) list(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	p, err := s.listed(r, user)
	if err != nil {
		return err
	}
	v := s.View(r, user)
	p.Done = map[string]string{"removed": v.Library.Removed}[r.URL.Query().Get("done")]
	return s.showList(w, r, user, http.StatusOK, p)
}

func (s screens) showList(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, p listView) error {
	v := s.View(r, user)
	return s.House(w, r, user, status, Path, v.Library.Title, listPage(v, p))
}

// listed reads the list that a request asks for.
func (s screens) listed(r *http.Request, user sellerdesk.User) (p listView, err error) {
	var q library.Query
	p.Asked, q = asked(r.URL.Query())
	if p.List, p.Next, err = s.desk.Library.List(r.Context(), user.ID, q); err != nil {
		if sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
			return p, err
		}
		p.Asked, q = asked(nil) // an old address
		if p.List, p.Next, err = s.desk.Library.List(r.Context(), user.ID, q); err != nil {
			return p, err
		}
	}
	accounts, err := s.accounts(r.Context())
	if err != nil {
		return p, err
	}
	p.Accounts = map[sellerdesk.AccountID]string{}
	for _, a := range accounts {
		p.Accounts[a.ID] = a.Name
	}
	p.Folders, err = s.folders(r.Context(), user)
	return p, err
}

func (s screens) folders(ctx context.Context, user sellerdesk.User) (folders []string, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Library.List(ctx, user.ID)
		folders = library.Folders(all)
		return err
	})
	return folders, err
}

func (s screens) accounts(ctx context.Context) (list []sellerdesk.Account, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Accounts.List(ctx)
		return err
	})
	return list, err
}

// narrowed is the address of the list with another value of one filter.
func (p listView) narrowed(name, value string) templ.SafeURL {
	q := url.Values{}
	for k, v := range p.Asked {
		q[k] = v
	}
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	return address(Path, q)
}

// exported is the address of the list as a table, written as spreadsheets of the
// language open it.
func (p listView) exported(v *View) templ.SafeURL {
	q := url.Values{"bom": {"yes"}}
	for k, value := range p.Asked {
		q[k] = value
	}
	if v.Language == sellerdesk.Russian {
		q.Set("separator", "semicolon")
	}
	return address(Path+"/export", q)
}

func address(path string, q url.Values) templ.SafeURL {
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return templ.SafeURL(path)
}

// where says in which conversations a template is offered; "" for all.
func (p listView) where(v *View, t sellerdesk.Template) string {
	var words []string
	for _, k := range t.Kinds {
		words = append(words, v.Kinds[k])
	}
	for _, id := range t.Accounts {
		words = append(words, prose.Line(p.Accounts[id]))
	}
	return strings.Join(words, ", ")
}

// form is what was typed into the editor and what is wrong with it.
type form struct {
	Error  string
	Field  string // what it is about, "" for the whole form
	status int
}

func (f form) wrong(field string) bool { return f.Error != "" && f.Field == field }

// elsewhere tells that what is wrong stands at none of the fields of the editor.
func (f form) elsewhere() bool {
	return f.Error != "" && !slices.Contains([]string{"name", "folder", "text", "kinds", "accounts", "files"}, f.Field)
}

// described ties a field to what is said below it.
func (f form) described(field string) templ.Attributes {
	if f.wrong(field) {
		return templ.Attributes{"aria-invalid": "true", "aria-describedby": "template-" + field + "-wrong"}
	}
	return templ.Attributes{"aria-describedby": "template-" + field + "-help"}
}

// editView is the editor.
type editView struct {
	Template sellerdesk.Template
	House    bool // everybody's
	Form     form
	Done     string
	Folders  []string
	Accounts []sellerdesk.Account
	Samples  []sellerdesk.Conversation // to look at it in
	Preview  previewView
}

// previewView is how a text will read.
type previewView struct{ Text, Wrong string }

// mayChange tells whether the person may change what is shown.
func (p editView) mayChange(v *View) bool {
	if p.Template.ID != 0 && p.Template.User == nil {
		return v.Access.May(sellerdesk.RightSettings)
	}
	return v.Access.MaySomewhere(sellerdesk.RightWork)
}

func (s screens) blank(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	p := editView{Template: sellerdesk.Template{Folder: prose.Clip(r.URL.Query().Get("folder"), 500)}, House: sellerdesk.AccessOf(r.Context()).May(sellerdesk.RightSettings)}
	p.Template.Text = prose.Clip(r.URL.Query().Get("text"), 10_000)
	return s.edit(w, r, user, http.StatusOK, p)
}

func (s screens) one(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.TemplateID](r, "id")
	if err != nil {
		return err
	}
	t, err := s.desk.Library.Get(r.Context(), user.ID, id)
	if err != nil {
		return err
	}
	v := s.View(r, user)
	done := map[string]string{"saved": v.Library.Saved, "made": v.Library.Made}[r.URL.Query().Get("done")]
	return s.edit(w, r, user, http.StatusOK, editView{Template: t, House: t.User == nil, Done: done})
}

// samples is how many conversations the editor offers to look at a text in.
const samples = 8

// edit shows the editor.
func (s screens) edit(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, p editView) (err error) {
	if p.Folders, err = s.folders(r.Context(), user); err != nil {
		return err
	}
	if p.Accounts, err = s.accounts(r.Context()); err != nil {
		return err
	}
	q := store.ConversationQuery{User: user.ID, Kinds: p.Template.Kinds, Limit: samples}
	err = s.store.Read(r.Context(), func(tx *store.Tx) error {
		p.Samples, _, err = tx.Conversations.List(r.Context(), q)
		return err
	})
	if err != nil {
		return err
	}
	if p.Template.Text != "" {
		ask := library.Ask{User: user.ID, Text: p.Template.Text}
		if len(p.Samples) > 0 {
			ask.Conversation = p.Samples[0].ID
		}
		filled, err := s.desk.Library.Fill(r.Context(), ask)
		if err == nil {
			p.Preview.Text = filled.Text
		}
	}
	v := s.View(r, user)
	title := v.Library.Edit
	if p.Template.ID == 0 {
		title = v.Library.New
	}
	return s.House(w, r, user, status, Path, title, editPage(v, p))
}

func (s screens) create(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	in, err := s.typed(r)
	if err == nil {
		var t sellerdesk.Template
		if t, err = s.desk.Library.Create(r.Context(), user.ID, in.house, in.change()); err == nil {
			http.Redirect(w, r, Path+"/"+frame.ID(t.ID)+"?done=made", http.StatusSeeOther)
			return nil
		}
	}
	return s.again(w, r, user, sellerdesk.Template{}, in, err)
}

func (s screens) change(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.TemplateID](r, "id")
	if err != nil {
		return err
	}
	before, err := s.desk.Library.Get(r.Context(), user.ID, id)
	if err != nil {
		return err
	}
	in, err := s.typed(r)
	in.house = before.User == nil
	if err == nil {
		if _, err = s.desk.Library.Change(r.Context(), user.ID, id, in.change()); err == nil {
			http.Redirect(w, r, Path+"/"+frame.ID(id)+"?done=saved", http.StatusSeeOther)
			return nil
		}
	}
	return s.again(w, r, user, before, in, err)
}

// again shows the editor with what was typed and what is wrong with it.
func (s screens) again(w http.ResponseWriter, r *http.Request, user sellerdesk.User, t sellerdesk.Template, in typed, err error) error {
	if !expected(err) {
		return err
	}
	t.Folder, t.Name, t.Text, t.Kinds, t.Accounts = in.folder, in.name, in.text, in.kinds, in.accounts
	t.Files = in.keptOf(t.Files)
	f := s.wrong(r, user, err)
	return s.edit(w, r, user, f.status, editView{Template: t, House: in.house, Form: f})
}

func (s screens) remove(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.TemplateID](r, "id")
	if err != nil {
		return err
	}
	if err := s.desk.Library.Remove(r.Context(), user.ID, id); err != nil {
		return err
	}
	http.Redirect(w, r, Path+"?done=removed", http.StatusSeeOther)
	return nil
}

func sampleName(v *View, c sellerdesk.Conversation) string {
	name := prose.Line(string(c.BuyerName))
	if name == "" && c.Product != nil {
		name = prose.Line(string(c.Product.Name))
	}
	if name == "" {
		name = "№ " + frame.ID(c.ID)
	}
	return v.Kinds[c.Kind] + " · " + prose.Clip(name, 60)
}

func number(n int) string { return strconv.Itoa(n) }

// action is where the editor sends its form.
func (p editView) action() templ.SafeURL {
	if p.Template.ID == 0 {
		return Path
	}
	return templ.SafeURL(Path + "/" + frame.ID(p.Template.ID))
}

// listed names the list of what a field may hold.
func listed(id string) templ.Attributes {
	if id == "" {
		return nil
	}
	return templ.Attributes{"list": id}
}

// only leaves one value of an address.
func only(q url.Values, name string) url.Values {
	if q.Get(name) == "" {
		return nil
	}
	return url.Values{name: {q.Get(name)}}
}

// indented shows how deep a folder stands.
func indented(folder string) string {
	depth := strings.Count(folder, "/")
	return strings.Repeat("\u2003", depth) + prose.Line(folder[strings.LastIndexByte(folder, '/')+1:])
}
