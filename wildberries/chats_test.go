package wildberries_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

func TestListDecodesChats(t *testing.T) {
	t.Parallel()
	r := newRemote(t, repliesFile(t, "chats.json"))
	got, err := newClient(t, r).Chats.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := wildberries.ChatList{Chats: []wildberries.Chat{
		{
			ID: "1:0d4b6a52-7f0e-4c57-9a3e-1f6f3a9b2c11", ReplySign: "1:0d4b6a52-7f0e-4c57-9a3e-1f6f3a9b2c11:8c1f0a7e", ClientName: "Мария",
			Card:        &wildberries.GoodCard{NmID: 214748364799, Price: "1290", PriceCurrency: "RUB", RID: "b7c0d1e2f3a4", Size: "42"},
			LastMessage: &wildberries.LastMessage{Text: "Когда приедет заказ?", AddTimestamp: 1784790000123},
		},
		{ID: "1:77aa01c4-2b1d-4f5a-8d90-5b1c6e7f8091", ReplySign: "1:77aa01c4-2b1d-4f5a-8d90-5b1c6e7f8091:9d20", ClientName: "О***"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("chats (-want +got):\n%s", diff)
	}
	if got := r.last().Header.Get("Authorization"); got != chatToken() {
		t.Errorf("authorization %q, want the bare token", got)
	}
}

func TestListTellsOfErrorsBesideTheResult(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, body string
		chats      int
		errors     []string
		malformed  int
		want       error
	}{
		{"no chats and no errors", `{"result":[],"errors":[]}`, 0, nil, 0, nil},
		{"null for no chats", `{"result":null,"errors":null}`, 0, nil, 0, nil},
		{"errors instead of chats are a refusal", `{"result":null,"errors":["shard is down"]}`, 0, nil, 0, wildberries.ErrRefused},
		{"errors beside chats are kept", `{"result":[{"chatID":"1:a"}],"errors":["shard is down",{"detail":"late"}]}`, 1, []string{"shard is down", "late"}, 0, nil},
		{"one broken chat does not hide another", `{"result":[{"chatID":7},{"chatID":"1:a"}]}`, 1, nil, 1, nil},
		{"an answer of another shape", `[1,2]`, 0, nil, 0, wildberries.ErrMalformed},
		{"a page for browsers", `<html>`, 0, nil, 0, wildberries.ErrMalformed},
		{"an empty answer", ``, 0, nil, 0, wildberries.ErrMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			list, err := newClient(t, newRemote(t, replies(200, "application/json", c.body))).Chats.List(t.Context())
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if len(list.Chats) != c.chats || len(list.Malformed) != c.malformed {
				t.Errorf("%d chats and %d malformed", len(list.Chats), len(list.Malformed))
			}
			if diff := cmp.Diff(c.errors, list.Errors); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEventsDecodesAPage(t *testing.T) {
	t.Parallel()
	r := newRemote(t, repliesFile(t, "events.json"))
	got, err := newClient(t, r).Chats.Events(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	day := func(h, m, s, ms int) wildberries.Time {
		return wildberries.Time{Time: time.Date(2026, 7, 23, h, m, s, ms*1e6, time.UTC)}
	}
	const chat = "1:0d4b6a52-7f0e-4c57-9a3e-1f6f3a9b2c11"
	want := wildberries.EventsPage{
		Next: 1784790060000, TotalEvents: 3, OldestEventTime: day(7, 0, 0, 0), NewestEventTime: day(7, 1, 0, 0),
		Events: []wildberries.Event{
			{
				ChatID: chat, ID: "e1", Type: wildberries.EventMessage, IsNewChat: true, Source: wildberries.SourceSite,
				AddTimestamp: 1784790000000, AddTime: day(7, 0, 0, 0), ReplySign: chat + ":8c1f0a7e", Sender: wildberries.SenderClient, ClientName: "Мария",
				Message: &wildberries.Message{
					Text: "Пришла не та чашка, смотрите",
					Attachments: wildberries.Attachments{
						Card: &wildberries.GoodCard{NmID: 214748364799, Price: "1290.5", PriceCurrency: "RUB", RID: "b7c0d1e2f3a4", Size: "0"},
						Files: []wildberries.FileInfo{{
							DownloadID: "f-1", URL: "https://files.example/1.pdf", Name: "чек.pdf", ContentType: "application/pdf", Size: 5000000000, Date: day(7, 0, 0, 594),
						}},
						Images: []wildberries.FileInfo{{DownloadID: "i-1", URL: "https://files.example/1.jpg"}},
					},
				},
			},
			{ChatID: chat, ID: "e2", Type: wildberries.EventMessage, AddTimestamp: 1784790030000, AddTime: day(7, 0, 30, 0), Sender: wildberries.SenderSeller},
			{
				ChatID: chat, ID: "e3", Type: "teleport", Message: &wildberries.Message{Text: "?"}, Source: "smart-kettle", AddTimestamp: 1784790060000,
				AddTime: day(7, 1, 0, 0), Sender: "robot",
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
	if r.last().URL.RawQuery != "" {
		t.Errorf("the first call has the query %q: a zero cursor is an error over there", r.last().URL.RawQuery)
	}
}

func TestEventsKeepsTheCursor(t *testing.T) {
	t.Parallel()
	const before = 1784790000000
	cases := []struct {
		name, body string
		next       int64
		done       bool
	}{
		{"the last page leaves the times out", canned(t, "events_last.json"), 1784790060000, true},
		{"a missing next", `{"result":{"totalEvents":0,"events":[]}}`, before, true},
		{"a null next", `{"result":{"next":null,"totalEvents":0}}`, before, true},
		{"a zero next", `{"result":{"next":0,"totalEvents":0,"events":null}}`, before, true},
		{"a smaller next", `{"result":{"next":5,"totalEvents":1,"events":[{"eventID":"x"}]}}`, before, false},
		{"a larger next", `{"result":{"next":1784790000001,"totalEvents":1,"events":[{"eventID":"x"}]}}`, before + 1, false},
		{"only broken events are not the end", `{"result":{"next":1784790000001,"totalEvents":0,"events":[{"eventID":1}]}}`, before + 1, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, replies(200, "application/json", c.body))
			page, err := newClient(t, r).Chats.Events(t.Context(), before)
			if err != nil {
				t.Fatal(err)
			}
			if page.Next != c.next || page.Done() != c.done {
				t.Errorf("next %d, done %v; want %d, %v", page.Next, page.Done(), c.next, c.done)
			}
			if got := r.last().URL.Query().Get("next"); got != strconv.Itoa(before) {
				t.Errorf("sent cursor %q", got)
			}
		})
	}
}

func TestEventsWithoutAResultAreNotTheEndOfTheFeed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		`{}`: wildberries.ErrMalformed, `{"result":null,"errors":["later"]}`: wildberries.ErrRefused,
		`{"result":{"next":"tomorrow"}}`: wildberries.ErrMalformed, `{"result":{"next":-5}}`: wildberries.ErrMalformed,
	} {
		_, err := newClient(t, newRemote(t, replies(200, "application/json", body))).Chats.Events(t.Context(), 0)
		if !errors.Is(err, want) {
			t.Errorf("%s gave %v, want %v", body, err, want)
		}
	}
}

// feed serves events as the document describes: later than next, oldest first, some on a page.
func feed(events []wildberries.Event, size int) http.HandlerFunc {
	type wire struct {
		ChatID       string `json:"chatID"`
		EventID      string `json:"eventID"`
		AddTimestamp int64  `json:"addTimestamp"`
	}
	return func(w http.ResponseWriter, r *http.Request) {
		after, _ := strconv.ParseInt(r.URL.Query().Get("next"), 10, 64)
		page, next := []wire{}, after
		for _, e := range events {
			if int64(e.AddTimestamp) > after && len(page) < size {
				page = append(page, wire{"1:a", e.ID, int64(e.AddTimestamp)})
				next = int64(e.AddTimestamp)
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"result": map[string]any{"next": next, "totalEvents": len(page), "events": page}})
	}
}

func TestAllEventsYieldsEachOnce(t *testing.T) {
	t.Parallel()
	many := func(n int, step int64) (list []wildberries.Event) {
		for i := range n {
			list = append(list, wildberries.Event{ID: fmt.Sprint("e", i), AddTimestamp: wildberries.Millis(10_000 + int64(i)*step)})
		}
		return list
	}
	cases := []struct {
		name   string
		events []wildberries.Event
		size   int
		follow wildberries.Follow
	}{
		{"an empty feed", nil, 5, wildberries.Follow{}},
		{"a page", many(3, 5000), 5, wildberries.Follow{}},
		{"events far apart", many(23, 5000), 5, wildberries.Follow{}},
		{"pairs in one millisecond cut by the page's end", func() []wildberries.Event {
			list := many(20, 5000)
			for i := 5; i < len(list); i += 5 {
				list[i].AddTimestamp = list[i-1].AddTimestamp
			}
			return list
		}(), 5, wildberries.Follow{}},
		{"more than a page inside the overlap", many(40, 10), 5, wildberries.Follow{}},
		{"a memory smaller than a page still ends", many(12, 5000), 5, wildberries.Follow{Remember: 5}},
		{"no overlap", many(12, 5000), 5, wildberries.Follow{Overlap: -1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, feed(c.events, c.size))
			client := newClient(t, r, wildberries.WithLimiter(noLimit{}))
			var got, want []string
			for e, err := range client.Chats.AllEvents(t.Context(), 0, c.follow) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, e.ID)
			}
			for _, e := range c.events {
				want = append(want, e.ID)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAllEventsStartsALittleBeforeAndSkipsTheKnown(t *testing.T) {
	t.Parallel()
	events := []wildberries.Event{{ID: "old", AddTimestamp: 9_000}, {ID: "seen", AddTimestamp: 10_000}, {ID: "late", AddTimestamp: 9_800}, {ID: "new", AddTimestamp: 20_000}}
	r := newRemote(t, feed(events, 50))
	client := newClient(t, r, wildberries.WithLimiter(noLimit{}))
	var got []string
	follow := wildberries.Follow{Overlap: 500 * time.Millisecond, Known: func(id string) bool { return id == "seen" }}
	for e, err := range client.Chats.AllEvents(t.Context(), 10_000, follow) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.ID)
	}
	if diff := cmp.Diff([]string{"late", "new"}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestAllEventsEndsWithItsError(t *testing.T) {
	t.Parallel()
	client := newClient(t, newRemote(t, replies(401, "application/problem+json", `{"title":"unauthorized"}`)))
	steps := 0
	for _, err := range client.Chats.AllEvents(t.Context(), 0, wildberries.Follow{}) {
		steps++
		if !errors.Is(err, wildberries.ErrUnauthorized) {
			t.Errorf("got %v", err)
		}
	}
	if steps != 1 {
		t.Errorf("%d steps", steps)
	}
}

func TestAllEventsSurvivesAServerThatRepeatsItself(t *testing.T) {
	t.Parallel()
	body := `{"result":{"next":5000,"totalEvents":2,"events":[{"eventID":""},{"eventID":"a"}]}}`
	r := newRemote(t, replies(200, "application/json", body))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for _, err := range newClient(t, r, wildberries.WithLimiter(noLimit{})).Chats.AllEvents(ctx, 0, wildberries.Follow{}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if r.arrived.Load() > 4 {
		t.Errorf("%d calls for a feed that does not move", r.arrived.Load())
	}
}

// noLimit lets everything go.
type noLimit struct{}

func (noLimit) Wait(ctx context.Context, _ string) error { return ctx.Err() }
func (noLimit) Observe(string, *http.Response)           {}

func TestDownload(t *testing.T) {
	t.Parallel()
	file := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png; x=y")
		w.Header().Set("Content-Disposition", `attachment; filename="../../etc/photo.png"`)
		_, _ = io.WriteString(w, "\x89PNG")
	}
	problem := `{"status":451,"title":"Unavailable for Legal Reasons","origin":"proxy-chats","detail":"moderation error","requestId":"r"}`
	cases := []struct {
		name string
		h    http.HandlerFunc
		want wildberries.Download
		body string
	}{
		{"a file", file, wildberries.Download{State: wildberries.DownloadReady, ContentType: "image/png", Name: "photo.png", Size: 4}, "\x89PNG"},
		{"moderation goes on", replies(202, "application/json", `{"moderationState":"pending","retrySeconds":12}`),
			wildberries.Download{State: wildberries.DownloadPending, RetryAfter: 12 * time.Second, Size: -1}, ""},
		{"moderation goes on for an unknown time", replies(202, "application/json", `{"moderationState":"pending"}`),
			wildberries.Download{State: wildberries.DownloadPending, RetryAfter: 30 * time.Second, Size: -1}, ""},
		{"moderation goes on for years", replies(202, "application/json", `{"retrySeconds":99999999999}`),
			wildberries.Download{State: wildberries.DownloadPending, RetryAfter: time.Hour, Size: -1}, ""},
		{"moderation said no", replies(451, "application/problem+json", problem),
			wildberries.Download{State: wildberries.DownloadRefused, Reason: "moderation error", Size: -1}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, c.h)
			got, err := newClient(t, r).Chats.Download(t.Context(), "ab/c d")
			if err != nil {
				t.Fatal(err)
			}
			defer got.Close()
			if got.Body != nil {
				content, err := io.ReadAll(got.Body)
				if err != nil || string(content) != c.body {
					t.Errorf("content %q, %v", content, err)
				}
				got.Body = nil
			}
			if diff := cmp.Diff(c.want, *got); diff != "" {
				t.Errorf("download (-want +got):\n%s", diff)
			}
			if got := r.last().URL.EscapedPath(); got != "/chat/api/v1/seller/download/ab%2Fc%20d" {
				t.Errorf("path %q", got)
			}
		})
	}
}

func TestDownloadFailures(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, id string
		h        http.HandlerFunc
		want     error
		calls    int64
	}{
		{"an unknown id", "x", replies(400, "application/json", `{"status":400,"title":"invalid fileID","detail":"invalid fileID","error":"invalid fileID"}`), wildberries.ErrNotFound, 1},
		{"an empty id is not sent", "", replies(200, "image/png", ""), wildberries.ErrNotSent, 0},
		{"an id that climbs is not sent", "..", replies(200, "image/png", ""), wildberries.ErrNotSent, 0},
		{"a page instead of a file", "x", replies(200, "text/html", "<html>"), wildberries.ErrMalformed, 1},
		{"a promise without an end", "x", replies(202, "application/json", `{"retry`), wildberries.ErrMalformed, 3},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, c.h)
			d, err := newClient(t, r, at(time.Unix(1784790000, 0)), wildberries.WithLimiter(noLimit{})).Chats.Download(t.Context(), c.id)
			if !errors.Is(err, c.want) || d != nil {
				t.Errorf("got %v, %v; want %v", d, err, c.want)
			}
			if r.arrived.Load() != c.calls {
				t.Errorf("%d calls arrived, want %d", r.arrived.Load(), c.calls)
			}
		})
	}
}

func TestDownloadThatBreaksOffFailsWhileReading(t *testing.T) {
	t.Parallel()
	r := newRemote(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
	})
	d, err := newClient(t, r).Chats.Download(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := io.ReadAll(d.Body); err == nil {
		t.Error("a broken file was read without an error")
	}
}

func TestPingAndSellerInfo(t *testing.T) {
	t.Parallel()
	r := newRemote(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/ping") {
			_, _ = io.WriteString(w, `{"TS":"2026-07-23T10:00:00+03:00","Status":"OK"}`)
			return
		}
		repliesFile(t, "seller.json")(w, r)
	})
	client := newClient(t, r, wildberries.WithBearer(), wildberries.WithUserAgent("desk/1"))
	seller, err := client.Seller.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := wildberries.Seller{Name: "ООО Чашки", SID: sellerUUID, TIN: "7700000000", TradeMark: "Чашки и блюдца"}
	if diff := cmp.Diff(want, seller); diff != "" {
		t.Errorf("seller (-want +got):\n%s", diff)
	}
	if h := r.last().Header; h.Get("Authorization") != "Bearer "+chatToken() || h.Get("User-Agent") != "desk/1" {
		t.Errorf("headers %v", h)
	}
	for f, path := range map[wildberries.Family]string{wildberries.FamilyChat: "/chat/ping", wildberries.FamilyCommon: "/common/ping"} {
		if err := client.Ping(t.Context(), f); err != nil || r.last().URL.Path != path {
			t.Errorf("ping %s: %v at %s", f, err, r.last().URL.Path)
		}
	}
	for f, want := range map[wildberries.Family]error{wildberries.FamilyReturns: wildberries.ErrMissingCategory, "moon": wildberries.ErrRefused} {
		if err := client.Ping(t.Context(), f); !errors.Is(err, want) || !errors.Is(err, wildberries.ErrNotSent) {
			t.Errorf("ping %s: %v", f, err)
		}
	}
}

func TestPingIsNeverRepeated(t *testing.T) {
	t.Parallel()
	r := newRemote(t, replies(503, "text/plain", "busy"))
	if err := newClient(t, r).Ping(t.Context(), wildberries.FamilyChat); !errors.Is(err, wildberries.ErrTemporary) {
		t.Errorf("got %v", err)
	}
	if r.arrived.Load() != 1 {
		t.Errorf("%d pings", r.arrived.Load())
	}
}
