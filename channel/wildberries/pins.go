package wildberries

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// pinState is what is pinned in a cabinet and what may still be.
type pinState struct {
	ids    map[string]int64 // pins by review
	limits api.PinLimits
}

// paid tells whether the seller has bought pinning at all.
func (s pinState) paid() bool { return s.limits.Subscription != nil || s.limits.Tariff != nil }

// method is what can pay for one more pin, "" when nothing can. The
// subscription goes first: it costs the same however much it is used.
func (s pinState) method() api.PinMethod {
	switch {
	case room(s.limits.Subscription):
		return api.PinBySubscription
	case room(s.limits.Tariff):
		return api.PinByTariff
	default:
		return ""
	}
}

func room(l *api.PinLimit) bool { return l != nil && (l.Unlimited || l.Remaining > 0) }

// full says why nothing more can be pinned; empty when it can.
func (s pinState) full() sellerdesk.Why {
	if s.method() != "" {
		return sellerdesk.Why{}
	}
	total := int64(0)
	for _, l := range []*api.PinLimit{s.limits.Subscription, s.limits.Tariff} {
		if l != nil {
			total += l.Total
		}
	}
	text := fmt.Sprintf("No slots for pinned reviews are left (0 of %d). Unpin one first.", total)
	return sellerdesk.Why{Code: reasonSlots, Text: sellerdesk.Optional(text)}
}

// reasonSlots is the code of a review that could be pinned if there was room.
const reasonSlots sellerdesk.ReasonCode = "no_slots"

// pinboard holds the pins of a cabinet, which no review tells of itself.
type pinboard struct {
	*cabinet
	// off: the budget is too small to ask for pins.
	off bool

	mu    sync.Mutex
	state *pinState // nil until it was read; what it holds never changes
	// slots is how many pins there may be and how many are left, as it was read
	// last and with what was done since; the zero value: not known, or no bound.
	slots slots
}

type slots struct{ left, total int }

// slots counts what is bought; the zero value where nothing is, or no bound is.
func (s pinState) slots() (n slots) {
	for _, l := range []*api.PinLimit{s.limits.Subscription, s.limits.Tariff} {
		switch {
		case l == nil:
		case l.Unlimited:
			return slots{}
		default:
			n.left, n.total = n.left+int(max(l.Remaining, 0)), n.total+int(l.Total)
		}
	}
	n.left = min(n.left, n.total)
	return n
}

// budget tells the slots as a bucket named after the action that takes from it;
// false when there is nothing to tell.
func (b *pinboard) budget() (sellerdesk.BucketState, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return sellerdesk.BucketState{Bucket: string(sellerdesk.ActionPin), Limit: b.slots.total, Remaining: b.slots.left}, b.slots.total > 0
}

// known gives what is known, and reads it when nothing is. A cabinet that may
// not pin has none.
func (b *pinboard) known(ctx context.Context) (pinState, error) {
	b.mu.Lock()
	state := b.state
	b.mu.Unlock()
	if b.off {
		return pinState{}, nil
	}
	if state != nil {
		return *state, nil
	}
	read, err := b.read(ctx)
	var e *channel.Error
	if errors.As(err, &e) && (e.Class == channel.Refused || e.Class == channel.Gone || e.Class == channel.Malformed) {
		b.set(pinState{}) // the stream of pins tells what is wrong, and reviews come all the same
		return pinState{}, nil
	}
	return read, err
}

func (b *pinboard) set(s pinState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state, b.slots = &s, s.slots()
}

// mostPins bounds what is read of a list; no plan on sale allows near as many.
const mostPins = 10_000

// read reads all pins and their limits.
func (b *pinboard) read(ctx context.Context) (pinState, error) {
	s := pinState{ids: map[string]int64{}}
	for pin, err := range b.client.Pins.AllPins(ctx, api.PinFilter{State: api.Pinned}) {
		if err != nil {
			return pinState{}, b.failure(err, reading, api.BucketFeedbacks)
		}
		if s.ids[pin.FeedbackID] = pin.ID; len(s.ids) >= mostPins {
			break
		}
	}
	limits, err := b.client.Pins.Limits(ctx)
	if err != nil {
		return pinState{}, b.failure(err, reading, api.BucketFeedbacks)
	}
	s.limits = limits
	b.set(s)
	return s, nil
}

// pinned is the cursor of the stream: the reviews that were shown as pinned.
type pinned struct {
	Reviews []string `json:"reviews"`
}

// changedPins is how many reviews are read again in one pull, each by a request.
const changedPins = 5

// pullPins reads what is pinned and shows the reviews for which that changed.
func (c *board) pullPins(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	state, err := c.pins.read(ctx)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	var shown pinned
	if json.Unmarshal([]byte(from), &shown) != nil {
		shown = pinned{}
	}
	stands := map[string]bool{}
	for _, id := range shown.Reviews {
		stands[id] = true
	}
	var changed []string
	for id := range state.ids {
		if !stands[id] {
			changed = append(changed, id)
		}
	}
	for id := range stands {
		if _, still := state.ids[id]; !still {
			changed = append(changed, id)
		}
	}
	slices.Sort(changed)
	b := sellerdesk.Batch{More: len(changed) > changedPins}
	var posts []post
	for _, id := range changed[:min(len(changed), changedPins)] {
		found, err := c.reviewAgain(ctx, id, state)
		if err != nil && !gones(err) {
			return sellerdesk.Batch{}, err
		}
		posts = append(posts, found...)
		if stands[id] = !stands[id]; !stands[id] {
			delete(stands, id)
		}
	}
	bring(&b, posts)
	if len(posts) > 0 {
		b.Reached, b.Newest = moments(c.clock.Now)
	}
	next, err := json.Marshal(pinned{Reviews: slices.Sorted(maps.Keys(stands))})
	if err != nil {
		return sellerdesk.Batch{}, fmt.Errorf("keep the pins: %w", err)
	}
	b.Next = sellerdesk.Cursor(next)
	return b, nil
}

// gones tells that a thing is surely not there.
func gones(err error) bool {
	class, _ := channel.ClassOf(err)
	return class == channel.Gone
}

// pin puts a review on top of those of its product.
func (c *board) pin(ctx context.Context, ref sellerdesk.RemoteRef) error {
	state, err := c.pins.known(ctx)
	if err != nil {
		return asWrite(err)
	}
	method := state.method()
	switch {
	case !state.paid() && c.pins.off:
		method = api.PinBySubscription // what is bought is not known
	case !state.paid():
		return refuse(sellerdesk.ReasonRefused, noSubscription, nil)
	case method == "":
		return refuse(reasonSlots, string(state.full().Text), nil)
	}
	results, err := c.client.Pins.Pin(ctx, []api.PinRequest{{Method: method, On: api.PinOnProduct, FeedbackID: string(ref.ID)}})
	if err != nil {
		return c.failure(err, writing, api.BucketFeedbacks)
	}
	c.pins.forget(0)
	for _, r := range results {
		switch {
		case r.FeedbackID != string(ref.ID):
		case r.Pinned():
			c.pins.forget(-1)
			return nil
		case alreadyPinned(r):
			return nil
		default:
			return unpinnable(r)
		}
	}
	return classify(api.ErrOutcomeUnknown, writing)
}

// forget makes the next who asks read the pins again. Until then as many more
// slots are left as is said.
func (b *pinboard) forget(more int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state, b.slots.left = nil, max(0, min(b.slots.left+more, b.slots.total))
}

const noSubscription = "Pinning needs a Jam subscription or the tariff option of Wildberries."

func alreadyPinned(r api.PinResult) bool {
	return slices.ContainsFunc(r.Errors, func(e api.PinError) bool { return e.Status == api.PinAlreadyPinned })
}

// unpinnable says in words why a review was not pinned.
func unpinnable(r api.PinResult) *channel.Error {
	code, text := sellerdesk.ReasonRefused, "Wildberries did not pin the review and does not say why."
	for _, e := range r.Errors {
		switch e.Status {
		case api.PinFeedbackNotFound:
			code, text = sellerdesk.ReasonGone, "Wildberries does not find this review."
		case api.PinItemNotFound:
			text = "Wildberries does not find the product, or it is not yours."
		case api.PinFeedbackMismatch:
			text = "The review does not belong to the product; a supplement cannot be pinned."
		case api.PinItemNoImages:
			text = "A review is pinned only on a product with pictures."
		case api.PinFeedbackExcluded:
			text = "The review does not count for the rating, so that it cannot be pinned."
		case api.PinGroupNotDisplayed:
			text = "The product card is not shown at Wildberries now."
		case api.PinGlobalLimitReached:
			text = "No slots for pinned reviews are left. Unpin one first."
		case api.PinUnitLimitReached:
			text = "This product has as many pinned reviews as are allowed. Unpin one first."
		case api.PinTariffRestriction, api.PinSubscriptionRestriction:
			text = noSubscription
		case api.PinBodyNotValid:
			text = "Wildberries does not take this review for pinning."
		default:
			if said := firstText(e.Detail, e.Title, string(e.Status)); said != "" {
				text = "Wildberries did not pin the review: " + cut(said, 200)
			}
		}
	}
	return refuse(code, text, fmt.Errorf("pin: %d errors", len(r.Errors)))
}

// unpin takes a pinned review down.
func (c *board) unpin(ctx context.Context, ref sellerdesk.RemoteRef) error {
	// What is known may be old, and the number of the pin is needed.
	state, err := c.pins.read(ctx)
	if err != nil {
		return asWrite(err)
	}
	id, ok := state.ids[string(ref.ID)]
	if !ok {
		return nil // it is down already
	}
	down, err := c.client.Pins.Unpin(ctx, []int64{id})
	if err != nil {
		return c.failure(err, writing, api.BucketFeedbacks)
	}
	c.pins.forget(len(down))
	if !slices.Contains(down, id) {
		return refuse(sellerdesk.ReasonRefused, "Wildberries did not take the review down.", nil)
	}
	return nil
}
