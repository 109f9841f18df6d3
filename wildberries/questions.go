package wildberries

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// QuestionsService is the questions of buyers about products (feedbacks-api, category questions and feedbacks). All its methods share one limit
// with those of reviews and pins: 3 per second, burst 6; basic tokens 5 per hour, burst 1.
type QuestionsService struct{ c *Client }

// feedbackOperation fills in what the operations of questions, reviews and pins share.
func feedbackOperation(method, path string) operation {
	return operation{
		name: method + " " + path, method: method, family: FamilyFeedbacks, path: path, bucket: BucketFeedbacks,
		category: CategoryFeedbacks, write: method != http.MethodGet,
	}
}

// HasNew tells whether anything waits that nobody has looked at.
type HasNew struct {
	Questions bool `json:"hasNewQuestions"`
	Feedbacks bool `json:"hasNewFeedbacks"`
}

// HasNew tells whether there are questions or feedbacks that were not viewed. Reviews cannot be marked viewed through the API, so its flag
// for them stays up until somebody opens the seller portal.
//
// Operation: GET /api/v1/new-feedbacks-questions. Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) HasNew(ctx context.Context) (HasNew, error) {
	var answer HasNew
	_, err := s.c.enveloped(ctx, feedbackOperation(http.MethodGet, "/api/v1/new-feedbacks-questions"), nil, &answer)
	return answer, err
}

// UnansweredCount is how much waits for an answer. When today begins over there is not documented.
type UnansweredCount struct {
	Total int64 `json:"countUnanswered"`
	Today int64 `json:"countUnansweredToday"`
}

// CountUnanswered counts the questions that wait for an answer.
//
// Operation: GET /api/v1/questions/count-unanswered. Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) CountUnanswered(ctx context.Context) (UnansweredCount, error) {
	var answer UnansweredCount
	_, err := s.c.enveloped(ctx, feedbackOperation(http.MethodGet, "/api/v1/questions/count-unanswered"), nil, &answer)
	return answer, err
}

// Period counts what was written in a time. Zero dates leave that end open; whether the ends belong to it is not documented. Dates go out
// in whole seconds, rounded outwards.
type Period struct {
	From, To time.Time
	Answered bool
}

// Count counts the questions of a period, answered or not.
//
// Operation: GET /api/v1/questions/count. Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) Count(ctx context.Context, p Period) (int64, error) {
	return s.c.count(ctx, feedbackOperation(http.MethodGet, "/api/v1/questions/count"), p)
}

func (c *Client) count(ctx context.Context, o operation, p Period) (int64, error) {
	o.query = url.Values{"isAnswered": {strconv.FormatBool(p.Answered)}}
	if err := addDates(o.query, p.From, p.To); err != nil {
		return 0, refuse(o, err)
	}
	var n int64
	_, err := c.enveloped(ctx, o, nil, &n)
	return n, err
}

// ListQuestions says which questions List returns.
type ListQuestions struct {
	Answered bool
	// Take is how many, at most 10,000 together with Skip; 0 means as many as allowed.
	Take, Skip int
	// Product is an article number (nmId), 0 for all.
	Product int64
	// Order "" leaves it to the remote side, which does not say what it does then.
	Order Order
	// From and To narrow the list by the date of creation; zero leaves that end open. They go out in whole seconds, rounded outwards.
	From, To time.Time
}

// List returns one page. Questions that arrive meanwhile shift later pages: AllQuestions takes care of that.
//
// Operation: GET /api/v1/questions. Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) List(ctx context.Context, q ListQuestions) (QuestionsPage, error) {
	o := feedbackOperation(http.MethodGet, "/api/v1/questions")
	var err error
	if o.query, err = dated(q).values(questionBounds); err != nil {
		return QuestionsPage{}, refuse(o, err)
	}
	var answer struct {
		CountUnanswered int64             `json:"countUnanswered"`
		CountArchive    int64             `json:"countArchive"`
		Questions       []json.RawMessage `json:"questions"`
	}
	if _, err := s.c.enveloped(ctx, o, nil, &answer); err != nil {
		return QuestionsPage{}, err
	}
	page := QuestionsPage{CountUnanswered: answer.CountUnanswered, CountAnswered: answer.CountArchive}
	page.Questions, page.Malformed = decodeItems[Question](answer.Questions)
	s.c.warn(ctx, o, nil, page.Malformed)
	return page, nil
}

// One returns one question. A question that does not exist is ErrNotFound, though the remote side says 422.
//
// Operation: GET /api/v1/question. Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) One(ctx context.Context, id string) (Question, error) {
	var q Question
	err := s.c.one(ctx, feedbackOperation(http.MethodGet, "/api/v1/question"), id, &q)
	return q, err
}

func (c *Client) one(ctx context.Context, o operation, id string, out any) error {
	o.single = true
	if err := checkID(o, id); err != nil {
		return err
	}
	o.query = url.Values{"id": {id}}
	_, err := c.enveloped(ctx, o, nil, out)
	return err
}

// View marks a question as viewed.
//
// Operation: PATCH /api/v1/questions with wasViewed. Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) View(ctx context.Context, id string) error {
	return s.patch(ctx, id, struct {
		ID        string `json:"id"`
		WasViewed bool   `json:"wasViewed"`
	}{id, true})
}

// Reject turns a question down: buyers will not see it. The remote side wants a text for this too.
//
// Operation: PATCH /api/v1/questions with state "none". Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) Reject(ctx context.Context, id, text string) error {
	return s.settle(ctx, id, text, QuestionRejected)
}

// Answer answers a question, which publishes both. The document names no longest text. After ErrOutcomeUnknown read the question.
//
// Operation: PATCH /api/v1/questions with state "wbRu". Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) Answer(ctx context.Context, id, text string) error {
	return s.settle(ctx, id, text, QuestionAnswered)
}

// Edit replaces the answer to a question: once, within 60 days. QuestionAnswer.Editable says whether that is still possible.
//
// Operation: PATCH /api/v1/questions with state "wbRu", the same as Answer. Limit: that of the service. Document of 2026-07-23.
func (s *QuestionsService) Edit(ctx context.Context, id, text string) error {
	return s.settle(ctx, id, text, QuestionAnswered)
}

func (s *QuestionsService) settle(ctx context.Context, id, text string, state QuestionState) error {
	if err := checkText(feedbackOperation(http.MethodPatch, "/api/v1/questions"), text, 1, 0); err != nil {
		return err
	}
	type answer struct {
		Text string `json:"text"`
	}
	return s.patch(ctx, id, struct {
		ID     string        `json:"id"`
		Answer answer        `json:"answer"`
		State  QuestionState `json:"state"`
	}{id, answer{text}, state})
}

func (s *QuestionsService) patch(ctx context.Context, id string, change any) error {
	o := feedbackOperation(http.MethodPatch, "/api/v1/questions")
	if err := checkID(o, id); err != nil {
		return err
	}
	return s.c.write(ctx, o, change)
}

// write sends a JSON body and expects no data.
func (c *Client) write(ctx context.Context, o operation, change any) error {
	body, err := jsonBody(change)
	if err != nil {
		return refuse(o, err)
	}
	return c.perform(ctx, o, body)
}
