package wildberries_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

type pinItem struct {
	PinID, NmID, ImtID                                                int64
	FeedbackID, State, PinMethod, PinOn, ChangeStateAt, UnpinnedCause string
}

type pinResult struct {
	FeedbackID string
	PinID      int64
	IsErrors   bool
	Errors     []struct{ Status, Title, Origin, RequestID string }
}

const pinsPath = "feedbacks/api/feedbacks/v1/pins"

func (b *bench) pin(method, on string, ids ...string) []pinResult {
	b.Helper()
	wishes := []map[string]string{}
	for _, id := range ids {
		wishes = append(wishes, map[string]string{"pinMethod": method, "pinOn": on, "feedbackId": id})
	}
	a := b.ask(http.MethodPost, pinsPath, wishes)
	var got struct{ Data []pinResult }
	if a.decode(b, &got); a.status != 200 {
		b.Fatalf("pin: %d %s", a.status, a.body)
	}
	return got.Data
}

func (b *bench) pins(query string) []pinItem {
	b.Helper()
	if n := len(read[[]pinItem](b, pinsPath+"?"+query)); n != read[int](b, pinsPath+"/count?"+query) {
		b.Errorf("count of %s is not %d", query, n)
	}
	return read[[]pinItem](b, pinsPath+"?"+query)
}

// of are reviews of one article, the newest first, that can be pinned.
func (b *bench) of(article int) []string {
	b.Helper()
	var ids []string
	nm := b.account.Products()[article].Number
	for _, i := range read[listing](b, fmt.Sprintf("feedbacks/api/v1/feedbacks/archive?take=500&skip=0&nmId=%d", nm)).Feedbacks {
		if i.OrderStatus != "rejected" && i.ParentFeedbackID == nil {
			ids = append(ids, i.ID)
		}
	}
	return ids
}

// exclude takes a review out of the rating, as the remote side does with banned ones.
func (b *bench) exclude(remote string) {
	b.Helper()
	board := b.account.Board(sandbox.KindReview)
	for _, p := range board.List(sandbox.Query{}) {
		if base64.RawURLEncoding.EncodeToString(p.ID[:]) == remote {
			if _, err := board.Change(p.ID, func(p *sandbox.Post) error { p.Excluded = true; return nil }); err != nil {
				b.Fatal(err)
			}
			return
		}
	}
	b.Fatal("no such review")
}

func status(r pinResult) string {
	if !r.IsErrors {
		return ""
	}
	return r.Errors[0].Status
}

func TestPinsTellOfEachWishWhyNot(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Reviews: 3000}, wildberries.Options{Pins: &wildberries.PinPlan{Subscription: &wildberries.PinLimit{PerUnit: 2, Total: 4}}})
	first, second, third := b.of(0), b.of(1), b.of(4)
	var excluded, supplement, foreign string
	for _, i := range b.all("feedbacks", true).Feedbacks {
		if i.OrderStatus == "rejected" && i.ParentFeedbackID == nil {
			excluded = i.ID
		}
		if i.ParentFeedbackID != nil {
			supplement = i.ID
		}
	}
	other := b.world.Accounts(wildberries.API)[1]
	own := b.token
	b.token = wildberries.Token(other, wildberries.TokenOptions{})
	foreign = b.all("feedbacks", true).Feedbacks[0].ID
	b.token = own
	for _, c := range []struct{ name, method, on, id, want string }{
		{"the first", "subscription", "nm", first[0], ""},
		{"the same again", "subscription", "nm", first[0], "alreadyPinned"},
		{"the same on the group", "subscription", "imt", first[0], ""},
		{"a second one", "subscription", "nm", first[1], ""},
		{"a third on the card", "subscription", "nm", first[2], "unitLimitReached"},
		{"by the tariff", "tariff", "nm", second[0], "tariffRestriction"},
		{"no id", "subscription", "nm", "", "bodyNotValid"},
		{"nobody's", "subscription", "nm", "AAAAAAAAAAAAAAAAAAAAAA", "feedbackNotFound"},
		{"another seller's", "subscription", "nm", foreign, "itemNotFound"},
		{"a supplement", "subscription", "nm", supplement, "feedbackMismatch"},
		{"one that does not count", "subscription", "nm", excluded, "feedbackExcluded"},
		{"an article without pictures", "subscription", "nm", b.of(10)[0], "itemNoImages"},
		{"a hidden group", "subscription", "imt", b.of(11)[0], "imtNotDisplayed"},
		{"the last slot", "subscription", "nm", second[0], ""},
		{"one too many", "subscription", "nm", third[0], "globalLimitReached"},
	} {
		got := b.pin(c.method, c.on, c.id)
		if len(got) != 1 || status(got[0]) != c.want || got[0].FeedbackID != c.id || (got[0].PinID == 0) != (c.want != "") {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	limits := read[map[string]*struct{ PerUnitLimit, Remaining, TotalLimit, Used int }](b, pinsPath+"/limits")
	if s := limits["subscription"]; s == nil || s.Remaining != 0 || s.Used != 4 || s.TotalLimit != 4 || s.PerUnitLimit != 2 || limits["tariff"] != nil {
		t.Errorf("limits %+v", limits)
	}
	all := b.pins("")
	if len(all) != 4 || len(b.pins("state=pinned&pinOn=imt")) != 1 || len(b.pins(fmt.Sprintf("nmId=%d", all[0].NmID))) != 3 || len(b.pins("feedbackId="+first[1])) != 1 || len(b.pins("feedbackId=789")) != 0 || len(b.pins(fmt.Sprintf("imtId=%d", all[0].ImtID))) < 3 {
		t.Errorf("%+v", all)
	}
	var page struct {
		Data []pinItem
		Next *int64
	}
	b.ask(http.MethodGet, pinsPath+"?limit=3", nil).decode(t, &page)
	if len(page.Data) != 3 || page.Next == nil || *page.Next != page.Data[2].PinID {
		t.Fatalf("%+v", page)
	}
	next := *page.Next
	page.Next = nil
	b.ask(http.MethodGet, fmt.Sprintf("%s?limit=3&next=%d", pinsPath, next), nil).decode(t, &page)
	if len(page.Data) != 1 || page.Next != nil {
		t.Errorf("%+v", page)
	}
	var undone struct{ Data []int64 }
	b.ask(http.MethodDelete, pinsPath, []int64{all[0].PinID, 5, all[0].PinID}).decode(t, &undone)
	if !slices.Equal(undone.Data, []int64{all[0].PinID}) || len(b.pins("")) != 3 || len(b.pins("state=unpinned")) != 0 {
		t.Errorf("undone %v", undone.Data)
	}
	if got := b.pin("subscription", "nm", third[0]); status(got[0]) != "" {
		t.Errorf("the freed slot: %+v", got)
	}
}

func TestRemoteSideUnpinsByItself(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Reviews: 3000}, wildberries.Options{Pins: &wildberries.PinPlan{
		Subscription: &wildberries.PinLimit{PerUnit: 3, Total: 10}, Tariff: &wildberries.PinLimit{PerUnit: 1, Unlimited: true},
	}})
	first, second, third := b.of(0), b.of(1), b.of(4)
	b.pin("subscription", "nm", first[0], first[1], first[2], second[0], second[1])
	b.pin("tariff", "nm", third[0])
	if limits := read[map[string]*struct{ Unlimited bool }](b, pinsPath+"/limits"); !limits["tariff"].Unlimited {
		t.Error("the tariff is limited")
	}
	b.world.Clock().Advance(time.Hour)
	b.exclude(second[0])
	b.world.Clock().Advance(time.Hour)
	b.ask(http.MethodGet, pinsPath, nil)
	b.emulator.SetPinPlan(b.account, wildberries.PinPlan{Subscription: &wildberries.PinLimit{PerUnit: 2, Total: 3}})
	causes := map[string]string{}
	for _, p := range b.pins("state=unpinned") {
		causes[p.FeedbackID] = p.UnpinnedCause
	}
	for id, want := range map[string]string{second[0]: "sysNoratingUnpinned", first[2]: "sysAdditionalSlot", third[0]: "sysTariffUnpinned"} {
		if causes[id] != want {
			t.Errorf("%s instead of %s", causes[id], want)
		}
	}
	b.emulator.SetPinPlan(b.account, wildberries.PinPlan{Subscription: &wildberries.PinLimit{PerUnit: 2, Total: 1}})
	if got := b.pins("state=unpinned&feedbackId=" + first[1]); len(got) != 1 || got[0].UnpinnedCause != "sysLimitReached" {
		t.Errorf("%+v", got)
	}
	hour := start.Add(time.Hour).Format(time.RFC3339)
	if early, late := len(b.pins("dateTo="+hour)), len(b.pins("dateFrom="+hour)); early+late < 6 || early == 0 || late == 0 {
		t.Errorf("%d before, %d after", early, late)
	}
	b.world.Reset(7)
	b.token = wildberries.Token(b.world.Accounts(wildberries.API)[0], wildberries.TokenOptions{})
	if got := b.pins(""); len(got) != 0 {
		t.Errorf("after the reset: %+v", got)
	}
}

func TestPinsAreRefusedWhole(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	poor := newBench(t, sandbox.Options{}, wildberries.Options{Pins: &wildberries.PinPlan{}})
	var p struct{ Title, Detail, Origin string }
	a := poor.ask(http.MethodPost, pinsPath, "[]")
	if a.decode(t, &p); a.status != 403 || p.Title != "no active subscription or tariff" || p.Detail != "this feature requires active subscription or active tariff" || p.Origin != "pin-open-api" {
		t.Errorf("without a subscription: %d %s", a.status, a.body)
	}
	if len(poor.pins("")) != 0 {
		t.Error("pins without a subscription")
	}
	for _, c := range []struct{ method, query, body, want string }{
		{"GET", "?state=up", "", "state must be one of the values 'pinned', 'unpinned'"}, {"GET", "/count?state=up", "", "state must be one of the values 'pinned', 'unpinned'"},
		{"GET", "?pinOn=x", "", "pinOn must be one of the values 'nm', 'imt'"}, {"GET", "?nmId=x", "", "nmId must be an integer"}, {"GET", "?limit=501", "", "limit is out of range"}, {"GET", "?dateFrom=5", "", "dateFrom must be a date-time"},
		{"POST", "", "{", "invalid request body"}, {"POST", "", "{}", "invalid request body"}, {"POST", "", "null", "invalid request body"}, {"POST", "", `[{"pinMethod":"gift","pinOn":"nm","feedbackId":"a"}]`, "invalid request body"},
		{"DELETE", "", `["a"]`, "invalid request body"}, {"DELETE", "", "", "invalid request body"},
	} {
		var body any
		if c.method != "GET" {
			body = c.body
		}
		if got := detail(t, b.ask(c.method, pinsPath+c.query, body), 400); got != c.want {
			t.Errorf("%s %s %s: %s", c.method, c.query, c.body, got)
		}
	}
	many := make([]int64, 501)
	detail(t, b.ask(http.MethodDelete, pinsPath, many), 400)
}
