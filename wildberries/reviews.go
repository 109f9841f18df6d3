package wildberries

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Bounds of an answer to a review, in characters (runes).
const (
	MinAnswerLength = 2
	MaxAnswerLength = 5000
)

// ReviewsService is the reviews of buyers, which the API calls feedbacks (feedbacks-api, category questions and feedbacks). All its methods but
// Rating share one limit with those of questions and pins: 3 per second, burst 6; basic tokens 5 per hour, burst 1.
type ReviewsService struct{ c *Client }

// CountUnanswered counts the reviews that are not processed.
//
// Operation: GET /api/v1/feedbacks/count-unanswered. Limit: that of the service. Document of 2026-07-23.
func (s *ReviewsService) CountUnanswered(ctx context.Context) (UnansweredCount, error) {
	var answer UnansweredCount
	_, err := s.c.enveloped(ctx, feedbackOperation(http.MethodGet, "/api/v1/feedbacks/count-unanswered"), nil, &answer)
	return answer, err
}

// Count counts the reviews of a period, processed or not.
//
// Operation: GET /api/v1/feedbacks/count. Limit: that of the service. Document of 2026-07-23.
func (s *ReviewsService) Count(ctx context.Context, p Period) (int64, error) {
	return s.c.count(ctx, feedbackOperation(http.MethodGet, "/api/v1/feedbacks/count"), p)
}

// ListReviews says which reviews List returns.
type ListReviews struct {
	// Answered asks for the processed ones: answered, or 30 days old, or with neither text nor photo. See Review.Unanswered.
	Answered bool
	// Take is how many, at most 5,000; 0 means as many as allowed. Skip is at most 199,990.
	Take, Skip int
	// Product is an article number (nmId), 0 for all.
	Product int64
	// Order "" leaves it to the remote side, which does not say what it does then.
	Order Order
	// From and To narrow the list by the date of creation; zero leaves that end open. They go out in whole seconds, rounded outwards.
	From, To time.Time
}

// List returns one page. Reviews that arrive meanwhile shift later pages: AllReviews takes care of that.
//
// Operation: GET /api/v1/feedbacks. Limit: that of the service. Document of 2026-07-23.
func (s *ReviewsService) List(ctx context.Context, q ListReviews) (ReviewsPage, error) {
	o := feedbackOperation(http.MethodGet, "/api/v1/feedbacks")
	var err error
	if o.query, err = dated(q).values(reviewBounds); err != nil {
		return ReviewsPage{}, refuse(o, err)
	}
	return s.page(ctx, o)
}

// ListArchive says which reviews Archive returns; the fields are those of ListReviews. Skip has no documented bound.
type ListArchive struct {
	Take, Skip int
	Product    int64
	Order      Order
}

// Archive returns one page of the processed reviews. It cannot be narrowed by date: to read everything use AllReviews with Answered, which goes
// over the same reviews.
//
// Operation: GET /api/v1/feedbacks/archive. Limit: that of the service. Document of 2026-07-23.
func (s *ReviewsService) Archive(ctx context.Context, q ListArchive) (ReviewsPage, error) {
	o := feedbackOperation(http.MethodGet, "/api/v1/feedbacks/archive")
	var err error
	if o.query, err = (dated{Take: q.Take, Skip: q.Skip, Product: q.Product, Order: q.Order}).page(archiveBounds); err != nil {
		return ReviewsPage{}, refuse(o, err)
	}
	return s.page(ctx, o)
}

func (s *ReviewsService) page(ctx context.Context, o operation) (ReviewsPage, error) {
	var answer struct {
		CountUnanswered int64             `json:"countUnanswered"`
		CountArchive    int64             `json:"countArchive"`
		Feedbacks       []json.RawMessage `json:"feedbacks"`
	}
	if _, err := s.c.enveloped(ctx, o, nil, &answer); err != nil {
		return ReviewsPage{}, err
	}
	page := ReviewsPage{CountUnanswered: answer.CountUnanswered, CountProcessed: answer.CountArchive}
	page.Reviews, page.Malformed = decodeItems[Review](answer.Feedbacks)
	s.c.warn(ctx, o, nil, page.Malformed)
	return page, nil
}

// One returns one review. A review that does not exist is ErrNotFound, though the remote side says 422.
//
// Operation: GET /api/v1/feedback. Limit: that of the service. Document of 2026-07-23.
func (s *ReviewsService) One(ctx context.Context, id string) (Review, error) {
	var r Review
	err := s.c.one(ctx, feedbackOperation(http.MethodGet, "/api/v1/feedback"), id, &r)
	return r, err
}

// Answer answers a review with 2 to 5,000 characters. Success proves little: the remote side does not look at the id, and moderation comes
// later. Read the review back with One, until its answer's state is neither "none" nor "reviewRequired".
//
// Operation: POST /api/v1/feedbacks/answer. Limit: that of the service. Document of 2026-07-23.
func (s *ReviewsService) Answer(ctx context.Context, id, text string) error {
	return s.answer(ctx, http.MethodPost, id, text)
}

// EditAnswer replaces the answer to a review: once, within 60 days. ReviewAnswer.Editable says whether that is still possible. The remote side
// does not say whether it worked, nor look at the id: read the review back.
//
// Operation: PATCH /api/v1/feedbacks/answer. Limit: that of the service. Document of 2026-07-23.
func (s *ReviewsService) EditAnswer(ctx context.Context, id, text string) error {
	return s.answer(ctx, http.MethodPatch, id, text)
}

func (s *ReviewsService) answer(ctx context.Context, method, id, text string) error {
	o := feedbackOperation(method, "/api/v1/feedbacks/answer")
	if err := checkID(o, id); err != nil {
		return err
	}
	if err := checkText(o, text, MinAnswerLength, MaxAnswerLength); err != nil {
		return err
	}
	return s.c.write(ctx, o, struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}{id, text})
}

// OrderReturn asks the buyer's goods back, which Review.CanOrderReturn must allow: ErrNotOffered otherwise.
//
// Operation: POST /api/v1/feedbacks/order/return. Limit: that of the service. Document of 2026-07-23.
func (s *ReviewsService) OrderReturn(ctx context.Context, id string) error {
	o := feedbackOperation(http.MethodPost, "/api/v1/feedbacks/order/return")
	if err := checkID(o, id); err != nil {
		return err
	}
	return s.c.write(ctx, o, struct {
		FeedbackID string `json:"feedbackId"`
	}{id})
}

// Rating returns the number of reviews and their mean. It is for service tokens: ErrServiceToken for others.
//
// Operation: GET /api/common/v1/rating of feedbacks-api. Limit: 1 per minute, burst 1. Not in the document; general document of the same day.
func (s *ReviewsService) Rating(ctx context.Context) (Rating, error) {
	o := feedbackOperation(http.MethodGet, "/api/common/v1/rating")
	o.bucket = BucketRating
	if !mayRate(s.c.token) {
		return Rating{}, localError(o.name, ErrServiceToken, ErrForbidden)
	}
	var answer struct {
		Rating
		Data *Rating `json:"data"`
	}
	if err := s.c.json(ctx, o, nil, &answer); err != nil {
		return Rating{}, err
	}
	if answer.Data != nil {
		return *answer.Data, nil
	}
	return answer.Rating, nil
}

// mayRate is true for tokens that do not tell their kind, too.
func mayRate(t Token) bool { return t.Kind == TokenService || t.Kind == TokenUnknown }
