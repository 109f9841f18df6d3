package wildberries_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

// utc is a moment of July 2026.
func utc(day, hour, minute, second, nano int) wildberries.Time {
	return wildberries.Time{Time: time.Date(2026, 7, day, hour, minute, second, nano, time.UTC)}
}

func TestQuestionsAreDecoded(t *testing.T) {
	t.Parallel()
	got, err := deskClient(t, newRemote(t, repliesFile(t, "questions.json"))).Questions.List(t.Context(), wildberries.ListQuestions{})
	if err != nil {
		t.Fatal(err)
	}
	want := wildberries.QuestionsPage{CountUnanswered: 2, CountAnswered: 31, Questions: []wildberries.Question{
		{
			ID: "q7Tm_4-a", Text: "Можно ли мыть чашку в посудомойке?", CreatedDate: utc(20, 9, 15, 0, 769513469), State: wildberries.QuestionNew,
			Product: wildberries.ProductDetails{
				NmID: 214748364799, ImtID: 3000000000, ProductName: "Чашка", SupplierArticle: "CUP-1", SupplierName: " ИП Сова", BrandName: "Сова",
			},
			IsWarned: true,
		},
		{
			ID: "q8", Text: "Какой объём?", CreatedDate: utc(19, 8, 0, 0, 0), State: wildberries.QuestionAnswered,
			Answer:  &wildberries.QuestionAnswer{Text: "300 мл", Editable: true, CreateDate: utc(19, 9, 30, 0, 0)},
			Product: wildberries.ProductDetails{NmID: 5, ImtID: 6, ProductName: "Чашка"}, WasViewed: true,
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func TestAReviewIsDecoded(t *testing.T) {
	t.Parallel()
	got, err := deskClient(t, newRemote(t, repliesFile(t, "review.json"))).Reviews.One(t.Context(), "rA-1")
	if err != nil {
		t.Fatal(err)
	}
	want := wildberries.Review{
		ID: "rA-1", Text: "Ручка отвалилась", Cons: "Клей", ProductValuation: 2, CreatedDate: utc(20, 9, 0, 0, 0),
		// The answer was sent long ago or just now: editable is the remote side's word and is taken as it is.
		Answer: &wildberries.ReviewAnswer{Text: "Заменим", State: wildberries.AnswerReviewRequired, Editable: true}, State: wildberries.ReviewProcessed,
		Product:   wildberries.ProductDetails{NmID: 214748364799, ImtID: 3000000000, ProductName: "Чашка", Size: "0"},
		Photos:    []wildberries.Photo{{FullSize: "https://feedback01.example/1/fs.webp", MiniSize: "https://feedback01.example/1/ms.webp"}},
		Video:     &wildberries.Video{PreviewImage: "https://video.example/1/preview.webp", Link: "https://video.example/1/index.m3u8", DurationSec: 12},
		WasViewed: true, UserName: "Ольга", OrderStatus: wildberries.OrderBuyout, MatchingSize: wildberries.SizeOK,
		CanComplain: true, ComplaintReason: 3, CanReportProduct: true, ProductProblem: 4, CanOrderReturn: true,
		Tags: []string{"цена", "качество"}, LastOrderShkID: 9007199254740993, Color: "белый", SubjectID: 219, SubjectName: "Чашки", ChildFeedbackID: "rA-2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("review (-want +got):\n%s", diff)
	}
}

// Processed is not answered, rating-only reviews need nothing, and unknown values stay.
func TestReviewsThatAreProcessedWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	page, err := deskClient(t, newRemote(t, repliesFile(t, "reviews.json"))).Reviews.List(t.Context(), wildberries.ListReviews{Answered: true})
	if err != nil || len(page.Reviews) != 2 || page.CountUnanswered != 1 || page.CountProcessed != 900 {
		t.Fatalf("%+v, %v", page, err)
	}
	bare, refused := page.Reviews[0], page.Reviews[1]
	if bare.State != wildberries.ReviewProcessed || !bare.Unanswered() || bare.HasContent() || bare.MatchingSize != "" || bare.Photos != nil {
		t.Errorf("stars alone: %+v", bare)
	}
	if bare.ParentFeedbackID != "rA" || !bare.ReturnOrderedAt.IsZero() || bare.LastOrderCreatedAt != utc(1, 7, 0, 0, 0) {
		t.Errorf("stars alone: %+v", bare)
	}
	if !refused.Answer.State.Rejected() || !refused.Unanswered() || !refused.HasContent() || refused.Answer.Editable {
		t.Errorf("an answer that moderation turned down: %+v", refused)
	}
	if refused.OrderStatus != "teleported" || refused.MatchingSize != "snug" || refused.ReturnOrderedAt != utc(22, 7, 0, 0, 0) {
		t.Errorf("unknown values: %+v", refused)
	}
}

func TestWhetherAnAnswerStands(t *testing.T) {
	t.Parallel()
	for state, unanswered := range map[wildberries.AnswerState]bool{
		wildberries.AnswerNew: false, wildberries.AnswerPublished: false, wildberries.AnswerReviewRequired: false, wildberries.AnswerRejected: true,
		"rejectedAntispam": true, "somethingElse": false,
	} {
		if got := (wildberries.Review{Answer: &wildberries.ReviewAnswer{State: state}}).Unanswered(); got != unanswered {
			t.Errorf("%s: unanswered %v", state, got)
		}
	}
}

func TestMatchingSizeAndLinks(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]wildberries.MatchingSize{
		`"ok"`: "ok", `"ок"`: "ok", `"OK"`: "ok", `"oк"`: "ok", `" "`: "", `""`: "", `null`: "", `"smaller"`: "smaller", `"tight"`: "tight",
	} {
		var got wildberries.MatchingSize
		if err := json.Unmarshal([]byte(raw), &got); err != nil || got != want {
			t.Errorf("%s became %q, %v", raw, got, err)
		}
	}
	for raw, want := range map[string]wildberries.Link{
		`"//a.example/1.webp"`: "https://a.example/1.webp", `"https://a.example"`: "https://a.example", `""`: "", `null`: "", `"/1.webp"`: "/1.webp",
	} {
		var got wildberries.Link
		if err := json.Unmarshal([]byte(raw), &got); err != nil || got != want {
			t.Errorf("%s became %q, %v", raw, got, err)
		}
	}
}

// Every kind of answer in the envelope, good and bad.
func TestTheEnvelopeIsHeeded(t *testing.T) {
	t.Parallel()
	list := func(ctx context.Context, c *wildberries.Client) error {
		return drop(c.Reviews.List(ctx, wildberries.ListReviews{}))
	}
	one := func(ctx context.Context, c *wildberries.Client) error { return drop(c.Questions.One(ctx, "x")) }
	view := func(ctx context.Context, c *wildberries.Client) error { return c.Questions.View(ctx, "x") }
	answer := func(ctx context.Context, c *wildberries.Client) error {
		return c.Reviews.Answer(ctx, "x", "Спасибо")
	}
	cases := []struct {
		name   string
		call   func(context.Context, *wildberries.Client) error
		status int
		body   string
		want   error // nil means success
	}{
		{"a null list is an empty one", list, 200, `{"data":{"feedbacks":null},"error":false}`, nil},
		{"one broken review does not hide the others", list, 200, `{"data":{"feedbacks":[{"id":1},null,{"id":"a"}]}}`, nil},
		{"an error on 200 is an error", list, 200, `{"data":{"feedbacks":[]},"error":true,"errorText":"Something went wrong"}`, wildberries.ErrRefused},
		{"no data are not an empty list", list, 200, `{"data":null,"error":false}`, wildberries.ErrMalformed},
		{"data of another shape", list, 200, `{"data":[1]}`, wildberries.ErrMalformed},
		{"an empty body", list, 200, ``, wildberries.ErrMalformed},
		{"a missing question is not found", one, 422, `{"data":null,"error":true,"errorText":"Невозможно получить вопрос по id"}`, wildberries.ErrNotFound},
		{"a missing question on 200 is not found", one, 200, `{"data":null,"error":true,"errorText":"Невозможно получить вопрос по id"}`, wildberries.ErrNotFound},
		{"another error about one question", one, 200, `{"data":null,"error":true,"errorText":"Something went wrong"}`, wildberries.ErrRefused},
		{"null for a question is not found", one, 200, `{"data":null,"error":false}`, wildberries.ErrNotFound},
		{"a write with null data is done", view, 200, done, nil},
		{"a write with an empty answer is done", view, 200, ``, nil},
		{"a write with an error on 200 is refused", view, 200, `{"data":null,"error":true,"errorText":"нет"}`, wildberries.ErrRefused},
		{"a write to a missing question", view, 404, `{"data":null,"error":true,"errorText":"Не найден отзыв"}`, wildberries.ErrNotFound},
		{"a write that was turned down", view, 422, `{"data":null,"error":true,"errorText":"Не удалось отредактировать вопрос"}`, wildberries.ErrRefused},
		{"204 is success, whatever the id", answer, 204, ``, nil},
		{"a page after a write tells nothing", answer, 200, `<html>login</html>`, wildberries.ErrOutcomeUnknown},
		{"a write that breaks off over there", answer, 502, ``, wildberries.ErrOutcomeUnknown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			kind := "application/json"
			if strings.HasPrefix(c.body, "<") {
				kind = "text/html"
			}
			r := newRemote(t, replies(c.status, kind, c.body))
			if err := c.call(t.Context(), deskClient(t, r)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if r.arrived.Load() != 1 {
				t.Errorf("%d requests", r.arrived.Load())
			}
		})
	}
}

func TestBrokenItemsAreSetAside(t *testing.T) {
	t.Parallel()
	body := `{"data":{"feedbacks":[{"id":1},null,{"id":"a","photoLinks":null,"bables":null},"x"]},"error":false}`
	page, err := deskClient(t, newRemote(t, replies(200, "application/json", body))).Reviews.List(t.Context(), wildberries.ListReviews{})
	if err != nil || len(page.Reviews) != 1 || len(page.Malformed) != 3 || string(page.Malformed[0].Raw) != `{"id":1}` {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestErrorTextsAreKept(t *testing.T) {
	t.Parallel()
	body := `{"data":null,"error":true,"errorText":"Плохой формат dateFrom","additionalErrors":["x must be y"],"requestId":"r-1"}`
	for _, status := range []int{200, 400} {
		_, err := deskClient(t, newRemote(t, replies(status, "application/json", body))).Questions.Count(t.Context(), wildberries.Period{})
		var e *wildberries.Error
		if !errors.As(err, &e) {
			t.Fatalf("status %d: %v", status, err)
		}
		if e.Detail != "Плохой формат dateFrom; x must be y" || e.RequestID != "r-1" || e.Status != status || e.Outcome != wildberries.OutcomeAnswered {
			t.Errorf("status %d: %+v", status, e)
		}
	}
}

// The texts that mean something to a program.
func TestRefusalsAreToldApart(t *testing.T) {
	t.Parallel()
	order := func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.OrderReturn(ctx, "x") }
	pin := func(ctx context.Context, c *wildberries.Client) error {
		return drop(c.Pins.Pin(ctx, []wildberries.PinRequest{{Method: wildberries.PinByTariff, On: wildberries.PinOnProduct, FeedbackID: "x"}}))
	}
	edit := func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.EditAnswer(ctx, "x", "да") }
	cases := []struct {
		name   string
		call   func(context.Context, *wildberries.Client) error
		status int
		body   string
		want   error
	}{
		{"a return that is not possible", order, 422, `{"error":true,"errorText":"Запрос на возврат покупок недоступен"}`, wildberries.ErrNotOffered},
		{"a return that went wrong", order, 422, `{"error":true,"errorText":"Не удалось выполнить запрос на возврат покупок"}`, wildberries.ErrRefused},
		{"a return for an unknown review", order, 400, `{"error":true,"errorText":"Не удалось получить отзыв"}`, wildberries.ErrNotFound},
		{"a return for a bad id", order, 400, `{"error":true,"errorText":"Неправильный id в запросе"}`, wildberries.ErrNotFound},
		{
			"a pin without subscription", pin, 403,
			`{"status":403,"title":"no active subscription or tariff","detail":"this feature requires active subscription or active tariff","origin":"pin-open-api"}`,
			wildberries.ErrNoSubscription,
		},
		{"a pin is forbidden then", pin, 403, `{"title":"no active subscription or tariff"}`, wildberries.ErrForbidden},
		{"a token without the category", edit, 401, `{"title":"unauthorized","detail":"token scope not allowed"}`, wildberries.ErrMissingCategory},
		{"the limit", edit, 429, `{"title":"too many requests","detail":"limited by x"}`, wildberries.ErrThrottled},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := c.call(t.Context(), deskClient(t, newRemote(t, replies(c.status, "application/json", c.body))))
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// What the document forbids never leaves: it would cost a request of the limit, or succeed and do nothing.
func TestNothingForbiddenLeaves(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ж", 5001)
	pins := slices.Repeat([]wildberries.PinRequest{{Method: wildberries.PinByTariff, On: wildberries.PinOnProduct, FeedbackID: "x"}}, 501)
	early := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)
	listQ := func(q wildberries.ListQuestions) func(context.Context, *wildberries.Client) error {
		return func(ctx context.Context, c *wildberries.Client) error { return drop(c.Questions.List(ctx, q)) }
	}
	listR := func(q wildberries.ListReviews) func(context.Context, *wildberries.Client) error {
		return func(ctx context.Context, c *wildberries.Client) error { return drop(c.Reviews.List(ctx, q)) }
	}
	claim := func(a wildberries.ClaimAnswer) func(context.Context, *wildberries.Client) error {
		return func(ctx context.Context, c *wildberries.Client) error { return c.Claims.Answer(ctx, a) }
	}
	cases := []struct {
		name string
		call func(context.Context, *wildberries.Client) error
		want error
	}{
		{"an answer of one character", func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.Answer(ctx, "x", "я") }, wildberries.ErrTextTooShort},
		{"an answer of blanks", func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.EditAnswer(ctx, "x", "   ") }, wildberries.ErrTextTooShort},
		{"an answer of 5,001 characters", func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.Answer(ctx, "x", long) }, wildberries.ErrTextTooLong},
		{"an answer that is no text", func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.Answer(ctx, "x", "да\xff") }, wildberries.ErrRefused},
		{"an answer to nothing", func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.Answer(ctx, "", "да") }, wildberries.ErrNotFound},
		{"a rejection without text", func(ctx context.Context, c *wildberries.Client) error { return c.Questions.Reject(ctx, "x", "") }, wildberries.ErrTextTooShort},
		{"a question without id", func(ctx context.Context, c *wildberries.Client) error { return drop(c.Questions.One(ctx, "")) }, wildberries.ErrNotFound},
		{"a view with a line end in the id", func(ctx context.Context, c *wildberries.Client) error { return c.Questions.View(ctx, "a\nb") }, wildberries.ErrNotFound},
		{"a return with an endless id", func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.OrderReturn(ctx, long) }, wildberries.ErrNotFound},
		{"10,001 questions", listQ(wildberries.ListQuestions{Take: 10_001}), wildberries.ErrOutOfRange},
		{"questions beyond 10,000", listQ(wildberries.ListQuestions{Take: 2, Skip: 9_999}), wildberries.ErrOutOfRange},
		{"questions after 10,000", listQ(wildberries.ListQuestions{Skip: 10_000}), wildberries.ErrOutOfRange},
		{"a negative skip", listQ(wildberries.ListQuestions{Skip: -1}), wildberries.ErrOutOfRange},
		{"5,001 reviews", listR(wildberries.ListReviews{Take: 5_001}), wildberries.ErrOutOfRange},
		{"reviews beyond 199,990", listR(wildberries.ListReviews{Skip: 199_991}), wildberries.ErrOutOfRange},
		{"a negative take", listR(wildberries.ListReviews{Take: -1}), wildberries.ErrOutOfRange},
		{"a negative product", listR(wildberries.ListReviews{Product: -1}), wildberries.ErrOutOfRange},
		{"another order", listR(wildberries.ListReviews{Order: "byStars"}), wildberries.ErrOutOfRange},
		{"a period that ends before it starts", listR(wildberries.ListReviews{From: july, To: july.Add(-time.Second)}), wildberries.ErrOutOfRange},
		{"a date before Unix", listR(wildberries.ListReviews{From: early}), wildberries.ErrOutOfRange},
		{"a count of such a period", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Reviews.Count(ctx, wildberries.Period{To: early}))
		}, wildberries.ErrOutOfRange},
		{"no pins", func(ctx context.Context, c *wildberries.Client) error { return drop(c.Pins.Pin(ctx, nil)) }, wildberries.ErrOutOfRange},
		{"501 pins", func(ctx context.Context, c *wildberries.Client) error { return drop(c.Pins.Pin(ctx, pins)) }, wildberries.ErrOutOfRange},
		{"a pin in another place", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.Pin(ctx, []wildberries.PinRequest{{Method: wildberries.PinByTariff, On: "wall", FeedbackID: "x"}}))
		}, wildberries.ErrOutOfRange},
		{"a pin of nothing", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.Pin(ctx, []wildberries.PinRequest{{Method: wildberries.PinByTariff, On: wildberries.PinOnGroup}}))
		}, wildberries.ErrNotFound},
		{"501 pins taken off", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.Unpin(ctx, make([]int64, 501)))
		}, wildberries.ErrOutOfRange},
		{"the pin 0 taken off", func(ctx context.Context, c *wildberries.Client) error { return drop(c.Pins.Unpin(ctx, []int64{0})) }, wildberries.ErrOutOfRange},
		{"501 pins listed", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.List(ctx, wildberries.ListPins{Limit: 501}))
		}, wildberries.ErrOutOfRange},
		{"pins of another state", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.Count(ctx, wildberries.PinFilter{State: "loose"}))
		}, wildberries.ErrOutOfRange},
		{"201 claims", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Claims.List(ctx, wildberries.ListClaims{Limit: 201}))
		}, wildberries.ErrOutOfRange},
		{"a refusal without comment", claim(wildberries.ClaimAnswer{ID: "x", Action: wildberries.ActionRejectCustom}), wildberries.ErrComment},
		{"a comment that is not taken", claim(wildberries.ClaimAnswer{ID: "x", Action: wildberries.ActionRefund, Comment: "Вот деньги, держите"}), wildberries.ErrComment},
		{"a comment of nine characters", claim(wildberries.ClaimAnswer{ID: "x", Action: wildberries.ActionApproveInStore, Comment: "123456789 "}), wildberries.ErrTextTooShort},
		{"that one is a bad comment too", claim(wildberries.ClaimAnswer{ID: "x", Action: wildberries.ActionApproveInStore, Comment: "123456789 "}), wildberries.ErrComment},
		{"a comment of 1,001 characters", claim(wildberries.ClaimAnswer{ID: "x", Action: wildberries.ActionRejectCustom, Comment: long[:2002]}), wildberries.ErrTextTooLong},
		{"no decision", claim(wildberries.ClaimAnswer{ID: "x"}), wildberries.ErrOutOfRange},
		{"a decision on nothing", claim(wildberries.ClaimAnswer{Action: wildberries.ActionRefund}), wildberries.ErrNotFound},
		{"a decision that the claim does not offer", claim(wildberries.ClaimAnswer{
			ID: "x", Action: wildberries.ActionRefund, Offered: []wildberries.ClaimAction{wildberries.ActionRejectNoDefect},
		}), wildberries.ErrNotOffered},
		{"a decision on a claim that offers nothing", claim(wildberries.ClaimAnswer{
			ID: "x", Action: wildberries.ActionRefund, Offered: []wildberries.ClaimAction{},
		}), wildberries.ErrNotOffered},
		{"everything with a skip", func(ctx context.Context, c *wildberries.Client) error {
			return first(c.Questions.AllQuestions(ctx, wildberries.ListQuestions{Skip: 1}))
		}, wildberries.ErrOutOfRange},
		{"everything newest first", func(ctx context.Context, c *wildberries.Client) error {
			return first(c.Reviews.AllReviews(ctx, wildberries.ListReviews{Order: wildberries.OrderDateDesc}))
		}, wildberries.ErrOutOfRange},
		{"all claims with an offset", func(ctx context.Context, c *wildberries.Client) error {
			return first(c.Claims.AllClaims(ctx, wildberries.ListClaims{Offset: 1}))
		}, wildberries.ErrOutOfRange},
	}
	r := newRemote(t, replies(500, "", ""))
	client := deskClient(t, r)
	for _, c := range cases {
		err := c.call(t.Context(), client)
		if !errors.Is(err, c.want) || !errors.Is(err, wildberries.ErrNotSent) || !errors.Is(err, wildberries.ErrRefused) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	if r.arrived.Load() != 0 {
		t.Errorf("%d requests left", r.arrived.Load())
	}
}

// A refusal of our own says what is wrong, in one sentence, without the text that was to be sent.
func TestRefusalsOfOurOwnSayWhy(t *testing.T) {
	t.Parallel()
	c := deskClient(t, newRemote(t, replies(500, "", "")))
	for want, err := range map[string]error{
		"POST /api/v1/feedbacks/answer: the text has 5001 characters, 5000 are allowed": c.Reviews.Answer(t.Context(), "x", strings.Repeat("ж", 5001)),
		"PATCH /api/v1/questions: there is no text":                                     c.Questions.Reject(t.Context(), "x", " "),
		"PATCH /api/v1/claim: the comment is shorter than 10 characters": c.Claims.Answer(t.Context(), wildberries.ClaimAnswer{
			ID: "x", Action: wildberries.ActionRejectCustom, Comment: "нет",
		}),
		`PATCH /api/v1/claim: the claim does not offer "approve1"`: c.Claims.Answer(t.Context(), wildberries.ClaimAnswer{
			ID: "x", Action: wildberries.ActionApproveWithCheck, Offered: []wildberries.ClaimAction{wildberries.ActionRefund},
		}),
		"GET /api/v1/questions: take 10001: it must be 1 to 10000 at skip 0": drop(c.Questions.List(t.Context(), wildberries.ListQuestions{Take: 10_001})),
		"GET /api/common/v1/rating: this is for service tokens only":         drop(c.Reviews.Rating(t.Context())),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}

// The queries and bodies as they stand on the wire.
func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 1, 3, 0, 0, 500, time.FixedZone("", 3*3600))
	from, to := "1782864000", "1782864001"
	cases := []struct {
		name, query, body string
		call              func(context.Context, *wildberries.Client) error
	}{
		{"dates in seconds, rounded outwards", "dateFrom=" + from + "&dateTo=" + to + "&isAnswered=false&skip=0&take=10000", "", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Questions.List(ctx, wildberries.ListQuestions{From: at, To: at}))
		}},
		{"as many questions as fit after a skip", "isAnswered=true&skip=9990&take=10", "", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Questions.List(ctx, wildberries.ListQuestions{Answered: true, Skip: 9990}))
		}},
		{"pins in RFC 3339 of UTC", "dateFrom=2026-07-01T00%3A00%3A00Z&limit=500", "", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.List(ctx, wildberries.ListPins{PinFilter: wildberries.PinFilter{From: at}}))
		}},
		{"claims under review", "is_archive=false&limit=200&offset=0", "", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Claims.List(ctx, wildberries.ListClaims{}))
		}},
		{"a view", "", `{"id":"x","wasViewed":true}`, func(ctx context.Context, c *wildberries.Client) error { return c.Questions.View(ctx, "x") }},
		{"a rejection", "", `{"id":"x","answer":{"text":"нет"},"state":"none"}`, func(ctx context.Context, c *wildberries.Client) error {
			return c.Questions.Reject(ctx, "x", "нет")
		}},
		{"an answer to a question", "", `{"id":"x","answer":{"text":"да"},"state":"wbRu"}`, func(ctx context.Context, c *wildberries.Client) error {
			return c.Questions.Answer(ctx, "x", "да")
		}},
		{"an answer to a review", "", `{"id":"x","text":"да"}`, func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.Answer(ctx, "x", "да") }},
		{"a return", "", `{"feedbackId":"x"}`, func(ctx context.Context, c *wildberries.Client) error { return c.Reviews.OrderReturn(ctx, "x") }},
		{"pins taken off", "", `[5000000001]`, func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.Unpin(ctx, []int64{5_000_000_001}))
		}},
		{"a decision without comment", "", `{"id":"x","action":"approve1"}`, func(ctx context.Context, c *wildberries.Client) error {
			return c.Claims.Answer(ctx, wildberries.ClaimAnswer{ID: "x", Action: wildberries.ActionApproveWithCheck, Offered: []wildberries.ClaimAction{"approve1"}})
		}},
		{"a decision that nobody knows yet", "", `{"id":"x","action":"teleport1","comment":"на Луну, пожалуйста"}`, func(ctx context.Context, c *wildberries.Client) error {
			return c.Claims.Answer(ctx, wildberries.ClaimAnswer{ID: "x", Action: "teleport1", Comment: "на Луну, пожалуйста"})
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, replies(200, "application/json", `{"data":[],"claims":[]}`))
			_ = c.call(t.Context(), deskClient(t, r))
			if r.arrived.Load() == 0 {
				t.Fatal("nothing left")
			}
			body, err := io.ReadAll(r.last().Body)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.last().URL.RawQuery; got != c.query || string(body) != c.body {
				t.Errorf("query %q, body %s", got, body)
			}
			if c.body != "" && r.last().Header.Get("Content-Type") != "application/json" {
				t.Errorf("content type %q", r.last().Header.Get("Content-Type"))
			}
		})
	}
}

// bucketList is a limiter that only notes what was asked.
type bucketList struct {
	mu    sync.Mutex // guards asked
	asked []string
}

func (l *bucketList) Wait(_ context.Context, bucket string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, bucket)
	return nil
}

func (l *bucketList) Observe(string, *http.Response) {}

// Questions, reviews and pins are counted together, claims by method.
func TestWhichBucketACallIsCountedIn(t *testing.T) {
	t.Parallel()
	families := map[string]string{
		"GET /api/v1/seller/chats": wildberries.BucketChatList, "GET /api/v1/seller/events": wildberries.BucketChatEvents,
		"POST /api/v1/seller/message": wildberries.BucketChatMessage, "GET /api/v1/seller/download/{id}": wildberries.BucketChatDownload,
		"GET /api/v1/claims": wildberries.BucketClaimList, "PATCH /api/v1/claim": wildberries.BucketClaimAnswer,
	}
	for _, c := range calls(t) {
		limiter := &bucketList{}
		client := deskClient(t, newRemote(t, replies(c.status, "application/json", c.answer)), wildberries.WithLimiter(limiter))
		if err := c.make(t.Context(), client); err != nil {
			t.Errorf("%s: %v", c.operation, err)
		}
		want, ok := families[c.operation]
		if !ok {
			want = wildberries.BucketFeedbacks
		}
		if got := slices.Compact(limiter.asked); !slices.Equal(got, []string{want}) {
			t.Errorf("%s is counted in %v", c.operation, got)
		}
	}
}

func TestRatingIsForServiceTokens(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		account int
		body    string
		want    wildberries.Rating
		err     error
	}{
		"service tokens read it":                      {4, `{"feedbackCount":52,"valuation":4.87}`, wildberries.Rating{FeedbackCount: 52, Valuation: 4.87}, nil},
		"in an envelope too":                          {4, `{"data":{"feedbackCount":52,"valuation":4.87}}`, wildberries.Rating{FeedbackCount: 52, Valuation: 4.87}, nil},
		"tokens that do not tell their kind may try":  {0, `{"feedbackCount":1,"valuation":5}`, wildberries.Rating{FeedbackCount: 1, Valuation: 5}, nil},
		"personal tokens are refused without request": {3, ``, wildberries.Rating{}, wildberries.ErrServiceToken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, replies(200, "application/json", c.body))
			token := makeToken(map[string]any{"exp": 4000000000, "s": feedbackScope, "sid": sellerUUID, "acc": c.account})
			got, err := clientOf(t, token, r).Reviews.Rating(t.Context())
			if !errors.Is(err, c.err) || got != c.want {
				t.Errorf("got %+v, %v", got, err)
			}
			if c.err != nil && (r.arrived.Load() != 0 || !errors.Is(err, wildberries.ErrForbidden)) {
				t.Errorf("%d requests, %v", r.arrived.Load(), err)
			}
		})
	}
}
