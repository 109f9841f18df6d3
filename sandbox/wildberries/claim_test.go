package wildberries_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

type claimItem struct {
	ID          string
	ClaimType   int    `json:"claim_type"`
	StatusEx    int    `json:"status_ex"`
	NmID        int64  `json:"nm_id"`
	UserComment string `json:"user_comment"`
	Dt          string
	DtUpdate    string   `json:"dt_update"`
	OrderDt     string   `json:"order_dt"`
	DeliveryDt  string   `json:"delivery_dt"`
	VideoPaths  []string `json:"video_paths"`
	WbComment   *string  `json:"wb_comment"`
	Status      int
	Photos      []string
	Actions     []string
	Srid        string
	Price       float64
}

type claimList struct {
	Claims []claimItem
	Total  int
}

func (b *bench) claims(query string) claimList {
	b.Helper()
	b.world.Clock().Advance(3 * time.Second)
	var got claimList
	b.get("/wildberries/returns/api/v1/claims?"+query).decode(b, &got)
	return got
}

func (b *bench) decide(id, action, comment string) answer {
	b.Helper()
	b.world.Clock().Advance(3 * time.Second)
	body := map[string]string{"id": id, "action": action}
	if comment != "" {
		body["comment"] = comment
	}
	return b.ask(http.MethodPatch, "returns/api/v1/claim", body)
}

func TestClaimsAreListedByStateProductAndID(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Claims: 400}, wildberries.Options{})
	open, done := b.claims("is_archive=false&limit=200"), b.claims("is_archive=true&limit=200")
	if open.Total != len(open.Claims) || len(open.Claims) < 5 || done.Total <= 150 || open.Total+done.Total != 240 || len(done.Claims) != min(done.Total, 200) {
		t.Fatalf("%d of %d open, %d of %d done", len(open.Claims), open.Total, len(done.Claims), done.Total)
	}
	naive := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?$`)
	seen := map[string]int{}
	for _, c := range append(open.Claims, done.Claims...) {
		for _, at := range []string{c.Dt, c.DtUpdate, c.OrderDt, c.DeliveryDt} {
			if !naive.MatchString(at) {
				t.Errorf("time %s", at)
			}
		}
		for _, link := range append(c.Photos, c.VideoPaths...) {
			if !strings.HasPrefix(link, "//127.0.0.1") {
				t.Errorf("link %s", link)
			}
			seen["media"]++
		}
		if (c.Status == 0) != (c.WbComment == nil) || (c.Status == 0) != (c.StatusEx == 0) || (c.Status == 0) != (c.Dt == c.DtUpdate) || c.Actions == nil || c.Srid == "" {
			t.Errorf("%+v", c)
		}
		seen[fmt.Sprint("status ", c.Status, " ", c.StatusEx)]++
		seen[fmt.Sprint("type ", c.ClaimType)]++
		seen[fmt.Sprintf("state %d actions %d", c.Status, min(len(c.Actions), 1))]++
	}
	for _, what := range []string{"status 0 0", "status 1 1", "status 2 2", "status 2 5", "status 2 8", "status 2 10", "type 1", "type 3", "media", "state 0 actions 1", "state 1 actions 0", "state 1 actions 1", "state 2 actions 0"} {
		if seen[what] == 0 {
			t.Errorf("no claim with %s in %v", what, seen)
		}
	}
	if !slices.IsSortedFunc(done.Claims, func(x, y claimItem) int { return strings.Compare(y.Dt, x.Dt) }) {
		t.Error("not from the newest to the oldest")
	}
	page := b.claims("is_archive=true&limit=3&offset=4")
	if diff := cmp.Diff(done.Claims[4:7], page.Claims); diff != "" || page.Total != done.Total {
		t.Errorf("a page: %d %s", page.Total, diff)
	}
	if got := b.claims("is_archive=true"); len(got.Claims) != 50 {
		t.Errorf("%d without a limit", len(got.Claims))
	}
	one := done.Claims[10]
	for query, want := range map[string]int{
		"is_archive=true&id=" + one.ID: 1, "is_archive=false&id=" + one.ID: 0, "is_archive=true&id=fe3e9337-e9f9-423c-8930-946a8ebef80": 0, "is_archive=true&nm_id=1": 0,
		fmt.Sprintf("is_archive=true&id=%s&nm_id=%d", one.ID, one.NmID): 1, "is_archive=true&nm_id=0": 0,
	} {
		if got := b.claims(query); got.Total != want || len(got.Claims) != want {
			t.Errorf("%s: %d", query, got.Total)
		}
	}
	for _, c := range b.claims(fmt.Sprintf("is_archive=true&nm_id=%d", one.NmID)).Claims {
		if c.NmID != one.NmID {
			t.Errorf("product %d", c.NmID)
		}
	}
}

func TestClaimsLeaveTheListAfterFourteenDays(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Claims: -1}, wildberries.Options{})
	id := b.write(sandbox.KindClaim, sandbox.BuyerMessage{Text: "Сломалось"}).Conversation
	if got := b.claims("is_archive=false"); got.Total != 1 || got.Claims[0].ID != id || got.Claims[0].Dt != "2026-11-20T12:00:00" {
		t.Errorf("%+v", got)
	}
	b.world.Clock().Advance(14*24*time.Hour - time.Minute)
	if got := b.claims("is_archive=false"); got.Total != 1 {
		t.Error("gone too early")
	}
	b.world.Clock().Advance(time.Minute)
	if got := b.claims("is_archive=false"); got.Total != 0 || b.claims("is_archive=false&id="+id).Total != 0 {
		t.Error("still there")
	}
	if a := b.decide(id, "approve1", ""); a.status != 400 {
		t.Errorf("decided after all: %d", a.status)
	}
}

// fresh writes claims until one allows all the actions.
func (b *bench) fresh(actions ...string) claimItem {
	b.Helper()
	for range 200 {
		id := b.write(sandbox.KindClaim, sandbox.BuyerMessage{Text: "Сломалось"}).Conversation
		c := b.claims("is_archive=false&id=" + id).Claims[0]
		if !slices.ContainsFunc(actions, func(a string) bool { return !slices.Contains(c.Actions, a) }) {
			return c
		}
	}
	b.Fatalf("no claim allows %v", actions)
	return claimItem{}
}

func TestDecisionsDoWhatTheySay(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{Claims: 5}, wildberries.Options{})
	for _, c := range []struct {
		action, comment    string
		status, statusEx   int
		reply, thenAllowed string
	}{
		{"approve1", "", 2, 8, "проверят на складе", ""},
		{"approve2", "", 2, 10, "вернуть товар продавцу", ""},
		{"autorefund1", "", 2, 5, "остаётся у вас", ""},
		{"reject1", "", 1, 1, "не получилось", "approve1"},
		{"reject2", "", 1, 1, "добавьте фото", "autorefund1"},
		{"reject3", "", 1, 1, "сервисный центр", "approve1"},
		{"rejectcustom", "Фото не имеет отношения к товару", 1, 1, "Фото не имеет отношения к товару", "approve1"},
		{"approvecc1", "Телефон магазина 12-34, до 20:00", 2, 10, "Телефон магазина 12-34, до 20:00", "confirmreturngoodcc1"},
	} {
		allowed := false
		for range 8 { // some decisions are final
			id := b.fresh(c.action).ID
			if a := b.decide(id, c.action, c.comment); a.status != 200 || len(a.body) != 0 {
				t.Fatalf("%s: %d %s", c.action, a.status, a.body)
			}
			if b.claims("is_archive=false&id="+id).Total != 0 {
				t.Errorf("%s: still under review", c.action)
			}
			got := b.claims("is_archive=true&id=" + id).Claims[0]
			if got.Status != c.status || got.StatusEx != c.statusEx || got.WbComment == nil || !strings.Contains(*got.WbComment, c.reply) || got.DtUpdate <= got.Dt {
				t.Errorf("%s: %+v", c.action, got)
			}
			if c.thenAllowed == "" && len(got.Actions) > 0 {
				t.Errorf("%s: then %v", c.action, got.Actions)
			}
			if slices.Contains(got.Actions, c.thenAllowed) && !allowed {
				allowed = true
				if a := b.decide(id, c.thenAllowed, ""); a.status != 200 {
					t.Errorf("%s, then %s: %s", c.action, c.thenAllowed, a.body)
				}
			}
		}
		if allowed != (c.thenAllowed != "") {
			t.Errorf("%s: nothing may be done then", c.action)
		}
	}
}

func TestDecisionsAreRefusedInTheRemoteSidesShape(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	shop, plain := b.fresh("approvecc1").ID, b.fresh("approve2", "rejectcustom").ID
	if got := b.claims("is_archive=false&id=" + shop).Claims[0].Actions; slices.Contains(got, "approve1") || slices.Contains(got, "approve2") {
		t.Errorf("in-store pickup: %v", got)
	}
	const field = "Input model is not valid; Details: "
	for _, c := range []struct{ id, action, comment, want string }{
		{plain, "", "", field + "The Action field is required."},
		{plain, "reject9", "", field + `The Action "reject9" is not allowed for this claim.`},
		{plain, "approvecc1", "", field + `The Action "approvecc1" is not allowed for this claim.`},
		{plain, "rejectcustom", "", field + "The Comment field is required."},
		{plain, "rejectcustom", "девять зн", field + "The field Comment must be a string with a minimum length of 10 and a maximum length of 1000."},
		{plain, "rejectcustom", strings.Repeat("я", 1001), field + "The field Comment must be a string with a minimum length of 10 and a maximum length of 1000."},
		{plain, "approve1", "Комментарий не к месту", field + "The Comment field is not allowed for this action."},
		{shop, "approve1", "", field + `The Action "approve1" is not allowed for this claim.`},
		{"00000000-0000-0000-0000-000000000000", "approve1", "", field + "The claim was not found."},
		{"nonsense", "approve1", "", field + "The claim was not found."},
	} {
		a := b.decide(c.id, c.action, c.comment)
		if got := detail(t, a, 400); got != c.want || a.header.Get("Content-Type") != "application/json; charset=utf-8" || !strings.Contains(string(a.body), `"title":"Validation error"`) {
			t.Errorf("%s %.20s: %s", c.action, c.comment, a.body)
		}
	}
	if a := b.decide(shop, "approvecc1", ""); a.status != 200 {
		t.Errorf("a comment is no duty: %s", a.body)
	}
	if a := b.decide(plain, "rejectcustom", strings.Repeat("я", 1000)); a.status != 200 {
		t.Errorf("the longest comment: %s", a.body)
	}
	if got := b.world.State().Received; len(got) != 2 || got[0].Kind != sandbox.KindClaim || got[0].Text != "approvecc1" || got[1].Text != "rejectcustom "+strings.Repeat("я", 1000) || got[1].Conversation != plain {
		t.Errorf("received %+v", got)
	}
	lenient := newBench(t, sandbox.Options{}, wildberries.Options{LenientClaims: true})
	id := lenient.fresh("approve1").ID
	if a := lenient.decide(id, "reject9", ""); a.status != 200 || lenient.claims("is_archive=false&id="+id).Total != 1 {
		t.Errorf("the switch: %d", a.status)
	}
}

func TestClaimQueriesAreRefusedInTheRemoteSidesWords(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	for query, want := range map[string]string{
		"": "missing field `is_archive`", "limit=5": "missing field `is_archive`", "is_archive=1": "is_archive: provided string was not `true` or `false`",
		"is_archive=true&limit=0": "limit: invalid value", "is_archive=true&limit=201": "limit: invalid value", "is_archive=true&offset=-1": "offset: invalid value", "is_archive=true&nm_id=x": "nm_id: invalid digit found in string",
	} {
		b.world.Clock().Advance(3 * time.Second)
		a := b.get("/wildberries/returns/api/v1/claims?" + query)
		if got := detail(t, a, 400); got != "Failed to deserialize query string: "+want || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s", query, got)
		}
	}
}

func TestCabinetDecidesByTheSameRules(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	id := b.fresh("rejectcustom", "approve1").ID
	say := func(text string) error {
		_, err := b.world.SellerWrites(t.Context(), sandbox.SellerMessage{API: wildberries.API, Kind: sandbox.KindClaim, Conversation: id, Text: text})
		return err
	}
	if err := say("rejectcustom коротко"); err == nil {
		t.Error("a comment of seven letters")
	}
	if err := say("rejectcustom Следы носки, бирка срезана"); err != nil {
		t.Fatal(err)
	}
	if got := b.claims("is_archive=true&id=" + id).Claims[0]; got.Status != 1 || *got.WbComment != "Следы носки, бирка срезана" {
		t.Errorf("%+v", got)
	}
	if len(b.world.State().Received) != 0 {
		t.Error("the cabinet is no program")
	}
}
