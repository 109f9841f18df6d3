package settings

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// hookPages are the pages of the webhooks.
type hookPages struct{ *pages }

func (p hookPages) mount() {
	p.Person("GET "+hooksPath, p.list)
	p.Person("POST "+hooksPath, p.add)
	p.Person("GET "+hooksPath+"/new", p.form)
	p.Person("GET "+hooksPath+"/{id}", p.one)
	p.Person("POST "+hooksPath+"/{id}", p.edit)
	p.Person("POST "+hooksPath+"/{id}/{change}", p.change)
	p.Person("GET "+hooksPath+"/{id}/deliveries/{delivery}", p.delivery)
}

// hooksView is the list of the webhooks.
type hooksView struct{ Hooks []sellerdesk.Webhook }

// hookView is one webhook with a page of its log.
type hookView struct {
	Hook       sellerdesk.Webhook
	Form       form
	Done       string
	State      sellerdesk.DeliveryState // of those that are listed; "": all
	Cursor     string
	Deliveries []sellerdesk.Delivery
	Next       string // address of the next page, "" at the end
	Accounts   []sellerdesk.Account
	People     map[sellerdesk.UserID]string
}

func (p hookPages) list(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v := p.view(r, user, hooksPath)
	list, err := p.desk.Webhooks.List(r.Context())
	if err != nil {
		return err
	}
	if isPart(r) {
		return p.Part(w, r, http.StatusOK, hookRows(v, hooksView{list}))
	}
	return p.Show(w, r, user, http.StatusOK, v.Pages.Hooks, hooksPage(v, hooksView{list}))
}

// form asks for a new webhook.
func (p hookPages) form(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := sellerdesk.Allow(r.Context(), sellerdesk.RightWebhooks, 0); err != nil {
		return err
	}
	return p.showNew(w, r, user, http.StatusOK, form{})
}

func (p hookPages) showNew(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	v := p.view(r, user, hooksPath)
	accounts, err := p.named(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, user, status, v.Hooks.New, newHookPage(v, hookView{Form: f, Accounts: accounts}))
}

// add makes a webhook and shows its secret.
func (p hookPages) add(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := parse(r); err != nil {
		return err
	}
	hook, secret, err := p.desk.Webhooks.Create(r.Context(), desk.NewWebhook{
		Name: r.PostForm.Get("name"), URL: strings.TrimSpace(r.PostForm.Get("url")), Kinds: readKinds(r.PostForm["kinds"]), Accounts: ids[sellerdesk.AccountID](r.PostForm["accounts"]),
	})
	if err != nil {
		f, status, err := p.failed(r, user, "hook", err)
		if err != nil {
			return err
		}
		return p.showNew(w, r, user, status, f)
	}
	v := p.view(r, user, hooksPath)
	return p.Show(w, r, user, http.StatusOK, v.Hooks.Secret, hookSecretPage(v, hook, secret.Reveal()))
}

// one is the page of a webhook; as a part only what changes by itself.
func (p hookPages) one(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return p.showOne(w, r, user, http.StatusOK, form{})
}

func (p hookPages) showOne(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	v := p.view(r, user, hooksPath)
	page, err := p.read(r)
	if err != nil {
		return err
	}
	page.Form, page.Done = f, doneWith(v, r.URL.Query())
	if isPart(r) {
		return p.Part(w, r, status, hookLive(v, page))
	}
	return p.Show(w, r, user, status, prose.Line(page.Hook.Name), hookPage(v, page))
}

// read reads a webhook with the page of its log that the address asks for.
func (p hookPages) read(r *http.Request) (page hookView, err error) {
	n, err := pathID[sellerdesk.WebhookID](r, "id")
	if err != nil {
		return page, err
	}
	if page.Hook, err = p.desk.Webhooks.Get(r.Context(), n); err != nil {
		return page, err
	}
	q := r.URL.Query()
	if s := sellerdesk.DeliveryState(q.Get("state")); slices.Contains(deliveryStates(), s) {
		page.State = s
	}
	page.Cursor = q.Get("cursor")
	var next string
	page.Deliveries, next, err = p.desk.Webhooks.Deliveries(r.Context(), store.DeliveryQuery{Webhook: n, State: page.State, Cursor: page.Cursor})
	if err != nil {
		return page, err
	}
	if next != "" {
		page.Next = page.address(url.Values{"cursor": {next}})
	}
	if page.Accounts, err = p.named(r.Context()); err != nil {
		return page, err
	}
	page.People, err = p.names(r.Context(), page.Hook.User)
	return page, err
}

// edit changes where a webhook goes and what it tells.
func (p hookPages) edit(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	n, err := pathID[sellerdesk.WebhookID](r, "id")
	if err == nil {
		err = parse(r)
	}
	if err != nil {
		return err
	}
	before, err := p.desk.Webhooks.Get(r.Context(), n)
	if err != nil {
		return err
	}
	if _, err = p.desk.Webhooks.Change(r.Context(), n, hookChange(before, r.PostForm)); err != nil {
		f, status, err := p.failed(r, user, "hook", err)
		if err != nil {
			return err
		}
		return p.showOne(w, r, user, status, f)
	}
	http.Redirect(w, r, hooksPath+"/"+id(n)+"?done=saved", http.StatusSeeOther)
	return nil
}

// hookChange is what a form changes. What stays as it was is left out: whoever
// changes where a webhook goes lends it their rights.
func hookChange(before sellerdesk.Webhook, values url.Values) (c desk.WebhookChange) {
	name, address := values.Get("name"), strings.TrimSpace(values.Get("url"))
	kinds, accounts := readKinds(values["kinds"]), ids[sellerdesk.AccountID](values["accounts"])
	if name != before.Name {
		c.Name = &name
	}
	if address != before.URL {
		c.URL = &address
	}
	if !slices.Equal(kinds, expanded(before.Kinds)) {
		c.Kinds = &kinds
	}
	if slices.Sort(accounts); !slices.Equal(accounts, slices.Sorted(slices.Values(before.Accounts))) {
		c.Accounts = &accounts
	}
	return c
}

// change does one thing to a webhook.
func (p hookPages) change(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	n, err := pathID[sellerdesk.WebhookID](r, "id")
	if err == nil {
		err = parse(r)
	}
	if err != nil {
		return err
	}
	ctx, hooks, back := r.Context(), p.desk.Webhooks, hooksPath+"/"+id(n)
	switch r.PathValue("change") {
	case "pause":
		_, err = hooks.Pause(ctx, n)
	case "resume":
		_, err = hooks.Resume(ctx, n)
	case "test":
		_, err = hooks.Test(ctx, n)
		back += "?done=tested"
	case "remove":
		err, back = hooks.Remove(ctx, n), hooksPath
	case "rotate":
		return p.rotate(w, r, user, n)
	case "redeliver":
		return p.redeliver(w, r, user, n)
	default:
		err = sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

func (p hookPages) rotate(w http.ResponseWriter, r *http.Request, user sellerdesk.User, n sellerdesk.WebhookID) error {
	hook, secret, err := p.desk.Webhooks.Rotate(r.Context(), n)
	if err != nil {
		return err
	}
	v := p.view(r, user, hooksPath)
	return p.Show(w, r, user, http.StatusOK, v.Hooks.Secret, hookSecretPage(v, hook, secret.Reveal()))
}

// redeliver sends chosen deliveries again, or those of a range of events.
func (p hookPages) redeliver(w http.ResponseWriter, r *http.Request, user sellerdesk.User, n sellerdesk.WebhookID) error {
	in := desk.Redelivery{Deliveries: ids[sellerdesk.DeliveryID](r.PostForm["deliveries"])}
	back := hooksPath + "/" + id(n)
	if len(in.Deliveries) == 0 && !r.PostForm.Has("from") {
		http.Redirect(w, r, back, http.StatusSeeOther) // nothing was chosen
		return nil
	}
	in.From, in.To = number(r.PostForm.Get("from")), number(r.PostForm.Get("to"))
	sent, err := p.desk.Webhooks.Redeliver(r.Context(), n, in)
	if err != nil {
		f, status, err := p.failed(r, user, "range", err)
		if err != nil {
			return err
		}
		return p.showOne(w, r, user, status, f)
	}
	if d := number(r.PostForm.Get("back")); d > 0 {
		back += "/deliveries/" + id(d)
	}
	http.Redirect(w, r, back+"?done=again&n="+strconv.Itoa(sent), http.StatusSeeOther)
	return nil
}

// delivery is the page of one delivery.
func (p hookPages) delivery(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	n, err := pathID[sellerdesk.WebhookID](r, "id")
	if err != nil {
		return err
	}
	m, err := pathID[sellerdesk.DeliveryID](r, "delivery")
	if err != nil {
		return err
	}
	v := p.view(r, user, hooksPath)
	page := hookView{Done: doneWith(v, r.URL.Query())}
	if page.Hook, err = p.desk.Webhooks.Get(r.Context(), n); err != nil {
		return err
	}
	d, err := p.desk.Webhooks.Delivery(r.Context(), n, m)
	if err != nil {
		return err
	}
	return p.Show(w, r, user, http.StatusOK, v.Hooks.Delivery, deliveryPage(v, page, d))
}

// doneWith says what has just been done, as the address tells.
func doneWith(v *View, q url.Values) string {
	switch q.Get("done") {
	case "saved":
		return v.Hooks.Saved
	case "tested":
		return v.Hooks.Tested
	case "again":
		return v.Hooks.Redelivered(int(number(q.Get("n"))))
	default:
		return ""
	}
}

// number reads a number from a form; 0 for what is none.
func number(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
