package starting_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/starting"
)

func account(id sellerdesk.AccountID, sources []sellerdesk.Source, options ...string) sellerdesk.Account {
	open := sellerdesk.Ability{Action: sellerdesk.ActionOpen}
	for _, o := range options {
		open.Options = append(open.Options, sellerdesk.Option{Value: o})
	}
	return sellerdesk.Account{
		ID: id, State: sellerdesk.AccountOK, Identity: sellerdesk.Identity{Sources: sources},
		Abilities: []sellerdesk.KindAbilities{{Kind: sellerdesk.KindChat, Can: []sellerdesk.Ability{open}}},
	}
}

func TestOrdersAndPeopleAreOfferedApart(t *testing.T) {
	t.Parallel()
	broken := account(3, []sellerdesk.Source{{ID: "9", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone}}}, "phone")
	broken.State = sellerdesk.AccountExpired
	o := starting.Offered([]sellerdesk.Account{
		account(1, nil, "order", "return"), account(2, nil, "order"), {ID: 4}, broken,
		account(5, []sellerdesk.Source{{ID: "1"}, {ID: "2", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone, sellerdesk.ChatWithUsername}}}, "phone", "username"),
	})
	if len(o.About) != 2 || len(o.Options) != 2 || len(o.Sources) != 3 {
		t.Fatalf("offered %+v", o)
	}
	if got := o.First(0); got != "5/2" {
		t.Errorf("the first is %q", got)
	}
	if o.First(1) != "" || !o.Of(5) || o.Of(1) {
		t.Error("sources are of their accounts")
	}
	if got := o.Sources[2].Takes(); got != "phone username" {
		t.Errorf("it takes %q", got)
	}
}

func TestTheFormSaysWhatIsStarted(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]desk.StartInput{
		"account=1&about=order&number=77":                                 {Account: 1, Order: "77"},
		"account=1&about=return&number=77":                                {Account: 1, Return: "77"},
		"to=person&way=5/11&by=phone&phone=8 999 123&username=x":          {Account: 5, Source: "11", Phone: "8 999 123"},
		"to=person&way=5/11&by=username&phone=8&username=@anna&contact=3": {Account: 5, Source: "11", Username: "@anna", Contact: 3},
		"to=person&way=x&contact=-1":                                      {},
		"account=x":                                                       {},
	} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, starting.Input(q)); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}
