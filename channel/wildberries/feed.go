package wildberries

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// prepare makes the readers of questions, reviews and claims.
func (c *connector) prepare() {
	single := c.slow(api.BucketFeedbacks)
	now := c.clock.Now
	c.watches = map[string]*watch{
		streamQuestions: {kind: sellerdesk.KindQuestion, list: c.board.questionPage, now: now, single: single},
		streamReviews:   {kind: sellerdesk.KindReview, list: c.board.reviewPage, now: now, single: single},
	}
	c.walks = map[string]walk{
		streamOldQuestions: {list: c.board.questionPage, now: now},
		streamOldReviews:   {list: c.board.reviewPage, now: now},
		streamArchive:      {list: c.board.archivePage, now: now, undated: true},
	}
	c.claimLists = map[string]*claimList{}
	for name, archive := range map[string]bool{streamClaims: false, streamOldClaims: true} {
		list := func(ctx context.Context, offset int) (page, error) { return c.board.claimPage(ctx, archive, offset) }
		c.claimLists[name] = &claimList{archive: archive, list: list, now: now}
	}
}

func (q query) order() api.Order {
	if q.newest {
		return api.OrderDateDesc
	}
	return api.OrderDateAsc
}

// questionPage reads a page of questions.
func (c *board) questionPage(ctx context.Context, q query) (page, error) {
	got, err := c.client.Questions.List(ctx, api.ListQuestions{
		Answered: q.answered, Take: q.take, Skip: q.skip, Order: q.order(), From: q.from, To: q.to,
	})
	if err != nil {
		return page{}, c.failure(err, reading, api.BucketFeedbacks)
	}
	p := newPage(got.Questions, got.Malformed, "a question", convertQuestion)
	if p.total = got.CountUnanswered; q.answered {
		p.total = got.CountAnswered
	}
	return p, nil
}

// reviewPage reads a page of reviews.
func (c *board) reviewPage(ctx context.Context, q query) (page, error) {
	pins, err := c.pins.known(ctx)
	if err != nil {
		return page{}, err
	}
	got, err := c.client.Reviews.List(ctx, api.ListReviews{
		Answered: q.answered, Take: q.take, Skip: q.skip, Order: q.order(), From: q.from, To: q.to,
	})
	if err != nil {
		return page{}, c.failure(err, reading, api.BucketFeedbacks)
	}
	p := newPage(got.Reviews, got.Malformed, "a review", reviews{pins}.convert)
	if p.total = got.CountUnanswered; q.answered {
		p.total = got.CountProcessed
	}
	return p, nil
}

// archivePage reads a page of the archive of reviews.
func (c *board) archivePage(ctx context.Context, q query) (page, error) {
	pins, err := c.pins.known(ctx)
	if err != nil {
		return page{}, err
	}
	got, err := c.client.Reviews.Archive(ctx, api.ListArchive{Take: q.take, Skip: q.skip, Order: q.order()})
	if err != nil {
		return page{}, c.failure(err, reading, api.BucketFeedbacks)
	}
	return newPage(got.Reviews, got.Malformed, "a review", reviews{pins}.convert), nil
}

// reviewAgain reads one review with what belongs to it: a supplemented pair is
// one conversation.
func (c *board) reviewAgain(ctx context.Context, id string, pins pinState) ([]post, error) {
	one := func(id string) (api.Review, error) {
		r, err := c.client.Reviews.One(ctx, id)
		if err != nil {
			return r, c.failure(err, reading, api.BucketFeedbacks)
		}
		return r, nil
	}
	first, err := one(id)
	if err != nil {
		return nil, err
	}
	pair := []api.Review{first}
	other := firstText(first.ParentFeedbackID, first.ChildFeedbackID)
	if other != "" && other != id {
		second, err := one(other)
		switch {
		case err == nil:
			pair = append(pair, second)
		case gones(err):
			pair[0].ChildFeedbackID = "" // what is left stands alone
		default:
			return nil, err
		}
	}
	var posts []post
	for _, r := range pair {
		p, why := reviews{pins}.convert(r)
		if why != "" {
			return nil, &channel.Error{
				Class: channel.Malformed, Why: sellerdesk.Why{Code: sellerdesk.ReasonMalformed, Text: "The answer of Wildberries was not understood."},
			}
		}
		posts = append(posts, p)
	}
	return posts, nil
}
