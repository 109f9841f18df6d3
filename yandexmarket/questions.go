package yandexmarket

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// MaxAnswerLength bounds an answer to a question and a comment on one, in characters.
const MaxAnswerLength = 5000

// QuestionsService are what buyers ask about goods.
type QuestionsService struct{ c *Client }

// Question is what somebody asked about a thing. It does not tell whether it
// was answered: ask with NeedAnswer, or look at its answers.
type Question struct {
	Identifiers QuestionIdentifiers `json:"questionIdentifiers"`
	BusinessID  int64               `json:"businessId"`
	Text        string              `json:"text"`
	CreatedAt   Time                `json:"createdAt"`
	Votes       Votes               `json:"votes"`
	Author      *Author             `json:"author"` // nil when not told
}

// QuestionIdentifiers tell which question it is and what it is about.
type QuestionIdentifiers struct {
	ID         int64  `json:"id"`
	OfferID    string `json:"offerId"`    // the seller's own number of the thing
	CategoryID int64  `json:"categoryId"` // 0 when not told
}

// Votes are what readers think.
type Votes struct {
	Likes    int64 `json:"likes"`
	Dislikes int64 `json:"dislikes"`
}

// QuestionSort is an order of questions.
type QuestionSort string

// The orders.
const (
	NewestQuestionsFirst QuestionSort = "CREATED_AT_DESC"
	OldestQuestionsFirst QuestionSort = "CREATED_AT_ASC"
)

// ListQuestions asks for a page of questions; empty filters mean any.
type ListQuestions struct {
	IDs         []int64 // up to 50
	CategoryIDs []int64
	// From and To are days, both included; at most a month. Zero ones mean the
	// last month.
	From, To   time.Time
	NeedAnswer bool // only those that wait for an answer
	Sort       QuestionSort
	Limit      int    // 1 to 50; 0 means 25. More is an error
	Page       string // Next of the page before
}

// QuestionPage is a page with the number of all questions of the filter.
type QuestionPage struct {
	Page[Question]
	Total int64
}

type questionFilter struct {
	IDs         []int64      `json:"questionIds,omitempty"`
	CategoryIDs []int64      `json:"categoryIds,omitempty"`
	From        string       `json:"dateFrom,omitempty"`
	To          string       `json:"dateTo,omitempty"`
	NeedAnswer  bool         `json:"needAnswer,omitempty"`
	Sort        QuestionSort `json:"sort,omitempty"`
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// List gives a page of questions.
//
// Operation: POST /v1/businesses/{businessId}/goods-questions. Quota: 1,000 an hour, 5,000 with a subscription. Document of 2026-07-17.
func (s *QuestionsService) List(ctx context.Context, business int64, q ListQuestions) (QuestionPage, error) {
	var answer struct {
		Questions []json.RawMessage `json:"questions"`
		Total     int64             `json:"totalCount"`
		Paging    *paging           `json:"paging"`
	}
	err := s.c.do(ctx, operation{
		name: "POST /v1/businesses/{businessId}/goods-questions", method: http.MethodPost, path: ofBusiness("v1", business, "goods-questions"),
		query: query(q.Limit, q.Page), bucket: BucketQuestions,
		body: questionFilter{q.IDs, q.CategoryIDs, day(q.From), day(q.To), q.NeedAnswer, q.Sort},
	}, &answer)
	if err != nil {
		return QuestionPage{}, err
	}
	return QuestionPage{Page: page[Question](ctx, s.c, answer.Questions, answer.Paging), Total: answer.Total}, nil
}

// All goes through all questions of a filter, each once.
func (s *QuestionsService) All(ctx context.Context, business int64, q ListQuestions) iter.Seq2[Question, error] {
	questions := all(q.Page, func(token string) (Page[Question], error) {
		q.Page = token
		p, err := s.List(ctx, business, q)
		return p.Page, err
	})
	return once(questions, func(q Question) int64 { return q.Identifiers.ID })
}

// Answer is an answer to a question, by a shop or anybody else.
type Answer struct {
	ID         int64           `json:"id"`
	QuestionID int64           `json:"questionId"`
	Text       string          `json:"text"`
	CanModify  bool            `json:"canModify"` // it is ours to change
	Status     CommentStatus   `json:"status"`
	CreatedAt  Time            `json:"createdAt"`
	Votes      Votes           `json:"votes"`
	Author     *Author         `json:"author"` // nil when not told
	Comments   []AnswerComment `json:"comments"`
}

// AnswerComment stands under an answer.
type AnswerComment struct {
	ID        int64         `json:"id"`
	AnswerID  int64         `json:"answerId"`
	ParentID  int64         `json:"parentId"` // the comment that it answers; 0: the answer itself
	Text      string        `json:"text"`
	CanModify bool          `json:"canModify"`
	Status    CommentStatus `json:"status"`
	CreatedAt Time          `json:"createdAt"`
	Votes     Votes         `json:"votes"`
	Author    *Author       `json:"author"` // nil when not told
}

// ListAnswers asks for a page of answers, by a question or by their own ids.
type ListAnswers struct {
	QuestionID int64
	IDs        []int64 // up to 50
	Limit      int     // 1 to 50; 0 means 25. More is an error
	Page       string  // Next of the page before
}

// Answers gives a page of answers with their comments.
//
// Operation: POST /v1/businesses/{businessId}/goods-questions/answers. Quota: 1,000 an hour, 5,000 with a subscription. Document of 2026-07-17.
func (s *QuestionsService) Answers(ctx context.Context, business int64, q ListAnswers) (Page[Answer], error) {
	var answer struct {
		Answers []json.RawMessage `json:"answers"`
		Paging  *paging           `json:"paging"`
	}
	body := struct {
		QuestionID int64   `json:"questionId,omitempty"`
		IDs        []int64 `json:"answerIds,omitempty"`
	}{q.QuestionID, q.IDs}
	err := s.c.do(ctx, operation{
		name: "POST /v1/businesses/{businessId}/goods-questions/answers", method: http.MethodPost, path: ofBusiness("v1", business, "goods-questions/answers"),
		query: query(q.Limit, q.Page), bucket: BucketAnswers, body: body,
	}, &answer)
	if err != nil {
		return Page[Answer]{}, err
	}
	return page[Answer](ctx, s.c, answer.Answers, answer.Paging), nil
}

// AllAnswers goes through all answers of a filter.
func (s *QuestionsService) AllAnswers(ctx context.Context, business int64, q ListAnswers) iter.Seq2[Answer, error] {
	return all(q.Page, func(token string) (Page[Answer], error) {
		q.Page = token
		return s.Answers(ctx, business, q)
	})
}

// EntityType tells what an id names.
type EntityType string

// The types of entities.
const (
	EntityQuestion EntityType = "QUESTION"
	EntityAnswer   EntityType = "ANSWER"
	EntityComment  EntityType = "COMMENT"
)

// Entity is a question, an answer or a comment.
type Entity struct {
	ID   int64      `json:"id"`
	Type EntityType `json:"type"`
}

// update is the one operation that writes.
//
// Operation: POST /v1/businesses/{businessId}/goods-questions/update. Quota: 500 an hour, 1,000 with a subscription. Document of 2026-07-17.
func (s *QuestionsService) update(ctx context.Context, business int64, u questionUpdate, out any) error {
	o := operation{
		name: "POST /v1/businesses/{businessId}/goods-questions/update", method: http.MethodPost, path: ofBusiness("v1", business, "goods-questions/update"),
		bucket: BucketQuestionUpdate, write: true, body: u,
	}
	if u.Operation != "DELETE" {
		if err := checkText(u.Text, MaxAnswerLength); err != nil {
			return localError(o.name, err, ErrRefused)
		}
	}
	if err := s.c.do(ctx, o, out); err != nil {
		return err
	}
	if made, ok := out.(*createdEntity); ok && nameless(made.Entity) {
		return misunderstood(o, http.StatusOK, "", fmt.Errorf("%w: there is no entity", rest.ErrMalformed))
	}
	return nil
}

// createdEntity is the answer to an operation that makes something.
type createdEntity struct {
	Entity Entity `json:"entity"`
}

type questionUpdate struct {
	Operation string  `json:"operationType"`
	Parent    *Entity `json:"parentEntityId,omitempty"`
	Entity    *Entity `json:"entityId,omitempty"`
	Text      string  `json:"text,omitempty"`
}

// Create answers a question, or comments on an answer, and gives what came of
// it. A comment on a comment is refused by the remote side. It is sent once.
//
// Operation: POST /v1/businesses/{businessId}/goods-questions/update (CREATE).
// Quota: 500 an hour, 1,000 with a subscription. Document of 2026-07-17.
func (s *QuestionsService) Create(ctx context.Context, business int64, parent Entity, text string) (Entity, error) {
	var answer createdEntity
	err := s.update(ctx, business, questionUpdate{Operation: "CREATE", Parent: &parent, Text: text}, &answer)
	return answer.Entity, err
}

// Update changes the text of an answer or a comment of ours. A question cannot
// be changed.
//
// Operation: POST /v1/businesses/{businessId}/goods-questions/update (UPDATE).
// Quota: 500 an hour, 1,000 with a subscription. Document of 2026-07-17.
func (s *QuestionsService) Update(ctx context.Context, business int64, what Entity, text string) error {
	return s.update(ctx, business, questionUpdate{Operation: "UPDATE", Entity: &what, Text: text}, nil)
}

// Delete takes an answer or a comment of ours away.
//
// Operation: POST /v1/businesses/{businessId}/goods-questions/update (DELETE).
// Quota: 500 an hour, 1,000 with a subscription. Document of 2026-07-17.
func (s *QuestionsService) Delete(ctx context.Context, business int64, what Entity) error {
	return s.update(ctx, business, questionUpdate{Operation: "DELETE", Entity: &what}, nil)
}
