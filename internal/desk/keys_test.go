package desk_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// key makes a key for a person.
func (h *house) key(t *testing.T, id sellerdesk.UserID, in desk.CreateKey) desk.NewKey {
	t.Helper()
	if in.Name == "" {
		in.Name = "ERP"
	}
	k, err := h.Keys.Create(h.as(t, id), in)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAKeyActsWithinTheRightsOfItsPerson(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		first, second := h.add(t, "good").ID, h.add(t, "second cabinet").ID
		id := h.invite(t, "olga", in(first, "operator"), in(second, "read-only"))
		wide := h.key(t, id, desk.CreateKey{Rights: sellerdesk.AllRights() &^ sellerdesk.RightsOf(sellerdesk.RightDelete)})
		narrow := h.key(t, id, desk.CreateKey{Rights: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork), Accounts: []sellerdesk.AccountID{second}})
		if !regexp.MustCompile(`^sd_[A-Za-z0-9_-]{43}$`).MatchString(wide.Text) || !strings.HasPrefix(wide.Text, wide.Key.Prefix) || len(wide.Key.Prefix) > 9 {
			t.Errorf("the key %q begins with %q", wide.Text, wide.Key.Prefix)
		}
		check := func(k desk.NewKey) sellerdesk.Access {
			t.Helper()
			use, err := h.Keys.Check(t.Context(), k.Text, "192.0.2.3")
			if err != nil || use.User.ID != id || use.Access.User != id || use.Access.Key != k.Key.ID || use.Access.Address != "192.0.2.3" {
				t.Fatalf("used %+v, %v", use, err)
			}
			current, err := h.Keys.Current(t.Context(), k.Key.ID)
			if err != nil || current.House != use.Access.House || len(current.Accounts) != len(use.Access.Accounts) {
				t.Errorf("a stream may %+v, a request %+v, %v", current, use.Access, err)
			}
			return use.Access
		}
		if a := check(wide); a.House != 0 || !a.MayIn(sellerdesk.RightWork, first) || a.MayIn(sellerdesk.RightWork, second) || a.MayIn(sellerdesk.RightExport, first) {
			t.Errorf("the wide key may %+v", a)
		}
		if a := check(narrow); a.MaySomewhere(sellerdesk.RightWork) || a.MayIn(sellerdesk.RightSee, first) || !a.MayIn(sellerdesk.RightSee, second) {
			t.Errorf("the narrow key may %+v", a)
		}
		if _, err := h.Users.Change(h.as(t, h.owner(t)), id, desk.ChangeUser{Grants: &[]sellerdesk.Grant{in(first, "read-only")}}); err != nil {
			t.Fatal(err)
		}
		if a := check(wide); a.MayIn(sellerdesk.RightWork, first) || a.MayIn(sellerdesk.RightSee, second) {
			t.Errorf("after the person may less, the key may %+v", a)
		}
	})
}

func TestKeysThatDoNotWork(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.invite(t, "olga", sellerdesk.Grant{Role: "operator"})
		see, soon := sellerdesk.RightsOf(sellerdesk.RightSee), sellerdesk.At(h.now.Add(time.Hour))
		expiring, revoked := h.key(t, id, desk.CreateKey{Rights: see, Expires: &soon}), h.key(t, id, desk.CreateKey{Rights: see})
		for _, k := range []desk.NewKey{expiring, revoked} {
			if _, err := h.Keys.Check(t.Context(), k.Text, ""); err != nil {
				t.Fatal(err)
			}
		}
		stranger := h.invite(t, "max", sellerdesk.Grant{Role: "operator"})
		if err := h.Keys.Revoke(h.as(t, stranger), revoked.Key.ID); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Errorf("a stranger revokes: %v", err)
		}
		if err := h.Keys.Revoke(h.as(t, id), revoked.Key.ID); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(time.Hour)
		const wrong, late = "The key in the header Authorization is not right.", "The key in the header Authorization has expired."
		for text, sentence := range map[string]string{
			expiring.Text: late, revoked.Text: wrong, "": wrong, "sd_": wrong, revoked.Text[3:]: wrong, revoked.Text + "x": wrong, strings.Repeat("sd_x", 1000): wrong,
		} {
			_, err := h.Keys.Check(t.Context(), text, "")
			refused(t, err, sellerdesk.CodeForbidden, "", sentence)
		}
		for _, k := range []desk.NewKey{expiring, revoked} {
			if _, err := h.Keys.Current(t.Context(), k.Key.ID); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
				t.Errorf("a stream goes on: %v", err)
			}
		}
	})
}

func TestAKeyIsLimitedByTheMinute(t *testing.T) {
	t.Parallel()
	h := open(t)
	k := h.key(t, h.owner(t), desk.CreateKey{Rights: sellerdesk.RightsOf(sellerdesk.RightSee), Limit: 3})
	for left := 2; left >= 0; left-- {
		use, err := h.Keys.Check(t.Context(), k.Text, "")
		if err != nil || use.Left != left || use.Resets <= 0 || use.Resets > time.Minute {
			t.Fatalf("left %d, resets in %s, %v; want %d", use.Left, use.Resets, err, left)
		}
		h.now = h.now.Add(10 * time.Second)
	}
	use, err := h.Keys.Check(t.Context(), k.Text, "")
	refused(t, err, sellerdesk.CodeLimited, "", "This key may make 3 requests a minute.")
	if use.Key.Limit != 3 || use.Left != 0 || use.Resets != 30*time.Second {
		t.Errorf("refused with %+v", use)
	}
	h.now = h.now.Add(use.Resets)
	if _, err := h.Keys.Check(t.Context(), k.Text, ""); err != nil {
		t.Errorf("in the next minute: %v", err)
	}
}

func TestTheUseOfAKeyIsKeptBesideTheRequests(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		owner := h.owner(t)
		k := h.key(t, owner, desk.CreateKey{Rights: sellerdesk.RightsOf(sellerdesk.RightSee)})
		kept := func() (at *sellerdesk.Time) {
			h.read(t, func(tx *store.Tx) error {
				key, err := tx.Keys.Get(t.Context(), k.Key.ID)
				at = key.UsedAt
				return err
			})
			return at
		}
		if _, err := h.Keys.Check(t.Context(), k.Text, ""); err != nil {
			t.Fatal(err)
		}
		if at := kept(); at != nil {
			t.Errorf("a request wrote %s", at)
		}
		list, err := h.Keys.List(h.as(t, owner), 0, false)
		if err != nil || len(list) != 1 || list[0].UsedAt == nil || !list[0].UsedAt.Equal(h.now) {
			t.Errorf("listed %+v, %v", list, err)
		}
		if err := h.Sessions.KeepUses(t.Context()); err != nil {
			t.Fatal(err)
		}
		if at := kept(); at == nil || !at.Equal(h.now) {
			t.Errorf("kept %v", at)
		}
	})
}

func TestKeysAreJudged(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.add(t, "good").ID
	id := h.invite(t, "olga", in(account, "operator"))
	ctx, see, past := h.as(t, id), sellerdesk.RightsOf(sellerdesk.RightSee), sellerdesk.At(h.now)
	for field, in := range map[string]desk.CreateKey{
		"name": {Rights: see, Name: " "}, "rights": {Name: "x"}, "limit": {Name: "x", Rights: see, Limit: -1},
		"expires_at": {Name: "x", Rights: see, Expires: &past}, "accounts": {Name: "x", Rights: see, Accounts: []sellerdesk.AccountID{account + 1}},
	} {
		_, err := h.Keys.Create(ctx, in)
		if e, ok := err.(*sellerdesk.Error); !ok || e.Code != sellerdesk.CodeInvalid || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := h.Keys.List(ctx, h.owner(t), false); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Errorf("those of somebody else: %v", err)
	}
	if _, err := h.Keys.List(ctx, 0, true); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Errorf("those of everybody: %v", err)
	}
	h.key(t, id, desk.CreateKey{Rights: see})
	if list, err := h.Keys.List(h.as(t, h.owner(t)), 0, true); err != nil || len(list) != 1 {
		t.Errorf("the owner lists %d, %v", len(list), err)
	}
	given, err := h.Keys.Create(h.as(t, h.owner(t)), desk.CreateKey{User: id, Name: "for Olga", Rights: see})
	if err != nil || given.Key.User != id {
		t.Errorf("the owner makes one for somebody: %+v, %v", given.Key, err)
	}
}

func TestNoRightsGrowByMakingKeysWithKeys(t *testing.T) {
	t.Parallel()
	h := open(t)
	owner := h.owner(t)
	maker := h.key(t, owner, desk.CreateKey{Rights: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightKeys)})
	plain := h.key(t, owner, desk.CreateKey{Rights: sellerdesk.RightsOf(sellerdesk.RightSee)})
	create := func(by desk.NewKey, rights sellerdesk.Rights) error {
		use, err := h.Keys.Check(t.Context(), by.Text, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.Keys.Create(sellerdesk.WithAccess(t.Context(), use.Access), desk.CreateKey{Name: "child", Rights: rights})
		return err
	}
	if err := create(plain, sellerdesk.RightsOf(sellerdesk.RightSee)); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Errorf("without the right: %v", err)
	}
	if err := create(maker, sellerdesk.AllRights()); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Errorf("more than it holds: %v", err)
	}
	if err := create(maker, sellerdesk.RightsOf(sellerdesk.RightSee)); err != nil {
		t.Errorf("within what it holds: %v", err)
	}
}

// BenchmarkCheckKey must stay below 0.05 ms.
func BenchmarkCheckKey(b *testing.B) {
	h := openOn(b, "")
	owner, err := h.Users.Owner(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	k, err := h.Keys.Create(sellerdesk.WithAccess(b.Context(), sellerdesk.FullAccess(owner.ID)),
		desk.CreateKey{Name: "ERP", Rights: sellerdesk.RightsOf(sellerdesk.RightSee), Limit: 100_000})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := h.Keys.Check(b.Context(), k.Text, "192.0.2.1"); err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeLimited {
			b.Fatal(err)
		}
	}
}

// A key that may do little must not act as its person, who may do more.
func TestANarrowKeySeesAndEndsOnlyItself(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.add(t, "good").ID
	owner, see := h.owner(t), sellerdesk.RightsOf(sellerdesk.RightSee)
	session, err := h.Users.OpenSession(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	wide := h.key(t, owner, desk.CreateKey{Rights: sellerdesk.AllRights()})
	narrow := h.key(t, owner, desk.CreateKey{Rights: see, Accounts: []sellerdesk.AccountID{account}})
	for name, k := range map[string]desk.NewKey{
		"of one account": narrow, "without the rights": h.key(t, owner, desk.CreateKey{Rights: see}),
		"with the rights in an account": h.key(t, owner, desk.CreateKey{Rights: sellerdesk.AllRights(), Accounts: []sellerdesk.AccountID{account}}),
	} {
		ctx := h.with(t, k)
		if list, err := h.Keys.List(ctx, 0, false); err != nil || len(list) != 1 || list[0].ID != k.Key.ID {
			t.Errorf("a key %s lists %+v, %v; want itself", name, list, err)
		}
		if err := h.Keys.Revoke(ctx, wide.Key.ID); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Errorf("a key %s revokes another one: %v", name, err)
		}
		if list, err := h.Sessions.List(ctx, 0); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("a key %s lists sessions: %v, %v", name, list, err)
		}
		if err := h.Sessions.Revoke(ctx, 1); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Errorf("a key %s ends a session: %v", name, err)
		}
		if _, err := h.Sessions.RevokeOthers(ctx, 0); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("a key %s ends all sessions: %v", name, err)
		}
	}
	if _, err := h.session(t, session); err != nil {
		t.Errorf("the session of the person: %v", err)
	}
	if err := h.Keys.Revoke(h.with(t, narrow), narrow.Key.ID); err != nil {
		t.Errorf("a key ends itself: %v", err)
	}
	if list, err := h.Keys.List(h.with(t, wide), 0, false); err != nil || len(list) != 4 {
		t.Errorf("a key with the right lists %d, %v", len(list), err)
	}
	if list, err := h.Sessions.List(h.with(t, wide), 0); err != nil || len(list) != 1 {
		t.Errorf("a key with the right lists %d sessions, %v", len(list), err)
	}
}

// with gives a context that speaks for a key.
func (h *house) with(t *testing.T, k desk.NewKey) context.Context {
	t.Helper()
	use, err := h.Keys.Check(t.Context(), k.Text, "192.0.2.3")
	if err != nil {
		t.Fatal(err)
	}
	return sellerdesk.WithAccess(t.Context(), use.Access)
}

// A key follows what its person may do later: it must not be made in advance.
func TestAKeyForSomebodyElseHoldsNoMoreThanItsMakerEver(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.add(t, "good").ID
	owner := h.as(t, h.owner(t))
	see := sellerdesk.RightsOf(sellerdesk.RightSee)
	if _, err := h.Roles.Set(owner, sellerdesk.Role{Name: "clerk", Rights: see | sellerdesk.RightsOf(sellerdesk.RightKeys)}); err != nil {
		t.Fatal(err)
	}
	clerk := h.as(t, h.invite(t, "clerk", sellerdesk.Grant{Role: "clerk"}, in(account, "operator")))
	fresh, gone := h.invite(t, "fresh", in(account, "read-only")), h.invite(t, "gone", sellerdesk.Grant{Role: "read-only"})
	if err := h.Users.Disable(owner, gone); err != nil {
		t.Fatal(err)
	}
	work := sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork)
	for _, c := range []struct {
		name string
		in   desk.CreateKey
		want sellerdesk.Code
	}{
		{"all rights for one who holds none of them yet", desk.CreateKey{User: fresh, Rights: sellerdesk.AllRights()}, sellerdesk.CodeForbidden},
		{"a right that the clerk holds in one account only", desk.CreateKey{User: fresh, Rights: work}, sellerdesk.CodeForbidden},
		{"more than the clerk holds in that account", desk.CreateKey{User: fresh, Rights: sellerdesk.AllRights(), Accounts: []sellerdesk.AccountID{account}}, sellerdesk.CodeForbidden},
		{"what the clerk holds in that account", desk.CreateKey{User: fresh, Rights: work, Accounts: []sellerdesk.AccountID{account}}, ""},
		{"what the clerk holds everywhere", desk.CreateKey{User: fresh, Rights: see}, ""},
		{"one for somebody who is disabled", desk.CreateKey{User: gone, Rights: see}, sellerdesk.CodeConflict},
		{"any rights for oneself", desk.CreateKey{Rights: sellerdesk.AllRights()}, ""},
	} {
		c.in.Name = "x"
		if _, err := h.Keys.Create(clerk, c.in); sellerdesk.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
