package wildberries_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// ask sends a request with a JSON body after a pause that no limit of this host minds. The host is the first part of the path.
func (b *bench) ask(method, path string, body any) answer {
	b.Helper()
	b.world.Clock().Advance(334 * time.Millisecond)
	var content io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	default:
		raw, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		content = strings.NewReader(string(raw))
	}
	r, err := http.NewRequestWithContext(b.Context(), method, b.server.URL+"/wildberries/"+path, content)
	if err != nil {
		b.Fatal(err)
	}
	if content != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	a, err := b.do(r)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// item is a question or a review, read loosely.
type item struct {
	ID, Text, CreatedDate, State, UserName, MatchingSize, OrderStatus string
	Pros, Cons                                                        string
	ProductValuation                                                  int
	WasViewed, IsWarned, IsAbleReturnProductOrders                    bool
	ReturnProductOrdersDate, ParentFeedbackID, ChildFeedbackID        *string
	Answer                                                            *struct {
		Text, State, CreateDate string
		Editable                bool
	}
	ProductDetails struct{ NmID, ImtID int64 }
	PhotoLinks     []struct{ FullSize, MiniSize string }
	Video          *struct {
		PreviewImage, Link string
		DurationSec        int
	}
	LastOrderShkID int64
}

type listing struct {
	CountUnanswered, CountArchive int
	Questions, Feedbacks          []item
}

func (l listing) items() []item { return append(l.Questions, l.Feedbacks...) }

// read decodes the data of a good answer.
func read[T any](b *bench, path string) T {
	b.Helper()
	a := b.ask(http.MethodGet, path, nil)
	var got struct {
		Data  T
		Error bool
	}
	a.decode(b, &got)
	if a.status != 200 || got.Error {
		b.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	return got.Data
}

func (b *bench) all(what string, answered bool) listing {
	b.Helper()
	return read[listing](b, fmt.Sprintf("feedbacks/api/v1/%s?isAnswered=%v&take=5000&skip=0", what, answered))
}

func (b *bench) one(what, id string) item {
	b.Helper()
	return read[item](b, "feedbacks/api/v1/"+what+"?id="+url.QueryEscape(id))
}

func errorText(t testing.TB, a answer, status int) string {
	t.Helper()
	var p struct {
		Error     bool
		ErrorText string
		RequestID string
	}
	a.decode(t, &p)
	if a.status != status || !p.Error || p.RequestID == "" {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return p.ErrorText
}

func (b *bench) write(kind sandbox.Kind, in sandbox.BuyerMessage) sandbox.Written {
	b.Helper()
	in.API, in.Kind = wildberries.API, kind
	got, err := b.world.BuyerWrites(b.Context(), in)
	if err != nil {
		b.Fatal(err)
	}
	return got
}

func (b *bench) reply(id, text string) answer {
	b.Helper()
	return b.ask(http.MethodPost, "feedbacks/api/v1/feedbacks/answer", map[string]string{"id": id, "text": text})
}

func (b *bench) editReply(id, text string) answer {
	b.Helper()
	return b.ask(http.MethodPatch, "feedbacks/api/v1/feedbacks/answer", map[string]string{"id": id, "text": text})
}

func (b *bench) patch(id, state, text string) answer {
	b.Helper()
	return b.ask(http.MethodPatch, "feedbacks/api/v1/questions", map[string]any{"id": id, "state": state, "answer": map[string]string{"text": text}})
}

func TestListsRefuseABadQueryInTheRemoteSidesWords(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	const wrong = "Something went wrong"
	for path, want := range map[string]string{
		"questions?take=1&skip=0": wrong, "questions?isAnswered=maybe&take=1&skip=0": wrong, "questions?isAnswered=true&skip=0": wrong,
		"questions?isAnswered=true&take=1": wrong, "questions?isAnswered=true&take=10001&skip=0": wrong, "questions?isAnswered=true&take=5000&skip=5001": wrong,
		"questions?isAnswered=true&take=-1&skip=0": wrong, "questions?isAnswered=true&take=a&skip=0": wrong, "questions?isAnswered=true&take=1&skip=0&order=up": wrong,
		"questions?isAnswered=true&take=1&skip=0&dateFrom=now": wrong, "questions?isAnswered=true&take=1&skip=0&nmId=x": wrong,
		"feedbacks?take=1&skip=0": wrong, "feedbacks?isAnswered=true&take=5001&skip=0": wrong, "feedbacks?isAnswered=true&take=1&skip=199991": wrong, "feedbacks?isAnswered=true&skip=0": wrong,
		"feedbacks/archive?take=1": wrong, "feedbacks/archive?skip=1": wrong, "feedbacks/archive?take=5001&skip=0": wrong,
		"questions/count?isAnswered=x": "Плохой формат isAnswered", "feedbacks/count?isAnswered=1": "Плохой формат isAnswered",
		"questions/count?dateFrom=x": "Плохой формат dateFrom", "feedbacks/count?dateTo=2026-11-20": "Плохой формат dateTo", "feedbacks/count?dateFrom=-5": "Плохой формат dateFrom",
	} {
		if got := errorText(t, b.ask(http.MethodGet, "feedbacks/api/v1/"+path, nil), 400); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	for path, want := range map[string]string{
		"question?id=x": "Невозможно получить вопрос по id", "question": "Невозможно получить вопрос по id", "feedback?id=AAAAAAAAAAAAAAAAAAAAAA": "Невозможно получить отзыв по id",
		"feedbacks/archive?take=1&skip=200000": "Не удалось получить архивные отзывы по фильтру",
	} {
		if got := errorText(t, b.ask(http.MethodGet, "feedbacks/api/v1/"+path, nil), 422); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	for _, path := range []string{"questions?isAnswered=true&take=10000&skip=0&dateFrom=", "questions?isAnswered=false&take=0&skip=10000", "feedbacks?isAnswered=true&take=5000&skip=199990"} {
		if a := b.ask(http.MethodGet, "feedbacks/api/v1/"+path, nil); a.status != 200 {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}

func TestListsAreSortedCutAndFiltered(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	oldest := newBench(t, sandbox.Options{}, wildberries.Options{OldestFirst: true})
	for _, what := range []string{"questions", "feedbacks"} {
		all := b.all(what, true).items()
		if !slices.IsSortedFunc(all, func(x, y item) int { return strings.Compare(y.CreatedDate, x.CreatedDate) }) || len(all) < 15 {
			t.Errorf("%s: %d, not from the newest to the oldest", what, len(all))
		}
		asc := read[listing](b, "feedbacks/api/v1/"+what+"?isAnswered=true&take=5000&skip=0&order=dateAsc").items()
		slices.Reverse(asc)
		if diff := cmp.Diff(all, asc); diff != "" {
			t.Errorf("%s by dateAsc: %s", what, diff)
		}
		if got := oldest.all(what, true).items(); got[0].ID != all[len(all)-1].ID {
			t.Errorf("%s: the switch of the order does nothing", what)
		}
		var paged []item
		for skip := 0; skip < len(all); skip += 7 {
			paged = append(paged, read[listing](b, fmt.Sprintf("feedbacks/api/v1/%s?isAnswered=true&take=7&skip=%d&order=dateDesc", what, skip)).items()...)
		}
		if diff := cmp.Diff(all, paged); diff != "" {
			t.Errorf("%s in pages: %s", what, diff)
		}
		nm := all[3].ProductDetails.NmID
		want := slices.DeleteFunc(slices.Clone(all), func(i item) bool { return i.ProductDetails.NmID != nm })
		if diff := cmp.Diff(want, read[listing](b, fmt.Sprintf("feedbacks/api/v1/%s?isAnswered=true&take=5000&skip=0&nmId=%d", what, nm)).items()); diff != "" {
			t.Errorf("%s of a product: %s", what, diff)
		}
	}
}

func TestDatesIncludeTheirSecondUnlessTheSwitchSaysOtherwise(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		b := newBench(t, sandbox.Options{}, wildberries.Options{StrictDates: strict})
		for _, what := range []string{"questions", "feedbacks"} {
			all := b.all(what, true).items()
			at := func(i int) time.Time {
				got, err := time.Parse(time.RFC3339Nano, all[i].CreatedDate)
				if err != nil {
					t.Fatal(err)
				}
				return got
			}
			from, to := at(9), at(4)
			want := slices.DeleteFunc(slices.Clone(all), func(i item) bool {
				when, _ := time.Parse(time.RFC3339Nano, i.CreatedDate)
				low, high := time.Unix(from.Unix(), 0), time.Unix(to.Unix(), 0)
				return when.Before(low) || when.After(high) || strict && (when.Equal(low) || when.Equal(high))
			})
			query := fmt.Sprintf("isAnswered=true&dateFrom=%d&dateTo=%d", from.Unix(), to.Unix())
			if diff := cmp.Diff(want, read[listing](b, "feedbacks/api/v1/"+what+"?take=5000&skip=0&"+query).items()); diff != "" {
				t.Errorf("%s, strict %v: %s", what, strict, diff)
			}
			if got := read[int](b, "feedbacks/api/v1/"+what+"/count?"+query); got != len(want) {
				t.Errorf("%s, strict %v: %d counted, want %d", what, strict, got, len(want))
			}
		}
	}
}

// agree compares every count with the lists.
func (b *bench) agree() {
	b.Helper()
	news := read[struct{ HasNewQuestions, HasNewFeedbacks bool }](b, "feedbacks/api/v1/new-feedbacks-questions")
	for what, fresh := range map[string]bool{"questions": news.HasNewQuestions, "feedbacks": news.HasNewFeedbacks} {
		open, done := b.all(what, false), b.all(what, true)
		if open.CountUnanswered != len(open.items()) || done.CountUnanswered != len(open.items()) || open.CountArchive != len(done.items()) || done.CountArchive != len(done.items()) {
			b.Errorf("%s: lists of %d and %d, counts %d %d and %d %d", what, len(open.items()), len(done.items()), open.CountUnanswered, open.CountArchive, done.CountUnanswered, done.CountArchive)
		}
		if o, d := read[int](b, "feedbacks/api/v1/"+what+"/count?isAnswered=false"), read[int](b, "feedbacks/api/v1/"+what+"/count"); o != len(open.items()) || d != len(done.items()) {
			b.Errorf("%s: counts %d and %d, lists of %d and %d", what, o, d, len(open.items()), len(done.items()))
		}
		counts := read[struct{ CountUnanswered, CountUnansweredToday int }](b, "feedbacks/api/v1/"+what+"/count-unanswered")
		today := 0
		for _, i := range open.items() {
			at, _ := time.Parse(time.RFC3339Nano, i.CreatedDate)
			y, m, d := b.world.Clock().Now().In(time.FixedZone("", 3*3600)).Date()
			if !at.Before(time.Date(y, m, d, 0, 0, 0, 0, time.FixedZone("", 3*3600))) {
				today++
			}
		}
		if counts.CountUnanswered != len(open.items()) || counts.CountUnansweredToday != today {
			b.Errorf("%s: %+v, want %d and %d", what, counts, len(open.items()), today)
		}
		unviewed := slices.ContainsFunc(append(open.items(), done.items()...), func(i item) bool { return !i.WasViewed })
		if fresh != unviewed {
			b.Errorf("%s: new %v, in the lists %v", what, fresh, unviewed)
		}
	}
	archive := read[listing](b, "feedbacks/api/v1/feedbacks/archive?take=5000&skip=0")
	if diff := cmp.Diff(b.all("feedbacks", true).Feedbacks, archive.Feedbacks); diff != "" {
		b.Errorf("the archive is not what was processed: %s", diff)
	}
}

func TestCountsEqualTheListsAfterAnything(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{AnswerModeration: 90 * time.Second})
	dice := rand.New(rand.NewPCG(5, 6))
	var known []string
	for i := range 60 {
		questions, reviews := b.all("questions", dice.IntN(2) == 0).Questions, b.all("feedbacks", dice.IntN(2) == 0).Feedbacks
		for _, list := range [][]item{questions, reviews} {
			if len(list) > 0 {
				known = append(known, list[dice.IntN(len(list))].ID)
			}
		}
		id := known[dice.IntN(len(known))]
		text := []string{"Спасибо!", "Звоните +7 900 123-45-67", "Пишите на shop.ru"}[dice.IntN(3)]
		switch dice.IntN(9) {
		case 0:
			b.reply(id, text)
		case 1:
			b.editReply(id, text)
		case 2:
			b.patch(id, []string{"none", "wbRu"}[dice.IntN(2)], text)
		case 3:
			b.ask(http.MethodPatch, "feedbacks/api/v1/questions", map[string]any{"id": id, "wasViewed": dice.IntN(2) == 0})
		case 4:
			b.world.Clock().Advance(time.Duration(dice.IntN(100)) * time.Hour)
		case 5:
			stars := 1 + dice.IntN(5)
			b.write(sandbox.KindReview, sandbox.BuyerMessage{Rating: &stars, Text: []string{"", "Хорошо"}[dice.IntN(2)]})
		case 6:
			b.write(sandbox.KindQuestion, sandbox.BuyerMessage{Text: "Есть другой цвет?"})
		case 7:
			b.world.Clock().Advance(time.Duration(dice.IntN(100)) * time.Second)
		case 8:
			b.ask(http.MethodPost, "feedbacks/api/v1/feedbacks/order/return", map[string]string{"feedbackId": id})
		}
		if i%4 == 3 {
			b.agree()
		}
	}
}

func TestQuestionIsViewedAnsweredRejectedAndEditedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	id := b.write(sandbox.KindQuestion, sandbox.BuyerMessage{Text: "Есть чёрный?"}).Conversation
	if q := b.one("question", id); q.State != "suppliersPortalSynch" || q.WasViewed || q.Answer != nil || !strings.HasSuffix(q.CreatedDate, "Z") {
		t.Errorf("new: %+v", q)
	}
	if a := b.ask(http.MethodPatch, "feedbacks/api/v1/questions", map[string]any{"id": id, "wasViewed": true}); strings.TrimSpace(string(a.body)) != `{"data":null,"error":false,"errorText":"","additionalErrors":null}` {
		t.Errorf("view: %s", a.body)
	}
	if q := b.one("question", id); !q.WasViewed {
		t.Error("not viewed")
	}
	if a := b.patch(id, "wbRu", "Есть"); a.status != 200 {
		t.Fatalf("answer: %s", a.body)
	}
	if q := b.one("question", id); q.State != "wbRu" || q.Answer == nil || q.Answer.Text != "Есть" || !q.Answer.Editable || q.Answer.CreateDate == "" {
		t.Errorf("answered: %+v %+v", q, q.Answer)
	}
	b.world.Clock().Advance(60*24*time.Hour - time.Minute)
	if a := b.patch(id, "none", "Не по теме"); a.status != 200 {
		t.Fatalf("edit in the last minute: %s", a.body)
	}
	if q := b.one("question", id); q.State != "none" || q.Answer.Text != "Не по теме" || q.Answer.Editable {
		t.Errorf("edited: %+v %+v", q, q.Answer)
	}
	if got := errorText(t, b.patch(id, "wbRu", "Ещё раз"), 422); got != "Не удалось отредактировать вопрос" {
		t.Error(got)
	}
	second := b.write(sandbox.KindQuestion, sandbox.BuyerMessage{Text: "А белый?"}).Conversation
	b.patch(second, "wbRu", "Есть")
	b.world.Clock().Advance(60 * 24 * time.Hour)
	if q := b.one("question", second); q.Answer.Editable {
		t.Error("editable after sixty days")
	}
	errorText(t, b.patch(second, "wbRu", "Нет"), 422)
	if got := errorText(t, b.patch("AAAAAAAAAAAAAAAAAAAAAA", "wbRu", "Нет"), 404); got != "Не найден отзыв" {
		t.Error(got)
	}
	for _, body := range []string{
		"", "{", "[]", `{"id":"` + id + `"}`, `{"wasViewed":true}`, `{"id":"` + id + `","state":"wbRu"}`, `{"id":"` + id + `","answer":{"text":"a"}}`, `{"id":"` + id + `","answer":{},"state":"none"}`,
		`{"id":"` + id + `","answer":{"text":""},"state":"none"}`, `{"id":"` + id + `","answer":{"text":"a"},"state":"new"}`, `{"id":"` + id + `","answer":{"text":"a"},"state":"wbRu","wasViewed":true}`, `{"id":1,"wasViewed":true}`,
	} {
		if got := errorText(t, b.ask(http.MethodPatch, "feedbacks/api/v1/questions", body), 400); got != "Something went wrong" {
			t.Errorf("%s: %q", body, got)
		}
	}
}

func TestReviewAnswerGoesThroughModeration(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{AnswerModeration: time.Minute, RejectedState: "rejectedAntispam"})
	good, bad := b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Отлично"}).Conversation, b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Хорошо"}).Conversation
	for _, a := range []answer{b.reply(good, "Спасибо!"), b.reply(bad, "Звоните: 8 (900) 123-45-67")} {
		if a.status != 204 || len(a.body) != 0 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	for _, id := range []string{good, bad} {
		if r := b.one("feedback", id); r.State != "wbRu" || r.Answer == nil || r.Answer.State != "reviewRequired" || !r.Answer.Editable {
			t.Errorf("in check: %+v %+v", r, r.Answer)
		}
	}
	b.world.Clock().Advance(time.Minute)
	if r := b.one("feedback", good); r.State != "wbRu" || r.Answer.State != "wbRu" {
		t.Errorf("let through: %+v", r.Answer)
	}
	if r := b.one("feedback", bad); r.State != "none" || r.Answer.State != "rejectedAntispam" {
		t.Errorf("turned away: %+v", r.Answer)
	}
	if !slices.ContainsFunc(b.all("feedbacks", false).Feedbacks, func(i item) bool { return i.ID == bad }) {
		t.Error("the review whose answer was turned away does not wait")
	}
	b.reply(bad, "Напишите нам в чат")
	b.world.Clock().Advance(time.Minute)
	if r := b.one("feedback", bad); r.State != "wbRu" || r.Answer.State != "wbRu" || r.Answer.Text != "Напишите нам в чат" {
		t.Errorf("second answer: %+v %+v", r, r.Answer)
	}
	now := newBench(t, sandbox.Options{}, wildberries.Options{AnswerModeration: -1, RejectAnswer: func(text string) bool { return text == "нет" }})
	id := now.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Отлично"}).Conversation
	now.reply(id, "нет")
	if r := now.one("feedback", id); r.Answer.State != "rejected" || r.State != "none" {
		t.Errorf("without a pause: %+v %+v", r, r.Answer)
	}
	now.agree()
}

func TestContactsAreTurnedAwayAndPlainWordsAreNot(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{AnswerModeration: -1})
	for text, want := range map[string]string{
		"Звоните +79001234567": "rejected", "8-900-123-45-67": "rejected", "Смотрите https://example.org/a": "rejected", "наш сайт магазин.рф": "rejected", "t.me/shop": "rejected", "a@b.com": "rejected",
		"Артикул 141046142, размер 44": "wbRu", "Спасибо! Ждём снова.": "wbRu", "Скидка 1000 рублей.Приходите": "wbRu", "8 марта 2026, 100 штук": "wbRu",
	} {
		id := b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Отлично"}).Conversation
		b.reply(id, text)
		if got := b.one("feedback", id).Answer.State; got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestAnswerIsTakenForAnyIDAndEditedOnceInSixtyDays(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	for _, id := range []string{"x", "", "AAAAAAAAAAAAAAAAAAAAAA", strings.Repeat("a", 3000)} {
		for _, a := range []answer{b.reply(id, "Спасибо"), b.editReply(id, "Спасибо")} {
			if a.status != 204 || len(a.body) > 0 {
				t.Errorf("%.20q: %d %s", id, a.status, a.body)
			}
		}
	}
	if got := b.world.State().Received; len(got) != 0 {
		t.Errorf("received %+v", got)
	}
	id := b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Отлично"}).Conversation
	if b.editReply(id, "Правка без ответа"); b.one("feedback", id).Answer != nil {
		t.Error("an edit made an answer")
	}
	b.reply(id, "Первый")
	if b.reply(id, "Второй"); b.one("feedback", id).Answer.Text != "Первый" {
		t.Error("a second answer replaced the first")
	}
	b.editReply(id, "Правка")
	if r := b.one("feedback", id); r.Answer.Text != "Правка" || r.Answer.Editable || r.Answer.State != "reviewRequired" {
		t.Errorf("after the edit: %+v", r.Answer)
	}
	if a := b.editReply(id, "Ещё правка"); a.status != 204 || b.one("feedback", id).Answer.Text != "Правка" {
		t.Errorf("second edit: %d", a.status)
	}
	late := b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Отлично"}).Conversation
	b.reply(late, "Ответ")
	b.world.Clock().Advance(60 * 24 * time.Hour)
	if b.editReply(late, "Поздно"); b.one("feedback", late).Answer.Text != "Ответ" || b.one("feedback", late).Answer.Editable {
		t.Error("edited after sixty days")
	}
	replaces := newBench(t, sandbox.Options{}, wildberries.Options{SecondAnswerReplaces: true})
	id = replaces.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Отлично"}).Conversation
	replaces.reply(id, "Первый")
	if replaces.reply(id, "Второй"); replaces.one("feedback", id).Answer.Text != "Второй" {
		t.Error("the switch does nothing")
	}
}

func TestAnswerBodyIsRefusedInItsOwnWords(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	id := b.all("feedbacks", false).Feedbacks[0].ID
	for _, c := range []struct{ name, kind, body, want string }{
		{"no content type", "", `{}`, "content-type header not specified"},
		{"nonsense", "u/", `{}`, "content-type is not a valid mime-type: u/"},
		{"another type", "application/javascript", `{}`, "not a json content-type: application/javascript"},
		{"no JSON", "application/json", `{"id":`, "Неверный синтаксис JSON"},
		{"two values", "application/json; charset=utf-8", `{}{}`, "Неверный синтаксис JSON"},
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, b.server.URL+"/wildberries/feedbacks/api/v1/feedbacks/answer", strings.NewReader(c.body))
		if c.kind != "" {
			r.Header.Set("Content-Type", c.kind)
		}
		b.world.Clock().Advance(time.Second)
		a, err := b.do(r)
		if err != nil {
			t.Fatal(err)
		}
		var p struct{ Title, Origin, Detail, RequestID string }
		a.decode(t, &p)
		if a.status != 400 || p.Title != "bad request" || p.Origin != "fbapi" || p.Detail != c.want || p.RequestID == "" {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
	}
	for text, want := range map[string]int{"": 400, "a": 400, "aя": 204, strings.Repeat("я", 5000): 204, strings.Repeat("я", 5001): 400} {
		if a := b.reply(id, text); a.status != want {
			t.Errorf("%d characters: %d %s", len([]rune(text)), a.status, a.body)
		}
	}
}

func TestReviewsGoToTheArchiveByTheRule(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	five := 5
	ids := map[string]string{
		"stars only":      b.write(sandbox.KindReview, sandbox.BuyerMessage{Rating: &five}).Conversation,
		"with a photo":    b.write(sandbox.KindReview, sandbox.BuyerMessage{Files: []sandbox.NewPart{{Name: "a.jpg"}}}).Conversation,
		"with a text":     b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Хорошо"}).Conversation,
		"soon answered":   b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Хорошо"}).Conversation,
		"stars then text": b.write(sandbox.KindReview, sandbox.BuyerMessage{Rating: &five}).Conversation,
	}
	b.reply(ids["soon answered"], "Спасибо")
	b.write(sandbox.KindReview, sandbox.BuyerMessage{Conversation: ids["stars then text"], Text: "Дополняю: сломалось"})
	check := func(when string, want map[string]bool) {
		t.Helper()
		archived := b.all("feedbacks", true).Feedbacks
		for name, id := range ids {
			i := b.one("feedback", id)
			got := slices.ContainsFunc(archived, func(a item) bool { return a.ID == id })
			if got != want[name] || (i.State == "wbRu") != got {
				t.Errorf("%s, %s: in the archive %v, state %s", when, name, got, i.State)
			}
		}
	}
	check("at once", map[string]bool{"stars only": true, "soon answered": true})
	b.world.Clock().Advance(30*24*time.Hour - time.Minute)
	check("before thirty days", map[string]bool{"stars only": true, "soon answered": true})
	b.world.Clock().Advance(time.Minute)
	check("after thirty days", map[string]bool{"stars only": true, "soon answered": true, "with a photo": true, "with a text": true, "stars then text": true})
	if i := b.one("feedback", ids["with a text"]); i.Answer != nil {
		t.Error("an answer out of nothing")
	}
	b.agree()
}

func TestGoodsAreAskedBackOnlyWhereTheReviewSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Reviews: 3000}, wildberries.Options{})
	send := func(id string) answer {
		return b.ask(http.MethodPost, "feedbacks/api/v1/feedbacks/order/return", map[string]string{"feedbackId": id})
	}
	worked, unlucky, refused := 0, 0, 0
	for _, i := range b.all("feedbacks", true).Feedbacks {
		if i.ProductValuation > 3 && refused > 3 || worked > 20 && unlucky > 0 {
			continue
		}
		switch a := send(i.ID); {
		case a.status == 200:
			worked++
			after := b.one("feedback", i.ID)
			if !i.IsAbleReturnProductOrders || after.IsAbleReturnProductOrders || after.ReturnProductOrdersDate == nil || *after.ReturnProductOrdersDate == "" {
				t.Errorf("%+v", after)
			}
			if got := errorText(t, send(i.ID), 422); got != "Запрос на возврат покупок недоступен" {
				t.Error(got)
			}
		case errorText(t, a, 422) == "Не удалось выполнить запрос на возврат покупок":
			unlucky++
		default:
			refused++
			if i.IsAbleReturnProductOrders {
				t.Errorf("refused though allowed: %s", a.body)
			}
		}
	}
	if worked == 0 || unlucky == 0 || refused == 0 {
		t.Errorf("%d worked, %d did not, %d were refused", worked, unlucky, refused)
	}
	for body, want := range map[string]string{
		"{": "failed to decode JSON request.", "{}": "Неправильный id в запросе", `{"feedbackId":"x"}`: "Неправильный id в запросе", `{"feedbackId":"AAAAAAAAAAAAAAAAAAAAAA"}`: "Не удалось получить отзыв",
	} {
		if got := errorText(t, b.ask(http.MethodPost, "feedbacks/api/v1/feedbacks/order/return", body), 400); got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
}

func TestReviewFieldsAreOfTheKnownValues(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Reviews: 6000}, wildberries.Options{})
	seen, big := map[string]int{}, 0
	for _, i := range b.all("feedbacks", true).Feedbacks {
		seen["status "+i.OrderStatus]++
		seen["size "+i.MatchingSize]++
		seen[fmt.Sprint("stars ", i.ProductValuation)]++
		if i.LastOrderShkID > 1<<32 {
			big++
		}
		if i.UserName == "" {
			seen["no name"]++
		}
		if i.Text == "" && i.Pros != "" {
			seen["pros alone"]++
		}
		if i.ReturnProductOrdersDate != nil && *i.ReturnProductOrdersDate == "" {
			seen["empty date"]++
		}
		if i.ParentFeedbackID != nil {
			seen["supplement"]++
			if p := b.one("feedback", *i.ParentFeedbackID); p.ChildFeedbackID == nil || *p.ChildFeedbackID != i.ID {
				t.Errorf("pair %+v", p)
			}
		}
		if i.Video != nil {
			seen["video"]++
		}
		if !strings.HasSuffix(i.CreatedDate, "+03:00") {
			t.Errorf("created %s", i.CreatedDate)
		}
	}
	for _, what := range []string{
		"status buyout", "status rejected", "status returned", "status notSpecified", "size ", "size ok", "size smaller", "size bigger", "no name", "pros alone", "empty date", "supplement", "video",
		"stars 1", "stars 2", "stars 3", "stars 4", "stars 5",
	} {
		if seen[what] == 0 {
			t.Errorf("no review with %q", what)
		}
	}
	if big == 0 {
		t.Error("every lastOrderShkId fits into 32 bits")
	}
}

func TestMediaLinksGiveWhatTheyPromiseUntilTheyExpire(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Reviews: 3000}, wildberries.Options{})
	fetch := func(link string) (int, string, []byte) {
		t.Helper()
		got, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		raw, _ := io.ReadAll(got.Body)
		return got.StatusCode, got.Header.Get("Content-Type"), raw
	}
	photos, videos := 0, 0
	var last string
	for _, i := range b.all("feedbacks", true).Feedbacks {
		for _, p := range i.PhotoLinks {
			if photos++; photos > 6 {
				break
			}
			for _, link := range []string{p.FullSize, p.MiniSize} {
				last = link
				if status, kind, raw := fetch(link); status != 200 || kind != http.DetectContentType(raw) || !strings.HasPrefix(kind, "image/") || !strings.HasSuffix(link, ".webp") {
					t.Errorf("%s: %d %s", link, status, kind)
				}
			}
		}
		if i.Video == nil || videos > 2 {
			continue
		}
		videos++
		if status, kind, raw := fetch(i.Video.PreviewImage); status != 200 || kind != "image/png" || http.DetectContentType(raw) != kind {
			t.Errorf("preview: %d %s", status, kind)
		}
		status, kind, raw := fetch(i.Video.Link)
		if status != 200 || kind != "application/vnd.apple.mpegurl" || !strings.HasPrefix(string(raw), "#EXTM3U\n") || !strings.HasSuffix(string(raw), "#EXT-X-ENDLIST\n") || i.Video.DurationSec < 1 {
			t.Errorf("playlist: %d %s %s", status, kind, raw)
		}
		if status, kind, raw := fetch(strings.Replace(i.Video.Link, "index.m3u8", "000.ts", 1)); status != 200 || kind != "video/mp2t" || len(raw)%188 != 0 || raw[0] != 0x47 {
			t.Errorf("segment: %d %s", status, kind)
		}
	}
	if photos == 0 || videos == 0 {
		t.Fatalf("%d photos, %d videos", photos, videos)
	}
	b.faults(sandbox.Fault{Operation: "*", Effect: sandbox.EffectExpireLink})
	if status, _, _ := fetch(last); status != 404 {
		t.Errorf("an expired link: %d", status)
	}
}

func TestOneBucketServesQuestionsReviewsAndPins(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	paths := []string{"api/v1/questions/count", "api/v1/feedbacks/count", "api/feedbacks/v1/pins", "api/v1/new-feedbacks-questions", "api/v1/feedback?id=x", "api/feedbacks/v1/pins/limits"}
	for _, path := range paths {
		if a := b.get("/wildberries/feedbacks/" + path); a.status == 429 {
			t.Errorf("%s: too early", path)
		}
	}
	for _, path := range paths {
		if a := b.get("/wildberries/feedbacks/" + path); a.status != 429 || a.header.Get("X-Ratelimit-Limit") != "6" || a.header.Get("X-Ratelimit-Retry") != "1" || a.header.Get("X-Ratelimit-Reset") != "2" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
	}
	if a := b.get("/wildberries/returns/api/v1/claims?is_archive=false"); a.status != 200 {
		t.Errorf("another host: %d", a.status)
	}
	if got := b.world.State().Violations["wildberries"]; got != len(paths) {
		t.Errorf("%d violations", got)
	}
}

func TestRatingIsForServicesOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	const path = "/wildberries/feedbacks/api/common/v1/rating"
	if got := detail(t, b.get(path), 403); got != "base token is not allowed" {
		t.Error(got)
	}
	service := wildberries.Token(b.account, wildberries.TokenOptions{Kind: wildberries.Service})
	var got struct {
		Data struct {
			FeedbackCount int
			Valuation     float64
		}
	}
	b.with(service, path).decode(t, &got)
	if got.Data.FeedbackCount != 72 || got.Data.Valuation < 3 || got.Data.Valuation > 5 {
		t.Errorf("%+v", got)
	}
	if a := b.with(service, path); a.status != 429 {
		t.Errorf("a second one in a minute: %d", a.status)
	}
}

func TestRightsOfAHostAreJudged(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	chat := wildberries.Token(b.account, wildberries.TokenOptions{Categories: []int{wildberries.CategoryChat}})
	for _, path := range []string{"feedbacks/api/v1/questions/count", "feedbacks/api/feedbacks/v1/pins", "returns/api/v1/claims?is_archive=true"} {
		if got := detail(t, b.with(chat, "/wildberries/"+path), 401); got != "token scope not allowed" {
			t.Errorf("%s: %s", path, got)
		}
	}
	b.token = wildberries.Token(b.account, wildberries.TokenOptions{ReadOnly: true})
	for _, c := range [][2]string{
		{"PATCH", "feedbacks/api/v1/questions"}, {"POST", "feedbacks/api/v1/feedbacks/answer"}, {"PATCH", "feedbacks/api/v1/feedbacks/answer"}, {"POST", "feedbacks/api/v1/feedbacks/order/return"},
		{"POST", "feedbacks/api/feedbacks/v1/pins"}, {"DELETE", "feedbacks/api/feedbacks/v1/pins"}, {"PATCH", "returns/api/v1/claim"},
	} {
		detail(t, b.ask(c[0], c[1], "{}"), 403)
	}
	if b.all("questions", true); b.Failed() {
		t.Error("a read-only token may not read")
	}
	forbidden := newBench(t, sandbox.Options{}, wildberries.Options{ForbidFeedbacks: true})
	if got := errorText(t, forbidden.ask(http.MethodGet, "feedbacks/api/v1/questions/count", nil), 403); got != "Ошибка авторизации" {
		t.Error(got)
	}
	unpaid := newBench(t, sandbox.Options{}, wildberries.Options{Unpaid: true})
	var p struct{ Title string }
	a := unpaid.with(wildberries.Token(unpaid.account, wildberries.TokenOptions{Kind: wildberries.Service}), "/wildberries/feedbacks/api/v1/questions/count")
	if a.decode(t, &p); a.status != 402 || p.Title != "payment required" {
		t.Errorf("unpaid: %d %s", a.status, a.body)
	}
}

func TestReceivedAndDuplicatesCountAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	review := b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Отлично"}).Conversation
	question := b.write(sandbox.KindQuestion, sandbox.BuyerMessage{Text: "Есть?"}).Conversation
	for i, step := range []struct {
		do                   func() answer
		received, duplicates int
	}{
		{func() answer { return b.reply(review, "Спасибо") }, 1, 0},
		{func() answer { return b.reply(review, "Спасибо") }, 1, 1},
		{func() answer { return b.reply(review, "Иначе") }, 1, 1},
		{func() answer { return b.patch(question, "wbRu", "Да") }, 2, 1},
		{func() answer { return b.patch(question, "wbRu", "Да") }, 3, 2},
		{func() answer { return b.patch(question, "wbRu", "Нет") }, 3, 2},
		{func() answer { b.world.Clock().Advance(11 * time.Minute); return b.reply(review, "Спасибо") }, 3, 2},
	} {
		step.do()
		if s := b.world.State(); len(s.Received) != step.received || s.Duplicates != step.duplicates {
			t.Errorf("step %d: %d received, %d duplicates", i, len(s.Received), s.Duplicates)
		}
	}
	got := b.world.State().Received
	if got[0].Kind != sandbox.KindReview || got[0].Conversation != review || got[0].Text != "Спасибо" || got[1].Kind != sandbox.KindQuestion || got[1].Conversation != question {
		t.Errorf("%+v", got)
	}
}

func TestFaultsDoubleAndDisorderLists(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	want := b.all("questions", true).Questions
	b.faults(sandbox.Fault{Operation: "GET /api/v1/questions", Effect: sandbox.EffectDuplicate}, sandbox.Fault{Operation: "GET /api/v1/questions", Effect: sandbox.EffectReorder})
	got := b.all("questions", true).Questions
	if len(got) != 2*len(want) || got[0].ID != want[len(want)-1].ID || got[1].ID != got[0].ID {
		t.Errorf("%d of %d", len(got), len(want))
	}
}
