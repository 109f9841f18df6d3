package wildberries_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

// call is one operation of the document as the client makes it, with everything it can carry, and a good answer.
type call struct {
	operation string
	make      func(context.Context, *wildberries.Client) error
	status    int
	answer    string
}

// drop forgets a result: these tables look at errors only.
func drop[T any](_ T, err error) error { return err }

// Dates of the tables, and an answer without data.
var (
	july = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	done = `{"data":null,"error":false,"errorText":"","additionalErrors":null}`
)

// calls has every operation of the document at least once.
func calls(t testing.TB) []call {
	t.Helper()
	return slices.Concat(chatCalls(t), questionCalls(t), reviewCalls(t), pinCalls(t), claimCalls(t))
}

func chatCalls(t testing.TB) []call {
	files := func() []wildberries.File {
		return []wildberries.File{
			wildberries.FileFromBytes("a.png", pngBytes), wildberries.FileFromBytes("b.pdf", pdfBytes), wildberries.FileFromBytes("c.jpg", jpegBytes),
		}
	}
	return []call{
		{"GET /api/v1/seller/chats", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Chats.List(ctx))
		}, 200, canned(t, "chats.json")},
		{"GET /api/v1/seller/events", func(ctx context.Context, c *wildberries.Client) error {
			return errors.Join(drop(c.Chats.Events(ctx, 0)), drop(c.Chats.Events(ctx, 1784790060000)))
		}, 200, `{"result":{"next":1784790060000,"totalEvents":0,"events":[]},"errors":null}`},
		{"POST /api/v1/seller/message", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Chats.Send(ctx, strings.Repeat("s", 255), strings.Repeat("ж", 1000), files()...))
		}, 200, canned(t, "sent.json")},
		{"GET /api/v1/seller/download/{id}", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Chats.Download(ctx, "ecaeb056-a4ee-45b4-ae45-666811755d38"))
		}, 202, `{"moderationState":"pending","retrySeconds":30}`},
	}
}

func questionCalls(t testing.TB) []call {
	return []call{
		{"GET /api/v1/new-feedbacks-questions", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Questions.HasNew(ctx))
		}, 200, `{"data":{"hasNewQuestions":true,"hasNewFeedbacks":false},"error":false,"errorText":"","additionalErrors":null}`},
		{"GET /api/v1/questions/count-unanswered", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Questions.CountUnanswered(ctx))
		}, 200, `{"data":{"countUnanswered":24,"countUnansweredToday":1},"error":false,"errorText":"","additionalErrors":null}`},
		{"GET /api/v1/questions/count", func(ctx context.Context, c *wildberries.Client) error {
			return errors.Join(
				drop(c.Questions.Count(ctx, wildberries.Period{})),
				drop(c.Questions.Count(ctx, wildberries.Period{From: july, To: july.AddDate(0, 1, 0), Answered: true})))
		}, 200, `{"data":77,"error":false,"errorText":"","additionalErrors":null}`},
		{"GET /api/v1/questions", func(ctx context.Context, c *wildberries.Client) error {
			q := wildberries.ListQuestions{Answered: true, Take: 9000, Skip: 1000, Product: 5, Order: wildberries.OrderDateDesc, From: july, To: july.AddDate(0, 1, 0)}
			return errors.Join(drop(c.Questions.List(ctx, wildberries.ListQuestions{})), drop(c.Questions.List(ctx, q)))
		}, 200, canned(t, "questions.json")},
		{"GET /api/v1/question", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Questions.One(ctx, "q8"))
		}, 200, canned(t, "question.json")},
		{"PATCH /api/v1/questions", func(ctx context.Context, c *wildberries.Client) error {
			return errors.Join(
				c.Questions.View(ctx, "q8"), c.Questions.Reject(ctx, "q8", "Не о товаре"), c.Questions.Answer(ctx, "q8", "<300> мл & больше"),
				c.Questions.Edit(ctx, "q8", "350 мл"))
		}, 200, done},
	}
}

func reviewCalls(t testing.TB) []call {
	return []call{
		{"GET /api/v1/feedbacks/count-unanswered", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Reviews.CountUnanswered(ctx))
		}, 200, `{"data":{"countUnanswered":1,"countUnansweredToday":0},"error":false,"errorText":"","additionalErrors":null}`},
		{"GET /api/v1/feedbacks/count", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Reviews.Count(ctx, wildberries.Period{From: july, To: july}))
		}, 200, `{"data":724583,"error":false,"errorText":"","additionalErrors":null}`},
		{"GET /api/v1/feedbacks", func(ctx context.Context, c *wildberries.Client) error {
			q := wildberries.ListReviews{Answered: true, Take: 5000, Skip: 199_990, Product: 5, Order: wildberries.OrderDateAsc, From: july, To: july}
			return errors.Join(drop(c.Reviews.List(ctx, wildberries.ListReviews{})), drop(c.Reviews.List(ctx, q)))
		}, 200, canned(t, "reviews.json")},
		{"GET /api/v1/feedback", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Reviews.One(ctx, "rA-1"))
		}, 200, canned(t, "review.json")},
		{"GET /api/v1/feedbacks/archive", func(ctx context.Context, c *wildberries.Client) error {
			q := wildberries.ListArchive{Take: 10, Skip: 300_000, Product: 5, Order: wildberries.OrderDateDesc}
			return errors.Join(drop(c.Reviews.Archive(ctx, wildberries.ListArchive{})), drop(c.Reviews.Archive(ctx, q)))
		}, 200, `{"data":{"feedbacks":[]},"error":false,"errorText":"","additionalErrors":null}`},
		{"POST /api/v1/feedbacks/answer", func(ctx context.Context, c *wildberries.Client) error {
			return errors.Join(c.Reviews.Answer(ctx, "rA-1", "да"), c.Reviews.Answer(ctx, "rA-1", strings.Repeat("ж", 5000)))
		}, 204, ""},
		{"PATCH /api/v1/feedbacks/answer", func(ctx context.Context, c *wildberries.Client) error {
			return c.Reviews.EditAnswer(ctx, "rA-1", "Спасибо!")
		}, 204, ""},
		{"POST /api/v1/feedbacks/order/return", func(ctx context.Context, c *wildberries.Client) error {
			return c.Reviews.OrderReturn(ctx, "rA-1")
		}, 200, `{"data":{},"error":false,"errorText":"","additionalErrors":null}`},
	}
}

func pinCalls(t testing.TB) []call {
	filter := wildberries.PinFilter{
		State: wildberries.Unpinned, On: wildberries.PinOnGroup, Group: 3_000_000_000, Product: 5, FeedbackID: 789, From: july, To: july.AddDate(0, 1, 0),
	}
	return []call{
		{"GET /api/feedbacks/v1/pins", func(ctx context.Context, c *wildberries.Client) error {
			return errors.Join(
				drop(c.Pins.List(ctx, wildberries.ListPins{})), drop(c.Pins.List(ctx, wildberries.ListPins{PinFilter: filter, Next: 741, Limit: 1})))
		}, 200, canned(t, "pins.json")},
		{"POST /api/feedbacks/v1/pins", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.Pin(ctx, slices.Repeat([]wildberries.PinRequest{
				{Method: wildberries.PinByTariff, On: wildberries.PinOnProduct, FeedbackID: "rA-1"},
				{Method: wildberries.PinBySubscription, On: wildberries.PinOnGroup, FeedbackID: "rB"},
			}, 250)))
		}, 200, canned(t, "pinned.json")},
		{"DELETE /api/feedbacks/v1/pins", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.Unpin(ctx, []int64{5_000_000_001, 17}))
		}, 200, `{"data":[17]}`},
		{"GET /api/feedbacks/v1/pins/count", func(ctx context.Context, c *wildberries.Client) error {
			return errors.Join(drop(c.Pins.Count(ctx, wildberries.PinFilter{})), drop(c.Pins.Count(ctx, filter)))
		}, 200, `{"data":12}`},
		{"GET /api/feedbacks/v1/pins/limits", func(ctx context.Context, c *wildberries.Client) error {
			return drop(c.Pins.Limits(ctx))
		}, 200, `{"data":{"subscription":null,"tariff":{"perUnitLimit":2,"remaining":5,"totalLimit":15,"unlimited":false,"used":10}}}`},
	}
}

func claimCalls(t testing.TB) []call {
	return []call{
		{"GET /api/v1/claims", func(ctx context.Context, c *wildberries.Client) error {
			q := wildberries.ListClaims{Archive: true, ID: "fe3e9337-e9f9-423c-8930-946a8ebef80", Limit: 1, Offset: 7, Product: 5}
			return errors.Join(drop(c.Claims.List(ctx, wildberries.ListClaims{})), drop(c.Claims.List(ctx, q)))
		}, 200, canned(t, "claims.json")},
		{"PATCH /api/v1/claim", func(ctx context.Context, c *wildberries.Client) error {
			return errors.Join(
				c.Claims.Answer(ctx, wildberries.ClaimAnswer{ID: "c-2", Action: wildberries.ActionRefund}),
				c.Claims.Answer(ctx, wildberries.ClaimAnswer{ID: "c-2", Action: wildberries.ActionRejectCustom, Comment: strings.Repeat("ж", 1000)}))
		}, 200, ""},
	}
}

// Every request of every test is held against the official document by newRemote. Here all operations of the document are called on purpose,
// so that none can drop out of that net, and are answered with what the document promises.
func TestEveryOperationKeepsToTheDocument(t *testing.T) {
	t.Parallel()
	router := contract(t)
	if router == nil {
		t.Skip("the official document is not beside the repository: see SELLERDESK_TEST_SPECS")
	}
	missing := operations(t)
	for _, c := range calls(t) {
		delete(missing, c.operation)
		t.Run(c.operation, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, func(w http.ResponseWriter, req *http.Request) {
				input, err := route(router, req)
				if err != nil || req.Method+" "+input.Route.Path != c.operation {
					t.Errorf("%s %s came instead", req.Method, req.URL)
					return
				}
				answerByTheDocument(t, w, input, c)
			})
			if err := c.make(t.Context(), deskClient(t, r)); err != nil {
				t.Error(err)
			}
			if r.arrived.Load() == 0 {
				t.Error("nothing was called")
			}
		})
	}
	for operation := range missing {
		t.Errorf("%s is not called", operation)
	}
}

// answerByTheDocument sends the answer of a call and fails the test when the document would not.
func answerByTheDocument(t testing.TB, w http.ResponseWriter, input *openapi3filter.RequestValidationInput, c call) {
	t.Helper()
	header := http.Header{}
	if c.answer != "" {
		header.Set("Content-Type", "application/json")
		w.Header().Set("Content-Type", "application/json")
	}
	err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: c.status, Header: header,
		Body: io.NopCloser(strings.NewReader(c.answer)), Options: input.Options,
	})
	if err != nil {
		t.Errorf("the answer to %s: %v", c.operation, err)
	}
	w.WriteHeader(c.status)
	_, _ = io.WriteString(w, c.answer)
}

// What a token may not do is refused without a request: by the category of the host, and a read-only token by whether it changes
// something. The document, where it is at hand, says the same of every operation.
func TestCallsAreRefusedByCategoryAndReadOnly(t *testing.T) {
	t.Parallel()
	bits := map[string]int{"feedbacks": feedbackScope, "chat": chatScope, "returns": returnsScope}
	all := chatScope | feedbackScope | returnsScope
	var documented map[string]*openapi3.Operation
	if contract(t) != nil {
		documented = operations(t)
	}
	for _, c := range calls(t) {
		t.Run(c.operation, func(t *testing.T) {
			t.Parallel()
			reads, family := strings.HasPrefix(c.operation, "GET "), "feedbacks"
			switch {
			case strings.Contains(c.operation, "/api/v1/seller/"):
				family = "chat"
			case strings.Contains(c.operation, "/api/v1/claim"):
				family = "returns"
			}
			if o := documented[c.operation]; o != nil && (familyOf(o) != family || o.Extensions["x-readonly-method"] != reads) {
				t.Errorf("the document has %v", o.Extensions)
			}
			r := newRemote(t, replies(c.status, "application/json", c.answer))
			attempt := func(scope int) error {
				token := makeToken(map[string]any{"exp": 4000000000, "s": scope, "sid": sellerUUID, "acc": 3})
				return c.make(t.Context(), clientOf(t, token, r, wildberries.WithLimiter(noLimit{}), wildberries.WithAttempts(1)))
			}
			if err := attempt(all &^ bits[family]); !errors.Is(err, wildberries.ErrMissingCategory) || r.arrived.Load() != 0 {
				t.Errorf("without its category: %v, %d requests", err, r.arrived.Load())
			}
			err := attempt(all | readOnlyScope)
			if reads && err != nil || !reads && (!errors.Is(err, wildberries.ErrReadOnly) || r.arrived.Load() != 0) {
				t.Errorf("with a read-only token: %v, %d requests", err, r.arrived.Load())
			}
		})
	}
}

func TestTheContractCheckSeesABreach(t *testing.T) {
	t.Parallel()
	if contract(t) == nil {
		t.Skip("the official document is not beside the repository: see SELLERDESK_TEST_SPECS")
	}
	form := "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi\r\n--b--\r\n"
	breaches := map[string]*http.Request{
		"a cursor that is no number":   httptest.NewRequest(http.MethodGet, "/chat/api/v1/seller/events?next=soon", nil),
		"a parameter of our own":       httptest.NewRequest(http.MethodGet, "/chat/api/v1/seller/events?after=1", nil),
		"a path of our own":            httptest.NewRequest(http.MethodGet, "/chat/api/v1/seller/history", nil),
		"another method":               httptest.NewRequest(http.MethodPut, "/chat/api/v1/seller/chats", nil),
		"another family":               httptest.NewRequest(http.MethodGet, "/returns/api/v1/seller/chats", nil),
		"a message without signature":  httptest.NewRequest(http.MethodPost, "/chat/api/v1/seller/message", strings.NewReader(form)),
		"a question of another family": httptest.NewRequest(http.MethodGet, "/chat/api/v1/question?id=x", nil),
		"a list without take":          httptest.NewRequest(http.MethodGet, "/feedbacks/api/v1/feedbacks?isAnswered=true&skip=0", nil),
		"claims without archive":       httptest.NewRequest(http.MethodGet, "/returns/api/v1/claims", nil),
		"a ping with a query":          httptest.NewRequest(http.MethodGet, "/chat/ping?x=1", nil),
		"a call without authorization": httptest.NewRequest(http.MethodGet, "/chat/api/v1/seller/chats", nil),
	}
	for name, req := range breaches {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(name, "authorization") {
				req.Header.Set("Authorization", "token")
			}
			var body []byte
			if strings.Contains(name, "signature") {
				req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
				body = []byte(form)
			}
			probe := &recorder{TB: t}
			checkContract(probe, req, body)
			if !probe.failed {
				t.Error("it went through")
			}
		})
	}
}

// recorder takes the place of a test that is expected to fail.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

// The answers that other tests decode are what the document promises, so that decoding them means something: here those that calls does not
// send. events.json differs on purpose: it holds values the document does not know.
func TestCannedAnswersKeepToTheDocument(t *testing.T) {
	t.Parallel()
	router := contract(t)
	if router == nil {
		t.Skip("the official document is not beside the repository: see SELLERDESK_TEST_SPECS")
	}
	for file, target := range map[string]string{"sent_without_a_file.json": "POST /chat/api/v1/seller/message"} {
		method, path, _ := strings.Cut(target, " ")
		input, err := route(router, httptest.NewRequest(method, path, nil))
		if err != nil {
			t.Fatal(err)
		}
		err = openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(bytes.NewReader([]byte(canned(t, file)))), Options: input.Options,
		})
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
