package yandexmarket

import (
	"net/http"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

const statusThrottled = 420

// Budget is the request budget of one cabinet.
type Budget = rest.Budget

// BudgetOptions says how a Budget behaves.
type BudgetOptions = rest.BudgetOptions

// Tier is the subscription level, which decides the quotas.
type Tier string

// The tiers. LIGHT has the quotas of NONE.
const (
	TierNone   Tier = "NONE"
	TierLight  Tier = "LIGHT"
	TierMedium Tier = "MEDIUM"
)

// Buckets returns the limits of every method. A tenth is the burst and the rest the refill, so that no hour exceeds the quota.
func Buckets(t Tier) []rest.BucketLimit {
	var limits []rest.BucketLimit
	add := func(none, medium int, names ...string) {
		if t == TierMedium {
			none = medium
		}
		for _, n := range names {
			limits = append(limits, rest.BucketLimit{Bucket: n, Period: time.Hour, Limit: none - none/10, Burst: none / 10})
		}
	}
	add(5000, 5000, "chats", "campaigns/id")
	add(10000, 10000, "chats/history")
	add(1000, 1000, "chat", "chats/message", "chats/message/send", "chats/new", "chats/file/send", "campaigns",
		"goods-feedback/comments/update", "goods-feedback/comments/delete")
	add(5000, 10000, "goods-feedback", "goods-feedback/comments")
	add(500, 1000, "goods-feedback/skip-reaction", "goods-questions/update")
	add(1000, 5000, "goods-questions", "goods-questions/answers")
	add(100, 100, "auth/token", "settings")
	return limits
}

// NewBudget makes the budget of one cabinet. A nil Read understands the headers of this API.
func NewBudget(t Tier, o BudgetOptions) *Budget {
	if o.Read == nil {
		o.Read = readHint
	}
	return rest.NewBudget(Buckets(t), o)
}

func readHint(resp *http.Response, now time.Time) rest.Hint {
	var h rest.Hint
	if n, err := strconv.Atoi(resp.Header.Get("X-RateLimit-Resource-Remaining")); err == nil && n >= 0 {
		h.HasRemaining, h.Remaining = true, n
	}
	if resp.StatusCode != statusThrottled && resp.StatusCode != http.StatusTooManyRequests {
		return h
	}
	h.Throttled = true
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		now = date
	}
	if until, err := http.ParseTime(resp.Header.Get("X-RateLimit-Resource-Until")); err == nil {
		h.RetryAfter = min(max(until.Sub(now), 0), time.Hour)
	}
	return h
}
