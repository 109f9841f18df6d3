package desk_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func TestAccountThatCannotWorkIsRefusedInOneSentence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		in       desk.AddAccount
		code     sellerdesk.Code
		field    string
		sentence string
	}{
		{"an unknown channel", desk.AddAccount{Channel: "bazaar"},
			sellerdesk.CodeInvalid, "channel", `There is no channel "bazaar".`},
		{"no token", desk.AddAccount{Channel: "market", Credentials: token1("  ")},
			sellerdesk.CodeInvalid, "credentials.token", "Token is missing."},
		{"a token as long as a book", desk.AddAccount{Channel: "market", Credentials: token1(strings.Repeat("x", 20_000))},
			sellerdesk.CodeInvalid, "credentials.token", "Token is too long."},
		{"a credential nobody asked for", desk.AddAccount{Channel: "market", Credentials: map[string]sellerdesk.Secret{"token": "good", "pin": "1"}},
			sellerdesk.CodeInvalid, "credentials", `The channel knows no credential "pin".`},
		{"an expired token", desk.AddAccount{Channel: "market", Credentials: token1("old")},
			sellerdesk.CodeInvalid, "credentials", "The token ended on 1 February."},
		{"a token of a foreign category", desk.AddAccount{Channel: "market", Credentials: token1("foreign")},
			sellerdesk.CodeInvalid, "credentials", "The token is for prices only."},
		{"a remote side that does not answer", desk.AddAccount{Channel: "market", Credentials: token1("down")},
			sellerdesk.CodeUnavailable, "", "The channel does not answer. Try again later."},
		{"a remote side that asks to wait", desk.AddAccount{Channel: "market", Credentials: token1("busy")},
			sellerdesk.CodeLimited, "credentials", "The channel asks to wait before trying again."},
		{"an address where something else answers", desk.AddAccount{Channel: "market", Credentials: token1("gibberish")},
			sellerdesk.CodeUnavailable, "", "What answered is not understood. Is the address right?"},
		{"a mistake of the adapter", desk.AddAccount{Channel: "market", Credentials: token1("broken")},
			sellerdesk.CodeInternal, "", "The account could not be checked."},
		{"an address of a wrong kind", desk.AddAccount{Channel: "market", Credentials: token1("good"), BaseURL: "file:///etc/passwd"},
			sellerdesk.CodeInvalid, "base_url", "The base address must look like https://host/path."},
		{"a name as long as a letter", desk.AddAccount{Channel: "market", Credentials: token1("good"), Name: strings.Repeat("я", 101)},
			sellerdesk.CodeInvalid, "name", "The name has 101 characters; it may have up to 100."},
	}
	h := open(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := h.Accounts.Add(t.Context(), tt.in)
			refused(t, err, tt.code, tt.field, tt.sentence)
		})
	}
	h.read(t, func(tx *store.Tx) error {
		all, err := tx.Accounts.List(t.Context())
		if len(all) != 0 {
			t.Errorf("kept %d accounts, want none", len(all))
		}
		return err
	})
}

func TestAccountIsNamedAndOpened(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "good")
	if a.Name != "ООО «Ромашка»" || a.State != sellerdesk.AccountOK || len(a.Abilities) != 4 {
		t.Errorf("added %+v", a)
	}
	if h.roster.Get(a.ID) == nil {
		t.Error("the connector is not in the roster")
	}
}

func TestSecondTokenOfOneCabinetIsRefusedWithTheNameOfTheFirst(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.add(t, "good")
	_, err := h.Accounts.Add(t.Context(), desk.AddAccount{Channel: "market", Name: "Again", Credentials: token1("other token")})
	if sellerdesk.CodeOf(err) != sellerdesk.CodeConflict || !strings.Contains(err.Error(), "Ромашка") {
		t.Errorf("error %v, want a conflict that names the first account", err)
	}
	if b := h.add(t, "second cabinet"); b.Name != "ИП Лютик" {
		t.Errorf("the other cabinet is called %q", b.Name)
	}
}

func TestReadOnlyTokenIsAcceptedAndRepliesAreRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.chat(t, "read only")
	_, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: h.owner(t), Conversation: id, Text: "hi"})
	refused(t, err, sellerdesk.CodeUnsupported, "", "The token of this account may only read.")
}

func TestOtherCredentialsOfTheSameCabinetLetAnExpiredAccountGoOn(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "good")
	h.write(t, func(tx *store.Tx) error {
		return tx.Accounts.SetState(t.Context(), a.ID, sellerdesk.AccountExpired, sellerdesk.Why{Code: sellerdesk.ReasonExpired, Text: "Ended."})
	})
	_, err := h.Accounts.ReplaceCredentials(t.Context(), a.ID, token1("second cabinet"))
	if sellerdesk.CodeOf(err) != sellerdesk.CodeConflict || !strings.Contains(err.Error(), "ИП Лютик") {
		t.Errorf("credentials of another cabinet: %v, want a conflict that names it", err)
	}
	before := h.roster.Get(a.ID)
	renewed, err := h.Accounts.ReplaceCredentials(t.Context(), a.ID, token1("new token"))
	if err != nil || renewed.State != sellerdesk.AccountOK || renewed.Reason != "" {
		t.Errorf("renewed %s %q, %v; want ok", renewed.State, renewed.Reason, err)
	}
	if h.roster.Get(a.ID) == before {
		t.Error("the old connector is still in the roster")
	}
	h.read(t, func(tx *store.Tx) error {
		kept, err := tx.Accounts.Credentials(t.Context(), a.ID)
		if kept["token"].Reveal() != "new token" {
			t.Error("the new token is not kept")
		}
		return err
	})
}

func TestPauseLastsUntilAPersonEndsIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "good")
	paused, err := h.Accounts.Pause(t.Context(), a.ID)
	if err != nil || paused.State != sellerdesk.AccountPaused || paused.ReasonCode != sellerdesk.ReasonPaused {
		t.Fatalf("paused %+v, %v", paused, err)
	}
	if renewed, err := h.Accounts.ReplaceCredentials(t.Context(), a.ID, token1("new token")); err != nil || renewed.State != sellerdesk.AccountPaused {
		t.Errorf("after new credentials it is %s (%v), want paused", renewed.State, err)
	}
	if resumed, err := h.Accounts.Resume(t.Context(), a.ID); err != nil || resumed.State != sellerdesk.AccountOK {
		t.Errorf("resumed %s, %v", resumed.State, err)
	}
}

func TestResumeOfAnExpiredAccountProvesTheCredentialsFirst(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "good")
	h.write(t, func(tx *store.Tx) error {
		if err := tx.Accounts.SetCredentials(t.Context(), a.ID, token1("foreign")); err != nil {
			return err
		}
		return tx.Accounts.SetState(t.Context(), a.ID, sellerdesk.AccountExpired, sellerdesk.Why{Text: "Ended."})
	})
	_, err := h.Accounts.Resume(t.Context(), a.ID)
	refused(t, err, sellerdesk.CodeInvalid, "credentials", "The token is for prices only.")
}

func TestOneAccountThatCannotBeOpenedDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	h := open(t)
	bad, good := h.add(t, "good"), h.add(t, "second cabinet")
	h.write(t, func(tx *store.Tx) error { return tx.Accounts.SetCredentials(t.Context(), bad.ID, token1("old")) })
	for _, id := range []sellerdesk.AccountID{bad.ID, good.ID} {
		h.roster.Remove(id)
	}
	if err := h.Accounts.OpenAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h.roster.Get(good.ID) == nil || h.roster.Get(bad.ID) != nil {
		t.Error("the roster must have the good account only")
	}
	h.read(t, func(tx *store.Tx) error {
		a, err := tx.Accounts.Get(t.Context(), bad.ID)
		if a.State != sellerdesk.AccountExpired || a.Reason != "The token ended on 1 February." {
			t.Errorf("the bad account is %s %q", a.State, a.Reason)
		}
		return err
	})
}

func TestBrokenAccountThatOpensAgainGoesOn(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "good")
	h.write(t, func(tx *store.Tx) error {
		return tx.Accounts.SetState(t.Context(), a.ID, sellerdesk.AccountBroken, sellerdesk.Why{Text: "The key is another one."})
	})
	if err := h.Accounts.OpenAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.read(t, func(tx *store.Tx) error {
		got, err := tx.Accounts.Get(t.Context(), a.ID)
		if got.State != sellerdesk.AccountOK || got.Reason != "" {
			t.Errorf("the account is %s %q, want ok", got.State, got.Reason)
		}
		return err
	})
}

func TestRemovedAccountIsGoneWithEverything(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, a := h.chat(t, "good")
	if err := h.Accounts.Remove(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if h.roster.Get(a.ID) != nil {
		t.Error("the connector is still in the roster")
	}
	_, err := h.Conversations.Act(t.Context(), desk.ActInput{User: h.owner(t), Conversation: id, Action: sellerdesk.ActionMarkRead})
	if sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("its conversation: %v, want not_found", err)
	}
	if err := h.Accounts.Remove(t.Context(), a.ID); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("removed again: %v, want not_found", err)
	}
	h.add(t, "good") // the cabinet can be added anew
}

func TestDriversCannotBeChangedFromOutside(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Accounts.Drivers()[0] = channel.Driver{}
	if h.Accounts.Drivers()[0].Kind != "market" {
		t.Error("the list of channels was changed")
	}
}

func TestOnlyWhoMayChangeTheHouseNamesAnotherAddressOfTheRemoteSide(t *testing.T) {
	t.Parallel()
	h := open(t)
	lead := h.as(t, h.invite(t, "Lead", sellerdesk.Grant{Role: sellerdesk.RoleLead}))
	in := desk.AddAccount{Channel: "market", BaseURL: "http://127.0.0.1:6060", Credentials: token1("good")}
	_, err := h.Accounts.Add(lead, in)
	refused(t, err, sellerdesk.CodeForbidden, "", `You lack the right "settings". The owner can give it.`)
	if _, err := h.Accounts.Add(h.as(t, h.owner(t)), in); err != nil {
		t.Errorf("the owner: %v", err)
	}
	if _, err := h.Accounts.Add(lead, desk.AddAccount{Channel: "market", Credentials: token1("second cabinet")}); err != nil {
		t.Errorf("the lead without an address: %v", err)
	}
}

func TestPrivateAddressesAreForCredentialsOfWhoMayChangeTheHouse(t *testing.T) {
	t.Parallel()
	h := open(t)
	var private []bool
	d := driver()
	d.Client = func(may bool) *http.Client {
		private = append(private, may)
		return http.DefaultClient
	}
	accounts := desk.New(desk.Deps{Store: h.store, Roster: h.roster, Drivers: []channel.Driver{d}}).Accounts
	expect := func(what string, want bool, err error) {
		t.Helper()
		if err != nil || !slices.Equal(private, []bool{want}) {
			t.Errorf("%s asks for the clients %v, %v; want %v", what, private, err, want)
		}
		private = nil
	}
	lead, owner := h.as(t, h.invite(t, "Lead", sellerdesk.Grant{Role: sellerdesk.RoleLead})), h.as(t, h.owner(t))
	broken := func(id sellerdesk.AccountID) {
		h.roster.Remove(id)
		h.write(t, func(tx *store.Tx) error {
			return tx.Accounts.SetState(t.Context(), id, sellerdesk.AccountExpired, sellerdesk.Why{Text: "Ended."})
		})
	}

	a, err := accounts.Add(lead, desk.AddAccount{Channel: "market", Credentials: token1("good")})
	expect("adding by the lead", false, err)
	expect("the next start", false, accounts.OpenAll(t.Context()))
	broken(a.ID)
	_, err = accounts.Resume(owner, a.ID)
	expect("going on with what the lead gave", false, err)
	_, err = accounts.ReplaceCredentials(owner, a.ID, token1("new token"))
	expect("other credentials by the owner", true, err)
	expect("the next start", true, accounts.OpenAll(t.Context()))
	broken(a.ID)
	_, err = accounts.Resume(lead, a.ID)
	expect("going on with what the owner gave", true, err)
	_, err = accounts.ReplaceCredentials(lead, a.ID, token1("newer token"))
	expect("other credentials by the lead", false, err)
	expect("the next start", false, accounts.OpenAll(t.Context()))
}

func TestAConflictNamesNoCabinetThatMayNotBeSeen(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.add(t, "good")
	ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{User: 1, House: sellerdesk.RightsOf(sellerdesk.RightAccounts)})
	_, err := h.Accounts.Add(ctx, desk.AddAccount{Channel: "market", Credentials: token1("good")})
	refused(t, err, sellerdesk.CodeConflict, "", "This cabinet is connected already.")
}
