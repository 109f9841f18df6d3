package yandexmarket

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// Lane is the priority of a call, highest first: LanePerson, LanePoll, LaneBackfill.
type Lane = rest.Lane

// The lanes.
const (
	LanePerson   = rest.LanePerson
	LanePoll     = rest.LanePoll
	LaneBackfill = rest.LaneBackfill
)

// BucketState is one quota at a moment.
type BucketState = rest.BucketState

// Clock is where time comes from; the zero value is the system clock.
type Clock = rest.Clock

// Tier is the subscription of a cabinet, which decides its quotas.
type Tier string

// The tiers. LIGHT has no column of its own in the document and is treated like none.
const (
	TierNone   Tier = "NONE"
	TierLight  Tier = "LIGHT"
	TierMedium Tier = "MEDIUM"
)

// The names of the quotas, one for each method.
const (
	BucketChats          = "chats"
	BucketChat           = "chat"
	BucketChatHistory    = "chat-history"
	BucketChatMessage    = "chat-message"
	BucketChatSend       = "chat-send"
	BucketChatFile       = "chat-file"
	BucketChatNew        = "chat-new"
	BucketReviews        = "reviews"
	BucketComments       = "review-comments"
	BucketCommentUpdate  = "review-comment-update"
	BucketCommentDelete  = "review-comment-delete"
	BucketReviewSkip     = "review-skip"
	BucketQuestions      = "questions"
	BucketAnswers        = "question-answers"
	BucketQuestionUpdate = "question-update"
	BucketCampaigns      = "campaigns"
	BucketCampaign       = "campaign"
	BucketToken          = "token"
	BucketSettings       = "settings"
)

// Quota is how often a method may be called in an hour.
type Quota struct {
	Bucket  string
	PerHour int
}

// Quotas returns the quotas of a tier, as published on 2026-05-18.
func Quotas(t Tier) []Quota {
	reviews, skips, questions := 5000, 500, 1000
	if t == TierMedium {
		reviews, skips, questions = 10_000, 1000, 5000
	}
	return []Quota{
		{BucketChats, 5000}, {BucketChat, 1000}, {BucketChatHistory, 10_000}, {BucketChatMessage, 1000},
		{BucketChatSend, 1000}, {BucketChatFile, 1000}, {BucketChatNew, 1000},
		{BucketReviews, reviews}, {BucketComments, reviews}, {BucketCommentUpdate, 1000}, {BucketCommentDelete, 1000}, {BucketReviewSkip, skips},
		{BucketQuestions, questions}, {BucketAnswers, questions}, {BucketQuestionUpdate, skips},
		{BucketCampaigns, 1000}, {BucketCampaign, 5000}, {BucketToken, 100}, {BucketSettings, 100},
	}
}

// limit spends a quota so that it holds in every hour, from whatever moment the
// remote side counts: a tenth may go at once, the rest comes back evenly.
func (q Quota) limit() rest.BucketLimit {
	burst := max(q.PerHour/10, 1)
	return rest.BucketLimit{Bucket: q.Bucket, Period: time.Hour, Limit: max(q.PerHour-burst, 1), Burst: burst}
}

// mostParallel is how many requests of a cabinet may be on their way at once;
// one place is kept for the lane of persons.
const (
	mostParallel   = 4
	keptForAPerson = 1
)

// BudgetOptions say how a Budget behaves. The zero value works.
type BudgetOptions struct {
	// Clock is what the quotas and waiting follow.
	Clock Clock
	// Lane tells the lane of a call from its context. Nil: everything is LanePoll.
	Lane func(context.Context) Lane
	// Patience is the longest wait for a turn that Wait sits out; what would
	// take longer fails with [ErrThrottled]. 0: as long as the context lets;
	// below 0: none. For one of the places it runs on the system clock, because
	// they come free as fast as the network is.
	Patience time.Duration
	// Tier is the subscription; "" means none until [Budget.SetTier] tells.
	Tier Tier
}

// Budget keeps a cabinet inside its quotas and the four requests at once. It is
// safe for concurrent use and starts no goroutines.
type Budget struct {
	quotas   *rest.Budget
	lane     func(context.Context) Lane
	patience time.Duration
	shared   chan struct{} // a place for each request of any lane
	kept     chan struct{} // and those that only persons take
	held     chan bool     // which place each request on its way has; true: a kept one
}

// NewBudget makes the budget of a cabinet. All clients of one cabinet share one.
func NewBudget(o BudgetOptions) *Budget {
	if o.Patience < 0 {
		o.Patience = time.Nanosecond
	}
	b := &Budget{
		lane:     o.Lane,
		patience: o.Patience,
		shared:   make(chan struct{}, mostParallel-keptForAPerson),
		kept:     make(chan struct{}, keptForAPerson),
		held:     make(chan bool, mostParallel),
	}
	if b.lane == nil {
		b.lane = func(context.Context) Lane { return LanePoll }
	}
	var limits []rest.BucketLimit
	for _, q := range Quotas(o.Tier) {
		limits = append(limits, q.limit())
	}
	// Fresh, because the first answer tells what is left of the hour.
	b.quotas = rest.NewBudget(limits, rest.BudgetOptions{Clock: o.Clock, Lane: b.lane, Read: readQuota, Patience: o.Patience, Fresh: true})
	return b
}

// SetTier follows the subscription that the settings of the cabinet tell.
func (b *Budget) SetTier(t Tier) {
	for _, q := range Quotas(t) {
		b.quotas.Change(q.limit())
	}
}

// Wait blocks until a request of the bucket may leave.
func (b *Budget) Wait(ctx context.Context, bucket string) error {
	if err := b.quotas.Wait(ctx, bucket); err != nil {
		return err
	}
	if err := b.enter(ctx); err != nil {
		b.quotas.Observe(bucket, nil)
		return err
	}
	return nil
}

// enter takes one of the places.
func (b *Budget) enter(ctx context.Context) error {
	kept := b.kept
	if b.lane(ctx) != LanePerson {
		kept = nil // never ready
	}
	select {
	case b.shared <- struct{}{}:
		b.held <- false
		return nil
	case kept <- struct{}{}:
		b.held <- true
		return nil
	default:
	}
	bounded := ctx
	if b.patience > 0 {
		var cancel context.CancelFunc
		bounded, cancel = context.WithTimeout(ctx, b.patience)
		defer cancel()
	}
	select {
	case b.shared <- struct{}{}:
		b.held <- false
	case kept <- struct{}{}:
		b.held <- true
	case <-bounded.Done():
		if ctx.Err() == nil {
			return &rest.BusyError{Bucket: "requests at once", After: pauseForAPlace}
		}
		return ctx.Err()
	}
	return nil
}

// Observe ends the request that Wait let go and learns from its answer.
func (b *Budget) Observe(bucket string, resp *http.Response) {
	b.quotas.Observe(bucket, resp)
	// Places are alike, so that it does not matter whose is given back.
	select {
	case kept := <-b.held:
		if kept {
			<-b.kept
		} else {
			<-b.shared
		}
	default: // nobody waited before: not ours to give back
	}
}

// Snapshot returns the present state of all quotas.
func (b *Budget) Snapshot() []BucketState { return b.quotas.Snapshot() }

// pauseForAPlace is when to come back when four requests are on their way.
const pauseForAPlace = time.Second

// longestUntil bounds what X-RateLimit-Resource-Until may ask for; quotas count by the hour.
const longestUntil = 24 * time.Hour

// statusThrottled is what the Market answers when a quota is used up; 429 is not used.
const statusThrottled = 420

// refusedForLimit tells whether an answer refuses for a limit: the quota of the
// method, or the requests at once.
func refusedForLimit(resp *http.Response, now time.Time) rest.Hint {
	if resp.StatusCode != statusThrottled && resp.StatusCode != http.StatusTooManyRequests {
		return rest.Hint{}
	}
	if left, ok := remaining(resp); ok && left > 0 {
		// The quota is not used up: there were too many at once.
		return rest.Hint{Throttled: true, RetryAfter: pauseForAPlace}
	}
	return rest.Hint{Throttled: true, RetryAfter: untilFree(resp, now)}
}

// remaining reads what is left of the quota of a method.
func remaining(resp *http.Response) (int, bool) {
	left, err := strconv.Atoi(strings.TrimSpace(resp.Header.Get("X-RateLimit-Resource-Remaining")))
	return left, err == nil && left >= 0
}

// readQuota reads what an answer tells about the quota of its method. One that
// is used up is left alone until it begins anew.
func readQuota(resp *http.Response, now time.Time) rest.Hint {
	if h := refusedForLimit(resp, now); h.Throttled {
		return h
	}
	left, ok := remaining(resp)
	if !ok {
		return rest.Hint{}
	}
	if pause := untilFree(resp, now); left == 0 && pause > 0 {
		return rest.Hint{Throttled: true, RetryAfter: pause}
	}
	return rest.Hint{HasRemaining: true, Remaining: left, Window: true}
}

// untilFree reads X-RateLimit-Resource-Until, a date without a zone that Go
// knows by heart. The clock of the answer counts where it is told, since ours
// may differ. 0: not told.
func untilFree(resp *http.Response, now time.Time) time.Duration {
	until, ok := parseHeaderDate(resp.Header.Get("X-RateLimit-Resource-Until"))
	if !ok {
		return 0
	}
	if there, ok := parseHeaderDate(resp.Header.Get("Date")); ok {
		now = there
	}
	// A second more, since the date has whole seconds.
	return max(min(until.Sub(now), longestUntil-time.Second)+time.Second, time.Second)
}

func parseHeaderDate(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC1123, time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 MST", time.RFC822, time.RFC822Z, time.RFC850, time.ANSIC} {
		if at, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
