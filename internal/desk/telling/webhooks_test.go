package telling_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/telling"
	"github.com/sellerdesk/sellerdesk/internal/reach"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

const address = "https://erp.example.org/in"

// open makes the verbs over a fresh store with one account.
func open(t *testing.T) (*telling.Webhooks, *store.Store, sellerdesk.AccountID) {
	t.Helper()
	s := storetest.Open(t, store.Options{})
	guard := reach.Guard{Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
		switch host {
		case "erp.example.org":
			return []netip.Addr{netip.MustParseAddr("93.184.216.34")}, nil
		case "inside.example.org":
			return []netip.Addr{netip.MustParseAddr("10.0.0.7")}, nil
		default:
			return nil, errors.New("no such host")
		}
	}}
	return telling.NewWebhooks(telling.Deps{Store: s, Reach: guard}), s, storetest.Account(t, s, "shop")
}

func as(t *testing.T, a sellerdesk.Access) context.Context {
	return sellerdesk.WithAccess(t.Context(), a)
}

func TestOnlyWhoMaySendEventsElsewhereComesNearWebhooks(t *testing.T) {
	t.Parallel()
	verbs, _, account := open(t)
	owner := as(t, sellerdesk.FullAccess(1))
	made, _, err := verbs.Create(owner, telling.New{Name: "ERP", URL: address})
	if err != nil {
		t.Fatal(err)
	}
	all := sellerdesk.AllRights()
	for name, a := range map[string]sellerdesk.Access{
		"nobody":                  {},
		"an operator":             {User: 1, House: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork)},
		"everything but this":     {User: 1, House: all &^ sellerdesk.RightsOf(sellerdesk.RightWebhooks)},
		"everything in a cabinet": {User: 1, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{account: all}},
	} {
		ctx, id := as(t, a), made.ID
		another := "Another"
		for verb, do := range map[string]func() error{
			"list":       func() error { _, err := verbs.List(ctx); return err },
			"get":        func() error { _, err := verbs.Get(ctx, id); return err },
			"create":     func() error { _, _, err := verbs.Create(ctx, telling.New{Name: "x", URL: address}); return err },
			"change":     func() error { _, err := verbs.Change(ctx, id, telling.Change{Name: &another}); return err },
			"pause":      func() error { _, err := verbs.Pause(ctx, id); return err },
			"resume":     func() error { _, err := verbs.Resume(ctx, id); return err },
			"rotate":     func() error { _, _, err := verbs.Rotate(ctx, id); return err },
			"test":       func() error { _, err := verbs.Test(ctx, id); return err },
			"deliveries": func() error { _, _, err := verbs.Deliveries(ctx, store.DeliveryQuery{Webhook: id}); return err },
			"delivery":   func() error { _, err := verbs.Delivery(ctx, id, 1); return err },
			"redeliver":  func() error { _, err := verbs.Redeliver(ctx, id, telling.Redelivery{From: 1, To: 2}); return err },
			"remove":     func() error { return verbs.Remove(ctx, id) },
		} {
			if err := do(); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
				t.Errorf("%s: %s gives %v", name, verb, err)
			}
		}
	}
	if now, err := verbs.Get(owner, made.ID); err != nil || now.Rev != made.Rev {
		t.Errorf("it is another now: %+v, %v", now, err)
	}
}

// A key must not learn by a webhook what it may not read itself, and neither must
// a person who may set webhooks up and sees one cabinet.
func TestAWebhookIsBoundByWhoSetsItUp(t *testing.T) {
	t.Parallel()
	verbs, s, account := open(t)
	full := sellerdesk.FullAccess(1)
	line := func() store.WebhookLine {
		var lines []store.WebhookLine
		if err := s.Read(t.Context(), func(tx *store.Tx) (err error) { lines, err = tx.Webhooks.Lines(t.Context()); return err }); err != nil {
			t.Fatal(err)
		}
		return lines[0]
	}
	blind := as(t, sellerdesk.Access{User: 1, Key: 3, House: sellerdesk.RightsOf(sellerdesk.RightWebhooks)})
	if _, _, err := verbs.Create(blind, telling.New{Name: "ERP", URL: address}); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Errorf("a key that sees nothing: %v", err)
	}
	key := full.Narrowed(3, sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWebhooks), nil)
	made, _, err := verbs.Create(as(t, key), telling.New{Name: "ERP", URL: address})
	if err != nil {
		t.Fatal(err)
	}
	if got := line().Rights; got != sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWebhooks) {
		t.Errorf("it may tell by %v", got.List())
	}
	// Another name changes nothing of that, another address does.
	name, other := "Books", "https://erp.example.org/other"
	if _, err := verbs.Change(as(t, full), made.ID, telling.Change{Name: &name}); err != nil || line().Rights == sellerdesk.AllRights() {
		t.Errorf("a new name gave it %v, %v", line().Rights.List(), err)
	}
	if _, err := verbs.Change(as(t, full), made.ID, telling.Change{URL: &other}); err != nil || line().Rights != sellerdesk.AllRights() {
		t.Errorf("a new address gave it %v, %v", line().Rights.List(), err)
	}
	// Cabinets that may not be seen are not there.
	one := sellerdesk.Access{User: 1, House: sellerdesk.RightsOf(sellerdesk.RightWebhooks), Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{
		account: sellerdesk.RightsOf(sellerdesk.RightSee),
	}}
	hidden := storetest.Account(t, s, "hidden")
	for _, accounts := range [][]sellerdesk.AccountID{{hidden}, {account, hidden}, {99}} {
		if _, err := verbs.Change(as(t, one), made.ID, telling.Change{Accounts: &accounts}); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
			t.Errorf("%v: %v", accounts, err)
		}
	}
	if h, err := verbs.Change(as(t, one), made.ID, telling.Change{Accounts: &[]sellerdesk.AccountID{account}}); err != nil || !slices.Equal(h.Accounts, []sellerdesk.AccountID{account}) {
		t.Errorf("got %+v, %v", h, err)
	}
	if got := line().Rights; got.Has(sellerdesk.RightPeople) {
		t.Errorf("it may tell by %v", got.List())
	}
}

func TestAddressesAreJudgedAgainWhenTheyChange(t *testing.T) {
	t.Parallel()
	verbs, _, _ := open(t)
	ctx := as(t, sellerdesk.FullAccess(1))
	made, _, err := verbs.Create(ctx, telling.New{Name: "  The\tERP \n", URL: address})
	if err != nil || made.Name != "The ERP" {
		t.Fatalf("got %+v, %v", made, err)
	}
	for to, code := range map[string]sellerdesk.Code{
		"https://inside.example.org/": sellerdesk.CodeForbidden, "https://nowhere.example.org/": sellerdesk.CodeInvalid, "http://erp.example.org/": sellerdesk.CodeInvalid,
	} {
		if _, err := verbs.Change(ctx, made.ID, telling.Change{URL: &to}); sellerdesk.CodeOf(err) != code {
			t.Errorf("%s: %v", to, err)
		}
	}
	if now, err := verbs.Get(ctx, made.ID); err != nil || now.URL != address {
		t.Errorf("got %+v, %v", now, err)
	}
}

func TestTestsAndWebhooksAreBounded(t *testing.T) {
	t.Parallel()
	verbs, _, _ := open(t)
	ctx := as(t, sellerdesk.FullAccess(1))
	var id sellerdesk.WebhookID
	for n := range 51 {
		made, _, err := verbs.Create(ctx, telling.New{Name: "ERP", URL: address})
		if want := n == 50; want != (sellerdesk.CodeOf(err) == sellerdesk.CodeConflict) {
			t.Fatalf("webhook %d: %v", n+1, err)
		}
		if err == nil {
			id = made.ID
		}
	}
	for n := range 6 {
		_, err := verbs.Test(ctx, id)
		if want := n == 5; want != (sellerdesk.CodeOf(err) == sellerdesk.CodeLimited) {
			t.Errorf("test %d: %v", n+1, err)
		}
	}
}
