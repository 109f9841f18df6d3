package radist

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// API is the name of this remote side in the control API.
const API = "radist"

// small is the size of a default world here: a chat costs a request of five a second, and whoever reads all of them wants to be done soon.
const small = 200

// series tells these cabinets from those of other remote sides, perSeries is how far apart the world numbers them.
const (
	series    = 2
	perSeries = 1000
)

// Emulator answers for the remote side and sends its pushes.
type Emulator struct {
	world  sandbox.Backstage
	opt    Options
	limits *limits
	pushes *pushes

	mu       sync.Mutex
	cabinets map[int]*cabinet // by the account's number in the world
	made     map[int]int      // how many conversations each account began with
}

// Mount adds the remote side to a world, with its accounts.
func Mount(w *sandbox.World, o Options) *Emulator {
	o.fill()
	e := &Emulator{world: sandbox.Backstage{World: w}, opt: o, limits: newLimits(), cabinets: map[int]*cabinet{}, made: map[int]int{}}
	e.pushes = newPushes(e)
	p := player{e}
	service := e.service()
	w.Mount(sandbox.Emulator{
		API: API, Series: series, Default: small,
		Kinds: []sandbox.Kind{sandbox.KindChat},
		Services: []sandbox.Service{
			{Host: filesHost, Prefix: "/radist/files", Handler: media{e}.service()},
			{Host: "api.radist.online", Prefix: "/radist", Handler: service},
			{Host: "api-ru.radist.online", Prefix: "/radist-ru", Handler: service},
		},
		Token:    func(a *sandbox.Account) string { return Token(a, TokenOptions{}) },
		RemoteID: e.remoteID, ParseID: e.parseID,
		Hooks: sandbox.Hooks{
			Buyer: p.buyer, Happened: e.happened, Describe: e.describe,
			Push: e.pushes.connect, Run: e.pushes.run,
			Control: map[string]func(json.RawMessage) (any, error){
				"buyer": p.controlBuyer, "press": p.controlPress, "mark": p.controlMark, "cabinet": p.controlCabinet,
				"template": p.controlTemplate, "uploads": p.controlUploads,
			},
		},
		Reset: e.reset,
	})
	e.count()
	return e
}

func (e *Emulator) reset() {
	e.limits.reset()
	e.pushes.reset()
	e.mu.Lock()
	clear(e.cabinets)
	e.mu.Unlock()
	e.count()
}

// count remembers how long the histories are before anybody adds to them.
func (e *Emulator) count() {
	accounts := e.world.Accounts(API)
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(e.made)
	for _, a := range accounts {
		e.made[a.WorldNumber()] = a.Len()
	}
}

// Company is the number of the account's company.
func Company(a *sandbox.Account) int64 { return a.Organization*100 + int64(a.Number) }

func (l line) telegram() bool { return l.kind == kindTelegram || l.kind == kindBot }

// Connection is the number of the i-th connection of an account, from 0: WhatsApp, WABA, Telegram, a Telegram bot, MAX.
func Connection(a *sandbox.Account, i int) int64 { return int64(a.Number)*100 + int64(i) + 1 }

func lineOf(a *sandbox.Account, id int64) (int, line, bool) {
	all := lines()
	i := int(id - Connection(a, 0))
	if i < 0 || i >= len(all) {
		return 0, line{}, false
	}
	return i, all[i], true
}

// perAccount is how many chats, and how many contacts, an account may have.
const perAccount = 10_000_000

// chatNumber and contactNumber write the n-th of an account, from 0, as the remote side does.
func chatNumber(a *sandbox.Account, n int) int64    { return int64(a.Number)*perAccount + int64(n) + 1 }
func contactNumber(a *sandbox.Account, n int) int64 { return chatNumber(a, n) }

// split takes such a number apart.
func split(id int64) (account, n int, ok bool) {
	id--
	if id < perAccount || id >= perSeries*perAccount {
		return 0, 0, false
	}
	return int(id / perAccount), int(id % perAccount), true
}

func (e *Emulator) remoteID(kind sandbox.Kind, id sandbox.ID) string {
	account, n, ok := e.world.Locate(kind, id)
	if !ok {
		return "0"
	}
	return strconv.FormatInt(int64(account-series*perSeries)*perAccount+int64(n)+1, 10)
}

func (e *Emulator) parseID(kind sandbox.Kind, remote string) (sandbox.ID, error) {
	id, err := strconv.ParseInt(remote, 10, 64)
	if err != nil {
		return sandbox.ID{}, fmt.Errorf("read the number of a chat: %w", err)
	}
	account, n, _ := split(id)
	return e.world.Identity(kind, account+series*perSeries, n), nil // account 0 is nobody's
}

// identity is the world's of chat n of an account.
func (e *Emulator) identity(a *sandbox.Account, n int) sandbox.ID {
	return e.world.Identity(sandbox.KindChat, a.WorldNumber(), n)
}

// operation is one call of the API.
type operation struct {
	method, path string
	scope        Scope
	handle       func(*call)
}

func operations() []operation {
	const company = "/companies/{company}"
	return []operation{
		{"GET", "/users/me", "", (*call).me},
		{"GET", "/companies", "", (*call).companies},
		{"GET", company + "/connections", ScopeConnections, (*call).connections},
		{"GET", company + "/connections/{id}", ScopeConnections, (*call).connection},
		{"GET", company + "/contacts", ScopeMessaging, onContact(contactCall.list)},
		{"POST", company + "/contacts", ScopeMessaging, onContact(contactCall.create)},
		{"GET", company + "/messaging/chats/sources", ScopeMessaging, (*call).sources},
		{"POST", company + "/messaging/chats", ScopeMessaging, onContact(contactCall.createChat)},
		{"GET", company + "/messaging/chats/with_contacts", ScopeMessaging, onContact(contactCall.withContacts)},
		{"GET", company + pathAvailability, ScopeMessaging, onMessage(messageCall.availability)},
		{"GET", company + "/messaging/messages", ScopeMessaging, onMessage(messageCall.history)},
		{"POST", company + "/messaging/messages", ScopeMessaging, onMessage(messageCall.send)},
		{"POST", company + pathFiles, ScopeMessaging, (*call).upload},
		{"GET", company + pathTemplates, ScopeMessaging, onMessage(messageCall.templates)},
		{"GET", company + "/webhooks", ScopeWebhooks, (*call).subscriptions},
		{"POST", company + "/webhooks", ScopeWebhooks, (*call).subscribe},
		{"DELETE", company + "/webhooks/{id}", ScopeWebhooks, (*call).unsubscribe},
	}
}

// Calls by topic.
type (
	contactCall struct{ *call }
	messageCall struct{ *call }
)

func onContact(f func(contactCall)) func(*call) { return func(c *call) { f(contactCall{c}) } }
func onMessage(f func(messageCall)) func(*call) { return func(c *call) { f(messageCall{c}) } }

// service is api.radist.online. Paths may end with a slash; under a prefix of the path /v2 may be left out.
func (e *Emulator) service() http.Handler {
	mux, paths, have := http.NewServeMux(), http.NewServeMux(), map[string]bool{}
	for _, op := range operations() {
		mux.Handle(op.method+" "+op.path, e.guard(op))
		if !have[op.path] {
			have[op.path] = true
			paths.Handle(op.path, http.NotFoundHandler())
		}
	}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		at, versioned := strings.CutPrefix(r.URL.Path, "/v2")
		at = strings.TrimSuffix(at, "/")
		if path.Clean("/"+at) != at || !versioned && sandbox.Base(r) == "" {
			fail(rw, http.StatusNotFound, "Not Found")
			return
		}
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = at, ""
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(rw, r)
			return
		}
		if _, pattern := paths.Handler(r); pattern != "" {
			fail(rw, http.StatusMethodNotAllowed, "Method Not Allowed")
			return
		}
		fail(rw, http.StatusNotFound, "Not Found")
	})
}
