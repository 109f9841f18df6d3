package wildberries

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// PinsService is the reviews pinned to product cards (feedbacks-api, category questions and feedbacks; not on sandbox hosts). All its methods
// share one limit with those of questions and reviews: 3 per second, burst 6; basic tokens 5 per hour, burst 1.
type PinsService struct{ c *Client }

// MaxPins is how many pins one call of Pin, Unpin or List takes.
const MaxPins = 500

const pinsPath = "/api/feedbacks/v1/pins"

// PinState tells whether a review is pinned. Unknown values pass through.
type PinState string

// The states of pins.
const (
	Pinned PinState = "pinned"
	// Unpinned lists only what was unpinned automatically.
	Unpinned PinState = "unpinned"
)

// PinOn is where a review is pinned. Unknown values pass through.
type PinOn string

// The places.
const (
	PinOnProduct PinOn = "nm"  // one product card
	PinOnGroup   PinOn = "imt" // a group of joined cards
)

// PinMethod is what pays for a pin. Unknown values pass through.
type PinMethod string

// The methods.
const (
	PinBySubscription PinMethod = "subscription"
	PinByTariff       PinMethod = "tariff"
)

// UnpinnedCause is why a review was unpinned. Unknown values pass through.
type UnpinnedCause string

// The causes.
const (
	UnpinnedTariff         UnpinnedCause = "sysTariffUnpinned"   // the subscription or tariff option ended
	UnpinnedLimit          UnpinnedCause = "sysLimitReached"     // the subscription's limit is used up
	UnpinnedNoRating       UnpinnedCause = "sysNoratingUnpinned" // the review no longer counts, for instance was deleted
	UnpinnedAdditionalSlot UnpinnedCause = "sysAdditionalSlot"   // the card is full
)

// PinErrorStatus is why a review was not pinned. Unknown values pass through.
type PinErrorStatus string

// The statuses.
const (
	PinFeedbackNotFound        PinErrorStatus = "feedbackNotFound"
	PinItemNotFound            PinErrorStatus = "itemNotFound"
	PinFeedbackMismatch        PinErrorStatus = "feedbackMismatch"
	PinItemNoImages            PinErrorStatus = "itemNoImages"
	PinFeedbackExcluded        PinErrorStatus = "feedbackExcluded"
	PinGroupNotDisplayed       PinErrorStatus = "imtNotDisplayed"
	PinGlobalLimitReached      PinErrorStatus = "globalLimitReached"
	PinUnitLimitReached        PinErrorStatus = "unitLimitReached"
	PinTariffRestriction       PinErrorStatus = "tariffRestriction"
	PinSubscriptionRestriction PinErrorStatus = "subscriptionRestriction"
	PinAlreadyPinned           PinErrorStatus = "alreadyPinned"
	PinBodyNotValid            PinErrorStatus = "bodyNotValid"
)

// Pin is one pinned, or automatically unpinned, review.
type Pin struct {
	ID            int64         `json:"pinId"`
	FeedbackID    string        `json:"feedbackId"`
	NmID          int64         `json:"nmId"`
	ImtID         int64         `json:"imtId"`
	Method        PinMethod     `json:"pinMethod"`
	On            PinOn         `json:"pinOn"`
	State         PinState      `json:"state"`
	ChangeStateAt Time          `json:"changeStateAt"`
	UnpinnedCause UnpinnedCause `json:"unpinnedCause"` // "" unless unpinned
}

// PinFilter narrows List and Count; the zero value takes everything.
type PinFilter struct {
	State PinState
	On    PinOn
	// Group is an imtId, Product an nmId, 0 for all.
	Group, Product int64
	// FeedbackID is a number in the document, although ids of reviews are texts elsewhere; 0 for all.
	FeedbackID int64
	// From and To bound the moment of pinning.
	From, To time.Time
}

func (f PinFilter) values() (url.Values, error) {
	if f.Group < 0 || f.Product < 0 || f.FeedbackID < 0 {
		return nil, outOfRange("a number of the filter is negative")
	}
	if f.State != "" && f.State != Pinned && f.State != Unpinned {
		return nil, outOfRange("state %q is neither pinned nor unpinned", string(f.State))
	}
	if f.On != "" && !f.On.known() {
		return nil, outOfRange("place %q is neither nm nor imt", string(f.On))
	}
	if err := checkDates(f.From, f.To); err != nil {
		return nil, err
	}
	values := url.Values{}
	for name, n := range map[string]int64{"imtId": f.Group, "nmId": f.Product, "feedbackId": f.FeedbackID} {
		if n > 0 {
			values.Set(name, strconv.FormatInt(n, 10))
		}
	}
	for name, text := range map[string]string{"state": string(f.State), "pinOn": string(f.On)} {
		if text != "" {
			values.Set(name, text)
		}
	}
	for name, at := range map[string]time.Time{"dateFrom": f.From, "dateTo": f.To} {
		if !at.IsZero() {
			values.Set(name, at.UTC().Format(time.RFC3339))
		}
	}
	return values, nil
}

func (o PinOn) known() bool { return o == PinOnProduct || o == PinOnGroup }

func (m PinMethod) known() bool { return m == PinBySubscription || m == PinByTariff }

// ListPins says which pins List returns.
type ListPins struct {
	PinFilter
	// Next is PinsPage.Next of the page before, 0 for the first page.
	Next int64
	// Limit is how many, at most 500; 0 means 500.
	Limit int
}

// PinsPage is one page of pins.
type PinsPage struct {
	Pins []Pin
	// Next is the cursor of the next page, 0 when there is none.
	Next int64
	// Malformed are pins that could not be decoded; the others are good.
	Malformed []Malformed
}

// List returns one page of pinned reviews and of those unpinned automatically.
//
// Operation: GET /api/feedbacks/v1/pins. Limit: that of the service. Document of 2026-07-23.
func (s *PinsService) List(ctx context.Context, q ListPins) (PinsPage, error) {
	o := feedbackOperation(http.MethodGet, pinsPath)
	values, err := q.values()
	if err == nil && (q.Limit < 0 || q.Limit > MaxPins || q.Next < 0) {
		err = outOfRange("limit %d: it must be 1 to %d, and next not negative", q.Limit, MaxPins)
	}
	if err != nil {
		return PinsPage{}, refuse(o, err)
	}
	if q.Limit == 0 {
		q.Limit = MaxPins
	}
	values.Set("limit", strconv.Itoa(q.Limit))
	if q.Next > 0 {
		values.Set("next", strconv.FormatInt(q.Next, 10))
	}
	o.query = values
	var items []json.RawMessage
	e, err := s.c.enveloped(ctx, o, nil, &items)
	if err != nil {
		return PinsPage{}, err
	}
	var page PinsPage
	page.Pins, page.Malformed = decodeItems[Pin](items)
	if !isNull(e.Next) && json.Unmarshal(e.Next, &page.Next) != nil {
		return PinsPage{}, misunderstood(o, http.StatusOK, e.Next, outOfRange("next is no number"))
	}
	s.c.warn(ctx, o, nil, page.Malformed)
	return page, nil
}

// Count counts pins.
//
// Operation: GET /api/feedbacks/v1/pins/count. Limit: that of the service. Document of 2026-07-23.
func (s *PinsService) Count(ctx context.Context, f PinFilter) (int64, error) {
	o := feedbackOperation(http.MethodGet, pinsPath+"/count")
	var err error
	if o.query, err = f.values(); err != nil {
		return 0, refuse(o, err)
	}
	var n int64
	_, err = s.c.enveloped(ctx, o, nil, &n)
	return n, err
}

// PinLimits is how many reviews can be pinned, by what pays for it; nil for what the seller has not bought.
type PinLimits struct {
	Subscription *PinLimit `json:"subscription"`
	Tariff       *PinLimit `json:"tariff"`
}

// PinLimit is one such limit.
type PinLimit struct {
	PerUnit   int64 `json:"perUnitLimit"` // of one card or group
	Total     int64 `json:"totalLimit"`
	Used      int64 `json:"used"`
	Remaining int64 `json:"remaining"`
	Unlimited bool  `json:"unlimited"`
}

// Limits returns how many reviews can still be pinned.
//
// Operation: GET /api/feedbacks/v1/pins/limits. Limit: that of the service. Document of 2026-07-23.
func (s *PinsService) Limits(ctx context.Context) (PinLimits, error) {
	var limits PinLimits
	_, err := s.c.enveloped(ctx, feedbackOperation(http.MethodGet, pinsPath+"/limits"), nil, &limits)
	return limits, err
}

// PinRequest asks to pin one review.
type PinRequest struct {
	Method     PinMethod `json:"pinMethod"`
	On         PinOn     `json:"pinOn"`
	FeedbackID string    `json:"feedbackId"`
}

// PinResult is what became of one PinRequest.
type PinResult struct {
	FeedbackID string    `json:"feedbackId"`
	Method     PinMethod `json:"pinMethod"`
	On         PinOn     `json:"pinOn"`
	// PinID is what Unpin wants, 0 when the review was not pinned.
	PinID    int64      `json:"pinId"`
	IsErrors bool       `json:"isErrors"`
	Errors   []PinError `json:"errors"`
}

// Pinned tells that the review is pinned now.
func (r PinResult) Pinned() bool { return r.PinID != 0 && !r.IsErrors }

// PinError is why one review was not pinned.
type PinError struct {
	Status    PinErrorStatus `json:"status"`
	Title     string         `json:"title"`
	Detail    string         `json:"detail"`
	RequestID string         `json:"requestId"`
	Origin    string         `json:"origin"`
}

// Pin pins 1 to 500 reviews. Success is that of the call, not of its items: look at every PinResult. ErrNoSubscription when the seller has
// bought neither.
//
// Operation: POST /api/feedbacks/v1/pins. Limit: that of the service. Document of 2026-07-23.
func (s *PinsService) Pin(ctx context.Context, requests []PinRequest) ([]PinResult, error) {
	o := feedbackOperation(http.MethodPost, pinsPath)
	if err := checkPins(o, len(requests)); err != nil {
		return nil, err
	}
	for _, r := range requests {
		if err := checkID(o, r.FeedbackID); err != nil {
			return nil, err
		}
		if !r.Method.known() || !r.On.known() {
			return nil, refuse(o, outOfRange("method %q on %q is not a way to pin", string(r.Method), string(r.On)))
		}
	}
	body, err := jsonBody(requests)
	if err != nil {
		return nil, refuse(o, err)
	}
	o.timeout = readTimeout
	var results []PinResult
	_, err = s.c.enveloped(ctx, o, body, &results)
	return results, err
}

// Unpin takes 1 to 500 pins off, by Pin.ID, and returns those that were taken off.
//
// Operation: DELETE /api/feedbacks/v1/pins. Limit: that of the service. Document of 2026-07-23.
func (s *PinsService) Unpin(ctx context.Context, pinIDs []int64) ([]int64, error) {
	o := feedbackOperation(http.MethodDelete, pinsPath)
	if err := checkPins(o, len(pinIDs)); err != nil {
		return nil, err
	}
	for _, id := range pinIDs {
		if id <= 0 {
			return nil, refuse(o, outOfRange("pin id %d is not positive", id))
		}
	}
	body, err := jsonBody(pinIDs)
	if err != nil {
		return nil, refuse(o, err)
	}
	o.timeout = readTimeout
	var unpinned []int64
	_, err = s.c.enveloped(ctx, o, body, &unpinned)
	return unpinned, err
}

func checkPins(o operation, n int) error {
	if n < 1 || n > MaxPins {
		return refuse(o, outOfRange("%d pins: one call takes 1 to %d", n, MaxPins))
	}
	return nil
}
