package yandexmarket

import (
	"context"
	"fmt"
	"time"
)

// FeedbackFilter narrows a list of reviews. FeedbackIDs must not be mixed with the rest.
type FeedbackFilter struct {
	FeedbackIDs    []int64    `json:"feedbackIds,omitempty"`
	DateTimeFrom   *time.Time `json:"dateTimeFrom,omitempty"`
	DateTimeTo     *time.Time `json:"dateTimeTo,omitempty"`
	ReactionStatus string     `json:"reactionStatus,omitempty"`
	RatingValues   []int      `json:"ratingValues,omitempty"`
	OfferIDs       []string   `json:"offerIds,omitempty"`
	Paid           *bool      `json:"paid,omitempty"`
}

// Feedback is a review.
type Feedback struct {
	FeedbackID   int64     `json:"feedbackId"`
	CreatedAt    time.Time `json:"createdAt"`
	NeedReaction bool      `json:"needReaction"`
	Author       string    `json:"author"`
	Identifiers  struct {
		OrderID int64  `json:"orderId"`
		OfferID string `json:"offerId"`
	} `json:"identifiers"`
	Description struct {
		Advantages    string `json:"advantages"`
		Disadvantages string `json:"disadvantages"`
		Comment       string `json:"comment"`
	} `json:"description"`
	Media struct {
		Photos []string `json:"photos"`
		Videos []string `json:"videos"`
	} `json:"media"`
	Statistics struct {
		Rating        int   `json:"rating"`
		CommentsCount int64 `json:"commentsCount"`
	} `json:"statistics"`
}

// FeedbacksPage is one page of reviews.
type FeedbacksPage struct {
	Feedbacks []Feedback `json:"feedbacks"`
	Paging    Paging     `json:"paging"`
}

// Author wrote a comment, question or answer.
type Author struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

// FeedbackComment is a comment on a review; it bears no time.
type FeedbackComment struct {
	ID         int64  `json:"id"`
	Text       string `json:"text"`
	Status     string `json:"status"`
	FeedbackID int64  `json:"feedbackId"`
	ParentID   int64  `json:"parentId"`
	CanModify  bool   `json:"canModify"`
	Author     Author `json:"author"`
}

// FeedbackCommentsPage is one page of comments.
type FeedbackCommentsPage struct {
	Comments []FeedbackComment `json:"comments"`
	Paging   Paging            `json:"paging"`
}

// CommentFilter names a review or comments, not both.
type CommentFilter struct {
	FeedbackID int64   `json:"feedbackId,omitempty"`
	CommentIDs []int64 `json:"commentIds,omitempty"`
}

// CommentText is what to write: a new comment, an answer to ParentID, or a change of ID.
type CommentText struct {
	ID       int64  `json:"id,omitempty"`
	ParentID int64  `json:"parentId,omitempty"`
	Text     string `json:"text"`
}

// List returns one page of reviews; limit is 1 to 50, 0 for the default.
func (s *ReviewsService) List(ctx context.Context, business int64, f FeedbackFilter, pageToken string, limit int) (p FeedbacksPage, err error) {
	err = s.c.call(ctx, request{method: "POST", path: v2(business) + "/goods-feedback", bucket: "goods-feedback", query: page(pageToken, limit), body: f}, &p, false)
	return p, err
}

// Comments returns one page of comments; limit is 1 to 50, 0 for the default.
func (s *ReviewsService) Comments(ctx context.Context, business int64, f CommentFilter, pageToken string, limit int) (p FeedbackCommentsPage, err error) {
	err = s.c.call(ctx, request{method: "POST", path: v2(business) + "/goods-feedback/comments", bucket: "goods-feedback/comments",
		query: page(pageToken, limit), body: f}, &p, false)
	return p, err
}

// Write creates, answers or changes a comment.
func (s *ReviewsService) Write(ctx context.Context, business, feedback int64, text CommentText) (out FeedbackComment, err error) {
	err = s.c.call(ctx, request{method: "POST", path: v2(business) + "/goods-feedback/comments/update", bucket: "goods-feedback/comments/update",
		write: true, body: map[string]any{"feedbackId": feedback, "comment": text}}, &out, false)
	return out, err
}

// Delete deletes a comment.
func (s *ReviewsService) Delete(ctx context.Context, business, comment int64) error {
	return s.c.call(ctx, request{method: "POST", path: v2(business) + "/goods-feedback/comments/delete", bucket: "goods-feedback/comments/delete",
		write: true, body: map[string]int64{"id": comment}}, nil, false)
}

// Skip marks 1 to 50 reviews as needing no reaction.
func (s *ReviewsService) Skip(ctx context.Context, business int64, feedbacks []int64) error {
	return s.c.call(ctx, request{method: "POST", path: v2(business) + "/goods-feedback/skip-reaction", bucket: "goods-feedback/skip-reaction",
		write: true, body: map[string][]int64{"feedbackIds": feedbacks}}, nil, false)
}

func v1(business int64) string { return fmt.Sprintf("/v1/businesses/%d", business) }
