package sellerdesk_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/sellerdesk/sellerdesk"
)

// told says for each kind what lets an event of no account be told; where it has
// an account, see there does, unless the kind needs a right of the house.
func told() map[sellerdesk.EventKind]string {
	all := map[sellerdesk.EventKind]string{
		sellerdesk.EventContactUpdated: "the whole house", sellerdesk.EventJobChanged: "whose job it is",
		sellerdesk.EventAccessChanged: "people", sellerdesk.EventWebhookChanged: "webhooks",
		sellerdesk.EventNotificationCreated: "whom it is for",
	}
	for _, k := range []sellerdesk.EventKind{
		sellerdesk.EventAccountCreated, sellerdesk.EventAccountChanged, sellerdesk.EventAccountRemoved,
		sellerdesk.EventConversationCreated, sellerdesk.EventConversationUpdated, sellerdesk.EventConversationRemoved,
		sellerdesk.EventMessageCreated, sellerdesk.EventMessageUpdated, sellerdesk.EventOutboxQueued, sellerdesk.EventOutboxSettled,
		sellerdesk.EventFileUpdated, sellerdesk.EventPushReceived, sellerdesk.EventSyncProgress,
		sellerdesk.EventNoteChanged, sellerdesk.EventTaskChanged, sellerdesk.EventDraftChanged, sellerdesk.EventHouseChanged,
	} {
		all[k] = "see"
	}
	return all
}

func TestEveryKindOfEventIsToldToThoseWhoMaySeeItOnly(t *testing.T) {
	t.Parallel()
	const here, there, me = sellerdesk.AccountID(1), sellerdesk.AccountID(2), sellerdesk.UserID(7)
	who := map[string]sellerdesk.Access{"nobody": {User: me}}
	for _, r := range sellerdesk.BuiltInRoles() {
		who[string(r.Name)] = sellerdesk.Access{User: me, House: r.Rights}
		who[string(r.Name)+" here"] = sellerdesk.Access{User: me, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{here: r.Rights}}
	}
	for _, r := range sellerdesk.EveryRight() {
		who["a key with "+string(r)] = sellerdesk.Access{User: me, Key: 1, House: sellerdesk.RightsOf(r)}
	}
	table := told()
	for _, kind := range sellerdesk.EventKinds() {
		by, ok := table[kind]
		if !ok {
			t.Errorf("who hears of %s is not said", kind)
		}
		for name, a := range who {
			for _, account := range []sellerdesk.AccountID{0, here, there} {
				for _, user := range []sellerdesk.UserID{me, me + 1} {
					about := here
					if account != 0 {
						about = account
					}
					e := sellerdesk.Event{Kind: kind, Data: json.RawMessage(fmt.Sprintf(`{"user":%d,"accounts":[%d]}`, user, about))}
					if account != 0 {
						e.Account = &account
					}
					var want bool
					switch {
					case by == "people" || by == "webhooks":
						want = a.House.Has(sellerdesk.Right(by))
					case by == "whom it is for" && user != me:
						want = false
					case account != 0:
						want = a.MayIn(sellerdesk.RightSee, account)
					case by == "the whole house":
						want = a.House.Has(sellerdesk.RightSee)
					case by == "whose job it is":
						want = a.House.Has(sellerdesk.RightSee) || user == me && a.MaySomewhere(sellerdesk.RightSee)
					default:
						want = a.MaySomewhere(sellerdesk.RightSee)
					}
					if got := a.Sees(e); got != want {
						t.Errorf("%s of account %d about user %d is told to %s: %t, want %t", kind, account, user, name, got, want)
					}
				}
			}
		}
	}
}

func TestAJobIsToldOfOnlyWhereAllItIsAboutMayBeSeen(t *testing.T) {
	t.Parallel()
	me := sellerdesk.Access{User: 7, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{1: sellerdesk.RightsOf(sellerdesk.RightSee)}}
	for accounts, want := range map[string]bool{"[1]": true, "[2]": false, "[1,2]": false, "[]": false} {
		e := sellerdesk.Event{Kind: sellerdesk.EventJobChanged, Data: json.RawMessage(`{"user":7,"accounts":` + accounts + `}`)}
		if got := me.Sees(e); got != want {
			t.Errorf("a job of accounts %s is told: %t", accounts, got)
		}
	}
}

func TestAnAccountThatMayNotBeSeenIsNotThereWhateverElseIsHeldInIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		held sellerdesk.Rights
		want sellerdesk.Code
	}{
		{"nothing is held", 0, sellerdesk.CodeNotFound},
		{"work without see", sellerdesk.RightsOf(sellerdesk.RightWork), sellerdesk.CodeNotFound},
		{"see without work", sellerdesk.RightsOf(sellerdesk.RightSee), sellerdesk.CodeForbidden},
		{"both", sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{1: c.held}})
			if got := sellerdesk.CodeOf(sellerdesk.Allow(ctx, sellerdesk.RightWork, 1)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
