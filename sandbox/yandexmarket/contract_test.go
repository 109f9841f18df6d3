package yandexmarket_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
)

const (
	chats     = "/v2/businesses/{b}/chats"
	reviews   = "/v2/businesses/{b}/goods-feedback"
	questions = "/v1/businesses/{b}/goods-questions"
)

func TestEveryOperationAnswersAsTheOfficialDocumentSays(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	if b.contract == nil {
		t.Skip("the official document is absent; SELLERDESK_TEST_SPECS names its folder")
	}
	chat := b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "Где заказ?", Files: []sandbox.NewPart{{Name: "a.jpg"}}})
	review := b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindReview, Text: "Плохо", Files: []sandbox.NewPart{{Name: "a.jpg"}}}).Conversation
	question := b.buyer(sandbox.BuyerMessage{Kind: sandbox.KindQuestion, Text: "Есть?"}).Conversation
	order := b.world.State().Orders[0].Order
	for _, s := range []struct {
		method, path string
		body         any
	}{
		{"GET", "/v2/campaigns", nil}, {"GET", "/v2/campaigns?page=1&pageSize=1", nil},
		{"GET", fmt.Sprintf("/v2/campaigns/%d", yandexmarket.Campaigns(b.account)[1]), nil},
		{"POST", "/v2/businesses/{b}/settings", nil}, {"POST", "/v2/auth/token", nil},
		{"POST", chats, "{}"}, {"POST", chats + "?limit=20", `{"contextTypes":["DIRECT","RETURN"],"types":null}`},
		{"GET", "/v2/businesses/{b}/chat?chatId=" + chat.Conversation, nil},
		{"POST", chats + "/new", `{"context":{"type":"ORDER","id":` + order + `}}`},
		{"POST", chats + "/history?chatId=" + chat.Conversation, "{}"},
		{"GET", chats + "/message?chatId=" + chat.Conversation + "&messageId=" + chat.Message, nil},
		{"POST", chats + "/message?chatId=" + chat.Conversation, `{"message":"Добрый день!"}`},
		{"POST", reviews, nil}, {"POST", reviews + "?limit=50", `{"reactionStatus":"NEED_REACTION"}`},
		{"POST", reviews + "/comments/update", `{"feedbackId":` + review + `,"comment":{"text":"Жаль"}}`},
		{"POST", reviews + "/comments", `{"feedbackId":` + review + `}`},
		{"POST", reviews + "/skip-reaction", `{"feedbackIds":[` + review + `]}`},
		{"POST", questions, nil}, {"POST", questions, `{"needAnswer":true}`},
		{"POST", questions + "/update", `{"operationType":"CREATE","parentEntityId":{"id":` + question + `,"type":"QUESTION"},"text":"Есть"}`},
		{"POST", questions + "/answers", `{"questionId":` + question + `}`},
	} {
		if a := b.ask(s.method, s.path, s.body); a.status != 200 {
			t.Errorf("%s %s: %d %s", s.method, s.path, a.status, a.body)
		}
	}
	if a := b.file(chat.Conversation, "file", 100); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	var list struct {
		Result struct{ Comments []struct{ ID int64 } }
	}
	b.ask("POST", reviews+"/comments", `{"feedbackId":`+review+`}`).decode(t, &list)
	if a := b.ask("POST", reviews+"/comments/delete", fmt.Sprintf(`{"id":%d}`, list.Result.Comments[0].ID)); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if len(b.compared) != 19 {
		t.Errorf("%d operations: %v", len(b.compared), b.compared)
	}
}

// TestAllGeneratedThingsAreAsTheDocumentSays reads the demo world to its end.
func TestAllGeneratedThingsAreAsTheDocumentSays(t *testing.T) {
	t.Parallel()
	b := newBench(t, yandexmarket.Options{})
	seen := map[string]bool{}
	walk(b, chats, "{}", "chats", func(raw json.RawMessage) {
		var one struct {
			ID           int64 `json:"chatId"`
			Status, Type string
			Context      struct{ Type string }
		}
		_ = json.Unmarshal(raw, &one) // the bench has compared it
		seen[one.Status], seen[one.Context.Type] = true, true
		b.ask("POST", fmt.Sprintf("%s/history?chatId=%d&limit=100", chats, one.ID), "{}")
	})
	for _, want := range []string{"WAITING_FOR_PARTNER", "WAITING_FOR_CUSTOMER", "ORDER", "RETURN", "DIRECT"} {
		if !seen[want] {
			t.Errorf("no %s in the demo world", want)
		}
	}
	total := map[string]int{}
	walk(b, reviews, "{}", "feedbacks", func(raw json.RawMessage) {
		var one struct{ FeedbackID int64 }
		_ = json.Unmarshal(raw, &one)
		total["review"]++
		b.ask("POST", reviews+"/comments", fmt.Sprintf(`{"feedbackId":%d}`, one.FeedbackID))
	})
	if want := b.account.Board(sandbox.KindReview).Len(); total["review"] != want {
		t.Errorf("%d reviews of %d", total["review"], want)
	}
	walk(b, questions, "{}", "questions", func(raw json.RawMessage) {
		var one struct{ QuestionIdentifiers struct{ ID int64 } }
		_ = json.Unmarshal(raw, &one)
		b.ask("POST", questions+"/answers", fmt.Sprintf(`{"questionId":%d}`, one.QuestionIdentifiers.ID))
	})
	if v := b.world.State().Violations[yandexmarket.API]; v != 0 {
		t.Errorf("%d violations", v)
	}
}

// walk reads a list page by page.
func walk(b *bench, path, body, name string, each func(json.RawMessage)) {
	b.Helper()
	token := ""
	for range 100 {
		var got struct{ Result map[string]json.RawMessage }
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		b.ask("POST", path+sep+"limit=20&pageToken="+token, body).decode(b, &got)
		var items []json.RawMessage
		if err := json.Unmarshal(got.Result[name], &items); err != nil {
			b.Fatal(err)
		}
		for _, raw := range items {
			each(raw)
		}
		var paging struct{ NextPageToken string }
		_ = json.Unmarshal(got.Result["paging"], &paging)
		if token = paging.NextPageToken; token == "" {
			return
		}
	}
	b.Fatal("the list has no end")
}
