package wildberries_test

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

// first returns the first error of a sequence.
func first[T any](all iter.Seq2[T, error]) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// collect reads a sequence to its end.
func collect[T any](t testing.TB, all iter.Seq2[T, error], id func(T) string) []string {
	t.Helper()
	var ids []string
	for item, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id(item))
	}
	return ids
}

func naive(day, hour, minute, second, micro int) wildberries.NaiveTime {
	return wildberries.NaiveTime{Time: time.Date(2026, 7, day, hour-3, minute, second, micro*1000, time.UTC)}
}

func TestClaimsAreDecoded(t *testing.T) {
	t.Parallel()
	got, err := deskClient(t, newRemote(t, repliesFile(t, "claims.json"))).Claims.List(t.Context(), wildberries.ListClaims{})
	if err != nil {
		t.Fatal(err)
	}
	made := naive(20, 17, 6, 12, 245611)
	want := wildberries.ClaimsPage{Total: 31, Claims: []wildberries.Claim{
		{
			ID: "fe3e9337-e9f9-423c-8930-946a8ebef80", Type: wildberries.ClaimFromChat, NmID: 214748364799, UserComment: "Трещина на дне",
			CreatedAt: made, UpdatedAt: made, OrderedAt: naive(1, 5, 18, 56, 0), DeliveredAt: naive(10, 14, 36, 7, 0),
			Photos:  []wildberries.Link{"https://photos.example/claim/1.webp", "https://photos.example/claim/2.webp"},
			Videos:  []wildberries.Link{"https://video.example/claim/1.mp4"},
			Actions: []wildberries.ClaimAction{wildberries.ActionRefund, wildberries.ActionRejectCustom, "teleport1"},
			Price:   "1570.5", CurrencyCode: "643", SRID: "b7c0d1e2f3a4",
		},
		{
			ID: "c-2", Type: 7, Status: wildberries.ClaimRefused, Goods: wildberries.GoodsStayRefused, NmID: 5, WBComment: "Отказ",
			UpdatedAt: naive(21, 0, 0, 0, 0), OrderedAt: naive(1, 0, 0, 0, 0),
			// A zone is heeded where there is one.
			DeliveredAt: naive(10, 17, 36, 7, 0), ProductName: "Чашка", Photos: []wildberries.Link{}, Videos: []wildberries.Link{},
			Actions: []wildberries.ClaimAction{}, Price: "157", CurrencyCode: "643", SRID: "s", OriginIDInfo: "не совпадает",
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func TestOddClaimLists(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body              string
		claims, malformed int
		want              error
	}{
		"null for no claims":                   {`{"claims":null,"total":0}`, 0, 0, nil},
		"no total":                             {`{"claims":[]}`, 0, 0, nil},
		"null for every list of a claim":       {`{"claims":[{"id":"a","photos":null,"video_paths":null,"actions":null,"price":null}],"total":1}`, 1, 0, nil},
		"one broken claim hides no other":      {`{"claims":[{"id":7},{"id":"a"}],"total":2}`, 1, 1, nil},
		"something else is not an empty list":  {`{"result":[]}`, 0, 0, wildberries.ErrMalformed},
		"nothing at all is not an empty list":  {``, 0, 0, wildberries.ErrMalformed},
		"a page for browsers is no list":       {`<html>`, 0, 0, wildberries.ErrMalformed},
		"a refusal in the shape of the errors": {`{"title":"Invalid query params","detail":"missing"}`, 0, 0, wildberries.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page, err := deskClient(t, newRemote(t, replies(200, "application/json", c.body))).Claims.List(t.Context(), wildberries.ListClaims{})
			if !errors.Is(err, c.want) || len(page.Claims) != c.claims || len(page.Malformed) != c.malformed {
				t.Errorf("%d claims, %d malformed, %v", len(page.Claims), len(page.Malformed), err)
			}
		})
	}
}

// A claim that is decided while the list is read leaves it, so that another one slips past the next page.
func TestAllClaimsReadsAgainWhenTheListShrinks(t *testing.T) {
	t.Parallel()
	var ids []string
	for n := range 25 {
		ids = append(ids, strconv.Itoa(n))
	}
	asked := 0
	r := newRemote(t, func(w http.ResponseWriter, req *http.Request) {
		offset, _ := strconv.Atoi(req.URL.Query().Get("offset"))
		var list []string
		for _, id := range ids[min(offset, len(ids)):min(offset+10, len(ids))] {
			list = append(list, fmt.Sprintf(`{"id":%q}`, id))
		}
		replies(200, "application/json", fmt.Sprintf(`{"claims":[%s],"total":%d}`, strings.Join(list, ","), len(ids)))(w, req)
		if asked++; asked == 1 {
			ids = ids[3:]
		}
	})
	got := collect(t, deskClient(t, r).Claims.AllClaims(t.Context(), wildberries.ListClaims{Limit: 10}), func(c wildberries.Claim) string { return c.ID })
	if len(got) != 25 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 25 {
		t.Errorf("%d claims: %v", len(got), got)
	}
	if n := r.arrived.Load(); n != 6 {
		t.Errorf("%d requests, 3 for each of two passes are enough", n)
	}
}

func TestAllClaimsEndsWhateverHappens(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body     string
		requests int64
		want     error
	}{
		"full pages of the same claim without a total": {`{"claims":[{"id":"a"}],"total":0}`, 2, nil},
		"the total is reached":                         {`{"claims":[{"id":"a"}],"total":1}`, 1, nil},
		"an error ends it":                             {`{}`, 1, wildberries.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, replies(200, "application/json", c.body))
			err := first(deskClient(t, r).Claims.AllClaims(t.Context(), wildberries.ListClaims{Limit: 1}))
			if !errors.Is(err, c.want) || r.arrived.Load() != c.requests {
				t.Errorf("%d requests, %v", r.arrived.Load(), err)
			}
		})
	}
}

func TestPinsAreDecoded(t *testing.T) {
	t.Parallel()
	got, err := deskClient(t, newRemote(t, repliesFile(t, "pins.json"))).Pins.List(t.Context(), wildberries.ListPins{})
	if err != nil {
		t.Fatal(err)
	}
	want := wildberries.PinsPage{Next: 17, Pins: []wildberries.Pin{
		{
			ID: 5000000001, FeedbackID: "rA-1", NmID: 214748364799, ImtID: 3000000000, Method: wildberries.PinByTariff, On: wildberries.PinOnProduct,
			State: wildberries.Pinned, ChangeStateAt: utc(20, 15, 4, 5, 0),
		},
		{
			ID: 17, FeedbackID: "rB", NmID: 5, ImtID: 6, Method: wildberries.PinBySubscription, On: wildberries.PinOnGroup, State: wildberries.Unpinned,
			ChangeStateAt: utc(19, 15, 4, 5, 0), UnpinnedCause: wildberries.UnpinnedLimit,
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func TestPinningCanSucceedInPart(t *testing.T) {
	t.Parallel()
	got, err := deskClient(t, newRemote(t, repliesFile(t, "pinned.json"))).Pins.Pin(t.Context(), []wildberries.PinRequest{
		{Method: wildberries.PinByTariff, On: wildberries.PinOnProduct, FeedbackID: "rA-1"},
		{Method: wildberries.PinBySubscription, On: wildberries.PinOnGroup, FeedbackID: "rB"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []wildberries.PinResult{
		{FeedbackID: "rA-1", Method: wildberries.PinByTariff, On: wildberries.PinOnProduct, PinID: 5000000001},
		{FeedbackID: "rB", Method: wildberries.PinBySubscription, On: wildberries.PinOnGroup, IsErrors: true, Errors: []wildberries.PinError{
			{Status: wildberries.PinUnitLimitReached, Title: "limit", Detail: "the card is full", RequestID: "7c1", Origin: "pin-open-api"},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	if !got[0].Pinned() || got[1].Pinned() {
		t.Error("which of them is pinned is told wrongly")
	}
}

func TestPinLimitsMayBeAbsent(t *testing.T) {
	t.Parallel()
	body := `{"data":{"subscription":null,"tariff":{"perUnitLimit":2,"remaining":5,"totalLimit":15,"unlimited":true,"used":10}}}`
	got, err := deskClient(t, newRemote(t, replies(200, "application/json", body))).Pins.Limits(t.Context())
	want := wildberries.PinLimits{Tariff: &wildberries.PinLimit{PerUnit: 2, Total: 15, Used: 10, Remaining: 5, Unlimited: true}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestAllPinsFollowsTheCursor(t *testing.T) {
	t.Parallel()
	page := map[string]string{
		"":  `{"data":[{"pinId":1,"state":"pinned"},{"pinId":2,"state":"pinned"}],"next":2}`,
		"2": `{"data":[{"pinId":2,"state":"pinned"},{"pinId":"broken"},{"pinId":3,"state":"pinned"}],"next":3}`,
		"3": `{"data":[{"pinId":3,"state":"unpinned"}]}`,
	}
	r := newRemote(t, func(w http.ResponseWriter, req *http.Request) {
		replies(200, "application/json", page[req.URL.Query().Get("next")])(w, req)
	})
	id := func(p wildberries.Pin) string { return fmt.Sprint(p.ID, " ", p.State) }
	got := collect(t, deskClient(t, r).Pins.AllPins(t.Context(), wildberries.PinFilter{}), id)
	if want := []string{"1 pinned", "2 pinned", "3 pinned", "3 unpinned"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	// A cursor that leads in a circle ends with the first page that is known.
	circle := newRemote(t, func(w http.ResponseWriter, req *http.Request) {
		next := map[string]int{"": 1, "1": 2, "2": 1}[req.URL.Query().Get("next")]
		replies(200, "application/json", fmt.Sprintf(`{"data":[{"pinId":%d}],"next":%d}`, next, next))(w, req)
	})
	got = collect(t, deskClient(t, circle).Pins.AllPins(t.Context(), wildberries.PinFilter{}), id)
	if want := []string{"1 ", "2 "}; !slices.Equal(got, want) || circle.arrived.Load() != 3 {
		t.Errorf("got %v in %d requests", got, circle.arrived.Load())
	}
}
