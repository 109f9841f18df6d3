package yandexmarket_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
	"github.com/sellerdesk/sellerdesk/yandexmarket"
)

// pages answers a list of chats by its token; an item is an id.
func pages(t testing.TB, byToken map[string]string) (*yandexmarket.Client, *atomic.Int64) {
	t.Helper()
	var asked atomic.Int64
	return scripted(t, func(r *http.Request) (*http.Response, error) {
		if asked.Add(1) > 20 {
			t.Error("it is asked for ever")
			return says(r, 400, "{}"), nil
		}
		page, ok := byToken[r.URL.Query().Get("pageToken")]
		if !ok {
			return says(r, 400, wrong("BAD_REQUEST", "pageToken is invalid")), nil
		}
		ids, paging, _ := strings.Cut(page, " ")
		var chats []string
		for _, id := range strings.Split(ids, ",") {
			if id != "-" {
				chats = append(chats, `{"chatId":`+id+`}`)
			}
		}
		return says(r, 200, `{"status":"OK","result":{"chats":[`+strings.Join(chats, ",")+`]`+paging+`}}`), nil
	}), &asked
}

func next(token string) string { return ` ,"paging":{"nextPageToken":"` + token + `"}` }

func TestListsAreReadToTheirEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		pages map[string]string
		want  []int64
		asked int64
		fails bool
	}{
		{"a page without paging is the last", map[string]string{"": "1,2"}, []int64{1, 2}, 1, false},
		{"so is one with empty paging", map[string]string{"": `1 ,"paging":{}`}, []int64{1}, 1, false},
		{"so is one whose paging is null", map[string]string{"": `1 ,"paging":null`}, []int64{1}, 1, false},
		{"so is one whose token is null or empty", map[string]string{"": `1 ,"paging":{"nextPageToken":null}`}, []int64{1}, 1, false},
		{"an empty page with a token is not", map[string]string{"": "-" + next("a"), "a": "-" + next("b"), "b": "3"}, []int64{3}, 3, false},
		{"what is on two pages is given once", map[string]string{"": "1,2" + next("a"), "a": "2,3"}, []int64{1, 2, 3}, 2, false},
		{"a page that names itself is the last", map[string]string{"": "1" + next("a"), "a": "2" + next("a")}, []int64{1, 2}, 2, false},
		{"a page that names an earlier one is the last", map[string]string{"": "1" + next("a"), "a": "2" + next("b"), "b": "3" + next("a")}, []int64{1, 2, 3}, 3, false},
		{"tokens are passed on as they are", map[string]string{"": "1" + next("a+/=&?"), "a+/=&?": "2"}, []int64{1, 2}, 2, false},
		{"a page that fails ends it with its error", map[string]string{"": "1" + next("gone")}, []int64{1}, 2, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, asked := pages(t, c.pages)
			var got []int64
			chats, err := collect(client.Chats.All(t.Context(), 5, yandexmarket.ListChats{}))
			for _, chat := range chats {
				got = append(got, chat.ID)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != c.fails || asked.Load() != c.asked {
				t.Errorf("%v after %d pages (-want +got):\n%s", err, asked.Load(), diff)
			}
		})
	}
}

func TestNobodyAsksForPagesThatNobodyWants(t *testing.T) {
	t.Parallel()
	client, asked := pages(t, map[string]string{"": "1,2" + next("a"), "a": "3"})
	for range client.Chats.All(t.Context(), 5, yandexmarket.ListChats{}) {
		break
	}
	if asked.Load() != 1 {
		t.Errorf("%d pages were asked for", asked.Load())
	}
}

func TestAnOddItemCostsItselfOnly(t *testing.T) {
	t.Parallel()
	const body = `{"status":"OK","extra":1,"result":{"new":{},"chats":[
		{"chatId":9223372036854775807,"type":"DUEL","status":"WAITING_FOR_GODOT","context":{"type":"GIFT","customer":null,"mood":"good"},"createdAt":"2026-11-20T12:00:00.5+03:00","updatedAt":"yesterday","priority":7},
		{"chatId":"seven"}, null, 5, {"status":"NEW"},
		{"chatId":8,"context":{"type":"DIRECT"}}],"paging":{}}}`
	var log bytes.Buffer
	client := scripted(t, always(200, body), yandexmarket.WithLog(slog.New(slog.NewTextHandler(&log, nil))))
	got, err := client.Chats.List(t.Context(), 5, yandexmarket.ListChats{})
	if !strings.Contains(log.String(), "kind=yandexmarket.Chat items=4") || strings.Contains(log.String(), "seven") {
		t.Errorf("the log says %s", log.String())
	}
	if err != nil || len(got.Malformed) != 4 || len(got.Items) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	want := yandexmarket.Chat{
		ID: 9223372036854775807, Type: "DUEL", Status: "WAITING_FOR_GODOT", Context: yandexmarket.ChatContext{Type: "GIFT"},
		CreatedAt: yandexmarket.Time{Time: start.Add(500 * time.Millisecond)}, UpdatedAt: yandexmarket.Time{Raw: "yesterday"},
	}
	if diff := cmp.Diff(want, got.Items[0]); diff != "" {
		t.Errorf("chat (-want +got):\n%s", diff)
	}
	if string(got.Malformed[0].Raw) != `{"chatId":"seven"}` || got.Malformed[0].Err == nil {
		t.Errorf("malformed %+v", got.Malformed)
	}
}

func TestMessagesWithoutAnythingAreKept(t *testing.T) {
	t.Parallel()
	const body = `{"status":"OK","result":{"context":{"type":"ORDER","orderId":5},"orderId":5,"messages":[
		{"messageId":1,"createdAt":"2026-11-20T09:00:00Z","sender":"CUSTOMER"},
		{"messageId":2,"createdAt":"2026-11-20T09:00:00Z","sender":"ROBOT","message":null,"payload":null},
		{"messageId":3,"createdAt":"2026-11-20T09:00:00Z","sender":"SUPPORT","message":"\ud83d\ude00","payload":[{"name":"a","url":"https://x","size":2147483648}]}]}}`
	got, err := scripted(t, always(200, body)).Chats.History(t.Context(), 5, 7, yandexmarket.ListMessages{})
	if err != nil || len(got.Items) != 3 || got.Context.OrderID != 5 || got.Next != "" {
		t.Fatalf("%+v, %v", got, err)
	}
	if a, b, c := got.Items[0], got.Items[1], got.Items[2]; a.Text != "" || b.Sender != "ROBOT" || c.Text != "😀" || c.Files[0].Size != 1<<31 {
		t.Errorf("%+v", got.Items)
	}
}

// The history from a message on has that message too; it was had before.
func TestTheHistorySinceAMessage(t *testing.T) {
	t.Parallel()
	m := newMarket(t, emulator.Options{})
	c := m.client()
	chat, _ := m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Text: "0"})
	for n := range 120 {
		m.buyer(sandbox.BuyerMessage{Kind: sandbox.KindChat, Conversation: decimal(chat), Text: fmt.Sprint(n + 1)})
	}
	all, err := collect(c.Chats.Since(t.Context(), m.business, chat, 0))
	if err != nil || len(all) != 121 {
		t.Fatalf("%d messages, %v", len(all), err)
	}
	rest, err := collect(c.Chats.Since(t.Context(), m.business, chat, all[9].ID))
	if diff := cmp.Diff(all[10:], rest); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	none, err := collect(c.Chats.Since(t.Context(), m.business, chat, all[120].ID))
	if err != nil || len(none) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
	page, err := c.Chats.History(t.Context(), m.business, chat, yandexmarket.ListMessages{From: all[5].ID, Limit: 2})
	if err != nil || len(page.Items) != 2 || page.Items[0].ID != all[5].ID || page.Next == "" {
		t.Errorf("%+v, %v", page, err)
	}
}

// Old fields that were switched off are never sent, and never read.
func TestWhatWasSwitchedOffIsNotUsed(t *testing.T) {
	t.Parallel()
	var sent []string
	c := scripted(t, func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		sent = append(sent, r.URL.RawQuery+" "+string(body))
		return says(r, 200, `{"status":"OK","result":{"chatId":7,"orderId":5,"chats":[{"chatId":7,"orderId":5,"context":{"type":"DIRECT"}}]}}`), err
	})
	about := yandexmarket.ChatSubject{Type: yandexmarket.ContextOrder, ID: 5}
	page, err := c.Chats.List(t.Context(), 5, yandexmarket.ListChats{Contexts: []yandexmarket.ChatSubject{about}, Page: "t"})
	if err != nil || len(page.Items) != 1 || page.Items[0].Context.OrderID != 0 {
		t.Errorf("%+v, %v", page, err)
	}
	if _, err := c.Chats.Create(t.Context(), 5, about); err != nil {
		t.Error(err)
	}
	want := []string{`pageToken=t {"contexts":[{"type":"ORDER","id":5}]}`, ` {"context":{"type":"ORDER","id":5}}`}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestAnswersThatAreTooShort(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"no result": `{"status":"OK"}`, "a result that is null": `{"status":"OK","result":null}`, "nothing": ``, "an empty result": `{"status":"OK","result":{}}`} {
		c := scripted(t, always(200, body), yandexmarket.WithAttempts(1))
		if _, err := c.Chats.Create(t.Context(), 5, yandexmarket.ChatSubject{Type: yandexmarket.ContextOrder, ID: 5}); !errors.Is(err, yandexmarket.ErrOutcomeUnknown) {
			t.Errorf("%s of a new chat: %v", name, err)
		}
		if _, err := c.Questions.Create(t.Context(), 5, yandexmarket.Entity{ID: 1, Type: yandexmarket.EntityQuestion}, "да"); !errors.Is(err, yandexmarket.ErrOutcomeUnknown) {
			t.Errorf("%s of a new answer: %v", name, err)
		}
		if _, err := c.Reviews.Comment(t.Context(), 5, yandexmarket.NewComment{ReviewID: 1, Text: "да"}); !errors.Is(err, yandexmarket.ErrOutcomeUnknown) {
			t.Errorf("%s of a comment: %v", name, err)
		}
		if _, err := c.Chats.Get(t.Context(), 5, 7); !errors.Is(err, yandexmarket.ErrMalformed) {
			t.Errorf("%s of a chat: %v", name, err)
		}
	}
	if err := scripted(t, always(200, `{"status":"OK"}`)).Chats.Send(t.Context(), 5, 7, "да"); err != nil {
		t.Errorf("a line is answered without a result: %v", err)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]yandexmarket.Time{
		`"2026-11-20T12:00:00+03:00"`:        {Time: start},
		`"2026-11-20T12:00:00.0+0300"`:       {Time: start},
		`"2026-11-20T09:00:00Z"`:             {Time: start},
		`"2026-11-20T09:00:00"`:              {Time: start},
		`" 2026-11-20T09:00:00Z "`:           {Time: start},
		`""`:                                 {},
		`null`:                               {},
		`"0001-01-01T00:00:00Z"`:             {},
		`"soon"`:                             {Raw: "soon"},
		`17`:                                 {Raw: "17"},
		`"` + strings.Repeat("a", 200) + `"`: {},
	} {
		var got yandexmarket.Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || !cmp.Equal(want, got) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}
