package wildberries

import (
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// Budget is a limiter with one bucket per published limit and three lanes: see NewBudget.
type Budget = rest.Budget

// BudgetOptions are the settings of a Budget; the zero value works. Lane tells the lane of a call from its context, Clock what
// waiting follows, Patience the longest wait, Fresh that the account has not been used lately.
type BudgetOptions = rest.BudgetOptions

// BucketLimit is one published limit.
type BucketLimit = rest.BucketLimit

// BucketState is one bucket at a moment.
type BucketState = rest.BucketState

// Lane is the priority of a call, highest first: LanePerson, LanePoll, LaneBackfill.
type Lane = rest.Lane

// The lanes.
const (
	LanePerson   = rest.LanePerson
	LanePoll     = rest.LanePoll
	LaneBackfill = rest.LaneBackfill
)

// Names of the buckets. Questions, feedbacks and pins share one; each chat and claims method has its own.
const (
	BucketFeedbacks    = "questions-feedbacks"
	BucketChatList     = "chat-list"
	BucketChatEvents   = "chat-events"
	BucketChatMessage  = "chat-message"
	BucketChatDownload = "chat-download"
	BucketClaimList    = "claim-list"
	BucketClaimAnswer  = "claim-answer"
	BucketSellerInfo   = "seller-info"
	BucketRating       = "rating"
)

// pingBucket returns the bucket of a family's ping, which is counted per host.
func pingBucket(f Family) string { return "ping-" + string(f) }

// Buckets returns the limits that hold for a token, as published on 2026-07-23. Limits of test and of unknown kinds are not
// published; those of personal tokens are assumed, and a 429 that names a smaller bucket corrects them.
func Buckets(t Token) []BucketLimit {
	limits := []BucketLimit{
		{Bucket: BucketFeedbacks, Period: time.Second, Limit: 3, Burst: 6},
		{Bucket: BucketChatList, Period: 10 * time.Second, Limit: 10, Burst: 10},
		{Bucket: BucketChatEvents, Period: 10 * time.Second, Limit: 10, Burst: 10},
		{Bucket: BucketChatMessage, Period: 10 * time.Second, Limit: 10, Burst: 10},
		{Bucket: BucketChatDownload, Period: 10 * time.Second, Limit: 10, Burst: 10},
		{Bucket: BucketClaimList, Period: time.Minute, Limit: 20, Burst: 10},
		{Bucket: BucketClaimAnswer, Period: time.Minute, Limit: 20, Burst: 10},
	}
	if t.Kind == TokenBasic {
		limits = []BucketLimit{
			{Bucket: BucketFeedbacks, Period: time.Hour, Limit: 5, Burst: 1},
			{Bucket: BucketChatList, Period: time.Hour, Limit: 1, Burst: 1},
			{Bucket: BucketChatEvents, Period: time.Hour, Limit: 1, Burst: 1},
			{Bucket: BucketChatMessage, Period: time.Hour, Limit: 1, Burst: 1},
			{Bucket: BucketChatDownload, Period: time.Hour, Limit: 10, Burst: 1},
			{Bucket: BucketClaimList, Period: time.Hour, Limit: 1, Burst: 1},
			{Bucket: BucketClaimAnswer, Period: time.Hour, Limit: 1, Burst: 1},
		}
	}
	limits = append(limits, BucketLimit{Bucket: BucketSellerInfo, Period: time.Minute, Limit: 1, Burst: 10})
	if mayRate(t) {
		limits = append(limits, BucketLimit{Bucket: BucketRating, Period: time.Minute, Limit: 1, Burst: 1})
	}
	for _, f := range Families() {
		limits = append(limits, BucketLimit{Bucket: pingBucket(f), Period: 30 * time.Second, Limit: 3, Burst: 3})
	}
	return limits
}

// NewBudget makes the budget of a seller account by the limits of its token. All clients of one account share one budget.
func NewBudget(t Token, o BudgetOptions) *Budget { return rest.NewBudget(Buckets(t), o) }
