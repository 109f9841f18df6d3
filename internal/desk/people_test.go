package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// as gives a context that speaks for a person with the rights of the moment.
func (h *house) as(t *testing.T, id sellerdesk.UserID) context.Context {
	t.Helper()
	a, err := h.Users.Access(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	a.Address = "192.0.2.7"
	return sellerdesk.WithAccess(t.Context(), a)
}

// invite brings a person in who signs in with the name.
func (h *house) invite(t *testing.T, name string, grants ...sellerdesk.Grant) sellerdesk.UserID {
	t.Helper()
	i, err := h.Users.Invite(h.as(t, h.owner(t)), desk.InviteInput{Name: name, Grants: grants})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Users.UseLink(t.Context(), desk.LinkInput{Token: i.Token, Login: name, Password: password}); err != nil {
		t.Fatal(err)
	}
	return i.User.ID
}

func (h *house) signIn(t *testing.T, login string) string {
	t.Helper()
	token, _, err := h.Users.SignIn(t.Context(), desk.SignInInput{Login: login, Password: password, Address: "192.0.2.9", Agent: "Firefox"})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// done lists the kinds of the audit, the newest first.
func (h *house) done(t *testing.T, ctx context.Context, q store.AuditQuery) (kinds []sellerdesk.AuditKind) {
	t.Helper()
	h.read(t, func(tx *store.Tx) error {
		items, _, err := tx.Audit.List(ctx, q)
		for _, e := range items {
			kinds = append(kinds, e.Kind)
		}
		return err
	})
	return kinds
}

func in(account sellerdesk.AccountID, role sellerdesk.RoleName) sellerdesk.Grant {
	return sellerdesk.Grant{Role: role, Account: &account}
}

func TestRolesAddUpToWhatAPersonMayDo(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		first, second := h.add(t, "good").ID, h.add(t, "second cabinet").ID
		see, work := sellerdesk.RightsOf(sellerdesk.RightSee), sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork)
		for _, c := range []struct {
			name   string
			grants []sellerdesk.Grant
			want   sellerdesk.Access
		}{
			{"nothing given, nothing held", nil, sellerdesk.Access{}},
			{"for the whole house", []sellerdesk.Grant{{Role: "operator"}}, sellerdesk.Access{House: work}},
			{"for one account", []sellerdesk.Grant{in(second, "operator")}, sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{second: work}}},
			{"for a channel", []sellerdesk.Grant{{Role: "read-only", Channel: "market"}},
				sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{first: see, second: see}}},
			{"for a channel without accounts", []sellerdesk.Grant{{Role: "operator", Channel: "messenger"}}, sellerdesk.Access{}},
			{"two roles add up", []sellerdesk.Grant{{Role: "read-only"}, in(first, "operator")},
				sellerdesk.Access{House: see, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{first: work}}},
			{"rights of the house count only for the whole house", []sellerdesk.Grant{in(first, "owner")},
				sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{first: sellerdesk.AllRights() &^
					sellerdesk.RightsOf(sellerdesk.RightPeople, sellerdesk.RightKeys, sellerdesk.RightWebhooks, sellerdesk.RightSettings)}}},
		} {
			id := h.invite(t, strings.ReplaceAll(c.name, " ", "-"), c.grants...)
			got, err := h.Users.Access(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if c.want.User = id; c.want.Accounts == nil {
				c.want.Accounts = map[sellerdesk.AccountID]sellerdesk.Rights{}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s:\n%s", c.name, diff)
			}
		}
	})
}

func TestWhatAPersonMayDoChangesAtOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		owner := h.as(t, h.owner(t))
		id := h.invite(t, "olga", sellerdesk.Grant{Role: "read-only", Channel: "market"})
		may := func(r sellerdesk.Right, account sellerdesk.AccountID) bool {
			t.Helper()
			a, err := h.Users.Access(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return a.MayIn(r, account)
		}
		if may(sellerdesk.RightSee, 1) {
			t.Fatal("an account is seen before it is there")
		}
		account := h.add(t, "good").ID
		if !may(sellerdesk.RightSee, account) || may(sellerdesk.RightWork, account) {
			t.Error("an account that came is not seen, or too much is held in it")
		}
		if _, err := h.Roles.Set(owner, sellerdesk.Role{Name: "night", Rights: sellerdesk.RightsOf(sellerdesk.RightSee)}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Users.Change(owner, id, desk.ChangeUser{Grants: &[]sellerdesk.Grant{in(account, "night")}}); err != nil {
			t.Fatal(err)
		}
		if may(sellerdesk.RightWork, account) {
			t.Error("the role holds too much")
		}
		if _, err := h.Roles.Set(owner, sellerdesk.Role{Name: "night", Rights: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork)}); err != nil {
			t.Fatal(err)
		}
		if !may(sellerdesk.RightWork, account) {
			t.Error("a change of the role does not count")
		}
		if err := h.Users.Disable(owner, id); err != nil {
			t.Fatal(err)
		}
		if may(sellerdesk.RightSee, account) {
			t.Error("who is disabled still sees")
		}
		no := false
		if _, err := h.Users.Change(owner, id, desk.ChangeUser{Disabled: &no}); err != nil {
			t.Fatal(err)
		}
		if err := h.Accounts.Remove(t.Context(), account); err != nil {
			t.Fatal(err)
		}
		if may(sellerdesk.RightSee, account) {
			t.Error("an account that is gone is still seen")
		}
		if u, err := h.Users.Get(owner, id); err != nil || len(u.Grants) != 0 {
			t.Errorf("the grant outlives its account: %v, %v", u.Grants, err)
		}
	})
}

func TestNobodyGivesMoreThanTheyHold(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.add(t, "good").ID
	owner := h.as(t, h.owner(t))
	if _, err := h.Roles.Set(owner, sellerdesk.Role{Name: "кадры", Rights: sellerdesk.RightsOf(sellerdesk.RightPeople, sellerdesk.RightSee)}); err != nil {
		t.Fatal(err)
	}
	hr := h.invite(t, "hr", sellerdesk.Grant{Role: "кадры"})
	worker := h.invite(t, "worker", sellerdesk.Grant{Role: "operator"})
	below := h.invite(t, "below", sellerdesk.Grant{Role: "read-only"})
	ctx, yes := h.as(t, hr), true
	operator, reader := []sellerdesk.Grant{in(account, "operator")}, []sellerdesk.Grant{in(account, "read-only")}
	for _, c := range []struct {
		name string
		do   func() error
	}{
		{"invite with a role above", func() error { _, err := h.Users.Invite(ctx, desk.InviteInput{Name: "x", Grants: operator}); return err }},
		{"invite with a role above for a channel", func() error {
			_, err := h.Users.Invite(ctx, desk.InviteInput{Name: "x", Grants: []sellerdesk.Grant{{Role: "operator", Channel: "market"}}})
			return err
		}},
		{"give somebody a role above", func() error { _, err := h.Users.Change(ctx, below, desk.ChangeUser{Grants: &operator}); return err }},
		{"give oneself a role above", func() error { _, err := h.Users.Change(ctx, hr, desk.ChangeUser{Grants: &operator}); return err }},
		{"take rights from somebody above", func() error { _, err := h.Users.Change(ctx, worker, desk.ChangeUser{Grants: &reader}); return err }},
		{"disable somebody above", func() error { return h.Users.Disable(ctx, worker) }},
		{"make a link for somebody above", func() error { _, err := h.Users.NewLink(ctx, worker); return err }},
		{"make a link for the owner", func() error { _, err := h.Users.NewLink(ctx, 1); return err }},
		{"remove the second factor of the owner", func() error { _, err := h.Users.Change(ctx, 1, desk.ChangeUser{DropFactor: true}); return err }},
		{"disable the owner", func() error { _, err := h.Users.Change(ctx, 1, desk.ChangeUser{Disabled: &yes}); return err }},
		{"make a role above", func() error {
			_, err := h.Roles.Set(ctx, sellerdesk.Role{Name: "x", Rights: sellerdesk.AllRights()})
			return err
		}},
		{"make a key for somebody else", func() error {
			_, err := h.Keys.Create(ctx, desk.CreateKey{User: worker, Name: "x", Rights: sellerdesk.RightsOf(sellerdesk.RightSee)})
			return err
		}},
		{"end the sessions of somebody above", func() error { _, err := h.Sessions.RevokeOthers(ctx, worker); return err }},
		{"ask without the right", func() error { _, err := h.Users.List(h.as(t, worker)); return err }},
	} {
		if err := c.do(); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("%s: %v, want forbidden", c.name, err)
		}
	}
	if _, err := h.Users.Change(ctx, below, desk.ChangeUser{Grants: &reader}); err != nil {
		t.Errorf("giving what one holds: %v", err)
	}
	if _, err := h.Users.NewLink(ctx, below); err != nil {
		t.Errorf("a link for somebody below: %v", err)
	}
}

func TestTheOwnerCannotBeLockedOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.move(t)
	owner, yes := h.owner(t), true
	ctx := h.as(t, owner)
	for name, change := range map[string]desk.ChangeUser{
		"disabled": {Disabled: &yes}, "without rights": {Grants: &[]sellerdesk.Grant{}}, "with a lower role": {Grants: &[]sellerdesk.Grant{{Role: "read-only"}}},
	} {
		_, err := h.Users.Change(ctx, owner, change)
		refused(t, err, sellerdesk.CodeConflict, "", "The owner always has all rights and cannot be disabled.")
		if err := h.Users.Disable(t.Context(), owner); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
			t.Errorf("%s: by the program itself: %v", name, err)
		}
	}
	peer := h.invite(t, "peer", sellerdesk.Grant{Role: "owner"})
	_, err := h.Users.Change(h.as(t, peer), owner, desk.ChangeUser{DropFactor: true})
	refused(t, err, sellerdesk.CodeForbidden, "", "Only the owner changes the owner.")
	h.signIn(t, "anna")
}

func TestRolesOfOnesOwn(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx, see := h.as(t, h.owner(t)), sellerdesk.RightsOf(sellerdesk.RightSee)
	for _, name := range []sellerdesk.RoleName{"", "two words", "-x", "x-", "a--b", "a/b", "<b>", sellerdesk.RoleName(strings.Repeat("x", 41))} {
		if _, err := h.Roles.Set(ctx, sellerdesk.Role{Name: name, Rights: see}); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
			t.Errorf("role %q: %v, want invalid", name, err)
		}
	}
	for _, name := range []sellerdesk.RoleName{"owner", "Operator", "READ-ONLY"} {
		if _, err := h.Roles.Set(ctx, sellerdesk.Role{Name: name, Rights: see}); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
			t.Errorf("role %q: %v, want conflict", name, err)
		}
	}
	if _, err := h.Roles.Set(ctx, sellerdesk.Role{Name: "ночь", Title: " Ночная  смена ", Rights: see}); err != nil {
		t.Fatal(err)
	}
	id := h.invite(t, "olga", sellerdesk.Grant{Role: "ночь"})
	refused(t, h.Roles.Remove(ctx, "ночь"), sellerdesk.CodeConflict, "", "1 people have this role: give them another one first.")
	if _, err := h.Users.Change(ctx, id, desk.ChangeUser{Grants: &[]sellerdesk.Grant{}}); err != nil {
		t.Fatal(err)
	}
	if err := h.Roles.Remove(ctx, "ночь"); err != nil {
		t.Fatal(err)
	}
	if err := h.Roles.Remove(ctx, "ночь"); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("again: %v", err)
	}
	if err := h.Roles.Remove(ctx, "owner"); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
		t.Errorf("one that every house has: %v", err)
	}
}

func TestAnInvitationWorksOnceAndForThreeDays(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := h.as(t, h.owner(t))
		i, err := h.Users.Invite(ctx, desk.InviteInput{Name: " Ольга  Б. ", Grants: []sellerdesk.Grant{{Role: "operator"}}})
		if err != nil || i.User.Name != "Ольга Б." || i.User.Login != "" {
			t.Fatalf("invited %+v, %v", i.User, err)
		}
		if who, err := h.Users.LinkPerson(t.Context(), i.Token); err != nil || who.ID != i.User.ID {
			t.Errorf("the link is of %+v, %v", who, err)
		}
		again, err := h.Users.NewLink(ctx, i.User.ID)
		if err != nil {
			t.Fatal(err)
		}
		use := desk.LinkInput{Token: i.Token, Login: "olga", Password: password}
		_, err = h.Users.UseLink(t.Context(), use)
		refused(t, err, sellerdesk.CodeForbidden, "", "This link was used already or has expired.")
		use.Token = again.Token
		h.now = h.now.Add(73 * time.Hour)
		_, err = h.Users.UseLink(t.Context(), use)
		refused(t, err, sellerdesk.CodeForbidden, "", "This link was used already or has expired.")
		h.now = h.now.Add(-2 * time.Hour)
		if user, err := h.Users.UseLink(t.Context(), use); err != nil || user.Name != "Ольга Б." || user.Login != "olga" {
			t.Fatalf("came in as %+v, %v", user, err)
		}
		_, err = h.Users.UseLink(t.Context(), use)
		refused(t, err, sellerdesk.CodeForbidden, "", "This link was used already or has expired.")
		h.signIn(t, "olga")
	})
}

func TestTwoWhoFollowOneLinkAtOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		i, err := h.Users.Invite(h.as(t, h.owner(t)), desk.InviteInput{Name: "Olga"})
		if err != nil {
			t.Fatal(err)
		}
		won := atOnce(4, func(n int) error {
			_, err := h.Users.UseLink(t.Context(), desk.LinkInput{Token: i.Token, Login: fmt.Sprint("olga", n), Password: password})
			return err
		})
		if won != 1 {
			t.Errorf("%d came in by one link", won)
		}
	})
}

// atOnce does something n times at once and tells how often it succeeded.
func atOnce(n int, do func(int) error) (won int) {
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	for _, err := range errs {
		if err == nil {
			won++
		}
	}
	return won
}

func TestADisabledPersonIsOut(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.invite(t, "olga", sellerdesk.Grant{Role: "operator"})
		token := h.signIn(t, "olga")
		key, err := h.Keys.Create(h.as(t, id), desk.CreateKey{Name: "ERP", Rights: sellerdesk.RightsOf(sellerdesk.RightSee)})
		if err != nil {
			t.Fatal(err)
		}
		link, err := h.Users.NewLink(h.as(t, h.owner(t)), id)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Users.Disable(h.as(t, h.owner(t)), id); err != nil {
			t.Fatal(err)
		}
		if _, err := h.session(t, token); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Errorf("the session: %v", err)
		}
		if _, err := h.Keys.Check(t.Context(), key.Text, ""); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("the key: %v", err)
		}
		if _, err := h.Keys.Current(t.Context(), key.Key.ID); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("a stream of the key goes on: %v", err)
		}
		if works, err := h.Users.LinkWorks(t.Context(), link.Token); works || err != nil {
			t.Errorf("the link works: %t, %v", works, err)
		}
		_, _, err = h.Users.SignIn(t.Context(), desk.SignInInput{Login: "olga", Password: password})
		refused(t, err, sellerdesk.CodeForbidden, "login", "Login or password is wrong.")
		if _, err := h.Users.OpenSession(t.Context(), id); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("a session without a password: %v", err)
		}
		if _, err := h.Users.NewLink(h.as(t, h.owner(t)), id); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
			t.Errorf("a new link: %v", err)
		}
		no := false
		if _, err := h.Users.Change(h.as(t, h.owner(t)), id, desk.ChangeUser{Disabled: &no}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Keys.Check(t.Context(), key.Text, ""); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("the key comes back with the person: %v", err)
		}
	})
}

// An attacker who planted a token, or took one before rights were given, gets
// nothing by it.
func TestTokensChangeWithEachSignInAndEachChangeOfRights(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		owner := h.as(t, h.owner(t))
		id := h.invite(t, "olga", sellerdesk.Grant{Role: "read-only"})
		first, second := h.signIn(t, "olga"), h.signIn(t, "olga")
		if first == second {
			t.Fatal("two sessions with one token")
		}
		if s, err := h.session(t, first); err != nil || s.Renewed != "" || !s.Access.May(sellerdesk.RightSee) || s.Access.May(sellerdesk.RightWork) {
			t.Fatalf("before: %+v, %v", s, err)
		}
		if _, err := h.Users.Change(owner, id, desk.ChangeUser{Grants: &[]sellerdesk.Grant{{Role: "operator"}}}); err != nil {
			t.Fatal(err)
		}
		s, err := h.session(t, first)
		if err != nil || s.Renewed == "" || s.Renewed == first || !s.Access.May(sellerdesk.RightWork) {
			t.Fatalf("after the change: renewed %t, %+v, %v", s.Renewed != "", s.Access, err)
		}
		if late, err := h.session(t, first); err != nil || late.Renewed != "" || late.Session != s.Session {
			t.Errorf("a request on its way with the token before: %+v, %v", late, err)
		}
		h.now = h.now.Add(2 * time.Minute)
		if _, err := h.session(t, first); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Errorf("the token before still works: %v", err)
		}
		if again, err := h.session(t, s.Renewed); err != nil || again.Session != s.Session || again.Renewed != "" {
			t.Errorf("the new token: %+v, %v", again, err)
		}
		if s, err := h.session(t, second); err != nil || s.Renewed == "" {
			t.Errorf("the other browser keeps its token: %+v, %v", s, err)
		}
	})
}

func TestOneOfManyRequestsGetsTheNewToken(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.invite(t, "olga")
		token := h.signIn(t, "olga")
		if _, err := h.Users.Change(h.as(t, h.owner(t)), id, desk.ChangeUser{Grants: &[]sellerdesk.Grant{{Role: "operator"}}}); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var renewed []string
		if ok := atOnce(6, func(int) error {
			s, err := h.session(t, token)
			mu.Lock()
			defer mu.Unlock()
			if s.Renewed != "" {
				renewed = append(renewed, s.Renewed)
			}
			return err
		}); ok != 6 {
			t.Errorf("%d of 6 requests were known", ok)
		}
		if len(renewed) != 1 {
			t.Errorf("%d new tokens, want one", len(renewed))
		}
	})
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.invite(t, "olga", sellerdesk.Grant{Role: "operator"})
		other := h.invite(t, "max", sellerdesk.Grant{Role: "operator"})
		tokens := []string{h.signIn(t, "olga"), h.signIn(t, "olga"), h.signIn(t, "olga")}
		h.now = h.now.Add(time.Hour)
		s, err := h.Users.Session(t.Context(), desk.Presence{Token: tokens[0], Address: "192.0.2.55", Agent: strings.Repeat("x", 300)})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Sessions.KeepUses(t.Context()); err != nil {
			t.Fatal(err)
		}
		mine := sellerdesk.WithAccess(t.Context(), s.Access)
		list, err := h.Sessions.List(mine, 0)
		if err != nil || len(list) != 3 {
			t.Fatalf("%d sessions, %v", len(list), err)
		}
		if l := list[0]; !l.Current || l.Address != "192.0.2.55" || len(l.Agent) != 200 || !l.UsedAt.Equal(h.now) || list[1].Current || list[1].Agent != "Firefox" || list[1].Address != "192.0.2.9" {
			t.Errorf("listed %+v", list)
		}
		if err := h.Sessions.Revoke(h.as(t, other), list[1].ID); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Errorf("a stranger revokes: %v", err)
		}
		if _, err := h.Sessions.List(h.as(t, other), id); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("a stranger lists: %v", err)
		}
		if err := h.Sessions.Revoke(h.as(t, h.owner(t)), list[1].ID); err != nil {
			t.Errorf("the owner revokes: %v", err)
		}
		if n, err := h.Sessions.RevokeOthers(mine, 0); n != 1 || err != nil {
			t.Errorf("revoked %d others, %v", n, err)
		}
		for i, token := range tokens {
			if _, err := h.session(t, token); (err == nil) != (i == 0) {
				t.Errorf("session %d: %v", i, err)
			}
		}
		if lives, err := h.Sessions.Lives(t.Context(), list[1].ID); lives || err != nil {
			t.Errorf("the revoked one lives: %t, %v", lives, err)
		}
	})
}

func TestChangingThePasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.invite(t, "olga", sellerdesk.Grant{Role: "operator"})
		mine, other := h.signIn(t, "olga"), h.signIn(t, "olga")
		s, err := h.session(t, mine)
		if err != nil {
			t.Fatal(err)
		}
		ctx := sellerdesk.WithAccess(t.Context(), s.Access)
		err = h.Users.SetPassword(ctx, id, desk.PasswordChange{Old: "wrong", New: "another long password"})
		refused(t, err, sellerdesk.CodeForbidden, "password", "The password is wrong.")
		err = h.Users.SetPassword(ctx, id, desk.PasswordChange{Old: password, New: "short"})
		refused(t, err, sellerdesk.CodeInvalid, "password", "The password needs at least 10 characters.")
		if err := h.Users.SetPassword(ctx, id, desk.PasswordChange{Old: password, New: "another long password"}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.session(t, other); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Errorf("the other session: %v", err)
		}
		if s, err := h.session(t, mine); err != nil || s.Renewed == "" {
			t.Errorf("the one that asked: %+v, %v", s, err)
		}
		if _, _, err := h.Users.SignIn(t.Context(), desk.SignInInput{Login: "olga", Password: password}); err == nil {
			t.Error("the old password works")
		}
		byKey := s.Access.Narrowed(7, sellerdesk.AllRights(), nil)
		err = h.Users.SetPassword(sellerdesk.WithAccess(t.Context(), byKey), id, desk.PasswordChange{Old: "another long password", New: password})
		refused(t, err, sellerdesk.CodeForbidden, "", "Only the person changes how they sign in, and no key.")
	})
}

func TestGuessingThePasswordOfAnOpenBrowserIsLimited(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.invite(t, "olga")
	ctx := h.as(t, id)
	var err error
	for range 6 {
		err = h.Users.RemoveFactor(ctx, id, desk.Proof{Password: "guess"})
	}
	if sellerdesk.CodeOf(err) != sellerdesk.CodeLimited {
		t.Errorf("the sixth guess: %v", err)
	}
}

// An unknown login must cost what a known one costs. The bound is generous: it
// finds a missing hash, which is a factor of hundreds.
func TestTheTimeOfAnAnswerDoesNotTellWhichLoginsExist(t *testing.T) {
	t.Parallel()
	h := openWith(t, "", desk.SlowPasswords())
	h.invite(t, "olga")
	h.invite(t, "gone")
	users, err := h.Users.List(h.as(t, h.owner(t)))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Users.Disable(h.as(t, h.owner(t)), users[2].ID); err != nil {
		t.Fatal(err)
	}
	took := map[string][]time.Duration{}
	for n := range 7 {
		for _, login := range []string{"olga", "gone", "nobody"} {
			began := time.Now()
			_, _, err := h.Users.SignIn(t.Context(), desk.SignInInput{Login: login, Password: "wrong", Address: fmt.Sprint("192.0.2.", n)})
			took[login] = append(took[login], time.Since(began))
			if sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
				t.Fatal(err)
			}
		}
	}
	median := func(login string) time.Duration {
		slices.Sort(took[login])
		return took[login][len(took[login])/2]
	}
	for _, login := range []string{"gone", "nobody"} {
		if known, unknown := median("olga"), median(login); unknown < known/3 || unknown > known*3 {
			t.Errorf("a known login takes %s, %q %s", known, login, unknown)
		}
	}
}

func TestTheAuditTellsSignInsAndChanges(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.invite(t, "olga", sellerdesk.Grant{Role: "operator"})
		token := h.signIn(t, "olga")
		for _, login := range []string{"olga", "my secret password"} {
			if _, _, err := h.Users.SignIn(t.Context(), desk.SignInInput{Login: login, Password: "wrong password", Address: "203.0.113.4"}); err == nil {
				t.Fatal("signed in")
			}
		}
		if err := h.Users.SignOut(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if err := h.Users.Disable(h.as(t, h.owner(t)), id); err != nil {
			t.Fatal(err)
		}
		want := []sellerdesk.AuditKind{
			sellerdesk.AuditPersonRemoved, sellerdesk.AuditSignedOut, sellerdesk.AuditSignInRefused, sellerdesk.AuditSignInRefused,
			sellerdesk.AuditSignedIn, sellerdesk.AuditPasswordChanged, sellerdesk.AuditPersonInvited,
		}
		if diff := cmp.Diff(want, h.done(t, t.Context(), store.AuditQuery{})); diff != "" {
			t.Error(diff)
		}
		h.read(t, func(tx *store.Tx) error {
			items, _, err := tx.Audit.List(t.Context(), store.AuditQuery{Kinds: []sellerdesk.AuditKind{sellerdesk.AuditSignInRefused}})
			if err != nil || len(items) != 2 {
				return errors.Join(err, fmt.Errorf("%d entries", len(items)))
			}
			if e := items[0]; e.User != nil || string(e.Data) != `{"login":"my …"}` || e.Address != "203.0.113.4" {
				t.Errorf("of an unknown login: %+v %s", e, e.Data)
			}
			if e := items[1]; e.User == nil || *e.User != id || string(e.Data) != `{"login":"olga"}` {
				t.Errorf("of a known login: %+v %s", e, e.Data)
			}
			return nil
		})
	})
}
