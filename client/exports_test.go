package client_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

func TestExportsAreWalkedAndWritten(t *testing.T) {
	t.Parallel()
	c, h := open(t)
	for i := range 3 {
		h.Chat(t, fmt.Sprint("buyer", i), servertest.Start(), "Hello", "Are you there?")
	}
	h.Review(t, "Olga", servertest.Start(), 5, "Good")
	n := 0
	for one, err := range c.Exports.Conversations(t.Context(), client.ConversationQuery{Kinds: []sellerdesk.Kind{sellerdesk.KindChat}, Limit: 1, Sort: "waiting"}) {
		if err != nil || one.Kind != sellerdesk.KindChat {
			t.Fatalf("%+v, %v", one, err)
		}
		n++
	}
	if n != 3 {
		t.Errorf("%d conversations", n)
	}
	texts := map[string]int{}
	for m, err := range c.Exports.Messages(t.Context(), client.MessageQuery{}) {
		if err != nil || m.Account != h.Account.ID || m.Channel != servertest.Channel {
			t.Fatalf("%+v, %v", m, err)
		}
		texts[m.Text]++
	}
	if texts["Hello"] != 3 || texts["Good"] != 1 {
		t.Errorf("the messages: %v", texts)
	}
	var file bytes.Buffer
	if err := c.Exports.WriteMessages(t.Context(), client.MessageQuery{}, client.Format{Name: "csv", Semicolon: true}, &file); err != nil || strings.Count(file.String(), "\r\n") != 8 {
		t.Errorf("%v: %s", err, &file)
	}
}

// TestAnExportThatBreaksOffIsAnError: half of one must not look whole.
func TestAnExportThatBreaksOffIsAnError(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]string{"between two lines": "", "within a line": `{"id":2,"ki`} {
		broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"id":1,"kind":"chat"}`+"\n"+last)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}))
		broken.Config.ErrorLog = nil
		c, err := client.New(broken.URL, "key")
		if err != nil {
			t.Fatal(err)
		}
		var ids []sellerdesk.ConversationID
		for one, err2 := range c.Exports.Conversations(t.Context(), client.ConversationQuery{}) {
			if err = err2; err == nil {
				ids = append(ids, one.ID)
			}
		}
		if err == nil || len(ids) != 1 {
			t.Errorf("%s: %v, %v", name, ids, err)
		}
		if err := c.Exports.WriteConversations(t.Context(), client.ConversationQuery{}, client.Format{}, &bytes.Buffer{}); err == nil {
			t.Errorf("%s: written as if it were whole", name)
		}
		broken.Close()
	}
}

// answers gives one status after another, the last one for ever.
type answers struct {
	statuses []int
	after    string // Retry-After of refusals
	calls    atomic.Int64
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	n := int(a.calls.Add(1)) - 1
	status := a.statuses[min(n, len(a.statuses)-1)]
	if status == 0 {
		return nil, errors.New("the line is dead")
	}
	rec := httptest.NewRecorder()
	rec.Header().Set("Retry-After", a.after)
	rec.WriteHeader(status)
	fmt.Fprint(rec, `{"code":"unavailable","detail":"Later."}`)
	res := rec.Result()
	res.Request = r
	return res, nil
}

func TestReadsAreTriedAgainAndWritesAreNot(t *testing.T) {
	t.Parallel()
	for _, w := range []struct {
		name     string
		statuses []int
		after    string
		write    bool
		calls    int64
		fails    bool
		least    time.Duration
	}{
		{"a read after a dead line", []int{0, 200}, "", false, 2, false, 0},
		{"a read that was asked to wait", []int{429, 200}, "7", false, 2, false, 7 * time.Second},
		{"a read that was asked to wait too long", []int{503, 200}, "600", false, 1, true, 0},
		{"a read that never works", []int{502}, "", false, 3, true, 0},
		{"a read that is wrong", []int{422, 200}, "", false, 1, true, 0},
		{"a read that something of ours breaks", []int{500, 200}, "", false, 1, true, 0},
		{"a write after a dead line", []int{0, 200}, "", true, 1, true, 0},
		{"a write that was asked to wait", []int{503, 200}, "1", true, 1, true, 0},
	} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				line := &answers{statuses: w.statuses, after: w.after}
				c, err := client.New("http://desk.example", "key", client.WithHTTPClient(&http.Client{Transport: line}))
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				if w.write {
					_, err = c.Accounts.Pause(t.Context(), 1)
				} else {
					_, err = c.Accounts.Get(t.Context(), 1)
				}
				if calls := line.calls.Load(); calls != w.calls || (err != nil) != w.fails || time.Since(began) < w.least {
					t.Errorf("%d calls in %v, %v", calls, time.Since(began), err)
				}
			})
		})
	}
}

func TestAWriteRepeatedUnderItsIntentHappensOnce(t *testing.T) {
	t.Parallel()
	c, h := open(t)
	who := h.Chat(t, "Olga", servertest.Start(), "Hello")
	ctx := client.WithIntent(t.Context(), "note-1")
	first, err := c.Contacts.Note(ctx, *who.Contact, "Likes tea")
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Contacts.Note(ctx, *who.Contact, "Likes tea")
	if err != nil || first.At != again.At {
		t.Errorf("%+v and %+v, %v", first, again, err)
	}
	page, err := c.Contacts.History(t.Context(), *who.Contact, "", 0)
	notes := 0
	for _, e := range page.Items {
		if e.Kind == "note" {
			notes++
		}
	}
	if err != nil || notes != 1 {
		t.Errorf("%d notes, %v: %+v", notes, err, page.Items)
	}
}
