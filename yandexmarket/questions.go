package yandexmarket

import (
	"context"
	"time"
)

// QuestionFilter narrows a list of questions. Dates are YYYY-MM-DD, a month apart at most.
type QuestionFilter struct {
	QuestionIDs []int64 `json:"questionIds,omitempty"`
	CategoryIDs []int64 `json:"categoryIds,omitempty"`
	DateFrom    string  `json:"dateFrom,omitempty"`
	DateTo      string  `json:"dateTo,omitempty"`
	NeedAnswer  bool    `json:"needAnswer,omitempty"`
	Sort        string  `json:"sort,omitempty"`
}

// Question is a question about a product.
type Question struct {
	Identifiers struct {
		ID         int64  `json:"id"`
		OfferID    string `json:"offerId"`
		CategoryID int64  `json:"categoryId"`
	} `json:"questionIdentifiers"`
	BusinessID int64     `json:"businessId"`
	Text       string    `json:"text"`
	CreatedAt  time.Time `json:"createdAt"`
	Author     Author    `json:"author"`
}

// QuestionsPage is one page of questions.
type QuestionsPage struct {
	Questions  []Question `json:"questions"`
	TotalCount int64      `json:"totalCount"`
	Paging     Paging     `json:"paging"`
}

// AnswerComment is a comment on an answer.
type AnswerComment struct {
	ID        int64     `json:"id"`
	Text      string    `json:"text"`
	Status    string    `json:"status"`
	AnswerID  int64     `json:"answerId"`
	CreatedAt time.Time `json:"createdAt"`
	CanModify bool      `json:"canModify"`
	ParentID  int64     `json:"parentId"`
	Author    Author    `json:"author"`
}

// Answer is an answer to a question.
type Answer struct {
	ID         int64           `json:"id"`
	Text       string          `json:"text"`
	CanModify  bool            `json:"canModify"`
	Status     string          `json:"status"`
	QuestionID int64           `json:"questionId"`
	CreatedAt  time.Time       `json:"createdAt"`
	Author     Author          `json:"author"`
	Comments   []AnswerComment `json:"comments"`
}

// AnswersPage is one page of answers.
type AnswersPage struct {
	Answers []Answer `json:"answers"`
	Paging  Paging   `json:"paging"`
}

// AnswerFilter names a question or answers.
type AnswerFilter struct {
	QuestionID int64   `json:"questionId,omitempty"`
	AnswerIDs  []int64 `json:"answerIds,omitempty"`
}

// Entity names a QUESTION, ANSWER or COMMENT.
type Entity struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

// List returns one page of questions; limit is 1 to 50, 0 for the default.
func (s *QuestionsService) List(ctx context.Context, business int64, f QuestionFilter, pageToken string, limit int) (p QuestionsPage, err error) {
	err = s.c.call(ctx, request{method: "POST", path: v1(business) + "/goods-questions", bucket: "goods-questions", query: page(pageToken, limit), body: f}, &p, false)
	return p, err
}

// Answers returns one page of answers; limit is 1 to 50, 0 for the default.
func (s *QuestionsService) Answers(ctx context.Context, business int64, f AnswerFilter, pageToken string, limit int) (p AnswersPage, err error) {
	err = s.c.call(ctx, request{method: "POST", path: v1(business) + "/goods-questions/answers", bucket: "goods-questions/answers",
		query: page(pageToken, limit), body: f}, &p, false)
	return p, err
}

// Create answers a question or comments on an answer.
func (s *QuestionsService) Create(ctx context.Context, business int64, parent Entity, text string) (Entity, error) {
	var out struct {
		Entity Entity `json:"entity"`
	}
	err := s.update(ctx, business, map[string]any{"operationType": "CREATE", "parentEntityId": parent, "text": text}, &out)
	return out.Entity, err
}

// Change replaces the text of an answer or comment.
func (s *QuestionsService) Change(ctx context.Context, business int64, entity Entity, text string) error {
	return s.update(ctx, business, map[string]any{"operationType": "UPDATE", "entityId": entity, "text": text}, nil)
}

// Delete deletes an answer or comment.
func (s *QuestionsService) Delete(ctx context.Context, business int64, entity Entity) error {
	return s.update(ctx, business, map[string]any{"operationType": "DELETE", "entityId": entity}, nil)
}

func (s *QuestionsService) update(ctx context.Context, business int64, body, out any) error {
	return s.c.call(ctx, request{method: "POST", path: v1(business) + "/goods-questions/update", bucket: "goods-questions/update",
		write: true, body: body}, out, false)
}
