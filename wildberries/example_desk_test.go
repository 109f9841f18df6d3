package wildberries_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

// The reviews that wait for an answer, oldest first. Reviews of stars alone need none.
func ExampleReviewsService_AllReviews() {
	server := exampleDesk()
	defer server.Close()
	c, err := wildberries.New(deskToken(), wildberries.WithBaseURL(server.URL))
	if err != nil {
		fmt.Println(err)
		return
	}
	for review, err := range c.Reviews.AllReviews(context.Background(), wildberries.ListReviews{Answered: false}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if review.Unanswered() && review.HasContent() {
			fmt.Printf("%s %d★ %s: %s\n", review.CreatedDate.Format(time.DateOnly), review.ProductValuation, review.UserName, review.Text)
		}
	}
	// Output:
	// 2026-07-20 2★ Ольга: Ручка отвалилась
	// 2026-07-22 4★ Пётр: Хорошая чашка
}

// Success of an answer proves little, for the remote side does not look at the id and moderation comes later: read the review back.
func ExampleReviewsService_Answer() {
	server := exampleDesk()
	defer server.Close()
	c := exampleDeskClient(server)
	ctx := context.Background()

	err := c.Reviews.Answer(ctx, "r-olga", "Простите! Напишите нам в чат, заменим.")
	if err != nil && !errors.Is(err, wildberries.ErrOutcomeUnknown) {
		fmt.Println(err)
		return
	}
	review, err := c.Reviews.One(ctx, "r-olga")
	switch {
	case errors.Is(err, wildberries.ErrNotFound):
		fmt.Println("there is no such review")
	case err != nil:
		fmt.Println(err)
	case review.Unanswered():
		fmt.Println("not answered, or turned down by moderation")
	case review.Answer.State == wildberries.AnswerPublished:
		fmt.Println("buyers see it")
	default:
		fmt.Println("look again later:", review.Answer.State)
	}
	// Output:
	// look again later: reviewRequired
}

// All questions of a year, however many there are. The unanswered come first, so that none is missed when it is answered meanwhile.
func ExampleQuestionsService_AllQuestions() {
	server := exampleDesk()
	defer server.Close()
	c := exampleDeskClient(server)

	count := map[bool]int{}
	for _, answered := range []bool{false, true} {
		query := wildberries.ListQuestions{Answered: answered, From: time.Date(2025, 7, 23, 0, 0, 0, 0, time.UTC)}
		for question, err := range c.Questions.AllQuestions(context.Background(), query) {
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Println(question.CreatedDate.Format(time.DateOnly), question.Text)
			count[answered]++
		}
	}
	fmt.Println(count[false], "wait,", count[true], "are answered")
	// Output:
	// 2026-07-21 Есть ли крышка?
	// 2026-07-19 Какой объём?
	// 1 wait, 1 are answered
}

// Claims have no feed. Following them is looking at the list under review every few minutes and telling what is new.
func ExampleClaimsService_AllClaims() {
	server := exampleDesk()
	defer server.Close()
	c := exampleDeskClient(server)
	ctx := context.Background()

	known := map[string]time.Time{}
	for range 2 { // for range time.Tick(5 * time.Minute)
		for claim, err := range c.Claims.AllClaims(ctx, wildberries.ListClaims{}) {
			if err != nil {
				fmt.Println(err)
				return
			}
			if known[claim.ID].Equal(claim.UpdatedAt.Time) {
				continue
			}
			known[claim.ID] = claim.UpdatedAt.Time
			fmt.Println(claim.CreatedAt.Format(time.DateTime), "UTC:", claim.UserComment, claim.Price, claim.Photos, claim.Actions)
			if slices.Contains(claim.Actions, wildberries.ActionRefund) {
				err := c.Claims.Answer(ctx, wildberries.ClaimAnswer{ID: claim.ID, Action: wildberries.ActionRefund, Offered: claim.Actions})
				fmt.Println("refunded:", err == nil)
			}
		}
	}
	// Output:
	// 2026-07-20 14:06:12 UTC: Трещина на дне 1570 [https://photos.example/1.webp] [autorefund1 reject1]
	// refunded: true
}

// Pinning succeeds item by item.
func ExamplePinsService_Pin() {
	server := exampleDesk()
	defer server.Close()
	c := exampleDeskClient(server)

	results, err := c.Pins.Pin(context.Background(), []wildberries.PinRequest{
		{Method: wildberries.PinBySubscription, On: wildberries.PinOnProduct, FeedbackID: "r-petr"},
		{Method: wildberries.PinBySubscription, On: wildberries.PinOnProduct, FeedbackID: "r-olga"},
	})
	if errors.Is(err, wildberries.ErrNoSubscription) {
		fmt.Println("pinning has to be bought first")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		if r.Pinned() {
			fmt.Println(r.FeedbackID, "is pinned as", r.PinID)
			continue
		}
		for _, e := range r.Errors {
			fmt.Println(r.FeedbackID, "is not:", e.Status)
		}
	}
	// Output:
	// r-petr is pinned as 17
	// r-olga is not: unitLimitReached
}

func exampleDeskClient(s *httptest.Server) *wildberries.Client {
	c, err := wildberries.New(deskToken(), wildberries.WithBaseURL(s.URL), wildberries.WithLimiter(noLimit{}))
	if err != nil {
		panic(err)
	}
	return c
}

// exampleDesk plays a small cabinet with reviews, questions and a claim.
func exampleDesk() *httptest.Server {
	answers := map[string]string{
		"GET /feedbacks/api/v1/feedbacks": `{"data":{"countUnanswered":2,"countArchive":0,"feedbacks":[
			{"id":"r-olga","text":"Ручка отвалилась","productValuation":2,"createdDate":"2026-07-20T12:00:00+03:00","userName":"Ольга"},
			{"id":"r-star","productValuation":5,"createdDate":"2026-07-21T12:00:00+03:00"},
			{"id":"r-petr","text":"Хорошая чашка","productValuation":4,"createdDate":"2026-07-22T12:00:00+03:00","userName":"Пётр"}]},"error":false}`,
		"GET /feedbacks/api/v1/feedback": `{"data":{"id":"r-olga","text":"Ручка отвалилась","state":"wbRu",
			"answer":{"text":"Простите! Напишите нам в чат, заменим.","state":"reviewRequired","editable":true}},"error":false}`,
		"POST /feedbacks/api/v1/feedbacks/answer": ``,
		"GET /feedbacks/api/v1/questions isAnswered=false": `{"data":{"questions":[
			{"id":"q-2","text":"Есть ли крышка?","createdDate":"2026-07-21T09:15:00.769513469Z","state":"suppliersPortalSynch"}]},"error":false}`,
		"GET /feedbacks/api/v1/questions isAnswered=true": `{"data":{"questions":[
			{"id":"q-1","text":"Какой объём?","createdDate":"2026-07-19T08:00:00Z","state":"wbRu","answer":{"text":"300 мл"}}]},"error":false}`,
		"GET /returns/api/v1/claims": `{"claims":[{"id":"c-1","user_comment":"Трещина на дне","dt":"2026-07-20T17:06:12.245611",
			"dt_update":"2026-07-20T17:06:12.245611","photos":["//photos.example/1.webp"],"actions":["autorefund1","reject1"],"price":1570}],"total":1}`,
		"PATCH /returns/api/v1/claim": ``,
		"POST /feedbacks/api/feedbacks/v1/pins": `{"data":[
			{"feedbackId":"r-petr","pinId":17,"pinMethod":"subscription","pinOn":"nm","isErrors":false},
			{"feedbackId":"r-olga","pinMethod":"subscription","pinOn":"nm","isErrors":true,"errors":[{"status":"unitLimitReached"}]}]}`,
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		key := r.Method + " " + r.URL.Path
		if strings.HasSuffix(key, "/questions") {
			key += " isAnswered=" + r.URL.Query().Get("isAnswered")
		}
		answer, known := answers[key]
		switch {
		case !known:
			w.WriteHeader(http.StatusNotFound)
		case answer == "" && r.Method == http.MethodPost:
			w.WriteHeader(http.StatusNoContent)
		default:
			_, _ = io.WriteString(w, answer)
		}
	}))
}
