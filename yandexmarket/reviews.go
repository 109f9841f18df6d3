package yandexmarket

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"time"
)

// MaxCommentLength bounds a comment under a review, in characters.
const MaxCommentLength = 4096

// ReviewsService are what buyers write about goods; the API calls them goods
// feedback. Texts of ours must not hold contacts of the shop or links that lead
// out of the Market.
type ReviewsService struct{ c *Client }

// Review is what a buyer wrote about a thing he bought.
type Review struct {
	ID        int64 `json:"feedbackId"`
	CreatedAt Time  `json:"createdAt"`
	// NeedReaction turns false when the review was read in the cabinet, skipped
	// or commented on by the shop, and true again when its author edits it.
	NeedReaction bool              `json:"needReaction"`
	Identifiers  ReviewIdentifiers `json:"identifiers"`
	Author       string            `json:"author"` // name, "" when not told
	Description  ReviewDescription `json:"description"`
	Media        ReviewMedia       `json:"media"`
	Statistics   ReviewStatistics  `json:"statistics"`
}

// ReviewIdentifiers tell what a review is about.
type ReviewIdentifiers struct {
	OrderID int64  `json:"orderId"` // 0 when not told
	OfferID string `json:"offerId"` // the seller's own number of the thing
}

// ReviewDescription is the text of a review in its three parts.
type ReviewDescription struct {
	Advantages    string `json:"advantages"`
	Disadvantages string `json:"disadvantages"`
	Comment       string `json:"comment"`
}

// ReviewMedia are the links of what a buyer shows.
type ReviewMedia struct {
	Photos []string `json:"photos"`
	Videos []string `json:"videos"`
}

// ReviewStatistics are the figures of a review.
type ReviewStatistics struct {
	Rating        int   `json:"rating"`        // 1 to 5 stars
	CommentsCount int64 `json:"commentsCount"` // direct answers to the review only
	Recommended   *bool `json:"recommended"`   // nil when not told
	PaidAmount    int64 `json:"paidAmount"`    // points that the shop paid for it
}

// Reaction tells which reviews are asked for.
type Reaction string

// The reactions.
const (
	ReactionAll    Reaction = "ALL"
	ReactionNeeded Reaction = "NEED_REACTION"
)

// ListReviews asks for a page of reviews; empty filters mean any.
type ListReviews struct {
	// IDs names up to 50 reviews; with it no other filter may be set.
	IDs []int64
	// From and To bound the moment of the review, both excluded; at most six
	// months. Zero ones mean the last six months.
	From, To time.Time
	Reaction Reaction // "" means all
	Ratings  []int    // 1 to 5 stars
	OfferIDs []string // up to 20
	Paid     *bool
	Limit    int    // 1 to 50; 0 means 25. More is an error
	Page     string // Next of the page before
}

type reviewFilter struct {
	IDs      []int64  `json:"feedbackIds,omitempty"`
	From     string   `json:"dateTimeFrom,omitempty"`
	To       string   `json:"dateTimeTo,omitempty"`
	Reaction Reaction `json:"reactionStatus,omitempty"`
	Ratings  []int    `json:"ratingValues,omitempty"`
	OfferIDs []string `json:"offerIds,omitempty"`
	Paid     *bool    `json:"paid,omitempty"`
}

// List gives a page of reviews in the order in which they were published, so
// that an old token may be kept and read on from.
//
// Operation: POST /v2/businesses/{businessId}/goods-feedback. Quota: 5,000 an hour, 10,000 with a subscription. Document of 2026-07-17.
func (s *ReviewsService) List(ctx context.Context, business int64, q ListReviews) (Page[Review], error) {
	var answer struct {
		Reviews []json.RawMessage `json:"feedbacks"`
		Paging  *paging           `json:"paging"`
	}
	err := s.c.do(ctx, operation{
		name: "POST /v2/businesses/{businessId}/goods-feedback", method: http.MethodPost, path: ofBusiness("v2", business, "goods-feedback"),
		query: query(q.Limit, q.Page), bucket: BucketReviews,
		body: reviewFilter{q.IDs, moment(q.From), moment(q.To), q.Reaction, q.Ratings, q.OfferIDs, q.Paid},
	}, &answer)
	if err != nil {
		return Page[Review]{}, err
	}
	return page[Review](ctx, s.c, answer.Reviews, answer.Paging), nil
}

// All goes through all reviews of a filter.
func (s *ReviewsService) All(ctx context.Context, business int64, q ListReviews) iter.Seq2[Review, error] {
	return all(q.Page, func(token string) (Page[Review], error) {
		q.Page = token
		return s.List(ctx, business, q)
	})
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// CommentStatus is how moderation treats what was written, an open set.
type CommentStatus string

// The statuses of comments and answers.
const (
	CommentPublished   CommentStatus = "PUBLISHED"
	CommentUnmoderated CommentStatus = "UNMODERATED" // not looked at yet
	CommentBanned      CommentStatus = "BANNED"
	CommentDeleted     CommentStatus = "DELETED"
)

// AuthorType tells who wrote something in public, an open set.
type AuthorType string

// The types of authors.
const (
	AuthorUser     AuthorType = "USER"
	AuthorBusiness AuthorType = "BUSINESS" // a shop
	AuthorBrand    AuthorType = "BRAND"
	AuthorVendor   AuthorType = "VENDOR"
)

// Author is who wrote something in public.
type Author struct {
	Type AuthorType `json:"type"`
	Name string     `json:"name"`
}

// Comment stands under a review or under another comment. The remote side tells
// no moment of it.
type Comment struct {
	ID        int64         `json:"id"`
	ReviewID  int64         `json:"feedbackId"`
	ParentID  int64         `json:"parentId"` // 0: under the review itself
	Text      string        `json:"text"`
	Status    CommentStatus `json:"status"`
	CanModify bool          `json:"canModify"` // it is ours to change
	Author    *Author       `json:"author"`    // nil when not told
}

// ListComments asks for a page of comments, by a review or by their own ids.
type ListComments struct {
	ReviewID int64
	IDs      []int64 // up to 50; not together with ReviewID
	Limit    int     // 1 to 50; 0 means 25. More is an error
	Page     string  // Next of the page before
}

// Comments gives a page of comments in the order in which they were published.
// Deleted ones are not among them.
//
// Operation: POST /v2/businesses/{businessId}/goods-feedback/comments. Quota: 5,000 an hour, 10,000 with a subscription. Document of 2026-07-17.
func (s *ReviewsService) Comments(ctx context.Context, business int64, q ListComments) (Page[Comment], error) {
	var answer struct {
		Comments []json.RawMessage `json:"comments"`
		Paging   *paging           `json:"paging"`
	}
	body := struct {
		ReviewID int64   `json:"feedbackId,omitempty"`
		IDs      []int64 `json:"commentIds,omitempty"`
	}{q.ReviewID, q.IDs}
	err := s.c.do(ctx, operation{
		name: "POST /v2/businesses/{businessId}/goods-feedback/comments", method: http.MethodPost, path: ofBusiness("v2", business, "goods-feedback/comments"),
		query: query(q.Limit, q.Page), bucket: BucketComments, body: body,
	}, &answer)
	if err != nil {
		return Page[Comment]{}, err
	}
	return page[Comment](ctx, s.c, answer.Comments, answer.Paging), nil
}

// AllComments goes through all comments of a filter.
func (s *ReviewsService) AllComments(ctx context.Context, business int64, q ListComments) iter.Seq2[Comment, error] {
	return all(q.Page, func(token string) (Page[Comment], error) {
		q.Page = token
		return s.Comments(ctx, business, q)
	})
}

// NewComment says something under a review.
type NewComment struct {
	ReviewID int64
	ParentID int64 // answers this comment; 0: the review itself
	ID       int64 // changes this comment of ours instead; it wins over ParentID
	Text     string
}

// Comment writes a comment, or changes one, and gives it as it stands then. It
// is sent once; the same words twice are refused by the remote side.
//
// Operation: POST /v2/businesses/{businessId}/goods-feedback/comments/update. Quota: 1,000 an hour. Document of 2026-07-17.
func (s *ReviewsService) Comment(ctx context.Context, business int64, n NewComment) (Comment, error) {
	type words struct {
		ID       int64  `json:"id,omitempty"`
		ParentID int64  `json:"parentId,omitempty"`
		Text     string `json:"text"`
	}
	o := operation{
		name: "POST /v2/businesses/{businessId}/goods-feedback/comments/update", method: http.MethodPost,
		path: ofBusiness("v2", business, "goods-feedback/comments/update"), bucket: BucketCommentUpdate, write: true,
		body: struct {
			ReviewID int64 `json:"feedbackId"`
			Comment  words `json:"comment"`
		}{n.ReviewID, words{n.ID, n.ParentID, n.Text}},
	}
	if err := checkText(n.Text, MaxCommentLength); err != nil {
		return Comment{}, localError(o.name, err, ErrRefused)
	}
	return single[Comment](ctx, s.c, o)
}

// DeleteComment takes a comment of ours away.
//
// Operation: POST /v2/businesses/{businessId}/goods-feedback/comments/delete. Quota: 1,000 an hour. Document of 2026-07-17.
func (s *ReviewsService) DeleteComment(ctx context.Context, business, comment int64) error {
	return s.c.do(ctx, operation{
		name: "POST /v2/businesses/{businessId}/goods-feedback/comments/delete", method: http.MethodPost,
		path: ofBusiness("v2", business, "goods-feedback/comments/delete"), bucket: BucketCommentDelete, write: true,
		body: struct {
			ID int64 `json:"id"`
		}{comment},
	}, nil)
}

// SkipReaction says that reviews, 1 to 50, need no reaction.
//
// Operation: POST /v2/businesses/{businessId}/goods-feedback/skip-reaction. Quota: 500 an hour, 1,000 with a subscription. Document of 2026-07-17.
func (s *ReviewsService) SkipReaction(ctx context.Context, business int64, reviews ...int64) error {
	o := operation{
		name: "POST /v2/businesses/{businessId}/goods-feedback/skip-reaction", method: http.MethodPost,
		path: ofBusiness("v2", business, "goods-feedback/skip-reaction"), bucket: BucketReviewSkip, write: true,
		body: struct {
			IDs []int64 `json:"feedbackIds"`
		}{reviews},
	}
	if len(reviews) < 1 || len(reviews) > 50 {
		return localError(o.name, errors.New("1 to 50 reviews can be skipped at once"), ErrRefused)
	}
	return s.c.do(ctx, o, nil)
}
