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

	// AnswerModeration is how long an answer to a review says reviewRequired; 0 means 2 s, below 0 none.
	AnswerModeration time.Duration
	// RejectAnswer tells which answers to reviews moderation turns away; nil means those with a telephone number, a site or a mailbox.
	RejectAnswer func(text string) bool
	// RejectedState is the state of an answer turned away; "" means "rejected". "rejectedAntispam" was seen too.
	RejectedState string
	// SecondAnswerReplaces makes a second POST of an answer replace the first one instead of changing nothing.
	SecondAnswerReplaces bool
	// StrictDates makes dateFrom and dateTo exclude their own second, OldestFirst is the order of a list that names none,
	// TodayInUTC puts the day boundary of countUnansweredToday from UTC+3 to UTC.
	StrictDates, OldestFirst, TodayInUTC bool
	// LenientClaims answers 200 without an effect to a decision that is not allowed and to an unknown claim.
	LenientClaims bool
	// Pins is what every cabinet has paid for until SetPinPlan; nil means a subscription for 15 reviews, 2 on a card. An empty plan forbids to pin.
	Pins *PinPlan
	// ForbidFeedbacks answers 403 to all of questions and reviews, Unpaid 402 to every service token.
	ForbidFeedbacks, Unpaid bool
}

// Emulator answers for all hosts of the remote side.
type Emulator struct {
	world   *sandbox.World
	opt     Options
	limits  *limits
	signs   *signs
	tickets tickets
	pins    *pins
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
	o.answers()
	e := &Emulator{world: w, opt: o, limits: newLimits(), signs: newSigns(), pins: newPins()}
	w.Mount(sandbox.Emulator{
		API:   API,
		Kinds: []sandbox.Kind{sandbox.KindChat, sandbox.KindQuestion, sandbox.KindReview, sandbox.KindClaim},
		Services: append(mediaHosts{e}.services(), []sandbox.Service{
			{Host: "buyer-chat-api.wildberries.ru", Prefix: "/wildberries/chat", Handler: e.chatHost()},
			{Host: "feedbacks-api.wildberries.ru", Prefix: "/wildberries/feedbacks", Handler: feedbackHost{e}.handler()},
			{Host: "returns-api.wildberries.ru", Prefix: "/wildberries/returns", Handler: returnsHost{e}.handler()},
			{Host: "common-api.wildberries.ru", Prefix: "/wildberries/common", Handler: e.commonHost()},
			{Host: basketHost, Prefix: "/wildberries/basket", Handler: e.basket()},
		}...),
		Token:    func(a *sandbox.Account) string { return Token(a, TokenOptions{}) },
		RemoteID: remoteID, ParseID: parseID,
		Supplements: true,
		Decide:      decide, Decisions: actions,
		Reset: func() {
			e.limits.reset()
			e.signs.reset()
			e.pins.reset()
		},
	})
	return e
}

// answers fills in the options of questions, reviews and pins.
func (o *Options) answers() {
	if o.AnswerModeration == 0 {
		o.AnswerModeration = 2 * time.Second
	}
	if o.RejectAnswer == nil {
		o.RejectAnswer = hasContacts
	}
	if o.RejectedState == "" {
		o.RejectedState = "rejected"
	}
	if o.Pins == nil {
		o.Pins = &PinPlan{Subscription: &PinLimit{PerUnit: 2, Total: 15}}
	}
}

// remoteID writes an identity as the remote side does for the kind, parseID reads it.
func remoteID(kind sandbox.Kind, id sandbox.ID) string {
	switch kind {
	case sandbox.KindQuestion, sandbox.KindReview:
		return postID(id)
	case sandbox.KindClaim:
		return id.String()
	}
	return chatID(id)
}

func parseID(kind sandbox.Kind, remote string) (sandbox.ID, error) {
	switch kind {
	case sandbox.KindQuestion, sandbox.KindReview:
		return parsePostID(remote)
	case sandbox.KindClaim:
		return sandbox.ParseID(remote)
	}
	return parseChatID(remote)
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
