package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// jsonl reads lines of JSON.
func jsonl(t *testing.T, b []byte) (things []thing) {
	t.Helper()
	for line := range bytes.Lines(b) {
		var one thing
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		things = append(things, one)
	}
	return things
}

func TestAnExportHasWhatTheListHas(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	for i := range 7 {
		c.h.Chat(t, fmt.Sprint("buyer", i), servertest.Start().Add(-time.Duration(i)*time.Hour), "Hello", "Are you there?")
	}
	c.h.Review(t, "Olga", servertest.Start().Add(-time.Hour), 2, "It broke <soon> & loud")
	for _, filter := range []string{"", "?kind=review", "?rating=2&needs_answer=true", "?from=2026-11-02T05:30:00Z&kind=chat", "?account=1&account=2", "?account=2"} {
		var listed list
		c.ask("GET", "/v1/conversations"+filter, nil).want(t, 200, &listed)
		want := map[string]thing{}
		for _, one := range listed.Items {
			want[one.id()] = one
		}
		got := jsonl(t, c.ask("GET", "/v1/export/conversations"+filter, nil).want(t, 200, nil).body)
		for i, one := range got {
			if fmt.Sprint(one) != fmt.Sprint(want[one.id()]) {
				t.Errorf("%s: exported %v, listed %v", filter, one, want[one.id()])
			}
			if i > 0 && got[i-1]["id"].(float64) >= one["id"].(float64) {
				t.Errorf("%s: not in the order of numbers", filter)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d exported, %d listed", filter, len(got), len(want))
		}
	}
	lines := jsonl(t, c.ask("GET", "/v1/export/messages?kind=chat&conversation=2", nil).want(t, 200, nil).body)
	if len(lines) != 2 || lines[0]["text"] != "Hello" || lines[0]["kind"] != "chat" || lines[0]["channel"] != "box" || lines[0].id() == lines[1].id() {
		t.Errorf("the messages of one chat: %v", lines)
	}
	c.ask("GET", "/v1/export/conversations?format=xlsx", nil).problem(t, 422, "invalid", "format")
	c.ask("GET", "/v1/export/conversations?cursor=x", nil).problem(t, 422, "invalid", "cursor")
	c.ask("GET", "/v1/export/messages?conversation=0", nil).problem(t, 422, "invalid", "conversation")
}

func TestATableCannotBecomeAFormula(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	for i, hostile := range []string{"=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "\"quoted\", ;and\nbroken", "plain"} {
		c.h.Chat(t, fmt.Sprintf("%s%d", hostile, i), servertest.Start(), hostile)
	}
	res := c.ask("GET", "/v1/export/messages?format=csv", nil).want(t, 200, nil)
	if kind := res.header.Get("Content-Type"); kind != "text/csv; charset=utf-8; header=present" {
		t.Errorf("it is %s", kind)
	}
	if at := res.header.Get("Content-Disposition"); at != `attachment; filename="messages.csv"` {
		t.Errorf("it is kept as %s", at)
	}
	table, err := csv.NewReader(bytes.NewReader(res.body)).ReadAll()
	if err != nil || len(table) != 10 || table[0][0] != "id" {
		t.Fatalf("%d rows, %v: %s", len(table), err, res.body)
	}
	for _, row := range table[1:] {
		for _, cell := range row {
			if strings.ContainsAny(strings.TrimLeft(cell+".", " ")[:1], "=+-@\t") || strings.HasPrefix(cell, "＝") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	marked := c.ask("GET", "/v1/export/conversations?format=csv&bom=true&separator=semicolon", nil).want(t, 200, nil).body
	if !strings.HasPrefix(string(marked), "\uFEFFid;account;channel;kind;") || !strings.Contains(string(marked), "\r\n") {
		t.Errorf("for spreadsheets: %.100s", marked)
	}
}

func TestWhoMayNotExportACabinetGetsNothingOfIt(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	mine := c.h.Chat(t, "Olga", servertest.Start(), "Hello")
	other, err := addCabinet(t, c, "second")
	if err != nil {
		t.Fatal(err)
	}
	hear(t, c.h, other, 5, 1)
	access := sellerdesk.Access{User: 1, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{
		c.h.Account.ID: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightExport),
		other:          sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork),
	}}
	ctx := sellerdesk.WithAccess(t.Context(), access)
	for name, q := range map[string]store.ConversationQuery{
		"all": {User: 1}, "its own": {User: 1, Accounts: []sellerdesk.AccountID{c.h.Account.ID, other}},
	} {
		items, err := c.h.Desk.Exports.Conversations(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for one, err := range items {
			if n++; err != nil || one.ID != mine.ID {
				t.Errorf("%s: %+v, %v", name, one, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d conversations", name, n)
		}
	}
	items, err := c.h.Desk.Exports.Messages(ctx, store.MessageQuery{Accounts: []sellerdesk.AccountID{other}})
	if err != nil {
		t.Fatal(err)
	}
	for m := range items {
		t.Errorf("a message of the other cabinet: %+v", m)
	}
	for name, rights := range map[string]sellerdesk.Rights{
		"who sees and works":      sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork, sellerdesk.RightBulk),
		"who has no right at all": 0,
	} {
		none := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{User: 1, House: rights})
		if _, err := c.h.Desk.Exports.Conversations(none, store.ConversationQuery{User: 1}); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := c.h.Desk.Exports.Messages(none, store.MessageQuery{}); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func addCabinet(t *testing.T, c caller, token string) (sellerdesk.AccountID, error) {
	t.Helper()
	var a struct {
		ID sellerdesk.AccountID `json:"id"`
	}
	c.ask("POST", "/v1/accounts", thing{"channel": "box", "credentials": thing{"token": token}}).want(t, 201, &a)
	return a.ID, nil
}

// hear fills an account with chats of so many messages of 32 KB each.
func hear(t *testing.T, h *servertest.House, account sellerdesk.AccountID, chats, each int) {
	t.Helper()
	long := strings.Repeat("Здравствуйте, где мой заказ? ", 640)
	for first := 0; first < chats; first += 50 {
		var b sellerdesk.Batch
		for n := first; n < min(first+50, chats); n++ {
			id := sellerdesk.RemoteID(fmt.Sprint("chat", n))
			b.Conversations = append(b.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: id})
			for i := range each {
				b.Messages = append(b.Messages, sellerdesk.MessagePatch{
					Kind: sellerdesk.KindChat, Conversation: id, RemoteID: sellerdesk.RemoteID(fmt.Sprint("m", n, ".", i)),
					Author: sellerdesk.AuthorBuyer, Text: long, At: sellerdesk.At(servertest.Start().Add(time.Duration(n) * time.Second)),
				})
			}
		}
		err := h.Store.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account, Stream: "chats", Batch: b})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestAnExportTakesTheSameSmallMemoryHoweverLarge is not parallel: it measures
// the memory of the process.
func TestAnExportTakesTheSameSmallMemoryHoweverLarge(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector takes memory of its own")
	}
	c := call(t, nil)
	const chats, each = 50, 20
	hear(t, c.h, c.h.Account.ID, chats, each)
	c.exported(func() {}) // warms what is kept for later anyway
	alive := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before, most := alive(), int64(0)
	read := c.exported(func() { most = max(most, alive()) })
	if want := int64(chats * each * 32000); read < want {
		t.Fatalf("only %d bytes came", read)
	}
	if grown := most - before; grown > read/2 {
		t.Errorf("an export of %d bytes took %d more on the way", read, grown)
	}
}

// exported reads an export of all messages and calls look from time to time.
func (c caller) exported(look func()) (size int64) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), "GET", c.h.URL+"/v1/export/messages", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+servertest.Key)
	r.Header.Set("Accept-Encoding", "identity")
	res, err := c.h.Client().Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	for piece := make([]byte, 1<<20); ; {
		n, err := io.ReadFull(res.Body, piece)
		size += int64(n)
		look()
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return size
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
}

func TestOverdueAreThoseWhoseAnswerWasDue(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	c.h.Review(t, "Fresh", servertest.Start().Add(-time.Hour), 5, "Good")
	late := c.h.Review(t, "Late", servertest.Start().Add(-25*time.Hour), 1, "Bad")
	c.h.Chat(t, "Later", servertest.Start().Add(-2*time.Hour), "Hello")
	for path, want := range map[string]int{
		"/v1/conversations?overdue=true&kind=review":              1,
		"/v1/conversations?overdue=true&sort=waiting":             2,
		"/v1/conversations?overdue=false":                         3,
		"/v1/conversations?overdue=true&needs_answer=false":       0,
		"/v1/conversations?overdue=true&kind=review&sort=waiting": 1,
	} {
		var l list
		c.ask("GET", path, nil).want(t, 200, &l)
		if len(l.Items) != want {
			t.Errorf("%s: %d, want %d", path, len(l.Items), want)
		}
	}
	got := jsonl(t, c.ask("GET", "/v1/export/conversations?overdue=true&kind=review", nil).want(t, 200, nil).body)
	if len(got) != 1 || got[0].id() != fmt.Sprint(late.ID) {
		t.Errorf("exported: %v", got)
	}
}

func TestWhatIsTakenAwayStandsInTheAudit(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start(), "Hello")
	for _, path := range []string{"conversations?kind=chat&account=1", "messages?conversation=1", "audit"} {
		c.ask("GET", "/v1/export/"+path, nil).want(t, 200, nil)
	}
	c.ask("GET", fmt.Sprint("/v1/contacts/", *chat.Contact, "/export"), nil).want(t, 200, nil)
	c.ask("GET", "/v1/export/messages?format=none", nil).want(t, 422, nil)
	var l list
	c.ask("GET", "/v1/audit?kind=data.exported", nil).want(t, 200, &l)
	var took []any
	for _, e := range l.Items {
		took = append(took, e["data"].(map[string]any)["what"])
	}
	if fmt.Sprint(took) != "[person audit messages conversations]" || fmt.Sprint(l.Items[3]["account"]) != "1" {
		t.Errorf("the audit tells of %v", l.Items)
	}
	entries := jsonl(t, c.ask("GET", "/v1/export/audit?kind=data.exported&kind=account.added", nil).want(t, 200, nil).body)
	if len(entries) != 6 || entries[5]["kind"] != "account.added" {
		t.Errorf("the exported audit: %v", entries)
	}
	table := c.ask("GET", "/v1/export/audit?format=csv", nil).want(t, 200, nil).body
	if !strings.HasPrefix(string(table), "id,at,kind,user,key,address,account,") {
		t.Errorf("as a table: %.200s", table)
	}
	for name, access := range map[string]sellerdesk.Access{
		"who may not read it":   {User: 1, House: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightExport)},
		"who may not export it": {User: 1, House: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightAudit)},
	} {
		if _, err := c.h.Desk.Exports.Audit(sellerdesk.WithAccess(t.Context(), access), store.AuditQuery{}); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	elsewhere := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{User: 1,
		House:    sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightAudit),
		Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{c.h.Account.ID: sellerdesk.RightsOf(sellerdesk.RightExport)}})
	items, err := c.h.Desk.Exports.Audit(elsewhere, store.AuditQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range items {
		if err != nil || e.Account == nil || *e.Account != c.h.Account.ID {
			t.Errorf("who may export one cabinet gets %+v, %v", e, err)
		}
	}
}

func TestAskingForTheHeadersTakesNothingAway(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	for _, path := range []string{"conversations", "messages", "audit"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, c.h.URL+"/v1/export/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+servertest.Key)
		res, err := c.h.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _ = res.Body.Close(); res.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", path, res.StatusCode)
		}
	}
	var l list
	if c.ask("GET", "/v1/audit?kind=data.exported", nil).want(t, 200, &l); len(l.Items) != 0 {
		t.Errorf("the audit tells of %v", l.Items)
	}
	access := sellerdesk.Access{User: 1, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{c.h.Account.ID + 1: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightExport)}}
	if _, err := c.h.Desk.Exports.Messages(sellerdesk.WithAccess(t.Context(), access), store.MessageQuery{Accounts: []sellerdesk.AccountID{c.h.Account.ID}}); err != nil {
		t.Fatal(err)
	}
	if c.ask("GET", "/v1/audit?kind=data.exported", nil).want(t, 200, &l); len(l.Items) != 0 {
		t.Errorf("the audit of an unseen account tells of %v", l.Items)
	}
}

func TestAnExportGoesOnOnlyWithAllRightsOfItsBeginning(t *testing.T) {
	t.Parallel()
	see, both := sellerdesk.RightsOf(sellerdesk.RightSee), sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightExport)
	in := func(r sellerdesk.Rights) sellerdesk.Access {
		return sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{1: r}}
	}
	for _, c := range []struct {
		name        string
		now, before sellerdesk.Access
		want        bool
	}{
		{"the same", in(both), in(both), false},
		{"more", in(both), in(see), false},
		{"the house instead", sellerdesk.Access{House: both}, in(both), false},
		{"less in an account", in(see), in(both), true},
		{"an account instead of the house", in(both), sellerdesk.Access{House: both}, true},
	} {
		if got := api.Narrower(c.now, c.before); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
