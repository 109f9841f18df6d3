package wildberries

import (
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// API is the name of this remote side in the control API.
const API = "wildberries"

// Options are the switches for what the documents leave open and for what tests need. The zero value is the default everywhere.
type Options struct {
	// Moderation is how long a new file answers 202; 0 means 2 s, below 0 none.
	Moderation time.Duration
	// SignLife is how long a reply signature works after a newer one was given out; 0 means 24 h, below 0 not at all.
	SignLife time.Duration
	// ClientErrorCost is how many requests a 4XX answer takes from its bucket; 0 means 1. Ten is documented for other families only.
	ClientErrorCost int
	// CutLongText makes a text over 1,000 characters be cut instead of refused.
	CutLongText bool
	// RejectFile names the reason for which an accepted file is not uploaded and stands in errors; "" lets it through.
	// Nil rejects pictures that cannot be decoded.
	RejectFile func(name string, content []byte) string
}

// Emulator answers for all hosts of the remote side.
type Emulator struct {
	world   *sandbox.World
	opt     Options
	limits  *limits
	signs   *signs
	tickets tickets
}

// Mount adds the remote side to a world, with its accounts.
func Mount(w *sandbox.World, o Options) *Emulator {
	if o.Moderation == 0 {
		o.Moderation = 2 * time.Second
	}
	if o.SignLife == 0 {
		o.SignLife = 24 * time.Hour
	}
	o.ClientErrorCost = max(o.ClientErrorCost, 1)
	if o.RejectFile == nil {
		o.RejectFile = undecodable
	}
	e := &Emulator{world: w, opt: o, limits: newLimits(), signs: newSigns()}
	w.Mount(sandbox.Emulator{
		API:   API,
		Kinds: []sandbox.Kind{sandbox.KindChat},
		Services: []sandbox.Service{
			{Host: "buyer-chat-api.wildberries.ru", Prefix: "/wildberries/chat", Handler: e.chatHost()},
			{Host: "feedbacks-api.wildberries.ru", Prefix: "/wildberries/feedbacks", Handler: e.plainHost("feedbacks", CategoryFeedbacks)},
			{Host: "returns-api.wildberries.ru", Prefix: "/wildberries/returns", Handler: e.plainHost("returns", CategoryReturns)},
			{Host: "common-api.wildberries.ru", Prefix: "/wildberries/common", Handler: e.commonHost()},
			{Host: basketHost, Prefix: "/wildberries/basket", Handler: e.basket()},
		},
		Token:    func(a *sandbox.Account) string { return Token(a, TokenOptions{}) },
		RemoteID: func(_ sandbox.Kind, id sandbox.ID) string { return chatID(id) },
		ParseID:  func(_ sandbox.Kind, remote string) (sandbox.ID, error) { return parseChatID(remote) },
		Reset: func() {
			e.limits.reset()
			e.signs.reset()
		},
	})
	return e
}

// chatID writes a conversation's identity with the version that the remote side puts before it.
func chatID(id sandbox.ID) string { return "1:" + id.String() }

func parseChatID(remote string) (sandbox.ID, error) {
	return sandbox.ParseID(strings.TrimPrefix(remote, "1:"))
}

// chatHost is buyer-chat-api.
func (e *Emulator) chatHost() http.Handler {
	const host = "chat"
	mux := http.NewServeMux()
	e.ping(mux, host, CategoryChat)
	mux.Handle("GET /api/v1/seller/chats", e.guard(CategoryChat, false, "chats", e.chats))
	mux.Handle("GET /api/v1/seller/events", e.guard(CategoryChat, false, "events", e.events))
	mux.Handle("POST /api/v1/seller/message", e.guard(CategoryChat, true, "message", e.message))
	mux.Handle("GET /api/v1/seller/download/{id}", e.guard(CategoryChat, false, "download", e.download))
	return e.rest(mux)
}

// plainHost is a host of which only the ping works by now.
func (e *Emulator) plainHost(host string, category int) http.Handler {
	mux := http.NewServeMux()
	e.ping(mux, host, category)
	return e.rest(mux)
}

// commonHost is common-api, open to tokens of every category.
func (e *Emulator) commonHost() http.Handler {
	mux := http.NewServeMux()
	e.ping(mux, "common", 0)
	mux.Handle("GET /api/v1/seller-info", e.guard(0, false, "seller-info", e.sellerInfo))
	return e.rest(mux)
}

// rest answers what no pattern takes, and keeps the mux from redirecting unclean paths.
func (e *Emulator) rest(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern == "" || path.Clean(r.URL.Path) != r.URL.Path {
			e.notFound(rw, r)
			return
		}
		mux.ServeHTTP(rw, r)
	})
}

func (e *Emulator) ping(mux *http.ServeMux, host string, category int) {
	mux.Handle("GET /ping", e.guard(category, false, "ping "+host, func(c *call) {
		c.json(http.StatusOK, map[string]string{"TS": e.world.Now(c.r).In(moscow).Format(time.RFC3339), "Status": "OK"})
	}))
}

// moscow is UTC+3, the remote side's own time.
var moscow = time.FixedZone("UTC+3", 3*60*60)

func (e *Emulator) sellerInfo(c *call) {
	c.json(http.StatusOK, map[string]string{"name": c.account.Firm, "sid": c.account.Seller, "tin": c.account.TaxID, "tradeMark": c.account.Name})
}
