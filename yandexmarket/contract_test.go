package yandexmarket_test

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

	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
	"github.com/sellerdesk/sellerdesk/yandexmarket"
)

// outOfScope are operations of the document that say nothing to buyers: a
// report made for spreadsheets, and reviews of goods that others sell.
var outOfScope = []string{"POST /v2/reports/goods-feedback/generate", "POST /v1/businesses/{businessId}/goods-feedback-advertiser"}

// operations returns those of the document by "METHOD /path".
func operations(t testing.TB) map[string]*openapi3.Operation {
	t.Helper()
	doc := opened(t, communication)
	if doc == nil {
		t.Skip("the official document is not beside the repository: see SELLERDESK_TEST_SPECS")
	}
	all := map[string]*openapi3.Operation{}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			if name := method + " " + path; !slices.Contains(outOfScope, name) {
				all[name] = operation
			}
		}
	}
	return all
}

// drop forgets a result: these tables look at errors only.
func drop[T any](_ T, err error) error { return err }

// scene is what the calls of the table speak about.
type scene struct {
	*market
	chat, message, review, question, order, refund int64
}

func newScene(t testing.TB) *scene {
	t.Helper()
	s := &scene{market: newMarket(t, emulator.Options{Moderation: -1})}
	s.chat, s.message = s.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "Где заказ?", Files: []sandbox.NewPart{{Name: "a.jpg"}}})
	s.review, _ = s.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Text: "Плохо", Files: []sandbox.NewPart{{Name: "a.jpg"}}})
	s.question, _ = s.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Text: "Есть размер 44?"})
	for _, o := range s.world.State().Orders {
		switch {
		case o.API != emulator.API || o.Account != s.account.Name:
		case o.Return != nil:
			s.refund = number(t, *o.Return)
		default:
			s.order = number(t, o.Order)
		}
	}
	return s
}

type contractCall struct {
	operation string
	make      func(context.Context, *scene, *yandexmarket.Client) error
}

// contractCalls has every operation with nothing and with everything it can carry.
func contractCalls() []contractCall {
	return slices.Concat(cabinetCalls(), chatCalls(), reviewCalls(), questionCalls())
}

func cabinetCalls() []contractCall {
	return []contractCall{
		{"GET /v2/campaigns", func(ctx context.Context, _ *scene, c *yandexmarket.Client) error {
			first, err := c.Campaigns.List(ctx, yandexmarket.ListCampaigns{Limit: 1})
			return errors.Join(err, drop(c.Campaigns.List(ctx, yandexmarket.ListCampaigns{})), drop(c.Campaigns.List(ctx, yandexmarket.ListCampaigns{Limit: 1, Page: first.Next})))
		}},
		{"GET /v2/campaigns/{campaignId}", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return drop(c.Campaigns.Get(ctx, emulator.Campaigns(s.account)[1]))
		}},
		{"POST /v2/businesses/{businessId}/settings", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return drop(c.Business.Settings(ctx, s.business))
		}},
		{"POST /v2/auth/token", func(ctx context.Context, _ *scene, c *yandexmarket.Client) error { return drop(c.Auth.Token(ctx)) }},
	}
}

func chatCalls() []contractCall {
	full := yandexmarket.ListChats{
		Contexts:     []yandexmarket.ChatSubject{{Type: yandexmarket.ContextOrder, ID: 5}, {Type: yandexmarket.ContextReturn, ID: 1 << 40}},
		ContextTypes: []yandexmarket.ContextType{yandexmarket.ContextOrder, yandexmarket.ContextReturn, yandexmarket.ContextDirect},
		Types:        []yandexmarket.ChatType{yandexmarket.TypeChat, yandexmarket.TypeArbitrage},
		Statuses: []yandexmarket.ChatStatus{
			yandexmarket.StatusNew, yandexmarket.StatusWaitingForCustomer, yandexmarket.StatusWaitingForPartner, yandexmarket.StatusWaitingForArbiter,
			yandexmarket.StatusWaitingForMarket, yandexmarket.StatusFinished,
		},
		Limit: 20,
	}
	return []contractCall{
		{"POST /v2/businesses/{businessId}/chats", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			first, err := c.Chats.List(ctx, s.business, yandexmarket.ListChats{Limit: 1})
			return errors.Join(err, drop(c.Chats.List(ctx, s.business, yandexmarket.ListChats{})), drop(c.Chats.List(ctx, s.business, full)),
				drop(c.Chats.List(ctx, s.business, yandexmarket.ListChats{Limit: 1, Page: first.Next})))
		}},
		{"GET /v2/businesses/{businessId}/chat", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return drop(c.Chats.Get(ctx, s.business, s.chat))
		}},
		{"POST /v2/businesses/{businessId}/chats/new", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return errors.Join(
				drop(c.Chats.Create(ctx, s.business, yandexmarket.ChatSubject{Type: yandexmarket.ContextOrder, ID: s.order})),
				drop(c.Chats.Create(ctx, s.business, yandexmarket.ChatSubject{Type: yandexmarket.ContextReturn, ID: s.refund})))
		}},
		{"POST /v2/businesses/{businessId}/chats/history", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return errors.Join(
				drop(c.Chats.History(ctx, s.business, s.chat, yandexmarket.ListMessages{})),
				drop(c.Chats.History(ctx, s.business, s.chat, yandexmarket.ListMessages{From: s.message, Limit: 100})))
		}},
		{"GET /v2/businesses/{businessId}/chats/message", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return drop(c.Chats.Message(ctx, s.business, s.chat, s.message))
		}},
		{"POST /v2/businesses/{businessId}/chats/message", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return errors.Join(c.Chats.Send(ctx, s.business, s.chat, "<да> & \"нет\""), c.Chats.Send(ctx, s.business, s.chat, strings.Repeat("ж", 4096)))
		}},
		{"POST /v2/businesses/{businessId}/chats/file/send", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			content := append([]byte("%PDF-1.4\n"), make([]byte, 100)...)
			return c.Chats.SendFile(ctx, s.business, s.chat, yandexmarket.Upload{Name: "чек \"1\".pdf", Size: int64(len(content)), Content: bytes.NewReader(content)})
		}},
	}
}

func reviewCalls() []contractCall {
	paid := true
	return []contractCall{
		{"POST /v2/businesses/{businessId}/goods-feedback", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			q := yandexmarket.ListReviews{
				From: start.AddDate(0, -5, 0), To: start, Reaction: yandexmarket.ReactionNeeded, Ratings: []int{1, 5}, OfferIDs: []string{"a-1"}, Paid: &paid, Limit: 50,
			}
			return errors.Join(
				drop(c.Reviews.List(ctx, s.business, yandexmarket.ListReviews{})), drop(c.Reviews.List(ctx, s.business, q)),
				drop(c.Reviews.List(ctx, s.business, yandexmarket.ListReviews{IDs: []int64{s.review}})))
		}},
		{"POST /v2/businesses/{businessId}/goods-feedback/comments", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return errors.Join(
				drop(c.Reviews.Comments(ctx, s.business, yandexmarket.ListComments{ReviewID: s.review, Limit: 50})),
				drop(c.Reviews.Comments(ctx, s.business, yandexmarket.ListComments{IDs: []int64{5, 6}})))
		}},
		{"POST /v2/businesses/{businessId}/goods-feedback/comments/update", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			made, err := c.Reviews.Comment(ctx, s.business, yandexmarket.NewComment{ReviewID: s.review, Text: "Жаль"})
			under, err2 := c.Reviews.Comment(ctx, s.business, yandexmarket.NewComment{ReviewID: s.review, ParentID: made.ID, Text: "Очень"})
			changed, err3 := c.Reviews.Comment(ctx, s.business, yandexmarket.NewComment{ReviewID: s.review, ID: made.ID, Text: "Жаль!"})
			if under.ParentID != made.ID || changed.ID != made.ID || changed.Text != "Жаль!" || made.ReviewID != s.review || !made.CanModify {
				s.Errorf("comments %+v, %+v, %+v", made, under, changed)
			}
			return errors.Join(err, err2, err3)
		}},
		{"POST /v2/businesses/{businessId}/goods-feedback/comments/delete", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			made, err := c.Reviews.Comment(ctx, s.business, yandexmarket.NewComment{ReviewID: s.review, Text: "Нет"})
			return errors.Join(err, c.Reviews.DeleteComment(ctx, s.business, made.ID))
		}},
		{"POST /v2/businesses/{businessId}/goods-feedback/skip-reaction", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return c.Reviews.SkipReaction(ctx, s.business, s.review)
		}},
	}
}

func questionCalls() []contractCall {
	return []contractCall{
		{"POST /v1/businesses/{businessId}/goods-questions", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			q := yandexmarket.ListQuestions{
				CategoryIDs: []int64{90_001}, From: start.AddDate(0, 0, -20), To: start, NeedAnswer: true, Sort: yandexmarket.OldestQuestionsFirst, Limit: 50,
			}
			return errors.Join(
				drop(c.Questions.List(ctx, s.business, yandexmarket.ListQuestions{})), drop(c.Questions.List(ctx, s.business, q)),
				drop(c.Questions.List(ctx, s.business, yandexmarket.ListQuestions{IDs: []int64{s.question}, Sort: yandexmarket.NewestQuestionsFirst})))
		}},
		{"POST /v1/businesses/{businessId}/goods-questions/answers", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			return errors.Join(
				drop(c.Questions.Answers(ctx, s.business, yandexmarket.ListAnswers{QuestionID: s.question, Limit: 50})),
				drop(c.Questions.Answers(ctx, s.business, yandexmarket.ListAnswers{IDs: []int64{5}})))
		}},
		{"POST /v1/businesses/{businessId}/goods-questions/update", func(ctx context.Context, s *scene, c *yandexmarket.Client) error {
			made, err := c.Questions.Create(ctx, s.business, yandexmarket.Entity{ID: s.question, Type: yandexmarket.EntityQuestion}, "Есть")
			comment, err2 := c.Questions.Create(ctx, s.business, made, strings.Repeat("ж", 5000))
			if made.Type != yandexmarket.EntityAnswer || comment.Type != yandexmarket.EntityComment {
				s.Errorf("made %+v and %+v", made, comment)
			}
			return errors.Join(err, err2, c.Questions.Update(ctx, s.business, made, "Есть, 44 тоже"), c.Questions.Delete(ctx, s.business, comment),
				c.Questions.Delete(ctx, s.business, made))
		}},
	}
}

// Every request of every test against the emulator is held against the official
// document, and so is its answer. Here all operations are called on purpose, so
// that none can drop out of that net.
func TestEveryOperationKeepsToTheDocument(t *testing.T) {
	t.Parallel()
	missing := operations(t)
	if len(missing) != 19 {
		t.Errorf("the document has %d operations about buyers, 19 are known", len(missing))
	}
	for _, c := range contractCalls() {
		delete(missing, c.operation)
		t.Run(c.operation, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			if err := c.make(t.Context(), s, s.client()); err != nil {
				t.Error(err)
			}
			if s.called[c.operation] == 0 {
				t.Errorf("it was not called, but %v", s.called)
			}
		})
	}
	for operation := range missing {
		t.Errorf("%s is not called", operation)
	}
}

// Quotas come from the document, where it has them.
func TestQuotasAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	documented := operations(t)
	tiers := map[yandexmarket.Tier]string{yandexmarket.TierNone: "none", yandexmarket.TierLight: "none", yandexmarket.TierMedium: "medium"}
	for _, c := range contractCalls() {
		t.Run(c.operation, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			spy := &spyLimiter{buckets: map[string]bool{}}
			if err := c.make(t.Context(), s, s.client(yandexmarket.WithLimiter(spy))); err != nil {
				t.Error(err)
			}
			for tier, column := range tiers {
				config, _ := documented[c.operation].Extensions["x-resource-limit-config"].(map[string]any)
				row, _ := config[column].(map[string]any)
				hours, _ := row["period-duration"].(float64)
				amount, _ := row["amount"].(float64)
				if row["period"] != "hours" || hours != 1 {
					t.Fatalf("the document has %v", config)
				}
				for _, q := range yandexmarket.Quotas(tier) {
					// Other methods of the same table prepare what this one needs.
					if q.Bucket == bucketOf(c.operation) && float64(q.PerHour) != amount {
						t.Errorf("%s: %d an hour for %s, the document has %v", q.Bucket, q.PerHour, tier, amount)
					}
				}
			}
			if !spy.buckets[bucketOf(c.operation)] {
				t.Errorf("it was counted in %v", spy.buckets)
			}
		})
	}
}

// bucketOf names the quota of an operation.
func bucketOf(operation string) string {
	return map[string]string{
		"GET /v2/campaigns":                                               yandexmarket.BucketCampaigns,
		"GET /v2/campaigns/{campaignId}":                                  yandexmarket.BucketCampaign,
		"POST /v2/businesses/{businessId}/settings":                       yandexmarket.BucketSettings,
		"POST /v2/auth/token":                                             yandexmarket.BucketToken,
		"POST /v2/businesses/{businessId}/chats":                          yandexmarket.BucketChats,
		"GET /v2/businesses/{businessId}/chat":                            yandexmarket.BucketChat,
		"POST /v2/businesses/{businessId}/chats/new":                      yandexmarket.BucketChatNew,
		"POST /v2/businesses/{businessId}/chats/history":                  yandexmarket.BucketChatHistory,
		"GET /v2/businesses/{businessId}/chats/message":                   yandexmarket.BucketChatMessage,
		"POST /v2/businesses/{businessId}/chats/message":                  yandexmarket.BucketChatSend,
		"POST /v2/businesses/{businessId}/chats/file/send":                yandexmarket.BucketChatFile,
		"POST /v2/businesses/{businessId}/goods-feedback":                 yandexmarket.BucketReviews,
		"POST /v2/businesses/{businessId}/goods-feedback/comments":        yandexmarket.BucketComments,
		"POST /v2/businesses/{businessId}/goods-feedback/comments/update": yandexmarket.BucketCommentUpdate,
		"POST /v2/businesses/{businessId}/goods-feedback/comments/delete": yandexmarket.BucketCommentDelete,
		"POST /v2/businesses/{businessId}/goods-feedback/skip-reaction":   yandexmarket.BucketReviewSkip,
		"POST /v1/businesses/{businessId}/goods-questions":                yandexmarket.BucketQuestions,
		"POST /v1/businesses/{businessId}/goods-questions/answers":        yandexmarket.BucketAnswers,
		"POST /v1/businesses/{businessId}/goods-questions/update":         yandexmarket.BucketQuestionUpdate,
	}[operation]
}

// spyLimiter notes which quotas are asked for.
type spyLimiter struct {
	noLimit
	buckets map[string]bool // the calls of the table come one after the other
}

func (s *spyLimiter) Wait(_ context.Context, bucket string) error {
	s.buckets[bucket] = true
	return nil
}

func TestTheContractCheckSeesABreach(t *testing.T) {
	t.Parallel()
	router := document(t, communication)
	if router == nil {
		t.Skip("the official document is not beside the repository: see SELLERDESK_TEST_SPECS")
	}
	const chats, good = "/v2/businesses/5/chats", `{"status":"OK","result":{"chats":[]}}`
	breaches := []struct{ name, method, target, body, answer string }{
		{"a path of our own", "POST", "/v2/businesses/5/talks", "{}", good},
		{"another method", "PUT", chats, "{}", good},
		{"a parameter of our own", "POST", chats + "?after=1", "{}", good},
		{"a limit that is too large", "POST", chats + "?limit=21", "{}", good},
		{"an empty filter", "POST", chats, `{"statuses":[]}`, good},
		{"a type that is unknown", "POST", chats, `{"contextTypes":["OTHER"]}`, good},
		{"a list without its body", "POST", chats, "", good},
		{"a history without its chat", "POST", chats + "/history", "{}", `{"status":"OK","result":{"context":{"type":"ORDER"},"messages":[]}}`},
		{"an answer without its result", "POST", chats, "{}", `{"status":"OK","result":{}}`},
		{"a chat without a status", "POST", chats, "{}", `{"status":"OK","result":{"chats":[{"chatId":1}]}}`},
	}
	for _, b := range breaches {
		t.Run(b.name, func(t *testing.T) {
			req := httptest.NewRequest(b.method, b.target, nil)
			req.Header.Set("Api-Key", "x")
			if b.body != "" {
				req.Header.Set("Content-Type", "application/json")
			}
			resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}}
			probe := &recorder{TB: t}
			checkExchange(probe, router, req, []byte(b.body), resp, []byte(b.answer))
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

// What the emulator has is read to its end, and every line of it keeps to the
// document; twice the same is given once.
func TestAWholeCabinetIsRead(t *testing.T) {
	t.Parallel()
	m := newMarket(t, emulator.Options{})
	c, ctx := m.client(), t.Context()
	m.fault(sandbox.Fault{Operation: "*", Effect: sandbox.EffectDuplicate})
	chats, lines := map[int64]bool{}, 0
	for chat, err := range c.Chats.All(ctx, m.business, yandexmarket.ListChats{}) {
		if err != nil {
			t.Fatal(err)
		}
		if chats[chat.ID] || chat.ID < 1<<32 || chat.CreatedAt.IsZero() || chat.UpdatedAt.Before(chat.CreatedAt.Time) || chat.Status == "" {
			t.Errorf("chat %+v", chat)
		}
		chats[chat.ID] = true
		var last int64
		for line, err := range c.Chats.Since(ctx, m.business, chat.ID, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if line.ID <= last || line.Sender == "" || line.CreatedAt.IsZero() {
				t.Errorf("line %+v after %d", line, last)
			}
			last = line.ID
			lines++
		}
	}
	if want := m.world.State().Conversations[emulator.API]["chat"] / 2; len(chats) < want/2 || lines < len(chats) {
		t.Errorf("%d chats with %d lines, the world has %d", len(chats), lines, want)
	}
	reviews, err := collect(c.Reviews.All(ctx, m.business, yandexmarket.ListReviews{}))
	if err != nil || len(reviews) == 0 || reviews[0].Statistics.Rating < 1 {
		t.Errorf("%d reviews, %v", len(reviews), err)
	}
	for _, r := range reviews {
		for comment, err := range c.Reviews.AllComments(ctx, m.business, yandexmarket.ListComments{ReviewID: r.ID}) {
			if err != nil || comment.ReviewID != r.ID || comment.Author == nil {
				t.Errorf("%+v, %v", comment, err)
			}
		}
	}
	questions, err := collect(c.Questions.All(ctx, m.business, yandexmarket.ListQuestions{}))
	if err != nil || len(questions) == 0 || questions[0].BusinessID != m.business {
		t.Errorf("%d questions, %v", len(questions), err)
	}
	for _, q := range questions {
		for a, err := range c.Questions.AllAnswers(ctx, m.business, yandexmarket.ListAnswers{QuestionID: q.Identifiers.ID}) {
			if err != nil || a.QuestionID != q.Identifiers.ID {
				t.Errorf("%+v, %v", a, err)
			}
		}
	}
	shops, err := collect(c.Campaigns.All(ctx, yandexmarket.ListCampaigns{}))
	if err != nil || len(shops) < 2 || shops[0].Business.ID != m.business || shops[0].APIAvailability != yandexmarket.APIAvailable {
		t.Errorf("%+v, %v", shops, err)
	}
}

func collect[T any](items func(func(T, error) bool)) ([]T, error) {
	var all []T
	for item, err := range items {
		if err != nil {
			return all, err
		}
		all = append(all, item)
	}
	return all, nil
}

// What stands in a chat arrives: words of both sides, files with bytes that the
// key of the cabinet opens, stickers.
func TestAChatThereAndBack(t *testing.T) {
	t.Parallel()
	m := newMarket(t, emulator.Options{})
	c, ctx := m.client(), t.Context()
	chat, first := m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "Где заказ?", Files: []sandbox.NewPart{{Name: "a.jpg"}}})
	if err := c.Chats.Send(ctx, m.business, chat, "В пути"); err != nil {
		t.Fatal(err)
	}
	paper := []byte("%PDF-1.4\nчек")
	err := c.Chats.SendFile(ctx, m.business, chat, yandexmarket.Upload{Name: "чек.pdf", Type: "application/pdf", Size: int64(len(paper)), Content: bytes.NewReader(paper)})
	if err != nil {
		t.Fatal(err)
	}
	m.control("yandexmarket/chat", `{"conversation":"`+decimal(chat)+`","do":"sticker"}`)
	lines, err := collect(c.Chats.Since(ctx, m.business, chat, first))
	if err != nil || len(lines) != 3 || lines[0].Text != "В пути" || lines[0].Sender != yandexmarket.SenderPartner ||
		len(lines[1].Files) != 1 || lines[2].Sender != yandexmarket.SenderCustomer || lines[2].Text != "" || lines[2].Files != nil {
		t.Fatalf("%+v, %v", lines, err)
	}
	one, err := c.Chats.Message(ctx, m.business, chat, first)
	if err != nil || len(one.Files) != 1 || one.Files[0].Name != "a.jpg" || !strings.HasPrefix(one.Files[0].URL, "https://files.messenger.yandex.net/") {
		t.Fatalf("%+v, %v", one, err)
	}
	file, err := c.Chats.Download(ctx, one.Files[0].URL)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	content, err := io.ReadAll(file.Body)
	if err != nil || int64(len(content)) != one.Files[0].Size || file.Size != one.Files[0].Size || file.Name != "a.jpg" || file.ContentType != "image/jpeg" {
		t.Errorf("%d bytes of %+v, %v", len(content), file, err)
	}
	m.world.Clock().Advance(48 * time.Hour)
	if _, err := c.Chats.Download(ctx, one.Files[0].URL); !errors.Is(err, yandexmarket.ErrNotFound) {
		t.Errorf("a link that has ended: %v", err)
	}
}
