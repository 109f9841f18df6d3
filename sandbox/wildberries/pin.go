package wildberries

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// PinLimit is what a subscription or tariff allows.
type PinLimit struct {
	// PerUnit is how many reviews one card or group may have, Total how many there may be over all; Unlimited lifts Total.
	PerUnit, Total int
	Unlimited      bool
}

// PinPlan is what a cabinet has paid for; nil means not paid. Without both nothing can be pinned.
type PinPlan struct{ Subscription, Tariff *PinLimit }

// The two methods and the two places of a pin.
const (
	bySubscription = "subscription"
	byTariff       = "tariff"
	onCard         = "nm"
	onGroup        = "imt"
)

func (p PinPlan) limit(method string) *PinLimit {
	if method == byTariff {
		return p.Tariff
	}
	return p.Subscription
}

// pin is a review fixed at the top of a card, on the wire.
type pin struct {
	ChangeStateAt string `json:"changeStateAt"`
	ImtID         int64  `json:"imtId"`
	NmID          int64  `json:"nmId"`
	PinID         int64  `json:"pinId"`
	PinMethod     string `json:"pinMethod"`
	PinOn         string `json:"pinOn"`
	FeedbackID    string `json:"feedbackId"`
	State         string `json:"state"`
	UnpinnedCause string `json:"unpinnedCause,omitempty"`

	review  sandbox.ID
	changed time.Time
}

func (p *pin) pinned() bool { return p.State == "pinned" }

func (p *pin) unit() int64 {
	if p.PinOn == onGroup {
		return -p.ImtID
	}
	return p.NmID
}

// pins are those of all cabinets.
type pins struct {
	mu    sync.Mutex
	last  int64
	plans map[string]PinPlan // by seller, where it is not the usual one
	lists map[string][]*pin  // by seller, oldest operation first
}

func newPins() *pins {
	p := &pins{}
	p.reset()
	return p
}

func (s *pins) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last, s.plans, s.lists = 18_577_000, map[string]PinPlan{}, map[string][]*pin{}
}

// SetPinPlan changes what a cabinet has paid for. What no longer fits is unpinned by the remote side, the newest pins first.
func (e *Emulator) SetPinPlan(a *sandbox.Account, plan PinPlan) {
	e.pins.mu.Lock()
	defer e.pins.mu.Unlock()
	e.pins.plans[a.Seller] = plan
	e.pins.shrink(a.Seller, plan, e.world.Clock().Now())
}

// shrink unpins what a plan does not allow; the caller holds the lock.
func (s *pins) shrink(seller string, plan PinPlan, now time.Time) {
	total, units := map[string]int{}, map[int64]int{}
	for _, p := range s.lists[seller] {
		if !p.pinned() {
			continue
		}
		switch limit := plan.limit(p.PinMethod); {
		case limit == nil:
			p.unpin("sysTariffUnpinned", now)
		case !limit.Unlimited && total[p.PinMethod] >= limit.Total:
			p.unpin("sysLimitReached", now)
		case units[p.unit()] >= limit.PerUnit:
			p.unpin("sysAdditionalSlot", now)
		default:
			total[p.PinMethod]++
			units[p.unit()]++
		}
	}
}

func (p *pin) unpin(cause string, now time.Time) {
	p.State, p.UnpinnedCause, p.changed = "unpinned", cause, now
	p.ChangeStateAt = now.UTC().Format(time.RFC3339)
}

// pinHost is the part of feedbacks-api that pins reviews.
type pinHost struct{ *Emulator }

func (h pinHost) add(mux *http.ServeMux) {
	for pattern, then := range map[string]func(*call){
		"GET /api/feedbacks/v1/pins": h.list, "POST /api/feedbacks/v1/pins": h.pin, "DELETE /api/feedbacks/v1/pins": h.unpin,
		"GET /api/feedbacks/v1/pins/count": h.count, "GET /api/feedbacks/v1/pins/limits": h.limits,
	} {
		mux.Handle(pattern, h.guard(CategoryFeedbacks, pattern[0] != 'G', "feedbacks", h.locked(then)))
	}
}

// locked runs a method alone, after reviews that no longer count were unpinned.
func (h pinHost) locked(then func(*call)) func(*call) {
	return func(c *call) {
		s := h.pins
		s.mu.Lock()
		defer s.mu.Unlock()
		b := c.account.Board(sandbox.KindReview)
		for _, p := range s.lists[c.account.Seller] {
			if !p.pinned() {
				continue
			}
			if review, ok := b.Post(p.review); !ok || review.Excluded {
				p.unpin("sysNoratingUnpinned", h.world.Clock().Now())
			}
		}
		then(c)
	}
}

func (h pinHost) plan(a *sandbox.Account) PinPlan {
	if plan, ok := h.pins.plans[a.Seller]; ok {
		return plan
	}
	return *h.opt.Pins
}

type pinProblem struct {
	Status    int    `json:"status"`
	Title     string `json:"title"`
	Detail    string `json:"detail"`
	RequestID string `json:"requestId"`
	Origin    string `json:"origin"`
}

func (h pinHost) refuse(c *call, status int, title, detail string) {
	c.fine()
	c.json(status, pinProblem{status, title, detail, h.tickets.next(c.r), "pin-open-api"})
}

// chosen are the pins that the filters of a list or count choose, or why the query is bad.
func (h pinHost) chosen(c *call) (found []*pin, why string) {
	values := c.r.URL.Query()
	f := &form{values: values}
	nm, imt := f.integer("nmId", 1, 1<<53), f.integer("imtId", 1, 1<<53)
	if f.bad != "" {
		return nil, f.bad + " must be an integer"
	}
	state, on, review := values.Get("state"), values.Get("pinOn"), values.Get("feedbackId")
	switch {
	case state != "" && state != "pinned" && state != "unpinned":
		return nil, "state must be one of the values 'pinned', 'unpinned'"
	case on != "" && on != onCard && on != onGroup:
		return nil, "pinOn must be one of the values 'nm', 'imt'"
	}
	var bounds [2]time.Time
	for i, name := range []string{"dateFrom", "dateTo"} {
		if text := values.Get(name); text != "" {
			at, err := time.Parse(time.RFC3339, text)
			if err != nil {
				return nil, name + " must be a date-time"
			}
			bounds[i] = at
		}
	}
	for _, p := range h.pins.lists[c.account.Seller] {
		if (state == "" || p.State == state) && (on == "" || p.PinOn == on) && (nm == 0 || p.NmID == nm) && (imt == 0 || p.ImtID == imt) &&
			(review == "" || p.FeedbackID == review) && !p.changed.Truncate(time.Second).Before(bounds[0]) && (bounds[1].IsZero() || !p.changed.Truncate(time.Second).After(bounds[1])) {
			found = append(found, p)
		}
	}
	return found, ""
}

const maxPins = 500 // on a page and in a request

func (h pinHost) list(c *call) {
	f := &form{values: c.r.URL.Query()}
	after, limit := f.integer("next", 0, 1<<53), f.integer("limit", 1, maxPins)
	found, why := h.chosen(c)
	if why == "" && f.bad != "" {
		why = f.bad + " is out of range"
	}
	if why != "" {
		h.refuse(c, http.StatusBadRequest, "Bad Request", why)
		return
	}
	if limit == 0 {
		limit = maxPins
	}
	found = slices.DeleteFunc(found, func(p *pin) bool { return p.PinID <= after })
	answer := struct {
		Data []*pin `json:"data"`
		Next int64  `json:"next,omitempty"`
	}{Data: found}
	if len(found) > int(limit) {
		answer.Data, answer.Next = found[:limit], found[limit-1].PinID
	}
	answer.Data = played(c.r, answer.Data)
	c.json(http.StatusOK, answer)
}

func (h pinHost) count(c *call) {
	found, why := h.chosen(c)
	if why != "" {
		h.refuse(c, http.StatusBadRequest, "Bad Request", why)
		return
	}
	c.json(http.StatusOK, map[string]int{"data": len(found)})
}

func (h pinHost) limits(c *call) {
	type limit struct {
		PerUnitLimit int  `json:"perUnitLimit"`
		Remaining    int  `json:"remaining"`
		TotalLimit   int  `json:"totalLimit"`
		Unlimited    bool `json:"unlimited"`
		Used         int  `json:"used"`
	}
	made, plan := map[string]*limit{bySubscription: nil, byTariff: nil}, h.plan(c.account)
	for method := range made {
		if l := plan.limit(method); l != nil {
			used := h.used(c, func(p *pin) bool { return p.PinMethod == method })
			made[method] = &limit{l.PerUnit, max(0, l.Total-used), l.Total, l.Unlimited, used}
		}
	}
	c.json(http.StatusOK, map[string]any{"data": made})
}

// used counts the standing pins that have something in common.
func (h pinHost) used(c *call, like func(*pin) bool) int {
	n := 0
	for _, p := range h.pins.lists[c.account.Seller] {
		if p.pinned() && like(p) {
			n++
		}
	}
	return n
}

// wish is an item of a request to pin.
type wish struct {
	PinMethod  string `json:"pinMethod"`
	PinOn      string `json:"pinOn"`
	FeedbackID string `json:"feedbackId"`
}

type wishError struct {
	Status    string `json:"status"`
	Title     string `json:"title"`
	Detail    string `json:"detail"`
	RequestID string `json:"requestId"`
	Origin    string `json:"origin"`
}

type wishResult struct {
	FeedbackID string      `json:"feedbackId"`
	PinID      int64       `json:"pinId,omitempty"`
	PinMethod  string      `json:"pinMethod"`
	PinOn      string      `json:"pinOn"`
	IsErrors   bool        `json:"isErrors"`
	Errors     []wishError `json:"errors,omitempty"`
}

// pin takes what can be pinned and tells of each other why not.
func (h pinHost) pin(c *call) {
	plan := h.plan(c.account)
	if plan.Subscription == nil && plan.Tariff == nil {
		h.refuse(c, http.StatusForbidden, "no active subscription or tariff", "this feature requires active subscription or active tariff")
		return
	}
	var wishes []wish
	err := c.body(&wishes)
	if err != nil || wishes == nil || len(wishes) > maxPins || slices.ContainsFunc(wishes, wish.malformed) {
		h.refuse(c, http.StatusBadRequest, "Bad Request", "invalid request body")
		return
	}
	results := []wishResult{}
	for _, w := range wishes {
		result := wishResult{FeedbackID: w.FeedbackID, PinMethod: w.PinMethod, PinOn: w.PinOn}
		p, why := h.judge(c, w, plan)
		if why == "" {
			h.pins.last++
			p.PinID, p.State, p.changed = h.pins.last, "pinned", h.world.Clock().Now()
			p.ChangeStateAt = p.changed.UTC().Format(time.RFC3339)
			h.pins.lists[c.account.Seller] = append(h.pins.lists[c.account.Seller], p)
			result.PinID = p.PinID
		} else {
			result.IsErrors = true
			result.Errors = []wishError{{why, wishTitles[why], wishTitles[why], h.tickets.next(c.r), "pin-open-api"}}
		}
		results = append(results, result)
	}
	c.json(http.StatusOK, map[string]any{"data": results})
}

func (w wish) malformed() bool {
	return w.PinMethod != bySubscription && w.PinMethod != byTariff || w.PinOn != onCard && w.PinOn != onGroup
}

var wishTitles = map[string]string{
	"feedbackNotFound": "feedback not found", "itemNotFound": "item not found or does not belong to seller",
	"feedbackMismatch": "feedback does not match the item", "itemNoImages": "item has no images", "feedbackExcluded": "feedback is excluded from rating",
	"imtNotDisplayed": "imt is not displayed", "globalLimitReached": "total limit of pins is reached", "unitLimitReached": "limit of pins of the unit is reached",
	"tariffRestriction": "no active tariff option", "subscriptionRestriction": "no active subscription", "alreadyPinned": "feedback is already pinned",
	"bodyNotValid": "body is not valid",
}

// Places in a shop of the article without pictures and of the one whose group is not displayed; both sell little.
const (
	articleWithoutImages = 10
	articleNotDisplayed  = 11
)

// judge makes a pin of a wish or tells by its status why not.
func (h pinHost) judge(c *call, w wish, plan PinPlan) (*pin, string) {
	id, err := parsePostID(w.FeedbackID)
	if err != nil {
		return nil, "bodyNotValid"
	}
	limit := plan.limit(w.PinMethod)
	if limit == nil {
		return nil, map[string]string{byTariff: "tariffRestriction", bySubscription: "subscriptionRestriction"}[w.PinMethod]
	}
	review, ok := c.account.Board(sandbox.KindReview).Post(id)
	if !ok {
		for _, a := range h.world.Accounts(API) {
			if _, ok := a.Board(sandbox.KindReview).Post(id); ok {
				return nil, "itemNotFound"
			}
		}
		return nil, "feedbackNotFound"
	}
	article := slices.IndexFunc(c.account.Products(), func(p sandbox.Product) bool { return p.Number == review.Product.Number })
	made := &pin{
		ImtID: imtID(review.Product), NmID: review.Product.Number, PinMethod: w.PinMethod, PinOn: w.PinOn, FeedbackID: w.FeedbackID, review: id,
	}
	switch {
	case review.Parent != (sandbox.ID{}): // a supplement has no place of its own on the card
		return nil, "feedbackMismatch"
	case review.Excluded || review.Bought == "refused":
		return nil, "feedbackExcluded"
	case article == articleWithoutImages:
		return nil, "itemNoImages"
	case article == articleNotDisplayed && w.PinOn == onGroup:
		return nil, "imtNotDisplayed"
	case h.used(c, func(p *pin) bool { return p.review == id && p.PinOn == w.PinOn }) > 0:
		return nil, "alreadyPinned"
	case !limit.Unlimited && h.used(c, func(p *pin) bool { return p.PinMethod == w.PinMethod }) >= limit.Total:
		return nil, "globalLimitReached"
	case h.used(c, func(p *pin) bool { return p.unit() == made.unit() && p.PinMethod == w.PinMethod }) >= limit.PerUnit:
		return nil, "unitLimitReached"
	}
	return made, ""
}

// unpin takes pins away; they vanish from the lists, which keep automatic unpins only.
func (h pinHost) unpin(c *call) {
	var ids []int64
	if err := c.body(&ids); err != nil || ids == nil || len(ids) > maxPins {
		h.refuse(c, http.StatusBadRequest, "Bad Request", "invalid request body")
		return
	}
	done := []int64{}
	kept := slices.DeleteFunc(h.pins.lists[c.account.Seller], func(p *pin) bool {
		if !p.pinned() || !slices.Contains(ids, p.PinID) {
			return false
		}
		done = append(done, p.PinID)
		return true
	})
	h.pins.lists[c.account.Seller] = kept
	c.json(http.StatusOK, map[string][]int64{"data": done})
}
