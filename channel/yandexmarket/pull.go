package yandexmarket

import (
	"context"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// The streams.
const (
	streamChats        = "chats"
	streamAllChats     = "chats.all"
	streamOldChats     = "chats.history"
	streamReviews      = "reviews"
	streamWaiting      = "reviews.waiting"
	streamOldReviews   = "reviews.history"
	streamQuestions    = "questions"
	streamOldQuestions = "questions.history"
)

// The paces, and what a page costs of the time between two passes. The quotas
// are counted by the hour; without a subscription they are 5,000 lists of chats,
// 10,000 histories, 1,000 single chats, 5,000 lists of reviews and of comments
// each, 1,000 lists of questions and of answers each. The client spends nine
// tenths of each evenly and keeps the last for a moment of need.
//
//	list of chats      800 an hour at least for each of two streams; at most
//	                   1,636 (2.2 s a page) + 2,250 (1.6 s) = 3,886 of 4,500
//	histories          one for each chat that changed, two when it is of this moment
//	lists of reviews   at most 2 x 1,800 (2 s a page) of 4,500
//	lists of questions 750 of 900, whatever their number (4.8 s a page)
//
// What is left is for conversations that are read by themselves and for old
// history. Replies have quotas of their own, which no reading touches.
//
// A cabinet with 500 open chats has 25 pages: what waits is read every 5 to 55
// seconds, as many as wait, and every chat every 40 seconds. A day of it makes
// no 420: TestDay.
const (
	every          = 4500 * time.Millisecond // a row that changed is on the screen in five seconds
	everyQuestions = 4800 * time.Millisecond
	everyHistory   = time.Minute

	perWaitingChat = 2200 * time.Millisecond
	perChat        = 1600 * time.Millisecond
	perReview      = 2 * time.Second
	perQuestion    = everyQuestions

	// clocksDiffer is how far ours and theirs may lie apart.
	clocksDiffer = 10 * time.Minute
	// freshReviews is how far back all reviews are listed often, and
	// refreshReviews how often the comments of those that have any are read then.
	freshReviews   = 48 * time.Hour
	refreshReviews = 10 * time.Minute
)

// prepare makes the readers of streams.
func (c *connector) prepare() {
	now := c.clock.Now
	c.sweeps = map[string]*sweep{
		streamChats: {
			kind: sellerdesk.KindChat, now: now, per: perWaitingChat, left: c.chats.facts.forget, heard: c.chats.heard.same,
			page: func(ctx context.Context, page string, _ time.Time) (rows, error) {
				return c.chats.list(ctx, page, api.StatusWaitingForPartner)
			},
		},
		// The history brings what was said before the account was added.
		streamAllChats: {
			kind: sellerdesk.KindChat, now: now, per: perChat, back: clocksDiffer, heard: c.chats.heard.same,
			page: func(ctx context.Context, page string, _ time.Time) (rows, error) { return c.chats.list(ctx, page) },
		},
		// A comment on a comment changes nothing that the list shows.
		streamReviews: {
			kind: sellerdesk.KindReview, now: now, per: perReview, window: freshReviews, refresh: refreshReviews,
			page: func(ctx context.Context, page string, since time.Time) (rows, error) {
				out, _, err := c.board.reviewPage(ctx, api.ListReviews{From: since, Limit: reviewPageSize, Page: page})
				return out, err
			},
		},
		streamWaiting: {
			kind: sellerdesk.KindReview, now: now, per: perReview, left: func(sellerdesk.RemoteID) {},
			page: func(ctx context.Context, page string, _ time.Time) (rows, error) {
				out, _, err := c.board.reviewPage(ctx, api.ListReviews{Reaction: api.ReactionNeeded, Limit: reviewPageSize, Page: page})
				return out, err
			},
		},
		streamQuestions: {
			kind: sellerdesk.KindQuestion, now: now, per: perQuestion, left: c.board.left.note, page: c.board.waitingQuestions,
		},
	}
	c.walks = map[string]*walk{
		streamOldChats: {now: now, page: c.chats.whole, passes: 2},
		// The span of one request is six months at most, and a month of questions.
		streamOldReviews:   {now: now, page: c.board.reviewsWhole, passes: 1, windows: 12, days: 170, recent: 1},
		streamOldQuestions: {now: now, page: c.board.questionsWhole, passes: 1, windows: 24, days: 26, recent: 2},
	}
}

// waitingQuestions reads a page of the questions that wait for an answer, those
// of the last month: that is what the list gives without dates.
func (c *board) waitingQuestions(ctx context.Context, page string, _ time.Time) (rows, error) {
	out, _, err := c.questionPage(ctx, api.ListQuestions{NeedAnswer: true, Limit: questionPageSize, Page: page})
	for _, r := range out.list {
		c.left.back(r.patch.RemoteID)
	}
	return out, err
}

// Streams lists what is read. The list of all chats shows what we sent to them;
// what we answered to the rest is read back by [connector.History].
func (c *connector) Streams() []channel.Stream {
	return []channel.Stream{
		{Name: streamChats, Every: every},
		{Name: streamAllChats, Every: every, Echo: true},
		{Name: streamReviews, Every: every},
		{Name: streamWaiting, Every: every},
		{Name: streamQuestions, Every: everyQuestions},
		{Name: streamOldChats, Every: everyHistory, Backfill: true},
		{Name: streamOldReviews, Every: everyHistory, Backfill: true},
		{Name: streamOldQuestions, Every: everyHistory, Backfill: true},
	}
}

// Pull reads a page of a stream.
func (c *connector) Pull(ctx context.Context, stream string, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	if w := c.sweeps[stream]; w != nil {
		return w.pull(ctx, from)
	}
	if w := c.walks[stream]; w != nil {
		return w.pull(ctx, from)
	}
	return sellerdesk.Batch{}, noStream(stream)
}

// Rewind gives the cursor from which a stream shows again what happened since
// a moment of our clock, with room for clocks that differ.
func (c *connector) Rewind(stream string, since time.Time) (sellerdesk.Cursor, error) {
	if c.sweeps[stream] != nil {
		at := max(since.Add(-clocksDiffer).UnixMilli(), 0)
		return seat{Old: at, Prev: at}.cursor(), nil
	}
	if w := c.walks[stream]; w != nil {
		return "", nil
	}
	return "", noStream(stream)
}

func noStream(name string) error {
	return refuse("", "Yandex Market has no such thing to read.", fmt.Errorf("no stream %q", name))
}
