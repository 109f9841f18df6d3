package yandexmarket

import (
	"encoding/json"
	"net/http"
	"path"
	"strconv"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// API is the name of this remote side in the control API.
const API = "yandexmarket"

// Options are the switches for what the documents leave open and for what tests need. The zero value is the default everywhere.
type Options struct {
	// Moderation is how long comments and answers stay UNMODERATED; 0 means 2 s, below 0 none.
	Moderation time.Duration
	// Ban tells which comments and answers moderation bans; nil means those with an insult.
	Ban func(text string) bool
	// LinkLife is how long the link of an attachment works; 0 means 24 h, below 0 for ever. OpenLinks lets it work without credentials.
	LinkLife  time.Duration
	OpenLinks bool
	// OldestFirst turns the list of chats around: the one that was silent longest comes first.
	OldestFirst bool
	// RefuseArbitrage refuses messages of the shop in a dispute.
	RefuseArbitrage bool
	// BarePush sends pushes to the very address, without /notification behind it.
	BarePush bool
	// PingDeadline and PushDeadline are how long an answer may take in machine time; 0 means 1 s and 10 s.
	PingDeadline, PushDeadline time.Duration
	// NoOwnPush keeps quiet about messages of the shop.
	NoOwnPush bool
}

func (o *Options) fill() {
	if o.Moderation == 0 {
		o.Moderation = 2 * time.Second
	}
	o.Moderation = max(o.Moderation, 0)
	if o.Ban == nil {
		o.Ban = insulting
	}
	if o.LinkLife == 0 {
		o.LinkLife = 24 * time.Hour
	}
	if o.PingDeadline == 0 {
		o.PingDeadline = time.Second
	}
	if o.PushDeadline == 0 {
		o.PushDeadline = 10 * time.Second
	}
}

// Emulator answers for the remote side and sends its pushes.
type Emulator struct {
	world  sandbox.Backstage
	opt    Options
	limits *limits
	pushes *pushes

	mu       sync.Mutex
	cabinets map[int]*cabinet // by the account's number in the world
	// sizes remembers how large drawn files are: to tell it they are drawn, and a history tells it each time.
	sizes map[sandbox.ID]int
}

// mostSizes bounds what is remembered.
const mostSizes = 100_000

// size is how large a file is.
func (e *Emulator) size(f sandbox.File) int {
	e.mu.Lock()
	size, known := e.sizes[f.ID]
	e.mu.Unlock()
	if known {
		return size
	}
	size = f.Size()
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.sizes) >= mostSizes {
		clear(e.sizes)
	}
	e.sizes[f.ID] = size
	return size
}

// Mount adds the remote side to a world, with its accounts.
func Mount(w *sandbox.World, o Options) *Emulator {
	o.fill()
	e := &Emulator{world: sandbox.Backstage{World: w}, opt: o, limits: newLimits(), cabinets: map[int]*cabinet{}, sizes: map[sandbox.ID]int{}}
	e.pushes = newPushes(e)
	p := player{e}
	w.Mount(sandbox.Emulator{
		API: API, Series: 1,
		Kinds: []sandbox.Kind{sandbox.KindChat, sandbox.KindQuestion, sandbox.KindReview},
		Services: []sandbox.Service{
			{Host: filesHost, Prefix: "/yandexmarket/files", Handler: media{e}.service()},
			{Host: "api.partner.market.yandex.ru", Prefix: "/yandexmarket", Handler: e.service()},
		},
		Token:    func(a *sandbox.Account) string { return Token(a, TokenOptions{}) },
		RemoteID: e.remoteID, ParseID: e.parseID, MessageID: e.messageID,
		Hooks: sandbox.Hooks{
			Buyer: p.buyer, Seller: p.seller, Happened: p.happened, Describe: e.describe, Orders: e.freeOrders,
			Push: e.pushes.connect, Run: e.pushes.run,
			Control: map[string]func(json.RawMessage) (any, error){
				"chat": p.controlChat, "order": p.controlOrder, "cabinet": p.controlCabinet, "answer": p.controlAnswer,
			},
		},
		Reset: e.reset,
	})
	return e
}

func (e *Emulator) reset() {
	e.limits.reset()
	e.pushes.reset()
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(e.cabinets)
	clear(e.sizes)
}

// Business is the number of the cabinet, Campaigns are those of its shops.
func Business(a *sandbox.Account) int64 { return a.Organization*100 + int64(a.Number) }

// Campaigns are the numbers of the cabinet's shops: two in the first cabinet, one in every other.
func Campaigns(a *sandbox.Account) []int64 {
	first := Business(a)*10 + 1
	if a.Number == 1 {
		return []int64{first, first + 1}
	}
	return []int64{first}
}

// Numbers on the wire: the account's number in the world and the thing's number in the account.
const (
	perAccount   = 10_000_000
	freeFrom     = 5_000_000 // numbers of things that are not generated
	chatBase     = 100_000_000_000
	questionBase = 200_000_000_000
	reviewBase   = 300_000_000_000
	orderBase    = 400_000_000_000
	returnBase   = 500_000_000_000
	commentBase  = 600_000_000_000
	answerBase   = 700_000_000_000
	perChat      = 10_000 // messages of a chat
)

func number(base int64, account, n int) int64 { return base + int64(account)*perAccount + int64(n) + 1 }

// split takes a number on the wire apart.
func split(base, id int64) (account, n int, ok bool) {
	id -= base + 1
	if id < perAccount || id >= 100_000_000_000 {
		return 0, 0, false
	}
	return int(id / perAccount), int(id % perAccount), true
}

func baseOf(kind sandbox.Kind) int64 {
	switch kind {
	case sandbox.KindQuestion:
		return questionBase
	case sandbox.KindReview:
		return reviewBase
	}
	return chatBase
}

// id writes an identity as the remote side does; 0 for a foreign one.
func (e *Emulator) id(kind sandbox.Kind, id sandbox.ID) int64 {
	account, n, ok := e.world.Locate(kind, id)
	if !ok {
		return 0
	}
	return number(baseOf(kind), account, n)
}

func (e *Emulator) remoteID(kind sandbox.Kind, id sandbox.ID) string {
	return strconv.FormatInt(e.id(kind, id), 10)
}

func (e *Emulator) parseID(kind sandbox.Kind, remote string) (sandbox.ID, error) {
	id, err := strconv.ParseInt(remote, 10, 64)
	if err != nil {
		return sandbox.ID{}, err
	}
	account, n, _ := split(baseOf(kind), id)
	return e.world.Identity(kind, account, n), nil // account 0 is nobody's
}

// message is the number of a message on the wire.
func (e *Emulator) message(id sandbox.ID) int64 {
	account, chat, position, _ := e.world.LocateMessage(id)
	return (number(0, account, chat))*perChat + int64(position) + 1
}

func (e *Emulator) messageID(id sandbox.ID) string { return strconv.FormatInt(e.message(id), 10) }

// own finds a thing of an account by its number on the wire.
func (e *Emulator) own(a *sandbox.Account, kind sandbox.Kind, id int64) (n int, found sandbox.ID, ok bool) {
	account, n, ok := split(baseOf(kind), id)
	if !ok || account != a.WorldNumber() {
		return 0, sandbox.ID{}, false
	}
	return n, e.world.Identity(kind, account, n), true
}

// service is api.partner.market.yandex.ru.
func (e *Emulator) service() http.Handler {
	mux := http.NewServeMux()
	for _, op := range operations() {
		mux.Handle(op.method+" "+op.path, e.guard(op))
	}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, pattern := mux.Handler(r)
		switch {
		case path.Clean(r.URL.Path) != r.URL.Path:
			pattern = ""
		case pattern == "":
			for _, op := range operations() {
				probe := r.Clone(r.Context())
				probe.Method = op.method
				if _, p := mux.Handler(probe); p != "" && p == op.method+" "+op.path {
					plainHeaders(rw, op.free, e.world.Now(r))
					fail(rw, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "Request method '"+r.Method+"' not supported")
					return
				}
			}
		}
		if pattern == "" {
			plainHeaders(rw, 1000, e.world.Now(r))
			fail(rw, http.StatusNotFound, "NOT_FOUND", "Resource not found")
			return
		}
		mux.ServeHTTP(rw, r)
	})
}

// operation is one call of the API with its quotas an hour, without a subscription and with "Medium".
type operation struct {
	method, path string
	free, medium int
	writes       bool
	handle       func(*call)
}

func operations() []operation {
	const chats, reviews, questions = "/v2/businesses/{business}/chats", "/v2/businesses/{business}/goods-feedback", "/v1/businesses/{business}/goods-questions"
	return []operation{
		{"GET", "/v2/campaigns", 1000, 1000, false, (*call).campaigns},
		{"GET", "/v2/campaigns/{campaign}", 5000, 5000, false, (*call).campaign},
		{"POST", "/v2/businesses/{business}/settings", 100, 100, false, (*call).settings},
		{"POST", "/v2/auth/token", 100, 100, false, (*call).token},
		{"POST", chats, 5000, 5000, false, onChat(chatCall.chats)},
		{"GET", "/v2/businesses/{business}/chat", 1000, 1000, false, onChat(chatCall.chat)},
		{"POST", chats + "/new", 1000, 1000, true, onChat(chatCall.newChat)},
		{"POST", chats + "/history", 10_000, 10_000, false, onChat(chatCall.history)},
		{"GET", chats + "/message", 1000, 1000, false, onChat(chatCall.oneMessage)},
		{"POST", chats + "/message", 1000, 1000, true, onChat(chatCall.sendMessage)},
		{"POST", chats + "/file/send", 1000, 1000, true, onChat(chatCall.sendFile)},
		{"POST", reviews, 5000, 10_000, false, onReview(reviewCall.reviews)},
		{"POST", reviews + "/comments", 5000, 10_000, false, onReview(reviewCall.comments)},
		{"POST", reviews + "/comments/update", 1000, 1000, true, onReview(reviewCall.updateComment)},
		{"POST", reviews + "/comments/delete", 1000, 1000, true, onReview(reviewCall.deleteComment)},
		{"POST", reviews + "/skip-reaction", 500, 1000, true, onReview(reviewCall.skipReaction)},
		{"POST", questions, 1000, 5000, false, onQuestion(questionCall.questions)},
		{"POST", questions + "/answers", 1000, 5000, false, onQuestion(questionCall.answers)},
		{"POST", questions + "/update", 500, 1000, true, onQuestion(questionCall.updateQuestion)},
	}
}

// Calls by topic.
type (
	chatCall     struct{ *call }
	reviewCall   struct{ *call }
	questionCall struct{ *call }
)

func onChat(f func(chatCall)) func(*call)         { return func(c *call) { f(chatCall{c}) } }
func onReview(f func(reviewCall)) func(*call)     { return func(c *call) { f(reviewCall{c}) } }
func onQuestion(f func(questionCall)) func(*call) { return func(c *call) { f(questionCall{c}) } }
