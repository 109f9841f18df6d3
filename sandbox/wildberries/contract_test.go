package wildberries_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// operations are all of the official document, with the statuses that the test below makes each answer.
var operations = []string{
	"GET /api/v1/new-feedbacks-questions 200", "GET /api/v1/questions/count-unanswered 200", "GET /api/v1/questions/count 200 400", "GET /api/v1/questions 200 400",
	"PATCH /api/v1/questions 200 400 404 422", "GET /api/v1/question 200 422", "GET /api/v1/feedbacks/count-unanswered 200", "GET /api/v1/feedbacks/count 200 400",
	"GET /api/v1/feedbacks 200 400", "POST /api/v1/feedbacks/answer 204 400", "PATCH /api/v1/feedbacks/answer 204", "POST /api/v1/feedbacks/order/return 200 400 422",
	"GET /api/v1/feedback 200 422", "GET /api/v1/feedbacks/archive 200 400 422", "GET /api/feedbacks/v1/pins 200 400", "POST /api/feedbacks/v1/pins 200 400",
	"DELETE /api/feedbacks/v1/pins 200 400", "GET /api/feedbacks/v1/pins/count 200 400", "GET /api/feedbacks/v1/pins/limits 200",
	"GET /api/v1/seller/chats 200", "GET /api/v1/seller/events 200 400", "POST /api/v1/seller/message 200 400", "GET /api/v1/seller/download/{id} 200 202 400 451",
	"GET /api/v1/claims 200 400", "PATCH /api/v1/claim 200 400",
}

// steps are requests that together make every operation answer in all its ways; {...} are filled in.
var steps = []struct{ method, path, body string }{
	{"GET", "feedbacks/api/v1/new-feedbacks-questions", ""},
	{"GET", "feedbacks/api/v1/questions/count-unanswered", ""}, {"GET", "feedbacks/api/v1/feedbacks/count-unanswered", ""},
	{"GET", "feedbacks/api/v1/questions/count", ""}, {"GET", "feedbacks/api/v1/questions/count?isAnswered=x", ""},
	{"GET", "feedbacks/api/v1/feedbacks/count?isAnswered=false", ""}, {"GET", "feedbacks/api/v1/feedbacks/count?dateFrom=x", ""},
	{"GET", "feedbacks/api/v1/questions?isAnswered=true&take=10000&skip=0", ""}, {"GET", "feedbacks/api/v1/questions?isAnswered=false&take=100&skip=0", ""}, {"GET", "feedbacks/api/v1/questions", ""},
	{"GET", "feedbacks/api/v1/feedbacks?isAnswered=true&take=5000&skip=0", ""}, {"GET", "feedbacks/api/v1/feedbacks?isAnswered=false&take=5000&skip=0", ""}, {"GET", "feedbacks/api/v1/feedbacks", ""},
	{"GET", "feedbacks/api/v1/feedbacks/archive?take=5000&skip=0", ""}, {"GET", "feedbacks/api/v1/feedbacks/archive", ""}, {"GET", "feedbacks/api/v1/feedbacks/archive?take=1&skip=999999", ""},
	{"GET", "feedbacks/api/v1/question?id={question}", ""}, {"GET", "feedbacks/api/v1/question?id=x", ""}, {"GET", "feedbacks/api/v1/feedback?id={review}", ""}, {"GET", "feedbacks/api/v1/feedback?id=x", ""},
	{"PATCH", "feedbacks/api/v1/questions", `{"id":"{question}","wasViewed":true}`}, {"PATCH", "feedbacks/api/v1/questions", `{"id":"{question}","answer":{"text":"Да"},"state":"wbRu"}`},
	{"PATCH", "feedbacks/api/v1/questions", `{"id":"{question}","answer":{"text":"Нет"},"state":"none"}`}, {"PATCH", "feedbacks/api/v1/questions", `{"id":"{question}","answer":{"text":"Ой"},"state":"wbRu"}`},
	{"PATCH", "feedbacks/api/v1/questions", `{"id":"x","wasViewed":true}`}, {"PATCH", "feedbacks/api/v1/questions", `{}`},
	{"POST", "feedbacks/api/v1/feedbacks/answer", `{"id":"{review}","text":"Простите"}`}, {"POST", "feedbacks/api/v1/feedbacks/answer", `{`}, {"POST", "feedbacks/api/v1/feedbacks/answer", `{"id":"{review}","text":""}`},
	{"PATCH", "feedbacks/api/v1/feedbacks/answer", `{"id":"{review}","text":"Простите нас"}`}, {"GET", "feedbacks/api/v1/feedback?id={review}", ""},
	{"POST", "feedbacks/api/v1/feedbacks/order/return", `{"feedbackId":"{returned}"}`}, {"POST", "feedbacks/api/v1/feedbacks/order/return", `{"feedbackId":"{returned}"}`}, {"POST", "feedbacks/api/v1/feedbacks/order/return", `{`},
	{"POST", "feedbacks/api/feedbacks/v1/pins", `[{"pinMethod":"subscription","pinOn":"nm","feedbackId":"{review}"},{"pinMethod":"tariff","pinOn":"imt","feedbackId":"{review}"}]`},
	{"POST", "feedbacks/api/feedbacks/v1/pins", `{}`}, {"GET", "feedbacks/api/feedbacks/v1/pins", ""}, {"GET", "feedbacks/api/feedbacks/v1/pins?state=x", ""},
	{"GET", "feedbacks/api/feedbacks/v1/pins/count", ""}, {"GET", "feedbacks/api/feedbacks/v1/pins/count?state=x", ""}, {"GET", "feedbacks/api/feedbacks/v1/pins/limits", ""},
	{"DELETE", "feedbacks/api/feedbacks/v1/pins", `[18577001]`}, {"DELETE", "feedbacks/api/feedbacks/v1/pins", `{}`},
	{"GET", "chat/api/v1/seller/chats", ""}, {"GET", "chat/api/v1/seller/events", ""}, {"GET", "chat/api/v1/seller/events?next=0", ""}, {"GET", "chat/api/v1/seller/download/x", ""},
	{"GET", "chat/api/v1/seller/download/{pending}", ""}, {"GET", "chat/api/v1/seller/download/{file}", ""}, {"GET", "chat/api/v1/seller/download/{blocked}", ""}, {"POST", "chat/api/v1/seller/message", `{}`},
	{"GET", "returns/api/v1/claims?is_archive=true&limit=200", ""}, {"GET", "returns/api/v1/claims?is_archive=false", ""}, {"GET", "returns/api/v1/claims", ""},
	{"PATCH", "returns/api/v1/claim", `{"id":"{claim}","action":"rejectcustom","comment":"Следов брака нет"}`}, {"PATCH", "returns/api/v1/claim", `{}`},
}

func TestEveryOperationAnswersAsTheOfficialDocumentSays(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Reviews: 2000}, wildberries.Options{Moderation: time.Minute})
	if b.contract == nil {
		t.Skip("the official document is absent; SELLERDESK_TEST_SPECS names its folder")
	}
	two := 2
	gaps := []string{
		"{question}", b.write(sandbox.KindQuestion, sandbox.BuyerMessage{Text: "Есть?"}).Conversation,
		"{review}", b.write(sandbox.KindReview, sandbox.BuyerMessage{Text: "Плохо", Rating: &two, Files: []sandbox.NewPart{{Name: "a.jpg"}}}).Conversation,
		"{claim}", b.fresh("rejectcustom").ID,
	}
	for _, i := range b.all("feedbacks", true).Feedbacks {
		if i.IsAbleReturnProductOrders {
			gaps = append(gaps, "{returned}", i.ID)
			break
		}
	}
	for _, name := range []string{"file.jpg", "blocked.jpg", "pending.jpg"} {
		if name == "pending.jpg" {
			b.world.Clock().Advance(time.Minute)
		}
		from := b.world.Clock().Now().UnixMilli() - 1
		b.buyer(sandbox.BuyerMessage{Text: "a", Files: []sandbox.NewPart{{Name: name}}})
		b.world.Clock().Advance(time.Second)
		id := b.page(fmt.Sprintf("?next=%d", from)).Result.Events[0].Message.Attachments.Images[0].DownloadID
		gaps = append(gaps, "{"+strings.TrimSuffix(name, ".jpg")+"}", id)
	}
	fill := strings.NewReplacer(gaps...)
	for _, s := range steps {
		var body any
		if s.body != "" {
			body = fill.Replace(s.body)
		}
		b.ask(s.method, fill.Replace(s.path), body)
	}
	b.world.Clock().Advance(time.Second)
	b.send(b.chats()[0].ReplySign, "Добрый день!")
	if len(operations) != 25 {
		t.Errorf("%d operations", len(operations))
	}
	for _, o := range operations {
		parts := strings.Fields(o)
		for _, status := range parts[2:] {
			if !b.compared[strings.Join(append(parts[:2:2], status), " ")] {
				t.Errorf("%s never answered %s", strings.Join(parts[:2], " "), status)
			}
		}
	}
	for _, path := range []string{"feedbacks/api/v1/questions/count", "chat/api/v1/seller/events", "returns/api/v1/claims?is_archive=true"} { // 401 and 429 are the same everywhere
		if a := b.with("x", "/wildberries/"+path); a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, a.status)
		}
		last := 0
		for range 12 {
			last = b.get("/wildberries/" + path).status
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("%s: %d", path, last)
		}
	}
}

// TestTheDocumentNamesNoOtherOperation fails when a newer document is put in place and this package was not brought along.
func TestTheDocumentNamesNoOtherOperation(t *testing.T) {
	t.Parallel()
	if contract(t) == nil {
		t.Skip("the official document is absent; SELLERDESK_TEST_SPECS names its folder")
	}
	raw, err := os.ReadFile(specs())
	if err != nil {
		t.Fatal(err)
	}
	path, found := "", map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "  /") {
			path = strings.Trim(line, " :")
		}
		if method := strings.ToUpper(strings.Trim(line, " :")); strings.HasPrefix(line, "    ") && !strings.HasPrefix(line, "     ") && path != "" {
			switch method {
			case "GET", "POST", "PATCH", "DELETE", "PUT":
				found[method+" "+path] = true
			}
		}
	}
	for _, o := range operations {
		delete(found, strings.Join(strings.Fields(o)[:2], " "))
	}
	if len(found) > 0 {
		t.Errorf("not known here: %v", found)
	}
}
